package io.retainer.customer;

import io.retainer.identity.Access;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Texts;
import io.retainer.kernel.Unknown;
import io.retainer.statistics.Method;
import io.retainer.statistics.value.Change;
import io.retainer.statistics.value.Cohorts;
import io.retainer.statistics.value.Rfm;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
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
    private static final int BEST = 20;
    private static final int QUARTER = 90;
    private static final int FEN = 100;
    private static final int REFUSED = 422;
    private static final String BLUE = "#1f4e79";

    private final ValueAnalysis analysis;
    private final Customers customers;
    private final JsonMapper json;

    ValueController(ValueAnalysis analysis, Customers customers, JsonMapper json) {
        this.analysis = analysis;
        this.customers = customers;
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
        var best = analysis.best(access, BEST);
        model.addAttribute("best", best);
        model.addAttribute(
                "lines",
                customers
                        .some(
                                access,
                                best.stream().map(AnalysisRows.Score::customer).toList())
                        .stream()
                        .collect(Collectors.toMap(CustomerPage.Line::id, line -> line)));
        return "customer/value";
    }

    @GetMapping("/progress")
    String progress(Access access, Model model, HttpServletResponse response) {
        var overview = analysis.overview(access);
        model.addAttribute("overview", overview);
        if (overview.running() == null) {
            // What it found stands on the rest of the page.
            response.setHeader("HX-Refresh", "true");
        }
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
        var lows = new ArrayList<Double>();
        var widths = new ArrayList<Double>();
        int month = 1;
        for (var each : cohorts.curve()) {
            if (each != null) {
                months.add(String.valueOf(month));
                shares.add(percent(each.share()));
                lows.add(percent(each.interval().low()));
                widths.add(percent(each.interval().high() - each.interval().low()));
            }
            month++;
        }
        // The interval is a band: what lies below it unseen, and its width upon that.
        var unseen = Map.of("opacity", 0);
        var band = Map.of("opacity", 0.15, "color", BLUE);
        return Map.of(
                "aria", Map.of("enabled", true),
                "tooltip", Map.of("trigger", "axis"),
                "grid", Map.of("left", 64, "right", 16, "top", 36, "bottom", 48),
                "legend",
                        Map.of(
                                "top",
                                0,
                                "data",
                                List.of(texts.say("customer.value.interval"), texts.say("customer.value.bought"))),
                "xAxis", axis(texts.say("customer.value.months"), months),
                "yAxis",
                        Map.of(
                                "type",
                                "value",
                                "min",
                                0,
                                "name",
                                texts.say("customer.value.bought"),
                                "nameLocation",
                                "middle",
                                "nameGap",
                                48,
                                "axisLabel",
                                Map.of("formatter", "{value} %")),
                "series",
                        List.of(
                                Map.of(
                                        "type",
                                        "line",
                                        "stack",
                                        "interval",
                                        "symbol",
                                        "none",
                                        "silent",
                                        true,
                                        "lineStyle",
                                        unseen,
                                        "tooltip",
                                        Map.of("show", false),
                                        "data",
                                        lows),
                                Map.of(
                                        "type",
                                        "line",
                                        "name",
                                        texts.say("customer.value.interval"),
                                        "stack",
                                        "interval",
                                        "symbol",
                                        "none",
                                        "silent",
                                        true,
                                        "lineStyle",
                                        unseen,
                                        "areaStyle",
                                        band,
                                        "itemStyle",
                                        band,
                                        "tooltip",
                                        Map.of("show", false),
                                        "data",
                                        widths),
                                Map.of(
                                        "type",
                                        "line",
                                        "name",
                                        texts.say("customer.value.bought"),
                                        "showAllSymbol",
                                        true,
                                        "itemStyle",
                                        Map.of("color", BLUE),
                                        "data",
                                        shares)));
    }

    private static double percent(double share) {
        return Math.round(share * 1000) / 10.0;
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
        var to = later == null ? lastDay(access) : later;
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

    /** On which the newest report ends; null while there is none. */
    private @Nullable LocalDate lastDay(Access access) {
        var report = analysis.overview(access).report();
        return report == null ? null : report.to();
    }

    /** The tables of the page of change, one under the other. */
    @GetMapping("/change.csv")
    void change(
            Access access,
            @RequestParam(name = "earlier", required = false) @DateTimeFormat(iso = DateTimeFormat.ISO.DATE) @Nullable
                    LocalDate since,
            @RequestParam(name = "later", required = false) @DateTimeFormat(iso = DateTimeFormat.ISO.DATE) @Nullable
                    LocalDate until,
            @RequestParam(defaultValue = "90") int days,
            HttpServletResponse response)
            throws IOException {
        var later = until == null ? lastDay(access) : until;
        if (later == null) {
            throw new Unknown("report of contract " + access.contract());
        }
        var earlier = since == null ? later.minusDays(QUARTER) : since;
        var between = analysis.between(access, earlier, later, days);
        var out = csv(response, "change.csv");
        out.write("earlier,later,days,group,customers,spent_earlier,spent_later,change\r\n");
        var change = between.change().value();
        if (change != null) {
            var groups = new LinkedHashMap<String, Change.Group>();
            groups.put("stayed", change.stayed());
            groups.put("new", change.arrived());
            groups.put("back", change.returned());
            groups.put("lapsed", change.lapsed());
            groups.forEach((name, group) -> out.write("%s,%s,%d,%s,%d,%.2f,%.2f,%.2f\r\n"
                    .formatted(
                            earlier,
                            later,
                            days,
                            name,
                            group.customers(),
                            group.spentEarlier(),
                            group.spentLater(),
                            group.change())));
        }
        var migration = between.migration().value();
        if (migration != null) {
            out.write("\r\nfrom_level,to_level,customers\r\n");
            for (int from = 0; from < migration.counts().size(); from++) {
                var row = migration.counts().get(from);
                for (int to = 0; to < row.size(); to++) {
                    out.write("%d,%d,%d\r\n".formatted(from, to + 1, row.get(to)));
                }
            }
        }
    }

    /** The bands of the scores and the parameters of the models. */
    @GetMapping("/models.csv")
    void models(Access access, HttpServletResponse response) throws IOException {
        var report = analysis.overview(access).report();
        var out = csv(response, "models.csv");
        out.write("model,parameter,estimate,low,high\r\n");
        if (report == null) {
            return;
        }
        for (var model : report.models()) {
            write(out, model.method().name(), model.fit().value());
        }
        var spending = report.spending();
        write(out, Method.GAMMA_GAMMA.name(), spending == null ? null : spending.value());
        var scores = report.rfm().value();
        if (scores != null) {
            out.write("\r\nmeasure,score,low,high,customers\r\n");
            write(out, "recency", scores.recency());
            write(out, "frequency", scores.frequency());
            write(out, "monetary", scores.monetary());
        }
    }

    private static void write(PrintWriter out, String model, ValueReport.@Nullable Fitting fit) {
        if (fit != null) {
            for (var each : fit.parameters()) {
                var interval = each.interval();
                out.write("%s,%s,%.6f,%s,%s\r\n"
                        .formatted(
                                model,
                                each.name(),
                                each.value(),
                                rounded(interval == null ? null : interval.low()),
                                rounded(interval == null ? null : interval.high())));
            }
            out.write("%s,log_likelihood,%.4f,,\r\n".formatted(model, fit.logLikelihood()));
        }
    }

    private static void write(PrintWriter out, String measure, Rfm.Scale scale) {
        for (var band : scale.bands()) {
            out.write("%s,%d,%s,%s,%d\r\n".formatted(measure, band.score(), band.low(), band.high(), band.customers()));
        }
    }

    /** What was found of every customer, by id; nothing personal is in it. */
    @GetMapping("/rfm.csv")
    void rfm(Access access, HttpServletResponse response) throws IOException {
        var page = analysis.scores(access, null, TOGETHER);
        var out = csv(response, "rfm.csv");
        out.write("customer,days,purchases,spent,recency,frequency,monetary,alive,expected,expected_95_low,"
                + "expected_95_high,purchases_90_low,purchases_90_high,worth,worth_95_low,worth_95_high,brings_90_low,"
                + "brings_90_high,data_until,computed_at\r\n");
        var overview = analysis.overview(access);
        var stands = stands(overview);
        while (!page.isEmpty()) {
            UUID last = null;
            for (var each : page) {
                out.write("%s,%d,%d,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s\r\n"
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
                                bounds(each.expectedInterval(), 1, 4),
                                bounds(each.purchasesRange(), 1, 0),
                                each.worth() == null ? "" : BigDecimal.valueOf(each.worth(), 2),
                                bounds(each.worthInterval(), FEN, 2),
                                bounds(each.bringsRange(), FEN, 2),
                                stands));
                last = each.customer();
            }
            page = page.size() < TOGETHER ? List.of() : analysis.scores(access, last, TOGETHER);
        }
    }

    @GetMapping("/cohorts.csv")
    void cohorts(Access access, HttpServletResponse response) throws IOException {
        var overview = analysis.overview(access);
        var report = overview.report();
        var stands = stands(overview);
        var out = csv(response, "cohorts.csv");
        out.write("cohort,months_after,size,active,share,share_95_low,share_95_high,data_until,computed_at\r\n");
        var cohorts = report == null ? null : report.cohorts().value();
        if (cohorts == null) {
            return;
        }
        for (var cohort : cohorts.cohorts()) {
            write(out, cohort.month().toString(), cohort.retention(), stands);
        }
        write(out, "all", cohorts.curve(), stands);
    }

    private static void write(
            PrintWriter out, String cohort, List<Cohorts.@Nullable Retention> retention, String stands) {
        int after = 1;
        for (var each : retention) {
            if (each != null) {
                out.write("%s,%d,%d,%d,%.4f,%.4f,%.4f,%s\r\n"
                        .formatted(
                                cohort,
                                after,
                                each.size(),
                                each.active(),
                                each.share(),
                                each.interval().low(),
                                each.interval().high(),
                                stands));
            }
            after++;
        }
    }

    /** Two cells: until when the data are, and when they were read. */
    private static String stands(ValueAnalysis.Overview overview) {
        var report = overview.report();
        return (report == null || report.to() == null ? "" : report.to()) + ","
                + (overview.computedAt() == null ? "" : overview.computedAt());
    }

    private static PrintWriter csv(HttpServletResponse response, String name) throws IOException {
        response.setContentType("text/csv;charset=UTF-8");
        response.setHeader("Content-Disposition", "attachment; filename=\"" + name + "\"");
        return response.getWriter();
    }

    private static String text(@Nullable Integer score) {
        return score == null ? "" : score.toString();
    }

    /** Two cells. */
    private static String bounds(AnalysisRows.@Nullable Bounds bounds, int unit, int decimals) {
        var form = "%." + decimals + "f";
        return bounds == null
                ? ","
                : String.format(Locale.ROOT, form + "," + form, bounds.low() / unit, bounds.high() / unit);
    }

    private static String rounded(@Nullable Double value) {
        return value == null ? "" : "%.4f".formatted(value);
    }
}
