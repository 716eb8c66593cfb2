package io.retainer.relationship;

import static io.retainer.identity.Capability.MANAGE_MESSAGES;

import io.retainer.identity.Access;
import io.retainer.identity.Posted;
import io.retainer.identity.SignedIn;
import io.retainer.kernel.Sentence;
import java.time.Clock;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.format.annotation.DateTimeFormat;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** One's own tasks over all contracts, and each of them. */
@Controller
class TaskController {

    private static final String TASK = "/contracts/{contract}/relationships/tasks/{task}";

    private final Tasks tasks;
    private final Agents agents;
    private final Clock clock;

    TaskController(Tasks tasks, Agents agents, Clock clock) {
        this.tasks = tasks;
        this.agents = agents;
        this.clock = clock;
    }

    @GetMapping("/tasks")
    String list(
            SignedIn signedIn,
            @RequestParam(defaultValue = "false") boolean team,
            @RequestParam(required = false) @Nullable TaskKind kind,
            @RequestParam(defaultValue = "ALL") TaskTime time,
            @RequestParam(required = false) @Nullable UUID person,
            @RequestParam(required = false) @Nullable UUID after,
            Model model) {
        var own = tasks.own(signedIn.person(), new Tasks.Sought(team, kind, time, person, after), Tasks.PAGE);
        model.addAttribute("own", own);
        model.addAttribute("team", team && own.leads());
        model.addAttribute("kind", kind);
        model.addAttribute("kinds", TaskKind.values());
        model.addAttribute("time", time);
        model.addAttribute("times", TaskTime.values());
        model.addAttribute("person", person);
        model.addAttribute("later", after != null);
        return "relationship/tasks";
    }

    @GetMapping(TASK)
    String show(Access access, @PathVariable UUID task, Model model) {
        var line = tasks.line(access, task);
        model.addAttribute("line", line);
        boolean leads = Tasks.works(access) && access.may(MANAGE_MESSAGES);
        model.addAttribute(
                "acts",
                line.task().open()
                        && Tasks.works(access)
                        && (leads || access.person().equals(line.task().person())));
        model.addAttribute("agents", agents.of(access));
        model.addAttribute("grounds", CallGround.values());
        model.addAttribute(
                "now",
                LocalDateTime.ofInstant(clock.instant(), Relations.ZONE)
                        .withSecond(0)
                        .withNano(0));
        return "relationship/task";
    }

    /**
     * Done, with what came of it when something was written.
     *
     * @param back {@code list} to return to the list
     */
    @PostMapping(TASK + "/done")
    String done(
            Access access,
            @PathVariable UUID task,
            @RequestParam(required = false) @Nullable CallGround ground,
            @RequestParam(defaultValue = "false") boolean reached,
            @RequestParam(defaultValue = "") String words,
            @RequestParam(required = false) @DateTimeFormat(iso = DateTimeFormat.ISO.DATE_TIME) @Nullable
                    LocalDateTime happenedAt,
            @RequestParam(defaultValue = "") String back,
            Posted posted) {
        posted.model().addAttribute("typed", words);
        var outcome = words.isBlank()
                ? null
                : new Tasks.Outcome(
                        ground,
                        reached,
                        words,
                        happenedAt == null
                                ? clock.instant()
                                : happenedAt.atZone(Relations.ZONE).toInstant());
        return act(() -> tasks.done(access, task, outcome), "relationship.done.taskDone", access, task, back, posted);
    }

    @PostMapping(TASK + "/postpone")
    String postpone(
            Access access, @PathVariable UUID task, @RequestParam(defaultValue = "") String back, Posted posted) {
        return act(() -> tasks.postpone(access, task), "relationship.done.taskMoved", access, task, back, posted);
    }

    @PostMapping(TASK + "/move")
    String move(
            Access access,
            @PathVariable UUID task,
            @RequestParam @DateTimeFormat(iso = DateTimeFormat.ISO.DATE) LocalDate day,
            @RequestParam(required = false) @DateTimeFormat(iso = DateTimeFormat.ISO.TIME) @Nullable LocalTime time,
            Posted posted) {
        return act(() -> tasks.move(access, task, day, time), "relationship.done.taskMoved", access, task, "", posted);
    }

    @PostMapping(TASK + "/assign")
    String assign(Access access, @PathVariable UUID task, @RequestParam UUID to, Posted posted) {
        return act(() -> tasks.assign(access, task, to), "relationship.done.handedOver", access, task, "", posted);
    }

    @PostMapping(TASK + "/drop")
    String drop(Access access, @PathVariable UUID task, Posted posted) {
        return act(() -> tasks.drop(access, task), "relationship.done.taskDropped", access, task, "", posted);
    }

    private String act(Runnable act, String done, Access access, UUID task, String back, Posted posted) {
        var next = switch (back) {
            case "list" -> "redirect:/tasks";
            case "team" -> "redirect:/tasks?team=true";
            default -> "redirect:" + TASK;
        };
        return posted.answer(act, Sentence.of(done), next, () -> show(access, task, posted.model()));
    }
}
