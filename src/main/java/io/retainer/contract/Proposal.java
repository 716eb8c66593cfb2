package io.retainer.contract;

import io.retainer.contract.NegotiationEvent.Answer;
import io.retainer.contract.NegotiationEvent.ProposalAccepted;
import io.retainer.contract.NegotiationEvent.ProposalRejected;
import io.retainer.contract.NegotiationEvent.ProposalWithdrawn;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One party's wish for another wording of a clause, or another value of a term, before anybody has signed (I-7.2: no party
 * fills a gap alone). The other party accepts or rejects it; who made it may take it back.
 *
 * @param serial counted through the contract
 * @param number of the version it was made on
 * @param term null for a wording
 * @param before the wording or canonical value it wants changed; empty for a term without a value
 * @param answer why it was rejected
 * @param version for optimistic locking
 */
record Proposal(
        UUID tenant,
        UUID contract,
        UUID id,
        int serial,
        int number,
        Clause clause,
        @Nullable TermKey term,
        String before,
        String after,
        String reason,
        Party party,
        UUID person,
        Instant madeAt,
        ProposalState state,
        @Nullable String answer,
        @Nullable UUID answeredBy,
        @Nullable Instant endedAt,
        int version) {

    /** Where a proposal stands. */
    enum ProposalState {
        OPEN,
        ACCEPTED,
        REJECTED,
        WITHDRAWN
    }

    static final int MOST_WORDS = 2000;

    /** @param current what the draft says now in that place */
    ProposalAccepted accept(String current, Party by, Instant now, UUID actor) {
        requireOpen();
        if (by == party) {
            throw Refused.because("contract.negotiation.refused.own");
        }
        if (!current.equals(before)) {
            throw Refused.because("contract.negotiation.refused.stale", clause, current.isEmpty() ? "—" : current);
        }
        return new ProposalAccepted(tenant, contract, id, clause, by, now, actor);
    }

    ProposalRejected reject(String words, Party by, Instant now, UUID actor) {
        requireOpen();
        if (by == party) {
            throw Refused.because("contract.negotiation.refused.own");
        }
        requireWords("answer", words);
        return new ProposalRejected(
                tenant, contract, id, clause, Hashes.of(contract, "answer", words.strip()), by, now, actor);
    }

    ProposalWithdrawn withdraw(Party by, Instant now, UUID actor) {
        requireOpen();
        if (by != party) {
            throw Refused.because("contract.negotiation.refused.theirs");
        }
        return new ProposalWithdrawn(tenant, contract, id, clause, by, now, actor);
    }

    /** @param words of a rejection */
    Proposal after(Answer event, @Nullable String words) {
        var next = switch (event) {
            case ProposalAccepted _ -> ProposalState.ACCEPTED;
            case ProposalRejected _ -> ProposalState.REJECTED;
            case ProposalWithdrawn _ -> ProposalState.WITHDRAWN;
        };
        return new Proposal(
                tenant,
                contract,
                id,
                serial,
                number,
                clause,
                term,
                before,
                after,
                reason,
                party,
                person,
                madeAt,
                next,
                words,
                event.actor(),
                event.happenedAt(),
                version);
    }

    public boolean isOpen() {
        return state == ProposalState.OPEN;
    }

    private void requireOpen() {
        if (!isOpen()) {
            throw Refused.because("contract.negotiation.refused.ended", state);
        }
    }

    static void requireWords(String field, String words) {
        if (words.isBlank() || words.strip().length() > MOST_WORDS) {
            throw Refused.field(field, "contract.refused.words", MOST_WORDS);
        }
    }
}
