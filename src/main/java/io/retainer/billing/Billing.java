package io.retainer.billing;

import io.retainer.billing.Account.Act;
import io.retainer.billing.Account.Channel;
import io.retainer.billing.Account.Kind;
import io.retainer.billing.Account.Line;
import io.retainer.billing.Account.Payment;
import io.retainer.billing.BillingFact.Towards;
import io.retainer.contract.AmendmentAgreed;
import io.retainer.contract.ContractEffective;
import io.retainer.contract.ContractLife;
import io.retainer.contract.Endings;
import io.retainer.contract.Notice;
import io.retainer.contract.Notices;
import io.retainer.contract.TermKey;
import io.retainer.contract.TermsInForce;
import io.retainer.duty.Deadline;
import io.retainer.duty.Duties;
import io.retainer.duty.NewDuty;
import io.retainer.duty.Release;
import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Ids;
import io.retainer.kernel.Money;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.RmbWords;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Unknown;
import io.retainer.kernel.WorkCalendar;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Service;

/**
 * What people do about the fee of a contract. Each call is one transaction that locks the contract and its account, decides on
 * the verdict of that moment, adds what happened, and brings postings and duties in line with the new verdict.
 */
@Service
public class Billing {

    private final Accounts accounts;
    private final Receipts receipts;
    private final Books books;
    private final TermsInForce terms;
    private final Duties duties;
    private final ContractLife contracts;
    private final Endings endings;
    private final Notices notices;
    private final Tenancy tenancy;
    private final ApplicationEventPublisher events;
    private final Clock clock;
    private final WorkCalendar calendar;

    Billing(
            Accounts accounts,
            Receipts receipts,
            Books books,
            TermsInForce terms,
            Duties duties,
            ContractLife contracts,
            Endings endings,
            Notices notices,
            Tenancy tenancy,
            ApplicationEventPublisher events,
            Clock clock,
            ObjectProvider<WorkCalendar> calendar) {
        this.accounts = accounts;
        this.receipts = receipts;
        this.books = books;
        this.terms = terms;
        this.duties = duties;
        this.contracts = contracts;
        this.endings = endings;
        this.notices = notices;
        this.tenancy = tenancy;
        this.events = events;
        this.clock = clock;
        this.calendar = calendar.getIfAvailable(WorkCalendar::chinese);
    }

    /**
     * The verdict on the contract's money; empty before the contract took effect.
     *
     * @param asOf facts recorded since are left out when they happened later
     */
    public Optional<Verdict> verdict(UUID tenant, UUID contract, Instant asOf) {
        return accounts.find(tenant, contract, asOf).map(BillingState::verdict);
    }

    // The schedule

    /** The contract took effect: draws up the schedule and opens what is owed for it, in the same transaction. */
    @EventListener
    void schedule(ContractEffective effective) {
        var tenant = effective.tenant();
        tenancy.write(tenant, () -> {
            if (books.account(tenant, effective.contract()).isPresent()) {
                return;
            }
            var inForce = terms.at(tenant, effective.contract(), effective.happenedAt())
                    .terms();
            var account = new Account(
                    tenant,
                    effective.contract(),
                    effective.number(),
                    code(effective.contract()),
                    inForce.client().name(),
                    inForce.provider().name(),
                    Accounts.micros(effective.happenedAt()));
            books.add(account);
            for (var instalment :
                    Schedule.of(inForce, effective.happenedAt(), calendar).instalments()) {
                var line = new Line(Ids.at(clock.millis()), instalment, account.effectiveAt(), null);
                books.add(account, line);
                accounts.open(account, line, effective.happenedAt(), effective.actor());
            }
            accounts.settle(account, "contract/" + account.contract(), effective.actor());
        });
    }

    /** Ten characters that a clerk can copy: the random end of the contract's id. */
    private static String code(UUID contract) {
        var hex = contract.toString().replace("-", "");
        return hex.substring(hex.length() - 10).toUpperCase(Locale.ROOT);
    }

