package io.retainer.contract;

import io.retainer.contract.TermEntry.Reading;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Texts;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code contract check FILE}: the clauses, terms and problems of a contract text. Exits 0 when there is no blank and no
 * contradiction, 1 when there is, 2 when the file cannot be read.
 */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = "Reads a contract (plain text or DOCX) and lists its terms and problems.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:no blank and no contradiction (open choices are listed, they are no errors)",
            "1:blanks or contradictions",
            "2:the file cannot be read"
        })
public final class CheckCommand implements Callable<Integer> {

    @Parameters(
            index = "0",
            paramLabel = "FILE",
            description = "Plain text (UTF-8, UTF-16, GB18030) or DOCX; - reads from standard input.")
    @Nullable
    Path file;

    @Option(names = "--json", description = "Prints clauses, terms with their sources, and problems as JSON.")
    boolean json;

    @Option(
            names = "--lang",
            paramLabel = "zh|en",
            description = "Language of the words; by default that of the environment, Chinese unless it is English.")
    @Nullable
    String language;

    @Spec
    @Nullable
    CommandSpec spec;

    @Override
    public Integer call() {
        var line = java.util.Objects.requireNonNull(spec).commandLine();
        var texts = Texts.in(locale());
        try {
            var contract = ContractImporter.file(bytes(java.util.Objects.requireNonNull(file)));
            var problems = Problems.of(contract);
            if (json) {
                line.getOut().println(asJson(contract, problems, texts));
            } else {
                print(line.getOut(), contract, problems, texts);
            }
            line.getOut().flush();
            return problems.stream().anyMatch(Problem::isError) ? 1 : 0;
        } catch (Refused refused) {
            return failed(line.getErr(), texts, refused);
        } catch (NoSuchFileException missing) {
            return failed(line.getErr(), texts, Refused.because("contract.file.missing", file));
        } catch (IOException unreadable) {
            return failed(line.getErr(), texts, Refused.because("contract.file.unreadable", file));
        }
    }

    private static byte[] bytes(Path file) throws IOException {
        if (file.toString().equals("-")) {
            return System.in.readNBytes(SourceText.MOST_BYTES + 1);
        }
        if (Files.isDirectory(file)) {
            throw Refused.because("contract.file.directory", file);
        }
        try (var in = Files.newInputStream(file)) {
            return in.readNBytes(SourceText.MOST_BYTES + 1);
        }
    }

    private int failed(PrintWriter err, Texts texts, Refused refused) {
        err.println(texts.say(refused.sentence()));
        err.flush();
        return 2;
    }

    private Locale locale() {
        var chosen = language != null
                ? language
                : java.util.stream.Stream.of("LC_ALL", "LC_MESSAGES", "LANG")
                        .map(System::getenv)
                        .filter(value -> value != null && !value.isBlank())
                        .findFirst()
                        .orElse("zh");
        return chosen.toLowerCase(Locale.ROOT).startsWith("en") ? Texts.ENGLISH : Texts.CHINESE;
    }

    private static void print(PrintWriter out, ImportedContract contract, List<Problem> problems, Texts texts) {
        out.println(texts.say(
                "contract.check.heading",
                contract.title().isEmpty() ? texts.say("contract.untitled") : contract.title(),
                contract.clauses().size(),
                io.retainer.kernel.Clause.values().length,
                contract.encoding()));
        out.println();
        out.println(texts.say("contract.check.terms"));
        for (var entry : contract.terms().entries()) {
            boolean inText = entry.source() == TermSource.MAIN_TEXT || entry.source() == TermSource.ANNEX;
            boolean expected =
                    entry.passage() != null || entry.key().isBlankOfText() || entry.key() == TermKey.SIGN_PLACE;
            if (inText && expected) {
                var value = entry.value();
                out.println(
                        "  " + entry.key().gap() + "  " + texts.say(entry.key().title()) + ": "
                                + (value == null ? "(" + texts.name(entry.reading()) + ")" : shown(value, texts))
                                + "  [" + entry.key().clause() + "]");
            }
        }
        group(out, problems, texts, "contract.check.errors", true);
        group(out, problems, texts, "contract.check.choices", false);
        if (!contract.unread().isEmpty()) {
            out.println();
            out.println(texts.say("contract.check.unread"));
            contract.unread().forEach(passage -> out.println("  " + passage.text()));
        }
        if (problems.stream().noneMatch(Problem::isError)) {
            out.println();
            out.println(texts.say("contract.check.clean"));
        }
    }

