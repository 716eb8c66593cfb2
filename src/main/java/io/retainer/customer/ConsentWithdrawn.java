package io.retainer.customer;

import io.retainer.kernel.Clause;
import io.retainer.kernel.Fact;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A customer took back what was agreed for a purpose and channel: whoever addresses customers stops at once (PIPL 15). */
public record ConsentWithdrawn(
        UUID tenant,
        UUID contract,
        UUID customer,
        UUID consent,
        DataPurpose purpose,
        Channel channel,
        Instant happenedAt,
        @Nullable UUID actor)
        implements Fact {

    @Override
    public Clause clause() {
        return Clause.III_A2_1;
    }

    @Override
    public String kind() {
        return "customer.ConsentWithdrawn";
    }

    @Override
    public String subject() {
        return "customer/" + customer;
    }
}
