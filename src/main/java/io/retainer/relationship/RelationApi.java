package io.retainer.relationship;

import static io.retainer.kernel.Refused.given;

import io.retainer.identity.Access;
import io.retainer.identity.Idempotency;
import io.retainer.kernel.Texts;
import io.retainer.relationship.RelationRows.View;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.format.annotation.DateTimeFormat;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Relations, calls and visits for programs: all that the pages can do but reveal. */
@RestController
@RequestMapping("/api/v1")
@Tag(
        name = "Relationships",
        description = "Who looks after whom, calls and visits, tasks, opportunities and referrals (I-1.1*(3)).")
class RelationApi {

    static final String BASE = "/contracts/{contract}/relationships";
    static final int PAGE = 50;
    static final int LARGEST_PAGE = 100;

    private final Relations relations;
    private final RelationDesk desk;
    private final ContactLog log;
    private final Referrals referrals;
    private final Ties ties;
    private final Idempotency idempotency;
    private final Clock clock;

    RelationApi(
            Relations relations,
            RelationDesk desk,
            ContactLog log,
            Referrals referrals,
            Ties ties,
            Idempotency idempotency,
            Clock clock) {
        this.relations = relations;
        this.desk = desk;
        this.log = log;
        this.referrals = referrals;
        this.ties = ties;
        this.idempotency = idempotency;
        this.clock = clock;
    }

    record RelationMadeBody(UUID id) {

        /** The id of what something was done with, once for each key. */
        static RelationMadeBody once(
                Idempotency idempotency,
                Access access,
                @Nullable String key,
                List<Object> request,
                UUID id,
                Runnable work) {
            return idempotency.once(access, key, List.of(access.contract(), request), RelationMadeBody.class, () -> {
                work.run();
                return new RelationMadeBody(id);
            });
        }
    }

    /**
     * A relation as a line of a list.
     *
     * @param name masked
     * @param agent null in the pool
     * @param idleAt when it goes back to the pool
     * @param dueOn the last day on which the contact plan wants the customer contacted, or null
     * @param overdue whether that day is over
     * @param risks why it is at risk, in the language that was asked for; only in the view AT_RISK
     */
    record RelationLineBody(
            UUID customer,
            String name,
            Tier tier,
            @Nullable UUID agent,
            Instant since,
            @Nullable Instant lastContactAt,
            @Nullable Instant idleAt,
            @Nullable LocalDate dueOn,
            boolean overdue,
            List<String> risks) {}

    /**
     * @param next to pass as {@code before}; null on the last page
     * @param definition what makes a customer part of the view
     * @param counts how many each view has; who is at risk is not counted
     */
    record RelationPageBody(
            List<RelationLineBody> items, @Nullable UUID next, List<String> definition, Map<View, Integer> counts) {}

    /**
     * How customers are shared out and within how many days each tier is contacted.
     *
     * @param plan days by tier; a tier without is owed nothing
     * @param version of what was read; changing what somebody else changed meanwhile is refused
     */
    record PoolRulesBody(
            @Nullable Integer most,
            @Nullable Integer idleDays,
            @Nullable Integer coolDays,
            @Nullable Map<Tier, Integer> plan,
            @Nullable Integer version) {

        static PoolRulesBody of(PoolRules rules) {
            return new PoolRulesBody(rules.most(), rules.idleDays(), rules.coolDays(), rules.plan(), rules.version());
        }
    }

    @GetMapping(BASE + "/rules")
    @Operation(summary = "The rules of the pool and the contact plan.")
    PoolRulesBody rules(Access access) {
        return PoolRulesBody.of(desk.rules(access));
    }

    @PutMapping(BASE + "/rules")
    @Operation(summary = "Sets them; the lead's to do. A change holds from the next contact on.")
    PoolRulesBody rule(Access access, @RequestBody PoolRulesBody body) {
        relations.rule(
                access,
                new PoolRules(
                        given("most", body.most()),
                        given("idleDays", body.idleDays()),
                        given("coolDays", body.coolDays()),
                        given("plan", body.plan()),
                        given("version", body.version())));
        return rules(access);
    }

    @GetMapping(BASE)
    @Operation(summary = "Relations, the customers that came last first, with the rule of the view.")
    RelationPageBody list(
            Access access,
            @RequestParam(defaultValue = "ALL") View view,
            @RequestParam(required = false) @Nullable UUID before,
            @RequestParam(required = false) @Nullable Integer limit,
            Locale locale) {
        var texts = Texts.in(locale);
        var page = desk.page(access, view, "", before, Math.clamp(limit == null ? PAGE : limit, 1, LARGEST_PAGE));
        return new RelationPageBody(
                page.lines().stream()
                        .map(line -> new RelationLineBody(
                                line.relation().customer(),
                                line.customer().name(),
                                line.relation().tier(),
                                line.relation().agent(),
                                line.relation().since(),
                                line.relation().lastContactAt(),
                                line.idleAt(),
                                line.dueOn(),
                                line.overdue(),
                                line.risks().stream().map(texts::say).toList()))
                        .toList(),
                page.next(),
                page.definition().stream().map(texts::say).toList(),
                page.counts());
    }

