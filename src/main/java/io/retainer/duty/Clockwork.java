package io.retainer.duty;

import io.retainer.duty.Deadline.At;
import io.retainer.duty.Deadline.CalendarDays;
import io.retainer.duty.Deadline.Standing;
import io.retainer.duty.Deadline.WorkingDays;
import io.retainer.duty.Deadline.WorkingTime;
import io.retainer.duty.Segment.Kind;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.WorkCalendar;
import io.retainer.kernel.WorkingHours;
import io.retainer.kernel.WorkingHours.Shift;
import io.retainer.kernel.WorkingHours.Stretch;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs the clock of one deadline through the stops of its duty. */
record Clockwork(Deadline deadline, Instant openedAt, WorkCalendar calendar) {

    /** Dates of a contract are read in this zone. */
    static final ZoneId ZONE = WorkingHours.STANDARD.zone();

    private static final WorkingHours ALL_DAY =
            new WorkingHours(List.of(new Shift(LocalTime.MIDNIGHT, LocalTime.MIDNIGHT)), ZONE);

    /**
     * A stretch for which the clock was stopped.
     *
     * @param to null while it still is
     */
    record Stop(Cause owner, Instant from, @Nullable Instant to) {}

    /**
     * @param due null when the clock stands and this moves the due instant, or when nothing is ever due
     * @param left counted time left on a clock that stands
     * @param warning when a year that is not loaded was needed
     */
    record Reading(
            @Nullable Instant due, Duration left, @Nullable Sentence warning) {}

    /**
     * When the clock runs out.
     *
     * @param stops in order and apart from each other
     */
    Reading read(List<Stop> stops) {
        if (deadline instanceof Standing) {
            return new Reading(null, Duration.ZERO, null);
        }
        if (fixed()) {
            return new Reading(((At) deadline).due(), Duration.ZERO, null);
        }
        var cursor = start();
        var left = budget();
        var end = end(cursor, left);
        for (var stop : stops) {
            var from = stop.from().isBefore(cursor) ? cursor : stop.from();
            if (stop.to() != null && !stop.to().isAfter(from)) {
                continue;
            }
            var due = end.due();
            if (due == null || !from.isBefore(due)) {
                break;
            }
            var rest = left.minus(counted(cursor, from).consumed());
            // Past the last day but before the working day it rolled to: what was left of that is left still.
            left = rest.isPositive() ? rest : Duration.between(from, due);
            if (stop.to() == null) {
                return new Reading(null, left, end.warning());
            }
            cursor = stop.to();
            end = end(cursor, left);
        }
        return end;
    }

    /** What the clock did from the opening to {@code to}. */
    List<Segment> timeline(List<Stop> stops, @Nullable Instant due, Instant to) {
        var segments = new ArrayList<Segment>();
        var cursor = openedAt;
        for (var stop : stops) {
            var from = later(stop.from(), cursor);
            var until = stop.to() == null ? to : earlier(stop.to(), to);
            if (!from.isBefore(until)) {
                continue;
            }
            uncut(cursor, from, due, segments);
            if (due != null && !from.isBefore(due)) {
                add(segments, Kind.OVERDUE, null, from, until);
            } else if (due != null && due.isBefore(until)) {
                add(segments, Kind.PAUSED, stop.owner(), from, due);
                add(segments, Kind.OVERDUE, null, due, until);
            } else {
                add(segments, Kind.PAUSED, stop.owner(), from, until);
            }
            cursor = until;
        }
        uncut(cursor, to, due, segments);
        return segments;
    }

    private void uncut(Instant from, Instant to, @Nullable Instant due, List<Segment> segments) {
        var end = due == null ? to : earlier(to, due);
        var cursor = from;
        for (var stretch : counted(later(from, start()), end).timeline()) {
            add(segments, Kind.RESTING, null, cursor, stretch.from());
            add(segments, Kind.RUNNING, null, stretch.from(), stretch.to());
            cursor = stretch.to();
        }
        add(segments, Kind.RESTING, null, cursor, later(cursor, end));
        if (due != null) {
            add(segments, Kind.OVERDUE, null, later(from, due), to);
        }
    }

