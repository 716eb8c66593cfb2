package io.retainer.contract;

import io.retainer.kernel.Clause;
import io.retainer.kernel.Fact;
import io.retainer.kernel.Party;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What happens to a termination. */
sealed interface TerminationEvent extends Fact {

    UUID termination();

    EndGround ground();

    @Override
    default String subject() {
        return "termination/" + termination();
    }

    @Override
    default Clause clause() {
        return ground().clause();
    }

    /** What changes a termination that was declared. */
    sealed interface Change extends TerminationEvent {}

    record Declared(
            UUID tenant,
            UUID contract,
            UUID termination,
            EndGround ground,
            Party party,
            String restsOn,
            UUID notice,
            Instant happenedAt,
            @Nullable UUID actor)
            implements TerminationEvent {

        @Override
        public String kind() {
            return "contract.TerminationDeclared";
        }
    }

    /** @param happenedAt when the notice arrived (Civil Code 565) */
    record TookEffect(
            UUID tenant,
            UUID contract,
            UUID termination,
            EndGround ground,
            Party party,
            Instant happenedAt,
            @Nullable UUID actor)
            implements Change {

        @Override
        public String kind() {
            return "contract.TerminationTookEffect";
        }
    }

    record Withdrawn(
            UUID tenant,
            UUID contract,
            UUID termination,
            EndGround ground,
            Party party,
            Instant happenedAt,
            @Nullable UUID actor)
            implements Change {

        @Override
        public String kind() {
            return "contract.TerminationWithdrawn";
        }
    }

    /** The debt was paid, or the breach cured, before the notice arrived. */
    record Lapsed(
            UUID tenant,
            UUID contract,
            UUID termination,
            EndGround ground,
            Party party,
            Instant happenedAt,
            @Nullable UUID actor)
            implements Change {

        @Override
        public String kind() {
            return "contract.TerminationLapsed";
        }
    }

    /** The other side denies that there was a ground; the case is not decided here. */
    record Contested(
            UUID tenant,
            UUID contract,
            UUID termination,
            EndGround ground,
            Party party,
            Instant happenedAt,
            @Nullable UUID actor)
            implements Change {

        @Override
        public String kind() {
            return "contract.TerminationContested";
        }
    }
}
