package io.retainer.liability;

/** Where a breach case stands (state-machines.md §3.11). */
public enum BreachState {
    /** Filed; what must be proven is being gathered. */
    EVIDENCE,
    /** An element could not be proven; new evidence opens it again. */
    DISMISSED,
    /** Every element is proven; the other side answers. */
    DEFENCE,
    /** Answered, or the time for it is over: the amount is to be worked out. */
    APPORTION,
    PROPOSED,
    AGREED,
    DISPUTED,
    SETTLED;

    public boolean isOpen() {
        return this != DISMISSED && this != SETTLED;
    }
}
