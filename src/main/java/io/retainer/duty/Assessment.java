package io.retainer.duty;

import io.retainer.kernel.Sentence;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a duty stands at one instant, and why.
 *
 * @param due the first instant that is late; null while a pause keeps it from being known
 * @param endedAt when it stopped being owed, or null
 * @param breachedAt the due instant that passed without performance, or null when none has
 * @param consumed counted time so far: calendar time, or working time for a working rule
 * @param timeline what the clock did from the opening to the end or the instant asked about, without gaps
 * @param explanation one sentence that says the state and what it rests on
 * @param calendarWarning set when the due instant falls in a year whose holidays are not loaded: the instant is then an
 *     estimate and no breach is found on it
 */
public record Assessment(
        DutyState state,
        @Nullable Instant due,
        @Nullable Instant endedAt,
        @Nullable Instant breachedAt,
        Duration consumed,
        List<Segment> timeline,
        Sentence explanation,
        @Nullable Sentence calendarWarning) {

    public Assessment {
        timeline = List.copyOf(timeline);
    }

    /** How late it is or was, in working time where that is what counts; null when it is not. */
    public @Nullable Sentence late() {
        return (state == DutyState.BREACHED || state == DutyState.KEPT_LATE)
                        && explanation.arguments().getLast() instanceof Sentence late
                ? late
                : null;
    }
}
