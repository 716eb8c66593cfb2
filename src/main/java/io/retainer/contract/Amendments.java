package io.retainer.contract;

import io.retainer.duty.Duties;
import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.identity.Idempotency;
import io.retainer.kernel.Ids;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Texts;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;

/**
 * Supplementary agreements: other terms from a day, a longer term, the end before the term is over. Each call is one
 * transaction that locks the contract.
 */
@Service
public class Amendments {

    private final ContractLife life;
    private final ContractRows contracts;
    private final LifeRows rows;
    private final Duties duties;
    private final Tenancy tenancy;
    private final Idempotency idempotency;
    private final ApplicationEventPublisher events;
    private final Clock clock;
    private final ObjectProvider<AmendmentImpacts> impacts;
    private final ObjectProvider<WindingUp> windingUp;

    Amendments(
            ContractLife life,
            ContractRows contracts,
            LifeRows rows,
            Duties duties,
            Tenancy tenancy,
            Idempotency idempotency,
            ApplicationEventPublisher events,
            Clock clock,
            ObjectProvider<AmendmentImpacts> impacts,
            ObjectProvider<WindingUp> windingUp) {
        this.life = life;
        this.contracts = contracts;
        this.rows = rows;
        this.duties = duties;
        this.tenancy = tenancy;
        this.idempotency = idempotency;
        this.events = events;
        this.clock = clock;
        this.impacts = impacts;
        this.windingUp = windingUp;
    }

    /**
     * What somebody wants changed.
     *
     * @param from first day of the new terms; for an early end, the first day without service
     * @param changes new values; derived ones (words, months, repeated rates) follow by themselves
     * @param third who else's duties it changes, or blank; the third party of annex 5 is found by itself
     */
    public record Wanted(
            Amendment.Kind kind, LocalDate from, String reason, Map<TermKey, TermValue> changes, String third) {

        public Wanted(Amendment.Kind kind, LocalDate from, String reason, Map<TermKey, TermValue> changes) {
            this(kind, from, reason, changes, "");
        }
    }

    /** @param key from the header {@code Idempotency-Key}, or null */
    public UUID draft(Access access, @Nullable String key, Wanted wanted) {
        access.require(Capability.EDIT_TERMS);
        return idempotency.once(
                access,
                key,
                List.of(
                        "amendment",
                        access.contract(),
                        wanted.kind(),
                        wanted.from(),
                        wanted.reason(),
                        wanted.changes().toString(),
                        wanted.third().strip()),
                UUID.class,
                () -> {
                    var id = Ids.at(clock.millis());
                    life.change(access.tenant(), access.contract(), null, work -> {
                        work.contract().requireAmendable(wanted.kind());
                        var amendment = new Amendment(
                                id,
                                access.tenant(),
                                access.contract(),
                                rows.nextSerial(access.tenant(), access.contract()),
                                wanted.kind(),
                                Amendment.State.DRAFT,
                                latest(access.tenant(), access.contract()),
                                wanted.from(),
                                Notices.required("reason", wanted.reason()),
                                checked(wanted, work.contract()),
                                Map.of(),
                                access.party(),
                                AmendmentRules.third(
                                        wanted,
                                        Map.of(),
                                        contracts.version(
                                                access.tenant(),
                                                access.contract(),
                                                latest(access.tenant(), access.contract()))),
                                null,
                                null,
                                null,
                                Set.of(),
                                Set.of(),
                                null,
                                null,
                                0);
                        rows.add(amendment);
                        events.publishEvent(new AmendmentEvent.Drafted(
                                access.tenant(),
                                access.contract(),
                                id,
                                amendment.serial(),
                                amendment.kind(),
                                access.party(),
                                work.now(),
                                access.person()));
                    });
                    return id;
                });
    }

    /**
     * Other values, another day or another reason, while it is a draft.
     *
     * @param third who else's duties it changes, or blank for nobody's; null leaves it as it was
     * @param seen version of the draft the writer looked at, or null to write whatever happened meanwhile
     * @throws Refused {@code contract.amendment.changed} with what it says by now
     */
    public void redraft(
            Access access,
            UUID id,
            LocalDate from,
            String reason,
            Map<TermKey, TermValue> changes,
            @Nullable String third,
            @Nullable Integer seen) {
        access.require(Capability.EDIT_TERMS);
        life.change(access.tenant(), access.contract(), null, work -> {
            var amendment = rows.amendment(access.tenant(), access.contract(), id);
            requireSeen(amendment, seen);
            var kept = amendment.third() == null ? "" : amendment.third();
            var wanted = new Wanted(amendment.kind(), from, reason, changes, third == null ? kept : third);
            rows.update(amendment.redrafted(
                    from,
                    Notices.required("reason", reason),
                    checked(wanted, work.contract()),
                    AmendmentRules.third(
                            wanted,
                            amendment.annexes(),
                            contracts.version(access.tenant(), access.contract(), amendment.base())),
                    access.party()));
        });
    }

