package io.retainer.contract;

import static io.retainer.contract.ContractState.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.retainer.contract.ContractEvent.Change;
import io.retainer.contract.ContractEvent.Imported;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The life of a contract as a table of state and decision (state-machines.md §3.1). */
class ContractTests {

    private static final UUID TENANT = new UUID(1, 1);
    private static final UUID PROVIDER = new UUID(1, 2);
    private static final Instant NOW = Instant.parse("2024-12-20T02:00:00Z");
    private static final DraftTerms TERMS = ContractImporter.pasted(DemoContract.text())
            .terms()
            .confirmed(TermKey.LATE_MODE, Party.CLIENT)
            .confirmed(TermKey.LATE_MODE, Party.PROVIDER)
            .confirmed(TermKey.SIGN_MODE, Party.CLIENT)
            .confirmed(TermKey.SIGN_MODE, Party.PROVIDER);
    private static final Instant END = Instant.parse("2026-01-01T00:00:00Z");
    private static final String HASH = Hashes.of("content");

    private static final Contract FRESH = Contract.first(
            new Imported(TENANT, new UUID(2, 1), new UUID(2, 2), 1, Hashes.of("text"), TENANT, PROVIDER, NOW, null),
            "合同");

    @ParameterizedTest
    @CsvSource({
        "DRAFT,fill,DRAFT",
        "DRAFT,confirm,DRAFT",
        "DRAFT,strike,DRAFT",
        "DRAFT,submit,PENDING_SIGN",
        "DRAFT,withdraw,",
        "DRAFT,sign,",
        "DRAFT,reject,",
        "DRAFT,clear,",
        "DRAFT,suspend,",
        "DRAFT,resume,",
        "PENDING_SIGN,fill,",
        "PENDING_SIGN,confirm,PENDING_SIGN",
        "PENDING_SIGN,strike,",
        "PENDING_SIGN,submit,",
        "PENDING_SIGN,withdraw,DRAFT",
        "PENDING_SIGN,sign,PENDING_SIGN",
        "PENDING_SIGN,reject,VOID",
        "PENDING_SIGN,clear,",
        "PENDING_SIGN,suspend,",
        "PENDING_SIGN,resume,",
        "EFFECTIVE,fill,",
        "EFFECTIVE,confirm,EFFECTIVE",
        "EFFECTIVE,strike,",
        "EFFECTIVE,submit,",
        "EFFECTIVE,withdraw,",
        "EFFECTIVE,sign,",
        "EFFECTIVE,reject,",
        "EFFECTIVE,clear,EFFECTIVE",
        "EFFECTIVE,suspend,",
        "EFFECTIVE,resume,",
        "ACTIVE,fill,",
        "ACTIVE,confirm,ACTIVE",
        "ACTIVE,strike,",
        "ACTIVE,submit,",
        "ACTIVE,withdraw,",
        "ACTIVE,sign,",
        "ACTIVE,reject,",
        "ACTIVE,suspend,SUSPENDED",
        "ACTIVE,resume,",
        "SUSPENDED,fill,",
        "SUSPENDED,confirm,SUSPENDED",
        "SUSPENDED,strike,",
        "SUSPENDED,submit,",
        "SUSPENDED,withdraw,",
        "SUSPENDED,sign,",
        "SUSPENDED,reject,",
        "SUSPENDED,suspend,",
        "SUSPENDED,resume,ACTIVE",
        "VOID,fill,",
        "VOID,confirm,",
        "VOID,strike,",
        "VOID,submit,",
        "VOID,withdraw,",
        "VOID,sign,",
        "VOID,reject,",
        "VOID,clear,",
        "VOID,suspend,",
        "VOID,resume,",
        "DRAFT,amend,",
        "DRAFT,extend,",
        "DRAFT,end,",
        "DRAFT,lift,",
        "DRAFT,close,",
        "PENDING_SIGN,amend,",
        "PENDING_SIGN,extend,",
        "PENDING_SIGN,end,",
        "PENDING_SIGN,lift,",
        "PENDING_SIGN,close,",
        "EFFECTIVE,amend,EFFECTIVE",
        "EFFECTIVE,extend,",
        "EFFECTIVE,end,EFFECTIVE",
        "EFFECTIVE,lift,EFFECTIVE",
        "EFFECTIVE,close,",
        "ACTIVE,amend,ACTIVE",
        "ACTIVE,extend,ACTIVE",
        "ACTIVE,end,ACTIVE",
        "ACTIVE,lift,ACTIVE",
        "ACTIVE,close,",
        "SUSPENDED,amend,SUSPENDED",
        "SUSPENDED,extend,",
        "SUSPENDED,end,SUSPENDED",
        "SUSPENDED,lift,SUSPENDED",
        "SUSPENDED,close,",
        "TERMINATING,amend,",
        "TERMINATING,extend,",
        "TERMINATING,end,",
        "TERMINATING,lift,",
        "TERMINATING,close,CLOSED",
        "CLOSED,amend,",
        "CLOSED,extend,",
        "CLOSED,end,",
        "CLOSED,lift,",
        "CLOSED,close,",
        "VOID,amend,",
        "VOID,extend,",
        "VOID,end,",
        "VOID,lift,",
        "VOID,close,",
        "TERMINATING,fill,",
        "TERMINATING,confirm,",
        "TERMINATING,strike,",
        "TERMINATING,submit,",
        "TERMINATING,withdraw,",
        "TERMINATING,sign,",
        "TERMINATING,reject,",
        "TERMINATING,clear,",
        "TERMINATING,suspend,",
        "TERMINATING,resume,",
        "CLOSED,fill,",
        "CLOSED,confirm,",
        "CLOSED,strike,",
        "CLOSED,submit,",
        "CLOSED,withdraw,",
        "CLOSED,sign,",
        "CLOSED,reject,",
        "CLOSED,clear,",
        "CLOSED,suspend,",
        "CLOSED,resume,"
    })
    void eachDecisionHasItsStates(ContractState state, String decision, ContractState next) {
        var contract = in(state);
        if (next == null) {
            assertThatExceptionOfType(Refused.class)
                    .isThrownBy(() -> decide(contract, decision))
                    .satisfies(refused -> assertThat(refused.sentence().key()).isEqualTo("contract.refused.state"));
        } else {
            assertThat(contract.after(decide(contract, decision)).state()).isEqualTo(next);
        }
    }

