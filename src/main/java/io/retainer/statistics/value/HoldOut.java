package io.retainer.statistics.value;

import io.retainer.statistics.Basis;
import io.retainer.statistics.Interval;
import io.retainer.statistics.Measurement;
import io.retainer.statistics.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * What a model foresaw against what then happened, customer by customer, in a time it was not fitted on.
 *
 * @param weeks length of that time
 * @param correlation of foreseen and actual numbers of purchases
 * @param correlationInterval percentile bootstrap over customers
 * @param meanAbsoluteError purchases per customer
 * @param rootMeanSquareError purchases per customer
 * @param totalBias (foreseen − actual) / actual, over all customers
 * @param bestDecileShare the part of all purchases made by the tenth of customers ranked highest
 * @param idealDecileShare the same had the ranking been perfect
 */
public record HoldOut(
        double weeks,
        double correlation,
        Interval correlationInterval,
        double meanAbsoluteError,
        double rootMeanSquareError,
        double foreseen,
        double actual,
        double totalBias,
        double bestDecileShare,
        double idealDecileShare) {

    private static final int FEWEST = 50;
    private static final int RESAMPLES = 500;

    /**
     * @param actual purchases in the weeks after the histories end, in their order
     */
    public static Measurement<HoldOut> check(
            BuyingModel model, List<CustomerHistory> histories, int[] actual, double weeks, Basis basis) {
        var foreseen = histories.stream()
                .mapToDouble(history -> model.expectedPurchases(history, weeks))
                .toArray();
        return compare(foreseen, actual, weeks, basis);
    }

    static Measurement<HoldOut> compare(double[] foreseen, int[] actual, double weeks, Basis basis) {
        var stands = basis.by(Method.HOLD_OUT).on(actual.length);
        int n = actual.length;
        if (n < FEWEST) {
            return Measurement.notMeasurable(stands, "statistics.tooFew", n, FEWEST);
        }
        double bought = Arrays.stream(actual).sum();
        if (bought == 0) {
            return Measurement.notMeasurable(stands, "statistics.value.nothingBought");
        }
        var happened = Arrays.stream(actual).asDoubleStream().toArray();
        double correlation = Correlation.of(foreseen, happened);
        if (Double.isNaN(correlation)) {
            return Measurement.notMeasurable(stands, "statistics.value.allAlike");
        }
        double total = Arrays.stream(foreseen).sum();
        double absolute = 0;
        double squared = 0;
        for (int i = 0; i < n; i++) {
            double error = foreseen[i] - happened[i];
            absolute += Math.abs(error);
            squared += error * error;
        }
        return Measurement.of(
                new HoldOut(
                        weeks,
                        correlation,
                        correlationInterval(foreseen, happened),
                        absolute / n,
                        Math.sqrt(squared / n),
                        total,
                        bought,
                        (total - bought) / bought,
                        decileShare(foreseen, happened) / bought,
                        decileShare(happened, happened) / bought),
                stands);
    }

    private static Interval correlationInterval(double[] foreseen, double[] happened) {
        var random = new Random(7);
        int n = foreseen.length;
        var drawn = new double[RESAMPLES];
        var xs = new double[n];
        var ys = new double[n];
        for (int draw = 0; draw < RESAMPLES; draw++) {
            for (int i = 0; i < n; i++) {
                int picked = random.nextInt(n);
                xs[i] = foreseen[picked];
                ys[i] = happened[picked];
            }
            drawn[draw] = Correlation.of(xs, ys);
        }
        // A resample without any purchase has no correlation; NaN sorts last.
        Arrays.sort(drawn);
        int usable = (int) Arrays.stream(drawn).filter(r -> !Double.isNaN(r)).count();
        return usable == 0
                ? new Interval(-1, 1, Interval.USUAL)
                : new Interval(
                        drawn[(int) (0.025 * (usable - 1))],
                        drawn[(int) Math.ceil(0.975 * (usable - 1))],
                        Interval.USUAL);
    }

    /** Those who tie at the edge of the tenth share what room is left in it. */
    private static double decileShare(double[] rank, double[] happened) {
        double room = rank.length / 10.0;
        var order = IntStream.range(0, rank.length)
                .boxed()
                .sorted((i, j) -> Double.compare(rank[j], rank[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        double inside = 0;
        int from = 0;
        while (room > 0 && from < order.length) {
            int to = from;
            double tied = 0;
            while (to < order.length && rank[order[to]] == rank[order[from]]) {
                tied += happened[order[to++]];
            }
            double taken = Math.min(room, to - from);
            inside += tied * taken / (to - from);
            room -= taken;
            from = to;
        }
        return inside;
    }
}
