package io.retainer.duty;

import io.retainer.kernel.Sentence;
import java.time.Duration;

/** Lengths of time in words. */
final class Spans {

    private Spans() {}

    /** The two largest units that matter: days and hours, hours and minutes, or minutes and seconds. */
    static Sentence inWords(Duration span) {
        if (span.toDays() > 0) {
            return span.toHoursPart() == 0
                    ? Sentence.of("duty.span.days", span.toDays())
                    : Sentence.of("duty.span.daysHours", span.toDays(), span.toHoursPart());
        }
        if (span.toHours() > 0) {
            return span.toMinutesPart() == 0
                    ? Sentence.of("duty.span.hours", span.toHours())
                    : Sentence.of("duty.span.hoursMinutes", span.toHours(), span.toMinutesPart());
        }
        return span.toMinutes() > 0
                ? Sentence.of("duty.span.minutes", span.toMinutes())
                : Sentence.of("duty.span.seconds", span.toSeconds());
    }
}
