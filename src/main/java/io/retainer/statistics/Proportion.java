package io.retainer.statistics;

import org.apache.commons.math3.distribution.BetaDistribution;

/** {@code successes} of {@code trials}, with intervals that stay inside 0 to 1 and are right for small counts too. */
public record Proportion(long successes, long trials) {

    public Proportion {
        if (trials < 1 || successes < 0 || successes > trials) {
            throw new IllegalArgumentException(successes + " of " + trials);
        }
    }

    public double value() {
        return (double) successes / trials;
    }

    /** The score interval (Wilson 1927; Newcombe 1998, method 3). */
    public Interval wilson(double level) {
        double z = Interval.z(level);
        double n = trials;
        double centre = value() + z * z / (2 * n);
        double half = z * Math.sqrt(value() * (1 - value()) / n + z * z / (4 * n * n));
        double scale = 1 + z * z / n;
        return interval((centre - half) / scale, (centre + half) / scale, level);
    }

    /** The score interval with continuity correction (Newcombe 1998, method 4), as R's {@code prop.test} gives it. */
    public Interval wilsonWithContinuity(double level) {
        double z = Interval.z(level);
        double n = trials;
        double p = value();
        double centre = 2 * n * p + z * z;
        double scale = 2 * (n + z * z);
        double low = (centre - 1 - z * Math.sqrt(z * z - 2 - 1 / n + 4 * p * (n * (1 - p) + 1))) / scale;
        double high = (centre + 1 + z * Math.sqrt(z * z + 2 - 1 / n + 4 * p * (n * (1 - p) - 1))) / scale;
        return interval(low, high, level);
    }

    /** The exact interval (Clopper & Pearson 1934) by quantiles of the beta distribution; never too narrow. */
    public Interval clopperPearson(double level) {
        double tail = (1 - level) / 2;
        double low = successes == 0 ? 0 : quantile((double) successes, trials - successes + 1.0, tail);
        double high = successes == trials ? 1 : quantile(successes + 1.0, (double) (trials - successes), 1 - tail);
        return new Interval(low, high, level);
    }

    private static double quantile(double a, double b, double probability) {
        return new BetaDistribution(null, a, b, 1e-12).inverseCumulativeProbability(probability);
    }

    /** At 0 and n the formulas give 0 and 1 but for rounding. */
    private Interval interval(double low, double high, double level) {
        return new Interval(successes == 0 ? 0 : Math.max(0, low), successes == trials ? 1 : Math.min(1, high), level);
    }
}
