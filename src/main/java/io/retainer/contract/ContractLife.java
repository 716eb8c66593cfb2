package io.retainer.contract;

import io.retainer.contract.ContractEvent.Change;
import io.retainer.contract.ContractEvent.Imported;
import io.retainer.contract.ContractVersion.Findings;
import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.identity.Idempotency;
import io.retainer.identity.Organisations;
import io.retainer.identity.People;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Fact;
import io.retainer.kernel.Ids;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.RmbWords;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Tenancy;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;

/**
 * What people, other modules and the clock may do with contracts. Each call is one transaction for the contract's tenant,
 * or joins the caller's: it locks the contract, lets time speak first, decides, saves and publishes.
 */
@Service
public class ContractLife {

    private final ContractRows rows;
    private final Tenancy tenancy;
    private final Organisations organisations;
    private final People people;
    private final Idempotency idempotency;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    ContractLife(
            ContractRows rows,
            Tenancy tenancy,
            Organisations organisations,
            People people,
            Idempotency idempotency,
            ApplicationEventPublisher events,
            Clock clock) {
        this.rows = rows;
        this.tenancy = tenancy;
        this.organisations = organisations;
        this.people = people;
        this.idempotency = idempotency;
        this.events = events;
        this.clock = clock;
    }

    /** A contract that was just made from a text. */
    public record Made(UUID tenant, UUID contract) {}

    /**
     * Keeps an imported text as a new contract in draft.
     *
     * @param key from the header {@code Idempotency-Key}, or null
     * @throws Refused when the person may not act for the organisation, or both sides are the same
     */
    public Made keep(UUID person, @Nullable String key, NewContract wanted, ImportedContract imported) {
        if (wanted.party() == Party.THIRD_PARTY) {
            throw Refused.field("party", "contract.refused.party", wanted.party());
        }
        boolean may = people.memberships(person).stream()
                .anyMatch(membership -> membership.organisation().equals(wanted.organisation())
                        && membership.role().capabilitiesAs(wanted.party()).contains(Capability.EDIT_TERMS));
        if (!may) {
            throw Refused.field("organisation", "contract.refused.notYours");
        }
        if (wanted.counterparty().isBlank()) {
            throw Refused.field("counterparty", "contract.refused.counterparty");
        }
        var other = organisations.namedOrNew(wanted.counterparty()).id();
        if (other.equals(wanted.organisation())) {
            throw Refused.field("counterparty", "contract.refused.sameParty");
        }
        var client = wanted.party() == Party.CLIENT ? wanted.organisation() : other;
        var provider = wanted.party() == Party.CLIENT ? other : wanted.organisation();
        var request = List.of("import", wanted, Hashes.of(imported.original()));
        return idempotency.once(person, client, key, request, Made.class, () -> {
            var now = now();
            var contract = Ids.at(now.toEpochMilli());
            var event = new Imported(
                    client,
                    contract,
                    Ids.at(now.toEpochMilli()),
                    1,
                    Hashes.of(imported.original()),
                    client,
                    provider,
                    now,
                    person);
            var title = imported.title().length() > 200 ? imported.title().substring(0, 200) : imported.title();
            rows.add(Contract.first(event, title));
            rows.add(
                    client,
                    new ContractVersion(
                            contract,
                            event.version(),
                            1,
                            imported.original(),
                            imported.text(),
                            new Findings(
                                    imported.title(),
                                    imported.encoding(),
                                    imported.traditionalScript(),
                                    imported.reconstructions(),
                                    imported.markers(),
                                    imported.unread(),
                                    imported.furniture()),
                            false,
                            imported.clauses(),
                            imported.terms(),
                            new Annexes(imported.annexes(), Map.of()),
                            null,
                            null),
                    now);
            events.publishEvent(event);
            return new Made(client, contract);
        });
    }

    /**
     * Writes a value in. While signatures are awaited this withdraws the version first: signatures given are void.
     *
     * @param seen lock version of the contract the writer looked at, or null to write whatever happened meanwhile
     * @throws Refused {@code contract.refused.changed} with what somebody else changed since
     */
    public void fill(Access access, TermKey key, TermValue value, @Nullable Integer seen) {
        access.require(Capability.EDIT_TERMS);
        change(access.tenant(), access.contract(), seen, work -> {
            if (work.contract.state() == ContractState.PENDING_SIGN) {
                withdraw(work, access.party(), access.person());
            }
            write(work, key, value, access, Set.of(access.party()));
        });
    }

