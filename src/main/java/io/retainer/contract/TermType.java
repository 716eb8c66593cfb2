package io.retainer.contract;

/** What kind of value a term has; decides how it is read, checked and written. */
public enum TermType {
    TEXT,
    ADDRESS,
    MONEY,
    /** An amount of renminbi written in characters. */
    MONEY_IN_WORDS,
    DATE,
    INTEGER,
    /** Per cent: 5 means 5 %. */
    PERCENT,
    DECIMAL,
    BOOLEAN,
    /** One of the constants of {@link TermKey#choices()}. */
    CHOICE,
    /** Several numbers, such as the services that may be frozen. */
    INTEGERS,
    /** Lines of an instalment schedule. */
    SCHEDULE,
    /** Given by the act of signing, not by filling in. */
    SEAL
}
