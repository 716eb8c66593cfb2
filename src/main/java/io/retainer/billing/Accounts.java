package io.retainer.billing;

import static io.retainer.duty.DutyState.KEPT;
import static io.retainer.duty.DutyState.KEPT_LATE;

import io.retainer.billing.Account.Act;
import io.retainer.billing.Account.Kind;
import io.retainer.billing.Account.Line;
import io.retainer.billing.Account.Posting;
import io.retainer.billing.Account.PostingAccount;
import io.retainer.billing.Verdict.InstalmentVerdict;
import io.retainer.billing.Verdict.PenaltyStanding;
import io.retainer.billing.Verdict.Standing;
import io.retainer.contract.ContractLife;
import io.retainer.contract.ContractState;
import io.retainer.contract.EndGround;
import io.retainer.contract.Endings;
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
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Unknown;
import io.retainer.kernel.WorkCalendar;
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
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;

/**
 * The account of a contract: how it stands, how one act changes it under lock, and what follows from the new verdict for
 * postings and duties.
 */
@Component
class Accounts {

    static final int LONGEST_WORDS = 2000;

    /** The subject of the duty to give back what a settlement left. */
    static final String REFUND = "settlement/refund";

    private final Books books;
    private final TermsInForce terms;
    private final Duties duties;
    private final ContractLife contracts;
    private final Endings endings;
    private final Tenancy tenancy;
    private final ApplicationEventPublisher events;
    private final Clock clock;
    private final WorkCalendar calendar;

    Accounts(
            Books books,
            TermsInForce terms,
            Duties duties,
            ContractLife contracts,
            Endings endings,
            Tenancy tenancy,
            ApplicationEventPublisher events,
            Clock clock,
            ObjectProvider<WorkCalendar> calendar) {
        this.books = books;
        this.terms = terms;
        this.duties = duties;
        this.contracts = contracts;
        this.endings = endings;
        this.tenancy = tenancy;
        this.events = events;
        this.clock = clock;
        this.calendar = calendar.getIfAvailable(WorkCalendar::chinese);
    }

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

    BillingState state(Account account, Instant asOf) {
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

    void open(Account account, Line line, Instant at, @Nullable UUID actor) {
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

    interface Decision<T extends @Nullable Object> {
        T on(BillingState state, Instant now);
    }

    <T extends @Nullable Object> T change(Access access, Decision<T> decision) {
        return tenancy.write(access.tenant(), () -> {
            // The contract first, as everybody does who may come to change it too.
            contracts.hold(access.tenant(), access.contract());
            var account = books.locked(access.tenant(), access.contract());
            var now = micros(clock.instant());
            return decision.on(state(account, now), now);
        });
    }

    UUID act(
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

    /** Brings postings and duties in line with the verdict of this moment. */
    void settle(Account account, String cause, @Nullable UUID actor) {
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
                            state.sum(Kind.CLAIM_SET_OFF, instalment.number())
                                    .minus(state.sum(Kind.CLAIM_SET_OFF_REVERSED, instalment.number()))),
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
        } else if (state.payments().stream().anyMatch(payment -> payment.returned() != null)
                || !state.acts(Kind.CLAIM_SET_OFF_REVERSED).isEmpty()) {
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
                verdict.paid()
                        .plus(verdict.penaltyPaid())
                        .plus(verdict.overpaid())
                        .minus(setOff));
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

    List<UUID> toResume(UUID tenant, UUID contract, Instant now) {
        return duties.ofContract(tenant, contract, now).stream()
                .filter(duty -> duty.duty().clause() == Clause.I_3_3A
                        && duty.duty().debtor() == Party.PROVIDER
                        && duty.assessment().state().owed())
                .map(duty -> duty.duty().id())
                .toList();
    }

    void discharge(Access access, Clause clause, String subject, Instant at, Instant now) {
        duties.on(access.tenant(), access.contract(), clause, subject, now)
                .filter(duty -> duty.assessment().state().owed())
                .ifPresent(duty -> duties.discharge(access.tenant(), duty.duty().id(), at, access.person()));
    }

    static Settlement settlement(BillingState state, Instant end) {
        return Settlement.of(
                state.terms().binding(),
                state.schedule(),
                BillingState.facts(state.records(), state.agreed()),
                state.verdict(),
                end);
    }

    static void requireAvailable(BillingState state, Right right, int instalment) {
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

    static void requireProvider(Access access) {
        access.require(Capability.ASSERT_RIGHT);
        if (access.party() != Party.PROVIDER) {
            throw Refused.because("billing.right.providerOnly");
        }
    }

    static Instant past(String field, Instant at, Instant now) {
        var micros = micros(at);
        if (micros.isAfter(now)) {
            throw Refused.field(field, "billing.future", micros);
        }
        return micros;
    }

    static String text(String field, String text, int longest) {
        var stripped = text.strip();
        if (stripped.isEmpty() || stripped.length() > longest) {
            throw Refused.field(field, "billing.text", field, longest);
        }
        return stripped;
    }

    static Instant micros(Instant instant) {
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
