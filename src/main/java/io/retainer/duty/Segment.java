package io.retainer.duty;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of a duty's life in which its clock did one thing.
 *
 * @param owner whose cause stopped the clock; only where it is {@link Kind#PAUSED}
 * @param from inclusive
 * @param to exclusive
 */
public record Segment(Kind kind, @Nullable Cause owner, Instant from, Instant to) {

    /** What the clock did. */
    public enum Kind {
        /** It ran. */
        RUNNING,
        /** It did not count: the first day, a day of rest, or outside working hours. */
        RESTING,
        /** It was stopped. */
        PAUSED,
        /** It had run out and the duty was still owed. */
        OVERDUE
    }

    public Duration length() {
        return Duration.between(from, to);
    }
}
