package io.retainer.liability;

/** What became of a set-off of a claim (G-41, Civil Code 568). */
public enum SetOffOutcome {
    /** By the creditor, while the other side denied it: it never had effect. */
    WITHDRAWN,
    /** By the debtor, who had denied it: it stands. */
    ACCEPTED,
    COURT,
    ARBITRATION,
    /** Of the parties, in writing. */
    AGREEMENT;

    /** Whether there is a document that says so. */
    boolean isDocumented() {
        return switch (this) {
            case COURT, ARBITRATION, AGREEMENT -> true;
            case WITHDRAWN, ACCEPTED -> false;
        };
    }
}
