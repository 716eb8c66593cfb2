package io.retainer.contract;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Answers which terms of a contract hold at a moment. A past fact is judged by the version in force on its day. */
public interface TermsInForce {

    /**
     * Must be called inside a transaction of the tenant.
     *
     * @throws io.retainer.kernel.Unknown when no version was in force at that moment
     */
    TermsVersion at(UUID tenant, UUID contract, Instant moment);

    /**
     * Every signed version, by the day it came or comes into force; empty before the contract was signed. Must be called
     * inside a transaction of the tenant.
     */
    List<TermsVersion> all(UUID tenant, UUID contract);

    /**
     * When each version was drawn up; for an amendment that is when both had signed it. By number. Must be called inside a
     * transaction of the tenant.
     */
    Map<Integer, Instant> concluded(UUID tenant, UUID contract);
}
