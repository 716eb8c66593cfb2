package io.retainer.contract;

import static io.retainer.contract.TermType.*;
import static io.retainer.kernel.Clause.*;

import io.retainer.kernel.Clause;
import io.retainer.kernel.Sentence;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Every parameter of the clause register: the blanks B01 to B16 of the text and the gaps G-01 to G-46 that the text
 * leaves open, each with the platform's default. A default is an offer: it binds only once both parties confirmed it
 * (clauses.md §1.7).
 */
public enum TermKey {
    // The blanks of the text
    CLIENT_NAME("client.name", "B01", I_0_2, TEXT),
    PROVIDER_NAME("provider.name", "B02", I_0_2, TEXT),
    CLIENT_ADDRESS("client.address", "B03", I_0_3, ADDRESS),
    PROVIDER_ADDRESS("provider.address", "B04", I_0_3, ADDRESS),
    TERM_START("term.start", "B05", I_2_1, DATE),
    TERM_END("term.end", "B06", I_2_1, DATE),
    TERM_MONTHS("term.months", "B07", I_2_1, INTEGER),
    FEE_TOTAL("fee.total", "B08", I_3_1A, MONEY),
    FEE_WORDS("fee.words", "B09", I_3_1B, MONEY_IN_WORDS),
    FEE_INSTALMENTS("fee.instalments", "B10", I_3_1C, INTEGER),
    LATE_RATE("late.rate", "B11", I_5_1, PERCENT),
    SIGN_DATE("sign.date", "B12", I_S_3, DATE),
    CLIENT_SEAL("client.seal", "B13", I_S_1, SEAL),
    PROVIDER_SEAL("provider.seal", "B14", I_S_2, SEAL),
    LATE_RATE_STANDARD("late.rate.standard", "B15", III_B1_STD, PERCENT),
    LATE_RATE_EXAMPLE("late.rate.example", "B16", III_B1_EX, PERCENT),

