package io.retainer.relationship;

import io.retainer.contract.TermsInForce;
import io.retainer.duty.AssessedDuty;
import io.retainer.duty.Deadline;
import io.retainer.duty.Duties;
import io.retainer.duty.NewDuty;
import io.retainer.duty.Release;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Party;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Who must be contacted how often: a duty of the provider for each relation whose tier has a plan (ADR 0017). */
@Component
class ContactPlan {

    private final Duties duties;
    private final TermsInForce terms;

    ContactPlan(Duties duties, TermsInForce terms) {
        this.duties = duties;
        this.terms = terms;
    }

    private static String subject(Relation relation) {
        return "relation/" + relation.customer() + "/" + relation.round();
    }

    Optional<AssessedDuty> owed(Relation relation, Instant now) {
        return duties.on(relation.tenant(), relation.contract(), Clause.I_1_1_3, subject(relation), now)
                .filter(duty -> duty.assessment().state().owed());
    }

    /** Opens the next contact that the plan asks for, if it asks for any. */
    void owe(Relation relation, PoolRules rules, Instant now, UUID actor) {
        owe(relation, rules, null, now, actor);
    }

    /** @param least counted from then at the earliest, or null */
    void owe(Relation relation, PoolRules rules, @Nullable Instant least, Instant now, @Nullable UUID actor) {
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
                new Deadline.CalendarDays(days, LocalDate.ofInstant(from, Relations.ZONE)),
                now,
                actor));
    }

    /** Ends what the plan asks for, because it is asked for of another; says whether anything was owed. */
    boolean let(Relation relation, Instant now) {
        var owed = owed(relation, now);
        owed.ifPresent(duty -> duties.release(relation.tenant(), duty.duty().id(), Release.REPLACED, null, now, null));
        return owed.isPresent();
    }

    /** What is owed is owed by another plan from now on. */
    void replace(Relation relation, Instant now, UUID actor) {
        owed(relation, now)
                .ifPresent(duty ->
                        duties.release(relation.tenant(), duty.duty().id(), Release.REPLACED, null, now, actor));
    }

    /** The customer was reached. */
    void kept(Relation relation, Instant at, Instant now, UUID actor) {
        owed(relation, now)
                .ifPresent(
                        duty -> duties.discharge(relation.tenant(), duty.duty().id(), at, actor));
    }
}
