package io.retainer.matching;

/** What is to be done about a pair. */
public enum Band {
    MERGE,
    REVIEW,
    APART
}
