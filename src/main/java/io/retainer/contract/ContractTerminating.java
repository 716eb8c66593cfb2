package io.retainer.contract;

import io.retainer.kernel.Clause;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The service ended; what follows from the end is owed from now on. Heard in the same transaction by those who wind up
 * what they know of.
 *
 * @param happenedAt when the end took effect: the term was over, the agreed day had passed, or the notice arrived
 */
public record ContractTerminating(
        UUID tenant,
        UUID contract,
        EndGround ground,
        Instant happenedAt,
        @Nullable UUID actor) implements ContractEvent.Change {

    @Override
    public Clause clause() {
        return ground.clause();
    }

    @Override
    public String kind() {
        return "contract.Terminating";
    }
}