    /**
     * An amendment was agreed: what lies ahead and nobody has paid is drawn anew; what has begun, was paid, disputed or
     * demanded stays as it is (I-7.2).
     */
    @EventListener
    void redraw(AmendmentAgreed agreed) {
        var tenant = agreed.tenant();
        tenancy.write(tenant, () -> {
            var account = books.locked(tenant, agreed.contract());
            var now = Accounts.micros(clock.instant());
            var state = accounts.state(account, now);
            var amended = terms.all(tenant, agreed.contract()).stream()
                    .filter(version -> version.number() == agreed.number())
                    .findFirst()
                    .orElseThrow(() -> new Unknown("version " + agreed.number()))
                    .asSigned();
            var next = Schedule.amended(frozen(state, agreed.inForceFrom()), amended, calendar);
            var at = Accounts.micros(agreed.happenedAt());
            for (var line : state.records().lines()) {
                boolean stays = next.stream()
                        .anyMatch(one ->
                                one.number() == line.instalment().number() && Schedule.same(one, line.instalment()));
                if (!stays) {
                    books.replace(account, line.id(), agreed.amendment(), at);
                    duties.on(tenant, account.contract(), Clause.I_3_2A, "instalment/" + line.id(), now)
                            .filter(duty -> duty.assessment().state().owed())
                            .ifPresent(duty -> duties.release(
                                    tenant, duty.duty().id(), Release.REPLACED, null, now, agreed.actor()));
                }
            }
            for (var instalment : next) {
                boolean stands = state.records().lines().stream()
                        .anyMatch(line -> line.instalment().number() == instalment.number()
                                && Schedule.same(line.instalment(), instalment));
                if (!stands) {
                    var line = new Line(Ids.at(clock.millis()), instalment, at, null);
                    books.add(account, line);
                    accounts.open(account.under(agreed.number()), line, at, agreed.actor());
                }
            }
            accounts.settle(account, "amendment/" + agreed.amendment(), agreed.actor());
        });
    }

    static List<Instalment> frozen(BillingState state, LocalDate from) {
        var touched = state.records().acts().stream()
                .map(Act::instalment)
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
        int stay = Schedule.frozen(state.verdict(), touched, from).size();
        return state.schedule().instalments().subList(0, stay);
    }

    // Payments

    /**
     * @param reference the bank's number of the transaction
     * @param instalment its number, or null: then what is due first is paid first
     * @param towards what the payer designated it for, or null
     */
    public record NewPayment(
            Instant creditedAt,
            @Nullable Instant sentAt,
            Money amount,
            @Nullable Integer instalment,
            @Nullable Towards towards,
            String reference,
            String payer) {}

    /**
     * Records money that reached the provider's account. The same reference a second time changes nothing.
     *
     * @return the payment's id, the first one when it was recorded before
     * @throws Refused when the reference belongs to a different payment, or the payment cannot be
     */
    public UUID recordPayment(Access access, NewPayment wanted) {
        access.require(Capability.RECORD_PAYMENT);
        return record(access, Channel.HAND, wanted);
    }

    UUID record(Access access, Channel channel, NewPayment wanted) {
        return accounts.change(access, (state, now) -> {
            var reference = Accounts.text("reference", wanted.reference(), 100);
            var known = books.payment(access.tenant(), channel, reference);
            if (known.isPresent()) {
                return sameAsBefore(access, wanted, known.get(), reference);
            }
            if (!wanted.amount().isPositive() || wanted.amount().compareTo(RmbWords.LIMIT) >= 0) {
                throw Refused.field("amount", "billing.payment.notPositive", wanted.amount());
            }
            var credited = Accounts.past("creditedAt", wanted.creditedAt(), now);
            var sent = wanted.sentAt() == null ? null : Accounts.micros(wanted.sentAt());
            if (sent != null && sent.isAfter(credited)) {
                throw Refused.field("sentAt", "billing.payment.sentLater", sent, credited);
            }
            if (wanted.instalment() != null) {
                state.schedule().instalment(wanted.instalment());
            }
            if (wanted.towards() == Towards.PENALTY) {
                requireClaimed(state, wanted.instalment());
            }
            var payment = new Payment(
                    Ids.at(now.toEpochMilli()),
                    channel,
                    reference,
                    Accounts.text("payer", wanted.payer(), 200),
                    credited,
                    sent,
                    wanted.amount(),
                    wanted.instalment(),
                    wanted.towards(),
                    now,
                    null);
            if (!books.add(state.account(), payment, access.person())) {
                throw Refused.field("reference", "billing.payment.otherContract", reference);
            }
            events.publishEvent(new BillingEvent.PaymentRecorded(
                    access.tenant(),
                    access.contract(),
                    payment.id(),
                    payment.instalment(),
                    payment.towards(),
                    payment.amount(),
                    channel.name(),
                    credited,
                    access.person()));
            receipts.owe(access, state, payment.id(), credited);
            accounts.settle(state.account(), "payment/" + payment.id(), access.person());
            return payment.id();
        });
    }

