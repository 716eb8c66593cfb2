package io.retainer.contract;

import io.retainer.kernel.Clause;
import io.retainer.kernel.Sentence;
import org.jspecify.annotations.Nullable;

/**
 * One thing an amendment would change: old against new.
 *
 * @param before null for what there was not
 * @param after null for what there will not be any more
 */
public record Impact(
        Kind kind,
        Clause clause,
        Sentence what,
        @Nullable Sentence before,
        @Nullable Sentence after) {

    /** What kind of thing changes. */
    public enum Kind {
        INSTALMENT,
        DUTY,
        SERVICE_LEVEL,
        RIGHT,
        ACCESS,
        TERM
    }
}
