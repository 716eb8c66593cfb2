package io.retainer.statistics.value;

import io.retainer.kernel.Sentence;
import io.retainer.statistics.Basis;
import io.retainer.statistics.Measurement;
import io.retainer.statistics.Measurement.Measured;
import java.util.ArrayList;
import java.util.List;

/** When a buying model may be fitted, and what is said about the fit. */
final class Fit {

    /** Four parameters on fewer customers than this say more about the sample than about the business. */
    static final int FEWEST_CUSTOMERS = 100;

    static final int FEWEST_REPEATERS = 30;

    private Fit() {}

    static <M extends ParametricModel> Measurement<Fitted<M>> of(
            Likelihood<M> likelihood, List<CustomerHistory> histories, Basis basis) {
        var stands = basis.on(histories.size());
        long repeaters = histories.stream().filter(h -> h.repeats() > 0).count();
        if (histories.size() < FEWEST_CUSTOMERS) {
            return Measurement.notMeasurable(stands, "statistics.tooFew", histories.size(), FEWEST_CUSTOMERS);
        }
        if (repeaters < FEWEST_REPEATERS) {
            return Measurement.notMeasurable(stands, "statistics.value.tooFewRepeaters", repeaters, FEWEST_REPEATERS);
        }
        var fitted = new MaximumLikelihood<>(likelihood).fit();
        if (!fitted.convergence().converged()) {
            return Measurement.notMeasurable(
                    stands,
                    "statistics.value.notConverged",
                    "%.2g".formatted(fitted.convergence().left()));
        }
        var cautions = new ArrayList<Sentence>();
        if (!fitted.convergence().identified()) {
            cautions.add(Sentence.of("statistics.value.ridge"));
        }
        return new Measured<>(fitted, stands, cautions);
    }
}
