package io.retainer.statistics.value;

import static io.retainer.statistics.value.SpecialFunctions.digammaRising;
import static io.retainer.statistics.value.SpecialFunctions.logRising;

import java.util.List;

/** Equation 6 of Fader, Hardie & Lee 2005 over all customers, with its gradient. */
final class BgNbdLikelihood implements Likelihood<BgNbd> {

    private final Histories data;

    BgNbdLikelihood(List<CustomerHistory> histories) {
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
        return List.of(
                logs(0.5, 0.25 / mean, 0.8, 2),
                logs(1, 1 / mean, 1, 1),
                logs(0.2, 0.05 / mean, 0.1, 3),
                logs(3, 3 / mean, 2, 10));
    }

    static double[] logs(double... parameters) {
        var logs = new double[parameters.length];
        for (int i = 0; i < logs.length; i++) {
            logs[i] = Math.log(parameters[i]);
        }
        return logs;
    }

    @Override
    public BgNbd model(double[] logs) {
        return new BgNbd(Math.exp(logs[0]), Math.exp(logs[1]) * data.unit, Math.exp(logs[2]), Math.exp(logs[3]));
    }

    @Override
    public double at(double[] logs, double[] gradient) {
        double r = Math.exp(logs[0]);
        double alpha = Math.exp(logs[1]);
        double a = Math.exp(logs[2]);
        double b = Math.exp(logs[3]);
        double n = data.customers;
        double value = n * r * logs[1];
        double byR = n * logs[1];
        double byAlpha = n * r / alpha;
        double byA = 0;
        double byB = 0;
        for (int i = 0; i < data.distinct.length; i++) {
            int x = data.distinct[i];
            int count = data.distinctCount[i];
            value += count * (logRising(r, x) + logRising(b, x) - logRising(a + b, x));
            byR += count * digammaRising(r, x);
            double both = digammaRising(a + b, x);
            byA -= count * both;
            byB += count * (digammaRising(b, x) - both);
        }
        for (int g = 0; g < data.size; g++) {
            int x = data.repeats[g];
            int count = data.count[g];
            double logObserved = Math.log(alpha + data.observed[g]);
            double alive = -(r + x) * logObserved;
            if (x == 0) {
                value += count * alive;
                byR -= count * logObserved;
                byAlpha -= count * r / (alpha + data.observed[g]);
                continue;
            }
            double logLast = Math.log(alpha + data.lastRepeat[g]);
            double odds = a / (b + x - 1) * Math.exp((r + x) * (logObserved - logLast));
            double aliveShare;
            if (odds < 1e300) {
                value += count * (alive + Math.log1p(odds));
                aliveShare = 1 / (1 + odds);
            } else {
                value += count * (Math.log(a / (b + x - 1)) - (r + x) * logLast);
                aliveShare = 0;
            }
            double stoppedShare = 1 - aliveShare;
            byR -= count * (aliveShare * logObserved + stoppedShare * logLast);
            byAlpha -= count
                    * (r + x)
                    * (aliveShare / (alpha + data.observed[g]) + stoppedShare / (alpha + data.lastRepeat[g]));
            byA += count * stoppedShare / a;
            byB -= count * stoppedShare / (b + x - 1);
        }
        gradient[0] = byR * r;
        gradient[1] = byAlpha * alpha;
        gradient[2] = byA * a;
        gradient[3] = byB * b;
        return value;
    }
}
