package io.retainer.billing;

import io.retainer.billing.BillingFact.Towards;
import io.retainer.kernel.Money;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
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

    /** The same, as of a moment at which another version is in force. */
    Account under(int version) {
        return new Account(tenant, contract, version, code, clientName, providerName, effectiveAt);
    }

    /** The remittance reference of an instalment, such as {@code 7F3A9C21B0-03}. */
    public String reference(int instalment) {
        return "%s-%02d".formatted(code, instalment);
    }

    /**
     * A line of the schedule and the id under which duties and the ledger know it.
     *
     * @param since when it was drawn up
     * @param until when an amendment replaced it, or null
     */
    record Line(
            UUID id,
            Instalment instalment,
            Instant since,
            @Nullable Instant until) {

        /** Whether it stood in the schedule at that moment; the first schedule stands before the contract's time too. */
        boolean stands(Instant at, Instant first) {
            return (!since.isAfter(at) || !since.isAfter(first)) && (until == null || until.isAfter(at));
        }
    }

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
     * @param actor null when the contract's end made it so
     * @param services numbers of the services that a suspension froze
     * @param relief of force majeure in per cent, or null for all of it
     */
    record Act(
            UUID id,
            Kind kind,
            @Nullable Integer instalment,
            @Nullable Money amount,
            @Nullable UUID refersTo,
            @Nullable String words,
            Instant happenedAt,
            @Nullable UUID actor,
            Set<Integer> services,
            @Nullable Integer relief) {

        Act {
            services = Set.copyOf(services);
        }

        Act(
                UUID id,
                Kind kind,
                @Nullable Integer instalment,
                @Nullable Money amount,
                @Nullable UUID refersTo,
                @Nullable String words,
                Instant happenedAt,
                @Nullable UUID actor,
                Set<Integer> services) {
            this(id, kind, instalment, amount, refersTo, words, happenedAt, actor, services, null);
        }
    }

    enum Kind {
        DEMAND_DELIVERED,
        DEMAND_ANSWERED,
        PENALTY_CLAIMED,
        PENALTY_WAIVED,
        INSTALMENT_WAIVED,
        PART_DISPUTED,
        LOSS_DOCUMENTED,
        SUSPENDED,
        RESUMED,
        /** The client denies the ground of a suspension. */
        SUSPENSION_CONTESTED,
        /** The contract ended before the period was served. */
        INSTALMENT_REDUCED,
        /** Other work is paid with it; refers to the charge. */
        INSTALMENT_RAISED,
        SET_OFF,
        /** The client set a claim of its own off against it. */
        CLAIM_SET_OFF,
        /** That set-off, to which it refers, does not stand to this amount. */
        CLAIM_SET_OFF_REVERSED,
        REFUNDED,
        FORCE_MAJEURE,
        FORCE_MAJEURE_OVER
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
            return code(number);
        }

        static String code(long number) {
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
        WAIVED,
        /** What the client's own claims against the provider extinguished. */
        CLAIM_SET_OFF
    }

    /** Everything recorded about a contract's money. */
    record Records(
            List<Line> lines, List<Payment> payments, List<Act> acts, List<Receipt> receipts, ReferenceRates rates) {

        /** With the lines of the schedule that stood at that moment. */
        Records standing(Instant at, Instant first) {
            return new Records(
                    lines.stream().filter(line -> line.stands(at, first)).toList(), payments, acts, receipts, rates);
        }

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
                    case SUSPENDED -> facts.add(new BillingFact.Suspended(at, act.services()));
                    case RESUMED -> facts.add(new BillingFact.Resumed(at));
                    case SUSPENSION_CONTESTED -> facts.add(new BillingFact.SuspensionContested(at));
                    case INSTALMENT_REDUCED -> facts.add(new BillingFact.InstalmentReduced(at, instalment, amount));
                    case INSTALMENT_RAISED -> facts.add(new BillingFact.InstalmentRaised(at, instalment, amount));
                    case SET_OFF -> facts.add(new BillingFact.SetOff(at, instalment, amount));
                    case CLAIM_SET_OFF -> facts.add(new BillingFact.ClaimSetOff(at, instalment, amount));
                    case CLAIM_SET_OFF_REVERSED ->
                        acts.stream()
                                .filter(other -> other.id().equals(act.refersTo()))
                                .findFirst()
                                .ifPresent(off -> facts.add(
                                        new BillingFact.ClaimSetOffReversed(at, instalment, amount, off.happenedAt())));
                    case REFUNDED -> facts.add(new BillingFact.Refunded(at, amount));
                    case FORCE_MAJEURE ->
                        facts.add(new BillingFact.ForceMajeure(
                                at, instalment, act.relief() == null ? 100 : act.relief()));
                    case FORCE_MAJEURE_OVER -> facts.add(new BillingFact.ForceMajeureOver(at, instalment));
                }
            }
            return facts;
        }
    }
}
