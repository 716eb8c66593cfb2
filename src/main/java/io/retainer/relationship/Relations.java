package io.retainer.relationship;

import static io.retainer.identity.Capability.EDIT_CUSTOMERS;
import static io.retainer.identity.Capability.MANAGE_MESSAGES;
import static io.retainer.identity.Capability.READ_CUSTOMERS;

import io.retainer.contract.ContractDates;
import io.retainer.contract.ContractLife;
import io.retainer.contract.TermsInForce;
import io.retainer.customer.Consents;
import io.retainer.customer.CustomerKind;
import io.retainer.customer.CustomerPage;
import io.retainer.customer.Customers;
import io.retainer.duty.AssessedDuty;
import io.retainer.duty.Deadline;
import io.retainer.duty.Duties;
import io.retainer.duty.NewDuty;
import io.retainer.duty.Release;
import io.retainer.identity.Access;
import io.retainer.identity.Engagement;
import io.retainer.identity.People;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Ids;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Unknown;
import io.retainer.messaging.Contacts;
import io.retainer.relationship.CustomerTimeline.Happening;
import io.retainer.relationship.RelationEvent.Begun;
import io.retainer.relationship.RelationRows.Touch;
import io.retainer.relationship.RelationRows.View;
import io.retainer.vault.Personal;
import io.retainer.vault.PersonalKind;
import io.retainer.vault.Purpose;
import io.retainer.vault.Reveals;
import io.retainer.vault.Sealed;
import io.retainer.vault.SealedColumn;
import io.retainer.vault.SealedTable;
import io.retainer.vault.Vault;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.stereotype.Service;

/** What people and the clock do with relations (I-1.1*(3)). Each call is one transaction for the client. */
@Service
public class Relations {

    static final SealedColumn WORDS = new SealedColumn("relationship.touch", "words", PersonalKind.TEXT);
    static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");

    private static final int LONGEST_WORDS = 4000;
    private static final int MOST_HAPPENINGS = 100;
    private static final Set<String> TIERED = Set.of("BEGUN", "TIER_SET", "MERGED");

    private final RelationRows rows;
    private final Customers customers;
    private final Consents consents;
    private final Contacts contacts;
    private final Duties duties;
    private final ContractLife contracts;
    private final ContractDates parties;
    private final TermsInForce terms;
    private final People people;
    private final Vault vault;
    private final Reveals reveals;
    private final ObjectProvider<CustomerTimeline> timelines;
    private final ObjectProvider<CustomerRisks> risks;
    private final Belongings belongings;
    private final Tenancy tenancy;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    Relations(
            RelationRows rows,
            Customers customers,
            Consents consents,
            Contacts contacts,
            Duties duties,
            ContractLife contracts,
            ContractDates parties,
            TermsInForce terms,
            People people,
            Vault vault,
            Reveals reveals,
            ObjectProvider<CustomerTimeline> timelines,
            ObjectProvider<CustomerRisks> risks,
            Belongings belongings,
            Tenancy tenancy,
            ApplicationEventPublisher events,
            Clock clock) {
        this.rows = rows;
        this.customers = customers;
        this.consents = consents;
        this.contacts = contacts;
        this.duties = duties;
        this.contracts = contracts;
        this.parties = parties;
        this.terms = terms;
        this.people = people;
        this.vault = vault;
        this.reveals = reveals;
        this.timelines = timelines;
        this.risks = risks;
        this.belongings = belongings;
        this.tenancy = tenancy;
        this.events = events;
        this.clock = clock;
    }

    // Looking

    /**
     * A relation as a line of a list.
     *
     * @param agent name of who holds it, or null in the pool
     * @param idleAt when it goes back to the pool
     * @param risks why it is at risk, where that was asked
     */
    record Line(
            Relation relation,
            CustomerPage.Line customer,
            @Nullable String agent,
            @Nullable Instant idleAt,
            List<Sentence> risks) {}

    /** @param next to pass as {@code before}; null on the last page */
    record Page(List<Line> lines, @Nullable UUID next, PoolRules rules, List<Sentence> definition) {}

