package io.retainer.statistics.churn;

import io.retainer.statistics.Interval;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The area under the receiver operating characteristic: how often somebody who left was given a higher risk than somebody
 * who stayed, ties counting half; with the interval of DeLong, DeLong & Clarke-Pearson 1988 (by midranks, Sun & Xu 2014).
 */
public record Auroc(double value, double standardError, Interval interval) {

    /** There must be at least two of either kind. */
    public static Auroc of(double[] risk, boolean[] left) {
        var all = midranks(IntStream.range(0, risk.length).toArray(), risk);
        var gone = IntStream.range(0, risk.length).filter(i -> left[i]).toArray();
        var stayed = IntStream.range(0, risk.length).filter(i -> !left[i]).toArray();
        if (gone.length < 2 || stayed.length < 2) {
            throw new IllegalArgumentException(gone.length + " left, " + stayed.length + " stayed");
        }
        var amongGone = midranks(gone, risk);
        var amongStayed = midranks(stayed, risk);
        var overStayed = new double[gone.length];
        for (int i = 0; i < gone.length; i++) {
            overStayed[i] = (all[gone[i]] - amongGone[gone[i]]) / stayed.length;
        }
        var underGone = new double[stayed.length];
        for (int i = 0; i < stayed.length; i++) {
            underGone[i] = 1 - (all[stayed[i]] - amongStayed[stayed[i]]) / gone.length;
        }
        double value = Arrays.stream(overStayed).average().orElseThrow();
        double error = Math.sqrt(variance(overStayed) / gone.length + variance(underGone) / stayed.length);
        var interval = Interval.around(value, error, Interval.USUAL);
        return new Auroc(
                value,
                error,
                new Interval(Math.max(0, interval.low()), Math.min(1, interval.high()), interval.level()));
    }

    /** Ranks from 1 among some, by position in all; equals share the middle of their ranks. */
    private static double[] midranks(int[] some, double[] risk) {
        var order = Arrays.stream(some)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> risk[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        var ranks = new double[risk.length];
        for (int from = 0; from < order.length; ) {
            int to = from;
            while (to < order.length && risk[order[to]] == risk[order[from]]) {
                to++;
            }
            for (int i = from; i < to; i++) {
                ranks[order[i]] = (from + 1 + to) / 2.0;
            }
            from = to;
        }
        return ranks;
    }

    private static double variance(double[] values) {
        double mean = Arrays.stream(values).average().orElseThrow();
        return Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum() / (values.length - 1);
    }
}
