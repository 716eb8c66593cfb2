package io.retainer.contract;

import io.retainer.duty.Deadline;
import io.retainer.duty.Duties;
import io.retainer.duty.NewDuty;
import io.retainer.duty.Release;
import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Ids;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Unknown;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Service;

/**
 * A third party gives notice itself that it wishes to leave, with its reason and the lead time of annex 5 (II-5.1, G-35). From then
 * on the party that brought it in owes it an agreement by that day (II-5.2). Nobody is out by the notice alone: it serves until the
 * supplement is signed, and walking out before is a breach.
 */
@Service
public class Leaving {

    private final ContractLife life;
    private final ContractRows contracts;
    private final InvolvementRows involvementRows;
    private final LeaveNoticeRows rows;
    private final Parts parts;
    private final Amendments amendments;
    private final SigningMail mail;
    private final Duties duties;
    private final Tenancy tenancy;
    private final Clock clock;

    Leaving(
            ContractLife life,
            ContractRows contracts,
            InvolvementRows involvementRows,
            LeaveNoticeRows rows,
            Parts parts,
            Amendments amendments,
            SigningMail mail,
            Duties duties,
            Tenancy tenancy,
            Clock clock) {
        this.life = life;
        this.contracts = contracts;
        this.involvementRows = involvementRows;
        this.rows = rows;
        this.parts = parts;
        this.amendments = amendments;
        this.mail = mail;
        this.duties = duties;
        this.tenancy = tenancy;
        this.clock = clock;
    }

    // The third party

    /**
     * Whether it may give notice now, and what it gave.
     *
     * @param noticeDays between the notice and the day
     * @param earliest day it may wish
     * @param notice the one that waits, or null
     */
    record State(
            boolean possible,
            int noticeDays,
            LocalDate earliest,
            @Nullable LeaveNotice notice) {}

    /** Must be called inside a transaction of the tenant, or outside any. */
    State state(Involvement one) {
        return tenancy.read(one.tenant(), () -> {
            var now = now();
            var open = rows.open(one.tenant(), one.id()).orElse(null);
            int days = noticeDays(one, now);
            return new State(one.isBound(now) && open == null, days, earliest(now, days), open);
        });
    }

    /**
     * By one of its people.
     *
     * @throws Refused when it is not bound, gave notice already, wishes a day too soon, or says no reason
     */
    public void give(UUID person, UUID involvement, LocalDate wishedOn, String reason) {
        give(parts.signing(person, involvement).involvement(), person, null, wishedOn, reason);
    }

    /** Whoever acts for it. */
    void give(Involvement one, @Nullable UUID person, @Nullable UUID contact, LocalDate wishedOn, String reason) {
        var kept = Notices.required("reason", reason);
        life.change(one.tenant(), one.contract(), null, work -> {
            var found = involvementRows.find(one.tenant(), one.id()).orElseThrow();
            if (rows.open(one.tenant(), one.id()).isPresent()) {
                throw Refused.because("contract.leave.refused.given");
            }
            int days = noticeDays(found, work.now());
            var id = Ids.at(work.now().toEpochMilli());
            var requested = found.requestLeave(
                    id,
                    wishedOn,
                    earliest(work.now(), days),
                    days,
                    Hashes.of(one.contract(), "leave", kept),
                    work.now(),
                    person);
            var version = version(found, work.now());
            var duty = duties.open(new NewDuty(
                    one.tenant(),
                    one.contract(),
                    version.number(),
                    Clause.II_5_2,
                    introducer(version),
                    Party.THIRD_PARTY,
                    "contract.duty.agreesOnLeaving",
                    Involvements.SUBJECT + one.id() + "/leaving/" + id,
                    new Deadline.At(wishedOn.atStartOfDay(DraftTerms.ZONE).toInstant()),
                    work.now(),
                    person));
            rows.add(new LeaveNotice(
                    id,
                    one.tenant(),
                    one.contract(),
                    one.id(),
                    wishedOn,
                    kept,
                    person,
                    contact,
                    work.now(),
                    duty,
                    null,
                    null));
            work.also(requested);
            mail.leaves(work.contract(), id, one.name(), wishedOn, work.now());
        });
    }

    /** @throws Refused what {@link #give} would refuse */
    void requireInOrder(Involvement one, LocalDate wishedOn, String reason) {
        Notices.required("reason", reason);
        tenancy.read(one.tenant(), () -> {
            if (rows.open(one.tenant(), one.id()).isPresent()) {
                throw Refused.because("contract.leave.refused.given");
            }
            int days = noticeDays(one, now());
            return one.requestLeave(one.id(), wishedOn, earliest(now(), days), days, "", now(), null);
        });
    }

