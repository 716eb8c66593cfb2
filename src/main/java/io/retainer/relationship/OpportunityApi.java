package io.retainer.relationship;

import static io.retainer.kernel.Refused.given;

import io.retainer.identity.Access;
import io.retainer.identity.Idempotency;
import io.retainer.kernel.Money;
import io.retainer.relationship.OpportunityRows.Filter;
import io.retainer.relationship.RelationApi.RelationMadeBody;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Opportunities and the forecast they make, for programs. */
@RestController
@RequestMapping("/api/v1")
@Tag(name = "Relationships")
class OpportunityApi {

    private final Opportunities opportunities;
    private final Idempotency idempotency;

    OpportunityApi(Opportunities opportunities, Idempotency idempotency) {
        this.opportunities = opportunities;
        this.idempotency = idempotency;
    }

    /**
     * Amounts in yuan with two decimals.
     *
     * @param percent likely, by the stage
     * @param days in the stage
     */
    record OpportunityBody(
            UUID id,
            int number,
            UUID customer,
            String title,
            Stage stage,
            String amount,
            int percent,
            String weighted,
            LocalDate expectedOn,
            long days,
            @Nullable UUID agent,
            @Nullable LostReason reason,
            @Nullable Instant endedAt) {

        static OpportunityBody of(Opportunities.Line line) {
            var it = line.opportunity();
            return new OpportunityBody(
                    it.id(),
                    it.number(),
                    it.customer(),
                    it.title(),
                    it.stage(),
                    yuan(it.amount()),
                    line.percent(),
                    yuan(line.weighted()),
                    it.expectedOn(),
                    line.days(),
                    it.agent(),
                    it.reason(),
                    it.endedAt());
        }
    }

    /** @param month such as {@code 2025-03} */
    record ForecastMonthBody(String month, int count, String amount, String weighted) {}

    /**
     * @param more whether more fit than are told
     * @param oddsAgreed false while the odds are the platform's, which nobody has set
     */
    record OpportunityListBody(
            List<OpportunityBody> items, boolean more, List<ForecastMonthBody> forecast, boolean oddsAgreed) {}

    @GetMapping(RelationApi.BASE + "/opportunities")
    @Operation(summary = "Opportunities that fit and the forecast they make by month.")
    OpportunityListBody opportunities(
            Access access,
            @RequestParam(required = false) @Nullable Stage stage,
            @RequestParam(required = false) @Nullable YearMonth month,
            @RequestParam(required = false) @Nullable UUID agent,
            @RequestParam(required = false) @Nullable LostReason reason,
            @RequestParam(defaultValue = "false") boolean all) {
        var pipeline = opportunities.pipeline(access, new Filter(stage, month, agent, reason, !all));
        return new OpportunityListBody(
                pipeline.lines().stream().map(OpportunityBody::of).toList(),
                pipeline.more(),
                pipeline.months().stream()
                        .map(one -> new ForecastMonthBody(
                                one.month().toString(), one.count(), yuan(one.amount()), yuan(one.weighted())))
                        .toList(),
                pipeline.odds().agreed());
    }

    /** @param amount in yuan, at most two decimals */
    record NewOpportunityBody(
            @Nullable String title,
            @Nullable BigDecimal amount,
            @Nullable Stage stage,
            @Nullable LocalDate expectedOn,
            @Nullable UUID agent) {}

    @PostMapping(RelationApi.BASE + "/{customer}/opportunities")
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(summary = "Notes an opportunity with a customer; the stage is CONTACT when left out.")
    RelationMadeBody see(
            Access access,
            @PathVariable UUID customer,
            @RequestBody NewOpportunityBody body,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
        var wanted = new Opportunities.Wanted(
                given("title", body.title()),
                OpportunityController.money(given("amount", body.amount())),
                Optional.ofNullable(body.stage()).orElse(Stage.CONTACT),
                given("expectedOn", body.expectedOn()),
                body.agent());
        return idempotency.once(
                access,
                key,
                List.of(access.contract(), "relationships", customer, "opportunities", body),
                RelationMadeBody.class,
                () -> new RelationMadeBody(opportunities.see(access, customer, wanted)));
    }

    /** What can be done with an opportunity. */
    enum OpportunityAct {
        ADVANCE,
        WIN,
        LOSE,
        ESTIMATE
    }

    /**
     * @param stage for ADVANCE
     * @param amount for WIN and ESTIMATE, in yuan
     * @param reason for LOSE
     * @param expectedOn for ESTIMATE
     */
    record OpportunityActBody(
            @Nullable OpportunityAct act,
            @Nullable Stage stage,
            @Nullable BigDecimal amount,
            @Nullable LostReason reason,
            @Nullable LocalDate expectedOn) {}

    @PostMapping(RelationApi.BASE + "/opportunities/{opportunity}/acts")
    @Operation(summary = "Does one thing with an opportunity; which fields it needs follows from the act.")
    OpportunityBody actOnOpportunity(
            Access access,
            @PathVariable UUID opportunity,
            @RequestBody OpportunityActBody body,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
        var done = RelationMadeBody.once(
                idempotency, access, key, List.of("opportunities", opportunity, body), opportunity, () -> {
                    switch (given("act", body.act())) {
                        case ADVANCE -> opportunities.advance(access, opportunity, given("stage", body.stage()));
                        case WIN ->
                            opportunities.win(
                                    access, opportunity, OpportunityController.money(given("amount", body.amount())));
                        case LOSE -> opportunities.lose(access, opportunity, given("reason", body.reason()));
                        case ESTIMATE ->
                            opportunities.estimate(
                                    access,
                                    opportunity,
                                    OpportunityController.money(given("amount", body.amount())),
                                    given("expectedOn", body.expectedOn()));
                    }
                });
        return OpportunityBody.of(opportunities.whole(access, done.id()).line());
    }

    private static String yuan(Money money) {
        return money.yuan().toPlainString();
    }
}
