package io.retainer.contract;

import io.retainer.contract.ContractEvent.AnnexRiskAccepted;
import io.retainer.contract.ContractEvent.AnnexSaved;
import io.retainer.contract.ContractEvent.Change;
import io.retainer.contract.ContractEvent.ClearanceWithdrawn;
import io.retainer.contract.ContractEvent.Cleared;
import io.retainer.contract.ContractEvent.Confirmed;
import io.retainer.contract.ContractEvent.Declined;
import io.retainer.contract.ContractEvent.EndingFixed;
import io.retainer.contract.ContractEvent.EndingLifted;
import io.retainer.contract.ContractEvent.Expired;
import io.retainer.contract.ContractEvent.Filled;
import io.retainer.contract.ContractEvent.Imported;
import io.retainer.contract.ContractEvent.MarkersStruck;
import io.retainer.contract.ContractEvent.Rejected;
import io.retainer.contract.ContractEvent.Resumed;
import io.retainer.contract.ContractEvent.Reworded;
import io.retainer.contract.ContractEvent.Signed;
import io.retainer.contract.ContractEvent.Started;
import io.retainer.contract.ContractEvent.Submitted;
import io.retainer.contract.ContractEvent.Suspended;
import io.retainer.contract.ContractEvent.TermExtended;
import io.retainer.contract.ContractEvent.Withdrawn;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jmolecules.ddd.annotation.AggregateRoot;
import org.jmolecules.ddd.annotation.Identity;
import org.jspecify.annotations.Nullable;

/**
 * One contract in its life (state-machines.md §3.1). A decision checks the rules and says what happened; {@link #after}
 * says what that makes of the contract. Neither reads a clock, a database or another module.
 *
 * @param number of the current version
 * @param hash of what the parties sign, once submitted
 * @param signed who signed the current version
 * @param signBy when signatures are no longer waited for, where that was said
 * @param clearedAt since when nothing but the calendar keeps the service from starting
 * @param startsOn first day of the term, once submitted
 * @param frozen numbers of the services a suspension has frozen
 * @param version for optimistic locking
 */
