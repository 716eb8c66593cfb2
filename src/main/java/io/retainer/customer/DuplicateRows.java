package io.retainer.customer;

import io.retainer.matching.Answer;
import io.retainer.matching.Band;
import io.retainer.matching.Grade;
import io.retainer.matching.Lessons;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Searches for duplicates and the pairs they left. */
@Repository
class DuplicateRows {

    private final JdbcClient jdbc;
    private final JdbcTemplate template;

    DuplicateRows(JdbcClient jdbc, JdbcTemplate template) {
        this.jdbc = jdbc;
        this.template = template;
    }

    /**
     * Two customers that may be one.
     *
     * @param first the one with the lower id, or whom it was merged into
     * @param baseBits log2 odds before people answered
     * @param bits log2 odds
     */
    record Pair(
            UUID id,
            UUID first,
            UUID second,
            List<String> columns,
            List<Grade> grades,
            List<Double> weights,
            double baseBits,
            double bits,
            Band band,
            int rank,
            @Nullable Answer answer,
            @Nullable UUID merge) {

        Map<String, Grade> byColumn() {
            var byColumn = new LinkedHashMap<String, Grade>();
            for (int c = 0; c < columns.size(); c++) {
                byColumn.put(columns.get(c), grades.get(c));
            }
            return byColumn;
        }
    }

    /** @return false when one is running already */
    boolean start(UUID tenant, UUID contract, UUID id, UUID person, long total, Instant now) {
        return jdbc.sql("""
                        insert into customer.resolution (tenant_id, id, contract_id, state, records_total, started_by,
                            started_at)
                        values (:tenant, :id, :contract, 'READING', :total, :person, :now) on conflict do nothing
                        """)
                        .param("tenant", tenant)
                        .param("id", id)
                        .param("contract", contract)
                        .param("total", total)
                        .param("person", person)
                        .param("now", now.atOffset(ZoneOffset.UTC))
                        .update()
                == 1;
    }

    boolean read(UUID tenant, UUID id, long read) {
        return jdbc.sql("""
                        update customer.resolution set records_read = :read
                        where tenant_id = :tenant and id = :id and state = 'READING'
                        """)
                        .param("tenant", tenant)
                        .param("id", id)
                        .param("read", read)
                        .update()
                == 1;
    }

    /** @return false when it was stopped meanwhile */
    boolean turn(UUID tenant, UUID id, ResolutionState to, @Nullable Instant ended) {
        return jdbc.sql("""
                        update customer.resolution set state = :state, ended_at = cast(:ended as timestamptz)
                        where tenant_id = :tenant and id = :id and state in ('READING', 'COMPARING', 'STORING')
                        """)
                        .param("tenant", tenant)
                        .param("id", id)
                        .param("state", to.name())
                        .param("ended", ended == null ? null : ended.atOffset(ZoneOffset.UTC))
                        .update()
                == 1;
    }

    void found(UUID tenant, ResolutionRun run) {
        jdbc.sql("""
                        update customer.resolution set candidates = :candidates, merge_pairs = :merge,
                            review_pairs = :review, apart_pairs = :apart, merge_from = :mergeFrom,
                            apart_below = :apartBelow, prior = :prior, columns = :columns, lessons = :lessons
                        where tenant_id = :tenant and id = :id
                        """)
                .param("tenant", tenant)
                .param("id", run.id())
                .param("candidates", run.candidates())
                .param("merge", run.mergePairs())
                .param("review", run.reviewPairs())
                .param("apart", run.apartPairs())
                .param("mergeFrom", run.mergeFrom())
                .param("apartBelow", run.apartBelow())
                .param("prior", run.prior())
                .param("columns", run.columns().toArray(String[]::new))
                .param("lessons", run.lessons())
                .update();
    }