    /** What makes a customer part of the list, said with it. */
    private List<Sentence> definition(View view, PoolRules rules) {
        return switch (view) {
            case MINE, ALL -> List.of();
            case POOL -> List.of(Sentence.of("relationship.definition.pool", rules.idleDays()));
            case DUE -> List.of(Sentence.of("relationship.definition.due"));
            case DORMANT -> List.of(Sentence.of("relationship.definition.dormant", RelationRows.DORMANT.toDays()));
            case AT_RISK -> risks.orderedStream().map(CustomerRisks::rule).toList();
        };
    }

    /** Every customer of the contract for which a rule holds, with what the rules say. */
    private Map<UUID, List<Sentence>> atRisk(UUID tenant, UUID contract, Instant now) {
        var all = rows.customers(tenant, contract);
        var found = new HashMap<UUID, List<Sentence>>();
        risks.orderedStream()
                .flatMap(rule -> rule.among(tenant, contract, all, now).stream())
                .forEach(risk -> found.computeIfAbsent(risk.customer(), _ -> new ArrayList<>())
                        .add(risk.why()));
        return found;
    }

    /** @param q as on the page of the customers; it is never written to a log or an address */
    Page page(Access access, View view, String q, @Nullable UUID before, int most) {
        access.require(READ_CUSTOMERS);
        var tenant = access.tenant();
        var now = now();
        var only = q.isBlank()
                ? null
                : customers.page(access, q, null, 200).customers().stream()
                        .map(CustomerPage.Line::id)
                        .toList();
        var rules = tenancy.read(tenant, () -> rows.rules(tenant, access.contract()));
        var why = view == View.AT_RISK
                ? tenancy.read(tenant, () -> atRisk(tenant, access.contract(), now))
                : Map.<UUID, List<Sentence>>of();
        var chosen = view != View.AT_RISK
                ? only
                : why.keySet().stream()
                        .filter(id -> only == null || only.contains(id))
                        .toList();
        var found = tenancy.read(
                tenant,
                () -> rows.page(
                        tenant, access.contract(), view, access.person(), rules, chosen, before, now, most + 1));
        boolean more = found.size() > most;
        var page = more ? found.subList(0, most) : found;
        var known = customers.some(access, page.stream().map(Relation::customer).toList()).stream()
                .collect(Collectors.toMap(CustomerPage.Line::id, Function.identity()));
        var names = people.names(
                page.stream().map(Relation::agent).filter(Objects::nonNull).collect(Collectors.toSet()));
        return new Page(
                page.stream()
                        .flatMap(relation -> Stream.ofNullable(known.get(relation.customer()))
                                .map(customer -> new Line(
                                        relation,
                                        customer,
                                        relation.agent() == null ? null : names.getOrDefault(relation.agent(), "—"),
                                        relation.idleAt(rules),
                                        why.getOrDefault(relation.customer(), List.of()))))
                        .toList(),
                more ? page.getLast().customer() : null,
                rules,
                definition(view, rules));
    }

    /**
     * Everything about one customer on one time line.
     *
     * @param relation null while nobody looks after the customer
     * @param owed the contact that the plan asks for, or null
     * @param company that a person belongs to, or null
     * @param people who belong to the company
     * @param outlook how the contact budget stands
     * @param steps what this module and the others know, the latest first
     */
    record Whole(
            CustomerPage.Line customer,
            @Nullable Relation relation,
            @Nullable AssessedDuty owed,
            PoolRules rules,
            List<Step> steps,
            @Nullable Member company,
            List<Member> people,
            Contacts.Outlook outlook,
            Map<UUID, String> names) {}

    /**
     * Somebody who belongs to a company, or the company.
     *
     * @param role as what the person stands for the company
     * @param lastAt when the person was last reached for the company, or null
     */
    record Member(
            CustomerPage.Line customer,
            @Nullable String role,
            @Nullable Instant lastAt) {}

    /**
     * A place on the time line.
     *
     * @param touch whose words may be revealed, or null
     * @param with the person of the company it was with, or on that person's page the company; null otherwise
     */
    record Step(
            Instant at,
            String icon,
            Sentence says,
            @Nullable String who,
            @Nullable UUID touch,
            @Nullable String link,
            CustomerPage.@Nullable Line with) {}

