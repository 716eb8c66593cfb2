package io.retainer.workorder;

import io.retainer.contract.ContractedService;
import java.util.Set;

/**
 * What the contract says about work orders on one day (I-1.1*(7), G-06).
 *
 * @param inForce whether the contract is in force
 * @param covered services that annex 1 puts in scope; empty when there is no annex
 * @param frozen numbers of the services that a suspension has frozen
 * @param freeMinutesLeft work under I-1.1*(7) that the fee still covers in this service period
 * @param quoteRequired whether anything beyond it needs a quote before work begins
 * @param silenceAccepts whether both parties agreed that silence after a delivery and a reminder is acceptance
 */
record WorkTerms(
        boolean inForce,
        Set<ContractedService> covered,
        Set<Integer> frozen,
        int freeMinutesLeft,
        boolean quoteRequired,
        boolean silenceAccepts) {

    WorkTerms {
        covered = Set.copyOf(covered);
        frozen = Set.copyOf(frozen);
    }
}
