package io.retainer.billing;

import static io.retainer.billing.TermsFixture.LPR;
import static io.retainer.billing.TermsFixture.at;
import static io.retainer.billing.TermsFixture.facts;
import static io.retainer.billing.TermsFixture.paid;
import static io.retainer.billing.TermsFixture.seed;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.retainer.billing.BillingFact.LossDocumented;
import io.retainer.billing.BillingFact.PenaltyClaimed;
import io.retainer.billing.Penalty.Flag;
import io.retainer.billing.PenaltyReading.Origin;
import io.retainer.billing.Verdict.InstalmentVerdict;
import io.retainer.contract.ContractTerms.Allocation;
import io.retainer.contract.ContractTerms.Base;
import io.retainer.contract.ContractTerms.Boundary;
import io.retainer.contract.ContractTerms.DayCount;
import io.retainer.contract.ContractTerms.GraceKind;
import io.retainer.contract.ContractTerms.GraceMode;
import io.retainer.contract.ContractTerms.HolidayRoll;
import io.retainer.contract.ContractTerms.LprMode;
import io.retainer.contract.ContractTerms.Mode;
import io.retainer.contract.ContractTerms.ScheduledLine;
import io.retainer.contract.ContractTerms.Size;
import io.retainer.contract.ContractTerms.Split;
import io.retainer.contract.ContractTerms.YearBasis;
import io.retainer.kernel.Money;
import io.retainer.kernel.WorkCalendar;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** worked-examples.md, E1 to E9 and the splits, to the fen. */
class WorkedExampleTests {

    @ParameterizedTest(name = "{0}: {1} {2} → {3} days")
    @CsvSource({
        "day-count, EXCLUSIVE, NONE, EXCLUDE_PAYMENT_DAY, 31",
        "day-count, EXCLUSIVE, NONE, INCLUDE_PAYMENT_DAY, 32",
        "day-count, INCLUSIVE, NONE, EXCLUDE_PAYMENT_DAY, 30",
        "day-count, INCLUSIVE, NONE, INCLUDE_PAYMENT_DAY, 31",
        "day-count, INCLUSIVE, NEXT_WORKDAY, EXCLUDE_PAYMENT_DAY, 29",
        "day-count, INCLUSIVE, NEXT_WORKDAY, INCLUDE_PAYMENT_DAY, 30"
    })
    void theDayCountMatrixOfTheSeedExample(
            String id, Boundary boundary, HolidayRoll roll, DayCount dayCount, int days) {
        var terms = seed().daily("0.05");
        terms.boundary = boundary;
        terms.roll = roll;
        terms.dayCount = dayCount;
        assertThat(agreed(terms, "2025-02-01").days()).as(id).isEqualTo(days);
    }

    @ParameterizedTest(name = "E1: {0} % of the {1} is {2}")
    @CsvSource(delimiter = '|', textBlock = """
            5  | UNPAID_PART | 5,000.00
            10 | UNPAID_PART | 10,000.00
            5  | INSTALMENT  | 5,000.00
            5  | TOTAL_FEE   | 60,000.00
            """)
    void e1Flat(String percent, Base base, String penalty) {
        var terms = seed().flat(percent);
        terms.base = base;
        assertThat(agreed(terms, "2025-02-01").amount()).isEqualTo(Money.of(penalty));
        assertThat(agreed(terms, "2025-01-01T09:00").amount())
                .as("one day late")
                .isEqualTo(Money.of(penalty));
    }

    @Test
    void e1TheTotalFeeIsNeverTheBaseSilently() {
        var terms = seed().flat("5");
        assertThat(agreed(terms, "2025-02-01").flags()).isEmpty();
        terms.base = Base.TOTAL_FEE;
        assertThat(agreed(terms, "2025-02-01").flags()).extracting(Flag::kind).contains(Flag.Kind.TOTAL_FEE_BASE);
    }

    @ParameterizedTest(name = "E2: {0} {1} {2} → {3}")
    @CsvSource(delimiter = '|', textBlock = """
            EXCLUSIVE | NONE         | EXCLUDE_PAYMENT_DAY | 1,550.00
            INCLUSIVE | NEXT_WORKDAY | EXCLUDE_PAYMENT_DAY | 1,450.00
            INCLUSIVE | NONE         | EXCLUDE_PAYMENT_DAY | 1,500.00
            EXCLUSIVE | NONE         | INCLUDE_PAYMENT_DAY | 1,600.00
            """)
    void e2Daily(Boundary boundary, HolidayRoll roll, DayCount dayCount, String penalty) {
        var terms = seed().daily("0.05");
        terms.boundary = boundary;
        terms.roll = roll;
        terms.dayCount = dayCount;
        assertThat(agreed(terms, "2025-02-01").amount()).isEqualTo(Money.of(penalty));
    }