    /** @throws Unknown when the client has no such customer */
    Whole whole(Access access, UUID customer) {
        var profile = customers.profile(access, customer);
        var id = profile.customer().id();
        var tenant = access.tenant();
        var now = now();
        var agreed = consents.of(access, id);
        var members = profile.customer().kind() == CustomerKind.COMPANY
                ? customers.people(access, id)
                : List.<Customers.CompanyMember>of();
        var company = profile.company() == null
                ? null
                : customers.some(access, List.of(profile.company())).stream()
                        .findFirst()
                        .orElse(null);
        return tenancy.read(tenant, () -> {
            var relation = rows.find(tenant, access.contract(), id).orElse(null);
            var touches = rows.touches(tenant, access.contract(), id, MOST_HAPPENINGS);
            var acted = new HashSet<UUID>();
            touches.stream().map(Touch::actor).filter(Objects::nonNull).forEach(acted::add);
            touches.stream().flatMap(touch -> other(touch).stream()).forEach(acted::add);
            Stream.ofNullable(relation)
                    .map(Relation::agent)
                    .filter(Objects::nonNull)
                    .forEach(acted::add);
            var names = people.names(acted);
            var steps = new ArrayList<Step>();
            var spokenTo = customers
                    .some(
                            access,
                            touches.stream()
                                    .map(touch -> touch.customer().equals(id) ? touch.with() : touch.customer())
                                    .filter(Objects::nonNull)
                                    .distinct()
                                    .toList())
                    .stream()
                    .collect(Collectors.toMap(CustomerPage.Line::id, Function.identity()));
            var lastWith = rows.lastWith(
                    tenant,
                    access.contract(),
                    members.stream().map(member -> member.person().id()).toList());
            touches.forEach(touch -> steps.add(step(touch, id, spokenTo, names)));
            agreed.forEach(consent -> steps.add(new Step(
                    consent.since(),
                    "clipboard-check",
                    Sentence.of(
                            consent.granted() ? "relationship.step.agreed" : "relationship.step.withdrew",
                            consent.purpose(),
                            consent.channel()),
                    null,
                    null,
                    null,
                    null)));
            timelines
                    .orderedStream()
                    .flatMap(timeline -> timeline.of(access, id, MOST_HAPPENINGS).stream())
                    .forEach(happening -> steps.add(step(happening)));
            steps.add(new Step(
                    profile.customer().createdAt(),
                    "user-plus",
                    Sentence.of("relationship.step.known", profile.source()),
                    null,
                    null,
                    null,
                    null));
            steps.sort(Comparator.comparing(Step::at).reversed());
            return new Whole(
                    profile.customer(),
                    relation,
                    relation == null
                            ? null
                            : duties.on(tenant, access.contract(), Clause.I_1_1_3, subject(relation), now)
                                    .filter(duty -> duty.assessment().state().owed())
                                    .orElse(null),
                    rows.rules(tenant, access.contract()),
                    steps,
                    company == null
                            ? null
                            : new Member(
                                    company,
                                    profile.role(),
                                    rows.lastWith(tenant, access.contract(), List.of(id))
                                            .get(id)),
                    members.stream()
                            .map(member -> new Member(
                                    member.person(),
                                    member.role(),
                                    lastWith.get(member.person().id())))
                            .toList(),
                    contacts.outlook(tenant, id, CallGround.CARE.purpose(), now),
                    names);
        });
    }

    private static Step step(Happening happening) {
        return new Step(happening.at(), happening.icon(), happening.says(), null, null, happening.link(), null);
    }

    private static Step step(
            Touch touch, UUID customer, Map<UUID, CustomerPage.Line> spokenTo, Map<UUID, String> names) {
        boolean own = touch.customer().equals(customer);
        var with = own ? touch.with() : touch.customer();
        var key = "relationship.step." + touch.kind()
                + (touch.reached() == null ? "" : touch.reached() ? ".reached" : ".missed");
        var about = other(touch).map(id -> names.getOrDefault(id, "—")).orElse(touch.code());
        return new Step(
                touch.happenedAt(),
                switch (touch.kind()) {
                    case "CALL" -> "phone";
                    case "VISIT" -> "map-pin";
                    case "NOTE" -> "note";
                    default -> "users";
                },
                Sentence.of(key, TIERED.contains(touch.kind()) ? tier(touch) : about),
                touch.actor() == null ? null : names.get(touch.actor()),
                // What was said to a company is shown there.
                touch.written() && own ? touch.id() : null,
                null,
                with == null ? null : spokenTo.get(with));
    }

    private static @Nullable Tier tier(Touch touch) {
        return touch.code() == null ? null : Tier.valueOf(touch.code());
    }

