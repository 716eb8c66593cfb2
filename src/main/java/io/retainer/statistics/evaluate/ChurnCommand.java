package io.retainer.statistics.evaluate;

import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import io.retainer.statistics.Basis;
import io.retainer.statistics.Measurement;
import io.retainer.statistics.Measurement.Measured;
import io.retainer.statistics.Measurement.NotMeasurable;
import io.retainer.statistics.Method;
import io.retainer.statistics.churn.Assessment;
import io.retainer.statistics.churn.ChurnModel;
import io.retainer.statistics.churn.Records;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code evaluate churn}: learns who leaves from labelled records and judges records it has not seen. */
@Command(
        name = "churn",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Measure the model of churn on labelled records (流失风险).",
        description = {
            "",
            "Learns from some of the records and judges the others: by the split files given, else in five folds. "
                    + "The kind of every column is found from its values (docs/evaluate.md). Needs no database and "
                    + "no network.",
            ""
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:measured", "1:not measurable on these data", "2:the file or an option is wrong"})
public final class ChurnCommand extends Evaluation {

    private static final int FOLDS = 5;
    private static final int SHOWN = 8;
    private static final Set<String> NO_LABEL = Set.of("", "na", "n/a", "nan", "null", "none", "-", "--", "?", "未知");
    private static final Set<String> LEFT = Set.of(
            "yes",
            "y",
            "true",
            "t",
            "1",
            "churn",
            "churned",
            "left",
            "lost",
            "exited",
            "attrited",
            "attrited customer",
            "gone",
            "leaver",
            "inactive",
            "cancelled",
            "canceled",
            "closed",
            "是",
            "流失",
            "已流失",
            "已离开",
            "离开",
            "离网",
            "销户");

    @Option(names = "--records", paramLabel = "FILE", required = true, description = "One row a customer.")
    private Path records = Path.of("");

    @Option(
            names = "--label",
            paramLabel = "COLUMN",
            required = true,
            description = "The column that says whether the customer left.")
    private String label = "";

    @Option(
            names = "--positive",
            paramLabel = "VALUE",
            description = "The value that means that he did (guessed when it is yes, 1, true, churned, 是 or 流失).")
    private @Nullable String positive;

    @Option(
            names = "--splits",
            paramLabel = "FILES",
            split = ",",
            description = "Files with the numbers of the test rows of one split each, the first row being 0.")
    private List<Path> splits = List.of();

    @Option(
            names = "--ignore",
            paramLabel = "COLUMNS",
            split = ",",
            description = "Columns not to learn from, such as what became known only afterwards.")
    private List<String> ignored = List.of();

    @Option(names = "--mapping", paramLabel = "FILE", description = "How the file is written (delimiter, header).")
    private @Nullable Path mapping;

    /** For the command line, which sets the fields. */
    public ChurnCommand() {}

    /** The labelled rows, and where in the file each stood. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Labelled(Records records, boolean[] left, int[] rowOf, int rows, String positive) {}

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Split(String name, int[] train, int[] test) {}

    @Override
    Report evaluate() throws IOException {
        long start = System.nanoTime();
        var labelled = read();
        var basis = new Basis(name(records), null, labelled.left().length, Method.CHURN);
        var results = new ArrayList<ChurnReport.Result>();
        var notices = new LinkedHashSet<Sentence>();
        var risks = new ArrayList<double[]>();
        var outcomes = new ArrayList<boolean[]>();
        int trained = 0;
        for (var split : splits(labelled)) {
            var training = labelled.records().pick(split.train());
            var test = labelled.records().pick(split.test());
            var found = ChurnModel.train(training, pick(labelled.left(), split.train()), basis);
            if (found instanceof NotMeasurable<ChurnModel>(var why, var on)) {
                results.add(new ChurnReport.Result(
                        split.name(), split.train().length, split.test().length, new NotMeasurable<>(why, on)));
                continue;
            }
            var measured = (Measured<ChurnModel>) found;
            if (notices.isEmpty()) {
                notices.addAll(measured.cautions());
            }
            trained++;
            var risk = measured.value().risks(test);
            var outcome = pick(labelled.left(), split.test());
            risks.add(risk);
            outcomes.add(outcome);
            results.add(new ChurnReport.Result(
                    split.name(),
                    split.train().length,
                    split.test().length,
                    Assessment.of(risk, outcome, basis.on(split.test().length))));
        }
        Measurement<Assessment> pooled = Assessment.of(joined(risks), joinedOutcomes(outcomes), basis);
        int gone = 0;
        for (boolean left : labelled.left()) {
            gone += left ? 1 : 0;
        }
        return new ChurnReport(
                basis,
                labelled.rows(),
                label,
                labelled.positive(),
                gone,
                List.copyOf(notices),
                results,
                pooled,
                splits.isEmpty() && trained == FOLDS,
                seconds(start));
    }

    private Labelled read() throws IOException {
        var table = new TableFile(records, Mapping.read(mapping, Set.of()));
        int labelColumn = table.column(label);
        var dropped = new ArrayList<Integer>(List.of(labelColumn));
        ignored.forEach(name -> dropped.add(table.column(name.strip())));
        var kept = IntStream.range(0, table.columns().size())
                .filter(column -> !dropped.contains(column))
                .toArray();
        var rows = new ArrayList<String[]>();
        var labels = new ArrayList<String>();
        var rowOf = new ArrayList<Integer>();
        var count = new int[1];
        table.forEach((line, cells) -> {
            var said = meaning(cells[labelColumn]);
            if (!NO_LABEL.contains(said)) {
                labels.add(said);
                rowOf.add(count[0]);
                rows.add(Arrays.stream(kept)
                        .mapToObj(column -> cells[column].strip().intern())
                        .toArray(String[]::new));
            }
            count[0]++;
        });
        var meaning = positive(labels);
        var left = new boolean[labels.size()];
        for (int i = 0; i < left.length; i++) {
            left[i] = labels.get(i).equals(meaning);
        }
        return new Labelled(
                new Records(Arrays.stream(kept).mapToObj(table.columns()::get).toList(), rows),
                left,
                rowOf.stream().mapToInt(Integer::intValue).toArray(),
                count[0],
                meaning);
    }

    /** Yes, YES and 1.0 are no labels of their own beside yes and 1. */
    private static String meaning(String cell) {
        var plain = cell.strip().toLowerCase(Locale.ROOT);
        return plain.matches("[+-]?\\d+\\.0*") ? plain.substring(0, plain.indexOf('.')) : plain;
    }

    private String positive(List<String> labels) {
        var values = new TreeMap<String, Integer>();
        labels.forEach(value -> values.merge(value, 1, Integer::sum));
        if (values.isEmpty()) {
            throw Refused.because("statistics.evaluate.noLabels", label);
        }
        if (values.size() != 2) {
            throw Refused.because(
                    "statistics.evaluate.twoLabels",
                    label,
                    values.size(),
                    values.entrySet().stream()
                                    .sorted(Map.Entry.<String, Integer>comparingByValue()
                                            .reversed())
                                    .limit(SHOWN)
                                    .map(each -> "%s (%d)".formatted(each.getKey(), each.getValue()))
                                    .collect(Collectors.joining(" / "))
                            + (values.size() > SHOWN ? " / …" : ""));
        }
        var told = positive == null ? null : meaning(positive);
        var candidates = told != null
                ? values.keySet().stream().filter(told::equals).toList()
                : values.keySet().stream().filter(LEFT::contains).toList();
        if (candidates.size() != 1) {
            throw Refused.because("statistics.evaluate.noPositive", label, String.join(" / ", values.keySet()));
        }
        return candidates.getFirst();
    }

    private List<Split> splits(Labelled labelled) throws IOException {
        var made = new ArrayList<Split>();
        if (splits.isEmpty()) {
            var foldOf = ChurnModel.folds(labelled.left(), FOLDS, 20260101);
            for (int fold = 0; fold < FOLDS; fold++) {
                int one = fold;
                made.add(new Split(
                        "#" + (fold + 1),
                        IntStream.range(0, foldOf.length)
                                .filter(i -> foldOf[i] != one)
                                .toArray(),
                        IntStream.range(0, foldOf.length)
                                .filter(i -> foldOf[i] == one)
                                .toArray()));
            }
            return made;
        }
        for (var file : splits) {
            var tested = new boolean[labelled.rows()];
            var lines = Files.readAllLines(file);
            for (int i = 0; i < lines.size(); i++) {
                var text = lines.get(i).strip();
                // The first line may be a heading.
                if (text.isEmpty() || (i == 0 && !text.matches("\\d+"))) {
                    continue;
                }
                if (!text.matches("\\d{1,9}") || Integer.parseInt(text) >= tested.length) {
                    throw Refused.because("statistics.evaluate.badRow", file.toString(), text, tested.length - 1);
                }
                tested[Integer.parseInt(text)] = true;
            }
            var rowOf = labelled.rowOf();
            var split = new Split(
                    name(file),
                    IntStream.range(0, rowOf.length)
                            .filter(i -> !tested[rowOf[i]])
                            .toArray(),
                    IntStream.range(0, rowOf.length)
                            .filter(i -> tested[rowOf[i]])
                            .toArray());
            if (split.train().length == 0 || split.test().length == 0) {
                throw Refused.because("statistics.evaluate.splitTooSmall", file.toString());
            }
            made.add(split);
        }
        return made;
    }

    private static boolean[] pick(boolean[] left, int[] which) {
        var picked = new boolean[which.length];
        for (int i = 0; i < which.length; i++) {
            picked[i] = left[which[i]];
        }
        return picked;
    }

    private static double[] joined(List<double[]> parts) {
        return parts.stream().flatMapToDouble(Arrays::stream).toArray();
    }

    private static boolean[] joinedOutcomes(List<boolean[]> parts) {
        var joined = new boolean[parts.stream().mapToInt(part -> part.length).sum()];
        int next = 0;
        for (var part : parts) {
            System.arraycopy(part, 0, joined, next, part.length);
            next += part.length;
        }
        return joined;
    }
}