    @ParameterizedTest(name = "E3: LPR × {0} → {1} /365, {2} /360")
    @CsvSource(delimiter = '|', textBlock = """
            1   | 263.29   | 266.94
            1.3 | 342.27   | 347.03
            1.5 | 394.93   | 400.42
            4   | 1,053.15 | 1,067.78
            """)
    void e3Annual(String multiple, String by365, String by360) {
        var terms = seed().lpr(multiple);
        assertThat(agreed(terms, "2025-02-01").amount()).isEqualTo(Money.of(by365));
        terms.yearBasis = YearBasis.ACTUAL_360;
        assertThat(agreed(terms, "2025-02-01").amount()).isEqualTo(Money.of(by360));
    }

    @Test
    void e3AFixedAnnualRateNeedsNoLpr() {
        var verdict = assess(seed().annual("4.65"), ReferenceRates.NONE, paid("2025-02-01", "100000"));
        assertThat(requireNonNull(verdict.agreed()).amount()).isEqualTo(Money.of("394.93"));
    }

    @Test
    void e3WithoutTheLprItIsNotGuessed() {
        var verdict = assess(seed().lpr("1.5"), ReferenceRates.NONE, paid("2025-02-01", "100000"));
        var agreed = requireNonNull(verdict.agreed());
        assertThat(agreed.amount()).isNull();
        assertThat(agreed.derivation()).extracting(line -> line.words().key()).contains("billing.penalty.noLpr");
    }

    @ParameterizedTest(name = "E4: grace {0} {1}, {2}, {3}, paid on {4} → {5}")
    @CsvSource(delimiter = '|', textBlock = """
            5 | WORKDAYS      | SHIFTS_START | EXCLUDE_PAYMENT_DAY | 2025-02-01 | 1,150.00
            5 | WORKDAYS      | SHIFTS_START | INCLUDE_PAYMENT_DAY | 2025-02-01 | 1,200.00
            5 | WORKDAYS      | RETRO        | EXCLUDE_PAYMENT_DAY | 2025-02-01 | 1,550.00
            5 | WORKDAYS      | SHIFTS_START | EXCLUDE_PAYMENT_DAY | 2025-01-08 | 0.00
            5 | WORKDAYS      | SHIFTS_START | INCLUDE_PAYMENT_DAY | 2025-01-08 | 0.00
            5 | WORKDAYS      | RETRO        | EXCLUDE_PAYMENT_DAY | 2025-01-08 | 0.00
            5 | WORKDAYS      | RETRO        | EXCLUDE_PAYMENT_DAY | 2025-01-09 | 400.00
            3 | CALENDAR_DAYS | SHIFTS_START | EXCLUDE_PAYMENT_DAY | 2025-02-01 | 1,400.00
            """)
    void e4Grace(int days, GraceKind kind, GraceMode graceMode, DayCount dayCount, String day, String penalty) {
        var terms = seed().daily("0.05");
        terms.grace = days;
        terms.graceKind = kind;
        terms.graceMode = graceMode;
        terms.dayCount = dayCount;
        assertThat(agreed(terms, day).amount()).isEqualTo(Money.of(penalty));
    }

    @Test
    void e5CapAndExcessFlag() {
        var terms = seed().daily("0.1");
        var uncapped = agreed(terms, "2025-07-01");
        assertThat(uncapped.days()).isEqualTo(181);
        assertThat(uncapped.amount()).isEqualTo(Money.of("18,100.00"));
        terms.cap = new BigDecimal("10");
        var loss = agreed(seed().annual("4.65"), "2025-07-01").amount();
        assertThat(loss).isEqualTo(Money.of("2,305.89"));
        var verdict = assess(
                terms,
                LPR,
                paid("2025-07-01", "100000"),
                new LossDocumented(at("2025-07-02"), 1, requireNonNull(loss)));
        var capped = requireNonNull(verdict.agreed());
        assertThat(capped.amount()).isEqualTo(Money.of("10,000.00"));
        assertThat(capped.flags())
                .filteredOn(flag -> flag.kind() == Flag.Kind.EXCESS)
                .singleElement()
                .extracting(Flag::amount)
                .isEqualTo(Money.of("2,997.66"));
        assertThat(capped.flags()).extracting(Flag::kind).contains(Flag.Kind.CAPPED);
    }