    private static UUID sameAsBefore(
            Access access, NewPayment wanted, Map.Entry<UUID, Payment> known, String reference) {
        var payment = known.getValue();
        if (known.getKey().equals(access.contract())
                && payment.amount().equals(wanted.amount())
                && payment.creditedAt().equals(Accounts.micros(wanted.creditedAt()))) {
            return payment.id();
        }
        throw Refused.field("reference", "billing.payment.sameReference", reference, payment.amount());
    }

    private static void requireClaimed(BillingState state, @Nullable Integer instalment) {
        if (instalment == null) {
            throw Refused.field("instalment", "billing.payment.penaltyOfWhich");
        }
        switch (state.verdict().instalment(instalment).penaltyStanding()) {
            case CLAIMED, SETTLED -> {}
            case NONE, PREVIEW, CLAIMABLE, WAIVED ->
                throw Refused.field("towards", "billing.payment.penaltyNotClaimed", instalment);
        }
    }

    /** The bank took a payment back: what it had paid is owed again from the original due instant (trap 7). */
    public void returnPayment(Access access, UUID payment, Instant at, String reason) {
        access.require(Capability.RECORD_PAYMENT);
        accounts.<@Nullable Void>change(access, (state, now) -> {
            var found = state.payment(payment);
            if (found.returned() != null) {
                throw Refused.because("billing.payment.returnedBefore", found.reference());
            }
            var returned = Accounts.past("at", at, now);
            if (returned.isBefore(found.creditedAt())) {
                throw Refused.field("at", "billing.payment.returnedTooEarly", found.creditedAt());
            }
            books.addReturn(
                    state.account(),
                    payment,
                    returned,
                    Accounts.text("reason", reason, Accounts.LONGEST_WORDS),
                    now,
                    access.person());
            events.publishEvent(new BillingEvent.PaymentReturned(
                    access.tenant(), access.contract(), payment, found.amount(), returned, access.person()));
            duties.on(access.tenant(), access.contract(), Clause.I_3_2B, "payment/" + payment, now)
                    .filter(duty -> duty.assessment().state().owed())
                    .ifPresent(duty -> duties.waive(access.tenant(), duty.duty().id(), null, now, access.person()));
            accounts.settle(state.account(), "payment/" + payment, access.person());
            return null;
        });
    }

    // Receipts

    /**
     * Issues the receipt of a payment; a second call gives the same one.
     *
     * @throws Refused when the payment was returned
     */
    public UUID issueReceipt(Access access, UUID payment) {
        access.require(Capability.ISSUE_RECEIPT);
        return accounts.change(access, (state, now) -> {
            var found = state.payment(payment);
            var issued = state.receiptOf(payment);
            if (issued.isPresent()) {
                return issued.get().id();
            }
            if (found.returned() != null) {
                throw Refused.because("billing.receipt.returned", found.reference());
            }
            return issue(access, state, found, null, null, now);
        });
    }

    /** Voids a receipt by issuing the one that stands for it. */
    public UUID replaceReceipt(Access access, UUID receipt, String reason) {
        access.require(Capability.ISSUE_RECEIPT);
        return accounts.change(access, (state, now) -> {
            var found = state.receipt(receipt);
            if (found.isVoid()) {
                throw Refused.because("billing.receipt.void", found.code());
            }
            return issue(
                    access,
                    state,
                    state.payment(found.payment()),
                    receipt,
                    Accounts.text("reason", reason, Accounts.LONGEST_WORDS),
                    now);
        });
    }

    private UUID issue(
            Access access,
            BillingState state,
            Payment payment,
            @Nullable UUID replaces,
            @Nullable String reason,
            Instant now) {
        var provider = receipts.provider(access, now);
        var receipt = Receipts.receipt(
                payment.id(),
                books.nextReceiptNumber(provider),
                payment.amount(),
                payment.payer(),
                state.account().providerName(),
                payment.creditedAt(),
                payment.instalment(),
                replaces,
                reason,
                provider,
                now);
        books.add(state.account(), receipt, provider, access.person());
        receipts.issued(access, receipt, now);
        return receipt.id();
    }

