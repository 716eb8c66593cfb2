package io.retainer.statistics.value;

import java.util.ArrayList;
import java.util.List;
import org.apache.commons.math3.distribution.BetaDistribution;
import org.apache.commons.math3.distribution.GammaDistribution;
import org.apache.commons.math3.random.RandomGenerator;
import org.apache.commons.math3.random.Well19937c;

/** Customers who behave exactly as a model says, with what they bought afterwards. */
@SuppressWarnings("ArrayRecordComponent")
public record Simulated(List<CustomerHistory> histories, int[] later) {

    /** Observed for up to {@code weeks}, in whole days, then for as long again. */
    public static Simulated bgNbd(BgNbd model, GammaGamma spending, int customers, double weeks, long seed) {
        var random = new Well19937c(seed);
        var histories = new ArrayList<CustomerHistory>();
        var later = new int[customers];
        for (int i = 0; i < customers; i++) {
            double observed = Math.ceil(random.nextDouble() * weeks / 3 * 7) / 7 + weeks * 2 / 3;
            double rate = new GammaDistribution(random, model.r(), 1 / model.alpha()).sample();
            double stop = new BetaDistribution(random, model.a(), model.b()).sample();
            double time = 0;
            double last = 0;
            int repeats = 0;
            boolean alive = true;
            while (alive) {
                time -= Math.log1p(-random.nextDouble()) / rate;
                if (time > observed + weeks) {
                    break;
                }
                if (time <= observed) {
                    repeats++;
                    last = time;
                } else {
                    later[i]++;
                }
                alive = random.nextDouble() >= stop;
            }
            histories.add(new CustomerHistory(
                    "c" + i, repeats, last, observed, repeats == 0 ? 0 : spend(spending, repeats, random)));
        }
        return new Simulated(histories, later);
    }

    private static double spend(GammaGamma spending, int purchases, RandomGenerator random) {
        double scale = new GammaDistribution(random, spending.q(), 1 / spending.v()).sample();
        return new GammaDistribution(random, spending.p() * purchases, 1 / scale).sample() / purchases;
    }

    /** One draw of how often a customer buys in the weeks ahead. */
    static int ahead(BuyingModel model, CustomerHistory history, double weeks, RandomGenerator random) {
        if (random.nextDouble() > model.probabilityAlive(history)) {
            return 0;
        }
        return switch (model) {
            case BgNbd bg -> {
                double rate = rate(bg.r(), bg.alpha(), history, random);
                double stop = new BetaDistribution(random, bg.a(), bg.b() + history.repeats()).sample();
                int bought = 0;
                double time = wait(rate, random);
                while (time <= weeks) {
                    bought++;
                    time = random.nextDouble() < stop ? weeks + 1 : time + wait(rate, random);
                }
                yield bought;
            }
            case ParetoNbd pareto -> {
                double rate = rate(pareto.r(), pareto.alpha(), history, random);
                double hazard =
                        new GammaDistribution(random, pareto.s(), 1 / (pareto.beta() + history.observed())).sample();
                double end = Math.min(weeks, wait(hazard, random));
                int bought = 0;
                for (double time = wait(rate, random); time <= end; time += wait(rate, random)) {
                    bought++;
                }
                yield bought;
            }
        };
    }

    /** One draw of what so many purchases bring. */
    static double total(GammaGamma spending, CustomerHistory history, int purchases, RandomGenerator random) {
        if (purchases == 0) {
            return 0;
        }
        int x = history.averageSpend() > 0 ? history.repeats() : 0;
        double scale = new GammaDistribution(
                        random, spending.q() + spending.p() * x, 1 / (spending.v() + x * history.averageSpend()))
                .sample();
        return new GammaDistribution(random, spending.p() * purchases, 1 / scale).sample();
    }

    private static double rate(double r, double alpha, CustomerHistory history, RandomGenerator random) {
        return new GammaDistribution(random, r + history.repeats(), 1 / (alpha + history.observed())).sample();
    }

    private static double wait(double rate, RandomGenerator random) {
        return -Math.log1p(-random.nextDouble()) / rate;
    }
}
