package io.retainer.kernel;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/**
 * The hours in which a workday's clock runs: one or more shifts, in a zone.
 *
 * @param shifts in the order of the day, not overlapping; a shift may end at {@code 00:00}, which is the end of its day
 * @param zone in which the shifts are told
 */
public record WorkingHours(List<Shift> shifts, ZoneId zone) {

    /** Monday to Friday as the calendar has it, 09:00–12:00 and 13:00–18:00 in Shanghai: eight hours a day. */
    public static final WorkingHours STANDARD = new WorkingHours(
            List.of(
                    new Shift(LocalTime.of(9, 0), LocalTime.of(12, 0)),
                    new Shift(LocalTime.of(13, 0), LocalTime.of(18, 0))),
            ZoneId.of("Asia/Shanghai"));

    public WorkingHours {
        shifts = List.copyOf(shifts);
        if (shifts.isEmpty()) {
            throw new IllegalArgumentException("A working day needs at least one shift");
        }
        for (int i = 1; i < shifts.size(); i++) {
            if (shifts.get(i - 1).endSecond() > shifts.get(i).from().toSecondOfDay()) {
                throw new IllegalArgumentException("Shifts must be in order and not overlap: " + shifts);
            }
        }
    }

    /** Working time of one full day. */
    public Duration perDay() {
        return Duration.ofSeconds(shifts.stream()
                .mapToLong(shift -> shift.endSecond() - shift.from().toSecondOfDay())
                .sum());
    }

    /** The shifts of one date as instants. */
    List<Stretch> on(LocalDate date) {
        var stretches = new ArrayList<Stretch>();
        for (var shift : shifts) {
            var end = shift.to().equals(LocalTime.MIDNIGHT)
                    ? date.plusDays(1).atStartOfDay(zone)
                    : date.atTime(shift.to()).atZone(zone);
            stretches.add(new Stretch(date.atTime(shift.from()).atZone(zone).toInstant(), end.toInstant()));
        }
        return stretches;
    }

    /**
     * @param from whole seconds
     * @param to after {@code from}, or {@code 00:00} for the end of the day
     */
    public record Shift(LocalTime from, LocalTime to) {

        public Shift {
            if (!to.equals(LocalTime.MIDNIGHT) && !from.isBefore(to)) {
                throw new IllegalArgumentException("A shift must end after it starts: " + from + "–" + to);
            }
        }

        private long endSecond() {
            return to.equals(LocalTime.MIDNIGHT) ? Duration.ofDays(1).toSeconds() : to.toSecondOfDay();
        }
    }

    /** A piece of time in which the clock ran: {@code from} inclusive, {@code to} exclusive. */
    public record Stretch(Instant from, Instant to) {

        public Duration length() {
            return Duration.between(from, to);
        }
    }
}
