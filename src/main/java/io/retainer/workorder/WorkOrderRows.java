package io.retainer.workorder;

import io.retainer.kernel.Clause;
import io.retainer.kernel.Money;
import io.retainer.kernel.Party;
import io.retainer.kernel.Unknown;
import io.retainer.workorder.WorkOrderEvent.Accepted;
import io.retainer.workorder.WorkOrderEvent.CancelAsked;
import io.retainer.workorder.WorkOrderEvent.Cancelled;
import io.retainer.workorder.WorkOrderEvent.Charged;
import io.retainer.workorder.WorkOrderEvent.Closed;
import io.retainer.workorder.WorkOrderEvent.Confirmed;
import io.retainer.workorder.WorkOrderEvent.Declined;
import io.retainer.workorder.WorkOrderEvent.DeemedAccepted;
import io.retainer.workorder.WorkOrderEvent.Delivered;
import io.retainer.workorder.WorkOrderEvent.Disowned;
import io.retainer.workorder.WorkOrderEvent.Escalated;
import io.retainer.workorder.WorkOrderEvent.QuoteAccepted;
import io.retainer.workorder.WorkOrderEvent.QuoteRejected;
import io.retainer.workorder.WorkOrderEvent.Quoted;
import io.retainer.workorder.WorkOrderEvent.Rejected;
import io.retainer.workorder.WorkOrderEvent.Reminded;
import io.retainer.workorder.WorkOrderEvent.Requested;
import io.retainer.workorder.WorkOrderEvent.Started;
import io.retainer.workorder.WorkOrderEvent.TakenAsChange;
import io.retainer.workorder.WorkOrderEvent.TakenInScope;
import io.retainer.workorder.WorkOrderEvent.WorkDisputed;
import io.retainer.workorder.WorkOrderEvent.WorkStated;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The rows of work orders. */
@Repository
class WorkOrderRows {

    private final JdbcClient jdbc;

    WorkOrderRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** What people wrote when they asked. */
    record Words(String title, String details) {}

    /** An order with its words. */
    record Row(WorkOrder order, Words words) {}

    /** @param code such as the reason of a refusal */
    record Entry(
            int position,
            String kind,
            @Nullable UUID actor,
            @Nullable Party party,
            @Nullable String words,
            @Nullable String code,
            @Nullable Integer round,
            @Nullable Integer minutes,
            @Nullable LocalDate day,
            @Nullable Money amount,
            Instant happenedAt,
            Instant recordedAt) {}

    record Line(int round, QuoteLine line, Price price) {}

    /** Which orders are wanted. */
    record Filter(
            String q,
            Collection<WorkOrderState> states,
            @Nullable Clause clause) {}

    record Due(UUID tenant, UUID id) {}

    /** The next number of a contract; given back when the transaction fails. */
    int nextNumber(UUID tenant, UUID contract) {
        return jdbc.sql("""
            insert into workorder.series as s (tenant_id, contract_id, last_number) values (:tenant, :contract, 1)
            on conflict (tenant_id, contract_id) do update set last_number = s.last_number + 1
            returning last_number
            """)
                .param("tenant", tenant)
                .param("contract", contract)
                .query(Integer.class)
                .single();
    }

    void add(WorkOrder order, Words words) {
        jdbc.sql("""
            insert into workorder.work_order (tenant_id, id, contract_id, contract_version, number, clause, title,
                details, urgent, state, requested_by, requested_at, quotes, deliveries, rejections, reminded,
                changed_at, version)
            values (:tenant, :id, :contract, :contractVersion, :number, :clause, :title, :details, :urgent, :state,
                :requestedBy, :requestedAt, 0, 0, 0, false, :requestedAt, 0)
            """)
                .param("tenant", order.tenant())
                .param("id", order.id())
                .param("contract", order.contract())
                .param("contractVersion", order.contractVersion())
                .param("number", order.number())
                .param("clause", order.clause().id())
                .param("title", words.title())
                .param("details", words.details())
                .param("urgent", order.urgent())
                .param("state", order.state().name())
                .param("requestedBy", order.requestedBy())
                .param("requestedAt", utc(order.requestedAt()))
                .update();
    }

