package io.retainer.statistics.value;

import io.retainer.kernel.Sentence;
import io.retainer.statistics.Basis;
import io.retainer.statistics.Interval;
import io.retainer.statistics.Measurement;
import io.retainer.statistics.Measurement.Measured;
import io.retainer.statistics.Measurement.NotMeasurable;
import io.retainer.statistics.Method;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What customers are still worth: purchases to come, times what a purchase is worth, times the margin, discounted
 * continuously, up to a horizon (Fader, Hardie & Lee 2005, "RFM and CLV", Journal of Marketing Research 42).
 */
public final class LifetimeValue {

    private static final double WEEKS_A_YEAR = 365.25 / 7;
    /** Nine times out of ten. */
    private static final double RANGE = 0.9;
    /** A factor of ten either way says nothing any more. */
    private static final double OPEN = Math.log(10) / 1.96;
    /** From here on the model's assumption that how often and how much are unrelated deserves a warning. */
    private static final double DEPENDENT = 0.3;
    /** Where the parameters leave the value open by a factor of two and more, there is no saying it. */
    private static final double WIDE = Math.log(2) / 1.96;

    private final Fitted<? extends BuyingModel> buying;
    private final Fitted<GammaGamma> spending;
    private final Terms terms;
    private final Basis basis;
    private final List<Sentence> cautions;
    private final Map<Double, OfCustomer> boughtOnce = new HashMap<>();

    /**
     * @param weeks horizon
     * @param yearlyDiscount .10 for 10% a year
     * @param margin part of the spending that is earned, 0 to 1
     */
    public record Terms(double weeks, double yearlyDiscount, double margin) {

        public Terms {
            if (!(weeks > 0) || !(yearlyDiscount >= 0) || !(margin > 0 && margin <= 1)) {
                throw new IllegalArgumentException(
                        "%s weeks, discount %s, margin %s".formatted(weeks, yearlyDiscount, margin));
            }
        }

        double weeklyRate() {
            return Math.log1p(yearlyDiscount) / WEEKS_A_YEAR;
        }
    }

    /**
     * What one customer is expected to buy, and may buy.
     *
     * @param probabilityAlive that he has not stopped buying
     * @param purchases expected until the horizon
     * @param interval for that expectation, from the uncertainty of the parameters (delta method on the logarithm); null when
     *     they leave it open by more than a factor of ten
     * @param range what he himself may buy: nine times out of ten within, by the model at its likeliest parameters
     */
    public record Foreseen(
            double probabilityAlive,
            double purchases,
            @Nullable Interval interval,
            Interval range) {}

    /**
     * The value of one customer.
     *
     * @param spend what a purchase is expected to bring
     * @param value expected, discounted, margin taken
     * @param valueInterval for that expectation, as that of the purchases
     * @param valueRange what he himself may bring, not discounted, margin taken: nine times out of ten within
     */
    public record OfCustomer(
            String customer,
            Foreseen buying,
            double spend,
            double value,
            @Nullable Interval valueInterval,
            Interval valueRange) {

        private OfCustomer named(String other) {
            return new OfCustomer(other, buying, spend, value, valueInterval, valueRange);
        }
    }

    /** What stands behind both. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Ahead(Foreseen foreseen, double discounted, double variance, double[] counts) {

        static <M extends BuyingModel> Ahead of(Fitted<M> fitted, CustomerHistory history, Terms terms) {
            var model = fitted.model();
            var counts = model.countsAhead(history, terms.weeks());
            double discounted = model.discountedPurchases(history, terms.weeks(), terms.weeklyRate());
            double expected = model.expectedPurchases(history, terms.weeks());
            // A discount makes the expectation smaller, hardly less sure: its relative error serves both.
            double variance =
                    fitted.varianceOfLog(one -> one.discountedPurchases(history, terms.weeks(), terms.weeklyRate()));
            return new Ahead(
                    new Foreseen(
                            model.probabilityAlive(history),
                            expected,
                            around(expected, variance),
                            new Interval(
                                    Distribution.quantile(counts, (1 - RANGE) / 2),
                                    Distribution.quantile(counts, (1 + RANGE) / 2),
                                    RANGE)),
                    discounted,
                    variance,
                    counts);
        }
    }

    private static @Nullable Interval around(double value, double variance) {
        double error = Math.sqrt(variance);
        return error < OPEN && value > 0 ? Interval.aroundPositive(value, error, Interval.USUAL) : null;
    }

    /** What one customer is expected to buy, where nothing is known of what a purchase brings. */
    public static Foreseen foreseen(Fitted<? extends BuyingModel> buying, CustomerHistory history, Terms terms) {
        return Ahead.of(buying, history, terms).foreseen();
    }

    /**
     * The value of all customers of a list.
     *
     * @param interval for the expectation, from the uncertainty of the parameters (delta method on the logarithm)
     */
    public record OfAll(int customers, double purchases, double value, Interval interval) {}

