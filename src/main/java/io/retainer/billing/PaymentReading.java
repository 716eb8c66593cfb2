package io.retainer.billing;

import io.retainer.billing.Account.Payment;
import io.retainer.billing.Account.Receipt;
import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.kernel.Money;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Unknown;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The payments and receipts of a contract as lists: the newest first, a page at a time, searched and filtered. */
@Repository
class PaymentReading {

    /** Lines of a page that people look at. */
    static final int PAGE = 25;

    private static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");
    private static final Pattern RECEIPT_CODE = Pattern.compile("(?i)(?:SK(\\d{1,15})|(\\d{8}))");

    private final JdbcClient jdbc;
    private final Tenancy tenancy;

    PaymentReading(JdbcClient jdbc, Tenancy tenancy) {
        this.jdbc = jdbc;
        this.tenancy = tenancy;
    }

    enum PaymentState {
        /** Counts: the bank did not take it back. */
        COUNTED,
        RETURNED,
        /** Counts, and its receipt is still to be issued. */
        WITHOUT_RECEIPT
    }

    enum ReceiptState {
        VALID,
        VOID
    }

    /**
     * What is looked for.
     *
     * @param text part of a payer or a bank reference, an amount, or the number of a receipt
     * @param from first day, of the credit or of the issue
     * @param to last day, inclusive
     */
    record Search<S extends Enum<S>>(
            String text,
            @Nullable S state,
            @Nullable LocalDate from,
            @Nullable LocalDate to) {

        Search {
            text = text.strip();
        }

        static <S extends Enum<S>> Search<S> all() {
            return new Search<>("", null, null, null);
        }

        public boolean isAll() {
            return text.isEmpty() && state == null && from == null && to == null;
        }
    }

    /** @param next the key of the next page, or null on the last */
    record Page<T>(List<T> rows, @Nullable UUID next) {

        Page {
            rows = List.copyOf(rows);
        }

        static <T> Page<T> of(List<T> found, int most, java.util.function.Function<T, UUID> key) {
            boolean more = found.size() > most;
            var shown = more ? found.subList(0, most) : found;
            return new Page<>(shown, more ? key.apply(shown.getLast()) : null);
        }
    }

    /** A payment with the receipt that counts for it. */
    record ListedPayment(
            Payment payment,
            @Nullable UUID receipt,
            @Nullable Long receiptNumber) {

        public @Nullable String receiptCode() {
            return receiptNumber == null ? null : Receipt.code(receiptNumber);
        }
    }

    /**
     * @param after the last payment of the page before, or null
     * @throws Unknown when there is no such payment
     */
    Page<ListedPayment> payments(Access access, Search<PaymentState> search, @Nullable UUID after, int most) {
        access.require(Capability.READ_MONEY);
        return tenancy.read(access.tenant(), () -> {
            var query = payments(access.tenant(), access.contract(), search, after, most + 1);
            return Page.of(
                    jdbc.sql(query.sql())
                            .params(query.params())
                            .query((row, number) -> new ListedPayment(
                                    Books.payment(row, number),
                                    row.getObject("receipt_id", UUID.class),
                                    row.getObject("receipt_number", Long.class)))
                            .list(),
                    most,
                    listed -> listed.payment().id());
        });
    }

    /**
     * @param after the last receipt of the page before, or null
     * @throws Unknown when there is no such receipt
     */
    Page<Receipt> receipts(Access access, Search<ReceiptState> search, @Nullable UUID after, int most) {
        access.require(Capability.READ_MONEY);
        return tenancy.read(access.tenant(), () -> {
            var query = receipts(access.tenant(), access.contract(), search, after, most + 1);
            return Page.of(
                    jdbc.sql(query.sql())
                            .params(query.params())
                            .query((row, _) -> Books.receipt(row))
                            .list(),
                    most,
                    Receipt::id);
        });
    }

    /** A statement and its parameters; apart so that a test can ask the planner about it. */
    record Query(String sql, Map<String, Object> params) {}

