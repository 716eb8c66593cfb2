package io.retainer.billing;

import static io.retainer.duty.DutyState.KEPT;
import static io.retainer.duty.DutyState.KEPT_LATE;

import io.retainer.billing.Account.Act;
import io.retainer.billing.Account.Channel;
import io.retainer.billing.Account.Kind;
import io.retainer.billing.Account.Line;
import io.retainer.billing.Account.Payment;
import io.retainer.billing.Account.Posting;
import io.retainer.billing.Account.PostingAccount;
import io.retainer.billing.Account.Receipt;
import io.retainer.billing.BillingFact.Towards;
import io.retainer.billing.Verdict.InstalmentVerdict;
import io.retainer.billing.Verdict.PenaltyStanding;
import io.retainer.billing.Verdict.Standing;
import io.retainer.contract.ContractEffective;
import io.retainer.contract.ContractLife;
import io.retainer.contract.ContractState;
import io.retainer.contract.TermsInForce;
import io.retainer.duty.Deadline;
import io.retainer.duty.Duties;
import io.retainer.duty.NewDuty;
import io.retainer.identity.Access;
import io.retainer.identity.Capability;
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
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Unknown;
import io.retainer.kernel.WorkCalendar;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Service;

/**
 * What people do about the money of a contract. Each call is one transaction that locks the contract's account, decides on
 * the verdict of that moment, adds what happened, and brings postings and duties in line with the new verdict.
 */
@Service
public class Billing {

    private static final int LONGEST_WORDS = 2000;

    private final Books books;
    private final TermsInForce terms;
    private final Duties duties;
    private final ContractLife contracts;
    private final People people;
    private final ObjectProvider<Engagements> engagements;
    private final Tenancy tenancy;
    private final ApplicationEventPublisher events;
    private final Clock clock;
    private final WorkCalendar calendar;

    Billing(
            Books books,
            TermsInForce terms,
            Duties duties,
            ContractLife contracts,
            People people,
            ObjectProvider<Engagements> engagements,
            Tenancy tenancy,
            ApplicationEventPublisher events,
            Clock clock,
            ObjectProvider<WorkCalendar> calendar) {
        this.books = books;
        this.terms = terms;
        this.duties = duties;
        this.contracts = contracts;
        this.people = people;
        this.engagements = engagements;
        this.tenancy = tenancy;
        this.events = events;
        this.clock = clock;
        this.calendar = calendar.getIfAvailable(WorkCalendar::chinese);
    }

    // Looking

    /** How the contract's money stands as of a moment; empty before the contract took effect. */
    Optional<BillingState> find(UUID tenant, UUID contract, Instant asOf) {
        return tenancy.read(tenant, () -> books.account(tenant, contract).map(account -> state(account, asOf)));
    }

    /** @throws Unknown before the contract took effect */
    BillingState state(Access access) {
        access.require(Capability.READ_MONEY);
        return find(access.tenant(), access.contract(), clock.instant())
                .orElseThrow(() -> new Unknown("account of contract " + access.contract()));
    }

    /**
     * The verdict on the contract's money; empty before the contract took effect.
     *
     * @param asOf facts recorded since are left out when they happened later
     */
    public Optional<Verdict> verdict(UUID tenant, UUID contract, Instant asOf) {
        return find(tenant, contract, asOf).map(BillingState::verdict);
    }

