package io.retainer.customer;

import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import io.retainer.customer.ChurnReport.Driver;
import io.retainer.customer.ChurnReport.Reason;
import io.retainer.customer.ChurnRows.Label;
import io.retainer.customer.ChurnRows.Score;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Tenancy;
import io.retainer.statistics.Basis;
import io.retainer.statistics.Measurement;
import io.retainer.statistics.Measurement.Measured;
import io.retainer.statistics.Measurement.NotMeasurable;
import io.retainer.statistics.Method;
import io.retainer.statistics.churn.Assessment;
import io.retainer.statistics.churn.ChurnModel;
import io.retainer.statistics.churn.Recalibration;
import io.retainer.statistics.churn.Records;
import java.io.Serializable;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Learns from those of whom it is known who leaves, checks it on customers held back, and gives everybody else a risk.
 *
 * <p>With a horizon, behaviour is looked at until a day so long before the last day observed, and what is learned is who left
 * in between; then today takes the place of that day. Nothing that came after a customer left is ever looked at.
 */
@Component
class ChurnWorker {

    static final TaskDescriptor<Job> TASK = TaskDescriptor.of("customer-churn", Job.class);

    /** What the data are; a message key. */
    static final String DATA = "customer.churn.source";

    private static final Logger log = LoggerFactory.getLogger(ChurnWorker.class);
    private static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");
    private static final int FOLDS = 5;
    /** The AUROC of drawing lots. */
    private static final double GUESSING = 0.5;

    private static final long SEED = 20260101;
    private static final int MOST_LEARNED = 20_000;
    private static final int TOGETHER = 2_000;
    private static final int SCORING_FROM = 75;
    private static final int MOST_REASONS = 5;
    private static final int MOST_DRIVERS = 12;
    private static final double WORTH_SAYING = 0.05;

    private final AnalysisRows analyses;
    private final ChurnRows rows;
    private final CustomerRows customers;
    private final Events events;
    private final Tenancy tenancy;
    private final Clock clock;
    private final JsonMapper json;

    ChurnWorker(
            AnalysisRows analyses,
            ChurnRows rows,
            CustomerRows customers,
            Events events,
            Tenancy tenancy,
            Clock clock,
            JsonMapper json) {
        this.analyses = analyses;
        this.rows = rows;
        this.customers = customers;
        this.events = events;
        this.tenancy = tenancy;
        this.clock = clock;
        this.json = json;
    }

    record Job(UUID tenant, UUID run) implements Serializable {}

    /** @param horizon in days, 0 for none */
    record Settings(int horizon) {}

    /**
     * Whom to learn from.
     *
     * @param left by customer
     * @param gone those who left, of whom nobody need be told a risk
     * @param undated who left on no known day, and therefore cannot be learned from
     */
    private record Known(
            @Nullable LocalDate from,
            @Nullable LocalDate until,
            Map<UUID, Boolean> left,
            Set<UUID> gone,
            int undated) {}

    void run(UUID tenant, UUID id) {
        var run = tenancy.read(tenant, () -> analyses.find(tenant, id)).orElse(null);
        if (run == null || !run.running()) {
            return;
        }
        try {
            var settings = json.readValue(run.settings(), Settings.class);
            compute(tenant, id, settings.horizon());
        } catch (RuntimeException e) {
            log.error("The analysis of churn {} failed", id, e);
            tenancy.write(tenant, () -> analyses.end(tenant, id, null, clock.instant()));
        }
    }

