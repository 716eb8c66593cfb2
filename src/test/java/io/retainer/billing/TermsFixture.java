package io.retainer.billing;

import io.retainer.contract.ContractTerms;
import io.retainer.contract.ContractTerms.Allocation;
import io.retainer.contract.ContractTerms.Base;
import io.retainer.contract.ContractTerms.Boundary;
import io.retainer.contract.ContractTerms.DayCount;
import io.retainer.contract.ContractTerms.DisputedPart;
import io.retainer.contract.ContractTerms.Due;
import io.retainer.contract.ContractTerms.Fallback;
import io.retainer.contract.ContractTerms.Fee;
import io.retainer.contract.ContractTerms.GraceKind;
import io.retainer.contract.ContractTerms.GraceMode;
import io.retainer.contract.ContractTerms.HolidayRoll;
import io.retainer.contract.ContractTerms.LatePayment;
import io.retainer.contract.ContractTerms.LprMode;
import io.retainer.contract.ContractTerms.Mode;
import io.retainer.contract.ContractTerms.PartyTerms;
import io.retainer.contract.ContractTerms.PaymentMoment;
import io.retainer.contract.ContractTerms.Receipt;
import io.retainer.contract.ContractTerms.ScheduledLine;
import io.retainer.contract.ContractTerms.Size;
import io.retainer.contract.ContractTerms.Split;
import io.retainer.contract.ContractTerms.Suspension;
import io.retainer.contract.ContractTerms.SuspensionFee;
import io.retainer.contract.ContractTerms.Term;
import io.retainer.contract.ContractTerms.Termination;
import io.retainer.contract.ContractTerms.YearBasis;
import io.retainer.contract.TermKey;
import io.retainer.kernel.Money;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The demo facts of worked-examples.md, and knobs to turn. */
final class TermsFixture {

    static final ZoneId SHANGHAI = ZoneId.of("Asia/Shanghai");
    /** The LPR values of the worked examples; inputs, not facts. */
    static final ReferenceRates LPR = new ReferenceRates(List.of(
            new ReferenceRates.Rate(LocalDate.of(2024, 7, 22), new BigDecimal("3.35"), "worked example"),
            new ReferenceRates.Rate(LocalDate.of(2024, 10, 21), new BigDecimal("3.10"), "worked example"),
            new ReferenceRates.Rate(LocalDate.of(2025, 5, 20), new BigDecimal("3.00"), "worked example")));

    Money total = Money.of("1200000.00");
    int instalments = 12;
    int months = 12;
    LocalDate start = LocalDate.of(2025, 1, 1);
    Split split = Split.RESIDUE_TO_LAST_LINES;
    List<ScheduledLine> lines = List.of();
    Boundary boundary = Boundary.EXCLUSIVE;
    HolidayRoll roll = HolidayRoll.NONE;
    PaymentMoment moment = PaymentMoment.CREDITED;
    Mode mode = Mode.FLAT;

    @Nullable
    BigDecimal percent = new BigDecimal("5");

    @Nullable
    BigDecimal lprMultiple;

    Base base = Base.UNPAID_PART;
    int grace;
    GraceKind graceKind = GraceKind.WORKDAYS;
    GraceMode graceMode = GraceMode.SHIFTS_START;
    DayCount dayCount = DayCount.EXCLUDE_PAYMENT_DAY;

    @Nullable
    BigDecimal cap;

    YearBasis yearBasis = YearBasis.ACTUAL_365;
    LprMode lprMode = LprMode.AT_BREACH;
    Fallback fallback = Fallback.NONE;
    Allocation allocation = Allocation.CIVIL_CODE_561;
    Size client = Size.UNKNOWN;
    Size provider = Size.UNKNOWN;
    Set<TermKey> unconfirmed = Set.of();

    static TermsFixture seed() {
        return new TermsFixture();
    }

    TermsFixture flat(String rate) {
        mode = Mode.FLAT;
        percent = new BigDecimal(rate);
        return this;
    }

    TermsFixture daily(String rate) {
        mode = Mode.DAILY;
        percent = new BigDecimal(rate);
        return this;
    }

    TermsFixture annual(String rate) {
        mode = Mode.ANNUAL;
        percent = new BigDecimal(rate);
        return this;
    }

    TermsFixture lpr(String multiple) {
        mode = Mode.ANNUAL;
        percent = null;
        lprMultiple = new BigDecimal(multiple);
        return this;
    }

    ContractTerms terms() {
        return new ContractTerms(
                new PartyTerms("甲公司", "上海", client),
                new PartyTerms("乙公司", "杭州", provider),
                new Term(start, start.plusMonths(months).minusDays(1), months),
                new Fee(total, instalments, split, lines, true, new BigDecimal("6")),
                new Due(boundary, moment, roll, 5),
                new LatePayment(
                        mode,
                        percent,
                        lprMultiple,
                        base,
                        grace,
                        graceKind,
                        graceMode,
                        dayCount,
                        cap,
                        yearBasis,
                        lprMode,
                        fallback,
                        allocation,
                        DisputedPart.PROVISIONAL),
                new Receipt(3, 10),
                new Suspension(5, Set.of(1, 3, 4, 5, 6, 7), SuspensionFee.PRORATA_CREDIT, false, 2),
                new Termination(15),
                SHANGHAI,
                "上海市浦东新区",
                unconfirmed);
    }

    /** A moment in Shanghai, such as {@code 2025-02-01T10:00}; a date alone is its midnight. */
    static Instant at(String local) {
        return (local.length() == 10 ? LocalDate.parse(local).atStartOfDay() : LocalDateTime.parse(local))
                .atZone(SHANGHAI)
                .toInstant();
    }

    static BillingFact paid(String id, String at, String amount, @Nullable Integer instalment) {
        return new BillingFact.PaymentCredited(id, at(at), null, Money.of(amount), instalment, null);
    }

    static BillingFact paid(String at, String amount) {
        return paid("P-" + at, at, amount, 1);
    }

    static List<BillingFact> facts(BillingFact... facts) {
        return new ArrayList<>(List.of(facts));
    }
}
