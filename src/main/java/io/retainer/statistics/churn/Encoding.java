package io.retainer.statistics.churn;

import io.retainer.kernel.Sentence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How records become numbers, learnt from records: what kind of field each is, its categories or bins, and which fields
 * cannot help. Knows the fields by their values only, never by their names.
 */
final class Encoding {

    private static final double ALL_BUT_A_FEW = 0.98;
    private static final double NEARLY_ALL_DIFFERENT = 0.9;
    private static final double MOSTLY_DIFFERENT = 0.5;
    private static final int MANY = 50;
    private static final int RARE = 5;
    private static final int BINS = 20;
    private static final int FINE_BINS = 48;
    private static final double SKEWED = 1;

    private final List<FieldCode> codes;
    private final int[] firstColumn;
    private final int columns;
    private final List<Sentence> notices;

    private Encoding(List<FieldCode> codes, List<Sentence> notices) {
        this.codes = codes;
        this.notices = notices;
        firstColumn = new int[codes.size()];
        int next = 0;
        for (int i = 0; i < codes.size(); i++) {
            firstColumn[i] = next;
            next += codes.get(i).columns();
        }
        columns = next;
    }

    /** @param left whether each record is of somebody who left; used only to order categories for the trees */
    static Encoding learn(Records records, boolean[] left) {
        var codes = new ArrayList<FieldCode>();
        var notices = new ArrayList<Sentence>();
        for (int field = 0; field < records.fields().size(); field++) {
            var code = learn(records, left, field, notices);
            if (code != null) {
                codes.add(code);
            }
        }
        return new Encoding(codes, notices);
    }

    List<FieldCode> codes() {
        return codes;
    }

    int columns() {
        return columns;
    }

    int firstColumn(int code) {
        return firstColumn[code];
    }

    List<Sentence> notices() {
        return notices;
    }

    SparseRow row(String[] cells) {
        var row = new SparseRow();
        for (int i = 0; i < codes.size(); i++) {
            codes.get(i).encode(cells[codes.get(i).field()], row, firstColumn[i]);
        }
        row.trim();
        return row;
    }

    short[] bins(String[] cells) {
        var bins = new short[codes.size()];
        for (int i = 0; i < bins.length; i++) {
            bins[i] = (short) codes.get(i).bin(cells[codes.get(i).field()]);
        }
        return bins;
    }

    private static @Nullable FieldCode learn(Records records, boolean[] left, int field, List<Sentence> notices) {
        var name = records.fields().get(field);
        int filled = 0;
        int numeric = 0;
        int days = 0;
        var counts = new HashMap<String, Integer>();
        var numbers = new double[records.size()];
        for (int i = 0; i < records.size(); i++) {
            var cell = records.rows().get(i)[field];
            numbers[i] = Double.NaN;
            if (Cells.isBlank(cell)) {
                continue;
            }
            filled++;
            counts.merge(cell.strip(), 1, Integer::sum);
            numbers[i] = Cells.number(cell);
            if (!Double.isNaN(numbers[i])) {
                numeric++;
                if (!Double.isNaN(Cells.day(cell))) {
                    days++;
                }
            }
        }
        int blanks = records.size() - filled;
        var dropped = dropped(counts.size(), filled, blanks, numeric, days, numbers);
        if (dropped != null) {
            notices.add(Sentence.of("statistics.churn.dropped." + dropped.name(), name));
            return null;
        }
        if (blanks > 0) {
            notices.add(Sentence.of("statistics.churn.blanks", name, blanks));
        }
        if (counts.size() > 2 && numeric >= ALL_BUT_A_FEW * filled) {
            if (numeric < filled) {
                notices.add(Sentence.of("statistics.churn.unreadable", name, filled - numeric));
            }
            return number(field, numbers);
        }
        return category(records, left, field, counts, blanks);
    }

    private static @Nullable Dropped dropped(
            int different, int filled, int blanks, int numeric, int days, double[] numbers) {
        if (filled == 0) {
            return Dropped.EMPTY;
        }
        if (different == 1 && blanks == 0) {
            return Dropped.CONSTANT;
        }
        boolean isNumber = numeric >= ALL_BUT_A_FEW * filled;
        if (filled < MANY || days > 0) {
            return null;
        }
        if (!isNumber && different > NEARLY_ALL_DIFFERENT * filled) {
            return Dropped.IDENTIFIER;
        }
        if (!isNumber && different > MOSTLY_DIFFERENT * filled) {
            return Dropped.FREE_TEXT;
        }
        return isNumber && different > ALL_BUT_A_FEW * filled && isNumbering(numbers, filled)
                ? Dropped.IDENTIFIER
                : null;
    }

