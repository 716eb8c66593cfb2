package io.retainer.statistics.evaluate;

import io.retainer.kernel.Texts;
import io.retainer.statistics.Basis;
import io.retainer.statistics.Interval;
import io.retainer.statistics.Measurement;
import io.retainer.statistics.Measurement.Measured;
import io.retainer.statistics.Measurement.NotMeasurable;
import io.retainer.statistics.value.BgNbd;
import io.retainer.statistics.value.Fitted;
import io.retainer.statistics.value.GammaGamma;
import io.retainer.statistics.value.HoldOut;
import io.retainer.statistics.value.LifetimeValue;
import io.retainer.statistics.value.ParametricModel;
import io.retainer.statistics.value.ParetoNbd;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** What was found about the value of customers. */
record ValueReport(
        Basis basis,
        Fit<BgNbd> bgNbd,
        @Nullable Measurement<HoldOut> bgNbdHoldOut,
        Fit<ParetoNbd> paretoNbd,
        @Nullable Measurement<HoldOut> paretoNbdHoldOut,
        @Nullable Fit<GammaGamma> spending,
        @Nullable Measurement<LifetimeValue.OfAll> worth,
        LifetimeValue.Terms terms,
        Map<String, String> columns,
        long leftOut)
        implements Evaluation.Report {

    /** A fitted model and how long the fit took. */
    record Fit<M extends ParametricModel>(Measurement<Fitted<M>> found, double seconds) {

        static <M extends ParametricModel> Fit<M> timed(Supplier<Measurement<Fitted<M>>> work) {
            long start = System.nanoTime();
            return new Fit<>(work.get(), Evaluation.seconds(start));
        }
    }

    @Override
    public boolean measured() {
        return bgNbd.found() instanceof Measured<?>;
    }

    @Override
    public void print(PrintWriter out, Texts texts) {
        out.println(texts.say(
                "statistics.evaluate.basis",
                basis.data(),
                basis.observations(),
                basis.asOf() == null ? "—" : basis.asOf(),
                basis.method()));
        out.println(texts.say(
                "statistics.evaluate.columns",
                columns.entrySet().stream()
                        .map(each -> each.getKey() + " = " + each.getValue())
                        .collect(Collectors.joining(", "))));
        if (leftOut > 0) {
            out.println("  ! " + texts.say("statistics.evaluate.leftOut", leftOut));
        }
        print(bgNbd, bgNbdHoldOut, out, texts);
        print(paretoNbd, paretoNbdHoldOut, out, texts);
        if (spending != null) {
            print(spending, null, out, texts);
        }
        if (worth != null) {
            out.println();
            printWorth(worth, out, texts);
        }
    }

    private static <M extends ParametricModel> void print(
            Fit<M> fit, @Nullable Measurement<HoldOut> holdOut, PrintWriter out, Texts texts) {
        out.println();
        var method = fit.found().basis().method();
        out.println(texts.say("statistics.evaluate.model", method, method.source()));
        switch (fit.found()) {
            case NotMeasurable<Fitted<M>>(var why, var _) -> out.println("  " + texts.say(why));
            case Measured<Fitted<M>>(var fitted, var _, var cautions) -> {
                out.println("  " + texts.say("statistics.evaluate.parameters", parameters(fitted)));
                out.println("  "
                        + texts.say(
                                "statistics.evaluate.logLikelihood",
                                Figures.of(4, fitted.logLikelihood()),
                                fitted.convergence().starts(),
                                fitted.convergence().agreeing(),
                                Figures.of(2, fit.seconds())));
                cautions.forEach(caution -> out.println("  ! " + texts.say(caution)));
            }
        }
        if (holdOut instanceof Measured<HoldOut>(var check, var _, var _)) {
            out.println("  "
                    + texts.say(
                            "statistics.evaluate.holdOut",
                            Figures.of(1, check.weeks()),
                            Figures.of(4, check.correlation()),
                            Figures.of(3, check.correlationInterval().low()),
                            Figures.of(3, check.correlationInterval().high()),
                            Figures.of(4, check.meanAbsoluteError()),
                            Figures.of(4, check.rootMeanSquareError())));
            out.println("  "
                    + texts.say(
                            "statistics.evaluate.holdOutTotal",
                            Figures.of(0, check.foreseen()),
                            Figures.of(0, check.actual()),
                            Figures.signedPercent(check.totalBias()),
                            Figures.percent(check.bestDecileShare()),
                            Figures.percent(check.idealDecileShare())));
        } else if (holdOut instanceof NotMeasurable<HoldOut>(var why, var _)) {
            out.println("  " + texts.say(why));
        }
    }

    private static String parameters(Fitted<?> fitted) {
        var parts = new ArrayList<String>();
        var intervals = fitted.intervals(Interval.USUAL);
        var names = fitted.model().parameterNames();
        for (int i = 0; i < names.size(); i++) {
            var interval = intervals.get(names.get(i));
            parts.add(names.get(i) + " " + Figures.of(4, fitted.model().parameters()[i])
                    + (interval == null
                            ? ""
                            : " (" + Figures.of(3, interval.low()) + "–" + Figures.of(3, interval.high()) + ")"));
        }
        return String.join(", ", parts);
    }

    private void printWorth(Measurement<LifetimeValue.OfAll> value, PrintWriter out, Texts texts) {
        switch (value) {
            case NotMeasurable<LifetimeValue.OfAll>(var why, var on) ->
                out.println(texts.name(on.method()) + ": " + texts.say(why));
            case Measured<LifetimeValue.OfAll>(var all, var _, var cautions) -> {
                out.println(texts.say(
                        "statistics.evaluate.lifetime",
                        Figures.of(0, terms.weeks()),
                        Figures.percent(terms.yearlyDiscount()),
                        Figures.percent(terms.margin()),
                        Figures.of(0, all.purchases()),
                        Figures.of(0, all.value()),
                        Figures.of(0, all.interval().low()),
                        Figures.of(0, all.interval().high())));
                cautions.forEach(caution -> out.println("  ! " + texts.say(caution)));
            }
        }
    }

    @Override
    public void write(ObjectNode out, Texts texts) {
        out.put("data", basis.data());
        out.put("customers", basis.observations());
        if (basis.asOf() != null) {
            out.put("until", basis.asOf().toString());
        }
        var named = out.putObject("columns");
        columns.forEach(named::put);
        out.put("leftOut", leftOut);
        write(bgNbd, bgNbdHoldOut, out.putObject("bgNbd"), texts);
        write(paretoNbd, paretoNbdHoldOut, out.putObject("paretoNbd"), texts);
        if (spending != null) {
            write(spending, null, out.putObject("gammaGamma"), texts);
        }
        if (worth instanceof Measured<LifetimeValue.OfAll>(var all, var _, var _)) {
            var node = out.putObject("lifetimeValue");
            node.put("weeks", terms.weeks());
            node.put("yearlyDiscount", terms.yearlyDiscount());
            node.put("margin", terms.margin());
            node.put("purchases", all.purchases());
            node.put("value", all.value());
            node.put("low", all.interval().low());
            node.put("high", all.interval().high());
        } else if (worth instanceof NotMeasurable<LifetimeValue.OfAll>(var why, var _)) {
            out.putObject("lifetimeValue").put("notMeasurable", texts.say(why));
        }
    }

    private static <M extends ParametricModel> void write(
            Fit<M> fit, @Nullable Measurement<HoldOut> holdOut, ObjectNode out, Texts texts) {
        out.put("method", fit.found().basis().method().name());
        out.put("source", fit.found().basis().method().source());
        out.put("customers", fit.found().basis().observations());
        switch (fit.found()) {
            case NotMeasurable<Fitted<M>>(var why, var _) -> out.put("notMeasurable", texts.say(why));
            case Measured<Fitted<M>>(var fitted, var _, var cautions) -> {
                var parameters = out.putObject("parameters");
                var names = fitted.model().parameterNames();
                for (int i = 0; i < names.size(); i++) {
                    parameters.put(names.get(i), fitted.model().parameters()[i]);
                }
                var intervals = out.putObject("intervals");
                fitted.intervals(Interval.USUAL)
                        .forEach((name, interval) ->
                                intervals.putArray(name).add(interval.low()).add(interval.high()));
                out.put("logLikelihood", fitted.logLikelihood());
                out.put("starts", fitted.convergence().starts());
                out.put("agreeing", fitted.convergence().agreeing());
                out.put("left", fitted.convergence().left());
                out.put("seconds", fit.seconds());
                var said = out.putArray("cautions");
                cautions.forEach(caution -> said.add(texts.say(caution)));
            }
        }
        if (holdOut instanceof Measured<HoldOut>(var check, var _, var _)) {
            out.putObject("holdOut")
                    .put("weeks", check.weeks())
                    .put("correlation", check.correlation())
                    .put("correlationLow", check.correlationInterval().low())
                    .put("correlationHigh", check.correlationInterval().high())
                    .put("meanAbsoluteError", check.meanAbsoluteError())
                    .put("rootMeanSquareError", check.rootMeanSquareError())
                    .put("foreseen", check.foreseen())
                    .put("actual", check.actual())
                    .put("totalBias", check.totalBias())
                    .put("bestDecileShare", check.bestDecileShare())
                    .put("idealDecileShare", check.idealDecileShare());
        } else if (holdOut instanceof NotMeasurable<HoldOut>(var why, var _)) {
            out.putObject("holdOut").put("notMeasurable", texts.say(why));
        }
    }
}
