package io.retainer.kernel;

import org.jspecify.annotations.Nullable;

/**
 * Not now: something the answer needs is away, such as the key of the personal data. The sentence says what is missing and
 * who can bring it back. Becomes a 503; trying again later is right.
 */
public final class Unavailable extends RuntimeException {

    private final transient Sentence sentence;

    public Unavailable(Sentence sentence, @Nullable Throwable cause) {
        super(sentence.key(), cause);
        this.sentence = sentence;
    }

    public Sentence sentence() {
        return sentence;
    }
}
