package io.retainer.customer;

import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.Writer;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A file about customers that are known already: CSV with headings, the first sheet of a workbook or JSON Lines, whose columns are found by what they are
 * called. Rows are read and taken some at a time; what is wrong with one is said and does not keep the others out.
 */
final class HeadedFile {

    private static final int TOGETHER = 1_000;
    private static final int SHOWN = 100;
    private static final int SAMPLE = 1 << 16;
    /** Characters of a sheet; more than an upload in text may have. */
    private static final int MOST_TEXT = 50 << 20;

    private static final Pattern DAY = Pattern.compile("(\\d{4})[-/.年]?(\\d{1,2})[-/.月]?(\\d{1,2})日?(?:[T ](.*))?");

    private static final Pattern TIME = Pattern.compile(
            "(\\d{1,2})[:：时点](\\d{1,2})(?:[:：分](\\d{1,2})(?:\\.\\d{1,9})?秒?)?分?\\s*(Z|[+-]\\d{2}:?\\d{2})?");
    private static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");

    private HeadedFile() {}

    /**
     * A column.
     *
     * @param field how a refusal names it, and its message after {@code customer.orders.column.}
     * @param names lower case, without blanks
     * @param needed whether there is no reading the file without it
     */
    record Heading(String field, Set<String> names, boolean needed) {}

    /** Headings under which the number of the customer stands. */
    static final Heading CUSTOMER = new Heading(
            "customer",
            Set.of("customer", "customerid", "customerno", "member", "客户", "客户编号", "会员", "会员编号", "会员号", "客户号"),
            true);

    /** @param bad how many rows could not be taken, of which the first are shown */
    record Loaded(int rows, int added, int known, int bad, List<Trouble> shown) {}

    record Trouble(int row, Sentence why) {}

    /** One row; a column that is not in the file is empty. */
    record Cells(List<String> values, Map<String, Integer> columns) {

        boolean has(String field) {
            return columns.containsKey(field);
        }

        String of(String field) {
            var column = columns.get(field);
            return column == null || column >= values.size()
                    ? ""
                    : CsvRows.plain(values.get(column).strip());
        }

        /**
         * The moment, in Shanghai unless an offset is written; of a bare day its beginning.
         *
         * @throws Refused when the cell is neither
         */
        Instant moment(String field) {
            var matcher = DAY.matcher(of(field));
            try {
                if (matcher.matches()) {
                    var rest = matcher.group(4) == null ? "" : matcher.group(4).strip();
                    var time = TIME.matcher(rest);
                    if (rest.isEmpty()) {
                        return day(matcher).atStartOfDay(ZONE).toInstant();
                    }
                    if (time.matches()) {
                        return at(day(matcher), time);
                    }
                }
            } catch (DateTimeException _) {
                throw Refused.because("customer.orders.day");
            }
            throw Refused.because("customer.orders.day");
        }

        /**
         * The day, in Shanghai where a time with an offset follows.
         *
         * @throws Refused when the cell is no day
         */
        LocalDate day(String field) {
            var matcher = DAY.matcher(of(field));
            try {
                if (matcher.matches()) {
                    var time = TIME.matcher(
                            matcher.group(4) == null ? "" : matcher.group(4).strip());
                    return time.matches() && time.group(4) != null
                            ? LocalDate.ofInstant(at(day(matcher), time), ZONE)
                            : day(matcher);
                }
            } catch (DateTimeException _) {
                throw Refused.because("customer.orders.day");
            }
            throw Refused.because("customer.orders.day");
        }

        private static LocalDate day(Matcher matcher) {
            return LocalDate.of(
                    Integer.parseInt(matcher.group(1)),
                    Integer.parseInt(matcher.group(2)),
                    Integer.parseInt(matcher.group(3)));
        }

        private static Instant at(LocalDate day, Matcher time) {
            var local = day.atTime(
                    Integer.parseInt(time.group(1)),
                    Integer.parseInt(time.group(2)),
                    time.group(3) == null ? 0 : Integer.parseInt(time.group(3)));
            return local.atZone(time.group(4) == null ? ZONE : ZoneId.of(time.group(4)))
                    .toInstant();
        }
    }

    /** @param number counted from 1, without the headings */
    record Row<T>(int number, T value) {}

    /** Stores rows, and says which of them belong to nobody. */
    interface Taking<T> {

        /**
         * @param unknown rows of nobody
         * @param other rows that say something else of what is known
         */
        record Taken(int added, int known, List<Integer> unknown, List<Integer> other) {

            Taken(int added, int known, List<Integer> unknown) {
                this(added, known, unknown, List.of());
            }
        }

        Taken take(List<Row<T>> rows);
    }

    /**
     * Takes what is good of a file.
     *
     * @param reading makes of a row what is to be stored; refuses a row that cannot be read
     * @throws Refused when it is no such file at all
     */
    static <T> Loaded load(byte[] bytes, List<Heading> headings, Function<Cells, T> reading, Taking<T> taking)
            throws IOException {
        return load(bytes, headings, _ -> {}, reading, taking);
    }

    /** @param check refuses the file by the columns that were found */
    static <T> Loaded load(
            byte[] bytes,
            List<Heading> headings,
            Consumer<Set<String>> check,
            Function<Cells, T> reading,
            Taking<T> taking)
            throws IOException {
        var text = SpreadsheetRows.isWorkbook(bytes) ? sheet(bytes) : text(bytes);
        try (var rows = Rows.of(text)) {
            var columns = columns(rows.header(), headings);
            check.accept(columns.keySet());
            return load(rows, columns, reading, taking);
        }
    }

