package io.retainer.statistics.value;

import static io.retainer.statistics.value.SpecialFunctions.logHypergeometric;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.retainer.statistics.Basis;
import io.retainer.statistics.Interval;
import io.retainer.statistics.Measurement;
import io.retainer.statistics.Measurement.Measured;
import io.retainer.statistics.Measurement.NotMeasurable;
import io.retainer.statistics.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.apache.commons.math3.random.Well19937c;
import org.apache.commons.math3.special.Gamma;
import org.junit.jupiter.api.Test;

class BuyingModelTests {

    private static final Basis BASIS = new Basis("simulated", null, 0, Method.BG_NBD);
    /** The parameters the paper gives for CDNOW. */
    private static final BgNbd PAPER = new BgNbd(.243, 4.414, .793, 2.426);

    private static final ParetoNbd PARETO = new ParetoNbd(.553, 10.580, .606, 11.656);
    private static final GammaGamma SPENDING = new GammaGamma(6.25, 3.74, 15.44);
    private static final CustomerHistory FIRST = new CustomerHistory("1", 2, 30.43, 38.86, 22.35);

    /** The worked example of Fader, Hardie & Lee 2005: customer 1 is expected to buy 1.226 times in 39 weeks. */
    @Test
    void theFirstCustomerOfThePaperIsExpectedToBuyAsThePaperSays() {
        assertThat(PAPER.expectedPurchases(FIRST, 39)).isEqualTo(1.226, within(.001));
        // And at a newcomer: equation 9 of the paper.
        double t = 52;
        double published = (PAPER.a() + PAPER.b() - 1)
                / (PAPER.a() - 1)
                * (1
                        - Math.exp(PAPER.r() * Math.log(PAPER.alpha() / (PAPER.alpha() + t))
                                + logHypergeometric(
                                        PAPER.r(), PAPER.b(), PAPER.a() + PAPER.b() - 1, t / (PAPER.alpha() + t))));
        assertThat(PAPER.expectedPurchases(CustomerHistory.newcomer(), t)).isEqualTo(published, within(1e-9));
    }

    /** The published form of equation 10, where it has no singularity, is what we integrate. */
    @Test
    void expectedPurchasesAgreeWithTheClosedForm() {
        var random = new Random(3);
        for (int i = 0; i < 300; i++) {
            var model = new BgNbd(
                    .1 + 3 * random.nextDouble(),
                    .5 + 10 * random.nextDouble(),
                    1.2 + 3 * random.nextDouble(),
                    .3 + 4 * random.nextDouble());
            int x = random.nextInt(30);
            double observed = 10 + 60 * random.nextDouble();
            var history = new CustomerHistory("", x, x == 0 ? 0 : observed * random.nextDouble(), observed, 0);
            double t = 100 * random.nextDouble();
            double c = model.a() + model.b() + x - 1;
            double scale = model.alpha() + observed;
            double power = Math.exp((model.r() + x) * Math.log(scale / (scale + t))
                    + logHypergeometric(model.r() + x, model.b() + x, c, t / (scale + t)));
            double closed = c / (model.a() - 1) * (1 - power) * model.probabilityAlive(history);
            assertThat(model.expectedPurchases(history, t))
                    .as(model + " " + history + " " + t)
                    .isEqualTo(closed, within(1e-7 * (1 + closed)));
        }
        // At a = 1 the published form divides by zero.
        assertThat(new BgNbd(1, 5, 1, 2).expectedPurchases(FIRST, 10)).isBetween(.1, 5.0);
    }

    /** The Pareto/NBD likelihood as the literature writes it, with hypergeometric functions (Fader & Hardie 2005). */
    @Test
    void theParetoLikelihoodAgreesWithTheClosedForm() {
        var random = new Random(4);
        for (int i = 0; i < 500; i++) {
            double r = .1 + 3 * random.nextDouble();
            double s = .1 + 3 * random.nextDouble();
            double alpha = .5 + 20 * random.nextDouble();
            double beta = .5 + 20 * random.nextDouble();
            int x = random.nextInt(25);
            double observed = 10 + 60 * random.nextDouble();
            double last = x == 0 ? 0 : observed * .9 * random.nextDouble();
            double most = Math.max(alpha, beta);
            double gap = Math.abs(alpha - beta);
            double second = alpha >= beta ? s + 1 : r + x;
            double all = r + s + x;
            double a1 = logHypergeometric(all, second, all + 1, gap / (most + last)) - all * Math.log(most + last);
            double a2 =
                    logHypergeometric(all, second, all + 1, gap / (most + observed)) - all * Math.log(most + observed);
            double stopped = Math.log(s / all) + a1 + Math.log1p(-Math.exp(a2 - a1));
            double alive = -(r + x) * Math.log(alpha + observed) - s * Math.log(beta + observed);
            double closed = Gamma.logGamma(r + x)
                    - Gamma.logGamma(r)
                    + r * Math.log(alpha)
                    + s * Math.log(beta)
                    + SpecialFunctions.logSum(alive, stopped);
            var history = new CustomerHistory("", x, last, observed, 0);
            assertThat(new ParetoNbd(r, alpha, s, beta).logLikelihood(history))
                    .as("r %s alpha %s s %s beta %s %s", r, alpha, s, beta, history)
                    .isEqualTo(closed, within(1e-8 * Math.abs(closed)));
        }
    }