    private static void requireSeen(Amendment amendment, @Nullable Integer seen) {
        if (seen != null && seen != amendment.version()) {
            var now = new ArrayList<Sentence>();
            amendment
                    .changes()
                    .forEach((key, value) ->
                            now.add(Sentence.of("contract.amendment.changed.term", key.title(), Shown.inWords(value))));
            amendment.annexes().keySet().forEach(kind -> now.add(kind.title()));
            throw Refused.because("contract.amendment.changed", amendment.from(), amendment.reason(), now);
        }
    }

    /**
     * Proposes an annex as it shall read from the amendment's day on, while the amendment is a draft. One that reads like the
     * annex in force is no change and is left out again.
     *
     * @param seen version of the draft the writer looked at, or null to write whatever happened meanwhile
     * @throws Refused {@code contract.amendment.changed} with what it says by now
     */
    public void proposeAnnex(Access access, UUID id, AnnexSheet sheet, @Nullable Integer seen) {
        rewrite(access, id, sheet.kind(), sheet, seen);
    }

    /** Leaves an annex as it is in force. */
    public void leaveAnnex(Access access, UUID id, AnnexKind kind, @Nullable Integer seen) {
        rewrite(access, id, kind, null, seen);
    }

    /** The third party of annex 5 leaves: its agreement ends with the amendment's day (II-5.2). */
    public void takeThirdOut(Access access, UUID id, @Nullable Integer seen) {
        var base = tenancy.read(access.tenant(), () -> {
            var amendment = rows.amendment(access.tenant(), access.contract(), id);
            return contracts.version(access.tenant(), access.contract(), amendment.base());
        });
        if (AmendedVersion.named(base.annexes()).isEmpty()) {
            throw Refused.field("annex5", "contract.amendment.third.none");
        }
        rewrite(access, id, AnnexKind.THIRD_PARTY, AnnexSheet.empty(AnnexKind.THIRD_PARTY), seen);
    }

    private void rewrite(Access access, UUID id, AnnexKind kind, @Nullable AnnexSheet sheet, @Nullable Integer seen) {
        access.require(Capability.EDIT_TERMS);
        access.require(Capability.READ_MONEY);
        life.change(access.tenant(), access.contract(), null, work -> {
            var amendment = rows.amendment(access.tenant(), access.contract(), id);
            requireSeen(amendment, seen);
            var base = contracts.version(access.tenant(), access.contract(), amendment.base());
            var sheets = new EnumMap<AnnexKind, AnnexSheet>(AnnexKind.class);
            sheets.putAll(amendment.annexes());
            if (sheet == null || sheet.equals(base.annexes().of(kind))) {
                sheets.remove(kind);
            } else {
                sheets.put(kind, sheet);
            }
            boolean byItself = Objects.equals(
                    amendment.third(), AmendmentRules.signs(amendment.changes(), amendment.annexes(), base));
            rows.update(amendment.rewritten(
                    sheets,
                    byItself ? AmendmentRules.signs(amendment.changes(), sheets, base) : amendment.third(),
                    access.party()));
        });
    }

    /** An annex as it is proposed, or as it is in force where the amendment leaves it alone. */
    record ProposedAnnex(Contract contract, Amendment amendment, ContractVersion base, AnnexSheet sheet) {

        AnnexSheet inForce() {
            return base.annexes().of(sheet.kind());
        }

        AmendedVersion with(AnnexSheet typed) {
            var sheets = new EnumMap<AnnexKind, AnnexSheet>(AnnexKind.class);
            sheets.putAll(amendment.annexes());
            sheets.put(typed.kind(), typed);
            return AmendedVersion.of(base, amendment.changes(), sheets);
        }
    }

