package io.retainer.statistics.value;

import io.retainer.statistics.Basis;
import io.retainer.statistics.Interval;
import io.retainer.statistics.Measurement;
import io.retainer.statistics.Method;
import io.retainer.statistics.Proportion;
import java.time.LocalDate;
import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.stat.descriptive.SummaryStatistics;
import org.jspecify.annotations.Nullable;

/**
 * What changed between two dates: the same number of days before each is compared, customer by customer. The change of
 * spending is the sum of four parts: from those who stayed, came new, came back, and lapsed.
 *
 * @param days before each date, the date included
 * @param stayed customers who bought before both dates
 * @param lapsed bought before the earlier date only
 * @param arrived bought before the later date for the first time ever
 * @param returned bought before the later date, not before the earlier, but earlier than that
 * @param kept the part of the earlier date's customers who bought again, with Wilson's interval
 * @param spentMorePerStayer mean change of those who stayed, with Student's interval; null when they are too few
 */
public record Change(
        LocalDate earlier,
        LocalDate later,
        int days,
        Group stayed,
        Group lapsed,
        Group arrived,
        Group returned,
        double kept,
        Interval keptInterval,
        @Nullable Mean spentMorePerStayer) {

    private static final int FEWEST = 20;

    /** Customers, and what they spent before either date. */
    public record Group(int customers, double spentEarlier, double spentLater) {

        public double change() {
            return spentLater - spentEarlier;
        }
    }

    /** A mean with its interval. */
    public record Mean(double value, Interval interval) {}

    public double spentEarlier() {
        return stayed.spentEarlier() + lapsed.spentEarlier();
    }

    public double spentLater() {
        return stayed.spentLater() + arrived.spentLater() + returned.spentLater();
    }

    /** Who bought in the days before each date. */
    public static Measurement<Change> between(
            Purchases purchases, LocalDate earlier, LocalDate later, int days, String data) {
        if (days < 1 || !later.isAfter(earlier)) {
            throw new IllegalArgumentException("%d days before %s and %s".formatted(days, earlier, later));
        }
        long first = earlier.toEpochDay();
        long second = later.toEpochDay();
        var groups = new Tally[] {new Tally(), new Tally(), new Tally(), new Tally()};
        var differences = new SummaryStatistics();
        purchases.forEach(later, (customer, all) -> {
            boolean then = all.count(first - days + 1, first) > 0;
            boolean now = all.count(second - days + 1, second) > 0;
            if (!then && !now) {
                return;
            }
            double spentThen = all.spent(first - days + 1, first);
            double spentNow = all.spent(second - days + 1, second);
            boolean before = all.day(0) <= second - days;
            groups[then ? (now ? 0 : 1) : before ? 3 : 2].add(then ? spentThen : 0, now ? spentNow : 0);
            if (then && now) {
                differences.addValue(spentNow - spentThen);
            }
        });
        int earlierCustomers = groups[0].customers + groups[1].customers;
        var basis = new Basis(data, later, earlierCustomers, Method.CHANGE);
        if (second - days < first) {
            return Measurement.notMeasurable(basis, "statistics.change.overlap", days, later.toEpochDay() - first);
        }
        if (!purchases.isEmpty() && first - days + 1 < purchases.from().toEpochDay()) {
            return Measurement.notMeasurable(basis, "statistics.change.tooEarly", days, earlier, purchases.from());
        }
        if (!purchases.isEmpty() && later.isAfter(purchases.to())) {
            return Measurement.notMeasurable(
                    new Basis(data, purchases.to(), earlierCustomers, Method.CHANGE),
                    "statistics.change.tooLate",
                    purchases.to(),
                    later);
        }
        if (earlierCustomers < FEWEST) {
            return Measurement.notMeasurable(basis, "statistics.tooFew", earlierCustomers, FEWEST);
        }
        var kept = new Proportion(groups[0].customers, earlierCustomers);
        return Measurement.of(
                new Change(
                        earlier,
                        later,
                        days,
                        groups[0].group(),
                        groups[1].group(),
                        groups[2].group(),
                        groups[3].group(),
                        kept.value(),
                        kept.wilson(Interval.USUAL),
                        differences.getN() < FEWEST ? null : mean(differences)),
                basis);
    }

    private static Mean mean(SummaryStatistics differences) {
        double n = differences.getN();
        double half = new TDistribution(null, n - 1).inverseCumulativeProbability(0.975)
                * differences.getStandardDeviation()
                / Math.sqrt(n);
        double mean = differences.getMean();
        return new Mean(mean, new Interval(mean - half, mean + half, Interval.USUAL));
    }

    private static final class Tally {
        private int customers;
        private double earlier;
        private double later;

        void add(double then, double now) {
            customers++;
            earlier += then;
            later += now;
        }

        Group group() {
            return new Group(customers, earlier, later);
        }
    }
}
