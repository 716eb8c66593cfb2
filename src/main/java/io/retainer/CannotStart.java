package io.retainer;

import io.retainer.kernel.Sentence;
import org.jspecify.annotations.Nullable;

/** The program cannot start, for a reason the person at the keyboard can do something about. Said in one sentence. */
final class CannotStart extends RuntimeException {

    private final transient Sentence sentence;

    CannotStart(Sentence sentence, @Nullable Throwable cause) {
        super(sentence.key(), cause);
        this.sentence = sentence;
    }

    Sentence sentence() {
        return sentence;
    }
}
