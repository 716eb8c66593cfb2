package io.retainer.contract;

import io.retainer.kernel.Clause;
import io.retainer.kernel.Sentence;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a clause stands now.
 *
 * @param restsOn why, in one sentence
 * @param nextDeadline the next instant at which something becomes late, or null
 * @param evidenceSubjects subjects of the facts that prove it, such as {@code instalment/0197…}
 * @param link page where it can be acted upon, or null
 */
public record ClauseState(
        Clause clause,
        State state,
        Sentence restsOn,
        @Nullable Instant nextDeadline,
        List<String> evidenceSubjects,
        @Nullable String link) {

    /** The live state of a clause. */
    public enum State {
        /** The contract has not taken effect. */
        NOT_IN_FORCE,
        /** Says what is, not what is to be done. */
        INFORMATION,
        /** Holds all the time. */
        STANDING,
        /** Speaks once its occasion arises. */
        ON_OCCASION,
        NOT_YET_DUE,
        DUE,
        PAUSED,
        KEPT,
        /** Kept, but late. */
        LATE,
        BREACHED,
        EXCUSED,
        WAIVED,
        /** Was owed, and is no longer. */
        ENDED,
        RIGHT_NOT_AVAILABLE,
        /** A person of the entitled party may assert it; no timer ever does. */
        RIGHT_AVAILABLE,
        RIGHT_ASSERTED,
        /** The text has no such clause, or the annex it wants was not supplied. */
        MISSING;

        /** Whether somebody should look at it now. */
        boolean wantsAttention() {
            return switch (this) {
                case DUE, PAUSED, BREACHED, RIGHT_AVAILABLE, RIGHT_ASSERTED -> true;
                case NOT_IN_FORCE,
                        INFORMATION,
                        STANDING,
                        ON_OCCASION,
                        NOT_YET_DUE,
                        KEPT,
                        LATE,
                        EXCUSED,
                        WAIVED,
                        ENDED,
                        RIGHT_NOT_AVAILABLE,
                        MISSING -> false;
            };
        }
    }

    public ClauseState {
        evidenceSubjects = List.copyOf(evidenceSubjects);
    }
}
