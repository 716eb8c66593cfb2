package io.retainer.customer;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Who left, what is known of customers that might tell it beforehand, and the risks found. */
@Repository
class ChurnRows {

    private final JdbcClient jdbc;

    ChurnRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    record Label(UUID customer, boolean gone, @Nullable LocalDate goneOn, LocalDate seenOn) {}

    /** @return false when the latest of the customer says the same already */
    boolean add(UUID tenant, UUID id, Label label, Instant now) {
        return jdbc.sql("""
            insert into customer.churn_label (tenant_id, id, customer_id, gone, gone_on, seen_on, recorded_at)
            select :tenant, :id, :customer, :gone, :goneOn, :seenOn, :now
            where not exists (select from (select gone, gone_on, seen_on from customer.churn_label
                    where tenant_id = :tenant and customer_id = :customer order by seen_on desc, recorded_at desc, gone desc, id desc limit 1) as last
                where last.gone = :gone and last.gone_on is not distinct from :goneOn and last.seen_on = :seenOn)
            """)
                        .param("tenant", tenant)
                        .param("id", id)
                        .param("customer", label.customer())
                        .param("gone", label.gone())
                        .param("goneOn", label.goneOn(), java.sql.Types.DATE)
                        .param("seenOn", label.seenOn())
                        .param("now", now.atOffset(ZoneOffset.UTC))
                        .update()
                == 1;
    }

    /** The latest of each customer, by customer. */
    List<Label> labels(UUID tenant) {
        return jdbc.sql("""
            select distinct on (customer_id) customer_id, gone, gone_on, seen_on from customer.churn_label
            where tenant_id = :tenant order by customer_id, seen_on desc, recorded_at desc, gone desc, id desc
            """)
                .param("tenant", tenant)
                .query((row, _) -> new Label(
                        row.getObject("customer_id", UUID.class),
                        row.getBoolean("gone"),
                        row.getObject("gone_on", LocalDate.class),
                        row.getObject("seen_on", LocalDate.class)))
                .list();
    }

    List<UUID> move(UUID tenant, UUID from, UUID to) {
        return jdbc.sql("""
            update customer.churn_label set customer_id = :to where tenant_id = :tenant and customer_id = :from
            returning id
            """)
                .param("tenant", tenant)
                .param("from", from)
                .param("to", to)
                .query((row, _) -> row.getObject(1, UUID.class))
                .list();
    }

    void moveBack(UUID tenant, List<UUID> labels, UUID to) {
        jdbc.sql("update customer.churn_label set customer_id = :to where tenant_id = :tenant and id = any(:rows)")
                .param("tenant", tenant)
                .param("to", to)
                .param("rows", labels.toArray(UUID[]::new))
                .update();
    }

    /** Some of all customers, by id. */
    List<UUID> customers(UUID tenant, UUID after, int most) {
        return jdbc.sql("""
            select id from customer.customer where tenant_id = :tenant and id > :after
            order by tenant_id, id limit :most
            """)
                .param("tenant", tenant)
                .param("after", after)
                .param("most", most)
                .query((row, _) -> row.getObject(1, UUID.class))
                .list();
    }

    long customersFrom(UUID tenant, UUID after) {
        return jdbc.sql("select count(*) from customer.customer where tenant_id = :tenant and id > :after")
                .param("tenant", tenant)
                .param("after", after)
                .query(Long.class)
                .single();
    }

    /** The tags most customers have or had. */
    List<String> tags(UUID tenant, int most) {
        return jdbc.sql("""
            select tag from (
                select tag from customer.tag where tenant_id = :tenant
                union all select tag from customer.tag_past where tenant_id = :tenant) as had
            group by tag order by count(*) desc, tag limit :most
            """)
                .param("tenant", tenant)
                .param("most", most)
                .query((row, _) -> row.getString("tag"))
                .list();
    }

    /** Kind and source of customers, and whether they were known on a day. */
    void persons(UUID tenant, Collection<UUID> customers, LocalDate on, RowCallbackHandler each) {
        ask("""
            select id as customer_id, kind, source,
                cast(created_at at time zone 'Asia/Shanghai' as date) <= :on as known
            from customer.customer where tenant_id = :tenant and id = any(:ids)
            """, tenant, customers, Map.of("on", on), each);
    }

    /** By how many phones, addresses and so on customers could be reached on a day. */
    void contacts(UUID tenant, Collection<UUID> customers, LocalDate on, RowCallbackHandler each) {
        ask("""
            select customer_id, kind, count(*) as number from (
                select customer_id, kind, created_at as since, null as until from customer.contact
                where tenant_id = :tenant and customer_id = any(:ids)
                union all
                select customer_id, kind, since, until from customer.contact_past
                where tenant_id = :tenant and customer_id = any(:ids)) as had
            where cast(since at time zone 'Asia/Shanghai' as date) <= :on
            and (until is null or cast(until at time zone 'Asia/Shanghai' as date) > :on)
            group by customer_id, kind
            """, tenant, customers, Map.of("on", on), each);
    }

    /** The tags customers had on a day. */
    void tagged(UUID tenant, Collection<UUID> customers, List<String> tags, LocalDate on, RowCallbackHandler each) {
        ask("""
            select customer_id, tag from customer.tag
            where tenant_id = :tenant and customer_id = any(:ids) and tag = any(:tags) and since <= :on
            union
            select customer_id, tag from customer.tag_past
            where tenant_id = :tenant and customer_id = any(:ids) and tag = any(:tags) and since <= :on and until > :on
            """, tenant, customers, Map.of("tags", tags.toArray(String[]::new), "on", on), each);
    }

