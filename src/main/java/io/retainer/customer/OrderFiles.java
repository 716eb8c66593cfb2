package io.retainer.customer;

import io.retainer.customer.HeadedFile.Cells;
import io.retainer.customer.HeadedFile.Heading;
import io.retainer.customer.HeadedFile.Loaded;
import io.retainer.customer.HeadedFile.Row;
import io.retainer.customer.HeadedFile.Taking;
import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.kernel.Money;
import io.retainer.kernel.Refused;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** Reads orders from a file. A file without trouble may be sent again: known orders stay as they are. */
@Component
class OrderFiles {

    private static final BigDecimal MOST = BigDecimal.valueOf(1_000_000_000L);

    private static final List<Heading> HEADINGS = List.of(
            HeadedFile.CUSTOMER,
            new Heading(
                    "number",
                    Set.of("number", "order", "orderid", "orderno", "ordernumber", "订单", "订单号", "订单编号", "单号"),
                    true),
            new Heading(
                    "orderedOn",
                    Set.of("date", "day", "orderedon", "orderdate", "日期", "下单日期", "订单日期", "下单时间", "交易日期"),
                    true),
            new Heading("amount", Set.of("amount", "total", "paid", "price", "金额", "订单金额", "实付", "实付金额", "消费金额"), true),
            new Heading("currency", Set.of("currency", "currencycode", "币种", "货币", "币别"), false));

    private static final Set<String> YUAN = Set.of("", "CNY", "RMB", "CNH", "YUAN", "¥", "￥", "元", "人民币", "人民币元");
    /** A comma parts thousands or it is a slip: 12,50 is not 1250. */
    private static final Pattern AMOUNT =
            Pattern.compile("[+-]?(?:\\d{1,3}(?:,\\d{3})+|\\d+)?(?:\\.\\d*)?(?:[eE][+-]?\\d{1,3})?");

    private final Orders orders;

    OrderFiles(Orders orders) {
        this.orders = orders;
    }

    /**
     * Takes what is good of a file.
     *
     * @throws Refused when it is no such file at all
     */
    Loaded load(Access access, byte[] bytes) throws IOException {
        access.require(Capability.IMPORT_CUSTOMERS);
        return HeadedFile.load(bytes, HEADINGS, this::order, rows -> take(access, rows));
    }

    private Taking.Taken take(Access access, List<Row<Orders.NewOrder>> rows) {
        var found = orders.known(
                access, rows.stream().map(row -> row.value().customer()).collect(Collectors.toSet()));
        var fit = rows.stream()
                .filter(row -> found.contains(row.value().customer()))
                .toList();
        var taken = orders.addAllBut(access, fit.stream().map(Row::value).toList());
        return new Taking.Taken(
                taken.added(),
                taken.known(),
                rows.stream()
                        .filter(row -> !found.contains(row.value().customer()))
                        .map(Row::number)
                        .toList(),
                taken.other().stream()
                        .sorted()
                        .map(place -> fit.get(place).number())
                        .toList());
    }

    private Orders.NewOrder order(Cells cells) {
        var customer = cells.of("customer");
        var number = cells.of("number");
        if (customer.isEmpty() || number.isEmpty() || number.length() > 100) {
            throw Refused.because("customer.orders.missing");
        }
        var day = cells.day("orderedOn");
        if (day.isAfter(orders.today())) {
            throw Refused.because("customer.orders.ahead");
        }
        if (day.isBefore(Orders.EARLIEST)) {
            throw Refused.because("customer.orders.long", String.valueOf(Orders.EARLIEST.getYear()));
        }
        if (!YUAN.contains(cells.of("currency").toUpperCase(Locale.ROOT))) {
            throw Refused.because("customer.orders.currency", cells.of("currency"));
        }
        return new Orders.NewOrder(customer, number, day, amount(cells.of("amount")));
    }

    private static Money amount(String cell) {
        try {
            var plain = cell.replaceAll("[¥￥元\\s]", "");
            var amount = AMOUNT.matcher(plain).matches() ? new BigDecimal(plain.replace(",", "")) : null;
            if (amount != null && amount.abs().compareTo(MOST) <= 0) {
                return Money.of(amount);
            }
        } catch (ArithmeticException | IllegalArgumentException _) {
            throw Refused.because("customer.orders.amount");
        }
        throw Refused.because("customer.orders.amount");
    }
}
