package io.retainer.relationship;

import static io.retainer.kernel.Refused.given;

import io.retainer.identity.Access;
import io.retainer.identity.Idempotency;
import io.retainer.identity.SignedIn;
import io.retainer.relationship.RelationApi.NewTouchBody;
import io.retainer.relationship.RelationApi.RelationMadeBody;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Tasks for programs. */
@RestController
@RequestMapping("/api/v1")
@Tag(name = "Relationships")
class TaskApi {

    private final Tasks tasks;
    private final Idempotency idempotency;
    private final Clock clock;

    TaskApi(Tasks tasks, Idempotency idempotency, Clock clock) {
        this.tasks = tasks;
        this.idempotency = idempotency;
        this.clock = clock;
    }

    /** @param words what is to be done */
    record TaskBody(
            UUID id,
            UUID contract,
            UUID customer,
            TaskKind kind,
            String words,
            @Nullable UUID person,
            Instant due,
            LocalDate lastDay,
            @Nullable Integer remind,
            TaskState state,
            boolean late) {

        static TaskBody of(Tasks.Line line) {
            var task = line.task();
            return new TaskBody(
                    task.id(),
                    task.contract(),
                    task.customer(),
                    task.kind(),
                    line.words(),
                    task.person(),
                    task.dueAt(),
                    line.day(),
                    task.remind(),
                    task.state(),
                    line.late());
        }
    }

    /** @param next to pass as {@code after}; null on the last page */
    record TaskListBody(List<TaskBody> items, @Nullable UUID next) {}

    @GetMapping("/tasks")
    @Operation(summary = "One's own open tasks over all contracts, overdue first; or those of everybody one leads.")
    TaskListBody tasks(
            SignedIn signedIn,
            @RequestParam(defaultValue = "false") boolean team,
            @RequestParam(required = false) @Nullable TaskKind kind,
            @RequestParam(defaultValue = "ALL") TaskTime time,
            @RequestParam(required = false) @Nullable UUID person,
            @RequestParam(required = false) @Nullable UUID after,
            @RequestParam(required = false) @Nullable Integer limit) {
        var own = tasks.own(
                signedIn.person(),
                new Tasks.Sought(team, kind, time, person, after),
                Math.clamp(limit == null ? RelationApi.PAGE : limit, 1, RelationApi.LARGEST_PAGE));
        return new TaskListBody(own.lines().stream().map(TaskBody::of).toList(), own.next());
    }

    @GetMapping(RelationApi.BASE + "/{customer}/tasks")
    @Operation(summary = "The tasks for one customer, the open ones first.")
    List<TaskBody> tasksOf(Access access, @PathVariable UUID customer) {
        return tasks.ofCustomer(access, customer).stream().map(TaskBody::of).toList();
    }

    /**
     * @param time null for the whole day
     * @param remind working days before; null for no reminder
     * @param person null for whoever holds the customer
     */
    record NewTaskBody(
            @Nullable TaskKind kind,
            @Nullable String words,
            @Nullable LocalDate day,
            @Nullable LocalTime time,
            @Nullable Integer remind,
            @Nullable UUID person,
            @Nullable UUID opportunity) {}

    @PostMapping(RelationApi.BASE + "/{customer}/tasks")
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(summary = "Plans a task for a customer.")
    RelationMadeBody plan(
            Access access,
            @PathVariable UUID customer,
            @RequestBody NewTaskBody body,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
        var wanted = new Tasks.Wanted(
                given("kind", body.kind()),
                given("words", body.words()),
                given("day", body.day()),
                body.time(),
                body.remind(),
                body.person(),
                body.opportunity());
        return idempotency.once(
                access,
                key,
                List.of(access.contract(), "relationships", customer, "tasks", body),
                RelationMadeBody.class,
                () -> new RelationMadeBody(tasks.plan(access, customer, wanted)));
    }

    /** What can be done with a task. */
    enum TaskAct {
        DONE,
        POSTPONE,
        MOVE,
        ASSIGN,
        DROP
    }

    /**
     * @param day for MOVE
     * @param to for ASSIGN
     * @param outcome for DONE: what came of it, or null
     */
    record TaskActBody(
            @Nullable TaskAct act,
            @Nullable LocalDate day,
            @Nullable LocalTime time,
            @Nullable UUID to,
            @Nullable NewTouchBody outcome) {}

    @PostMapping(RelationApi.BASE + "/tasks/{task}/acts")
    @Operation(summary = "Does one thing with a task; which fields it needs follows from the act.")
    TaskBody actOnTask(
            Access access,
            @PathVariable UUID task,
            @RequestBody TaskActBody body,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
        var done = RelationMadeBody.once(idempotency, access, key, List.of("tasks", task, body), task, () -> {
            switch (given("act", body.act())) {
                case DONE -> tasks.done(access, task, outcome(body.outcome()));
                case POSTPONE -> tasks.postpone(access, task);
                case MOVE -> tasks.move(access, task, given("day", body.day()), body.time());
                case ASSIGN -> tasks.assign(access, task, given("to", body.to()));
                case DROP -> tasks.drop(access, task);
            }
        });
        return TaskBody.of(tasks.line(access, done.id()));
    }

    private Tasks.@Nullable Outcome outcome(@Nullable NewTouchBody body) {
        return body == null
                ? null
                : new Tasks.Outcome(
                        body.ground(),
                        Boolean.TRUE.equals(body.reached()),
                        given("outcome.words", body.words()),
                        body.happenedAt() == null ? clock.instant() : body.happenedAt());
    }
}
