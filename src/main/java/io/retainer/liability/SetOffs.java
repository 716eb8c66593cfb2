package io.retainer.liability;

import io.retainer.billing.Billing;
import io.retainer.billing.Settlements;
import io.retainer.contract.ContractLife;
import io.retainer.contract.Notice;
import io.retainer.contract.Notices;
import io.retainer.duty.Duties;
import io.retainer.duty.DutyState;
import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Ids;
import io.retainer.kernel.Money;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Unknown;
import io.retainer.liability.BreachRows.Claim;
import io.retainer.liability.BreachRows.Ending;
import io.retainer.liability.BreachRows.SetOff;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;

/** Agreed claims that the client sets off against the fee, and what becomes of a set-off that is denied (G-41). */
@Service
public class SetOffs {

    private static final int LONGEST_DOCUMENT = 200;
    private static final Set<DutyState> PERFORMED = EnumSet.of(DutyState.KEPT, DutyState.KEPT_LATE);

    private final BreachCases cases;
    private final BreachRows rows;
    private final ContractLife contracts;
    private final Billing billing;
    private final Settlements settlements;
    private final Duties duties;
    private final Notices notices;
    private final Tenancy tenancy;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    SetOffs(
            BreachCases cases,
            BreachRows rows,
            ContractLife contracts,
            Billing billing,
            Settlements settlements,
            Duties duties,
            Notices notices,
            Tenancy tenancy,
            ApplicationEventPublisher events,
            Clock clock) {
        this.cases = cases;
        this.rows = rows;
        this.contracts = contracts;
        this.billing = billing;
        this.settlements = settlements;
        this.duties = duties;
        this.notices = notices;
        this.tenancy = tenancy;
        this.events = events;
        this.clock = clock;
    }

    /**
     * The client sets a claim against the provider off against an instalment that it owes, by a notice (G-41, Civil Code 568). What
     * is set off is extinguished on both sides; the last of it settles the case.
     *
     * @return id of the set-off
     */
    public UUID declare(Access access, UUID id, UUID claim, int instalment, Money amount, String words) {
        access.require(Capability.ASSERT_RIGHT);
        var kept = BreachCases.text("words", words, BreachCases.LONGEST_WORDS);
        var made = new UUID[1];
        cases.change(access, id, (breach, now) -> {
            breach.requireAgreed();
            var claims = cases.claims(breach);
            var found = claims.stream()
                    .filter(one -> one.id().equals(claim))
                    .findFirst()
                    .orElseThrow(() -> new Unknown("claim " + claim));
            SetOffRule.check(
                    found, access.party(), amount, now.atZone(BreachCase.ZONE).toLocalDate());
            var act = settlements.setOffClaim(access, instalment, amount, kept);
            made[0] = Ids.at(now.toEpochMilli());
            rows.add(
                    access.tenant(),
                    new SetOff(made[0], claim, act, instalment, amount, now, null, null, null),
                    access.person());
            events.publishEvent(new BreachEvent.ClaimSetOff(
                    access.tenant(),
                    access.contract(),
                    id,
                    breach.rule(),
                    claim,
                    instalment,
                    amount,
                    now,
                    access.person()));
            if (amount.compareTo(found.open()) < 0) {
                return null;
            }
            rows.paid(access.tenant(), claim, now, "set-off/" + act, found.paid());
            duties.discharge(access.tenant(), found.duty(), now, access.person());
            boolean last = claims.stream()
                    .allMatch(one -> one.paidAt() != null || one.id().equals(claim));
            return last ? breach.settle(now, access.person()) : null;
        });
        return made[0];
    }

    /** The debtor denies that the claim may be set off, by a notice; whether it stands is a dispute (I-6.1). */
    public void contest(Access access, UUID id, UUID setOff, String words) {
        access.require(Capability.ANSWER_DEMAND);
        var kept = BreachCases.text("words", words, BreachCases.LONGEST_WORDS);
        var tenant = access.tenant();
        tenancy.write(tenant, () -> {
            contracts.hold(tenant, access.contract());
            var breach = rows.get(tenant, access.contract(), id).breach();
            var found = find(breach, setOff);
            var claim = found.claim();
            if (claim.debtor() != access.party()) {
                throw Refused.because("liability.refused.party", claim.debtor());
            }
            var now = now();
            if (!rows.contest(tenant, setOff, now, kept)) {
                throw Refused.because("liability.refused.contestedAlready");
            }
            notices.send(
                    access,
                    Notice.Kind.CONTEST,
                    Clause.I_6_1A,
                    "set-off/" + found.off().act(),
                    Notice.Channel.PLATFORM,
                    kept,
                    now);
            events.publishEvent(new BreachEvent.SetOffContested(
                    tenant,
                    access.contract(),
                    id,
                    breach.rule(),
                    setOff,
                    Hashed.of(setOff + "\n" + kept),
                    now,
                    access.person()));
        });
    }