    Optional<ResolutionRun> run(UUID tenant, @Nullable UUID id) {
        return jdbc.sql("""
                        select * from customer.resolution
                        where tenant_id = :tenant and (cast(:id as uuid) is null or id = :id) order by id desc limit 1
                        """)
                .param("tenant", tenant)
                .param("id", id)
                .query(DuplicateRows::run)
                .optional();
    }

    /** The newest that came to its end: what the open pairs stand on. */
    Optional<ResolutionRun> lastDone(UUID tenant) {
        return jdbc.sql("""
                        select * from customer.resolution where tenant_id = :tenant and state = 'DONE'
                        order by id desc limit 1
                        """).param("tenant", tenant).query(DuplicateRows::run).optional();
    }

    private static ResolutionRun run(ResultSet row, int number) throws SQLException {
        var ended = row.getTimestamp("ended_at");
        return new ResolutionRun(
                row.getObject("id", UUID.class),
                ResolutionState.valueOf(row.getString("state")),
                row.getLong("records_total"),
                row.getLong("records_read"),
                row.getLong("candidates"),
                row.getLong("merge_pairs"),
                row.getLong("review_pairs"),
                row.getLong("apart_pairs"),
                row.getDouble("merge_from"),
                row.getDouble("apart_below"),
                row.getDouble("prior"),
                strings(row.getArray("columns")),
                row.getInt("lessons"),
                row.getObject("started_by", UUID.class),
                row.getTimestamp("started_at").toInstant(),
                ended == null ? null : ended.toInstant());
    }

    /** Open pairs make room for those of a new search; what people answered stays. */
    void removeOpen(UUID tenant) {
        jdbc.sql("delete from customer.pair where tenant_id = :tenant and answer is null")
                .param("tenant", tenant)
                .update();
    }

    void add(UUID tenant, List<Pair> pairs) {
        template.execute((java.sql.Connection connection) -> {
            try (var statement = connection.prepareStatement("""
                    insert into customer.pair (tenant_id, id, first, second, columns, grades, weights, base_bits, bits, band,
                        rank)
                    select ?, n.id, least(n.first, n.second), greatest(n.first, n.second),
                        string_to_array(n.columns, ','), string_to_array(n.grades, ','),
                        string_to_array(n.weights, ',')::real[], n.base_bits, n.bits, n.band, n.rank
                    from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                        as n (id, first, second, columns, grades, weights, base_bits, bits, band, rank)
                    on conflict do nothing
                    """)) {
                statement.setObject(1, tenant);
                statement.setArray(2, connection.createArrayOf("uuid", each(pairs, Pair::id)));
                statement.setArray(3, connection.createArrayOf("uuid", each(pairs, Pair::first)));
                statement.setArray(4, connection.createArrayOf("uuid", each(pairs, Pair::second)));
                statement.setArray(
                        5, connection.createArrayOf("text", each(pairs, pair -> String.join(",", pair.columns()))));
                statement.setArray(6, connection.createArrayOf("text", each(pairs, pair -> joined(pair.grades()))));
                statement.setArray(7, connection.createArrayOf("text", each(pairs, pair -> joined(pair.weights()))));
                statement.setArray(8, connection.createArrayOf("float8", each(pairs, Pair::baseBits)));
                statement.setArray(9, connection.createArrayOf("float8", each(pairs, Pair::bits)));
                statement.setArray(
                        10,
                        connection.createArrayOf(
                                "text", each(pairs, pair -> pair.band().name())));
                statement.setArray(11, connection.createArrayOf("int4", each(pairs, Pair::rank)));
                return statement.executeUpdate();
            }
        });
    }

    private static Object[] each(List<Pair> pairs, java.util.function.Function<Pair, Object> value) {
        return pairs.stream().map(value).toArray();
    }

    private static String joined(List<?> values) {
        return String.join(",", values.stream().map(String::valueOf).toList());
    }

