package io.retainer.kernel;

import io.retainer.kernel.WorkingHours.Stretch;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which days are worked: weekdays, less public holidays, plus the weekend days made up for them (facts.md §2.7). Only
 * the years that were loaded are known; an answer that had to assume plain weekdays for another year carries a
 * {@link Sentence} that says so, and whoever shows the answer shows the warning. Immutable.
 */
public final class WorkCalendar {

    private static final int MOST_DAYS = 40_000;
    private static final WorkCalendar CHINESE = load();

    private final Set<Integer> years;
    private final Map<LocalDate, Kind> exceptions;

    private WorkCalendar(Set<Integer> years, Map<LocalDate, Kind> exceptions) {
        this.years = Set.copyOf(years);
        this.exceptions = Map.copyOf(exceptions);
    }

    private enum Kind {
        STATUTORY,
        MOVED,
        WORK
    }

    /**
     * A date and, when it rests on a year that is not loaded, the warning to show with it.
     *
     * @param date in the contract's zone
     */
    public record Dated(LocalDate date, @Nullable Sentence warning) {}

    /**
     * Working time that was used up.
     *
     * @param end the first instant at which all of it was used
     * @param consumed its length
     * @param timeline the stretches in which the clock ran, in order
     * @param warning to be shown when a year was not loaded
     */
    public record Elapsed(
            Instant end,
            Duration consumed,
            List<Stretch> timeline,
            @Nullable Sentence warning) {

        public Elapsed {
            timeline = List.copyOf(timeline);
        }
    }

    /** The State Council's arrangements that ship with this release: 2025 and 2026. */
    public static WorkCalendar chinese() {
        return CHINESE;
    }

