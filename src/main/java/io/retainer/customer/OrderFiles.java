package io.retainer.customer;

import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.kernel.Money;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;

/** Reads orders from a file with headings. A file without trouble may be sent again: known orders stay as they are. */
@Component
class OrderFiles {

    private static final int TOGETHER = 1_000;
    private static final int SHOWN = 100;
    private static final BigDecimal MOST = BigDecimal.valueOf(1_000_000_000L);
    private static final Pattern DAY = Pattern.compile("(\\d{4})[-/.年]?(\\d{1,2})[-/.月]?(\\d{1,2})日?(?:[T ].*)?");

    private static final Set<String> CUSTOMER =
            Set.of("customer", "customerid", "customerno", "member", "客户", "客户编号", "会员", "会员编号", "会员号", "客户号");
    private static final Set<String> NUMBER =
            Set.of("number", "order", "orderid", "orderno", "ordernumber", "订单", "订单号", "订单编号", "单号");
    private static final Set<String> DATE =
            Set.of("date", "day", "orderedon", "orderdate", "日期", "下单日期", "订单日期", "下单时间", "交易日期");
    private static final Set<String> AMOUNT =
            Set.of("amount", "total", "paid", "price", "金额", "订单金额", "实付", "实付金额", "消费金额");

    private final Orders orders;

    OrderFiles(Orders orders) {
        this.orders = orders;
    }

    /** @param bad how many rows could not be taken, of which the first are shown */
    record Loaded(int rows, int added, int known, int bad, List<Trouble> shown) {}

    record Trouble(int row, Sentence why) {}

    /** A column is found by its heading; all four must be there. */
    private record Columns(int customer, int number, int date, int amount) {

        static Columns of(List<String> header) {
            return new Columns(
                    find(header, CUSTOMER, "customer"),
                    find(header, NUMBER, "number"),
                    find(header, DATE, "orderedOn"),
                    find(header, AMOUNT, "amount"));
        }

        private static int find(List<String> header, Set<String> names, String field) {
            int found = -1;
            for (int i = 0; i < header.size(); i++) {
                var name = header.get(i).strip().toLowerCase(Locale.ROOT).replaceAll("[ _\\-（(].*|[ _\\-]", "");
                var whole = header.get(i).strip().toLowerCase(Locale.ROOT).replaceAll("[ _\\-]", "");
                if (names.contains(name) || names.contains(whole)) {
                    if (found >= 0) {
                        throw Refused.field(field, "customer.orders.twice", header.get(found), header.get(i));
                    }
                    found = i;
                }
            }
            if (found < 0) {
                throw Refused.field(field, "customer.orders.column", Sentence.of("customer.orders.column." + field));
            }
            return found;
        }

        int last() {
            return Math.max(Math.max(customer, number), Math.max(date, amount));
        }
    }

    private record Row(int number, Orders.NewOrder order) {}

    /**
     * Takes what is good of a file.
     *
     * @throws Refused when it is no such file at all
     */
    Loaded load(Access access, byte[] bytes) throws IOException {
        access.require(Capability.IMPORT_CUSTOMERS);
        var start = Arrays.copyOf(bytes, Math.min(bytes.length, 1 << 16));
        var mark = Encoding.mark(start);
        for (byte each : start) {
            if (each == 0 && mark != 2) {
                throw Refused.field("file", "customer.import.binary");
            }
        }
        var text = new String(bytes, mark, bytes.length - mark, Encoding.of(start));
        var trouble = new ArrayList<Trouble>();
        var good = new ArrayList<Row>();
        int read = 0;
        int added = 0;
        int known = 0;
        int bad = 0;
        try (var rows = new CsvRows(new StringReader(text), Encoding.delimiter(text))) {
            var header = rows.next();
            if (header == null || header.blank()) {
                throw Refused.field("file", "customer.import.empty");
            }
            var columns = Columns.of(header.cells());
            for (var raw = rows.next(); raw != null; raw = rows.next()) {
                if (raw.blank()) {
                    continue;
                }
                read++;
                try {
                    good.add(new Row(read, order(raw, columns)));
                } catch (Refused refusal) {
                    bad++;
                    note(trouble, read, refusal.sentence());
                }
                if (good.size() == TOGETHER) {
                    var taken = take(access, good, trouble);
                    added += taken.added();
                    known += taken.known();
                    bad += good.size() - taken.added() - taken.known();
                    good.clear();
                }
            }
        }
        var taken = take(access, good, trouble);
        added += taken.added();
        known += taken.known();
        bad += good.size() - taken.added() - taken.known();
        return new Loaded(read, added, known, bad, List.copyOf(trouble));
    }

    private Orders.Added take(Access access, List<Row> rows, List<Trouble> trouble) {
        if (rows.isEmpty()) {
            return new Orders.Added(0, 0);
        }
        var names = new HashSet<String>();
        rows.forEach(row -> names.add(row.order().customer()));
        var found = orders.known(access, names);
        var fit = new ArrayList<Orders.NewOrder>();
        for (var row : rows) {
            if (found.contains(row.order().customer())) {
                fit.add(row.order());
            } else {
                note(trouble, row.number(), Sentence.of("customer.orders.unknown"));
            }
        }
        return orders.add(access, fit);
    }

    private static void note(List<Trouble> trouble, int row, Sentence why) {
        if (trouble.size() < SHOWN) {
            trouble.add(new Trouble(row, why));
        }
    }

    private Orders.NewOrder order(ImportRows.Raw raw, Columns columns) {
        if (raw.trouble() != null) {
            throw new Refused(raw.trouble());
        }
        if (raw.cells().size() <= columns.last()) {
            throw Refused.because("customer.orders.short");
        }
        var customer = cell(raw, columns.customer());
        var number = cell(raw, columns.number());
        if (customer.isEmpty() || number.isEmpty() || number.length() > 100) {
            throw Refused.because("customer.orders.missing");
        }
        return new Orders.NewOrder(
                customer, number, day(cell(raw, columns.date())), amount(cell(raw, columns.amount())));
    }

    private static String cell(ImportRows.Raw raw, int column) {
        return CsvRows.plain(raw.cells().get(column).strip());
    }

    private LocalDate day(String cell) {
        var matcher = DAY.matcher(cell);
        try {
            if (matcher.matches()) {
                var day = LocalDate.of(
                        Integer.parseInt(matcher.group(1)),
                        Integer.parseInt(matcher.group(2)),
                        Integer.parseInt(matcher.group(3)));
                if (day.isAfter(orders.today())) {
                    throw Refused.because("customer.orders.ahead");
                }
                return day;
            }
        } catch (DateTimeException _) {
            throw Refused.because("customer.orders.day");
        }
        throw Refused.because("customer.orders.day");
    }

    private static Money amount(String cell) {
        try {
            var amount = new BigDecimal(cell.replaceAll("[,¥￥元\\s]", ""));
            if (amount.abs().compareTo(MOST) <= 0) {
                return Money.of(amount);
            }
        } catch (ArithmeticException | IllegalArgumentException _) {
            throw Refused.because("customer.orders.amount");
        }
        throw Refused.because("customer.orders.amount");
    }
}
