package io.retainer.statistics.evaluate;

import io.retainer.kernel.Sentence;
import io.retainer.kernel.Texts;
import io.retainer.statistics.Basis;
import io.retainer.statistics.Measurement;
import io.retainer.statistics.Measurement.Measured;
import io.retainer.statistics.Measurement.NotMeasurable;
import io.retainer.statistics.churn.Assessment;
import java.io.PrintWriter;
import java.util.List;
import java.util.function.ToDoubleFunction;
import tools.jackson.databind.node.ObjectNode;

/**
 * What was found about who leaves.
 *
 * @param pooled over all test records
 * @param folded whether every record was a test record once, so that the folds may be too small each and not together
 */
record ChurnReport(
        Basis basis,
        int rows,
        String label,
        String positive,
        int left,
        List<Sentence> notices,
        List<Result> results,
        Measurement<Assessment> pooled,
        boolean folded,
        double seconds)
        implements Evaluation.Report {

    /** How one split came out. */
    record Result(String split, int trained, int tested, Measurement<Assessment> found) {}

    private List<Assessment> assessments() {
        return results.stream()
                .map(Result::found)
                .<Assessment>mapMulti((found, sink) -> {
                    if (found instanceof Measured<Assessment>(var value, var _, var _)) {
                        sink.accept(value);
                    }
                })
                .toList();
    }

    @Override
    public boolean measured() {
        return assessments().size() == results.size() || (folded && pooled instanceof Measured<Assessment>);
    }

    private double mean(ToDoubleFunction<Assessment> figure) {
        return assessments().stream().mapToDouble(figure).average().orElse(Double.NaN);
    }

    private double deviation() {
        double mean = mean(one -> one.auroc().value());
        int n = assessments().size();
        return n < 2
                ? Double.NaN
                : Math.sqrt(assessments().stream()
                                .mapToDouble(one -> Math.pow(one.auroc().value() - mean, 2))
                                .sum()
                        / (n - 1));
    }

    @Override
    public void print(PrintWriter out, Texts texts) {
        out.println(texts.say(
                "statistics.evaluate.model", basis.method(), basis.method().source()));
        out.println(texts.say("statistics.evaluate.rows", rows, basis.observations(), label, positive, left));
        notices.forEach(notice -> out.println("  ! " + texts.say(notice)));
        out.println();
        for (var result : results) {
            switch (result.found()) {
                case NotMeasurable<Assessment>(var why, var _) -> out.println(result.split() + ": " + texts.say(why));
                case Measured<Assessment>(var one, var _, var _) -> {
                    out.println(texts.say(
                            "statistics.evaluate.split",
                            result.split(),
                            result.trained(),
                            result.tested(),
                            Figures.of(4, one.auroc().value()),
                            Figures.of(4, one.auroc().interval().low()),
                            Figures.of(4, one.auroc().interval().high())));
                    out.println("  "
                            + texts.say(
                                    "statistics.evaluate.splitCalibration",
                                    Figures.of(4, one.brier()),
                                    Figures.of(4, one.baseBrier()),
                                    Figures.of(3, one.slope()),
                                    Figures.of(3, one.intercept())));
                }
            }
        }
        if (!assessments().isEmpty()) {
            out.println(texts.say(
                    "statistics.evaluate.mean",
                    Figures.of(4, mean(one -> one.auroc().value())),
                    assessments().size() < 2 ? "—" : Figures.of(4, deviation()),
                    Figures.of(4, mean(Assessment::brier)),
                    Figures.of(3, mean(Assessment::slope)),
                    Figures.of(3, mean(Assessment::intercept)),
                    Figures.of(1, seconds)));
        }
        if (pooled instanceof Measured<Assessment>(var all, var _, var _)) {
            if (folded) {
                out.println(texts.say(
                        "statistics.evaluate.together",
                        all.records(),
                        Figures.of(4, all.auroc().value()),
                        Figures.of(4, all.auroc().interval().low()),
                        Figures.of(4, all.auroc().interval().high())));
                out.println("  "
                        + texts.say(
                                "statistics.evaluate.splitCalibration",
                                Figures.of(4, all.brier()),
                                Figures.of(4, all.baseBrier()),
                                Figures.of(3, all.slope()),
                                Figures.of(3, all.intercept())));
            }
            out.println();
            out.println(texts.say("statistics.evaluate.reliability"));
            for (var tenth : all.reliability()) {
                out.println("  "
                        + texts.say(
                                "statistics.evaluate.reliabilityRow",
                                Figures.of(3, tenth.foreseen()),
                                Figures.of(3, tenth.happened()),
                                Figures.of(3, tenth.interval().low()),
                                Figures.of(3, tenth.interval().high()),
                                tenth.records()));
            }
        }
    }

    @Override
    public void write(ObjectNode out, Texts texts) {
        out.put("data", basis.data());
        out.put("method", basis.method().name());
        out.put("rows", rows);
        out.put("labelled", basis.observations());
        out.put("left", left);
        out.put("seconds", seconds);
        var said = out.putArray("notices");
        notices.forEach(notice -> said.add(texts.say(notice)));
        var splits = out.putArray("splits");
        for (var result : results) {
            var node = splits.addObject()
                    .put("split", result.split())
                    .put("trained", result.trained())
                    .put("tested", result.tested());
            switch (result.found()) {
                case NotMeasurable<Assessment>(var why, var _) -> node.put("notMeasurable", texts.say(why));
                case Measured<Assessment>(var one, var _, var _) -> write(one, node);
            }
        }
        if (!assessments().isEmpty()) {
            out.putObject("mean")
                    .put("auroc", mean(one -> one.auroc().value()))
                    .put("brier", mean(Assessment::brier))
                    .put("calibrationSlope", mean(Assessment::slope))
                    .put("calibrationIntercept", mean(Assessment::intercept));
        }
        if (pooled instanceof Measured<Assessment>(var all, var _, var _)) {
            if (folded) {
                write(all, out.putObject("together"));
            }
            var reliability = out.putArray("reliability");
            for (var tenth : all.reliability()) {
                reliability
                        .addObject()
                        .put("foreseen", tenth.foreseen())
                        .put("happened", tenth.happened())
                        .put("low", tenth.interval().low())
                        .put("high", tenth.interval().high())
                        .put("records", tenth.records());
            }
        }
    }

    private static void write(Assessment one, ObjectNode node) {
        node.put("auroc", one.auroc().value())
                .put("aurocLow", one.auroc().interval().low())
                .put("aurocHigh", one.auroc().interval().high())
                .put("brier", one.brier())
                .put("baseBrier", one.baseBrier())
                .put("calibrationSlope", one.slope())
                .put("calibrationIntercept", one.intercept())
                .put("calibrationInTheLarge", one.inTheLarge());
        var slope = one.slopeInterval();
        if (slope != null) {
            node.put("calibrationSlopeLow", slope.low()).put("calibrationSlopeHigh", slope.high());
        }
    }
}
