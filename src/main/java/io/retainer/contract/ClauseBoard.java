package io.retainer.contract;

import static io.retainer.kernel.Clause.*;

import io.retainer.contract.ClauseState.State;
import io.retainer.duty.AssessedDuty;
import io.retainer.duty.DutyState;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Party;
import io.retainer.kernel.Sentence;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The state of every clause of the register, derived and never stored. What the modules above say of a clause goes first,
 * then its duties, then what kind of clause it is.
 */
final class ClauseBoard {

    /** What is due within this time is shown as due. */
    private static final Duration SOON = Duration.ofDays(15);

    private static final Set<Clause> STANDING = EnumSet.of(
            I_0_5, I_0_6, I_1_1_1, I_1_1_2, I_1_1_3, I_1_1_4, I_1_1_5, I_1_1_6, I_1_1_7, I_1_2A, I_1_2B, I_4_1A, I_4_1B,
            I_4_2);
    private static final Set<Clause> RIGHTS = EnumSet.of(I_3_3A, I_3_3B, I_3_3C, I_5_1, I_5_2A, I_5_2B);
    private static final Set<Clause> INFORMATION = EnumSet.of(
            I_0_1,
            I_0_2,
            I_0_3,
            I_0_4,
            I_2_1,
            I_3_1A,
            I_3_1B,
            I_3_1C,
            II_1_1,
            II_7_1,
            III_B1_STD,
            III_B1_EX,
            III_B2_STD,
            III_B2_EX,
            III_B3_STD,
            III_B3_EX);
    private static final Set<Clause> BY_SIGNING = EnumSet.of(I_7_1A, I_7_1B, I_S_1, I_S_2, I_S_3);

    private ClauseBoard() {}

    static List<ClauseState> of(
            Contract contract,
            ContractVersion version,
            List<AssessedDuty> duties,
            List<ClauseState> said,
            Instant asOf) {
        var byOthers = new EnumMap<Clause, ClauseState>(Clause.class);
        said.forEach(state -> byOthers.put(state.clause(), state));
        Map<Clause, List<AssessedDuty>> owed = duties.stream()
                .collect(Collectors.groupingBy(duty -> duty.duty().clause()));
        var missing = version.missing();
        var states = new ArrayList<ClauseState>();
        for (var clause : Clause.values()) {
            var other = byOthers.get(clause);
            var own = owed.get(clause);
            if (other != null) {
                states.add(other);
            } else if (own != null) {
                states.add(owed(contract, clause, own, asOf));
            } else {
                states.add(byKind(contract, version, clause, missing));
            }
        }
        return states;
    }

    private static ClauseState byKind(Contract contract, ContractVersion version, Clause clause, Set<Clause> missing) {
        if (BY_SIGNING.contains(clause)) {
            return bySigning(contract, clause);
        }
        if (missing.contains(clause)) {
            return state(clause, State.MISSING, "contract.rests.notInText");
        }
        if (clause.id().startsWith("III-A")) {
            return annex(contract, version.annexes(), clause);
        }
        if (contract.state().hasEnded() && !INFORMATION.contains(clause)) {
            return state(clause, State.ENDED, "contract.rests.ended");
        }
        if (!contract.state().isInForce() && !contract.state().hasEnded()) {
            return state(clause, State.NOT_IN_FORCE, "contract.rests.notInForce");
        }
        if (clause == I_2_1) {
            var end = contract.endsOn();
            return new ClauseState(
                    clause,
                    State.INFORMATION,
                    Sentence.of("contract.rests.term", contract.startsOn(), end),
                    end == null
                            ? null
                            : end.plusDays(1).atStartOfDay(DraftTerms.ZONE).toInstant(),
                    List.of(),
                    null);
        }
        if (INFORMATION.contains(clause)) {
            return state(clause, State.INFORMATION, "contract.rests.information");
        }
        if (RIGHTS.contains(clause)) {
            return state(clause, State.RIGHT_NOT_AVAILABLE, "contract.rests.noGround");
        }
        if (STANDING.contains(clause)) {
            return state(clause, State.STANDING, "contract.rests.standing");
        }
        return state(
                clause,
                State.ON_OCCASION,
                clause.part().equals("II") ? "contract.rests.noThirdParty" : "contract.rests.noOccasion");
    }