    @Test
    void thousandsOfPurchasesNeitherOverflowNorCancel() {
        for (int x : new int[] {500, 5_000, 50_000}) {
            for (double gap : new double[] {0, 1e-6, .01, 1, 400}) {
                var history = new CustomerHistory("", x, 1000 - gap, 1000, 10);
                for (BuyingModel model : List.of(PAPER, PARETO)) {
                    assertThat(model.logLikelihood(history))
                            .as(model + " " + history)
                            .isFinite();
                    assertThat(model.probabilityAlive(history)).isBetween(0.0, 1.0);
                    assertThat(model.expectedPurchases(history, 52)).isBetween(0.0, x / 10.0);
                }
            }
        }
        var loyal = new CustomerHistory("", 5_000, 1000, 1000, 10);
        assertThat(PARETO.probabilityAlive(loyal)).isGreaterThan(.999);
        assertThat(PARETO.probabilityAlive(new CustomerHistory("", 5_000, 990, 1000, 10)))
                .isLessThan(1e-6);
    }

    @Test
    void gradientsAreTheDerivatives() {
        var data = Simulated.bgNbd(PAPER, SPENDING, 300, 40, 5).histories();
        var buyers = data.stream().filter(h -> h.repeats() > 0).toList();
        for (Likelihood<?> likelihood :
                List.of(new BgNbdLikelihood(data), new ParetoNbdLikelihood(data), new GammaGammaLikelihood(buyers))) {
            for (var at : likelihood.starts()) {
                var gradient = new double[at.length];
                likelihood.at(at, gradient);
                for (int i = 0; i < at.length; i++) {
                    var up = at.clone();
                    up[i] += 1e-5;
                    var down = at.clone();
                    down[i] -= 1e-5;
                    double slope =
                            (likelihood.at(up, new double[at.length]) - likelihood.at(down, new double[at.length]))
                                    / 2e-5;
                    assertThat(gradient[i])
                            .as(likelihood.getClass().getSimpleName() + " " + i + " at " + Arrays.toString(at))
                            .isEqualTo(slope, within(1e-4 * (1 + Math.abs(slope))));
                }
            }
        }
    }

    @Test
    void theLikelihoodOfAllIsTheSumOverCustomers() {
        var data = Simulated.bgNbd(PAPER, SPENDING, 500, 40, 6).histories();
        var bgNbd = measured(BgNbd.fit(data, BASIS));
        assertThat(bgNbd.logLikelihood())
                .isEqualTo(
                        data.stream().mapToDouble(bgNbd.model()::logLikelihood).sum(), within(1e-6));
        var paretoNbd = measured(ParetoNbd.fit(data, BASIS));
        assertThat(paretoNbd.logLikelihood())
                .isEqualTo(
                        data.stream()
                                .mapToDouble(paretoNbd.model()::logLikelihood)
                                .sum(),
                        within(1e-6));
    }

