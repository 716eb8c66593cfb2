package io.retainer.billing;

import io.retainer.billing.Account.Act;
import io.retainer.billing.Account.Kind;
import io.retainer.billing.Verdict.PenaltyStanding;
import io.retainer.contract.ContractLife;
import io.retainer.contract.ContractTerminating;
import io.retainer.contract.Notice;
import io.retainer.contract.Notices;
import io.retainer.contract.TermKey;
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
import java.time.Clock;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Service;

/** What the parties give back and set off once the service has ended, or while it runs by a notice (G-41, Civil Code 566, 568). */
@Service
public class Settlements {

    private final Accounts accounts;
    private final Books books;
    private final ContractLife contracts;
    private final Notices notices;
    private final Duties duties;
    private final Tenancy tenancy;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    Settlements(
            Accounts accounts,
            Books books,
            ContractLife contracts,
            Notices notices,
            Duties duties,
            Tenancy tenancy,
            ApplicationEventPublisher events,
            Clock clock) {
        this.accounts = accounts;
        this.books = books;
        this.contracts = contracts;
        this.notices = notices;
        this.duties = duties;
        this.tenancy = tenancy;
        this.events = events;
        this.clock = clock;
    }

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
            var now = Accounts.micros(clock.instant());
            var state = accounts.state(account, now);
            var at = Accounts.micros(ending.happenedAt());
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
            accounts.settle(account, "contract/" + account.contract(), ending.actor());
            var settlement = Accounts.settlement(accounts.state(account, now), at);
            if (settlement.toRefund().isPositive()) {
                duties.open(new NewDuty(
                        tenant,
                        account.contract(),
                        state.account().contractVersion(),
                        Clause.I_2_2A,
                        Party.PROVIDER,
                        Party.CLIENT,
                        "billing.duty.refund",
                        Accounts.REFUND,
                        new Deadline.WorkingDays(
                                Math.max(
                                        1, state.terms().binding().termination().cureWorkdays()),
                                at.atZone(state.terms().zone()).toLocalDate()),
                        at,
                        ending.actor()));
            }
        });
    }

    /** How the parties stand with each other at the end of the service; as things stand, while it runs. */
    Settlement of(Access access) {
        var state = accounts.state(access);
        return Accounts.settlement(
                state,
                contracts
                        .end(access.tenant(), access.contract())
                        .orElse(state.verdict().asOf()));
    }

    Settlement of(UUID tenant, UUID contract, Instant end, Instant now) {
        return accounts.find(tenant, contract, now)
                .map(state -> Accounts.settlement(state, end))
                .orElseThrow(() -> new Unknown("account of contract " + contract));
    }

    /**
     * The provider sets a claimed penalty off against what it has to give back, by a notice (G-41, Civil Code 568).
     *
     * @return id of the act
     */
    public UUID setOff(Access access, int instalment, Money amount, String words) {
        Accounts.requireProvider(access);
        return accounts.change(access, (state, now) -> {
            if (state.terms().binding().termination().setOff() == TermKey.SetOff.NOT_ALLOWED) {
                throw Refused.because("billing.setOff.notAllowed");
            }
            state.schedule().instalment(instalment);
            var end = ended(access);
            var settlement = Accounts.settlement(state, end);
            var verdict = state.verdict().instalment(instalment);
            if (verdict.penaltyStanding() != PenaltyStanding.CLAIMED) {
                throw Refused.field("instalment", "billing.setOff.notClaimed", instalment);
            }
            var most = Money.min(verdict.penaltyOpen(), settlement.toRefund());
            if (!amount.isPositive() || amount.compareTo(most) > 0) {
                throw Refused.field("amount", "billing.setOff.amount", most);
            }
            var act = accounts.act(state, Kind.SET_OFF, instalment, amount, null, words, now, access, now);
            notices.send(
                    access,
                    Notice.Kind.SET_OFF,
                    Clause.I_5_2B,
                    "set-off/" + act,
                    Notice.Channel.PLATFORM,
                    Accounts.text("words", words, Accounts.LONGEST_WORDS),
                    now);
            events.publishEvent(new BillingEvent.SetOffDeclared(
                    access.tenant(), access.contract(), act, instalment, amount, now, access.person()));
            accounts.settle(state.account(), "act/" + act, access.person());
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
        return accounts.change(access, (state, now) -> {
            if (state.terms().binding().termination().setOff() == TermKey.SetOff.NOT_ALLOWED) {
                throw Refused.because("billing.setOff.notAllowed");
            }
            state.schedule().instalment(instalment);
            var open = state.verdict().instalment(instalment).open();
            if (!amount.isPositive() || amount.compareTo(open) > 0) {
                throw Refused.field("amount", "billing.setOff.claimAmount", instalment, open);
            }
            var act = accounts.act(state, Kind.CLAIM_SET_OFF, instalment, amount, null, words, now, access, now);
            notices.send(
                    access,
                    Notice.Kind.SET_OFF,
                    Clause.I_5_2B,
                    "set-off/" + act,
                    Notice.Channel.PLATFORM,
                    Accounts.text("words", words, Accounts.LONGEST_WORDS),
                    now);
            events.publishEvent(new BillingEvent.SetOffDeclared(
                    access.tenant(), access.contract(), act, instalment, amount, now, access.person()));
            accounts.settle(state.account(), "act/" + act, access.person());
            return act;
        });
    }

    /**
     * The set-off of a claim does not stand, or not to this amount: it never extinguished that, so the instalment is owed again from
     * its original due instant. Whoever keeps the claim vouches for the reason. Called inside a transaction of the tenant.
     *
     * @param setOff id of the act that declared it
     */
    public void reverseClaimSetOff(Access access, UUID setOff, Money amount) {
        accounts.<@Nullable Void>change(access, (state, now) -> {
            var act = state.acts(Kind.CLAIM_SET_OFF).stream()
                    .filter(one -> one.id().equals(setOff))
                    .findFirst()
                    .orElseThrow(() -> new Unknown("set-off " + setOff));
            var reversed = state.acts(Kind.CLAIM_SET_OFF_REVERSED).stream()
                    .filter(one -> setOff.equals(one.refersTo()))
                    .map(one -> Objects.requireNonNull(one.amount()))
                    .reduce(Money.ZERO, Money::plus);
            var stands = Objects.requireNonNull(act.amount()).minus(reversed);
            if (!amount.isPositive() || amount.compareTo(stands) > 0) {
                throw Refused.field("amount", "billing.setOff.reversed", stands);
            }
            var instalment = Objects.requireNonNull(act.instalment());
            var made = accounts.act(
                    state, Kind.CLAIM_SET_OFF_REVERSED, instalment, amount, setOff, null, now, access, now);
            events.publishEvent(new BillingEvent.SetOffReversed(
                    access.tenant(), access.contract(), made, setOff, instalment, amount, now, access.person()));
            accounts.settle(state.account(), "act/" + made, access.person());
            return null;
        });
    }

    /** The provider gave back what the settlement left. */
    public UUID refund(Access access, Money amount, String reference) {
        access.require(Capability.RECORD_PAYMENT);
        return accounts.change(access, (state, now) -> {
            var open = Accounts.settlement(state, ended(access)).toRefund();
            if (!amount.isPositive() || amount.compareTo(open) > 0) {
                throw Refused.field("amount", "billing.refund.amount", open);
            }
            var act = accounts.act(
                    state,
                    Kind.REFUNDED,
                    null,
                    amount,
                    null,
                    Accounts.text("reference", reference, 100),
                    now,
                    access,
                    now);
            events.publishEvent(
                    new BillingEvent.Refunded(access.tenant(), access.contract(), act, amount, now, access.person()));
            accounts.settle(state.account(), "act/" + act, access.person());
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
}
