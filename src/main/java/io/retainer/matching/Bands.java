package io.retainer.matching;

import java.util.Arrays;

/**
 * The three bands, chosen from the probabilities alone: so many may be merged that at most one in a hundred of them is expected
 * to be wrong, and so many set apart that at most one match in a hundred is expected to be lost. What is nearly hopeless is set apart all
 * the same: where there are no duplicates, people would be asked about thousands of strangers.
 *
 * @param mergeFrom bits from which a pair is merged
 * @param apartBelow bits below which it is set apart
 */
public record Bands(double mergeFrom, double apartBelow) {

    private static final double WRONG = 0.01;
    private static final double LOST = 0.01;

    /** Never merge what is less sure than this, whatever the average: 0.95. */
    static final double LEAST_TO_MERGE = Math.log(19) / Math.log(2);

    /** Never ask people about what is less likely than this, however many such pairs there are: 0.005. */
    private static final double HOPELESS = Math.log(0.005 / 0.995) / Math.log(2);

    static Bands of(float[] scores) {
        var sorted = scores.clone();
        Arrays.parallelSort(sorted);
        double matches = 0;
        for (float score : sorted) {
            matches += Weights.probability(score);
        }
        double merge = LEAST_TO_MERGE;
        double wrong = 0;
        for (int i = sorted.length - 1, taken = 1; i >= 0; i--, taken++) {
            wrong += 1 - Weights.probability(sorted[i]);
            if (wrong > WRONG * taken || sorted[i] < LEAST_TO_MERGE) {
                merge = Math.max(LEAST_TO_MERGE, Math.nextUp(sorted[i]));
                break;
            }
        }
        double apart = 0;
        double lost = 0;
        for (float score : sorted) {
            lost += Weights.probability(score);
            if (lost > LOST * matches || score >= 0) {
                apart = Math.min(0, score);
                break;
            }
        }
        return new Bands(merge, Math.clamp(apart, HOPELESS, merge));
    }

    /** The band of a pair with these log2 odds. */
    public Band of(double bits) {
        if (bits >= mergeFrom) {
            return Band.MERGE;
        }
        return bits < apartBelow ? Band.APART : Band.REVIEW;
    }
}
