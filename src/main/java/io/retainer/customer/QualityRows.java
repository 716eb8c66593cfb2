package io.retainer.customer;

import io.retainer.customer.Quality.Figure;
import io.retainer.customer.Quality.Scope;
import io.retainer.customer.Quality.Work;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Measurements of the quality of data, and what they count. */
@Repository
class QualityRows {

    private final JdbcClient jdbc;

    QualityRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** The newest first. */
    List<Instant> times(UUID tenant, int most) {
        return jdbc.sql("""
                        select distinct measured_at from customer.quality where tenant_id = :tenant
                        order by measured_at desc limit :most
                        """)
                .param("tenant", tenant)
                .param("most", most)
                .query((row, _) -> row.getTimestamp(1).toInstant())
                .list();
    }

    /** All customers first, then the largest sources, then the newest imports; within each by field. */
    List<Figure> at(UUID tenant, Instant time) {
        return jdbc.sql("""
                        select scope, scope_of, field, customers, filled, refused, held, shared, fresh from customer.quality
                        where tenant_id = :tenant and measured_at = :time
                        order by scope, case scope when 'SOURCE' then -customers end, scope_of desc nulls first, field
                        """)
                .param("tenant", tenant)
                .param("time", time.atOffset(ZoneOffset.UTC))
                .query(QualityRows::figure)
                .list();
    }

    List<Figure> all(UUID tenant, Instant time) {
        return jdbc.sql("""
                        select scope, scope_of, field, customers, filled, refused, held, shared, fresh from customer.quality
                        where tenant_id = :tenant and measured_at = :time and scope = 'ALL' order by field
                        """)
                .param("tenant", tenant)
                .param("time", time.atOffset(ZoneOffset.UTC))
                .query(QualityRows::figure)
                .list();
    }

    private static Figure figure(ResultSet row, int number) throws SQLException {
        return new Figure(
                Scope.valueOf(row.getString("scope")),
                row.getString("scope_of"),
                row.getString("field"),
                row.getLong("customers"),
                row.getLong("filled"),
                row.getLong("refused"),
                row.getLong("held"),
                row.getLong("shared"),
                row.getLong("fresh"));
    }