    /**
     * One party agrees to values as they stand. Those it confirmed before are left alone. Once the contract is in force
     * only defaults of the platform can be confirmed; they bind from the second confirmation on.
     */
    public void confirm(Access access, Collection<TermKey> keys, @Nullable Integer seen) {
        access.require(Capability.CONFIRM_TERMS);
        change(access.tenant(), access.contract(), seen, work -> {
            var terms = work.version().terms();
            for (var key : new LinkedHashSet<>(keys)) {
                var entry = terms.get(key);
                if (!entry.confirmedBy().contains(access.party())) {
                    var confirmed = entry.confirmed(access.party());
                    work.happen(work.contract.confirm(entry, access.party(), work.now, access.person()));
                    work.put(confirmed);
                    if (work.contract.state().isInForce() && confirmed.binds()) {
                        work.agree(key);
                    }
                }
            }
        });
    }

    /**
     * A value goes in, and whatever repeats it. While signatures are awaited the version is withdrawn first.
     *
     * @param agreed who agrees to it by this
     */
    private void write(Work work, TermKey key, TermValue value, Access access, Set<Party> agreed) {
        work.happen(work.contract.fill(key, value, access.party(), work.now, access.person()));
        var written = new LinkedHashMap<TermKey, TermValue>();
        written.put(key, value);
        // What the text says twice is written once: words follow the figures, B15 and B16 follow B11 (G-46).
        if (key == TermKey.FEE_TOTAL && value instanceof TermValue.Amount(var money)) {
            written.put(TermKey.FEE_WORDS, new TermValue.Text(RmbWords.of(money)));
        }
        if (key == TermKey.LATE_RATE) {
            written.put(TermKey.LATE_RATE_STANDARD, value);
            written.put(TermKey.LATE_RATE_EXAMPLE, value);
        }
        written.forEach((term, said) -> {
            var entry =
                    work.version().terms().entered(term, said, access.party()).get(term);
            for (var party : agreed) {
                entry = entry.confirmed(party);
            }
            work.put(entry);
        });
    }

    /** Writes in a value both parties agreed on; the access is that of the one who agreed last. */
    void agree(Work work, TermKey key, TermValue value, Access access) {
        if (work.contract.state() == ContractState.PENDING_SIGN) {
            withdraw(work, access.party(), access.person());
        }
        write(work, key, value, access, Set.of(Party.CLIENT, Party.PROVIDER));
    }

    /** A clause says something else from here on: the draft goes on as a new version, and the old one is kept. */
    void reword(Work work, Clause clause, String words, Access access) {
        if (work.contract.state() == ContractState.PENDING_SIGN) {
            withdraw(work, access.party(), access.person());
        }
        var next = Rewording.of(work.version(), clause, words, Ids.at(work.now.toEpochMilli()));
        work.happen(work.contract.reword(clause, next, access.party(), work.now, access.person()));
        rows.add(work.contract.tenant(), next, work.now);
        work.forget();
    }

    /** Takes the marks of a template out of the version. */
    public void strikeMarkers(Access access, @Nullable Integer seen) {
        access.require(Capability.EDIT_TERMS);
        change(access.tenant(), access.contract(), seen, work -> {
            work.happen(work.contract.strikeMarkers(access.party(), work.now, access.person()));
            rows.strikeMarkers(access.tenant(), access.contract(), work.contract.number());
        });
    }

    /**
     * Writes an annex. Gaps of the text that it answers are filled from it. While signatures are awaited this withdraws
     * the version first: signatures given are void.
     *
     * @param seen as for {@link #fill}
     */
    public void saveAnnex(Access access, AnnexSheet sheet, @Nullable Integer seen) {
        access.require(Capability.EDIT_TERMS);
        change(access.tenant(), access.contract(), seen, work -> {
            if (work.version().annexes().of(sheet.kind()).equals(sheet)) {
                return;
            }
            if (work.contract.state() == ContractState.PENDING_SIGN) {
                withdraw(work, access.party(), access.person());
            }
            var version = work.version();
            work.happen(work.contract.saveAnnex(sheet, access.party(), work.now, access.person()));
            work.annexes.add(sheet);
            AnnexAnswers.supplied(version.terms(), version.annexes().with(sheet))
                    .forEach(work::put);
        });
    }