    ProposedAnnex annex(Access access, UUID id, AnnexKind kind) {
        access.require(Capability.READ_CONTRACT);
        access.require(Capability.READ_MONEY);
        return tenancy.read(access.tenant(), () -> {
            var amendment = rows.amendment(access.tenant(), access.contract(), id);
            var base = contracts.version(access.tenant(), access.contract(), amendment.base());
            var sheet = amendment.annexes().get(kind);
            return new ProposedAnnex(
                    contracts.get(access.tenant(), access.contract()),
                    amendment,
                    base,
                    sheet == null ? base.annexes().of(kind) : sheet);
        });
    }

    /** Puts it before the other party under its hash; from here on it is signed, rejected or withdrawn. */
    public void propose(Access access, UUID id) {
        access.require(Capability.SUBMIT);
        life.change(access.tenant(), access.contract(), null, work -> {
            var amendment = rows.amendment(access.tenant(), access.contract(), id);
            work.contract().requireAmendable(amendment.kind());
            checked(
                    new Wanted(amendment.kind(), amendment.from(), amendment.reason(), amendment.changes()),
                    work.contract());
            var base = contracts.version(access.tenant(), access.contract(), amendment.base());
            if (amendment.kind() != Amendment.Kind.EARLY_END) {
                var bound = AmendmentRules.signs(amendment.changes(), amendment.annexes(), base);
                if (bound != null && !bound.equals(amendment.third())) {
                    throw Refused.field("third", "contract.amendment.third.bound", bound);
                }
                impacts(amendment, base, work.now());
            }
            var text = content(amendment, base);
            var event = amendment.propose(
                    text, latest(access.tenant(), access.contract()), access.party(), work.now(), access.person());
            rows.update(amendment.after(event, text));
            events.publishEvent(event);
        });
    }

    public void withdraw(Access access, UUID id) {
        access.require(Capability.SUBMIT);
        step(access, id, (amendment, now) -> amendment.withdraw(access.party(), now, access.person()));
    }

    public void reject(Access access, UUID id) {
        access.require(Capability.SIGN);
        step(access, id, (amendment, now) -> amendment.reject(access.party(), now, access.person()));
    }

    private interface Step {
        AmendmentEvent.Change on(Amendment amendment, Instant now);
    }

    private void step(Access access, UUID id, Step step) {
        life.change(access.tenant(), access.contract(), null, work -> {
            var amendment = rows.amendment(access.tenant(), access.contract(), id);
            var event = step.on(amendment, work.now());
            rows.update(amendment.after(event, null));
            events.publishEvent(event);
        });
    }

    /**
     * One party signs what it has seen. With the second signature the amendment is agreed: it makes a version from its
     * day, or fixes the early end.
     *
     * @param retroactive whether the party wants it to hold for days before it was signed; both must
     */
    public void sign(
            Access access,
            UUID id,
            String hash,
            SignatureMode mode,
            String signatory,
            String authority,
            boolean retroactive) {
        access.require(Capability.SIGN);
        sign(
                new Signing.Signer(access.tenant(), access.contract(), access.party(), access.person(), null),
                id,
                new Given(hash, mode, signatory, authority, retroactive),
                () -> {});
    }

    /**
     * What a signatory gives.
     *
     * @param hash of what was seen
     * @param retroactive whether this party wants it to hold for days before it was signed
     */
    record Given(String hash, SignatureMode mode, String signatory, String authority, boolean retroactive) {}

    /** @param alongside done in the same transaction, first */
    void sign(Signing.Signer by, UUID id, Given given, Runnable alongside) {
        requireWords(given);
        life.change(by.tenant(), by.contract(), null, work -> {
            var amendment = lapsed(rows.amendment(by.tenant(), by.contract(), id), work.now());
            work.contract().requireAmendable(amendment.kind());
            var base = contracts.version(by.tenant(), by.contract(), amendment.base());
            var signed = signature(by, amendment, base, given, work.now());
            if (!Hashes.of(content(amendment, base)).equals(given.hash())) {
                // The settlement of an early end moves with every payment: what was proposed may be true no more.
                throw Refused.field("hash", "contract.amendment.outdated");
            }
            alongside.run();
            rows.addSignature(
                    by.tenant(),
                    id,
                    new Signature(
                            by.party(),
                            given.hash(),
                            given.mode(),
                            given.signatory().strip(),
                            given.authority().strip(),
                            by.person(),
                            work.now()),
                    by.contact(),
                    given.retroactive());
            events.publishEvent(signed);
            var after = amendment.after(signed, null);
            if (after.signedByAll()) {
                after = settle(by, after, base, work);
            }
            rows.update(after);
        });
    }

