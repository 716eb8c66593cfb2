package io.retainer.statistics.value;

import io.retainer.kernel.Sentence;
import io.retainer.statistics.Basis;
import io.retainer.statistics.Interval;
import io.retainer.statistics.Measurement;
import io.retainer.statistics.Measurement.Measured;
import io.retainer.statistics.Method;
import io.retainer.statistics.Proportion;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Customers by the month of their first purchase, and what part of each cohort bought in each month after. Only months
 * that were observed to their end count; what has not happened yet is left out, not zero (Glasser 1985).
 *
 * @param curve the part of customers who bought so many months after their first, over all cohorts observed that long; ends with the last of which
 *     something can be said
 */
public record Cohorts(List<Cohort> cohorts, List<@Nullable Retention> curve) {

    private static final int FEWEST = 20;

    /**
     * @param size customers who bought first in that month
     * @param retention by months after the first, from 1; null where the cohort is too small to say
     */
    public record Cohort(YearMonth month, int size, List<@Nullable Retention> retention) {}

    /** How many of how many bought, with Wilson's interval. */
    public record Retention(long active, long size, double share, Interval interval) {

        static @Nullable Retention of(long active, long size) {
            if (size < FEWEST) {
                return null;
            }
            var proportion = new Proportion(active, size);
            return new Retention(active, size, proportion.value(), proportion.wilson(Interval.USUAL));
        }
    }

    /**
     * @param observedFrom the day the data begin: whoever bought before is not known to be new
     * @param observedTo the day they end; the month of that day counts only if it ended
     */
    public static Measurement<Cohorts> of(
            Purchases purchases, LocalDate observedFrom, LocalDate observedTo, String data) {
        var last = observedTo.equals(YearMonth.from(observedTo).atEndOfMonth())
                ? YearMonth.from(observedTo)
                : YearMonth.from(observedTo).minusMonths(1);
        var active = new TreeMap<YearMonth, long[]>();
        purchases.forEach(observedTo, (customer, days) -> {
            var bought = new ArrayList<YearMonth>();
            days.each((day, amount) -> {
                var month = YearMonth.from(day);
                if (!day.isBefore(observedFrom)
                        && !month.isAfter(last)
                        && (bought.isEmpty() || !bought.getLast().equals(month))) {
                    bought.add(month);
                }
            });
            if (!bought.isEmpty()) {
                var first = bought.getFirst();
                var counts = active.computeIfAbsent(
                        first, month -> new long[(int) ChronoUnit.MONTHS.between(month, last) + 1]);
                for (var month : bought) {
                    counts[(int) ChronoUnit.MONTHS.between(first, month)]++;
                }
            }
        });
        long customers = active.values().stream().mapToLong(counts -> counts[0]).sum();
        var basis = new Basis(data, last.atEndOfMonth(), customers, Method.COHORTS);
        if (customers < FEWEST) {
            return Measurement.notMeasurable(basis, "statistics.tooFew", customers, FEWEST);
        }
        if (active.firstKey().equals(last)) {
            return Measurement.notMeasurable(basis, "statistics.cohorts.oneMonth");
        }
        var cautions = new ArrayList<Sentence>();
        long small =
                active.values().stream().filter(counts -> counts[0] < FEWEST).count();
        if (small > 0) {
            cautions.add(Sentence.of("statistics.cohorts.small", small, FEWEST));
        }
        if (!last.equals(YearMonth.from(observedTo))) {
            cautions.add(Sentence.of(
                    "statistics.cohorts.openMonth", YearMonth.from(observedTo).toString()));
        }
        var cohorts = new ArrayList<Cohort>();
        active.forEach((month, counts) -> {
            var retention = new ArrayList<@Nullable Retention>();
            for (int after = 1; after < counts.length; after++) {
                retention.add(Retention.of(counts[after], counts[0]));
            }
            cohorts.add(new Cohort(month, (int) counts[0], retention));
        });
        return new Measured<>(new Cohorts(List.copyOf(cohorts), curve(active)), basis, cautions);
    }

    private static List<@Nullable Retention> curve(TreeMap<YearMonth, long[]> active) {
        var curve = new ArrayList<@Nullable Retention>();
        int longest = active.firstEntry().getValue().length;
        for (int after = 1; after < longest; after++) {
            long stayed = 0;
            long size = 0;
            for (var counts : active.values()) {
                if (after < counts.length) {
                    stayed += counts[after];
                    size += counts[0];
                }
            }
            curve.add(Retention.of(stayed, size));
        }
        while (!curve.isEmpty() && curve.getLast() == null) {
            curve.removeLast();
        }
        return curve;
    }
}