    @Test
    void takesEffectWithTheLastSignatureAndNotBefore() {
        var pending = in(PENDING_SIGN);
        var one = pending.after(sign(pending, Party.CLIENT));
        assertThat(one.effective(NOW, null)).isEmpty();

        var both = one.after(sign(one, Party.PROVIDER));
        assertThat(both.effective(NOW, null)).hasValueSatisfying(effective -> {
            assertThat(effective.hash()).isEqualTo(HASH);
            assertThat(both.after(effective).state()).isEqualTo(EFFECTIVE);
        });
    }

    @Test
    void nobodySignsTwiceOrAnotherHash() {
        var pending = in(PENDING_SIGN);
        var one = pending.after(sign(pending, Party.CLIENT));

        assertThatExceptionOfType(Refused.class)
                .isThrownBy(() -> sign(one, Party.CLIENT))
                .satisfies(refused -> assertThat(refused.sentence().key()).isEqualTo("contract.refused.signedAlready"));
        assertThatExceptionOfType(Refused.class)
                .isThrownBy(() -> one.sign(
                        Hashes.of("other"),
                        SignatureMode.SEAL,
                        TermKey.SignMode.SEAL_OR_AUTHORISED_SIGNATURE,
                        "x",
                        Party.PROVIDER,
                        NOW,
                        null))
                .satisfies(refused -> assertThat(refused.sentence().key()).isEqualTo("contract.refused.otherHash"));
    }

    @Test
    void aSignatureNeedsTheAgreedModeAndAuthority() {
        var pending = in(PENDING_SIGN);
        assertThatExceptionOfType(Refused.class)
                .isThrownBy(() -> pending.sign(
                        HASH,
                        SignatureMode.AUTHORISED_SIGNATURE,
                        TermKey.SignMode.SEAL_ONLY,
                        "x",
                        Party.CLIENT,
                        NOW,
                        null))
                .satisfies(refused -> assertThat(refused.sentence().key()).isEqualTo("contract.refused.signMode"));
        assertThatExceptionOfType(Refused.class)
                .isThrownBy(() -> pending.sign(
                        HASH, SignatureMode.SEAL, TermKey.SignMode.SEAL_ONLY, "  ", Party.CLIENT, NOW, null))
                .satisfies(refused -> assertThat(refused.sentence().key()).isEqualTo("contract.refused.noAuthority"));
    }