    /** New scores after somebody answered. */
    void rescore(UUID tenant, List<Pair> pairs) {
        template.execute((java.sql.Connection connection) -> {
            try (var statement = connection.prepareStatement("""
                    update customer.pair p set bits = n.bits, band = n.band, rank = n.rank
                    from unnest(?, ?, ?, ?) as n (id, bits, band, rank)
                    where p.tenant_id = ? and p.id = n.id and p.answer is null
                    """)) {
                statement.setArray(1, connection.createArrayOf("uuid", each(pairs, Pair::id)));
                statement.setArray(2, connection.createArrayOf("float8", each(pairs, Pair::bits)));
                statement.setArray(
                        3,
                        connection.createArrayOf(
                                "text", each(pairs, pair -> pair.band().name())));
                statement.setArray(4, connection.createArrayOf("int4", each(pairs, Pair::rank)));
                statement.setObject(5, tenant);
                return statement.executeUpdate();
            }
        });
    }

    /** Whoever was merged since is looked at as the survivor; a pair that has become one customer is left out. */
    private static final String PAIR = """
            select p.id, coalesce(a.survivor_id, p.first) as first, coalesce(b.survivor_id, p.second) as second,
                p.columns, p.grades, p.weights, p.base_bits, p.bits, p.band, p.rank, p.answer, p.merge_id
            from customer.pair p
            left join customer.alias a on a.tenant_id = p.tenant_id and a.id = p.first
            left join customer.alias b on b.tenant_id = p.tenant_id and b.id = p.second
            where p.tenant_id = :tenant
            """;

    private static final String ALIVE = """
             and coalesce(a.survivor_id, p.first) <> coalesce(b.survivor_id, p.second)
             and exists (select from customer.customer c where c.tenant_id = p.tenant_id
                and c.id = coalesce(a.survivor_id, p.first))
             and exists (select from customer.customer c where c.tenant_id = p.tenant_id
                and c.id = coalesce(b.survivor_id, p.second))
            """;

    /** Open pairs of a band in the order in which they should be looked at. */
    List<Pair> open(UUID tenant, Band band, int skip, int most) {
        return jdbc.sql(PAIR + " and p.band = :band and p.answer is null" + ALIVE
                        + " order by p.rank, p.id offset :skip limit :most")
                .param("tenant", tenant)
                .param("band", band.name())
                .param("skip", skip)
                .param("most", most)
                .query(DuplicateRows::pair)
                .list();
    }

    Map<Band, Integer> openCounts(UUID tenant) {
        var counts = new java.util.EnumMap<Band, Integer>(Band.class);
        for (var band : Band.values()) {
            counts.put(band, 0);
        }
        jdbc.sql("select band, count(*)::int from (" + PAIR + " and p.answer is null" + ALIVE + ") as o group by band")
                .param("tenant", tenant)
                .query((row, _) -> counts.put(Band.valueOf(row.getString(1)), row.getInt(2)))
                .list();
        return counts;
    }

    Optional<Pair> pair(UUID tenant, UUID id) {
        return jdbc.sql(PAIR + " and p.id = :id")
                .param("tenant", tenant)
                .param("id", id)
                .query(DuplicateRows::pair)
                .optional();
    }

    /** The last pair this person answered. */
    Optional<Pair> lastAnswered(UUID tenant, UUID person) {
        return jdbc.sql(PAIR
                        + " and p.answered_by = :person and p.answer is not null order by p.answered_at desc limit 1")
                .param("tenant", tenant)
                .param("person", person)
                .query(DuplicateRows::pair)
                .optional();
    }

    int answered(UUID tenant) {
        return jdbc.sql("select count(*)::int from customer.pair where tenant_id = :tenant and answered_by is not null"
                        + " and answer is not null")
                .param("tenant", tenant)
                .query(Integer.class)
                .single();
    }