    /** An annex as a whole stands as its worst sub-row. */
    private static ClauseState annex(Contract contract, Annexes annexes, Clause clause) {
        var kind = AnnexKind.answering(clause);
        var checks = annexes.checks(kind).stream()
                .filter(check -> clause == kind.clause() || check.clause() == clause)
                .toList();
        var missing = checks.stream().filter(check -> !check.isComplete()).toList();
        var link = link(contract, "annexes/" + kind.number());
        var evidence = List.of("annex/" + kind.clause().id());
        if (missing.isEmpty()) {
            return new ClauseState(clause, State.KEPT, Sentence.of("contract.rests.annex"), null, evidence, link);
        }
        if (!kind.isDueAtSigning() && !annexes.has(kind)) {
            return new ClauseState(
                    clause, State.ON_OCCASION, Sentence.of("contract.rests.noThirdParty"), null, List.of(), link);
        }
        var open = missing.stream().filter(check -> !check.isAccepted()).toList();
        return open.isEmpty()
                ? new ClauseState(clause, State.WAIVED, Sentence.of("contract.rests.annexRisk"), null, evidence, link)
                : new ClauseState(
                        clause,
                        State.MISSING,
                        Sentence.of(
                                "contract.rests.annexMissing",
                                open.getFirst().gaps().getFirst().what()),
                        null,
                        List.of(),
                        link);
    }

    private static ClauseState bySigning(Contract contract, Clause clause) {
        boolean done = switch (clause) {
            case I_S_1 -> contract.signed().contains(Party.CLIENT);
            case I_S_2 -> contract.signed().contains(Party.PROVIDER);
            default -> contract.effectiveAt() != null;
        };
        var evidence = clause == I_S_1
                ? List.of("signature/CLIENT")
                : clause == I_S_2 ? List.of("signature/PROVIDER") : List.of("version/" + contract.versionId());
        if (done) {
            var since = contract.effectiveAt();
            var sentence = since == null
                    ? Sentence.of("contract.rests.signed")
                    : Sentence.of("contract.rests.signedSince", since);
            return new ClauseState(clause, State.KEPT, sentence, null, evidence, link(contract, "signing"));
        }
        return new ClauseState(
                clause,
                State.NOT_YET_DUE,
                Sentence.of("contract.rests.notSigned"),
                contract.state() == ContractState.PENDING_SIGN ? contract.lookAt() : null,
                List.of(),
                link(contract, "signing"));
    }

    private static ClauseState owed(Contract contract, Clause clause, List<AssessedDuty> duties, Instant asOf) {
        var deciding = duties.stream()
                .min(Comparator.comparingInt(
                                (AssessedDuty duty) -> rank(duty.assessment().state()))
                        .thenComparing(duty -> due(duty) == null ? Instant.MAX : Objects.requireNonNull(due(duty))))
                .orElseThrow();
        // Where nothing is open any more, the last one decides.
        if (!deciding.assessment().state().owed()) {
            deciding = duties.stream()
                    .max(Comparator.comparing(
                            duty -> due(duty) == null ? Instant.MIN : Objects.requireNonNull(due(duty))))
                    .orElseThrow();
        }
        var next = duties.stream()
                .filter(duty -> duty.assessment().state().owed())
                .map(ClauseBoard::due)
                .filter(Objects::nonNull)
                .min(Comparator.naturalOrder())
                .orElse(null);
        var sentence = Sentence.of(
                "contract.rests.duties",
                count(duties, DutyState.KEPT),
                count(duties, DutyState.KEPT_LATE),
                duties.stream().filter(duty -> duty.assessment().state().owed()).count(),
                deciding.assessment().explanation());
        return new ClauseState(
                clause,
                state(deciding.assessment().state(), due(deciding), asOf),
                sentence,
                next,
                List.of(deciding.duty().subject()),
                link(contract, "duties"));
    }

    private static @Nullable Instant due(AssessedDuty duty) {
        return duty.assessment().due();
    }

    private static long count(List<AssessedDuty> duties, DutyState state) {
        return duties.stream()
                .filter(duty -> duty.assessment().state() == state)
                .count();
    }

    private static int rank(DutyState state) {
        return switch (state) {
            case BREACHED -> 0;
            case PAUSED -> 1;
            case RUNNING -> 2;
            case KEPT_LATE -> 3;
            case EXCUSED -> 4;
            case WAIVED -> 5;
            case RELEASED -> 6;
            case KEPT -> 7;
        };
    }

    private static State state(DutyState state, @Nullable Instant due, Instant asOf) {
        return switch (state) {
            case BREACHED -> State.BREACHED;
            case PAUSED -> State.PAUSED;
            case RUNNING ->
                due == null ? State.STANDING : due.minus(SOON).isBefore(asOf) ? State.DUE : State.NOT_YET_DUE;
            case KEPT_LATE -> State.LATE;
            case EXCUSED -> State.EXCUSED;
            case WAIVED -> State.WAIVED;
            case RELEASED -> State.ENDED;
            case KEPT -> State.KEPT;
        };
    }

    private static ClauseState state(Clause clause, State state, String key) {
        return new ClauseState(clause, state, Sentence.of(key), null, List.of(), null);
    }

    private static String link(Contract contract, String page) {
        return "/contracts/" + contract.id() + "/" + page;
    }
}