    // What the text leaves open
    SIGN_MODE("sign.mode", "G-01", I_7_1B, SignMode.class, "SEAL_OR_AUTHORISED_SIGNATURE"),
    SIGN_PLACE("sign.place", "G-02", I_6_1B, TEXT),
    PRECEDENCE("precedence", "G-03", I_0_1, Precedence.class, "LATER_SUPPLEMENT_ANNEX_PART_II_PART_I_EXAMPLES"),
    NOTICE_CHANNEL("notice.channel", "G-04", I_0_3, NoticeChannel.class, "PLATFORM_AND_EMAIL"),
    NOTICE_PAPER_DAYS("notice.paperDays", "G-04", I_0_3, INTEGER, "3"),
    QUALIFICATIONS("qual.required", "G-05", I_0_5, TEXT, "营业执照"),
    WORK_ORDER_FREE_HOURS("wo.freeHoursPerPeriod", "G-06", I_1_1_7, INTEGER, "0"),
    WORK_ORDER_QUOTE("wo.quoteRequired", "G-06", I_1_1_7, BOOLEAN, "true"),
    WORK_ORDER_SILENCE("wo.silenceAccepts", "G-06", I_1_1_7, BOOLEAN, "false"),
    SERVICE_LEVELS("sla.set", "G-07", I_1_2B, ServiceLevels.class, "PROPOSED_SET"),
    TERM_PREVAILS("term.prevails", "G-08", I_2_1, TermPrevails.class, "BLOCK"),
    EXTEND_NOTICE_DAYS("term.extendNoticeDays", "G-09", I_2_2B, INTEGER, "30"),
    VAT_INCLUSIVE("fee.vatInclusive", "G-10", I_3_1A, BOOLEAN, "true"),
    VAT_RATE("fee.vatRate", "G-10", I_3_1A, PERCENT, "6"),
    AMOUNT_CONFLICT("amount.conflict", "G-11", I_3_1B, AmountConflict.class, "BLOCK"),
    FEE_SPLIT("fee.split", "B10", I_3_1C, ContractTerms.Split.class, "RESIDUE_TO_LAST_LINES"),
    FEE_SCHEDULE("fee.schedule", "III-A3.2", III_A3_2, SCHEDULE),
    DUE_BOUNDARY("due.boundary", "G-12", I_3_2A, ContractTerms.Boundary.class, "EXCLUSIVE"),
    DUE_RECEIPT("due.receipt", "G-12b", I_3_2A, ContractTerms.PaymentMoment.class, "CREDITED"),
    DUE_HOLIDAY_ROLL("due.holidayRoll", "G-12c", I_3_2A, ContractTerms.HolidayRoll.class, "NONE"),
    DUE_FIRST_FLOOR("due.firstFloor", "G-12d", I_3_2A, INTEGER, "5"),
    RECEIPT_WORKDAYS("receipt.workdays", "G-13", I_3_2B, INTEGER, "3"),
    FAPIAO_WORKDAYS("fapiao.workdays", "G-13", I_3_2B, INTEGER, "10"),
    SUSPENSION_NOTICE("susp.noticeWorkdays", "G-14", I_3_3A, INTEGER, "5"),
    SUSPENSION_SCOPE("susp.scope", "G-14", I_3_3A, INTEGERS, "1,3,4,5,6,7"),
    SUSPENSION_FEE("susp.fee", "G-14", I_3_3A, ContractTerms.SuspensionFee.class, "PRORATA_CREDIT"),
    SUSPENSION_RESUME("susp.resumeWorkdays", "G-14", I_3_3A, INTEGER, "2"),
    SUSPENSION_EXTENDS_TERM("susp.extendsTerm", "G-14b", I_3_3A, BOOLEAN, "false"),
    TERMINATION_CURE("term.cureWorkdays", "G-15", I_3_3B, INTEGER, "15"),
    LEGAL_COMPULSION("conf.legalCompulsion", "G-16", I_4_1B, LegalCompulsion.class, "MINIMUM_AND_NOTIFY_FIRST"),
    CONFIDENTIAL_YEARS("conf.years", "G-17", I_4_2, INTEGER, "3"),
    LATE_MODE("late.mode", "G-18", I_5_1, ContractTerms.Mode.class, "FLAT"),
    LATE_BASE("late.base", "G-18b", I_5_1, ContractTerms.Base.class, "UNPAID_PART"),
    LATE_GRACE("late.graceDays", "G-19", I_5_1, INTEGER, "0"),
    LATE_GRACE_KIND("late.graceKind", "G-19", I_5_1, ContractTerms.GraceKind.class, "WORKDAYS"),
    LATE_GRACE_MODE("late.graceMode", "G-19", I_5_1, ContractTerms.GraceMode.class, "SHIFTS_START"),
    LATE_DAY_COUNT("late.dayCount", "G-19b", I_5_1, ContractTerms.DayCount.class, "EXCLUDE_PAYMENT_DAY"),
    LATE_CAP("late.cap", "G-20", I_5_1, PERCENT),
    LATE_YEAR_BASIS("late.yearBasis", "G-18", I_5_1, ContractTerms.YearBasis.class, "ACTUAL_365"),
    LATE_LPR_MULTIPLE("late.lprMultiple", "G-18", I_5_1, DECIMAL),
    LATE_LPR_MODE("late.lprMode", "G-21", I_5_1, ContractTerms.LprMode.class, "AT_BREACH"),
    LATE_FALLBACK("late.fallback", "G-21", I_5_1, ContractTerms.Fallback.class, "NONE"),
    LATE_ALLOCATION("allocation.policy", "G-18b", I_5_1, ContractTerms.Allocation.class, "CIVIL_CODE_561"),
    CLIENT_SIZE("client.size", "G-21", I_5_1, ContractTerms.Size.class, "UNKNOWN"),
    PROVIDER_SIZE("provider.size", "G-21", I_5_1, ContractTerms.Size.class, "UNKNOWN"),
    RECTIFICATION_WORKDAYS("rect.workdays", "G-22", I_5_2A, INTEGER, "10"),
    RECTIFICATION_PLAN_WORKDAYS("rect.planWorkdays", "G-22", I_5_2A, INTEGER, "3"),
    RECTIFICATION_ROUNDS("rect.maxRounds", "G-22", I_5_2A, INTEGER, "2"),
    DAMAGES_CAP("dmg.cap", "G-23", I_5_2B, PERCENT),
    DAMAGES_CREDITS_OFFSET("dmg.creditsOffset", "G-23", I_5_2B, BOOLEAN, "true"),
    FORCE_MAJEURE_NOTICE("fm.noticeHours", "G-24", I_5_3A, INTEGER, "48"),
    FORCE_MAJEURE_PROOF("fm.proofDays", "G-24", I_5_3A, INTEGER, "15"),
    FORCE_MAJEURE_LONG_STOP("fm.longStopDays", "G-24", I_5_3A, INTEGER, "60"),
    NEGOTIATION_DAYS("disp.negotiateDays", "G-25", I_6_1A, INTEGER, "30"),
    INTRODUCER("tp.introducer", "G-26", II_1_1, Introducer.class, "NOTICE_SENDER"),
    THIRD_PARTY_CAP("tp.cap", "G-27", II_2_1, TEXT, "逐次约定,签约前必填"),
    PRIMARY_SHARE("tp.primaryPct", "G-28", II_2_1_1, PERCENT, "70"),
    RESIDUAL_SHARE("tp.residual", "G-29", II_2_1_2, Residual.class, "INTRODUCER"),
    EXTERNAL_MODE("tp.externalMode", "G-29b", II_2_1, ExternalMode.class, "SHARES_IF_SIGNED_ELSE_INTRODUCER_FRONTS"),
    CAMPAIGN_FAIL("camp.failPct", "G-30", II_2_1_4, PERCENT, "70"),
    THIRD_PARTY_CONSENT("tp.consent", "G-31", II_3_3_3, BOOLEAN, "true"),
    THIRD_PARTY_NOTICE("tp.noticeWorkdays", "G-32", II_4_1, INTEGER, "10"),
    THIRD_PARTY_ANSWER("tp.answerWorkdays", "G-32", II_4_2A, INTEGER, "5"),
    THIRD_PARTY_REPLY("tp.replyWorkdays", "G-33", II_4_3, INTEGER, "7"),
    SUPPLEMENT_SIGNERS("tp.supplementSigners", "G-34", II_4_4, SupplementSigners.class, "THREE_PARTY"),
    EXIT_NOTICE("tp.exitNoticeDays", "G-35", II_5_1, INTEGER, "30"),
    EXIT_HANDOVER("tp.handoverDays", "G-35", II_5_1, INTEGER, "15"),
    DATA_RETURN("tp.dataReturnDays", "G-36", II_5_3A, INTEGER, "15"),
    THIRD_PARTY_COUNTERSIGNS("tp.countersigns", "G-37", II_7_2, BOOLEAN, "true"),
    MATERIAL_DEFECT("quality.material", "G-38", III_B2_EX, MaterialDefect.class, "OBJECTIVE_TRIGGERS_THEN_REVIEW"),
    LEAK_LIABILITY(
            "leak.providerLiability", "G-39", III_B3_STD, LeakLiability.class, "PROVIDER_IF_INTRODUCER_WITH_RECOURSE"),
    REFUND("term.refund", "G-40", I_2_2A, Refund.class, "PRORATA_UNSERVED_DAYS"),
    SET_OFF("setoff.allowed", "G-41", I_5_2B, SetOff.class, "BY_NOTICE_ONLY"),
    WITHHOLDING("withhold.basis", "G-42", I_3_2A, Withholding.class, "ONLY_527_OR_AGREEMENT"),
    RESULTS_OWNER("ip.owner", "G-43", I_1_1_1, ResultsOwner.class, "CLIENT"),
    DATA_RETENTION("pi.retentionDays", "G-44", III_A2_1, INTEGER, "30"),
    DISPUTED_PART("late.disputedPart", "G-45", I_5_1, ContractTerms.DisputedPart.class, "PROVISIONAL"),
    RATE_SOURCE("late.rateSource", "G-46", III_B1_STD, RateSource.class, "CLAUSE_5_1");

