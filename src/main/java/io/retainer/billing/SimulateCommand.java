package io.retainer.billing;

import io.retainer.billing.Verdict.InstalmentVerdict;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Texts;
import io.retainer.kernel.WorkCalendar;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code simulate FILE.json}: what the terms make of hypothetical facts, derived line by line. */
@Command(
        name = "simulate",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Judge hypothetical payments by a contract's terms (按合同条款推演).",
        description = {
            "",
            "FILE holds the terms, the facts and the moment to judge them (docs/examples, "
                    + "/schema/simulation.schema.json). Prints the state of each instalment, every reading of the "
                    + "late-payment penalty with its derivation, and the rights that have become available. "
                    + "Needs no database and no network.",
            ""
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:judged", "2:the file cannot be read, or a field in it is wrong"})
public final class SimulateCommand implements Callable<Integer> {

    private static final int LONGEST_FILE = 4 * 1024 * 1024;

    @Parameters(paramLabel = "FILE", description = "A JSON file; - reads from standard input.")
    private String file = "";

    @Option(names = "--json", description = "Print the verdict as JSON.")
    private boolean json;

    @Option(names = "--lang", paramLabel = "zh|en", description = "Language of the answer (default: of the system).")
    private String language = Locale.getDefault().getLanguage();

    @Spec
    private CommandSpec spec = CommandSpec.create(); // replaced by the command line

    /** For the command line, which sets the fields. */
    public SimulateCommand() {}

    @Override
    public Integer call() {
        var locale = Locale.of(language);
        var out = spec.commandLine().getOut();
        try {
            var simulation = Simulation.read(text());
            var verdict = simulation.run(WorkCalendar.chinese());
            var texts = new Texts(locale, simulation.terms().zone());
            if (json) {
                out.println(new VerdictJson(texts, simulation.terms().zone()).print(verdict));
            } else {
                print(verdict, texts, out);
            }
            out.flush();
            return 0;
        } catch (Refused refused) {
            return failed(locale, refused.sentence());
        } catch (NoSuchFileException _) {
            return failed(locale, Sentence.of("billing.simulation.noFile", file));
        } catch (CharacterCodingException _) {
            return failed(locale, Sentence.of("billing.simulation.notUtf8", file));
        } catch (IOException unreadable) {
            return failed(locale, Sentence.of("billing.simulation.unreadable", file, unreadable.getMessage()));
        }
    }

    private int failed(Locale locale, Sentence why) {
        var err = spec.commandLine().getErr();
        err.println(Texts.in(locale).say(why));
        err.flush();
        return 2;
    }

    private String text() throws IOException {
        if (file.equals("-")) {
            return text(System.in);
        }
        try (var in = Files.newInputStream(Path.of(file))) {
            return text(in);
        }
    }

    private String text(InputStream in) throws IOException {
        var bytes = in.readNBytes(LONGEST_FILE + 1);
        if (bytes.length > LONGEST_FILE) {
            throw Refused.because("billing.simulation.tooLong", file, LONGEST_FILE);
        }
        var text = StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    private static void print(Verdict verdict, Texts texts, PrintWriter out) {
        out.println(texts.say(
                "billing.simulation.heading",
                verdict.asOf(),
                verdict.total(),
                verdict.paid(),
                verdict.overdue(),
                verdict.claimable()));
        for (var instalment : verdict.instalments()) {
            out.println();
            print(instalment, texts, out);
        }
        if (!verdict.rights().isEmpty()) {
            out.println();
            out.println(texts.say("billing.simulation.rights"));
            for (var right : verdict.rights()) {
                out.println("  " + right.right().clause() + " " + texts.name(right.right()) + ": "
                        + texts.name(right.standing()) + " — " + texts.say(right.why()));
            }
        }
        if (verdict.next() != null) {
            out.println();
            out.println(texts.say(
                    "billing.simulation.next",
                    verdict.next().at(),
                    verdict.next().what()));
        }
        verdict.notes().forEach(note -> out.println("! " + texts.say(note)));
    }

    private static void print(InstalmentVerdict instalment, Texts texts, PrintWriter out) {
        out.println("[" + texts.name(instalment.state()) + "]");
        instalment.sentences().forEach(sentence -> out.println("  " + texts.say(sentence)));
        for (var penalty : instalment.penalties()) {
            var amount = penalty.amount() == null ? "—" : penalty.amount().toString();
            out.println("  " + (penalty.equals(instalment.agreed()) ? "* " : "- ")
                    + texts.name(penalty.reading().origin()) + ", "
                    + VerdictJson.words(penalty.reading(), texts) + ": " + amount);
            if (penalty.equals(instalment.agreed())) {
                for (var line : penalty.derivation()) {
                    out.println(
                            "      " + texts.say(line.words()) + (line.amount() == null ? "" : " → " + line.amount()));
                }
            }
            penalty.flags().forEach(flag -> out.println("      ! " + texts.say(flag.words())));
        }
        for (var outcome : instalment.allocations()) {
            out.println("  "
                    + texts.say(
                            "billing.simulation.allocation",
                            Sentence.of("billing.allocation." + outcome.order().name()),
                            outcome.penalty(),
                            outcome.principalOpen())
                    + (outcome.applied() ? " *" : ""));
        }
    }
}