    /** The client takes a set-off back that the provider denied: it never had effect, and both debts are owed as before. */
    public void withdraw(Access access, UUID id, UUID setOff, String words) {
        access.require(Capability.ASSERT_RIGHT);
        end(access, id, setOff, BreachCases.text("words", words, BreachCases.LONGEST_WORDS), (claim, off, now) -> {
            SetOffRule.endByOneself(claim, off, SetOffOutcome.WITHDRAWN, access.party());
            return new Ending(SetOffOutcome.WITHDRAWN, Money.ZERO, now, null, null, null, words.strip());
        });
    }

    /** The provider accepts a set-off after all that it had denied. */
    public void accept(Access access, UUID id, UUID setOff, String words) {
        access.require(Capability.ANSWER_DEMAND);
        var kept = words.isBlank() ? null : BreachCases.text("words", words, BreachCases.LONGEST_WORDS);
        end(access, id, setOff, kept, (claim, off, now) -> {
            SetOffRule.endByOneself(claim, off, SetOffOutcome.ACCEPTED, access.party());
            return new Ending(SetOffOutcome.ACCEPTED, off.amount(), now, null, null, null, kept);
        });
    }

    /**
     * What a court, an arbitration body or both sides together decided about a set-off.
     *
     * @param stands of its amount; the rest never was extinguished
     * @param document by which the decision or agreement is known, such as the number of the case
     * @param documentHash SHA-256 of its file
     */
    record Decision(
            SetOffOutcome how, Money stands, LocalDate decidedOn, String document, String documentHash, String words) {}

    void decide(Access access, UUID id, UUID setOff, Decision decision) {
        if (!access.may(Capability.ANSWER_DEMAND)) {
            access.require(Capability.ASSERT_RIGHT);
        }
        var document = BreachCases.text("document", decision.document(), LONGEST_DOCUMENT);
        if (!decision.documentHash().strip().matches("[0-9a-f]{64}")) {
            throw Refused.field("documentHash", "liability.refused.documentHash");
        }
        var kept = decision.words().isBlank()
                ? null
                : BreachCases.text("words", decision.words(), BreachCases.LONGEST_WORDS);
        end(access, id, setOff, kept, (claim, off, now) -> {
            SetOffRule.endByDecision(
                    claim,
                    off,
                    decision.how(),
                    decision.stands(),
                    decision.decidedOn(),
                    access.party(),
                    now.atZone(BreachCase.ZONE).toLocalDate());
            return new Ending(
                    decision.how(),
                    decision.stands(),
                    now,
                    decision.decidedOn(),
                    document,
                    decision.documentHash().strip(),
                    kept);
        });
    }

    private record Found(Claim claim, SetOff off) {}

    /** @throws Unknown when nothing of the case was set off under this id */
    private Found find(BreachCase breach, UUID setOff) {
        for (var claim : cases.claims(breach)) {
            for (var off : claim.setOffs()) {
                if (off.id().equals(setOff)) {
                    return new Found(claim, off);
                }
            }
        }
        throw new Unknown("set-off " + setOff);
    }

    private interface HowItEnds {
        Ending of(Claim claim, SetOff off, Instant now);
    }

    /** What does not stand is open again on both sides: the claim with its duty here, the instalment in the books. */
    private void end(Access access, UUID id, UUID setOff, @Nullable String words, HowItEnds how) {
        var tenant = access.tenant();
        cases.change(access, id, (breach, now) -> {
            var found = find(breach, setOff);
            var claim = found.claim();
            var off = found.off();
            var ending = how.of(claim, off, now);
            if (!rows.end(tenant, setOff, ending, access.person())) {
                throw Refused.because("liability.refused.ended", ending.how());
            }
            var fell = off.amount().minus(ending.stands());
            if (fell.isPositive()) {
                settlements.reverseClaimSetOff(access, off.act(), fell);
            }
            notices.send(
                    access,
                    Notice.Kind.SET_OFF_RESULT,
                    Clause.I_6_1A,
                    "set-off/" + off.act(),
                    Notice.Channel.PLATFORM,
                    words,
                    now);
            events.publishEvent(new BreachEvent.SetOffEnded(
                    tenant,
                    access.contract(),
                    id,
                    breach.rule(),
                    setOff,
                    ending.how(),
                    ending.stands(),
                    fell,
                    ending.decidedOn(),
                    ending.documentHash(),
                    now,
                    access.person()));
            if (!fell.isPositive() || claim.paidAt() == null) {
                return null;
            }
            rows.reopen(tenant, claim);
            // Performed more than once, if it was paid again after a set-off fell.
            while (PERFORMED.contains(
                    duties.get(tenant, claim.duty(), now).assessment().state())) {
                duties.reopen(tenant, claim.duty(), null, now, access.person());
            }
            return breach.state() == BreachState.SETTLED ? breach.undo(now, access.person()) : null;
        });
    }

    /** Instalments that are open now, with what is left of each. */
    List<OpenInstalment> openInstalments(Access access) {
        BreachCases.look(access);
        return billing.verdict(access.tenant(), access.contract(), now()).stream()
                .flatMap(verdict -> verdict.instalments().stream())
                .filter(one -> one.open().isPositive())
                .map(one -> new OpenInstalment(one.number(), one.open()))
                .toList();
    }

    record OpenInstalment(int number, Money open) {}

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