    Query payments(UUID tenant, UUID contract, Search<PaymentState> search, @Nullable UUID after, int most) {
        var sql = new StringBuilder("""
                select p.*, b.returned_at, r.id as receipt_id, r.number as receipt_number
                from billing.payment p
                left join billing.payment_return b on b.tenant_id = p.tenant_id and b.payment_id = p.id
                left join billing.receipt r on r.tenant_id = p.tenant_id and r.payment_id = p.id
                    and not exists (select from billing.receipt n where n.tenant_id = r.tenant_id and n.replaces = r.id)
                where p.tenant_id = :tenant and p.contract_id = :contract
                """);
        var params = params(tenant, contract, search, most);
        if (after != null) {
            var key = jdbc.sql("""
                            select credited_at from billing.payment
                            where tenant_id = :tenant and contract_id = :contract and id = :after
                            """)
                    .param("tenant", tenant)
                    .param("contract", contract)
                    .param("after", after)
                    .query(OffsetDateTime.class)
                    .optional()
                    .orElseThrow(() -> new Unknown("payment " + after));
            sql.append(" and (p.credited_at, p.id) < (:afterAt, :after)");
            params.put("afterAt", key);
            params.put("after", after);
        }
        if (search.from() != null) {
            sql.append(" and p.credited_at >= :from");
        }
        if (search.to() != null) {
            sql.append(" and p.credited_at < :to");
        }
        if (!search.text().isEmpty()) {
            sql.append("""
                     and (position(:text in lower(p.payer)) > 0 or position(:text in lower(p.reference)) > 0
                        or p.amount_fen = :fen or r.number = :number)
                    """);
        }
        if (search.state() != null) {
            sql.append(
                    switch (search.state()) {
                        case COUNTED -> " and b.returned_at is null";
                        case RETURNED -> " and b.returned_at is not null";
                        case WITHOUT_RECEIPT -> " and b.returned_at is null and r.id is null";
                    });
        }
        sql.append(" order by p.credited_at desc, p.id desc limit :most");
        return new Query(sql.toString(), params);
    }

    Query receipts(UUID tenant, UUID contract, Search<ReceiptState> search, @Nullable UUID after, int most) {
        var sql =
                new StringBuilder(Books.RECEIPTS).append(" where r.tenant_id = :tenant and r.contract_id = :contract");
        var params = params(tenant, contract, search, most);
        if (after != null) {
            var key = jdbc.sql("""
                            select number from billing.receipt
                            where tenant_id = :tenant and contract_id = :contract and id = :after
                            """)
                    .param("tenant", tenant)
                    .param("contract", contract)
                    .param("after", after)
                    .query(Long.class)
                    .optional()
                    .orElseThrow(() -> new Unknown("receipt " + after));
            sql.append(" and (r.number, r.id) < (:afterNumber, :after)");
            params.put("afterNumber", key);
            params.put("after", after);
        }
        if (search.from() != null) {
            sql.append(" and r.issued_at >= :from");
        }
        if (search.to() != null) {
            sql.append(" and r.issued_at < :to");
        }
        if (!search.text().isEmpty()) {
            sql.append("""
                     and (position(:text in lower(r.payer)) > 0 or position(:text in lower(p.reference)) > 0
                        or r.amount_fen = :fen or r.number = :number)
                    """);
        }
        if (search.state() != null) {
            sql.append(
                    switch (search.state()) {
                        case VALID -> " and n.id is null and b.returned_at is null";
                        case VOID -> " and (n.id is not null or b.returned_at is not null)";
                    });
        }
        sql.append(" order by r.number desc, r.id desc limit :most");
        return new Query(sql.toString(), params);
    }

    private static Map<String, Object> params(UUID tenant, UUID contract, Search<?> search, int most) {
        var params = new HashMap<String, Object>();
        params.put("tenant", tenant);
        params.put("contract", contract);
        params.put("most", most);
        if (search.from() != null) {
            params.put("from", search.from().atStartOfDay(ZONE).toOffsetDateTime());
        }
        if (search.to() != null) {
            params.put("to", search.to().plusDays(1).atStartOfDay(ZONE).toOffsetDateTime());
        }
        params.put("text", search.text().toLowerCase(Locale.ROOT));
        params.put("fen", fen(search.text()));
        params.put("number", receiptNumber(search.text()));
        return params;
    }

    /** The amount that was typed, in fen; -1 when it is none. */
    private static long fen(String text) {
        try {
            return Money.of(text.replaceAll("[¥￥,，\\s]|元$", "")).fen();
        } catch (NumberFormatException | ArithmeticException _) {
            return -1;
        }
    }

    private static long receiptNumber(String text) {
        var code = RECEIPT_CODE.matcher(text);
        return code.matches() ? Long.parseLong(code.group(1) == null ? code.group(2) : code.group(1)) : -1;
    }
}
