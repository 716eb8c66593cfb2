package io.retainer.matching;

/** How many counterparts a record of one file may have in the other. */
public enum Links {
    ONE,
    MANY,
    /** One, unless the files turn out to hold people more than once. */
    AS_FOUND
}
