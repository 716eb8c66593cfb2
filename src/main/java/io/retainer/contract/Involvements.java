package io.retainer.contract;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import io.retainer.duty.AssessedDuty;
import io.retainer.duty.Deadline;
import io.retainer.duty.Duties;
import io.retainer.duty.NewDuty;
import io.retainer.duty.Release;
import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.identity.Organisations;
import io.retainer.identity.People;
import io.retainer.identity.Role;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Ids;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Unknown;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Service;

/**
 * Third parties of contracts (part II): invited by a party, bound by their own signature, by their account or by a link; out when an
 * amendment takes annex 5 away or the contract ends, with data to return and accesses to give up (G-35, G-36, II-5.3a).
 */
@Service
public class Involvements {

    static final String SUBJECT = "involvement/";

    private static final Logger log = LoggerFactory.getLogger(Involvements.class);
    private static final int MOST = 500;
    static final Set<Role> SIGNING = EnumSet.of(Role.OWNER, Role.OPERATIONS_LEAD);
    private static final Set<AnnexKind> BINDING =
            EnumSet.of(AnnexKind.CUSTOMER_INFORMATION, AnnexKind.CONFIDENTIALITY, AnnexKind.THIRD_PARTY);

    private final ContractLife life;
    private final ContractRows contracts;
    private final LifeRows amendmentRows;
    private final InvolvementRows rows;
    private final SigningRows signings;
    private final AuthorityPapers papers;
    private final Duties duties;
    private final Organisations organisations;
    private final People people;
    private final Tenancy tenancy;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    Involvements(
            ContractLife life,
            ContractRows contracts,
            LifeRows amendmentRows,
            InvolvementRows rows,
            SigningRows signings,
            AuthorityPapers papers,
            Duties duties,
            Organisations organisations,
            People people,
            Tenancy tenancy,
            ApplicationEventPublisher events,
            Clock clock) {
        this.life = life;
        this.contracts = contracts;
        this.amendmentRows = amendmentRows;
        this.rows = rows;
        this.signings = signings;
        this.papers = papers;
        this.duties = duties;
        this.organisations = organisations;
        this.people = people;
        this.tenancy = tenancy;
        this.events = events;
        this.clock = clock;
    }

    // The parties

    /**
     * Invites the third party that annex 5 or a proposed amendment names to act by its account: people of the organisation of that
     * name sign for it from then on. Inviting again changes nothing.
     *
     * @return id of its involvement
     */
    public UUID invite(Access access, String name) {
        access.require(Capability.SIGN);
        var wanted = name.strip();
        if (awaited(access).stream().noneMatch(wanted::equals)) {
            throw Refused.field("name", "contract.involvement.refused.notNamed", wanted);
        }
        var organisation = organisations.namedOrNew(wanted).id();
        var id = new UUID[1];
        life.change(access.tenant(), access.contract(), null, work -> {
            var contract = work.contract();
            if (organisation.equals(contract.organisation(Party.CLIENT))
                    || organisation.equals(contract.organisation(Party.PROVIDER))) {
                throw Refused.field("name", "contract.involvement.refused.party", wanted);
            }
            var known = known(access.tenant(), access.contract(), wanted);
            id[0] = known.map(Involvement::id).orElseGet(() -> Ids.at(work.now().toEpochMilli()));
            if (known.isPresent() && organisation.equals(known.get().organisation())) {
                return;
            }
            var invited = new InvolvementEvent.Invited(
                    access.tenant(),
                    access.contract(),
                    id[0],
                    Hashes.of(access.contract(), "third", wanted),
                    organisation,
                    work.now(),
                    access.person());
            if (known.isPresent()) {
                rows.update(known.get().after(invited));
            } else {
                rows.add(Involvement.first(invited, wanted));
            }
            work.also(invited);
        });
        return id[0];
    }

    /** Names of third parties that may be invited: of annex 5, and of amendments that wait for them. */
    private List<String> awaited(Access access) {
        return tenancy.read(access.tenant(), () -> {
            var names = new java.util.LinkedHashSet<String>();
            var contract = contracts.get(access.tenant(), access.contract());
            AmendedVersion.named(version(contract, now()).annexes()).ifPresent(names::add);
            amendmentRows.amendments(access.tenant(), access.contract()).stream()
                    .filter(one -> one.state() == Amendment.State.PROPOSED || one.state() == Amendment.State.DRAFT)
                    .map(Amendment::third)
                    .filter(Objects::nonNull)
                    .forEach(names::add);
            return List.copyOf(names);
        });
    }