    /** G-01. */
    public enum SignMode {
        SEAL_OR_AUTHORISED_SIGNATURE,
        SEAL_ONLY,
        SEAL_AND_SIGNATURE
    }

    /** G-03. */
    public enum Precedence {
        LATER_SUPPLEMENT_ANNEX_PART_II_PART_I_EXAMPLES,
        MAIN_TEXT_FIRST
    }

    /** G-04. */
    public enum NoticeChannel {
        PLATFORM_AND_EMAIL,
        PAPER
    }

    /** G-07. */
    public enum ServiceLevels {
        PROPOSED_SET,
        OWN_SET
    }

    /** G-08: what holds when months and dates disagree. */
    public enum TermPrevails {
        BLOCK,
        DATES,
        MONTHS
    }

    /** G-11. */
    public enum AmountConflict {
        BLOCK,
        OPEN_QUESTION
    }

    /** G-16. */
    public enum LegalCompulsion {
        MINIMUM_AND_NOTIFY_FIRST,
        CONSENT_ALWAYS
    }

    /** G-26. */
    public enum Introducer {
        NOTICE_SENDER,
        CONTRACTING_PARTY
    }

    /** G-29. */
    public enum Residual {
        INTRODUCER,
        PROVIDER,
        CLIENT
    }

    /** G-29b. */
    public enum ExternalMode {
        SHARES_IF_SIGNED_ELSE_INTRODUCER_FRONTS,
        INTRODUCER_FRONTS
    }

