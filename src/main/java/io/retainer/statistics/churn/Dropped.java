package io.retainer.statistics.churn;

/** Why a field is not used. */
public enum Dropped {
    EMPTY,
    CONSTANT,
    /** Nearly every record has another value. */
    IDENTIFIER,
    /** Many values, few of them repeated. */
    FREE_TEXT
}