    /** @throws OptimisticLockingFailureException when somebody else changed it meanwhile */
    void save(WorkOrder order) {
        var price = order.price();
        var owed = order.owed();
        int rows = jdbc.sql("""
            update workorder.work_order set state = :state, minutes = :minutes, ready_on = :readyOn, quotes = :quotes,
                net_fen = :net, tax_fen = :tax, gross_fen = :gross, placement = :placement,
                pay_workdays = :payWorkdays, quote_until = :quoteUntil, deliveries = :deliveries, rejections = :rejections,
                remind_at = :remindAt, silent_at = :silentAt, reminded = :reminded, owed_net_fen = :owedNet,
                owed_tax_fen = :owedTax, owed_gross_fen = :owedGross, charge_id = :charge, look_at = :lookAt,
                changed_at = :changedAt, version = version + 1
            where tenant_id = :tenant and id = :id and version = :version
            """)
                .param("state", order.state().name())
                .param("minutes", order.minutes())
                .param("readyOn", order.readyOn())
                .param("quotes", order.quotes())
                .param("net", price == null ? null : price.net().fen())
                .param("tax", price == null ? null : price.tax().fen())
                .param("gross", price == null ? null : price.gross().fen())
                .param(
                        "placement",
                        order.placement() == null ? null : order.placement().name())
                .param("payWorkdays", order.payWorkdays())
                .param("quoteUntil", order.quoteUntil())
                .param("deliveries", order.deliveries())
                .param("rejections", order.rejections())
                .param("remindAt", utcOrNull(order.remindAt()))
                .param("silentAt", utcOrNull(order.silentAt()))
                .param("reminded", order.reminded())
                .param("owedNet", owed == null ? null : owed.net().fen())
                .param("owedTax", owed == null ? null : owed.tax().fen())
                .param("owedGross", owed == null ? null : owed.gross().fen())
                .param("charge", order.charge())
                .param("lookAt", utcOrNull(order.lookAt()))
                .param("changedAt", utc(order.changedAt()))
                .param("tenant", order.tenant())
                .param("id", order.id())
                .param("version", order.version())
                .update();
        if (rows == 0) {
            throw new OptimisticLockingFailureException("Work order " + order.id() + " was changed meanwhile");
        }
    }

    /** @throws Unknown when the contract has no such order */
    Row get(UUID tenant, UUID contract, UUID id) {
        return jdbc.sql("""
            select * from workorder.work_order
            where tenant_id = :tenant and contract_id = :contract and id = :id
            """)
                .param("tenant", tenant)
                .param("contract", contract)
                .param("id", id)
                .query(WorkOrderRows::row)
                .optional()
                .orElseThrow(() -> new Unknown("work order " + id));
    }

    WorkOrder locked(UUID tenant, UUID id) {
        return jdbc.sql("select * from workorder.work_order where tenant_id = :tenant and id = :id for update")
                .param("tenant", tenant)
                .param("id", id)
                .query(WorkOrderRows::row)
                .optional()
                .orElseThrow(() -> new Unknown("work order " + id))
                .order();
    }

    /** The latest first. */
    List<Row> page(UUID tenant, UUID contract, Filter filter, @Nullable Integer before, int most) {
        return jdbc.sql("""
            select * from workorder.work_order
            where tenant_id = :tenant and contract_id = :contract and number < :before
            and state = any (:states) and (cast(:clause as text) is null or clause = :clause)
            and (:q = '' or position(lower(:q) in lower(title || ' ' || details)) > 0
                or number::text = ltrim(:q, '#'))
            order by number desc limit :most
            """)
                .param("tenant", tenant)
                .param("contract", contract)
                .param("before", before == null ? Integer.MAX_VALUE : before)
                .param(
                        "states",
                        filter.states().stream().map(WorkOrderState::name).toArray(String[]::new))
                .param(
                        "clause",
                        filter.clause() == null ? null : filter.clause().id())
                .param("q", filter.q())
                .param("most", most)
                .query(WorkOrderRows::row)
                .list();
    }

    record Count(WorkOrderState state, long orders) {}

    List<Count> counts(UUID tenant, UUID contract) {
        return jdbc.sql("""
            select state, count(*) as orders from workorder.work_order
            where tenant_id = :tenant and contract_id = :contract group by state
            """)
                .param("tenant", tenant)
                .param("contract", contract)
                .query((row, _) -> new Count(WorkOrderState.valueOf(row.getString("state")), row.getLong("orders")))
                .list();
    }