    private void compute(UUID tenant, UUID id, int horizon) {
        IntConsumer progress = percent -> tenancy.write(tenant, () -> analyses.come(tenant, id, percent));
        var data = tenancy.read(tenant, () -> analyses.dataState(tenant, AnalysisRun.Kind.CHURN));
        var known = tenancy.read(tenant, () -> known(rows.labels(tenant), horizon));
        var features = tenancy.read(
                tenant,
                () -> new ChurnFeatures(
                        rows,
                        tenant,
                        customers.fields(tenant).values().stream()
                                .filter(field -> !field.personal())
                                .map(CustomField::key)
                                .toList(),
                        events.kinds(tenant),
                        horizon > 0));
        var cells = new ArrayList<String[]>();
        var outcomes = new ArrayList<Boolean>();
        read(tenant, known, features, cells, outcomes);
        progress.accept(10);
        var records = features.records(cells);
        var left = new boolean[outcomes.size()];
        int gone = 0;
        for (int i = 0; i < left.length; i++) {
            left[i] = outcomes.get(i);
            gone += left[i] ? 1 : 0;
        }
        var basis = new Basis(DATA, known.until(), left.length, Method.CHURN);
        var check = check(records, left, basis, progress);
        var trained = check.found() instanceof Measured<Assessment>
                ? ChurnModel.train(records, left, basis)
                : unchecked(check.found(), basis);
        progress.accept(SCORING_FROM);
        var done = trained instanceof Measured<ChurnModel>(var model, var _, var _)
                ? score(tenant, id, data, model.drawnIn(check.drawn()), features, known, horizon)
                : Progress.none(data);
        long scored = done.scored();
        var report = new ChurnReport(
                horizon,
                known.from(),
                known.until(),
                left.length,
                gone,
                scored,
                found(check, trained, known, horizon),
                done.drivers().entrySet().stream()
                        .map(each -> new Driver(each.getKey(), each.getValue() / Math.max(1, scored)))
                        .sorted(Comparator.comparingDouble(driver -> -driver.weight()))
                        .limit(MOST_DRIVERS)
                        .toList());
        tenancy.write(tenant, () -> {
            analyses.show(tenant, AnalysisRun.Kind.CHURN, id);
            analyses.end(tenant, id, json.writeValueAsString(report), clock.instant());
        });
        sweep(tenant);
    }

    private static Measurement<ChurnModel> unchecked(Measurement<Assessment> check, Basis basis) {
        return check instanceof NotMeasurable<Assessment>(var why, var _)
                ? new NotMeasurable<>(why, basis)
                : Measurement.notMeasurable(basis, "customer.churn.none");
    }

    /** Who is learned from: of each the latest word, unless it cannot be told what it says about the time asked for. */
    private static Known known(List<Label> labels, int horizon) {
        var gone = new HashSet<UUID>();
        var left = new HashMap<UUID, Boolean>();
        labels.stream().filter(Label::gone).forEach(label -> gone.add(label.customer()));
        if (horizon == 0) {
            labels.forEach(label -> left.put(label.customer(), label.gone()));
            return new Known(null, null, left, gone, 0);
        }
        var days = labels.stream()
                .filter(label -> !label.gone())
                .map(Label::seenOn)
                .sorted()
                .toList();
        if (days.isEmpty()) {
            return new Known(null, null, left, gone, 0);
        }
        // Three in four of those who stayed were seen on this day or later; of the others it is not known.
        var until = days.get(days.size() / 4);
        var from = until.minusDays(horizon);
        int undated = 0;
        for (var label : labels) {
            var on = label.goneOn();
            if (on != null) {
                if (on.isAfter(from)) {
                    left.put(label.customer(), !on.isAfter(until));
                }
            } else if (label.gone()) {
                undated++;
            } else if (!label.seenOn().isBefore(until)) {
                left.put(label.customer(), false);
            }
        }
        return new Known(from, until, left, gone, undated);
    }

    /** The cells of those learned from, at most so many, spread over all. */
    private void read(UUID tenant, Known known, ChurnFeatures features, List<String[]> cells, List<Boolean> outcomes) {
        var all = known.left().keySet().stream().sorted().toList();
        double step = Math.max(1, all.size() / (double) MOST_LEARNED);
        var chosen = IntStream.range(0, Math.min(all.size(), MOST_LEARNED))
                .mapToObj(i -> all.get((int) (i * step)))
                .toList();
        for (int from = 0; from < chosen.size(); from += TOGETHER) {
            var some = chosen.subList(from, Math.min(chosen.size(), from + TOGETHER));
            tenancy.read(tenant, () -> {
                var day = known.from();
                var strangers = day == null ? Set.<UUID>of() : Set.copyOf(rows.newcomers(tenant, some, day));
                var found = features.of(some, day == null ? today() : day, day);
                for (var customer : some) {
                    var mine = found.get(customer);
                    var outcome = known.left().get(customer);
                    if (mine != null && outcome != null && !strangers.contains(customer)) {
                        cells.add(mine);
                        outcomes.add(outcome);
                    }
                }
                return cells.size();
            });
        }
    }

