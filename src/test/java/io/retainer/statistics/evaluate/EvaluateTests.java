package io.retainer.statistics.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import io.retainer.statistics.value.BgNbd;
import io.retainer.statistics.value.GammaGamma;
import io.retainer.statistics.value.Simulated;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.json.JsonMapper;

class EvaluateTests {

    @TempDir
    Path directory;

    private record Run(int exit, String output, String error) {}

    private static Run run(Object command, String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        int exit = new CommandLine(command)
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
        return new Run(exit, out.toString(), err.toString());
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    private Path transactions(String form) throws IOException {
        var random = new Random(1);
        var lines = new StringBuilder();
        for (int i = 0; i < 400; i++) {
            int day = random.nextInt(60);
            double gap = 10 + random.nextInt(60);
            while (day < 360) {
                lines.append(form.formatted(i, 2025, 1 + day / 30, 1 + day % 30 % 28, 10 + random.nextInt(50)))
                        .append('\n');
                day += (int) Math.max(1, -Math.log(1 - random.nextDouble()) * gap);
                if (random.nextInt(5) == 0) {
                    break;
                }
            }
        }
        return file("buys.txt", lines.toString());
    }

    @Test
    void readsATableWithoutAHeaderByAMapping() throws IOException {
        var buys = transactions("  %05d  %d%02d%02d %d.50");
        var mapping =
                file("map.properties", "delimiter = space\nheader = none\ncustomer = #1\ndate = #2\namount = #3\n");
        var run = run(
                new ValueCommand(),
                "--transactions",
                buys.toString(),
                "--mapping",
                mapping.toString(),
                "--calibration-weeks",
                "30",
                "--json",
                "--lang",
                "en");
        assertThat(run.error()).isEmpty();
        assertThat(run.exit()).isZero();
        var json = new JsonMapper().readTree(run.output());
        assertThat(json.at("/customers").asInt()).isEqualTo(400);
        assertThat(json.at("/bgNbd/parameters/alpha").asDouble()).isPositive();
        assertThat(json.at("/bgNbd/holdOut/actual").asInt()).isPositive();
        assertThat(json.at("/paretoNbd/logLikelihood").asDouble()).isNegative();
    }

    @Test
    void findsTheColumnsOfATableByTheirNames() throws IOException {
        var simulated = Simulated.bgNbd(new BgNbd(.6, 5, .8, 3), new GammaGamma(6, 4, 15), 600, 40, 2);
        var lines = new ArrayList<String>(List.of("customer;frequency;recency;T;zbar"));
        simulated
                .histories()
                .forEach(h -> lines.add("%s;%d;%s;%s;%s"
                        .formatted(h.customer(), h.repeats(), h.lastRepeat(), h.observed(), h.averageSpend())));
        var file = Files.write(directory.resolve("summary.csv"), lines);
        var each = directory.resolve("each.csv");
        var run = run(new ValueCommand(), "--summary", file.toString(), "--customers", each.toString(), "--lang", "zh");
        assertThat(run.error()).isEmpty();
        var rows = Files.readAllLines(each);
        assertThat(rows).hasSize(601);
        assertThat(rows.getFirst()).contains("expected_95_low", "purchases_90_high", "worth_95_low", "brings_90_high");
        for (var row : rows.subList(1, rows.size())) {
            var cells = row.split(",", -1);
            assertThat(cells).hasSize(12).doesNotContain("", "NaN", "Infinity");
            var figures = java.util.Arrays.stream(cells)
                    .skip(1)
                    .mapToDouble(Double::parseDouble)
                    .toArray();
            assertThat(figures[1]).isBetween(figures[2], figures[3]);
            assertThat(figures[6]).isBetween(figures[7], figures[8]);
            assertThat(figures[4]).isLessThanOrEqualTo(figures[5]);
            assertThat(figures[9]).isLessThanOrEqualTo(figures[10]);
        }
        assertThat(run.exit()).isZero();
        assertThat(run.output()).contains("BG/NBD 模型", "Gamma-Gamma", "对数似然", "客户终身价值");
    }

    private String purchases(String day, String amount, String sign) throws IOException {
        var random = new Random(4);
        var lines = new StringBuilder("会员编号|下单时间|实付金额（元）\n");
        for (int i = 0; i < 150; i++) {
            for (int n = 0; n < 1 + i % 3; n++) {
                var on = java.time.LocalDate.of(2025, 1, 1).plusDays(random.nextInt(300));
                var paid = 1200 + random.nextInt(90) + random.nextInt(100) / 100.0;
                lines.append("%d|%s|%s%s\n"
                        .formatted(
                                i,
                                java.time.format.DateTimeFormatter.ofPattern(day, java.util.Locale.ENGLISH)
                                        .format(on.atTime(9, 30)),
                                sign,
                                new java.text.DecimalFormat(
                                                amount.replace('_', ','),
                                                java.text.DecimalFormatSymbols.getInstance(
                                                        sign.equals("€")
                                                                ? java.util.Locale.GERMANY
                                                                : java.util.Locale.US))
                                        .format(paid)));
            }
        }
        var run = run(
                new ValueCommand(),
                "--transactions",
                file("form.csv", lines.toString()).toString(),
                "--json",
                "--lang",
                "en");
        assertThat(run.error()).as(day).isEmpty();
        return run.output().replaceAll("\"seconds\" : [^,]*", "").replaceAll("\"columns\"[^}]*}", "");
    }

    /** However days and amounts are written, the same purchases are found. */
    @Test
    void theFormOfDaysAndAmountsDoesNotMatter() throws IOException {
        var plain = purchases("yyyy-MM-dd", "0.00", "");
        assertThat(plain).contains("\"customers\" : 150", "logLikelihood");
        assertThat(purchases("dd/MM/yyyy", "0.00", "$")).isEqualTo(plain);
        assertThat(purchases("M/d/yy H:mm", "#_##0.00", "¥")).isEqualTo(plain);
        assertThat(purchases("dd.MM.yyyy", "#_##0.00", "€")).isEqualTo(plain);
        assertThat(purchases("d MMM yyyy", "0.00", "")).isEqualTo(plain);
        assertThat(purchases("MMM d, yyyy", "0.00", "")).isEqualTo(plain);
        assertThat(purchases("yyyy'年'M'月'd'日'", "0.00", "￥")).isEqualTo(plain);
        assertThat(purchases("yyyyMMdd", "0.00", "")).isEqualTo(plain);
    }

    @Test
    void rowsWithoutACustomerAreNobodysAndPiecesCountTimesTheirPrice() throws IOException {
        var file = file("shop.csv", """
            InvoiceDate,CustomerID,Quantity,UnitPrice
            2025-01-01,7,2,3.5
            2025-01-02,,9,1
            2025-02-01,7,,1
            2025-03-01,7,-1,3.5
            """);
        var run = run(new ValueCommand(), "--transactions", file.toString(), "--lang", "en");
        assertThat(run.output())
                .contains("1 customer;", "amount = Quantity × UnitPrice", "2 rows without a customer")
                .doesNotContain("NaN");
        refused("buys.csv", "customer,date,amount\na,03/04/2025,3\nb,05/06/2025,4\n", "line 2", "03/04/2025", "dd/MM");
        refused("buys.csv", "customer,date,amount\na,13/04/2025,3\nb,05/16/2025,4\n", "13/04/2025");
        refused("buys.csv", "customer,date,amount\na,2025-01-01,1e300\n", "1e300");
        refused("buys.csv", "customer,date,amount\n,2025-01-01,3\n", "no rows");
        assertThat(run(new ValueCommand(), "--transactions", file.toString(), "--weeks", "-1", "--lang", "en")
                        .error())
                .contains("--weeks");
    }

    @Test
    void saysNotMeasurableInsteadOfANumber() throws IOException {
        var file = file("few.csv", "customer,date,amount\na,2025-01-01,3\nb,2025-01-02,4\n");
        var run = run(new ValueCommand(), "--transactions", file.toString(), "--lang", "en");
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.output()).contains("Not measurable").doesNotContain("NaN");
    }