    /**
     * One party accepts that sub-rows of the annexes stay unanswered, as a risk of its own (clauses.md §1.5).
     *
     * @param rows such as {@code III-A1.4}, or null for all that keep the contract from being signed
     */
    public void acceptRisk(Access access, @Nullable Collection<Clause> rows, @Nullable Integer seen) {
        access.require(Capability.CONFIRM_TERMS);
        change(access.tenant(), access.contract(), seen, work -> {
            var annexes = work.version().annexes();
            var wanted = rows == null
                    ? annexes.checks().stream()
                            .filter(Annexes.RowCheck::blocks)
                            .map(Annexes.RowCheck::clause)
                            .toList()
                    : List.copyOf(new LinkedHashSet<>(rows));
            for (var row : wanted) {
                if (!annexes.acceptedBy(row).contains(access.party())) {
                    work.happen(work.contract.acceptRisk(row, annexes, access.party(), work.now, access.person()));
                    this.rows
                            .annexes()
                            .accept(
                                    access.tenant(),
                                    access.contract(),
                                    work.contract.number(),
                                    row,
                                    access.party(),
                                    access.person(),
                                    work.now);
                }
            }
        });
    }

    /** An annex as it stands, what it lacks filled with what the platform proposes. Changes nothing. */
    public AnnexSheet proposedAnnex(UUID tenant, UUID contract, AnnexKind kind) {
        return tenancy.read(tenant, () -> {
            var version =
                    rows.version(tenant, contract, rows.get(tenant, contract).number());
            return version.annexes().of(kind).completedBy(ProposedAnnexes.of(kind, version.terms()));
        });
    }

    /** Freezes the version under its hash; from here on it is signed or withdrawn. */
    public void submit(Access access, @Nullable Integer seen) {
        access.require(Capability.SUBMIT);
        change(access.tenant(), access.contract(), seen, work -> submit(work, access));
    }

    void submit(Work work, Access access) {
        var version = work.version();
        var submitted = work.contract.submit(
                version.problems(), version.settled(), version.content(), access.party(), work.now, access.person());
        work.happen(submitted);
        work.contract = work.contract.running(version.settled().complete().term());
        rows.freeze(access.tenant(), access.contract(), submitted.number(), submitted.hash());
    }

    /** Back to draft as a new version; signatures given are void. */
    public void withdraw(Access access, @Nullable Integer seen) {
        access.require(Capability.EDIT_TERMS);
        change(access.tenant(), access.contract(), seen, work -> withdraw(work, access.party(), access.person()));
    }

    private void withdraw(Work work, Party by, UUID person) {
        var next = Ids.at(work.now.toEpochMilli());
        again(work, next, work.contract.withdraw(next, by, work.now, person));
    }

    /** A party will not sign: as a withdrawal, and the ledger says who and why. */
    void decline(Work work, Signing.Signer by, String reasonHash) {
        var next = Ids.at(work.now.toEpochMilli());
        again(work, next, work.contract.decline(next, reasonHash, by.party(), work.now, by.person()));
    }

    /** The version that was to be signed goes on as a draft of its own. */
    private void again(Work work, UUID next, Change event) {
        var old = work.version();
        work.happen(event);
        rows.add(
                work.contract.tenant(),
                new ContractVersion(
                        old.contract(),
                        next,
                        work.contract.number(),
                        old.original(),
                        old.text(),
                        old.findings(),
                        old.markersStruck(),
                        old.clauses(),
                        old.terms(),
                        old.annexes(),
                        null,
                        null),
                work.now);
        work.forget();
    }

    /**
     * One party signs the version it has seen. With the last signature the contract takes effect.
     *
     * @param hash of the version the signatory saw
     * @param signatory name of the person who seals or signs
     * @param authority what proves that the signatory may bind the party
     */
    public void sign(Access access, String hash, SignatureMode mode, String signatory, String authority) {
        access.require(Capability.SIGN);
        if (signatory.isBlank() || signatory.length() > 100) {
            throw Refused.field("signatory", "contract.refused.noSignatory");
        }
        if (authority.length() > 500) {
            throw Refused.field("authority", "contract.refused.noAuthority");
        }
        var given = new Signing.Given(hash, mode, signatory, Authority.words(authority), null);
        change(access.tenant(), access.contract(), null, work -> sign(work, Signing.Signer.of(access), given));
    }

    void sign(Work work, Signing.Signer by, Signing.Given given) {
        var version = work.version();
        var agreed = version.terms().choice(TermKey.SIGN_MODE, TermKey.SignMode.class);
        var words = given.authority().words();
        var signed = work.contract.sign(given.hash(), given.mode(), agreed, words, by.party(), work.now, by.person());
        if (!Hashes.of(version.content()).equals(given.hash())) {
            throw new IllegalStateException("Version " + version.id() + " is not what was submitted");
        }
        rows.add(
                by.tenant(),
                by.contract(),
                signed.number(),
                new Signature(
                        by.party(),
                        given.hash(),
                        given.mode(),
                        given.signatory().strip(),
                        words.strip(),
                        by.person(),
                        work.now),
                by.contact());
        work.happen(signed);
        work.contract.effective(work.now, by.person()).ifPresent(effective -> {
            rows.takeEffect(by.tenant(), by.contract(), effective.number(), work.now);
            rows.addCounterparts(by.tenant(), by.contract(), effective.number(), given.hash(), work.now);
            work.happen(effective);
        });
    }

