package io.retainer.relationship;

import static io.retainer.identity.Capability.MANAGE_MESSAGES;

import io.retainer.identity.Access;
import io.retainer.identity.Posted;
import io.retainer.kernel.Money;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Texts;
import io.retainer.relationship.OpportunityRows.Filter;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
import tools.jackson.databind.json.JsonMapper;

/** Opportunities as a board, as a table, as a file and one by one, with the forecast they make. */
@Controller
@RequestMapping("/contracts/{contract}/relationships/opportunities")
class OpportunityController {

    private static final String LIST = "redirect:/contracts/{contract}/relationships/opportunities";
    private static final int MOST_DIGITS = 12;

    private final Opportunities opportunities;
    private final Agents agents;
    private final JsonMapper json;
    private final Clock clock;

    OpportunityController(Opportunities opportunities, Agents agents, JsonMapper json, Clock clock) {
        this.opportunities = opportunities;
        this.agents = agents;
        this.json = json;
        this.clock = clock;
    }

    @GetMapping
    String list(
            Access access,
            @RequestParam(defaultValue = "board") String view,
            @RequestParam(required = false) @Nullable Stage stage,
            @RequestParam(required = false) @Nullable YearMonth month,
            @RequestParam(required = false) @Nullable UUID agent,
            @RequestParam(required = false) @Nullable LostReason reason,
            @RequestParam(defaultValue = "false") boolean all,
            Locale locale,
            Model model) {
        var filter = filter(stage, month, agent, reason, all);
        var pipeline = opportunities.pipeline(access, filter);
        var texts = Texts.in(locale);
        model.addAttribute("pipeline", pipeline);
        model.addAttribute("filter", filter);
        model.addAttribute("board", !view.equals("table"));
        model.addAttribute("stages", Stage.values());
        model.addAttribute("reasons", LostReason.values());
        model.addAttribute("agents", agents.of(access));
        model.addAttribute("leads", Tasks.works(access) && access.may(MANAGE_MESSAGES));
        model.addAttribute("thisMonth", YearMonth.from(today()));
        model.addAttribute(
                "chart", pipeline.months().isEmpty() ? null : json.writeValueAsString(chart(pipeline.months(), texts)));
        return "relationship/opportunities";
    }

    private static Filter filter(
            @Nullable Stage stage,
            @Nullable YearMonth month,
            @Nullable UUID agent,
            @Nullable LostReason reason,
            boolean all) {
        // Who asks for what has ended is shown what has ended.
        boolean ended = reason != null || (stage != null && !stage.open());
        return new Filter(stage, month, agent, reason, !all && !ended);
    }

    private static Map<String, Object> chart(List<OpportunityRows.Month> months, Texts texts) {
        return Map.of(
                "aria", Map.of("enabled", true),
                "tooltip", Map.of("trigger", "axis"),
                "legend", Map.of("top", 0),
                "grid", Map.of("left", 72, "right", 16, "top", 36, "bottom", 28),
                "xAxis",
                        Map.of(
                                "type",
                                "category",
                                "data",
                                months.stream()
                                        .map(month -> month.month().toString())
                                        .toList()),
                "yAxis", Map.of("type", "value"),
                "series",
                        List.of(
                                bars(
                                        texts.say("relationship.opportunity.amount"),
                                        months.stream()
                                                .map(OpportunityRows.Month::amount)
                                                .toList()),
                                bars(
                                        texts.say("relationship.opportunity.weighted"),
                                        months.stream()
                                                .map(OpportunityRows.Month::weighted)
                                                .toList())));
    }

    private static Map<String, Object> bars(String name, List<Money> amounts) {
        return Map.of(
                "type",
                "bar",
                "name",
                name,
                "data",
                amounts.stream().map(Money::yuan).toList());
    }

