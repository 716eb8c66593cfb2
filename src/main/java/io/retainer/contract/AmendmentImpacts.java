package io.retainer.contract;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;

/** Asked of the modules above: what an amendment would change of what they have planned. */
public interface AmendmentImpacts {

    /**
     * Called inside a transaction of the tenant.
     *
     * @param before the terms as they are
     * @param after as they would be from the day on
     * @throws io.retainer.kernel.Refused when the new terms cannot be carried out
     */
    List<Impact> of(
            UUID tenant, UUID contract, ContractTerms before, ContractTerms after, LocalDate from, Instant asOf);
}
