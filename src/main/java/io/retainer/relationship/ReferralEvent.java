package io.retainer.relationship;

import io.retainer.kernel.Clause;
import io.retainer.kernel.Fact;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Who referred whom. */
public sealed interface ReferralEvent extends Fact {

    UUID referred();

    @Override
    default Clause clause() {
        return Clause.I_1_1_3;
    }

    @Override
    default String subject() {
        return "customer/" + referred();
    }

    /** The names stand in the ledger for ever, whatever becomes of the types. */
    @Override
    default String kind() {
        return switch (this) {
            case Noted _ -> "relationship.ReferralNoted";
            case Withdrawn _ -> "relationship.ReferralWithdrawn";
        };
    }

    record Noted(
            UUID tenant,
            UUID contract,
            UUID referrer,
            UUID referred,
            Instant happenedAt,
            @Nullable UUID actor) implements ReferralEvent {}

    record Withdrawn(
            UUID tenant,
            UUID contract,
            UUID referrer,
            UUID referred,
            Instant happenedAt,
            @Nullable UUID actor) implements ReferralEvent {}
}
