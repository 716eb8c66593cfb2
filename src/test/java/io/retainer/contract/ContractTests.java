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
        "EFFECTIVE,confirm,",
        "EFFECTIVE,strike,",
        "EFFECTIVE,submit,",
        "EFFECTIVE,withdraw,",
        "EFFECTIVE,sign,",
        "EFFECTIVE,reject,",
        "EFFECTIVE,clear,EFFECTIVE",
        "EFFECTIVE,suspend,",
        "EFFECTIVE,resume,",
        "ACTIVE,fill,",
        "ACTIVE,confirm,",
        "ACTIVE,strike,",
        "ACTIVE,submit,",
        "ACTIVE,withdraw,",
        "ACTIVE,sign,",
        "ACTIVE,reject,",
        "ACTIVE,suspend,SUSPENDED",
        "ACTIVE,resume,",
        "SUSPENDED,fill,",
        "SUSPENDED,confirm,",
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
        "VOID,resume,"
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
            default -> throw new IllegalArgumentException(decision);
        };
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
            case VOID -> pending.after(pending.reject(Party.CLIENT, NOW, null));
        };
    }
}
