package io.retainer.workorder;

/** Where a work order stands (state-machines.md §3.9). */
public enum WorkOrderState {
    /** The provider wrote down what was asked by word of mouth; the client has not confirmed it. */
    RECORDED,
    REQUESTED,
    /** Goes beyond what the fee covers: a quote is to come. */
    CHANGE,
    QUOTED,
    APPROVED,
    IN_PROGRESS,
    DELIVERED,
    /** Sent back with its defects. */
    REWORK,
    /** The client was silent, or was not satisfied a third time: the leads of both sides settle it. */
    ESCALATED,
    ACCEPTED,
    /** Accepted by silence, because the contract says so. */
    DEEMED_ACCEPTED,
    CLOSED,
    /** The provider declined it. */
    REFUSED,
    /** Cancelled after the work began: the provider is to state what was done. */
    CANCELLING,
    /** What was done is stated; the client has not agreed. */
    WORK_STATED,
    CANCELLED;

    /** Whether somebody still has something to do. */
    public boolean isOpen() {
        return switch (this) {
            case CLOSED, REFUSED, CANCELLED -> false;
            case RECORDED,
                    REQUESTED,
                    CHANGE,
                    QUOTED,
                    APPROVED,
                    IN_PROGRESS,
                    DELIVERED,
                    REWORK,
                    ESCALATED,
                    ACCEPTED,
                    DEEMED_ACCEPTED,
                    CANCELLING,
                    WORK_STATED -> true;
        };
    }
}
