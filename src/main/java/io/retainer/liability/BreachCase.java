package io.retainer.liability;

import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import io.retainer.liability.BreachEvent.Accepted;
import io.retainer.liability.BreachEvent.Answered;
import io.retainer.liability.BreachEvent.Change;
import io.retainer.liability.BreachEvent.Checked;
import io.retainer.liability.BreachEvent.Filed;
import io.retainer.liability.BreachEvent.Found;
import io.retainer.liability.BreachEvent.Proposed;
import io.retainer.liability.BreachEvent.Rejected;
import io.retainer.liability.BreachEvent.Settled;
import io.retainer.liability.BreachEvent.SettlementUndone;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jmolecules.ddd.annotation.AggregateRoot;
import org.jmolecules.ddd.annotation.Identity;
import org.jspecify.annotations.Nullable;

/**
 * One breach, from the filing to the last payment (state-machines.md §3.11). Nothing is inferred: each element is found by
 * a person with its evidence, or stays unproven and dismisses the case.
 *
 * @param serial 1, 2, … within the contract
 * @param contractVersion in force on the day it happened: by its terms it is judged
 * @param evidence of each element that was looked into: its hash, or empty when it stays unproven
 * @param answerDue the first instant at which an answer is late; null before the rule was checked
 * @param round 1, 2, … of the proposals
 * @param proposedBy who made the one that stands, or null
 * @param hash of the one that stands, or null
 * @param version for optimistic locking
 */
