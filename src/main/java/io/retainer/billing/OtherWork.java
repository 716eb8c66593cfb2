package io.retainer.billing;

import io.retainer.billing.Account.Act;
import io.retainer.billing.Account.Kind;
import io.retainer.billing.Account.Posting;
import io.retainer.billing.Account.PostingAccount;
import io.retainer.billing.Account.Receipt;
import io.retainer.billing.Verdict.InstalmentVerdict;
import io.retainer.duty.Deadline;
import io.retainer.duty.Duties;
import io.retainer.duty.NewDuty;
import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Ids;
import io.retainer.kernel.Money;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Unknown;
import io.retainer.kernel.WorkCalendar;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;

/**
 * The money of other work (I-1.1*(7)): what is charged beside the fee, what comes in for it by itself, and its receipts. Each
 * call is one transaction, as in {@link Billing}.
 */
@Service
public class OtherWork {

    private final Accounts accounts;
    private final Receipts receipts;
    private final Books books;
    private final Charges charges;
    private final Duties duties;
    private final Tenancy tenancy;
    private final ApplicationEventPublisher events;
    private final Clock clock;
    private final WorkCalendar calendar;

    OtherWork(
            Accounts accounts,
            Receipts receipts,
            Books books,
            Charges charges,
            Duties duties,
            Tenancy tenancy,
            ApplicationEventPublisher events,
            Clock clock,
            ObjectProvider<WorkCalendar> calendar) {
        this.accounts = accounts;
        this.receipts = receipts;
        this.books = books;
        this.charges = charges;
        this.duties = duties;
        this.tenancy = tenancy;
        this.events = events;
        this.clock = clock;
        this.calendar = calendar.getIfAvailable(WorkCalendar::chinese);
    }

    /**
     * Charges something beside the fee, with the next instalment that has not fallen due and is not paid; when there is none,
     * or it is wanted so, by itself.
     *
     * @return how it is to be paid
     */
    public Charges.Placed charge(UUID tenant, UUID contract, Charges.NewCharge wanted, @Nullable UUID actor) {
        return tenancy.write(tenant, () -> {
            var account = books.locked(tenant, contract);
            var now = Accounts.micros(clock.instant());
            var state = accounts.state(account, now);
            var next = wanted.ownWorkdays() != null
                    ? Optional.<InstalmentVerdict>empty()
                    : state.verdict().instalments().stream()
                            .filter(one -> now.isBefore(one.instalment().due()))
                            .filter(one ->
                                    one.state() == InstalmentState.SCHEDULED || one.state() == InstalmentState.REMINDED)
                            .findFirst();
            var id = Ids.at(now.toEpochMilli());
            var days = next.isPresent()
                    ? null
                    : Objects.requireNonNullElse(wanted.ownWorkdays(), Charges.DEFAULT_WORKDAYS);
            var today = now.atZone(state.terms().zone()).toLocalDate();
            var due = days == null
                    ? null
                    : calendar.plusWorkdays(today, days)
                            .date()
                            .plusDays(1)
                            .atStartOfDay(state.terms().zone())
                            .toInstant();
            var number = next.map(InstalmentVerdict::number).orElse(null);
            charges.add(tenant, contract, id, wanted, number, due, now, actor);
            events.publishEvent(new BillingEvent.ChargeAdded(
                    tenant,
                    contract,
                    id,
                    wanted.clause(),
                    wanted.subject(),
                    wanted.net(),
                    wanted.tax(),
                    wanted.gross(),
                    number,
                    due,
                    now,
                    actor));
            if (number != null) {
                books.add(
                        account,
                        new Act(
                                Ids.at(now.toEpochMilli()),
                                Kind.INSTALMENT_RAISED,
                                number,
                                wanted.gross(),
                                id,
                                null,
                                now,
                                actor,
                                Set.of()),
                        now);
                accounts.settle(account, "charge/" + id, actor);
            } else {
                books.post(
                        account,
                        Charges.OF_NO_INSTALMENT,
                        List.of(
                                new Posting(PostingAccount.RECEIVABLE, wanted.gross()),
                                new Posting(PostingAccount.FEE, wanted.gross().negated())),
                        "charge/" + id,
                        now);
                duties.open(new NewDuty(
                        tenant,
                        contract,
                        state.account().contractVersion(),
                        wanted.clause(),
                        Party.CLIENT,
                        Party.PROVIDER,
                        "billing.duty.payCharge",
                        "charge/" + id,
                        new Deadline.WorkingDays(Objects.requireNonNull(days), today),
                        now,
                        actor));
            }
            return new Charges.Placed(id, number, due);
        });
    }