    @Test
    void refusesWhatItCannotReadAndNamesThePlace() throws IOException {
        refused("buys.csv", "customer,date,amount\na,2025-13-01,3\n", "line 2", "2025-13-01");
        refused("buys.csv", "customer,date,amount\na,2025-01-01,three\n", "three", "amount");
        refused("buys.csv", "customer,who,amount\na,2025-01-01,3\n", "date", "--mapping");
        refused("buys.csv", "customer,date,date\na,2025-01-01,3\n", "date");
        refused("buys.csv", "", "no rows");
        refused("buys.csv", "customer,date,amount\n", "no rows");
        refused("buys.csv", "customer,date,amount\n" + "x".repeat(1_100_000), "more than 1000000");
        refused("buys.csv", ",".repeat(3_000) + "\n", "columns");
        Files.write(directory.resolve("bad.csv"), new byte[] {'a', (byte) 0xff, (byte) 0xff, '\n'});
        var run = run(
                new ValueCommand(),
                "--transactions",
                directory.resolve("bad.csv").toString(),
                "--lang",
                "en");
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run(new ValueCommand(), "--lang", "en").exit()).isEqualTo(2);
        assertThat(run(new ValueCommand(), "--summary", "nowhere.csv").exit()).isEqualTo(2);
    }

    private void refused(String name, String text, String... says) throws IOException {
        var run = run(new ValueCommand(), "--transactions", file(name, text).toString(), "--lang", "en");
        assertThat(run.exit()).as(run.output()).isEqualTo(2);
        assertThat(run.error()).contains(says);
    }

    private String churnTable() {
        var random = new Random(3);
        var text = new StringBuilder("客户号,月数,套餐,流失\n");
        for (int i = 0; i < 900; i++) {
            int months = random.nextInt(50);
            boolean left = random.nextDouble() < 1 / (1 + Math.exp(months / 10.0 - 1.5));
            text.append(
                    "K%d,%d,%s,%s%n".formatted(i * 7919, months, random.nextInt(2) == 0 ? "甲" : "乙", left ? "是" : "否"));
        }
        return text.toString();
    }

    @Test
    void judgesFoldsOfAChineseTableInGb18030() throws IOException {
        var file = Files.writeString(directory.resolve("会员.csv"), churnTable(), Charset.forName("GB18030"));
        var run = run(new ChurnCommand(), "--records", file.toString(), "--label", "流失", "--lang", "en");
        assertThat(run.error()).isEmpty();
        assertThat(run.exit()).isZero();
        assertThat(run.output()).contains("#5", "Mean: AUROC", "\"客户号\" is not used", "Reliability");
    }

    @Test
    void judgesTheSplitsGiven() throws IOException {
        var file = file("records.csv", "\uFEFF" + churnTable());
        var rows = new StringBuilder("row_0based\n");
        for (int i = 0; i < 900; i += 4) {
            rows.append(i).append('\n');
        }
        var split = file("split.csv", rows.toString());
        var run = run(
                new ChurnCommand(),
                "--records",
                file.toString(),
                "--label",
                "流失",
                "--splits",
                split.toString(),
                "--json",
                "--lang",
                "en");
        assertThat(run.error()).isEmpty();
        var json = new JsonMapper().readTree(run.output());
        assertThat(json.at("/splits/0/tested").asInt()).isEqualTo(225);
        assertThat(json.at("/splits/0/trained").asInt()).isEqualTo(675);
        assertThat(json.at("/splits/0/auroc").asDouble()).isBetween(.6, .95);
        file("split.csv", "900\n");
        assertThat(run(new ChurnCommand(), "--records", file.toString(), "--label", "流失", "--splits", split.toString())
                        .exit())
                .isEqualTo(2);
        assertThat(run(new ChurnCommand(), "--records", file.toString(), "--label", "月数")
                        .exit())
                .isEqualTo(2);
        assertThat(run(new ChurnCommand(), "--records", file.toString(), "--label", "套餐")
                        .error())
                .contains("--positive");
    }

    private Run churn(String text) throws IOException {
        return run(
                new ChurnCommand(),
                "--records",
                file("labels.csv", text).toString(),
                "--label",
                "gone",
                "--lang",
                "en");
    }

    @Test
    void labelsAreTakenByTheirMeaning() throws IOException {
        var random = new Random(9);
        var text = new StringBuilder("a,b,gone\n");
        for (int i = 0; i < 320; i++) {
            int a = random.nextInt(20);
            boolean left = random.nextInt(20) > a;
            text.append("%d,%s,%s\n"
                    .formatted(
                            a,
                            i % 60 == 0 ? "1e308" : String.valueOf(random.nextInt(9)),
                            i % 40 == 0
                                    ? "NA"
                                    : left
                                            ? List.of("1", "1.0", " 1 ").get(i % 3)
                                            : List.of("0", "0.00").get(i % 2)));
        }
        var run = churn(text.toString());
        assertThat(run.error()).isEmpty();
        assertThat(run.exit()).isZero();
        assertThat(run.output())
                .contains("320 rows, 312 with a label", "Together: 312 records", "\"b\" holds")
                .doesNotContain("NaN", "Infinity");
    }

    /** Folds of a tenth of what is needed say together what none of them can. */
    @Test
    void smallFoldsAreJudgedTogether() throws IOException {
        var random = new Random(2);
        var text = new StringBuilder("a,gone\n");
        for (int i = 0; i < 180; i++) {
            int a = random.nextInt(20);
            text.append("%d,%s\n".formatted(a, random.nextInt(30) > a + 4 ? "Yes" : "no"));
        }
        var run = churn(text.toString());
        assertThat(run.output()).contains("#1: Not measurable", "Together: 180 records", "Reliability");
        assertThat(run.exit()).isZero();
    }

    @Test
    void labelsThatDoNotServeAreNamed() throws IOException {
        assertThat(churn("a,gone\n1,yes\n2,yes\n").error()).contains("1: yes (2)");
        assertThat(churn("a,gone\n1,yes\n2,no\n3,maybe\n").error()).contains("3: ", "maybe (1)", "blank");
        assertThat(churn("a,gone\n1,\n2,NA\n").error()).contains("empty", "fill in");
    }
}
