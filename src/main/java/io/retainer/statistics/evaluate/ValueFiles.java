package io.retainer.statistics.evaluate;

import io.retainer.kernel.Refused;
import io.retainer.statistics.value.CustomerHistory;
import io.retainer.statistics.value.Purchases;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads purchases, or summaries of purchases, by a mapping or by the usual names of columns. */
final class ValueFiles {

    static final Set<String> COLUMNS = Set.of("customer", "date", "amount", "x", "t.x", "T", "monetary");

    private static final List<String> CUSTOMER = List.of(
            "customer",
            "customerid",
            "custid",
            "cust",
            "client",
            "clientid",
            "member",
            "memberid",
            "user",
            "userid",
            "household",
            "householdid",
            "masterid",
            "sampleid",
            "id",
            "客户",
            "客户编号",
            "客户号",
            "会员",
            "会员号");
    private static final List<String> DATE = List.of(
            "date",
            "day",
            "purchasedate",
            "orderdate",
            "transactiondate",
            "invoicedate",
            "timestamp",
            "transactiontimestamp",
            "time",
            "日期",
            "购买日期",
            "下单日期",
            "订单日期",
            "交易日期",
            "下单时间",
            "交易时间");
    private static final List<String> AMOUNT = List.of(
            "amount",
            "sales",
            "salesvalue",
            "total",
            "spend",
            "value",
            "revenue",
            "price",
            "金额",
            "消费金额",
            "订单金额",
            "交易金额");
    private static final List<String> REPEATS = List.of("x", "frequency", "repeats");
    private static final List<String> LAST = List.of("tx", "recency", "lastrepeat");
    private static final List<String> OBSERVED = List.of("t", "observed", "age", "tenure");
    private static final List<String> MONETARY = List.of("monetary", "monetaryvalue", "zbar", "mx", "averagespend");

    private static final Pattern ISO = Pattern.compile("(\\d{4})[-/.年](\\d{1,2})[-/.月](\\d{1,2})日?(?:[T ].*)?");
    private static final Pattern BASIC = Pattern.compile("(\\d{4})(\\d{2})(\\d{2})");

    private ValueFiles() {}

    /** @param hasAmounts false when no column says what was spent */
    record Transactions(Purchases purchases, boolean hasAmounts) {}

    record Summary(List<CustomerHistory> histories, boolean hasAmounts) {}

    static Transactions transactions(Path path, @Nullable Path mappingFile) throws IOException {
        var mapping = Mapping.read(mappingFile, COLUMNS);
        var table = new TableFile(path, mapping);
        int customer = table.need("customer", CUSTOMER);
        int date = table.need("date", DATE);
        int amount = table.find("amount", AMOUNT);
        var format = format(mapping.get(Mapping.DATE_FORMAT));
        var purchases = new Purchases();
        table.forEach((line, cells) -> purchases.add(
                cells[customer].strip(),
                date(path, line, cells[date].strip(), format),
                amount < 0
                        ? 0
                        : number(path, line, cells[amount], table.columns().get(amount))));
        return new Transactions(purchases, amount >= 0);
    }

    static Summary summary(Path path, @Nullable Path mappingFile) throws IOException {
        var table = new TableFile(path, Mapping.read(mappingFile, COLUMNS));
        int customer = table.find("customer", CUSTOMER);
        int repeats = table.need("x", REPEATS);
        int last = table.need("t.x", LAST);
        int observed = table.need("T", OBSERVED);
        int monetary = table.find("monetary", MONETARY);
        var columns = table.columns();
        var histories = new ArrayList<CustomerHistory>();
        table.forEach((line, cells) -> {
            double x = number(path, line, cells[repeats], columns.get(repeats));
            double tx = number(path, line, cells[last], columns.get(last));
            double length = number(path, line, cells[observed], columns.get(observed));
            double spend = monetary < 0 ? 0 : number(path, line, cells[monetary], columns.get(monetary));
            if (x < 0 || x != Math.rint(x) || x > Integer.MAX_VALUE || tx < 0 || tx > length || spend < 0) {
                throw Refused.because(
                        "statistics.evaluate.badHistory",
                        path.toString(),
                        line,
                        cells[repeats],
                        cells[last],
                        cells[observed]);
            }
            histories.add(new CustomerHistory(
                    customer < 0 ? Long.toString(line) : cells[customer].strip(), (int) x, tx, length, spend));
        });
        return new Summary(histories, monetary >= 0);
    }

    private static @Nullable DateTimeFormatter format(@Nullable String pattern) {
        try {
            return pattern == null ? null : DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH);
        } catch (IllegalArgumentException _) {
            throw Refused.because("statistics.evaluate.badFormat", pattern);
        }
    }

    private static LocalDate date(Path path, long line, String cell, @Nullable DateTimeFormatter format) {
        try {
            if (format != null) {
                return LocalDate.parse(cell, format);
            }
            var matcher = ISO.matcher(cell);
            if (!matcher.matches()) {
                matcher = BASIC.matcher(cell);
            }
            if (matcher.matches()) {
                return LocalDate.of(
                        Integer.parseInt(matcher.group(1)),
                        Integer.parseInt(matcher.group(2)),
                        Integer.parseInt(matcher.group(3)));
            }
        } catch (DateTimeException _) {
            throw Refused.because("statistics.evaluate.badDate", path.toString(), line, cell);
        }
        throw Refused.because("statistics.evaluate.badDate", path.toString(), line, cell);
    }

    private static double number(Path path, long line, String cell, String column) {
        try {
            double number = Double.parseDouble(cell.strip().replace(",", ""));
            if (!Double.isNaN(number) && !Double.isInfinite(number)) {
                return number;
            }
        } catch (NumberFormatException _) {
            throw Refused.because("statistics.evaluate.badNumber", path.toString(), line, cell, column);
        }
        throw Refused.because("statistics.evaluate.badNumber", path.toString(), line, cell, column);
    }
}