    void requireGiven(Involvement one) {
        if (tenancy.read(one.tenant(), () -> rows.open(one.tenant(), one.id())).isEmpty()) {
            throw Refused.because("contract.leave.refused.none");
        }
    }

    public void withdraw(UUID person, UUID involvement) {
        withdraw(parts.signing(person, involvement).involvement(), person);
    }

    /** As long as nothing was agreed. */
    void withdraw(Involvement one, @Nullable UUID person) {
        life.change(one.tenant(), one.contract(), null, work -> {
            var notice =
                    rows.open(one.tenant(), one.id()).orElseThrow(() -> Refused.because("contract.leave.refused.none"));
            rows.withdrawn(notice, work.now());
            duties.release(one.tenant(), notice.duty(), Release.PURPOSE_GONE, null, work.now(), person);
            work.also(new InvolvementEvent.LeaveWithdrawn(
                    one.tenant(), one.contract(), one.id(), notice.id(), work.now(), person));
        });
    }

    // The parties

    /** The notices that wait, by the involvement. */
    Map<UUID, LeaveNotice> open(Access access) {
        access.require(Capability.READ_CONTRACT);
        return tenancy.read(
                access.tenant(),
                () -> rows.ofContract(access.tenant(), access.contract()).stream()
                        .filter(LeaveNotice::isOpen)
                        .collect(java.util.stream.Collectors.toMap(LeaveNotice::involvement, notice -> notice)));
    }

    /**
     * Drafts the supplement that lets it go on the day it wished (II-5.2), to be proposed and signed as any other.
     *
     * @return id of the amendment
     */
    public UUID draft(Access access, UUID involvement) {
        access.require(Capability.EDIT_TERMS);
        return tenancy.write(access.tenant(), () -> {
            var one = involvementRows
                    .find(access.tenant(), involvement)
                    .filter(found -> found.contract().equals(access.contract()))
                    .orElseThrow(() -> new Unknown("involvement " + involvement));
            var notice = rows.open(access.tenant(), involvement)
                    .orElseThrow(() -> Refused.because("contract.leave.refused.none"));
            var id = amendments.draft(
                    access,
                    null,
                    new Amendments.Wanted(
                            Amendment.Kind.CHANGE, notice.wishedOn(), one.name() + ": " + notice.reason(), Map.of()));
            amendments.takeThirdOut(access, id, null);
            return id;
        });
    }

    /** It left, by the supplement or with the contract: what was owed about it is done. */
    @EventListener
    void on(InvolvementEvent.Left e) {
        rows.open(e.tenant(), e.involvement()).ifPresent(notice -> {
            rows.settled(notice, e.happenedAt());
            if (duties.get(e.tenant(), notice.duty(), e.happenedAt())
                    .assessment()
                    .state()
                    .owed()) {
                duties.discharge(e.tenant(), notice.duty(), e.happenedAt(), e.actor());
            }
        });
    }

    private ContractVersion version(Involvement one, Instant now) {
        int number = contracts
                .inForce(one.tenant(), one.contract(), now)
                .orElseGet(() -> contracts.get(one.tenant(), one.contract()).number());
        return contracts.version(one.tenant(), one.contract(), number);
    }

    /** Of annex 5; where it says nothing, the agreed or proposed term (G-35). */
    private int noticeDays(Involvement one, Instant now) {
        var version = version(one, now);
        return agreement(version)
                .map(ThirdPartyAgreement::exit)
                .map(ThirdPartyAgreement.Exit::noticeDays)
                .orElseGet(() -> version.terms().standing(TermKey.EXIT_NOTICE));
    }

    private static Party introducer(ContractVersion version) {
        return agreement(version)
                .map(ThirdPartyAgreement::engagement)
                .map(ThirdPartyAgreement.Engagement::introducedBy)
                .filter(party -> party != Party.THIRD_PARTY)
                .orElse(Party.PROVIDER);
    }

    private static Optional<ThirdPartyAgreement> agreement(ContractVersion version) {
        return Optional.of(version.annexes().of(AnnexKind.THIRD_PARTY))
                .filter(sheet -> !sheet.isEmpty())
                .map(sheet -> (ThirdPartyAgreement) sheet.typed());
    }

    private static LocalDate earliest(Instant now, int days) {
        return LocalDate.ofInstant(now, DraftTerms.ZONE).plusDays(days);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