    /** What the client's own fields said on a day, of those that are not sealed. */
    void values(UUID tenant, Collection<UUID> customers, LocalDate on, RowCallbackHandler each) {
        ask("""
            select distinct on (v.customer_id, v.field_id) v.customer_id, f.key, v.plain
            from (select customer_id, field_id, plain, since from customer.field_value
                where tenant_id = :tenant and customer_id = any(:ids) and since <= :on
                union all
                select customer_id, field_id, plain, since from customer.field_past
                where tenant_id = :tenant and customer_id = any(:ids) and since <= :on and until > :on) as v
            join customer.field f on f.tenant_id = :tenant and f.id = v.field_id
            where v.plain is not null order by v.customer_id, v.field_id, v.since desc
            """, tenant, customers, Map.of("on", on), each);
    }

    /** What was bought until a day, that day included; what came back is no order, but no spending either. */
    void orders(UUID tenant, Collection<UUID> customers, LocalDate until, RowCallbackHandler each) {
        ask("""
            select customer_id, :until - min(ordered_on) filter (where amount >= 0) as first,
                :until - max(ordered_on) filter (where amount >= 0) as last,
                count(*) filter (where ordered_on > :until - 90 and amount >= 0) as lately,
                count(*) filter (where ordered_on > :until - 365 and amount >= 0) as year,
                round(coalesce(sum(amount) filter (where ordered_on > :until - 365), 0) / 100, 2) as spent
            from customer.purchase where tenant_id = :tenant and customer_id = any(:ids) and ordered_on <= :until
            group by customer_id
            """, tenant, customers, Map.of("until", until), each);
    }

    /** What was done until a day, that day included. */
    void events(UUID tenant, Collection<UUID> customers, LocalDate until, RowCallbackHandler each) {
        ask("""
            select customer_id, kind, :until - max(day) as last, count(*) filter (where day > :until - 90) as lately
            from (select customer_id, kind, cast(happened_at at time zone 'Asia/Shanghai' as date) as day
                from customer.event where tenant_id = :tenant and customer_id = any(:ids)) as done
            where day <= :until group by customer_id, kind
            """, tenant, customers, Map.of("until", until), each);
    }

    /** Those whose first order or event came after a day. */
    List<UUID> newcomers(UUID tenant, Collection<UUID> customers, LocalDate after) {
        return jdbc.sql("""
            select customer_id from (
                select customer_id, ordered_on as day from customer.purchase
                where tenant_id = :tenant and customer_id = any(:ids)
                union all
                select customer_id, cast(happened_at at time zone 'Asia/Shanghai' as date) from customer.event
                where tenant_id = :tenant and customer_id = any(:ids)) as done
            group by customer_id having min(day) > :after
            """)
                .param("tenant", tenant)
                .param("ids", customers.toArray(UUID[]::new))
                .param("after", after)
                .query((row, _) -> row.getObject(1, UUID.class))
                .list();
    }

    private void ask(
            String sql, UUID tenant, Collection<UUID> customers, Map<String, ?> parameters, RowCallbackHandler each) {
        jdbc.sql(sql)
                .param("tenant", tenant)
                .param("ids", customers.toArray(UUID[]::new))
                .params(parameters)
                .query(each);
    }

    /** @param reasons JSON */
    record Score(UUID customer, double risk, String reasons) {}

    /** Those merged or removed meanwhile are left out. */
    void addScores(UUID tenant, UUID run, List<Score> scores) {
        jdbc.sql("""
            insert into customer.churn_scored (tenant_id, run_id, customer_id, risk, reasons)
            select :tenant, :run, n.customer_id, n.risk, cast(n.reasons as jsonb)
            from unnest(cast(:customers as uuid[]), cast(:risks as float8[]), cast(:reasons as text[]))
                as n (customer_id, risk, reasons)
            join customer.customer c on c.tenant_id = :tenant and c.id = n.customer_id
            """)
                .param("tenant", tenant)
                .param("run", run)
                .param("customers", scores.stream().map(Score::customer).toArray(UUID[]::new))
                .param("risks", scores.stream().map(Score::risk).toArray(Double[]::new))
                .param("reasons", scores.stream().map(Score::reasons).toArray(String[]::new))
                .update();
    }

    /** The most at risk first. */
    List<Score> scores(UUID tenant, @Nullable UUID after, int most) {
        return jdbc.sql("""
            select customer_id, risk, reasons from customer.churn_score s where tenant_id = :tenant
            and (cast(:after as uuid) is null or (risk, customer_id) < (select l.risk, l.customer_id
                from customer.churn_score l where l.tenant_id = :tenant and l.customer_id = :after))
            order by tenant_id, risk desc, customer_id desc limit :most
            """)
                .param("tenant", tenant)
                .param("after", after, java.sql.Types.OTHER)
                .param("most", most)
                .query(ChurnRows::score)
                .list();
    }

    Optional<Score> score(UUID tenant, UUID customer) {
        return jdbc.sql("""
            select customer_id, risk, reasons from customer.churn_score
            where tenant_id = :tenant and customer_id = :customer
            """)
                .param("tenant", tenant)
                .param("customer", customer)
                .query(ChurnRows::score)
                .optional();
    }

    /** The risks of these customers, of those who have one. */
    Map<UUID, Double> risks(UUID tenant, Collection<UUID> customers) {
        return jdbc
                .sql("select customer_id, risk from customer.churn_score where tenant_id = :tenant and customer_id ="
                        + " any(:ids)")
                .param("tenant", tenant)
                .param("ids", customers.toArray(UUID[]::new))
                .query((row, _) -> Map.entry(row.getObject("customer_id", UUID.class), row.getDouble("risk")))
                .list()
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static Score score(ResultSet row, int number) throws SQLException {
        return new Score(row.getObject("customer_id", UUID.class), row.getDouble("risk"), row.getString("reasons"));
    }
}
