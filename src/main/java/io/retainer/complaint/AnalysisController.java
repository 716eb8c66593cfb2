package io.retainer.complaint;

import io.retainer.identity.Access;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Texts;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
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
import org.springframework.web.servlet.mvc.support.RedirectAttributes;
import tools.jackson.databind.json.JsonMapper;

/** The analysis page: what comes in, how it is kept, why it happens, and what is done about it. */
@Controller
@RequestMapping("/contracts/{contract}/complaints/analysis")
class AnalysisController {

    private static final String PAGE = "redirect:/contracts/{contract}/complaints/analysis";
    private static final int REFUSED = 422;

    private final Analysis analysis;
    private final JsonMapper json;

    AnalysisController(Analysis analysis, JsonMapper json) {
        this.analysis = analysis;
        this.json = json;
    }

    @GetMapping
    String show(Access access, @RequestParam(defaultValue = "90") int days, Locale locale, Model model) {
        var texts = Texts.in(locale);
        var report = analysis.report(access, days, texts);
        model.addAttribute("report", report);
        model.addAttribute("f", report.figures());
        model.addAttribute("causes", RootCause.values());
        model.addAttribute("ages", Age.values());
        if (report.figures().received() > 0) {
            model.addAttribute("volumes", json.writeValueAsString(volumes(report.figures(), texts)));
        }
        if (!report.figures().causes().isEmpty()) {
            model.addAttribute("pareto", json.writeValueAsString(pareto(report.figures(), texts)));
        }
        return "complaint/analysis";
    }

    private static Map<String, Object> volumes(Figures figures, Texts texts) {
        var months = new ArrayList<String>();
        var received = new ArrayList<Integer>();
        var ended = new ArrayList<Integer>();
        figures.months().forEach((month, each) -> {
            months.add(month.toString());
            received.add(each.received());
            ended.add(each.ended());
        });
        return chart(
                months,
                List.of(
                        Map.of("type", "bar", "name", texts.say("complaint.analysis.received"), "data", received),
                        Map.of("type", "bar", "name", texts.say("complaint.analysis.ended"), "data", ended)),
                List.of(Map.of("type", "value", "minInterval", 1)));
    }

    private static Map<String, Object> pareto(Figures figures, Texts texts) {
        var names = new ArrayList<String>();
        var counts = new ArrayList<Integer>();
        var sums = new ArrayList<Double>();
        for (var each : figures.causes()) {
            names.add(texts.name(each.cause()));
            counts.add(each.count());
            sums.add(each.cumulative() / 10.0);
        }
        return chart(
                names,
                List.of(
                        Map.of("type", "bar", "name", texts.say("complaint.analysis.count"), "data", counts),
                        Map.of(
                                "type",
                                "line",
                                "name",
                                texts.say("complaint.analysis.cumulative"),
                                "yAxisIndex",
                                1,
                                "data",
                                sums)),
                List.of(
                        Map.of("type", "value", "minInterval", 1),
                        Map.of("type", "value", "min", 0, "max", 100, "axisLabel", Map.of("formatter", "{value} %"))));
    }

    private static Map<String, Object> chart(List<String> names, List<Map<String, Object>> series, List<?> axes) {
        return Map.of(
                "aria", Map.of("enabled", true),
                "tooltip", Map.of("trigger", "axis"),
                "legend", Map.of("top", 0),
                "grid", Map.of("left", 44, "right", 52, "top", 36, "bottom", 56),
                "xAxis", Map.of("type", "category", "data", names, "axisLabel", Map.of("interval", 0, "rotate", 25)),
                "yAxis", axes,
                "series", series);
    }

    /** Every complaint of the time, by number; nothing personal is in it. */
    @GetMapping("/complaints.csv")
    void csv(Access access, @RequestParam(defaultValue = "90") int days, Locale locale, HttpServletResponse response)
            throws IOException {
        var report = analysis.report(access, days, Texts.in(locale));
        response.setContentType("text/csv;charset=UTF-8");
        response.setHeader("Content-Disposition", "attachment; filename=\"complaints.csv\"");
        var out = response.getWriter();
        out.write(
                "number,received,ended,stage,channel,category,priority,cause,service,product,region,reopened,level\r\n");
        for (var c : report.counted()) {
            out.write(String.join(
                            ",",
                            Long.toString(c.number()),
                            c.receivedAt().toString(),
                            cell(c.endedAt()),
                            c.stage().name(),
                            c.intake().name(),
                            cell(c.category()),
                            cell(c.priority()),
                            cell(c.cause()),
                            cell(c.service()),
                            cell(c.product()),
                            cell(c.region()),
                            Integer.toString(c.reopened()),
                            Integer.toString(c.level()))
                    + "\r\n");
        }
    }

    /** Quoted, and never a formula. */
    private static String cell(@Nullable Object value) {
        if (value == null) {
            return "";
        }
        var text = value.toString();
        var safe = text.isEmpty() || "=+-@\t".indexOf(text.charAt(0)) < 0 ? text : "'" + text;
        return "\"" + safe.replace("\"", "\"\"") + "\"";
    }

    @PostMapping("/corrective")
    String correct(
            Access access,
            @RequestParam(required = false) @Nullable RootCause cause,
            @RequestParam(required = false) @Nullable String text,
            @RequestParam(required = false) @Nullable UUID owner,
            @RequestParam(required = false) @DateTimeFormat(iso = DateTimeFormat.ISO.DATE) @Nullable LocalDate dueOn,
            Locale locale,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        try {
            analysis.correct(access, cause, text, owner, dueOn);
        } catch (Refused refusal) {
            model.addAttribute("refusal", refusal);
            model.addAttribute("typed", text);
            model.addAttribute("typedCause", cause);
            model.addAttribute("typedOwner", owner);
            model.addAttribute("typedDue", dueOn);
            response.setStatus(REFUSED);
            return show(access, 90, locale, model);
        }
        redirect.addFlashAttribute("done", Sentence.of("complaint.corrective.opened"));
        return PAGE;
    }

    @PostMapping("/corrective/{action}/done")
    String corrected(
            Access access,
            @PathVariable UUID action,
            Locale locale,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        try {
            analysis.corrected(access, action);
        } catch (Refused refusal) {
            model.addAttribute("refusal", refusal);
            response.setStatus(REFUSED);
            return show(access, 90, locale, model);
        }
        redirect.addFlashAttribute("done", Sentence.of("complaint.corrective.kept"));
        return PAGE;
    }
}
