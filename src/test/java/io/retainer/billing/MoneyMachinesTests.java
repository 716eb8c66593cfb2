package io.retainer.billing;

import static io.retainer.billing.TermsFixture.at;
import static io.retainer.billing.TermsFixture.paid;
import static org.assertj.core.api.Assertions.assertThat;

import io.retainer.billing.BillingFact.InstalmentReduced;
import io.retainer.billing.BillingFact.InstalmentWaived;
import io.retainer.billing.BillingFact.PaymentCredited;
import io.retainer.billing.BillingFact.PaymentReturned;
import io.retainer.billing.BillingFact.PenaltyClaimed;
import io.retainer.billing.BillingFact.PenaltyWaived;
import io.retainer.billing.BillingFact.Towards;
import io.retainer.billing.Verdict.InstalmentVerdict;
import io.retainer.billing.Verdict.PenaltyStanding;
import io.retainer.contract.ContractTerms;
import io.retainer.kernel.Money;
import io.retainer.kernel.WorkCalendar;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** State × event of the machines of §3.2 whose states are computed: the instalment and its penalty. */
class MoneyMachinesTests {

    private static final WorkCalendar CALENDAR = WorkCalendar.chinese();
    private static final ContractTerms TERMS = TermsFixture.seed().daily("0.05").terms();
    private static final Schedule SCHEDULE = Schedule.of(TERMS, at("2024-12-20T10:00"), CALENDAR);

    /** Of the third instalment, due on 1 March 2025. A dash is an event that the state does not know. */
    @ParameterizedTest
    @CsvSource({
        "SCHEDULED,fifteenWorkdaysBefore,REMINDED",
        "SCHEDULED,duePasses,OVERDUE",
        "SCHEDULED,partCredited,SCHEDULED",
        "SCHEDULED,fullyCredited,PAID",
        "SCHEDULED,returned,-",
        "SCHEDULED,waived,WAIVED",
        "SCHEDULED,contractEnds,CANCELLED",
        "REMINDED,fifteenWorkdaysBefore,REMINDED",
        "REMINDED,duePasses,OVERDUE",
        "REMINDED,partCredited,REMINDED",
        "REMINDED,fullyCredited,PAID",
        "REMINDED,returned,-",
        "REMINDED,waived,WAIVED",
        "REMINDED,contractEnds,CANCELLED",
        "PAID,fifteenWorkdaysBefore,-",
        "PAID,duePasses,PAID",
        "PAID,partCredited,PAID",
        "PAID,fullyCredited,PAID",
        "PAID,returned,REMINDED",
        "PAID,waived,-",
        "PAID,contractEnds,CANCELLED",
        "OVERDUE,fifteenWorkdaysBefore,-",
        "OVERDUE,duePasses,OVERDUE",
        "OVERDUE,partCredited,PARTIAL_OVERDUE",
        "OVERDUE,fullyCredited,PAID_LATE",
        "OVERDUE,returned,-",
        "OVERDUE,waived,WAIVED",
        "OVERDUE,contractEnds,CANCELLED",
        "PARTIAL_OVERDUE,fifteenWorkdaysBefore,-",
        "PARTIAL_OVERDUE,duePasses,PARTIAL_OVERDUE",
        "PARTIAL_OVERDUE,partCredited,PARTIAL_OVERDUE",
        "PARTIAL_OVERDUE,fullyCredited,PAID_LATE",
        "PARTIAL_OVERDUE,returned,OVERDUE",
        "PARTIAL_OVERDUE,waived,WAIVED",
        "PARTIAL_OVERDUE,contractEnds,CANCELLED",
        "PAID_LATE,fifteenWorkdaysBefore,-",
        "PAID_LATE,duePasses,PAID_LATE",
        "PAID_LATE,partCredited,PAID_LATE",
        "PAID_LATE,fullyCredited,PAID_LATE",
        "PAID_LATE,returned,OVERDUE",
        "PAID_LATE,waived,-",
        "PAID_LATE,contractEnds,CANCELLED",
        "WAIVED,fifteenWorkdaysBefore,-",
        "WAIVED,duePasses,WAIVED",
        "WAIVED,partCredited,WAIVED",
        "WAIVED,fullyCredited,WAIVED",
        "WAIVED,returned,-",
        "WAIVED,waived,-",
        "WAIVED,contractEnds,WAIVED",
        "CANCELLED,fifteenWorkdaysBefore,-",
        "CANCELLED,duePasses,CANCELLED",
        "CANCELLED,partCredited,CANCELLED",
        "CANCELLED,fullyCredited,CANCELLED",
        "CANCELLED,returned,-",
        "CANCELLED,waived,-",
        "CANCELLED,contractEnds,-"
    })
    void anInstalmentHasItsStates(InstalmentState state, String event, String next) {
        var facts = third(state);
        var now = state == InstalmentState.SCHEDULED
                ? at("2025-01-15T10:00")
                : state.isOverdue() || state == InstalmentState.PAID_LATE
                        ? at("2025-03-10T10:00")
                        : at("2025-02-20T10:00");
        var before = instalment(facts, now, 3);
        assertThat(before.state()).as("before").isEqualTo(state);
        var then = now.plusSeconds(3600);
        var last = facts.isEmpty() || !(facts.getLast() instanceof PaymentCredited payment) ? null : payment;
        switch (event) {
            case "fifteenWorkdaysBefore" -> then = at("2025-02-20T10:00");
            case "duePasses" -> then = at("2025-03-10T12:00");
            case "partCredited" -> facts.add(credit("part", then, "30000"));
            case "fullyCredited" -> facts.add(credit("full", then, "200000"));
            case "returned" -> {
                if (last != null) {
                    facts.add(new PaymentReturned(last.id(), then));
                }
            }
            case "waived" -> facts.add(new InstalmentWaived(then, 3));
            case "contractEnds" -> facts.add(new InstalmentReduced(then, 3, Money.of("100000")));
            default -> throw new IllegalArgumentException(event);
        }
        if (next.equals("-")) {
            boolean possible = switch (event) {
                case "returned" -> last != null;
                case "waived" -> before.open().isPositive();
                case "contractEnds" -> state != InstalmentState.CANCELLED;
                default -> before.open().isPositive() && then.isAfter(now);
            };
            assertThat(possible)
                    .as("nothing to return, to give up, to end or to remind of")
                    .isFalse();
            return;
        }
        assertThat(instalment(facts, then, 3).state()).isEqualTo(InstalmentState.valueOf(next));
    }

