package io.retainer.billing;

import static io.retainer.billing.TermsFixture.at;
import static io.retainer.billing.TermsFixture.facts;
import static io.retainer.billing.TermsFixture.paid;
import static io.retainer.billing.TermsFixture.seed;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.retainer.billing.BillingFact.DefaultConfirmed;
import io.retainer.billing.BillingFact.DemandDelivered;
import io.retainer.billing.BillingFact.InstalmentWaived;
import io.retainer.billing.BillingFact.PartDisputed;
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
import io.retainer.contract.ContractTerms.Boundary;
import io.retainer.contract.ContractTerms.HolidayRoll;
import io.retainer.contract.ContractTerms.PaymentMoment;
import io.retainer.contract.ContractTerms.ScheduledLine;
import io.retainer.contract.TermKey;
import io.retainer.kernel.Money;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Texts;
import io.retainer.kernel.WorkCalendar;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AssessmentTests {

    @ParameterizedTest(name = "trap 6: credited {0} Beijing time is {1}")
    @CsvSource({
        "2024-12-31T23:59:59, PAID",
        "2024-12-31T23:59:59.999999999, PAID",
        "2025-01-01T00:00:00, PAID_LATE",
        "2025-01-01T00:00:01, PAID_LATE"
    })
    void trap6LateByOneSecondIsLateWhateverTheZoneOfTheServer(String credited, InstalmentState state) {
        var zone = TimeZone.getDefault();
        try {
            for (var server : List.of("UTC", "America/New_York", "Asia/Shanghai")) {
                TimeZone.setDefault(TimeZone.getTimeZone(server));
                assertThat(assess(seed().daily("0.05"), "2025-01-02", paid(credited, "100000"))
                                .instalment(1)
                                .state())
                        .as(server)
                        .isEqualTo(state);
            }
        } finally {
            TimeZone.setDefault(zone);
        }
    }

    @Test
    void trap5AContractSignedAfterItsFirstPeriodBeganIsNotBrokenAtBirth() {
        var terms = seed().terms();
        var schedule = Schedule.of(terms, at("2025-01-10T15:00"), WorkCalendar.chinese());
        assertThat(schedule.instalment(1).due()).isEqualTo(at("2025-01-17"));
        assertThat(schedule.instalment(1).notes())
                .extracting(Sentence::key)
                .containsExactly("billing.schedule.floored");
        assertThat(schedule.instalment(2).due()).isEqualTo(at("2025-02-01"));
        var verdict = Assessment.assess(
                terms, schedule, List.of(), at("2025-01-10T15:00:01"), ReferenceRates.NONE, WorkCalendar.chinese());
        assertThat(verdict.instalment(1).state()).isEqualTo(InstalmentState.REMINDED);
        assertThat(verdict.overdue()).isEqualTo(Money.ZERO);
    }

    @Test
    void g12dTheFirstInstalmentIsDueNoSoonerThanFiveWorkingDaysAfterTheSigning() {
        var schedule = Schedule.of(seed().terms(), at("2024-12-30T15:00"), WorkCalendar.chinese());
        // 31 December, then 2, 3, 6 and 7 January.
        assertThat(schedule.instalment(1).due()).isEqualTo(at("2025-01-07"));
        assertThat(schedule.instalment(1).notes())
                .extracting(Sentence::key)
                .as("the end of 2024 lies before the loaded years, which is said too")
                .containsExactly("billing.schedule.flooredEarly", "kernel.calendar.notLoaded");
        assertThat(schedule.instalment(2).due()).isEqualTo(at("2025-02-01"));
    }

    @Test
    void g12dOnlyTheFirstInstalmentMovesWhenItsFloorDoesNotBreakALaterOne() {
        var terms = seed();
        terms.lines = List.of(
                new ScheduledLine(1, Money.of("600000"), LocalDate.of(2025, 1, 1)),
                new ScheduledLine(2, Money.of("600000"), LocalDate.of(2025, 1, 3)));
        terms.instalments = 2;
        var schedule = Schedule.of(terms.terms(), at("2024-12-31T15:00"), WorkCalendar.chinese());
        assertThat(schedule.instalment(1).due()).isEqualTo(at("2025-01-08"));
        assertThat(schedule.instalment(2).due()).isEqualTo(at("2025-01-03"));
    }

    @Test
    void aContractSignedInTimeKeepsItsDates() {
        var schedule = Schedule.of(seed().terms(), at("2024-12-24T15:00"), WorkCalendar.chinese());
        assertThat(schedule.instalment(1).due()).isEqualTo(at("2025-01-01"));
        assertThat(schedule.instalment(1).notes()).isEmpty();
    }

    @Test
    void trap4InstalmentsThatMissTheTotalByAFenAreRefused() {
        var terms = seed();
        terms.total = Money.of("100.00");
        terms.instalments = 2;
        terms.lines = List.of(
                new ScheduledLine(1, Money.of("50.00"), LocalDate.of(2025, 1, 1)),
                new ScheduledLine(2, Money.of("49.99"), LocalDate.of(2025, 7, 1)));
        assertThatThrownBy(() -> Schedule.of(terms.terms(), null, WorkCalendar.chinese()))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> assertThat(refused.sentence())
                                .isEqualTo(Sentence.of(
                                        "billing.schedule.sum",
                                        Money.of("99.99"),
                                        Money.of("100.00"),
                                        Money.of("0.01"))));
    }

    @Test
    void trap7AReturnedPaymentReopensFromTheOriginalDueInstant() {
        var facts =
                facts(paid("P1", "2024-12-30T10:00", "100000", 1), new PaymentReturned("P1", at("2025-01-20T10:00")));
        var terms = seed().daily("0.05");
        assertThat(assess(terms, "2025-01-15", facts).instalment(1).state()).isEqualTo(InstalmentState.PAID);
        var after = assess(terms, "2025-02-01", facts).instalment(1);
        assertThat(after.state()).isEqualTo(InstalmentState.OVERDUE);
        assertThat(after.instalment().due()).isEqualTo(at("2025-01-01"));
        assertThat(after.daysLate()).isEqualTo(31);
        assertThat(after.penalty()).isEqualTo(Money.of("1550.00"));
    }

    @Test
    void trap8AFenTooLittleStaysOpenAndAFenTooMuchIsGivenBack() {
        var terms = seed().daily("0.05");
        var under = assess(terms, "2025-02-01", paid("2024-12-30", "99999.99")).instalment(1);
        assertThat(under.state()).isEqualTo(InstalmentState.PARTIAL_OVERDUE);
        assertThat(under.open()).isEqualTo(Money.of("0.01"));
        assertThat(under.penalty()).as("31 days of a fen round to nothing").isEqualTo(Money.ZERO);
        var over = assess(terms, "2025-02-01", paid("2024-12-30", "100000.01")).instalment(1);
        assertThat(over.state()).isEqualTo(InstalmentState.PAID);
        assertThat(over.overpaid()).isEqualTo(Money.of("0.01"));
        assertThat(over.open()).isEqualTo(Money.ZERO);
    }

    @Test
    void trap10APurelyDisputedDebtGroundsNoSuspension() {
        var terms = seed().daily("0.05");
        var facts = facts(
                new PartDisputed(at("2024-12-20"), 1, Money.of("30000")),
                paid("2024-12-30", "70000"),
                new DemandDelivered(at("2025-01-02"), 1));
        var verdict = assess(terms, "2025-02-01", facts);
        assertThat(verdict.instalment(1).disputed()).isEqualTo(Money.of("30000"));
        assertThat(right(verdict, Right.SUSPEND).standing()).isEqualTo(Standing.NONE);
        facts.add(new PartDisputed(at("2025-01-20"), 1, Money.of("29999.99")));
        assertThat(right(assess(terms, "2025-02-01", facts), Right.SUSPEND).standing())
                .isEqualTo(Standing.AVAILABLE);
    }

    @Test
    void trap23APenaltyThatNobodyClaimedIsVisibleAndNotPayable() {
        var terms = seed().daily("0.05");
        var verdict = assess(terms, "2025-03-01", paid("2025-02-01", "100000"));
        var first = verdict.instalment(1);
        assertThat(first.penalty()).isEqualTo(Money.of("1550.00"));
        assertThat(first.penaltyStanding()).isEqualTo(PenaltyStanding.CLAIMABLE);
        assertThat(right(verdict, Right.CLAIM_PENALTY).standing()).isEqualTo(Standing.AVAILABLE);
        var claimed =
                assess(terms, "2025-03-01", paid("2025-02-01", "100000"), new PenaltyClaimed(at("2025-02-05"), 1));
        assertThat(claimed.instalment(1).penaltyStanding()).isEqualTo(PenaltyStanding.CLAIMED);
        assertThat(claimed.instalment(1).penaltyOpen()).isEqualTo(Money.of("1550.00"));
    }

    @Test
    void trap24PenaltyAndPerformanceAreBothOwed() {
        var terms = seed().daily("0.05");
        var claim = new PenaltyClaimed(at("2025-01-20"), 1);
        var verdict = assess(terms, "2025-02-01", claim).instalment(1);
        assertThat(verdict.open()).isEqualTo(Money.of("100000"));
        assertThat(verdict.penaltyOpen()).isEqualTo(Money.of("1550.00"));
        var paid = assess(
                        terms,
                        "2025-03-01",
                        claim,
                        new PaymentCredited("A", at("2025-02-01"), null, Money.of("100000"), 1, Towards.PRINCIPAL))
                .instalment(1);
        assertThat(paid.state()).isEqualTo(InstalmentState.PAID_LATE);
        assertThat(paid.penaltyOpen()).isEqualTo(Money.of("1550.00"));
        var settled = assess(
                        terms,
                        "2025-03-01",
                        claim,
                        new PaymentCredited("A", at("2025-02-01"), null, Money.of("100000"), 1, Towards.PRINCIPAL),
                        new PaymentCredited("B", at("2025-02-02"), null, Money.of("1550"), 1, Towards.PENALTY))
                .instalment(1);
        assertThat(settled.penaltyStanding()).isEqualTo(PenaltyStanding.SETTLED);
    }

    @Test
    void aPenaltyOnUnconfirmedTermsIsAPreviewOnly() {
        var terms = seed().daily("0.05");
        terms.unconfirmed = Set.of(TermKey.LATE_MODE);
        var verdict = assess(terms, "2025-02-01");
        assertThat(verdict.instalment(1).penaltyStanding()).isEqualTo(PenaltyStanding.PREVIEW);
        assertThat(verdict.claimable()).isEqualTo(Money.ZERO);
        assertThat(right(verdict, Right.CLAIM_PENALTY).standing()).isEqualTo(Standing.NOT_YET);
    }

    @Test
    void timeMakesTheRightToSuspendAvailableAndOnlyThat() {
        var terms = seed().daily("0.05");
        var facts = facts();
        assertThat(right(assess(terms, "2025-01-02", facts), Right.SUSPEND).standing())
                .isEqualTo(Standing.NOT_YET);
        assertThat(right(assess(terms, "2025-01-02", facts), Right.DEMAND).standing())
                .isEqualTo(Standing.AVAILABLE);
        facts.add(new DemandDelivered(at("2025-01-20T16:00"), 1));
        // Five working days after 20 January end with the 26th, a Sunday that is worked.
        var waiting = right(assess(terms, "2025-01-26T23:59:59", facts), Right.SUSPEND);
        assertThat(waiting.standing()).isEqualTo(Standing.NOT_YET);
        assertThat(waiting.from()).isEqualTo(at("2025-01-27"));
        var verdict = assess(terms, "2025-01-27", facts);
        assertThat(right(verdict, Right.SUSPEND).standing()).isEqualTo(Standing.AVAILABLE);
        assertThat(verdict.suspended()).isFalse();
        facts.add(paid("2025-01-26T12:00", "100000"));
        assertThat(assess(terms, "2025-01-27", facts).rights())
                .extracting(RightVerdict::right)
                .doesNotContain(Right.SUSPEND);
    }

    @Test
    void g14WithoutAnAgreedNoticePeriodThereIsNoRightToSuspend() {
        var terms = seed();
        terms.unconfirmed = Set.of(TermKey.SUSPENSION_NOTICE);
        var facts = facts(new DemandDelivered(at("2025-01-02T10:00"), 1));
        var verdict = assess(terms, "2025-02-10", facts);
        assertThat(right(verdict, Right.SUSPEND).standing()).isEqualTo(Standing.NONE);
        assertThat(right(verdict, Right.SUSPEND).why().key()).isEqualTo("billing.right.suspendNotAgreed");
        assertThat(Texts.in(Texts.ENGLISH).say(right(verdict, Right.SUSPEND).why()))
                .contains("G-14 not agreed")
                .contains("confirmed under Terms");
        assertThat(verdict.notes()).extracting(Sentence::key).contains("billing.verdict.unagreed");

        facts.add(new DefaultConfirmed(at("2025-02-03T09:00"), TermKey.SUSPENSION_NOTICE));
        verdict = assess(terms, "2025-02-10", facts);
        assertThat(right(verdict, Right.SUSPEND).why().key())
                .as("the old demand has set no period running")
                .isEqualTo("billing.right.suspendNeedsDemand");
        assertThat(right(verdict, Right.DEMAND).standing()).isEqualTo(Standing.AVAILABLE);
        assertThat(assess(terms, "2025-02-02", facts).rights())
                .filteredOn(right -> right.right() == Right.SUSPEND)
                .extracting(right -> right.why().key())
                .as("judged before")
                .contains("billing.right.suspendNotAgreed");

        facts.add(new DemandDelivered(at("2025-02-05T10:00"), 1));
        assertThat(right(assess(terms, "2025-02-11T23:59:59", facts), Right.SUSPEND)
                        .standing())
                .isEqualTo(Standing.NOT_YET);
        assertThat(right(assess(terms, "2025-02-12", facts), Right.SUSPEND).standing())
                .isEqualTo(Standing.AVAILABLE);
    }

    @Test
    void aReadingAgreedLaterIsClaimableOnlyForWhatFallsDueAfterwards() {
        var terms = seed().daily("0.05");
        terms.unconfirmed = Set.of(TermKey.LATE_DAY_COUNT);
        var verdict = assess(
                terms, "2025-02-20", facts(new DefaultConfirmed(at("2025-01-15T09:00"), TermKey.LATE_DAY_COUNT)));
        assertThat(verdict.instalment(1).penaltyStanding()).isEqualTo(PenaltyStanding.PREVIEW);
        assertThat(verdict.instalment(1).sentences()).extracting(Sentence::key).contains("billing.penalty.agreedSince");
        assertThat(verdict.instalment(2).penaltyStanding()).isEqualTo(PenaltyStanding.CLAIMABLE);
    }

    @Test
    void e8WithoutAnAgreedOrderTheStatutoryOneApplies() {
        var terms = seed().daily("0.05");
        terms.allocation = Allocation.PRINCIPAL_FIRST;
        terms.unconfirmed = Set.of(TermKey.LATE_ALLOCATION);
        var facts = facts(
                paid("A", "2025-01-15", "40000", 1),
                new PenaltyClaimed(at("2025-01-14"), 1),
                paid("B", "2025-02-01", "60000", 1));
        assertThat(assess(terms, "2025-02-01", facts).instalment(1).open()).isEqualTo(Money.of("1215.95"));
        terms.unconfirmed = Set.of();
        assertThat(assess(terms, "2025-02-01", facts).instalment(1).open()).isEqualTo(Money.ZERO);
    }

    @Test
    void g12AnUnagreedBoundaryIsReadAsTheTextSays() {
        var terms = seed();
        terms.boundary = Boundary.INCLUSIVE;
        terms.unconfirmed = Set.of(TermKey.DUE_BOUNDARY);
        assertThat(Schedule.of(terms.terms(), null, WorkCalendar.chinese())
                        .instalment(1)
                        .due())
                .isEqualTo(at("2025-01-01"));
    }

    @Test
    void aDemandBeforeAnythingWasDueDemandsNothing() {
        var verdict = assess(seed(), "2025-02-01", new DemandDelivered(at("2024-12-31T23:59"), 1));
        assertThat(right(verdict, Right.SUSPEND).standing()).isEqualTo(Standing.NOT_YET);
        assertThat(right(verdict, Right.SUSPEND).from()).isNull();
    }

    @Test
    void aSuspendedServiceResumesOnPayment() {
        var facts = facts(new DemandDelivered(at("2025-01-02"), 1), new Suspended(at("2025-01-20")));
        var verdict = assess(seed(), "2025-01-21", facts);
        assertThat(verdict.suspended()).isTrue();
        assertThat(right(verdict, Right.RESUME).standing()).isEqualTo(Standing.NOT_YET);
        facts.add(paid("2025-01-22", "100000"));
        var resume = right(assess(seed(), "2025-01-23", facts), Right.RESUME);
        assertThat(resume.standing()).isEqualTo(Standing.AVAILABLE);
        facts.add(new Resumed(at("2025-01-23")));
        assertThat(assess(seed(), "2025-01-24", facts).suspended()).isFalse();
    }

    @Test
    void aGivenUpInstalmentOwesNothing() {
        var verdict = assess(
                seed(),
                "2025-02-01T00:00",
                new InstalmentWaived(at("2025-01-05"), 1),
                new PenaltyWaived(at("2025-01-05"), 1));
        assertThat(verdict.instalment(1).state()).isEqualTo(InstalmentState.WAIVED);
        assertThat(verdict.instalment(1).penalties()).isEmpty();
        assertThat(verdict.overdue()).isEqualTo(Money.of("100000"));
    }

    @Test
    void aPaymentThatNamesNoInstalmentPaysWhatIsDueFirst() {
        var terms = seed();
        var verdict = assess(
                terms, "2025-03-15", paid("A", "2025-03-10", "250000", null), paid("B", "2025-03-11", "2000000", null));
        assertThat(verdict.instalments()).extracting(i -> i.open()).allMatch(Money::isZero);
        assertThat(verdict.unallocated()).isEqualTo(Money.of("1050000"));
        assertThat(verdict.instalment(1).state()).isEqualTo(InstalmentState.PAID_LATE);
        assertThat(verdict.instalment(4).state()).isEqualTo(InstalmentState.PAID);
    }

    @Test
    void whereTheTermsSayTheMomentOfSendingCounts() {
        var sent =
                new PaymentCredited("A", at("2025-01-02T09:00"), at("2024-12-31T17:00"), Money.of("100000"), 1, null);
        assertThat(assess(seed(), "2025-02-01", sent).instalment(1).state()).isEqualTo(InstalmentState.PAID_LATE);
        var terms = seed();
        terms.moment = PaymentMoment.SENT;
        assertThat(assess(terms, "2025-02-01", sent).instalment(1).state()).isEqualTo(InstalmentState.PAID);
    }

    @Test
    void anInstalmentIsAnnouncedFifteenWorkingDaysBefore() {
        assertThat(assess(seed(), "2025-01-06").instalment(2).state()).isEqualTo(InstalmentState.SCHEDULED);
        assertThat(assess(seed(), "2025-01-10").instalment(2).state()).isEqualTo(InstalmentState.REMINDED);
        assertThat(assess(seed(), "2024-06-01").instalment(1).state()).isEqualTo(InstalmentState.SCHEDULED);
    }

    @Test
    void theInclusiveBoundaryRolledOffTheHolidayMovesTheDueInstant() {
        var terms = seed();
        terms.boundary = Boundary.INCLUSIVE;
        terms.roll = HolidayRoll.NEXT_WORKDAY;
        assertThat(Schedule.of(terms.terms(), null, WorkCalendar.chinese())
                        .instalment(1)
                        .due())
                .isEqualTo(at("2025-01-03"));
    }

    @Test
    void theNextDeadlineIsTheNearestOne() {
        var verdict = assess(seed(), "2025-01-15");
        assertThat(requireNonNull(verdict.next()).at()).isEqualTo(at("2025-02-01"));
        var demanded = assess(seed(), "2025-01-15", new DemandDelivered(at("2025-01-14"), 1));
        assertThat(requireNonNull(demanded.next()).at()).isEqualTo(at("2025-01-22"));
    }

    @Test
    void laterFactsAreLeftOutAndSaidToBe() {
        var verdict = assess(seed(), "2025-01-15", paid("2025-02-01", "100000"));
        assertThat(verdict.instalment(1).state()).isEqualTo(InstalmentState.OVERDUE);
        assertThat(verdict.notes()).extracting(Sentence::key).containsExactly("billing.verdict.laterFacts");
    }

    @Test
    void factsAboutWhatDoesNotExistAreRefused() {
        assertThatThrownBy(() -> assess(seed(), "2025-02-01", paid("A", "2025-01-01", "1", 13)))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> assertThat(refused.sentence().key()).isEqualTo("billing.schedule.noSuchInstalment"));
        assertThatThrownBy(() -> assess(seed(), "2025-02-01", new PaymentReturned("X", at("2025-01-01"))))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> assertThat(refused.sentence().key()).isEqualTo("billing.payment.unknown"));
        assertThatThrownBy(() -> assess(seed(), "2025-02-01", paid("A", "2025-01-01", "0", 1)))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> assertThat(refused.sentence().key()).isEqualTo("billing.payment.notPositive"));
    }

    /** MON-2: whatever is paid, in whatever order, nothing is lost and nothing appears. */
    @Test
    void paymentsAlwaysAddUpAndEverySentenceCanBeSaid() {
        long seed = System.nanoTime();
        System.out.println("AssessmentTests seed " + seed);
        var random = new SplittableRandom(seed);
        var chinese = Texts.in(Texts.CHINESE);
        var english = Texts.in(Texts.ENGLISH);
        for (int i = 0; i < 400; i++) {
            var fixture = random.nextBoolean() ? seed().daily("0.05") : seed().flat("5");
            fixture.grace = random.nextInt(0, 6);
            var facts = new ArrayList<BillingFact>();
            var paid = Money.ZERO;
            for (int n = random.nextInt(0, 8); n > 0; n--) {
                var amount = Money.ofFen(random.nextLong(1, 30_000_000));
                paid = paid.plus(amount);
                facts.add(new PaymentCredited(
                        "P" + n,
                        Instant.ofEpochSecond(at("2024-12-01").getEpochSecond() + random.nextLong(400L * 24 * 3600)),
                        null,
                        amount,
                        random.nextBoolean() ? random.nextInt(1, 13) : null,
                        random.nextInt(4) == 0 ? Towards.PRINCIPAL : null));
            }
            if (random.nextBoolean()) {
                facts.add(new PenaltyClaimed(at("2025-03-03"), random.nextInt(1, 13)));
            }
            var verdict = assess(fixture, "2026-03-01", facts);
            var placed = verdict.unallocated();
            for (var instalment : verdict.instalments()) {
                assertThat(instalment.open().isNegative()).isFalse();
                var agreed = instalment.agreed();
                placed = placed.plus(instalment.paid())
                        .plus(instalment.overpaid())
                        .plus(agreed == null ? Money.ZERO : agreed.absorbed());
                instalment.sentences().forEach(sentence -> {
                    assertThat(chinese.say(sentence)).doesNotContain("{");
                    assertThat(english.say(sentence)).doesNotContain("{");
                });
                instalment.penalties().stream()
                        .flatMap(penalty -> penalty.derivation().stream())
                        .forEach(line -> {
                            assertThat(chinese.say(line.words())).doesNotContain("{");
                            assertThat(english.say(line.words())).doesNotContain("{");
                        });
            }
            verdict.rights()
                    .forEach(right -> assertThat(english.say(right.why())).doesNotContain("{"));
            assertThat(placed).isEqualTo(paid);
        }
    }

    private static RightVerdict right(Verdict verdict, Right right) {
        return verdict.rights().stream()
                .filter(one -> one.right() == right && (one.instalment() == null || one.instalment() == 1))
                .findFirst()
                .orElseThrow();
    }

    private static Verdict assess(TermsFixture fixture, String asOf, BillingFact... facts) {
        return assess(fixture, asOf, facts(facts));
    }

    private static Verdict assess(TermsFixture fixture, String asOf, List<BillingFact> facts) {
        var terms = fixture.terms();
        var calendar = WorkCalendar.chinese();
        return Assessment.assess(
                terms, Schedule.of(terms, null, calendar), facts, at(asOf), ReferenceRates.NONE, calendar);
    }
}