    public void reject(Access access) {
        access.require(Capability.SIGN);
        change(access.tenant(), access.contract(), null, work -> reject(work, access));
    }

    void reject(Work work, Access access) {
        work.happen(work.contract.reject(access.party(), work.now, access.person()));
    }

    /**
     * The first instalment was paid, or the provider does without: the service starts with its term, or now when that
     * has begun. Nothing happens when it was said before.
     */
    public void clearStart(UUID tenant, UUID contract, @Nullable UUID actor) {
        change(tenant, contract, null, work -> {
            work.contract.clear(work.now, actor).ifPresent(work::happen);
            work.letTimeSpeak();
        });
    }

    /** The first payment was taken back. Nothing happens once the service has started, or when it was said before. */
    public void withdrawClearance(UUID tenant, UUID contract, @Nullable UUID actor) {
        change(
                tenant,
                contract,
                null,
                work -> work.contract.withdrawClearance(work.now, actor).ifPresent(work::happen));
    }

    /**
     * A person of the provider asserts the right to suspend. Whether it is available is for the caller to know.
     *
     * @param ground what it rests on, such as {@code demand/0197…}
     * @param services numbers of the services to freeze, among those the terms allow
     */
    public void suspend(Access access, String ground, Set<Integer> services) {
        access.require(Capability.ASSERT_RIGHT);
        change(access.tenant(), access.contract(), null, work -> {
            var allowed = work.version().settled().complete().suspension().services();
            work.happen(work.contract.suspend(ground, services, allowed, access.party(), work.now, access.person()));
        });
    }

    /**
     * The suspension ends.
     *
     * @param ground what ended it, such as {@code payment/0197…}
     */
    public void resume(UUID tenant, UUID contract, String ground, @Nullable UUID actor) {
        change(tenant, contract, null, work -> {
            var since = work.contract.suspendedAt();
            work.happen(work.contract.resume(ground, work.now, actor));
            if (since != null && work.version().settled().complete().suspensionExtendsTerm()) {
                work.contract.extendFor(since, work.now, actor).ifPresent(work::happen);
            }
        });
    }

    /**
     * Locks the contract for the rest of the caller's transaction. Whoever will lock more of it, such as its account, locks
     * the contract first: then nobody waits for one who waits for him.
     */
    public void hold(UUID tenant, UUID contract) {
        tenancy.write(tenant, () -> rows.locked(tenant, contract));
    }

    public ContractState state(UUID tenant, UUID contract) {
        return tenancy.read(tenant, () -> rows.get(tenant, contract).state());
    }

    /** Numbers of the services that a suspension has frozen. */
    public Set<Integer> frozen(UUID tenant, UUID contract) {
        return tenancy.read(tenant, () -> rows.get(tenant, contract).frozen());
    }

    /** When the service ended or, as things stand, will end; empty before the contract was signed. */
    public Optional<Instant> end(UUID tenant, UUID contract) {
        return tenancy.read(
                tenant, () -> Optional.ofNullable(rows.get(tenant, contract).endsAt()));
    }

    /** The titles of several contracts, whoever the client. */
    public Map<UUID, String> titles(Collection<UUID> tenants, Collection<UUID> contracts) {
        return tenants.isEmpty() ? Map.of() : tenancy.read(tenants, () -> rows.titles(tenants, contracts));
    }

    /** The hash that the parties sign; none before the contract was submitted. */
    public Optional<String> hash(UUID tenant, UUID contract) {
        return tenancy.read(
                tenant, () -> Optional.ofNullable(rows.get(tenant, contract).hash()));
    }

    /** The values of the current version as they stand. */
    public DraftTerms terms(UUID tenant, UUID contract) {
        return tenancy.read(
                tenant,
                () -> rows.version(
                                tenant,
                                contract,
                                rows.inForce(tenant, contract, now())
                                        .orElseGet(
                                                () -> rows.get(tenant, contract).number()))
                        .terms());
    }

    /** Number of the version that was in force at that moment; empty before the contract took effect. */
    public Optional<Integer> versionAt(UUID tenant, UUID contract, Instant moment) {
        return tenancy.read(tenant, () -> rows.inForce(tenant, contract, moment));
    }

