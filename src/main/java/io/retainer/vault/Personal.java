package io.retainer.vault;

import com.fasterxml.jackson.annotation.JsonValue;

/**
 * A piece of personal data in the clear, on its way to the one person or channel it was revealed for. It prints and
 * serializes masked, so that it cannot slip into a log, a message or an answer; only {@link #inTheClear()} gives it away.
 */
public final class Personal {

    private final PersonalKind kind;
    private final String text;

    Personal(PersonalKind kind, String text) {
        this.kind = kind;
        this.text = text;
    }

    public PersonalKind kind() {
        return kind;
    }

    /** The value itself. Whoever calls this answers for where it goes. */
    public String inTheClear() {
        return text;
    }

    @JsonValue
    public String masked() {
        return kind.mask(text);
    }

    @Override
    public String toString() {
        return masked();
    }
}
