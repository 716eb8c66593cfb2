package io.retainer.billing;

import static io.retainer.billing.TermsFixture.at;
import static io.retainer.billing.TermsFixture.paid;
import static io.retainer.billing.TermsFixture.seed;
import static org.assertj.core.api.Assertions.assertThat;

import io.retainer.billing.BillingFact.DemandDelivered;
import io.retainer.billing.BillingFact.InstalmentWaived;
import io.retainer.billing.BillingFact.PaymentCredited;
import io.retainer.billing.BillingFact.PaymentReturned;
import io.retainer.billing.BillingFact.PenaltyClaimed;
import io.retainer.billing.BillingFact.PenaltyWaived;
import io.retainer.billing.BillingFact.Resumed;
import io.retainer.billing.BillingFact.Suspended;
import io.retainer.billing.BillingFact.Towards;
import io.retainer.billing.Verdict.PenaltyStanding;
import io.retainer.billing.Verdict.RightVerdict;
import io.retainer.billing.Verdict.Standing;
import io.retainer.contract.ContractTerms.Allocation;
import io.retainer.kernel.Money;
import io.retainer.kernel.WorkCalendar;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What follows when payments, waivers, returns and demands meet. */
class AssessmentEdgeTests {

    @Test
    void theDayCountIsFrozenWhenThePrincipalIsPaidWhateverIsPaidLater() {
        var verdict = assess(
                        seed().daily("0.05"),
                        "2025-03-01",
                        paid("2025-01-11T10:00", "100000"),
                        paid("2025-01-31T10:00", "100000"))
                .instalment(1);
        assertThat(verdict.daysLate()).isEqualTo(10);
        assertThat(verdict.lastCredit()).isEqualTo(at("2025-01-11T10:00"));
        assertThat(verdict.overpaid()).isEqualTo(Money.of("100000"));
    }

    @Test
    void aPaymentForNothingInParticularSettlesAClaimedPenaltyAndItsPrincipalBeforeItGoesOn() {
        // Civil Code 561: 1,550.00 of penalty first, then the principal.
        var verdict = assess(
                seed().daily("0.05"),
                "2025-03-01",
                new PenaltyClaimed(at("2025-01-20"), 1),
                paid("P", "2025-02-01T10:00", "101550", null));
        assertThat(verdict.instalment(1).state()).isEqualTo(InstalmentState.PAID_LATE);
        assertThat(verdict.instalment(1).penaltyStanding()).isEqualTo(PenaltyStanding.SETTLED);
        assertThat(verdict.instalment(2).paid()).isEqualTo(Money.ZERO);
    }

    @Test
    void aWaiverGivesUpWhatIsOpenAndNotWhatWasPaidBefore() {
        var verdict = assess(
                seed().daily("0.05"),
                "2025-01-20",
                paid("P", "2025-01-05T10:00", "40000", null),
                new InstalmentWaived(at("2025-01-10"), 1));
        assertThat(verdict.instalment(1).paid()).isEqualTo(Money.of("40000"));
        assertThat(verdict.instalment(2).paid()).isEqualTo(Money.ZERO);
    }

    @Test
    void whatIsPaidForAWaivedInstalmentIsNotOwedAndStaysTheClients() {
        var verdict = assess(
                seed().daily("0.05"),
                "2025-01-20",
                new InstalmentWaived(at("2025-01-10"), 1),
                paid("2025-01-15T10:00", "100000"));
        assertThat(verdict.instalment(1).state()).isEqualTo(InstalmentState.WAIVED);
        assertThat(verdict.instalment(1).paid()).isEqualTo(Money.ZERO);
        assertThat(verdict.unallocated()).isEqualTo(Money.of("100000"));
    }

    @Test
    void aClaimedPenaltySurvivesTheWaiverOfItsPrincipalAndStopsGrowing() {
        var verdict = assess(
                        seed().daily("0.05"),
                        "2025-06-01",
                        new PenaltyClaimed(at("2025-01-20"), 1),
                        new InstalmentWaived(at("2025-02-01T09:00"), 1))
                .instalment(1);
        assertThat(verdict.state()).isEqualTo(InstalmentState.WAIVED);
        assertThat(verdict.open()).isEqualTo(Money.ZERO);
        assertThat(verdict.penaltyStanding()).isEqualTo(PenaltyStanding.CLAIMED);
        assertThat(verdict.penaltyOpen()).isEqualTo(Money.of("1550.00"));
        assertThat(verdict.daysLate()).isEqualTo(31);
    }

    @Test
    void nothingAccruesOnAnInstalmentWaivedBeforeItFellDue() {
        var verdict = assess(seed().daily("0.05"), "2025-02-01", new InstalmentWaived(at("2024-12-30"), 1))
                .instalment(1);
        assertThat(verdict.state()).isEqualTo(InstalmentState.WAIVED);
        assertThat(verdict.penaltyStanding()).isEqualTo(PenaltyStanding.NONE);
    }

