package io.retainer.relationship;

import io.retainer.kernel.Refused;
import io.retainer.relationship.TaskEvent.Assigned;
import io.retainer.relationship.TaskEvent.Done;
import io.retainer.relationship.TaskEvent.Dropped;
import io.retainer.relationship.TaskEvent.Moved;
import io.retainer.relationship.TaskEvent.Planned;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.UUID;
import org.jmolecules.ddd.annotation.AggregateRoot;
import org.jmolecules.ddd.annotation.Identity;
import org.jspecify.annotations.Nullable;

/**
 * Something one person is to do for a customer by a day (I-1.1*(3)). No duty: nobody owes it to the other party. Asks no clock
 * and no database.
 *
 * @param person who is to do it; null while its customer lies in the pool
 * @param dueAt the first instant that is late
 * @param remind how many working days before to remind, or null
 * @param version for optimistic locking
 */
@AggregateRoot
record Task(
        @Identity UUID id,
        UUID tenant,
        UUID contract,
        UUID customer,
        @Nullable UUID opportunity,
        TaskKind kind,
        @Nullable UUID person,
        Instant dueAt,
        @Nullable Integer remind,
        TaskState state,
        Instant createdAt,
        Instant changedAt,
        @Nullable Instant endedAt,
        int version) {

    static final int MOST_REMIND = 15;
    private static final Duration FARTHEST = Duration.ofDays(731);

    /** What is due on a day is late when that day is over; with a time, when the time is reached. */
    static Instant due(LocalDate day, @Nullable LocalTime time) {
        return (time == null ? day.plusDays(1).atStartOfDay() : day.atTime(time))
                .atZone(Relations.ZONE)
                .toInstant();
    }

    static Planned plan(
            UUID tenant,
            UUID contract,
            UUID id,
            UUID customer,
            TaskKind kind,
            UUID person,
            Instant dueAt,
            UUID by,
            Instant now) {
        return new Planned(tenant, contract, id, customer, kind, person, ahead(dueAt, now), now, by);
    }

    static Task first(Planned e, @Nullable UUID opportunity, @Nullable Integer remind) {
        if (remind != null && (remind < 0 || remind > MOST_REMIND)) {
            throw Refused.field("remind", "relationship.refused.rule", remind, 0, MOST_REMIND);
        }
        return new Task(
                e.task(),
                e.tenant(),
                e.contract(),
                e.customer(),
                opportunity,
                e.taskKind(),
                e.person(),
                e.dueAt(),
                remind,
                TaskState.OPEN,
                e.happenedAt(),
                e.happenedAt(),
                null,
                0);
    }

    private static Instant ahead(Instant dueAt, Instant now) {
        if (!dueAt.isAfter(now)) {
            throw Refused.field("day", "relationship.refused.past", dueAt);
        }
        if (dueAt.isAfter(now.plus(FARTHEST))) {
            throw Refused.field("day", "relationship.refused.far", dueAt);
        }
        return dueAt;
    }

    public boolean open() {
        return state == TaskState.OPEN;
    }

    public boolean late(Instant now) {
        return open() && !now.isBefore(dueAt);
    }

    /** @param leads whether the person leads the agents, and so may act for each of them */
    Moved move(Instant to, UUID by, boolean leads, Instant now) {
        requireTheirs(by, leads);
        return new Moved(tenant, contract, id, ahead(to, now), now, by);
    }

    Assigned assign(UUID to, UUID by, boolean leads, Instant now) {
        requireTheirs(by, leads);
        if (to.equals(person)) {
            throw Refused.field("to", "relationship.refused.same");
        }
        return new Assigned(tenant, contract, id, to, now, by);
    }

    /** Goes along with its customer, to another agent or to the pool. */
    Assigned follow(@Nullable UUID to, @Nullable UUID by, Instant now) {
        return new Assigned(tenant, contract, id, to, now, by);
    }

    Done done(@Nullable UUID touch, UUID by, boolean leads, Instant now) {
        requireTheirs(by, leads);
        return new Done(tenant, contract, id, touch, now, by);
    }

    Dropped drop(UUID by, boolean leads, Instant now) {
        requireTheirs(by, leads);
        return new Dropped(tenant, contract, id, now, by);
    }

    private void requireTheirs(UUID by, boolean leads) {
        if (!open()) {
            throw Refused.because("relationship.refused.taskEnded");
        }
        if (!leads && !by.equals(person)) {
            throw Refused.because("relationship.refused.taskNotYours");
        }
    }

    Task after(TaskEvent event) {
        return switch (event) {
            case Planned _ -> throw new IllegalStateException("Planned twice: " + id);
            case Moved e -> changed(person, e.dueAt(), TaskState.OPEN, null, e.happenedAt());
            case Assigned e -> changed(e.to(), dueAt, TaskState.OPEN, null, e.happenedAt());
            case Done e -> changed(person, dueAt, TaskState.DONE, e.happenedAt(), e.happenedAt());
            case Dropped e -> changed(person, dueAt, TaskState.DROPPED, e.happenedAt(), e.happenedAt());
        };
    }

    private Task changed(@Nullable UUID by, Instant due, TaskState next, @Nullable Instant ended, Instant changed) {
        return new Task(
                id,
                tenant,
                contract,
                customer,
                opportunity,
                kind,
                by,
                due,
                remind,
                next,
                createdAt,
                changed,
                ended,
                version);
    }
}