    private LifetimeValue(
            Fitted<? extends BuyingModel> buying,
            Fitted<GammaGamma> spending,
            Terms terms,
            Basis basis,
            List<Sentence> cautions) {
        this.buying = buying;
        this.spending = spending;
        this.terms = terms;
        this.basis = basis;
        this.cautions = cautions;
    }

    /**
     * Not measurable when either model is not, or when the model of spending has no finite mean. Parameters the data do not
     * tell apart are no hindrance: what counts is whether the value they give together is told.
     */
    public static Measurement<LifetimeValue> of(
            Measurement<? extends Fitted<? extends BuyingModel>> buying,
            Measurement<Fitted<GammaGamma>> spending,
            List<CustomerHistory> histories,
            Terms terms) {
        if (buying instanceof NotMeasurable<?>(var why, var basis)) {
            return new NotMeasurable<>(why, basis.by(Method.LIFETIME_VALUE));
        }
        if (spending instanceof NotMeasurable<?>(var why, var basis)) {
            return new NotMeasurable<>(why, basis.by(Method.LIFETIME_VALUE));
        }
        var buys = (Measured<? extends Fitted<? extends BuyingModel>>) buying;
        var spends = (Measured<Fitted<GammaGamma>>) spending;
        var basis = buys.basis().by(Method.LIFETIME_VALUE).on(histories.size());
        if (Double.isNaN(spends.value().model().meanSpend())) {
            return Measurement.notMeasurable(basis, "statistics.value.noMeanSpend");
        }
        var cautions = new ArrayList<>(buys.cautions());
        spends.cautions().stream().filter(each -> !cautions.contains(each)).forEach(cautions::add);
        double dependence = GammaGamma.dependence(histories);
        if (Math.abs(dependence) > DEPENDENT) {
            cautions.add(Sentence.of("statistics.value.dependent", "%.2f".formatted(dependence)));
        }
        return new Measured<>(
                new LifetimeValue(buys.value(), spends.value(), terms, basis, List.copyOf(cautions)), basis, cautions);
    }

    public Terms terms() {
        return terms;
    }

    /** One customer; the history says when his observation ended. */
    public Measurement<OfCustomer> of(CustomerHistory history) {
        // Who bought once differs from others who did in nothing but when that was.
        var found = history.repeats() == 0
                ? boughtOnce
                        .computeIfAbsent(history.observed(), _ -> compute(history))
                        .named(history.customer())
                : compute(history);
        return new Measured<>(found, basis, cautions);
    }

    private OfCustomer compute(CustomerHistory history) {
        var ahead = Ahead.of(buying, history, terms);
        var model = spending.model();
        double spend = model.expectedSpend(history);
        double value = ahead.discounted() * spend * terms.margin();
        double spendVariance = spending.varianceOfLog(gammaGamma -> gammaGamma.expectedSpend(history));
        return new OfCustomer(
                history.customer(),
                ahead.foreseen(),
                spend,
                value,
                around(value, ahead.variance() + spendVariance),
                new Interval(
                        terms.margin() * model.totalQuantile(history, ahead.counts(), (1 - RANGE) / 2),
                        terms.margin() * model.totalQuantile(history, ahead.counts(), (1 + RANGE) / 2),
                        RANGE));
    }

    /** All customers together. */
    public Measurement<OfAll> of(List<CustomerHistory> histories) {
        double purchases = 0;
        double value = 0;
        for (var history : histories) {
            purchases += buying.model().expectedPurchases(history, terms.weeks());
            value += discounted(buying.model(), history) * spending.model().expectedSpend(history) * terms.margin();
        }
        double error = Math.sqrt(totalVariance(buying, histories)
                + spending.varianceOfLog(gammaGamma -> total(buying.model(), gammaGamma, histories)));
        if (!(error < WIDE)) {
            return Measurement.notMeasurable(basis.on(histories.size()), "statistics.value.wide");
        }
        return new Measured<>(
                new OfAll(histories.size(), purchases, value, Interval.aroundPositive(value, error, Interval.USUAL)),
                basis.on(histories.size()),
                cautions);
    }

    private <M extends BuyingModel> double totalVariance(Fitted<M> fitted, List<CustomerHistory> histories) {
        return fitted.varianceOfLog(model -> total(model, spending.model(), histories));
    }

    private double total(BuyingModel model, GammaGamma gammaGamma, List<CustomerHistory> histories) {
        double sum = 0;
        for (var history : histories) {
            sum += discounted(model, history) * gammaGamma.expectedSpend(history);
        }
        return sum;
    }

    private double discounted(BuyingModel model, CustomerHistory history) {
        return model.discountedPurchases(history, terms.weeks(), terms.weeklyRate());
    }
}