    /** The values of one version: what happened under it is judged by them, whatever was agreed since. */
    public DraftTerms terms(UUID tenant, UUID contract, int number) {
        return tenancy.read(tenant, () -> rows.version(tenant, contract, number).terms());
    }

    /** Says what the passing of time has made true, if anything. */
    void lookAtTheClock(UUID tenant, UUID contract) {
        change(tenant, contract, null, _ -> {});
    }

    /** What is to happen to one contract. */
    interface Decision {
        void on(Work work);
    }

    /** One transaction that locks the contract and lets time speak before the decision. */
    void change(UUID tenant, UUID id, @Nullable Integer seen, Decision decision) {
        tenancy.write(tenant, () -> {
            var work = new Work(rows.locked(tenant, id), now());
            work.letTimeSpeak();
            if (seen != null && seen != work.contract.version()) {
                var changed = rows.changedSince(tenant, id, work.contract.number(), seen);
                var titles =
                        new ArrayList<>(changed.stream().map(TermKey::title).toList());
                rows.annexes().changedSince(tenant, id, work.contract.number(), seen).stream()
                        .map(AnnexKind::title)
                        .forEach(titles::add);
                if (titles.isEmpty()) {
                    titles.add(Sentence.of("contract.refused.changed.words"));
                }
                throw Refused.because("contract.refused.changed", titles);
            }
            decision.on(work);
            work.save();
        });
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    /** One unit of work on one contract. */
    final class Work {

        private final Instant now;
        private final List<Change> happened = new ArrayList<>();
        private final List<TermEntry> changed = new ArrayList<>();
        private final List<AnnexSheet> annexes = new ArrayList<>();
        private final List<TermKey> agreed = new ArrayList<>();
        private final List<Fact> beside = new ArrayList<>();
        private Contract contract;
        private @Nullable ContractVersion version;

        Work(Contract contract, Instant now) {
            this.contract = contract;
            this.now = now;
        }

        ContractVersion version() {
            var known = version;
            if (known == null) {
                known = rows.version(contract.tenant(), contract.id(), number());
                version = known;
            }
            return known;
        }

        /** Of the version in force now, which an amendment may have made; before that, of the one being prepared. */
        private int number() {
            return rows.inForce(contract.tenant(), contract.id(), now).orElse(contract.number());
        }

        Contract contract() {
            return contract;
        }

        Instant now() {
            return now;
        }

        /** Whatever the passing of time has made true by now, in its order. */
        void letTimeSpeak() {
            for (var said = contract.time(now); said.isPresent(); said = contract.time(now)) {
                happen(said.get());
            }
        }

        void forget() {
            version = null;
        }

        void happen(Change event) {
            contract = contract.after(event);
            happened.add(event);
        }

        void put(TermEntry entry) {
            changed.add(entry);
        }

        /** A default binds from here on, and not for what was judged before. */
        void agree(TermKey key) {
            agreed.add(key);
        }

        /** A fact that changes nothing of the contract itself; it is told after those that do. */
        void also(Fact fact) {
            beside.add(fact);
        }

        /** Signatures are waited for until then. */
        void await(Instant until) {
            contract = contract.awaiting(until);
        }

        /** What is agreed now holds under an agreed version too whose day has not come, unless that one says otherwise. */
        private void carry(int later) {
            var terms = rows.version(contract.tenant(), contract.id(), later).terms();
            for (var entry : changed) {
                var there = terms.get(entry.key());
                if (there.source() == TermSource.PLATFORM_DEFAULT && there.value() != null) {
                    for (var party : entry.confirmedBy()) {
                        there = there.confirmed(party);
                    }
                    rows.put(contract.tenant(), contract.id(), later, there, contract.version() + 1);
                    if (agreed.contains(entry.key())) {
                        rows.agree(contract.tenant(), contract.id(), later, entry.key(), now);
                    }
                }
            }
        }

        void save() {
            if (happened.isEmpty()) {
                beside.forEach(events::publishEvent);
                return;
            }
            int number = number();
            for (var entry : changed) {
                rows.put(contract.tenant(), contract.id(), number, entry, contract.version() + 1);
            }
            for (var sheet : annexes) {
                rows.annexes().put(contract.tenant(), contract.id(), number, sheet, contract.version() + 1);
            }
            agreed.forEach(key -> rows.agree(contract.tenant(), contract.id(), number, key, now));
            if (contract.state().isInForce()) {
                rows.signedNumbers(contract.tenant(), contract.id()).stream()
                        .filter(later -> later > number)
                        .forEach(this::carry);
            }
            rows.update(contract);
            happened.forEach(events::publishEvent);
            beside.forEach(events::publishEvent);
        }
    }
}
