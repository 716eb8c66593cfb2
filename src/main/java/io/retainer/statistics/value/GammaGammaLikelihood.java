package io.retainer.statistics.value;

import static io.retainer.statistics.value.BgNbdLikelihood.logs;
import static io.retainer.statistics.value.SpecialFunctions.digamma;

import java.util.List;
import org.apache.commons.math3.special.Gamma;

/** Equation 1a of Fader & Hardie 2013 over all who bought again, with its gradient; spending in units of its mean. */
final class GammaGammaLikelihood implements Likelihood<GammaGamma> {

    private final int[] repeats;
    private final double[] spend;
    private final double unit;
    private final double logSpent;

    GammaGammaLikelihood(List<CustomerHistory> buyers) {
        repeats = buyers.stream().mapToInt(CustomerHistory::repeats).toArray();
        unit = buyers.stream()
                .mapToDouble(CustomerHistory::averageSpend)
                .average()
                .orElse(1);
        spend = buyers.stream().mapToDouble(h -> h.averageSpend() / unit).toArray();
        double logs = 0;
        for (var buyer : buyers) {
            logs += Math.log(buyer.averageSpend());
        }
        logSpent = logs;
    }

    @Override
    public int dimension() {
        return 3;
    }

    @Override
    public long observations() {
        return spend.length;
    }

    /** The density is of z itself: the factor 1/z, which holds no parameter. */
    @Override
    public double constant() {
        return -logSpent;
    }

    @Override
    public List<double[]> starts() {
        return List.of(logs(5, 4, 0.6), logs(1, 2, 1), logs(10, 10, 1));
    }

    @Override
    public GammaGamma model(double[] logs) {
        return new GammaGamma(Math.exp(logs[0]), Math.exp(logs[1]), Math.exp(logs[2]) * unit);
    }

    @Override
    public double at(double[] logs, double[] gradient) {
        double p = Math.exp(logs[0]);
        double q = Math.exp(logs[1]);
        double v = Math.exp(logs[2]);
        double n = spend.length;
        double value = n * (q * logs[2] - Gamma.logGamma(q));
        double byP = 0;
        double byQ = n * (logs[2] - digamma(q));
        double byV = n * q / v;
        for (int i = 0; i < spend.length; i++) {
            int x = repeats[i];
            double spent = x * spend[i];
            double logSpent = Math.log(spent);
            double logBoth = Math.log(v + spent);
            double shape = p * x + q;
            double psi = digamma(shape);
            value += Gamma.logGamma(shape) - Gamma.logGamma(p * x) + p * x * logSpent - shape * logBoth;
            byP += x * (psi - digamma(p * x) + logSpent - logBoth);
            byQ += psi - logBoth;
            byV -= shape / (v + spent);
        }
        gradient[0] = byP * p;
        gradient[1] = byQ * q;
        gradient[2] = byV * v;
        return value;
    }
}
