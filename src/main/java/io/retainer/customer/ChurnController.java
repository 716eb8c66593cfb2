package io.retainer.customer;

import io.retainer.identity.Access;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Texts;
import io.retainer.statistics.churn.Assessment;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;
import tools.jackson.databind.json.JsonMapper;

/** Who is likely to leave: how far the risks can be trusted, what pushes them, and the customers most at risk. */
@Controller
@RequestMapping("/contracts/{contract}/churn")
class ChurnController {

    private static final String SHOW = "redirect:/contracts/{contract}/churn";
    private static final String BLUE = "#1f4e79";
    private static final String GREEN = "#2e8b57";
    private static final String GREY = "#9aa4ae";
    private static final int PAGE = 25;
    private static final int TOGETHER = 5_000;
    private static final int REFUSED = 422;

    private final ChurnAnalysis analysis;
    private final Customers customers;
    private final Segments segments;
    private final JsonMapper json;

    ChurnController(ChurnAnalysis analysis, Customers customers, Segments segments, JsonMapper json) {
        this.analysis = analysis;
        this.customers = customers;
        this.segments = segments;
        this.json = json;
    }

    /** One customer of the list. */
    record Line(CustomerPage.Line customer, double risk, List<Said> reasons) {}

    /** @param more whether it makes leaving likelier */
    record Said(Sentence field, Sentence value, boolean more) {}

    /** @param share of the strongest, for a bar */
    record Driver(Sentence field, double weight, double share) {}

    @GetMapping
    String show(Access access, @RequestParam(required = false) @Nullable UUID after, Locale locale, Model model) {
        var overview = analysis.overview(access);
        var words = analysis.words(access);
        var report = overview.report();
        model.addAttribute("overview", overview);
        model.addAttribute("horizons", ChurnAnalysis.HORIZONS);
        model.addAttribute("report", report);
        if (report != null) {
            var check = report.check();
            model.addAttribute(
                    "check",
                    new Found<>(
                            check.value(),
                            check.why(),
                            check.basis(),
                            check.cautions().stream().map(words::caution).toList()));
            model.addAttribute("drivers", drivers(report, words));
            var found = check.value();
            if (found != null) {
                model.addAttribute("chart", json.writeValueAsString(chart(found, Texts.in(locale))));
            }
        }
        var risks = analysis.risks(access, after, PAGE + 1);
        boolean more = risks.size() > PAGE;
        var page = more ? risks.subList(0, PAGE) : risks;
        model.addAttribute("lines", lines(access, page, words));
        model.addAttribute("after", more ? page.getLast().customer() : null);
        model.addAttribute("later", after != null);
        return "customer/churn";
    }

    private List<Line> lines(Access access, List<ChurnAnalysis.Risk> page, ChurnWords words) {
        var shown = customers
                .some(access, page.stream().map(ChurnAnalysis.Risk::customer).toList())
                .stream()
                .collect(Collectors.toMap(CustomerPage.Line::id, Function.identity()));
        var lines = new ArrayList<Line>();
        for (var risk : page) {
            var customer = shown.get(risk.customer());
            if (customer != null) {
                lines.add(new Line(customer, risk.risk(), said(risk, words, 3)));
            }
        }
        return lines;
    }

    static List<Said> said(ChurnAnalysis.Risk risk, ChurnWords words, int most) {
        return risk.reasons().stream()
                .limit(most)
                .map(reason -> new Said(
                        words.field(reason.field()), words.value(reason.field(), reason.value()), reason.logOdds() > 0))
                .toList();
    }

    private static List<Driver> drivers(ChurnReport report, ChurnWords words) {
        double strongest = report.drivers().stream()
                .mapToDouble(ChurnReport.Driver::weight)
                .max()
                .orElse(1);
        return report.drivers().stream()
                .filter(driver -> driver.weight() > 0)
                .map(driver -> new Driver(words.field(driver.field()), driver.weight(), driver.weight() / strongest))
                .toList();
    }

    /** What was foreseen against what happened, in tenths by risk; on the diagonal both are the same. */
    private static Map<String, Object> chart(Assessment found, Texts texts) {
        var points = new ArrayList<List<Double>>();
        var series = new ArrayList<Map<String, Object>>();
        double most = 0.05;
        for (var tenth : found.reliability()) {
            double foreseen = percent(tenth.foreseen());
            points.add(List.of(foreseen, percent(tenth.happened())));
            series.add(line(
                    texts.say("customer.value.interval"),
                    "solid",
                    GREY,
                    List.of(
                            List.of(foreseen, percent(tenth.interval().low())),
                            List.of(foreseen, percent(tenth.interval().high())))));
            most = Math.max(most, Math.max(tenth.foreseen(), tenth.interval().high()));
        }
        double end = Math.min(100, Math.ceil(most * 20) * 5);
        series.add(line(
                texts.say("customer.churn.perfect"), "dashed", GREEN, List.of(List.of(0.0, 0.0), List.of(end, end))));
        series.add(Map.of(
                "type",
                "scatter",
                "name",
                texts.say("customer.churn.tenths"),
                "symbolSize",
                10,
                "itemStyle",
                Map.of("color", BLUE),
                "z",
                5,
                "data",
                points));
        return Map.of(
                "aria", Map.of("enabled", true),
                "tooltip", Map.of("trigger", "item"),
                "legend", Map.of("top", 0),
                "grid", Map.of("left", 56, "right", 24, "top", 36, "bottom", 48),
                "xAxis", axis(texts.say("customer.churn.foreseen"), end, 28),
                "yAxis", axis(texts.say("customer.churn.happened"), end, 40),
                "series", series);
    }