    /** What was charged beside the fee, the latest first. */
    List<Charges.Charge> charges(Access access) {
        access.require(Capability.READ_MONEY);
        return tenancy.read(access.tenant(), () -> charges.of(access.tenant(), access.contract()));
    }

    /**
     * Money for a charge that is paid by itself reached the provider's account, all of it or a part.
     *
     * @return the payment, for which a receipt is owed as for any other
     * @throws Refused when it is more than what is owed
     */
    public UUID pay(Access access, UUID charge, Money amount, Instant creditedAt, String reference) {
        access.require(Capability.RECORD_PAYMENT);
        return accounts.change(access, (state, now) -> {
            var found = charges.get(access.tenant(), access.contract(), charge);
            if (found.due() == null) {
                throw Refused.because("billing.charge.withInstalment", found.instalment());
            }
            if (found.paidAt() != null) {
                throw Refused.because("billing.charge.paidAlready");
            }
            if (!amount.isPositive() || amount.compareTo(found.rest()) > 0) {
                throw Refused.field("amount", "billing.charge.amount", found.rest());
            }
            var credited = Accounts.past("creditedAt", creditedAt, now);
            var payment = new Charges.ChargePayment(
                    Ids.at(now.toEpochMilli()),
                    charge,
                    amount,
                    credited,
                    Accounts.text("reference", reference, 100),
                    null,
                    List.of());
            if (!charges.add(access.tenant(), payment, now, access.person())) {
                throw Refused.field("reference", "billing.charge.referenceKnown", payment.reference());
            }
            boolean all = amount.equals(found.rest());
            if (all) {
                charges.paid(access.tenant(), charge, credited, payment.reference(), access.person());
            }
            books.post(
                    state.account(),
                    Charges.OF_NO_INSTALMENT,
                    List.of(
                            new Posting(PostingAccount.BANK, amount),
                            new Posting(PostingAccount.RECEIVABLE, amount.negated())),
                    "charge/" + charge,
                    now);
            events.publishEvent(new BillingEvent.ChargePaid(
                    access.tenant(), access.contract(), charge, found.clause(), amount, credited, access.person()));
            if (all) {
                accounts.discharge(access, found.clause(), "charge/" + charge, credited, now);
            }
            receipts.owe(access, state, payment.id(), credited);
            return payment.id();
        });
    }

    /** Charges that are paid by themselves and of which something is still owed, the latest first. */
    public List<UUID> unpaid(Access access) {
        return charges(access).stream()
                .filter(charge -> charge.due() != null && charge.paidAt() == null)
                .map(Charges.Charge::id)
                .toList();
    }

    /** What came in for charges that are paid by themselves. */
    List<Charges.ChargePayment> payments(Access access) {
        access.require(Capability.READ_MONEY);
        return tenancy.read(access.tenant(), () -> charges.payments(access.tenant(), access.contract()));
    }

    /** @throws Unknown when there is no such payment for a charge of the contract */
    private Charges.ChargePayment payment(Access access, UUID payment) {
        return charges.payments(access.tenant(), access.contract()).stream()
                .filter(found -> found.id().equals(payment))
                .findFirst()
                .orElseThrow(() -> new Unknown("payment " + payment));
    }

    /** The bank took back what came in for a charge: it is owed again from its original due instant (trap 7). */
    public void returnPayment(Access access, UUID payment, Instant at, String reason) {
        access.require(Capability.RECORD_PAYMENT);
        accounts.<@Nullable Void>change(access, (state, now) -> {
            var found = payment(access, payment);
            if (found.returned() != null) {
                throw Refused.because("billing.payment.returnedBefore", found.reference());
            }
            var returned = Accounts.past("at", at, now);
            if (returned.isBefore(found.creditedAt())) {
                throw Refused.field("at", "billing.payment.returnedTooEarly", found.creditedAt());
            }
            var charge = charges.get(access.tenant(), access.contract(), found.charge());
            charges.returned(
                    access.tenant(),
                    found,
                    returned,
                    Accounts.text("reason", reason, Accounts.LONGEST_WORDS),
                    now,
                    access.person());
            books.post(
                    state.account(),
                    Charges.OF_NO_INSTALMENT,
                    List.of(
                            new Posting(PostingAccount.RECEIVABLE, found.amount()),
                            new Posting(PostingAccount.BANK, found.amount().negated())),
                    "charge/" + charge.id(),
                    now);
            events.publishEvent(new BillingEvent.ChargePaymentReturned(
                    access.tenant(),
                    access.contract(),
                    charge.id(),
                    payment,
                    charge.clause(),
                    found.amount(),
                    returned,
                    access.person()));
            if (charge.paidAt() != null) {
                duties.on(access.tenant(), access.contract(), charge.clause(), "charge/" + charge.id(), now)
                        .filter(duty -> !duty.assessment().state().owed())
                        .ifPresent(duty ->
                                duties.reopen(access.tenant(), duty.duty().id(), null, now, access.person()));
            }
            duties.on(access.tenant(), access.contract(), Clause.I_3_2B, "payment/" + payment, now)
                    .filter(duty -> duty.assessment().state().owed())
                    .ifPresent(duty -> duties.waive(access.tenant(), duty.duty().id(), null, now, access.person()));
            return null;
        });
    }