    private static String text(byte[] bytes) throws IOException {
        var start = Arrays.copyOf(bytes, Math.min(bytes.length, SAMPLE));
        FileKind.requireReadable(start);
        for (byte each : start) {
            if (each == 0 && Encoding.wide(start) == null) {
                throw Refused.field("file", "customer.import.binary");
            }
        }
        var found = Encoding.found(bytes);
        var mark = Encoding.mark(bytes);
        try (var reader = Encoding.reader(
                new ByteArrayInputStream(bytes, mark, bytes.length - mark), found.main(), found.other())) {
            var text = new StringWriter();
            reader.transferTo(text);
            return text.toString();
        }
    }

    /** The first sheet of a workbook as text. */
    private static String sheet(byte[] bytes) throws IOException {
        var text = new Bounded();
        SpreadsheetRows.write(new ByteArrayInputStream(bytes), text);
        return text.toString();
    }

    /** Keeps so much in memory and no more: a workbook of some megabytes may hold a hundred times that. */
    private static final class Bounded extends Writer {

        private final StringBuilder text = new StringBuilder();

        @Override
        public void write(char[] from, int at, int length) {
            if (text.length() + length > MOST_TEXT) {
                throw Refused.field("file", "customer.import.sheetText");
            }
            text.append(from, at, length);
        }

        @Override
        public void flush() {
            // Nothing waits.
        }

        @Override
        public void close() {
            // Nothing is open.
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }

    private static <T> Loaded load(
            Rows rows, Map<String, Integer> columns, Function<Cells, T> reading, Taking<T> taking) throws IOException {
        var loading = new Loading<>(taking);
        int last = columns.values().stream().mapToInt(Integer::intValue).max().orElse(0);
        for (var raw = rows.next(); raw != null; raw = rows.next()) {
            if (raw.blank()) {
                continue;
            }
            loading.read++;
            try {
                if (raw.trouble() != null) {
                    throw new Refused(raw.trouble());
                }
                if (raw.cells().size() <= last) {
                    throw Refused.because("customer.orders.short");
                }
                loading.good.add(new Row<>(loading.read, reading.apply(new Cells(raw.cells(), columns))));
            } catch (Refused refusal) {
                loading.bad(loading.read, refusal.sentence());
            }
            if (loading.good.size() == TOGETHER) {
                loading.take();
            }
        }
        loading.take();
        return new Loaded(loading.read, loading.added, loading.known, loading.bad, List.copyOf(loading.trouble));
    }

    private static final class Loading<T> {

        private final Taking<T> taking;
        private final List<Trouble> trouble = new ArrayList<>();
        private final List<Row<T>> good = new ArrayList<>();
        private int read;
        private int added;
        private int known;
        private int bad;

        private Loading(Taking<T> taking) {
            this.taking = taking;
        }

        private void bad(int row, Sentence why) {
            bad++;
            if (trouble.size() < SHOWN) {
                trouble.add(new Trouble(row, why));
            }
        }

        private void take() {
            if (good.isEmpty()) {
                return;
            }
            var taken = taking.take(List.copyOf(good));
            added += taken.added();
            known += taken.known();
            taken.unknown().forEach(row -> bad(row, Sentence.of("customer.orders.unknown")));
            taken.other().forEach(row -> bad(row, Sentence.of("customer.orders.other")));
            good.clear();
        }
    }

    /** A row after the other, and what its columns are called. */
    private record Rows(ImportRows rows, List<String> header) implements AutoCloseable {

        static Rows of(String text) throws IOException {
            if (text.stripLeading().startsWith("{")) {
                var header = JsonRows.header(new StringReader(text));
                if (header.isEmpty()) {
                    throw Refused.field("file", "customer.row.json");
                }
                return new Rows(new JsonRows(new StringReader(text), header), header);
            }
            Reader reader = new StringReader(text);
            var rows = new CsvRows(reader, Encoding.delimiter(text));
            var first = rows.next();
            if (first == null || first.blank()) {
                throw Refused.field("file", "customer.import.empty");
            }
            return new Rows(rows, first.cells());
        }

        ImportRows.@Nullable Raw next() throws IOException {
            return rows.next();
        }

        @Override
        public void close() throws IOException {
            rows.close();
        }
    }

    private static Map<String, Integer> columns(List<String> header, List<Heading> headings) {
        var columns = new HashMap<String, Integer>();
        for (var heading : headings) {
            int found = -1;
            for (int i = 0; i < header.size(); i++) {
                if (means(heading, header.get(i), headings)) {
                    if (found >= 0) {
                        throw Refused.field(heading.field(), "customer.orders.twice", header.get(found), header.get(i));
                    }
                    found = i;
                }
            }
            if (found >= 0) {
                columns.put(heading.field(), found);
            } else if (heading.needed()) {
                throw Refused.field(
                        heading.field(),
                        "customer.orders.column",
                        Sentence.of("customer.orders.column." + heading.field()));
            }
        }
        return columns;
    }

    /** By the whole of what it is called, else by its first word: 实付金额（元）. */
    private static boolean means(Heading heading, String column, List<Heading> headings) {
        var text = column.strip().toLowerCase(Locale.ROOT);
        var whole = text.replaceAll("[ _\\-]", "");
        return headings.stream().anyMatch(each -> each.names().contains(whole))
                ? heading.names().contains(whole)
                : heading.names().contains(text.replaceAll("[ _\\-（(].*", ""));
    }
}
