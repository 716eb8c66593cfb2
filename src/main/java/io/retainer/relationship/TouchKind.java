package io.retainer.relationship;

/** A way in which somebody dealt with a customer. */
public enum TouchKind {
    NOTE,
    CALL,
    VISIT;

    /** Whether the customer was to be reached by it. */
    boolean contacts() {
        return this != NOTE;
    }
}
