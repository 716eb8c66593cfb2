package io.retainer.billing;

import io.retainer.billing.BillingFact.Towards;
import io.retainer.contract.ContractTerms.Mode;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Fact;
import io.retainer.kernel.Money;
import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Everything that can happen to the money of a contract, as the ledger keeps it. */
public sealed interface BillingEvent extends Fact {

    /** One line of the schedule came into being with the contract (I-3.1c). */
    record InstalmentScheduled(
            UUID tenant,
            UUID contract,
            UUID instalment,
            int contractVersion,
            int number,
            LocalDate periodStart,
            LocalDate periodEnd,
            Money amount,
            Instant due,
            Instant happenedAt,
            @Nullable UUID actor)
            implements BillingEvent {

        @Override
        public Clause clause() {
            return Clause.I_3_2A;
        }

        @Override
        public String kind() {
            return "billing.InstalmentScheduled";
        }

        @Override
        public String subject() {
            return "instalment/" + instalment;
        }
    }

    /** Money reached the provider's account; happened when it was credited. */
    record PaymentRecorded(
            UUID tenant,
            UUID contract,
            UUID payment,
            @Nullable Integer instalment,
            @Nullable Towards towards,
            Money amount,
            String channel,
            Instant happenedAt,
            @Nullable UUID actor)
            implements BillingEvent {

        @Override
        public Clause clause() {
            return Clause.I_3_2A;
        }

        @Override
        public String kind() {
            return "billing.PaymentRecorded";
        }

        @Override
        public String subject() {
            return "payment/" + payment;
        }
    }

    /** The bank took a payment back: the instalment is owed again from its original due instant. */
    record PaymentReturned(
            UUID tenant,
            UUID contract,
            UUID payment,
            Money amount,
            Instant happenedAt,
            @Nullable UUID actor) implements BillingEvent {

        @Override
        public Clause clause() {
            return Clause.I_3_2A;
        }

        @Override
        public String kind() {
            return "billing.PaymentReturned";
        }

        @Override
        public String subject() {
            return "payment/" + payment;
        }
    }

    /** A receipt for a payment, or the one that replaces a void one. */
    record ReceiptIssued(
            UUID tenant,
            UUID contract,
            UUID receipt,
            UUID payment,
            long number,
            Money amount,
            String hash,
            @Nullable UUID replaces,
            Instant happenedAt,
            @Nullable UUID actor)
            implements BillingEvent {

        @Override
        public Clause clause() {
            return Clause.I_3_2B;
        }

        @Override
        public String kind() {
            return "billing.ReceiptIssued";
        }

        @Override
        public String subject() {
            return "receipt/" + receipt;
        }
    }

    /** The provider demanded an overdue instalment; happened when the demand reached the client. */
    record DemandDelivered(
            UUID tenant,
            UUID contract,
            UUID act,
            int instalment,
            Instant happenedAt,
            @Nullable UUID actor) implements BillingEvent {

        @Override
        public Clause clause() {
            return Clause.I_3_3A;
        }

        @Override
        public String kind() {
            return "billing.DemandDelivered";
        }

        @Override
        public String subject() {
            return "demand/" + act;
        }
    }

    /** The client answered a demand. */
    record DemandAnswered(
            UUID tenant,
            UUID contract,
            UUID act,
            UUID demand,
            Instant happenedAt,
            @Nullable UUID actor) implements BillingEvent {

        @Override
        public Clause clause() {
            return Clause.I_3_3A;
        }

        @Override
        public String kind() {
            return "billing.DemandAnswered";
        }

        @Override
        public String subject() {
            return "demand/" + demand;
        }
    }

    /** A person of the provider asserted the penalty (I-5.1) as far as it had accrued. */
    record PenaltyClaimed(
            UUID tenant,
            UUID contract,
            UUID act,
            int instalment,
            Money amount,
            Mode mode,
            Instant happenedAt,
            @Nullable UUID actor)
            implements BillingEvent {

        @Override
        public Clause clause() {
            return Clause.I_3_3C;
        }

        @Override
        public String kind() {
            return "billing.PenaltyClaimed";
        }

        @Override
        public String subject() {
            return "instalment/" + instalment;
        }
    }

