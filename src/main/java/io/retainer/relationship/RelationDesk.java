package io.retainer.relationship;

import static io.retainer.identity.Capability.READ_CUSTOMERS;

import io.retainer.customer.Consents;
import io.retainer.customer.CustomerKind;
import io.retainer.customer.CustomerPage;
import io.retainer.customer.Customers;
import io.retainer.duty.AssessedDuty;
import io.retainer.identity.Access;
import io.retainer.identity.People;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Unknown;
import io.retainer.messaging.Contacts;
import io.retainer.messaging.Purpose;
import io.retainer.relationship.CustomerTimeline.Happening;
import io.retainer.relationship.CustomerTimeline.Topic;
import io.retainer.relationship.RelationRows.View;
import io.retainer.relationship.TouchRows.Touch;
import io.retainer.vault.Personal;
import io.retainer.vault.Reveals;
import io.retainer.vault.Sealed;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
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
import org.springframework.stereotype.Service;

/** The pages about relations: who looks after whom, and everything about one customer on one time line. */
@Service
class RelationDesk {

    private static final int MOST_HAPPENINGS = 100;
    private static final Set<String> SPOKEN = Set.of("CALL", "VISIT", "NOTE");
    private static final Set<String> TIERED = Set.of("BEGUN", "TIER_SET", "MERGED");

    private final RelationRows rows;
    private final TouchRows touched;
    private final Customers customers;
    private final Consents consents;
    private final Contacts contacts;
    private final ContactPlan plan;
    private final People people;
    private final Reveals reveals;
    private final ObjectProvider<CustomerTimeline> timelines;
    private final ObjectProvider<CustomerRisks> risks;
    private final Tenancy tenancy;
    private final Clock clock;

    RelationDesk(
            RelationRows rows,
            TouchRows touched,
            Customers customers,
            Consents consents,
            Contacts contacts,
            ContactPlan plan,
            People people,
            Reveals reveals,
            ObjectProvider<CustomerTimeline> timelines,
            ObjectProvider<CustomerRisks> risks,
            Tenancy tenancy,
            Clock clock) {
        this.rows = rows;
        this.touched = touched;
        this.customers = customers;
        this.consents = consents;
        this.contacts = contacts;
        this.plan = plan;
        this.people = people;
        this.reveals = reveals;
        this.timelines = timelines;
        this.risks = risks;
        this.tenancy = tenancy;
        this.clock = clock;
    }

    /**
     * A relation as a line of a list.
     *
     * @param agent name of who holds it, or null in the pool
     * @param idleAt when it goes back to the pool
     * @param dueOn the last day on which the plan wants the customer contacted, or null without a plan
     * @param overdue whether that day is over
     * @param risks why it is at risk, where that was asked
     */
    record Line(
            Relation relation,
            CustomerPage.Line customer,
            @Nullable String agent,
            @Nullable Instant idleAt,
            @Nullable LocalDate dueOn,
            boolean overdue,
            List<Sentence> risks) {}

