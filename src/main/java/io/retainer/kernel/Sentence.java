package io.retainer.kernel;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A sentence to be said in the reader's language: a message key whose first segment names the bundle
 * ({@code billing.penalty.flat} is in {@code messages/billing}), and its arguments. An argument may be a {@link Money},
 * a date or instant, a number, a {@link Clause}, an enum, another sentence, or a string that needs no translation. It is
 * serializable because the note of success waits in the session for the next page.
 */
public record Sentence(String key, List<@Nullable Object> arguments) implements Serializable {

    public Sentence {
        arguments = Collections.unmodifiableList(new ArrayList<>(arguments));
    }

    public static Sentence of(String key, @Nullable Object... arguments) {
        return new Sentence(key, java.util.Arrays.asList(arguments));
    }
}
