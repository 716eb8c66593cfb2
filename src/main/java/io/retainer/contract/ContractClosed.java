package io.retainer.contract;

import io.retainer.kernel.Clause;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Everything the end called for is done: nothing but confidentiality is owed any more. */
public record ContractClosed(
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
        return "contract.Closed";
    }
}