    private static Pair pair(ResultSet row, int number) throws SQLException {
        var answer = row.getString("answer");
        return new Pair(
                row.getObject("id", UUID.class),
                row.getObject("first", UUID.class),
                row.getObject("second", UUID.class),
                strings(row.getArray("columns")),
                strings(row.getArray("grades")).stream().map(Grade::valueOf).toList(),
                Arrays.stream((Float[]) row.getArray("weights").getArray())
                        .map(Float::doubleValue)
                        .toList(),
                row.getDouble("base_bits"),
                row.getDouble("bits"),
                Band.valueOf(row.getString("band")),
                row.getInt("rank"),
                answer == null ? null : Answer.valueOf(answer),
                row.getObject("merge_id", UUID.class));
    }

    private static List<String> strings(Array array) throws SQLException {
        return List.of((String[]) array.getArray());
    }

    /** @return false when somebody else answered first */
    boolean answer(UUID tenant, UUID pair, Answer answer, @Nullable UUID merge, @Nullable UUID person, Instant now) {
        return jdbc.sql("""
                        update customer.pair set answer = :answer, merge_id = :merge, answered_by = :person,
                            answered_at = :now
                        where tenant_id = :tenant and id = :id and answer is null
                        """)
                        .param("tenant", tenant)
                        .param("id", pair)
                        .param("answer", answer.name())
                        .param("merge", merge)
                        .param("person", person)
                        .param("now", now.atOffset(ZoneOffset.UTC))
                        .update()
                == 1;
    }

    void open(UUID tenant, UUID pair) {
        jdbc.sql("""
                        update customer.pair set answer = null, merge_id = null, answered_by = null, answered_at = null
                        where tenant_id = :tenant and id = :id
                        """).param("tenant", tenant).param("id", pair).update();
    }

    /** Says that people parted what was merged: the pair is not to be merged again. */
    void parted(UUID tenant, UUID merge, UUID person, Instant now) {
        jdbc.sql("""
                        update customer.pair set answer = 'DIFFERENT', merge_id = null, answered_by = :person,
                            answered_at = :now
                        where tenant_id = :tenant and merge_id = :merge
                        """)
                .param("tenant", tenant)
                .param("merge", merge)
                .param("person", person)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .update();
    }

    /** @param first as it was when the pair was found, merged or not */
    record Taught(UUID first, UUID second, Lessons.Lesson lesson) {}

    /** What people answered, in the order they did. */
    List<Taught> lessons(UUID tenant) {
        return jdbc.sql("""
                        select p.id, p.first, p.second, p.columns, p.grades, p.weights, p.base_bits, p.bits, p.band, p.rank,
                            p.answer, p.merge_id
                        from customer.pair p
                        where p.tenant_id = :tenant and p.answer is not null and p.answered_by is not null
                        order by p.answered_at, p.id
                        """).param("tenant", tenant).query(DuplicateRows::pair).list().stream()
                .map(pair -> {
                    var answer = pair.answer();
                    return new Taught(
                            pair.first(),
                            pair.second(),
                            new Lessons.Lesson(
                                    pair.byColumn(), pair.baseBits(), answer == null ? Answer.CANNOT_SAY : answer));
                })
                .toList();
    }

    /**
     * How many customers of an import share a phone, e-mail, WeChat id or id number with somebody else. Rows that were just
     * imported have no statistics yet; the planner takes them for a few and would join them one by one.
     */
    int sharing(UUID tenant, UUID batch) {
        jdbc.sql("set local enable_nestloop = off").update();
        return jdbc.sql("""
            with shared as materialized (
                select k.kind, k.value_index from customer.contact k
                where k.tenant_id = :tenant and k.kind <> 'ADDRESS'
                group by k.kind, k.value_index having count(distinct k.customer_id) > 1)
            select count(distinct c.id)::int from shared s
            join customer.contact k on k.kind = s.kind and k.value_index = s.value_index
            join customer.customer c on c.tenant_id = k.tenant_id and c.id = k.customer_id
            where k.tenant_id = :tenant and k.kind <> 'ADDRESS' and c.tenant_id = :tenant and c.batch_id = :batch
            """)
                .param("tenant", tenant)
                .param("batch", batch)
                .query(Integer.class)
                .single();
    }
}
