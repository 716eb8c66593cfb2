package io.retainer.relationship;

import io.retainer.kernel.Clause;
import io.retainer.kernel.Fact;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What one customer is to another, said or taken back. */
public sealed interface TieEvent extends Fact {

    UUID customer();

    @Override
    default Clause clause() {
        return Clause.I_1_1_3;
    }

    @Override
    default String subject() {
        return "customer/" + customer();
    }

    /** The names stand in the ledger for ever, whatever becomes of the types. */
    @Override
    default String kind() {
        return switch (this) {
            case Tied _ -> "relationship.Tied";
            case Untied _ -> "relationship.Untied";
        };
    }

    record Tied(
            UUID tenant,
            UUID contract,
            UUID customer,
            UUID other,
            TieKind tie,
            Instant happenedAt,
            @Nullable UUID actor)
            implements TieEvent {}

    record Untied(
            UUID tenant,
            UUID contract,
            UUID customer,
            UUID other,
            TieKind tie,
            Instant happenedAt,
            @Nullable UUID actor)
            implements TieEvent {}
}
