package io.retainer.contract;

import io.retainer.kernel.Clause;
import io.retainer.kernel.Fact;
import io.retainer.kernel.Party;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What happens about force majeure (I-5.3a). */
public sealed interface ForceMajeureEvent extends Fact {

    UUID event();

    @Override
    default String subject() {
        return "force-majeure/" + event();
    }

    @Override
    default Clause clause() {
        return Clause.I_5_3A;
    }

    /**
     * @param late whether the notice came later than the terms allow
     * @param affected ids of the duties it is said to hinder
     */
    record Notified(
            UUID tenant,
            UUID contract,
            UUID event,
            Party party,
            Instant occurredAt,
            boolean late,
            Set<UUID> affected,
            Instant happenedAt,
            @Nullable UUID actor)
            implements ForceMajeureEvent {

        @Override
        public String kind() {
            return "contract.ForceMajeureNotified";
        }
    }

    /** What changes one that was notified. */
    sealed interface Change extends ForceMajeureEvent {}

    /** @param late whether the proof came later than the terms allow */
    record Proven(
            UUID tenant,
            UUID contract,
            UUID event,
            String proof,
            boolean late,
            Instant happenedAt,
            @Nullable UUID actor)
            implements Change {

        @Override
        public String kind() {
            return "contract.ForceMajeureProven";
        }
    }

    /**
     * @param party that is relieved
     * @param since from when on
     * @param duties ids of the duties relieved; those that owe money only because that was decided on its own
     * @param relief in per cent
     */
    record Accepted(
            UUID tenant,
            UUID contract,
            UUID event,
            Party party,
            Instant since,
            Set<UUID> duties,
            int relief,
            Instant happenedAt,
            @Nullable UUID actor)
            implements Change {

        @Override
        public String kind() {
            return "contract.ForceMajeureAccepted";
        }
    }

    record Contested(
            UUID tenant,
            UUID contract,
            UUID event,
            Party party,
            Instant happenedAt,
            @Nullable UUID actor) implements Change {

        @Override
        public String kind() {
            return "contract.ForceMajeureContested";
        }
    }

    /**
     * @param duties ids of the duties that were relieved until now
     * @param happenedAt when the hindrance was over
     */
    record Ended(
            UUID tenant,
            UUID contract,
            UUID event,
            Party party,
            Instant since,
            Set<UUID> duties,
            Instant happenedAt,
            @Nullable UUID actor)
            implements Change {

        @Override
        public String kind() {
            return "contract.ForceMajeureEnded";
        }
    }
}