    /** G-34. */
    public enum SupplementSigners {
        THREE_PARTY,
        INTRODUCER_AND_THIRD_PARTY
    }

    /** G-38. */
    public enum MaterialDefect {
        OBJECTIVE_TRIGGERS_THEN_REVIEW,
        ASSESSOR
    }

    /** G-39. */
    public enum LeakLiability {
        PROVIDER_IF_INTRODUCER_WITH_RECOURSE,
        THIRD_PARTY_ONLY
    }

    /** G-40. */
    public enum Refund {
        PRORATA_UNSERVED_DAYS,
        NONE
    }

    /** G-41. */
    public enum SetOff {
        BY_NOTICE_ONLY,
        NOT_ALLOWED
    }

    /** G-42. */
    public enum Withholding {
        ONLY_527_OR_AGREEMENT,
        NOT_ALLOWED
    }

    /** G-43. */
    public enum ResultsOwner {
        CLIENT,
        PROVIDER,
        JOINT
    }

    /** G-46. */
    public enum RateSource {
        CLAUSE_5_1,
        STATED
    }

    private static final Map<String, TermKey> BY_ID =
            Stream.of(values()).collect(Collectors.toUnmodifiableMap(TermKey::id, Function.identity()));

    private final String id;
    private final String gap;
    private final Clause clause;
    private final TermType type;
    private final @Nullable String proposal;
    private final @Nullable Class<? extends Enum<?>> choice;

    TermKey(String id, String gap, Clause clause, TermType type) {
        this(id, gap, clause, type, null, null);
    }

    TermKey(String id, String gap, Clause clause, TermType type, String proposal) {
        this(id, gap, clause, type, proposal, null);
    }

    TermKey(String id, String gap, Clause clause, Class<? extends Enum<?>> choice, String proposal) {
        this(id, gap, clause, CHOICE, proposal, choice);
    }

    TermKey(
            String id,
            String gap,
            Clause clause,
            TermType type,
            @Nullable String proposal,
            @Nullable Class<? extends Enum<?>> choice) {
        this.id = id;
        this.gap = gap;
        this.clause = clause;
        this.type = type;
        this.proposal = proposal;
        this.choice = choice;
    }

    /** The stable name in the API and in the document hash, such as {@code late.mode}. */
    public String id() {
        return id;
    }

    /** The blank ({@code B11}) or gap ({@code G-18}) of the register. */
    public String gap() {
        return gap;
    }

    public Clause clause() {
        return clause;
    }

    public TermType type() {
        return type;
    }

    /** The platform's default in canonical form, or null when there is none. */
    public @Nullable String proposal() {
        return proposal;
    }

    /** The constants of a {@link TermType#CHOICE}, empty for other types. */
    public List<? extends Enum<?>> choices() {
        return choice == null ? List.of() : List.of(choice.getEnumConstants());
    }

    /** One of the blanks B01 to B16 of the text. */
    public boolean isBlankOfText() {
        return gap.startsWith("B") && proposal == null;
    }

    /** B15 and B16 repeat B11: shown, never filled in. */
    public boolean isDerived() {
        return this == LATE_RATE_STANDARD || this == LATE_RATE_EXAMPLE;
    }

    /** B12 to B14 come into being by signing. */
    public boolean isFilledBySigning() {
        return this == SIGN_DATE || this == CLIENT_SEAL || this == PROVIDER_SEAL;
    }

    /** In words: the message {@code contract.term.<id>}. */
    public Sentence title() {
        return Sentence.of("contract.term." + id);
    }

    /** The gap and the title, such as "G-14 notice before suspension". */
    public Sentence named() {
        return Sentence.of("contract.termOfGap", gap, title());
    }

    static Optional<TermKey> find(String id) {
        return Optional.ofNullable(BY_ID.get(id));
    }

    /** @throws IllegalArgumentException when no term has this id */
    public static TermKey of(String id) {
        var key = BY_ID.get(id);
        if (key == null) {
            throw new IllegalArgumentException("No term has the id " + id);
        }
        return key;
    }
}
