package io.retainer.billing;

import io.retainer.kernel.Money;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What happened, or what is supposed to have happened, to the money of one contract. The assessment cannot tell a real
 * fact from a hypothetical one.
 */
public sealed interface BillingFact {

    /** When it happened. Facts after the moment of the assessment are left out. */
    Instant at();

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

    /** The provider suspended the service (I-3.3a). */
    record Suspended(Instant at) implements BillingFact {}

    record Resumed(Instant at) implements BillingFact {}
}
