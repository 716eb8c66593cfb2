package io.retainer.customer;

import io.retainer.kernel.Clause;
import io.retainer.kernel.Fact;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Two records were found to be one customer. What refers to the merged one must refer to the survivor from now on.
 *
 * @param merged an alias of the survivor from now on
 * @param merge the row that keeps what was, until it is undone
 */
public record CustomersMerged(
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
        return "customer.CustomersMerged";
    }

    @Override
    public String subject() {
        return "customer/" + survivor;
    }
}