    /** Whole numbers that follow one another closely, or that all have as many digits as a card or telephone number. */
    private static boolean isNumbering(double[] numbers, int filled) {
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        for (double number : numbers) {
            if (!Double.isNaN(number)) {
                if (number != Math.rint(number)) {
                    return false;
                }
                least = Math.min(least, number);
                most = Math.max(most, number);
            }
        }
        boolean close = most - least < 3.0 * filled;
        boolean longAndEqual = least >= 1e6 && Math.floor(Math.log10(least)) == Math.floor(Math.log10(most));
        return close || longAndEqual;
    }

    private static FieldCode number(int field, double[] numbers) {
        var sorted =
                Arrays.stream(numbers).filter(x -> !Double.isNaN(x)).sorted().toArray();
        int n = sorted.length;
        double mean = Arrays.stream(sorted).average().orElse(0);
        double second = 0;
        double third = 0;
        for (double x : sorted) {
            second += (x - mean) * (x - mean) / n;
            third += Math.pow(x - mean, 3) / n;
        }
        double deviation = second > 0 ? Math.sqrt(second) : 1;
        double logMean = 0;
        double logDeviation = 0;
        if (third > SKEWED * Math.pow(deviation, 3)) {
            for (double x : sorted) {
                logMean += Math.log1p(x - sorted[0]) / n;
            }
            double sum = 0;
            for (double x : sorted) {
                sum += Math.pow(Math.log1p(x - sorted[0]) - logMean, 2) / n;
            }
            logDeviation = Math.sqrt(sum);
        }
        return new FieldCode.Numeric(
                field,
                mean,
                deviation,
                sorted[0],
                logMean,
                logDeviation,
                edges(sorted, BINS),
                edges(sorted, FINE_BINS));
    }

    /** Quantiles, each once, halfway between the values they part. */
    private static double[] edges(double[] sorted, int bins) {
        var edges = new ArrayList<Double>();
        for (int i = 1; i < bins; i++) {
            int at = (int) ((long) i * sorted.length / bins);
            if (at == 0 || at >= sorted.length) {
                continue;
            }
            double above = sorted[at];
            int below = at - 1;
            while (below >= 0 && sorted[below] == above) {
                below--;
            }
            if (below >= 0) {
                double edge = sorted[below] + (above - sorted[below]) / 2;
                if (edges.isEmpty() || edge > edges.getLast()) {
                    edges.add(edge);
                }
            }
        }
        return edges.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static FieldCode category(
            Records records, boolean[] left, int field, Map<String, Integer> counts, int blanks) {
        var kept = new TreeMap<String, Integer>();
        counts.entrySet().stream()
                .filter(entry -> entry.getValue() >= RARE)
                .sorted(Map.Entry.<String, Integer>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(MANY)
                .forEach(entry -> kept.put(entry.getKey(), entry.getValue()));
        var levels = new LinkedHashMap<String, Integer>();
        kept.keySet().forEach(level -> levels.put(level, levels.size()));
        if (blanks > 0) {
            levels.put(FieldCode.Category.BLANK, levels.size());
        }
        if (kept.size() < counts.size()) {
            levels.put(FieldCode.Category.OTHER, levels.size());
        }
        return new FieldCode.Category(field, levels, order(records, left, field, levels));
    }

    /** Categories in order of how many left, drawn towards the mean when they are small. */
    private static int[] order(Records records, boolean[] left, int field, Map<String, Integer> levels) {
        var unordered = new FieldCode.Category(field, levels, new int[levels.size()]);
        var all = new double[levels.size()];
        var gone = new double[levels.size()];
        double rate = 0;
        var row = new SparseRow();
        for (int i = 0; i < records.size(); i++) {
            row.size = 0;
            unordered.encode(records.rows().get(i)[field], row, 0);
            all[row.columns[0]]++;
            if (left[i]) {
                gone[row.columns[0]]++;
                rate += 1.0 / records.size();
            }
        }
        double mean = rate;
        var ranked = java.util.stream.IntStream.range(0, all.length)
                .boxed()
                .sorted(java.util.Comparator.comparingDouble(level -> (gone[level] + 10 * mean) / (all[level] + 10)))
                .toList();
        var order = new int[all.length];
        for (int i = 0; i < order.length; i++) {
            order[ranked.get(i)] = i;
        }
        return order;
    }
}
