package io.retainer.relationship;

import io.retainer.kernel.Clause;
import io.retainer.kernel.Fact;
import io.retainer.kernel.Money;
import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What happens to an opportunity. */
public sealed interface OpportunityEvent extends Fact {

    UUID opportunity();

    @Override
    default Clause clause() {
        return Clause.I_1_1_3;
    }

    @Override
    default String subject() {
        return "opportunity/" + opportunity();
    }

    /** The names stand in the ledger for ever, whatever becomes of the types. */
    @Override
    default String kind() {
        return switch (this) {
            case Seen _ -> "relationship.OpportunitySeen";
            case Advanced _ -> "relationship.OpportunityAdvanced";
            case Won _ -> "relationship.OpportunityWon";
            case Lost _ -> "relationship.OpportunityLost";
            case Estimated _ -> "relationship.OpportunityEstimated";
            case Followed _ -> "relationship.OpportunityHandedOver";
        };
    }

    record Seen(
            UUID tenant,
            UUID contract,
            UUID opportunity,
            UUID customer,
            Stage stage,
            Money amount,
            LocalDate expectedOn,
            UUID agent,
            Instant happenedAt,
            @Nullable UUID actor)
            implements OpportunityEvent {}

    /** To another open stage, forward or back, or taken up again after it was lost. */
    record Advanced(
            UUID tenant,
            UUID contract,
            UUID opportunity,
            Stage from,
            Stage to,
            Instant happenedAt,
            @Nullable UUID actor)
            implements OpportunityEvent {}

    /** @param amount for which it was sold */
    record Won(
            UUID tenant,
            UUID contract,
            UUID opportunity,
            Money amount,
            Instant happenedAt,
            @Nullable UUID actor) implements OpportunityEvent {}

    record Lost(
            UUID tenant,
            UUID contract,
            UUID opportunity,
            LostReason reason,
            Instant happenedAt,
            @Nullable UUID actor) implements OpportunityEvent {}

    record Estimated(
            UUID tenant,
            UUID contract,
            UUID opportunity,
            Money amount,
            LocalDate expectedOn,
            Instant happenedAt,
            @Nullable UUID actor)
            implements OpportunityEvent {}

    /** Along with its customer. */
    record Followed(
            UUID tenant,
            UUID contract,
            UUID opportunity,
            @Nullable UUID to,
            Instant happenedAt,
            @Nullable UUID actor) implements OpportunityEvent {}
}
