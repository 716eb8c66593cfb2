package io.retainer.billing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.retainer.kernel.Money;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Texts;
import io.retainer.kernel.WorkCalendar;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SimulationTests {

    static final JsonMapper JSON = new JsonMapper();
    static final String SMALLEST = """
            {"terms": {"term": {"start": "2025-01-01", "months": 12},
                       "fee": {"total": "1200000.00", "instalments": 12},
                       "late": {"mode": "DAILY", "ratePercent": 0.05}},
             "facts": [{"kind": "paymentCredited", "at": "2025-02-01", "amount": 100000, "instalment": 1}],
             "asOf": "2025-02-01"}
            """;

    static List<Path> examples() throws IOException {
        try (var files = Files.list(Path.of("docs/examples"))) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void everyExampleFitsItsSchemaAndComesBackAsItWent(Path file) throws IOException {
        var text = Files.readString(file);
        assertThat(Schema.simulation().violations(JSON.readTree(text))).isEmpty();
        var simulation = Simulation.read(text);
        var again = simulation.toJson();
        assertThat(Schema.simulation().violations(JSON.readTree(again))).isEmpty();
        assertThat(Simulation.read(again)).isEqualTo(simulation);
    }

    @ParameterizedTest
    @MethodSource("examples")
    void everyVerdictFitsItsSchema(Path file) throws IOException {
        var simulation = Simulation.read(Files.readString(file));
        for (var locale : List.of(Texts.CHINESE, Texts.ENGLISH)) {
            var json = new VerdictJson(Texts.in(locale), simulation.terms().zone())
                    .print(simulation.run(WorkCalendar.chinese()));
            assertThat(Schema.verdict().violations(JSON.readTree(json))).isEmpty();
        }
    }

    @Test
    void theLeastThatCanBeAskedIsAnswered() {
        var verdict = Simulation.read(SMALLEST).run(WorkCalendar.chinese());
        assertThat(verdict.instalment(1).penalty()).isEqualTo(Money.of("1550.00"));
        assertThat(verdict.instalment(2).state()).isEqualTo(InstalmentState.OVERDUE);
    }

    @ParameterizedTest(name = "{1} → {2}: {3}")
    @CsvSource(delimiter = '|', textBlock = """
            "asOf": "2025-02-01"                 | "asOf": "1 Feb"                         | asOf                     | billing.json.wrongType
            "asOf": "2025-02-01"                 | "asOf": "2025-02-30"                    | asOf                     | billing.json.wrongType
            "asOf": "2025-02-01"                 | "asOf": "9999-12-31"                    | asOf                     | billing.json.range
            , "asOf"                             | , "asof"                                | asOf                     | billing.json.missing
            "asOf":                              | "when": 1, "asOf":                      | when                     | billing.json.unknown
            "months": 12                         | "months": "12"                          | terms.term.months        | billing.json.wrongType
            "months": 12                         | "months": 1000                          | terms.term.months        | billing.json.range
            "months": 12                         | "months": 12, "end": "2026-01-01"       | terms.term.end           | billing.simulation.end
            "1200000.00"                         | "1,200,000"                             | terms.fee.total          | billing.json.wrongType
            "1200000.00"                         | "1200000.005"                           | terms.fee.total          | billing.json.fraction
            "1200000.00"                         | -5                                      | terms.fee.total          | billing.json.range
            "1200000.00"                         | 1e99                                    | terms.fee.total          | billing.json.wrongType
            "1200000.00"                         | "0"                                     | terms.fee.total          | billing.schedule.noFee
            "mode": "DAILY"                      | "mode": "WEEKLY"                        | terms.late.mode          | billing.json.choice
            "ratePercent": 0.05                  | "ratePercent": 1e999999999              | terms.late.ratePercent   | billing.json.wrongType
            "ratePercent": 0.05                  | "ratePercent": 0.05, "lprMultiple": 1.5 | terms.late.lprMultiple   | billing.simulation.twoRates
            "ratePercent": 0.05                  | "lprMultiple": 1.5                      | terms.late.lprMultiple   | billing.simulation.lprNotAnnual
            "kind": "paymentCredited"            | "kind": "paid"                          | facts[0].kind            | billing.json.choice
            "instalment": 1}                     | "instalment": 13}                       | instalment               | billing.schedule.noSuchInstalment
            "instalment": 1}                     | "instalment": 1, "note": "x"}           | facts[0].note            | billing.json.unknown
            "amount": 100000                     | "sum": 100000                           | facts[0].amount          | billing.json.missing
            "facts": [                           | "facts": ["x",                          | facts[0]                 | billing.json.wrongType
            "late":                              | "zone": "Mars", "late":                 | terms.zone               | billing.json.wrongType
            "late":                              | "unconfirmed": ["late.x"], "late":      | terms.unconfirmed        | billing.simulation.noTerm
            """)
    void whatIsWrongIsNamedWithItsField(String good, String bad, String field, String code) {
        assertThat(SMALLEST).contains(good.equals(", \"asOf\"") ? "\"asOf\"" : good);
        var json = good.equals(", \"asOf\"") ? SMALLEST.replace("\"asOf\"", "\"asof\"") : SMALLEST.replace(good, bad);
        assertThatThrownBy(() -> Simulation.read(json).run(WorkCalendar.chinese()))
                .isInstanceOfSatisfying(Refused.class, refused -> {
                    assertThat(refused.sentence().key()).isEqualTo(code);
                    assertThat(refused.field()).endsWith(field);
                    assertThat(Texts.in(Texts.CHINESE).say(refused.sentence())).doesNotContain("{0}");
                    assertThat(Texts.in(Texts.ENGLISH).say(refused.sentence())).doesNotContain("{0}");
                });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"terms": }                  | billing.json.syntax
            {"asOf": "a", "asOf": "b"}   | billing.json.syntax
            {} {}                        | billing.json.syntax
            [1]                          | billing.json.wrongType
            """)
    void whatIsNoJsonObjectIsRefusedWithItsPlace(String json, String code) {
        assertThatThrownBy(() -> Simulation.read(json))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> assertThat(refused.sentence().key()).isEqualTo(code));
    }

    @Test
    void theCommandPrintsTheDerivation() {
        var run = run("--lang", "en", "docs/examples/late-by-a-month.json");
        assertThat(run.exit()).isZero();
        assertThat(run.out())
                .contains("¥100,000.00 × 5% = 5000 yuan", "→ ¥5,000.00", "claim the penalty: available")
                .contains("per day · the day of payment does not count: ¥155,000.00");
        assertThat(run("--lang", "zh", "docs/examples/part-payments.json").out())
                .contains("先违约金（民法典第561条）：违约金 ¥1,215.95，本金尚欠 ¥1,215.95 *");
    }

    @Test
    void theCommandAnswersInJsonToo() {
        var run = run("--json", "docs/examples/returned-payment.json");
        assertThat(run.exit()).isZero();
        var verdict = JSON.readTree(run.out());
        assertThat(Schema.verdict().violations(verdict)).isEmpty();
        assertThat(verdict.at("/instalments/0/penalty/amount").stringValue()).isEqualTo("394.93");
    }

    @Test
    void theCommandSaysWhatItCannotRead(@TempDir Path folder) throws IOException {
        var missing = run("--lang", "en", folder.resolve("none.json").toString());
        assertThat(missing.exit()).isEqualTo(2);
        assertThat(missing.err()).contains("There is no file");
        var wrong =
                Files.writeString(folder.resolve("wrong.json"), SMALLEST.replace("\"months\": 12", "\"months\": 0"));
        var run = run("--lang", "en", wrong.toString());
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("“terms.term.months” is 0 and should be between 1 and 600");
        assertThat(run.out()).isEmpty();
        var bytes = Files.write(folder.resolve("gb.json"), new byte[] {(byte) 0xD6, (byte) 0xD0});
        assertThat(run("--lang", "en", bytes.toString()).err()).contains("not in UTF-8");
        assertThat(run("--lang", "en", folder.toString()).exit()).isEqualTo(2);
    }

    private record Run(int exit, String out, String err) {}

    private static Run run(String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        int exit = new CommandLine(new SimulateCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
        return new Run(exit, out.toString(), err.toString());
    }

    /** As much of JSON Schema as our two schemas use. */
    record Schema(JsonNode root) {

        static Schema simulation() {
            return of("simulation");
        }

        static Schema verdict() {
            return of("verdict");
        }

        private static Schema of(String name) {
            return new Schema(
                    JSON.readTree(Schema.class.getResourceAsStream("/static/schema/" + name + ".schema.json")));
        }

        List<String> violations(JsonNode document) {
            var found = new java.util.ArrayList<String>();
            check(root, document, "$", found);
            return found;
        }

        private void check(JsonNode schema, JsonNode node, String path, List<String> found) {
            if (schema.has("$ref")) {
                check(root.at(schema.get("$ref").stringValue().substring(1)), node, path, found);
            }
            if (schema.has("const") && !schema.get("const").equals(node)) {
                found.add(path + " is not " + schema.get("const"));
            }
            if (schema.has("enum") && !values(schema.get("enum")).contains(node)) {
                found.add(path + " is none of " + schema.get("enum"));
            }
            if (schema.has("type")) {
                var types = schema.get("type").isArray() ? values(schema.get("type")) : List.of(schema.get("type"));
                if (types.stream().noneMatch(type -> fits(type.stringValue(), node))) {
                    found.add(path + " is no " + schema.get("type"));
                }
            }
            if (schema.has("pattern")
                    && node.isString()
                    && !node.stringValue().matches(schema.get("pattern").stringValue())) {
                found.add(path + " does not match " + schema.get("pattern"));
            }
            if (schema.has("oneOf")) {
                var fitting = values(schema.get("oneOf")).stream()
                        .filter(one -> {
                            var inner = new java.util.ArrayList<String>();
                            check(one, node, path, inner);
                            return inner.isEmpty();
                        })
                        .count();
                if (fitting != 1) {
                    found.add(path + " fits " + fitting + " of oneOf");
                }
            }
            if (node.isObject() && schema.has("properties")) {
                for (var required : schema.path("required")) {
                    if (!node.has(required.stringValue())) {
                        found.add(path + " lacks " + required);
                    }
                }
                for (var name : node.propertyNames()) {
                    if (schema.get("properties").has(name)) {
                        check(schema.get("properties").get(name), node.get(name), path + "." + name, found);
                    } else {
                        found.add(path + " has an unknown " + name);
                    }
                }
            }
            if (node.isArray() && schema.has("items")) {
                for (int i = 0; i < node.size(); i++) {
                    check(schema.get("items"), node.get(i), path + "[" + i + "]", found);
                }
            }
        }

        private static List<JsonNode> values(JsonNode array) {
            var all = new java.util.ArrayList<JsonNode>();
            array.forEach(all::add);
            return all;
        }

        private static boolean fits(String type, JsonNode node) {
            return switch (type) {
                case "object" -> node.isObject();
                case "array" -> node.isArray();
                case "string" -> node.isString();
                case "number" -> node.isNumber();
                case "integer" -> node.isIntegralNumber();
                case "boolean" -> node.isBoolean();
                case "null" -> node.isNull();
                default -> false;
            };
        }
    }
}
