package io.retainer.statistics.value;

import org.apache.commons.math3.special.Gamma;

/** The few functions the buying models stand on, in logarithms where the values would not fit a double. */
final class SpecialFunctions {

    private static final int SHORT = 64;
    private static final double SMALL = 1e-17;
    private static final double HUGE = 1e250;
    private static final int LONGEST = 5_000_000;

    private SpecialFunctions() {}

    /** ln Γ(z + n) − ln Γ(z), for short steps without the cancellation of two large logarithms. */
    static double logRising(double z, int n) {
        if (n > SHORT) {
            return Gamma.logGamma(z + n) - Gamma.logGamma(z);
        }
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += Math.log(z + i);
        }
        return sum;
    }

    /** ψ(z + n) − ψ(z). */
    static double digammaRising(double z, int n) {
        if (n > SHORT) {
            return digamma(z + n) - digamma(z);
        }
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += 1 / (z + i);
        }
        return sum;
    }

    /** ψ(z) for z > 0 by recurrence and the asymptotic series (Abramowitz & Stegun 6.3.18), to about 1e-15. */
    static double digamma(double z) {
        double x = z;
        double sum = 0;
        while (x < 12) {
            sum -= 1 / x;
            x++;
        }
        double i = 1 / (x * x);
        return sum
                + Math.log(x)
                - 1 / (2 * x)
                - i
                        * (1.0 / 12
                                - i
                                        * (1.0 / 120
                                                - i
                                                        * (1.0 / 252
                                                                - i
                                                                        * (1.0 / 240
                                                                                - i * (1.0 / 132 - i * 691 / 32760)))));
    }

    /** ln(e^a + e^b); either may be −∞. */
    static double logSum(double a, double b) {
        double high = Math.max(a, b);
        return high == Double.NEGATIVE_INFINITY ? high : high + Math.log1p(Math.exp(Math.min(a, b) - high));
    }

    /**
     * ln ₂F₁(a, b; c; z) for a, b, c > 0 and 0 ≤ z < 1: then all terms are positive and nothing cancels. The sum is
     * scaled down whenever it grows past what a double holds.
     */
    static double logHypergeometric(double a, double b, double c, double z) {
        double term = 1;
        double sum = 1;
        double scaled = 0;
        for (int k = 0; k < LONGEST; k++) {
            double ratio = (a + k) / (c + k) * (b + k) / (1 + k) * z;
            term *= ratio;
            sum += term;
            if (sum > HUGE) {
                sum /= HUGE;
                term /= HUGE;
                scaled += Math.log(HUGE);
            }
            // What is left is at most a geometric series of this ratio, once the ratio has come below one.
            if (ratio < 1 && term < SMALL * sum * (1 - Math.max(ratio, z))) {
                return scaled + Math.log(sum);
            }
        }
        throw new ArithmeticException("2F1(%s, %s; %s; %s) does not settle".formatted(a, b, c, z));
    }
}
