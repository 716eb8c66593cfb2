package io.retainer.statistics.value;

import static io.retainer.statistics.value.SpecialFunctions.logHypergeometric;
import static io.retainer.statistics.value.SpecialFunctions.logRising;
import static io.retainer.statistics.value.SpecialFunctions.logSum;

import io.retainer.statistics.Basis;
import io.retainer.statistics.Measurement;
import io.retainer.statistics.Method;
import java.util.List;

/**
 * The beta-geometric/NBD model (Fader, Hardie & Lee 2005, "Counting your customers the easy way", Marketing Science 24).
 * A customer buys at random with a rate of his own, gamma(r, α) over customers, and stops after any repeat purchase with
 * a probability of his own, beta(a, b) over customers. Who has never bought again cannot have stopped.
 *
 * @param alpha in weeks
 */
public record BgNbd(double r, double alpha, double a, double b) implements BuyingModel {

    public BgNbd {
        if (!(r > 0 && alpha > 0 && a > 0 && b > 0)) {
            throw new IllegalArgumentException("r %s, alpha %s, a %s, b %s".formatted(r, alpha, a, b));
        }
    }

    /** The parameters under which these histories are most likely. */
    public static Measurement<Fitted<BgNbd>> fit(List<CustomerHistory> histories, Basis basis) {
        return Fit.of(new BgNbdLikelihood(histories), histories, basis.by(Method.BG_NBD));
    }

    @Override
    public List<String> parameterNames() {
        return List.of("r", "alpha", "a", "b");
    }

    @Override
    public double[] parameters() {
        return new double[] {r, alpha, a, b};
    }

    /** Equation 6 of the paper, in the form that has A₁ A₂ (A₃ + A₄). */
    @Override
    public double logLikelihood(CustomerHistory history) {
        int x = history.repeats();
        double alive = -(r + x) * Math.log(alpha + history.observed());
        double stopped = x == 0
                ? Double.NEGATIVE_INFINITY
                : Math.log(a / (b + x - 1)) - (r + x) * Math.log(alpha + history.lastRepeat());
        return logRising(r, x) + r * Math.log(alpha) + logRising(b, x) - logRising(a + b, x) + logSum(alive, stopped);
    }

    /** From A₃ and A₄ of equation 6 (Fader, Hardie & Lee 2008, "Computing P(alive) using the BG/NBD model", eq. 1). */
    @Override
    public double probabilityAlive(CustomerHistory history) {
        int x = history.repeats();
        if (x == 0) {
            return 1;
        }
        double odds = Math.log(a / (b + x - 1))
                + (r + x) * Math.log((alpha + history.observed()) / (alpha + history.lastRepeat()));
        return 1 / (1 + Math.exp(odds));
    }

    /**
     * Given alive, the rate is gamma(r + x, α + T) and the dropout probability beta(a, b + x); the mean of λ e^(−λ p u)
     * over both is an Euler integral. Its integral over u is equation 10 of the paper, without the division by a − 1 that
     * makes the published form singular at a = 1.
     */
    @Override
    public double rateIfAlive(CustomerHistory history, double ahead) {
        double n = r + history.repeats();
        double scale = alpha + history.observed();
        double w = ahead / scale;
        double notStopped = -(n + 1) * Math.log1p(w)
                + logHypergeometric(n + 1, b + history.repeats(), a + b + history.repeats(), w / (1 + w));
        return n / scale * Math.exp(notStopped);
    }

    /**
     * Of a customer who has not stopped: k purchases, had he never stopped, come with a negative binomial; he makes all of
     * them, or stops with the last of more.
     */
    @Override
    public double[] countsAhead(CustomerHistory history, double weeks) {
        var never = new Counts(r + history.repeats(), weeks / (alpha + history.observed()));
        double alive = probabilityAlive(history);
        double stays = b + history.repeats();
        var found = new Distribution();
        double unstopped = 1;
        double fewer = 0;
        for (int k = 0; found.open(); k++) {
            double before = unstopped;
            unstopped *= k == 0 ? 1 : (stays + k - 1) / (a + stays + k - 1);
            double exactly = never.of(k);
            double ahead = unstopped * exactly + (before - unstopped) * Math.max(0, 1 - fewer);
            fewer += exactly;
            found.add(alive * ahead + (k == 0 ? 1 - alive : 0));
        }
        return found.probabilities();
    }
}
