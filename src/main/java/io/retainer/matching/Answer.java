package io.retainer.matching;

/** What a person says of a pair. */
public enum Answer {
    SAME,
    DIFFERENT,
    /** Kept so that the pair is not asked again; teaches nothing. */
    CANNOT_SAY
}
