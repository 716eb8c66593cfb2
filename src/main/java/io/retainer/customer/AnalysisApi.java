package io.retainer.customer;

import io.retainer.identity.Access;
import io.retainer.identity.Idempotency;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Texts;
import io.retainer.statistics.Interval;
import io.retainer.statistics.Method;
import io.retainer.statistics.value.Change;
import io.retainer.statistics.value.Cohorts;
import io.retainer.statistics.value.HoldOut;
import io.retainer.statistics.value.LifetimeValue;
import io.retainer.statistics.value.Migration;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.format.annotation.DateTimeFormat;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** What customers are worth, for programs. Every figure comes with what it stands on, or with why there is none. */
@RestController
@RequestMapping("/api/v1/contracts/{contract}/value")
class AnalysisApi {

    private static final int MOST = 1_000;

    private final ValueAnalysis analysis;
    private final Idempotency idempotency;

    AnalysisApi(ValueAnalysis analysis, Idempotency idempotency) {
        this.analysis = analysis;
        this.idempotency = idempotency;
    }

    /**
     * What a figure stands on.
     *
     * @param asOf the last day of the data
     * @param observations how many
     * @param cautions what the reader must know before trusting it
     * @param notMeasurable why there is no figure; null when there is one
     */
    record BasisBody(
            String data,
            @Nullable LocalDate asOf,
            long observations,
            Method method,
            String source,
            List<String> cautions,
            @Nullable String notMeasurable) {

        static BasisBody of(Found<?> found, Texts texts) {
            var why = found.why();
            return new BasisBody(
                    texts.say(found.basis().data()),
                    found.basis().asOf(),
                    found.basis().observations(),
                    found.basis().method(),
                    found.basis().method().source(),
                    found.cautions().stream()
                            .map((Sentence caution) -> texts.say(caution))
                            .toList(),
                    why == null ? null : texts.say(why));
        }
    }

    record RfmBody(ValueReport.@Nullable Scores scores, BasisBody basis) {}

    record CohortsBody(@Nullable Cohorts cohorts, BasisBody basis) {}

    record ModelBody(
            ValueReport.@Nullable Fitting fit,
            BasisBody fitBasis,
            @Nullable HoldOut holdOut,
            BasisBody holdOutBasis) {}

    /** In yuan, of all customers over the next 52 weeks. */
    record WorthBody(
            @Nullable Double value,
            @Nullable Interval interval,
            @Nullable Double purchases,
            BasisBody basis) {

        static WorthBody of(Found<LifetimeValue.OfAll> found, Texts texts) {
            var all = found.value();
            return all == null
                    ? new WorthBody(null, null, null, BasisBody.of(found, texts))
                    : new WorthBody(all.value(), all.interval(), all.purchases(), BasisBody.of(found, texts));
        }
    }

    /**
     * @param computedAt when its data were read; null when it was never worked out
     * @param current whether the data are still those
     * @param running percent of the one under way, or null
     */
    record ValueBody(
            @Nullable Instant computedAt,
            boolean current,
            @Nullable Integer running,
            long orders,
            int customers,
            @Nullable RfmBody rfm,
            @Nullable CohortsBody cohorts,
            List<ModelBody> models,
            @Nullable WorthBody worth,
            @Nullable SpendingBody spending) {}

    /** What a purchase brings. */
    record SpendingBody(ValueReport.@Nullable Fitting fit, BasisBody basis) {}

    /** The latest results; working them out anew is another call. */
    @GetMapping
    ValueBody value(Access access, Locale locale) {
        var texts = Texts.in(locale);
        var overview = analysis.overview(access);
        var report = overview.report();
        if (report == null) {
            return new ValueBody(null, false, overview.running(), 0, 0, null, null, List.of(), null, null);
        }
        return new ValueBody(
                overview.computedAt(),
                overview.current(),
                overview.running(),
                report.orders(),
                report.customers(),
                new RfmBody(report.rfm().value(), BasisBody.of(report.rfm(), texts)),
                new CohortsBody(report.cohorts().value(), BasisBody.of(report.cohorts(), texts)),
                report.models().stream()
                        .map(model -> new ModelBody(
                                model.fit().value(),
                                BasisBody.of(model.fit(), texts),
                                model.holdOut().value(),
                                BasisBody.of(model.holdOut(), texts)))
                        .toList(),
                WorthBody.of(report.worth(), texts),
                report.spending() == null
                        ? null
                        : new SpendingBody(report.spending().value(), BasisBody.of(report.spending(), texts)));
    }

