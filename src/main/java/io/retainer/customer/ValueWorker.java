package io.retainer.customer;

import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import io.retainer.customer.AnalysisRows.Bounds;
import io.retainer.customer.AnalysisRows.Score;
import io.retainer.customer.ValueReport.Fitting;
import io.retainer.customer.ValueReport.Model;
import io.retainer.customer.ValueReport.Parameter;
import io.retainer.customer.ValueReport.Scores;
import io.retainer.kernel.Tenancy;
import io.retainer.statistics.Basis;
import io.retainer.statistics.Interval;
import io.retainer.statistics.Measurement;
import io.retainer.statistics.Measurement.Measured;
import io.retainer.statistics.Measurement.NotMeasurable;
import io.retainer.statistics.Method;
import io.retainer.statistics.value.BgNbd;
import io.retainer.statistics.value.BuyingModel;
import io.retainer.statistics.value.Cohorts;
import io.retainer.statistics.value.CustomerHistory;
import io.retainer.statistics.value.Fitted;
import io.retainer.statistics.value.GammaGamma;
import io.retainer.statistics.value.HoldOut;
import io.retainer.statistics.value.LifetimeValue;
import io.retainer.statistics.value.LifetimeValue.OfCustomer;
import io.retainer.statistics.value.ParametricModel;
import io.retainer.statistics.value.ParetoNbd;
import io.retainer.statistics.value.Purchases;
import io.retainer.statistics.value.Rfm;
import java.io.Serializable;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Works out what customers are worth, and keeps it. */
@Component
class ValueWorker {

    static final TaskDescriptor<Job> TASK = TaskDescriptor.of("customer-value", Job.class);

    private static final Logger log = LoggerFactory.getLogger(ValueWorker.class);
    static final double YEAR = 52;
    private static final double DISCOUNT = 0.10;
    private static final LifetimeValue.Terms TERMS = new LifetimeValue.Terms(YEAR, DISCOUNT, 1);
    private static final double DAYS_A_WEEK = 7;
    private static final double FEN = 100;
    /** The part of the time observed that the models are not shown, to see what they foresee. */
    private static final int HELD_OUT = 3;

    private static final int STORED_TOGETHER = 5_000;
    private static final int STORING_FROM = 90;

    private final AnalysisRows rows;
    private final Orders orders;
    private final Tenancy tenancy;
    private final Clock clock;
    private final JsonMapper json;

    ValueWorker(AnalysisRows rows, Orders orders, Tenancy tenancy, Clock clock, JsonMapper json) {
        this.rows = rows;
        this.orders = orders;
        this.tenancy = tenancy;
        this.clock = clock;
        this.json = json;
    }

    record Job(UUID tenant, UUID run) implements Serializable {}

    /** The report, and of each customer what is kept with the customer. */
    record Result(ValueReport report, List<Score> scores) {}

    void run(UUID tenant, UUID id) {
        var run = tenancy.read(tenant, () -> rows.find(tenant, id)).orElse(null);
        if (run == null || !run.running()) {
            return;
        }
        try {
            var result = compute(
                    orders.purchases(tenant), percent -> tenancy.write(tenant, () -> rows.come(tenant, id, percent)));
            store(tenant, id, result.scores());
            tenancy.write(tenant, () -> {
                rows.show(tenant, AnalysisRun.Kind.VALUE, id);
                rows.end(tenant, id, json.writeValueAsString(result.report()), clock.instant());
            });
            sweep(tenant);
        } catch (RuntimeException e) {
            log.error("The analysis of value {} failed", id, e);
            tenancy.write(tenant, () -> rows.end(tenant, id, null, clock.instant()));
        }
    }

    /** Some thousand a transaction; until all are there the scores of the run before are shown. */
    private void store(UUID tenant, UUID run, List<Score> scores) {
        // Of an attempt that was interrupted; the orders may have changed since.
        int removed;
        do {
            removed = tenancy.write(tenant, () -> rows.withdraw(tenant, AnalysisRun.Kind.VALUE, run, STORED_TOGETHER));
        } while (removed == STORED_TOGETHER);
        for (int from = 0; from < scores.size(); from += STORED_TOGETHER) {
            var some = scores.subList(from, Math.min(scores.size(), from + STORED_TOGETHER));
            int percent = (int) (STORING_FROM + (99L - STORING_FROM) * from / scores.size());
            tenancy.write(tenant, () -> {
                rows.addScores(tenant, run, some);
                rows.come(tenant, run, percent);
            });
        }
    }

    private void sweep(UUID tenant) {
        int removed;
        do {
            removed = tenancy.write(tenant, () -> rows.sweep(tenant, AnalysisRun.Kind.VALUE, STORED_TOGETHER));
        } while (removed == STORED_TOGETHER);
    }