    record NewRelationBody(
            @Nullable UUID customer, @Nullable Tier tier) {}

    @PostMapping(BASE)
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(summary = "Looks after a customer from now on; it starts in the pool.")
    RelationMadeBody begin(
            Access access,
            @RequestBody NewRelationBody body,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
        var customer = given("customer", body.customer());
        var tier = given("tier", body.tier());
        return idempotency.once(
                access, key, List.of(access.contract(), "relationships", body), RelationMadeBody.class, () -> {
                    relations.begin(access, customer, tier);
                    return new RelationMadeBody(customer);
                });
    }

    /**
     * @param day for what has a day and no time; otherwise null
     * @param says what happened, in the language that was asked for; what was said is not told here
     * @param against what stood against a call that was made all the same, or null
     */
    record RelationStepBody(
            CustomerTimeline.Topic topic,
            Instant at,
            @Nullable LocalDate day,
            String says,
            @Nullable String against,
            @Nullable String who,
            @Nullable String link) {}

    /**
     * What another customer is to this one.
     *
     * @param says in the language that was asked for
     */
    record TieBody(UUID id, UUID other, TieKind kind, String says) {}

    /** Who belongs to a company. */
    record ContactPersonBody(
            UUID person,
            String name,
            @Nullable String role,
            @Nullable Instant lastReachedAt) {}

    /**
     * @param owed the last moment of the contact that the plan asks for
     * @param company that a person belongs to
     * @param people who belong to the company
     * @param budget contacts of the last 7 and 30 days, and what of the budget there is
     */
    record RelationBody(
            UUID customer,
            String name,
            @Nullable Tier tier,
            @Nullable UUID agent,
            @Nullable Instant lastContactAt,
            @Nullable Instant owed,
            List<RelationStepBody> steps,
            @Nullable UUID referredBy,
            List<UUID> referred,
            List<TieBody> ties,
            @Nullable UUID company,
            List<ContactPersonBody> people,
            io.retainer.messaging.Contacts.Outlook budget) {}

    @GetMapping(BASE + "/{customer}")
    @Operation(
            summary = "Everything about one customer on one time line; the tier is null while nobody looks after it.")
    RelationBody show(Access access, @PathVariable UUID customer, Locale locale) {
        var texts = Texts.in(locale);
        var whole = desk.whole(access, customer);
        var relation = whole.relation();
        var referral = referrals.of(access, whole.customer().id());
        return new RelationBody(
                whole.customer().id(),
                whole.customer().name(),
                relation == null ? null : relation.tier(),
                relation == null ? null : relation.agent(),
                relation == null ? null : relation.lastContactAt(),
                whole.owed() == null ? null : whole.owed().assessment().due(),
                whole.steps().stream()
                        .map(step -> new RelationStepBody(
                                step.topic(),
                                step.at(),
                                step.day(),
                                texts.say(step.says()),
                                step.against() == null ? null : texts.say(step.against()),
                                step.who(),
                                step.link()))
                        .toList(),
                referral.by() == null ? null : referral.by().other().id(),
                referral.of().stream().map(line -> line.other().id()).toList(),
                ties.of(access, whole.customer().id()).stream()
                        .map(tie -> new TieBody(tie.id(), tie.other().id(), tie.kind(), texts.say(tie.says())))
                        .toList(),
                whole.company() == null ? null : whole.company().customer().id(),
                whole.people().stream()
                        .map(member -> new ContactPersonBody(
                                member.customer().id(), member.customer().name(), member.role(), member.lastAt()))
                        .toList(),
                whole.outlook());
    }

    /**
     * A call or a visit.
     *
     * @param against what stood against a call that was made all the same, or null
     */
    record LoggedBody(
            UUID id,
            Instant happenedAt,
            TouchKind kind,
            @Nullable CallGround ground,
            boolean reached,
            UUID customer,
            @Nullable UUID with,
            @Nullable UUID agent,
            @Nullable String against) {}

    /** @param next to pass as {@code before}, or null */
    record LogBody(List<LoggedBody> contacts, @Nullable UUID next) {}