    /**
     * Counts everything and keeps the counts.
     *
     * @param fresh values recorded since then count as fresh
     * @param stale who has none recorded since then is on the list of work
     */
    void measure(UUID tenant, Instant now, Instant fresh, Instant stale) {
        // The planner knows nothing of what is counted on the way; one join row by row would take hours.
        jdbc.sql("set local enable_nestloop = off").update();
        jdbc.sql("""
                        with customer as materialized (
                            select id, source, batch_id, reference, changed_at from customer.customer
                            where tenant_id = :tenant),
                        twice as materialized (
                            select kind, value_index from customer.contact
                            where tenant_id = :tenant and kind <> 'ADDRESS'
                            group by kind, value_index having count(distinct customer_id) > 1),
                        value as materialized (
                            select k.kind as field, k.customer_id as id, k.created_at as at, t.kind is not null as shared
                            from customer.contact k left join twice t on t.kind = k.kind and t.value_index = k.value_index
                                and k.kind <> 'ADDRESS'
                            where k.tenant_id = :tenant
                            union all
                            select 'REGION', customer_id, created_at, false from customer.contact
                            where tenant_id = :tenant and region is not null
                            union all
                            select 'REFERENCE', id, changed_at, false from customer where reference is not null
                            union all
                            select 'FIELD:' || f.key, v.customer_id, c.changed_at, false from customer.field_value v
                            join customer.field f on f.tenant_id = v.tenant_id and f.id = v.field_id
                            join customer c on c.id = v.customer_id
                            where v.tenant_id = :tenant),
                        field as (
                            select unnest(array['ADDRESS', 'EMAIL', 'ID_NUMBER', 'PHONE', 'REFERENCE', 'REGION', 'WECHAT']) as field
                            union all select 'FIELD:' || key from customer.field where tenant_id = :tenant),
                        batch as (
                            select b.id, b.source from customer.batch b
                            where b.tenant_id = :tenant and b.state in ('DONE', 'CANCELLED') order by b.id desc limit 12),
                        scope as materialized (
                            select 'ALL' as scope, null as of, null::text as source, null::uuid as batch, count(*) as customers
                            from customer
                            union all
                            (select 'SOURCE', source, source, null, count(*) from customer group by source
                             order by count(*) desc limit 12)
                            union all
                            select 'BATCH', b.id::text, null, b.id,
                                (select count(*) from customer c where c.batch_id = b.id) from batch b),
                        -- Once each, because a value is in several scopes.
                        counted as materialized (
                            select case when grouping(c.source) = 0 then 'SOURCE' when grouping(c.batch_id) = 0 then 'BATCH'
                                else 'ALL' end as scope, coalesce(c.source, c.batch_id::text) as of, v.field,
                                count(distinct v.id) as filled, count(*) as held,
                                count(distinct v.id) filter (where v.shared) as shared,
                                count(*) filter (where v.at >= :fresh) as fresh
                            from value v join customer c on c.id = v.id
                            group by grouping sets ((v.field), (v.field, c.source), (v.field, c.batch_id))),
                        refused as materialized (
                            select r.batch_id, b.source, case r.reason
                                when 'customer.bad.phone' then 'PHONE' when 'customer.bad.email' then 'EMAIL'
                                when 'customer.bad.address' then 'ADDRESS' when 'customer.bad.wechat' then 'WECHAT'
                                when 'customer.bad.idNumber' then 'ID_NUMBER' when 'customer.bad.reference' then 'REFERENCE'
                                when 'customer.bad.taken' then 'REFERENCE'
                                when 'customer.bad.fieldType' then (select 'FIELD:' || f.key from customer.field f
                                    where f.tenant_id = :tenant and f.label = r.arguments[1] limit 1) end as field
                            from customer.bad_row r join customer.batch b on b.tenant_id = r.tenant_id and b.id = r.batch_id
                            where r.tenant_id = :tenant)
                        insert into customer.quality (tenant_id, id, measured_at, scope, scope_of, field, customers, filled,
                            refused, held, shared, fresh)
                        select :tenant, uuidv7(), :now, s.scope, s.of, f.field, s.customers, coalesce(n.filled, 0),
                            (select count(*) from refused r where r.field = f.field
                                and (s.batch is null or r.batch_id = s.batch) and (s.source is null or r.source = s.source)),
                            coalesce(n.held, 0), coalesce(n.shared, 0), coalesce(n.fresh, 0)
                        from scope s cross join field f
                        left join counted n on n.scope = s.scope and n.field = f.field and n.of is not distinct from s.of
                        """)
                .param("tenant", tenant)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .param("fresh", fresh.atOffset(ZoneOffset.UTC))
                .update();
        for (var work : Work.values()) {
            jdbc.sql("""
                            insert into customer.quality (tenant_id, id, measured_at, scope, field, customers, filled, refused,
                                held, shared, fresh)
                            select :tenant, uuidv7(), :now, 'WORK', :work, 0, count(*), 0, 0, 0, 0
                            from customer.customer c where c.tenant_id = :tenant and
                            """ + condition(work))
                    .param("tenant", tenant)
                    .param("now", now.atOffset(ZoneOffset.UTC))
                    .param("work", work.name())
                    .param("stale", stale.atOffset(ZoneOffset.UTC))
                    .update();
        }
    }

    List<UUID> work(UUID tenant, Work work, Instant stale, UUID before, int most) {
        return jdbc.sql("select c.id from customer.customer c where c.tenant_id = :tenant and c.id < :before and "
                        + condition(work) + " order by c.tenant_id desc, c.id desc limit :most")
                .param("tenant", tenant)
                .param("before", before)
                .param("stale", stale.atOffset(ZoneOffset.UTC))
                .param("most", most)
                .query((row, _) -> row.getObject(1, UUID.class))
                .list();
    }

    private static String condition(Work work) {
        var contact = "exists (select from unnest(c.contacts) k where ";
        return switch (work) {
            case UNREACHABLE -> "not " + contact + "k.kind in ('PHONE', 'EMAIL', 'WECHAT'))";
            case NO_PHONE -> "not " + contact + "k.kind = 'PHONE')";
            case STALE ->
                "cardinality(c.contacts) > 0 and not " + contact + "coalesce(k.created_at, c.created_at) >= :stale)";
            case SHARED ->
                "c.id in (select unnest(array_agg(k.customer_id)) from customer.contact k where k.tenant_id = :tenant"
                        + " and k.kind <> 'ADDRESS' group by k.kind, k.value_index"
                        + " having count(distinct k.customer_id) > 1)";
        };
    }
}