    // What the provider may assert

    /**
     * Demands an overdue instalment; the notice period of a suspension starts on delivery.
     *
     * @param deliveredAt when the demand reached the client; not in the future
     */
    public UUID demand(Access access, int instalment, Instant deliveredAt, @Nullable String words) {
        Accounts.requireProvider(access);
        return accounts.change(access, (state, now) -> {
            var due = state.schedule().instalment(instalment).due();
            var delivered = Accounts.past("deliveredAt", deliveredAt, now);
            if (delivered.isBefore(due)) {
                throw Refused.field("deliveredAt", "billing.demand.tooEarly", instalment, due);
            }
            Accounts.requireAvailable(state, Right.DEMAND, instalment);
            var act = accounts.act(state, Kind.DEMAND_DELIVERED, instalment, null, null, words, delivered, access, now);
            notices.send(
                    access,
                    Notice.Kind.DEMAND,
                    Clause.I_3_3A,
                    "demand/" + act,
                    Notice.Channel.PLATFORM,
                    words,
                    delivered);
            events.publishEvent(new BillingEvent.DemandDelivered(
                    access.tenant(), access.contract(), act, instalment, delivered, access.person()));
            if (state.binds(TermKey.SUSPENSION_NOTICE)) {
                duties.open(new NewDuty(
                        access.tenant(),
                        access.contract(),
                        state.account().contractVersion(),
                        Clause.I_3_3A,
                        Party.CLIENT,
                        Party.PROVIDER,
                        "billing.duty.answer",
                        "demand/" + act,
                        new Deadline.WorkingDays(
                                Math.max(1, state.terms().suspension().noticeWorkdays()),
                                delivered.atZone(state.terms().zone()).toLocalDate()),
                        delivered,
                        access.person()));
            }
            return act;
        });
    }

    /** The client's answer to a demand. */
    public UUID answerDemand(Access access, UUID demand, String words) {
        access.require(Capability.ANSWER_DEMAND);
        return accounts.change(access, (state, now) -> {
            state.act(demand, Kind.DEMAND_DELIVERED);
            if (state.answerTo(demand).isPresent()) {
                throw Refused.because("billing.demand.answered");
            }
            var act = accounts.act(
                    state,
                    Kind.DEMAND_ANSWERED,
                    null,
                    null,
                    demand,
                    Accounts.text("words", words, Accounts.LONGEST_WORDS),
                    now,
                    access,
                    now);
            events.publishEvent(new BillingEvent.DemandAnswered(
                    access.tenant(), access.contract(), act, demand, now, access.person()));
            accounts.discharge(access, Clause.I_3_3A, "demand/" + demand, now, now);
            return act;
        });
    }

    /**
     * Claims the penalty of an instalment under the agreed reading: from now on it is payable.
     *
     * @throws Refused when there is none, or the parties have not confirmed how it is read
     */
    public UUID claimPenalty(Access access, int instalment) {
        Accounts.requireProvider(access);
        return accounts.change(access, (state, now) -> {
            state.schedule().instalment(instalment);
            Accounts.requireAvailable(state, Right.CLAIM_PENALTY, instalment);
            var verdict = state.verdict().instalment(instalment);
            var amount = verdict.penalty();
            var agreed = verdict.agreed();
            if (amount == null || agreed == null) {
                throw new IllegalStateException("A claimable penalty without an amount");
            }
            var act = accounts.act(state, Kind.PENALTY_CLAIMED, instalment, amount, null, null, now, access, now);
            events.publishEvent(new BillingEvent.PenaltyClaimed(
                    access.tenant(),
                    access.contract(),
                    act,
                    instalment,
                    amount,
                    agreed.reading().mode(),
                    now,
                    access.person()));
            accounts.settle(state.account(), "act/" + act, access.person());
            return act;
        });
    }

    public UUID waivePenalty(Access access, int instalment, String reason) {
        Accounts.requireProvider(access);
        return accounts.change(access, (state, now) -> {
            state.schedule().instalment(instalment);
            switch (state.verdict().instalment(instalment).penaltyStanding()) {
                case PREVIEW, CLAIMABLE, CLAIMED -> {}
                case NONE, SETTLED, WAIVED -> throw Refused.because("billing.waiver.noPenalty", instalment);
            }
            var act = accounts.act(
                    state,
                    Kind.PENALTY_WAIVED,
                    instalment,
                    null,
                    null,
                    Accounts.text("reason", reason, Accounts.LONGEST_WORDS),
                    now,
                    access,
                    now);
            events.publishEvent(new BillingEvent.PenaltyWaived(
                    access.tenant(), access.contract(), act, instalment, now, access.person()));
            accounts.settle(state.account(), "act/" + act, access.person());
            return act;
        });
    }

