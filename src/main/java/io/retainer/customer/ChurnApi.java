package io.retainer.customer;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.OptBoolean;
import io.retainer.customer.AnalysisApi.BasisBody;
import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.identity.Idempotency;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Texts;
import io.retainer.statistics.Interval;
import io.retainer.statistics.churn.Assessment;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Who left and who is likely to, for programs. */
@RestController
@RequestMapping("/api/v1/contracts/{contract}/churn")
class ChurnApi {

    private static final int MOST_AT_ONCE = 1000;

    private final ChurnAnalysis analysis;
    private final ChurnLabels labels;
    private final Idempotency idempotency;

    ChurnApi(ChurnAnalysis analysis, ChurnLabels labels, Idempotency idempotency) {
        this.analysis = analysis;
        this.labels = labels;
        this.idempotency = idempotency;
    }

    /**
     * @param customer the number the client knows the customer by, or our id
     * @param left whether the customer left; may be missing when {@code leftOn} is there
     * @param leftOn the day, where it is known
     * @param seenOn the day on which this was so; today when it is missing
     */
    record LabelBody(
            @Nullable String customer,
            @Nullable Boolean left,

            @JsonFormat(lenient = OptBoolean.FALSE) @Nullable
            LocalDate leftOn,

            @JsonFormat(lenient = OptBoolean.FALSE) @Nullable
            LocalDate seenOn) {}

    /** All or none; a label that says what was known changes nothing. */
    @PostMapping("/labels/batch")
    @ResponseStatus(HttpStatus.CREATED)
    ChurnLabels.Added addLabels(
            Access access,
            @RequestBody List<LabelBody> bodies,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
        access.require(Capability.IMPORT_CUSTOMERS);
        if (bodies.isEmpty() || bodies.size() > MOST_AT_ONCE) {
            throw Refused.field("", "customer.api.most", MOST_AT_ONCE, bodies.size());
        }
        var sent = new ArrayList<ChurnLabels.NewLabel>();
        for (int i = 0; i < bodies.size(); i++) {
            var body = bodies.get(i);
            var customer = body.customer();
            if (customer == null) {
                throw Refused.field(i + ".customer", "workbench.missing", i + ".customer");
            }
            var left = body.left();
            if (left == null && body.leftOn() == null) {
                throw Refused.field(i + ".left", "workbench.missing", i + ".left");
            }
            sent.add(new ChurnLabels.NewLabel(customer, left == null || left, body.leftOn(), body.seenOn()));
        }
        return idempotency.once(
                access,
                key,
                List.of(access.contract(), "churn/labels/batch", bodies),
                ChurnLabels.Added.class,
                () -> labels.add(access, sent));
    }

    /**
     * @param computedAt when its data were read; null when it was never worked out
     * @param current whether the data are still those
     * @param running percent of the one under way, or null
     * @param horizon within how many days; 0 for as labelled
     * @param check how risks of customers the model had not seen came out; null when it cannot be measured
     */
    record ChurnBody(
            @Nullable Instant computedAt,
            boolean current,
            @Nullable Integer running,
            int horizon,
            @Nullable LocalDate from,
            @Nullable LocalDate until,
            int learned,
            int left,
            long scored,
            @Nullable CheckBody check,
            @Nullable BasisBody basis,
            List<DriverBody> drivers) {}

    /** As {@code Assessment} has it. */
    record CheckBody(
            long records,
            long left,
            double auroc,
            Interval aurocInterval,
            double brier,
            double baseBrier,
            double slope,
            @Nullable Interval slopeInterval,
            double intercept,
            double inTheLarge,
            List<TenthBody> reliability) {

        static CheckBody of(Assessment found) {
            return new CheckBody(
                    found.records(),
                    found.left(),
                    found.auroc().value(),
                    found.auroc().interval(),
                    found.brier(),
                    found.baseBrier(),
                    found.slope(),
                    found.slopeInterval(),
                    found.intercept(),
                    found.inTheLarge(),
                    found.reliability().stream()
                            .map(tenth -> new TenthBody(
                                    tenth.foreseen(), tenth.happened(), tenth.interval(), tenth.records()))
                            .toList());
        }
    }

    /** Mean risk foreseen and part that left, among customers of similar risk. */
    record TenthBody(double foreseen, double happened, Interval interval, int customers) {}

    /** @param weight the mean of how far the field moves the logarithm of the odds */
    record DriverBody(String field, double weight) {}

    /** The latest result; working it out anew is another call. */
    @GetMapping
    ChurnBody churn(Access access, Locale locale) {
        var texts = Texts.in(locale);
        var overview = analysis.overview(access);
        var report = overview.report();
        if (report == null) {
            return new ChurnBody(null, false, overview.running(), 0, null, null, 0, 0, 0, null, null, List.of());
        }
        var words = analysis.words(access);
        var check = report.check();
        var said = new Found<>(
                check.value(),
                check.why(),
                check.basis(),
                check.cautions().stream().map(words::caution).toList());
        return new ChurnBody(
                overview.computedAt(),
                overview.current(),
                overview.running(),
                report.horizon(),
                report.from(),
                report.until(),
                report.learned(),
                report.left(),
                report.scored(),
                check.value() == null ? null : CheckBody.of(check.value()),
                BasisBody.of(said, texts),
                report.drivers().stream()
                        .map(driver -> new DriverBody(texts.say(words.field(driver.field())), driver.weight()))
                        .toList());
    }

    /** @param horizon 90, 180 or 365 days, or 0 for as labelled */
    record ChurnRequest(@Nullable Integer horizon) {}

    record ChurnStarted(UUID id) {}

    /** Works it out anew in the background; {@code running} of the result tells how far it is. */
    @PostMapping
    @ResponseStatus(HttpStatus.ACCEPTED)
    ChurnStarted computeChurn(
            Access access,
            @RequestBody ChurnRequest body,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
        var horizon = body.horizon() == null ? 180 : body.horizon();
        return idempotency.once(
                access,
                key,
                List.of(access.contract(), "churn", horizon),
                ChurnStarted.class,
                () -> new ChurnStarted(analysis.start(access, horizon)));
    }

    /** @param logOdds what the field adds to the logarithm of the odds of leaving, against the average customer */
    record ReasonBody(String field, String value, double logOdds) {}

    record RiskBody(UUID customer, double risk, List<ReasonBody> reasons) {}

    /** @param after to ask for the next page with; null on the last */
    record RisksBody(List<RiskBody> risks, @Nullable UUID after) {}

    /** The risk of every customer who has not left, the highest first. */
    @GetMapping("/customers")
    RisksBody risks(
            Access access,
            @RequestParam(required = false) @Nullable UUID after,
            @RequestParam(defaultValue = "200") int limit,
            Locale locale) {
        var texts = Texts.in(locale);
        var words = analysis.words(access);
        int most = Math.clamp(limit, 1, MOST_AT_ONCE);
        var page = analysis.risks(access, after, most);
        return new RisksBody(
                page.stream()
                        .map(risk -> new RiskBody(
                                risk.customer(),
                                risk.risk(),
                                risk.reasons().stream()
                                        .map(reason -> new ReasonBody(
                                                texts.say(words.field(reason.field())),
                                                texts.say(words.value(reason.field(), reason.value())),
                                                reason.logOdds()))
                                        .toList()))
                        .toList(),
                page.size() == most ? page.getLast().customer() : null);
    }
}
