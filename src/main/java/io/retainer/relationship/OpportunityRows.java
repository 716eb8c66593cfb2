package io.retainer.relationship;

import io.retainer.kernel.Money;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The rows of opportunities, of their stays in stages, and what these sum up to. */
@Repository
class OpportunityRows {

    private static final String FITS = """
            tenant_id = :tenant and contract_id = :contract
            and (cast(:stage as text) is null or stage = :stage)
            and (cast(:since as date) is null or expected_on >= :since and expected_on < :until)
            and (cast(:agent as uuid) is null or agent_id = :agent)
            and (cast(:reason as text) is null or lost_reason = :reason)
            and (not :open or ended_at is null)
            """;

    private static final String PERCENT = """
            case stage when 'CONTACT' then cast(:contact as int) when 'NEED' then cast(:need as int)
                when 'OFFER' then cast(:offer as int) when 'NEGOTIATION' then cast(:negotiation as int)
                when 'WON' then 100 else 0 end
            """;

    private final JdbcClient jdbc;

    OpportunityRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Which opportunities.
     *
     * @param month in which the sale is expected
     * @param open whether only those that have not ended
     */
    record Filter(
            @Nullable Stage stage,
            @Nullable YearMonth month,
            @Nullable UUID agent,
            @Nullable LostReason reason,
            boolean open) {}

    /** A stay in a stage; {@code until} is null while it lasts. */
    record Stay(
            Stage stage,
            Instant since,
            @Nullable Instant until,
            Money amount,
            @Nullable UUID actor) {

        /** Whole days. */
        public long days(Instant now) {
            return Duration.between(since, until == null ? now : until).toDays();
        }
    }

    /** @param weighted by the odds of the stages */
    record Month(YearMonth month, int count, Money amount, Money weighted) {}

    record Total(Stage stage, int count, Money amount, Money weighted) {}

    /**
     * How a stage went so far.
     *
     * @param days the middle one of all stays that are over, or null without any
     * @param over how many stays are over
     * @param won of the ended opportunities that were in it, how many were won
     * @param ended how many of those that were in it have ended
     */
    record Dwell(Stage stage, @Nullable Double days, int over, int won, int ended) {}

    record LostBy(LostReason reason, int count, Money amount) {}

    /** Takes the next number of the contract; its relation rows are locked by who calls. */
    int nextNumber(UUID tenant, UUID contract) {
        jdbc.sql("select pg_advisory_xact_lock(hashtextextended('opportunity/' || cast(:contract as text), 0))")
                .param("contract", contract)
                .query((_, _) -> true)
                .single();
        return jdbc.sql("""
            select coalesce(max(number), 0) + 1 from relationship.opportunity
            where tenant_id = :tenant and contract_id = :contract
            """)
                .param("tenant", tenant)
                .param("contract", contract)
                .query(Integer.class)
                .single();
    }

    void add(Opportunity it, UUID actor) {
        jdbc.sql("""
            insert into relationship.opportunity (tenant_id, id, contract_id, customer_id, number, title, amount_fen, stage,
                stage_since, expected_on, agent_id, created_at, version)
            values (:tenant, :id, :contract, :customer, :number, :title, :amount, :stage, :at, :expected, :agent, :at, 0)
            """)
                .param("tenant", it.tenant())
                .param("id", it.id())
                .param("contract", it.contract())
                .param("customer", it.customer())
                .param("number", it.number())
                .param("title", it.title())
                .param("amount", it.amount().fen())
                .param("stage", it.stage().name())
                .param("at", utc(it.createdAt()))
                .param("expected", it.expectedOn())
                .param("agent", it.agent())
                .update();
        stay(it, actor);
    }

    /** @throws OptimisticLockingFailureException when somebody else changed it meanwhile */
    void save(Opportunity it) {
        int rows = jdbc.sql("""
            update relationship.opportunity set amount_fen = :amount, stage = :stage, stage_since = :since,
                expected_on = :expected, agent_id = :agent, lost_reason = :reason, ended_at = :ended, version = version + 1
            where tenant_id = :tenant and id = :id and version = :version
            """)
                .param("amount", it.amount().fen())
                .param("stage", it.stage().name())
                .param("since", utc(it.stageSince()))
                .param("expected", it.expectedOn())
                .param("agent", it.agent())
                .param("reason", it.reason() == null ? null : it.reason().name())
                .param("ended", it.endedAt() == null ? null : utc(it.endedAt()))
                .param("tenant", it.tenant())
                .param("id", it.id())
                .param("version", it.version())
                .update();
        if (rows == 0) {
            throw new OptimisticLockingFailureException("The opportunity was changed meanwhile");
        }
    }

