package io.retainer.relationship;

import io.retainer.kernel.Refused;
import io.retainer.relationship.RelationEvent.Begun;
import io.retainer.relationship.RelationEvent.HandedOver;
import io.retainer.relationship.RelationEvent.Picked;
import io.retainer.relationship.RelationEvent.Recycled;
import io.retainer.relationship.RelationEvent.Released;
import io.retainer.relationship.RelationEvent.TierSet;
import io.retainer.relationship.RelationEvent.Touched;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jmolecules.ddd.annotation.AggregateRoot;
import org.jmolecules.ddd.annotation.Identity;
import org.jspecify.annotations.Nullable;

/**
 * The relation with one customer under a contract (I-1.1*(3)): held by an agent, or in the pool that all share. Asks no clock
 * and no database.
 *
 * @param agent who looks after the customer, or null in the pool
 * @param heldSince when that agent got the customer, or when it went back to the pool
 * @param lastFrom the agent it was taken from last, or null
 * @param lastContactAt when the customer was reached last
 * @param round counts the contacts the plan asked for
 * @param version for optimistic locking
 */
@AggregateRoot
record Relation(
        @Identity UUID customer,
        UUID tenant,
        UUID contract,
        Tier tier,
        @Nullable UUID agent,
        Instant since,
        Instant heldSince,
        @Nullable UUID lastFrom,
        @Nullable Instant lastContactAt,
        int round,
        int version) {

    static Relation first(Begun e) {
        return new Relation(
                e.customer(),
                e.tenant(),
                e.contract(),
                e.tier(),
                null,
                e.happenedAt(),
                e.happenedAt(),
                null,
                null,
                1,
                0);
    }

    public boolean pooled() {
        return agent == null;
    }

    /**
     * @param held customers the agent holds already
     * @throws Refused when somebody holds it, the agent holds enough, or had it taken away lately
     */
    Picked pick(UUID by, int held, PoolRules rules, Instant now) {
        if (agent != null) {
            throw Refused.because(agent.equals(by) ? "relationship.refused.yours" : "relationship.refused.held");
        }
        if (held >= rules.most()) {
            throw Refused.because("relationship.refused.most", rules.most());
        }
        var free = heldSince.plus(Duration.ofDays(rules.coolDays()));
        if (by.equals(lastFrom) && now.isBefore(free)) {
            throw Refused.because("relationship.refused.cool", free);
        }
        return new Picked(tenant, contract, customer, now, by);
    }

    /** @param leads whether the person leads the agents, and so may act for each of them */
    Released release(UUID by, boolean leads, Instant now) {
        return new Released(tenant, contract, customer, holder(by, leads), now, by);
    }

    /** From one agent, or from the pool, to another; nothing of what was said is lost on the way. */
    HandedOver handOver(UUID to, UUID by, boolean leads, Instant now) {
        if (to.equals(agent)) {
            throw Refused.field("to", "relationship.refused.same");
        }
        return new HandedOver(
                tenant, contract, customer, agent == null && leads ? null : holder(by, leads), to, now, by);
    }

    private UUID holder(UUID by, boolean leads) {
        if (agent == null) {
            throw Refused.because("relationship.refused.pooled");
        }
        if (!leads && !agent.equals(by)) {
            throw Refused.because("relationship.refused.notYours");
        }
        return agent;
    }

    TierSet setTier(Tier wanted, UUID by, Instant now) {
        if (wanted == tier) {
            throw Refused.field("tier", "relationship.refused.tier", tier);
        }
        return new TierSet(tenant, contract, customer, wanted, now, by);
    }

    /** @param at when it happened; a note may be written later, never before */
    Touched touch(UUID touch, TouchKind kind, boolean reached, Instant at, UUID by, Instant now) {
        if (at.isAfter(now)) {
            throw Refused.field("happenedAt", "relationship.refused.future", at);
        }
        if (at.isBefore(since.minus(Duration.ofDays(366)))) {
            throw Refused.field("happenedAt", "relationship.refused.old", at);
        }
        return new Touched(tenant, contract, customer, touch, kind, kind.contacts() && reached, at, by);
    }

    /** What idleness has made true: nobody has been in contact since the agent got the customer, for too long. */
    Optional<Recycled> letTimeSpeak(PoolRules rules, Instant now) {
        var idle = idleAt(rules);
        return agent == null || idle == null || now.isBefore(idle)
                ? Optional.empty()
                : Optional.of(new Recycled(tenant, contract, customer, agent, idle, null));
    }

    /** When a held customer goes back to the pool if nobody is in contact; null in the pool. */
    @Nullable
    Instant idleAt(PoolRules rules) {
        if (agent == null) {
            return null;
        }
        var from = lastContactAt != null && lastContactAt.isAfter(heldSince) ? lastContactAt : heldSince;
        return from.plus(Duration.ofDays(rules.idleDays()));
    }

    /** The last day on which the plan wants the customer contacted; null without a plan for the tier. */
    @Nullable
    LocalDate dueOn(PoolRules rules) {
        var days = rules.plan().get(tier);
        return days == null
                ? null
                : LocalDate.ofInstant(contactOr(since), Relations.ZONE).plusDays(days);
    }

    /** Whether that day is over. */
    boolean beyond(PoolRules rules, Instant now) {
        var due = dueOn(rules);
        return due != null && due.isBefore(LocalDate.ofInstant(now, Relations.ZONE));
    }

    private Instant contactOr(Instant other) {
        return lastContactAt == null ? other : lastContactAt;
    }

    Relation after(RelationEvent event) {
        return switch (event) {
            case Begun _ -> throw new IllegalStateException("Begun twice: " + customer);
            case Picked e -> held(e.actor(), e.happenedAt(), lastFrom);
            case RelationEvent.Merged e -> joined(e.agent(), e.lastContactAt(), e.happenedAt());
            case RelationEvent.Parted e -> joined(e.agent(), e.lastContactAt(), e.happenedAt());
            case RelationEvent.CalledAgainstBudget _ -> this;
            case Released e -> held(null, e.happenedAt(), e.from());
            case Recycled e -> held(null, e.happenedAt(), e.from());
            case HandedOver e -> held(e.to(), e.happenedAt(), e.from() == null ? lastFrom : e.from());
            case TierSet e ->
                new Relation(
                        customer,
                        tenant,
                        contract,
                        e.tier(),
                        agent,
                        since,
                        heldSince,
                        lastFrom,
                        lastContactAt,
                        round + 1,
                        version);
            case Touched e -> {
                boolean counts =
                        e.reached() && (lastContactAt == null || e.happenedAt().isAfter(lastContactAt));
                yield counts
                        ? new Relation(
                                customer,
                                tenant,
                                contract,
                                tier,
                                agent,
                                since,
                                heldSince,
                                lastFrom,
                                e.happenedAt(),
                                round + 1,
                                version)
                        : this;
            }
        };
    }

    /** A new round begins, because what was owed was counted from another contact. */
    private Relation joined(@Nullable UUID by, @Nullable Instant contact, Instant at) {
        boolean same = Objects.equals(by, agent);
        return new Relation(
                customer,
                tenant,
                contract,
                tier,
                by,
                since,
                same ? heldSince : at,
                lastFrom,
                contact,
                round + 1,
                version);
    }

    private Relation held(@Nullable UUID by, Instant at, @Nullable UUID from) {
        return new Relation(customer, tenant, contract, tier, by, since, at, from, lastContactAt, round, version);
    }
}