    @Test
    void anEditVoidsTheSignaturesAndMakesANewVersion() {
        var pending = in(PENDING_SIGN);
        var signed = pending.after(sign(pending, Party.CLIENT));

        var withdrawn = signed.after(signed.withdraw(new UUID(9, 9), Party.PROVIDER, NOW, null));

        assertThat(withdrawn.signed()).isEmpty();
        assertThat(withdrawn.hash()).isNull();
        assertThat(withdrawn.number()).isEqualTo(2);
        assertThat(withdrawn.versionId()).isEqualTo(new UUID(9, 9));
    }

    @Test
    void submittingNeedsEveryProblemSettledAndTheChoicesConfirmed() {
        var open = ContractImporter.pasted(DemoContract.text()).terms();
        var contradicting = Problems.of(ContractImporter.pasted(DemoContract.with("共计12个月", "共计11个月")));

        assertThatExceptionOfType(Refused.class)
                .isThrownBy(() -> FRESH.submit(List.of(), open, "content", Party.CLIENT, NOW, null))
                .satisfies(refused -> assertThat(refused.sentence().key()).isEqualTo("contract.refused.choiceOpen"));
        assertThatExceptionOfType(Refused.class)
                .isThrownBy(() -> FRESH.submit(contradicting, TERMS, "content", Party.CLIENT, NOW, null))
                .satisfies(refused -> assertThat(refused.sentence().key()).isEqualTo("contract.refused.problems"));
    }

    @Test
    void signingExpiresAtTheVeryInstant() {
        var pending = in(PENDING_SIGN);
        var end = NOW.plus(Duration.ofDays(30));

        assertThat(pending.time(end.minusNanos(1))).isEmpty();
        assertThat(pending.time(end))
                .hasValueSatisfying(
                        expired -> assertThat(pending.after(expired).state()).isEqualTo(VOID));
        assertThat(pending.lookAt()).isEqualTo(end);
    }

    @Test
    void theServiceStartsWithItsTermOnceNothingIsOwedForIt() {
        var effective = in(EFFECTIVE);
        var start = Instant.parse("2024-12-31T16:00:00Z");
        assertThat(effective.time(start.plusSeconds(1))).as("unpaid").isEmpty();

        var cleared = effective.after(effective.clear(NOW, null).orElseThrow());
        assertThat(cleared.time(start.minusNanos(1))).isEmpty();
        assertThat(cleared.time(start)).hasValueSatisfying(started -> {
            assertThat(started.happenedAt()).isEqualTo(start);
            assertThat(cleared.after(started).state()).isEqualTo(ACTIVE);
        });
    }

    @ParameterizedTest
    @EnumSource(
            value = ContractState.class,
            names = {"EFFECTIVE", "ACTIVE", "SUSPENDED"})
    void onceInForceOnlyDefaultsOfThePlatformCanStillBeAgreed(ContractState state) {
        var written = TERMS.entered(TermKey.SUSPENSION_NOTICE, new TermValue.Whole(9), Party.CLIENT)
                .get(TermKey.SUSPENSION_NOTICE);
        assertThat(in(state)
                        .confirm(TERMS.get(TermKey.SUSPENSION_NOTICE), Party.PROVIDER, NOW, null)
                        .term())
                .isEqualTo("susp.noticeWorkdays");
        assertThatExceptionOfType(Refused.class)
                .isThrownBy(() -> in(state).confirm(written, Party.PROVIDER, NOW, null))
                .satisfies(refused -> assertThat(refused.sentence().key()).isEqualTo("contract.refused.onlyDefaults"));
        assertThatExceptionOfType(Refused.class)
                .isThrownBy(() -> in(state).confirm(TERMS.get(TermKey.FEE_TOTAL), Party.PROVIDER, NOW, null));
    }

