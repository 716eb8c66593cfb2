package io.retainer.statistics;

import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.special.Beta;
import org.apache.commons.math3.special.Gamma;

/** The noncentral t distribution as a Poisson mixture of incomplete beta functions (Lenth 1989, AS 243). */
final class NoncentralT {

    private static final NormalDistribution NORMAL = new NormalDistribution(null, 0, 1);
    private static final int LONGEST = 100_000;

    private NoncentralT() {}

    /** P(T ≤ t) for t ≥ 0 and a shift ≥ 0. */
    static double cumulativeProbability(double t, double freedom, double shift) {
        if (t < 0 || shift < 0) {
            throw new IllegalArgumentException("Only for t and shift of at least 0");
        }
        if (freedom > 4e5) {
            // Abramowitz & Stegun 26.7.10; the mixture would need too many terms to add anything to this.
            double s = 1 - 1 / (4 * freedom);
            return NORMAL.cumulativeProbability((t * s - shift) / Math.sqrt(1 + t * t / (2 * freedom)));
        }
        double x = t * t / (t * t + freedom);
        double half = shift * shift / 2;
        double sum = 0;
        int middle = (int) half;
        // Outwards from the largest weight, so that nothing underflows when the shift is large.
        for (int j = middle; j >= 0; j--) {
            double term = term(j, half, shift, x, freedom);
            sum += term;
            if (term < 1e-17) {
                break;
            }
        }
        for (int j = middle + 1; j < middle + LONGEST; j++) {
            double term = term(j, half, shift, x, freedom);
            sum += term;
            if (term < 1e-17) {
                break;
            }
        }
        return Math.min(1, NORMAL.cumulativeProbability(-shift) + sum / 2);
    }

    private static double term(int j, double half, double shift, double x, double freedom) {
        if (x == 0) {
            return 0;
        }
        double logHalf = half == 0 ? (j == 0 ? 0 : Double.NEGATIVE_INFINITY) : j * Math.log(half);
        double p = Math.exp(-half + logHalf - Gamma.logGamma(j + 1));
        double q = shift == 0
                ? 0
                : Math.exp(Math.log(shift) - 0.5 * Math.log(2) - half + logHalf - Gamma.logGamma(j + 1.5));
        return p * Beta.regularizedBeta(x, j + 0.5, freedom / 2)
                + (q == 0 ? 0 : q * Beta.regularizedBeta(x, j + 1.0, freedom / 2));
    }
}
