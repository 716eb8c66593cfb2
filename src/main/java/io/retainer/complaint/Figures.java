package io.retainer.complaint;

import io.retainer.complaint.FigureRows.Counted;
import io.retainer.duty.AssessedDuty;
import io.retainer.duty.DutyState;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What complaints come to, taken together (facts.md §2.10). A share of nothing is no share: it is left out rather than 0 or
 * 100 per cent.
 *
 * @param months how many came in and how many ended, by month
 * @param ages how long the open ones have been open, by days
 * @param causes of what was resolved, the most frequent first
 */
record Figures(
        int received,
        int open,
        int late,
        Share acknowledgedInTime,
        Share respondedInTime,
        Share resolvedInTime,
        Share visited,
        Share reopened,
        Share repeated,
        Share escalated,
        Map<YearMonth, Month> months,
        Map<Age, Integer> ages,
        List<Cause> causes,
        List<Group> categories,
        List<Group> products,
        List<Group> regions,
        List<Group> owners,
        List<Group> services) {

    private static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");
    private static final int REPEAT_DAYS = 30;
    private static final int MOST_GROUPS = 12;

    /** A part of a whole. */
    record Share(int part, int whole) {

        boolean known() {
            return whole > 0;
        }

        /** In tenths of a per cent. */
        long perMille() {
            return whole == 0 ? 0 : Math.round(1000.0 * part / whole);
        }

        public String percent() {
            return known() ? "%.1f%%".formatted(perMille() / 10.0) : "—";
        }
    }

    record Month(int received, int ended) {}

    /** @param cumulative share of all up to here, in tenths of a per cent */
    record Cause(RootCause cause, int count, long cumulative) {}

    /** @param key by which the queue is narrowed to it */
    record Group(String name, Object key, int count, Share inTime) {}

    /** @param names of people, and words for what has none */
    static Figures of(
            List<Counted> all, Map<UUID, List<AssessedDuty>> duties, Function<Object, String> names, Instant now) {
        var open = all.stream().filter(c -> !c.stage().over()).toList();
        var ended = all.stream()
                .filter(c -> c.stage() == StageName.CLOSED || c.stage() == StageName.CLOSED_UNVISITED)
                .toList();
        var months = new TreeMap<YearMonth, Month>();
        all.forEach(c -> {
            months.merge(month(c.receivedAt()), new Month(1, 0), Figures::plus);
            if (c.endedAt() != null) {
                months.merge(month(c.endedAt()), new Month(0, 1), Figures::plus);
            }
        });
        var ages = new EnumMap<Age, Integer>(Age.class);
        for (var age : Age.values()) {
            ages.put(age, 0);
        }
        open.forEach(c -> ages.merge(Age.of(Duration.between(c.receivedAt(), now)), 1, Integer::sum));
        return new Figures(
                all.size(),
                open.size(),
                (int) open.stream()
                        .filter(c -> of(duties, c).stream()
                                .anyMatch(duty -> duty.assessment().state() == DutyState.BREACHED))
                        .count(),
                inTime(all, duties, ComplaintClock.Due.ACKNOWLEDGE),
                inTime(all, duties, ComplaintClock.Due.RESPOND),
                inTime(all, duties, ComplaintClock.Due.RESOLVE),
                new Share(
                        (int) ended.stream()
                                .filter(c -> c.stage() == StageName.CLOSED)
                                .count(),
                        ended.size()),
                new Share((int) ended.stream().filter(c -> c.reopened() > 0).count(), ended.size()),
                new Share(repeats(all), all.size()),
                new Share((int) all.stream().filter(c -> c.level() > 1).count(), all.size()),
                months,
                ages,
                causes(all),
                groups(all, duties, Counted::category, names),
                groups(all, duties, Counted::product, Object::toString),
                groups(all, duties, Counted::region, Object::toString),
                groups(all, duties, Counted::owner, names),
                groups(all, duties, Counted::service, names));
    }

    private static List<AssessedDuty> of(Map<UUID, List<AssessedDuty>> duties, Counted c) {
        return duties.getOrDefault(c.id(), List.of());
    }

    private static YearMonth month(Instant at) {
        return YearMonth.from(at.atZone(ZONE));
    }

    private static Month plus(Month a, Month b) {
        return new Month(a.received() + b.received(), a.ended() + b.ended());
    }

    /** Of the duties that are decided, those that were kept; what was excused or ended counts neither way. */
    private static Share inTime(List<Counted> all, Map<UUID, List<AssessedDuty>> duties, ComplaintClock.Due due) {
        int kept = 0;
        int decided = 0;
        for (var c : all) {
            for (var duty : of(duties, c)) {
                if (due.is(duty)) {
                    switch (duty.assessment().state()) {
                        case KEPT -> {
                            kept++;
                            decided++;
                        }
                        case KEPT_LATE, BREACHED -> decided++;
                        case RUNNING, PAUSED, EXCUSED, WAIVED, RELEASED -> {
                            // not decided, or for no cause of the provider's
                        }
                    }
                }
            }
        }
        return new Share(kept, decided);
    }

    /** The same person and category again within thirty days. */
    private static int repeats(List<Counted> all) {
        var last = new HashMap<String, Instant>();
        int repeats = 0;
        for (var c :
                all.stream().sorted(Comparator.comparing(Counted::receivedAt)).toList()) {
            if (c.person() != null && c.category() != null) {
                var before = last.put(c.person() + c.category(), c.receivedAt());
                if (before != null && before.plus(Duration.ofDays(REPEAT_DAYS)).isAfter(c.receivedAt())) {
                    repeats++;
                }
            }
        }
        return repeats;
    }

    private static List<Cause> causes(List<Counted> all) {
        var counts = all.stream()
                .map(Counted::cause)
                .flatMap(java.util.stream.Stream::ofNullable)
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        long whole = counts.values().stream().mapToLong(Long::longValue).sum();
        var sorted = counts.entrySet().stream()
                .sorted(Map.Entry.<RootCause, Long>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey()))
                .toList();
        var causes = new ArrayList<Cause>();
        long sum = 0;
        for (var each : sorted) {
            sum += each.getValue();
            causes.add(new Cause(each.getKey(), each.getValue().intValue(), Math.round(1000.0 * sum / whole)));
        }
        return causes;
    }

    private static List<Group> groups(
            List<Counted> all,
            Map<UUID, List<AssessedDuty>> duties,
            Function<Counted, @Nullable Object> by,
            Function<Object, String> names) {
        var groups = new HashMap<Object, List<Counted>>();
        all.forEach(c -> {
            var key = by.apply(c);
            if (key != null) {
                groups.computeIfAbsent(key, _ -> new ArrayList<>()).add(c);
            }
        });
        return groups.entrySet().stream()
                .map(group -> new Group(
                        names.apply(group.getKey()),
                        group.getKey(),
                        group.getValue().size(),
                        inTime(group.getValue(), duties, ComplaintClock.Due.RESOLVE)))
                .sorted(Comparator.comparingInt(Group::count).reversed().thenComparing(Group::name))
                .limit(MOST_GROUPS)
                .toList();
    }
}