    private static List<BillingFact> third(InstalmentState state) {
        var facts = new ArrayList<BillingFact>();
        switch (state) {
            case SCHEDULED, REMINDED, OVERDUE -> {}
            case PAID -> facts.add(paid("T", "2025-02-19T10:00", "100000", 3));
            case PARTIAL_OVERDUE -> facts.add(paid("T", "2025-03-05T10:00", "60000", 3));
            case PAID_LATE -> facts.add(paid("T", "2025-03-05T10:00", "100000", 3));
            case WAIVED -> facts.add(new InstalmentWaived(at("2025-01-10T10:00"), 3));
            case CANCELLED -> facts.add(new InstalmentReduced(at("2025-01-10T10:00"), 3, Money.of("100000")));
        }
        return facts;
    }

    /** Of a payment for the first instalment, due before 1 January 2025: matched, too little, too much, and taken back. */
    @ParameterizedTest
    @CsvSource({
        "2024-12-30T10:00,100000.00,1,PAID,0.00,0.00,OVERDUE",
        "2024-12-30T10:00,100000.00,,PAID,0.00,0.00,OVERDUE",
        "2024-12-30T10:00,99999.99,1,PARTIAL_OVERDUE,0.01,0.00,OVERDUE",
        "2024-12-30T10:00,100000.01,1,PAID,0.00,0.01,OVERDUE",
        "2024-12-31T23:59:59,100000.00,1,PAID,0.00,0.00,OVERDUE",
        "2025-01-01T00:00,100000.00,1,PAID_LATE,0.00,0.00,OVERDUE",
        "2025-01-05T10:00,100000.01,1,PAID_LATE,0.00,0.01,OVERDUE"
    })
    void aPaymentIsMatchedAndItsReturnOpensTheInstalmentFromItsFirstDueInstant(
            String credited,
            String amount,
            @Nullable Integer instalment,
            InstalmentState state,
            String open,
            String overpaid,
            InstalmentState afterReturn) {
        var facts = new ArrayList<BillingFact>();
        facts.add(new PaymentCredited("P", at(credited), null, Money.of(amount), instalment, Towards.PRINCIPAL));
        var now = at("2025-01-10T10:00");
        var first = instalment(facts, now, 1);
        assertThat(first.state()).isEqualTo(state);
        assertThat(first.open()).isEqualTo(Money.of(open));
        assertThat(first.overpaid()).isEqualTo(Money.of(overpaid));
        facts.add(new PaymentReturned("P", now));
        var again = instalment(facts, now.plusSeconds(1), 1);
        assertThat(again.state()).isEqualTo(afterReturn);
        assertThat(again.open()).isEqualTo(Money.of("100000"));
        assertThat(again.daysLate()).as("from the original due instant").isEqualTo(9);
    }