    private static void add(List<Segment> segments, Kind kind, @Nullable Cause owner, Instant from, Instant to) {
        if (!from.isBefore(to)) {
            return;
        }
        var last = segments.isEmpty() ? null : segments.getLast();
        if (last != null
                && last.kind() == kind
                && last.owner() == owner
                && last.to().equals(from)) {
            segments.set(segments.size() - 1, new Segment(kind, owner, last.from(), to));
        } else {
            segments.add(new Segment(kind, owner, from, to));
        }
    }

    /** Whether no pause moves the due instant. */
    private boolean fixed() {
        return deadline instanceof At(var due, var moved) && (!moved || !due.isAfter(openedAt));
    }

    private Instant start() {
        return switch (deadline) {
            case At _, Standing _ -> openedAt;
            case WorkingDays(var _, var from) -> dayAfter(from);
            case CalendarDays(var _, var from, var _) -> dayAfter(from);
            case WorkingTime(var _, var from, var _) -> from;
        };
    }

    private Duration budget() {
        return switch (deadline) {
            case At(var due, var _) -> Duration.between(openedAt, due);
            case WorkingDays(var days, var _) -> Duration.ofDays(days);
            case CalendarDays(var days, var _, var _) -> Duration.ofDays(days);
            case WorkingTime(var time, var _, var _) -> time;
            case Standing _ -> Duration.ZERO;
        };
    }

    /** The first instant at which {@code left} has been used up from {@code from} on without a stop. */
    private Reading end(Instant from, Duration left) {
        return switch (deadline) {
            case At _ -> new Reading(from.plus(left), Duration.ZERO, null);
            case Standing _ -> new Reading(null, Duration.ZERO, null);
            case WorkingDays _ -> working(from, left, ALL_DAY);
            case WorkingTime(var _, var _, var hours) -> working(from, left, hours);
            case CalendarDays(var _, var _, var rolls) -> {
                // The last moment of the last day, so that a midnight belongs to the day it ends. Days are whole: what
                // a pause of some hours added lasts until midnight, else a rolled day could be lost to it.
                var last = from.plus(left).minusNanos(1).atZone(ZONE).toLocalDate();
                var rolled = calendar.nextWorkday(last);
                yield rolls
                        ? new Reading(dayAfter(rolled.date()), Duration.ZERO, rolled.warning())
                        : new Reading(dayAfter(last), Duration.ZERO, null);
            }
        };
    }

    private Reading working(Instant from, Duration left, WorkingHours hours) {
        var elapsed = calendar.plusWorkingTime(from, left, hours);
        return new Reading(elapsed.end(), Duration.ZERO, elapsed.warning());
    }

    /** Working time between the two, or null for a rule that does not count any. */
    @Nullable
    Duration worked(Instant from, Instant to) {
        return switch (deadline) {
            case WorkingDays _, WorkingTime _ -> counted(from, to).consumed();
            case At _, CalendarDays _, Standing _ -> null;
        };
    }

    private WorkCalendar.Elapsed counted(Instant from, Instant to) {
        return switch (deadline) {
            case At _, CalendarDays _, Standing _ ->
                from.isBefore(to)
                        ? new WorkCalendar.Elapsed(to, Duration.between(from, to), List.of(new Stretch(from, to)), null)
                        : new WorkCalendar.Elapsed(to, Duration.ZERO, List.of(), null);
            case WorkingDays _ -> calendar.workingTimeBetween(from, to, ALL_DAY);
            case WorkingTime(var _, var _, var hours) -> calendar.workingTimeBetween(from, to, hours);
        };
    }

    private static Instant dayAfter(LocalDate day) {
        return day.plusDays(1).atStartOfDay(ZONE).toInstant();
    }

    private static Instant later(Instant a, Instant b) {
        return a.isBefore(b) ? b : a;
    }

    private static Instant earlier(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }
}
