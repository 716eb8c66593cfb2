package io.retainer.statistics.value;

import static io.retainer.statistics.value.SpecialFunctions.logRising;
import static io.retainer.statistics.value.SpecialFunctions.logSum;

import io.retainer.statistics.Basis;
import io.retainer.statistics.Measurement;
import io.retainer.statistics.Method;
import java.util.List;
import org.apache.commons.math3.distribution.GammaDistribution;
import org.apache.commons.math3.random.RandomGenerator;

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

    @Override
    public int simulate(CustomerHistory history, double weeks, RandomGenerator random) {
        if (random.nextDouble() > probabilityAlive(history)) {
            return 0;
        }
        double rate = new GammaDistribution(random, r + history.repeats(), 1 / (alpha + history.observed())).sample();
        double hazard = new GammaDistribution(random, s, 1 / (beta + history.observed())).sample();
        double end = Math.min(weeks, -Math.log1p(-random.nextDouble()) / hazard);
        int bought = 0;
        double time = -Math.log1p(-random.nextDouble()) / rate;
        while (time <= end) {
            bought++;
            time -= Math.log1p(-random.nextDouble()) / rate;
        }
        return bought;
    }
}
