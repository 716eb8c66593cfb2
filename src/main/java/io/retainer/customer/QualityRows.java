package io.retainer.customer;

import io.retainer.customer.Quality.Figure;
import io.retainer.customer.Quality.Scope;
import io.retainer.customer.Quality.Work;
import io.retainer.kernel.Ids;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Measurements of the quality of data, and what they count. */
@Repository
class QualityRows {

    private final JdbcClient jdbc;
    private final JdbcTemplate template;

    QualityRows(JdbcClient jdbc, JdbcTemplate template) {
        this.jdbc = jdbc;
        this.template = template;
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

    /** What is counted of every customer, beside the client's own fields. */
    private static final List<String> FIELDS =
            List.of("ADDRESS", "EMAIL", "ID_NUMBER", "PHONE", "REFERENCE", "REGION", "WECHAT");

    private static final int MOST_SCOPES = 12;

    /** One pass over the rows: what each has is counted where it stands, and only sums leave the scan. */
    private static final String COUNT = """
            with one as (
                select c.source, c.batch_id, c.reference is not null as referenced,
                    c.reference is not null and c.changed_at >= :fresh as referenced_lately, k.*
                from customer.customer c cross join lateral (
                    select count(*) filter (where kind = 'ADDRESS') as address, count(*) filter (where kind = 'EMAIL') as email,
                        count(*) filter (where kind = 'ID_NUMBER') as id_number, count(*) filter (where kind = 'PHONE') as phone,
                        count(*) filter (where kind = 'WECHAT') as wechat, count(region) as region,
                        count(*) filter (where kind = 'ADDRESS' and lately) as address_lately,
                        count(*) filter (where kind = 'EMAIL' and lately) as email_lately,
                        count(*) filter (where kind = 'ID_NUMBER' and lately) as id_number_lately,
                        count(*) filter (where kind = 'PHONE' and lately) as phone_lately,
                        count(*) filter (where kind = 'WECHAT' and lately) as wechat_lately,
                        count(region) filter (where lately) as region_lately,
                        max(since) as latest
                    from (select kind, region, coalesce(created_at, c.created_at) as since,
                            coalesce(created_at, c.created_at) >= :fresh as lately from unnest(c.contacts)) as e) as k
                where c.tenant_id = :tenant)
            select source, batch_id, count(*) as customers,
                array[count(*) filter (where address > 0), count(*) filter (where email > 0), count(*) filter (where id_number > 0),
                    count(*) filter (where phone > 0), count(*) filter (where referenced), count(*) filter (where region > 0),
                    count(*) filter (where wechat > 0)] as filled,
                array[sum(address), sum(email), sum(id_number), sum(phone), count(*) filter (where referenced), sum(region),
                    sum(wechat)]::bigint[] as held,
                array[sum(address_lately), sum(email_lately), sum(id_number_lately), sum(phone_lately),
                    count(*) filter (where referenced_lately), sum(region_lately), sum(wechat_lately)]::bigint[] as fresh,
                count(*) filter (where phone = 0 and email = 0 and wechat = 0) as unreachable,
                count(*) filter (where phone = 0) as no_phone, count(*) filter (where latest < :stale) as stale
            from one group by source, batch_id
            """;

    /**
     * Whole values two customers have; ends of them are below 2^32. No two kinds have the same keys. Arrays are spread out in
     * the list of columns, which keeps the joins outside of it, whatever the planner thinks of how many there are.
     */
    private static final String TWICE = """
            twice as materialized (
                select k.key from (select c.id, unnest(c.keys) as key from customer.customer c where c.tenant_id = :tenant) as k
                where k.key < 0 or k.key > 4294967295
                group by k.key having min(uuid_hash_extended(k.id, 0)) <> max(uuid_hash_extended(k.id, 0))),
            sharing as materialized (
                select distinct k.id
                from (select c.id, unnest(c.keys) as key from customer.customer c where c.tenant_id = :tenant) as k
                join twice t on t.key = k.key)
            """;

    private static final String SHARED = "with " + TWICE + """
            select k.source, k.batch_id, (k.contact).kind as field, count(distinct k.id) as shared
            from (select c.source, c.batch_id, c.id, unnest(c.contacts) as contact
                from customer.customer c join sharing s on s.id = c.id where c.tenant_id = :tenant) as k
            join twice t on t.key = (k.contact).value_index
            where (k.contact).kind <> 'ADDRESS' group by 1, 2, 3
            union all select null, null, 'SHARED', count(*) from sharing
            """;

    private static final String OWN = """
            select c.source, c.batch_id, 'FIELD:' || f.key as field, count(*) as filled,
                count(*) filter (where c.changed_at >= :fresh) as fresh
            from customer.field_value v join customer.field f on f.tenant_id = v.tenant_id and f.id = v.field_id
            join customer.customer c on c.tenant_id = v.tenant_id and c.id = v.customer_id
            where v.tenant_id = :tenant group by 1, 2, 3
            """;

    private static final String REFUSED = """
            select b.source, r.batch_id, case r.reason
                when 'customer.bad.phone' then 'PHONE' when 'customer.bad.email' then 'EMAIL'
                when 'customer.bad.address' then 'ADDRESS' when 'customer.bad.wechat' then 'WECHAT'
                when 'customer.bad.idNumber' then 'ID_NUMBER' when 'customer.bad.reference' then 'REFERENCE'
                when 'customer.bad.taken' then 'REFERENCE'
                when 'customer.bad.fieldType' then (select 'FIELD:' || f.key from customer.field f
                    where f.tenant_id = :tenant and f.label = r.arguments[1] limit 1) end as field, count(*) as refused
            from customer.bad_row r join customer.batch b on b.tenant_id = r.tenant_id and b.id = r.batch_id
            where r.tenant_id = :tenant group by 1, 2, 3
            """;

    /** What is counted for a source and an import; either may be null, and then stands for all. */
    private record Part(@Nullable String source, @Nullable UUID batch) {

        static Part of(ResultSet row) throws SQLException {
            return new Part(row.getString("source"), row.getObject("batch_id", UUID.class));
        }
    }

    private static final class Sums {
        private final Map<String, EnumMap<Count, Long>> byField = new HashMap<>();
        private long customers;

        long of(String field, Count count) {
            var counts = byField.get(field);
            return counts == null ? 0 : counts.getOrDefault(count, 0L);
        }

        void add(String field, Count count, long more) {
            byField.computeIfAbsent(field, _ -> new EnumMap<>(Count.class)).merge(count, more, Long::sum);
        }
    }

    private enum Count {
        FILLED,
        REFUSED,
        HELD,
        SHARED,
        FRESH
    }

    /** The sums of all, of each source and of each import. */
    private static final class Counted {
        private final Sums all = new Sums();
        private final Map<String, Sums> sources = new HashMap<>();
        private final Map<UUID, Sums> batches = new HashMap<>();
        private final Map<Work, Long> works = new EnumMap<>(Work.class);

        void each(Part part, Consumer<Sums> what) {
            what.accept(all);
            if (part.source() != null) {
                what.accept(sources.computeIfAbsent(part.source(), _ -> new Sums()));
            }
            if (part.batch() != null) {
                what.accept(batches.computeIfAbsent(part.batch(), _ -> new Sums()));
            }
        }

        void add(Part part, String field, Count count, long more) {
            each(part, sums -> sums.add(field, count, more));
        }
    }

    /**
     * Counts everything and keeps the counts. Only sums come out of the database, whose sorting goes to disk when it is much.
     *
     * @param fresh values recorded since then count as fresh
     * @param stale who has none recorded since then is on the list of work
     */
    void measure(UUID tenant, Instant now, Instant fresh, Instant stale) {
        // The planner knows nothing of what is counted on the way; one join row by row would take hours.
        jdbc.sql("set local enable_nestloop = off").update();
        jdbc.sql("set local jit = off").update();
        jdbc.sql("set local work_mem = '64MB'").update();
        var counted = new Counted();
        counting(COUNT, tenant, fresh, stale).query(row -> {
            long customers = row.getLong("customers");
            var part = Part.of(row);
            counted.each(part, sums -> sums.customers += customers);
            add(counted, part, Count.FILLED, row.getArray("filled"));
            add(counted, part, Count.HELD, row.getArray("held"));
            add(counted, part, Count.FRESH, row.getArray("fresh"));
            counted.works.merge(Work.UNREACHABLE, row.getLong("unreachable"), Long::sum);
            counted.works.merge(Work.NO_PHONE, row.getLong("no_phone"), Long::sum);
            counted.works.merge(Work.STALE, row.getLong("stale"), Long::sum);
        });
        counting(SHARED, tenant, fresh, stale).query(row -> {
            if (row.getString("field").equals(Work.SHARED.name())) {
                counted.works.put(Work.SHARED, row.getLong("shared"));
            } else {
                counted.add(Part.of(row), row.getString("field"), Count.SHARED, row.getLong("shared"));
            }
        });
        counting(OWN, tenant, fresh, stale).query(row -> {
            var part = Part.of(row);
            counted.add(part, row.getString("field"), Count.FILLED, row.getLong("filled"));
            counted.add(part, row.getString("field"), Count.HELD, row.getLong("filled"));
            counted.add(part, row.getString("field"), Count.FRESH, row.getLong("fresh"));
        });
        counting(REFUSED, tenant, fresh, stale).query(row -> {
            var field = row.getString("field");
            if (field != null) {
                counted.add(Part.of(row), field, Count.REFUSED, row.getLong("refused"));
            }
        });
        keep(tenant, now, counted);
    }

    private JdbcClient.StatementSpec counting(String sql, UUID tenant, Instant fresh, Instant stale) {
        return jdbc.sql(sql)
                .param("tenant", tenant)
                .param("fresh", fresh.atOffset(ZoneOffset.UTC))
                .param("stale", stale.atOffset(ZoneOffset.UTC));
    }

    private static void add(Counted counted, Part part, Count count, java.sql.Array sums) throws SQLException {
        var numbers = (@Nullable Long[]) sums.getArray();
        for (int i = 0; i < FIELDS.size(); i++) {
            var number = numbers[i];
            counted.add(part, FIELDS.get(i), count, number == null ? 0 : number);
        }
    }

    private void keep(UUID tenant, Instant now, Counted counted) {
        var fields = new ArrayList<>(FIELDS);
        jdbc.sql("select 'FIELD:' || key from customer.field where tenant_id = :tenant")
                .param("tenant", tenant)
                .query(String.class)
                .list()
                .forEach(fields::add);
        var figures = new ArrayList<Figure>();
        figures(figures, Scope.ALL, null, counted.all, fields);
        counted.sources.entrySet().stream()
                .filter(each -> each.getValue().customers > 0)
                .sorted(Comparator.comparingLong(each -> -each.getValue().customers))
                .limit(MOST_SCOPES)
                .forEach(each -> figures(figures, Scope.SOURCE, each.getKey(), each.getValue(), fields));
        jdbc.sql("""
                        select id from customer.batch where tenant_id = :tenant and state in ('DONE', 'CANCELLED')
                        order by id desc limit :most
                        """)
                .param("tenant", tenant)
                .param("most", MOST_SCOPES)
                .query(UUID.class)
                .list()
                .forEach(id -> figures(
                        figures, Scope.BATCH, id.toString(), counted.batches.getOrDefault(id, new Sums()), fields));
        for (var work : Work.values()) {
            long who = counted.works.getOrDefault(work, 0L);
            figures.add(new Figure(Scope.WORK, null, work.name(), 0, who, 0, 0, 0, 0));
        }
        template.batchUpdate(
                """
                insert into customer.quality (tenant_id, id, measured_at, scope, scope_of, field, customers, filled, refused, held,
                    shared, fresh)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                figures.stream()
                        .map(each -> new @Nullable Object[] {
                            tenant,
                            Ids.next(),
                            now.atOffset(ZoneOffset.UTC),
                            each.scope().name(),
                            each.of(),
                            each.field(),
                            each.customers(),
                            each.filled(),
                            each.refused(),
                            each.held(),
                            each.shared(),
                            each.fresh()
                        })
                        .toList());
    }

    private static void figures(
            List<Figure> figures, Scope scope, @Nullable String of, Sums sums, List<String> fields) {
        for (var field : fields) {
            figures.add(new Figure(
                    scope,
                    of,
                    field,
                    sums.customers,
                    sums.of(field, Count.FILLED),
                    sums.of(field, Count.REFUSED),
                    sums.of(field, Count.HELD),
                    sums.of(field, Count.SHARED),
                    sums.of(field, Count.FRESH)));
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
            case SHARED -> "c.id in (with " + TWICE + " select id from sharing)";
        };
    }
}
