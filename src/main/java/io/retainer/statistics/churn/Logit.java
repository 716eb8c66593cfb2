package io.retainer.statistics.churn;

/** The logarithm of odds. */
final class Logit {

    private Logit() {}

    static double probability(double logit) {
        return 1 / (1 + Math.exp(-logit));
    }

    static double of(double probability) {
        double p = Math.clamp(probability, 1e-12, 1 - 1e-12);
        return Math.log(p / (1 - p));
    }

    /** Minus the log-likelihood of one outcome. */
    static double loss(double logit, boolean happened) {
        double wrong = happened ? -logit : logit;
        return wrong > 0 ? wrong + Math.log1p(Math.exp(-wrong)) : Math.log1p(Math.exp(wrong));
    }
}
