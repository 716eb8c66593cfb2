package io.retainer.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.retainer.statistics.Measurement.Measured;
import io.retainer.statistics.value.CustomerHistory;
import io.retainer.statistics.value.Fitted;
import io.retainer.statistics.value.ParetoNbd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** Our intervals, sample sizes and driver shares against files of R's answers, where there are such files. */
@EnabledIfEnvironmentVariable(named = "RETAINER_REFERENCE", matches = ".+")
class ReferenceFilesTests {

    private static final double CLOSE = 1e-6;

    @Test
    void proportions() throws IOException {
        for (var row : rows("proportion_ci_R.csv")) {
            var proportion = new Proportion(Long.parseLong(row.get("x")), Long.parseLong(row.get("n")));
            is(proportion.wilson(.95), row, "wilson");
            is(proportion.wilsonWithContinuity(.95), row, "wilson_cc");
            is(proportion.clopperPearson(.95), row, "cp");
        }
    }

    @Test
    void sampleSizes() throws IOException {
        for (var row : rows("power_prop_R.csv")) {
            double n = number(row, "n_per_group");
            assertThat(SampleSize.powerOfProportions(number(row, "p1"), number(row, "p2"), n, number(row, "alpha")))
                    .isEqualTo(number(row, "power"), within(CLOSE));
            assertThat(SampleSize.ofProportions(
                                    number(row, "p1"), number(row, "p2"), number(row, "power"), number(row, "alpha"))
                            / n)
                    .isEqualTo(1, within(CLOSE));
        }
        for (var row : rows("power_t_R.csv")) {
            assertThat(SampleSize.ofMeans(number(row, "delta"), number(row, "sd"), number(row, "power"), .05))
                    .isEqualTo(number(row, "n"), within(1e-4));
        }
    }

    @Test
    void driverShares() throws IOException {
        var table = rows("swiss.csv");
        var expected = rows("swiss_lmg_baseR.csv");
        var names = expected.stream().map(row -> row.get("driver")).toList();
        var rows = new ArrayList<double[]>();
        var outcome = new ArrayList<Double>();
        for (var row : table) {
            rows.add(names.stream().mapToDouble(name -> number(row, name)).toArray());
            outcome.add(number(row, "Fertility"));
        }
        var found = Drivers.of(names, rows, outcome, new Basis("swiss", null, 0, Method.SHAPLEY_LMG));
        var drivers = ((Measured<Drivers>) found).value();
        for (var row : expected) {
            assertThat(drivers.share(row.get("driver")).value())
                    .as(row.get("driver"))
                    .isEqualTo(number(row, "lmg"), within(CLOSE));
        }
        assertThat(drivers.explained()).isEqualTo(.7067350, within(CLOSE));
    }

    /** The CDNOW sample, which lies beside: what the BTYD walkthrough prints for it. */
    @Test
    void paretoNbdOfCdnow() throws IOException {
        var histories = rows("../cdnow/cdnow_customers_summary.csv").stream()
                .map(row -> new CustomerHistory(
                        row.get("ID"), (int) number(row, "frequency"), number(row, "recency"), number(row, "T"), 0))
                .toList();
        var found = ParetoNbd.fit(histories, new Basis("cdnow", null, 0, Method.PARETO_NBD));
        var fitted = ((Measured<Fitted<ParetoNbd>>) found).value();
        assertThat(fitted.logLikelihood()).isGreaterThanOrEqualTo(-9594.98);
        double[] published = {.553, 10.580, .606, 11.656};
        for (int i = 0; i < published.length; i++) {
            assertThat(fitted.model().parameters()[i])
                    .as(fitted.model().parameterNames().get(i))
                    .isEqualTo(published[i], within(published[i] * .005));
        }
    }

    private static void is(Interval interval, CSVRecord row, String column) {
        assertThat(interval.low()).as(column + " " + row).isEqualTo(number(row, column + "_lo"), within(CLOSE));
        assertThat(interval.high()).as(column + " " + row).isEqualTo(number(row, column + "_hi"), within(CLOSE));
    }

    private static double number(CSVRecord row, String column) {
        return Double.parseDouble(row.get(column));
    }

    private static List<CSVRecord> rows(String name) throws IOException {
        var file = Path.of(System.getenv("RETAINER_REFERENCE"), name);
        try (var reader = Files.newBufferedReader(file)) {
            var rows = CSVFormat.DEFAULT
                    .builder()
                    .setHeader()
                    .setSkipHeaderRecord(true)
                    .setAllowMissingColumnNames(true)
                    .get()
                    .parse(reader)
                    .getRecords();
            assertThat(rows).as(name).isNotEmpty();
            return rows;
        }
    }
}
