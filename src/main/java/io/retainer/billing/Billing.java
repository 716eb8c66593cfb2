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
import io.retainer.contract.AmendmentAgreed;
import io.retainer.contract.ContractEffective;
import io.retainer.contract.ContractLife;
import io.retainer.contract.ContractState;
import io.retainer.contract.ContractTerminating;
import io.retainer.contract.EndGround;
import io.retainer.contract.Endings;
import io.retainer.contract.ForceMajeureEvent;
import io.retainer.contract.Notice;
import io.retainer.contract.Notices;
import io.retainer.contract.TermKey;
import io.retainer.contract.TermsInForce;
import io.retainer.duty.AssessedDuty;
import io.retainer.duty.Cause;
import io.retainer.duty.Deadline;
import io.retainer.duty.Duties;
import io.retainer.duty.NewDuty;
import io.retainer.duty.Release;
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
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HexFormat;
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
 * What people do about the money of a contract. Each call is one transaction that locks the contract and its account, decides on
 * the verdict of that moment, adds what happened, and brings postings and duties in line with the new verdict.
 */
@Service
public class Billing {

    private static final int LONGEST_WORDS = 2000;

    private final Books books;
    private final Charges charges;
    private final TermsInForce terms;
    private final Duties duties;
    private final ContractLife contracts;
    private final Endings endings;
    private final Notices notices;
    private final People people;
    private final ObjectProvider<Engagements> engagements;
    private final Tenancy tenancy;
    private final ApplicationEventPublisher events;
    private final Clock clock;
    private final WorkCalendar calendar;