@AggregateRoot
record Contract(
        @Identity UUID id,
        UUID tenant,
        String title,
        UUID clientOrganisation,
        UUID providerOrganisation,
        ContractState state,
        int number,
        UUID versionId,
        @Nullable String hash,
        Set<Party> signed,
        @Nullable Instant submittedAt,
        @Nullable Instant signBy,
        @Nullable Instant effectiveAt,
        @Nullable Instant clearedAt,
        @Nullable Instant startedAt,
        @Nullable Instant suspendedAt,
        @Nullable LocalDate startsOn,
        @Nullable LocalDate endsOn,
        Ending ending,
        Set<Integer> frozen,
        int version) {

    /**
     * How the contract ends.
     *
     * @param at when the end takes or took effect, once that is fixed
     * @param endedAt when it did
     */
    record Ending(
            @Nullable EndGround ground,
            @Nullable Instant at,
            @Nullable Instant endedAt,
            @Nullable Instant closedAt) {

        static final Ending OPEN = new Ending(null, null, null, null);

        EndGround groundOr(EndGround other) {
            return ground == null ? other : ground;
        }
    }

    /**
     * Services that no suspension freezes, whatever the terms say: open complaints are still worked (G-14). Requests of
     * data subjects, security, confidentiality, records and the return of data are no services and never stop either.
     */
    static final Set<Integer> NEVER_FROZEN = Set.of(2);

    /** How long signatures are waited for. */
    static final Duration SIGNING_TIME = Duration.ofDays(30);

    private static final Set<Party> BOTH = Set.of(Party.CLIENT, Party.PROVIDER);

    Contract {
        signed = Set.copyOf(signed);
        frozen = Set.copyOf(frozen);
    }

    static Contract first(Imported e, String title) {
        return new Contract(
                e.contract(),
                e.tenant(),
                title,
                e.clientOrganisation(),
                e.providerOrganisation(),
                ContractState.DRAFT,
                e.number(),
                e.version(),
                null,
                Set.of(),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                Ending.OPEN,
                Set.of(),
                0);
    }

    // What may happen

    Filled fill(TermKey key, TermValue value, Party by, Instant now, @Nullable UUID actor) {
        requireParty(by);
        if (key.isDerived() || key.isFilledBySigning()) {
            throw Refused.field(key.id(), "contract.refused.notFilled", key.title());
        }
        return switch (state) {
            case DRAFT ->
                new Filled(
                        tenant,
                        id,
                        number,
                        key.clause(),
                        key.id(),
                        Hashes.of(id, key.id(), value.canonical()),
                        by,
                        now,
                        actor);
            case PENDING_SIGN, EFFECTIVE, ACTIVE, SUSPENDED, TERMINATING, CLOSED, VOID ->
                throw refuse("contract.verb.fill");
        };
    }

    Confirmed confirm(TermEntry entry, Party by, Instant now, @Nullable UUID actor) {
        requireParty(by);
        var value = entry.value();
        if (value == null) {
            throw Refused.field(
                    entry.key().id(),
                    "contract.refused.nothingToConfirm",
                    entry.key().title());
        }
        return switch (state) {
            case DRAFT, PENDING_SIGN -> confirmed(entry.key(), value, by, now, actor);
            // What the text leaves open can still be agreed (Civil Code 510); what was signed is changed by an
            // amendment.
            case EFFECTIVE, ACTIVE, SUSPENDED -> {
                if (entry.source() != TermSource.PLATFORM_DEFAULT) {
                    throw Refused.field(
                            entry.key().id(),
                            "contract.refused.onlyDefaults",
                            entry.key().title());
                }
                yield confirmed(entry.key(), value, by, now, actor);
            }
            case TERMINATING, CLOSED, VOID -> throw refuse("contract.verb.confirm");
        };
    }

    AnnexSaved saveAnnex(AnnexSheet sheet, Party by, Instant now, @Nullable UUID actor) {
        requireParty(by);
        if (state != ContractState.DRAFT) {
            throw refuse("contract.verb.annex");
        }
        return new AnnexSaved(tenant, id, number, sheet.kind().clause(), sheet.hash(), by, now, actor);
    }

    AnnexRiskAccepted acceptRisk(Clause row, Annexes annexes, Party by, Instant now, @Nullable UUID actor) {
        requireParty(by);
        if (!state.isPreparing()) {
            throw refuse("contract.verb.acceptRisk");
        }
        var kind = AnnexKind.answering(row);
        if (!kind.isDueAtSigning()) {
            throw Refused.field("clauses", "contract.annex.refused.notYet");
        }
        var check = annexes.checks(kind).stream()
                .filter(candidate -> candidate.clause() == row)
                .findFirst();
        if (check.isEmpty() || check.get().isComplete()) {
            throw Refused.field("clauses", "contract.annex.refused.nothingMissing", row.title());
        }
        return new AnnexRiskAccepted(tenant, id, number, row, by, now, actor);
    }

    private Confirmed confirmed(TermKey key, TermValue value, Party by, Instant now, @Nullable UUID actor) {
        return new Confirmed(
                tenant, id, number, key.clause(), key.id(), Hashes.of(id, key.id(), value.canonical()), by, now, actor);
    }

    MarkersStruck strikeMarkers(Party by, Instant now, @Nullable UUID actor) {
        requireParty(by);
        return switch (state) {
            case DRAFT -> new MarkersStruck(tenant, id, number, by, now, actor);
            case PENDING_SIGN, EFFECTIVE, ACTIVE, SUSPENDED, TERMINATING, CLOSED, VOID ->
                throw refuse("contract.verb.fill");
        };
    }

    /** @param next the draft with the clause reworded */
    Reworded reword(Clause clause, ContractVersion next, Party by, Instant now, @Nullable UUID actor) {
        requireParty(by);
        return switch (state) {
            case DRAFT ->
                new Reworded(tenant, id, number, next.id(), clause, Hashes.of(next.original()), by, now, actor);
            case PENDING_SIGN, EFFECTIVE, ACTIVE, SUSPENDED, TERMINATING, CLOSED, VOID ->
                throw refuse("contract.verb.reword");
        };
    }

    /** @throws Refused unless the contract is still being prepared */
    void requireNegotiable(Party by) {
        requireParty(by);
        if (!state.isPreparing()) {
            throw refuse("contract.verb.negotiate");
        }
    }

    /**
     * @param problems of the version as it stands
     * @param content what the parties will sign
     */
    Submitted submit(
            List<Problem> problems, DraftTerms terms, String content, Party by, Instant now, @Nullable UUID actor) {
        requireParty(by);
        return switch (state) {
            case DRAFT -> {
                var first = problems.stream().filter(Contract::blocksSigning).findFirst();
                if (first.isPresent()) {
                    throw Refused.because(
                            "contract.refused.problems",
                            problems.stream().filter(Contract::blocksSigning).count(),
                            first.get().what(),
                            first.get().remedy());
                }
                for (var key : List.of(TermKey.SIGN_MODE, TermKey.LATE_MODE)) {
                    if (!terms.get(key).binds()) {
                        throw Refused.field(key.id(), "contract.refused.choiceOpen", key.title());
                    }
                }
                terms.complete();
                yield new Submitted(tenant, id, number, Hashes.of(content), by, now, actor);
            }
            case PENDING_SIGN, EFFECTIVE, ACTIVE, SUSPENDED, TERMINATING, CLOSED, VOID ->
                throw refuse("contract.verb.submit");
        };
    }

    /** The date and the seals come into being by signing; everything else must be settled before. */
    static boolean blocksSigning(Problem problem) {
        return problem.isError()
                && problem.values().stream().noneMatch(value -> value.term().equals(TermKey.SIGN_DATE.id()));
    }

    Withdrawn withdraw(UUID nextVersion, Party by, Instant now, @Nullable UUID actor) {
        requireParty(by);
        return switch (state) {
            case PENDING_SIGN -> new Withdrawn(tenant, id, number, nextVersion, by, now, actor);
            case DRAFT, EFFECTIVE, ACTIVE, SUSPENDED, TERMINATING, CLOSED, VOID ->
                throw refuse("contract.verb.withdraw");
        };
    }

    Signed sign(
            String seen,
            SignatureMode mode,
            TermKey.SignMode agreed,
            String authority,
            Party by,
            Instant now,
            @Nullable UUID actor) {
        requireParty(by);
        return switch (state) {
            case PENDING_SIGN -> {
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
                yield new Signed(
                        tenant, id, number, seen, by, mode, Hashes.of(id, "authority", authority.strip()), now, actor);
            }
            case DRAFT, EFFECTIVE, ACTIVE, SUSPENDED, TERMINATING, CLOSED, VOID -> throw refuse("contract.verb.sign");
        };
    }

    /** Once both have signed the same hash (I-7.1b, G-01). */
    Optional<ContractEffective> effective(Instant now, @Nullable UUID actor) {
        return switch (state) {
            case PENDING_SIGN ->
                hash != null && signed.containsAll(BOTH)
                        ? Optional.of(new ContractEffective(tenant, id, versionId, number, hash, now, actor))
                        : Optional.empty();
            case DRAFT, EFFECTIVE, ACTIVE, SUSPENDED, TERMINATING, CLOSED, VOID -> Optional.empty();
        };
    }

    /** @param reasonHash of the words that say why the party will not sign this */
    Declined decline(UUID nextVersion, String reasonHash, Party by, Instant now, @Nullable UUID actor) {
        requireParty(by);
        requirePending("contract.verb.decline");
        return new Declined(tenant, id, number, nextVersion, reasonHash, by, now, actor);
    }

    /** @throws Refused unless signatures are awaited */
    void requirePending() {
        requirePending("contract.verb.remind");
    }

    private void requirePending(String verb) {
        if (state != ContractState.PENDING_SIGN) {
            throw refuse(verb);
        }
    }

    Rejected reject(Party by, Instant now, @Nullable UUID actor) {
        requireParty(by);
        return switch (state) {
            case PENDING_SIGN -> new Rejected(tenant, id, number, by, now, actor);
            case DRAFT, EFFECTIVE, ACTIVE, SUSPENDED, TERMINATING, CLOSED, VOID -> throw refuse("contract.verb.reject");
        };
    }

    Optional<Cleared> clear(Instant now, @Nullable UUID actor) {
        return switch (state) {
            case EFFECTIVE -> clearedAt == null ? Optional.of(new Cleared(tenant, id, now, actor)) : Optional.empty();
            case ACTIVE, SUSPENDED -> Optional.empty();
            case DRAFT, PENDING_SIGN, TERMINATING, CLOSED, VOID -> throw refuse("contract.verb.start");
        };
    }

    /** The first payment was taken back. A service that has started goes on: then the arrears are dealt with. */
    Optional<ClearanceWithdrawn> withdrawClearance(Instant now, @Nullable UUID actor) {
        return switch (state) {
            case EFFECTIVE ->
                clearedAt == null ? Optional.empty() : Optional.of(new ClearanceWithdrawn(tenant, id, now, actor));
            case ACTIVE, SUSPENDED -> Optional.empty();
            case DRAFT, PENDING_SIGN, TERMINATING, CLOSED, VOID -> throw refuse("contract.verb.start");
        };
    }

    /** What the passing of time alone makes true: a signing that expired, a term that starts. */
    Optional<Change> time(Instant now) {
        return switch (state) {
            case PENDING_SIGN ->
                !now.isBefore(signingEnds())
                        ? Optional.of(new Expired(tenant, id, number, signingEnds()))
                        : Optional.empty();
            case EFFECTIVE -> {
                var start = startsAt();
                yield clearedAt != null && start != null && !now.isBefore(start)
                        ? Optional.of(new Started(tenant, id, clearedAt.isAfter(start) ? clearedAt : start, null))
                        : ending.at() == null ? Optional.empty() : ended(now);
            }
            case ACTIVE, SUSPENDED -> ended(now);
            case DRAFT, TERMINATING, CLOSED, VOID -> Optional.empty();
        };
    }

    /** When {@link #time} will have something to say, or null. */
    @Nullable
    Instant lookAt() {
        return switch (state) {
            case PENDING_SIGN -> signingEnds();
            case EFFECTIVE -> clearedAt == null ? ending.at() : startsAt();
            case ACTIVE, SUSPENDED -> endsAt();
            case DRAFT, TERMINATING, CLOSED, VOID -> null;
        };
    }

    private Instant signingEnds() {
        var submitted = submittedAt == null ? Instant.MAX.minus(SIGNING_TIME) : submittedAt;
        return signBy == null ? submitted.plus(SIGNING_TIME) : signBy;
    }

    /** Only a service that runs ends with its term; one that never started ends by a notice or by agreement. */
    private Optional<Change> ended(Instant now) {
        var end = endsAt();
        if (end == null || now.isBefore(end)) {
            return Optional.empty();
        }
        var ground = end.equals(ending.at()) ? ending.groundOr(EndGround.EXPIRED) : EndGround.EXPIRED;
        // Who pays only after the whole term has a service that ended as it started.
        var at = startedAt != null && startedAt.isAfter(end) ? startedAt : end;
        return Optional.of(new ContractTerminating(tenant, id, ground, at, null));
    }

    /** When the service ends as things stand: with the term, or before when that was fixed. */
    @Nullable
    Instant endsAt() {
        var term = endsOn == null
                ? null
                : endsOn.plusDays(1).atStartOfDay(DraftTerms.ZONE).toInstant();
        var fixed = ending.at();
        return fixed != null && (term == null || !term.isBefore(fixed)) ? fixed : term;
    }

    private @Nullable Instant startsAt() {
        return startsOn == null ? null : startsOn.atStartOfDay(DraftTerms.ZONE).toInstant();
    }

    /**
     * @param ground what the right rests on, judged by whoever knows the arrears
     * @param services to be frozen; only those the terms allow
     */
    Suspended suspend(
            String ground, Set<Integer> services, Set<Integer> allowed, Party by, Instant now, @Nullable UUID actor) {
        if (by != Party.PROVIDER) {
            throw Refused.because("contract.refused.party", by);
        }
        return switch (state) {
            case ACTIVE -> {
                var never = new TreeSet<>(services);
                never.retainAll(NEVER_FROZEN);
                if (!never.isEmpty()) {
                    throw Refused.field("services", "contract.refused.neverFrozen", List.copyOf(never));
                }
                if (services.isEmpty() || !allowed.containsAll(services)) {
                    throw Refused.field("services", "contract.refused.services", List.copyOf(new TreeSet<>(allowed)));
                }
                yield new Suspended(tenant, id, ground, services, now, actor);
            }
            case DRAFT, PENDING_SIGN, EFFECTIVE, SUSPENDED, TERMINATING, CLOSED, VOID ->
                throw refuse("contract.verb.suspend");
        };
    }

    Resumed resume(String ground, Instant now, @Nullable UUID actor) {
        return switch (state) {
            case SUSPENDED -> new Resumed(tenant, id, ground, now, actor);
            case DRAFT, PENDING_SIGN, EFFECTIVE, ACTIVE, TERMINATING, CLOSED, VOID ->
                throw refuse("contract.verb.resume");
        };
    }

    /**
     * What a resumption adds to the term, where both agreed to that (G-14b); nothing when it resumed on the same day.
     *
     * @param since when the suspension began
     */
    Optional<TermExtended> extendFor(Instant since, Instant now, @Nullable UUID actor) {
        var last = endsOn;
        int days = Math.toIntExact(ChronoUnit.DAYS.between(
                since.atZone(DraftTerms.ZONE).toLocalDate(),
                now.atZone(DraftTerms.ZONE).toLocalDate()));
        return last == null || days < 1
                ? Optional.empty()
                : Optional.of(new TermExtended(tenant, id, days, last.plusDays(days), now, actor));
    }

    /**
     * Both have signed an amendment (I-7.2) or an extension (I-2.2b).
     *
     * @param term the term under the new version
     */
    AmendmentAgreed amend(
            Amendment amendment,
            int fromNumber,
            int next,
            UUID nextVersion,
            ContractTerms.Term term,
            Instant now,
            @Nullable UUID actor) {
        boolean extension = amendment.kind() == Amendment.Kind.EXTENSION;
        return switch (state) {
            case EFFECTIVE, ACTIVE, SUSPENDED -> {
                if (extension && state != ContractState.ACTIVE) {
                    throw refuse("contract.verb.extend");
                }
                yield new AmendmentAgreed(
                        tenant,
                        id,
                        amendment.id(),
                        fromNumber,
                        next,
                        nextVersion,
                        amendment.signedHash(),
                        amendment.from(),
                        term.end(),
                        extension,
                        now,
                        actor);
            }
            case DRAFT, PENDING_SIGN, TERMINATING, CLOSED, VOID ->
                throw refuse(extension ? "contract.verb.extend" : "contract.verb.amend");
        };
    }

    /** @throws Refused unless the contract is in force */
    void requireAmendable(Amendment.Kind kind) {
        var verb = switch (kind) {
            case CHANGE -> "contract.verb.amend";
            case EXTENSION -> "contract.verb.extend";
            case EARLY_END -> "contract.verb.end";
        };
        switch (state) {
            case ACTIVE -> {}
            case EFFECTIVE, SUSPENDED -> {
                if (kind == Amendment.Kind.EXTENSION) {
                    throw refuse(verb);
                }
            }
            case DRAFT, PENDING_SIGN, TERMINATING, CLOSED, VOID -> throw refuse(verb);
        }
        requireNoEndingFixed();
    }

    /** @throws Refused unless the contract is in force and nothing has fixed its end */
    void requireTerminable() {
        switch (state) {
            case EFFECTIVE, ACTIVE, SUSPENDED -> {}
            case DRAFT, PENDING_SIGN, TERMINATING, CLOSED, VOID -> throw refuse("contract.verb.terminate");
        }
        requireNoEndingFixed();
    }

    /** @throws Refused when it is fixed already when the contract ends */
    void requireNoEndingFixed() {
        if (ending.at() != null) {
            throw Refused.because("contract.refused.endingFixed", ending.groundOr(EndGround.AGREED), ending.at());
        }
    }

    /**
     * It is certain when the contract will end.
     *
     * @param at when a termination's notice arrives, or when the day after the agreed last one begins
     */
    EndingFixed fixEnding(EndGround ground, Instant at, String cause, Instant now, @Nullable UUID actor) {
        return switch (state) {
            case EFFECTIVE, ACTIVE, SUSPENDED -> {
                requireNoEndingFixed();
                yield new EndingFixed(tenant, id, ground, at, cause, now, actor);
            }
            case DRAFT, PENDING_SIGN, TERMINATING, CLOSED, VOID -> throw refuse("contract.verb.end");
        };
    }

    EndingLifted liftEnding(String cause, Instant now, @Nullable UUID actor) {
        return switch (state) {
            case EFFECTIVE, ACTIVE, SUSPENDED -> {
                if (ending.at() == null) {
                    throw Refused.because("contract.refused.noEndingFixed");
                }
                yield new EndingLifted(tenant, id, ending.groundOr(EndGround.AGREED), cause, now, actor);
            }
            case DRAFT, PENDING_SIGN, TERMINATING, CLOSED, VOID -> throw refuse("contract.verb.end");
        };
    }

    /** @param open what the end called for and nobody has done yet, in words */
    ContractClosed close(List<Sentence> open, Instant now, @Nullable UUID actor) {
        return switch (state) {
            case TERMINATING -> {
                if (!open.isEmpty()) {
                    throw Refused.because("contract.refused.notWoundUp", open.size(), open.getFirst());
                }
                yield new ContractClosed(tenant, id, ending.groundOr(EndGround.EXPIRED), now, actor);
            }
            case DRAFT, PENDING_SIGN, EFFECTIVE, ACTIVE, SUSPENDED, CLOSED, VOID -> throw refuse("contract.verb.close");
        };
    }

    // What it makes of the contract

    Contract after(Change event) {
        return switch (event) {
            case Filled _, Confirmed _, MarkersStruck _, AnnexSaved _, AnnexRiskAccepted _ -> this;
            case Submitted e -> at(ContractState.PENDING_SIGN, number, versionId, e.hash(), Set.of(), e.happenedAt());
            case Reworded e -> at(ContractState.DRAFT, number + 1, e.nextVersion(), null, Set.of(), null);
            case Declined e -> at(ContractState.DRAFT, number + 1, e.nextVersion(), null, Set.of(), null);
            case Withdrawn e -> at(ContractState.DRAFT, number + 1, e.nextVersion(), null, Set.of(), null);
            case Signed e -> {
                var parties = EnumSet.of(e.party());
                parties.addAll(signed);
                yield at(state, number, versionId, hash, parties, submittedAt);
            }
            case Rejected _, Expired _ -> at(ContractState.VOID, number, versionId, hash, signed, submittedAt);
            case ContractEffective e ->
                life(ContractState.EFFECTIVE, e.happenedAt(), clearedAt, startedAt, suspendedAt);
            case Cleared e -> life(state, effectiveAt, e.happenedAt(), startedAt, suspendedAt);
            case ClearanceWithdrawn _ -> life(state, effectiveAt, null, startedAt, suspendedAt);
            case Started e -> life(ContractState.ACTIVE, effectiveAt, clearedAt, e.happenedAt(), suspendedAt);
            case Suspended e ->
                life(ContractState.SUSPENDED, effectiveAt, clearedAt, startedAt, e.happenedAt())
                        .freezing(e.services());
            case Resumed _ ->
                life(ContractState.ACTIVE, effectiveAt, clearedAt, startedAt, null)
                        .freezing(Set.of());
            case AmendmentAgreed e -> lasting(e.endsOn());
            case TermExtended e -> lasting(e.endsOn());
            case EndingFixed e -> ending(new Ending(e.ground(), e.at(), null, null));
            case EndingLifted _ -> ending(Ending.OPEN);
            case ContractTerminating e ->
                life(ContractState.TERMINATING, effectiveAt, clearedAt, startedAt, suspendedAt)
                        .ending(new Ending(e.ground(), e.happenedAt(), e.happenedAt(), null));
            case ContractClosed e ->
                life(ContractState.CLOSED, effectiveAt, clearedAt, startedAt, suspendedAt)
                        .ending(new Ending(e.ground(), ending.at(), ending.endedAt(), e.happenedAt()));
        };
    }

    /** @param until when signatures are no longer waited for */
    Contract awaiting(Instant until) {
        return new Contract(
                id,
                tenant,
                title,
                clientOrganisation,
                providerOrganisation,
                state,
                number,
                versionId,
                hash,
                signed,
                submittedAt,
                until,
                effectiveAt,
                clearedAt,
                startedAt,
                suspendedAt,
                startsOn,
                endsOn,
                ending,
                frozen,
                version);
    }

    UUID organisation(Party party) {
        requireParty(party);
        return party == Party.CLIENT ? clientOrganisation : providerOrganisation;
    }

    /** The term the signed version gives, kept where the clock looks for it. */
    Contract running(ContractTerms.Term term) {
        return new Contract(
                id,
                tenant,
                title,
                clientOrganisation,
                providerOrganisation,
                state,
                number,
                versionId,
                hash,
                signed,
                submittedAt,
                signBy,
                effectiveAt,
                clearedAt,
                startedAt,
                suspendedAt,
                term.start(),
                term.end(),
                ending,
                frozen,
                version);
    }

    private Contract lasting(LocalDate until) {
        return new Contract(
                id,
                tenant,
                title,
                clientOrganisation,
                providerOrganisation,
                state,
                number,
                versionId,
                hash,
                signed,
                submittedAt,
                signBy,
                effectiveAt,
                clearedAt,
                startedAt,
                suspendedAt,
                startsOn,
                until,
                ending,
                frozen,
                version);
    }

    private Contract ending(Ending next) {
        return new Contract(
                id,
                tenant,
                title,
                clientOrganisation,
                providerOrganisation,
                state,
                number,
                versionId,
                hash,
                signed,
                submittedAt,
                signBy,
                effectiveAt,
                clearedAt,
                startedAt,
                suspendedAt,
                startsOn,
                endsOn,
                next,
                frozen,
                version);
    }

    private Contract freezing(Set<Integer> services) {
        return new Contract(
                id,
                tenant,
                title,
                clientOrganisation,
                providerOrganisation,
                state,
                number,
                versionId,
                hash,
                signed,
                submittedAt,
                signBy,
                effectiveAt,
                clearedAt,
                startedAt,
                suspendedAt,
                startsOn,
                endsOn,
                ending,
                services,
                version);
    }

    private Contract at(
            ContractState next,
            int nextNumber,
            UUID nextVersion,
            @Nullable String nextHash,
            Set<Party> nextSigned,
            @Nullable Instant nextSubmitted) {
        return new Contract(
                id,
                tenant,
                title,
                clientOrganisation,
                providerOrganisation,
                next,
                nextNumber,
                nextVersion,
                nextHash,
                nextSigned,
                nextSubmitted,
                nextSubmitted == null ? null : signBy,
                effectiveAt,
                clearedAt,
                startedAt,
                suspendedAt,
                startsOn,
                endsOn,
                ending,
                frozen,
                version);
    }

    private Contract life(
            ContractState next,
            @Nullable Instant effective,
            @Nullable Instant cleared,
            @Nullable Instant started,
            @Nullable Instant suspended) {
        return new Contract(
                id,
                tenant,
                title,
                clientOrganisation,
                providerOrganisation,
                next,
                number,
                versionId,
                hash,
                signed,
                submittedAt,
                signBy,
                effective,
                cleared,
                started,
                suspended,
                startsOn,
                endsOn,
                ending,
                frozen,
                version);
    }

    private static void requireParty(Party by) {
        if (by == Party.THIRD_PARTY) {
            throw Refused.because("contract.refused.party", by);
        }
    }

    private Refused refuse(String verb) {
        return Refused.because("contract.refused.state", Sentence.of(verb), state);
    }
}