    @Test
    void e6ABlankRateOffersTheSmeRegulationAndNothingIsClaimable() {
        var terms = seed();
        terms.percent = null;
        terms.client = Size.LARGE;
        terms.provider = Size.SMALL_OR_MEDIUM;
        var verdict = assess(terms, LPR, paid("2025-02-01", "100000"));
        assertThat(verdict.agreed()).isNull();
        assertThat(verdict.penaltyStanding()).isEqualTo(Verdict.PenaltyStanding.NONE);
        assertThat(verdict.penalties())
                .filteredOn(penalty -> penalty.reading().origin() == Origin.SME_REGULATION)
                .singleElement()
                .extracting(Penalty::amount)
                .isEqualTo(Money.of("1,550.00"));
        assertThat(verdict.penalties())
                .filteredOn(penalty -> penalty.reading().origin() == Origin.LPR_LOSS)
                .extracting(Penalty::amount)
                .containsExactly(Money.of("342.27"), Money.of("394.93"));
        terms.client = Size.SMALL_OR_MEDIUM;
        assertThat(assess(terms, LPR, paid("2025-02-01", "100000")).penalties())
                .extracting(penalty -> penalty.reading().origin())
                .doesNotContain(Origin.SME_REGULATION);
    }

    @Test
    void e6AnAgreedRateBelowTheFloorIsFlaggedWithTheFloorAndNotChanged() {
        var terms = seed().annual("2");
        terms.client = Size.PUBLIC_BODY;
        terms.provider = Size.SMALL_OR_MEDIUM;
        var agreed = agreed(terms, "2025-02-01");
        assertThat(agreed.amount()).isEqualTo(Money.of("169.86"));
        assertThat(agreed.flags())
                .filteredOn(flag -> flag.kind() == Flag.Kind.BELOW_SME_FLOOR)
                .singleElement()
                .extracting(Flag::amount)
                .isEqualTo(Money.of("263.29"));
        terms.client = Size.UNKNOWN;
        assertThat(agreed(terms, "2025-02-01").flags()).isEmpty();
    }

    @ParameterizedTest(name = "E7: {0} → {1}")
    @CsvSource(delimiter = '|', textBlock = """
            FLOATING  | 659.05
            AT_BREACH | 674.02
            """)
    void e7TheLprChangesInTheDelay(LprMode lprMode, String penalty) {
        var terms = seed().lpr("1.5");
        terms.total = Money.of("86733.33");
        terms.instalments = 1;
        terms.months = 1;
        terms.start = LocalDate.of(2025, 5, 1);
        terms.lprMode = lprMode;
        var verdict = assess(terms, LPR, paid("2025-07-01", "86733.33"));
        assertThat(requireNonNull(verdict.agreed()).amount()).isEqualTo(Money.of(penalty));
        assertThat(verdict.daysLate()).isEqualTo(61);
    }

    @Test
    void e8PartPaymentsPrincipalFirst() {
        var terms = seed().daily("0.05");
        terms.allocation = Allocation.PRINCIPAL_FIRST;
        var verdict = assess(terms, LPR, paid("2025-01-15", "40000"), paid("2025-02-01", "60000"));
        assertThat(requireNonNull(verdict.agreed()).amount()).isEqualTo(Money.of("1,210.00"));
        assertThat(verdict.open()).isEqualTo(Money.ZERO);
        assertThat(verdict.state()).isEqualTo(InstalmentState.PAID_LATE);
    }

    @Test
    void e8PartPaymentsInTheOrderOfCivilCode561() {
        var terms = seed().daily("0.05");
        var claimed = new PenaltyClaimed(at("2025-01-10"), 1);
        var verdict = assess(terms, LPR, claimed, paid("2025-01-15", "40000"), paid("2025-02-01", "60000"));
        var agreed = requireNonNull(verdict.agreed());
        assertThat(agreed.absorbed()).isEqualTo(Money.of("1,215.95"));
        assertThat(verdict.open()).isEqualTo(Money.of("1,215.95"));
        assertThat(verdict.state()).isEqualTo(InstalmentState.PARTIAL_OVERDUE);
    }

    @Test
    void e8BothOrdersAreShownSideBySide() {
        var terms = seed().daily("0.05");
        var verdict = assess(terms, LPR, paid("2025-01-15", "40000"), paid("2025-02-01", "60000"));
        assertThat(verdict.open())
                .as("nothing was claimed, so nothing is absorbed")
                .isEqualTo(Money.ZERO);
        assertThat(verdict.allocations())
                .extracting(
                        Verdict.AllocationOutcome::order,
                        Verdict.AllocationOutcome::applied,
                        Verdict.AllocationOutcome::principalOpen)
                .containsExactly(
                        org.assertj.core.api.Assertions.tuple(Allocation.PRINCIPAL_FIRST, true, Money.ZERO),
                        org.assertj.core.api.Assertions.tuple(Allocation.CIVIL_CODE_561, false, Money.of("1,215.95")));
    }

