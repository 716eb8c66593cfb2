package io.retainer.billing;

import io.retainer.billing.BillingFact.InstalmentReduced;
import io.retainer.billing.BillingFact.Refunded;
import io.retainer.billing.BillingFact.SetOff;
import io.retainer.billing.Verdict.PenaltyStanding;
import io.retainer.contract.ContractTerms;
import io.retainer.contract.TermKey;
import io.retainer.kernel.Money;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * What the parties owe each other when the service ends (I-2.2a, Civil Code 566, 567): a pure function of terms and facts.
 *
 * @param lastDay the last day of service
 * @param lines one for each instalment that is touched
 * @param credits for suspended days
 * @param penalties claimed and not paid
 * @param penaltiesNotClaimed computed but asserted by nobody: not payable, still shown
 * @param refund what the provider has to give back before any set-off: fees of days not served, overpaid money and
 *     agreed credits
 * @param owed what the client still owes of the fee of days that were served
 * @param setOff claimed penalties that a notice has set off against the refund
 * @param refunded given back already
 */
public record Settlement(
        LocalDate lastDay,
        List<Part> lines,
        List<SuspensionCredit> credits,
        List<Claimed> penalties,
        Money penaltiesNotClaimed,
        Money refund,
        Money owed,
        Money setOff,
        Money refunded) {

    public Settlement {
        lines = List.copyOf(lines);
        credits = List.copyOf(credits);
        penalties = List.copyOf(penalties);
    }

    /**
     * @param unserved days of the period without service
     * @param of days of the period
     * @param unservedFee their share of the fee
     * @param paid money that went towards it
     * @param refund what of that goes back
     * @param owed what is still to be paid for the days served
     */
    public record Part(
            int instalment,
            Money amount,
            int unserved,
            int of,
            Money unservedFee,
            Money paid,
            Money refund,
            Money owed) {}

    /** A penalty that was claimed and is not settled. */
    public record Claimed(int instalment, Money open) {}

    /** What the provider still has to give back. Set-off takes a notice; without one both sums are paid on their own. */
    public Money toRefund() {
        return Money.max(Money.ZERO, refund.minus(setOff).minus(refunded));
    }

    public Money penaltiesOpen() {
        return Money.sum(penalties.stream().map(Claimed::open).toList());
    }

    /** Whether neither side owes the other anything. */
    public boolean isEven() {
        return toRefund().isZero() && owed.isZero() && penaltiesOpen().isZero();
    }

    /**
     * @param end when the service ended: that day was still served, unless it ended with its midnight
     * @param facts without what the end itself reduced
     */
    static Settlement of(
            ContractTerms terms, Schedule schedule, List<? extends BillingFact> facts, Verdict verdict, Instant end) {
        var lastDay = lastDay(terms, end);
        var lines = new ArrayList<Part>();
        var penalties = new ArrayList<Claimed>();
        var notClaimed = Money.ZERO;
        var refund = verdict.unallocated();
        var owed = Money.ZERO;
        for (var one : verdict.instalments()) {
            var instalment = one.instalment();
            int of = SuspensionCredit.days(instalment);
            int unserved = unserved(instalment, lastDay);
            var waived = one.state() == InstalmentState.WAIVED;
            var unservedFee = waived ? Money.ZERO : fee(schedule.instalment(one.number()), unserved);
            var reduced = reduced(facts, one.number());
            // What was paid is money, whatever the end has reduced since.
            var paid = one.paid().plus(one.overpaid());
            var earned = instalment.amount().minus(unservedFee);
            var back = Money.max(Money.ZERO, paid.minus(earned));
            var still = waived ? Money.ZERO : Money.max(Money.ZERO, earned.minus(paid));
            boolean due = !verdict.asOf().isBefore(instalment.due()) || unserved < of;
            if (waived) {
                back = one.overpaid();
            }
            if (unserved > 0 || back.isPositive() || (still.isPositive() && due)) {
                lines.add(new Part(
                        one.number(),
                        instalment.amount(),
                        unserved,
                        of,
                        unservedFee,
                        paid,
                        back,
                        due ? still : Money.ZERO));
                refund = refund.plus(back);
                owed = owed.plus(due ? still : Money.ZERO);
            }
            if (reduced.compareTo(instalment.amount()) > 0) {
                throw new IllegalStateException("More reduced than owed: " + one.number());
            }
            if (one.penaltyStanding() == PenaltyStanding.CLAIMED
                    && one.penaltyOpen().isPositive()) {
                penalties.add(new Claimed(one.number(), one.penaltyOpen()));
            } else if (one.penaltyStanding() == PenaltyStanding.CLAIMABLE
                    || one.penaltyStanding() == PenaltyStanding.PREVIEW) {
                notClaimed = notClaimed.plus(one.penaltyOpen());
            }
        }
        var credits = SuspensionCredit.of(terms, schedule, facts, end);
        for (var credit : credits) {
            if (credit.agreed()) {
                refund = refund.plus(credit.amount());
            }
        }
        var setOff = Money.ZERO;
        var refunded = Money.ZERO;
        for (var fact : facts) {
            if (fact instanceof SetOff off) {
                setOff = setOff.plus(off.amount());
            } else if (fact instanceof Refunded given) {
                refunded = refunded.plus(given.amount());
            }
        }
        return new Settlement(lastDay, lines, credits, penalties, notClaimed, refund, owed, setOff, refunded);
    }

    /** The fee of the days of a period that were not served; one rounding. */
    static Money fee(Instalment instalment, int unserved) {
        return Money.rounded(instalment
                .amount()
                .yuan()
                .multiply(BigDecimal.valueOf(unserved))
                .divide(BigDecimal.valueOf(SuspensionCredit.days(instalment)), 10, RoundingMode.HALF_UP));
    }

    /** What the end leaves unserved of a period whose refund the parties did not exclude (G-40). */
    static Money unservedFee(ContractTerms terms, Instalment instalment, Instant end) {
        return terms.termination().refund() == TermKey.Refund.NONE
                        && !instalment.start().isAfter(lastDay(terms, end))
                ? Money.ZERO
                : fee(instalment, unserved(instalment, lastDay(terms, end)));
    }

    /** A service that ends at midnight ended with the day before. */
    static LocalDate lastDay(ContractTerms terms, Instant end) {
        return end.minusNanos(1).atZone(terms.zone()).toLocalDate();
    }

    private static int unserved(Instalment instalment, LocalDate lastDay) {
        var first = lastDay.plusDays(1).isBefore(instalment.start()) ? instalment.start() : lastDay.plusDays(1);
        return Math.toIntExact(
                Math.max(0, ChronoUnit.DAYS.between(first, instalment.end().plusDays(1))));
    }

    private static Money reduced(List<? extends BillingFact> facts, int instalment) {
        return Money.sum(facts.stream()
                .<Money>mapMulti((fact, next) -> {
                    if (fact instanceof InstalmentReduced reduced && reduced.instalment() == instalment) {
                        next.accept(reduced.amount());
                    }
                })
                .toList());
    }

    /** As both parties would sign it: one line for each sum, in yuan. */
    List<String> canonical() {
        var all = new ArrayList<String>();
        all.add("last day " + lastDay);
        lines.forEach(part -> all.add("instalment " + part.instalment() + " amount " + yuan(part.amount())
                + " unserved "
                + part.unserved() + "/" + part.of() + " fee " + yuan(part.unservedFee()) + " paid " + yuan(part.paid())
                + " refund " + yuan(part.refund()) + " owed " + yuan(part.owed())));
        credits.stream()
                .filter(SuspensionCredit::agreed)
                .forEach(credit -> all.add("suspension credit instalment " + credit.instalment() + " days "
                        + credit.days() + "/" + credit.of() + " amount " + yuan(credit.amount()) + " net "
                        + yuan(credit.net()) + " vat " + yuan(credit.vat())));
        penalties.forEach(
                claimed -> all.add("penalty instalment " + claimed.instalment() + " open " + yuan(claimed.open())));
        all.add("refund " + yuan(refund) + " set off " + yuan(setOff) + " refunded " + yuan(refunded) + " to refund "
                + yuan(toRefund()) + " owed " + yuan(owed));
        return all;
    }

    private static String yuan(Money money) {
        return money.yuan().toPlainString();
    }
}