    private static Optional<UUID> other(Touch touch) {
        return touch.code() != null && touch.code().length() == 36
                ? Optional.of(UUID.fromString(touch.code()))
                : Optional.empty();
    }

    /** The relation with a customer, within the running transaction. */
    Optional<Relation> relation(Access access, UUID customer) {
        return rows.find(access.tenant(), access.contract(), customer);
    }

    /** Who may look after customers under the contract: the provider's people who may edit them. */
    Map<UUID, String> agents(Access access) {
        access.require(READ_CUSTOMERS);
        var providers = parties.parties(List.of(access.contract())).stream()
                .filter(engagement -> engagement.party() == Party.PROVIDER)
                .map(Engagement::organisation)
                .collect(Collectors.toSet());
        return people.names(people.staff(providers).stream()
                .filter(member -> member.role().capabilitiesAs(Party.PROVIDER).contains(EDIT_CUSTOMERS))
                .map(io.retainer.identity.Membership::person)
                .collect(Collectors.toSet()));
    }

    // Acting

    /** Looks after a customer from now on. */
    public void begin(Access access, UUID customer, Tier tier) {
        requireProvider(access);
        var id = customers.profile(access, customer).customer().id();
        var tenant = access.tenant();
        tenancy.write(tenant, () -> {
            var now = now();
            if (!contracts.state(tenant, access.contract()).isInForce()) {
                throw Refused.because("relationship.refused.notInForce");
            }
            var begun = new Begun(tenant, access.contract(), id, tier, now, access.person());
            var relation = Relation.first(begun);
            if (!rows.add(relation)) {
                throw Refused.because("relationship.refused.begun");
            }
            note(begun, "BEGUN", tier.name(), now);
            events.publishEvent(begun);
            owe(relation, rows.rules(tenant, access.contract()), now, access.person());
        });
    }

    public void pick(Access access, UUID customer) {
        requireProvider(access);
        change(access, customer, (it, rules, now) -> {
            var picked = it.pick(
                    access.person(), rows.held(access.tenant(), access.contract(), access.person()), rules, now);
            note(picked, "PICKED", null, now);
            return picked;
        });
    }

    public void release(Access access, UUID customer) {
        requireProvider(access);
        change(access, customer, (it, _, now) -> {
            var released = it.release(access.person(), leads(access), now);
            note(released, "RELEASED", released.from().toString(), now);
            return released;
        });
    }

    /** @throws Refused when the other is nobody who may look after customers here */
    public void handOver(Access access, UUID customer, UUID to) {
        requireProvider(access);
        requireAgent(access, to);
        change(access, customer, (it, _, now) -> handOver(access, it, to, now));
    }

    private RelationEvent handOver(Access access, Relation relation, UUID to, Instant now) {
        var handed = relation.handOver(to, access.person(), leads(access), now);
        note(handed, "HANDED_OVER", to.toString(), now);
        return handed;
    }

    /**
     * Everything one agent holds goes to another, all or none.
     *
     * @return what went along
     */
    HandedOver handOverAll(Access access, UUID from, UUID to) {
        requireProvider(access);
        if (!leads(access) && !from.equals(access.person())) {
            throw Refused.because("relationship.refused.notYours");
        }
        requireAgent(access, to);
        if (from.equals(to)) {
            throw Refused.field("to", "relationship.refused.same");
        }
        return tenancy.write(
                access.tenant(), () -> handOver(access, rows.ofAgent(access.tenant(), access.contract(), from), to));
    }

    /**
     * What a hand-over moved.
     *
     * @param belongings open tasks and opportunities
     */
    record HandedOver(int customers, int belongings) {}

    /** These customers go to one agent, all or none; those that the agent holds already stay as they are. */
    HandedOver handOverSome(Access access, List<UUID> customers, UUID to) {
        requireProvider(access);
        requireAgent(access, to);
        if (customers.isEmpty()) {
            throw Refused.field("customer", "relationship.refused.noneChosen");
        }
        return tenancy.write(
                access.tenant(),
                () -> handOver(
                        access,
                        customers.stream()
                                .distinct()
                                .sorted()
                                .filter(customer -> !rows.find(access.tenant(), access.contract(), customer)
                                        .map(Relation::agent)
                                        .filter(to::equals)
                                        .isPresent())
                                .toList(),
                        to));
    }

