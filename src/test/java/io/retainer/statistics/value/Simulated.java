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
}
