package io.retainer.billing;

/** Where an instalment stands (state-machines.md §3.2). Always computed, never stored. */
public enum InstalmentState {
    /** Not yet near. */
    SCHEDULED,
    /** Due within 15 working days. */
    REMINDED,
    /** Paid in full and in time. */
    PAID,
    /** Late and nothing paid. */
    OVERDUE,
    /** Late and paid in part. */
    PARTIAL_OVERDUE,
    /** Paid in full after the due instant; the penalty stays claimable. */
    PAID_LATE,
    /** Given up by the provider. */
    WAIVED,
    /** The contract ended before its period began: nothing is owed for it. */
    CANCELLED;

    public boolean isOverdue() {
        return this == OVERDUE || this == PARTIAL_OVERDUE;
    }
}
