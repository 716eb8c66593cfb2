package io.retainer.contract;

import io.retainer.contract.ContractEvent.Change;
import io.retainer.contract.ContractEvent.Cleared;
import io.retainer.contract.ContractEvent.Confirmed;
import io.retainer.contract.ContractEvent.Expired;
import io.retainer.contract.ContractEvent.Filled;
import io.retainer.contract.ContractEvent.Imported;
import io.retainer.contract.ContractEvent.MarkersStruck;
import io.retainer.contract.ContractEvent.Rejected;
import io.retainer.contract.ContractEvent.Resumed;
import io.retainer.contract.ContractEvent.Signed;
import io.retainer.contract.ContractEvent.Started;
import io.retainer.contract.ContractEvent.Submitted;
import io.retainer.contract.ContractEvent.Suspended;
import io.retainer.contract.ContractEvent.Withdrawn;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
 * @param clearedAt since when nothing but the calendar keeps the service from starting
 * @param startsOn first day of the term, once submitted
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
        @Nullable Instant effectiveAt,
        @Nullable Instant clearedAt,
        @Nullable Instant startedAt,
        @Nullable Instant suspendedAt,
        @Nullable LocalDate startsOn,
        @Nullable LocalDate endsOn,
        int version) {

    /** How long signatures are waited for. */
    static final Duration SIGNING_TIME = Duration.ofDays(30);

    private static final Set<Party> BOTH = Set.of(Party.CLIENT, Party.PROVIDER);

    Contract {
        signed = Set.copyOf(signed);
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
            case PENDING_SIGN, EFFECTIVE, ACTIVE, SUSPENDED, VOID -> throw refuse("contract.verb.fill");
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
            case DRAFT, PENDING_SIGN ->
                new Confirmed(
                        tenant,
                        id,
                        number,
                        entry.key().clause(),
                        entry.key().id(),
                        Hashes.of(id, entry.key().id(), value.canonical()),
                        by,
                        now,
                        actor);
            case EFFECTIVE, ACTIVE, SUSPENDED, VOID -> throw refuse("contract.verb.confirm");
        };
    }

    MarkersStruck strikeMarkers(Party by, Instant now, @Nullable UUID actor) {
        requireParty(by);
        return switch (state) {
            case DRAFT -> new MarkersStruck(tenant, id, number, by, now, actor);
            case PENDING_SIGN, EFFECTIVE, ACTIVE, SUSPENDED, VOID -> throw refuse("contract.verb.fill");
        };
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
            case PENDING_SIGN, EFFECTIVE, ACTIVE, SUSPENDED, VOID -> throw refuse("contract.verb.submit");
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
            case DRAFT, EFFECTIVE, ACTIVE, SUSPENDED, VOID -> throw refuse("contract.verb.withdraw");
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
            case DRAFT, EFFECTIVE, ACTIVE, SUSPENDED, VOID -> throw refuse("contract.verb.sign");
        };
    }

    /** Once both have signed the same hash (I-7.1b, G-01). */
    Optional<ContractEffective> effective(Instant now, @Nullable UUID actor) {
        return switch (state) {
            case PENDING_SIGN ->
                hash != null && signed.containsAll(BOTH)
                        ? Optional.of(new ContractEffective(tenant, id, versionId, number, hash, now, actor))
                        : Optional.empty();
            case DRAFT, EFFECTIVE, ACTIVE, SUSPENDED, VOID -> Optional.empty();
        };
    }

    Rejected reject(Party by, Instant now, @Nullable UUID actor) {
        requireParty(by);
        return switch (state) {
            case PENDING_SIGN -> new Rejected(tenant, id, number, by, now, actor);
            case DRAFT, EFFECTIVE, ACTIVE, SUSPENDED, VOID -> throw refuse("contract.verb.reject");
        };
    }

    Optional<Cleared> clear(Instant now, @Nullable UUID actor) {
        return switch (state) {
            case EFFECTIVE -> clearedAt == null ? Optional.of(new Cleared(tenant, id, now, actor)) : Optional.empty();
            case ACTIVE, SUSPENDED -> Optional.empty();
            case DRAFT, PENDING_SIGN, VOID -> throw refuse("contract.verb.start");
        };
    }

    /** What the passing of time alone makes true: a signing that expired, a term that starts. */
    Optional<Change> time(Instant now) {
        return switch (state) {
            case PENDING_SIGN ->
                submittedAt != null && !now.isBefore(submittedAt.plus(SIGNING_TIME))
                        ? Optional.of(new Expired(tenant, id, number, submittedAt.plus(SIGNING_TIME)))
                        : Optional.empty();
            case EFFECTIVE -> {
                var start = startsAt();
                yield clearedAt != null && start != null && !now.isBefore(start)
                        ? Optional.of(new Started(tenant, id, clearedAt.isAfter(start) ? clearedAt : start, null))
                        : Optional.empty();
            }
            case DRAFT, ACTIVE, SUSPENDED, VOID -> Optional.empty();
        };
    }

    /** When {@link #time} will have something to say, or null. */
    @Nullable
    Instant lookAt() {
        return switch (state) {
            case PENDING_SIGN -> submittedAt == null ? null : submittedAt.plus(SIGNING_TIME);
            case EFFECTIVE -> clearedAt == null ? null : startsAt();
            case DRAFT, ACTIVE, SUSPENDED, VOID -> null;
        };
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
                if (services.isEmpty() || !allowed.containsAll(services)) {
                    throw Refused.field("services", "contract.refused.services", List.copyOf(allowed));
                }
                yield new Suspended(tenant, id, ground, services, now, actor);
            }
            case DRAFT, PENDING_SIGN, EFFECTIVE, SUSPENDED, VOID -> throw refuse("contract.verb.suspend");
        };
    }

    Resumed resume(String ground, Instant now, @Nullable UUID actor) {
        return switch (state) {
            case SUSPENDED -> new Resumed(tenant, id, ground, now, actor);
            case DRAFT, PENDING_SIGN, EFFECTIVE, ACTIVE, VOID -> throw refuse("contract.verb.resume");
        };
    }

    // What it makes of the contract

    Contract after(Change event) {
        return switch (event) {
            case Filled _, Confirmed _, MarkersStruck _ -> this;
            case Submitted e -> at(ContractState.PENDING_SIGN, number, versionId, e.hash(), Set.of(), e.happenedAt());
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
            case Started e -> life(ContractState.ACTIVE, effectiveAt, clearedAt, e.happenedAt(), suspendedAt);
            case Suspended e -> life(ContractState.SUSPENDED, effectiveAt, clearedAt, startedAt, e.happenedAt());
            case Resumed _ -> life(ContractState.ACTIVE, effectiveAt, clearedAt, startedAt, null);
        };
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
                effectiveAt,
                clearedAt,
                startedAt,
                suspendedAt,
                term.start(),
                term.end(),
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
                effectiveAt,
                clearedAt,
                startedAt,
                suspendedAt,
                startsOn,
                endsOn,
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
                effective,
                cleared,
                started,
                suspended,
                startsOn,
                endsOn,
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
