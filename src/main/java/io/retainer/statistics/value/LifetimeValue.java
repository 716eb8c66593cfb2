package io.retainer.statistics.value;

import io.retainer.kernel.Sentence;
import io.retainer.statistics.Basis;
import io.retainer.statistics.Interval;
import io.retainer.statistics.Measurement;
import io.retainer.statistics.Measurement.Measured;
import io.retainer.statistics.Measurement.NotMeasurable;
import io.retainer.statistics.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.random.Well19937c;

/**
 * What customers are still worth: purchases to come, times what a purchase is worth, times the margin, discounted
 * continuously, up to a horizon (Fader, Hardie & Lee 2005, "RFM and CLV", Journal of Marketing Research 42).
 */
public final class LifetimeValue {

    private static final double WEEKS_A_YEAR = 365.25 / 7;
    private static final int DRAWS = 2000;
    /** From here on the model's assumption that how often and how much are unrelated deserves a warning. */
    private static final double DEPENDENT = 0.3;
    /** Where the parameters leave the value open by a factor of two and more, there is no saying it. */
    private static final double WIDE = Math.log(2) / 1.96;

    private final Fitted<? extends BuyingModel> buying;
    private final Fitted<GammaGamma> spending;
    private final Terms terms;
    private final Basis basis;
    private final List<Sentence> cautions;

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
     * The value of one customer.
     *
     * @param probabilityAlive that he has not stopped buying
     * @param purchases expected until the horizon, not discounted
     * @param purchasesRange what he himself may buy: nine times out of ten within, by the model
     * @param spend what a purchase is expected to bring
     * @param value expected, discounted, margin taken
     * @param valueInterval for that expectation, from the uncertainty of the parameters (delta method on the logarithm)
     * @param valueRange what he himself may bring, not discounted: nine times out of ten within, by simulation
     */
    public record OfCustomer(
            String customer,
            double probabilityAlive,
            double purchases,
            Interval purchasesRange,
            double spend,
            double value,
            Interval valueInterval,
            Interval valueRange) {}

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

    /**
     * What one customer may do in the weeks to come, by models whose parameters are taken as known.
     *
     * @param purchases nine times out of ten within
     * @param value what he may bring, not discounted, margin not taken: nine times out of ten within
     */
    public record Outlook(Interval purchases, Interval value) {}

    /** The outlook of one customer, by simulation; the same for the same history. */
    public static Outlook outlook(BuyingModel buying, GammaGamma spending, CustomerHistory history, double weeks) {
        var random = new Well19937c(history.hashCode());
        var purchases = new double[DRAWS];
        var values = new double[DRAWS];
        for (int i = 0; i < DRAWS; i++) {
            int bought = buying.simulate(history, weeks, random);
            purchases[i] = bought;
            values[i] = spending.simulateTotal(history, bought, random);
        }
        return new Outlook(middle(purchases), middle(values));
    }

    /** One customer; the history says when his observation ended. */
    public Measurement<OfCustomer> of(CustomerHistory history) {
        var model = buying.model();
        double discounted = discounted(model, history);
        double spend = spending.model().expectedSpend(history);
        double value = discounted * spend * terms.margin();
        double error = Math.sqrt(
                variance(buying, history) + spending.varianceOfLog(gammaGamma -> gammaGamma.expectedSpend(history)));
        var outlook = outlook(model, spending.model(), history, terms.weeks());
        double margin = terms.margin();
        var range = outlook.value();
        return new Measured<>(
                new OfCustomer(
                        history.customer(),
                        model.probabilityAlive(history),
                        model.expectedPurchases(history, terms.weeks()),
                        outlook.purchases(),
                        spend,
                        value,
                        Interval.aroundPositive(value, error, Interval.USUAL),
                        new Interval(margin * range.low(), margin * range.high(), range.level())),
                basis,
                cautions);
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

    private <M extends BuyingModel> double variance(Fitted<M> fitted, CustomerHistory history) {
        return fitted.varianceOfLog(model -> discounted(model, history));
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

    private static Interval middle(double[] drawn) {
        Arrays.sort(drawn);
        return new Interval(drawn[(int) (0.05 * DRAWS)], drawn[(int) (0.95 * DRAWS) - 1], 0.9);
    }
}
