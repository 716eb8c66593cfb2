package io.retainer.relationship;

import io.retainer.kernel.Clause;
import io.retainer.kernel.Fact;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The provider's lead said how customers are shared out and within how many days each tier is contacted; null where a tier has
 * no plan.
 */
public record RulesSet(
        UUID tenant,
        UUID contract,
        int most,
        int idleDays,
        int coolDays,
        @Nullable Integer keyDays,
        @Nullable Integer regularDays,
        @Nullable Integer occasionalDays,
        Instant happenedAt,
        @Nullable UUID actor)
        implements Fact {

    @Override
    public Clause clause() {
        return Clause.I_1_1_3;
    }

    @Override
    public String subject() {
        return "contact-plan";
    }

    @Override
    public String kind() {
        return "relationship.RulesSet";
    }
}