    @Test
    void aClearanceTakenBackKeepsTheServiceFromStartingUntilItIsGivenAgain() {
        var effective = in(EFFECTIVE);
        var start = Instant.parse("2024-12-31T16:00:00Z");
        assertThat(effective.withdrawClearance(NOW, null)).as("never given").isEmpty();

        var cleared = effective.after(effective.clear(NOW, null).orElseThrow());
        var back = cleared.after(cleared.withdrawClearance(NOW, null).orElseThrow());
        assertThat(back.time(start)).isEmpty();
        assertThat(back.lookAt()).isNull();
        assertThat(back.after(back.clear(NOW, null).orElseThrow()).time(start)).isPresent();
        assertThat(in(ACTIVE).withdrawClearance(NOW, null)).as("it has started").isEmpty();
        assertThat(in(SUSPENDED).withdrawClearance(NOW, null)).isEmpty();
        assertThatExceptionOfType(Refused.class)
                .isThrownBy(() -> in(PENDING_SIGN).withdrawClearance(NOW, null));
    }

    @ParameterizedTest
    @EnumSource(Party.class)
    void onlyTheProviderSuspends(Party party) {
        var active = in(ACTIVE);
        if (party == Party.PROVIDER) {
            assertThat(active.after(active.suspend("demand/1", Set.of(1), Set.of(1, 3), party, NOW, null))
                            .state())
                    .isEqualTo(SUSPENDED);
        } else {
            assertThatExceptionOfType(Refused.class)
                    .isThrownBy(() -> active.suspend("demand/1", Set.of(1), Set.of(1, 3), party, NOW, null));
        }
    }

    @Test
    void neverFreezesAServiceTheTermsKeepRunning() {
        assertThatExceptionOfType(Refused.class)
                .isThrownBy(() -> in(ACTIVE).suspend("demand/1", Set.of(1, 2), Set.of(1, 3), Party.PROVIDER, NOW, null))
                .satisfies(refused -> assertThat(refused.field()).isEqualTo("services"));
    }

    private static Change decide(Contract contract, String decision) {
        return switch (decision) {
            case "fill" ->
                contract.fill(TermKey.LATE_MODE, TermValue.parse(TermKey.LATE_MODE, "DAILY"), Party.CLIENT, NOW, null);
            case "confirm" -> contract.confirm(TERMS.get(TermKey.LATE_MODE), Party.CLIENT, NOW, null);
            case "strike" -> contract.strikeMarkers(Party.CLIENT, NOW, null);
            case "submit" -> contract.submit(List.of(), TERMS, "content", Party.CLIENT, NOW, null);
            case "withdraw" -> contract.withdraw(new UUID(9, 9), Party.CLIENT, NOW, null);
            case "sign" -> sign(contract, Party.CLIENT);
            case "reject" -> contract.reject(Party.CLIENT, NOW, null);
            case "clear" -> contract.clear(NOW, null).orElseThrow();
            case "suspend" -> contract.suspend("demand/1", Set.of(1), Set.of(1), Party.PROVIDER, NOW, null);
            case "resume" -> contract.resume("payment/1", NOW, null);
            case "amend" -> amend(contract, Amendment.Kind.CHANGE);
            case "extend" -> amend(contract, Amendment.Kind.EXTENSION);
            case "end" -> contract.fixEnding(EndGround.AGREED, NOW, "amendment/1", NOW, null);
            case "lift" ->
                (contract.state().isInForce()
                                ? contract.after(contract.fixEnding(EndGround.BREACH, NOW, "termination/1", NOW, null))
                                : contract)
                        .liftEnding("termination/1", NOW, null);
            case "close" -> contract.close(List.of(), NOW, null);
            default -> throw new IllegalArgumentException(decision);
        };
    }

    private static Change amend(Contract contract, Amendment.Kind kind) {
        var amendment = new Amendment(
                new UUID(3, 3),
                TENANT,
                contract.id(),
                1,
                kind,
                Amendment.State.PROPOSED,
                1,
                LocalDate.of(2025, 6, 1),
                "reason",
                java.util.Map.of(),
                java.util.Map.of(),
                Party.CLIENT,
                null,
                NOW,
                "text",
                Hashes.of("text"),
                Set.of(),
                Set.of(),
                null,
                null,
                0);
        return contract.amend(
                amendment,
                1,
                2,
                new UUID(9, 9),
                new ContractTerms.Term(LocalDate.of(2025, 1, 1), LocalDate.of(2026, 3, 31), 15),
                NOW,
                null);
    }

