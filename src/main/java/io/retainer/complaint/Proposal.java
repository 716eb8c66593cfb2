package io.retainer.complaint;

import io.retainer.kernel.Money;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the provider wants to answer.
 *
 * @param limit up to which the provider may promise compensation on its own, on the day it was drafted
 * @param draftedBy never approves it
 * @param approvedBy the second pair of eyes
 * @param clientApprovedBy above the limit only
 */
record Proposal(
        RootCause cause,
        Remedy remedy,
        Money compensation,
        Money limit,
        UUID draftedBy,
        @Nullable UUID approvedBy,
        @Nullable UUID clientApprovedBy) {

    public boolean aboveLimit() {
        return compensation.fen() > limit.fen();
    }

    /** Four eyes for what is urgent or costs money. */
    boolean needsSecondEyes(Priority priority) {
        return priority == Priority.P1 || compensation.fen() > 0;
    }

    Proposal approvedBy(UUID person) {
        return new Proposal(cause, remedy, compensation, limit, draftedBy, person, clientApprovedBy);
    }

    Proposal approvedByClient(UUID person) {
        return new Proposal(cause, remedy, compensation, limit, draftedBy, approvedBy, person);
    }
}
