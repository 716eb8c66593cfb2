package io.retainer.billing;

import io.retainer.kernel.Money;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/**
 * A bank's statement as CSV: UTF-8 or GB18030; comma, semicolon or tab; with a heading row whose names are those that
 * Chinese banks use, or English. Good rows are read even when others are not; each bad row says what is wrong with it.
 *
 * @param hash of the bytes, by which the same file is known again
 */
record BankStatement(String hash, List<Line> lines, List<Bad> bad, int outgoing) {

    static final int MOST_BYTES = 10 * 1024 * 1024;
    private static final int MOST_ROWS = 20_000;
    private static final int HEADING_WITHIN = 30;
    private static final int LONGEST_CELL = 500;

    BankStatement {
        lines = List.copyOf(lines);
        bad = List.copyOf(bad);
    }

    /**
     * Money that came in.
     *
     * @param number of the row in the file, from 1
     * @param identity the bank's own number, or what the row says and how many like it came before
     */
    record Line(int number, String identity, Instant creditedAt, Money amount, String payer, String reference) {}

    /** A row that could not be read. */
    record Bad(int number, Sentence why) implements java.io.Serializable {}

    private enum Column {
        DATE("交易日期", "记账日期", "入账日期", "日期", "date", "bookingdate", "valuedate"),
        TIME("交易时间", "入账时间", "时间", "time", "datetime", "timestamp", "creditedat"),
        AMOUNT("金额", "交易金额", "发生额", "amount"),
        CREDIT("贷方金额", "贷方发生额", "收入金额", "收入", "转入金额", "credit", "creditamount"),
        DEBIT("借方金额", "借方发生额", "支出金额", "支出", "转出金额", "debit", "debitamount"),
        DIRECTION("借贷标志", "借贷", "收支", "收支类型", "交易方向", "direction", "type"),
        PAYER("对方户名", "对方名称", "付款人名称", "付款人", "对方账户名称", "payer", "counterparty", "name"),
        REFERENCE("附言", "摘要", "用途", "备注", "交易附言", "reference", "remittance", "description", "memo"),
        SERIAL("交易流水号", "流水号", "交易序号", "凭证号", "serial", "transactionid", "id");

        private final String names;

        Column(String... names) {
            this.names = String.join("|", names);
        }

        boolean isCalled(String name) {
            return List.of(names.split("\\|")).contains(name);
        }

        String title() {
            return names.substring(0, names.indexOf('|'));
        }
    }

    /**
     * @throws Refused when the file as a whole is no statement, saying what is missing
     */
    static BankStatement read(byte[] bytes, ZoneId zone) {
        if (bytes.length == 0) {
            throw Refused.field("file", "billing.bank.empty");
        }
        if (bytes.length > MOST_BYTES) {
            throw Refused.field("file", "billing.bank.tooLarge", MOST_BYTES / 1024 / 1024);
        }
        var rows = rows(text(bytes));
        for (int i = 0; i < Math.min(rows.size(), HEADING_WITHIN); i++) {
            var columns = heading(rows.get(i));
            if (columns.isPresent()) {
                return body(Accounts.sha256(bytes), rows, i + 1, columns.get(), zone);
            }
        }
        throw Refused.field("file", "billing.bank.noHeading");
    }

