package io.retainer.relationship;

/** What one customer is to another. */
public enum TieKind {
    /** The parent company, or head office. */
    PARENT,
    SUPPLIER,
    PARTNER,
    /** Of the same family or household. */
    FAMILY,
    /** Decides or orders for the other. */
    DECIDES_FOR,
    OTHER;

    /** Whether it reads the same from both sides. */
    boolean mutual() {
        return this == PARTNER || this == FAMILY || this == OTHER;
    }
}