    record StartedBody(UUID id) {}

    /** Works it out anew in the background; {@code running} of the report tells how far it is. */
    @PostMapping
    @ResponseStatus(HttpStatus.ACCEPTED)
    StartedBody computeValue(
            Access access, @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
        return idempotency.once(
                access,
                key,
                List.of(access.contract(), "value"),
                StartedBody.class,
                () -> new StartedBody(analysis.start(access)));
    }

    /**
     * Of one customer; null where nothing can be said.
     *
     * @param spent in yuan
     * @param alive the probability that he has not stopped buying
     * @param expected purchases over the next 52 weeks
     * @param expectedInterval for that expectation, from the uncertainty of the model
     * @param purchasesRange what the customer himself may buy, by the model
     * @param worth expected, in yuan, over the same time, discounted by 10 % a year
     * @param worthInterval for that expectation
     * @param bringsRange what the customer himself may bring, in yuan, not discounted
     */
    record ScoreBody(
            UUID customer,
            @Nullable Integer recency,
            @Nullable Integer frequency,
            @Nullable Integer monetary,
            long days,
            int purchases,
            BigDecimal spent,
            @Nullable Double alive,
            @Nullable Double expected,
            @Nullable Interval expectedInterval,
            @Nullable Interval purchasesRange,
            @Nullable BigDecimal worth,
            @Nullable Interval worthInterval,
            @Nullable Interval bringsRange) {

        private static final double FEN = 100;
        private static final double NINE_IN_TEN = 0.9;

        private static @Nullable Interval interval(AnalysisRows.@Nullable Bounds bounds, double unit, double level) {
            return bounds == null ? null : new Interval(bounds.low() / unit, bounds.high() / unit, level);
        }

        static ScoreBody of(AnalysisRows.Score score) {
            var worth = score.worth();
            return new ScoreBody(
                    score.customer(),
                    score.recency(),
                    score.frequency(),
                    score.monetary(),
                    score.days(),
                    score.purchases(),
                    BigDecimal.valueOf(score.spent(), 2),
                    score.alive(),
                    score.expected(),
                    interval(score.expectedInterval(), 1, Interval.USUAL),
                    interval(score.purchasesRange(), 1, NINE_IN_TEN),
                    worth == null ? null : BigDecimal.valueOf(worth, 2),
                    interval(score.worthInterval(), FEN, Interval.USUAL),
                    interval(score.bringsRange(), FEN, NINE_IN_TEN));
        }
    }

    /** @param after to ask for the next page with; null on the last */
    record ScoresBody(
            List<ScoreBody> scores,
            @Nullable UUID after,
            @Nullable BasisBody basis,
            @Nullable Instant computedAt) {}

    /** The scores of every customer from the latest analysis, by id. */
    @GetMapping("/customers")
    ScoresBody scores(
            Access access,
            @RequestParam(required = false) @Nullable UUID after,
            @RequestParam(defaultValue = "200") int limit,
            Locale locale) {
        int most = Math.clamp(limit, 1, MOST);
        var page = analysis.scores(access, after, most);
        var overview = analysis.overview(access);
        var report = overview.report();
        return new ScoresBody(
                page.stream().map(ScoreBody::of).toList(),
                page.size() == most ? page.getLast().customer() : null,
                report == null ? null : BasisBody.of(report.rfm(), Texts.in(locale)),
                overview.computedAt());
    }

    record ChangeBody(
            @Nullable Change change,
            BasisBody changeBasis,
            @Nullable Migration migration,
            BasisBody migrationBasis) {}

    /** What changed between two dates. */
    @GetMapping("/change")
    ChangeBody changeOfValue(
            Access access,
            @RequestParam @DateTimeFormat(iso = DateTimeFormat.ISO.DATE) LocalDate earlier,
            @RequestParam @DateTimeFormat(iso = DateTimeFormat.ISO.DATE) LocalDate later,
            @RequestParam(defaultValue = "90") int days,
            Locale locale) {
        var texts = Texts.in(locale);
        var between = analysis.between(access, earlier, later, days);
        return new ChangeBody(
                between.change().value(),
                BasisBody.of(between.change(), texts),
                between.migration().value(),
                BasisBody.of(between.migration(), texts));
    }
}