    private static String text(byte[] bytes) {
        for (var charset : List.of(StandardCharsets.UTF_8, Charset.forName("GB18030"))) {
            try {
                var text = charset.newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT)
                        .decode(ByteBuffer.wrap(bytes))
                        .toString();
                return text.startsWith("\uFEFF") ? text.substring(1) : text;
            } catch (CharacterCodingException _) {
                // the next one, then said below
            }
        }
        throw Refused.field("file", "billing.bank.encoding");
    }

    private static List<CSVRecord> rows(String text) {
        var sample = text.substring(0, Math.min(text.length(), 4000));
        char delimiter = ',';
        for (char other : new char[] {'\t', ';'}) {
            if (count(sample, other) > count(sample, delimiter)) {
                delimiter = other;
            }
        }
        var format = CSVFormat.DEFAULT
                .builder()
                .setDelimiter(delimiter)
                .setIgnoreEmptyLines(true)
                .setTrim(true)
                .setLenientEof(true)
                .setTrailingData(true)
                .get();
        try (var parser = format.parse(new StringReader(text))) {
            var rows = parser.getRecords();
            if (rows.size() > MOST_ROWS) {
                throw Refused.field("file", "billing.bank.tooManyRows", MOST_ROWS);
            }
            return rows;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long count(String text, char character) {
        return text.chars().filter(c -> c == character).count();
    }

    private static Optional<Map<Column, Integer>> heading(CSVRecord row) {
        var found = new EnumMap<Column, Integer>(Column.class);
        for (int i = 0; i < row.size(); i++) {
            var name = row.get(i).replaceAll("[\\s_\\-]|[((].*?[))]", "").toLowerCase(Locale.ROOT);
            for (var column : Column.values()) {
                if (column.isCalled(name)) {
                    found.putIfAbsent(column, i);
                }
            }
        }
        boolean dated = found.containsKey(Column.DATE) || found.containsKey(Column.TIME);
        boolean valued = found.containsKey(Column.AMOUNT) || found.containsKey(Column.CREDIT);
        return dated && valued && found.containsKey(Column.PAYER) ? Optional.of(found) : Optional.empty();
    }

    private static BankStatement body(
            String hash, List<CSVRecord> rows, int first, Map<Column, Integer> columns, ZoneId zone) {
        var lines = new ArrayList<Line>();
        var bad = new ArrayList<Bad>();
        var seen = new HashMap<String, Integer>();
        int outgoing = 0;
        for (int i = first; i < rows.size(); i++) {
            var row = rows.get(i);
            int number = Math.toIntExact(row.getRecordNumber());
            try {
                var amount = amount(row, columns);
                if (amount == null) {
                    outgoing++;
                    continue;
                }
                var credited = moment(row, columns, zone);
                var payer = required(row, columns, Column.PAYER);
                var reference = cell(row, columns, Column.REFERENCE);
                var serial = cell(row, columns, Column.SERIAL);
                String identity;
                if (serial.isEmpty()) {
                    var content = String.join("\n", credited.toString(), "" + amount.fen(), payer, reference);
                    int before = seen.merge(content, 1, Integer::sum);
                    identity = "row:" + Accounts.sha256(content + "\n" + before);
                } else {
                    identity = "no:" + serial;
                }
                lines.add(new Line(number, identity, credited, amount, payer, reference));
            } catch (Refused refused) {
                bad.add(new Bad(number, refused.sentence()));
            }
        }
        return new BankStatement(hash, lines, bad, outgoing);
    }

    /** What came in, or null when money went out. */
    private static @Nullable Money amount(CSVRecord row, Map<Column, Integer> columns) {
        var credit = cell(row, columns, Column.CREDIT);
        var debit = cell(row, columns, Column.DEBIT);
        if (columns.containsKey(Column.CREDIT)) {
            var in = credit.isEmpty() ? Money.ZERO : money(credit);
            if (in.isPositive()) {
                return in;
            }
            if ((!debit.isEmpty() && !money(debit).isZero()) || in.isNegative()) {
                return null;
            }
            throw Refused.because("billing.bank.noAmount");
        }
        var amount = money(required(row, columns, Column.AMOUNT));
        var direction = cell(row, columns, Column.DIRECTION).toLowerCase(Locale.ROOT);
        boolean out = direction.startsWith("借")
                || direction.startsWith("支")
                || direction.startsWith("d")
                || direction.startsWith("out");
        if (out || amount.isNegative()) {
            return null;
        }
        if (amount.isZero()) {
            throw Refused.because("billing.bank.noAmount");
        }
        return amount;
    }

    private static Money money(String cell) {
        try {
            return Money.of(cell.replaceAll("[¥￥+\\s]", ""));
        } catch (NumberFormatException | ArithmeticException _) {
            throw Refused.because("billing.bank.amount", cell);
        }
    }

    private static Instant moment(CSVRecord row, Map<Column, Integer> columns, ZoneId zone) {
        var date = cell(row, columns, Column.DATE);
        var time = cell(row, columns, Column.TIME);
        var both = (date + " " + time).strip();
        var digits = both.replaceAll("[^0-9]", "");
        try {
            var day = LocalDate.parse(digits.substring(0, 8), DateTimeFormatter.BASIC_ISO_DATE);
            // A time column may repeat the date.
            var rest = digits.substring(8);
            if (rest.length() > 6 && rest.startsWith(digits.substring(0, 8))) {
                rest = rest.substring(8);
            }
            var clock = rest.isEmpty()
                    ? LocalTime.MIDNIGHT
                    : LocalTime.of(
                            Integer.parseInt(rest.substring(0, 2)),
                            Integer.parseInt(rest.substring(2, 4)),
                            rest.length() >= 6 ? Integer.parseInt(rest.substring(4, 6)) : 0);
            if (day.getYear() < 2000 || day.getYear() > 2199) {
                throw Refused.because("billing.bank.date", both);
            }
            return day.atTime(clock).atZone(zone).toInstant().with(ChronoField.NANO_OF_SECOND, 0);
        } catch (DateTimeException | IndexOutOfBoundsException | NumberFormatException _) {
            throw Refused.because("billing.bank.date", both);
        }
    }

    private static String required(CSVRecord row, Map<Column, Integer> columns, Column column) {
        var cell = cell(row, columns, column);
        if (cell.isEmpty()) {
            throw Refused.because("billing.bank.missing", column.title());
        }
        return cell;
    }

    private static String cell(CSVRecord row, Map<Column, Integer> columns, Column column) {
        var index = columns.get(column);
        if (index == null || index >= row.size()) {
            return "";
        }
        var cell = row.get(index).strip();
        // Spreadsheets protect long numbers with a leading apostrophe, tab or ="…".
        if (cell.startsWith("=\"") && cell.endsWith("\"")) {
            cell = cell.substring(2, cell.length() - 1);
        }
        if (cell.startsWith("'")) {
            cell = cell.substring(1);
        }
        if (cell.length() > LONGEST_CELL) {
            throw Refused.because("billing.bank.tooLong", column.title());
        }
        return cell;
    }
}