    /**
     * @param next to pass as {@code before}; null on the last page
     * @param counts how many each view has
     */
    record Page(
            List<Line> lines,
            @Nullable UUID next,
            PoolRules rules,
            List<Sentence> definition,
            Map<View, Integer> counts) {}

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
                                        relation.dueOn(rules),
                                        relation.beyond(rules, now),
                                        why.getOrDefault(relation.customer(), List.of()))))
                        .toList(),
                more ? page.getLast().customer() : null,
                rules,
                definition(view, rules),
                tenancy.read(tenant, () -> rows.counts(tenant, access.contract(), access.person(), rules, now)));
    }

    PoolRules rules(Access access) {
        access.require(READ_CUSTOMERS);
        return tenancy.read(access.tenant(), () -> rows.rules(access.tenant(), access.contract()));
    }

    /**
     * Everything about one customer on one time line.
     *
     * @param relation null while nobody looks after the customer
     * @param owed the contact that the plan asks for, or null
     * @param company that a person belongs to, or null
     * @param people who belong to the company
     * @param outlook how the contact budget stands for keeping in touch
     * @param service how it stands for answering the customer
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
            Contacts.Outlook service,
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
     * @param day for what has a day and no time; otherwise null
     * @param against what stood against a call, or null
     * @param touch whose words may be revealed, or null
     * @param with the person of the company it was with, or on that person's page the company; null otherwise
     */
    record Step(
            Topic topic,
            Instant at,
            @Nullable LocalDate day,
            String icon,
            Sentence says,
            @Nullable Sentence against,
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
            var touches = touched.touches(tenant, access.contract(), id, MOST_HAPPENINGS);
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
            var lastWith = touched.lastWith(
                    tenant,
                    access.contract(),
                    members.stream().map(member -> member.person().id()).toList());
            touches.forEach(touch -> steps.add(step(touch, id, spokenTo, names)));
            agreed.forEach(consent -> steps.add(new Step(
                    Topic.CONSENT,
                    consent.since(),
                    null,
                    "clipboard-check",
                    Sentence.of(
                            consent.granted() ? "relationship.step.agreed" : "relationship.step.withdrew",
                            consent.purpose(),
                            consent.channel()),
                    null,
                    null,
                    null,
                    null,
                    null)));
            timelines
                    .orderedStream()
                    .flatMap(timeline -> timeline.of(access, id, MOST_HAPPENINGS).stream())
                    .forEach(happening -> steps.add(step(happening)));
            steps.add(new Step(
                    Topic.RELATION,
                    profile.customer().createdAt(),
                    null,
                    "user-plus",
                    Sentence.of("relationship.step.known", profile.source()),
                    null,
                    null,
                    null,
                    null,
                    null));
            steps.sort(Comparator.comparing(Step::at).reversed());
            return new Whole(
                    profile.customer(),
                    relation,
                    relation == null ? null : plan.owed(relation, now).orElse(null),
                    rows.rules(tenant, access.contract()),
                    steps,
                    company == null
                            ? null
                            : new Member(
                                    company,
                                    profile.role(),
                                    touched.lastWith(tenant, access.contract(), List.of(id))
                                            .get(id)),
                    members.stream()
                            .map(member -> new Member(
                                    member.person(),
                                    member.role(),
                                    lastWith.get(member.person().id())))
                            .toList(),
                    contacts.outlook(tenant, id, Purpose.CAMPAIGN, now),
                    contacts.outlook(tenant, id, Purpose.RETURN_VISIT, now),
                    names);
        });
    }

    private static Step step(Happening happening) {
        return new Step(
                happening.topic(),
                happening.at(),
                happening.day(),
                happening.icon(),
                happening.says(),
                null,
                null,
                null,
                happening.link(),
                null);
    }

    private static Step step(
            Touch touch, UUID customer, Map<UUID, CustomerPage.Line> spokenTo, Map<UUID, String> names) {
        boolean own = touch.customer().equals(customer);
        var with = own ? touch.with() : touch.customer();
        boolean inbound = CallGround.INBOUND.name().equals(touch.code());
        var key = "relationship.step." + touch.kind()
                + (inbound ? ".inbound" : touch.reached() == null ? "" : touch.reached() ? ".reached" : ".missed");
        var about = other(touch).map(id -> names.getOrDefault(id, "—")).orElse(touch.code());
        return new Step(
                SPOKEN.contains(touch.kind()) ? Topic.CONTACT : Topic.RELATION,
                touch.happenedAt(),
                null,
                switch (touch.kind()) {
                    case "CALL" -> inbound ? "phone-incoming" : "phone";
                    case "VISIT" -> "map-pin";
                    case "NOTE" -> "note";
                    default -> "users";
                },
                Sentence.of(key, TIERED.contains(touch.kind()) ? tier(touch) : about),
                touch.against() == null ? null : Sentence.of("relationship.step.against", Sentence.of(touch.against())),
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

    /** Shows what was said, on the record. */
    Personal reveal(Access access, UUID customer, UUID touch, io.retainer.vault.Purpose purpose, String reason) {
        access.require(READ_CUSTOMERS);
        var tenant = access.tenant();
        return tenancy.write(tenant, () -> {
            var sealed = touched.words(tenant, access.contract(), customer, touch)
                    .orElseThrow(() -> new Unknown("note " + touch));
            return reveals.reveal(
                    access,
                    new Reveals.Request(customer, Relations.WORDS, touch, purpose, reason),
                    () -> Sealed.of(sealed));
        });
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
