package io.retainer.statistics.value;

/** How customers buy until, one day, they silently stop. Times are in weeks. */
public sealed interface BuyingModel extends ParametricModel permits BgNbd, ParetoNbd {

    Quadrature AHEAD = new Quadrature(32);

    /** The logarithm of the likelihood of one history. */
    double logLikelihood(CustomerHistory history);

    /** The probability that the customer has not stopped at the end of observation. */
    double probabilityAlive(CustomerHistory history);

    /** Purchases a week to be expected, so many weeks ahead, of a customer who has not stopped by now. */
    double rateIfAlive(CustomerHistory history, double ahead);

    /**
     * The probabilities that one such customer buys not at all, once, twice, … in the weeks ahead; what little is left out is
     * more than anybody will buy.
     */
    double[] countsAhead(CustomerHistory history, double weeks);

    /** Purchases to be expected in the weeks after the end of observation. */
    default double expectedPurchases(CustomerHistory history, double weeks) {
        return discountedPurchases(history, weeks, 0);
    }

    /**
     * The same, each purchase counting e^(−discount · weeks until then).
     *
     * @param discount continuous rate per week
     */
    default double discountedPurchases(CustomerHistory history, double weeks, double discount) {
        double sum = 0;
        // The rate falls fastest at first: panels that double in length keep a long horizon exact.
        double from = 0;
        double length = Math.max(weeks / 16, Math.min(weeks, Math.max(1, history.observed())));
        while (from < weeks) {
            double to = Math.min(weeks, from + length);
            sum += AHEAD.integrate(ahead -> rateIfAlive(history, ahead) * Math.exp(-discount * ahead), from, to);
            from = to;
            length *= 2;
        }
        return probabilityAlive(history) * sum;
    }
}