    private static Map<String, Object> line(String name, String type, String colour, List<List<Double>> points) {
        return Map.of(
                "type",
                "line",
                "name",
                name,
                "symbol",
                "none",
                "lineStyle",
                Map.of("type", type, "color", colour),
                "itemStyle",
                Map.of("color", colour),
                "data",
                points);
    }

    private static double percent(double share) {
        return Math.round(share * 1000) / 10.0;
    }

    private static Map<String, Object> axis(String name, double end, int gap) {
        return Map.of(
                "type",
                "value",
                "name",
                name,
                "nameLocation",
                "middle",
                "nameGap",
                gap,
                "min",
                0,
                "max",
                end,
                "axisLabel",
                Map.of("formatter", "{value} %"));
    }

    @GetMapping("/progress")
    String progress(Access access, Model model, HttpServletResponse response) {
        var overview = analysis.overview(access);
        model.addAttribute("overview", overview);
        if (overview.running() == null) {
            // What it found stands on the rest of the page.
            response.setHeader("HX-Refresh", "true");
        }
        model.addAttribute("horizons", ChurnAnalysis.HORIZONS);
        return "customer/churn :: progress";
    }

    @PostMapping
    String start(
            Access access,
            @RequestParam(defaultValue = "180") int horizon,
            Locale locale,
            Model model,
            HttpServletResponse response) {
        try {
            analysis.start(access, horizon);
            return SHOW;
        } catch (Refused refusal) {
            model.addAttribute("refusal", refusal);
            response.setStatus(REFUSED);
            return show(access, null, locale, model);
        }
    }

    /** Makes a segment of those at risk, which can be given out on the record. */
    @PostMapping("/segment")
    String segment(
            Access access,
            @RequestParam String name,
            @RequestParam int percent,
            Locale locale,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        try {
            redirect.addAttribute(
                    "segment",
                    segments.make(access, name, new Rule.All(List.of(new Rule.Leaving(Rule.Limit.AT_LEAST, percent)))));
            redirect.addFlashAttribute("done", Sentence.of("customer.segment.made"));
            return "redirect:/contracts/{contract}/segments/{segment}";
        } catch (Refused refusal) {
            model.addAttribute("refusal", refusal);
            response.setStatus(REFUSED);
            return show(access, null, locale, model);
        }
    }

    /** What was foreseen against what happened, in tenths, as the page has it. */
    @GetMapping("/calibration.csv")
    void calibration(Access access, HttpServletResponse response) throws IOException {
        var report = analysis.overview(access).report();
        var check = report == null ? null : report.check().value();
        response.setContentType("text/csv;charset=UTF-8");
        response.setHeader("Content-Disposition", "attachment; filename=\"calibration.csv\"");
        var out = response.getWriter();
        out.write("foreseen,happened,low,high,customers\r\n");
        if (check != null) {
            for (var tenth : check.reliability()) {
                out.write("%.4f,%.4f,%.4f,%.4f,%d\r\n"
                        .formatted(
                                tenth.foreseen(),
                                tenth.happened(),
                                tenth.interval().low(),
                                tenth.interval().high(),
                                tenth.records()));
            }
        }
    }

    /** The risk of every customer, the highest first; nothing personal is in it. */
    @GetMapping("/risks.csv")
    void risks(Access access, Locale locale, HttpServletResponse response) throws IOException {
        var texts = Texts.in(locale);
        var words = analysis.words(access);
        var page = analysis.risks(access, null, TOGETHER);
        response.setContentType("text/csv;charset=UTF-8");
        response.setHeader("Content-Disposition", "attachment; filename=\"risks.csv\"");
        var out = response.getWriter();
        out.write("\uFEFFcustomer,risk,reasons\r\n");
        while (!page.isEmpty()) {
            var lines = new StringBuilder();
            for (var risk : page) {
                CsvRows.write(
                        lines,
                        List.of(
                                risk.customer().toString(),
                                "%.4f".formatted(risk.risk()),
                                said(risk, words, 5).stream()
                                        .map(reason -> texts.say(
                                                reason.more() ? "customer.churn.more" : "customer.churn.less",
                                                reason.field(),
                                                reason.value()))
                                        .collect(Collectors.joining("; "))));
            }
            out.append(lines);
            page = page.size() < TOGETHER
                    ? List.of()
                    : analysis.risks(access, page.getLast().customer(), TOGETHER);
        }
    }
}
