package io.retainer.statistics.value;

import static io.retainer.statistics.value.BgNbdLikelihood.logs;
import static io.retainer.statistics.value.SpecialFunctions.digammaRising;
import static io.retainer.statistics.value.SpecialFunctions.logRising;
import static io.retainer.statistics.value.SpecialFunctions.logSum;

import java.util.List;

/** The likelihood of Schmittlein, Morrison & Colombo 1987 over all customers, with its gradient. */
final class ParetoNbdLikelihood implements Likelihood<ParetoNbd> {

    private final Histories data;

    ParetoNbdLikelihood(List<CustomerHistory> histories) {
        data = new Histories(histories);
    }

    @Override
    public int dimension() {
        return 4;
    }

    @Override
    public long observations() {
        return data.customers;
    }

    @Override
    public double constant() {
        return data.logJacobian;
    }

    @Override
    public List<double[]> starts() {
        double mean = Math.max(1e-3, data.meanRepeats());
        return List.of(logs(0.5, 0.3 / mean, 0.6, 0.3), logs(1, 1 / mean, 1, 1), logs(2, 1 / mean, 0.3, 0.1));
    }

    @Override
    public ParetoNbd model(double[] logs) {
        return new ParetoNbd(
                Math.exp(logs[0]), Math.exp(logs[1]) * data.unit, Math.exp(logs[2]), Math.exp(logs[3]) * data.unit);
    }

    @Override
    public double at(double[] logs, double[] gradient) {
        double r = Math.exp(logs[0]);
        double alpha = Math.exp(logs[1]);
        double s = Math.exp(logs[2]);
        double beta = Math.exp(logs[3]);
        double n = data.customers;
        double value = n * (r * logs[1] + s * logs[3]);
        double byR = n * logs[1];
        double byAlpha = n * r / alpha;
        double byS = n * logs[3];
        double byBeta = n * s / beta;
        for (int i = 0; i < data.distinct.length; i++) {
            value += data.distinctCount[i] * logRising(r, data.distinct[i]);
            byR += data.distinctCount[i] * digammaRising(r, data.distinct[i]);
        }
        var stopped = new StoppedIntegral();
        for (int g = 0; g < data.size; g++) {
            int count = data.count[g];
            double buys = r + data.repeats[g];
            double observed = data.observed[g];
            double logAlpha = Math.log(alpha + observed);
            double logBeta = Math.log(beta + observed);
            double alive = -buys * logAlpha - s * logBeta;
            stopped.compute(buys, alpha, s, beta, data.lastRepeat[g], observed);
            double gone = logs[2] + stopped.logValue;
            double total = logSum(alive, gone);
            double aliveShare = Math.exp(alive - total);
            double goneShare = 1 - aliveShare;
            value += count * total;
            byR += count * (-aliveShare * logAlpha + goneShare * stopped.byN);
            byAlpha += count * (-aliveShare * buys / (alpha + observed) + goneShare * stopped.byAlpha);
            byS += count * (-aliveShare * logBeta + goneShare * (1 / s + stopped.byS));
            byBeta += count * (-aliveShare * s / (beta + observed) + goneShare * stopped.byBeta);
        }
        gradient[0] = byR * r;
        gradient[1] = byAlpha * alpha;
        gradient[2] = byS * s;
        gradient[3] = byBeta * beta;
        return value;
    }
}
