package io.retainer.statistics;

import org.apache.commons.math3.distribution.NormalDistribution;

/**
 * From {@code low} to {@code high}, both included.
 *
 * @param level how often such intervals hold the truth, .95 for 95%
 */
public record Interval(double low, double high, double level) {

    /** The usual level. */
    public static final double USUAL = 0.95;

    private static final NormalDistribution NORMAL = new NormalDistribution(null, 0, 1);

    public Interval {
        if (!(low <= high)) {
            throw new IllegalArgumentException("Not an interval: " + low + " to " + high);
        }
    }

    /** Symmetric around a value that is nearly normal. */
    public static Interval around(double value, double standardError, double level) {
        double half = z(level) * standardError;
        return new Interval(value - half, value + half, level);
    }

    /** Around a positive value whose logarithm is nearly normal. */
    public static Interval aroundPositive(double value, double standardErrorOfLog, double level) {
        double factor = Math.exp(z(level) * standardErrorOfLog);
        return new Interval(value / factor, value * factor, level);
    }

    public boolean contains(double value) {
        return low <= value && value <= high;
    }

    public double width() {
        return high - low;
    }

    /** The two-sided quantile of the standard normal, 1.96 for .95. */
    static double z(double level) {
        return NORMAL.inverseCumulativeProbability(0.5 + level / 2);
    }
}