    /**
     * A calendar as text: a line {@code year,2027} for each complete year, then {@code date,OFF,statutory|moved,name} or
     * {@code date,WORK,,name}, where date may be a range {@code from/to}; {@code #} starts a comment.
     *
     * @throws Refused naming the line at fault
     */
    public static WorkCalendar read(Reader text) {
        var years = new HashSet<Integer>();
        var exceptions = new HashMap<LocalDate, Kind>();
        try (var lines = new BufferedReader(text)) {
            int number = 0;
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (!line.isBlank() && !line.startsWith("#")) {
                    readLine(line.strip(), number, years, exceptions);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new WorkCalendar(years, exceptions);
    }

    private static void readLine(String line, int number, Set<Integer> years, Map<LocalDate, Kind> exceptions) {
        var fields = List.of(line.split(",", -1));
        try {
            if (fields.size() == 2 && fields.get(0).equals("year")) {
                years.add(Integer.parseInt(fields.get(1).strip()));
                return;
            }
            if (fields.size() == 4) {
                var kind = switch (fields.get(1) + "," + fields.get(2)) {
                    case "OFF,statutory" -> Kind.STATUTORY;
                    case "OFF,moved" -> Kind.MOVED;
                    case "WORK," -> Kind.WORK;
                    default -> null;
                };
                var range = List.of(fields.get(0).split("/", 2));
                var from = LocalDate.parse(range.getFirst());
                var to = LocalDate.parse(range.getLast());
                if (kind != null && !to.isBefore(from)) {
                    for (var day = from; !day.isAfter(to); day = day.plusDays(1)) {
                        if (!years.contains(day.getYear())) {
                            throw Refused.because("kernel.calendar.yearNotDeclared", number, line, day.getYear());
                        }
                        if (exceptions.put(day, kind) != null) {
                            throw Refused.because("kernel.calendar.twice", number, line, day);
                        }
                    }
                    return;
                }
            }
        } catch (DateTimeParseException | NumberFormatException _) {
            // said below
        }
        throw Refused.because("kernel.calendar.unreadable", number, line);
    }

    /** Both calendars; a year that {@code newer} has replaces the whole year here. */
    public WorkCalendar with(WorkCalendar newer) {
        var merged = new HashMap<LocalDate, Kind>();
        exceptions.forEach((day, kind) -> {
            if (!newer.years.contains(day.getYear())) {
                merged.put(day, kind);
            }
        });
        merged.putAll(newer.exceptions);
        var all = new HashSet<>(years);
        all.addAll(newer.years);
        return new WorkCalendar(all, merged);
    }

    /** The loaded years in order. */
    public Set<Integer> years() {
        return new TreeSet<>(years);
    }

    /** Whether the arrangements of this date's year are loaded. */
    public boolean knows(LocalDate date) {
        return years.contains(date.getYear());
    }

    /** The warning to show beside anything that rests on this date, or null when its year is loaded. */
    public @Nullable Sentence warning(LocalDate date) {
        return knows(date) ? null : Sentence.of("kernel.calendar.notLoaded", Integer.toString(date.getYear()));
    }

    /** In a year that is not loaded a plain weekday: ask {@link #warning} too. */
    public boolean isWorkday(LocalDate date) {
        return switch (exceptions.get(date)) {
            case WORK -> true;
            case STATUTORY, MOVED -> false;
            case null -> date.getDayOfWeek() != DayOfWeek.SATURDAY && date.getDayOfWeek() != DayOfWeek.SUNDAY;
        };
    }

    /** One of the 13 statutory holidays (法定休假日), as Civil Code 203 means them; a moved rest day is not. */
    public boolean isStatutoryHoliday(LocalDate date) {
        return exceptions.get(date) == Kind.STATUTORY;
    }

    /**
     * The {@code n}th workday after {@code date}, which itself is not counted (Civil Code 201); before it when {@code n}
     * is negative, {@code date} itself when it is 0.
     *
     * @throws IllegalArgumentException when {@code n} is beyond a century of days
     */
    public Dated plusWorkdays(LocalDate date, int n) {
        if (Math.abs((long) n) > MOST_DAYS) {
            throw new IllegalArgumentException("Cannot count " + n + " working days");
        }
        int step = n < 0 ? -1 : 1;
        @Nullable Sentence warning = null;
        var day = date;
        for (int left = Math.abs(n); left > 0; ) {
            day = day.plusDays(step);
            warning = warning == null ? warning(day) : warning;
            if (isWorkday(day)) {
                left--;
            }
        }
        return new Dated(day, warning);
    }

    /** {@code date} itself when it is worked, else the next workday. */
    public Dated nextWorkday(LocalDate date) {
        return isWorkday(date) ? new Dated(date, warning(date)) : plusWorkdays(date, 1);
    }

    /** Workdays after {@code from} up to and including {@code to}; 0 when {@code to} is not after {@code from}. */
    public int workdaysBetween(LocalDate from, LocalDate to) {
        return Math.toIntExact(
                from.isBefore(to)
                        ? from.plusDays(1)
                                .datesUntil(to.plusDays(1))
                                .filter(this::isWorkday)
                                .count()
                        : 0);
    }

    /**
     * When {@code amount} of working time that starts at {@code from} has been used up. An amount of zero ends at once,
     * whatever the hour.
     *
     * @param amount not negative
     */
    public Elapsed plusWorkingTime(Instant from, Duration amount, WorkingHours hours) {
        if (amount.isNegative()) {
            throw new IllegalArgumentException("Cannot count " + amount + " of working time");
        }
        var timeline = new ArrayList<Stretch>();
        var end = from;
        var left = amount;
        var day = from.atZone(hours.zone()).toLocalDate();
        var last = day.plusDays(MOST_DAYS);
        @Nullable Sentence warning = null;
        while (left.isPositive()) {
            if (day.isAfter(last)) {
                throw new IllegalArgumentException("Cannot count " + amount + " of working time");
            }
            warning = warning == null ? warning(day) : warning;
            if (isWorkday(day)) {
                for (var shift : hours.on(day)) {
                    var start = shift.from().isBefore(from) ? from : shift.from();
                    if (left.isPositive() && start.isBefore(shift.to())) {
                        var available = Duration.between(start, shift.to());
                        var used = available.compareTo(left) < 0 ? available : left;
                        end = start.plus(used);
                        timeline.add(new Stretch(start, end));
                        left = left.minus(used);
                    }
                }
            }
            day = day.plusDays(1);
        }
        return new Elapsed(end, amount, timeline, warning);
    }

    /** The working time between two instants, nothing when {@code to} is not after {@code from}. */
    public Elapsed workingTimeBetween(Instant from, Instant to, WorkingHours hours) {
        var timeline = new ArrayList<Stretch>();
        var consumed = Duration.ZERO;
        @Nullable Sentence warning = null;
        if (from.isBefore(to)) {
            var last = to.atZone(hours.zone()).toLocalDate();
            for (var day = from.atZone(hours.zone()).toLocalDate(); !day.isAfter(last); day = day.plusDays(1)) {
                warning = warning == null ? warning(day) : warning;
                if (!isWorkday(day)) {
                    continue;
                }
                for (var shift : hours.on(day)) {
                    var start = shift.from().isBefore(from) ? from : shift.from();
                    var end = shift.to().isAfter(to) ? to : shift.to();
                    if (start.isBefore(end)) {
                        timeline.add(new Stretch(start, end));
                        consumed = consumed.plus(Duration.between(start, end));
                    }
                }
            }
        }
        return new Elapsed(to, consumed, timeline, warning);
    }

    private static WorkCalendar load() {
        var file = Objects.requireNonNull(
                WorkCalendar.class.getResourceAsStream("workdays-CN.csv"), "The holiday file is missing from the jar");
        return read(new InputStreamReader(file, StandardCharsets.UTF_8));
    }
}
