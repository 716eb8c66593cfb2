package io.retainer.relationship;

/** Why nothing came of an opportunity. */
public enum LostReason {
    PRICE,
    COMPETITOR,
    NO_NEED,
    NO_BUDGET,
    TIMING,
    NO_ANSWER,
    OTHER
}
