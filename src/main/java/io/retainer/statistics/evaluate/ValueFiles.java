package io.retainer.statistics.evaluate;

import io.retainer.kernel.Refused;
import io.retainer.statistics.value.CustomerHistory;
import io.retainer.statistics.value.Purchases;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads purchases, or summaries of purchases, by a mapping or by the usual names of columns. */
final class ValueFiles {

    static final Set<String> COLUMNS =
            Set.of("customer", "date", "amount", "price", "quantity", "x", "t.x", "T", "monetary");

    private static final List<String> CUSTOMER = words("""
            customer customerid customerno customernumber customerkey customercode custid custno cust client clientid
            clientno member memberid memberno memberkey user userid userno household householdid householdkey masterid
            sampleid account accountid accountno buyer buyerid shopper shopperid consumer consumerid card cardid cardno
            cardnumber person personid visitorid customeruniqueid id
            客户 客户编号 客户号 客户id 客户代码 会员 会员编号 会员号 会员id 会员卡号 用户 用户id 用户编号 用户号 买家 买家id 顾客
            顾客编号 顾客id 卡号 账号 住户""");
    private static final List<String> DATE = words("""
            date day purchasedate orderdate orderday transactiondate transdate trandate txndate invoicedate salesdate
            saledate paymentdate boughton purchasedon orderedon orderedat createdat purchasedat timestamp
            transactiontimestamp ordertimestamp orderpurchasetimestamp eventtime eventdate ordertime transactiontime
            purchasetime invoicetime datetime orderdatetime invoicedatetime orderdt dt time
            日期 购买日期 下单日期 订单日期 交易日期 消费日期 销售日期 支付日期 成交日期 付款日期 下单时间 交易时间 购买时间 订单时间
            支付时间 付款时间 消费时间 成交时间 创建时间 时间""");
    private static final List<String> AMOUNT = words("""
            amount sales salesvalue salesamount saleamount total totalamount totalprice totalsales totalpaid spend spent
            value revenue ordertotal orderamount ordervalue transactionamount transactionvalue tranamount transamount
            purchaseamount paymentvalue paymentamount payment paid amountpaid netamount netsales grossamount linetotal
            turnover sum
            金额 消费金额 订单金额 交易金额 实付 实付金额 实收金额 支付金额 付款金额 成交金额 购买金额 销售额 销售金额 总金额 总价 总额
            合计""");
    /** What one piece costs; the amount itself when nothing says how many there were. */
    private static final List<String> PRICE = words("unitprice price priceperunit itemprice 单价 价格 售价");

    private static final List<String> QUANTITY = words("quantity qty units pieces 数量 件数");
    private static final List<String> REPEATS = List.of("x", "frequency", "repeats");
    private static final List<String> LAST = List.of("tx", "recency", "lastrepeat");
    private static final List<String> OBSERVED = List.of("t", "observed", "age", "tenure");
    private static final List<String> MONETARY =
            List.of("monetary", "monetaryvalue", "zbar", "mx", "averagespend", "avgordervalue", "averageordervalue");

    private static final Set<String> BLANKS = Set.of("", "na", "n/a", "nan", "null", "none", "-", "--", "?", "无", "空");

    private static List<String> words(String text) {
        return List.of(text.strip().split("\\s+"));
    }

    private ValueFiles() {}

    /**
     * @param hasAmounts false when no column says what was spent
     * @param columns which column was taken for what
     * @param leftOut rows without a customer, a day or an amount
     */
    record Transactions(Purchases purchases, boolean hasAmounts, Map<String, String> columns, long leftOut) {}

    record Summary(List<CustomerHistory> histories, boolean hasAmounts, Map<String, String> columns, long leftOut) {}

    private record Columns(int customer, int date, int amount, int price, int quantity) {

        boolean counts() {
            return price >= 0 && quantity >= 0;
        }

        boolean hasAmounts() {
            return amount >= 0 || counts();
        }

        /** Of a row that says all that is needed. */
        boolean complete(String[] cells) {
            return !isBlank(cells[customer])
                    && !isBlank(cells[date])
                    && (amount < 0 || !isBlank(cells[amount]))
                    && (!counts() || (!isBlank(cells[price]) && !isBlank(cells[quantity])));
        }

