package io.retainer.liability;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.retainer.kernel.Money;
import io.retainer.kernel.Party;
import io.retainer.liability.BreachRows.Claim;
import io.retainer.liability.BreachRows.Ending;
import io.retainer.liability.BreachRows.SetOff;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** G-41, Civil Code 568: which claim may be set off against an instalment, when, and how much of it. */
class SetOffRuleTests {

    private static final Instant NOW = Instant.parse("2025-03-01T00:00:00Z");

    /** Of a claim of 100.00 due on 1 March, of which 40.00 was set off before. */
    @ParameterizedTest(name = "{0} owes {1}: {2} declares {3} on {4}, paid {5}: {6}")
    @CsvSource({
        "PROVIDER, CLIENT, CLIENT, 60.00, 2025-03-01, false, ",
        "PROVIDER, CLIENT, CLIENT, 0.01, 2025-04-01, false, ",
        "PROVIDER, CLIENT, CLIENT, 60.01, 2025-03-01, false, liability.refused.setOffAmount",
        "PROVIDER, CLIENT, CLIENT, 0.00, 2025-03-01, false, liability.refused.setOffAmount",
        "PROVIDER, CLIENT, CLIENT, 60.00, 2025-02-28, false, liability.refused.notDue",
        "PROVIDER, CLIENT, CLIENT, 60.00, 2025-03-01, true, liability.refused.paidAlready",
        "PROVIDER, CLIENT, PROVIDER, 60.00, 2025-03-01, false, liability.refused.creditorOnly",
        "THIRD_PARTY, CLIENT, CLIENT, 60.00, 2025-03-01, false, liability.refused.notMutual",
        "THIRD_PARTY, PROVIDER, PROVIDER, 60.00, 2025-03-01, false, liability.refused.notMutual",
        "CLIENT, PROVIDER, PROVIDER, 60.00, 2025-03-01, false, liability.refused.notMutual"
    })
    void onlyDueDebtsThatBothOweEachOther(
            Party debtor, Party creditor, Party by, String amount, LocalDate today, boolean paid, String refused) {
        var claim = new Claim(
                new UUID(1, 1),
                1,
                debtor,
                creditor,
                Determination.Kind.DAMAGES,
                Money.of("100.00"),
                LocalDate.of(2025, 3, 1),
                new UUID(1, 2),
                paid ? NOW : null,
                paid ? "T1" : null,
                paid ? Money.of("60.00") : Money.ZERO,
                null,
                List.of(off(false, null)));
        if (refused == null) {
            assertThatCode(() -> SetOffRule.check(claim, by, Money.of(amount), today))
                    .doesNotThrowAnyException();
        } else {
            assertThatThrownBy(() -> SetOffRule.check(claim, by, Money.of(amount), today))
                    .hasMessage(refused);
        }
    }

    private static SetOff off(boolean contested, @Nullable SetOffOutcome ended) {
        return new SetOff(
                new UUID(1, 3),
                new UUID(1, 1),
                new UUID(1, 4),
                2,
                Money.of("40.00"),
                NOW,
                contested ? NOW : null,
                contested ? "不同意" : null,
                ended == null ? null : new Ending(ended, Money.ZERO, NOW, null, null, null, null));
    }

    private static Claim claim() {
        return new Claim(
                new UUID(1, 1),
                1,
                Party.PROVIDER,
                Party.CLIENT,
                Determination.Kind.DAMAGES,
                Money.of("100.00"),
                LocalDate.of(2025, 3, 1),
                new UUID(1, 2),
                null,
                null,
                Money.ZERO,
                null,
                List.of());
    }

    /** Who may end it how: by oneself only what was denied, by an agreement only who loses by it, and nothing twice. */
    @ParameterizedTest
    @CsvSource({
        "WITHDRAWN, CLIENT, true, , ",
        "WITHDRAWN, PROVIDER, true, , liability.refused.party",
        "WITHDRAWN, CLIENT, false, , liability.refused.notContested",
        "WITHDRAWN, CLIENT, true, COURT, liability.refused.ended",
        "ACCEPTED, PROVIDER, true, , ",
        "ACCEPTED, CLIENT, true, , liability.refused.party",
        "ACCEPTED, PROVIDER, false, , liability.refused.notContested",
        "ACCEPTED, PROVIDER, true, WITHDRAWN, liability.refused.ended"
    })
    void G_41_oneSideEndsOnlyWhatWasDenied(
            SetOffOutcome how, Party by, boolean contested, @Nullable SetOffOutcome before, @Nullable String refused) {
        said(refused, () -> SetOffRule.endByOneself(claim(), off(contested, before), how, by));
    }

    @ParameterizedTest
    @CsvSource({
        "COURT, 40.00, CLIENT, true, 2025-03-01, ",
        "COURT, 0.00, PROVIDER, true, 2025-03-20, ",
        "ARBITRATION, 12.34, PROVIDER, true, 2025-03-20, ",
        "COURT, 40.01, CLIENT, true, 2025-03-20, liability.refused.stands",
        "COURT, -0.01, CLIENT, true, 2025-03-20, liability.refused.stands",
        "COURT, 0.00, CLIENT, true, 2025-03-21, liability.refused.future",
        "COURT, 0.00, CLIENT, true, 2025-02-28, liability.refused.decidedBefore",
        "COURT, 0.00, CLIENT, false, 2025-03-20, liability.refused.notContested",
        "COURT, 0.00, THIRD_PARTY, true, 2025-03-20, liability.refused.party",
        "WITHDRAWN, 0.00, CLIENT, true, 2025-03-20, liability.refused.outcome",
        "AGREEMENT, 0.00, CLIENT, false, 2025-03-20, ",
        "AGREEMENT, 39.99, CLIENT, true, 2025-03-20, ",
        "AGREEMENT, 39.99, PROVIDER, true, 2025-03-20, liability.refused.agreementBy",
        "AGREEMENT, 40.00, PROVIDER, true, 2025-03-20, ",
        "AGREEMENT, 40.00, CLIENT, true, 2025-03-20, liability.refused.agreementBy"
    })
    void G_41_aDecisionIsRecordedWithItsDayAndAnAgreementByWhomItCostsSomething(
            SetOffOutcome how, String stands, Party by, boolean contested, LocalDate on, @Nullable String refused) {
        said(
                refused,
                () -> SetOffRule.endByDecision(
                        claim(), off(contested, null), how, Money.of(stands), on, by, LocalDate.of(2025, 3, 20)));
    }

    private static void said(@Nullable String refused, org.assertj.core.api.ThrowableAssert.ThrowingCallable act) {
        if (refused == null) {
            assertThatCode(act).doesNotThrowAnyException();
        } else {
            assertThatThrownBy(act).hasMessage(refused);
        }
    }
}
