package io.retainer.relationship;

import io.retainer.contract.PersonalDates;
import io.retainer.identity.Access;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Tenancy;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/** Tells calendars and reminders of tasks and planned visits; says neither whom they are for nor what was written. */
@Component
class TaskDates implements PersonalDates {

    private final TaskRows rows;
    private final Tenancy tenancy;

    TaskDates(TaskRows rows, Tenancy tenancy) {
        this.rows = rows;
        this.tenancy = tenancy;
    }

    @Override
    public List<PersonalDate> of(Collection<Access> accesses, Instant since, Instant until) {
        var working = Tasks.working(accesses).toList();
        if (working.isEmpty()) {
            return List.of();
        }
        var tenants = working.stream().map(Access::tenant).distinct().toList();
        var contracts = working.stream().map(Access::contract).toList();
        var person = working.getFirst().person();
        return tenancy.read(tenants, () -> rows.between(tenants, contracts, person, since, until)).stream()
                .flatMap(TaskDates::date)
                .toList();
    }

    @Override
    public List<PersonalDate> upcoming(Instant since, Instant until) {
        return rows.due(since, until).entrySet().stream()
                .flatMap(due -> tenancy.read(due.getKey(), () -> rows.all(due.getKey(), due.getValue())).stream())
                .flatMap(TaskDates::date)
                .toList();
    }

    private static Stream<PersonalDate> date(Task task) {
        UUID person = task.person();
        return person == null
                ? Stream.empty()
                : Stream.of(new PersonalDate(
                        task.tenant(),
                        task.contract(),
                        person,
                        "task-" + task.id() + "@retainer",
                        Clause.I_1_1_3,
                        Sentence.of("relationship.task.says", task.kind()),
                        task.dueAt(),
                        task.version(),
                        task.changedAt(),
                        task.remind(),
                        "/contracts/" + task.contract() + "/relationships/tasks/" + task.id()));
    }
}