    /** In the order of their ids, so that two hand-overs never wait for each other. */
    private HandedOver handOver(Access access, List<UUID> customers, UUID to) {
        int belonging = 0;
        for (var customer : customers) {
            belonging += change(access, customer, (it, _, now) -> handOver(access, it, to, now));
        }
        return new HandedOver(customers.size(), belonging);
    }

    void requireAgent(Access access, UUID person) {
        if (!agents(access).containsKey(person)) {
            throw Refused.field("to", "relationship.refused.agent");
        }
    }

    public void setTier(Access access, UUID customer, Tier tier) {
        requireProvider(access);
        change(access, customer, (it, rules, now) -> {
            var set = it.setTier(tier, access.person(), now);
            note(set, "TIER_SET", tier.name(), now);
            // What was owed by the old tier is owed by the new one instead, counted from the last contact.
            duty(it, now)
                    .ifPresent(duty -> duties.release(
                            it.tenant(), duty.duty().id(), Release.REPLACED, null, now, access.person()));
            owe(it.after(set), rules, now, access.person());
            return set;
        });
    }

    /**
     * A note, a call or a visit. A call is asked of the customer's contact budget first.
     *
     * @param ground why the customer is called; null for what is no call
     * @param reached whether the customer was there
     * @param words what was said; sealed
     * @throws Refused when the budget holds the call back
     */
    public UUID touch(
            Access access,
            UUID customer,
            TouchKind kind,
            @Nullable CallGround ground,
            boolean reached,
            String words,
            Instant happenedAt) {
        return touch(access, customer, null, kind, ground, reached, words, happenedAt);
    }

    /**
     * The same, with one of the people of a company; a call then counts in that person's contact budget.
     *
     * @param with who belongs to the company, or null
     * @throws Refused when the person does not belong to it, or the budget holds the call back
     */
    public UUID touch(
            Access access,
            UUID customer,
            @Nullable UUID with,
            TouchKind kind,
            @Nullable CallGround ground,
            boolean reached,
            String words,
            Instant happenedAt) {
        requireProvider(access);
        if (with != null
                && (!kind.contacts()
                        || customers.people(access, customer).stream()
                                .noneMatch(member -> member.person().id().equals(with)))) {
            throw Refused.field("with", "relationship.refused.with");
        }
        if (words.strip().isEmpty() || words.length() > LONGEST_WORDS) {
            throw Refused.field("words", "relationship.refused.words", LONGEST_WORDS);
        }
        if (kind == TouchKind.CALL && ground == null) {
            throw Refused.field("ground", "relationship.refused.ground");
        }
        var made = new UUID[1];
        change(access, customer, (it, rules, now) -> {
            var id = Ids.at(now.toEpochMilli());
            made[0] = id;
            var touched = it.touch(id, kind, reached, happenedAt.truncatedTo(ChronoUnit.MICROS), access.person(), now);
            if (kind == TouchKind.CALL && ground != null) {
                contacts.call(it.tenant(), with == null ? it.customer() : with, ground.purpose());
            }
            rows.add(
                    it.tenant(),
                    it.contract(),
                    new Touch(
                            id,
                            it.customer(),
                            with,
                            kind.name(),
                            kind.contacts() ? touched.reached() : null,
                            true,
                            ground == null ? null : ground.name(),
                            access.person(),
                            touched.happenedAt()),
                    vault.writing(it.tenant()).seal(WORDS, id, words.strip()).bytes(),
                    now);
            var next = it.after(touched);
            if (next.round() != it.round()) {
                duty(it, now)
                        .ifPresent(duty ->
                                duties.discharge(it.tenant(), duty.duty().id(), touched.happenedAt(), access.person()));
                owe(next, rules, now, access.person());
            }
            return touched;
        });
        return made[0];
    }

    /** Shows what was said, on the record. */
    Personal reveal(Access access, UUID customer, UUID touch, Purpose purpose, String reason) {
        access.require(READ_CUSTOMERS);
        var tenant = access.tenant();
        return tenancy.write(tenant, () -> {
            var sealed = rows.words(tenant, access.contract(), customer, touch)
                    .orElseThrow(() -> new Unknown("note " + touch));
            return reveals.reveal(
                    access, new Reveals.Request(customer, WORDS, touch, purpose, reason), () -> Sealed.of(sealed));
        });
    }

