package io.retainer.matching;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Issue 4, item 6, on files of our own making. */
class EvaluateIdentityCommandTests {

    @TempDir
    private Path folder = Path.of("");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        return new CommandLine(new EvaluateIdentityCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }

    private JsonNode figures(String... arguments) {
        out.getBuffer().setLength(0);
        assertThat(run(arguments)).as(err.toString()).isZero();
        return JsonMapper.shared().readTree(out.toString());
    }

    private Path file(String name, List<String> lines) throws IOException {
        return Files.write(folder.resolve(name), lines);
    }

    /** 300 people; every third stands there twice, the second time with a slip. */
    private List<String> people(String header, boolean febrl) {
        var names = List.of(
                "amelia", "oliver", "jessica", "thomas", "charlotte", "edward", "harriet", "george", "isabel", "henry");
        var surnames = List.of("whitaker", "blackwood", "ashworth", "pemberton", "kingsley", "thornbury", "langford");
        var lines = new ArrayList<>(List.of(header));
        var random = new SplittableRandom(4);
        for (int i = 0; i < 300; i++) {
            var name = names.get(random.nextInt(names.size()));
            var surname = surnames.get(random.nextInt(surnames.size())) + (char) ('a' + random.nextInt(26));
            var born = "%04d-%02d-%02d"
                    .formatted(1930 + random.nextInt(70), 1 + random.nextInt(12), 1 + random.nextInt(28));
            var mail = name + random.nextInt(1000) + "@example.org";
            var id = febrl ? "rec-" + i + "-org" : "k" + i;
            lines.add(String.join(",", id, name, surname, born, mail, febrl ? "" : "p" + i));
            if (i % 3 == 0) {
                var again = febrl ? "rec-" + i + "-dup-0" : "d" + i;
                lines.add(String.join(",", again, name.substring(1), surname, born, mail, febrl ? "" : "p" + i));
            }
        }
        return lines;
    }

    @Test
    void clustersInTheFileItself() throws IOException {
        var people = file("people.csv", people("key,a,b,c,d,person", false));
        var mapping = file("map.txt", List.of("# who is who", "id = key", "truth.cluster = person"));
        var figures = figures(
                "--records",
                people.toString(),
                "--truth",
                people.toString(),
                "--mapping",
                mapping.toString(),
                "--json");
        assertThat(figures.get("truePairs").asInt()).isEqualTo(100);
        assertThat(figures.get("f1").asDouble()).isGreaterThan(0.98);
        assertThat(figures.get("columns").toString()).doesNotContain("person").doesNotContain("key");
        assertThat(figures.get("peakMegabytes").asInt()).isPositive();
    }

    @Test
    void theConventionOfFebrlNeedsNoMapping() throws IOException {
        var people = file("febrl.csv", people("rec_id, a, b, c, d, e", true));
        var figures = figures("--records", people.toString(), "--truth", people.toString(), "--json");
        assertThat(figures.get("truePairs").asInt()).isEqualTo(100);
        assertThat(figures.get("f1").asDouble()).isGreaterThan(0.98);
        var without =
                figures("--records", people.toString(), "--truth", people.toString(), "--json", "--without", "d,c");
        assertThat(without.get("columns").toString()).isEqualTo("[\"b\",\"a\"]");
    }

    @Test
    void aListOfPairsIsRecognised() throws IOException {
        var people = file("people.csv", people("key,a,b,c,d,person", false));
        var pairs = new ArrayList<>(List.of("one,two"));
        for (int i = 0; i < 300; i += 3) {
            pairs.add("d" + i + ",k" + i);
        }
        var truth = file("pairs.csv", pairs);
        var figures =
                figures("--records", people.toString(), "--truth", truth.toString(), "--json", "--without", "person");
        assertThat(figures.get("truePairs").asInt()).isEqualTo(100);
        assertThat(figures.get("f1").asDouble()).isGreaterThan(0.98);
    }