    @Test
    void morePaidTowardsAPenaltyThanItComesToIsOverpaid() {
        var verdict = assess(
                        seed().daily("0.05"),
                        "2025-03-01",
                        new PenaltyClaimed(at("2025-01-20"), 1),
                        new PaymentCredited(
                                "A", at("2025-02-01T10:00"), null, Money.of("100000"), 1, Towards.PRINCIPAL),
                        new PaymentCredited("B", at("2025-02-02T10:00"), null, Money.of("2000"), 1, Towards.PENALTY))
                .instalment(1);
        assertThat(verdict.penaltyStanding()).isEqualTo(PenaltyStanding.SETTLED);
        assertThat(verdict.penaltyPaid()).isEqualTo(Money.of("1550.00"));
        assertThat(verdict.overpaid()).isEqualTo(Money.of("450.00"));
    }

    @Test
    void whatWasPaidExpresslyForThePenaltyIsNotTakenFromTheNextPaymentAgain() {
        var verdict = assess(
                        seed().daily("0.05"),
                        "2025-03-01",
                        new PenaltyClaimed(at("2025-01-20"), 1),
                        new PaymentCredited("A", at("2025-02-01T09:00"), null, Money.of("1550"), 1, Towards.PENALTY),
                        paid("B", "2025-02-01T10:00", "100000", 1))
                .instalment(1);
        assertThat(verdict.open()).isEqualTo(Money.ZERO);
        assertThat(verdict.penaltyPaid()).isEqualTo(Money.of("1550.00"));
        assertThat(verdict.penaltyStanding()).isEqualTo(PenaltyStanding.SETTLED);
    }

    @Test
    void aWaivedPenaltyAbsorbsNothing() {
        var verdict = assess(
                        seed().daily("0.05"),
                        "2025-03-01",
                        new PenaltyClaimed(at("2025-01-20"), 1),
                        new PenaltyWaived(at("2025-01-25"), 1),
                        paid("2025-02-01T10:00", "100000"))
                .instalment(1);
        assertThat(verdict.open()).isEqualTo(Money.ZERO);
        assertThat(verdict.penaltyPaid()).isEqualTo(Money.ZERO);
        assertThat(verdict.penaltyStanding()).isEqualTo(PenaltyStanding.WAIVED);
    }

    @Test
    void whoResumedTheServiceDemandsAgainBeforeSuspendingAgain() {
        var verdict = assess(
                seed().daily("0.05"),
                "2025-03-01",
                new DemandDelivered(at("2025-01-06"), 1),
                new Suspended(at("2025-01-20")),
                new Resumed(at("2025-01-25")));
        assertThat(right(verdict, Right.SUSPEND).standing()).isEqualTo(Standing.NOT_YET);
        assertThat(right(verdict, Right.DEMAND).standing()).isEqualTo(Standing.AVAILABLE);
    }

    @Test
    void aPaymentReturnedAfterItAnsweredTheDemandNeedsAnotherDemand() {
        var verdict = assess(
                seed().daily("0.05"),
                "2025-03-01",
                new DemandDelivered(at("2025-01-06"), 1),
                paid("P", "2025-01-08T10:00", "100000", 1),
                new PaymentReturned("P", at("2025-02-20")));
        assertThat(verdict.instalment(1).state()).isEqualTo(InstalmentState.OVERDUE);
        assertThat(right(verdict, Right.SUSPEND).standing()).isEqualTo(Standing.NOT_YET);
        assertThat(right(verdict, Right.DEMAND).standing()).isEqualTo(Standing.AVAILABLE);
    }

    @Test
    void aReturnedPartPaymentNeverAnsweredTheDemand() {
        var verdict = assess(
                seed().daily("0.05"),
                "2025-03-01",
                new DemandDelivered(at("2025-01-06"), 1),
                paid("P", "2025-01-08T10:00", "40000", 1),
                new PaymentReturned("P", at("2025-02-20")));
        assertThat(right(verdict, Right.SUSPEND).standing()).isEqualTo(Standing.AVAILABLE);
    }

    @Test
    void aPaymentReturnedWhileTheServiceIsSuspendedLeavesItSuspended() {
        var verdict = assess(
                seed().daily("0.05"),
                "2025-03-01",
                new DemandDelivered(at("2025-01-06"), 1),
                new Suspended(at("2025-01-20")),
                paid("P", "2025-01-22T10:00", "100000", 1),
                new PaymentReturned("P", at("2025-02-20")));
        assertThat(verdict.suspended()).isTrue();
        assertThat(right(verdict, Right.RESUME).standing()).isEqualTo(Standing.NOT_YET);
    }

    private static RightVerdict right(Verdict verdict, Right right) {
        return verdict.rights().stream()
                .filter(one -> one.right() == right && (one.instalment() == null || one.instalment() == 1))
                .findFirst()
                .orElseThrow();
    }

    private static Verdict assess(TermsFixture fixture, String asOf, BillingFact... facts) {
        fixture.allocation = Allocation.CIVIL_CODE_561;
        var terms = fixture.terms();
        return Assessment.assess(
                terms,
                Schedule.of(terms, null, WorkCalendar.chinese()),
                List.of(facts),
                at(asOf),
                ReferenceRates.NONE,
                WorkCalendar.chinese());
    }
}
