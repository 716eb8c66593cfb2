package io.retainer.liability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.retainer.contract.TermKey;
import io.retainer.kernel.Money;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** State × event of a breach case (state-machines.md §3.11). */
class BreachMachineTests {

    private static final UUID ID = new UUID(1, 3);
    private static final Instant NOW = Instant.parse("2025-02-10T02:00:00Z");
    private static final Instant DUE = NOW.plus(Duration.ofDays(14));
    private static final String PROOF = "a".repeat(64);
    private static final String TEXT = "what both sign";
    private static final Determination AMOUNT = new Determination(
            List.of(), Money.of("10"), Money.ZERO, Money.of("10"), Money.ZERO, Money.ZERO, List.of(), List.of());

    @ParameterizedTest
    @CsvSource({
        "EVIDENCE,find,EVIDENCE",
        "EVIDENCE,checkMet,DEFENCE",
        "EVIDENCE,checkNotMet,DISMISSED",
        "EVIDENCE,answer,",
        "EVIDENCE,propose,",
        "EVIDENCE,accept,",
        "EVIDENCE,reject,",
        "EVIDENCE,settle,",
        "DISMISSED,find,EVIDENCE",
        "DISMISSED,check,",
        "DISMISSED,answer,",
        "DISMISSED,propose,",
        "DISMISSED,accept,",
        "DISMISSED,reject,",
        "DISMISSED,settle,",
        "DEFENCE,find,",
        "DEFENCE,check,",
        "DEFENCE,answer,APPORTION",
        "DEFENCE,propose,",
        "DEFENCE,accept,",
        "DEFENCE,reject,",
        "DEFENCE,settle,",
        "APPORTION,find,",
        "APPORTION,check,",
        "APPORTION,answer,",
        "APPORTION,propose,PROPOSED",
        "APPORTION,accept,",
        "APPORTION,reject,",
        "APPORTION,settle,",
        "PROPOSED,find,",
        "PROPOSED,check,",
        "PROPOSED,answer,",
        "PROPOSED,propose,",
        "PROPOSED,accept,AGREED",
        "PROPOSED,reject,DISPUTED",
        "PROPOSED,settle,",
        "AGREED,find,",
        "AGREED,check,",
        "AGREED,answer,",
        "AGREED,propose,",
        "AGREED,accept,",
        "AGREED,reject,",
        "AGREED,settle,SETTLED",
        "DISPUTED,find,",
        "DISPUTED,check,",
        "DISPUTED,answer,",
        "DISPUTED,propose,PROPOSED",
        "DISPUTED,accept,",
        "DISPUTED,reject,",
        "DISPUTED,settle,",
        "SETTLED,find,",
        "SETTLED,check,",
        "SETTLED,answer,",
        "SETTLED,propose,",
        "SETTLED,accept,",
        "SETTLED,reject,",
        "SETTLED,settle,"
    })
    void aBreachCaseHasItsStates(BreachState state, String event, BreachState next) {
        var breach = in(state);
        assertThat(breach.state()).isEqualTo(state);
        if (next == null) {
            assertThatExceptionOfType(Refused.class)
                    .isThrownBy(() -> happen(breach, event))
                    .satisfies(no -> assertThat(no.sentence().key()).isEqualTo("liability.refused.state"));
        } else {
            assertThat(happen(breach, event).state()).isEqualTo(next);
        }
    }

    @ParameterizedTest
    @EnumSource(BreachState.class)
    void onlyTheTimeToAnswerRunsOut(BreachState state) {
        assertThat(in(state).time(DUE).isPresent()).isEqualTo(state == BreachState.DEFENCE);
        assertThat(in(state).time(DUE.minusNanos(1))).isEmpty();
    }

    @Test
    void everyElementMustBeLookedIntoAndAStrangersActIsRefused() {
        var filed = filed();
        assertRefused("liability.refused.notLookedInto", () -> filed.check(Party.CLIENT, NOW, null));
        assertRefused("liability.refused.party", () -> filed.check(Party.PROVIDER, NOW, null));
        assertRefused(
                "liability.refused.element", () -> filed.find(BreachElement.SECRET, PROOF, Party.CLIENT, NOW, null));
        assertRefused(
                "liability.refused.evidence", () -> filed.find(BreachElement.LOSS, "abc", Party.CLIENT, NOW, null));
        assertRefused(
                "liability.refused.party", () -> in(BreachState.DEFENCE).answer(Defence.NONE, Party.CLIENT, NOW, null));
        assertRefused(
                "liability.refused.party",
                () -> in(BreachState.PROPOSED).accept(Hashed.of(TEXT), Party.CLIENT, NOW, null));
        assertRefused(
                "liability.refused.otherHash", () -> in(BreachState.PROPOSED).accept(PROOF, Party.PROVIDER, NOW, null));
    }

