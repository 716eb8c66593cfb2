package io.retainer.billing;

import io.retainer.billing.Account.Act;
import io.retainer.billing.Account.Channel;
import io.retainer.billing.Account.Kind;
import io.retainer.billing.Account.Line;
import io.retainer.billing.Account.Payment;
import io.retainer.billing.Account.Posting;
import io.retainer.billing.Account.PostingAccount;
import io.retainer.billing.Account.Receipt;
import io.retainer.billing.Account.Records;
import io.retainer.billing.BillingFact.Towards;
import io.retainer.kernel.Ids;
import io.retainer.kernel.Money;
import io.retainer.kernel.Unknown;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The rows of {@code billing}. All but the account are only ever added to. */
@Repository
class Books {

    private final JdbcClient jdbc;

    Books(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    // Account

    void add(Account account) {
        jdbc.sql("""
                        insert into billing.account (tenant_id, contract_id, contract_version, code, client_name,
                            provider_name, effective_at, version)
                        values (:tenant, :contract, :contractVersion, :code, :client, :provider, :effective, 0)
                        """)
                .param("tenant", account.tenant())
                .param("contract", account.contract())
                .param("contractVersion", account.contractVersion())
                .param("code", account.code())
                .param("client", account.clientName())
                .param("provider", account.providerName())
                .param("effective", utc(account.effectiveAt()))
                .update();
    }

    Optional<Account> account(UUID tenant, UUID contract) {
        return jdbc.sql("select * from billing.account where tenant_id = :tenant and contract_id = :contract")
                .param("tenant", tenant)
                .param("contract", contract)
                .query(Books::account)
                .optional();
    }

    /** Waits until nobody else decides about this contract's money. */
    Account locked(UUID tenant, UUID contract) {
        return jdbc.sql("""
                        select * from billing.account where tenant_id = :tenant and contract_id = :contract for update
                        """)
                .param("tenant", tenant)
                .param("contract", contract)
                .query(Books::account)
                .optional()
                .orElseThrow(() -> new Unknown("account of contract " + contract));
    }

    private static Account account(ResultSet row, int number) throws SQLException {
        return new Account(
                row.getObject("tenant_id", UUID.class),
                row.getObject("contract_id", UUID.class),
                row.getInt("contract_version"),
                row.getString("code"),
                row.getString("client_name"),
                row.getString("provider_name"),
                instant(row, "effective_at"));
    }

    // Instalments

    void add(Account account, Line line) {
        var instalment = line.instalment();
        jdbc.sql("""
                        insert into billing.instalment (tenant_id, id, contract_id, number, period_start, period_end,
                            amount_fen, last_day, due_at, since)
                        values (:tenant, :id, :contract, :number, :start, :end, :amount, :lastDay, :due, :since)
                        """)
                .param("tenant", account.tenant())
                .param("id", line.id())
                .param("contract", account.contract())
                .param("number", instalment.number())
                .param("start", instalment.start())
                .param("end", instalment.end())
                .param("amount", instalment.amount().fen())
                .param("lastDay", instalment.lastDay())
                .param("due", utc(instalment.due()))
                .param("since", utc(line.since()))
                .update();
    }

    private List<Line> lines(UUID tenant, UUID contract) {
        return jdbc.sql("""
                        select i.*, r.replaced_at from billing.instalment i
                        left join billing.instalment_replaced r on r.tenant_id = i.tenant_id and r.instalment_id = i.id
                        where i.tenant_id = :tenant and i.contract_id = :contract order by i.number, i.since
                        """)
                .param("tenant", tenant)
                .param("contract", contract)
                .query((row, _) -> new Line(
                        row.getObject("id", UUID.class),
                        new Instalment(
                                row.getInt("number"),
                                row.getObject("period_start", LocalDate.class),
                                row.getObject("period_end", LocalDate.class),
                                Money.ofFen(row.getLong("amount_fen")),
                                row.getObject("last_day", LocalDate.class),
                                instant(row, "due_at"),
                                List.of()),
                        instant(row, "since"),
                        instantOrNull(row, "replaced_at")))
                .list();
    }

    /** An amendment put another line, or none, in its place. */
    void replace(Account account, UUID line, UUID amendment, Instant at) {
        jdbc.sql("""
                        insert into billing.instalment_replaced (tenant_id, instalment_id, amendment_id, replaced_at)
                        values (:tenant, :line, :amendment, :at)
                        """)
                .param("tenant", account.tenant())
                .param("line", line)
                .param("amendment", amendment)
                .param("at", utc(at))
                .update();
    }

    // Payments

    /** @return false when this channel has brought a payment with this reference before */
    boolean add(Account account, Payment payment, UUID recordedBy) {
        return jdbc.sql("""
                        insert into billing.payment (tenant_id, id, contract_id, channel, reference, payer, credited_at,
                            sent_at, amount_fen, instalment, towards, recorded_at, recorded_by)
                        values (:tenant, :id, :contract, :channel, :reference, :payer, :credited, :sent, :amount,
                            :instalment, :towards, :recordedAt, :recordedBy)
                        on conflict (tenant_id, channel, reference) do nothing
                        """)
                        .param("tenant", account.tenant())
                        .param("id", payment.id())
                        .param("contract", account.contract())
                        .param("channel", payment.channel().name())
                        .param("reference", payment.reference())
                        .param("payer", payment.payer())
                        .param("credited", utc(payment.creditedAt()))
                        .param("sent", payment.sentAt() == null ? null : utc(payment.sentAt()))
                        .param("amount", payment.amount().fen())
                        .param("instalment", payment.instalment())
                        .param(
                                "towards",
                                payment.towards() == null
                                        ? null
                                        : payment.towards().name())
                        .param("recordedAt", utc(payment.recordedAt()))
                        .param("recordedBy", recordedBy)
                        .update()
                == 1;
    }

    /** The contract and payment of a reference, if it was recorded. */
    Optional<Map.Entry<UUID, Payment>> payment(UUID tenant, Channel channel, String reference) {
        return jdbc.sql(PAYMENTS + " where p.tenant_id = :tenant and p.channel = :channel and p.reference = :reference")
                .param("tenant", tenant)
                .param("channel", channel.name())
                .param("reference", reference)
                .query((row, number) -> Map.entry(row.getObject("contract_id", UUID.class), payment(row, number)))
                .optional();
    }

    private static final String PAYMENTS = """
            select p.*, r.returned_at from billing.payment p
            left join billing.payment_return r on r.tenant_id = p.tenant_id and r.payment_id = p.id
            """;

    private List<Payment> payments(UUID tenant, UUID contract) {
        return jdbc.sql(PAYMENTS + """
                        where p.tenant_id = :tenant and p.contract_id = :contract order by p.credited_at, p.id
                        """)
                .param("tenant", tenant)
                .param("contract", contract)
                .query(Books::payment)
                .list();
    }

    static Payment payment(ResultSet row, int number) throws SQLException {
        var towards = row.getString("towards");
        return new Payment(
                row.getObject("id", UUID.class),
                Channel.valueOf(row.getString("channel")),
                row.getString("reference"),
                row.getString("payer"),
                instant(row, "credited_at"),
                instantOrNull(row, "sent_at"),
                Money.ofFen(row.getLong("amount_fen")),
                row.getObject("instalment", Integer.class),
                towards == null ? null : Towards.valueOf(towards),
                instant(row, "recorded_at"),
                instantOrNull(row, "returned_at"));
    }

    void addReturn(Account account, UUID payment, Instant at, String reason, Instant now, UUID person) {
        jdbc.sql("""
                        insert into billing.payment_return (tenant_id, payment_id, returned_at, reason, recorded_at,
                            recorded_by)
                        values (:tenant, :payment, :at, :reason, :now, :person)
                        """)
                .param("tenant", account.tenant())
                .param("payment", payment)
                .param("at", utc(at))
                .param("reason", reason)
                .param("now", utc(now))
                .param("person", person)
                .update();
    }

    // Acts

    void add(Account account, Act act, Instant now) {
        jdbc.sql("""
                        insert into billing.act (tenant_id, id, contract_id, kind, instalment, amount_fen, refers_to,
                            words, happened_at, recorded_at, actor, services, relief)
                        values (:tenant, :id, :contract, :kind, :instalment, :amount, :refersTo, :words, :at, :now,
                            :actor, :services, :relief)
                        """)
                .param("tenant", account.tenant())
                .param("id", act.id())
                .param("contract", account.contract())
                .param("kind", act.kind().name())
                .param("instalment", act.instalment())
                .param("amount", act.amount() == null ? null : act.amount().fen())
                .param("refersTo", act.refersTo())
                .param("words", act.words())
                .param("at", utc(act.happenedAt()))
                .param("now", utc(now))
                .param("actor", act.actor())
                .param("relief", act.relief())
                .param(
                        "services",
                        act.services().isEmpty()
                                ? null
                                : act.services().stream()
                                        .sorted()
                                        .map(String::valueOf)
                                        .collect(java.util.stream.Collectors.joining(",")))
                .update();
    }

    private List<Act> acts(UUID tenant, UUID contract) {
        return jdbc.sql("""
                        select * from billing.act where tenant_id = :tenant and contract_id = :contract
                        order by happened_at, id
                        """)
                .param("tenant", tenant)
                .param("contract", contract)
                .query((row, _) -> new Act(
                        row.getObject("id", UUID.class),
                        Kind.valueOf(row.getString("kind")),
                        row.getObject("instalment", Integer.class),
                        moneyOrNull(row, "amount_fen"),
                        row.getObject("refers_to", UUID.class),
                        row.getString("words"),
                        instant(row, "happened_at"),
                        row.getObject("actor", UUID.class),
                        services(row.getString("services")),
                        row.getObject("relief", Integer.class)))
                .list();
    }

    private static java.util.Set<Integer> services(@Nullable String list) {
        var services = new java.util.TreeSet<Integer>();
        for (var number : list == null ? new String[0] : list.split(",")) {
            services.add(Integer.valueOf(number));
        }
        return services;
    }

    // Receipts

    /** The next number of a provider; given back when the transaction fails, so that none is ever missing. */
    long nextReceiptNumber(UUID provider) {
        return jdbc.sql("""
                        insert into billing.receipt_series as s (provider_id, last_number) values (:provider, 1)
                        on conflict (provider_id) do update set last_number = s.last_number + 1
                        returning last_number
                        """).param("provider", provider).query(Long.class).single();
    }

    void add(Account account, Receipt receipt, UUID provider, UUID person) {
        jdbc.sql("""
                        insert into billing.receipt (tenant_id, id, contract_id, payment_id, provider_id, number,
                            amount_fen, words, payer, payee, replaces, reason, hash, issued_at, issued_by)
                        values (:tenant, :id, :contract, :payment, :provider, :number, :amount, :words, :payer, :payee,
                            :replaces, :reason, :hash, :issuedAt, :issuedBy)
                        """)
                .param("tenant", account.tenant())
                .param("id", receipt.id())
                .param("contract", account.contract())
                .param("payment", receipt.payment())
                .param("provider", provider)
                .param("number", receipt.number())
                .param("amount", receipt.amount().fen())
                .param("words", receipt.words())
                .param("payer", receipt.payer())
                .param("payee", receipt.payee())
                .param("replaces", receipt.replaces())
                .param("reason", receipt.reason())
                .param("hash", receipt.hash())
                .param("issuedAt", utc(receipt.issuedAt()))
                .param("issuedBy", person)
                .update();
    }

    private List<Receipt> receipts(UUID tenant, UUID contract) {
        return jdbc.sql(RECEIPTS + " where r.tenant_id = :tenant and r.contract_id = :contract order by r.number")
                .param("tenant", tenant)
                .param("contract", contract)
                .query((row, _) -> receipt(row))
                .list();
    }

    static final String RECEIPTS = """
            select r.*, p.credited_at, p.instalment, n.id as replaced_by, b.returned_at
            from billing.receipt r
            join billing.payment p on p.tenant_id = r.tenant_id and p.id = r.payment_id
            left join billing.receipt n on n.tenant_id = r.tenant_id and n.replaces = r.id
            left join billing.payment_return b on b.tenant_id = r.tenant_id and b.payment_id = r.payment_id
            """;

    static Receipt receipt(ResultSet row) throws SQLException {
        return new Receipt(
                row.getObject("id", UUID.class),
                row.getObject("payment_id", UUID.class),
                row.getLong("number"),
                Money.ofFen(row.getLong("amount_fen")),
                row.getString("words"),
                row.getString("payer"),
                row.getString("payee"),
                instant(row, "credited_at"),
                row.getObject("instalment", Integer.class),
                row.getObject("replaces", UUID.class),
                row.getString("reason"),
                row.getObject("replaced_by", UUID.class),
                row.getObject("returned_at") != null,
                row.getString("hash"),
                instant(row, "issued_at"));
    }

    // Rates

    void add(UUID tenant, ReferenceRates.Rate rate, Instant now, UUID person) {
        jdbc.sql("""
                        insert into billing.reference_rate (tenant_id, from_date, percent, source, recorded_at,
                            recorded_by)
                        values (:tenant, :from, :percent, :source, :now, :person)
                        """)
                .param("tenant", tenant)
                .param("from", rate.from())
                .param("percent", rate.percent().toPlainString())
                .param("source", rate.source())
                .param("now", utc(now))
                .param("person", person)
                .update();
    }

    ReferenceRates rates(UUID tenant) {
        return new ReferenceRates(jdbc.sql("select * from billing.reference_rate where tenant_id = :tenant")
                .param("tenant", tenant)
                .query((row, _) -> new ReferenceRates.Rate(
                        row.getObject("from_date", LocalDate.class),
                        new BigDecimal(row.getString("percent")),
                        row.getString("source")))
                .list());
    }

    Records records(UUID tenant, UUID contract) {
        return new Records(
                lines(tenant, contract),
                payments(tenant, contract),
                acts(tenant, contract),
                receipts(tenant, contract),
                rates(tenant));
    }

    // Postings

    /** The balance of each account, per instalment; 0 stands for none. */
    Map<Integer, Map<PostingAccount, Money>> balances(UUID tenant, UUID contract) {
        record Balance(int instalment, String account, long fen) {}
        var all = new TreeMap<Integer, Map<PostingAccount, Money>>();
        jdbc.sql("""
                        select instalment, account, sum(amount_fen)::bigint as fen from billing.posting
                        where tenant_id = :tenant and contract_id = :contract group by instalment, account
                        """)
                .param("tenant", tenant)
                .param("contract", contract)
                .query(Balance.class)
                .list()
                .forEach(balance -> all.computeIfAbsent(balance.instalment(), _ -> new EnumMap<>(PostingAccount.class))
                        .put(PostingAccount.valueOf(balance.account()), Money.ofFen(balance.fen())));
        return all;
    }

    /** @throws IllegalStateException when the lines do not sum to zero: nothing is written then */
    void post(Account account, int instalment, List<Posting> entry, String cause, Instant now) {
        if (!Money.sum(entry.stream().map(Posting::amount).toList()).isZero()) {
            throw new IllegalStateException("An entry must sum to zero: " + entry);
        }
        var id = Ids.next();
        int line = 0;
        for (var posting : entry) {
            jdbc.sql("""
                            insert into billing.posting (tenant_id, entry_id, line, contract_id, instalment, account,
                                amount_fen, cause, recorded_at)
                            values (:tenant, :entry, :line, :contract, :instalment, :account, :amount, :cause, :now)
                            """)
                    .param("tenant", account.tenant())
                    .param("entry", id)
                    .param("line", ++line)
                    .param("contract", account.contract())
                    .param("instalment", instalment)
                    .param("account", posting.account().name())
                    .param("amount", posting.amount().fen())
                    .param("cause", cause)
                    .param("now", utc(now))
                    .update();
        }
    }

    static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static @Nullable Instant instantOrNull(ResultSet row, String column) throws SQLException {
        var value = row.getObject(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }

    private static @Nullable Money moneyOrNull(ResultSet row, String column) throws SQLException {
        var fen = row.getObject(column, Long.class);
        return fen == null ? null : Money.ofFen(fen);
    }
}
