package io.retainer.contract;

import java.time.Instant;
import java.util.UUID;

/** Answers which terms of a contract hold at a moment. A past fact is judged by the version in force on its day. */
public interface TermsInForce {

    /**
     * Must be called inside a transaction of the tenant.
     *
     * @throws io.retainer.kernel.Unknown when no version was in force at that moment
     */
    TermsVersion at(UUID tenant, UUID contract, Instant moment);
}