    @Test
    void III_B2_aQualityBreachIsNeverInferredFromOneElementAlone() {
        var breach = filed();
        for (var element : BreachRule.QUALITY.elements()) {
            var proof = element == BreachElement.CAUSATION ? "" : PROOF;
            breach = breach.after(breach.find(element, proof, Party.CLIENT, NOW, null), null);
        }
        assertThat(breach.check(Party.CLIENT, NOW, null).met()).isFalse();
        assertThat(breach.unproven()).containsExactly(BreachElement.CAUSATION);
    }

    @Test
    void anAmountThatRestsOnAnUnconfirmedDefaultIsNoClaim() {
        var preview = new Determination(
                List.of(),
                Money.of("10"),
                Money.ZERO,
                Money.of("10"),
                Money.ZERO,
                Money.ZERO,
                List.of(),
                List.of(TermKey.PRIMARY_SHARE));
        assertRefused(
                "liability.refused.unagreed",
                () -> in(BreachState.APPORTION).propose(preview, TEXT, Party.CLIENT, NOW, null));
    }

    @Test
    void daysThatCannotBeAndClaimsThatAreTooOldAreRefused() {
        assertRefused("liability.refused.days", () -> file(LocalDate.of(2025, 2, 11), LocalDate.of(2025, 2, 11)));
        assertRefused("liability.refused.days", () -> file(LocalDate.of(2025, 2, 1), LocalDate.of(2025, 1, 31)));
        assertRefused("liability.refused.limitation", () -> file(LocalDate.of(2022, 2, 1), LocalDate.of(2022, 2, 9)));
        assertThat(file(LocalDate.of(2022, 2, 1), LocalDate.of(2022, 2, 10)).knownOn())
                .isEqualTo("2022-02-10");
        assertRefused(
                "liability.refused.clientsLoss",
                () -> BreachCase.file(
                        ID,
                        ID,
                        ID,
                        BreachRule.QUALITY,
                        1,
                        1,
                        Party.PROVIDER,
                        LocalDate.of(2025, 2, 1),
                        LocalDate.of(2025, 2, 1),
                        PROOF,
                        NOW,
                        null));
        assertThat(filed().limitation()).isEqualTo("2028-02-05");
        assertThat(filed().limitationNear(LocalDate.of(2027, 11, 7))).isFalse();
        assertThat(filed().limitationNear(LocalDate.of(2027, 11, 8))).isTrue();
    }

    private static BreachCase happen(BreachCase breach, String event) {
        return switch (event) {
            case "find" -> breach.after(breach.find(BreachElement.LOSS, PROOF, Party.CLIENT, NOW, null), null);
            case "check" -> breach.after(breach.check(Party.CLIENT, NOW, null), DUE);
            case "checkMet" -> checked(breach, PROOF);
            case "checkNotMet" -> checked(breach, "");
            case "answer" ->
                breach.after(breach.answer(Defence.CONTRIBUTION, Party.PROVIDER, NOW, null), breach.answerDue());
            case "propose" -> breach.after(breach.propose(AMOUNT, TEXT, Party.CLIENT, NOW, null), null);
            case "accept" -> breach.after(breach.accept(Hashed.of(TEXT), Party.PROVIDER, NOW, null), null);
            case "reject" -> breach.after(breach.reject(Party.PROVIDER, NOW, null), null);
            case "settle" -> breach.after(breach.settle(NOW, null), null);
            default -> throw new IllegalArgumentException(event);
        };
    }

    private static BreachCase checked(BreachCase breach, String proof) {
        var found = breach;
        for (var element : breach.rule().elements()) {
            found = found.after(found.find(element, proof, Party.CLIENT, NOW, null), null);
        }
        return found.after(found.check(Party.CLIENT, NOW, null), DUE);
    }

    private static BreachCase in(BreachState state) {
        return switch (state) {
            case EVIDENCE -> filed();
            case DISMISSED -> happen(filed(), "checkNotMet");
            case DEFENCE -> happen(filed(), "checkMet");
            case APPORTION -> happen(in(BreachState.DEFENCE), "answer");
            case PROPOSED -> happen(in(BreachState.APPORTION), "propose");
            case AGREED -> happen(in(BreachState.PROPOSED), "accept");
            case DISPUTED -> happen(in(BreachState.PROPOSED), "reject");
            case SETTLED -> happen(in(BreachState.AGREED), "settle");
        };
    }

    private static BreachCase filed() {
        return BreachCase.first(file(LocalDate.of(2025, 2, 1), LocalDate.of(2025, 2, 5)));
    }

    private static BreachEvent.Filed file(LocalDate happenedOn, LocalDate knownOn) {
        return BreachCase.file(
                ID, ID, ID, BreachRule.QUALITY, 1, 1, Party.CLIENT, happenedOn, knownOn, PROOF, NOW, null);
    }

    private interface Act {
        void run();
    }

    private static void assertRefused(String key, Act act) {
        assertThatExceptionOfType(Refused.class)
                .isThrownBy(act::run)
                .satisfies(no -> assertThat(no.sentence().key()).isEqualTo(key));
    }
}
