package io.retainer.billing;

import io.retainer.billing.BillingFact.LossDocumented;
import io.retainer.billing.BillingFact.PenaltyWaived;
import io.retainer.billing.Penalty.Credit;
import io.retainer.billing.Penalty.Delay;
import io.retainer.billing.Penalty.Flag;
import io.retainer.billing.Verdict.AllocationOutcome;
import io.retainer.billing.Verdict.PenaltyStanding;
import io.retainer.contract.ContractTerms.Allocation;
import io.retainer.contract.ContractTerms.DisputedPart;
import io.retainer.contract.TermKey;
import io.retainer.kernel.Money;
import io.retainer.kernel.Sentence;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The penalty for one instalment: what each reading makes of the delay, and where the agreed one stands. */
final class PenaltyJudgement {

    /** More of the documented loss than this is commonly held excessive (interp. 65). */
    private static final BigDecimal EXCESS = new BigDecimal("1.3");

    private final Basis basis;
    private final Instalment instalment;
    private final Balance balance;

    PenaltyJudgement(Basis basis, Instalment instalment, Balance balance) {
        this.basis = basis;
        this.instalment = instalment;
        this.balance = balance;
    }

    /** Every reading, the agreed one first. */
    List<Penalty> readings(Money disputed) {
        var loss = basis.latest(LossDocumented.class, instalment);
        var floor = floor();
        return PenaltyReading.sideBySide(basis.terms(instalment), basis.rates()).stream()
                .map(reading -> {
                    var penalty = of(reading, balance.delay());
                    var flags = new ArrayList<Flag>();
                    var amount = penalty.amount();
                    if (amount != null && reading.origin() != PenaltyReading.Origin.REFERENCE) {
                        loss.flatMap(fact -> excess(amount, fact.amount())).ifPresent(flags::add);
                        floor.filter(least -> amount.compareTo(least) < 0)
                                .ifPresent(least -> flags.add(new Flag(
                                        Flag.Kind.BELOW_SME_FLOOR,
                                        Sentence.of("billing.penalty.belowFloor", amount, least),
                                        least)));
                        provisional(amount, disputed).ifPresent(flags::add);
                    }
                    return penalty.with(flags);
                })
                .toList();
    }

    PenaltyStanding standing(@Nullable Penalty agreed, Money paid, Money open) {
        if (agreed == null || agreed.amount() == null || agreed.amount().isZero()) {
            return PenaltyStanding.NONE;
        }
        if (basis.latest(PenaltyWaived.class, instalment).isPresent()) {
            return PenaltyStanding.WAIVED;
        }
        if (!unconfirmed(agreed.reading()).isEmpty()) {
            return PenaltyStanding.PREVIEW;
        }
        if (basis.claimedAt(instalment) == null) {
            return PenaltyStanding.CLAIMABLE;
        }
        return open.isZero() && paid.compareTo(agreed.amount()) >= 0
                ? PenaltyStanding.SETTLED
                : PenaltyStanding.CLAIMED;
    }

    /** What the reading rests on that did not bind yet when the instalment fell due: a later consent is not retroactive. */
    List<TermKey> unconfirmed(PenaltyReading reading) {
        return reading.restsOn().stream()
                .filter(key -> !basis.binds(key, instalment.due()))
                .toList();
    }

    /** E8: the two orders side by side, where a part payment makes them differ. */
    List<AllocationOutcome> allocations() {
        var reading = basis.reading(instalment);
        if (reading.isEmpty() || balance.delay().credits().isEmpty()) {
            return List.of();
        }
        var outcomes = new ArrayList<AllocationOutcome>();
        for (var order : List.of(Allocation.PRINCIPAL_FIRST, Allocation.CIVIL_CODE_561)) {
            var penalty = of(reading.get(), inOrder(order));
            if (penalty.amount() == null) {
                return List.of();
            }
            boolean applied = penalty.principalOpen().equals(balance.open())
                    && penalty.amount()
                            .equals(Objects.requireNonNull(balance.penalty()).amount());
            outcomes.add(new AllocationOutcome(order, applied, penalty.amount(), penalty.principalOpen()));
        }
        return outcomes.getFirst().principalOpen().equals(outcomes.getLast().principalOpen()) ? List.of() : outcomes;
    }

    private Delay inOrder(Allocation order) {
        var delay = balance.delay();
        return new Delay(
                delay.amount(),
                delay.totalFee(),
                delay.lastDay(),
                delay.openWhenDue(),
                delay.credits().stream()
                        .map(credit -> new Credit(
                                credit.day(),
                                credit.amount(),
                                order == Allocation.CIVIL_CODE_561,
                                credit.paidTowardsPenalty()))
                        .toList(),
                delay.asOf());
    }

    /** The smallest amount the SME regulation would let stand: the LPR at conclusion over the same delay. */
    private Optional<Money> floor() {
        if (!PenaltyReading.smeApplies(basis.terms(instalment))) {
            return Optional.empty();
        }
        return basis.reading(instalment)
                .filter(reading -> reading.origin() == PenaltyReading.Origin.AGREED)
                .flatMap(reading -> basis.rates()
                        .on(basis.schedule().concluded())
                        .map(lpr -> of(reading.atFloor(lpr.percent()), balance.delay())
                                .amount()));
    }

    private static Optional<Flag> excess(Money penalty, Money loss) {
        var bound = loss.yuan().multiply(EXCESS);
        return penalty.yuan().compareTo(bound) <= 0
                ? Optional.empty()
                : Optional.of(new Flag(
                        Flag.Kind.EXCESS,
                        Sentence.of("billing.penalty.excess", penalty, loss, Money.rounded(bound)),
                        Money.rounded(bound)));
    }

    private Optional<Flag> provisional(Money penalty, Money disputed) {
        return disputed.isPositive()
                        && penalty.isPositive()
                        && basis.terms(instalment).late().disputedPart() == DisputedPart.PROVISIONAL
                ? Optional.of(
                        new Flag(Flag.Kind.PROVISIONAL, Sentence.of("billing.penalty.provisional", disputed), disputed))
                : Optional.empty();
    }

    private Penalty of(PenaltyReading reading, Delay delay) {
        return Penalty.of(reading, delay, basis.rates(), basis.calendar());
    }
}