    /** Of the first instalment, paid ten days late: 500.00. */
    @ParameterizedTest
    @CsvSource({
        "NONE,dayRolls,NONE",
        "NONE,claim,-",
        "NONE,pay,-",
        "NONE,waive,-",
        "CLAIMABLE,dayRolls,CLAIMABLE",
        "CLAIMABLE,claim,CLAIMED",
        "CLAIMABLE,pay,-",
        "CLAIMABLE,waive,WAIVED",
        "CLAIMED,dayRolls,CLAIMED",
        "CLAIMED,claim,-",
        "CLAIMED,pay,SETTLED",
        "CLAIMED,waive,WAIVED",
        "SETTLED,dayRolls,SETTLED",
        "SETTLED,claim,-",
        "SETTLED,pay,SETTLED",
        "SETTLED,waive,-",
        "WAIVED,dayRolls,WAIVED",
        "WAIVED,claim,-",
        "WAIVED,pay,-",
        "WAIVED,waive,-"
    })
    void aPenaltyHasItsStates(PenaltyStanding standing, String event, String next) {
        var facts = new ArrayList<BillingFact>();
        facts.add(paid("F", standing == PenaltyStanding.NONE ? "2024-12-31T10:00" : "2025-01-11T10:00", "100000", 1));
        switch (standing) {
            case NONE, PREVIEW, CLAIMABLE -> {}
            case CLAIMED -> facts.add(new PenaltyClaimed(at("2025-01-12T10:00"), 1));
            case SETTLED -> {
                facts.add(new PenaltyClaimed(at("2025-01-12T10:00"), 1));
                facts.add(penalty("first", at("2025-01-13T10:00")));
            }
            case WAIVED -> facts.add(new PenaltyWaived(at("2025-01-12T10:00"), 1));
        }
        var now = at("2025-01-15T10:00");
        var before = instalment(facts, now, 1);
        assertThat(before.penaltyStanding()).as("before").isEqualTo(standing);
        boolean possible = switch (event) {
            case "claim" ->
                assess(facts, now).available(Right.CLAIM_PENALTY).stream()
                        .anyMatch(right -> right.instalment() != null && right.instalment() == 1);
            case "waive" ->
                standing == PenaltyStanding.PREVIEW
                        || standing == PenaltyStanding.CLAIMABLE
                        || standing == PenaltyStanding.CLAIMED;
            case "pay" -> standing == PenaltyStanding.CLAIMED || standing == PenaltyStanding.SETTLED;
            default -> true;
        };
        assertThat(possible).isEqualTo(!next.equals("-"));
        if (!possible) {
            return;
        }
        var then = now.plusSeconds(3600);
        switch (event) {
            case "claim" -> facts.add(new PenaltyClaimed(then, 1));
            case "waive" -> facts.add(new PenaltyWaived(then, 1));
            case "pay" -> facts.add(penalty("second", then));
            default -> then = at("2025-01-20T10:00");
        }
        var after = instalment(facts, then, 1);
        assertThat(after.penaltyStanding()).isEqualTo(PenaltyStanding.valueOf(next));
        assertThat(after.penalty()).as("frozen with the principal's payment").isEqualTo(before.penalty());
    }

    private static BillingFact penalty(String id, Instant at) {
        return new PaymentCredited(id, at, null, Money.of("500"), 1, Towards.PENALTY);
    }

    private static BillingFact credit(String id, Instant at, String amount) {
        return new PaymentCredited(id, at, null, Money.of(amount), 3, Towards.PRINCIPAL);
    }

    private static InstalmentVerdict instalment(List<BillingFact> facts, Instant asOf, int number) {
        return assess(facts, asOf).instalment(number);
    }

    private static Verdict assess(List<BillingFact> facts, Instant asOf) {
        return Assessment.assess(TERMS, SCHEDULE, facts, asOf, TermsFixture.LPR, CALENDAR);
    }
}
