package io.retainer.billing;

import io.retainer.contract.ContractTerms.Base;
import io.retainer.contract.ContractTerms.DayCount;
import io.retainer.contract.ContractTerms.GraceKind;
import io.retainer.contract.ContractTerms.GraceMode;
import io.retainer.contract.ContractTerms.LprMode;
import io.retainer.contract.ContractTerms.Mode;
import io.retainer.kernel.Money;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.WorkCalendar;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one reading makes of one late instalment. Exact segments are summed and rounded once, half up (worked-examples.md,
 * rounding rule); only where a payment is absorbed by the penalty first (Civil Code 561) is the sum so far rounded too,
 * because fen change hands there.
 *
 * @param amount the penalty in all, or null when it cannot be computed; {@code derivation} then says what is missing
 * @param days days of delay that count under this reading; 0 for a flat one
 * @param principalOpen what is left of the instalment under this reading
 * @param absorbed the part of the penalty that payments went to before the principal
 * @param overpaid paid beyond principal and absorbed penalty
 * @param cleared the day on which the principal was paid in full, or null while it is open
 * @param derivation how the amount came about, line by line
 */
public record Penalty(
        PenaltyReading reading,
        @Nullable Money amount,
        int days,
        Money principalOpen,
        Money absorbed,
        Money overpaid,
        @Nullable LocalDate cleared,
        List<Line> derivation,
        List<Flag> flags) {

    public Penalty {
        derivation = List.copyOf(derivation);
        flags = List.copyOf(flags);
    }

    /**
     * Something a person should look at; it never changes an amount.
     *
     * @param amount the amount it speaks of, or null
     */
    public record Flag(Kind kind, Sentence words, @Nullable Money amount) {

        public enum Kind {
            /** More than 130 % of the documented loss: a court may reduce it on request (interp. 65). */
            EXCESS,
            /** Below what the SME payment regulation requires (art. 17). */
            BELOW_SME_FLOOR,
            /** Per cent of the total fee, not of the overdue instalment. */
            TOTAL_FEE_BASE,
            /** The cap of G-20 was reached. */
            CAPPED,
            /** Part of it accrues on an amount in dispute (G-45). */
            PROVISIONAL,
            /** Rests on a year whose holidays are not loaded. */
            CALENDAR
        }
    }

    /**
     * The delay that is judged.
     *
     * @param amount the instalment
     * @param totalFee of the contract, for {@link Base#TOTAL_FEE}
     * @param lastDay the last day in time
     * @param openWhenDue what was unpaid when it fell due
     * @param credits payments after that, in order
     * @param asOf the day as of which the penalty is computed, while something is open
     */
    record Delay(
            Money amount, Money totalFee, LocalDate lastDay, Money openWhenDue, List<Credit> credits, LocalDate asOf) {

        Delay {
            credits = List.copyOf(credits);
        }
    }

    /**
     * @param day on which it counts as paid, in the contract's zone
     * @param penaltyFirst whether it is absorbed by the accrued penalty before the principal (CC 561)
     * @param paidTowardsPenalty what had been paid expressly for the penalty by then: that needs no absorbing
     */
    record Credit(LocalDate day, Money amount, boolean penaltyFirst, Money paidTowardsPenalty) {}

    static Penalty of(PenaltyReading reading, Delay delay, ReferenceRates rates, WorkCalendar calendar) {
        return new Calculation(reading, delay, rates, calendar).result();
    }

    Penalty with(List<Flag> more) {
        var all = new ArrayList<>(flags);
        all.addAll(more);
        return new Penalty(reading, amount, days, principalOpen, absorbed, overpaid, cleared, derivation, all);
    }

    /** Walks along the delay, from payment to payment. */
    private static final class Calculation {

        private final PenaltyReading reading;
        private final Delay delay;
        private final ReferenceRates rates;
        private final List<Line> lines = new ArrayList<>();
        private final List<Flag> flags = new ArrayList<>();
        private final LocalDate firstLate;
        private final LocalDate graceEnd;
        private final LocalDate start;
        private final int counted;

        private @Nullable Sentence missing;
        private BigDecimal numerator = BigDecimal.ZERO;
        private Money flat = Money.ZERO;
        private Money principal;
        private Money absorbed = Money.ZERO;
        private Money overpaid = Money.ZERO;
        private @Nullable LocalDate cleared;
        private LocalDate accruedTo;
        private long days;

        Calculation(PenaltyReading reading, Delay delay, ReferenceRates rates, WorkCalendar calendar) {
            this.reading = reading;
            this.delay = delay;
            this.rates = rates;
            this.principal = delay.openWhenDue();
            this.firstLate = delay.lastDay().plusDays(1);
            this.counted = reading.dayCount() == DayCount.INCLUDE_PAYMENT_DAY ? 1 : 0;
            if (reading.graceDays() == 0) {
                graceEnd = delay.lastDay();
            } else if (reading.graceKind() == GraceKind.CALENDAR_DAYS) {
                graceEnd = delay.lastDay().plusDays(reading.graceDays());
            } else {
                var end = calendar.plusWorkdays(delay.lastDay(), reading.graceDays());
                graceEnd = end.date();
                if (end.warning() != null) {
                    flags.add(new Flag(Flag.Kind.CALENDAR, end.warning(), null));
                }
            }
            boolean retro = reading.graceMode() == GraceMode.RETRO && reading.mode() != Mode.FLAT;
            this.start = retro ? firstLate : graceEnd.plusDays(1);
            this.accruedTo = start;
        }

        Penalty result() {
            if (reading.graceDays() > 0) {
                lines.add(Line.of(
                        "billing.penalty.grace." + reading.graceMode().name(),
                        reading.graceDays(),
                        Sentence.of("billing.graceKind." + reading.graceKind().name()),
                        delay.lastDay(),
                        graceEnd,
                        start));
            }
            // What is paid within the grace is not late, whichever way the grace is read.
            var credits = new ArrayList<>(delay.credits());
            while (!credits.isEmpty() && !credits.getFirst().day().isAfter(graceEnd)) {
                pay(credits.removeFirst(), false);
            }
            boolean late = principal.isPositive() && delay.asOf().isAfter(graceEnd);
            if (!late) {
                lines.add(Line.of("billing.penalty.none"));
            } else {
                sayBase();
                if (reading.mode() == Mode.FLAT) {
                    flat();
                }
            }
            for (var credit : credits) {
                accrue(credit.day().plusDays(counted));
                pay(credit, true);
            }
            if (late && principal.isPositive()) {
                accrue(delay.asOf().plusDays(counted));
            }
            return finish(late);
        }

        private void flat() {
            var base = base();
            var exact = BigDecimal.valueOf(base.fen()).multiply(percent(firstLate));
            flat = Money.ofFen(exact.divide(BigDecimal.valueOf(100), 0, RoundingMode.HALF_UP)
                    .longValueExact());
            lines.add(new Line(
                    Sentence.of("billing.penalty.flat", base, plain(percent(firstLate)), plain(exact.movePointLeft(4))),
                    flat));
        }

        private void accrue(LocalDate until) {
            if (reading.mode() == Mode.FLAT || !principal.isPositive() || !until.isAfter(accruedTo)) {
                return;
            }
            var cuts = new ArrayList<LocalDate>();
            if (reading.lprMultiple() != null && reading.lprMode() == LprMode.FLOATING) {
                cuts.addAll(rates.changesBetween(accruedTo, until));
            }
            cuts.add(until);
            var from = accruedTo;
            for (var to : cuts) {
                segment(from, to);
                from = to;
            }
            accruedTo = until;
        }

        private void segment(LocalDate from, LocalDate to) {
            long length = ChronoUnit.DAYS.between(from, to);
            var percent = percent(reading.lprMode() == LprMode.FLOATING ? from : firstLate);
            if (missing != null) {
                return;
            }
            var base = base();
            var part = BigDecimal.valueOf(base.fen()).multiply(percent).multiply(BigDecimal.valueOf(length));
            numerator = numerator.add(part);
            days += length;
            var yuan = part.divide(divisor().multiply(BigDecimal.valueOf(100)), 6, RoundingMode.HALF_UP);
            if (reading.mode() == Mode.DAILY) {
                lines.add(Line.of(
                        "billing.penalty.daily", base, plain(percent), length, plain(yuan), from, to.minusDays(1)));
            } else {
                lines.add(Line.of(
                        "billing.penalty.annual",
                        base,
                        rateWords(percent, from),
                        length,
                        reading.yearBasis().days(),
                        plain(yuan),
                        from,
                        to.minusDays(1)));
            }
        }

        /** The rate in words: the percentage, or how it comes from the LPR of the day. */
        private Object rateWords(BigDecimal percent, LocalDate from) {
            var multiple = reading.lprMultiple();
            if (multiple == null) {
                return plain(percent) + "%";
            }
            var lpr = rates.on(reading.lprMode() == LprMode.FLOATING ? from : firstLate)
                    .orElseThrow();
            return Sentence.of(
                    "billing.penalty.lprRate", plain(lpr.percent()), plain(multiple), plain(percent), lpr.from());
        }

        private void pay(Credit credit, boolean late) {
            var rest = credit.amount();
            if (late && credit.penaltyFirst()) {
                var taken = Money.min(rest, sum().minus(absorbed).minus(credit.paidTowardsPenalty()));
                if (taken.isPositive()) {
                    absorbed = absorbed.plus(taken);
                    rest = rest.minus(taken);
                    lines.add(Line.of("billing.penalty.absorbed", credit.day(), credit.amount(), taken, rest));
                }
            }
            var toPrincipal = Money.min(rest, principal);
            principal = principal.minus(toPrincipal);
            overpaid = overpaid.plus(rest.minus(toPrincipal));
            if (principal.isZero() && cleared == null) {
                cleared = credit.day();
            }
        }

        private Penalty finish(boolean late) {
            var amount = missing == null ? sum() : null;
            if (missing != null) {
                lines.add(new Line(missing, null));
            } else if (late) {
                if (reading.mode() != Mode.FLAT) {
                    lines.add(new Line(Sentence.of("billing.penalty.sum", days), uncapped()));
                }
                var cap = cap();
                if (cap != null && uncapped().compareTo(cap) > 0) {
                    var words = Sentence.of(
                            "billing.penalty.capped", plain(reading.capPercent()), delay.amount(), cap, uncapped());
                    lines.add(new Line(words, cap));
                    flags.add(new Flag(Flag.Kind.CAPPED, words, cap));
                }
                if (reading.base() == Base.TOTAL_FEE) {
                    flags.add(new Flag(
                            Flag.Kind.TOTAL_FEE_BASE,
                            Sentence.of("billing.penalty.totalFeeBase", delay.totalFee(), delay.amount()),
                            null));
                }
            }
            return new Penalty(
                    reading, amount, Math.toIntExact(days), principal, absorbed, overpaid, cleared, lines, flags);
        }

        private void sayBase() {
            lines.add(Line.of(
                    "billing.penalty.open",
                    delay.lastDay(),
                    delay.openWhenDue(),
                    firstLate,
                    Sentence.of("billing.dayCount." + reading.dayCount().name())));
        }

        private Money base() {
            return switch (reading.base()) {
                case UNPAID_PART -> principal;
                case INSTALMENT -> delay.amount();
                case TOTAL_FEE -> delay.totalFee();
            };
        }

        private BigDecimal percent(LocalDate day) {
            if (reading.percent() != null) {
                return reading.percent();
            }
            var rate = rates.on(day);
            if (rate.isEmpty()) {
                missing = Sentence.of("billing.penalty.noLpr", day);
                return BigDecimal.ZERO;
            }
            return rate.get().percent().multiply(reading.lprMultiple());
        }

        private BigDecimal divisor() {
            return reading.mode() == Mode.ANNUAL
                    ? BigDecimal.valueOf(100L * reading.yearBasis().days())
                    : BigDecimal.valueOf(100);
        }

        private Money uncapped() {
            return reading.mode() == Mode.FLAT
                    ? flat
                    : Money.ofFen(
                            numerator.divide(divisor(), 0, RoundingMode.HALF_UP).longValueExact());
        }

        private Money sum() {
            var cap = cap();
            return cap == null ? uncapped() : Money.min(uncapped(), cap);
        }

        private @Nullable Money cap() {
            var percent = reading.capPercent();
            return percent == null
                    ? null
                    : Money.ofFen(BigDecimal.valueOf(delay.amount().fen())
                            .multiply(percent)
                            .divide(BigDecimal.valueOf(100), 0, RoundingMode.HALF_UP)
                            .longValueExact());
        }

        private static String plain(@Nullable BigDecimal number) {
            return number == null ? "" : number.stripTrailingZeros().toPlainString();
        }
    }
}