    private static void group(PrintWriter out, List<Problem> problems, Texts texts, String heading, boolean errors) {
        var shown =
                problems.stream().filter(problem -> problem.isError() == errors).toList();
        if (!shown.isEmpty()) {
            out.println();
            out.println(texts.say(heading, shown.size()));
            for (var problem : shown) {
                out.println("  " + problem.clause() + "  " + texts.say(problem.what()));
                out.println("      → " + texts.say(problem.remedy()));
            }
        }
    }

    private static String shown(TermValue value, Texts texts) {
        return switch (value) {
            case TermValue.Amount(var money) -> money.toString();
            case TermValue.Choice(var constant) -> texts.name(constant);
            case TermValue.Decimal _,
                    TermValue.Day _,
                    TermValue.Numbers _,
                    TermValue.Schedule _,
                    TermValue.Text _,
                    TermValue.Whole _,
                    TermValue.YesNo _ -> value.canonical();
        };
    }

    private static String asJson(ImportedContract contract, List<Problem> problems, Texts texts) {
        return JsonMapper.builder()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .build()
                .writeValueAsString(ImportJson.of(contract, problems, texts));
    }

    /** The shape that the command line prints and the API answers. */
    static final class ImportJson {

        private ImportJson() {}

        static Map<String, @Nullable Object> of(ImportedContract contract, List<Problem> problems, Texts texts) {
            var json = new LinkedHashMap<String, @Nullable Object>();
            json.put("title", contract.title());
            json.put("encoding", contract.encoding());
            json.put("traditionalScript", contract.traditionalScript());
            json.put("reconstructions", contract.reconstructions());
            json.put(
                    "clauses",
                    contract.clauses().stream().map(ImportJson::clause).toList());
            json.put(
                    "missingClauses",
                    contract.missing().stream().map(clause -> clause.id()).toList());
            json.put(
                    "terms",
                    contract.terms().entries().stream().map(ImportJson::term).toList());
            json.put(
                    "problems",
                    problems.stream().map(problem -> problem(problem, texts)).toList());
            json.put(
                    "unread",
                    contract.unread().stream().map(ImportJson::passage).toList());
            json.put(
                    "excluded",
                    contract.furniture().stream().map(ImportJson::passage).toList());
            json.put(
                    "annexes",
                    contract.annexes().keySet().stream()
                            .map(AnnexKind::number)
                            .sorted()
                            .toList());
            json.put("errors", problems.stream().filter(Problem::isError).count());
            return json;
        }

        static Map<String, @Nullable Object> clause(FoundClause found) {
            var json = new LinkedHashMap<String, @Nullable Object>();
            json.put("id", found.clause().id());
            json.putAll(passage(found.passage()));
            json.put("inferredHeading", found.inferredHeading());
            json.put("cutOff", found.cutOff());
            return json;
        }

        static Map<String, @Nullable Object> passage(Passage passage) {
            var json = new LinkedHashMap<String, @Nullable Object>();
            json.put("text", passage.text());
            json.put("original", passage.original());
            json.put("reconstructed", passage.reconstructed());
            return json;
        }

        static Map<String, @Nullable Object> term(TermEntry entry) {
            var json = new LinkedHashMap<String, @Nullable Object>();
            var value = entry.value();
            var passage = entry.passage();
            json.put("id", entry.key().id());
            json.put("gap", entry.key().gap());
            json.put("clause", entry.key().clause().id());
            json.put("type", entry.key().type().name());
            json.put("status", entry.reading().name());
            boolean hidden = MoneyMask.isHidden(entry);
            json.put("value", value == null || hidden ? null : value.canonical());
            if (hidden) {
                json.put("hidden", true);
            }
            json.put(
                    "source",
                    entry.reading() == Reading.BLANK && passage == null
                            ? null
                            : entry.source().name());
            json.put("passage", passage == null ? null : passage.text());
            json.put("binds", entry.binds());
            json.put(
                    "confirmedBy",
                    entry.confirmedBy().stream().map(Enum::name).sorted().toList());
            return json;
        }

        static Map<String, @Nullable Object> problem(Problem problem, Texts texts) {
            var json = new LinkedHashMap<String, @Nullable Object>();
            json.put("kind", problem.kind().name());
            json.put("code", problem.code());
            json.put("clause", problem.clause().id());
            json.put(
                    "values",
                    problem.values().stream()
                            .map(value -> {
                                var at = new LinkedHashMap<String, String>();
                                at.put("clause", value.clause().id());
                                if (!value.term().isEmpty()) {
                                    at.put("term", value.term());
                                }
                                at.put("value", value.value());
                                return at;
                            })
                            .toList());
            json.put("message", texts.say(problem.what()));
            json.put("remedy", texts.say(problem.remedy()));
            return json;
        }
    }
}