    /** The version in force, before that the one being prepared. */
    ContractVersion version(Contract contract, Instant now) {
        int number = contracts.inForce(contract.tenant(), contract.id(), now).orElse(contract.number());
        return contracts.version(contract.tenant(), contract.id(), number);
    }

    /**
     * A third party as the parties see it.
     *
     * @param owed by it, still
     * @param byAccount whether it was invited to act by its account
     */
    public record Seen(Involvement involvement, Involvement.Stage stage, List<AssessedDuty> owed, boolean byAccount) {}

    /** @param inviteable names that may be invited and were not yet */
    public record Desk(List<Seen> seen, List<String> inviteable) {}

    public Desk desk(Access access) {
        access.require(Capability.READ_CONTRACT);
        var now = now();
        var all = tenancy.read(access.tenant(), () -> rows.ofContract(access.tenant(), access.contract()));
        var owed = duties.ofContract(access.tenant(), access.contract(), now);
        return new Desk(
                all.stream()
                        .map(one -> new Seen(one, one.stage(now), owedBy(one, owed), one.organisation() != null))
                        .toList(),
                awaited(access).stream()
                        .filter(name ->
                                all.stream().noneMatch(one -> one.name().equals(name) && one.organisation() != null))
                        .toList());
    }

    /** What is still to be done by it. */
    static List<AssessedDuty> owedBy(Involvement involvement, List<AssessedDuty> owed) {
        return owed.stream()
                .filter(duty -> duty.duty().debtor() == Party.THIRD_PARTY
                        && duty.duty().subject().startsWith(SUBJECT + involvement.id())
                        && duty.assessment().state().owed())
                .toList();
    }

    /**
     * The client has the certificate that data came back, or that accesses were given up (G-36).
     *
     * @param certificate its SHA-256
     */
    public void certify(Access access, UUID involvement, UUID duty, String certificate) {
        access.require(Capability.ASSERT_RIGHT);
        var found = tenancy.read(access.tenant(), () -> rows.find(access.tenant(), involvement))
                .filter(one -> one.contract().equals(access.contract()))
                .orElseThrow(() -> new Unknown("involvement " + involvement));
        if (access.party() != Party.CLIENT) {
            throw Refused.because("contract.involvement.refused.creditor");
        }
        certify(found, duty, certificate, access.person());
    }

    /** @param person who says so, of the party that is owed or of the third party itself */
    void certify(Involvement involvement, UUID duty, String certificate, UUID person) {
        if (!certificate.matches("[0-9a-f]{64}")) {
            throw Refused.field("certificate", "contract.notice.proof");
        }
        life.change(involvement.tenant(), involvement.contract(), null, work -> {
            var owed =
                    owedBy(involvement, duties.ofContract(involvement.tenant(), involvement.contract(), work.now()))
                            .stream()
                            .filter(one -> one.duty().id().equals(duty)
                                    && !(one.duty().deadline() instanceof Deadline.Standing))
                            .findFirst()
                            .orElseThrow(() -> new Unknown("duty " + duty));
            events.publishEvent(new ExitCertified(
                    involvement.tenant(),
                    involvement.contract(),
                    owed.duty().clause(),
                    owed.duty().subject(),
                    certificate,
                    work.now(),
                    person));
            duties.discharge(involvement.tenant(), duty, work.now(), person);
        });
    }

    // What follows from signatures

    /** An amendment that all signed brings the third party of annex 5 in, or takes it out, from its day. */
    @EventListener
    void on(AmendmentAgreed e) {
        var before = contracts.version(e.tenant(), e.contract(), e.fromNumber());
        var after = contracts.version(e.tenant(), e.contract(), e.number());
        var old = AmendedVersion.named(before.annexes());
        var fresh = AmendedVersion.named(after.annexes());
        var from = e.inForceFrom().atStartOfDay(DraftTerms.ZONE).toInstant();
        if (old.isPresent() && !old.equals(fresh)) {
            leave(
                    present(e.tenant(), e.contract(), old.get(), e.happenedAt(), e.actor()),
                    before,
                    from,
                    e.happenedAt(),
                    e.actor());
        }
        if (fresh.isPresent() && !fresh.equals(old)) {
            join(
                    present(e.tenant(), e.contract(), fresh.get(), e.happenedAt(), e.actor()),
                    after,
                    from,
                    e.happenedAt(),
                    e.actor());
        }
    }

