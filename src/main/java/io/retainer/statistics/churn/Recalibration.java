package io.retainer.statistics.churn;

import java.util.stream.IntStream;

/**
 * Draws risks towards the average where customers whom the model had not seen showed them too extreme (Cox 1958; van
 * Houwelingen & le Cessie 1990): with few to learn from, a model finds more than there is.
 *
 * @param slope 1 for none, 0 when the risks say nothing
 */
public record Recalibration(double intercept, double slope) {

    /** Leaves risks as they are. */
    public static final Recalibration NONE = new Recalibration(0, 1);

    /**
     * None, unless it is told apart from chance that the risks are too extreme.
     *
     * @param risk of records the model had not seen
     */
    public static Recalibration of(double[] risk, boolean[] left) {
        var line = Line.through(logits(risk), left, true);
        return line.slopeInterval().high() < 1 ? of(line, risk, left) : NONE;
    }

    private static Recalibration of(Line line, double[] risk, boolean[] left) {
        if (line.slope() > 0) {
            return new Recalibration(line.intercept(), line.slope());
        }
        double gone = 0;
        for (int i = 0; i < risk.length; i++) {
            gone += left[i] ? 1 : 0;
        }
        return new Recalibration(Logit.of(gone / risk.length), 0);
    }

    public double of(double risk) {
        return this.equals(NONE) ? risk : Logit.probability(intercept + slope * Logit.of(risk));
    }

    /** Each risk drawn in by what the other folds say, so that it may be judged like one of a record not seen. */
    public static double[] crossed(double[] risk, boolean[] left, int[] foldOf) {
        var drawn = new double[risk.length];
        int folds = IntStream.of(foldOf).max().orElse(0) + 1;
        for (int fold = 0; fold < folds; fold++) {
            int one = fold;
            var others = IntStream.range(0, risk.length)
                    .filter(i -> foldOf[i] != one)
                    .toArray();
            var risks = IntStream.of(others).mapToDouble(i -> risk[i]).toArray();
            var labels = ChurnModel.pick(left, others);
            var found = of(Line.through(logits(risks), labels, true), risks, labels);
            for (int i = 0; i < risk.length; i++) {
                if (foldOf[i] == one) {
                    drawn[i] = found.of(risk[i]);
                }
            }
        }
        return drawn;
    }

    private static double[] logits(double[] risk) {
        return IntStream.range(0, risk.length)
                .mapToDouble(i -> Logit.of(risk[i]))
                .toArray();
    }
}
