package io.retainer.billing;

import static io.retainer.billing.TermsFixture.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.retainer.PostgresTest;
import io.retainer.TurnableClock;
import io.retainer.billing.Account.Receipt;
import io.retainer.billing.Billing.NewPayment;
import io.retainer.billing.BillingWorld.Notary;
import io.retainer.billing.BillingWorld.Signed;
import io.retainer.contract.TermKey;
import io.retainer.kernel.Money;
import io.retainer.kernel.Refused;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.annotation.Import;

/**
 * State × event of the receipt of a payment (state-machines.md §3.2), by the service itself: it is none until the payment is
 * matched to an instalment or not, issued once, and void only with a replacement or because the bank took the money back.
 */
@SpringBootTest
@AutoConfigureMockMvc
@Import({PostgresTest.class, BillingWorld.class})
class ReceiptMachineTests {

    @Autowired
    Billing billing;

    @Autowired
    Accounts accounts;

    @Autowired
    Notary notary;

    @Autowired
    TurnableClock clock;

    Signed signed;
    UUID payment;

    @BeforeEach
    void aPaymentThatWasMatched() {
        signed = notary.sign(notary.companies(), Map.of(TermKey.LATE_MODE, "DAILY"));
        clock.set("2024-12-31T10:00");
        payment = billing.recordPayment(
                signed.lead(),
                new NewPayment(
                        at("2024-12-31T09:00"), null, Money.of("100000"), 1, null, signed.contract() + "R", "甲公司"));
    }

    enum State {
        /** The payment is there, its receipt is owed. */
        DRAFT,
        ISSUED,
        REPLACED,
        VOID_BY_RETURN
    }

    @ParameterizedTest(name = "{0} + {1} → {2}")
    @CsvSource({
        "DRAFT,issue,ISSUED,",
        "DRAFT,replace,,-",
        "DRAFT,returned,DRAFT,",
        "ISSUED,issue,ISSUED,",
        "ISSUED,replace,REPLACED,",
        "ISSUED,replaceWithoutReason,,billing.text",
        "ISSUED,returned,VOID_BY_RETURN,",
        "REPLACED,issue,REPLACED,",
        "REPLACED,replace,,billing.receipt.void",
        "REPLACED,returned,VOID_BY_RETURN,",
        "VOID_BY_RETURN,issue,VOID_BY_RETURN,",
        "VOID_BY_RETURN,replace,,billing.receipt.void",
        "VOID_BY_RETURN,returned,,billing.payment.returnedBefore"
    })
    void aReceiptHasItsStates(State state, String event, @Nullable State next, @Nullable String refusal) {
        reach(state);
        var first = receipts().isEmpty() ? null : receipts().getFirst().id();
        if (next == null && first == null) {
            return;
        }
        if (next == null) {
            assertThatExceptionOfType(Refused.class)
                    .isThrownBy(() -> happen(event, first))
                    .satisfies(no -> assertThat(no.sentence().key()).isEqualTo(refusal));
            return;
        }
        happen(event, first);
        var after = receipts();
        switch (next) {
            case DRAFT -> assertThat(after).isEmpty();
            case ISSUED ->
                assertThat(after).singleElement().satisfies(one -> {
                    assertThat(one.isVoid()).isFalse();
                    assertThat(one.words()).contains("壹拾万元整");
                });
            case REPLACED -> {
                assertThat(after).hasSize(2);
                assertThat(after.getFirst().isVoid()).isTrue();
                assertThat(after.getLast().isVoid()).isFalse();
                assertThat(after.getLast().replaces())
                        .isEqualTo(after.getFirst().id());
                assertThat(after.getLast().number()).isEqualTo(after.getFirst().number() + 1);
            }
            case VOID_BY_RETURN -> assertThat(after).isNotEmpty().allMatch(Receipt::isVoid);
        }
    }

    @ParameterizedTest
    @CsvSource("billing.receipt.returned")
    void aReturnedPaymentGetsNoReceipt(String refusal) {
        reach(State.DRAFT);
        happen("returned", null);
        assertThatExceptionOfType(Refused.class)
                .isThrownBy(() -> happen("issue", null))
                .satisfies(no -> assertThat(no.sentence().key()).isEqualTo(refusal));
    }

    private void reach(State state) {
        switch (state) {
            case DRAFT -> {}
            case ISSUED -> happen("issue", null);
            case REPLACED -> {
                happen("issue", null);
                happen("replace", receipts().getFirst().id());
            }
            case VOID_BY_RETURN -> {
                happen("issue", null);
                happen("returned", null);
            }
        }
    }

    private void happen(String event, @Nullable UUID receipt) {
        switch (event) {
            case "issue" -> billing.issueReceipt(signed.lead(), payment);
            case "replace" -> billing.replaceReceipt(signed.lead(), Objects.requireNonNull(receipt), "更正");
            case "replaceWithoutReason" -> billing.replaceReceipt(signed.lead(), Objects.requireNonNull(receipt), " ");
            case "returned" -> billing.returnPayment(signed.lead(), payment, at("2024-12-31T10:00"), "退汇");
            default -> throw new IllegalArgumentException(event);
        }
    }

    /** The first one first. */
    private List<Receipt> receipts() {
        return accounts
                .find(signed.tenant(), signed.contract(), clock.instant())
                .orElseThrow()
                .records()
                .receipts()
                .stream()
                .filter(receipt -> receipt.payment().equals(payment))
                .sorted(java.util.Comparator.comparingLong(Receipt::number))
                .toList();
    }
}
