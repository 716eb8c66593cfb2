package io.retainer.liability;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.retainer.kernel.Money;
import io.retainer.kernel.Party;
import io.retainer.liability.BreachRows.Claim;
import io.retainer.liability.BreachRows.SetOff;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
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
                List.of(new SetOff(
                        new UUID(1, 3), new UUID(1, 1), new UUID(1, 4), 2, Money.of("40.00"), NOW, null, null)));
        if (refused == null) {
            assertThatCode(() -> SetOffRule.check(claim, by, Money.of(amount), today))
                    .doesNotThrowAnyException();
        } else {
            assertThatThrownBy(() -> SetOffRule.check(claim, by, Money.of(amount), today))
                    .hasMessage(refused);
        }
    }
}