    /** Says what is wrong with a signature before its code is used up. */
    void requireInOrder(Signing.Signer by, Amendment amendment, Given given) {
        requireWords(given);
        tenancy.read(by.tenant(), () -> {
            var base = contracts.version(by.tenant(), by.contract(), amendment.base());
            return signature(by, lapsed(amendment, now()), base, given, now());
        });
    }

    private static void requireWords(Given given) {
        if (given.signatory().isBlank() || given.signatory().length() > 100) {
            throw Refused.field("signatory", "contract.refused.noSignatory");
        }
        if (given.authority().length() > 500) {
            throw Refused.field("authority", "contract.refused.noAuthority");
        }
    }

    private AmendmentEvent.Signed signature(
            Signing.Signer by, Amendment amendment, ContractVersion base, Given given, Instant now) {
        return amendment.sign(
                given.hash(),
                given.mode(),
                base.terms().choice(TermKey.SIGN_MODE, TermKey.SignMode.class),
                given.authority(),
                given.retroactive(),
                latest(by.tenant(), by.contract()),
                by.party(),
                now,
                by.person());
    }

    /** Somebody without an account will not sign. */
    void reject(Signing.Signer by, UUID id, Runnable alongside) {
        life.change(by.tenant(), by.contract(), null, work -> {
            var amendment = rows.amendment(by.tenant(), by.contract(), id);
            var event = amendment.reject(by.party(), work.now(), by.person());
            alongside.run();
            rows.update(amendment.after(event, null));
            events.publishEvent(event);
        });
    }

    private Amendment settle(Signing.Signer access, Amendment amendment, ContractVersion base, ContractLife.Work work) {
        if (amendment.kind() == Amendment.Kind.EARLY_END) {
            work.happen(work.contract()
                    .fixEnding(
                            EndGround.AGREED,
                            amendment.startsAt(),
                            "amendment/" + amendment.id(),
                            work.now(),
                            access.person()));
            var settled = amendment.settle(null, work.now(), access.person());
            events.publishEvent(settled);
            work.letTimeSpeak();
            return amendment.after(settled, null);
        }
        var tenant = access.tenant();
        var contract = access.contract();
        int number = contracts.lastNumber(tenant, contract) + 1;
        var version = Ids.at(work.now().toEpochMilli());
        var amended = AmendedVersion.of(base, amendment);
        var settledTerms = amended.settled();
        contracts.add(
                tenant,
                new ContractVersion(
                        contract,
                        version,
                        number,
                        base.original(),
                        base.text(),
                        base.findings(),
                        base.markersStruck(),
                        base.clauses(),
                        amended.terms(),
                        amended.annexes(),
                        null,
                        null),
                work.now());
        contracts.freeze(tenant, contract, number, amendment.signedHash());
        contracts.takeEffect(tenant, contract, number, amendment.startsAt());
        contracts.addCounterparts(tenant, contract, number, amendment.signedHash(), work.now());
        var settled = amendment.settle(number, work.now(), access.person());
        events.publishEvent(settled);
        work.happen(work.contract()
                .amend(
                        amendment,
                        base.number(),
                        number,
                        version,
                        settledTerms.complete().term(),
                        work.now(),
                        access.person()));
        return amendment.after(settled, null);
    }

    // Looking

    /**
     * An amendment with what it would change.
     *
     * @param refused why it cannot be proposed as it stands, or null
     * @param sheet the settlement both would sign; only for an early end
     * @param notes what a reader should know besides
     * @param amended the version that it would make
     */
    public record Preview(
            Amendment amendment,
            List<Impact> impacts,
            List<String> sheet,
            @Nullable Sentence refused,
            List<Sentence> notes,
            AmendedVersion amended) {

        List<AnnexDifference> differences(Texts texts) {
            return amended.differences(texts);
        }
    }

