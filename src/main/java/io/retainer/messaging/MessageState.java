package io.retainer.messaging;

/** How far a message has come. */
public enum MessageState {
    QUEUED,
    /** Claimed by a sender; whether it went over the wire is known when the claim ends. */
    SENDING,
    /** The provider has taken it. */
    SENT,
    /** The provider says that it arrived; in-app at once. */
    DELIVERED,
    /** It came back: the address does not work. */
    BOUNCED,
    /** Given up, with the reason. */
    FAILED,
    /** Held back by the contact budget, an opt-out or missing consent. */
    SUPPRESSED;

    boolean canBeResent() {
        return switch (this) {
            case BOUNCED, FAILED -> true;
            case QUEUED, SENDING, SENT, DELIVERED, SUPPRESSED -> false;
        };
    }
}