    /**
     * The receipt for a payment of a charge, from the one series of the provider; the same when asked again (I-3.2b).
     *
     * @throws Refused when the payment was returned
     */
    public UUID issueReceipt(Access access, UUID payment) {
        access.require(Capability.ISSUE_RECEIPT);
        return accounts.change(access, (state, now) -> {
            var found = payment(access, payment);
            var issued = found.receipt();
            if (issued != null) {
                return issued.id();
            }
            if (found.returned() != null) {
                throw Refused.because("billing.receipt.returned", found.reference());
            }
            return issue(access, state, found, null, null, now);
        });
    }

    /** Voids the receipt for a payment of a charge by issuing the one that stands for it. */
    public UUID replaceReceipt(Access access, UUID receipt, String reason) {
        access.require(Capability.ISSUE_RECEIPT);
        return accounts.change(access, (state, now) -> {
            var payment = paidBy(access, receipt);
            var found = payment.receipts().stream()
                    .filter(one -> one.id().equals(receipt))
                    .findFirst()
                    .orElseThrow();
            if (found.isVoid()) {
                throw Refused.because("billing.receipt.void", found.code());
            }
            return issue(access, state, payment, receipt, Accounts.text("reason", reason, Accounts.LONGEST_WORDS), now);
        });
    }

    private UUID issue(
            Access access,
            BillingState state,
            Charges.ChargePayment payment,
            @Nullable UUID replaces,
            @Nullable String reason,
            Instant now) {
        var provider = receipts.provider(access, now);
        var receipt = Receipts.receipt(
                payment.id(),
                books.nextReceiptNumber(provider),
                payment.amount(),
                state.account().clientName(),
                state.account().providerName(),
                payment.creditedAt(),
                null,
                replaces,
                reason,
                provider,
                now);
        charges.add(access.tenant(), receipt, provider, access.person());
        receipts.issued(access, receipt, now);
        return receipt.id();
    }

    /** @throws Unknown when there is no such receipt for a charge of the contract */
    private Charges.ChargePayment paidBy(Access access, UUID receipt) {
        return charges.payments(access.tenant(), access.contract()).stream()
                .filter(found ->
                        found.receipts().stream().anyMatch(one -> one.id().equals(receipt)))
                .findFirst()
                .orElseThrow(() -> new Unknown("receipt " + receipt));
    }

    /**
     * What is written on the receipt for a payment of a charge.
     *
     * @param replaces the code of the one it stands for, or null
     * @param replacedBy the code of the one that stands for it, or null
     */
    record ChargeReceipt(
            Receipt receipt,
            String title,
            String account,
            @Nullable String replaces,
            @Nullable String replacedBy) {}

    ChargeReceipt receipt(Access access, UUID receipt) {
        var account = accounts.state(access).account();
        return tenancy.read(access.tenant(), () -> {
            var payment = paidBy(access, receipt);
            var codes = payment.receipts().stream().collect(Collectors.toMap(Receipt::id, Receipt::code));
            var found = payment.receipts().stream()
                    .filter(one -> one.id().equals(receipt))
                    .findFirst()
                    .orElseThrow();
            return new ChargeReceipt(
                    found,
                    charges.get(access.tenant(), access.contract(), payment.charge())
                            .title(),
                    account.code(),
                    found.replaces() == null ? null : codes.get(found.replaces()),
                    found.replacedBy() == null ? null : codes.get(found.replacedBy()));
        });
    }
}