    /** On customers who behave as the model says, the parameters come back, within their intervals. */
    @Test
    void parametersThatMadeTheCustomersAreFoundAgain() {
        var truth = new BgNbd(.6, 5, .8, 3);
        var data = Simulated.bgNbd(truth, SPENDING, 20_000, 60, 7);
        var fitted = measured(BgNbd.fit(data.histories(), BASIS));
        assertThat(fitted.convergence().converged()).isTrue();
        assertThat(fitted.convergence().agreeing()).isGreaterThanOrEqualTo(3);
        var intervals = fitted.intervals(.999);
        for (int i = 0; i < 4; i++) {
            assertThat(requireNonNull(intervals.get(truth.parameterNames().get(i)))
                            .contains(truth.parameters()[i]))
                    .as(truth.parameterNames().get(i) + " " + fitted.model())
                    .isTrue();
        }
        var spending = measured(GammaGamma.fit(data.histories(), BASIS));
        for (int i = 0; i < 3; i++) {
            assertThat(requireNonNull(spending.intervals(.999)
                                    .get(SPENDING.parameterNames().get(i)))
                            .contains(SPENDING.parameters()[i]))
                    .as(spending.model().toString())
                    .isTrue();
        }
        var check = measured(HoldOut.check(fitted.model(), data.histories(), data.later(), 60, BASIS));
        assertThat(Math.abs(check.totalBias())).isLessThan(.05);
        assertThat(check.correlationInterval().contains(check.correlation())).isTrue();
        assertThat(check.bestDecileShare()).isBetween(.1, check.idealDecileShare());
    }

    /** Rescaling weeks to days must rescale α and nothing else. */
    @Test
    void theUnitOfTimeDoesNotMatter() {
        var weeks = Simulated.bgNbd(PAPER, SPENDING, 2_000, 40, 8).histories();
        var days = weeks.stream()
                .map(h -> new CustomerHistory(
                        h.customer(), h.repeats(), h.lastRepeat() * 7, h.observed() * 7, h.averageSpend()))
                .toList();
        var one = measured(BgNbd.fit(weeks, BASIS)).model();
        var other = measured(BgNbd.fit(days, BASIS)).model();
        assertThat(other.alpha()).isEqualTo(one.alpha() * 7, within(1e-3));
        assertThat(other.r()).isEqualTo(one.r(), within(1e-5));
        assertThat(other.b()).isEqualTo(one.b(), within(1e-3));
    }

    @Test
    void customersWhoDoNotDifferLeaveARidgeAndNoIntervals() {
        // Everybody buys at the same rate and nobody ever stops.
        var random = new Well19937c(9);
        var data = new java.util.ArrayList<CustomerHistory>();
        for (int i = 0; i < 400; i++) {
            double time = 0;
            int repeats = 0;
            double last = 0;
            while ((time -= Math.log1p(-random.nextDouble()) / .4) <= 50) {
                repeats++;
                last = time;
            }
            data.add(new CustomerHistory("" + i, repeats, last, 50, 0));
        }
        switch (BgNbd.fit(data, BASIS)) {
            case Measured<Fitted<BgNbd>>(var fitted, var _, var cautions) -> {
                assertThat(cautions).isNotEmpty();
                assertThat(fitted.intervals(.95)).isEmpty();
                assertThat(fitted.model().expectedPurchases(data.getFirst(), 10))
                        .isBetween(2.0, 6.0);
            }
            case NotMeasurable<Fitted<BgNbd>>(var why, var _) ->
                assertThat(why.key()).isEqualTo("statistics.value.notConverged");
        }
    }

    /**
     * Customers who differ in how often they buy but all stop alike: the likeliest place of half the parameters is at
     * infinity. What they will buy is told all the same, and the search must not give up on the way there.
     */
    @Test
    void whatAllCustomersShareIsNoReasonToSayNothing() {
        var alike = new BgNbd(1.6, 12, 60, 780);
        for (int seed = 1; seed <= 12; seed++) {
            var data = Simulated.bgNbd(alike, SPENDING, 300, 90, seed);
            var pareto = ParetoNbd.fit(data.histories(), BASIS);
            assertThat(pareto).as("Pareto/NBD, %d", seed).isInstanceOf(Measured.class);
            var buying = BgNbd.fit(data.histories(), BASIS);
            double bought = Arrays.stream(data.later()).sum();
            double foreseen = data.histories().stream()
                    .mapToDouble(each -> measured(buying).model().expectedPurchases(each, 90))
                    .sum();
            assertThat(foreseen).as("BG/NBD, %d", seed).isBetween(.8 * bought, 1.25 * bought);
            var spending = GammaGamma.fit(data.histories(), BASIS);
            var value = LifetimeValue.of(buying, spending, data.histories(), new LifetimeValue.Terms(52, .1, 1));
            var all = measured(measured(value).of(data.histories()));
            assertThat(all.interval().high() / all.interval().low()).isBetween(1.05, 2.0);
        }
    }

