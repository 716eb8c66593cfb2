package io.retainer.statistics;

import java.util.function.DoubleUnaryOperator;
import org.apache.commons.math3.analysis.solvers.BrentSolver;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.distribution.TDistribution;

/** How many people two groups of equal size need, and what power a given size has. Two-sided tests. */
public final class SampleSize {

    private static final double LARGEST = 1e9;
    private static final NormalDistribution NORMAL = new NormalDistribution(null, 0, 1);

    private SampleSize() {}

    /**
     * The power to tell two proportions apart, by the normal approximation with unpooled variance under the
     * alternative (Fleiss, Levin & Paik 2003, eq. 4.14), as R's {@code power.prop.test}.
     *
     * @param perGroup size of each group; need not be whole
     */
    public static double powerOfProportions(double p1, double p2, double perGroup, double alpha) {
        double z = NORMAL.inverseCumulativeProbability(1 - alpha / 2);
        double pooled = Math.sqrt((p1 + p2) * (1 - (p1 + p2) / 2));
        double apart = Math.sqrt(p1 * (1 - p1) + p2 * (1 - p2));
        return NORMAL.cumulativeProbability((Math.sqrt(perGroup) * Math.abs(p1 - p2) - z * pooled) / apart);
    }

    /** The size of each group for the power wanted, exact to the fraction; round up to use it. */
    public static double ofProportions(double p1, double p2, double power, double alpha) {
        check(p1 != p2, power, alpha);
        return solve(n -> powerOfProportions(p1, p2, n, alpha), power, 1e-9);
    }

    /** The power of Student's test of two means, by the noncentral t distribution, as R's {@code power.t.test}. */
    public static double powerOfMeans(double difference, double deviation, double perGroup, double alpha) {
        double freedom = 2 * (perGroup - 1);
        double critical = new TDistribution(null, freedom).inverseCumulativeProbability(1 - alpha / 2);
        double shift = Math.sqrt(perGroup / 2) * Math.abs(difference) / deviation;
        return 1 - NoncentralT.cumulativeProbability(critical, freedom, shift);
    }

    /** The size of each group for the power wanted, exact to the fraction; round up to use it. */
    public static double ofMeans(double difference, double deviation, double power, double alpha) {
        check(difference != 0 && deviation > 0, power, alpha);
        return solve(n -> powerOfMeans(difference, deviation, n, alpha), power, 2);
    }

    private static void check(boolean differ, double power, double alpha) {
        if (!differ || !(power > 0 && power < 1) || !(alpha > 0 && alpha < 1)) {
            throw new IllegalArgumentException("There must be a difference, and power and alpha between 0 and 1");
        }
    }

    private static double solve(DoubleUnaryOperator power, double wanted, double smallest) {
        if (power.applyAsDouble(smallest) >= wanted) {
            return smallest;
        }
        double high = Math.max(4, smallest);
        while (power.applyAsDouble(high) < wanted) {
            high *= 2;
            if (high > LARGEST) {
                throw new IllegalArgumentException("The difference is too small for any sample");
            }
        }
        return new BrentSolver(1e-13, 1e-10).solve(1000, n -> power.applyAsDouble(n) - wanted, smallest, high);
    }
}