    /** Notes that it came into the stage it is in. */
    void stay(Opportunity it, @Nullable UUID actor) {
        jdbc.sql("""
            insert into relationship.opportunity_stay (tenant_id, opportunity_id, position, stage, since, amount_fen, actor)
            select :tenant, :id, coalesce(max(position), 0) + 1, :stage, :since, :amount, :actor
            from relationship.opportunity_stay where tenant_id = :tenant and opportunity_id = :id
            """)
                .param("tenant", it.tenant())
                .param("id", it.id())
                .param("stage", it.stage().name())
                .param("since", utc(it.stageSince()))
                .param("amount", it.amount().fen())
                .param("actor", actor)
                .update();
    }

    Optional<Opportunity> find(UUID tenant, UUID contract, UUID id) {
        return one(tenant, contract, id, "");
    }

    Optional<Opportunity> locked(UUID tenant, UUID contract, UUID id) {
        return one(tenant, contract, id, " for update");
    }

    private Optional<Opportunity> one(UUID tenant, UUID contract, UUID id, String lock) {
        return jdbc.sql("""
            select * from relationship.opportunity
            where tenant_id = :tenant and contract_id = :contract and id = :id
            """ + lock)
                .param("tenant", tenant)
                .param("contract", contract)
                .param("id", id)
                .query(OpportunityRows::opportunity)
                .optional();
    }

    /** What is expected first comes first. */
    List<Opportunity> list(UUID tenant, UUID contract, Filter filter, int most) {
        return fitting(
                        "select * from relationship.opportunity where " + FITS
                                + " order by expected_on, number limit :most",
                        tenant,
                        contract,
                        filter)
                .param("most", most)
                .query(OpportunityRows::opportunity)
                .list();
    }

    private JdbcClient.StatementSpec fitting(String sql, UUID tenant, UUID contract, Filter filter) {
        var month = filter.month();
        return jdbc.sql(sql)
                .param("tenant", tenant)
                .param("contract", contract)
                .param("stage", filter.stage() == null ? null : filter.stage().name())
                .param("since", month == null ? null : month.atDay(1))
                .param("until", month == null ? null : month.plusMonths(1).atDay(1))
                .param("agent", filter.agent())
                .param(
                        "reason",
                        filter.reason() == null ? null : filter.reason().name())
                .param("open", filter.open());
    }

    private static JdbcClient.StatementSpec weighing(JdbcClient.StatementSpec sql, Odds odds) {
        return sql.param("contact", odds.contact())
                .param("need", odds.need())
                .param("offer", odds.offer())
                .param("negotiation", odds.negotiation());
    }

    /** The open ones that fit, by the month in which they are expected. */
    List<Month> forecast(UUID tenant, UUID contract, Filter filter, Odds odds) {
        return weighing(fitting("""
                                select cast(date_trunc('month', expected_on) as date) as month, count(*)::int as count,
                                    sum(amount_fen)::bigint as amount,
                                    sum(round(amount_fen * (%s) / 100.0))::bigint as weighted
                                from relationship.opportunity where %s and ended_at is null group by 1 order by 1
                                """.formatted(PERCENT, FITS), tenant, contract, filter), odds)
                .query((row, _) -> new Month(
                        YearMonth.from(row.getObject("month", LocalDate.class)),
                        row.getInt("count"),
                        new Money(row.getLong("amount")),
                        new Money(row.getLong("weighted"))))
                .list();
    }

    List<Total> totals(UUID tenant, UUID contract, Filter filter, Odds odds) {
        return weighing(fitting("""
                                select stage, count(*)::int as count, sum(amount_fen)::bigint as amount,
                                    sum(round(amount_fen * (%s) / 100.0))::bigint as weighted
                                from relationship.opportunity where %s group by 1
                                """.formatted(PERCENT, FITS), tenant, contract, filter), odds)
                .query((row, _) -> new Total(
                        Stage.valueOf(row.getString("stage")),
                        row.getInt("count"),
                        new Money(row.getLong("amount")),
                        new Money(row.getLong("weighted"))))
                .list();
    }

    List<Dwell> dwell(UUID tenant, UUID contract) {
        return jdbc.sql("""
            with stay as (
                select o.id, o.stage as at_last, o.ended_at, s.stage, s.since,
                    lead(s.since) over (partition by s.opportunity_id order by s.position) as until
                from relationship.opportunity_stay s
                join relationship.opportunity o on o.tenant_id = s.tenant_id and o.id = s.opportunity_id
                where s.tenant_id = :tenant and o.tenant_id = :tenant and o.contract_id = :contract)
            select stage,
                percentile_cont(0.5) within group (order by extract(epoch from until - since)::float8)
                    filter (where until is not null) / 86400 as days,
                count(*) filter (where until is not null)::int as over,
                count(distinct id) filter (where at_last = 'WON')::int as won,
                count(distinct id) filter (where ended_at is not null)::int as ended
            from stay where stage not in ('WON', 'LOST') group by stage
            """)
                .param("tenant", tenant)
                .param("contract", contract)
                .query((row, _) -> new Dwell(
                        Stage.valueOf(row.getString("stage")),
                        row.getObject("days", Double.class),
                        row.getInt("over"),
                        row.getInt("won"),
                        row.getInt("ended")))
                .list();
    }

