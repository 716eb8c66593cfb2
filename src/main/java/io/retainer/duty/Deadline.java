package io.retainer.duty;

import io.retainer.kernel.Sentence;
import io.retainer.kernel.WorkingHours;
import io.retainer.kernel.WorkingHours.Shift;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The rule that says when a duty is due. A duty is late from the very due instant on: whoever acts one nanosecond before
 * it is in time.
 *
 * <p>In the calendar and working rules the first day is not counted (Civil Code 201) and the due instant is the midnight
 * that ends the last day, in the calendar's zone.
 */
public sealed interface Deadline {

    /**
     * A fixed date. A pause does not move it: what was promised for a date stays promised for that date, and relief for
     * a hindrance is sought by an excuse (clauses.md G-12c: nor does a holiday move it).
     *
     * @param due the first instant that is late
     * @param movedByPauses true where the contract says that the date shifts by the paused time
     */
    record At(Instant due, boolean movedByPauses) implements Deadline {

        public At(Instant due) {
            this(due, false);
        }
    }

    /**
     * A number of working days after a date. Each pause moves the due instant by the working time it took.
     *
     * @param days at least 1
     * @param from the day of the event that started the period; itself not counted
     */
    record WorkingDays(int days, LocalDate from) implements Deadline {

        public WorkingDays {
            positive(days);
        }
    }

    /**
     * A number of calendar days after a date. When the last day is a day of rest, the next working day is the last
     * (Civil Code 203), unless the contract says otherwise. Each pause moves the due instant by its own length, up to the
     * end of that day.
     *
     * @param days at least 1
     * @param from the day of the event that started the period; itself not counted
     * @param rolls whether the last day moves off days of rest
     */
    record CalendarDays(int days, LocalDate from, boolean rolls) implements Deadline {

        public CalendarDays {
            positive(days);
        }

        public CalendarDays(int days, LocalDate from) {
            this(days, from, true);
        }
    }

    /**
     * An amount of time counted only within working hours of working days. Each pause moves the due instant by the
     * working time it took.
     *
     * @param time more than zero
     * @param from when the clock starts; it waits for the next opening hour
     */
    record WorkingTime(Duration time, Instant from, WorkingHours hours) implements Deadline {

        public WorkingTime {
            if (!time.isPositive()) {
                throw new IllegalArgumentException("A deadline of " + time + " leaves no time");
            }
        }
    }

    /**
     * Owed all the time rather than by a moment, such as keeping a secret: never late, never performed, only violated or
     * released.
     *
     * @param until the last day on which it is owed, or null while nothing fixes its end
     */
    record Standing(@Nullable LocalDate until) implements Deadline {}

    private static void positive(int days) {
        if (days < 1) {
            throw new IllegalArgumentException("A deadline of " + days + " days leaves no time");
        }
    }

    /** The rule in words, such as "within 3 working days after 5 Jan 2026". */
    default Sentence inWords() {
        return switch (this) {
            case At(var due, var _) -> Sentence.of("duty.deadline.at", due);
            case WorkingDays(var days, var from) -> Sentence.of("duty.deadline.workingDays", days, from);
            case CalendarDays(var days, var from, var _) -> Sentence.of("duty.deadline.calendarDays", days, from);
            case WorkingTime(var time, var from, var hours) ->
                Sentence.of("duty.deadline.workingTime", Spans.inWords(time), from, shifts(hours));
            case Standing(var until) ->
                until == null
                        ? Sentence.of("duty.deadline.standing")
                        : Sentence.of("duty.deadline.standingUntil", until);
        };
    }

    /**
     * The rule as kept in the table and in the ledger, such as {@code working-days 3 after 2026-01-05}. Written for
     * outsiders: never change the form of one.
     */
    default String code() {
        return switch (this) {
            case At(var due, var moved) -> "at " + due + (moved ? " moved-by-pauses" : "");
            case WorkingDays(var days, var from) -> "working-days " + days + " after " + from;
            case CalendarDays(var days, var from, var rolls) ->
                "calendar-days " + days + " after " + from + (rolls ? " rolled" : "");
            case WorkingTime(var time, var from, var hours) ->
                "working-time " + time + " from " + from + " within " + code(hours);
            case Standing(var until) -> until == null ? "standing" : "standing until " + until;
        };
    }

    /** @throws IllegalArgumentException when the text is none that {@link #code} writes */
    static Deadline of(String code) {
        var word = code.split(" ");
        try {
            var deadline = switch (word[0]) {
                case "at" -> new At(Instant.parse(word[1]), word.length == 3);
                case "working-days" -> new WorkingDays(Integer.parseInt(word[1]), LocalDate.parse(word[3]));
                case "calendar-days" ->
                    new CalendarDays(Integer.parseInt(word[1]), LocalDate.parse(word[3]), word.length == 5);
                case "working-time" ->
                    new WorkingTime(
                            Duration.parse(word[1]), Instant.parse(word[3]), hours(word[5], ZoneId.of(word[7])));
                case "standing" -> new Standing(word.length == 1 ? null : LocalDate.parse(word[2]));
                default -> null;
            };
            if (deadline != null && deadline.code().equals(code)) {
                return deadline;
            }
        } catch (IndexOutOfBoundsException | DateTimeException | NumberFormatException _) {
            // said below
        }
        throw new IllegalArgumentException("No deadline is written as " + code);
    }

    private static String code(WorkingHours hours) {
        return String.join(",", shifts(hours)) + " in " + hours.zone();
    }

    private static List<String> shifts(WorkingHours hours) {
        return hours.shifts().stream()
                .map(shift -> shift.from() + "-" + shift.to())
                .toList();
    }

    private static WorkingHours hours(String shifts, ZoneId zone) {
        return new WorkingHours(
                Stream.of(shifts.split(","))
                        .map(shift -> shift.split("-"))
                        .map(ends -> new Shift(LocalTime.parse(ends[0]), LocalTime.parse(ends[1])))
                        .toList(),
                zone);
    }
}