    /** The provider's lead says how customers are shared out and how often each tier is contacted. */
    public void rule(Access access, PoolRules rules) {
        requireProvider(access);
        access.require(MANAGE_MESSAGES);
        tenancy.write(access.tenant(), () -> rows.save(access.tenant(), access.contract(), rules));
    }

    // Time

    /** Takes back what nobody has looked after. */
    void lookAtTheClock(UUID tenant, UUID contract, UUID customer) {
        tenancy.write(tenant, () -> {
            var now = now();
            var rules = rows.rules(tenant, contract);
            rows.locked(tenant, contract, customer).ifPresent(relation -> {
                var recycled = relation.letTimeSpeak(rules, now);
                recycled.ifPresent(event -> {
                    note(event, "RECYCLED", event.from().toString(), now);
                    events.publishEvent(event);
                    belongings.follow(event);
                });
                var next = recycled.map(relation::after).orElse(relation);
                rows.save(next, next.idleAt(rules));
            });
        });
    }

    private interface Decision {
        RelationEvent on(Relation relation, PoolRules rules, Instant now);
    }

    private int change(Access access, UUID customer, Decision decision) {
        var tenant = access.tenant();
        return tenancy.write(tenant, () -> {
            var now = now();
            var rules = rows.rules(tenant, access.contract());
            var relation = rows.locked(tenant, access.contract(), customer)
                    .orElseThrow(() -> new Unknown("relation with " + customer));
            var event = decision.on(relation, rules, now);
            var next = relation.after(event);
            rows.save(next, next.idleAt(rules));
            events.publishEvent(event);
            return belongings.follow(event);
        });
    }

    /** What happened to the relation itself stands on the time line too. */
    private void note(RelationEvent event, String kind, @Nullable String code, Instant now) {
        rows.add(
                event.tenant(),
                event.contract(),
                new Touch(
                        Ids.at(now.toEpochMilli()),
                        event.customer(),
                        null,
                        kind,
                        null,
                        false,
                        code,
                        event.actor(),
                        event.happenedAt()),
                null,
                now);
    }

    // The contact plan

    private static String subject(Relation relation) {
        return "relation/" + relation.customer() + "/" + relation.round();
    }

    private Optional<AssessedDuty> duty(Relation relation, Instant now) {
        return duties.on(relation.tenant(), relation.contract(), Clause.I_1_1_3, subject(relation), now)
                .filter(duty -> duty.assessment().state().owed());
    }

    /** Opens the next contact that the plan asks for, if it asks for any. */
    private void owe(Relation relation, PoolRules rules, Instant now, UUID actor) {
        owe(relation, rules, null, now, actor);
    }

    /** @param least counted from then at the earliest, or null */
    private void owe(Relation relation, PoolRules rules, @Nullable Instant least, Instant now, @Nullable UUID actor) {
        var days = rules.plan().get(relation.tier());
        if (days == null) {
            return;
        }
        var contact = relation.lastContactAt() == null ? relation.since() : relation.lastContactAt();
        var from = least != null && least.isAfter(contact) ? least : contact;
        duties.open(new NewDuty(
                relation.tenant(),
                relation.contract(),
                terms.at(relation.tenant(), relation.contract(), now).number(),
                Clause.I_1_1_3,
                Party.PROVIDER,
                Party.CLIENT,
                "relationship.duty.contact",
                subject(relation),
                new Deadline.CalendarDays(days, LocalDate.ofInstant(from, ZONE)),
                now,
                actor));
    }

    // Merging customers

    /** The relation with one customer goes on in that with another, within the transaction of the merge. */
    void merge(UUID tenant, UUID contract, UUID from, UUID to, Instant now) {
        var first = hold(tenant, contract, from.compareTo(to) < 0 ? from : to);
        var second = hold(tenant, contract, from.compareTo(to) < 0 ? to : from);
        var merged = (from.compareTo(to) < 0 ? first : second)
                .orElseThrow(() -> new IllegalStateException("No relation with " + from));
        var survivor = from.compareTo(to) < 0 ? second : first;
        boolean owed = let(merged, now);
        var event = new RelationEvent.Merged(
                tenant,
                contract,
                to,
                from,
                survivor.map(Relation::agent).orElse(merged.agent()),
                latest(
                        merged.lastContactAt(),
                        survivor.map(Relation::lastContactAt).orElse(null)),
                now,
                null);
        if (survivor.isEmpty()) {
            rows.rename(tenant, contract, from, to);
            go(find(tenant, contract, to), event, owed, null, now);
        } else {
            owed |= let(survivor.get(), now);
            rows.rest(tenant, contract, from, to, survivor.get().agent() == null && merged.agent() != null);
            go(survivor.get(), event, owed, null, now);
        }
        note(event, "MERGED", merged.tier().name(), now);
    }