    List<LostBy> lost(UUID tenant, UUID contract) {
        return jdbc.sql("""
            select lost_reason, count(*)::int as count, sum(amount_fen)::bigint as amount from relationship.opportunity
            where tenant_id = :tenant and contract_id = :contract and stage = 'LOST'
            group by lost_reason order by count(*) desc, lost_reason
            """)
                .param("tenant", tenant)
                .param("contract", contract)
                .query((row, _) -> new LostBy(
                        LostReason.valueOf(row.getString("lost_reason")),
                        row.getInt("count"),
                        new Money(row.getLong("amount"))))
                .list();
    }

    List<Stay> stays(UUID tenant, UUID id) {
        return jdbc.sql("""
            select stage, since, lead(since) over (order by position) as until, amount_fen, actor
            from relationship.opportunity_stay where tenant_id = :tenant and opportunity_id = :id order by position
            """)
                .param("tenant", tenant)
                .param("id", id)
                .query((row, _) -> {
                    var until = row.getObject("until", OffsetDateTime.class);
                    return new Stay(
                            Stage.valueOf(row.getString("stage")),
                            row.getObject("since", OffsetDateTime.class).toInstant(),
                            until == null ? null : until.toInstant(),
                            new Money(row.getLong("amount_fen")),
                            row.getObject("actor", UUID.class));
                })
                .list();
    }

    List<Opportunity> ofCustomer(UUID tenant, UUID contract, UUID customer, int most) {
        return jdbc.sql("""
            select * from relationship.opportunity
            where tenant_id = :tenant and contract_id = :contract and customer_id = :customer
            order by number desc limit :most
            """)
                .param("tenant", tenant)
                .param("contract", contract)
                .param("customer", customer)
                .param("most", most)
                .query(OpportunityRows::opportunity)
                .list();
    }

    /** Open ones of a customer that one agent, or nobody, is after; held until the transaction ends. */
    List<Opportunity> openOf(UUID tenant, UUID contract, UUID customer, @Nullable UUID agent) {
        return jdbc.sql("""
            select * from relationship.opportunity
            where tenant_id = :tenant and contract_id = :contract and customer_id = :customer and ended_at is null
            and agent_id is not distinct from cast(:agent as uuid)
            order by id for update
            """)
                .param("tenant", tenant)
                .param("contract", contract)
                .param("customer", customer)
                .param("agent", agent)
                .query(OpportunityRows::opportunity)
                .list();
    }

    Odds odds(UUID tenant, UUID contract) {
        return jdbc.sql("select * from relationship.odds where tenant_id = :tenant and contract_id = :contract")
                .param("tenant", tenant)
                .param("contract", contract)
                .query((row, _) -> new Odds(
                        row.getInt("contact"),
                        row.getInt("need"),
                        row.getInt("offer"),
                        row.getInt("negotiation"),
                        true))
                .optional()
                .orElse(Odds.PLATFORM);
    }

    void save(UUID tenant, UUID contract, Odds odds) {
        weighing(jdbc.sql("""
                                insert into relationship.odds (tenant_id, contract_id, contact, need, offer, negotiation)
                                values (:tenant, :contractId, :contact, :need, :offer, :negotiation)
                                on conflict (tenant_id, contract_id) do update set contact = :contact, need = :need,
                                    offer = :offer, negotiation = :negotiation
                                """), odds)
                .param("tenant", tenant)
                .param("contractId", contract)
                .update();
    }

    private static Opportunity opportunity(ResultSet row, int number) throws SQLException {
        var ended = row.getObject("ended_at", OffsetDateTime.class);
        var reason = row.getString("lost_reason");
        return new Opportunity(
                row.getObject("id", UUID.class),
                row.getObject("tenant_id", UUID.class),
                row.getObject("contract_id", UUID.class),
                row.getObject("customer_id", UUID.class),
                row.getInt("number"),
                row.getString("title"),
                new Money(row.getLong("amount_fen")),
                Stage.valueOf(row.getString("stage")),
                row.getObject("stage_since", OffsetDateTime.class).toInstant(),
                row.getObject("expected_on", LocalDate.class),
                row.getObject("agent_id", UUID.class),
                reason == null ? null : LostReason.valueOf(reason),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                ended == null ? null : ended.toInstant(),
                row.getInt("version"));
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
