package io.retainer.billing;

import static java.util.Comparator.comparing;
import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toSet;

import io.retainer.billing.BillingFact.ClaimSetOff;
import io.retainer.billing.BillingFact.ClaimSetOffReversed;
import io.retainer.billing.BillingFact.PaymentCredited;
import io.retainer.billing.BillingFact.PaymentReturned;
import io.retainer.billing.BillingFact.SetOff;
import io.retainer.billing.BillingFact.Towards;
import io.retainer.contract.ContractTerms.PaymentMoment;
import io.retainer.kernel.Money;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which payment belongs to which instalment: the one it names, else what is due first and still open (Civil Code 560). */
final class Payments {

    /** A payment, or part of one, that belongs to an instalment. */
    record Payment(Instant at, Money amount, @Nullable Towards towards) {}

    private final Basis basis;
    private final Map<Integer, List<Payment>> given = new HashMap<>();

    /** Instalments of which nothing is open any more, while payments that name none are spread. */
    private final Set<Integer> cleared = new HashSet<>();

    private Money unallocated = Money.ZERO;

    private Payments(Basis basis) {
        this.basis = basis;
    }

    static Payments allocated(Basis basis) {
        var payments = new Payments(basis);
        payments.allocate();
        return payments;
    }

    /** Those that belong to the instalment, in the order in which they were given to it. */
    List<Payment> of(Instalment instalment) {
        return given.getOrDefault(instalment.number(), List.of());
    }

    /** Paid without belonging to any open instalment. */
    Money unallocated() {
        return unallocated;
    }

    Balance balance(Instalment instalment) {
        return Balance.of(instalment, of(instalment), basis);
    }

    Money towardsPenalty(Instalment instalment) {
        return Money.sum(of(instalment).stream()
                .filter(payment -> payment.towards() == Towards.PENALTY)
                .map(Payment::amount)
                .toList());
    }

    /** When the payment counted that cleared the principal, or the latest one while some of it is open. */
    @Nullable
    Instant lastCredit(Instalment instalment) {
        var all = of(instalment);
        var principal = new ArrayList<Integer>();
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).towards() != Towards.PENALTY) {
                principal.add(i);
            }
        }
        if (principal.isEmpty()) {
            return null;
        }
        // A further payment never opens anything again, so the first that left nothing open is found by halves.
        int low = 0;
        int high = principal.size() - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            var balance = Balance.of(instalment, all.subList(0, principal.get(middle) + 1), basis);
            if (balance.open().isZero()) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return all.get(principal.get(low)).at();
    }

    private void allocate() {
        var returned =
                basis.facts(PaymentReturned.class).map(PaymentReturned::payment).collect(toSet());
        var credited = basis.facts(PaymentCredited.class)
                .filter(payment -> !returned.contains(payment.id()))
                .sorted(comparing(this::moment))
                .toList();
        var setOffs = new ArrayDeque<>(standingSetOffs());
        for (var payment : credited) {
            while (!setOffs.isEmpty() && !setOffs.getFirst().at().isAfter(moment(payment))) {
                give(setOffs.removeFirst());
            }
            give(payment);
        }
        setOffs.forEach(this::give);
        basis.facts(SetOff.class)
                .forEach(off -> give(off.instalment(), new Payment(off.at(), off.amount(), Towards.PENALTY)));
    }

    private void give(PaymentCredited payment) {
        if (payment.instalment() == null) {
            spread(payment);
        } else if (payment.towards() != Towards.PENALTY
                && basis.waivedBy(basis.schedule().instalment(payment.instalment()), moment(payment))) {
            unallocated = unallocated.plus(payment.amount());
        } else {
            give(payment.instalment(), part(payment, payment.amount()));
        }
    }

    private void spread(PaymentCredited payment) {
        var rest = payment.amount();
        for (var instalment : basis.schedule().instalments()) {
            if (rest.isZero()) {
                break;
            }
            if (cleared.contains(instalment.number())
                    || payment.towards() == Towards.PENALTY
                    || basis.waivedBy(instalment, moment(payment))) {
                continue;
            }
            // What a claimed penalty absorbs first leaves as much of the principal open: so once more.
            for (int turn = 0; turn < 2 && rest.isPositive(); turn++) {
                var taken = Money.min(rest, balance(instalment).open());
                if (taken.isPositive()) {
                    give(instalment.number(), part(payment, taken));
                    rest = rest.minus(taken);
                } else {
                    cleared.add(instalment.number());
                }
            }
        }
        unallocated = unallocated.plus(rest);
    }

    /** A claim set off extinguishes the fee, and only that. */
    private void give(ClaimSetOff off) {
        cleared.remove(off.instalment());
        give(off.instalment(), new Payment(off.at(), off.amount(), Towards.PRINCIPAL));
    }

    private void give(int instalment, Payment payment) {
        given.computeIfAbsent(instalment, _ -> new ArrayList<>()).add(payment);
    }

    private Payment part(PaymentCredited payment, Money amount) {
        return new Payment(moment(payment), amount, payment.towards());
    }

    /** The moment of a payment that counts (G-12b). */
    private Instant moment(PaymentCredited payment) {
        return basis.terms(payment.at()).due().receipt() == PaymentMoment.SENT && payment.sentAt() != null
                ? payment.sentAt()
                : payment.at();
    }

    /** Set-offs of claims, in the order in which they were declared, less what did not stand. */
    private List<ClaimSetOff> standingSetOffs() {
        var all = basis.facts(ClaimSetOff.class)
                .sorted(comparing(BillingFact::at))
                .collect(toCollection(ArrayList::new));
        basis.facts(ClaimSetOffReversed.class).forEach(reversed -> {
            var left = reversed.amount();
            for (int i = 0; i < all.size() && left.isPositive(); i++) {
                var off = all.get(i);
                if (reversed.isOf(off)) {
                    var fell = Money.min(left, off.amount());
                    all.set(
                            i,
                            new ClaimSetOff(
                                    off.at(), off.instalment(), off.amount().minus(fell)));
                    left = left.minus(fell);
                }
            }
        });
        all.removeIf(off -> !off.amount().isPositive());
        return all;
    }
}