    public UUID waiveInstalment(Access access, int instalment, String reason) {
        Accounts.requireProvider(access);
        return accounts.change(access, (state, now) -> {
            state.schedule().instalment(instalment);
            if (state.verdict().instalment(instalment).open().isZero()) {
                throw Refused.because("billing.waiver.nothingOpen", instalment);
            }
            var act = accounts.act(
                    state,
                    Kind.INSTALMENT_WAIVED,
                    instalment,
                    null,
                    null,
                    Accounts.text("reason", reason, Accounts.LONGEST_WORDS),
                    now,
                    access,
                    now);
            events.publishEvent(new BillingEvent.InstalmentWaived(
                    access.tenant(), access.contract(), act, instalment, now, access.person()));
            accounts.settle(state.account(), "act/" + act, access.person());
            return act;
        });
    }

    /** The client disputes part of an instalment; zero ends the dispute (G-45). */
    public UUID dispute(Access access, int instalment, Money amount, String reason) {
        access.require(Capability.ANSWER_DEMAND);
        if (access.party() != Party.CLIENT) {
            throw Refused.because("billing.dispute.clientOnly");
        }
        return accounts.change(access, (state, now) -> {
            state.schedule().instalment(instalment);
            var whole = state.verdict().instalment(instalment).instalment().amount();
            if (amount.isNegative() || amount.compareTo(whole) > 0) {
                throw Refused.field("amount", "billing.dispute.amount", whole);
            }
            var act = accounts.act(
                    state,
                    Kind.PART_DISPUTED,
                    instalment,
                    amount,
                    null,
                    Accounts.text("reason", reason, Accounts.LONGEST_WORDS),
                    now,
                    access,
                    now);
            events.publishEvent(new BillingEvent.PartDisputed(
                    access.tenant(), access.contract(), act, instalment, amount, now, access.person()));
            return act;
        });
    }

    /** Documents the loss from a delay, against which the penalty is held (CC 585, interpretation 65). */
    public UUID documentLoss(Access access, int instalment, Money amount, String words) {
        access.require(Capability.READ_MONEY);
        if (!access.may(Capability.ASSERT_RIGHT) && !access.may(Capability.ANSWER_DEMAND)) {
            access.require(Capability.ASSERT_RIGHT);
        }
        return accounts.change(access, (state, now) -> {
            state.schedule().instalment(instalment);
            if (amount.isNegative()) {
                throw Refused.field("amount", "billing.payment.notPositive", amount);
            }
            var act = accounts.act(
                    state,
                    Kind.LOSS_DOCUMENTED,
                    instalment,
                    amount,
                    null,
                    Accounts.text("words", words, Accounts.LONGEST_WORDS),
                    now,
                    access,
                    now);
            events.publishEvent(new BillingEvent.LossDocumented(
                    access.tenant(), access.contract(), act, instalment, amount, now, access.person()));
            return act;
        });
    }

    /** Asserts the right to suspend, once time has made it available. Nothing but a person's call ever does. */
    public UUID suspend(Access access) {
        return suspend(access, Set.of());
    }

    /** @param services numbers of those to freeze; empty for all that the terms allow */
    public UUID suspend(Access access, Set<Integer> services) {
        Accounts.requireProvider(access);
        return accounts.change(access, (state, now) -> {
            if (state.verdict().suspended()) {
                throw Refused.because("billing.suspension.running");
            }
            if (state.verdict().available(Right.SUSPEND).isEmpty()) {
                throw state.verdict().rights().stream()
                        .filter(right -> right.right() == Right.SUSPEND)
                        .findFirst()
                        .map(right -> new Refused(right.why()))
                        .orElseGet(() -> Refused.because("billing.suspension.noGround"));
            }
            var scope = services.isEmpty() ? state.terms().suspension().services() : services;
            var suspended = new Act(
                    Ids.at(now.toEpochMilli()), Kind.SUSPENDED, null, null, null, null, now, access.person(), scope);
            books.add(state.account(), suspended, now);
            var act = suspended.id();
            contracts.suspend(access, "suspension/" + act, scope);
            notices.send(
                    access,
                    Notice.Kind.SUSPENSION,
                    Clause.I_3_3A,
                    "suspension/" + act,
                    Notice.Channel.PLATFORM,
                    null,
                    now);
            events.publishEvent(
                    new BillingEvent.SuspensionAsserted(access.tenant(), access.contract(), act, now, access.person()));
            return act;
        });
    }

