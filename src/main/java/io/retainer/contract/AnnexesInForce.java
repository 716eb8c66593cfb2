package io.retainer.contract;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** The annexes of a contract as the parties signed them: whoever works by a service level or a deadline of one asks here. */
public interface AnnexesInForce {

    /**
     * Must be called inside a transaction of the tenant, or outside any.
     *
     * @throws io.retainer.kernel.Unknown when no version was in force at that moment
     */
    SignedAnnexes annexes(UUID tenant, UUID contract, Instant moment);

    /**
     * Typed annexes of one version. An annex that was left out, at the accepted risk of both parties, is empty.
     *
     * @param version its number
     */
    record SignedAnnexes(
            int version,
            Optional<ServicePlan> servicePlan,
            Optional<DataProcessingAgreement> customerInformation,
            Optional<PaymentSchedule> payment,
            Optional<Nda> confidentiality,
            Optional<ThirdPartyAgreement> thirdParty) {}
}
