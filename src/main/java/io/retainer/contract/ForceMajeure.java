package io.retainer.contract;

import io.retainer.contract.ForceMajeureEvent.Accepted;
import io.retainer.contract.ForceMajeureEvent.Change;
import io.retainer.contract.ForceMajeureEvent.Contested;
import io.retainer.contract.ForceMajeureEvent.Ended;
import io.retainer.contract.ForceMajeureEvent.Notified;
import io.retainer.contract.ForceMajeureEvent.Proven;
import io.retainer.duty.AssessedDuty;
import io.retainer.duty.Deadline;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jmolecules.ddd.annotation.AggregateRoot;
import org.jmolecules.ddd.annotation.Identity;
import org.jspecify.annotations.Nullable;

/**
 * One event that a party says it could neither foresee nor avoid nor overcome (I-5.3a, Civil Code 180, 590), laid over
 * the state of the contract (state-machines.md §3.1.1). It touches the duties it names and no others; relief is what the
 * other side accepts, and there is none for a duty that was late before the event.
 *
 * @param party that is hindered
 * @param words what happened
 * @param late notified later than the terms allow: the loss that an earlier notice would have avoided stays with the party
 * @param affected duties the party says it cannot perform
 * @param accepted those for which the other side accepted it
 * @param relief how much of each the hindrance takes away, in per cent; 100 is all of it
 * @param version for optimistic locking
 */