    /** Resumes a suspended service; the provider may do so at any time, and must once the debt is paid. */
    public UUID resume(Access access) {
        Accounts.requireProvider(access);
        return accounts.change(access, (state, now) -> {
            if (!state.verdict().suspended()) {
                throw Refused.because("billing.suspension.notRunning");
            }
            var act = accounts.act(state, Kind.RESUMED, null, null, null, null, now, access, now);
            accounts.toResume(access.tenant(), access.contract(), now)
                    .forEach(duty -> duties.discharge(access.tenant(), duty, now, access.person()));
            contracts.resume(access.tenant(), access.contract(), "suspension/" + act, access.person());
            events.publishEvent(
                    new BillingEvent.ServiceResumed(access.tenant(), access.contract(), act, now, access.person()));
            return act;
        });
    }

    /**
     * Terminates for non-payment, once time has made the right available. The notice ends the contract when it arrives.
     *
     * @return id of the termination
     */
    public UUID terminate(Access access, int instalment, Notice.Channel channel, String words) {
        Accounts.requireProvider(access);
        return accounts.change(access, (state, now) -> {
            state.schedule().instalment(instalment);
            Accounts.requireAvailable(state, Right.TERMINATE, instalment);
            var demand = state.acts(Kind.DEMAND_DELIVERED).stream()
                    .filter(act -> act.instalment() != null && act.instalment() == instalment)
                    .filter(act -> !act.happenedAt()
                            .isBefore(state.schedule().instalment(instalment).due()))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("A right to terminate without a demand"));
            return endings.terminateForNonPayment(
                    access, "demand/" + demand.id(), channel, Accounts.text("words", words, Accounts.LONGEST_WORDS));
        });
    }

    /** The client denies that there was a ground for the suspension; the case is decided elsewhere (577). */
    public UUID contestSuspension(Access access, String words) {
        access.require(Capability.ANSWER_DEMAND);
        if (access.party() != Party.CLIENT) {
            throw Refused.because("billing.dispute.clientOnly");
        }
        return accounts.change(access, (state, now) -> {
            if (state.acts(Kind.SUSPENDED).isEmpty()) {
                throw Refused.because("billing.suspension.notRunning");
            }
            var suspension = state.acts(Kind.SUSPENDED).getLast();
            if (state.contested(suspension.id())) {
                throw Refused.because("billing.suspension.contested");
            }
            var act = accounts.act(
                    state,
                    Kind.SUSPENSION_CONTESTED,
                    null,
                    null,
                    suspension.id(),
                    Accounts.text("words", words, Accounts.LONGEST_WORDS),
                    now,
                    access,
                    now);
            notices.send(
                    access,
                    Notice.Kind.CONTEST,
                    Clause.I_3_3A,
                    "suspension/" + suspension.id(),
                    Notice.Channel.PLATFORM,
                    words,
                    now);
            events.publishEvent(new BillingEvent.SuspensionContested(
                    access.tenant(), access.contract(), act, suspension.id(), now, access.person()));
            return act;
        });
    }

    /** Enters a value of the one-year LPR with its source. */
    public void enterRate(Access access, ReferenceRates.Rate rate) {
        access.require(Capability.READ_MONEY);
        if (rate.percent().signum() <= 0
                || rate.percent().compareTo(BigDecimal.valueOf(30)) > 0
                || rate.percent().scale() > 4) {
            throw Refused.field("percent", "billing.lpr.percent", rate.percent().toPlainString());
        }
        Accounts.text("source", rate.source(), 500);
        accounts.<@Nullable Void>change(access, (state, now) -> {
            if (state.records().rates().rates().stream()
                    .anyMatch(known -> known.from().equals(rate.from()))) {
                throw Refused.field("from", "billing.lpr.twice", rate.from());
            }
            books.add(access.tenant(), rate, now, access.person());
            return null;
        });
    }
}
