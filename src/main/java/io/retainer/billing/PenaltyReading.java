package io.retainer.billing;

import io.retainer.contract.ContractTerms;
import io.retainer.contract.ContractTerms.Base;
import io.retainer.contract.ContractTerms.DayCount;
import io.retainer.contract.ContractTerms.GraceKind;
import io.retainer.contract.ContractTerms.GraceMode;
import io.retainer.contract.ContractTerms.LprMode;
import io.retainer.contract.ContractTerms.Mode;
import io.retainer.contract.ContractTerms.Size;
import io.retainer.contract.ContractTerms.YearBasis;
import io.retainer.contract.TermKey;
import io.retainer.kernel.Sentence;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One way to read "逾期付款按 __ % 支付违约金" (I-5.1, G-18 to G-20), complete enough to be computed.
 *
 * @param percent as printed, per {@code mode}; null when the rate is a multiple of the LPR
 * @param lprMultiple so many times the one-year LPR, else null
 * @param capPercent of the instalment, or null without a cap
 */
public record PenaltyReading(
        Origin origin,
        Mode mode,
        @Nullable BigDecimal percent,
        @Nullable BigDecimal lprMultiple,
        Base base,
        int graceDays,
        GraceKind graceKind,
        GraceMode graceMode,
        DayCount dayCount,
        YearBasis yearBasis,
        LprMode lprMode,
        @Nullable BigDecimal capPercent) {

    /** 0.05 % per day: SME payment regulation (2025) art. 17, before that (2020) art. 15. */
    static final BigDecimal SME_DAILY_PERCENT = new BigDecimal("0.05");

    /** Where a reading comes from. */
    public enum Origin {
        /** As the contract has it: the one that can be claimed once both parties confirmed it. */
        AGREED,
        /** The same percentage read in another way; for comparison. */
        ALTERNATIVE,
        /** The rate was left blank; the SME payment regulation offers 0.05 % per day (G-21a). */
        SME_REGULATION,
        /** The rate was left blank; a claim for loss at 1.3 to 1.5 times the LPR by analogy (G-21b). */
        LPR_LOSS,
        /** A line to hold the others against; never a claim. */
        REFERENCE
    }

    public PenaltyReading {
        if ((percent == null) == (lprMultiple == null)) {
            throw new IllegalArgumentException("A reading has either a percentage or a multiple of the LPR");
        }
        if (lprMultiple != null && mode != Mode.ANNUAL) {
            throw new IllegalArgumentException("Only an annual reading can rest on the LPR");
        }
    }

    /** What the contract says, if its blank was filled or the parties agreed on a fallback. */
    static Optional<PenaltyReading> agreed(ContractTerms terms) {
        var late = terms.late();
        if (late.mode() == Mode.ANNUAL && late.lprMultiple() != null && late.ratePercent() == null) {
            return Optional.of(of(terms, Origin.AGREED, Mode.ANNUAL, null, late.lprMultiple()));
        }
        if (late.ratePercent() != null) {
            return Optional.of(of(terms, Origin.AGREED, late.mode(), late.ratePercent(), null));
        }
        if (!terms.binds(TermKey.LATE_FALLBACK)) {
            return Optional.empty();
        }
        return switch (late.fallback()) {
            case SME_REGULATION ->
                smeApplies(terms)
                        ? Optional.of(of(terms, Origin.SME_REGULATION, Mode.DAILY, SME_DAILY_PERCENT, null))
                        : Optional.empty();
            case LPR_LOSS ->
                Optional.ofNullable(late.lprMultiple())
                        .map(multiple -> of(terms, Origin.LPR_LOSS, Mode.ANNUAL, null, multiple));
            case NONE -> Optional.empty();
        };
    }

    /** The agreed reading first, then every other one worth comparing. */
    static List<PenaltyReading> sideBySide(ContractTerms terms, ReferenceRates rates) {
        var all = new LinkedHashSet<PenaltyReading>();
        var late = terms.late();
        agreed(terms).ifPresent(all::add);
        if (late.ratePercent() != null) {
            for (var mode : Mode.values()) {
                variants(of(terms, Origin.ALTERNATIVE, mode, late.ratePercent(), null), all);
            }
        } else if (late.lprMultiple() == null) {
            if (smeApplies(terms)) {
                all.add(of(terms, Origin.SME_REGULATION, Mode.DAILY, SME_DAILY_PERCENT, null));
            }
            if (!rates.rates().isEmpty()) {
                all.add(of(terms, Origin.LPR_LOSS, Mode.ANNUAL, null, new BigDecimal("1.3")));
                all.add(of(terms, Origin.LPR_LOSS, Mode.ANNUAL, null, new BigDecimal("1.5")));
            }
        }
        if (late.lprMultiple() != null) {
            variants(of(terms, Origin.ALTERNATIVE, Mode.ANNUAL, null, late.lprMultiple()), all);
        }
        if (!rates.rates().isEmpty()) {
            for (var multiple : List.of("1", "1.3", "1.5", "4")) {
                all.add(of(terms, Origin.REFERENCE, Mode.ANNUAL, null, new BigDecimal(multiple)));
            }
        }
        return List.copyOf(all);
    }

    /** Whether the client is large or public and the provider small or medium, as declared at conclusion (G-21). */
    static boolean smeApplies(ContractTerms terms) {
        return switch (terms.client().size()) {
            case LARGE, PUBLIC_BODY -> terms.provider().size() == Size.SMALL_OR_MEDIUM;
            case SMALL_OR_MEDIUM, UNKNOWN -> false;
        };
    }

    /** The terms on which this reading rests; it can be claimed only when they all bind. */
    List<TermKey> restsOn() {
        var keys = new ArrayList<TermKey>();
        keys.add(
                switch (origin) {
                    case SME_REGULATION, LPR_LOSS -> TermKey.LATE_FALLBACK;
                    case AGREED, ALTERNATIVE, REFERENCE ->
                        lprMultiple == null ? TermKey.LATE_RATE : TermKey.LATE_LPR_MULTIPLE;
                });
        keys.add(TermKey.LATE_MODE);
        keys.add(TermKey.LATE_BASE);
        if (mode != Mode.FLAT) {
            keys.add(TermKey.LATE_DAY_COUNT);
            if (graceDays > 0) {
                keys.addAll(List.of(TermKey.LATE_GRACE, TermKey.LATE_GRACE_KIND, TermKey.LATE_GRACE_MODE));
            }
        }
        if (mode == Mode.ANNUAL) {
            keys.add(TermKey.LATE_YEAR_BASIS);
        }
        if (lprMultiple != null) {
            keys.add(TermKey.LATE_LPR_MODE);
        }
        if (capPercent != null) {
            keys.add(TermKey.LATE_CAP);
        }
        return keys;
    }

    /** The SME regulation's floor, against which an agreed rate is held: the LPR at conclusion, nothing else. */
    PenaltyReading atFloor(BigDecimal lprPercent) {
        return new PenaltyReading(
                Origin.REFERENCE,
                Mode.ANNUAL,
                lprPercent,
                null,
                base,
                graceDays,
                graceKind,
                graceMode,
                dayCount,
                yearBasis,
                lprMode,
                null);
    }

    private static PenaltyReading of(
            ContractTerms terms,
            Origin origin,
            Mode mode,
            @Nullable BigDecimal percent,
            @Nullable BigDecimal lprMultiple) {
        var late = terms.late();
        return new PenaltyReading(
                origin,
                mode,
                percent,
                lprMultiple,
                late.base(),
                late.graceDays(),
                late.graceKind(),
                late.graceMode(),
                late.dayCount(),
                late.yearBasis(),
                late.lprMode(),
                late.capPercent());
    }

    /** Adds the reading under every option that changes its amount, unless it is the agreed one. */
    private static void variants(PenaltyReading one, LinkedHashSet<PenaltyReading> all) {
        boolean timed = one.mode != Mode.FLAT;
        var graces = timed && one.graceDays > 0 ? List.of(GraceMode.values()) : List.of(one.graceMode);
        var counts = timed ? List.of(DayCount.values()) : List.of(one.dayCount);
        var bases = one.mode == Mode.ANNUAL ? List.of(YearBasis.values()) : List.of(one.yearBasis);
        var lprs = one.lprMultiple != null ? List.of(LprMode.values()) : List.of(one.lprMode);
        for (var grace : graces) {
            for (var count : counts) {
                for (var basis : bases) {
                    for (var lpr : lprs) {
                        var variant = new PenaltyReading(
                                one.origin,
                                one.mode,
                                one.percent,
                                one.lprMultiple,
                                one.base,
                                one.graceDays,
                                one.graceKind,
                                grace,
                                count,
                                basis,
                                lpr,
                                one.capPercent);
                        if (all.stream().noneMatch(variant::readsLike)) {
                            all.add(variant);
                        }
                    }
                }
            }
        }
    }

    private boolean readsLike(PenaltyReading other) {
        return new PenaltyReading(
                        other.origin,
                        mode,
                        percent,
                        lprMultiple,
                        base,
                        graceDays,
                        graceKind,
                        graceMode,
                        dayCount,
                        yearBasis,
                        lprMode,
                        capPercent)
                .equals(other);
    }

    /** Its name in a list of readings. */
    public List<Sentence> words() {
        var rate = percent != null
                ? Sentence.of(
                        "billing.reading.rate", percent.stripTrailingZeros().toPlainString())
                : Sentence.of("billing.reading.lpr", lprMultiple);
        var words = new ArrayList<Sentence>();
        words.add(Sentence.of("billing.reading." + mode.name(), rate));
        if (graceDays > 0 && mode != Mode.FLAT) {
            words.add(Sentence.of("billing.reading." + graceMode.name()));
        }
        if (mode != Mode.FLAT) {
            words.add(Sentence.of("billing.dayCount." + dayCount.name()));
        }
        if (mode == Mode.ANNUAL) {
            words.add(Sentence.of("billing.reading.year", yearBasis.days()));
        }
        if (lprMultiple != null) {
            words.add(Sentence.of("billing.reading." + lprMode.name()));
        }
        return words;
    }
}