    /** What {@link #merge} did is undone: each goes on by itself, with the contacts that were its own. */
    void part(UUID tenant, RelationRows.Place place, UUID to, Instant now) {
        var contract = place.contract();
        if (place.into() == null) {
            if (!place.customer().equals(to)) {
                var alone = find(tenant, contract, place.customer());
                boolean owed = let(alone, now);
                rows.rename(tenant, contract, place.customer(), to);
                var event = parted(find(tenant, contract, to), place.customer(), alone.agent(), now);
                go(find(tenant, contract, to), event, owed, now, now);
                note(event, "PARTED", null, now);
            }
            return;
        }
        rows.wake(tenant, contract, place.customer());
        var woken = find(tenant, contract, place.customer());
        boolean inForce = contracts.state(tenant, contract).isInForce();
        var back = parted(woken, place.into(), place.agent(), now);
        go(woken, back, inForce, now, now);
        note(back, "PARTED", null, now);
        hold(tenant, contract, place.into()).ifPresent(other -> {
            boolean gives = place.gave() && Objects.equals(place.agent(), other.agent());
            let(other, now);
            var event = parted(other, place.customer(), gives ? null : other.agent(), now);
            go(other, event, inForce, now, now);
            note(event, "PARTED", null, now);
        });
    }

    private RelationEvent.Parted parted(Relation relation, UUID other, @Nullable UUID agent, Instant now) {
        return new RelationEvent.Parted(
                relation.tenant(),
                relation.contract(),
                relation.customer(),
                other,
                agent,
                rows.lastContact(relation.tenant(), relation.contract(), relation.customer()),
                now,
                null);
    }

    private Optional<Relation> hold(UUID tenant, UUID contract, UUID customer) {
        return rows.locked(tenant, contract, customer);
    }

    private Relation find(UUID tenant, UUID contract, UUID customer) {
        return hold(tenant, contract, customer)
                .orElseThrow(() -> new IllegalStateException("No relation with " + customer));
    }

    /** Ends what the plan asks for, because it is asked for of another; says whether anything was owed. */
    private boolean let(Relation relation, Instant now) {
        var owed = duty(relation, now);
        owed.ifPresent(duty -> duties.release(relation.tenant(), duty.duty().id(), Release.REPLACED, null, now, null));
        return owed.isPresent();
    }

    /** @param from what is owed is counted from then at the earliest; null for the last contact */
    private void go(Relation relation, RelationEvent event, boolean owed, @Nullable Instant from, Instant now) {
        var rules = rows.rules(relation.tenant(), relation.contract());
        var next = relation.after(event);
        rows.save(next, next.idleAt(rules));
        if (owed) {
            owe(next, rules, from, now, null);
        }
        events.publishEvent(event);
        belongings.follow(event);
    }

    private static @Nullable Instant latest(@Nullable Instant one, @Nullable Instant other) {
        return one == null || (other != null && other.isAfter(one)) ? other : one;
    }

    // Small things

    private static void requireProvider(Access access) {
        access.require(EDIT_CUSTOMERS);
        if (access.party() != Party.PROVIDER) {
            throw Refused.because("relationship.refused.provider");
        }
    }

    private static boolean leads(Access access) {
        return access.may(MANAGE_MESSAGES);
    }

    static Map<Tier, Integer> plan(@Nullable Integer key, @Nullable Integer regular, @Nullable Integer occasional) {
        var plan = new HashMap<Tier, Integer>();
        Optional.ofNullable(key).ifPresent(days -> plan.put(Tier.KEY, days));
        Optional.ofNullable(regular).ifPresent(days -> plan.put(Tier.REGULAR, days));
        Optional.ofNullable(occasional).ifPresent(days -> plan.put(Tier.OCCASIONAL, days));
        return plan;
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    @Configuration(proxyBeanMethods = false)
    static class Tables {

        @Bean
        SealedTable relationshipTouchTable() {
            return new SealedTable("relationship.touch", "id", List.of(WORDS));
        }
    }
}
