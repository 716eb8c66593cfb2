package io.retainer.kernel;

import org.jspecify.annotations.Nullable;

/**
 * A rule says no. The sentence names what is missing and what to do about it, in the reader's language; its key is the
 * stable {@code code} of the API. Becomes a 409, a 422 when a field is named, or a 403 when it is for others to do.
 */
public final class Refused extends RuntimeException {

    private final transient Sentence sentence;
    private final @Nullable String field;
    private final boolean forbidden;

    public Refused(Sentence sentence) {
        this(null, sentence);
    }

    /** The value of one field of the request is at fault. */
    public Refused(@Nullable String field, Sentence sentence) {
        this(field, sentence, false);
    }

    private Refused(@Nullable String field, Sentence sentence, boolean forbidden) {
        super(sentence.key());
        this.field = field;
        this.sentence = sentence;
        this.forbidden = forbidden;
    }

    public static Refused because(String key, @Nullable Object... arguments) {
        return new Refused(Sentence.of(key, arguments));
    }

    public static Refused field(String field, String key, @Nullable Object... arguments) {
        return new Refused(field, Sentence.of(key, arguments));
    }

    /** Others may do it, not who asks. */
    public static Refused forbidden(String key, @Nullable Object... arguments) {
        return new Refused(null, Sentence.of(key, arguments), true);
    }

    /**
     * A value that a request cannot do without.
     *
     * @throws Refused when it is missing
     */
    public static <T> T given(String field, @Nullable T value) {
        if (value == null) {
            throw field(field, "workbench.missing", field);
        }
        return value;
    }

    public Sentence sentence() {
        return sentence;
    }

    public @Nullable String field() {
        return field;
    }

    /** Of the answer by HTTP. */
    public int status() {
        if (forbidden) {
            return 403;
        }
        return field == null ? 409 : 422;
    }
}