    /** What the passing of the term's last day makes of each state. */
    @ParameterizedTest
    @CsvSource({
        "DRAFT,DRAFT",
        "PENDING_SIGN,VOID",
        "EFFECTIVE,EFFECTIVE",
        "ACTIVE,TERMINATING",
        "SUSPENDED,TERMINATING",
        "TERMINATING,TERMINATING",
        "CLOSED,CLOSED",
        "VOID,VOID"
    })
    void theTermEndsByTheClock(ContractState state, ContractState next) {
        var end = Instant.parse("2025-12-31T16:00:00Z");
        var contract = in(state);
        if (state == ACTIVE || state == SUSPENDED) {
            assertThat(contract.time(end.minusNanos(1))).isEmpty();
            assertThat(contract.lookAt()).isEqualTo(end);
        }
        assertThat(contract.time(end).map(contract::after).orElse(contract).state())
                .isEqualTo(next);
    }

    @Test
    void anEndThatWasFixedComesBeforeTheTermAndKeepsItsGround() {
        var active = in(ACTIVE);
        var at = Instant.parse("2025-02-10T02:00:00Z");
        var fixed = active.after(active.fixEnding(EndGround.NON_PAYMENT, at, "termination/1", at, null));
        assertThat(fixed.time(at.minusNanos(1))).isEmpty();
        var ended = fixed.after(fixed.time(at).orElseThrow());
        assertThat(ended.state()).isEqualTo(TERMINATING);
        assertThat(ended.ending().ground()).isEqualTo(EndGround.NON_PAYMENT);
        assertThat(ended.ending().endedAt()).isEqualTo(at);
        assertThatExceptionOfType(Refused.class)
                .isThrownBy(() -> fixed.requireAmendable(Amendment.Kind.CHANGE))
                .satisfies(refused -> assertThat(refused.sentence().key()).isEqualTo("contract.refused.endingFixed"));
        assertThatExceptionOfType(Refused.class)
                .isThrownBy(() -> ended.close(List.of(io.retainer.kernel.Sentence.of("contract.yes")), NOW, null))
                .satisfies(refused -> assertThat(refused.sentence().key()).isEqualTo("contract.refused.notWoundUp"));
    }

    @Test
    void complaintsAreNeverFrozenEvenWhenTheTermsSaySo() {
        assertThatExceptionOfType(Refused.class)
                .isThrownBy(() -> in(ACTIVE).suspend("demand/1", Set.of(2), Set.of(2), Party.PROVIDER, NOW, null))
                .satisfies(refused -> assertThat(refused.sentence().key()).isEqualTo("contract.refused.neverFrozen"));
    }

    private static Change sign(Contract contract, Party party) {
        return contract.sign(
                HASH, SignatureMode.SEAL, TermKey.SignMode.SEAL_OR_AUTHORISED_SIGNATURE, "营业执照与公章备案", party, NOW, null);
    }

    private static Contract in(ContractState state) {
        var pending = FRESH.after(FRESH.submit(List.of(), TERMS, "content", Party.CLIENT, NOW, null))
                .running(new ContractTerms.Term(LocalDate.of(2025, 1, 1), LocalDate.of(2025, 12, 31), 12));
        var one = pending.after(sign(pending, Party.CLIENT));
        var both = one.after(sign(one, Party.PROVIDER));
        var effective = both.after(both.effective(NOW, null).orElseThrow());
        var cleared = effective.after(effective.clear(NOW, null).orElseThrow());
        var active = cleared.after(
                cleared.time(Instant.parse("2025-01-01T00:00:00Z")).orElseThrow());
        return switch (state) {
            case DRAFT -> FRESH;
            case PENDING_SIGN -> pending;
            case EFFECTIVE -> effective;
            case ACTIVE -> active;
            case SUSPENDED -> active.after(active.suspend("demand/1", Set.of(1), Set.of(1), Party.PROVIDER, NOW, null));
            case TERMINATING -> active.after(active.time(END).orElseThrow());
            case CLOSED -> {
                var ended = active.after(active.time(END).orElseThrow());
                yield ended.after(ended.close(List.of(), END, null));
            }
            case VOID -> pending.after(pending.reject(Party.CLIENT, NOW, null));
        };
    }
}