    /** Minutes that orders under I-1.1*(7) without a price took of a stretch of time. */
    int freeMinutesUsed(UUID tenant, UUID contract, Instant from, Instant to) {
        return jdbc.sql("""
            select coalesce(sum(minutes), 0)::int from workorder.work_order
            where tenant_id = :tenant and contract_id = :contract and clause = 'I-1.1*(7)' and quotes = 0
            and minutes is not null and state not in ('REFUSED', 'CANCELLED')
            and requested_at >= :from and requested_at < :to
            """)
                .param("tenant", tenant)
                .param("contract", contract)
                .param("from", utc(from))
                .param("to", utc(to))
                .query(Integer.class)
                .single();
    }

    List<Due> due(Instant now, int most) {
        return jdbc.sql("select tenant_id as tenant, id from workorder.due(:now, :most)")
                .param("now", utc(now))
                .param("most", most)
                .query((row, _) -> new Due(row.getObject("tenant", UUID.class), row.getObject("id", UUID.class)))
                .list();
    }

    // What happened

    /** @return the entry's place in the history of its order */
    int add(WorkOrderEvent event, @Nullable Party party, @Nullable String words, Instant now) {
        var noted = Noted.of(event);
        return jdbc.sql("""
            insert into workorder.entry (tenant_id, order_id, position, kind, actor, party, words, code, round,
                minutes, day, amount_fen, happened_at, recorded_at)
            select :tenant, :order, coalesce(max(position), 0) + 1, :kind, :actor, :party, :words, :code, :round,
                :minutes, :day, :amount, :at, :now
            from workorder.entry where tenant_id = :tenant and order_id = :order
            returning position
            """)
                .param("tenant", event.tenant())
                .param("order", event.order())
                .param("kind", event.kind().substring(event.kind().indexOf('.') + 1))
                .param("actor", event.actor())
                .param("party", party == null ? null : party.name())
                .param("words", words)
                .param("code", noted.code())
                .param("round", noted.round())
                .param("minutes", noted.minutes())
                .param("day", noted.day())
                .param(
                        "amount",
                        noted.amount() == null ? null : noted.amount().gross().fen())
                .param("at", utc(event.happenedAt()))
                .param("now", utc(now))
                .query(Integer.class)
                .single();
    }

    /** What of an event the history shows. */
    private record Noted(
            @Nullable String code,
            @Nullable Integer round,
            @Nullable Integer minutes,
            @Nullable LocalDate day,
            @Nullable Price amount) {

        private static final Noted NOTHING = new Noted(null, null, null, null, null);

        static Noted of(WorkOrderEvent event) {
            return switch (event) {
                case Requested e -> new Noted(e.party().name(), null, null, null, null);
                case TakenInScope e -> new Noted(null, null, e.minutes(), e.readyOn(), null);
                case Declined e -> new Noted(e.reason().name(), null, null, null, null);
                case Quoted e -> new Noted(e.placement().name(), e.round(), e.minutes(), e.readyOn(), e.price());
                case QuoteAccepted e -> new Noted(null, e.round(), null, null, e.price());
                case QuoteRejected e -> new Noted(null, e.round(), null, null, null);
                case Delivered e ->
                    new Noted(
                            null,
                            e.round(),
                            null,
                            LocalDate.ofInstant(e.remindAt().minusNanos(1), WorkOrder.ZONE),
                            null);
                case Reminded e -> new Noted(null, e.round(), null, null, null);
                case Accepted e -> new Noted(null, e.round(), null, null, null);
                case DeemedAccepted e -> new Noted(null, e.round(), null, null, null);
                case Rejected e -> new Noted(null, e.round(), null, e.reworkBy(), null);
                case Escalated e -> new Noted(e.silence() ? "SILENCE" : "REWORK", null, null, null, null);
                case WorkStated e -> new Noted(null, null, null, null, e.price());
                case Cancelled e -> new Noted(null, null, null, null, e.owed());
                case Charged e -> new Noted(e.placement().name(), null, null, null, e.price());
                case Confirmed _,
                        Disowned _,
                        TakenAsChange _,
                        Started _,
                        CancelAsked _,
                        WorkDisputed _,
                        Closed _,
                        WorkOrderEvent.Commented _ -> NOTHING;
            };
        }
    }

