package io.retainer.customer;

import io.retainer.statistics.Interval;
import io.retainer.statistics.Method;
import io.retainer.statistics.value.Cohorts;
import io.retainer.statistics.value.HoldOut;
import io.retainer.statistics.value.LifetimeValue;
import io.retainer.statistics.value.Rfm;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the customers of a client are worth, from their orders.
 *
 * @param from the day of the first order; null when there are none
 * @param models of buying, the one the worth rests on first
 * @param spending the model of what a purchase brings; null in reports from before it was kept
 * @param worth of all customers over the next 52 weeks, discounted by 10 % a year, margin not taken
 */
public record ValueReport(
        long orders,
        int customers,
        @Nullable LocalDate from,
        @Nullable LocalDate to,
        Found<Scores> rfm,
        Found<Cohorts> cohorts,
        List<Model> models,
        Found<LifetimeValue.OfAll> worth,
        @Nullable Found<Fitting> spending) {

    public ValueReport {
        models = List.copyOf(models);
    }

    /** The bands of {@link Rfm}; the score of each customer is kept with the customer. */
    public record Scores(Rfm.Scale recency, Rfm.Scale frequency, Rfm.Scale monetary) {}

    /** A model of buying, and what it foresaw of a time it had not seen. */
    public record Model(Method method, Found<Fitting> fit, Found<HoldOut> holdOut) {}

    public record Fitting(List<Parameter> parameters, double logLikelihood) {}

    /** @param interval null when the data do not tell the parameters apart */
    public record Parameter(
            String name, double value, @Nullable Interval interval) {}
}
