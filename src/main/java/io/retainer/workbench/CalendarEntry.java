package io.retainer.workbench;

import io.retainer.kernel.Clause;
import io.retainer.kernel.Sentence;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.UUID;

/**
 * A deadline or a date of a contract in somebody's calendar.
 *
 * @param uid the same for ever, so that a calendar program moves the entry instead of adding one
 * @param due the first instant that is late
 * @param sequence grows with each change
 * @param changedAt when it was changed last
 * @param ours whether the reader's own side owes it
 * @param personal whether it is what the reader is to do alone, and no term of the contract
 */
record CalendarEntry(
        String uid,
        UUID contract,
        String title,
        Clause clause,
        Sentence says,
        Instant due,
        boolean ours,
        boolean personal,
        boolean late,
        int sequence,
        Instant changedAt,
        String path) {

    static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");

    /** The last day in time: what is due at midnight is due by the end of the day before. */
    static LocalDate lastDay(Instant due) {
        return due.minusNanos(1).atZone(ZONE).toLocalDate();
    }

    public LocalDate day() {
        return lastDay(due);
    }

    /** Whether the whole last day is in time. */
    public boolean allDay() {
        return due.atZone(ZONE).toLocalTime().equals(LocalTime.MIDNIGHT);
    }
}