@AggregateRoot
public record ForceMajeure(
        @Identity UUID id,
        UUID tenant,
        UUID contract,
        Party party,
        State state,
        String words,
        Instant occurredAt,
        Instant notifiedAt,
        boolean late,
        Set<UUID> affected,
        @Nullable String proof,
        @Nullable Instant provenAt,
        boolean proofLate,
        @Nullable Instant acceptedAt,
        Set<UUID> accepted,
        @Nullable Integer relief,
        @Nullable Instant contestedAt,
        @Nullable String contested,
        @Nullable Instant endedAt,
        int version) {

    /** Where it stands. That it lasts beyond the long stop is asked of {@link #beyondLongStop}. */
    public enum State {
        NOTIFIED,
        PROVEN,
        ACCEPTED,
        CONTESTED,
        ENDED
    }

    /** Clauses under which money is owed: relief from those only by an explicit decision. */
    static final Set<Clause> MONEY = Set.of(
            Clause.I_3_2A,
            Clause.I_5_1,
            Clause.I_2_2A,
            Clause.I_5_2B,
            Clause.II_2_1_1,
            Clause.II_2_1_2,
            Clause.II_2_1_3,
            Clause.II_2_1_4,
            Clause.II_2_1_5,
            Clause.III_B3_STD);

    public ForceMajeure {
        affected = Set.copyOf(affected);
        accepted = Set.copyOf(accepted);
    }

    static ForceMajeure first(Notified e, String words) {
        return new ForceMajeure(
                e.event(),
                e.tenant(),
                e.contract(),
                e.party(),
                State.NOTIFIED,
                words,
                e.occurredAt(),
                e.happenedAt(),
                e.late(),
                e.affected(),
                null,
                null,
                false,
                null,
                Set.of(),
                null,
                null,
                null,
                null,
                0);
    }

    /**
     * @param noticeHours within which a notice is in time (G-24)
     * @throws Refused for a duty that is another's, is not owed, or was late before the event (trap 9)
     */
    static Notified notify(
            UUID id,
            UUID tenant,
            UUID contract,
            Party by,
            Instant occurredAt,
            List<AssessedDuty> affected,
            int noticeHours,
            Instant now,
            @Nullable UUID actor) {
        if (by == Party.THIRD_PARTY) {
            throw Refused.because("contract.refused.party", by);
        }
        if (occurredAt.isAfter(now)) {
            throw Refused.field("occurredAt", "contract.forceMajeure.future", occurredAt);
        }
        if (affected.isEmpty()) {
            throw Refused.field("duties", "contract.forceMajeure.noDuty");
        }
        affected.forEach(duty -> requireRelievable(duty, by, occurredAt));
        boolean late = Duration.between(occurredAt, now).compareTo(Duration.ofHours(noticeHours)) > 0;
        return new Notified(
                tenant,
                contract,
                id,
                by,
                occurredAt,
                late,
                affected.stream().map(duty -> duty.duty().id()).collect(java.util.stream.Collectors.toSet()),
                now,
                actor);
    }

    private static void requireRelievable(AssessedDuty one, Party by, Instant occurredAt) {
        var duty = one.duty();
        var assessment = one.assessment();
        if (duty.debtor() != by) {
            throw Refused.field("duties", "contract.forceMajeure.notYours", duty.doing(), duty.debtor());
        }
        if (!assessment.state().owed() || duty.deadline() instanceof Deadline.Standing) {
            throw Refused.field("duties", "contract.forceMajeure.notOwed", duty.doing(), assessment.state());
        }
        var due = assessment.due();
        if (due != null && !occurredAt.isBefore(due)) {
            throw Refused.field("duties", "contract.forceMajeure.afterDelay", duty.doing(), due, occurredAt);
        }
    }

    // What may happen

    /** @param proofDays within which the proof is in time (G-24) */
    Proven prove(String hash, int proofDays, Party by, Instant now, @Nullable UUID actor) {
        requireOwn(by);
        if (!hash.matches("[0-9a-f]{64}")) {
            throw Refused.field("proof", "contract.notice.proof");
        }
        boolean tardy = now.isAfter(notifiedAt.plus(Duration.ofDays(proofDays)));
        return switch (state) {
            case NOTIFIED -> new Proven(tenant, contract, id, hash, tardy, now, actor);
            case CONTESTED -> {
                if (proof != null) {
                    throw refuse("contract.forceMajeure.verb.prove");
                }
                yield new Proven(tenant, contract, id, hash, tardy, now, actor);
            }
            case PROVEN, ACCEPTED, ENDED -> throw refuse("contract.forceMajeure.verb.prove");
        };
    }

    /**
     * The other side accepts relief for some of the affected duties.
     *
     * @param money those of them that owe money
     * @param moneyToo the explicit decision without which no money duty is relieved
     */
    Accepted accept(
            Set<UUID> duties,
            Set<UUID> money,
            boolean moneyToo,
            int percent,
            Party by,
            Instant now,
            @Nullable UUID actor) {
        requireOther(by);
        return switch (state) {
            case PROVEN, CONTESTED -> {
                if (proof == null) {
                    throw Refused.because("contract.forceMajeure.noProof");
                }
                if (duties.isEmpty() || !affected.containsAll(duties)) {
                    throw Refused.field("duties", "contract.forceMajeure.onlyAffected", affected.size());
                }
                if (!moneyToo && duties.stream().anyMatch(money::contains)) {
                    throw Refused.field("moneyToo", "contract.forceMajeure.money");
                }
                if (percent < 1 || percent > 100) {
                    throw Refused.field("relief", "contract.forceMajeure.relief");
                }
                yield new Accepted(tenant, contract, id, party, occurredAt, duties, percent, now, actor);
            }
            case NOTIFIED -> throw Refused.because("contract.forceMajeure.noProof");
            case ACCEPTED, ENDED -> throw refuse("contract.forceMajeure.verb.accept");
        };
    }

    Contested contest(Party by, Instant now, @Nullable UUID actor) {
        requireOther(by);
        return switch (state) {
            case NOTIFIED, PROVEN -> new Contested(tenant, contract, id, by, now, actor);
            case ACCEPTED, CONTESTED, ENDED -> throw refuse("contract.forceMajeure.verb.contest");
        };
    }

    /** The hindrance is over: what it paused runs on. */
    Ended end(Instant at, Instant now, @Nullable UUID actor) {
        return switch (state) {
            case NOTIFIED, PROVEN, ACCEPTED, CONTESTED -> {
                if (!at.isAfter(occurredAt) || at.isAfter(now)) {
                    throw Refused.field("at", "contract.forceMajeure.endTime", occurredAt);
                }
                yield new Ended(tenant, contract, id, party, occurredAt, accepted, at, actor);
            }
            case ENDED -> throw refuse("contract.forceMajeure.verb.end");
        };
    }

    /**
     * Until when the clock of a relieved duty stands: for the accepted part of the time that it was hindered, counted from
     * the beginning.
     *
     * @param from when the hindrance began to hinder the duty
     */
    Instant standsUntil(Instant from, Instant end) {
        int percent = relief == null ? 100 : relief;
        return percent == 100 || !end.isAfter(from)
                ? end
                : from.plus(Duration.between(from, end).multipliedBy(percent).dividedBy(100))
                        .truncatedTo(java.time.temporal.ChronoUnit.MICROS);
    }

    /** Whether all of what was hindered is relieved. */
    boolean relievesAll() {
        return relief == null || relief == 100;
    }

    /** Whether it lasts longer than the long stop: then the parties negotiate, and either may terminate (563(1)). */
    public boolean beyondLongStop(int longStopDays, Instant now) {
        return state == State.ACCEPTED && !now.isBefore(longStop(longStopDays));
    }

    public Instant longStop(int longStopDays) {
        return occurredAt.plus(Duration.ofDays(longStopDays));
    }

    private void requireOwn(Party by) {
        if (by != party) {
            throw Refused.because("contract.forceMajeure.ownOnly", party);
        }
    }

    private void requireOther(Party by) {
        if (by == party || by == Party.THIRD_PARTY) {
            throw Refused.because("contract.forceMajeure.otherOnly", party);
        }
    }

    private Refused refuse(String verb) {
        return Refused.because("contract.forceMajeure.state", Sentence.of(verb), state);
    }

    // What it makes of it

    ForceMajeure after(Change event, @Nullable String why) {
        return switch (event) {
            case Proven e ->
                new ForceMajeure(
                        id,
                        tenant,
                        contract,
                        party,
                        state == State.NOTIFIED ? State.PROVEN : state,
                        words,
                        occurredAt,
                        notifiedAt,
                        late,
                        affected,
                        e.proof(),
                        e.happenedAt(),
                        e.late(),
                        acceptedAt,
                        accepted,
                        relief,
                        contestedAt,
                        contested,
                        endedAt,
                        version);
            case Accepted e ->
                new ForceMajeure(
                        id,
                        tenant,
                        contract,
                        party,
                        State.ACCEPTED,
                        words,
                        occurredAt,
                        notifiedAt,
                        late,
                        affected,
                        proof,
                        provenAt,
                        proofLate,
                        e.happenedAt(),
                        e.duties(),
                        e.relief(),
                        contestedAt,
                        contested,
                        endedAt,
                        version);
            case Contested e ->
                new ForceMajeure(
                        id,
                        tenant,
                        contract,
                        party,
                        State.CONTESTED,
                        words,
                        occurredAt,
                        notifiedAt,
                        late,
                        affected,
                        proof,
                        provenAt,
                        proofLate,
                        acceptedAt,
                        accepted,
                        relief,
                        e.happenedAt(),
                        why,
                        endedAt,
                        version);
            case Ended e ->
                new ForceMajeure(
                        id,
                        tenant,
                        contract,
                        party,
                        State.ENDED,
                        words,
                        occurredAt,
                        notifiedAt,
                        late,
                        affected,
                        proof,
                        provenAt,
                        proofLate,
                        acceptedAt,
                        accepted,
                        relief,
                        contestedAt,
                        contested,
                        e.happenedAt(),
                        version);
        };
    }
}