    public Preview preview(Access access, UUID id) {
        access.require(Capability.READ_CONTRACT);
        access.require(Capability.READ_MONEY);
        return tenancy.read(access.tenant(), () -> {
            var amendment = rows.amendment(access.tenant(), access.contract(), id);
            var base = contracts.version(access.tenant(), access.contract(), amendment.base());
            var contract = contracts.get(access.tenant(), access.contract());
            List<Impact> changed = List.of();
            List<String> sheet = List.of();
            @Nullable Sentence refused = null;
            try {
                if (amendment.state() == Amendment.State.DRAFT) {
                    checked(
                            new Wanted(amendment.kind(), amendment.from(), amendment.reason(), amendment.changes()),
                            contract);
                }
                if (amendment.kind() == Amendment.Kind.EARLY_END) {
                    sheet = sheet(amendment);
                } else {
                    changed = impacts(amendment, base, now());
                }
            } catch (Refused no) {
                refused = no.sentence();
            }
            return new Preview(
                    amendment,
                    changed,
                    sheet,
                    refused,
                    notes(amendment, base, contract),
                    AmendedVersion.of(base, amendment));
        });
    }

    private static List<Sentence> notes(Amendment amendment, ContractVersion base, Contract contract) {
        var notes = new ArrayList<Sentence>();
        var end = contract.endsOn();
        if (amendment.kind() == Amendment.Kind.EXTENSION && end != null) {
            int days = base.terms().standing(TermKey.EXTEND_NOTICE_DAYS);
            var latest = end.minusDays(days);
            var proposed = amendment.proposedAt();
            if (proposed != null
                    && proposed.atZone(DraftTerms.ZONE).toLocalDate().isAfter(latest)) {
                notes.add(Sentence.of("contract.amendment.note.lateExtension", days, latest, end));
            } else {
                notes.add(Sentence.of("contract.amendment.note.extension", days, latest, end));
            }
        }
        if (amendment.takesThirdOut()) {
            var terms = base.terms();
            notes.add(Sentence.of(
                    "contract.amendment.note.thirdLeaves",
                    AmendedVersion.named(base.annexes()).orElse("—"),
                    amendment.from(),
                    terms.standing(TermKey.EXIT_NOTICE),
                    terms.standing(TermKey.EXIT_HANDOVER),
                    terms.standing(TermKey.DATA_RETURN)));
        }
        notes.add(Sentence.of("contract.amendment.note.from", amendment.from()));
        return notes;
    }

    public List<Amendment> ofContract(Access access) {
        access.require(Capability.READ_CONTRACT);
        return tenancy.read(access.tenant(), () -> rows.amendments(access.tenant(), access.contract()));
    }

    List<Signature> signatures(Access access, UUID id) {
        return tenancy.read(access.tenant(), () -> rows.amendmentSignatures(access.tenant(), id));
    }

    /** The newest signed version: what an amendment amends. */
    private int latest(UUID tenant, UUID contract) {
        return contracts.signedNumbers(tenant, contract).getLast();
    }

    private Map<TermKey, TermValue> checked(Wanted wanted, Contract contract) {
        var newest = rows.amendments(contract.tenant(), contract.id()).stream()
                .filter(other -> other.made() != null)
                .map(Amendment::from)
                .max(LocalDate::compareTo);
        return AmendmentRules.checked(wanted, contract, newest.orElse(null));
    }

    private List<Impact> impacts(Amendment amendment, ContractVersion base, Instant now) {
        var before = base.settled();
        var amended = AmendedVersion.of(base, amendment);
        amended.require();
        var after = amended.settled();
        var all = new ArrayList<Impact>();
        impacts.orderedStream()
                .forEach(port -> all.addAll(port.of(
                        amendment.tenant(),
                        amendment.contract(),
                        before.complete(),
                        after.complete(),
                        amendment.from(),
                        now)));
        all.addAll(AmendmentPreview.of(
                amended, amendment.from(), duties.ofContract(amendment.tenant(), amendment.contract(), now)));
        return all;
    }

    private String content(Amendment amendment, ContractVersion base) {
        return AmendmentContent.of(
                amendment, base, amendment.kind() == Amendment.Kind.EARLY_END ? sheet(amendment) : List.of());
    }

    private List<String> sheet(Amendment amendment) {
        return windingUp
                .orderedStream()
                .flatMap(port -> port.sheet(amendment.tenant(), amendment.contract(), amendment.startsAt()).stream())
                .toList();
    }

    private Amendment lapsed(Amendment amendment, Instant now) {
        var expired = amendment.time(now);
        if (expired.isEmpty()) {
            return amendment;
        }
        throw Refused.because(
                "contract.amendment.expired",
                amendment.proposedAt(),
                expired.get().happenedAt());
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
