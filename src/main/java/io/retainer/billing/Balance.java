package io.retainer.billing;

import static java.util.Comparator.comparing;

import io.retainer.billing.BillingFact.InstalmentReduced;
import io.retainer.billing.BillingFact.PenaltyWaived;
import io.retainer.billing.BillingFact.Towards;
import io.retainer.billing.Payments.Payment;
import io.retainer.billing.Penalty.Credit;
import io.retainer.billing.Penalty.Delay;
import io.retainer.contract.ContractTerms.Allocation;
import io.retainer.kernel.Money;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What payments leave open of an instalment, in the order of payment that the agreed reading yields.
 *
 * @param penalty of the agreed reading, or null when none was agreed
 * @param open what is left of the principal
 * @param overpaid beyond principal and absorbed penalty
 */
record Balance(Delay delay, @Nullable Penalty penalty, Money open, Money overpaid) {

    static Balance of(Instalment instalment, List<Payment> paid, Basis basis) {
        var terms = basis.terms(instalment);
        var claimed = basis.claimedAt(instalment);
        var forgiven = basis.latest(PenaltyWaived.class, instalment)
                .map(BillingFact::at)
                .orElse(null);
        var inTime = Money.ZERO;
        var towardsPenalty = Money.ZERO;
        var credits = new ArrayList<Credit>();
        for (var payment : withReductions(instalment, paid, basis)) {
            if (payment.towards() == Towards.PENALTY) {
                towardsPenalty = towardsPenalty.plus(payment.amount());
                continue;
            }
            if (payment.at().isBefore(instalment.due())) {
                inTime = inTime.plus(payment.amount());
            } else {
                // Only what was claimed is payable, so only that can be absorbed first.
                boolean penaltyFirst = terms.late().allocation() == Allocation.CIVIL_CODE_561
                        && payment.towards() == null
                        && claimed != null
                        && !claimed.isAfter(payment.at())
                        && (forgiven == null || payment.at().isBefore(forgiven));
                credits.add(new Credit(basis.day(payment.at()), payment.amount(), penaltyFirst, towardsPenalty));
            }
        }
        var overpaidInTime = Money.max(Money.ZERO, inTime.minus(instalment.amount()));
        var openWhenDue = instalment.amount().minus(inTime).plus(overpaidInTime);
        // Nothing accrues on what was given up.
        var waived = basis.waivedAt(instalment);
        var delay = new Delay(
                instalment.amount(),
                terms.fee().total(),
                instalment.lastDay(),
                openWhenDue,
                credits,
                waived == null ? basis.today() : basis.day(waived));
        var penalty = basis.reading(instalment)
                .map(reading -> Penalty.of(reading, delay, basis.rates(), basis.calendar()))
                .orElse(null);
        if (penalty != null) {
            return new Balance(
                    delay, penalty, penalty.principalOpen(), penalty.overpaid().plus(overpaidInTime));
        }
        var late = Money.sum(credits.stream().map(Credit::amount).toList());
        return new Balance(
                delay,
                null,
                Money.max(Money.ZERO, openWhenDue.minus(late)),
                overpaidInTime.plus(Money.max(Money.ZERO, late.minus(openWhenDue))));
    }

    /** What the end of the contract took off the fee extinguishes principal like money, and only that. */
    private static List<Payment> withReductions(Instalment instalment, List<Payment> paid, Basis basis) {
        var reductions = basis.about(instalment, InstalmentReduced.class)
                .map(reduced -> new Payment(reduced.at(), reduced.amount(), Towards.PRINCIPAL))
                .toList();
        return reductions.isEmpty()
                ? paid
                : Stream.concat(paid.stream(), reductions.stream())
                        .sorted(comparing(Payment::at))
                        .toList();
    }
}
