package io.retainer.relationship;

import io.retainer.kernel.Clause;
import io.retainer.kernel.Fact;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What happens to a task. What is to be done stays sealed in its row. */
public sealed interface TaskEvent extends Fact {

    UUID task();

    @Override
    default Clause clause() {
        return Clause.I_1_1_3;
    }

    @Override
    default String subject() {
        return "task/" + task();
    }

    /** The names stand in the ledger for ever, whatever becomes of the types. */
    @Override
    default String kind() {
        return switch (this) {
            case Planned _ -> "relationship.TaskPlanned";
            case Moved _ -> "relationship.TaskMoved";
            case Assigned _ -> "relationship.TaskAssigned";
            case Done _ -> "relationship.TaskDone";
            case Dropped _ -> "relationship.TaskDropped";
        };
    }

    /** @param person who is to do it */
    record Planned(
            UUID tenant,
            UUID contract,
            UUID task,
            UUID customer,
            TaskKind taskKind,
            UUID person,
            Instant dueAt,
            Instant happenedAt,
            @Nullable UUID actor)
            implements TaskEvent {}

    record Moved(
            UUID tenant,
            UUID contract,
            UUID task,
            Instant dueAt,
            Instant happenedAt,
            @Nullable UUID actor) implements TaskEvent {}

    /** @param to null when it went to the pool with its customer */
    record Assigned(
            UUID tenant,
            UUID contract,
            UUID task,
            @Nullable UUID to,
            Instant happenedAt,
            @Nullable UUID actor) implements TaskEvent {}

    /** @param touch what was written down of it, or null */
    record Done(
            UUID tenant,
            UUID contract,
            UUID task,
            @Nullable UUID touch,
            Instant happenedAt,
            @Nullable UUID actor) implements TaskEvent {}

    record Dropped(
            UUID tenant,
            UUID contract,
            UUID task,
            Instant happenedAt,
            @Nullable UUID actor) implements TaskEvent {}
}
