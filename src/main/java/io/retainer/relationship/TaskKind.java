package io.retainer.relationship;

/** What is to be done for a customer. */
public enum TaskKind {
    CALL,
    VISIT,
    SEND,
    FOLLOW_UP,
    OTHER;

    /** How the doing of it is written down, if it is a contact. */
    boolean contacts() {
        return this == CALL || this == VISIT;
    }

    TouchKind touch() {
        return switch (this) {
            case CALL -> TouchKind.CALL;
            case VISIT -> TouchKind.VISIT;
            case SEND, FOLLOW_UP, OTHER -> TouchKind.NOTE;
        };
    }
}
