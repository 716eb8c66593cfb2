package io.retainer.duty;

/** How a duty stands at one instant. Derived from its history each time, so that a late record still counts. */
public enum DutyState {
    /** Owed, and the clock is running. */
    RUNNING,
    /** Owed, and the clock is stopped for a cause that someone owns. */
    PAUSED,
    /** Owed, and the due instant has passed. */
    BREACHED,
    /** Performed before the due instant. */
    KEPT,
    /** Performed, but not before the due instant. */
    KEPT_LATE,
    /** Not performed in time for a cause the debtor does not answer for. */
    EXCUSED,
    /** The creditor gave it up. */
    WAIVED,
    /** It ended without being performed and without anybody giving it up. */
    RELEASED;

    /** Nothing more can happen to a duty that is no longer owed, except that its performance is undone. */
    public boolean owed() {
        return switch (this) {
            case RUNNING, PAUSED, BREACHED -> true;
            case KEPT, KEPT_LATE, EXCUSED, WAIVED, RELEASED -> false;
        };
    }
}
