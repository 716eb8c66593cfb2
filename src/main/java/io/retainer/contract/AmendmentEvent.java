package io.retainer.contract;

import io.retainer.contract.Amendment.Kind;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Fact;
import io.retainer.kernel.Party;
import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What happens to an amendment. Its words and values stay with its rows; the facts carry their hash. */
sealed interface AmendmentEvent extends Fact {

    UUID amendment();

    Kind what();

    @Override
    default String subject() {
        return "amendment/" + amendment();
    }

    @Override
    default Clause clause() {
        return what().clause();
    }

    /** What changes an amendment that is there. */
    sealed interface Change extends AmendmentEvent {}

    record Drafted(
            UUID tenant,
            UUID contract,
            UUID amendment,
            int serial,
            Kind what,
            Party party,
            Instant happenedAt,
            @Nullable UUID actor)
            implements AmendmentEvent {

        @Override
        public String kind() {
            return "contract.AmendmentDrafted";
        }
    }

    record Proposed(
            UUID tenant,
            UUID contract,
            UUID amendment,
            int serial,
            Kind what,
            int base,
            LocalDate from,
            String hash,
            Party party,
            Instant happenedAt,
            @Nullable UUID actor)
            implements Change {

        @Override
        public String kind() {
            return "contract.AmendmentProposed";
        }
    }

    /** @param retroactive whether this party consented to it holding before it was signed */
    record Signed(
            UUID tenant,
            UUID contract,
            UUID amendment,
            Kind what,
            String hash,
            Party party,
            SignatureMode mode,
            boolean retroactive,
            String authorityHash,
            Instant happenedAt,
            @Nullable UUID actor)
            implements Change {

        @Override
        public String kind() {
            return "contract.AmendmentSigned";
        }
    }

    /**
     * Both signed.
     *
     * @param number of the version it made, or null for an early end
     */
    record Settled(
            UUID tenant,
            UUID contract,
            UUID amendment,
            Kind what,
            LocalDate from,
            String hash,
            @Nullable Integer number,
            Instant happenedAt,
            @Nullable UUID actor)
            implements Change {

        @Override
        public String kind() {
            return "contract.AmendmentSettled";
        }
    }

    record Withdrawn(
            UUID tenant,
            UUID contract,
            UUID amendment,
            Kind what,
            Party party,
            Instant happenedAt,
            @Nullable UUID actor)
            implements Change {

        @Override
        public String kind() {
            return "contract.AmendmentWithdrawn";
        }
    }

    record Rejected(
            UUID tenant,
            UUID contract,
            UUID amendment,
            Kind what,
            Party party,
            Instant happenedAt,
            @Nullable UUID actor)
            implements Change {

        @Override
        public String kind() {
            return "contract.AmendmentRejected";
        }
    }

    /** Not signed by both in time. */
    record Expired(UUID tenant, UUID contract, UUID amendment, Kind what, Instant happenedAt) implements Change {

        @Override
        public String kind() {
            return "contract.AmendmentExpired";
        }

        @Override
        public @Nullable UUID actor() {
            return null;
        }
    }
}
