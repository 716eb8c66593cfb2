package io.retainer.matching;

/**
 * Two records and what speaks for their being one.
 *
 * @param first row of the one, the lower
 * @param second row of the other
 * @param bits log2 of the odds
 */
public record ScoredPair(int first, int second, double bits) {

    /** In 0..1. */
    public double probability() {
        return Weights.probability(bits);
    }
}
