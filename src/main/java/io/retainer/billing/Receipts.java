package io.retainer.billing;

import io.retainer.billing.Account.Receipt;
import io.retainer.contract.TermKey;
import io.retainer.duty.Deadline;
import io.retainer.duty.Duties;
import io.retainer.duty.NewDuty;
import io.retainer.identity.Access;
import io.retainer.identity.Engagement;
import io.retainer.identity.Engagements;
import io.retainer.identity.Membership;
import io.retainer.identity.People;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Ids;
import io.retainer.kernel.Money;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.RmbWords;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;

/** What all receipts of a provider have in common: one series, one wording, one duty kept by issuing them (I-3.2b). */
@Component
class Receipts {

    private final People people;
    private final ObjectProvider<Engagements> engagements;
    private final Duties duties;
    private final ApplicationEventPublisher events;

    Receipts(People people, ObjectProvider<Engagements> engagements, Duties duties, ApplicationEventPublisher events) {
        this.people = people;
        this.engagements = engagements;
        this.duties = duties;
        this.events = events;
    }

    /** The organisation whose receipts are counted: the one for which the person issues it. */
    UUID provider(Access access, Instant now) {
        var own = people.memberships(access.person()).stream()
                .map(Membership::organisation)
                .distinct()
                .toList();
        return engagements.stream()
                .flatMap(source -> source.of(own, access.contract(), now).stream())
                .filter(engagement -> engagement.party() == Party.PROVIDER)
                .map(Engagement::organisation)
                .findFirst()
                .orElseThrow(() -> Refused.because("billing.right.providerOnly"));
    }

    static Receipt receipt(
            UUID payment,
            long number,
            Money amount,
            String payer,
            String payee,
            Instant creditedAt,
            @Nullable Integer instalment,
            @Nullable UUID replaces,
            @Nullable String reason,
            UUID provider,
            Instant now) {
        var words = RmbWords.of(amount, RmbWords.Style.BANK.withCurrency());
        var hash = Accounts.sha256(String.join(
                "\n",
                "receipt",
                provider.toString(),
                Long.toString(number),
                payment.toString(),
                amount.yuan().toPlainString(),
                words,
                payer,
                payee,
                creditedAt.toString(),
                now.toString()));
        return new Receipt(
                Ids.at(now.toEpochMilli()),
                payment,
                number,
                amount,
                words,
                payer,
                payee,
                creditedAt,
                instalment,
                replaces,
                reason,
                null,
                false,
                hash,
                now);
    }

    void issued(Access access, Receipt receipt, Instant now) {
        events.publishEvent(new BillingEvent.ReceiptIssued(
                access.tenant(),
                access.contract(),
                receipt.id(),
                receipt.payment(),
                receipt.number(),
                receipt.amount(),
                receipt.hash(),
                receipt.replaces(),
                now,
                access.person()));
        duties.on(access.tenant(), access.contract(), Clause.I_3_2B, "payment/" + receipt.payment(), now)
                .filter(duty -> duty.assessment().state().owed())
                .ifPresent(duty -> duties.discharge(access.tenant(), duty.duty().id(), now, access.person()));
    }

    /** For each payment a receipt is owed, where the parties agreed on a time for it (I-3.2b). */
    void owe(Access access, BillingState state, UUID payment, Instant credited) {
        if (state.binds(TermKey.RECEIPT_WORKDAYS)) {
            duties.open(new NewDuty(
                    access.tenant(),
                    access.contract(),
                    state.account().contractVersion(),
                    Clause.I_3_2B,
                    Party.PROVIDER,
                    Party.CLIENT,
                    "billing.duty.receipt",
                    "payment/" + payment,
                    new Deadline.WorkingDays(
                            Math.max(1, state.terms().receipt().workdays()),
                            credited.atZone(state.terms().zone()).toLocalDate()),
                    credited,
                    access.person()));
        }
    }
}
