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
import org.jspecify.annotations.Nullable;

/**
 * How good foreseen risks were: who was ranked above whom, and whether the risks are what happened.
 *
 * @param brier mean squared difference of risk and outcome (Brier 1950)
 * @param baseBrier the same when everybody is given the mean of these outcomes
 * @param slope of the logit of the outcome on the logit of the risk (Cox 1958): below 1 the risks are too extreme
 * @param slopeInterval for the slope, from the curvature of the likelihood; null in reports from before it was kept
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
        @Nullable Interval slopeInterval,
        double intercept,
        double inTheLarge,
        List<Tenth> reliability) {

    static final int FEWEST = 20;

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
        var line = Line.through(logits, left, true);
        return Measurement.of(
                new Assessment(
                        left.length,
                        gone,
                        Auroc.of(risk, left),
                        brier,
                        rate * (1 - rate),
                        line.slope(),
                        line.slopeInterval(),
                        line.intercept(),
                        Line.through(logits, left, false).intercept(),
                        tenths(risk, left)),
                stands);
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
