package io.retainer.liability;

/** What a respondent answers with. */
public enum Defence {
    NONE,
    FORCE_MAJEURE,
    /** Civil Code 526: the other side had to perform first. */
    COUNTER_PERFORMANCE,
    CONTRIBUTION,
    THIRD_CAUSE,
    WAIVED,
    LIMITATION
}
