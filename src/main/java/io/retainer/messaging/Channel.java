package io.retainer.messaging;

/** A way to reach somebody. */
public enum Channel {
    EMAIL,
    SMS,
    /** An application message in 企业微信. */
    WECOM,
    /** The bell on the pages of a person who signs in. */
    IN_APP,
    /** A call made by an agent: never sent, but counted in the contact budget. */
    PHONE;

    /** Whether it makes a noise where the recipient sleeps. */
    boolean loud() {
        return switch (this) {
            case SMS, WECOM, PHONE -> true;
            case EMAIL, IN_APP -> false;
        };
    }
}
