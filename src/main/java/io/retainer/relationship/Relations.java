package io.retainer.relationship;

import static io.retainer.identity.Capability.EDIT_CUSTOMERS;
import static io.retainer.identity.Capability.MANAGE_MESSAGES;

import io.retainer.contract.ContractLife;
import io.retainer.customer.Customers;
import io.retainer.identity.Access;
import io.retainer.kernel.Ids;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Unknown;
import io.retainer.messaging.Contacts;
import io.retainer.relationship.RelationEvent.Begun;
import io.retainer.relationship.RelationEvent.CalledAgainstBudget;
import io.retainer.relationship.TouchRows.Touch;
import io.retainer.vault.PersonalKind;
import io.retainer.vault.SealedColumn;
import io.retainer.vault.SealedTable;
import io.retainer.vault.Vault;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
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
    private static final int MOST_PICKED = 100;
    /** So long ago a call may have been made and still count as one that is about to be made. */
    private static final Duration JUST_NOW = Duration.ofMinutes(5);

    private final RelationRows rows;
    private final TouchRows touches;
    private final Customers customers;
    private final Contacts contacts;
    private final ContactPlan plan;
    private final RelationJournal journal;
    private final RelationNews news;
    private final Agents agents;
    private final ContractLife contracts;
    private final Vault vault;
    private final Belongings belongings;
    private final Tenancy tenancy;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    Relations(
            RelationRows rows,
            TouchRows touches,
            Customers customers,
            Contacts contacts,
            ContactPlan plan,
            RelationJournal journal,
            RelationNews news,
            Agents agents,
            ContractLife contracts,
            Vault vault,
            Belongings belongings,
            Tenancy tenancy,
            ApplicationEventPublisher events,
            Clock clock) {
        this.rows = rows;
        this.touches = touches;
        this.customers = customers;
        this.contacts = contacts;
        this.plan = plan;
        this.journal = journal;
        this.news = news;
        this.agents = agents;
        this.contracts = contracts;
        this.vault = vault;
        this.belongings = belongings;
        this.tenancy = tenancy;
        this.events = events;
        this.clock = clock;
    }

    /** The relation with a customer, within the running transaction. */
    Optional<Relation> relation(Access access, UUID customer) {
        return rows.find(access.tenant(), access.contract(), customer);
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
            journal.note(begun, "BEGUN", tier.name(), now);
            events.publishEvent(begun);
            plan.owe(relation, rows.rules(tenant, access.contract()), now, access.person());
        });
    }

    public void pick(Access access, UUID customer) {
        requireProvider(access);
        change(access, customer, (it, rules, now) -> {
            // One after the other, so that nobody picks more at once than the rules allow.
            rows.alone(access.tenant(), access.contract(), access.person());
            var picked = it.pick(
                    access.person(), rows.held(access.tenant(), access.contract(), access.person()), rules, now);
            journal.note(picked, "PICKED", null, now);
            return picked;
        });
    }

    /**
     * What became of several customers that were to be picked.
     *
     * @param missed how many were not: others were faster, or a rule forbids it
     * @param why the first that was not, or null
     */
    record PickedSome(int picked, int missed, @Nullable Refused why) {}

    /** Each by itself: what others took meanwhile does not keep the rest. */
    PickedSome pickSome(Access access, List<UUID> wanted) {
        requireProvider(access);
        if (wanted.isEmpty() || wanted.size() > MOST_PICKED) {
            throw Refused.field("customer", "relationship.refused.nonePicked", MOST_PICKED);
        }
        int picked = 0;
        Refused why = null;
        for (var customer : wanted.stream().distinct().sorted().toList()) {
            try {
                pick(access, customer);
                picked++;
            } catch (Refused refused) {
                why = why == null ? refused : why;
            }
        }
        return new PickedSome(picked, (int) wanted.stream().distinct().count() - picked, why);
    }

    public void release(Access access, UUID customer) {
        requireProvider(access);
        change(access, customer, (it, _, now) -> {
            var released = it.release(access.person(), leads(access), now);
            journal.note(released, "RELEASED", released.from().toString(), now);
            return released;
        });
    }

    /** @throws Refused when the other is nobody who may look after customers here */
    public void handOver(Access access, UUID customer, UUID to) {
        requireProvider(access);
        agents.require(access, to);
        tenancy.write(access.tenant(), () -> {
            change(access, customer, (it, _, now) -> handOver(access, it, to, now));
            news.handedOver(access, to, 1, now());
        });
    }

    private RelationEvent handOver(Access access, Relation relation, UUID to, Instant now) {
        var handed = relation.handOver(to, access.person(), leads(access), now);
        journal.note(handed, "HANDED_OVER", to.toString(), now);
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
        agents.require(access, to);
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
        agents.require(access, to);
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
        news.handedOver(access, to, customers.size(), now());
        return new HandedOver(customers.size(), belonging);
    }

    public void setTier(Access access, UUID customer, Tier tier) {
        requireProvider(access);
        change(access, customer, (it, rules, now) -> {
            var set = it.setTier(tier, access.person(), now);
            journal.note(set, "TIER_SET", tier.name(), now);
            // What was owed by the old tier is owed by the new one instead, counted from the last contact.
            plan.replace(it, now, access.person());
            plan.owe(it.after(set), rules, now, access.person());
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
            var against = kind == TouchKind.CALL && ground != null
                    ? counted(it, with == null ? it.customer() : with, ground, touched.happenedAt(), now)
                    : null;
            touches.add(
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
                            against == null ? null : against.key(),
                            access.person(),
                            touched.happenedAt()),
                    vault.writing(it.tenant()).seal(WORDS, id, words.strip()).bytes(),
                    now);
            if (against != null) {
                events.publishEvent(new CalledAgainstBudget(
                        it.tenant(),
                        it.contract(),
                        it.customer(),
                        id,
                        against.key(),
                        touched.happenedAt(),
                        access.person()));
            }
            var next = it.after(touched);
            if (next.round() != it.round()) {
                plan.kept(it, touched.happenedAt(), now, access.person());
                plan.owe(next, rules, now, access.person());
            }
            return touched;
        });
        return made[0];
    }

    /**
     * A call that is made now is asked of the budget, and not noted when it holds it back: it is not to be made. One that was
     * made is written down whatever stood against it, and says so. Who called us is not addressed by us.
     *
     * @return what stood against it, or null
     */
    private @Nullable Sentence counted(
            Relation relation, UUID called, CallGround ground, Instant happenedAt, Instant now) {
        var purpose = ground.purpose().orElse(null);
        if (purpose == null) {
            return null;
        }
        if (happenedAt.isAfter(now.minus(JUST_NOW))) {
            contacts.call(relation.tenant(), called, purpose);
            return null;
        }
        return contacts.called(relation.tenant(), called, purpose, happenedAt);
    }

    /** The provider's lead says how customers are shared out and how often each tier is contacted. */
    public void rule(Access access, PoolRules rules) {
        requireProvider(access);
        access.require(MANAGE_MESSAGES);
        tenancy.write(access.tenant(), () -> {
            if (!rows.save(access.tenant(), access.contract(), rules)) {
                throw Refused.because("relationship.refused.rulesChanged");
            }
            events.publishEvent(new RulesSet(
                    access.tenant(),
                    access.contract(),
                    rules.most(),
                    rules.idleDays(),
                    rules.coolDays(),
                    rules.plan().get(Tier.KEY),
                    rules.plan().get(Tier.REGULAR),
                    rules.plan().get(Tier.OCCASIONAL),
                    now(),
                    access.person()));
        });
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
                    journal.note(event, "RECYCLED", event.from().toString(), now);
                    events.publishEvent(event);
                    belongings.follow(event);
                    news.recycled(event);
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