    /** What fits, by the day it is expected; the customer is told by id, so that nothing personal is in it. */
    @GetMapping("/opportunities.csv")
    void csv(
            Access access,
            @RequestParam(required = false) @Nullable Stage stage,
            @RequestParam(required = false) @Nullable YearMonth month,
            @RequestParam(required = false) @Nullable UUID agent,
            @RequestParam(required = false) @Nullable LostReason reason,
            @RequestParam(defaultValue = "false") boolean all,
            HttpServletResponse response)
            throws IOException {
        var lines = opportunities.all(access, filter(stage, month, agent, reason, all));
        response.setContentType("text/csv;charset=UTF-8");
        response.setHeader("Content-Disposition", "attachment; filename=\"opportunities.csv\"");
        var out = response.getWriter();
        out.write("number,title,customer,stage,days_in_stage,amount,percent,weighted,expected_on,agent,lost_reason,"
                + "created_at,ended_at\r\n");
        for (var line : lines) {
            var it = line.opportunity();
            out.write(String.join(
                            ",",
                            Integer.toString(it.number()),
                            cell(it.title()),
                            it.customer().toString(),
                            it.stage().name(),
                            Long.toString(line.days()),
                            it.amount().yuan().toPlainString(),
                            Integer.toString(line.percent()),
                            line.weighted().yuan().toPlainString(),
                            it.expectedOn().toString(),
                            cell(line.agent()),
                            it.reason() == null ? "" : it.reason().name(),
                            it.createdAt().toString(),
                            it.endedAt() == null ? "" : it.endedAt().toString())
                    + "\r\n");
        }
    }

    /** Quoted, and never a formula. */
    static String cell(@Nullable String text) {
        if (text == null) {
            return "";
        }
        var safe = text.isEmpty() || "=+-@\t\r".indexOf(text.charAt(0)) < 0 ? text : "'" + text;
        return "\"" + safe.replace("\"", "\"\"") + "\"";
    }

    @PostMapping("/odds")
    String odds(
            Access access,
            @RequestParam int contact,
            @RequestParam int need,
            @RequestParam int offer,
            @RequestParam int negotiation,
            Locale locale,
            Posted posted) {
        return posted.answer(
                () -> opportunities.set(access, new Odds(contact, need, offer, negotiation, true)),
                Sentence.of("relationship.done.odds"),
                LIST,
                () -> list(access, "board", null, null, null, null, false, locale, posted.model()));
    }

    @GetMapping("/{opportunity}")
    String show(Access access, @PathVariable UUID opportunity, Model model) {
        var whole = opportunities.whole(access, opportunity);
        var it = whole.line().opportunity();
        model.addAttribute("whole", whole);
        boolean leads = Tasks.works(access) && access.may(MANAGE_MESSAGES);
        model.addAttribute(
                "acts",
                it.stage() != Stage.WON
                        && Tasks.works(access)
                        && (leads || access.person().equals(it.agent())));
        model.addAttribute(
                "stages",
                Stage.opens().stream().filter(stage -> stage != it.stage()).toList());
        model.addAttribute("reasons", LostReason.values());
        model.addAttribute("now", clock.instant());
        model.addAttribute("today", today());
        return "relationship/opportunity";
    }

    @PostMapping("/{opportunity}/stage")
    String advance(Access access, @PathVariable UUID opportunity, @RequestParam Stage stage, Posted posted) {
        return act(() -> opportunities.advance(access, opportunity, stage), access, opportunity, posted);
    }

    @PostMapping("/{opportunity}/won")
    String win(Access access, @PathVariable UUID opportunity, @RequestParam BigDecimal amount, Posted posted) {
        return act(() -> opportunities.win(access, opportunity, money(amount)), access, opportunity, posted);
    }

    @PostMapping("/{opportunity}/lost")
    String lose(Access access, @PathVariable UUID opportunity, @RequestParam LostReason reason, Posted posted) {
        return act(() -> opportunities.lose(access, opportunity, reason), access, opportunity, posted);
    }

    @PostMapping("/{opportunity}/estimate")
    String estimate(
            Access access,
            @PathVariable UUID opportunity,
            @RequestParam BigDecimal amount,
            @RequestParam @DateTimeFormat(iso = DateTimeFormat.ISO.DATE) LocalDate expectedOn,
            Posted posted) {
        return act(
                () -> opportunities.estimate(access, opportunity, money(amount), expectedOn),
                access,
                opportunity,
                posted);
    }

    /** @throws Refused when it is no amount in yuan with at most two decimals */
    static Money money(BigDecimal yuan) {
        if (yuan.stripTrailingZeros().scale() > 2 || yuan.precision() - yuan.scale() > MOST_DIGITS) {
            throw Refused.field("amount", "relationship.refused.amountForm");
        }
        return Money.of(yuan);
    }

    private LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), Relations.ZONE);
    }

    private String act(Runnable act, Access access, UUID opportunity, Posted posted) {
        return posted.answer(
                act,
                Sentence.of("relationship.done.opportunity"),
                LIST + "/{opportunity}",
                () -> show(access, opportunity, posted.model()));
    }
}
