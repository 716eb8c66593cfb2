package io.retainer.statistics.value;

/**
 * Purchases at a rate that is gamma(shape, scale) over a time of so many scales: a negative binomial, asked for 0, 1, 2, …
 * in this order. Kept as logarithms, since of a frequent buyer none at all is less likely than a double can say.
 */
final class Counts {

    private final double shape;
    private final double logRatio;
    private double log;
    private int next;

    Counts(double shape, double times) {
        this.shape = shape;
        log = -shape * Math.log1p(times);
        logRatio = Math.log(times) - Math.log1p(times);
    }

    double of(int k) {
        if (k != next) {
            throw new IllegalArgumentException("%d asked for, %d is next".formatted(k, next));
        }
        double probability = Math.exp(log);
        log += Math.log((shape + k) / (k + 1)) + logRatio;
        next++;
        return probability;
    }
}
