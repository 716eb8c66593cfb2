package io.retainer.contract;

import io.retainer.contract.AmendmentEvent.Change;
import io.retainer.contract.AmendmentEvent.Expired;
import io.retainer.contract.AmendmentEvent.Proposed;
import io.retainer.contract.AmendmentEvent.Rejected;
import io.retainer.contract.AmendmentEvent.Settled;
import io.retainer.contract.AmendmentEvent.Signed;
import io.retainer.contract.AmendmentEvent.Withdrawn;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import java.time.Instant;
import java.time.LocalDate;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jmolecules.ddd.annotation.AggregateRoot;
import org.jmolecules.ddd.annotation.Identity;
import org.jspecify.annotations.Nullable;

/**
 * A supplementary agreement (补充协议): drafted by one party, proposed under a hash, signed by both, in force from a day
 * (I-7.2, I-2.2). It never reaches back before its last signature unless both parties consented to just that.
 *
 * @param serial 1, 2, … within the contract
 * @param base number of the version it amends
 * @param from the first day on which it holds; for an early end, the first day without service
 * @param changes new values; empty for an early end
 * @param annexes that take the place of the annexes of the same number, whole; empty for an early end
 * @param content what both sign, once proposed
 * @param third name of the third party whose duties it changes: it signs too, and nothing takes effect before (G-37); or null
 * @param retroactive who consented to it holding before it was signed
 * @param made number of the version it made
 * @param version for optimistic locking
 */
