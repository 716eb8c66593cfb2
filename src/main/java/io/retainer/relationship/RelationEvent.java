package io.retainer.relationship;

import io.retainer.kernel.Clause;
import io.retainer.kernel.Fact;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What happens to the relation with a customer. What was said stays sealed in its row. */
public sealed interface RelationEvent extends Fact {

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
            case Begun _ -> "relationship.Begun";
            case Picked _ -> "relationship.Picked";
            case Released _ -> "relationship.Released";
            case Recycled _ -> "relationship.Recycled";
            case HandedOver _ -> "relationship.HandedOver";
            case TierSet _ -> "relationship.TierSet";
            case Touched _ -> "relationship.Touched";
            case CalledAgainstBudget _ -> "relationship.CalledAgainstBudget";
            case Merged _ -> "relationship.Merged";
            case Parted _ -> "relationship.Parted";
        };
    }

    /** The customer is looked after from now on; nobody in particular does yet. */
    record Begun(
            UUID tenant,
            UUID contract,
            UUID customer,
            Tier tier,
            Instant happenedAt,
            @Nullable UUID actor) implements RelationEvent {}

    record Picked(
            UUID tenant,
            UUID contract,
            UUID customer,
            Instant happenedAt,
            @Nullable UUID actor) implements RelationEvent {}

    record Released(
            UUID tenant,
            UUID contract,
            UUID customer,
            UUID from,
            Instant happenedAt,
            @Nullable UUID actor) implements RelationEvent {}

    /** Time alone made it so: nobody had been in contact for too long. */
    record Recycled(
            UUID tenant,
            UUID contract,
            UUID customer,
            UUID from,
            Instant happenedAt,
            @Nullable UUID actor) implements RelationEvent {}

    /** @param from null when it came from the pool */
    record HandedOver(
            UUID tenant,
            UUID contract,
            UUID customer,
            @Nullable UUID from,
            UUID to,
            Instant happenedAt,
            @Nullable UUID actor)
            implements RelationEvent {}

    record TierSet(
            UUID tenant,
            UUID contract,
            UUID customer,
            Tier tier,
            Instant happenedAt,
            @Nullable UUID actor) implements RelationEvent {}

    /**
     * The relation of another customer, which was found to be the same, goes on in this one.
     *
     * @param agent who holds the customer from now on
     */
    record Merged(
            UUID tenant,
            UUID contract,
            UUID customer,
            UUID merged,
            @Nullable UUID agent,
            @Nullable Instant lastContactAt,
            Instant happenedAt,
            @Nullable UUID actor)
            implements RelationEvent {}

    /**
     * The two were found to be two after all; said of each.
     *
     * @param agent who holds this customer from now on
     */
    record Parted(
            UUID tenant,
            UUID contract,
            UUID customer,
            UUID other,
            @Nullable UUID agent,
            @Nullable Instant lastContactAt,
            Instant happenedAt,
            @Nullable UUID actor)
            implements RelationEvent {}

    /** @param touch the row that holds the words */
    record Touched(
            UUID tenant,
            UUID contract,
            UUID customer,
            UUID touch,
            TouchKind touchKind,
            boolean reached,
            Instant happenedAt,
            @Nullable UUID actor)
            implements RelationEvent {}

    /**
     * The customer was called although the contact budget, or the want of consent, stood against it.
     *
     * @param reason message key of what stood against it
     */
    record CalledAgainstBudget(
            UUID tenant,
            UUID contract,
            UUID customer,
            UUID touch,
            String reason,
            Instant happenedAt,
            @Nullable UUID actor)
            implements RelationEvent {}
}