    @Test
    void labelledPairsOfTwoFilesAreJudgedAlone() throws IOException {
        var all = people("key,a,b,c,d,person", false);
        var left = new ArrayList<>(List.of(all.getFirst()));
        var right = new ArrayList<>(List.of("key;given;family;born;mail;person"));
        var truth = new ArrayList<>(List.of("left\tright\tlabel"));
        for (var line : all.subList(1, all.size())) {
            if (line.startsWith("d")) {
                right.add(line.replace(',', ';'));
                var number = line.substring(1, line.indexOf(','));
                truth.add("k" + number + "\td" + number + "\t1");
                truth.add("k" + (Integer.parseInt(number) + 1) + "\td" + number + "\t0");
            } else {
                left.add(line);
            }
        }
        var files = file("left.csv", left) + "," + file("right.csv", right);
        var mapping = file(
                "map.txt",
                List.of(
                        "rename.given = a",
                        "rename.family = b",
                        "rename.born = c",
                        "rename.mail = d",
                        "column.person = ignored"));
        var figures = figures(
                "--records",
                files,
                "--truth",
                file("t.tsv", truth).toString(),
                "--mapping",
                mapping.toString(),
                "--json");
        assertThat(figures.get("truePairs").asInt()).isEqualTo(100);
        assertThat(figures.get("f1").asDouble()).isGreaterThan(0.98);
        assertThat(figures.get("possiblePairs").asInt()).isEqualTo(30_000);
    }

    /** People with their person last; the columns in this order. */
    private static List<String> columns(List<String> people, int... order) {
        return people.stream()
                .map(line -> line.split(",", -1))
                .map(cells -> String.join(
                        ",", Arrays.stream(order).mapToObj(c -> cells[c]).toList()))
                .toList();
    }

    private static String over(String header, List<String> lines) {
        var all = new ArrayList<>(lines);
        all.set(0, header);
        return String.join("\n", all);
    }

    private JsonNode judged(String records, Path truth) {
        return figures("--records", records, "--truth", truth.toString(), "--json");
    }

