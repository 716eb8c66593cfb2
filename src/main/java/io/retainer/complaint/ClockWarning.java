package io.retainer.complaint;

import io.retainer.duty.AssessedDuty;
import io.retainer.duty.Deadline;
import io.retainer.kernel.WorkCalendar;
import io.retainer.kernel.WorkingHours;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How close a clock is to its end: worth a word twice in its life and no more. Pure. */
enum ClockWarning {
    /** Three quarters of the working time have gone. */
    NEAR,
    /** The time is over. */
    LATE;

    private static final double NEAR_SHARE = 0.75;

    /** @return null while there is nothing to be said: it has time, waits for somebody, or is owed no more */
    static @Nullable ClockWarning of(AssessedDuty duty, WorkCalendar calendar, Instant now) {
        var clock = duty.assessment();
        var due = clock.due();
        if (due == null || !clock.state().owed()) {
            return null;
        }
        if (!due.isAfter(now)) {
            return LATE;
        }
        // A working rule has counted working time and left out what was paused; of a day's rule the calendar tells.
        var counted = duty.duty().deadline() instanceof Deadline.WorkingTime time ? time.hours() : null;
        var hours = counted == null ? WorkingHours.STANDARD : counted;
        var gone = counted == null ? worked(duty.duty().openedAt(), now, hours, calendar) : clock.consumed();
        long whole = gone.plus(worked(now, due, hours, calendar)).toSeconds();
        return whole > 0 && gone.toSeconds() >= NEAR_SHARE * whole ? NEAR : null;
    }

    private static Duration worked(Instant from, Instant to, WorkingHours hours, WorkCalendar calendar) {
        return calendar.workingTimeBetween(from, to, hours).consumed();
    }
}