    List<Entry> entries(UUID tenant, UUID order) {
        return jdbc.sql("""
            select * from workorder.entry where tenant_id = :tenant and order_id = :order order by position
            """)
                .param("tenant", tenant)
                .param("order", order)
                .query((row, _) -> new Entry(
                        row.getInt("position"),
                        row.getString("kind"),
                        row.getObject("actor", UUID.class),
                        row.getString("party") == null ? null : Party.valueOf(row.getString("party")),
                        row.getString("words"),
                        row.getString("code"),
                        row.getObject("round", Integer.class),
                        row.getObject("minutes", Integer.class),
                        row.getObject("day", LocalDate.class),
                        row.getObject("amount_fen") == null ? null : Money.ofFen(row.getLong("amount_fen")),
                        instant(row, "happened_at"),
                        instant(row, "recorded_at")))
                .list();
    }

    void add(UUID tenant, UUID order, int round, List<QuoteLine> lines) {
        int position = 0;
        for (var line : lines) {
            var price = line.price();
            jdbc.sql("""
                insert into workorder.quote_line (tenant_id, order_id, round, position, words, quantity, unit_fen,
                    rate_percent, net_fen, tax_fen, gross_fen)
                values (:tenant, :order, :round, :position, :words, :quantity, :unit, :rate, :net, :tax, :gross)
                """)
                    .param("tenant", tenant)
                    .param("order", order)
                    .param("round", round)
                    .param("position", ++position)
                    .param("words", line.text())
                    .param("quantity", line.quantity())
                    .param("unit", line.unit().fen())
                    .param("rate", line.ratePercent())
                    .param("net", price.net().fen())
                    .param("tax", price.tax().fen())
                    .param("gross", price.gross().fen())
                    .update();
        }
    }

    List<Line> lines(UUID tenant, UUID order) {
        return jdbc.sql("""
            select * from workorder.quote_line where tenant_id = :tenant and order_id = :order
            order by round, position
            """)
                .param("tenant", tenant)
                .param("order", order)
                .query((row, _) -> new Line(
                        row.getInt("round"),
                        new QuoteLine(
                                row.getString("words"),
                                row.getBigDecimal("quantity").stripTrailingZeros(),
                                Money.ofFen(row.getLong("unit_fen")),
                                row.getBigDecimal("rate_percent").stripTrailingZeros()),
                        new Price(
                                Money.ofFen(row.getLong("net_fen")),
                                Money.ofFen(row.getLong("tax_fen")),
                                Money.ofFen(row.getLong("gross_fen")))))
                .list();
    }

    private static Row row(ResultSet row, int number) throws SQLException {
        var placement = row.getString("placement");
        return new Row(
                new WorkOrder(
                        row.getObject("id", UUID.class),
                        row.getObject("tenant_id", UUID.class),
                        row.getObject("contract_id", UUID.class),
                        row.getInt("contract_version"),
                        row.getInt("number"),
                        Clause.of(row.getString("clause")),
                        row.getBoolean("urgent"),
                        WorkOrderState.valueOf(row.getString("state")),
                        row.getObject("requested_by", UUID.class),
                        instant(row, "requested_at"),
                        row.getObject("minutes", Integer.class),
                        row.getObject("ready_on", LocalDate.class),
                        row.getInt("quotes"),
                        price(row, ""),
                        placement == null ? null : Placement.valueOf(placement),
                        row.getObject("pay_workdays", Integer.class),
                        row.getObject("quote_until", LocalDate.class),
                        row.getInt("deliveries"),
                        row.getInt("rejections"),
                        instantOrNull(row, "remind_at"),
                        instantOrNull(row, "silent_at"),
                        row.getBoolean("reminded"),
                        price(row, "owed_"),
                        row.getObject("charge_id", UUID.class),
                        instant(row, "changed_at"),
                        row.getInt("version")),
                new Words(row.getString("title"), row.getString("details")));
    }

    private static @Nullable Price price(ResultSet row, String front) throws SQLException {
        return row.getObject(front + "gross_fen") == null
                ? null
                : new Price(
                        Money.ofFen(row.getLong(front + "net_fen")),
                        Money.ofFen(row.getLong(front + "tax_fen")),
                        Money.ofFen(row.getLong(front + "gross_fen")));
    }

    /** Minutes as hours, such as {@code 2.5}. */
    static String hours(int minutes) {
        return BigDecimal.valueOf(minutes)
                .divide(BigDecimal.valueOf(60), 2, RoundingMode.HALF_UP)
                .stripTrailingZeros()
                .toPlainString();
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static @Nullable OffsetDateTime utcOrNull(@Nullable Instant instant) {
        return instant == null ? null : utc(instant);
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static @Nullable Instant instantOrNull(ResultSet row, String column) throws SQLException {
        var value = row.getObject(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }
}