    /** The provider gave up the penalty of an instalment. */
    record PenaltyWaived(
            UUID tenant,
            UUID contract,
            UUID act,
            int instalment,
            Instant happenedAt,
            @Nullable UUID actor) implements BillingEvent {

        @Override
        public Clause clause() {
            return Clause.I_3_3C;
        }

        @Override
        public String kind() {
            return "billing.PenaltyWaived";
        }

        @Override
        public String subject() {
            return "instalment/" + instalment;
        }
    }

    /** The provider gave up an instalment. */
    record InstalmentWaived(
            UUID tenant,
            UUID contract,
            UUID act,
            int instalment,
            Instant happenedAt,
            @Nullable UUID actor) implements BillingEvent {

        @Override
        public Clause clause() {
            return Clause.I_3_2A;
        }

        @Override
        public String kind() {
            return "billing.InstalmentWaived";
        }

        @Override
        public String subject() {
            return "instalment/" + instalment;
        }
    }

    /** The client disputes part of an instalment; zero ends the dispute (G-45). */
    record PartDisputed(
            UUID tenant,
            UUID contract,
            UUID act,
            int instalment,
            Money amount,
            Instant happenedAt,
            @Nullable UUID actor)
            implements BillingEvent {

        @Override
        public Clause clause() {
            return Clause.I_3_2A;
        }

        @Override
        public String kind() {
            return "billing.PartDisputed";
        }

        @Override
        public String subject() {
            return "instalment/" + instalment;
        }
    }

    /** The loss from a delay was documented; only held against the penalty (CC 585). */
    record LossDocumented(
            UUID tenant,
            UUID contract,
            UUID act,
            int instalment,
            Money amount,
            Instant happenedAt,
            @Nullable UUID actor)
            implements BillingEvent {

        @Override
        public Clause clause() {
            return Clause.I_5_1;
        }

        @Override
        public String kind() {
            return "billing.LossDocumented";
        }

        @Override
        public String subject() {
            return "instalment/" + instalment;
        }
    }

    /** A person of the provider asserted the right to suspend. */
    record SuspensionAsserted(
            UUID tenant,
            UUID contract,
            UUID act,
            Instant happenedAt,
            @Nullable UUID actor) implements BillingEvent {

        @Override
        public Clause clause() {
            return Clause.I_3_3A;
        }

        @Override
        public String kind() {
            return "billing.SuspensionAsserted";
        }

        @Override
        public String subject() {
            return "suspension/" + act;
        }
    }

    /** The ground of the suspension is gone and the provider resumed. */
    record ServiceResumed(
            UUID tenant,
            UUID contract,
            UUID act,
            Instant happenedAt,
            @Nullable UUID actor) implements BillingEvent {

        @Override
        public Clause clause() {
            return Clause.I_3_3A;
        }

        @Override
        public String kind() {
            return "billing.ServiceResumed";
        }

        @Override
        public String subject() {
            return "suspension/" + act;
        }
    }

    /** The contract ended before the period was served: so much of its fee is not owed (Civil Code 566). */
    record InstalmentReduced(
            UUID tenant,
            UUID contract,
            UUID act,
            int instalment,
            Money amount,
            Instant happenedAt,
            @Nullable UUID actor)
            implements BillingEvent {

        @Override
        public Clause clause() {
            return Clause.I_2_2A;
        }

        @Override
        public String kind() {
            return "billing.InstalmentReduced";
        }

        @Override
        public String subject() {
            return "instalment/" + instalment;
        }
    }

    /**
     * Other work was charged (I-1.1*(7)).
     *
     * @param about what it is for, such as {@code work-order/0197…}
     * @param instalment it is paid with, or null when it is paid by itself
     * @param due the first instant that is late when it is paid by itself
     */
    record ChargeAdded(
            UUID tenant,
            UUID contract,
            UUID charge,
            Clause clause,
            String about,
            Money net,
            Money tax,
            Money gross,
            @Nullable Integer instalment,
            @Nullable Instant due,
            Instant happenedAt,
            @Nullable UUID actor)
            implements BillingEvent {

        @Override
        public String kind() {
            return "billing.ChargeAdded";
        }

        @Override
        public String subject() {
            return "charge/" + charge;
        }
    }

