package io.retainer.statistics.evaluate;

import io.retainer.kernel.Refused;
import io.retainer.text.TextClassifier;
import io.retainer.text.TextClassifier.Example;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code evaluate complaint-text}: learns labels of texts from one file and proposes them for texts it has not seen. */
@Command(
        name = "complaint-text",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Measure the proposal of a category from the text of a complaint (投诉文本).",
        description = {
            "",
            "Learns from the texts of --file and judges those of --test; without --test in five folds of --file. "
                    + "Texts of the test that were learned from verbatim are counted, and left out in a second figure. "
                    + "Needs no database and no network.",
            ""
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:measured",
            "1:not measurable on these data, or below --at-least",
            "2:the file or an option is wrong"
        })
public final class ComplaintTextCommand extends Evaluation {

    private static final int FOLDS = 5;
    private static final int FEWEST = 50;

    @Option(names = "--file", paramLabel = "FILE", required = true, description = "One row a text.")
    private Path file = Path.of("");

    @Option(names = "--test", paramLabel = "FILE", description = "The texts to judge, with the same columns.")
    private @Nullable Path test;

    @Option(
            names = "--text",
            paramLabel = "COLUMN",
            description = "The column of the text (guessed: the one with the longest values).")
    private @Nullable String text;

    @Option(
            names = "--label",
            paramLabel = "COLUMN",
            description = "The column of the label (guessed when there is only one other).")
    private @Nullable String label;

    @Option(names = "--mapping", paramLabel = "FILE", description = "How the file is written (delimiter, header).")
    private @Nullable Path mapping;

    @Option(
            names = "--at-least",
            paramLabel = "SHARE",
            description = "Exit with 1 when fewer than this share of the proposals are right.")
    private double atLeast;

    /** For the command line, which sets the fields. */
    public ComplaintTextCommand() {}

    /** A text that was judged. */
    private record Judged(String text, String label, String proposed, double confidence, boolean learned) {}

    @Override
    Report evaluate() throws IOException {
        long start = System.nanoTime();
        var rows = read(file);
        var labels = new TreeSet<>(rows.stream().map(Example::label).toList());
        if (rows.size() < FEWEST || labels.size() < 2) {
            throw Refused.because("statistics.evaluate.fewTexts", rows.size(), labels.size(), FEWEST);
        }
        var judged = new ArrayList<Judged>();
        if (test != null) {
            judge(rows, read(test), judged);
        } else {
            for (int fold = 0; fold < FOLDS; fold++) {
                var learned = new ArrayList<Example<String>>();
                var left = new ArrayList<Example<String>>();
                // Every label spread over all folds.
                var seen = new HashMap<String, Integer>();
                for (var row : rows) {
                    boolean out = seen.merge(row.label(), 1, Integer::sum) % FOLDS == fold;
                    (out ? left : learned).add(row);
                }
                judge(learned, left, judged);
            }
        }
        return report(rows.size(), labels, judged, seconds(start));
    }

    private static void judge(List<Example<String>> learned, List<Example<String>> left, List<Judged> judged) {
        var classifier = TextClassifier.learn(learned);
        var known = new HashSet<>(learned.stream().map(Example::text).toList());
        for (var each : left) {
            var verdict = classifier.judge(each.text());
            judged.add(new Judged(
                    each.text(), each.label(), verdict.label(), verdict.confidence(), known.contains(each.text())));
        }
    }

    private List<Example<String>> read(Path from) throws IOException {
        var table = new TableFile(from, Mapping.read(mapping, Set.of()));
        var cells = new ArrayList<String[]>();
        table.forEach((_, row) -> cells.add(row));
        int textColumn = text != null
                ? table.column(text)
                : longest(cells, table.columns().size());
        int labelColumn = label != null ? table.column(label) : other(table, textColumn);
        return cells.stream()
                .filter(row -> !row[textColumn].isBlank() && !row[labelColumn].isBlank())
                .map(row -> new Example<>(row[textColumn].strip(), row[labelColumn].strip()))
                .toList();
    }

    private static int longest(List<String[]> cells, int columns) {
        var length = new long[columns];
        cells.forEach(row -> {
            for (int i = 0; i < columns; i++) {
                length[i] += row[i].length();
            }
        });
        int longest = 0;
        for (int i = 1; i < columns; i++) {
            if (length[i] > length[longest]) {
                longest = i;
            }
        }
        return longest;
    }

    private static int other(TableFile table, int text) {
        if (table.columns().size() != 2) {
            throw Refused.because(
                    "statistics.evaluate.noColumn", table.name(), "--label", String.join(", ", table.columns()));
        }
        return 1 - text;
    }

    private ComplaintTextReport report(int rows, Set<String> labels, List<Judged> judged, double seconds) {
        var distinct = judged.stream().filter(each -> !each.learned()).toList();
        var sure = judged.stream()
                .filter(each -> each.confidence() >= ComplaintTextReport.SUREST_GUESS)
                .toList();
        Map<String, Integer> frequency = new HashMap<>();
        judged.forEach(each -> frequency.merge(each.label(), 1, Integer::sum));
        double error = 0;
        for (int tenth = 0; tenth < 10; tenth++) {
            int of = tenth;
            var those = judged.stream()
                    .filter(each -> Math.min(9, (int) (each.confidence() * 10)) == of)
                    .toList();
            double said = those.stream().mapToDouble(Judged::confidence).sum();
            error += Math.abs(
                    said - those.stream().filter(ComplaintTextCommand::right).count());
        }
        return new ComplaintTextReport(
                name(file),
                rows,
                labels.size(),
                judged.size(),
                accuracy(judged),
                macroF1(labels, judged),
                frequency.values().stream().mapToInt(Integer::intValue).max().orElse(0) / (double) judged.size(),
                distinct.size(),
                accuracy(distinct),
                sure.size() / (double) judged.size(),
                accuracy(sure),
                error / judged.size(),
                seconds,
                atLeast);
    }

    private static boolean right(Judged judged) {
        return judged.proposed().equals(judged.label());
    }

    private static double accuracy(List<Judged> judged) {
        return judged.stream().filter(ComplaintTextCommand::right).count() / (double) judged.size();
    }

    private static double macroF1(Set<String> labels, List<Judged> judged) {
        return labels.stream()
                .mapToDouble(label -> {
                    double both = judged.stream()
                            .filter(each -> each.label().equals(label)
                                    && each.proposed().equals(label))
                            .count();
                    double either = judged.stream()
                                    .filter(each -> each.label().equals(label))
                                    .count()
                            + judged.stream()
                                    .filter(each -> each.proposed().equals(label))
                                    .count();
                    return either == 0 ? 0 : 2 * both / either;
                })
                .average()
                .orElse(0);
    }
}