@AggregateRoot
public record BreachCase(
        @Identity UUID id,
        UUID tenant,
        UUID contract,
        int serial,
        int contractVersion,
        BreachRule rule,
        BreachState state,
        Party claimant,
        LocalDate happenedOn,
        LocalDate knownOn,
        Map<BreachElement, Optional<String>> evidence,
        @Nullable Instant answerDue,
        @Nullable Defence defence,
        int round,
        @Nullable Party proposedBy,
        @Nullable String hash,
        Instant filedAt,
        int version) {

    static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");
    /** Working days to answer in (state-machines.md §3.11). */
    static final int ANSWER_WORKDAYS = 10;

    private static final int LIMITATION_YEARS = 3;

    public BreachCase {
        evidence = evidence.isEmpty()
                ? Map.of()
                : java.util.Collections.unmodifiableMap(new EnumMap<BreachElement, Optional<String>>(evidence));
    }

    static BreachCase first(Filed e) {
        return new BreachCase(
                e.breach(),
                e.tenant(),
                e.contract(),
                e.serial(),
                e.contractVersion(),
                e.rule(),
                BreachState.EVIDENCE,
                e.claimant(),
                e.happenedOn(),
                e.knownOn(),
                Map.of(),
                null,
                null,
                0,
                null,
                null,
                e.happenedAt(),
                0);
    }

    /** Who the other side is. */
    public Party respondent() {
        return claimant == Party.CLIENT ? Party.PROVIDER : Party.CLIENT;
    }

    /** The last day on which it can be sued for (Civil Code 188: three years from knowing). */
    public LocalDate limitation() {
        return knownOn.plusYears(LIMITATION_YEARS);
    }

    /** Less than ninety days are left to sue in. */
    public boolean limitationNear(LocalDate today) {
        return state.isOpen() && today.plusDays(90).isAfter(limitation());
    }

    public boolean proven(BreachElement element) {
        return evidence.getOrDefault(element, Optional.empty()).isPresent();
    }

    /** What nobody has proven yet. */
    public List<BreachElement> unproven() {
        return rule.elements().stream().filter(element -> !proven(element)).toList();
    }

    // What may happen

    /** @throws Refused when the days cannot be, or the rule is about a loss of the other side */
    static Filed file(
            UUID id,
            UUID tenant,
            UUID contract,
            BreachRule rule,
            int serial,
            int contractVersion,
            Party by,
            LocalDate happenedOn,
            LocalDate knownOn,
            String wordsHash,
            Instant now,
            @Nullable UUID actor) {
        if (by == Party.THIRD_PARTY || (rule != BreachRule.OTHER && by != Party.CLIENT)) {
            throw Refused.field("rule", "liability.refused.clientsLoss", rule);
        }
        var today = now.atZone(ZONE).toLocalDate();
        if (happenedOn.isAfter(today) || knownOn.isAfter(today) || knownOn.isBefore(happenedOn)) {
            throw Refused.field("happenedOn", "liability.refused.days", happenedOn, knownOn);
        }
        if (today.isAfter(knownOn.plusYears(LIMITATION_YEARS))) {
            throw Refused.field("knownOn", "liability.refused.limitation", knownOn.plusYears(LIMITATION_YEARS));
        }
        return new Filed(
                tenant, contract, id, rule, serial, contractVersion, by, happenedOn, knownOn, wordsHash, now, actor);
    }

    /** @param proof SHA-256 of the evidence, or blank when there is none */
    Found find(BreachElement element, String proof, Party by, Instant now, @Nullable UUID actor) {
        requireParty(by, claimant);
        if (!rule.elements().contains(element)) {
            throw Refused.field("element", "liability.refused.element", element, rule);
        }
        if (!proof.isBlank() && !proof.matches("[0-9a-f]{64}")) {
            throw Refused.field("evidence", "liability.refused.evidence");
        }
        return switch (state) {
            case EVIDENCE, DISMISSED ->
                new Found(tenant, contract, id, rule, element, proof.isBlank() ? null : proof, now, actor);
            case DEFENCE, APPORTION, PROPOSED, AGREED, DISPUTED, SETTLED -> throw refuse("find");
        };
    }

    /** Holds the elements against the rule: all proven, or the case is dismissed. */
    Checked check(Party by, Instant now, @Nullable UUID actor) {
        requireParty(by, claimant);
        return switch (state) {
            case EVIDENCE -> {
                var missing = rule.elements().stream()
                        .filter(element -> !evidence.containsKey(element))
                        .toList();
                if (!missing.isEmpty()) {
                    throw Refused.because("liability.refused.notLookedInto", missing);
                }
                yield new Checked(tenant, contract, id, rule, unproven().isEmpty(), now, actor);
            }
            case DISMISSED, DEFENCE, APPORTION, PROPOSED, AGREED, DISPUTED, SETTLED -> throw refuse("check");
        };
    }

    Answered answer(Defence with, Party by, Instant now, @Nullable UUID actor) {
        requireParty(by, respondent());
        return switch (state) {
            case DEFENCE -> new Answered(tenant, contract, id, rule, with, now, actor);
            case EVIDENCE, DISMISSED, APPORTION, PROPOSED, AGREED, DISPUTED, SETTLED -> throw refuse("answer");
        };
    }

    /** Who does not answer in time is not heard first; the amount is worked out without it. */
    Optional<Answered> time(Instant now) {
        return switch (state) {
            case DEFENCE -> {
                var due = Objects.requireNonNull(answerDue);
                yield now.isBefore(due)
                        ? Optional.empty()
                        : Optional.of(new Answered(tenant, contract, id, rule, null, due, null));
            }
            case EVIDENCE, DISMISSED, APPORTION, PROPOSED, AGREED, DISPUTED, SETTLED -> Optional.empty();
        };
    }

    /** @throws Refused while it rests on defaults that both parties have not confirmed (I-7.2) */
    Proposed propose(Determination determined, String text, Party by, Instant now, @Nullable UUID actor) {
        if (by == Party.THIRD_PARTY) {
            throw Refused.because("liability.refused.party", by);
        }
        if (!determined.unagreed().isEmpty()) {
            throw Refused.because(
                    "liability.refused.unagreed",
                    determined.unagreed().stream()
                            .map(io.retainer.contract.TermKey::named)
                            .toList());
        }
        return switch (state) {
            case APPORTION, DISPUTED ->
                new Proposed(tenant, contract, id, rule, round + 1, by, Hashed.of(text), determined.net(), now, actor);
            case EVIDENCE, DISMISSED, DEFENCE, PROPOSED, AGREED, SETTLED -> throw refuse("propose");
        };
    }

    /** @param seen hash of what the other side saw */
    Accepted accept(String seen, Party by, Instant now, @Nullable UUID actor) {
        return switch (state) {
            case PROPOSED -> {
                requireParty(by, proposedBy == Party.CLIENT ? Party.PROVIDER : Party.CLIENT);
                if (!seen.equals(hash)) {
                    throw Refused.field("hash", "liability.refused.otherHash");
                }
                yield new Accepted(tenant, contract, id, rule, round, by, seen, now, actor);
            }
            case EVIDENCE, DISMISSED, DEFENCE, APPORTION, AGREED, DISPUTED, SETTLED -> throw refuse("accept");
        };
    }

    Rejected reject(Party by, Instant now, @Nullable UUID actor) {
        return switch (state) {
            case PROPOSED -> {
                requireParty(by, proposedBy == Party.CLIENT ? Party.PROVIDER : Party.CLIENT);
                yield new Rejected(tenant, contract, id, rule, round, by, now, actor);
            }
            case EVIDENCE, DISMISSED, DEFENCE, APPORTION, AGREED, DISPUTED, SETTLED -> throw refuse("reject");
        };
    }

    /** Once nothing that was agreed is open. */
    Settled settle(Instant now, @Nullable UUID actor) {
        return switch (state) {
            case AGREED -> new Settled(tenant, contract, id, rule, now, actor);
            case EVIDENCE, DISMISSED, DEFENCE, APPORTION, PROPOSED, DISPUTED, SETTLED -> throw refuse("settle");
        };
    }

    /** Something that was agreed is open after all: a set-off that had extinguished it does not stand. */
    SettlementUndone undo(Instant now, @Nullable UUID actor) {
        return switch (state) {
            case SETTLED -> new SettlementUndone(tenant, contract, id, rule, now, actor);
            case EVIDENCE, DISMISSED, DEFENCE, APPORTION, PROPOSED, AGREED, DISPUTED -> throw refuse("settle");
        };
    }

    void requireAgreed() {
        if (state != BreachState.AGREED) {
            throw refuse("settle");
        }
    }

    private static void requireParty(Party by, Party wanted) {
        if (by != wanted) {
            throw Refused.because("liability.refused.party", wanted);
        }
    }

    private Refused refuse(String verb) {
        return Refused.because("liability.refused.state", Sentence.of("liability.verb." + verb), state);
    }

    // What it makes of the case

    /** @param due of the answer, when the rule was met */
    BreachCase after(Change event, @Nullable Instant due) {
        return switch (event) {
            case Found e -> {
                var found = new EnumMap<BreachElement, Optional<String>>(BreachElement.class);
                found.putAll(evidence);
                found.put(e.element(), Optional.ofNullable(e.evidence()));
                yield new BreachCase(
                        id,
                        tenant,
                        contract,
                        serial,
                        contractVersion,
                        rule,
                        BreachState.EVIDENCE,
                        claimant,
                        happenedOn,
                        knownOn,
                        found,
                        answerDue,
                        defence,
                        round,
                        proposedBy,
                        hash,
                        filedAt,
                        version);
            }
            case Checked e ->
                next(e.met() ? BreachState.DEFENCE : BreachState.DISMISSED, due, defence, round, proposedBy, hash);
            case Answered e -> next(BreachState.APPORTION, answerDue, e.defence(), round, proposedBy, hash);
            case Proposed e -> next(BreachState.PROPOSED, answerDue, defence, e.round(), e.party(), e.hash());
            case Accepted _ -> next(BreachState.AGREED, answerDue, defence, round, proposedBy, hash);
            case Rejected _ -> next(BreachState.DISPUTED, answerDue, defence, round, proposedBy, hash);
            case Settled _ -> next(BreachState.SETTLED, answerDue, defence, round, proposedBy, hash);
            case SettlementUndone _ -> next(BreachState.AGREED, answerDue, defence, round, proposedBy, hash);
        };
    }

    private BreachCase next(
            BreachState to,
            @Nullable Instant due,
            @Nullable Defence with,
            int number,
            @Nullable Party proposer,
            @Nullable String text) {
        return new BreachCase(
                id,
                tenant,
                contract,
                serial,
                contractVersion,
                rule,
                to,
                claimant,
                happenedOn,
                knownOn,
                evidence,
                due,
                with,
                number,
                proposer,
                text,
                filedAt,
                version);
    }
}