    /**
     * How good the risks are, and how far they must be drawn in to be that good.
     *
     * @param found after they were
     * @param before as the model gives them; null when that could not be judged
     */
    private record Checked(
            Measurement<Assessment> found,
            Recalibration drawn,
            @Nullable Assessment before) {

        List<Sentence> cautions() {
            var cautions = new ArrayList<Sentence>();
            var slope = before == null ? null : before.slopeInterval();
            if (before != null && slope != null && !drawn.equals(Recalibration.NONE)) {
                cautions.add(Sentence.of(
                        "statistics.churn.drawnIn",
                        "%.2f".formatted(before.slope()),
                        "%.2f".formatted(slope.low()),
                        "%.2f".formatted(slope.high())));
            }
            if (found instanceof Measured<Assessment>(var after, var _, var _)
                    && after.auroc().interval().low() <= GUESSING) {
                cautions.add(Sentence.of("statistics.churn.guessing"));
            }
            return cautions;
        }
    }

    /** Each fifth is judged by a model of the other four. */
    private static Checked check(Records records, boolean[] left, Basis basis, IntConsumer progress) {
        var foldOf = ChurnModel.folds(left, FOLDS, SEED);
        var risks = new double[left.length];
        for (int fold = 0; fold < FOLDS; fold++) {
            int one = fold;
            var inside = IntStream.range(0, left.length)
                    .filter(i -> foldOf[i] != one)
                    .toArray();
            var outside = IntStream.range(0, left.length)
                    .filter(i -> foldOf[i] == one)
                    .toArray();
            var labels = new boolean[inside.length];
            for (int i = 0; i < inside.length; i++) {
                labels[i] = left[inside[i]];
            }
            switch (ChurnModel.train(records.pick(inside), labels, basis)) {
                case NotMeasurable<ChurnModel>(var why, var on) -> {
                    return new Checked(new NotMeasurable<>(why, on.on(left.length)), Recalibration.NONE, null);
                }
                case Measured<ChurnModel>(var model, var _, var _) -> {
                    var found = model.risks(records.pick(outside));
                    for (int i = 0; i < outside.length; i++) {
                        risks[outside[i]] = found[i];
                    }
                }
            }
            progress.accept(10 + 12 * (fold + 1));
        }
        var before = Assessment.of(risks, left, basis);
        if (!(before instanceof Measured<Assessment>(var found, var _, var _))) {
            return new Checked(before, Recalibration.NONE, null);
        }
        var drawn = Recalibration.of(risks, left);
        return new Checked(
                drawn.equals(Recalibration.NONE)
                        ? before
                        : Assessment.of(Recalibration.crossed(risks, left, foldOf), left, basis),
                drawn,
                found);
    }

    private static Found<Assessment> found(Checked check, Measurement<ChurnModel> trained, Known known, int horizon) {
        var cautions = new ArrayList<Sentence>(check.cautions());
        if (horizon == 0) {
            cautions.add(Sentence.of("customer.churn.noBehaviour"));
            cautions.add(Sentence.of("customer.churn.today"));
        } else {
            cautions.add(Sentence.of("customer.churn.asThen"));
        }
        if (known.undated() > 0) {
            cautions.add(Sentence.of("customer.churn.undated", known.undated()));
        }
        if (known.left().size() > MOST_LEARNED) {
            cautions.add(Sentence.of("customer.churn.sample", MOST_LEARNED));
        }
        if (trained instanceof Measured<ChurnModel>(var _, var _, var noted)) {
            noted.stream().filter(ChurnWorker::worthSaying).forEach(cautions::add);
        }
        var found = Found.of(check.found());
        return new Found<>(found.value(), found.why(), found.basis(), cautions);
    }

    /** That the client has no WeChat ids at all, say, is no news; that one of its own fields is of no use may be. */
    private static boolean worthSaying(Sentence noted) {
        return !noted.key().startsWith("statistics.churn.dropped")
                || noted.arguments().stream()
                        .anyMatch(argument -> argument instanceof String text && text.startsWith(ChurnFeatures.OWN));
    }

