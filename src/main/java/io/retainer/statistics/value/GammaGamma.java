package io.retainer.statistics.value;

import io.retainer.statistics.Basis;
import io.retainer.statistics.Measurement;
import io.retainer.statistics.Method;
import java.util.List;
import org.apache.commons.math3.analysis.UnivariateFunction;
import org.apache.commons.math3.analysis.solvers.BrentSolver;
import org.apache.commons.math3.special.Beta;

/**
 * The gamma-gamma model of spending (Fader, Hardie & Lee 2005, "RFM and CLV"; Fader & Hardie 2013, "The gamma-gamma model
 * of monetary value"). What a customer spends on a purchase is gamma(p, ν) with a ν of his own, gamma(q, v) over
 * customers, independent of how often he buys.
 *
 * @param v in the currency of the data
 */
public record GammaGamma(double p, double q, double v) implements ParametricModel {

    public GammaGamma {
        if (!(p > 0 && q > 0 && v > 0)) {
            throw new IllegalArgumentException("p %s, q %s, v %s".formatted(p, q, v));
        }
    }

    private static final double EXACT = 1e-4;
    private static final double NOTHING = 1e-8;
    private static final double FARTHEST = 35;
    private static final int MOST_STEPS = 200;

    /** When one of a hundred and more customers spent more than all others together, a mean of theirs is his. */
    private static final double ONE_DECIDES = 0.5;

    @Override
    public List<String> parameterNames() {
        return List.of("p", "q", "v");
    }

    @Override
    public double[] parameters() {
        return new double[] {p, q, v};
    }

    /** Fitted to those who bought again and spent something. */
    public static Measurement<Fitted<GammaGamma>> fit(List<CustomerHistory> histories, Basis basis) {
        var buyers = histories.stream()
                .filter(h -> h.repeats() > 0 && h.averageSpend() > 0)
                .toList();
        double most = 0;
        double all = 0;
        for (var buyer : buyers) {
            double spent = buyer.repeats() * buyer.averageSpend();
            most = Math.max(most, spent);
            all += spent;
        }
        if (buyers.size() >= Fit.FEWEST_CUSTOMERS && most > ONE_DECIDES * all) {
            return Measurement.notMeasurable(
                    basis.by(Method.GAMMA_GAMMA).on(buyers.size()),
                    "statistics.value.oneDecides",
                    "%.0f%%".formatted(100 * most / all));
        }
        return Fit.of(new GammaGammaLikelihood(buyers), buyers, basis.by(Method.GAMMA_GAMMA));
    }

    /**
     * What a purchase of this customer is worth on average (2013, eq. 5): between what he spent and what all spend. Not
     * a number when the mean of all is not finite (q ≤ 1) and the customer adds nothing.
     */
    public double expectedSpend(CustomerHistory history) {
        int x = history.averageSpend() > 0 ? history.repeats() : 0;
        double shape = p * x + q - 1;
        return shape > 0 ? p * (v + x * history.averageSpend()) / shape : Double.NaN;
    }

    /** The mean of one purchase over all customers. */
    public double meanSpend() {
        return q > 1 ? p * v / (q - 1) : Double.NaN;
    }

    /**
     * The sum that is not exceeded with a probability of {@code level}, when the customer makes k purchases with these
     * probabilities. Given k, the sum over the sum and v + x z̄ is beta(p k, q + p x).
     */
    double totalQuantile(CustomerHistory history, double[] counts, double level) {
        if (counts[0] >= level) {
            return 0;
        }
        int x = history.averageSpend() > 0 ? history.repeats() : 0;
        double shape = q + p * x;
        double scale = v + x * history.averageSpend();
        UnivariateFunction over = at -> {
            double part = 1 / (1 + Math.exp(-at));
            double below = counts[0];
            for (int k = 1; k < counts.length; k++) {
                if (counts[k] > NOTHING) {
                    below += counts[k] * Beta.regularizedBeta(part, p * k, shape);
                }
            }
            return below - level;
        };
        if (over.value(-FARTHEST) >= 0) {
            return 0;
        }
        return scale
                * Math.exp(
                        over.value(FARTHEST) <= 0
                                ? FARTHEST
                                : new BrentSolver(1e-9, EXACT).solve(MOST_STEPS, over, -FARTHEST, FARTHEST));
    }

    /**
     * The correlation of how often with how much among those who bought again. The model takes it for zero.
     */
    public static double dependence(List<CustomerHistory> histories) {
        var buyers = histories.stream()
                .filter(h -> h.repeats() > 0 && h.averageSpend() > 0)
                .toList();
        return Correlation.of(
                buyers.stream().mapToDouble(CustomerHistory::repeats).toArray(),
                buyers.stream().mapToDouble(CustomerHistory::averageSpend).toArray());
    }
}