    @Test
    void theTruthInTheFileItselfNeedsNoMappingAndIsNeverCompared() throws IOException {
        var people = file("people.csv", people("key,a,b,c,d,cluster", false));
        var figures = judged(people.toString(), people);
        assertThat(figures.get("truePairs").asInt()).isEqualTo(100);
        assertThat(figures.get("columns").toString()).doesNotContain("cluster");
        var pairs = new ArrayList<>(List.of("one,two"));
        for (int i = 0; i < 300; i += 3) {
            pairs.add("d" + i + ",k" + i);
        }
        assertThat(judged(people.toString(), file("pairs.csv", pairs))
                        .get("columns")
                        .toString())
                .doesNotContain("cluster");
        var unclear = file("unclear.csv", people("key,a,b,c,d,e", false)).toString();
        assertThat(run("--records", unclear, "--truth", unclear, "--lang", "en"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("truth.cluster");
    }

    @Test
    void marksOfNothingAreNoValues() throws IOException {
        var lines = new ArrayList<String>();
        var marked = new ArrayList<String>();
        var random = new SplittableRandom(6);
        for (var line : people("key,a,b,c,d,cluster", false)) {
            var cells = line.split(",");
            for (int c = 1; c < 5 && !lines.isEmpty(); c++) {
                cells[c] = random.nextInt(4) == 0 ? "" : cells[c];
            }
            lines.add(String.join(",", cells));
            marked.add(String.join(
                    ",",
                    Arrays.stream(cells)
                            .map(cell -> cell.isEmpty() ? "NULL" : cell)
                            .toList()));
        }
        var blank = file("blank.csv", lines);
        var told = file("told.csv", marked);
        assertThat(judged(told.toString(), told).get("f1").asDouble())
                .isEqualTo(judged(blank.toString(), blank).get("f1").asDouble());
    }

    @Test
    void columnsOfASecondFileAreKnownByWhatStandsInThem() throws IOException {
        var all = people("key,a,b,c,d,person", false);
        var left = new ArrayList<>(List.of(all.getFirst()));
        var right = new ArrayList<>(List.of(all.getFirst()));
        var truth = new ArrayList<>(List.of("second,first"));
        for (var line : all.subList(1, all.size())) {
            (line.startsWith("d") ? right : left).add(line);
            if (line.startsWith("d")) {
                truth.add("d" + line.substring(1, line.indexOf(',')) + ",k" + line.substring(1, line.indexOf(',')));
            }
        }
        // Other names, another order, an e-mail before the identifier that is everybody's own too.
        var first = file("left.csv", List.of(over("key,a,b,c,d", columns(left, 0, 1, 2, 3, 4))));
        var second = file("right.csv", List.of(over("mail,geb,nr,nach,vor", columns(right, 4, 3, 0, 2, 1))));
        var figures = judged(first + "," + second, file("pairs.csv", truth));
        assertThat(figures.get("truePairs").asInt()).isEqualTo(100);
        assertThat(figures.get("f1").asDouble()).isGreaterThan(0.98);
    }

    @Test
    void filesThatHoldPeopleTwiceAreLinkedManyToMany() throws IOException {
        var all = people("key,a,b,c,d,person", false);
        var left = new ArrayList<>(List.of("key,a,b,c,d"));
        var right = new ArrayList<>(List.of("key,a,b,c,d"));
        var truth = new ArrayList<>(List.of("one,other"));
        for (var line : columns(all.subList(1, all.size()), 0, 1, 2, 3, 4)) {
            var id = line.substring(0, line.indexOf(','));
            var rest = line.substring(line.indexOf(','));
            left.add("a" + line);
            right.add("b" + id + rest);
            if (id.startsWith("d")) {
                right.add("c" + id + rest.replace("@", "1@"));
                var number = id.substring(1);
                for (var one : List.of("ak", "ad")) {
                    for (var other : List.of("bk", "bd", "cd")) {
                        truth.add(one + number + "," + other + number);
                    }
                }
            } else if (Integer.parseInt(id.substring(1)) % 3 != 0) {
                truth.add("a" + id + ",b" + id);
            }
        }
        var files = file("l.csv", left) + "," + file("r.csv", right);
        assertThat(judged(files, file("pairs.csv", truth)).get("f1").asDouble()).isGreaterThan(0.95);
    }

    @Test
    void theFirstLetterBeyondAsciiMayComeLate() throws IOException {
        var lines = people("key,a,b,c,d,cluster", false);
        while (lines.size() < 3_000) {
            lines.add("x" + lines.size() + ",,,,,x" + lines.size());
        }
        lines.add("last,Andr\u00e9,M\u00fcller,1950-01-01,,last");
        for (var charset : List.of("windows-1252", "UTF-8", "GB18030")) {
            var people = Files.write(folder.resolve(charset + ".csv"), lines, Charset.forName(charset));
            assertThat(judged(people.toString(), people).get("records").asInt())
                    .as(charset)
                    .isEqualTo(3_000);
        }
    }

    @Test
    void aListWithoutPairsIsATruthToo() throws IOException {
        var people = file("people.csv", people("key,a,b,c,d,cluster", false));
        assertThat(judged(people.toString(), file("none.csv", List.of("one,two")))
                        .get("truePairs")
                        .asInt())
                .isZero();
    }

    @Test
    void readsWhatExcelWritesInChina() throws IOException {
        var rows = ChineseCustomers.generate(400, 2).rows();
        var lines = new ArrayList<>(List.of("编号," + String.join(",", ChineseCustomers.COLUMNS)));
        for (int i = 0; i < rows.size(); i++) {
            var row = rows.get(i);
            lines.add("c" + i + ","
                    + String.join(
                            ",",
                            ChineseCustomers.COLUMNS.stream()
                                    .map(c -> row.getOrDefault(c, ""))
                                    .toList()));
        }
        var file = Files.write(folder.resolve("客户.csv"), lines, Charset.forName("GB18030"));
        var truth = file("t.csv", List.of("a,b", "c0,c1", "c2,c3", "c4,c5"));
        assertThat(figures("--records", file.toString(), "--truth", truth.toString(), "--json")
                        .get("columns")
                        .toString())
                .contains("姓名");
    }

    @Test
    void fallingShortIsAnExitCode() {
        assertThat(run("--generated", "500", "--at-least", "1.01", "--lang", "en"))
                .isEqualTo(1);
        assertThat(out.toString()).contains("generated, seed 1").contains("F1");
    }

    @Test
    void saysWhatIsWrongWithTheInput() throws IOException {
        var people = file("people.csv", people("key,a,b,c,d,person", false)).toString();
        assertThat(run("--lang", "en")).isEqualTo(2);
        assertThat(run("--records", "nowhere.csv", "--truth", people, "--lang", "en"))
                .isEqualTo(2);
        assertThat(run("--records", people, "--truth", people, "--without", "zzz", "--lang", "en"))
                .isEqualTo(2);
        var mapping = file("map.txt", List.of("colour = red")).toString();
        assertThat(run("--records", people, "--truth", people, "--mapping", mapping, "--lang", "en"))
                .isEqualTo(2);
        assertThat(err.toString())
                .contains("--records")
                .contains("nowhere.csv")
                .contains("zzz")
                .contains("colour = red");
    }
}
