package io.retainer.contract;

import java.time.Instant;
import java.util.UUID;

/**
 * One signed version of a contract and its terms.
 *
 * @param number 1, 2, … in the order of the versions
 * @param hash SHA-256 in hex of the canonical document both parties signed
 * @param effectiveFrom when the last required signature was given (I-7.1b)
 */
public record TermsVersion(
        UUID contract, UUID id, int number, String hash, Instant effectiveFrom, ContractTerms terms) {}