    static Result compute(Purchases purchases, IntConsumer progress) {
        var data = ValueAnalysis.DATA;
        if (purchases.isEmpty()) {
            var basis = new Basis(data, null, 0, Method.RFM);
            return new Result(
                    new ValueReport(
                            0,
                            0,
                            null,
                            null,
                            none(basis),
                            none(basis.by(Method.COHORTS)),
                            List.of(),
                            none(basis.by(Method.LIFETIME_VALUE)),
                            none(basis.by(Method.GAMMA_GAMMA))),
                    List.of());
        }
        var to = purchases.to();
        var histories = purchases.histories(to);
        var basis = new Basis(data, to, histories.size(), Method.BG_NBD);
        progress.accept(10);
        var rfm = Rfm.of(purchases, to, data);
        var cohorts = Cohorts.of(purchases, purchases.from(), to, data);
        progress.accept(20);
        var bgNbd = BgNbd.fit(histories, basis);
        progress.accept(35);
        var bgNbdModel = model(Method.BG_NBD, bgNbd, holdOut(purchases, BgNbd::fit, Method.BG_NBD));
        progress.accept(50);
        var paretoNbdModel = model(
                Method.PARETO_NBD,
                ParetoNbd.fit(histories, basis.by(Method.PARETO_NBD)),
                holdOut(purchases, ParetoNbd::fit, Method.PARETO_NBD));
        progress.accept(75);
        var spending = GammaGamma.fit(histories, basis.by(Method.GAMMA_GAMMA));
        var value = LifetimeValue.of(bgNbd, spending, histories, TERMS);
        var worth = switch (value) {
            case Measured<LifetimeValue> measured -> measured.value().of(histories);
            case NotMeasurable<LifetimeValue>(var why, var on) -> new NotMeasurable<LifetimeValue.OfAll>(why, on);
        };
        progress.accept(90);
        var report = new ValueReport(
                purchases.rows(),
                purchases.customers(),
                purchases.from(),
                to,
                Found.of(rfm, all -> new Scores(all.recency(), all.frequency(), all.monetary())),
                Found.of(cohorts),
                List.of(bgNbdModel, paretoNbdModel),
                Found.of(worth),
                Found.of(spending, ValueWorker::fitting));
        return new Result(report, scores(rfm, histories, bgNbd, worth instanceof Measured<?> ? value : null));
    }

    private static <T> Found<T> none(Basis basis) {
        return Found.of(Measurement.notMeasurable(basis, "customer.value.noOrders"));
    }

    private static <M extends BuyingModel> Model model(
            Method method, Measurement<Fitted<M>> fit, Measurement<HoldOut> holdOut) {
        return new Model(method, Found.of(fit, ValueWorker::fitting), Found.of(holdOut));
    }

    private static Fitting fitting(Fitted<? extends ParametricModel> fitted) {
        var intervals = fitted.intervals(Interval.USUAL);
        var parameters = new ArrayList<Parameter>();
        var names = fitted.model().parameterNames();
        for (int i = 0; i < names.size(); i++) {
            parameters.add(new Parameter(names.get(i), fitted.model().parameters()[i], intervals.get(names.get(i))));
        }
        return new Fitting(parameters, fitted.logLikelihood());
    }

    /** Fitted to the first two thirds of the time, held against the last. */
    private static <M extends BuyingModel> Measurement<HoldOut> holdOut(
            Purchases purchases, BiFunction<List<CustomerHistory>, Basis, Measurement<Fitted<M>>> fit, Method method) {
        var from = purchases.from();
        var to = purchases.to();
        long held = ChronoUnit.DAYS.between(from, to) / HELD_OUT;
        var end = to.minusDays(held);
        var histories = purchases.histories(end);
        var basis = new Basis(ValueAnalysis.DATA, end, histories.size(), method);
        return switch (fit.apply(histories, basis)) {
            case Measured<Fitted<M>> measured ->
                HoldOut.check(
                        measured.value().model(), histories, purchases.countsAfter(end, to), held / DAYS_A_WEEK, basis);
            case NotMeasurable<Fitted<M>>(var why, var on) -> new NotMeasurable<>(why, on.by(Method.HOLD_OUT));
        };
    }

    /** @param value null when a worth cannot be told */
    private static List<Score> scores(
            Measurement<Rfm> rfm,
            List<CustomerHistory> histories,
            Measurement<Fitted<BgNbd>> buying,
            @Nullable Measurement<LifetimeValue> value) {
        if (!(rfm instanceof Measured<Rfm>(var scored, var _, var _))) {
            return List.of();
        }
        var history = new HashMap<String, CustomerHistory>();
        histories.forEach(each -> history.put(each.customer(), each));
        var model = buying instanceof Measured<Fitted<BgNbd>>(var fitted, var _, var _) ? fitted : null;
        var worths = value instanceof Measured<LifetimeValue>(var measured, var _, var _) ? measured : null;
        var scores = new ArrayList<Score>(scored.customers().size());
        for (var each : scored.customers()) {
            var past = history.get(each.customer());
            var worth = past != null
                            && worths != null
                            && worths.of(past) instanceof Measured<OfCustomer>(var found, var _, var _)
                    ? found
                    : null;
            var buys = worth != null
                    ? worth.buying()
                    : past == null || model == null ? null : LifetimeValue.foreseen(model, past, TERMS);
            scores.add(new Score(
                    UUID.fromString(each.customer()),
                    each.recency(),
                    each.frequency(),
                    each.monetary(),
                    each.days(),
                    each.purchases(),
                    Math.round(each.spent() * FEN),
                    buys == null ? null : buys.probabilityAlive(),
                    buys == null ? null : buys.purchases(),
                    Bounds.of(buys == null ? null : buys.interval(), 1),
                    Bounds.of(buys == null ? null : buys.range(), 1),
                    worth == null ? null : Math.round(worth.value() * FEN),
                    Bounds.of(worth == null ? null : worth.valueInterval(), FEN),
                    Bounds.of(worth == null ? null : worth.valueRange(), FEN)));
        }
        return scores;
    }

    @Configuration(proxyBeanMethods = false)
    static class InTheBackground {

        @Bean
        OneTimeTask<Job> valueTask(ValueWorker worker) {
            return Tasks.oneTime(TASK)
                    .execute((instance, _) -> worker.run(
                            instance.getData().tenant(), instance.getData().run()));
        }
    }
}