    /**
     * How far a run has come: kept with every step, so that one that was interrupted goes on behind the last.
     *
     * @param data the state of the data it learned from: with other data it would be another model
     */
    record Progress(String data, UUID after, long scored, Map<String, Double> drivers) {

        static Progress none(String data) {
            return new Progress(data, new UUID(0, 0), 0, Map.of());
        }
    }

    /** Where to go on: behind what was scored if the data are as they were, else from the beginning. */
    private Progress begin(UUID tenant, UUID run, String data) {
        var noted = tenancy.read(tenant, () -> analyses.scoring(tenant, run))
                .map(text -> json.readValue(text, Progress.class))
                .filter(progress -> progress.data().equals(data))
                .orElse(null);
        if (noted != null) {
            return noted;
        }
        int removed;
        do {
            removed = tenancy.write(tenant, () -> analyses.withdraw(tenant, AnalysisRun.Kind.CHURN, run, TOGETHER));
        } while (removed == TOGETHER);
        return Progress.none(data);
    }

    /** Everybody who has not left, some thousand a transaction; until all are, the risks of the run before are shown. */
    private Progress score(
            UUID tenant, UUID run, String data, ChurnModel model, ChurnFeatures features, Known known, int horizon) {
        var progress = begin(tenant, run, data);
        long left = tenancy.read(tenant, () -> rows.customersFrom(tenant, progress.after()));
        long seen = 0;
        var last = progress;
        for (var next = step(tenant, run, last, model, features, known, horizon, percent(seen, left));
                next != null;
                next = step(tenant, run, last, model, features, known, horizon, percent(seen, left))) {
            last = next;
            seen += TOGETHER;
        }
        return last;
    }

    private static int percent(long seen, long of) {
        return (int) (SCORING_FROM + (99L - SCORING_FROM) * Math.min(seen, of) / Math.max(1, of));
    }

    /** @return null when there was nobody left */
    private @Nullable Progress step(
            UUID tenant,
            UUID run,
            Progress before,
            ChurnModel model,
            ChurnFeatures features,
            Known known,
            int horizon,
            int percent) {
        var today = today();
        return tenancy.<@Nullable Progress>write(tenant, () -> {
            var ids = rows.customers(tenant, before.after(), TOGETHER);
            if (ids.isEmpty()) {
                return null;
            }
            var staying = ids.stream().filter(id -> !known.gone().contains(id)).toList();
            var scores = new ArrayList<Score>();
            var drivers = new HashMap<>(before.drivers());
            features.of(staying, today, horizon == 0 ? null : today).forEach((customer, cells) -> {
                var risk = model.risk(cells);
                risk.reasons()
                        .forEach(reason -> drivers.merge(reason.field(), Math.abs(reason.logOdds()), Double::sum));
                scores.add(new Score(
                        customer,
                        risk.probability(),
                        json.writeValueAsString(risk.reasons().stream()
                                .filter(reason -> Math.abs(reason.logOdds()) >= WORTH_SAYING)
                                .limit(MOST_REASONS)
                                .map(reason -> new Reason(reason.field(), reason.value(), reason.logOdds()))
                                .toList())));
            });
            rows.addScores(tenant, run, scores);
            var progress = new Progress(before.data(), ids.getLast(), before.scored() + scores.size(), drivers);
            analyses.scored(tenant, run, json.writeValueAsString(progress), percent);
            return progress;
        });
    }

    private LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), ZONE);
    }

    private void sweep(UUID tenant) {
        int removed;
        do {
            removed = tenancy.write(tenant, () -> analyses.sweep(tenant, AnalysisRun.Kind.CHURN, TOGETHER));
        } while (removed == TOGETHER);
    }

    @Configuration(proxyBeanMethods = false)
    static class InTheBackground {

        @Bean
        OneTimeTask<Job> churnTask(ChurnWorker worker) {
            return Tasks.oneTime(TASK)
                    .execute((instance, _) -> worker.run(
                            instance.getData().tenant(), instance.getData().run()));
        }
    }
}