    @Test
    void aHandfulOfCustomersIsNotMeasurable() {
        var few = Simulated.bgNbd(PAPER, SPENDING, 40, 40, 10).histories();
        assertThat(BgNbd.fit(few, BASIS)).isInstanceOf(NotMeasurable.class);
        assertThat(BgNbd.fit(List.of(), BASIS)).isInstanceOf(NotMeasurable.class);
        assertThat(GammaGamma.fit(List.of(), BASIS)).isInstanceOf(NotMeasurable.class);
        var once = java.util.stream.IntStream.range(0, 500)
                .mapToObj(i -> new CustomerHistory("" + i, 0, 0, 10, 0))
                .toList();
        assertThat(ParetoNbd.fit(once, BASIS)).isInstanceOf(NotMeasurable.class);
    }

    /** What the simulation inside the range of outcomes does must average to what the formula expects. */
    @Test
    void simulatedOutcomesAverageToTheExpectation() {
        var random = new Well19937c(11);
        for (BuyingModel model : List.of(PAPER, PARETO)) {
            double sum = 0;
            int draws = 40_000;
            for (int i = 0; i < draws; i++) {
                sum += Simulated.ahead(model, FIRST, 39, random);
            }
            assertThat(sum / draws).isEqualTo(model.expectedPurchases(FIRST, 39), within(.05));
        }
    }

    private static final List<CustomerHistory> VARIOUS = List.of(
            FIRST,
            new CustomerHistory("once", 0, 0, 38.86, 0),
            new CustomerHistory("gone", 6, 8, 38.86, 20),
            new CustomerHistory("keen", 12, 37, 38.86, 50),
            new CustomerHistory("new", 0, 0, 1, 0));

    /** The ranges told of a customer hold as many of simulated outcomes as they say. */
    @Test
    void rangesAreThoseOfSimulatedOutcomes() {
        var random = new Well19937c(17);
        int draws = 20_000;
        for (BuyingModel model : List.of(PAPER, PARETO)) {
            for (var history : VARIOUS) {
                var counts = model.countsAhead(history, 52);
                var seen = new double[counts.length + 1];
                var totals = new double[draws];
                double mean = 0;
                for (int i = 0; i < draws; i++) {
                    int bought = Simulated.ahead(model, history, 52, random);
                    seen[Math.min(bought, counts.length)] += 1.0 / draws;
                    totals[i] = Simulated.total(SPENDING, history, bought, random);
                }
                double below = 0;
                double simulated = 0;
                for (int k = 0; k < counts.length; k++) {
                    mean += k * counts[k];
                    below += counts[k];
                    simulated += seen[k];
                    assertThat(below).as("%s, at most %d", history, k).isEqualTo(simulated, within(.015));
                }
                assertThat(below).isEqualTo(1, within(1e-6));
                assertThat(mean).isEqualTo(model.expectedPurchases(history, 52), within(1e-4));
                for (double level : new double[] {.05, .5, .95}) {
                    double told = SPENDING.totalQuantile(history, counts, level);
                    long under = java.util.Arrays.stream(totals)
                            .filter(total -> total <= told)
                            .count();
                    assertThat((double) under / draws)
                            .as("%s at %s", history, level)
                            .isGreaterThan(level - .01);
                    assertThat(told == 0 ? level : (double) under / draws).isEqualTo(level, within(.015));
                }
            }
        }
    }

