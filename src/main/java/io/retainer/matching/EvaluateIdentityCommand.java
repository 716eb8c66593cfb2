package io.retainer.matching;

import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Texts;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code evaluate identity}: resolves a labelled file as the product would, and says how well that went. */
@Command(
        name = "identity",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Resolve a labelled file and say how well that went (评测身份识别).",
        description = {
            "",
            "Finds the records of one person in one file, or links the records of two. The labels judge the result and "
                    + "are never learned from. Columns are recognised by their content; docs/evaluate.md describes the "
                    + "mapping file for what cannot be guessed. Needs no database and no network.",
            ""
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:evaluated",
            "1:evaluated, and F1 is below --at-least",
            "2:a file cannot be read, or the truth not understood"
        })
public final class EvaluateIdentityCommand implements Callable<Integer> {

    @Option(
            names = "--records",
            split = ",",
            paramLabel = "FILE",
            description = "A CSV file with a header; two, parted by a comma, are linked.")
    private List<Path> files = List.of();

    @Option(
            names = "--truth",
            paramLabel = "FILE",
            description = "Pairs of identifiers, or identifiers with their person; may be the records themselves.")
    private @Nullable Path truth;

    @Option(names = "--mapping", paramLabel = "FILE", description = "What cannot be guessed (docs/evaluate.md).")
    private @Nullable Path mapping;

    @Option(names = "--without", split = ",", paramLabel = "COLUMN", description = "Columns to leave out.")
    private List<String> without = List.of();

    @Option(
            names = "--generated",
            paramLabel = "N",
            description = "Instead of files: N Chinese customers of our own making, a tenth of them duplicates.")
    private int generated;

    @Option(names = "--seed", paramLabel = "SEED", description = "Of the generated customers (default: 1).")
    private long seed = 1;

    @Option(names = "--at-least", paramLabel = "F1", description = "Exit with 1 below this F1.")
    private double atLeast;

    @Option(names = "--json", description = "Print the figures as JSON.")
    private boolean json;

    @Option(names = "--lang", paramLabel = "zh|en", description = "Language of the answer (default: of the system).")
    private String language = Locale.getDefault().getLanguage();

    @Spec
    private CommandSpec spec = CommandSpec.create(); // replaced by the command line

    /** For the command line, which sets the fields. */
    public EvaluateIdentityCommand() {}

    @Override
    public Integer call() {
        var texts = Texts.in(Locale.of(language));
        try {
            var figures = evaluate();
            print(figures, texts);
            return (double) figures.getOrDefault("f1", 0.0) < atLeast ? 1 : 0;
        } catch (Refused refused) {
            return failed(texts, refused.sentence());
        } catch (IOException unreadable) {
            return failed(
                    texts, Sentence.of("matching.file.unreadable", String.valueOf(mapping), unreadable.getMessage()));
        }
    }

    private int failed(Texts texts, Sentence why) {
        spec.commandLine().getErr().println(texts.say(why));
        spec.commandLine().getErr().flush();
        return 2;
    }

    private Map<String, Object> evaluate() throws IOException {
        long start = System.nanoTime();
        ManagementFactory.getMemoryPoolMXBeans().forEach(MemoryPoolMXBean::resetPeakUsage);
        var told = mapping == null ? Mapping.none() : Mapping.parse(Files.readAllLines(mapping));
        var task = generated > 0 ? generatedTask() : fileTask(told);
        long read = System.nanoTime();
        var resolution = Resolution.of(task.records(), new Settings(told.kinds(), told.phones(), told.links()));
        long resolved = System.nanoTime();
        var quality = PairQuality.of(resolution, task.records(), task.truth());
        return figures(task, resolution, quality, (resolved - read) / 1e9, (resolved - start) / 1e9);
    }

    /** The records and what is known of them. */
    private record Task(Records records, Truth truth) {}

    private Task generatedTask() {
        var customers = ChineseCustomers.generate(generated, seed);
        return new Task(customers.records(), customers.truth());
    }

    private Task fileTask(Mapping told) {
        if (files.isEmpty() || files.size() > 2 || truth == null) {
            throw Refused.because("matching.evaluate.what");
        }
        var sheets = files.stream().map(Sheet::open).toList();
        var hidden = new HashSet<>(told.labels());
        hidden.addAll(without);
        for (var column : without) {
            sheets.getFirst().column(column);
        }
        var answers = Sheet.open(truth);
        hidden.addAll(Truth.labels(answers, sheets, told));
        var labelled = LabelledRecords.read(sheets, told, hidden, Truth.mentioned(answers, sheets));
        return new Task(labelled.records(), Truth.read(answers, sheets, told, labelled));
    }

    private Map<String, Object> figures(
            Task task, Resolution resolution, PairQuality quality, double resolving, double total) {
        var bands = resolution.bandSizes();
        var figures = new LinkedHashMap<String, Object>();
        figures.put("data", generated > 0 ? "generated, seed " + seed : String.join(",", names()));
        figures.put("records", task.records().size());
        figures.put("columns", resolution.comparedColumns());
        figures.put("possiblePairs", (long) task.records().pairs());
        figures.put("truePairs", task.truth().same().length);
        figures.put("candidates", resolution.candidates());
        figures.put("blockingRecall", rounded(quality.blockingRecall()));
        figures.put("foundPairs", quality.right() + quality.wrong());
        figures.put("right", quality.right());
        figures.put("wrong", quality.wrong());
        figures.put("missed", quality.missed());
        figures.put("precision", rounded(quality.precision()));
        figures.put("recall", rounded(quality.recall()));
        figures.put("f1", rounded(quality.f1()));
        figures.put("toMerge", bands.getOrDefault(Band.MERGE, 0));
        figures.put("toReview", bands.getOrDefault(Band.REVIEW, 0));
        figures.put("resolveSeconds", rounded(resolving));
        figures.put("totalSeconds", rounded(total));
        figures.put("peakMegabytes", peakMegabytes());
        return figures;
    }

    private List<String> names() {
        return files.stream().map(file -> String.valueOf(file.getFileName())).toList();
    }

    private void print(Map<String, Object> figures, Texts texts) {
        var out = spec.commandLine().getOut();
        if (json) {
            out.println(JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(figures));
        } else {
            figures.forEach((name, figure) -> {
                var shown = figure instanceof List<?> list ? String.join(", ", strings(list)) : String.valueOf(figure);
                out.println(texts.say(Sentence.of("matching.figure." + name)) + ": " + shown);
            });
        }
        out.flush();
    }

    private static List<String> strings(List<?> list) {
        var strings = new ArrayList<String>();
        list.forEach(one -> strings.add(String.valueOf(one)));
        return strings;
    }

    private static double rounded(double figure) {
        return Math.round(figure * 10_000) / 10_000.0;
    }

    private static long peakMegabytes() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                        .filter(pool -> pool.getType() == MemoryType.HEAP)
                        .mapToLong(pool -> pool.getPeakUsage().getUsed())
                        .sum()
                >> 20;
    }
}