    /** A third party that signed a version beforehand takes part from the contract's beginning on. */
    @EventListener
    void on(ContractEffective e) {
        var version = contracts.version(e.tenant(), e.contract(), e.number());
        AmendedVersion.named(version.annexes())
                .flatMap(name -> known(e.tenant(), e.contract(), name))
                .filter(one -> rows.signature(e.tenant(), one.id(), e.number()).isPresent())
                .ifPresent(one -> join(one, version, e.happenedAt(), e.happenedAt(), e.actor()));
    }

    /** When the contract ends, so does every part in it. */
    @EventListener
    void on(ContractTerminating e) {
        for (var one : rows.ofContract(e.tenant(), e.contract())) {
            switch (one.stage(e.happenedAt())) {
                case ACTIVE, JOINING ->
                    leave(
                            one,
                            version(contracts.get(e.tenant(), e.contract()), e.happenedAt()),
                            e.happenedAt(),
                            e.happenedAt(),
                            e.actor());
                case INVITED, LEAVING, LEFT -> {
                    // Not bound, or already on its way out.
                }
            }
        }
    }

    private Involvement present(UUID tenant, UUID contract, String name, Instant now, @Nullable UUID actor) {
        return known(tenant, contract, name).orElseGet(() -> {
            var invited = new InvolvementEvent.Invited(
                    tenant, contract, Ids.at(now.toEpochMilli()), Hashes.of(contract, "third", name), null, now, actor);
            var first = Involvement.first(invited, name);
            rows.add(first);
            events.publishEvent(invited);
            return first;
        });
    }

    private Optional<Involvement> known(UUID tenant, UUID contract, String name) {
        return rows.ofContract(tenant, contract).stream()
                .filter(one -> one.name().equals(name))
                .findFirst();
    }

    private void join(Involvement one, ContractVersion version, Instant from, Instant now, @Nullable UUID actor) {
        var stage = one.stage(now);
        if (stage == Involvement.Stage.ACTIVE || stage == Involvement.Stage.JOINING) {
            return;
        }
        var joined = one.join(from, now, actor);
        rows.update(one.after(joined));
        events.publishEvent(joined);
        open(
                one,
                version,
                Clause.II_3_2_1,
                "contract.duty.thirdServes",
                "/service",
                new Deadline.Standing(null),
                from,
                actor);
        open(
                one,
                version,
                Clause.II_3_2_3,
                "contract.duty.thirdKeepsSecret",
                "/secrecy",
                new Deadline.Standing(null),
                from,
                actor);
    }

    /** It hands over, gives its accesses up and returns the data; secrecy survives (II-5.3a). */
    private void leave(Involvement one, ContractVersion version, Instant from, Instant now, @Nullable UUID actor) {
        if (one.stage(now) == Involvement.Stage.INVITED) {
            // Named in annex 5 and never bound: there is nothing to leave.
            return;
        }
        var left = one.leave(from, now, actor);
        rows.update(one.after(left));
        events.publishEvent(left);
        var terms = version.terms();
        var day = left.from().atZone(DraftTerms.ZONE).toLocalDate();
        // The day itself counts as the last on which accesses may still be open.
        open(
                one,
                version,
                Clause.II_5_3A,
                "contract.duty.thirdReleasesAccess",
                "/access",
                days(0, day),
                left.from(),
                actor);
        open(
                one,
                version,
                Clause.II_5_2,
                "contract.duty.thirdHandsOver",
                "/handover",
                days(terms.standing(TermKey.EXIT_HANDOVER), day),
                left.from(),
                actor);
        open(
                one,
                version,
                Clause.III_A5_4,
                "contract.duty.thirdReturnsData",
                "/data",
                days(terms.standing(TermKey.DATA_RETURN), day),
                left.from(),
                actor);
        if (!left.from().isAfter(now)) {
            close(one.after(left), now);
        }
    }

