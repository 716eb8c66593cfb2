package io.retainer.statistics.evaluate;

import io.retainer.kernel.Refused;
import io.retainer.statistics.Basis;
import io.retainer.statistics.Interval;
import io.retainer.statistics.Measurement;
import io.retainer.statistics.Measurement.Measured;
import io.retainer.statistics.Method;
import io.retainer.statistics.value.BgNbd;
import io.retainer.statistics.value.BuyingModel;
import io.retainer.statistics.value.CustomerHistory;
import io.retainer.statistics.value.Fitted;
import io.retainer.statistics.value.GammaGamma;
import io.retainer.statistics.value.HoldOut;
import io.retainer.statistics.value.LifetimeValue;
import io.retainer.statistics.value.ParetoNbd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code evaluate value}: fits the models of buying on somebody's purchases and checks what they foresee. */
@Command(
        name = "value",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Measure the models of customer value on purchases (客户价值).",
        description = {
            "",
            "Fits BG/NBD, Pareto/NBD and Gamma-Gamma by maximum likelihood. With a hold-out, compares what they "
                    + "foresee with what then was bought. Columns are found by their names or by --mapping "
                    + "(docs/evaluate.md). Needs no database and no network.",
            ""
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:measured", "1:not measurable on these data", "2:the file or an option is wrong"})
public final class ValueCommand extends Evaluation {

    private static final int MOST_WEEKS = 1040;

    @Option(names = "--transactions", paramLabel = "FILE", description = "One row a purchase: customer, date, amount.")
    private @Nullable Path transactions;

    @Option(
            names = "--summary",
            paramLabel = "FILE",
            description = "One row a customer: x, t.x, T (weeks), mean of a repeat purchase.")
    private @Nullable Path summary;

    @Option(names = "--mapping", paramLabel = "FILE", description = "Which column means what.")
    private @Nullable Path mapping;

    @Option(names = "--holdout-from", paramLabel = "DATE", description = "First day of the hold-out (yyyy-MM-dd).")
    private @Nullable LocalDate holdOutFrom;

    @Option(
            names = "--calibration-weeks",
            paramLabel = "N",
            description = "The hold-out begins so many weeks after the first purchase of all.")
    private @Nullable Integer calibrationWeeks;

    @Option(names = "--weeks", paramLabel = "N", description = "Horizon of lifetime value (default: 52).")
    private double weeks = 52;

    @Option(names = "--discount", paramLabel = "RATE", description = "Per year (default: 0.10).")
    private double discount = 0.10;

    @Option(names = "--margin", paramLabel = "PART", description = "Part of spending that is earned (default: 1).")
    private double margin = 1;

    @Option(
            names = "--customers",
            paramLabel = "FILE",
            description = "Write what is foreseen of each customer, with intervals, to this file (CSV).")
    private @Nullable Path customers;

    /** For the command line, which sets the fields. */
    public ValueCommand() {}

    @Override
    Report evaluate() throws IOException {
        if (!(weeks > 0 && weeks <= MOST_WEEKS)) {
            throw Refused.because("statistics.evaluate.badOption", "--weeks", "0–" + MOST_WEEKS, weeks);
        }
        if (!(discount >= 0 && discount <= 1)) {
            throw Refused.because("statistics.evaluate.badOption", "--discount", "0–1", discount);
        }
        if (!(margin > 0 && margin <= 1)) {
            throw Refused.because("statistics.evaluate.badOption", "--margin", "0–1", margin);
        }
        if (calibrationWeeks != null && calibrationWeeks < 1) {
            throw Refused.because("statistics.evaluate.badOption", "--calibration-weeks", "≥ 1", calibrationWeeks);
        }
        if (transactions != null && summary == null) {
            return onTransactions(transactions);
        }
        if (summary != null && transactions == null) {
            if (holdOutFrom != null || calibrationWeeks != null) {
                throw Refused.because("statistics.evaluate.oneHoldOut");
            }
            return onSummary(summary);
        }
        throw Refused.because("statistics.evaluate.oneInput");
    }

    private Report onSummary(Path file) throws IOException {
        var read = ValueFiles.summary(file, mapping);
        return report(
                read.histories(),
                new Read(read.hasAmounts(), read.columns(), read.leftOut()),
                new Basis(name(file), null, 0, Method.BG_NBD),
                null);
    }

    /** What was bought after the histories end. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Later(int[] counts, double weeks) {}

    private Report onTransactions(Path file) throws IOException {
        var read = ValueFiles.transactions(file, mapping);
        var purchases = read.purchases();
        if (holdOutFrom != null && calibrationWeeks != null) {
            throw Refused.because("statistics.evaluate.oneHoldOut");
        }
        var end = holdOutFrom != null
                ? holdOutFrom.minusDays(1)
                : calibrationWeeks != null
                        ? purchases.from().plusWeeks(calibrationWeeks).minusDays(1)
                        : purchases.to();
        if (end.isBefore(purchases.from()) || (holds() && !end.isBefore(purchases.to()))) {
            throw Refused.because("statistics.evaluate.holdOutOutside", purchases.from(), purchases.to());
        }
        var later = holds()
                ? new Later(
                        purchases.countsAfter(end, purchases.to()), ChronoUnit.DAYS.between(end, purchases.to()) / 7.0)
                : null;
        return report(
                purchases.histories(end),
                new Read(read.hasAmounts(), read.columns(), read.leftOut()),
                new Basis(name(file), end, 0, Method.BG_NBD),
                later);
    }

    /** How the file was read. */
    private record Read(boolean hasAmounts, Map<String, String> columns, long leftOut) {}

    private boolean holds() {
        return holdOutFrom != null || calibrationWeeks != null;
    }

    private Report report(List<CustomerHistory> histories, Read read, Basis basis, @Nullable Later later)
            throws IOException {
        var bgNbd = ValueReport.Fit.timed(() -> BgNbd.fit(histories, basis));
        var paretoNbd = ValueReport.Fit.timed(() -> ParetoNbd.fit(histories, basis));
        var spending = read.hasAmounts() ? ValueReport.Fit.timed(() -> GammaGamma.fit(histories, basis)) : null;
        var terms = new LifetimeValue.Terms(weeks, discount, margin);
        var value = spending == null ? null : LifetimeValue.of(bgNbd.found(), spending.found(), histories, terms);
        var worth = value == null ? null : worth(value, histories);
        if (customers != null) {
            write(
                    customers,
                    histories,
                    bgNbd.found() instanceof Measured<Fitted<BgNbd>>(var fitted, var _, var _) ? fitted : null,
                    worth instanceof Measured<?> && value instanceof Measured<LifetimeValue>(var measured, var _, var _)
                            ? measured
                            : null,
                    terms);
        }
        return new ValueReport(
                basis.on(histories.size()),
                bgNbd,
                check(bgNbd.found(), histories, later, basis),
                paretoNbd,
                check(paretoNbd.found(), histories, later, basis),
                spending,
                worth,
                terms,
                read.columns(),
                read.leftOut());
    }

    /** The columns of the export of the product; empty where nothing can be said. */
    private static void write(
            Path file,
            List<CustomerHistory> histories,
            @Nullable Fitted<BgNbd> buying,
            @Nullable LifetimeValue value,
            LifetimeValue.Terms terms)
            throws IOException {
        try (var out = Files.newBufferedWriter(file)) {
            out.write(
                    "customer,alive,expected,expected_95_low,expected_95_high,purchases_90_low,purchases_90_high,worth,"
                            + "worth_95_low,worth_95_high,brings_90_low,brings_90_high\r\n");
            for (var history : histories) {
                var worth = value != null
                                && value.of(history) instanceof Measured<LifetimeValue.OfCustomer>(var of, var _, var _)
                        ? of
                        : null;
                var buys = worth != null
                        ? worth.buying()
                        : buying == null ? null : LifetimeValue.foreseen(buying, history, terms);
                out.write(String.join(
                        ",",
                        cell(history.customer()),
                        buys == null ? "" : Figures.of(4, buys.probabilityAlive()),
                        buys == null ? "" : Figures.of(4, buys.purchases()),
                        ends(4, buys == null ? null : buys.interval()),
                        ends(0, buys == null ? null : buys.range()),
                        worth == null ? "" : Figures.of(2, worth.value()),
                        ends(2, worth == null ? null : worth.valueInterval()),
                        ends(2, worth == null ? null : worth.valueRange())));
                out.write("\r\n");
            }
        }
    }

    private static String ends(int decimals, @Nullable Interval interval) {
        return interval == null
                ? ","
                : Figures.of(decimals, interval.low()) + "," + Figures.of(decimals, interval.high());
    }

    /** No spreadsheet takes it for a formula, and nothing in it ends the cell. */
    private static String cell(String text) {
        var plain = !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
        return plain.matches("(?s).*[\",\r\n].*") ? '"' + plain.replace("\"", "\"\"") + '"' : plain;
    }

    private static Measurement<LifetimeValue.OfAll> worth(
            Measurement<LifetimeValue> value, List<CustomerHistory> histories) {
        return switch (value) {
            case Measured<LifetimeValue>(var measured, var _, var _) -> measured.of(histories);
            case Measurement.NotMeasurable<LifetimeValue>(var why, var on) -> new Measurement.NotMeasurable<>(why, on);
        };
    }

    private static <M extends BuyingModel> @Nullable Measurement<HoldOut> check(
            Measurement<Fitted<M>> fitted, List<CustomerHistory> histories, @Nullable Later later, Basis basis) {
        if (later == null || !(fitted instanceof Measured<Fitted<M>> measured)) {
            return null;
        }
        return HoldOut.check(measured.value().model(), histories, later.counts(), later.weeks(), basis);
    }
}