    @ParameterizedTest(name = "E9: {0} for {1} days → {2}")
    @CsvSource(delimiter = '|', textBlock = """
            86,733.33 | 2025-02-01 | 1,344.37
            10,010.00 | 2025-01-02 | 5.01
            """)
    void e9RoundsOnceHalfUp(String amount, String day, String penalty) {
        var terms = seed().daily("0.05");
        terms.total = Money.of(amount);
        terms.instalments = 1;
        terms.months = 1;
        var verdict = assess(terms, LPR, paid(day, amount));
        assertThat(requireNonNull(verdict.agreed()).amount()).isEqualTo(Money.of(penalty));
    }

    @ParameterizedTest(name = "{0} in {1} instalments, {2}: first {3}, last {4}")
    @CsvSource(delimiter = '|', textBlock = """
            1,000,000.00 | 12 | RESIDUE_TO_LAST_LINES | 83,333.33 | 83,333.34
            1,000,000.00 | 12 | RESIDUE_TO_LAST_LINE  | 83,333.33 | 83,333.37
            100,000.00   | 3  | RESIDUE_TO_LAST_LINES | 33,333.33 | 33,333.34
            360,000.00   | 7  | RESIDUE_TO_LAST_LINES | 51,428.57 | 51,428.58
            """)
    void instalmentSplits(String total, int count, Split split, String first, String last) {
        var terms = seed();
        terms.total = Money.of(total);
        terms.instalments = count;
        terms.split = split;
        var schedule = Schedule.of(terms.terms(), null, WorkCalendar.chinese()).instalments();
        assertThat(schedule).hasSize(count);
        assertThat(schedule.getFirst().amount()).isEqualTo(Money.of(first));
        assertThat(schedule.getLast().amount()).isEqualTo(Money.of(last));
        assertThat(Money.sum(schedule.stream().map(Instalment::amount).toList()))
                .isEqualTo(Money.of(total));
    }

    @Test
    void theLinesOfAnnex3MayDifferInAmountAndDate() {
        var terms = seed();
        terms.total = Money.of("100.00");
        terms.instalments = 2;
        terms.lines = List.of(
                new ScheduledLine(1, Money.of("60.00"), LocalDate.of(2024, 12, 25)),
                new ScheduledLine(2, Money.of("40.00"), LocalDate.of(2025, 6, 1)));
        var schedule = Schedule.of(terms.terms(), null, WorkCalendar.chinese());
        assertThat(schedule.instalment(1).due()).isEqualTo(at("2024-12-25"));
        assertThat(schedule.instalment(2).due()).isEqualTo(at("2025-06-01"));
        assertThat(schedule.instalment(2).start()).isEqualTo("2025-07-01");
    }

    @Test
    void everyReadingStandsBesideTheAgreedOne() {
        var terms = seed().flat("5");
        terms.grace = 5;
        var verdict = assess(terms, LPR, paid("2025-02-01", "100000"));
        assertThat(verdict.penalties().getFirst().reading().origin()).isEqualTo(Origin.AGREED);
        assertThat(verdict.penalties())
                .extracting(penalty -> penalty.reading().mode())
                .contains(Mode.FLAT, Mode.DAILY, Mode.ANNUAL);
        assertThat(verdict.penalties())
                .filteredOn(penalty -> penalty.reading().mode() == Mode.DAILY)
                .extracting(Penalty::amount)
                .containsExactlyInAnyOrder(
                        Money.of("115000.00"), Money.of("120000.00"), Money.of("155000.00"), Money.of("160000.00"));
        assertThat(verdict.penalties()).allSatisfy(penalty -> {
            assertThat(penalty.amount()).isNotNull();
            assertThat(penalty.derivation()).isNotEmpty();
            assertThat(penalty.derivation().getLast().amount()).isEqualTo(penalty.amount());
        });
    }

    static Penalty agreed(TermsFixture fixture, String paidOn) {
        return requireNonNull(assess(fixture, LPR, paid(paidOn, "100000")).agreed());
    }

    /** The first instalment, long after everything happened. */
    static InstalmentVerdict assess(TermsFixture fixture, ReferenceRates rates, BillingFact... facts) {
        var terms = fixture.terms();
        var calendar = WorkCalendar.chinese();
        return Assessment.assess(
                        terms, Schedule.of(terms, null, calendar), facts(facts), at("2025-12-31"), rates, calendar)
                .instalment(1);
    }
}
