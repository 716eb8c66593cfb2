package io.retainer.contract;

import io.retainer.contract.ContractEvent.Change;
import io.retainer.contract.ContractEvent.Imported;
import io.retainer.contract.ContractVersion.Findings;
import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.identity.Idempotency;
import io.retainer.identity.Organisations;
import io.retainer.identity.People;
import io.retainer.kernel.Ids;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.RmbWords;
import io.retainer.kernel.Tenancy;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
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
            work.happen(work.contract.fill(key, value, access.party(), work.now, access.person()));
            work.put(work.version().terms().entered(key, value, access.party()).get(key));
            // What the text says twice is written once: words follow the figures, B15 and B16 follow B11 (G-46).
            if (key == TermKey.FEE_TOTAL && value instanceof TermValue.Amount(var money)) {
                work.put(work.version()
                        .terms()
                        .entered(TermKey.FEE_WORDS, new TermValue.Text(RmbWords.of(money)), access.party())
                        .get(TermKey.FEE_WORDS));
            }
            if (key == TermKey.LATE_RATE) {
                for (var repeated : List.of(TermKey.LATE_RATE_STANDARD, TermKey.LATE_RATE_EXAMPLE)) {
                    work.put(work.version()
                            .terms()
                            .entered(repeated, value, access.party())
                            .get(repeated));
                }
            }
        });
    }

    /** One party agrees to values as they stand. Those it confirmed before are left alone. */
    public void confirm(Access access, Collection<TermKey> keys, @Nullable Integer seen) {
        access.require(Capability.CONFIRM_TERMS);
        change(access.tenant(), access.contract(), seen, work -> {
            var terms = work.version().terms();
            for (var key : new LinkedHashSet<>(keys)) {
                var entry = terms.get(key);
                if (!entry.confirmedBy().contains(access.party())) {
                    work.happen(work.contract.confirm(entry, access.party(), work.now, access.person()));
                    work.put(entry.confirmed(access.party()));
                }
            }
        });
    }

    /** Takes the marks of a template out of the version. */
    public void strikeMarkers(Access access, @Nullable Integer seen) {
        access.require(Capability.EDIT_TERMS);
        change(access.tenant(), access.contract(), seen, work -> {
            work.happen(work.contract.strikeMarkers(access.party(), work.now, access.person()));
            rows.strikeMarkers(access.tenant(), access.contract(), work.contract.number());
        });
    }

    /** Freezes the version under its hash; from here on it is signed or withdrawn. */
    public void submit(Access access, @Nullable Integer seen) {
        access.require(Capability.SUBMIT);
        change(access.tenant(), access.contract(), seen, work -> {
            var version = work.version();
            var submitted = work.contract.submit(
                    version.problems(), version.terms(), version.content(), access.party(), work.now, access.person());
            work.happen(submitted);
            work.contract = work.contract.running(version.terms().complete().term());
            rows.freeze(access.tenant(), access.contract(), submitted.number(), submitted.hash());
        });
    }

    /** Back to draft as a new version; signatures given are void. */
    public void withdraw(Access access, @Nullable Integer seen) {
        access.require(Capability.EDIT_TERMS);
        change(access.tenant(), access.contract(), seen, work -> withdraw(work, access.party(), access.person()));
    }

    private void withdraw(Work work, Party by, UUID person) {
        var old = work.version();
        var next = Ids.at(work.now.toEpochMilli());
        work.happen(work.contract.withdraw(next, by, work.now, person));
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
        change(access.tenant(), access.contract(), null, work -> {
            var version = work.version();
            var agreed = version.terms().choice(TermKey.SIGN_MODE, TermKey.SignMode.class);
            var signed = work.contract.sign(hash, mode, agreed, authority, access.party(), work.now, access.person());
            if (!Hashes.of(version.content()).equals(hash)) {
                throw new IllegalStateException("Version " + version.id() + " is not what was submitted");
            }
            rows.add(
                    access.tenant(),
                    access.contract(),
                    signed.number(),
                    new Signature(
                            access.party(),
                            hash,
                            mode,
                            signatory.strip(),
                            authority.strip(),
                            access.person(),
                            work.now));
            work.happen(signed);
            work.contract.effective(work.now, access.person()).ifPresent(effective -> {
                rows.takeEffect(access.tenant(), access.contract(), effective.number(), work.now);
                rows.addCounterparts(access.tenant(), access.contract(), effective.number(), hash, work.now);
                work.happen(effective);
            });
        });
    }

    public void reject(Access access) {
        access.require(Capability.SIGN);
        change(
                access.tenant(),
                access.contract(),
                null,
                work -> work.happen(work.contract.reject(access.party(), work.now, access.person())));
    }

    /**
     * The first instalment was paid, or the provider does without: the service starts with its term, or now when that
     * has begun. Nothing happens when it was said before.
     */
    public void clearStart(UUID tenant, UUID contract, @Nullable UUID actor) {
        change(tenant, contract, null, work -> {
            work.contract.clear(work.now, actor).ifPresent(work::happen);
            work.contract.time(work.now).ifPresent(work::happen);
        });
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
            var allowed = work.version().terms().complete().suspension().services();
            work.happen(work.contract.suspend(ground, services, allowed, access.party(), work.now, access.person()));
        });
    }

    /**
     * The suspension ends.
     *
     * @param ground what ended it, such as {@code payment/0197…}
     */
    public void resume(UUID tenant, UUID contract, String ground, @Nullable UUID actor) {
        change(tenant, contract, null, work -> work.happen(work.contract.resume(ground, work.now, actor)));
    }

    public ContractState state(UUID tenant, UUID contract) {
        return tenancy.read(tenant, () -> rows.get(tenant, contract).state());
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
                () -> rows.version(tenant, contract, rows.get(tenant, contract).number())
                        .terms());
    }

    /** Says what the passing of time has made true, if anything. */
    void lookAtTheClock(UUID tenant, UUID contract) {
        change(tenant, contract, null, _ -> {});
    }

    private interface Decision {
        void on(Work work);
    }

    private void change(UUID tenant, UUID id, @Nullable Integer seen, Decision decision) {
        tenancy.write(tenant, () -> {
            var work = new Work(rows.locked(tenant, id), now());
            work.contract.time(work.now).ifPresent(work::happen);
            if (seen != null && seen != work.contract.version()) {
                var changed = rows.changedSince(tenant, id, work.contract.number(), seen);
                throw Refused.because(
                        "contract.refused.changed",
                        changed.stream().map(TermKey::title).toList());
            }
            decision.on(work);
            work.save();
        });
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    /** One unit of work on one contract. */
    private final class Work {

        private final Instant now;
        private final List<Change> happened = new ArrayList<>();
        private final List<TermEntry> changed = new ArrayList<>();
        private Contract contract;
        private @Nullable ContractVersion version;

        Work(Contract contract, Instant now) {
            this.contract = contract;
            this.now = now;
        }

        ContractVersion version() {
            var known = version;
            if (known == null) {
                known = rows.version(contract.tenant(), contract.id(), contract.number());
                version = known;
            }
            return known;
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

        void save() {
            if (happened.isEmpty()) {
                return;
            }
            for (var entry : changed) {
                rows.put(contract.tenant(), contract.id(), contract.number(), entry, contract.version() + 1);
            }
            rows.update(contract);
            happened.forEach(events::publishEvent);
        }
    }
}
