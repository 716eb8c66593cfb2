package io.retainer.statistics.value;

import static io.retainer.statistics.value.SpecialFunctions.logRising;
import static io.retainer.statistics.value.SpecialFunctions.logSum;

import io.retainer.statistics.Basis;
import io.retainer.statistics.Measurement;
import io.retainer.statistics.Method;
import java.util.List;

/**
 * The Pareto/NBD model (Schmittlein, Morrison & Colombo 1987; in the notation of Fader & Hardie 2005, "A note on
 * deriving the Pareto/NBD model"). A customer buys at random with a rate of his own, gamma(r, α) over customers, and
 * stops at any moment with a hazard of his own, gamma(s, β) over customers.
 *
 * @param alpha in weeks
 * @param beta in weeks
 */
public record ParetoNbd(double r, double alpha, double s, double beta) implements BuyingModel {

    public ParetoNbd {
        if (!(r > 0 && alpha > 0 && s > 0 && beta > 0)) {
            throw new IllegalArgumentException("r %s, alpha %s, s %s, beta %s".formatted(r, alpha, s, beta));
        }
    }

    /** The parameters under which these histories are most likely. */
    public static Measurement<Fitted<ParetoNbd>> fit(List<CustomerHistory> histories, Basis basis) {
        return Fit.of(new ParetoNbdLikelihood(histories), histories, basis.by(Method.PARETO_NBD));
    }

    @Override
    public List<String> parameterNames() {
        return List.of("r", "alpha", "s", "beta");
    }

    @Override
    public double[] parameters() {
        return new double[] {r, alpha, s, beta};
    }

    @Override
    public double logLikelihood(CustomerHistory history) {
        return logRising(r, history.repeats())
                + r * Math.log(alpha)
                + s * Math.log(beta)
                + logSum(logAlive(history), logStopped(history));
    }

    @Override
    public double probabilityAlive(CustomerHistory history) {
        return 1 / (1 + Math.exp(logStopped(history) - logAlive(history)));
    }

    private double logAlive(CustomerHistory history) {
        return -(r + history.repeats()) * Math.log(alpha + history.observed())
                - s * Math.log(beta + history.observed());
    }

    private double logStopped(CustomerHistory history) {
        var stopped = new StoppedIntegral();
        stopped.compute(r + history.repeats(), alpha, s, beta, history.lastRepeat(), history.observed());
        return Math.log(s) + stopped.logValue;
    }

    /** Given alive, the rate is gamma(r + x, α + T) and the hazard gamma(s, β + T), independent of each other. */
    @Override
    public double rateIfAlive(CustomerHistory history, double ahead) {
        double scale = beta + history.observed();
        return (r + history.repeats()) / (alpha + history.observed()) * Math.exp(-s * Math.log1p(ahead / scale));
    }

    /** A negative binomial over the time until he stops or the weeks are over, averaged over when he stops. */
    @Override
    public double[] countsAhead(CustomerHistory history, double weeks) {
        double shape = r + history.repeats();
        double scale = alpha + history.observed();
        double slow = beta + history.observed();
        double lasts = Math.exp(-s * Math.log1p(weeks / slow));
        double alive = probabilityAlive(history);
        var whole = new Counts(shape, weeks / scale);
        var until = new Counts[AHEAD.size()];
        for (int i = 0; i < until.length; i++) {
            // By the probability of still being there, so that each node stands for an equal part of customers.
            double there = lasts + (1 - lasts) * (1 + AHEAD.node(i)) / 2;
            until[i] = new Counts(shape, slow * Math.expm1(-Math.log(there) / s) / scale);
        }
        var found = new Distribution();
        for (int k = 0; found.open(); k++) {
            double ahead = lasts * whole.of(k);
            for (int i = 0; i < until.length; i++) {
                ahead += (1 - lasts) * AHEAD.weight(i) / 2 * until[i].of(k);
            }
            found.add(alive * ahead + (k == 0 ? 1 - alive : 0));
        }
        return found.probabilities();
    }
}
