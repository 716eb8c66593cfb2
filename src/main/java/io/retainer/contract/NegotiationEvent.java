package io.retainer.contract;

import io.retainer.kernel.Clause;
import io.retainer.kernel.Fact;
import io.retainer.kernel.Party;
import java.time.Instant;
import java.util.UUID;

/** What happens while a contract is negotiated. The words stay with their rows; the facts carry their hash. */
sealed interface NegotiationEvent extends Fact {

    @Override
    UUID actor();

    record Commented(
            UUID tenant,
            UUID contract,
            UUID comment,
            Clause clause,
            Party party,
            String hash,
            Instant happenedAt,
            UUID actor)
            implements NegotiationEvent {

        @Override
        public String kind() {
            return "contract.Commented";
        }

        @Override
        public String subject() {
            return "comment/" + comment;
        }
    }

    /** @param hash of what was there and of what is wanted instead */
    record ChangeProposed(
            UUID tenant,
            UUID contract,
            UUID proposal,
            int serial,
            int number,
            Clause clause,
            Party party,
            String hash,
            Instant happenedAt,
            UUID actor)
            implements NegotiationEvent {

        @Override
        public String kind() {
            return "contract.ChangeProposed";
        }

        @Override
        public String subject() {
            return "proposal/" + proposal;
        }
    }

    /** What ends a proposal. */
    sealed interface Answer extends NegotiationEvent {

        UUID proposal();

        @Override
        default String subject() {
            return "proposal/" + proposal();
        }
    }

    record ProposalAccepted(
            UUID tenant, UUID contract, UUID proposal, Clause clause, Party party, Instant happenedAt, UUID actor)
            implements Answer {

        @Override
        public String kind() {
            return "contract.ProposalAccepted";
        }
    }

    /** @param reasonHash of the words that say why */
    record ProposalRejected(
            UUID tenant,
            UUID contract,
            UUID proposal,
            Clause clause,
            String reasonHash,
            Party party,
            Instant happenedAt,
            UUID actor)
            implements Answer {

        @Override
        public String kind() {
            return "contract.ProposalRejected";
        }
    }

    record ProposalWithdrawn(
            UUID tenant, UUID contract, UUID proposal, Clause clause, Party party, Instant happenedAt, UUID actor)
            implements Answer {

        @Override
        public String kind() {
            return "contract.ProposalWithdrawn";
        }
    }
}
