package io.retainer.customer;

import io.retainer.identity.Access;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Texts;
import io.retainer.statistics.value.Cohorts;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.math.BigDecimal;
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
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import tools.jackson.databind.json.JsonMapper;

/** What the customers of a client are worth, with charts and tables. */
@Controller
@RequestMapping("/contracts/{contract}/value")
class ValueController {

    private static final int TOGETHER = 5_000;
    private static final int QUARTER = 90;
    private static final int REFUSED = 422;

    private final ValueAnalysis analysis;
    private final JsonMapper json;

    ValueController(ValueAnalysis analysis, JsonMapper json) {
        this.analysis = analysis;
        this.json = json;
    }

    @GetMapping
    String show(Access access, Locale locale, Model model) {
        var texts = Texts.in(locale);
        var overview = analysis.overview(access);
        model.addAttribute("overview", overview);
        var report = overview.report();
        model.addAttribute("report", report);
        var cohorts = report == null ? null : report.cohorts().value();
        if (cohorts != null) {
            model.addAttribute("curve", json.writeValueAsString(curve(cohorts, texts)));
        }
        return "customer/value";
    }

    @GetMapping("/progress")
    String progress(Access access, Model model) {
        model.addAttribute("overview", analysis.overview(access));
        return "customer/value :: progress";
    }

    @PostMapping
    String start(Access access) {
        analysis.start(access);
        return "redirect:/contracts/{contract}/value";
    }

    /** The part of customers who bought again, by months after the first purchase. */
    private static Map<String, Object> curve(Cohorts cohorts, Texts texts) {
        var months = new ArrayList<String>();
        var shares = new ArrayList<Double>();
        int month = 1;
        for (var each : cohorts.curve()) {
            if (each != null) {
                months.add(String.valueOf(month));
                shares.add(Math.round(each.share() * 1000) / 10.0);
            }
            month++;
        }
        return Map.of(
                "aria", Map.of("enabled", true),
                "tooltip", Map.of("trigger", "axis"),
                "grid", Map.of("left", 48, "right", 16, "top", 24, "bottom", 48),
                "xAxis", axis(texts.say("customer.value.months"), months),
                "yAxis", Map.of("type", "value", "min", 0, "axisLabel", Map.of("formatter", "{value} %")),
                "series", List.of(Map.of("type", "line", "data", shares)));
    }

    private static Map<String, Object> axis(String name, List<String> values) {
        return Map.of("type", "category", "name", name, "nameLocation", "middle", "nameGap", 28, "data", values);
    }

    /** @param earlier and later: null for a quarter before the last day of the data, and that day */
    @GetMapping("/change")
    String change(
            Access access,
            @RequestParam(required = false) @DateTimeFormat(iso = DateTimeFormat.ISO.DATE) @Nullable LocalDate earlier,
            @RequestParam(required = false) @DateTimeFormat(iso = DateTimeFormat.ISO.DATE) @Nullable LocalDate later,
            @RequestParam(defaultValue = "90") int days,
            Model model,
            HttpServletResponse response) {
        var report = analysis.overview(access).report();
        var last = report == null ? null : report.to();
        var to = later == null ? last : later;
        var from = earlier == null && to != null ? to.minusDays(QUARTER) : earlier;
        model.addAttribute("earlier", from);
        model.addAttribute("later", to);
        model.addAttribute("days", days);
        if (from != null && to != null) {
            try {
                model.addAttribute("between", analysis.between(access, from, to, days));
            } catch (Refused refusal) {
                model.addAttribute("refusal", refusal);
                response.setStatus(REFUSED);
            }
        }
        return "customer/change";
    }

    /** What was found of every customer, by id; nothing personal is in it. */
    @GetMapping("/rfm.csv")
    void rfm(Access access, HttpServletResponse response) throws IOException {
        var page = analysis.scores(access, null, TOGETHER);
        var out = csv(response, "rfm.csv");
        out.write("customer,days,purchases,spent,recency,frequency,monetary,alive,expected,worth\r\n");
        while (!page.isEmpty()) {
            UUID last = null;
            for (var each : page) {
                out.write("%s,%d,%d,%s,%s,%s,%s,%s,%s,%s\r\n"
                        .formatted(
                                each.customer(),
                                each.days(),
                                each.purchases(),
                                BigDecimal.valueOf(each.spent(), 2),
                                text(each.recency()),
                                text(each.frequency()),
                                text(each.monetary()),
                                rounded(each.alive()),
                                rounded(each.expected()),
                                each.worth() == null ? "" : BigDecimal.valueOf(each.worth(), 2)));
                last = each.customer();
            }
            page = page.size() < TOGETHER ? List.of() : analysis.scores(access, last, TOGETHER);
        }
    }

    @GetMapping("/cohorts.csv")
    void cohorts(Access access, HttpServletResponse response) throws IOException {
        var report = analysis.overview(access).report();
        var out = csv(response, "cohorts.csv");
        out.write("cohort,months_after,size,active,share,low,high\r\n");
        var cohorts = report == null ? null : report.cohorts().value();
        if (cohorts == null) {
            return;
        }
        for (var cohort : cohorts.cohorts()) {
            int after = 1;
            for (var each : cohort.retention()) {
                if (each != null) {
                    out.write("%s,%d,%d,%d,%.4f,%.4f,%.4f\r\n"
                            .formatted(
                                    cohort.month(),
                                    after,
                                    each.size(),
                                    each.active(),
                                    each.share(),
                                    each.interval().low(),
                                    each.interval().high()));
                }
                after++;
            }
        }
    }

    private static java.io.PrintWriter csv(HttpServletResponse response, String name) throws IOException {
        response.setContentType("text/csv;charset=UTF-8");
        response.setHeader("Content-Disposition", "attachment; filename=\"" + name + "\"");
        return response.getWriter();
    }

    private static String text(@Nullable Integer score) {
        return score == null ? "" : score.toString();
    }

    private static String rounded(@Nullable Double value) {
        return value == null ? "" : "%.4f".formatted(value);
    }
}
