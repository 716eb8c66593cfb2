package io.retainer.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.retainer.contract.ClauseState.State;
import io.retainer.contract.ContractEvent.Imported;
import io.retainer.contract.ContractVersion.Findings;
import io.retainer.duty.AssessedDuty;
import io.retainer.duty.Deadline;
import io.retainer.duty.Duty;
import io.retainer.duty.DutyEvent;
import io.retainer.duty.DutyState;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Party;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Texts;
import io.retainer.kernel.WorkCalendar;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ClauseBoardTests {

    private static final UUID TENANT = new UUID(1, 1);
    private static final UUID CONTRACT = new UUID(2, 1);
    private static final Instant SIGNED = Instant.parse("2024-12-20T02:00:00Z");

    @Test
    void everyClauseHasAStateAndAReasonInBothLanguages() {
        for (var contract : List.of(draft(), active())) {
            var board = board(contract, List.of(), List.of(), SIGNED);
            assertThat(board).extracting(ClauseState::clause).containsExactly(Clause.values());
            for (var language : List.of(Texts.CHINESE, Texts.ENGLISH)) {
                assertThat(board).allSatisfy(state -> {
                    assertThat(Texts.in(language).say(state.restsOn())).isNotBlank();
                    assertThat(Texts.in(language).name(state.state())).isNotBlank();
                });
            }
        }
    }

    @Test
    void nothingIsInForceBeforeTheLastSignature() {
        assertThat(state(board(draft(), List.of(), List.of(), SIGNED), Clause.I_3_2A)
                        .state())
                .isEqualTo(State.NOT_IN_FORCE);
        assertThat(state(board(draft(), List.of(), List.of(), SIGNED), Clause.I_7_1B)
                        .state())
                .isEqualTo(State.NOT_YET_DUE);
        assertThat(state(board(active(), List.of(), List.of(), SIGNED), Clause.I_7_1B)
                        .state())
                .isEqualTo(State.KEPT);
    }

    @Test
    void anInstalmentGoesFromNotYetDueOverDueToBreached() {
        var due = Instant.parse("2025-01-31T16:00:00Z");

        assertThat(payment(due, null, "2025-01-10T00:00:00Z").state()).isEqualTo(State.NOT_YET_DUE);
        assertThat(payment(due, null, "2025-01-20T00:00:00Z").state()).isEqualTo(State.DUE);
        assertThat(payment(due, null, "2025-01-31T15:59:59Z").state()).isEqualTo(State.DUE);
        assertThat(payment(due, null, "2025-01-31T16:00:00Z").state()).isEqualTo(State.BREACHED);
        assertThat(payment(due, "2025-01-31T15:59:59Z", "2025-02-10T00:00:00Z").state())
                .isEqualTo(State.KEPT);
        assertThat(payment(due, "2025-01-31T16:00:00Z", "2025-02-10T00:00:00Z").state())
                .isEqualTo(State.LATE);
    }

    @Test
    void anOpenBreachGoesBeforeWhatIsDueLaterAndTheNextDeadlineIsTheEarliest() {
        var asOf = Instant.parse("2025-02-10T00:00:00Z");
        var breached = duty(Instant.parse("2025-01-31T16:00:00Z"), null, asOf, 2);
        var later = duty(Instant.parse("2025-02-28T16:00:00Z"), null, asOf, 3);
        var kept = duty(Instant.parse("2024-12-31T16:00:00Z"), "2024-12-30T00:00:00Z", asOf, 1);

        var state = state(board(active(), List.of(kept, later, breached), List.of(), asOf), Clause.I_3_2A);

        assertThat(state.state()).isEqualTo(State.BREACHED);
        assertThat(state.evidenceSubjects()).containsExactly("instalment/2");
        assertThat(Texts.in(Texts.CHINESE).say(state.restsOn())).startsWith("按时 1、逾期 0、未结 2。");
    }

    @Test
    void aRightIsNotAvailableUntilAModuleAboveSaysSo() {
        assertThat(state(board(active(), List.of(), List.of(), SIGNED), Clause.I_3_3A)
                        .state())
                .isEqualTo(State.RIGHT_NOT_AVAILABLE);
        var said = new ClauseState(
                Clause.I_3_3A,
                State.RIGHT_AVAILABLE,
                Sentence.of("contract.rests.standing"),
                null,
                List.of("demand/1"),
                null);

        assertThat(state(board(active(), List.of(), List.of(said), SIGNED), Clause.I_3_3A))
                .isEqualTo(said);
    }

    @Test
    void theTimelineShowsPeriodsDuesPaymentsAndToday() {
        var asOf = Instant.parse("2025-07-02T04:00:00Z");
        var paidLate = duty(Instant.parse("2024-12-31T16:00:00Z"), "2025-02-01T01:00:00Z", asOf, 1);
        var timeline = Timeline.of(version().terms(), List.of(paidLate), asOf).orElseThrow();

        assertThat(timeline.periods()).hasSize(12);
        assertThat(timeline.periods().getFirst().from()).isEqualTo(LocalDate.of(2025, 1, 1));
        assertThat(timeline.periods().getLast().to()).isEqualTo(LocalDate.of(2025, 12, 31));
        assertThat(timeline.periods().stream().mapToInt(Timeline.Bar::width).sum())
                .isEqualTo(Timeline.WIDTH);
        assertThat(timeline.dues()).extracting(Timeline.Mark::state).containsExactly(DutyState.KEPT_LATE);
        assertThat(timeline.payments()).extracting(Timeline.Mark::day).containsExactly(LocalDate.of(2025, 2, 1));
        assertThat(timeline.today()).isBetween(490, 510);
    }

    private static ClauseState payment(Instant due, @Nullable String paid, String asOf) {
        var at = Instant.parse(asOf);
        return state(board(active(), List.of(duty(due, paid, at, 1)), List.of(), at), Clause.I_3_2A);
    }

    private static AssessedDuty duty(Instant due, @Nullable String paid, Instant asOf, int number) {
        var id = new UUID(3, number);
        var history = paid == null
                ? List.<Duty.Entry>of()
                : List.of(new Duty.Entry(
                        new DutyEvent.Discharged(TENANT, CONTRACT, Clause.I_3_2A, id, Instant.parse(paid), null),
                        Instant.parse(paid),
                        null));
        var duty = new Duty(
                id,
                TENANT,
                CONTRACT,
                1,
                Clause.I_3_2A,
                Party.CLIENT,
                Party.PROVIDER,
                "contract.verb.sign",
                "instalment/" + number,
                SIGNED,
                new Deadline.At(due),
                history,
                0);
        return new AssessedDuty(duty, duty.assess(asOf, WorkCalendar.chinese()));
    }

    private static List<ClauseState> board(
            Contract contract, List<AssessedDuty> duties, List<ClauseState> said, Instant asOf) {
        return ClauseBoard.of(contract, version(), duties, said, asOf);
    }

    private static ClauseState state(List<ClauseState> board, Clause clause) {
        return board.stream()
                .filter(state -> state.clause() == clause)
                .findFirst()
                .orElseThrow();
    }

    private static Contract draft() {
        return Contract.first(
                new Imported(
                        TENANT, CONTRACT, new UUID(2, 2), 1, Hashes.of("text"), TENANT, new UUID(1, 2), SIGNED, null),
                "合同");
    }

    private static Contract active() {
        var hash = Hashes.of("content");
        var pending = draft().after(new ContractEvent.Submitted(TENANT, CONTRACT, 1, hash, Party.CLIENT, SIGNED, null))
                .running(new ContractTerms.Term(LocalDate.of(2025, 1, 1), LocalDate.of(2025, 12, 31), 12));
        var effective = pending.after(
                new ContractEffective(TENANT, CONTRACT, new UUID(2, 2), 1, Objects.requireNonNull(hash), SIGNED, null));
        return effective.after(new ContractEvent.Started(TENANT, CONTRACT, SIGNED, null));
    }

    private static ContractVersion version() {
        var imported = ContractImporter.pasted(DemoContract.text());
        return new ContractVersion(
                CONTRACT,
                new UUID(2, 2),
                1,
                imported.original(),
                imported.text(),
                new Findings(imported.title(), "UTF-8", false, 0, List.of(), List.of(), List.of()),
                false,
                imported.clauses(),
                imported.terms(),
                Annexes.NONE,
                null,
                null);
    }
}
