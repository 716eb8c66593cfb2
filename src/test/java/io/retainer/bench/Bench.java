package io.retainer.bench;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.slf4j.LoggerFactory;

/** The benchmarks by name; run them with {@code bench/run}. They are not tests: nothing passes or fails by its time. */
public final class Bench {

    private final List<List<String>> rows = new ArrayList<>();

    private Bench() {}

    public static void main(String[] names) throws Exception {
        ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).setLevel(Level.WARN);
        ((Logger) LoggerFactory.getLogger("org.apache.pdfbox.pdmodel.font")).setLevel(Level.ERROR);
        for (var name : names) {
            var bench = new Bench();
            bench.row("what", "figure", "unit", "goal");
            switch (name) {
                case "assess" -> AssessBench.run(bench);
                case "complaint" -> ComplaintBench.run(bench);
                case "verify" -> VerifyBench.run(bench);
                case "ledger" -> LedgerBench.run(bench);
                case "sweep" -> SweepBench.run(bench);
                case "identity" -> IdentityBench.run(bench);
                case "documents" -> DocumentsBench.run(bench);
                case "import" -> ImportBench.run(bench);
                case "life" -> LifeBench.run(bench);
                case "vault" -> VaultBench.run(bench);
                case "value" -> ValueBench.run(bench);
                case "start" -> StartBench.run(bench);
                default -> throw new IllegalArgumentException("There is no benchmark " + name);
            }
            bench.print(name);
        }
        System.exit(0);
    }

    /** Shown at once as well with {@code -Dbench.echo=true}, for a benchmark that takes long. */
    @SuppressWarnings("SystemOut")
    void row(String... cells) {
        rows.add(List.of(cells));
        if (Boolean.getBoolean("bench.echo")) {
            System.err.println(String.join(" | ", cells));
        }
    }

    void figure(String what, double figure, String unit, String goal) {
        row(what, String.format(Locale.ROOT, figure >= 100 ? "%,.0f" : "%.2f", figure), unit, goal);
    }

    @SuppressWarnings("SystemOut")
    private void print(String name) {
        var width = new int[4];
        rows.forEach(row -> {
            for (int i = 0; i < 4; i++) {
                width[i] = Math.max(width[i], row.get(i).length());
            }
        });
        System.out.println("\n## " + name + "\n");
        for (int line = 0; line < rows.size(); line++) {
            var row = rows.get(line);
            System.out.printf(
                    "| %-" + width[0] + "s | %" + width[1] + "s | %-" + width[2] + "s | %-" + width[3] + "s |%n",
                    row.toArray());
            if (line == 0) {
                System.out.println("|" + "-".repeat(width[0] + 2) + "|" + "-".repeat(width[1] + 1) + ":|"
                        + "-".repeat(width[2] + 2) + "|" + "-".repeat(width[3] + 2) + "|");
            }
        }
    }

    static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }
}
