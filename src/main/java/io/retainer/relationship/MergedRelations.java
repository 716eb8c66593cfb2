package io.retainer.relationship;

import io.retainer.contract.ContractLife;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;

/** What becomes of two relations when their customers turn out to be one, and when that is undone (ADR 0021). */
@Component
class MergedRelations {

    private final RelationRows rows;
    private final TouchRows touches;
    private final ContactPlan plan;
    private final RelationJournal journal;
    private final ContractLife contracts;
    private final Belongings belongings;
    private final ApplicationEventPublisher events;

    MergedRelations(
            RelationRows rows,
            TouchRows touches,
            ContactPlan plan,
            RelationJournal journal,
            ContractLife contracts,
            Belongings belongings,
            ApplicationEventPublisher events) {
        this.rows = rows;
        this.touches = touches;
        this.plan = plan;
        this.journal = journal;
        this.contracts = contracts;
        this.belongings = belongings;
        this.events = events;
    }

    /** The relation with one customer goes on in that with another, within the transaction of the merge. */
    void merge(UUID tenant, UUID contract, UUID from, UUID to, Instant now) {
        var first = hold(tenant, contract, from.compareTo(to) < 0 ? from : to);
        var second = hold(tenant, contract, from.compareTo(to) < 0 ? to : from);
        var merged = (from.compareTo(to) < 0 ? first : second)
                .orElseThrow(() -> new IllegalStateException("No relation with " + from));
        var survivor = from.compareTo(to) < 0 ? second : first;
        boolean owed = plan.let(merged, now);
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
            owed |= plan.let(survivor.get(), now);
            rows.rest(tenant, contract, from, to, survivor.get().agent() == null && merged.agent() != null);
            go(survivor.get(), event, owed, null, now);
        }
        journal.note(event, "MERGED", merged.tier().name(), now);
    }

    /** What {@link #merge} did is undone: each goes on by itself, with the contacts that were its own. */
    void part(UUID tenant, RelationRows.Place place, UUID to, Instant now) {
        var contract = place.contract();
        if (place.into() == null) {
            if (!place.customer().equals(to)) {
                var alone = find(tenant, contract, place.customer());
                boolean owed = plan.let(alone, now);
                rows.rename(tenant, contract, place.customer(), to);
                var event = parted(find(tenant, contract, to), place.customer(), alone.agent(), now);
                go(find(tenant, contract, to), event, owed, now, now);
                journal.note(event, "PARTED", null, now);
            }
            return;
        }
        rows.wake(tenant, contract, place.customer());
        var woken = find(tenant, contract, place.customer());
        boolean inForce = contracts.state(tenant, contract).isInForce();
        var back = parted(woken, place.into(), place.agent(), now);
        go(woken, back, inForce, now, now);
        journal.note(back, "PARTED", null, now);
        hold(tenant, contract, place.into()).ifPresent(other -> {
            boolean gives = place.gave() && Objects.equals(place.agent(), other.agent());
            plan.let(other, now);
            var event = parted(other, place.customer(), gives ? null : other.agent(), now);
            go(other, event, inForce, now, now);
            journal.note(event, "PARTED", null, now);
        });
    }

    private RelationEvent.Parted parted(Relation relation, UUID other, @Nullable UUID agent, Instant now) {
        return new RelationEvent.Parted(
                relation.tenant(),
                relation.contract(),
                relation.customer(),
                other,
                agent,
                touches.lastContact(relation.tenant(), relation.contract(), relation.customer()),
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

    /** @param from what is owed is counted from then at the earliest; null for the last contact */
    private void go(Relation relation, RelationEvent event, boolean owed, @Nullable Instant from, Instant now) {
        var rules = rows.rules(relation.tenant(), relation.contract());
        var next = relation.after(event);
        rows.save(next, next.idleAt(rules));
        if (owed) {
            plan.owe(next, rules, from, now, null);
        }
        events.publishEvent(event);
        belongings.follow(event);
    }

    private static @Nullable Instant latest(@Nullable Instant one, @Nullable Instant other) {
        return one == null || (other != null && other.isAfter(one)) ? other : one;
    }
}