    /** A charge that is paid by itself was paid. */
    record ChargePaid(
            UUID tenant,
            UUID contract,
            UUID charge,
            Clause clause,
            Money amount,
            Instant happenedAt,
            @Nullable UUID actor)
            implements BillingEvent {

        @Override
        public String kind() {
            return "billing.ChargePaid";
        }

        @Override
        public String subject() {
            return "charge/" + charge;
        }
    }

    /** The bank took back what came in for a charge that is paid by itself: it is owed again from its due instant. */
    record ChargePaymentReturned(
            UUID tenant,
            UUID contract,
            UUID charge,
            UUID payment,
            Clause clause,
            Money amount,
            Instant happenedAt,
            @Nullable UUID actor)
            implements BillingEvent {

        @Override
        public String kind() {
            return "billing.ChargePaymentReturned";
        }

        @Override
        public String subject() {
            return "charge/" + charge;
        }
    }

    /** A claimed penalty was set off against what is to be given back (G-41, Civil Code 568). */
    record SetOffDeclared(
            UUID tenant,
            UUID contract,
            UUID act,
            int instalment,
            Money amount,
            Instant happenedAt,
            @Nullable UUID actor)
            implements BillingEvent {

        @Override
        public Clause clause() {
            return Clause.I_5_2B;
        }

        @Override
        public String kind() {
            return "billing.SetOffDeclared";
        }

        @Override
        public String subject() {
            return "set-off/" + act;
        }
    }

    /** A claim's set-off does not stand to this amount: what it had extinguished is owed again. */
    record SetOffReversed(
            UUID tenant,
            UUID contract,
            UUID act,
            UUID setOff,
            int instalment,
            Money amount,
            Instant happenedAt,
            @Nullable UUID actor)
            implements BillingEvent {

        @Override
        public Clause clause() {
            return Clause.I_5_2B;
        }

        @Override
        public String kind() {
            return "billing.SetOffReversed";
        }

        @Override
        public String subject() {
            return "set-off/" + setOff;
        }
    }

    /** The provider gave money back. */
    record Refunded(
            UUID tenant,
            UUID contract,
            UUID act,
            Money amount,
            Instant happenedAt,
            @Nullable UUID actor) implements BillingEvent {

        @Override
        public Clause clause() {
            return Clause.I_2_2A;
        }

        @Override
        public String kind() {
            return "billing.Refunded";
        }

        @Override
        public String subject() {
            return "settlement/refund";
        }
    }

    /** The client denies the ground of a suspension. */
    record SuspensionContested(
            UUID tenant,
            UUID contract,
            UUID act,
            UUID suspension,
            Instant happenedAt,
            @Nullable UUID actor) implements BillingEvent {

        @Override
        public Clause clause() {
            return Clause.I_3_3A;
        }

        @Override
        public String kind() {
            return "billing.SuspensionContested";
        }

        @Override
        public String subject() {
            return "suspension/" + suspension;
        }
    }

    /**
     * Somebody let others see what would be, by a link (I-4.1).
     *
     * @param money whether amounts are shown
     */
    record ScenarioShared(
            UUID tenant,
            UUID contract,
            UUID scenario,
            boolean money,
            Instant expiresAt,
            Instant happenedAt,
            @Nullable UUID actor)
            implements BillingEvent {

        @Override
        public Clause clause() {
            return Clause.I_4_1B;
        }

        @Override
        public String kind() {
            return "billing.ScenarioShared";
        }

        @Override
        public String subject() {
            return "scenario/" + scenario;
        }
    }

    /** The link was ended before its time. */
    record ScenarioEnded(
            UUID tenant,
            UUID contract,
            UUID scenario,
            Instant happenedAt,
            @Nullable UUID actor) implements BillingEvent {

        @Override
        public Clause clause() {
            return Clause.I_4_1B;
        }

        @Override
        public String kind() {
            return "billing.ScenarioEnded";
        }

        @Override
        public String subject() {
            return "scenario/" + scenario;
        }
    }
}
