package io.retainer.statistics.evaluate;

import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Texts;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What the evaluating commands have in common: how they answer, and how they refuse. */
@Command(sortOptions = false)
abstract class Evaluation implements Callable<Integer> {

    private static final JsonMapper JSON = new JsonMapper();

    @Option(names = "--json", description = "Print the figures as JSON.")
    private boolean json;

    @Option(names = "--lang", paramLabel = "zh|en", description = "Language of the answer (default: of the system).")
    private String language = Locale.getDefault().getLanguage();

    @Spec
    private CommandSpec spec = CommandSpec.create(); // replaced by the command line

    /** What was found, for people and for machines. */
    interface Report {

        void print(PrintWriter out, Texts texts);

        void write(ObjectNode out, Texts texts);

        /** False when the data did not bear the number that was asked for. */
        boolean measured();
    }

    abstract Report evaluate() throws IOException;

    @Override
    public Integer call() {
        var texts = Texts.in(Locale.of(language));
        try {
            var report = evaluate();
            var out = spec.commandLine().getOut();
            if (json) {
                var node = JSON.createObjectNode();
                report.write(node, texts);
                out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(node));
            } else {
                report.print(out, texts);
            }
            out.flush();
            return report.measured() ? 0 : 1;
        } catch (Refused refused) {
            return failed(texts, refused.sentence());
        } catch (IOException unreadable) {
            return failed(texts, Sentence.of("statistics.evaluate.noFile", unreadable.getMessage()));
        }
    }

    private int failed(Texts texts, Sentence why) {
        var err = spec.commandLine().getErr();
        err.println(texts.say(why));
        err.flush();
        return 2;
    }

    static String name(Path file) {
        var last = file.getFileName();
        return last == null ? file.toString() : last.toString();
    }

    static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }
}
