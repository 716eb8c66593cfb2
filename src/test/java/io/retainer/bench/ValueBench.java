package io.retainer.bench;

import io.retainer.statistics.Basis;
import io.retainer.statistics.Measurement;
import io.retainer.statistics.Measurement.Measured;
import io.retainer.statistics.Method;
import io.retainer.statistics.value.BgNbd;
import io.retainer.statistics.value.CustomerHistory;
import io.retainer.statistics.value.Fitted;
import io.retainer.statistics.value.GammaGamma;
import io.retainer.statistics.value.ParametricModel;
import io.retainer.statistics.value.ParetoNbd;
import io.retainer.statistics.value.Simulated;
import java.util.List;
import java.util.function.Supplier;

/** How long the models of buying take to fit on 100,000 simulated customers, and to forecast each of them. */
final class ValueBench {

    private static final int CUSTOMERS = 100_000;

    private ValueBench() {}

    static void run(Bench bench) {
        var truth = new BgNbd(.5, 6, .8, 2.5);
        var spending = new GammaGamma(6, 4, 15);
        var histories = days(Simulated.bgNbd(truth, spending, CUSTOMERS, 78, 1).histories());
        var basis = new Basis("simulated", null, 0, Method.BG_NBD);
        fit(bench, "BG/NBD", "≤ 5", () -> BgNbd.fit(histories, basis));
        var bgNbd = fit(bench, "BG/NBD, once more", "—", () -> BgNbd.fit(histories, basis));
        fit(bench, "Pareto/NBD", "—", () -> ParetoNbd.fit(histories, basis));
        fit(bench, "Gamma-Gamma", "—", () -> GammaGamma.fit(histories, basis));
        long start = System.nanoTime();
        double expected = 0;
        for (var history : histories) {
            expected += bgNbd.expectedPurchases(history, 52);
        }
        bench.figure(
                "BG/NBD: forecast of each customer, %.0f purchases".formatted(expected),
                Bench.seconds(start),
                "s",
                "—");
    }

    /** Purchases happen on days, so many customers have equal histories. */
    private static List<CustomerHistory> days(List<CustomerHistory> histories) {
        return histories.stream()
                .map(h -> new CustomerHistory(
                        h.customer(),
                        h.repeats(),
                        Math.min(h.observed(), Math.ceil(h.lastRepeat() * 7) / 7),
                        h.observed(),
                        h.averageSpend()))
                .toList();
    }

    private static <M extends ParametricModel> M fit(
            Bench bench, String name, String goal, Supplier<Measurement<Fitted<M>>> work) {
        long start = System.nanoTime();
        var found = work.get();
        bench.figure(name + ": fit of 100,000 customers", Bench.seconds(start), "s", goal);
        if (!(found instanceof Measured<Fitted<M>> measured)) {
            throw new IllegalStateException(found.toString());
        }
        return measured.value().model();
    }
}