@AggregateRoot
public record Amendment(
        @Identity UUID id,
        UUID tenant,
        UUID contract,
        int serial,
        Kind kind,
        State state,
        int base,
        LocalDate from,
        String reason,
        Map<TermKey, TermValue> changes,
        Map<AnnexKind, AnnexSheet> annexes,
        Party draftedBy,
        @Nullable String third,
        @Nullable Instant proposedAt,
        @Nullable String content,
        @Nullable String hash,
        Set<Party> signed,
        Set<Party> retroactive,
        @Nullable Instant agreedAt,
        @Nullable Integer made,
        int version) {

    /** What it is about. */
    public enum Kind {
        /** Other terms from a day. */
        CHANGE(Clause.I_7_2),
        /** A longer term. */
        EXTENSION(Clause.I_2_2B),
        /** The end before the term is over. */
        EARLY_END(Clause.I_2_2A);

        private final Clause clause;

        Kind(Clause clause) {
            this.clause = clause;
        }

        Clause clause() {
            return clause;
        }
    }

    /** Where it stands; whether its day has come is asked of {@link #inForce}. */
    public enum State {
        DRAFT,
        PROPOSED,
        AGREED,
        REJECTED,
        WITHDRAWN,
        EXPIRED
    }

    private static final Set<Party> BOTH = Set.of(Party.CLIENT, Party.PROVIDER);
    private static final Set<Party> ALL = Set.of(Party.CLIENT, Party.PROVIDER, Party.THIRD_PARTY);

    public Amendment {
        changes = changes.isEmpty() ? Map.of() : java.util.Collections.unmodifiableMap(new EnumMap<>(changes));
        annexes = annexes.isEmpty() ? Map.of() : java.util.Collections.unmodifiableMap(new EnumMap<>(annexes));
        signed = Set.copyOf(signed);
        retroactive = Set.copyOf(retroactive);
    }

    /** Whether it holds at that moment. */
    public boolean inForce(Instant at) {
        return state == State.AGREED && !at.isBefore(startsAt());
    }

    public Instant startsAt() {
        return from.atStartOfDay(DraftTerms.ZONE).toInstant();
    }

    /** Whose signatures it needs. */
    public Set<Party> signers() {
        return third == null ? BOTH : ALL;
    }

    /** Who has yet to sign. */
    public List<Party> unsigned() {
        return java.util.stream.Stream.of(Party.values())
                .filter(party -> signers().contains(party) && !signed.contains(party))
                .toList();
    }

    /** Whether the third party of annex 5 leaves by it: the annex is proposed empty. */
    boolean takesThirdOut() {
        var sheet = annexes.get(AnnexKind.THIRD_PARTY);
        return sheet != null && sheet.isEmpty();
    }

    String signedHash() {
        if (hash == null) {
            throw new IllegalStateException("Nothing was proposed: " + id);
        }
        return hash;
    }

    // What may happen

    /** Other changes, another day or another reason: only by the party that drafts it, before it is proposed. */
    Amendment redrafted(LocalDate day, String why, Map<TermKey, TermValue> values, @Nullable String whose, Party by) {
        requireDrafter(by);
        return switch (state) {
            case DRAFT ->
                new Amendment(
                        id,
                        tenant,
                        contract,
                        serial,
                        kind,
                        state,
                        base,
                        day,
                        why,
                        values,
                        annexes,
                        draftedBy,
                        whose,
                        null,
                        null,
                        null,
                        signed,
                        retroactive,
                        null,
                        null,
                        version);
            case PROPOSED, AGREED, REJECTED, WITHDRAWN, EXPIRED -> throw refuse("contract.amendment.verb.draft");
        };
    }

    /** With these annexes proposed instead of those it had, and whoever signs besides because of them. */
    Amendment rewritten(Map<AnnexKind, AnnexSheet> sheets, @Nullable String whose, Party by) {
        requireDrafter(by);
        if (kind == Kind.EARLY_END) {
            throw Refused.field("annexes", "contract.amendment.endChangesNothing");
        }
        return switch (state) {
            case DRAFT ->
                new Amendment(
                        id,
                        tenant,
                        contract,
                        serial,
                        kind,
                        state,
                        base,
                        from,
                        reason,
                        changes,
                        sheets,
                        draftedBy,
                        whose,
                        null,
                        null,
                        null,
                        signed,
                        retroactive,
                        null,
                        null,
                        version);
            case PROPOSED, AGREED, REJECTED, WITHDRAWN, EXPIRED -> throw refuse("contract.amendment.verb.draft");
        };
    }

    /**
     * @param text what both will sign
     * @param latest number of the version that is the newest signed one now
     */
    Proposed propose(String text, int latest, Party by, Instant now, @Nullable UUID actor) {
        requireDrafter(by);
        return switch (state) {
            case DRAFT -> {
                requireBase(latest);
                if (kind != Kind.EARLY_END && changes.isEmpty() && annexes.isEmpty()) {
                    throw Refused.field("changes", "contract.amendment.empty");
                }
                yield new Proposed(tenant, contract, id, serial, kind, base, from, Hashes.of(text), by, now, actor);
            }
            case PROPOSED, AGREED, REJECTED, WITHDRAWN, EXPIRED -> throw refuse("contract.amendment.verb.propose");
        };
    }

    /**
     * @param seen hash of what the signatory saw
     * @param consents whether this party wants it to hold before it was signed
     */
    Signed sign(
            String seen,
            SignatureMode mode,
            TermKey.SignMode agreed,
            String authority,
            boolean consents,
            int latest,
            Party by,
            Instant now,
            @Nullable UUID actor) {
        requireSigner(by);
        return switch (state) {
            case PROPOSED -> {
                if (!seen.equals(hash)) {
                    throw Refused.field("hash", "contract.refused.otherHash");
                }
                if (signed.contains(by)) {
                    throw Refused.because("contract.refused.signedAlready", by);
                }
                if (!mode.satisfies(agreed)) {
                    throw Refused.field("mode", "contract.refused.signMode", agreed);
                }
                if (authority.isBlank()) {
                    throw Refused.field("authority", "contract.refused.noAuthority");
                }
                requireBase(latest);
                var consenting = EnumSet.noneOf(Party.class);
                consenting.addAll(retroactive);
                if (consents) {
                    consenting.add(by);
                }
                var willing = EnumSet.copyOf(signers());
                willing.retainAll(signed);
                willing.add(by);
                if (startsAt().isBefore(now) && !consenting.containsAll(willing)) {
                    willing.removeAll(consenting);
                    throw Refused.field("retroactive", "contract.amendment.retroactive", from, List.copyOf(willing));
                }
                yield new Signed(
                        tenant,
                        contract,
                        id,
                        kind,
                        seen,
                        by,
                        mode,
                        consents,
                        Hashes.of(id, "authority", authority.strip()),
                        now,
                        actor);
            }
            case DRAFT, AGREED, REJECTED, WITHDRAWN, EXPIRED -> throw refuse("contract.amendment.verb.sign");
        };
    }

    boolean signedByAll() {
        return signed.containsAll(signers());
    }

    /** Once all whose duties it changes have signed. */
    Settled settle(@Nullable Integer number, Instant now, @Nullable UUID actor) {
        return switch (state) {
            case PROPOSED -> {
                if (!signedByAll()) {
                    throw new IllegalStateException("Not signed by all: " + id);
                }
                yield new Settled(tenant, contract, id, kind, from, signedHash(), number, now, actor);
            }
            case DRAFT, AGREED, REJECTED, WITHDRAWN, EXPIRED -> throw refuse("contract.amendment.verb.sign");
        };
    }

    /** The party that proposed it takes it back, before both have signed. */
    Withdrawn withdraw(Party by, Instant now, @Nullable UUID actor) {
        requireDrafter(by);
        return switch (state) {
            case DRAFT, PROPOSED -> new Withdrawn(tenant, contract, id, kind, by, now, actor);
            case AGREED, REJECTED, WITHDRAWN, EXPIRED -> throw refuse("contract.amendment.verb.withdraw");
        };
    }

    /** The other party says no. */
    Rejected reject(Party by, Instant now, @Nullable UUID actor) {
        if (by == draftedBy) {
            throw Refused.because("contract.amendment.otherOnly", draftedBy);
        }
        requireSigner(by);
        return switch (state) {
            case PROPOSED -> new Rejected(tenant, contract, id, kind, by, now, actor);
            case DRAFT, AGREED, REJECTED, WITHDRAWN, EXPIRED -> throw refuse("contract.amendment.verb.reject");
        };
    }

    /** A proposal that nobody signed in time lapses, as the contract itself would. */
    Optional<Change> time(Instant now) {
        return switch (state) {
            case PROPOSED -> {
                var until = proposedAt == null ? null : proposedAt.plus(Contract.SIGNING_TIME);
                yield until == null || now.isBefore(until)
                        ? Optional.empty()
                        : Optional.of(new Expired(tenant, contract, id, kind, until));
            }
            case DRAFT, AGREED, REJECTED, WITHDRAWN, EXPIRED -> Optional.empty();
        };
    }

    private void requireBase(int latest) {
        if (latest != base) {
            throw Refused.because("contract.amendment.stale", base, latest);
        }
    }

    private void requireSigner(Party by) {
        if (!signers().contains(by)) {
            throw Refused.because("contract.refused.party", by);
        }
    }

    private void requireDrafter(Party by) {
        if (by != draftedBy) {
            throw Refused.because("contract.amendment.drafterOnly", draftedBy);
        }
    }

    private Refused refuse(String verb) {
        return Refused.because("contract.amendment.state", Sentence.of(verb), state);
    }

    // What it makes of the amendment

    Amendment after(Change event, @Nullable String text) {
        return switch (event) {
            case Proposed e -> next(State.PROPOSED, e.happenedAt(), text, e.hash(), signed, retroactive, null, null);
            case Signed e -> {
                var parties = EnumSet.of(e.party());
                parties.addAll(signed);
                var consenting = EnumSet.noneOf(Party.class);
                consenting.addAll(retroactive);
                if (e.retroactive()) {
                    consenting.add(e.party());
                }
                yield next(state, proposedAt, content, hash, parties, consenting, null, null);
            }
            case Settled e ->
                next(State.AGREED, proposedAt, content, hash, signed, retroactive, e.happenedAt(), e.number());
            case Withdrawn _ -> next(State.WITHDRAWN, proposedAt, content, hash, signed, retroactive, null, null);
            case Rejected _ -> next(State.REJECTED, proposedAt, content, hash, signed, retroactive, null, null);
            case Expired _ -> next(State.EXPIRED, proposedAt, content, hash, signed, retroactive, null, null);
        };
    }

    private Amendment next(
            State nextState,
            @Nullable Instant proposed,
            @Nullable String text,
            @Nullable String textHash,
            Set<Party> parties,
            Set<Party> consenting,
            @Nullable Instant agreed,
            @Nullable Integer number) {
        return new Amendment(
                id,
                tenant,
                contract,
                serial,
                kind,
                nextState,
                base,
                from,
                reason,
                changes,
                annexes,
                draftedBy,
                third,
                proposed,
                text,
                textHash,
                parties,
                consenting,
                agreed,
                number,
                version);
    }
}
