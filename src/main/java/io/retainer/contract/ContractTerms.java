package io.retainer.contract;

import io.retainer.kernel.Money;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Everything the execution of a contract needs, typed and without gaps: where the text is silent the platform default
 * stands, and {@link #unconfirmed} says which of them bind nobody yet. Immutable and pure; the screen, the simulation
 * and the command line feed the same record to the same functions.
 *
 * @param client 甲方, the debtor of the fee (I-0.2, I-0.3)
 * @param provider 乙方, its creditor
 * @param zone in which every business date of the contract begins and ends; Asia/Shanghai by default
 * @param signingPlace where disputes go to court (I-6.1b, G-02), or null while it is not agreed
 * @param unconfirmed keys whose value is not confirmed by both parties: good for a preview, never for a claim
 */
public record ContractTerms(
        PartyTerms client,
        PartyTerms provider,
        Term term,
        Fee fee,
        Due due,
        LatePayment late,
        Receipt receipt,
        Suspension suspension,
        Termination termination,
        ZoneId zone,
        @Nullable String signingPlace,
        Set<TermKey> unconfirmed) {

    public ContractTerms {
        unconfirmed = Set.copyOf(unconfirmed);
    }

    /** Whether both parties confirmed the value of this key, or wrote it into the text they signed. */
    public boolean binds(TermKey key) {
        return !unconfirmed.contains(key);
    }

    public ContractTerms withUnconfirmed(Set<TermKey> keys) {
        return new ContractTerms(
                client, provider, term, fee, due, late, receipt, suspension, termination, zone, signingPlace, keys);
    }

    /** Whether both agreed that suspended days are served after the term; then they are not credited too (G-14b). */
    public boolean suspensionExtendsTerm() {
        return suspension.extendsTerm() && binds(TermKey.SUSPENSION_EXTENDS_TERM);
    }

    /**
     * As claims rest on them: where a value binds nobody, what the signed text or the law says in its place. That is the
     * platform's default itself for every key of {@link UnagreedDefault#TEXT}, {@link UnagreedDefault#LAW} and
     * {@link UnagreedDefault#SHIELD}, so only values that one party alone wrote in are replaced.
     */
    public ContractTerms binding() {
        var standing = new Fee(
                fee.total(),
                fee.instalments(),
                binds(TermKey.FEE_SPLIT) ? fee.split() : Split.RESIDUE_TO_LAST_LINES,
                fee.schedule(),
                fee.vatInclusive(),
                fee.vatRatePercent());
        var timely = new Due(
                binds(TermKey.DUE_BOUNDARY) ? due.boundary() : Boundary.EXCLUSIVE,
                binds(TermKey.DUE_RECEIPT) ? due.receipt() : PaymentMoment.CREDITED,
                binds(TermKey.DUE_HOLIDAY_ROLL) ? due.holidayRoll() : HolidayRoll.NONE,
                binds(TermKey.DUE_FIRST_FLOOR) ? due.firstFloorWorkdays() : FIRST_FLOOR);
        var lateness = new LatePayment(
                late.mode(),
                late.ratePercent(),
                late.lprMultiple(),
                late.base(),
                late.graceDays(),
                late.graceKind(),
                late.graceMode(),
                late.dayCount(),
                late.capPercent(),
                late.yearBasis(),
                late.lprMode(),
                late.fallback(),
                binds(TermKey.LATE_ALLOCATION) ? late.allocation() : Allocation.CIVIL_CODE_561,
                binds(TermKey.DISPUTED_PART) ? late.disputedPart() : DisputedPart.PROVISIONAL);
        return new ContractTerms(
                binds(TermKey.CLIENT_SIZE) ? client : client.undeclared(),
                binds(TermKey.PROVIDER_SIZE) ? provider : provider.undeclared(),
                term,
                standing,
                timely,
                lateness,
                receipt,
                suspension,
                new Termination(
                        binds(TermKey.TERMINATION_CURE) ? termination.cureWorkdays() : CURE_WORKDAYS,
                        binds(TermKey.REFUND) ? termination.refund() : TermKey.Refund.PRORATA_UNSERVED_DAYS,
                        binds(TermKey.SET_OFF) ? termination.setOff() : TermKey.SetOff.BY_NOTICE_ONLY),
                zone,
                signingPlace,
                unconfirmed);
    }

    private static final int FIRST_FLOOR = 5;
    private static final int CURE_WORKDAYS = 15;

    /** @param size as at conclusion; decides whether the SME payment regulation applies (G-21) */
    public record PartyTerms(String name, String address, Size size) {

        PartyTerms undeclared() {
            return new PartyTerms(name, address, Size.UNKNOWN);
        }
    }

    /** The size of a company as it declared it when the contract was concluded. */
    public enum Size {
        UNKNOWN,
        SMALL_OR_MEDIUM,
        LARGE,
        PUBLIC_BODY
    }

    /**
     * The service term (I-2.1). Period {@code k} of {@code n} starts on {@code start} plus its share of the months.
     *
     * @param start first day
     * @param end last day, inclusive
     * @param months as the parties state it; agrees with the dates unless {@code term.prevails} decided otherwise
     */
    public record Term(LocalDate start, LocalDate end, int months) {}

    /**
     * The fee (I-3.1).
     *
     * @param instalments number of instalments and of service periods, at least 1
     * @param split how the fen that do not divide are spread, when there is no annex 3
     * @param schedule the lines of annex 3, or empty: then equal instalments, each due at its period's start
     * @param vatInclusive whether the total contains the tax (G-10)
     * @param vatRatePercent such as 6
     */
    public record Fee(
            Money total,
            int instalments,
            Split split,
            List<ScheduledLine> schedule,
            boolean vatInclusive,
            BigDecimal vatRatePercent) {

        public Fee {
            schedule = List.copyOf(schedule);
        }
    }

    /** How the residue of an even split is spread. */
    public enum Split {
        /** 1,000,000.00 / 12 = 83,333.33 × 8 + 83,333.34 × 4. */
        RESIDUE_TO_LAST_LINES,
        /** 1,000,000.00 / 12 = 83,333.33 × 11 + 83,333.37. */
        RESIDUE_TO_LAST_LINE
    }

    /**
     * One line of annex 3 (III-A3.2).
     *
     * @param payBefore the day before which it must be credited
     */
    public record ScheduledLine(int number, Money amount, LocalDate payBefore) {}

    /**
     * When an instalment is in time (I-3.2a).
     *
     * @param boundary whether the period's first day itself is still in time (G-12)
     * @param receipt which moment of a payment counts (G-12b)
     * @param holidayRoll whether a fixed date on a holiday moves (G-12c)
     * @param firstFloorWorkdays the first instalments are due no earlier than this many working days after the contract
     *     took effect (G-12d), so that nobody is in breach at birth
     */
    public record Due(Boundary boundary, PaymentMoment receipt, HolidayRoll holidayRoll, int firstFloorWorkdays) {}

    /** G-12: is the period's first day itself in time? */
    public enum Boundary {
        /** In time only before the period's first day begins. */
        EXCLUSIVE,
        /** In time until that day ends. */
        INCLUSIVE
    }

    /** G-12b: which moment of a payment counts. */
    public enum PaymentMoment {
        CREDITED,
        SENT
    }

    /** G-12c: what a date on a holiday becomes. */
    public enum HolidayRoll {
        NONE,
        NEXT_WORKDAY
    }

    /**
     * Late payment (I-5.1, III-B1, G-18 to G-21).
     *
     * @param mode how the percentage is read (G-18)
     * @param ratePercent the percentage as printed: 5 means 5 % flat, or per day, or per year, as {@code mode} says;
     *     null when the blank was left empty, then {@code fallback} speaks
     * @param lprMultiple for {@link Mode#ANNUAL} without a fixed rate: so many times the one-year LPR, else null
     * @param base per cent of what (G-18b)
     * @param graceDays 0 when the text gives none (G-19)
     * @param capPercent cap in per cent of the instalment (G-20), or null without a cap
     * @param fallback what is offered when the rate was left blank (G-21); never a silent rate
     * @param allocation the order in which a part payment is absorbed (CC 561)
     * @param disputedPart how a part in dispute is treated (G-45)
     */
    public record LatePayment(
            Mode mode,
            @Nullable BigDecimal ratePercent,
            @Nullable BigDecimal lprMultiple,
            Base base,
            int graceDays,
            GraceKind graceKind,
            GraceMode graceMode,
            DayCount dayCount,
            @Nullable BigDecimal capPercent,
            YearBasis yearBasis,
            LprMode lprMode,
            Fallback fallback,
            Allocation allocation,
            DisputedPart disputedPart) {}

    /** G-18: how "支付 __% 的违约金" is read. */
    public enum Mode {
        FLAT,
        DAILY,
        ANNUAL
    }

    /** G-18b: per cent of what. */
    public enum Base {
        /** What is unpaid of that instalment, day by day. */
        UNPAID_PART,
        INSTALMENT,
        TOTAL_FEE
    }

    public enum GraceKind {
        WORKDAYS,
        CALENDAR_DAYS
    }

    /** G-19: what happens once the grace has passed in vain. */
    public enum GraceMode {
        /** Days are counted from the end of the grace. */
        SHIFTS_START,
        /** Days are counted from the due day after all. */
        RETRO
    }

    /** G-19b: whether the day of payment counts. */
    public enum DayCount {
        EXCLUDE_PAYMENT_DAY,
        INCLUDE_PAYMENT_DAY
    }

    public enum YearBasis {
        ACTUAL_365,
        ACTUAL_360;

        public int days() {
            return switch (this) {
                case ACTUAL_365 -> 365;
                case ACTUAL_360 -> 360;
            };
        }
    }

    /** Which LPR applies when it changes during the delay (E7). */
    public enum LprMode {
        AT_BREACH,
        FLOATING
    }

    /** G-21: what is offered when no rate was agreed. */
    public enum Fallback {
        NONE,
        /** 0.05 % per day, when the client is large or public and the provider small or medium. */
        SME_REGULATION,
        /** LPR-1Y × 1.3 to 1.5 as a claim for loss, by analogy. */
        LPR_LOSS
    }

    /** What a part payment extinguishes first. */
    public enum Allocation {
        /** Costs, interest, principal: Civil Code 561. */
        CIVIL_CODE_561,
        PRINCIPAL_FIRST
    }

    /** G-45: what a dispute does to the disputed part. */
    public enum DisputedPart {
        /** Accrues provisionally; cannot ground a suspension. */
        PROVISIONAL,
        /** Treated as any other part. */
        LATE
    }

    /** Receipts and tax invoices (I-3.2b, G-13), in working days after the credit. */
    public record Receipt(int workdays, int fapiaoWorkdays) {}

    /**
     * Suspension (I-3.3a, G-14).
     *
     * @param noticeWorkdays between the demand and the right to suspend
     * @param services numbers (1 to 7) of the services of I-1.1* that may be frozen
     * @param extendsTerm G-14b
     */
    public record Suspension(
            int noticeWorkdays, Set<Integer> services, SuspensionFee fee, boolean extendsTerm, int resumeWorkdays) {

        public Suspension {
            services = Set.copyOf(services);
        }
    }

    /** G-14: what becomes of the fee of suspended days. */
    public enum SuspensionFee {
        PRORATA_CREDIT,
        FULL_FEE
    }

    /**
     * Termination for non-payment (I-3.3b, G-15).
     *
     * @param cureWorkdays after a demand
     * @param refund what becomes of fees paid for days that were not served (G-40)
     * @param setOff whether debts may be set off against each other (G-41)
     */
    public record Termination(int cureWorkdays, TermKey.Refund refund, TermKey.SetOff setOff) {

        public Termination(int cureWorkdays) {
            this(cureWorkdays, TermKey.Refund.PRORATA_UNSERVED_DAYS, TermKey.SetOff.BY_NOTICE_ONLY);
        }
    }
}
