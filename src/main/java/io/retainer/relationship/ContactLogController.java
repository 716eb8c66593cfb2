package io.retainer.relationship;

import io.retainer.identity.Access;
import io.retainer.relationship.ContactLog.Filter;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.YearMonth;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.format.annotation.DateTimeFormat;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The log of calls and visits. */
@Controller
@RequestMapping("/contracts/{contract}/relationships")
class ContactLogController {

    private static final int PAGE = 50;

    private final ContactLog log;
    private final Agents agents;

    ContactLogController(ContactLog log, Agents agents) {
        this.log = log;
        this.agents = agents;
    }

    @GetMapping("/log")
    String list(
            Access access,
            @RequestParam(required = false) @Nullable TouchKind kind,
            @RequestParam(required = false) @Nullable UUID agent,
            @RequestParam(required = false) @Nullable Boolean reached,
            @RequestParam(required = false) @DateTimeFormat(pattern = "yyyy-MM") @Nullable YearMonth month,
            @RequestParam(required = false) @Nullable UUID before,
            Model model) {
        var filter = new Filter(kind, agent, reached, month);
        model.addAttribute("page", log.page(access, filter, before, PAGE));
        model.addAttribute("filter", filter);
        model.addAttribute("filtered", !filter.equals(Filter.ALL));
        model.addAttribute("later", before != null);
        model.addAttribute("kinds", List.of(TouchKind.CALL, TouchKind.VISIT));
        model.addAttribute("agents", agents.of(access));
        return "relationship/log";
    }

    /** What fits; customers are told by id and what was said stays sealed, so that nothing personal is in it. */
    @GetMapping("/log.csv")
    void csv(
            Access access,
            @RequestParam(required = false) @Nullable TouchKind kind,
            @RequestParam(required = false) @Nullable UUID agent,
            @RequestParam(required = false) @Nullable Boolean reached,
            @RequestParam(required = false) @DateTimeFormat(pattern = "yyyy-MM") @Nullable YearMonth month,
            HttpServletResponse response)
            throws IOException {
        var lines = log.all(access, new Filter(kind, agent, reached, month));
        response.setContentType("text/csv;charset=UTF-8");
        response.setHeader("Content-Disposition", "attachment; filename=\"contacts.csv\"");
        var out = response.getWriter();
        out.write("happened_at,kind,ground,reached,customer,with,agent,against\r\n");
        for (var line : lines) {
            var it = line.touch();
            out.write(String.join(
                            ",",
                            it.happenedAt().toString(),
                            it.kind(),
                            line.ground() == null ? "" : line.ground().name(),
                            String.valueOf(it.reached()),
                            it.customer().toString(),
                            it.with() == null ? "" : it.with().toString(),
                            OpportunityController.cell(line.who()),
                            it.against() == null ? "" : it.against())
                    + "\r\n");
        }
    }
}
