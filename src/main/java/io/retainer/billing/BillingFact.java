package io.retainer.billing;

import io.retainer.contract.TermKey;
import io.retainer.kernel.Money;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What happened, or what is supposed to have happened, to the money of one contract. The assessment cannot tell a real
 * fact from a hypothetical one.
 */
public sealed interface BillingFact {

    /** When it happened. Facts after the moment of the assessment are left out. */
    Instant at();

    /** The number of the instalment it is about, or null when it names none. */
    default @Nullable Integer concerns() {
        return switch (this) {
            case PaymentCredited credited -> credited.instalment();
            case DemandDelivered demand -> demand.instalment();
            case InstalmentWaived waived -> Integer.valueOf(waived.instalment());
            case PartDisputed disputed -> Integer.valueOf(disputed.instalment());
            case PenaltyClaimed claimed -> Integer.valueOf(claimed.instalment());
            case PenaltyWaived waived -> Integer.valueOf(waived.instalment());
            case LossDocumented loss -> Integer.valueOf(loss.instalment());
            case InstalmentReduced reduced -> Integer.valueOf(reduced.instalment());
            case InstalmentRaised raised -> Integer.valueOf(raised.instalment());
            case SetOff off -> Integer.valueOf(off.instalment());
            case ClaimSetOff off -> Integer.valueOf(off.instalment());
            case ClaimSetOffReversed reversed -> Integer.valueOf(reversed.instalment());
            case ForceMajeure hindrance -> Integer.valueOf(hindrance.instalment());
            case ForceMajeureOver over -> Integer.valueOf(over.instalment());
            case PaymentReturned _, Suspended _, Resumed _, SuspensionContested _, Refunded _, DefaultConfirmed _ ->
                null;
        };
    }

    /**
     * Money reached the provider's account.
     *
     * @param id so that a return can name it
     * @param at when it was credited
     * @param sentAt when the client sent it, if known: counts where the terms say so (G-12b)
     * @param instalment its number, or null: then what is due first is paid first (Civil Code 560)
     * @param towards what the payer designated it for, or null: then the agreed order applies (Civil Code 561)
     */
    record PaymentCredited(
            String id,
            Instant at,
            @Nullable Instant sentAt,
            Money amount,
            @Nullable Integer instalment,
            @Nullable Towards towards)
            implements BillingFact {}

    /** What a payer can designate a payment for. */
    enum Towards {
        PRINCIPAL,
        PENALTY
    }

    /** The bank took a payment back: it is as if it had never been credited. */
    record PaymentReturned(String payment, Instant at) implements BillingFact {}

    /**
     * The provider's demand reached the client (I-3.3a).
     *
     * @param instalment its number, or null for everything overdue at that moment
     */
    record DemandDelivered(Instant at, @Nullable Integer instalment) implements BillingFact {}

    /** The provider gave up the instalment, in writing. */
    record InstalmentWaived(Instant at, int instalment) implements BillingFact {}

    /** The client disputes part of an instalment (G-45); a later fact replaces an earlier one, zero ends it. */
    record PartDisputed(Instant at, int instalment, Money amount) implements BillingFact {}

    /** The provider asserted its penalty claim (I-3.3c). */
    record PenaltyClaimed(Instant at, int instalment) implements BillingFact {}

    /** The provider gave up the penalty of an instalment. */
    record PenaltyWaived(Instant at, int instalment) implements BillingFact {}

    /** The loss from the delay was documented; only held against the penalty, never changes it. */
    record LossDocumented(Instant at, int instalment, Money amount) implements BillingFact {}

    /**
     * The provider suspended the service (I-3.3a).
     *
     * @param services numbers of those it froze; empty for all that can be
     */
    record Suspended(Instant at, Set<Integer> services) implements BillingFact {

        public Suspended {
            services = Set.copyOf(services);
        }

        public Suspended(Instant at) {
            this(at, Set.of());
        }
    }

    /** The client denies that there was a ground for the suspension; the case is decided elsewhere. */
    record SuspensionContested(Instant at) implements BillingFact {}

    /** The contract ended before the period was served: so much of its fee is not owed (G-40). */
    record InstalmentReduced(Instant at, int instalment, Money amount) implements BillingFact {}

    /**
     * Other work was accepted and is paid with this instalment, which had not fallen due (I-1.1*(7)): its amount is higher by
     * that from then on.
     */
    record InstalmentRaised(Instant at, int instalment, Money amount) implements BillingFact {}

    /** A notice set a claimed penalty off against what the provider has to give back (G-41). */
    record SetOff(Instant at, int instalment, Money amount) implements BillingFact {}

    /** The client set a claim of its own off against the instalment, by a notice: extinguished as if paid (G-41, Civil Code 568). */
    record ClaimSetOff(Instant at, int instalment, Money amount) implements BillingFact {}

    /**
     * Such a set-off does not stand, or not to this amount: it never extinguished that, so that it is owed from its original due
     * instant.
     *
     * @param declaredAt when it was declared
     */
    record ClaimSetOffReversed(Instant at, int instalment, Money amount, Instant declaredAt) implements BillingFact {

        boolean isOf(ClaimSetOff off) {
            return off.instalment() == instalment && off.at().equals(declaredAt);
        }
    }

    /** The provider gave money back. */
    record Refunded(Instant at, Money amount) implements BillingFact {}

    /** Force majeure was accepted for the payment of an instalment, by an explicit decision; {@code at} is its beginning. */
    record ForceMajeure(Instant at, int instalment, int relief) implements BillingFact {

        public ForceMajeure {
            if (relief < 1 || relief > 100) {
                throw new IllegalArgumentException("No relief of " + relief + " per cent");
            }
        }

        public ForceMajeure(Instant at, int instalment) {
            this(at, instalment, 100);
        }
    }

    /** What hindered the payment is over. */
    record ForceMajeureOver(Instant at, int instalment) implements BillingFact {}

    record Resumed(Instant at) implements BillingFact {}

    /**
     * Both parties have confirmed a default of the platform that was not agreed when they signed: it binds from now on,
     * and not for what was judged before.
     */
    record DefaultConfirmed(Instant at, TermKey term) implements BillingFact {}
}
