package io.retainer.statistics.churn;

import io.retainer.statistics.Interval;

/**
 * The logit of the outcome as a line over the logit of the risk (Cox 1958): a slope of 1 and an intercept of 0 are perfect.
 *
 * @param slopeError standard error of the slope, 0 when it was not free
 */
record Line(double intercept, double slope, double slopeError) {

    private static final int STEPS = 50;

    Interval slopeInterval() {
        return Interval.around(slope, slopeError, Interval.USUAL);
    }

    /** By Newton's method; the slope stays 1 when it is not free. */
    static Line through(double[] logits, boolean[] left, boolean free) {
        double intercept = 0;
        double slope = 1;
        double error = 0;
        for (int step = 0; step < STEPS; step++) {
            double g0 = 0;
            double g1 = 0;
            double h00 = 1e-12;
            double h01 = 0;
            double h11 = 1e-12;
            for (int i = 0; i < logits.length; i++) {
                double p = Logit.probability(intercept + slope * logits[i]);
                double residual = p - (left[i] ? 1 : 0);
                double weight = p * (1 - p);
                g0 += residual;
                g1 += residual * logits[i];
                h00 += weight;
                h01 += weight * logits[i];
                h11 += weight * logits[i] * logits[i];
            }
            double determinant = h00 * h11 - h01 * h01;
            // Equal risks for all leave nothing to draw a slope through.
            boolean both = free && determinant > 1e-12 * h00 * h11;
            double d0 = both ? (h11 * g0 - h01 * g1) / determinant : g0 / h00;
            double d1 = both ? (h00 * g1 - h01 * g0) / determinant : 0;
            error = both ? Math.sqrt(h00 / determinant) : 0;
            intercept -= Math.clamp(d0, -2, 2);
            slope -= Math.clamp(d1, -1, 1);
            if (Math.abs(d0) + Math.abs(d1) < 1e-10) {
                break;
            }
        }
        return new Line(intercept, slope, error);
    }
}