    Billing(
            Books books,
            Charges charges,
            TermsInForce terms,
            Duties duties,
            ContractLife contracts,
            Endings endings,
            Notices notices,
            People people,
            ObjectProvider<Engagements> engagements,
            Tenancy tenancy,
            ApplicationEventPublisher events,
            Clock clock,
            ObjectProvider<WorkCalendar> calendar) {
        this.books = books;
        this.charges = charges;
        this.terms = terms;
        this.duties = duties;
        this.contracts = contracts;
        this.endings = endings;
        this.notices = notices;
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
        var moment = asOf.isBefore(account.effectiveAt()) ? account.effectiveAt() : asOf;
        var records = books.records(account.tenant(), account.contract()).standing(moment, account.effectiveAt());
        var version = terms.at(account.tenant(), account.contract(), moment);
        var inForce = version.asSigned();
        var versions = terms.all(account.tenant(), account.contract());
        var byDate = new TermsByDate(versions.stream()
                .map(one -> new TermsByDate.Dated(one.effectiveFrom(), one.asSigned()))
                .toList());
        var agreed = new EnumMap<TermKey, Instant>(TermKey.class);
        versions.forEach(one -> one.agreed().forEach((key, since) -> {
            if (!since.isAfter(moment)) {
                agreed.merge(key, since, (a, b) -> a.isBefore(b) ? a : b);
            }
        }));
        var drawn = Schedule.of(versions.getFirst().asSigned(), account.effectiveAt(), calendar);
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
        var verdict = Assessment.assess(
                byDate, schedule, BillingState.facts(records, agreed), asOf, records.rates(), calendar);
        return new BillingState(
                account.under(version.number()),
                inForce,
                versions,
                terms.concluded(account.tenant(), account.contract()),
                agreed,
                schedule,
                records,
                verdict);
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
                var line = new Line(Ids.at(clock.millis()), instalment, account.effectiveAt(), null);
                books.add(account, line);
                open(account, line, effective.happenedAt(), effective.actor());
            }
            settle(account, "contract/" + account.contract(), effective.actor());
        });
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
            var now = micros(clock.instant());
            var state = state(account, now);
            var amended = terms.all(tenant, agreed.contract()).stream()
                    .filter(version -> version.number() == agreed.number())
                    .findFirst()
                    .orElseThrow(() -> new Unknown("version " + agreed.number()))
                    .asSigned();
            var next = Schedule.amended(frozen(state, agreed.inForceFrom()), amended, calendar);
            var at = micros(agreed.happenedAt());
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
                    open(account.under(agreed.number()), line, at, agreed.actor());
                }
            }
            settle(account, "amendment/" + agreed.amendment(), agreed.actor());
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

    private void open(Account account, Line line, Instant at, @Nullable UUID actor) {
        var instalment = line.instalment();
        events.publishEvent(new BillingEvent.InstalmentScheduled(
                account.tenant(),
                account.contract(),
                line.id(),
                account.contractVersion(),
                instalment.number(),
                instalment.start(),
                instalment.end(),
                instalment.amount(),
                instalment.due(),
                at,
                actor));
        duties.open(new NewDuty(
                account.tenant(),
                account.contract(),
                account.contractVersion(),
                Clause.I_3_2A,
                Party.CLIENT,
                Party.PROVIDER,
                "billing.duty.pay",
                "instalment/" + line.id(),
                new Deadline.At(instalment.due()),
                at,
                actor));
    }

    // Other work

    /**
     * Charges something beside the fee, with the next instalment that has not fallen due and is not paid; when there is none,
     * or it is wanted so, by itself.
     *
     * @return how it is to be paid
     */
    public Charges.Placed charge(UUID tenant, UUID contract, Charges.NewCharge wanted, @Nullable UUID actor) {
        return tenancy.write(tenant, () -> {
            var account = books.locked(tenant, contract);
            var now = micros(clock.instant());
            var state = state(account, now);
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
                settle(account, "charge/" + id, actor);
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
    public UUID payCharge(Access access, UUID charge, Money amount, Instant creditedAt, String reference) {
        access.require(Capability.RECORD_PAYMENT);
        return change(access, (state, now) -> {
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
            var credited = past("creditedAt", creditedAt, now);
            var payment = new Charges.ChargePayment(
                    Ids.at(now.toEpochMilli()),
                    charge,
                    amount,
                    credited,
                    text("reference", reference, 100),
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
                discharge(access, found.clause(), "charge/" + charge, credited, now);
            }
            oweReceipt(access, state, payment.id(), credited);
            return payment.id();
        });
    }

    /** Charges that are paid by themselves and of which something is still owed, the latest first. */
    public List<UUID> unpaidCharges(Access access) {
        return charges(access).stream()
                .filter(charge -> charge.due() != null && charge.paidAt() == null)
                .map(Charges.Charge::id)
                .toList();
    }

    /** What came in for charges that are paid by themselves. */
    List<Charges.ChargePayment> chargePayments(Access access) {
        access.require(Capability.READ_MONEY);
        return tenancy.read(access.tenant(), () -> charges.payments(access.tenant(), access.contract()));
    }

    /** @throws Unknown when there is no such payment for a charge of the contract */
    private Charges.ChargePayment chargePayment(Access access, UUID payment) {
        return charges.payments(access.tenant(), access.contract()).stream()
                .filter(found -> found.id().equals(payment))
                .findFirst()
                .orElseThrow(() -> new Unknown("payment " + payment));
    }

    /** The bank took back what came in for a charge: it is owed again from its original due instant (trap 7). */
    public void returnChargePayment(Access access, UUID payment, Instant at, String reason) {
        access.require(Capability.RECORD_PAYMENT);
        this.<@Nullable Void>change(access, (state, now) -> {
            var found = chargePayment(access, payment);
            if (found.returned() != null) {
                throw Refused.because("billing.payment.returnedBefore", found.reference());
            }
            var returned = past("at", at, now);
            if (returned.isBefore(found.creditedAt())) {
                throw Refused.field("at", "billing.payment.returnedTooEarly", found.creditedAt());
            }
            var charge = charges.get(access.tenant(), access.contract(), found.charge());
            charges.returned(
                    access.tenant(), found, returned, text("reason", reason, LONGEST_WORDS), now, access.person());
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
    public UUID issueChargeReceipt(Access access, UUID payment) {
        access.require(Capability.ISSUE_RECEIPT);
        return change(access, (state, now) -> {
            var found = chargePayment(access, payment);
            var issued = found.receipt();
            if (issued != null) {
                return issued.id();
            }
            if (found.returned() != null) {
                throw Refused.because("billing.receipt.returned", found.reference());
            }
            return issueChargeReceipt(access, state, found, null, null, now);
        });
    }

    /** Voids the receipt for a payment of a charge by issuing the one that stands for it. */
    public UUID replaceChargeReceipt(Access access, UUID receipt, String reason) {
        access.require(Capability.ISSUE_RECEIPT);
        return change(access, (state, now) -> {
            var payment = paidBy(access, receipt);
            var found = payment.receipts().stream()
                    .filter(one -> one.id().equals(receipt))
                    .findFirst()
                    .orElseThrow();
            if (found.isVoid()) {
                throw Refused.because("billing.receipt.void", found.code());
            }
            return issueChargeReceipt(
                    access, state, payment, receipt, text("reason", reason, LONGEST_WORDS), now);
        });
    }

    private UUID issueChargeReceipt(
            Access access,
            BillingState state,
            Charges.ChargePayment payment,
            @Nullable UUID replaces,
            @Nullable String reason,
            Instant now) {
        var provider = provider(access, now);
        var receipt = receipt(
                payment.id(),
                books.nextReceiptNumber(provider),
                payment.amount(),
                state.account().clientName(),
                state.account().providerName(),
                payment.creditedAt(),
                replaces,
                reason,
                provider,
                now);
        charges.add(access.tenant(), receipt, provider, access.person());
        issued(access, receipt, now);
        return receipt.id();
    }

    /** @throws Unknown when there is no such receipt for a charge of the contract */
    private Charges.ChargePayment paidBy(Access access, UUID receipt) {
        return charges.payments(access.tenant(), access.contract()).stream()
                .filter(found -> found.receipts().stream().anyMatch(one -> one.id().equals(receipt)))
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

    ChargeReceipt chargeReceipt(Access access, UUID receipt) {
        var account = state(access).account();
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

    private static Receipt receipt(
            UUID payment,
            long number,
            Money amount,
            String payer,
            String payee,
            Instant creditedAt,
            @Nullable UUID replaces,
            @Nullable String reason,
            UUID provider,
            Instant now) {
        var words = RmbWords.of(amount, RmbWords.Style.BANK.withCurrency());
        var hash = sha256(String.join(
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
                null,
                replaces,
                reason,
                null,
                false,
                hash,
                now);
    }

    private void issued(Access access, Receipt receipt, Instant now) {
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
    private void oweReceipt(Access access, BillingState state, UUID payment, Instant credited) {
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

    // The end

    /**
     * The service ended: what was not served of a period is not owed for it, what was paid for it goes back, and what
     * would have been due later is owed no more (Civil Code 566).
     */
    @EventListener
    void windUp(ContractTerminating ending) {
        var tenant = ending.tenant();
        tenancy.write(tenant, () -> {
            if (books.account(tenant, ending.contract()).isEmpty()) {
                return;
            }
            var account = books.locked(tenant, ending.contract());
            var now = micros(clock.instant());
            var state = state(account, now);
            var at = micros(ending.happenedAt());
            for (var verdict : state.verdict().instalments()) {
                var unserved = Settlement.unservedFee(
                        state.terms().binding(), state.schedule().instalment(verdict.number()), at);
                if (unserved.isPositive() && verdict.state() != InstalmentState.WAIVED) {
                    var act = new Act(
                            Ids.at(now.toEpochMilli()),
                            Kind.INSTALMENT_REDUCED,
                            verdict.number(),
                            unserved,
                            null,
                            null,
                            at,
                            ending.actor(),
                            Set.of());
                    books.add(account, act, now);
                    events.publishEvent(new BillingEvent.InstalmentReduced(
                            tenant, account.contract(), act.id(), verdict.number(), unserved, at, ending.actor()));
                }
            }
            settle(account, "contract/" + account.contract(), ending.actor());
            var settlement = settlement(state(account, now), at);
            if (settlement.toRefund().isPositive()) {
                duties.open(new NewDuty(
                        tenant,
                        account.contract(),
                        state.account().contractVersion(),
                        Clause.I_2_2A,
                        Party.PROVIDER,
                        Party.CLIENT,
                        "billing.duty.refund",
                        REFUND,
                        new Deadline.WorkingDays(
                                Math.max(
                                        1, state.terms().binding().termination().cureWorkdays()),
                                at.atZone(state.terms().zone()).toLocalDate()),
                        at,
                        ending.actor()));
            }
        });
    }

    private static final String REFUND = "settlement/refund";

    private Settlement settlement(BillingState state, Instant end) {
        return Settlement.of(
                state.terms().binding(),
                state.schedule(),
                BillingState.facts(state.records(), state.agreed()),
                state.verdict(),
                end);
    }

    /** How the parties stand with each other at the end of the service; as things stand, while it runs. */
    Settlement settlement(Access access) {
        var state = state(access);
        return settlement(
                state,
                contracts
                        .end(access.tenant(), access.contract())
                        .orElse(state.verdict().asOf()));
    }

    Settlement settlement(UUID tenant, UUID contract, Instant end, Instant now) {
        return find(tenant, contract, now)
                .map(state -> settlement(state, end))
                .orElseThrow(() -> new Unknown("account of contract " + contract));
    }

    /**
     * The provider sets a claimed penalty off against what it has to give back, by a notice (G-41, Civil Code 568).
     *
     * @return id of the act
     */
    public UUID setOff(Access access, int instalment, Money amount, String words) {
        requireProvider(access);
        return change(access, (state, now) -> {
            if (state.terms().binding().termination().setOff() == TermKey.SetOff.NOT_ALLOWED) {
                throw Refused.because("billing.setOff.notAllowed");
            }
            state.schedule().instalment(instalment);
            var end = ended(access);
            var settlement = settlement(state, end);
            var verdict = state.verdict().instalment(instalment);
            if (verdict.penaltyStanding() != PenaltyStanding.CLAIMED) {
                throw Refused.field("instalment", "billing.setOff.notClaimed", instalment);
            }
            var most = Money.min(verdict.penaltyOpen(), settlement.toRefund());
            if (!amount.isPositive() || amount.compareTo(most) > 0) {
                throw Refused.field("amount", "billing.setOff.amount", most);
            }
            var act = act(state, Kind.SET_OFF, instalment, amount, null, words, now, access, now);
            notices.send(
                    access,
                    Notice.Kind.SET_OFF,
                    Clause.I_5_2B,
                    "set-off/" + act,
                    Notice.Channel.PLATFORM,
                    text("words", words, LONGEST_WORDS),
                    now);
            events.publishEvent(new BillingEvent.SetOffDeclared(
                    access.tenant(), access.contract(), act, instalment, amount, now, access.person()));
            settle(state.account(), "act/" + act, access.person());
            return act;
        });
    }

    /**
     * The client sets a claim of its own off against an instalment, by a notice: never by itself (G-41, Civil Code 568). Whoever
     * keeps the claim vouches for it being due. Called inside a transaction of the tenant.
     *
     * @return id of the act; the notice is about {@code set-off/<act>}
     */
    public UUID setOffClaim(Access access, int instalment, Money amount, String words) {
        access.require(Capability.ASSERT_RIGHT);
        if (access.party() != Party.CLIENT) {
            throw Refused.because("billing.setOff.clientOnly");
        }
        return change(access, (state, now) -> {
            if (state.terms().binding().termination().setOff() == TermKey.SetOff.NOT_ALLOWED) {
                throw Refused.because("billing.setOff.notAllowed");
            }
            state.schedule().instalment(instalment);
            var open = state.verdict().instalment(instalment).open();
            if (!amount.isPositive() || amount.compareTo(open) > 0) {
                throw Refused.field("amount", "billing.setOff.claimAmount", instalment, open);
            }
            var act = act(state, Kind.CLAIM_SET_OFF, instalment, amount, null, words, now, access, now);
            notices.send(
                    access,
                    Notice.Kind.SET_OFF,
                    Clause.I_5_2B,
                    "set-off/" + act,
                    Notice.Channel.PLATFORM,
                    text("words", words, LONGEST_WORDS),
                    now);
            events.publishEvent(new BillingEvent.SetOffDeclared(
                    access.tenant(), access.contract(), act, instalment, amount, now, access.person()));
            settle(state.account(), "act/" + act, access.person());
            return act;
        });
    }

    /** The provider gave back what the settlement left. */
    public UUID refund(Access access, Money amount, String reference) {
        access.require(Capability.RECORD_PAYMENT);
        return change(access, (state, now) -> {
            var open = settlement(state, ended(access)).toRefund();
            if (!amount.isPositive() || amount.compareTo(open) > 0) {
                throw Refused.field("amount", "billing.refund.amount", open);
            }
            var act =
                    act(state, Kind.REFUNDED, null, amount, null, text("reference", reference, 100), now, access, now);
            events.publishEvent(
                    new BillingEvent.Refunded(access.tenant(), access.contract(), act, amount, now, access.person()));
            settle(state.account(), "act/" + act, access.person());
            return act;
        });
    }

    boolean hasEnded(Access access) {
        return contracts.state(access.tenant(), access.contract()).hasEnded();
    }

    private Instant ended(Access access) {
        var contractState = contracts.state(access.tenant(), access.contract());
        if (!contractState.hasEnded()) {
            throw Refused.because("billing.settlement.notEnded", contractState);
        }
        return contracts.end(access.tenant(), access.contract()).orElseThrow();
    }

    /**
     * Terminates for non-payment, once time has made the right available. The notice ends the contract when it arrives.
     *
     * @return id of the termination
     */
    public UUID terminate(Access access, int instalment, Notice.Channel channel, String words) {
        requireProvider(access);
        return change(access, (state, now) -> {
            state.schedule().instalment(instalment);
            requireAvailable(state, Right.TERMINATE, instalment);
            var demand = state.acts(Kind.DEMAND_DELIVERED).stream()
                    .filter(act -> act.instalment() != null && act.instalment() == instalment)
                    .filter(act -> !act.happenedAt()
                            .isBefore(state.schedule().instalment(instalment).due()))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("A right to terminate without a demand"));
            return endings.terminateForNonPayment(
                    access, "demand/" + demand.id(), channel, text("words", words, LONGEST_WORDS));
        });
    }

    /** The client denies that there was a ground for the suspension; the case is decided elsewhere (577). */
    public UUID contestSuspension(Access access, String words) {
        access.require(Capability.ANSWER_DEMAND);
        if (access.party() != Party.CLIENT) {
            throw Refused.because("billing.dispute.clientOnly");
        }
        return change(access, (state, now) -> {
            if (state.acts(Kind.SUSPENDED).isEmpty()) {
                throw Refused.because("billing.suspension.notRunning");
            }
            var suspension = state.acts(Kind.SUSPENDED).getLast();
            if (state.contested(suspension.id())) {
                throw Refused.because("billing.suspension.contested");
            }
            var act = act(
                    state,
                    Kind.SUSPENSION_CONTESTED,
                    null,
                    null,
                    suspension.id(),
                    text("words", words, LONGEST_WORDS),
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

    // Force majeure

    /** Relief for a payment was decided on its own: nothing accrues while it lasts. */
    @EventListener
    void relieve(ForceMajeureEvent.Accepted accepted) {
        payments(accepted.tenant(), accepted.contract(), accepted.duties(), (account, line, duty, now) -> {
            hindered(account, line, Kind.FORCE_MAJEURE, accepted.since(), accepted.relief(), accepted.actor(), now);
            if (duty.assessment().state().owed()) {
                duties.excuse(
                        account.tenant(),
                        duty.duty().id(),
                        Cause.FORCE_MAJEURE,
                        accepted.since(),
                        null,
                        now,
                        accepted.actor());
            }
        });
    }

    /** What hindered the payment is over: it is owed again, by the day after. */
    @EventListener
    void resumePayments(ForceMajeureEvent.Ended ended) {
        payments(ended.tenant(), ended.contract(), ended.duties(), (account, line, _, now) -> {
            hindered(account, line, Kind.FORCE_MAJEURE_OVER, ended.happenedAt(), null, ended.actor(), now);
            var verdict =
                    state(account, now).verdict().instalment(line.instalment().number());
            if (verdict.open().isPositive()) {
                duties.open(new NewDuty(
                        account.tenant(),
                        account.contract(),
                        account.contractVersion(),
                        Clause.I_3_2A,
                        Party.CLIENT,
                        Party.PROVIDER,
                        "billing.duty.pay",
                        "instalment/" + line.id() + "/after-force-majeure",
                        new Deadline.At(verdict.instalment().due()),
                        ended.happenedAt(),
                        ended.actor()));
            }
        });
    }

    private interface OfPayment {
        void on(Account account, Line line, AssessedDuty duty, Instant now);
    }

    private void payments(UUID tenant, UUID contract, Set<UUID> ids, OfPayment what) {
        tenancy.write(tenant, () -> {
            if (books.account(tenant, contract).isEmpty()) {
                return;
            }
            var account = books.locked(tenant, contract);
            var now = micros(clock.instant());
            var lines = state(account, now).records().lines();
            for (var id : ids) {
                var duty = duties.get(tenant, id, now);
                lines.stream()
                        .filter(line -> duty.duty().clause() == Clause.I_3_2A
                                && duty.duty().subject().equals("instalment/" + line.id()))
                        .findFirst()
                        .ifPresent(line -> what.on(account, line, duty, now));
            }
        });
    }

    private void hindered(
            Account account,
            Line line,
            Kind kind,
            Instant at,
            @Nullable Integer relief,
            @Nullable UUID actor,
            Instant now) {
        books.add(
                account,
                new Act(
                        Ids.at(now.toEpochMilli()),
                        kind,
                        line.instalment().number(),
                        null,
                        null,
                        null,
                        micros(at),
                        actor,
                        Set.of(),
                        relief),
                now);
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
            oweReceipt(access, state, payment.id(), credited);
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
        issued(access, receipt, now);
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
            state.schedule().instalment(instalment);
            var whole = state.verdict().instalment(instalment).instalment().amount();
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
        return suspend(access, Set.of());
    }

    /** @param services numbers of those to freeze; empty for all that the terms allow */
    public UUID suspend(Access access, Set<Integer> services) {
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
            // The contract first, as everybody does who may come to change it too.
            contracts.hold(access.tenant(), access.contract());
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
        var act = new Act(
                Ids.at(now.toEpochMilli()), kind, instalment, amount, refersTo, kept, at, access.person(), Set.of());
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
            post(
                    account,
                    instalment.number(),
                    target(
                            instalment,
                            state.sum(Kind.INSTALMENT_REDUCED, instalment.number()),
                            state.sum(Kind.CLAIM_SET_OFF, instalment.number())),
                    balances,
                    cause,
                    now);
            settleDuty(account, state, instalment, now, actor);
            settleDemands(account, state, instalment, now, actor);
        }
        settleSuspension(account, state, now, actor);
        start(account, state, actor);
        settleEnd(account, state, now, actor);
        var credit = new EnumMap<PostingAccount, Money>(PostingAccount.class);
        // A set-off moved no money: what it paid of a penalty comes out of the client's credit.
        var held = state.verdict()
                .unallocated()
                .minus(state.sum(Kind.SET_OFF, null))
                .minus(state.sum(Kind.REFUNDED, null));
        credit.put(PostingAccount.BANK, held);
        credit.put(PostingAccount.CLIENT_CREDIT, held.negated());
        post(account, 0, credit, balances, cause, now);
    }

    /** A termination on its way lapses when the debt is paid; the refund is kept once nothing of it is left. */
    private void settleEnd(Account account, BillingState state, Instant now, @Nullable UUID actor) {
        var overdue = state.verdict().instalments().stream()
                .anyMatch(one -> one.state().isOverdue());
        if (!overdue && endings.isDeclared(account.tenant(), account.contract(), EndGround.NON_PAYMENT)) {
            endings.lapse(account.tenant(), account.contract(), EndGround.NON_PAYMENT, actor);
        }
        duties.on(account.tenant(), account.contract(), Clause.I_2_2A, REFUND, now)
                .filter(duty -> duty.assessment().state().owed())
                .filter(_ -> contracts
                        .end(account.tenant(), account.contract())
                        .map(end -> settlement(state, end).toRefund().isZero())
                        .orElse(false))
                .ifPresent(
                        duty -> duties.discharge(account.tenant(), duty.duty().id(), now, actor));
    }

    /** The service starts once its first instalment is paid or given up, unless the bank takes it back before (§3.1). */
    private void start(Account account, BillingState state, @Nullable UUID actor) {
        if (contracts.state(account.tenant(), account.contract()) != ContractState.EFFECTIVE) {
            return;
        }
        if (state.verdict().instalment(1).open().isZero()) {
            contracts.clearStart(account.tenant(), account.contract(), actor);
        } else if (state.payments().stream().anyMatch(payment -> payment.returned() != null)) {
            contracts.withdrawClearance(account.tenant(), account.contract(), actor);
        }
    }

    /** What the accounts of an instalment should say; always sums to zero. */
    private static Map<PostingAccount, Money> target(InstalmentVerdict verdict, Money reduced, Money setOff) {
        boolean claimed = verdict.penaltyStanding() == PenaltyStanding.CLAIMED
                || verdict.penaltyStanding() == PenaltyStanding.SETTLED;
        var amount = verdict.instalment().amount();
        var penalty = verdict.penalty();
        // What was paid of a penalty before the rest was waived stays earned.
        var booked = claimed && penalty != null ? penalty : verdict.penaltyPaid();
        var waived = verdict.state() == InstalmentState.WAIVED
                ? amount.minus(verdict.paid()).minus(reduced)
                : Money.ZERO;
        var target = new EnumMap<PostingAccount, Money>(PostingAccount.class);
        target.put(
                PostingAccount.BANK,
                verdict.paid().plus(verdict.penaltyPaid()).plus(verdict.overpaid()).minus(setOff));
        target.put(PostingAccount.CLAIM_SET_OFF, setOff);
        target.put(
                PostingAccount.RECEIVABLE,
                amount.minus(verdict.paid()).minus(waived).minus(reduced));
        target.put(PostingAccount.FEE, reduced.minus(amount));
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
        var again =
                duties.on(account.tenant(), account.contract(), Clause.I_3_2A, subject + "/after-force-majeure", now);
        var duty = again.isPresent()
                ? again
                : duties.on(account.tenant(), account.contract(), Clause.I_3_2A, subject, now);
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
            case CANCELLED -> {
                if (standing.owed()) {
                    duties.release(account.tenant(), id, Release.CONTRACT_ENDED, null, now, actor);
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
        boolean waived = verdict.state() == InstalmentState.WAIVED || verdict.state() == InstalmentState.CANCELLED;
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
