package io.retainer.duty;

import io.retainer.duty.DutyDesk.Filter;
import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.identity.Posted;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.format.annotation.DateTimeFormat;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The pages of a contract's duties. */
@Controller
@RequestMapping("/contracts/{contract}/duties")
class DutyController {

    private static final String SHOW = "redirect:/contracts/{contract}/duties/{duty}";

    private final DutyDesk desk;

    DutyController(DutyDesk desk) {
        this.desk = desk;
    }

    /** A duty with its drawing. */
    record Line(AssessedDuty found, List<TimelineBar> bars) {

        static Line of(AssessedDuty found) {
            return new Line(found, TimelineBar.of(found.assessment().timeline()));
        }
    }

    /** What was typed, to be shown again when it is refused. */
    record Typed(
            @Nullable String form,
            @Nullable Cause cause,
            @Nullable String reason,
            @Nullable LocalDateTime happenedAt,
            @Nullable LocalDateTime since) {

        static final Typed NOTHING = new Typed(null, null, null, null, null);
    }

    @GetMapping
    String list(
            Access access,
            @RequestParam(required = false) @Nullable DutyState state,
            @RequestParam(required = false) @Nullable Party party,
            @RequestParam(required = false) @Nullable String clause,
            @RequestParam(required = false) @Nullable UUID after,
            Model model) {
        var now = desk.now();
        var filter = new Filter(state, party, clause(clause));
        var page = desk.page(access, filter, now, after);
        model.addAttribute("lines", page.duties().stream().map(Line::of).toList());
        model.addAttribute("next", page.next());
        model.addAttribute("filter", filter);
        model.addAttribute("filtered", !filter.equals(new Filter(null, null, null)));
        model.addAttribute("states", DutyState.values());
        model.addAttribute("parties", Party.values());
        model.addAttribute("clauses", desk.clauses(access, now));
        return "duty/list";
    }

    @GetMapping("/{duty}")
    String show(Access access, @PathVariable UUID duty, Model model) {
        return page(access, duty, model, Typed.NOTHING);
    }

    @PostMapping("/{duty}/pauses")
    String pause(
            Access access,
            @PathVariable UUID duty,
            @RequestParam Cause cause,
            @RequestParam(required = false) @Nullable String reason,
            @RequestParam(required = false) @DateTimeFormat(iso = DateTimeFormat.ISO.DATE_TIME) @Nullable
                    LocalDateTime happenedAt,
            Posted posted) {
        return act(
                () -> desk.pause(access, duty, cause, reason, instant(happenedAt)),
                Sentence.of("duty.done.paused"),
                new Typed("pause", cause, reason, happenedAt, null),
                access,
                duty,
                posted);
    }

    @PostMapping("/{duty}/resumptions")
    String resume(
            Access access,
            @PathVariable UUID duty,
            @RequestParam Cause cause,
            @RequestParam(required = false) @DateTimeFormat(iso = DateTimeFormat.ISO.DATE_TIME) @Nullable
                    LocalDateTime happenedAt,
            Posted posted) {
        return act(
                () -> desk.resume(access, duty, cause, instant(happenedAt)),
                Sentence.of("duty.done.resumed"),
                new Typed("resume", cause, null, happenedAt, null),
                access,
                duty,
                posted);
    }

    @PostMapping("/{duty}/excuses")
    String excuse(
            Access access,
            @PathVariable UUID duty,
            @RequestParam Cause cause,
            @RequestParam @DateTimeFormat(iso = DateTimeFormat.ISO.DATE_TIME) LocalDateTime since,
            @RequestParam(required = false) @Nullable String reason,
            Posted posted) {
        return act(
                () -> desk.excuse(
                        access, duty, cause, since.atZone(Clockwork.ZONE).toInstant(), reason, null),
                Sentence.of("duty.done.excused"),
                new Typed("excuse", cause, reason, null, since),
                access,
                duty,
                posted);
    }

    @PostMapping("/{duty}/waivers")
    String waive(
            Access access,
            @PathVariable UUID duty,
            @RequestParam(required = false) @Nullable String reason,
            Posted posted) {
        return act(
                () -> desk.waive(access, duty, reason, null),
                Sentence.of("duty.done.waived"),
                new Typed("waive", null, reason, null, null),
                access,
                duty,
                posted);
    }

    private String act(Runnable act, Sentence done, Typed typed, Access access, UUID duty, Posted posted) {
        return posted.answer(act, done, SHOW, () -> page(access, duty, posted.model(), typed));
    }

    private String page(Access access, UUID id, Model model, Typed typed) {
        var now = desk.now();
        var found = desk.get(access, id, now);
        var open = found.duty().openPauses(now);
        model.addAttribute("line", Line.of(found));
        model.addAttribute("consumed", Spans.inWords(found.assessment().consumed()));
        var causeOf = new HashMap<Duty.Entry, @Nullable Cause>();
        found.duty().history().forEach(entry -> causeOf.put(entry, DutyRows.causeOf(entry.event())));
        model.addAttribute("causeOf", causeOf);
        model.addAttribute("openPauses", open);
        model.addAttribute(
                "causes",
                List.of(Cause.values()).stream()
                        .filter(cause -> cause.party() != found.duty().debtor())
                        .toList());
        boolean owed = found.assessment().state().owed();
        model.addAttribute("mayOperate", owed && access.may(Capability.OPERATE_DUTY));
        boolean relieves = desk.mayRelieve(access, found.duty());
        model.addAttribute("mayWaive", owed && relieves);
        model.addAttribute("mayExcuse", relieves && (owed || found.assessment().state() == DutyState.KEPT_LATE));
        model.addAttribute("typed", typed);
        return "duty/show";
    }

    private static @Nullable Clause clause(@Nullable String id) {
        if (id == null || id.isBlank()) {
            return null;
        }
        try {
            return Clause.of(id);
        } catch (IllegalArgumentException unknown) {
            throw Refused.field("clause", "duty.refused.clause", id);
        }
    }

    private static @Nullable Instant instant(@Nullable LocalDateTime local) {
        return local == null ? null : local.atZone(Clockwork.ZONE).toInstant();
    }
}