    private BillingState state(Account account, Instant asOf) {
        var records = books.records(account.tenant(), account.contract());
        var moment = asOf.isBefore(account.effectiveAt()) ? account.effectiveAt() : asOf;
        var inForce = terms.at(account.tenant(), account.contract(), moment).terms();
        var drawn = Schedule.of(inForce, account.effectiveAt(), calendar);
        // Amounts and due instants are those that were drawn up; the notes say why they are what they are.
        var instalments = records.lines().stream()
                .map(Line::instalment)
                .map(one -> drawn.instalments().size() < one.number()
                        ? one
                        : new Instalment(
                                one.number(),
                                one.start(),
                                one.end(),
                                one.amount(),
                                one.lastDay(),
                                one.due(),
                                drawn.instalment(one.number()).notes()))
                .toList();
        var schedule = new Schedule(instalments, drawn.concluded(), drawn.notes());
        var verdict = Assessment.assess(inForce, schedule, records.facts(), asOf, records.rates(), calendar);
        return new BillingState(account, inForce, schedule, records, verdict);
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
                    micros(effective.happenedAt()));
            books.add(account);
            for (var instalment :
                    Schedule.of(inForce, effective.happenedAt(), calendar).instalments()) {
                var line = new Line(Ids.at(clock.millis()), instalment);
                books.add(account, line);
                events.publishEvent(new BillingEvent.InstalmentScheduled(
                        tenant,
                        account.contract(),
                        line.id(),
                        account.contractVersion(),
                        instalment.number(),
                        instalment.start(),
                        instalment.end(),
                        instalment.amount(),
                        instalment.due(),
                        effective.happenedAt(),
                        effective.actor()));
                duties.open(new NewDuty(
                        tenant,
                        account.contract(),
                        account.contractVersion(),
                        Clause.I_3_2A,
                        Party.CLIENT,
                        Party.PROVIDER,
                        "billing.duty.pay",
                        "instalment/" + line.id(),
                        new Deadline.At(instalment.due()),
                        effective.happenedAt(),
                        effective.actor()));
            }
            settle(account, "contract/" + account.contract(), effective.actor());
        });
    }

    /** Ten characters that a clerk can copy: the random end of the contract's id. */
    private static String code(UUID contract) {
        var hex = contract.toString().replace("-", "");
        return hex.substring(hex.length() - 10).toUpperCase(Locale.ROOT);
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
        return change(access, (state, now) -> {
            var reference = text("reference", wanted.reference(), 100);
            var known = books.payment(access.tenant(), channel, reference);
            if (known.isPresent()) {
                return sameAsBefore(access, wanted, known.get(), reference);
            }
            if (!wanted.amount().isPositive() || wanted.amount().compareTo(RmbWords.LIMIT) >= 0) {
                throw Refused.field("amount", "billing.payment.notPositive", wanted.amount());
            }
            var credited = past("creditedAt", wanted.creditedAt(), now);
            var sent = wanted.sentAt() == null ? null : micros(wanted.sentAt());
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
                    text("payer", wanted.payer(), 200),
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
            duties.open(new NewDuty(
                    access.tenant(),
                    access.contract(),
                    state.account().contractVersion(),
                    Clause.I_3_2B,
                    Party.PROVIDER,
                    Party.CLIENT,
                    "billing.duty.receipt",
                    "payment/" + payment.id(),
                    new Deadline.WorkingDays(
                            Math.max(1, state.terms().receipt().workdays()),
                            credited.atZone(state.terms().zone()).toLocalDate()),
                    credited,
                    access.person()));
            settle(state.account(), "payment/" + payment.id(), access.person());
            return payment.id();
        });
    }

    private static UUID sameAsBefore(
            Access access, NewPayment wanted, Map.Entry<UUID, Payment> known, String reference) {
        var payment = known.getValue();
        if (known.getKey().equals(access.contract())
                && payment.amount().equals(wanted.amount())
                && payment.creditedAt().equals(micros(wanted.creditedAt()))) {
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
        this.<@Nullable Void>change(access, (state, now) -> {
            var found = state.payment(payment);
            if (found.returned() != null) {
                throw Refused.because("billing.payment.returnedBefore", found.reference());
            }
            var returned = past("at", at, now);
            if (returned.isBefore(found.creditedAt())) {
                throw Refused.field("at", "billing.payment.returnedTooEarly", found.creditedAt());
            }
            books.addReturn(
                    state.account(), payment, returned, text("reason", reason, LONGEST_WORDS), now, access.person());
            events.publishEvent(new BillingEvent.PaymentReturned(
                    access.tenant(), access.contract(), payment, found.amount(), returned, access.person()));
            duties.on(access.tenant(), access.contract(), Clause.I_3_2B, "payment/" + payment, now)
                    .filter(duty -> duty.assessment().state().owed())
                    .ifPresent(duty -> duties.waive(access.tenant(), duty.duty().id(), null, now, access.person()));
            settle(state.account(), "payment/" + payment, access.person());
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
        return change(access, (state, now) -> {
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
        return change(access, (state, now) -> {
            var found = state.receipt(receipt);
            if (found.isVoid()) {
                throw Refused.because("billing.receipt.void", found.code());
            }
            return issue(
                    access, state, state.payment(found.payment()), receipt, text("reason", reason, LONGEST_WORDS), now);
        });
    }

    private UUID issue(
            Access access,
            BillingState state,
            Payment payment,
            @Nullable UUID replaces,
            @Nullable String reason,
            Instant now) {
        var provider = provider(access, now);
        long number = books.nextReceiptNumber(provider);
        var words = RmbWords.of(payment.amount(), RmbWords.Style.BANK.withCurrency());
        var hash = sha256(String.join(
                "\n",
                "receipt",
                provider.toString(),
                Long.toString(number),
                payment.id().toString(),
                payment.amount().yuan().toPlainString(),
                words,
                payment.payer(),
                state.account().providerName(),
                payment.creditedAt().toString(),
                now.toString()));
        var receipt = new Receipt(
                Ids.at(now.toEpochMilli()),
                payment.id(),
                number,
                payment.amount(),
                words,
                payment.payer(),
                state.account().providerName(),
                payment.creditedAt(),
                payment.instalment(),
                replaces,
                reason,
                null,
                false,
                hash,
                now);
        books.add(state.account(), receipt, provider, access.person());
        events.publishEvent(new BillingEvent.ReceiptIssued(
                access.tenant(),
                access.contract(),
                receipt.id(),
                payment.id(),
                number,
                payment.amount(),
                hash,
                replaces,
                now,
                access.person()));
        duties.on(access.tenant(), access.contract(), Clause.I_3_2B, "payment/" + payment.id(), now)
                .filter(duty -> duty.assessment().state().owed())
                .ifPresent(duty -> duties.discharge(access.tenant(), duty.duty().id(), now, access.person()));
        return receipt.id();
    }

    /** The organisation whose receipts are counted: the one for which the person issues it. */
    private UUID provider(Access access, Instant now) {
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

    // What the provider may assert

    /**
     * Demands an overdue instalment; the notice period of a suspension starts on delivery.
     *
     * @param deliveredAt when the demand reached the client; not in the future
     */
    public UUID demand(Access access, int instalment, Instant deliveredAt, @Nullable String words) {
        requireProvider(access);
        return change(access, (state, now) -> {
            var due = state.schedule().instalment(instalment).due();
            var delivered = past("deliveredAt", deliveredAt, now);
            if (delivered.isBefore(due)) {
                throw Refused.field("deliveredAt", "billing.demand.tooEarly", instalment, due);
            }
            requireAvailable(state, Right.DEMAND, instalment);
            var act = act(state, Kind.DEMAND_DELIVERED, instalment, null, null, words, delivered, access, now);
            events.publishEvent(new BillingEvent.DemandDelivered(
                    access.tenant(), access.contract(), act, instalment, delivered, access.person()));
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
            return act;
        });
    }

    /** The client's answer to a demand. */
    public UUID answerDemand(Access access, UUID demand, String words) {
        access.require(Capability.ANSWER_DEMAND);
        return change(access, (state, now) -> {
            state.act(demand, Kind.DEMAND_DELIVERED);
            if (state.answerTo(demand).isPresent()) {
                throw Refused.because("billing.demand.answered");
            }
            var act = act(
                    state,
                    Kind.DEMAND_ANSWERED,
                    null,
                    null,
                    demand,
                    text("words", words, LONGEST_WORDS),
                    now,
                    access,
                    now);
            events.publishEvent(new BillingEvent.DemandAnswered(
                    access.tenant(), access.contract(), act, demand, now, access.person()));
            discharge(access, Clause.I_3_3A, "demand/" + demand, now, now);
            return act;
        });
    }

    /**
     * Claims the penalty of an instalment under the agreed reading: from now on it is payable.
     *
     * @throws Refused when there is none, or the parties have not confirmed how it is read
     */
    public UUID claimPenalty(Access access, int instalment) {
        requireProvider(access);
        return change(access, (state, now) -> {
            state.schedule().instalment(instalment);
            requireAvailable(state, Right.CLAIM_PENALTY, instalment);
            var verdict = state.verdict().instalment(instalment);
            var amount = verdict.penalty();
            var agreed = verdict.agreed();
            if (amount == null || agreed == null) {
                throw new IllegalStateException("A claimable penalty without an amount");
            }
            var act = act(state, Kind.PENALTY_CLAIMED, instalment, amount, null, null, now, access, now);
            events.publishEvent(new BillingEvent.PenaltyClaimed(
                    access.tenant(),
                    access.contract(),
                    act,
                    instalment,
                    amount,
                    agreed.reading().mode(),
                    now,
                    access.person()));
            settle(state.account(), "act/" + act, access.person());
            return act;
        });
    }

    public UUID waivePenalty(Access access, int instalment, String reason) {
        requireProvider(access);
        return change(access, (state, now) -> {
            state.schedule().instalment(instalment);
            switch (state.verdict().instalment(instalment).penaltyStanding()) {
                case PREVIEW, CLAIMABLE, CLAIMED -> {}
                case NONE, SETTLED, WAIVED -> throw Refused.because("billing.waiver.noPenalty", instalment);
            }
            var act = act(
                    state,
                    Kind.PENALTY_WAIVED,
                    instalment,
                    null,
                    null,
                    text("reason", reason, LONGEST_WORDS),
                    now,
                    access,
                    now);
            events.publishEvent(new BillingEvent.PenaltyWaived(
                    access.tenant(), access.contract(), act, instalment, now, access.person()));
            settle(state.account(), "act/" + act, access.person());
            return act;
        });
    }

    public UUID waiveInstalment(Access access, int instalment, String reason) {
        requireProvider(access);
        return change(access, (state, now) -> {
            state.schedule().instalment(instalment);
            if (state.verdict().instalment(instalment).open().isZero()) {
                throw Refused.because("billing.waiver.nothingOpen", instalment);
            }
            var act = act(
                    state,
                    Kind.INSTALMENT_WAIVED,
                    instalment,
                    null,
                    null,
                    text("reason", reason, LONGEST_WORDS),
                    now,
                    access,
                    now);
            events.publishEvent(new BillingEvent.InstalmentWaived(
                    access.tenant(), access.contract(), act, instalment, now, access.person()));
            settle(state.account(), "act/" + act, access.person());
            return act;
        });
    }

    /** The client disputes part of an instalment; zero ends the dispute (G-45). */
    public UUID dispute(Access access, int instalment, Money amount, String reason) {
        access.require(Capability.ANSWER_DEMAND);
        if (access.party() != Party.CLIENT) {
            throw Refused.because("billing.dispute.clientOnly");
        }
        return change(access, (state, now) -> {
            var whole = state.schedule().instalment(instalment).amount();
            if (amount.isNegative() || amount.compareTo(whole) > 0) {
                throw Refused.field("amount", "billing.dispute.amount", whole);
            }
            var act = act(
                    state,
                    Kind.PART_DISPUTED,
                    instalment,
                    amount,
                    null,
                    text("reason", reason, LONGEST_WORDS),
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
        return change(access, (state, now) -> {
            state.schedule().instalment(instalment);
            if (amount.isNegative()) {
                throw Refused.field("amount", "billing.payment.notPositive", amount);
            }
            var act = act(
                    state,
                    Kind.LOSS_DOCUMENTED,
                    instalment,
                    amount,
                    null,
                    text("words", words, LONGEST_WORDS),
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
        requireProvider(access);
        return change(access, (state, now) -> {
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
            var act = act(state, Kind.SUSPENDED, null, null, null, null, now, access, now);
            contracts.suspend(
                    access, "suspension/" + act, state.terms().suspension().services());
            events.publishEvent(
                    new BillingEvent.SuspensionAsserted(access.tenant(), access.contract(), act, now, access.person()));
            return act;
        });
    }

    /** Resumes a suspended service; the provider may do so at any time, and must once the debt is paid. */
    public UUID resume(Access access) {
        requireProvider(access);
        return change(access, (state, now) -> {
            if (!state.verdict().suspended()) {
                throw Refused.because("billing.suspension.notRunning");
            }
            var act = act(state, Kind.RESUMED, null, null, null, null, now, access, now);
            toResume(access.tenant(), access.contract(), now)
                    .forEach(duty -> duties.discharge(access.tenant(), duty, now, access.person()));
            contracts.resume(access.tenant(), access.contract(), "suspension/" + act, access.person());
            events.publishEvent(
                    new BillingEvent.ServiceResumed(access.tenant(), access.contract(), act, now, access.person()));
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
        text("source", rate.source(), 500);
        this.<@Nullable Void>change(access, (state, now) -> {
            if (state.records().rates().rates().stream()
                    .anyMatch(known -> known.from().equals(rate.from()))) {
                throw Refused.field("from", "billing.lpr.twice", rate.from());
            }
            books.add(access.tenant(), rate, now, access.person());
            return null;
        });
    }

    // Deciding

    private interface Decision<T extends @Nullable Object> {
        T on(BillingState state, Instant now);
    }

    private <T extends @Nullable Object> T change(Access access, Decision<T> decision) {
        return tenancy.write(access.tenant(), () -> {
            var account = books.locked(access.tenant(), access.contract());
            var now = micros(clock.instant());
            return decision.on(state(account, now), now);
        });
    }

    private UUID act(
            BillingState state,
            Kind kind,
            @Nullable Integer instalment,
            @Nullable Money amount,
            @Nullable UUID refersTo,
            @Nullable String words,
            Instant at,
            Access access,
            Instant now) {
        var kept = words == null || words.isBlank() ? null : text("words", words, LONGEST_WORDS);
        var act = new Act(Ids.at(now.toEpochMilli()), kind, instalment, amount, refersTo, kept, at, access.person());
        books.add(state.account(), act, now);
        return act.id();
    }

    private static void requireAvailable(BillingState state, Right right, int instalment) {
        var verdict = state.verdict().rights().stream()
                .filter(one -> one.right() == right && one.instalment() != null && one.instalment() == instalment)
                .findFirst();
        if (verdict.isEmpty()) {
            throw Refused.because("billing.right.none", right, instalment);
        }
        if (verdict.get().standing() != Standing.AVAILABLE) {
            throw new Refused(verdict.get().why());
        }
    }

    private static void requireProvider(Access access) {
        access.require(Capability.ASSERT_RIGHT);
        if (access.party() != Party.PROVIDER) {
            throw Refused.because("billing.right.providerOnly");
        }
    }

    // Following

    /** Brings postings and duties in line with the verdict of this moment. */
    private void settle(Account account, String cause, @Nullable UUID actor) {
        var now = micros(clock.instant());
        var state = state(account, now);
        var balances = books.balances(account.tenant(), account.contract());
        for (var instalment : state.verdict().instalments()) {
            post(account, instalment.number(), target(instalment), balances, cause, now);
            settleDuty(account, state, instalment, now, actor);
            settleDemands(account, state, instalment, now, actor);
        }
        settleSuspension(account, state, now, actor);
        start(account, state, actor);
        var credit = new EnumMap<PostingAccount, Money>(PostingAccount.class);
        credit.put(PostingAccount.BANK, state.verdict().unallocated());
        credit.put(PostingAccount.CLIENT_CREDIT, state.verdict().unallocated().negated());
        post(account, 0, credit, balances, cause, now);
    }

    /** The service starts once its first instalment is paid or given up (state-machines.md §3.1). */
    private void start(Account account, BillingState state, @Nullable UUID actor) {
        if (state.verdict().instalment(1).open().isZero()
                && contracts.state(account.tenant(), account.contract()) == ContractState.EFFECTIVE) {
            contracts.clearStart(account.tenant(), account.contract(), actor);
        }
    }

    /** What the accounts of an instalment should say; always sums to zero. */
    private static Map<PostingAccount, Money> target(InstalmentVerdict verdict) {
        boolean claimed = verdict.penaltyStanding() == PenaltyStanding.CLAIMED
                || verdict.penaltyStanding() == PenaltyStanding.SETTLED;
        var amount = verdict.instalment().amount();
        var penalty = verdict.penalty();
        // What was paid of a penalty before the rest was waived stays earned.
        var booked = claimed && penalty != null ? penalty : verdict.penaltyPaid();
        var waived = verdict.state() == InstalmentState.WAIVED ? amount.minus(verdict.paid()) : Money.ZERO;
        var target = new EnumMap<PostingAccount, Money>(PostingAccount.class);
        target.put(
                PostingAccount.BANK, verdict.paid().plus(verdict.penaltyPaid()).plus(verdict.overpaid()));
        target.put(PostingAccount.RECEIVABLE, amount.minus(verdict.paid()).minus(waived));
        target.put(PostingAccount.FEE, amount.negated());
        target.put(PostingAccount.PENALTY_RECEIVABLE, booked.minus(verdict.penaltyPaid()));
        target.put(PostingAccount.PENALTY_INCOME, booked.negated());
        target.put(PostingAccount.CLIENT_CREDIT, verdict.overpaid().negated());
        target.put(PostingAccount.WAIVED, waived);
        return target;
    }

    private void post(
            Account account,
            int instalment,
            Map<PostingAccount, Money> target,
            Map<Integer, Map<PostingAccount, Money>> balances,
            String cause,
            Instant now) {
        var held = balances.getOrDefault(instalment, Map.of());
        var entry = new ArrayList<Posting>();
        target.forEach((posting, amount) -> {
            var difference = amount.minus(held.getOrDefault(posting, Money.ZERO));
            if (!difference.isZero()) {
                entry.add(new Posting(posting, difference));
            }
        });
        if (!entry.isEmpty()) {
            books.post(account, instalment, entry, cause, now);
        }
    }

    private void settleDuty(
            Account account, BillingState state, InstalmentVerdict verdict, Instant now, @Nullable UUID actor) {
        var subject = "instalment/" + state.lineId(verdict.number());
        var duty = duties.on(account.tenant(), account.contract(), Clause.I_3_2A, subject, now);
        if (duty.isEmpty()) {
            return;
        }
        var id = duty.get().duty().id();
        var standing = duty.get().assessment().state();
        switch (verdict.state()) {
            case PAID, PAID_LATE -> {
                var paidAt = verdict.lastCredit();
                if (paidAt != null) {
                    keptAt(account.tenant(), id, micros(paidAt), now, actor);
                }
            }
            case WAIVED -> {
                if (standing.owed()) {
                    duties.waive(account.tenant(), id, null, now, actor);
                }
            }
            case SCHEDULED, REMINDED, OVERDUE, PARTIAL_OVERDUE -> {
                while (standing == KEPT || standing == KEPT_LATE) {
                    duties.reopen(account.tenant(), id, null, now, actor);
                    standing =
                            duties.get(account.tenant(), id, now).assessment().state();
                }
            }
        }
    }

    /** Has the duty performed at the moment that counts by now, which later records and returns may have moved. */
    private void keptAt(UUID tenant, UUID duty, Instant paidAt, Instant now, @Nullable UUID actor) {
        var assessment = duties.get(tenant, duty, now).assessment();
        var endedAt = assessment.endedAt();
        boolean kept = assessment.state() == KEPT || assessment.state() == KEPT_LATE;
        while (kept && endedAt != null && endedAt.isBefore(paidAt)) {
            duties.reopen(tenant, duty, null, now, actor);
            assessment = duties.get(tenant, duty, now).assessment();
            endedAt = assessment.endedAt();
            kept = assessment.state() == KEPT || assessment.state() == KEPT_LATE;
        }
        if (assessment.state().owed() || (kept && endedAt != null && endedAt.isAfter(paidAt))) {
            duties.discharge(tenant, duty, paidAt, actor);
        }
    }

    /** Whoever pays what was demanded has answered the demand. */
    private void settleDemands(
            Account account, BillingState state, InstalmentVerdict verdict, Instant now, @Nullable UUID actor) {
        var paidAt = verdict.lastCredit();
        boolean waived = verdict.state() == InstalmentState.WAIVED;
        if (!verdict.open().isZero() || (paidAt == null && !waived)) {
            return;
        }
        for (var demand : state.acts(Kind.DEMAND_DELIVERED)) {
            if (demand.instalment() != null && demand.instalment() == verdict.number()) {
                duties.on(account.tenant(), account.contract(), Clause.I_3_3A, "demand/" + demand.id(), now)
                        .filter(duty -> duty.assessment().state().owed())
                        .map(duty -> duty.duty().id())
                        .ifPresent(duty -> {
                            if (waived || paidAt == null) {
                                duties.waive(account.tenant(), duty, null, now, actor);
                            } else {
                                duties.discharge(account.tenant(), duty, paidAt, actor);
                            }
                        });
            }
        }
    }

    /** Once the ground of a suspension is gone the provider owes to resume, until it does or the ground is back (§3.3). */
    private void settleSuspension(Account account, BillingState state, Instant now, @Nullable UUID actor) {
        if (!state.verdict().suspended()) {
            return;
        }
        var owed = toResume(account.tenant(), account.contract(), now);
        var due = state.verdict().available(Right.RESUME).stream().findFirst();
        var since = due.isPresent() ? due.get().from() : null;
        if (since == null) {
            owed.forEach(duty -> duties.waive(account.tenant(), duty, null, now, actor));
        } else if (owed.isEmpty()) {
            var returned = state.payments().stream()
                    .filter(payment -> payment.returned() != null)
                    .count();
            duties.open(new NewDuty(
                    account.tenant(),
                    account.contract(),
                    account.contractVersion(),
                    Clause.I_3_3A,
                    Party.PROVIDER,
                    Party.CLIENT,
                    "billing.duty.resume",
                    "suspension/" + state.acts(Kind.SUSPENDED).getLast().id() + (returned == 0 ? "" : "/" + returned),
                    new Deadline.WorkingDays(
                            Math.max(1, state.terms().suspension().resumeWorkdays()),
                            since.atZone(state.terms().zone()).toLocalDate()),
                    since,
                    actor));
        }
    }

    private List<UUID> toResume(UUID tenant, UUID contract, Instant now) {
        return duties.ofContract(tenant, contract, now).stream()
                .filter(duty -> duty.duty().clause() == Clause.I_3_3A
                        && duty.duty().debtor() == Party.PROVIDER
                        && duty.assessment().state().owed())
                .map(duty -> duty.duty().id())
                .toList();
    }

    private void discharge(Access access, Clause clause, String subject, Instant at, Instant now) {
        duties.on(access.tenant(), access.contract(), clause, subject, now)
                .filter(duty -> duty.assessment().state().owed())
                .ifPresent(duty -> duties.discharge(access.tenant(), duty.duty().id(), at, access.person()));
    }

    // Small things

    private static Instant past(String field, Instant at, Instant now) {
        var micros = micros(at);
        if (micros.isAfter(now)) {
            throw Refused.field(field, "billing.future", micros);
        }
        return micros;
    }

    private static String text(String field, String text, int longest) {
        var stripped = text.strip();
        if (stripped.isEmpty() || stripped.length() > longest) {
            throw Refused.field(field, "billing.text", field, longest);
        }
        return stripped;
    }

    private static Instant micros(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MICROS);
    }

    static String sha256(String text) {
        return sha256(text.getBytes(StandardCharsets.UTF_8));
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
