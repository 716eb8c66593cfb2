package io.retainer.customer;

import io.retainer.kernel.Clause;
import io.retainer.kernel.Fact;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A merge turned out to be wrong: both records are as they were. */
public record MergeUndone(
        UUID tenant,
        UUID contract,
        UUID survivor,
        UUID merged,
        UUID merge,
        Instant happenedAt,
        @Nullable UUID actor) implements Fact {

    @Override
    public Clause clause() {
        return Clause.I_1_1_1;
    }

    @Override
    public String kind() {
        return "customer.MergeUndone";
    }

    @Override
    public String subject() {
        return "customer/" + survivor;
    }
}
