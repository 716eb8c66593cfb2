package io.retainer.complaint;

import io.retainer.duty.Deadline;
import io.retainer.kernel.WorkingHours;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.List;

/**
 * Until when what must be done (facts.md §2.11, G-07), by the version of the contract in force when the complaint came in.
 *
 * @param version of the contract
 * @param agreed whether annex 1 of that version has service levels for complaints; without, these are the usual standard
 *     (Civil Code 511(1))
 * @param hours in which working time runs
 */
record Targets(int version, boolean agreed, WorkingHours hours) {

    static final int RETURN_VISIT_DAYS = 5;
    /** Of the least urgent. */
    static final int LONGEST_DAYS = 7;

    static final int MOST_PAUSE_DAYS = 10;
    static final int REOPEN_DAYS = 30;

    /** Those of the version that a complaint came in under. */
    static Targets of(Complaint c) {
        return new Targets(c.contractVersion(), true, WorkingHours.STANDARD);
    }

    /** Within one working day. */
    Deadline acknowledge(Instant receivedAt) {
        return new Deadline.WorkingDays(1, day(receivedAt));
    }

    /** Two working hours; mail has four. */
    Deadline respond(Intake intake, Instant receivedAt) {
        return new Deadline.WorkingTime(Duration.ofHours(intake == Intake.EMAIL ? 4 : 2), receivedAt, hours);
    }

    /** One, three or seven working days after the complaint came in, or came in again. */
    Deadline resolve(Priority priority, Instant since) {
        return new Deadline.WorkingDays(
                switch (priority) {
                    case P1 -> 1;
                    case P2 -> 3;
                    case P3 -> LONGEST_DAYS;
                },
                day(since));
    }

    /** Five working days after the remedy. */
    Deadline visit(Instant remediedAt) {
        return new Deadline.WorkingDays(RETURN_VISIT_DAYS, day(remediedAt));
    }

    /** The shifts as people read them, in the order of the day. */
    public List<String> shifts() {
        return hours.shifts().stream()
                .map(shift -> shift.from() + "–" + (shift.to().equals(LocalTime.MIDNIGHT) ? "24:00" : shift.to()))
                .toList();
    }

    /** The first instant after that day. */
    Instant after(LocalDate lastDay) {
        return lastDay.plusDays(1).atStartOfDay(hours.zone()).toInstant();
    }

    LocalDate day(Instant instant) {
        return LocalDate.ofInstant(instant, hours.zone());
    }
}
