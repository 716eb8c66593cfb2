package io.retainer.billing;

import io.retainer.billing.BillingFact.Towards;
import io.retainer.kernel.Money;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The money of one contract in force.
 *
 * @param contractVersion number of the version whose schedule it carries
 * @param code what payers quote in their remittance, followed by {@code -} and the instalment
 */
record Account(
        UUID tenant,
        UUID contract,
        int contractVersion,
        String code,
        String clientName,
        String providerName,
        Instant effectiveAt) {

    /** The remittance reference of an instalment, such as {@code 7F3A9C21B0-03}. */
    public String reference(int instalment) {
        return "%s-%02d".formatted(code, instalment);
    }

    /** A line of the schedule and the id under which duties and the ledger know it. */
    record Line(UUID id, Instalment instalment) {}

    /**
     * A payment as recorded.
     *
     * @param reference the bank's number of the transaction; unique for a client and channel
     * @param returned when the bank took it back, or null
     */
    record Payment(
            UUID id,
            Channel channel,
            String reference,
            String payer,
            Instant creditedAt,
            @Nullable Instant sentAt,
            Money amount,
            @Nullable Integer instalment,
            @Nullable Towards towards,
            Instant recordedAt,
            @Nullable Instant returned) {

        public BillingFact fact() {
            return new BillingFact.PaymentCredited(id.toString(), creditedAt, sentAt, amount, instalment, towards);
        }
    }

    enum Channel {
        /** Entered by a person. */
        HAND,
        /** From a statement of the bank. */
        BANK
    }

    /**
     * What a person did that is no payment.
     *
     * @param words what the person wrote, or null
     */
    record Act(
            UUID id,
            Kind kind,
            @Nullable Integer instalment,
            @Nullable Money amount,
            @Nullable UUID refersTo,
            @Nullable String words,
            Instant happenedAt,
            UUID actor) {}

    enum Kind {
        DEMAND_DELIVERED,
        DEMAND_ANSWERED,
        PENALTY_CLAIMED,
        PENALTY_WAIVED,
        INSTALMENT_WAIVED,
        PART_DISPUTED,
        LOSS_DOCUMENTED,
        SUSPENDED,
        RESUMED
    }

    /**
     * A receipt (收款凭证, I-3.2b); not a tax invoice.
     *
     * @param number without gaps for the provider
     * @param words the amount in characters
     * @param replaces the void receipt it stands for, with the reason, or null
     * @param replacedBy the receipt that stands for this one, which is then void, or null
     * @param paymentReturned whether the bank took the payment back after all
     */
    record Receipt(
            UUID id,
            UUID payment,
            long number,
            Money amount,
            String words,
            String payer,
            String payee,
            Instant creditedAt,
            @Nullable Integer instalment,
            @Nullable UUID replaces,
            @Nullable String reason,
            @Nullable UUID replacedBy,
            boolean paymentReturned,
            String hash,
            Instant issuedAt) {

        public String code() {
            return "SK%08d".formatted(number);
        }

        public boolean isVoid() {
            return replacedBy != null || paymentReturned;
        }
    }

    /** One line of an entry; debits are positive. */
    record Posting(PostingAccount account, Money amount) {}

    enum PostingAccount {
        BANK,
        RECEIVABLE,
        FEE,
        PENALTY_RECEIVABLE,
        PENALTY_INCOME,
        CLIENT_CREDIT,
        WAIVED
    }

    /** Everything recorded about a contract's money. */
    record Records(
            List<Line> lines, List<Payment> payments, List<Act> acts, List<Receipt> receipts, ReferenceRates rates) {

        public List<BillingFact> facts() {
            var facts = new ArrayList<BillingFact>();
            for (var payment : payments) {
                facts.add(payment.fact());
                if (payment.returned() != null) {
                    facts.add(new BillingFact.PaymentReturned(payment.id().toString(), payment.returned()));
                }
            }
            for (var act : acts) {
                var at = act.happenedAt();
                int instalment = act.instalment() == null ? 0 : act.instalment();
                var amount = act.amount() == null ? Money.ZERO : act.amount();
                switch (act.kind()) {
                    case DEMAND_DELIVERED -> facts.add(new BillingFact.DemandDelivered(at, instalment));
                    case DEMAND_ANSWERED -> {
                        // An answer changes nothing of what is owed.
                    }
                    case PENALTY_CLAIMED -> facts.add(new BillingFact.PenaltyClaimed(at, instalment));
                    case PENALTY_WAIVED -> facts.add(new BillingFact.PenaltyWaived(at, instalment));
                    case INSTALMENT_WAIVED -> facts.add(new BillingFact.InstalmentWaived(at, instalment));
                    case PART_DISPUTED -> facts.add(new BillingFact.PartDisputed(at, instalment, amount));
                    case LOSS_DOCUMENTED -> facts.add(new BillingFact.LossDocumented(at, instalment, amount));
                    case SUSPENDED -> facts.add(new BillingFact.Suspended(at));
                    case RESUMED -> facts.add(new BillingFact.Resumed(at));
                }
            }
            return facts;
        }
    }
}
