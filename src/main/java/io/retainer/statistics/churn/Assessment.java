package io.retainer.statistics.churn;

import io.retainer.statistics.Basis;
import io.retainer.statistics.Interval;
import io.retainer.statistics.Measurement;
import io.retainer.statistics.Method;
import io.retainer.statistics.Proportion;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How good foreseen risks were: who was ranked above whom, and whether the risks are what happened.
 *
 * @param brier mean squared difference of risk and outcome (Brier 1950)
 * @param baseBrier the same when everybody is given the mean of these outcomes
 * @param slope of the logit of the outcome on the logit of the risk (Cox 1958): below 1 the risks are too extreme
 * @param intercept of that line; 0 with a slope of 1 is perfect
 * @param inTheLarge what must be added to all logits so that as many leave as foreseen
 * @param reliability in tenths by risk
 */
public record Assessment(
        long records,
        long left,
        Auroc auroc,
        double brier,
        double baseBrier,
        double slope,
        double intercept,
        double inTheLarge,
        List<Tenth> reliability) {

    static final int FEWEST = 20;
    private static final int STEPS = 50;

    /** Mean risk foreseen and part that left, among records of similar risk. */
    public record Tenth(double foreseen, double happened, Interval interval, int records) {}

    public static Measurement<Assessment> of(double[] risk, boolean[] left, Basis basis) {
        var stands = basis.by(Method.CALIBRATION).on(risk.length);
        long gone = IntStream.range(0, left.length).filter(i -> left[i]).count();
        if (gone < FEWEST || left.length - gone < FEWEST) {
            return Measurement.notMeasurable(stands, "statistics.churn.tooFewEvents", gone, left.length - gone, FEWEST);
        }
        double brier = 0;
        var logits = new double[risk.length];
        for (int i = 0; i < risk.length; i++) {
            double error = risk[i] - (left[i] ? 1 : 0);
            brier += error * error / risk.length;
            logits[i] = Logit.of(risk[i]);
        }
        double rate = (double) gone / left.length;
        var line = line(logits, left, true);
        return Measurement.of(
                new Assessment(
                        left.length,
                        gone,
                        Auroc.of(risk, left),
                        brier,
                        rate * (1 - rate),
                        line[1],
                        line[0],
                        line(logits, left, false)[0],
                        tenths(risk, left)),
                stands);
    }

    /** Intercept and slope by Newton's method; the slope stays 1 when it is not free. */
    private static double[] line(double[] logits, boolean[] left, boolean free) {
        double intercept = 0;
        double slope = 1;
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
            intercept -= Math.clamp(d0, -2, 2);
            slope -= Math.clamp(d1, -1, 1);
            if (Math.abs(d0) + Math.abs(d1) < 1e-10) {
                break;
            }
        }
        return new double[] {intercept, slope};
    }

    private static List<Tenth> tenths(double[] risk, boolean[] left) {
        var order = IntStream.range(0, risk.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> risk[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        var tenths = new ArrayList<Tenth>();
        for (int tenth = 0; tenth < 10; tenth++) {
            int from = (int) ((long) tenth * order.length / 10);
            int to = (int) ((long) (tenth + 1) * order.length / 10);
            double foreseen = 0;
            int gone = 0;
            for (int i = from; i < to; i++) {
                foreseen += risk[order[i]];
                gone += left[order[i]] ? 1 : 0;
            }
            var share = new Proportion(gone, to - from);
            tenths.add(new Tenth(foreseen / (to - from), share.value(), share.wilson(Interval.USUAL), to - from));
        }
        return List.copyOf(tenths);
    }
}