    /**
     * P(alive), expected purchases and spending once more, from nothing but the stories of the models: rates and hazards on a
     * grid, weighted by how likely they make the history.
     */
    @Test
    void plainSumsOverRatesAndHazardsSayTheSame() {
        int steps = 700;
        for (var h : VARIOUS) {
            int x = h.repeats();
            double[] bg = new double[3];
            double[] pareto = new double[3];
            for (int i = 0; i < steps; i++) {
                double rate = Math.exp(-75 + 78 * (i + .5) / steps);
                double bgPrior = Math.pow(rate, PAPER.r()) * Math.exp(-PAPER.alpha() * rate);
                double paretoPrior = Math.pow(rate, PARETO.r()) * Math.exp(-PARETO.alpha() * rate);
                for (int j = 0; j < steps; j++) {
                    double logit = -24 + 36 * (j + .5) / steps;
                    double stop = 1 / (1 + Math.exp(-logit));
                    double weight = bgPrior * Math.pow(stop, PAPER.a()) * Math.pow(1 - stop, PAPER.b());
                    double alive = weight * Math.pow(rate * (1 - stop), x) * Math.exp(-rate * h.observed());
                    double gone = x == 0
                            ? 0
                            : weight
                                    * stop
                                    * Math.pow(1 - stop, x - 1)
                                    * Math.pow(rate, x)
                                    * Math.exp(-rate * h.lastRepeat());
                    bg[0] += alive;
                    bg[1] += gone;
                    bg[2] += alive * -Math.expm1(-rate * stop * 52) / stop;
                    double hazard = Math.exp(-30 + 33 * (j + .5) / steps);
                    double prior = paretoPrior * Math.pow(hazard, PARETO.s()) * Math.exp(-PARETO.beta() * hazard);
                    double there = prior * Math.pow(rate, x) * Math.exp(-(rate + hazard) * h.observed());
                    double left = prior
                            * Math.pow(rate, x)
                            * hazard
                            / (rate + hazard)
                            * (Math.exp(-(rate + hazard) * h.lastRepeat()) - Math.exp(-(rate + hazard) * h.observed()));
                    pareto[0] += there;
                    pareto[1] += left;
                    pareto[2] += there * rate * -Math.expm1(-hazard * 52) / hazard;
                }
            }
            same(PAPER, h, bg);
            same(PARETO, h, pareto);
            double spend = 0;
            double all = 0;
            for (int i = 0; i < 4000; i++) {
                double scale = Math.exp(-12 + 16 * (i + .5) / 4000);
                double weight = Math.pow(scale, SPENDING.q() + SPENDING.p() * x)
                        * Math.exp(-scale * (SPENDING.v() + x * h.averageSpend()));
                spend += weight * SPENDING.p() / scale;
                all += weight;
            }
            assertThat(SPENDING.expectedSpend(h)).as("%s", h).isEqualTo(spend / all, within(1e-6 * spend / all));
        }
    }

    private static void same(BuyingModel model, CustomerHistory history, double[] sums) {
        double total = sums[0] + sums[1];
        assertThat(model.probabilityAlive(history)).as("%s", history).isEqualTo(sums[0] / total, within(1e-4));
        assertThat(model.expectedPurchases(history, 52))
                .as("%s", history)
                .isEqualTo(sums[2] / total, within(1e-3 * sums[2] / total));
    }

    @Test
    void lifetimeValueIsSpendingTimesPurchasesLessTheDiscount() {
        var data = Simulated.bgNbd(new BgNbd(.6, 5, .8, 3), SPENDING, 3_000, 60, 12)
                .histories();
        var buying = BgNbd.fit(data, BASIS);
        var spending = GammaGamma.fit(data, BASIS);
        var model = measured(buying).model();
        var undiscounted = measured(LifetimeValue.of(buying, spending, data, new LifetimeValue.Terms(52, 0, 1)));
        var discounted = measured(LifetimeValue.of(buying, spending, data, new LifetimeValue.Terms(52, .1, .5)));
        var customer = data.stream().filter(h -> h.repeats() > 3).findFirst().orElseThrow();
        var plain = measured(undiscounted.of(customer));
        assertThat(plain.value()).isEqualTo(plain.spend() * model.expectedPurchases(customer, 52), within(1e-9));
        assertThat(measured(discounted.of(customer)).value()).isBetween(plain.value() * .47, plain.value() * .4999);
        var valueInterval = Objects.requireNonNull(plain.valueInterval());
        var interval = Objects.requireNonNull(plain.buying().interval());
        assertThat(valueInterval.contains(plain.value())).isTrue();
        assertThat(plain.valueRange().width()).isGreaterThan(valueInterval.width());
        assertThat(interval.contains(plain.buying().purchases())).isTrue();
        assertThat(plain.buying().range().contains(plain.buying().purchases())).isTrue();
        assertThat(interval.level()).isEqualTo(.95);
        assertThat(plain.buying().range().level()).isEqualTo(.9);
        assertThat(measured(discounted.of(customer)).valueRange().high())
                .as("the margin is taken of the range too")
                .isEqualTo(
                        plain.valueRange().high() / 2,
                        within(1e-6 * plain.valueRange().high()));
        var all = measured(undiscounted.of(data));
        assertThat(all.value()).isGreaterThan(0);
        assertThat(all.interval().width() / all.value()).isBetween(.01, .5);
        assertThat(all.interval().level()).isEqualTo(Interval.USUAL);
    }

    static <T> T measured(Measurement<T> found) {
        assertThat(found).isInstanceOf(Measured.class);
        return ((Measured<T>) found).value();
    }
}
