package io.retainer.contract;

import io.retainer.contract.TerminationEvent.Change;
import io.retainer.contract.TerminationEvent.Contested;
import io.retainer.contract.TerminationEvent.Declared;
import io.retainer.contract.TerminationEvent.Lapsed;
import io.retainer.contract.TerminationEvent.TookEffect;
import io.retainer.contract.TerminationEvent.Withdrawn;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.WorkCalendar;
import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;
import org.jmolecules.ddd.annotation.AggregateRoot;
import org.jmolecules.ddd.annotation.Identity;
import org.jspecify.annotations.Nullable;

/**
 * One party ends the contract by a notice (解除, Civil Code 565): declared when the notice is sent, effective when it
 * arrives. Until then it can be taken back, and falls away when its ground does.
 *
 * @param party that terminates
 * @param restsOn what the right rests on, such as {@code notice/0197…}, the demand whose cure period ran out
 * @param notice by which it is told
 * @param contestedAt when the other side denied it; the effect stays until somebody decides otherwise
 * @param version for optimistic locking
 */
@AggregateRoot
public record Termination(
        @Identity UUID id,
        UUID tenant,
        UUID contract,
        EndGround ground,
        State state,
        Party party,
        String restsOn,
        UUID notice,
        Instant declaredAt,
        @Nullable Instant effectiveAt,
        @Nullable Instant contestedAt,
        @Nullable String contested,
        int version) {

    /** Where it stands. */
    public enum State {
        /** The notice is on its way. */
        DECLARED,
        /** It arrived: the contract has ended. */
        EFFECTIVE,
        WITHDRAWN,
        /** Its ground fell away before it arrived. */
        LAPSED
    }

    /**
     * When a demand's cure period leaves the right to terminate (G-15, Civil Code 563(3), 564).
     *
     * @param lastDay of the cure period
     * @param from when the right arises
     * @param lapses when it is gone: a year after it arose
     */
    public record Window(
            LocalDate lastDay,
            Instant from,
            Instant lapses,
            @Nullable Sentence warning) {

        /** @param workdays of the cure period, after the day on which the demand arrived */
        public static Window of(Instant demanded, int workdays, WorkCalendar calendar) {
            var day = demanded.atZone(DraftTerms.ZONE).toLocalDate();
            var last = calendar.plusWorkdays(day, workdays);
            var first = last.date().plusDays(1);
            return new Window(
                    last.date(),
                    first.atStartOfDay(DraftTerms.ZONE).toInstant(),
                    first.plusYears(1).atStartOfDay(DraftTerms.ZONE).toInstant(),
                    last.warning());
        }

        /** @throws Refused while the cure period runs, and once the right has lapsed (trap 11) */
        public void require(Instant now) {
            if (now.isBefore(from)) {
                throw Refused.because("contract.termination.cureRuns", lastDay, from);
            }
            if (!now.isBefore(lapses)) {
                throw Refused.because("contract.termination.lapsed", from, lapses);
            }
        }
    }

    /**
     * @param demand to cure, by the same party
     * @param stillOpen whether what was demanded is still not done
     */
    static void requireBreachGround(
            Notice demand, Party by, boolean stillOpen, int cureWorkdays, WorkCalendar calendar, Instant now) {
        if (demand.kind() != Notice.Kind.CURE_DEMAND || demand.sender() != by) {
            throw Refused.field("demand", "contract.termination.noDemand", cureWorkdays);
        }
        var arrived = demand.arrivesAt();
        if (arrived == null || arrived.isAfter(now)) {
            throw Refused.field("demand", "contract.termination.demandNotArrived");
        }
        Window.of(arrived, cureWorkdays, calendar).require(now);
        if (!stillOpen) {
            throw Refused.field("demand", "contract.termination.cured", demand.about());
        }
    }

    // What may happen

    TookEffect arrive(Instant at, @Nullable UUID actor) {
        return switch (state) {
            case DECLARED -> new TookEffect(tenant, contract, id, ground, party, at, actor);
            case EFFECTIVE, WITHDRAWN, LAPSED -> throw refuse("contract.termination.verb.arrive");
        };
    }

    Withdrawn withdraw(Party by, Instant now, @Nullable UUID actor) {
        if (by != party) {
            throw Refused.because("contract.termination.declarerOnly", party);
        }
        return switch (state) {
            case DECLARED -> new Withdrawn(tenant, contract, id, ground, party, now, actor);
            case EFFECTIVE, WITHDRAWN, LAPSED -> throw refuse("contract.termination.verb.withdraw");
        };
    }

    /** The ground fell away while the notice was still on its way. */
    Lapsed lapse(Instant now, @Nullable UUID actor) {
        return switch (state) {
            case DECLARED -> new Lapsed(tenant, contract, id, ground, party, now, actor);
            case EFFECTIVE, WITHDRAWN, LAPSED -> throw refuse("contract.termination.verb.lapse");
        };
    }

    Contested contest(Party by, Instant now, @Nullable UUID actor) {
        if (by == party || by == Party.THIRD_PARTY) {
            throw Refused.because("contract.termination.otherOnly", party);
        }
        return switch (state) {
            case DECLARED, EFFECTIVE -> {
                if (contestedAt != null) {
                    throw Refused.because("contract.termination.contestedBefore", contestedAt);
                }
                yield new Contested(tenant, contract, id, ground, by, now, actor);
            }
            case WITHDRAWN, LAPSED -> throw refuse("contract.termination.verb.contest");
        };
    }

    private Refused refuse(String verb) {
        return Refused.because("contract.termination.state", Sentence.of(verb), state);
    }

    // What it makes of the termination

    static Termination first(Declared e) {
        return new Termination(
                e.termination(),
                e.tenant(),
                e.contract(),
                e.ground(),
                State.DECLARED,
                e.party(),
                e.restsOn(),
                e.notice(),
                e.happenedAt(),
                null,
                null,
                null,
                0);
    }

    Termination after(Change event, @Nullable String words) {
        return switch (event) {
            case TookEffect e -> next(State.EFFECTIVE, e.happenedAt(), contestedAt, contested);
            case Withdrawn _ -> next(State.WITHDRAWN, null, contestedAt, contested);
            case Lapsed _ -> next(State.LAPSED, null, contestedAt, contested);
            case Contested e -> next(state, effectiveAt, e.happenedAt(), words);
        };
    }

    private Termination next(
            State nextState, @Nullable Instant effective, @Nullable Instant contestedOn, @Nullable String words) {
        return new Termination(
                id,
                tenant,
                contract,
                ground,
                nextState,
                party,
                restsOn,
                notice,
                declaredAt,
                effective,
                contestedOn,
                words,
                version);
    }
}
