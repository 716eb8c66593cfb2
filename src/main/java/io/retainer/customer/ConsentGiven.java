package io.retainer.customer;

import io.retainer.kernel.Clause;
import io.retainer.kernel.Fact;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A customer agreed to a purpose and channel. The proof stays in the row {@code consent}. */
public record ConsentGiven(
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
        return "customer.ConsentGiven";
    }

    @Override
    public String subject() {
        return "customer/" + customer;
    }
}
