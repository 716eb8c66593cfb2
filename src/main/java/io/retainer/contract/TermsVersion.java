package io.retainer.contract;

import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.UUID;

/**
 * One signed version of a contract and its terms.
 *
 * @param number 1, 2, … in the order of the versions
 * @param hash SHA-256 in hex of the canonical document both parties signed
 * @param effectiveFrom when the last required signature was given (I-7.1b); for an amendment, its first day
 * @param agreed defaults that both parties confirmed only after signing, and since when each of them binds
 */
public record TermsVersion(
        UUID contract,
        UUID id,
        int number,
        String hash,
        Instant effectiveFrom,
        ContractTerms terms,
        Map<TermKey, Instant> agreed) {

    public TermsVersion {
        agreed = Map.copyOf(agreed);
    }

    /** The terms as they bound on the day of the signing, without what was agreed since. */
    public ContractTerms asSigned() {
        var unconfirmed = new HashSet<>(terms.unconfirmed());
        unconfirmed.addAll(agreed.keySet());
        return terms.withUnconfirmed(unconfirmed);
    }
}