    private static Deadline days(int days, java.time.LocalDate from) {
        return new Deadline.CalendarDays(Math.max(1, days), from, false);
    }

    private void open(
            Involvement one,
            ContractVersion version,
            Clause clause,
            String action,
            String what,
            Deadline deadline,
            Instant from,
            @Nullable UUID actor) {
        duties.open(new NewDuty(
                one.tenant(),
                one.contract(),
                version.number(),
                clause,
                Party.THIRD_PARTY,
                Party.CLIENT,
                action,
                SUBJECT + one.id() + what + "/" + from.getEpochSecond(),
                deadline,
                from,
                actor));
    }

    /** It need not serve any more. */
    private void close(Involvement one, Instant now) {
        var closed = one.close(now);
        rows.update(rows.find(one.tenant(), one.id()).orElseThrow().after(closed));
        events.publishEvent(closed);
        duties.ofContract(one.tenant(), one.contract(), now).stream()
                .filter(duty -> duty.duty().clause() == Clause.II_3_2_1
                        && duty.duty().subject().startsWith(SUBJECT + one.id())
                        && duty.assessment().state().owed())
                .forEach(duty -> duties.release(one.tenant(), duty.duty().id(), Release.TERM_OVER, null, now, null));
    }

    /** Carries out the leavings whose day has come. It asks the table, so what was slept through is caught up with. */
    public void sweep(Instant now) {
        for (var place : rows.toClose(now, MOST)) {
            try {
                life.change(
                        place.tenant(),
                        place.contract(),
                        null,
                        work -> rows.find(place.tenant(), place.id())
                                .filter(one ->
                                        one.closedAt() == null && one.stage(work.now()) == Involvement.Stage.LEFT)
                                .ifPresent(one -> close(one, work.now())));
            } catch (RuntimeException e) {
                log.warn("Involvement {} is left for the next look", place.id(), e);
            }
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class EveryMinute {

        @Bean
        RecurringTask<Void> involvementSweepTask(Involvements involvements, Clock clock) {
            return Tasks.recurring("contract-involvements", FixedDelay.ofMinutes(1))
                    .execute((_, _) -> involvements.sweep(clock.instant()));
        }
    }

    static boolean names(ContractVersion version, Involvement one) {
        return AmendedVersion.named(version.annexes())
                .filter(one.name()::equals)
                .isPresent();
    }

    /** The annexes that bind a third party. */
    static List<AnnexSheet> binding(ContractVersion version) {
        return version.annexes().sheets().values().stream()
                .filter(sheet -> BINDING.contains(sheet.kind()))
                .toList();
    }

    boolean isToSign(Involvement one, Contract contract, ContractVersion version, Instant now) {
        return names(version, one)
                && one.stage(now) == Involvement.Stage.INVITED
                && version.hash() != null
                && (contract.state() == ContractState.PENDING_SIGN
                        || contract.state().isInForce())
                && rows.signature(one.tenant(), one.id(), version.number()).isEmpty();
    }

    // Those who sign without an account

    /** A third party and the version that waits for its signature. */
    record Unsigned(Involvement involvement, ContractVersion version) {}

    /** Within a transaction of the tenant; empty when nothing waits for the third party of annex 5. */
    Optional<Unsigned> unsigned(Contract contract, Instant now) {
        var version = version(contract, now);
        return AmendedVersion.named(version.annexes())
                .flatMap(name -> known(contract.tenant(), contract.id(), name))
                .filter(one -> isToSign(one, contract, version, now))
                .map(one -> new Unsigned(one, version));
    }

    /**
     * Nobody signs in the place of a third party whose own people may.
     *
     * @throws Refused when it was invited to act by its account and somebody there may sign
     */
    void requireNoAccount(Access access, String name) {
        if (known(access.tenant(), access.contract(), name)
                .filter(this::signsByAccount)
                .isPresent()) {
            throw Refused.field("party", "contract.link.refused.hasAccount", Party.THIRD_PARTY);
        }
    }

    boolean signsByAccount(Involvement one) {
        return one.organisation() != null
                && people.staff(List.of(one.organisation())).stream()
                        .anyMatch(membership -> SIGNING.contains(membership.role()));
    }

    /** Who of annex 5 takes part and has no account to act by, within a transaction of the tenant. */
    Optional<Involvement> boundWithoutAccount(Contract contract, Instant now) {
        var version = version(contract, now);
        return AmendedVersion.named(version.annexes())
                .flatMap(name -> known(contract.tenant(), contract.id(), name))
                .filter(one -> one.isBound(now) && !signsByAccount(one));
    }

    /** Whether annex 5 names a third party that has yet to sign and has no account to, within a transaction of the tenant. */
    boolean isAwaited(Contract contract, Instant now) {
        var version = version(contract, now);
        return version.hash() != null
                && (contract.state() == ContractState.PENDING_SIGN
                        || contract.state().isInForce())
                && AmendedVersion.named(version.annexes())
                        .map(name -> known(contract.tenant(), contract.id(), name)
                                .map(one -> isToSign(one, contract, version, now) && !signsByAccount(one))
                                .orElse(true))
                        .orElse(false);
    }

    /**
     * Writes down whom annex 5 names, to be asked to sign, within a transaction of the tenant.
     *
     * @throws Refused when it names nobody, or nothing waits for its signature
     */
    Unsigned asked(Contract contract, Instant now, UUID actor) {
        var version = version(contract, now);
        var name = AmendedVersion.named(version.annexes())
                .orElseThrow(() -> Refused.because("contract.involvement.refused.nobodyNamed"));
        present(contract.tenant(), contract.id(), name, now, actor);
        return unsigned(contract, now).orElseThrow(() -> Refused.because("contract.involvement.refused.notWaiting"));
    }

    /**
     * Signs for a third party, whoever acts for it.
     *
     * @param contact who signs by a link, or null
     * @param signed called inside the transaction
     */
    void sign(Involvement one, @Nullable UUID person, @Nullable UUID contact, Signing.Given given, Runnable signed) {
        life.change(one.tenant(), one.contract(), null, work -> {
            var version = unsigned(work.contract(), work.now())
                    .filter(found -> found.involvement().id().equals(one.id()))
                    .orElseThrow(() -> Refused.because("contract.involvement.refused.notWaiting"))
                    .version();
            requireInOrder(version, given);
            rows.addSignature(
                    one.tenant(),
                    one.id(),
                    version.number(),
                    new Signature(
                            Party.THIRD_PARTY,
                            given.hash(),
                            given.mode(),
                            given.signatory().strip(),
                            given.authority().words().strip(),
                            person,
                            work.now()),
                    contact);
            var proof = Ids.at(work.now().toEpochMilli());
            var paper = given.authority().paper();
            signings.add(
                    one.tenant(),
                    one.contract(),
                    version.number(),
                    Party.THIRD_PARTY,
                    proof,
                    given.authority(),
                    paper == null ? null : papers.seal(one.tenant(), proof, paper),
                    work.now());
            work.also(new InvolvementEvent.Signed(
                    one.tenant(),
                    one.contract(),
                    one.id(),
                    version.number(),
                    given.hash(),
                    given.mode(),
                    given.authority().hash(one.contract()),
                    work.now(),
                    person));
            signed.run();
            if (work.contract().state().isInForce()) {
                join(rows.find(one.tenant(), one.id()).orElseThrow(), version, work.now(), work.now(), person);
            }
        });
    }

    /** @throws Refused naming what is wrong with a signature under this version */
    static void requireInOrder(ContractVersion version, Signing.Given given) {
        if (given.signatory().isBlank() || given.signatory().length() > 100) {
            throw Refused.field("signatory", "contract.refused.noSignatory");
        }
        var words = given.authority().words();
        if (words.isBlank() || words.length() > 500) {
            throw Refused.field("authority", "contract.refused.noAuthority");
        }
        if (!given.hash().equals(version.hash())) {
            throw Refused.field("hash", "contract.refused.otherHash");
        }
        var agreed = version.terms().choice(TermKey.SIGN_MODE, TermKey.SignMode.class);
        if (!given.mode().satisfies(agreed)) {
            throw Refused.field("mode", "contract.refused.signMode", agreed);
        }
        for (var kind : BINDING) {
            version.annexes().checks(kind).stream()
                    .filter(check -> !check.isComplete())
                    .findFirst()
                    .ifPresent(AmendedVersion::refuse);
        }
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