        Map<String, String> names(List<String> names) {
            var named = new LinkedHashMap<String, String>();
            named.put("customer", names.get(customer));
            named.put("date", names.get(date));
            if (counts()) {
                named.put("amount", names.get(quantity) + " × " + names.get(price));
            } else if (amount >= 0) {
                named.put("amount", names.get(amount));
            }
            return named;
        }
    }

    private static boolean isBlank(String cell) {
        return BLANKS.contains(cell.strip().toLowerCase(Locale.ROOT));
    }

    static Transactions transactions(Path path, @Nullable Path mappingFile) throws IOException {
        var mapping = Mapping.read(mappingFile, COLUMNS);
        var table = new TableFile(path, mapping);
        var columns = columns(table);
        var days = new DayCells(path, mapping.get(Mapping.DATE_FORMAT));
        var amounts = new AmountCells(path);
        var complete = new long[2];
        // Whether 3/4 is in March or in April, and 1,250 a thousand or a bit more than one, the whole column tells.
        table.forEach((line, cells) -> {
            if (columns.complete(cells)) {
                days.see(line, cells[columns.date()].strip());
                if (columns.counts()) {
                    amounts.see(cells[columns.price()]);
                } else if (columns.amount() >= 0) {
                    amounts.see(cells[columns.amount()]);
                }
                complete[0]++;
            } else {
                complete[1]++;
            }
        });
        if (complete[0] == 0) {
            throw Refused.because("statistics.evaluate.empty", path.toString());
        }
        days.settle();
        var purchases = new Purchases();
        var names = table.columns();
        table.forEach((line, cells) -> {
            if (columns.complete(cells)) {
                double amount = columns.counts()
                        ? amounts.number(line, cells[columns.price()], names.get(columns.price()))
                                * amounts.number(line, cells[columns.quantity()], names.get(columns.quantity()))
                        : columns.amount() < 0
                                ? 0
                                : amounts.number(line, cells[columns.amount()], names.get(columns.amount()));
                purchases.add(cells[columns.customer()].strip(), days.day(line, cells[columns.date()].strip()), amount);
            }
        });
        return new Transactions(purchases, columns.hasAmounts(), columns.names(names), complete[1]);
    }

    private static Columns columns(TableFile table) {
        int amount = table.find("amount", AMOUNT);
        int price = table.find("price", PRICE);
        int quantity = table.find("quantity", QUANTITY);
        boolean counts = amount < 0 && price >= 0 && quantity >= 0;
        return new Columns(
                table.need("customer", CUSTOMER),
                table.need("date", DATE),
                amount < 0 && !counts ? price : amount,
                counts ? price : -1,
                counts ? quantity : -1);
    }

    static Summary summary(Path path, @Nullable Path mappingFile) throws IOException {
        var table = new TableFile(path, Mapping.read(mappingFile, COLUMNS));
        int customer = table.find("customer", CUSTOMER);
        int repeats = table.need("x", REPEATS);
        int last = table.need("t.x", LAST);
        int observed = table.need("T", OBSERVED);
        int monetary = table.find("monetary", MONETARY);
        var columns = table.columns();
        var named = new LinkedHashMap<String, String>();
        named.put("x", columns.get(repeats));
        named.put("t.x", columns.get(last));
        named.put("T", columns.get(observed));
        if (monetary >= 0) {
            named.put("monetary", columns.get(monetary));
        }
        var amounts = new AmountCells(path);
        table.forEach((line, cells) -> {
            for (int column : new int[] {last, observed, Math.max(monetary, last)}) {
                amounts.see(cells[column]);
            }
        });
        var histories = new ArrayList<CustomerHistory>();
        var leftOut = new long[1];
        table.forEach((line, cells) -> {
            if (isBlank(cells[repeats]) || isBlank(cells[last]) || isBlank(cells[observed])) {
                leftOut[0]++;
                return;
            }
            double x = amounts.number(line, cells[repeats], columns.get(repeats));
            double tx = amounts.number(line, cells[last], columns.get(last));
            double length = amounts.number(line, cells[observed], columns.get(observed));
            // Who never bought again has no mean of it.
            double spend = monetary < 0 || (x == 0 && isBlank(cells[monetary]))
                    ? 0
                    : amounts.number(line, cells[monetary], columns.get(monetary));
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
        if (histories.isEmpty()) {
            throw Refused.because("statistics.evaluate.empty", path.toString());
        }
        return new Summary(histories, monetary >= 0, named, leftOut[0]);
    }
}