    @GetMapping(BASE + "/log")
    @Operation(summary = "Calls and visits with any customer, the latest first; what was said stays sealed.")
    LogBody log(
            Access access,
            @RequestParam(required = false) @Nullable TouchKind kind,
            @RequestParam(required = false) @Nullable UUID agent,
            @RequestParam(required = false) @Nullable Boolean reached,
            @RequestParam(required = false) @DateTimeFormat(pattern = "yyyy-MM") @Nullable YearMonth month,
            @RequestParam(required = false) @Nullable UUID before,
            @RequestParam(required = false) @Nullable Integer limit,
            Locale locale) {
        var page = log.page(
                access,
                new ContactLog.Filter(kind, agent, reached, month),
                before,
                Math.clamp(limit == null ? PAGE : limit, 1, LARGEST_PAGE));
        var texts = Texts.in(locale);
        return new LogBody(
                page.lines().stream()
                        .map(line -> new LoggedBody(
                                line.touch().id(),
                                line.touch().happenedAt(),
                                TouchKind.valueOf(line.touch().kind()),
                                line.ground(),
                                Boolean.TRUE.equals(line.touch().reached()),
                                line.touch().customer(),
                                line.touch().with(),
                                line.touch().actor(),
                                line.against() == null ? null : texts.say(line.against())))
                        .toList(),
                page.next());
    }

    /** What can be done with a relation. */
    enum RelationAct {
        PICK,
        RELEASE,
        HAND_OVER,
        SET_TIER,
        REFER,
        WITHDRAW_REFERRAL,
        TIE,
        UNTIE
    }

    /**
     * @param to for HAND_OVER: the agent
     * @param tier for SET_TIER
     * @param referrer for REFER: the customer who referred this one
     * @param other for TIE: the customer who is the parent, the supplier, … of this one
     * @param tieKind for TIE: what the other is to this one
     * @param tie for UNTIE
     */
    record RelationActBody(
            @Nullable RelationAct act,
            @Nullable UUID to,
            @Nullable Tier tier,
            @Nullable UUID referrer,
            @Nullable UUID other,
            @Nullable TieKind tieKind,
            @Nullable UUID tie) {}

    @PostMapping(BASE + "/{customer}/acts")
    @Operation(summary = "Does one thing with a relation; which fields it needs follows from the act.")
    RelationMadeBody act(
            Access access,
            @PathVariable UUID customer,
            @RequestBody RelationActBody body,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
        return RelationMadeBody.once(
                idempotency, access, key, List.of("relationships", customer, body), customer, () -> {
                    switch (given("act", body.act())) {
                        case PICK -> relations.pick(access, customer);
                        case RELEASE -> relations.release(access, customer);
                        case HAND_OVER -> relations.handOver(access, customer, given("to", body.to()));
                        case SET_TIER -> relations.setTier(access, customer, given("tier", body.tier()));
                        case REFER -> referrals.note(access, customer, given("referrer", body.referrer()));
                        case WITHDRAW_REFERRAL -> referrals.withdraw(access, customer);
                        case TIE ->
                            ties.tie(access, customer, given("tieKind", body.tieKind()), given("other", body.other()));
                        case UNTIE -> ties.untie(access, customer, given("tie", body.tie()));
                    }
                });
    }

    /** @param customers null for all that {@code from} holds */
    record RelationHandOverBody(
            @Nullable List<UUID> customers,
            @Nullable UUID from,
            @Nullable UUID to) {}

    /** @param belongings open tasks and opportunities that went along */
    record RelationsMovedBody(int customers, int belongings) {}

    @PostMapping(BASE + "/hand-over")
    @Operation(summary = "Hands several customers over with all that is open, all or none.")
    RelationsMovedBody handOver(
            Access access,
            @RequestBody RelationHandOverBody body,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
        var to = given("to", body.to());
        return idempotency.once(
                access,
                key,
                List.of(access.contract(), "relationships", "hand-over", body),
                RelationsMovedBody.class,
                () -> {
                    var moved = body.customers() == null
                            ? relations.handOverAll(access, given("from", body.from()), to)
                            : relations.handOverSome(access, body.customers(), to);
                    return new RelationsMovedBody(moved.customers(), moved.belongings());
                });
    }

    /**
     * A note, a call or a visit.
     *
     * @param ground for a call
     * @param with who of the company a call or visit was with; null for the customer itself
     * @param words what was said; sealed
     * @param happenedAt now when left out
     */
    record NewTouchBody(
            @Nullable TouchKind kind,
            @Nullable CallGround ground,
            @Nullable UUID with,
            @Nullable Boolean reached,
            @Nullable String words,
            @Nullable Instant happenedAt) {}

    @PostMapping(BASE + "/{customer}/touches")
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(summary = "Writes down a note, a call or a visit; a call is asked of the contact budget first.")
    RelationMadeBody touch(
            Access access,
            @PathVariable UUID customer,
            @RequestBody NewTouchBody body,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
        var kind = given("kind", body.kind());
        var words = given("words", body.words());
        return idempotency.once(
                access,
                key,
                List.of(access.contract(), "relationships", customer, "touches", body),
                RelationMadeBody.class,
                () -> new RelationMadeBody(relations.touch(
                        access,
                        customer,
                        body.with(),
                        kind,
                        kind == TouchKind.CALL ? body.ground() : null,
                        Boolean.TRUE.equals(body.reached()),
                        words,
                        body.happenedAt() == null ? clock.instant() : body.happenedAt())));
    }
}
