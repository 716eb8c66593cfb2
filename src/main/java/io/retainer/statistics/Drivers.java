package io.retainer.statistics;

import io.retainer.statistics.Measurement.Measured;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/**
 * What drives an outcome: the share of the explained variance (R²) that each driver adds, averaged over all orders in
 * which the drivers may enter (Lindeman, Merenda & Gold 1980; the Shapley value of the coalition's R²). The shares are
 * never negative and add up to R².
 *
 * @param shares by driver, in the order given, with percentile bootstrap intervals
 * @param explained R² of all drivers together
 */
public record Drivers(Map<String, Share> shares, double explained) {

    /** A part of R². */
    public record Share(double value, Interval interval) {}

    /** Of one driver, by its name. */
    public Share share(String driver) {
        return Objects.requireNonNull(shares.get(driver), driver);
    }

    /** Each driver doubles the work: 2^16 regressions take about a second. */
    public static final int MOST = 16;

    private static final int FEWEST_PER_DRIVER = 5;
    private static final int RESAMPLES = 400;
    /** Below this a driver is taken for a linear combination of the others. */
    private static final double COLLINEAR = 1e-10;

    private static final double ROUNDING = 1e-24;

    /**
     * @param names of the drivers
     * @param rows one per observation, drivers in the order of the names
     * @param outcome one per observation
     */
    public static Measurement<Drivers> of(List<String> names, List<double[]> rows, List<Double> outcome, Basis basis) {
        var stands = basis.by(Method.SHAPLEY_LMG).on(rows.size());
        if (names.isEmpty() || names.size() > MOST) {
            return Measurement.notMeasurable(stands, "statistics.drivers.count", names.size(), MOST);
        }
        int fewest = Math.max(20, FEWEST_PER_DRIVER * names.size());
        if (rows.size() < fewest) {
            return Measurement.notMeasurable(stands, "statistics.tooFew", rows.size(), fewest);
        }
        int[] all = new int[rows.size()];
        Arrays.setAll(all, i -> i);
        var correlations = correlations(rows, outcome, all);
        for (int i = 0; i < correlations.length; i++) {
            if (Double.isNaN(correlations[i][i])) {
                return i < names.size()
                        ? Measurement.notMeasurable(stands, "statistics.drivers.constant", names.get(i))
                        : Measurement.notMeasurable(stands, "statistics.drivers.constantOutcome");
            }
        }
        var shares = shares(correlations);
        var drawn = resampled(rows, outcome, names.size());
        var byName = new LinkedHashMap<String, Share>();
        double explained = 0;
        for (int i = 0; i < names.size(); i++) {
            int driver = i;
            var sorted = drawn.stream().mapToDouble(d -> d[driver]).sorted().toArray();
            byName.put(
                    names.get(i),
                    new Share(
                            shares[i],
                            new Interval(
                                    sorted[(int) Math.floor(0.025 * (sorted.length - 1))],
                                    sorted[(int) Math.ceil(0.975 * (sorted.length - 1))],
                                    Interval.USUAL)));
            explained += shares[i];
        }
        return new Measured<>(new Drivers(byName, explained), stands, List.of());
    }

    private static List<double[]> resampled(List<double[]> rows, List<Double> outcome, int drivers) {
        var random = new Random(20240501);
        var drawn = new ArrayList<double[]>();
        // The work is 2^k per resample; with many drivers fewer resamples must do.
        int resamples = drivers <= 8 ? RESAMPLES : drivers <= 12 ? 100 : 40;
        while (drawn.size() < resamples) {
            int[] picked = random.ints(rows.size(), 0, rows.size()).toArray();
            var correlations = correlations(rows, outcome, picked);
            boolean usable = true;
            for (int i = 0; i < correlations.length; i++) {
                usable &= !Double.isNaN(correlations[i][i]);
            }
            if (usable) {
                drawn.add(shares(correlations));
            }
        }
        return drawn;
    }

    /** Of drivers and, last, the outcome; a diagonal of NaN marks a constant. */
    private static double[][] correlations(List<double[]> rows, List<Double> outcome, int[] picked) {
        int k = rows.getFirst().length;
        var mean = new double[k + 1];
        for (int row : picked) {
            for (int i = 0; i <= k; i++) {
                mean[i] += at(rows, outcome, row, i) / picked.length;
            }
        }
        var sums = new double[k + 1][k + 1];
        for (int row : picked) {
            for (int i = 0; i <= k; i++) {
                double di = at(rows, outcome, row, i) - mean[i];
                for (int j = 0; j <= i; j++) {
                    sums[i][j] += di * (at(rows, outcome, row, j) - mean[j]);
                }
            }
        }
        var correlations = new double[k + 1][k + 1];
        for (int i = 0; i <= k; i++) {
            // A mean is not exact: a constant leaves a trace of rounding.
            if (sums[i][i] <= ROUNDING * picked.length * mean[i] * mean[i]) {
                sums[i][i] = Double.NaN;
            }
            for (int j = 0; j <= i; j++) {
                double r = sums[i][j] / Math.sqrt(sums[i][i] * sums[j][j]);
                correlations[i][j] = r;
                correlations[j][i] = r;
            }
        }
        return correlations;
    }

    private static double at(List<double[]> rows, List<Double> outcome, int row, int column) {
        var drivers = rows.get(row);
        return column < drivers.length ? drivers[column] : outcome.get(row);
    }

    private static double[] shares(double[][] correlations) {
        int k = correlations.length - 1;
        var explained = new double[1 << k];
        for (int set = 1; set < explained.length; set++) {
            explained[set] = explained(correlations, set, k);
        }
        // The weight of a coalition of size s that a driver joins: s! (k-1-s)! / k!
        var weight = new double[k];
        for (int s = 0; s < k; s++) {
            weight[s] = 1.0 / k;
            for (int i = 1; i <= s; i++) {
                weight[s] *= (double) i / (k - i);
            }
        }
        var shares = new double[k];
        for (int i = 0; i < k; i++) {
            for (int set = 0; set < explained.length; set++) {
                if ((set >> i & 1) == 0) {
                    shares[i] += weight[Integer.bitCount(set)] * (explained[set | 1 << i] - explained[set]);
                }
            }
        }
        return shares;
    }

    /** R² of the outcome on a set of drivers, by a Cholesky factor that skips what adds nothing. */
    private static double explained(double[][] correlations, int set, int outcome) {
        int size = Integer.bitCount(set);
        var factor = new double[size][size];
        var projected = new double[size];
        var members = new int[size];
        int used = 0;
        double explained = 0;
        for (int rest = set; rest != 0; rest &= rest - 1) {
            int driver = Integer.numberOfTrailingZeros(rest);
            var row = factor[used];
            double left = 1;
            double toOutcome = correlations[driver][outcome];
            for (int j = 0; j < used; j++) {
                double sum = correlations[driver][members[j]];
                for (int i = 0; i < j; i++) {
                    sum -= row[i] * factor[j][i];
                }
                row[j] = sum / factor[j][j];
                left -= row[j] * row[j];
                toOutcome -= row[j] * projected[j];
            }
            if (left > COLLINEAR) {
                row[used] = Math.sqrt(left);
                projected[used] = toOutcome / row[used];
                explained += projected[used] * projected[used];
                members[used++] = driver;
            }
        }
        return explained;
    }
}
