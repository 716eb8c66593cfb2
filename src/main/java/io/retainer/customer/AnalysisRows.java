package io.retainer.customer;

import io.retainer.statistics.Interval;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Analyses that were made, and what they found of each customer. */
@Repository
class AnalysisRows {

    private final JdbcClient jdbc;

    AnalysisRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** @return false while one is running */
    boolean start(UUID tenant, UUID contract, AnalysisRun run) {
        return jdbc.sql("""
            insert into customer.analysis (tenant_id, id, contract_id, kind, settings, state, data_state,
                started_by, started_at)
            values (:tenant, :id, :contract, :kind, cast(:settings as jsonb), 'RUNNING', :data, :by, :at)
            on conflict (tenant_id, kind) where state = 'RUNNING' do nothing
            """)
                        .param("tenant", tenant)
                        .param("id", run.id())
                        .param("contract", contract)
                        .param("kind", run.kind().name())
                        .param("settings", run.settings())
                        .param("data", run.dataState())
                        .param("by", run.startedBy())
                        .param("at", run.startedAt().atOffset(ZoneOffset.UTC))
                        .update()
                == 1;
    }

    private static final String SELECT = """
        select id, kind, settings, state, percent, data_state, report, started_by, started_at, ended_at
        from customer.analysis where tenant_id = :tenant
        """;

    Optional<AnalysisRun> find(UUID tenant, UUID id) {
        return jdbc.sql(SELECT + "and id = :id")
                .param("tenant", tenant)
                .param("id", id)
                .query(AnalysisRows::run)
                .optional();
    }

    /** @param done only one that has a report */
    Optional<AnalysisRun> newest(UUID tenant, AnalysisRun.Kind kind, boolean done) {
        return jdbc.sql(SELECT + "and kind = :kind and (not :done or state = 'DONE') order by id desc limit 1")
                .param("tenant", tenant)
                .param("kind", kind.name())
                .param("done", done)
                .query(AnalysisRows::run)
                .optional();
    }

    void come(UUID tenant, UUID id, int percent) {
        jdbc.sql("update customer.analysis set percent = :percent where tenant_id = :tenant and id = :id")
                .param("tenant", tenant)
                .param("id", id)
                .param("percent", percent)
                .update();
    }

    /** @param report null when it failed */
    void end(UUID tenant, UUID id, @Nullable String report, Instant now) {
        jdbc.sql("""
            update customer.analysis set state = :state, percent = 100, report = cast(:report as jsonb),
                ended_at = :now
            where tenant_id = :tenant and id = :id and state = 'RUNNING'
            """)
                .param("tenant", tenant)
                .param("id", id)
                .param("state", report == null ? "FAILED" : "DONE")
                .param("report", report)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .update();
    }

    /** Changes with whatever an analysis stands on, and with merges, which give it to another customer. */
    String dataState(UUID tenant, AnalysisRun.Kind kind) {
        return jdbc.sql(
                        switch (kind) {
                            case VALUE -> STATE.formatted("");
                            case CHURN -> STATE.formatted("""
                        , (select count(*) from customer.churn_label where tenant_id = :tenant),
                        (select max(recorded_at) from customer.churn_label where tenant_id = :tenant),
                        (select count(*) from customer.event where tenant_id = :tenant),
                        (select max(recorded_at) from customer.event where tenant_id = :tenant),
                        (select count(*) from customer.tag where tenant_id = :tenant),
                        (select count(*) from customer.field_value where tenant_id = :tenant),
                        (select max(changed_at) from customer.customer where tenant_id = :tenant)
                        """);
                        })
                .param("tenant", tenant)
                .query(String.class)
                .single();
    }

    private static final String STATE = """
        select concat_ws(' ', (select count(*) from customer.purchase where tenant_id = :tenant),
            (select max(recorded_at) from customer.purchase where tenant_id = :tenant),
            (select max(greatest(merged_at, undone_at)) from customer.merge where tenant_id = :tenant),
            (select count(*) from customer.customer where tenant_id = :tenant)%s)
        """;

    /** From and to, in the unit of the figure they belong to. */
    record Bounds(double low, double high) {

        static @Nullable Bounds of(@Nullable Interval interval, double unit) {
            return interval == null ? null : new Bounds(interval.low() * unit, interval.high() * unit);
        }
    }

    /**
     * What was found of one customer; null where nothing can be said. Amounts are fen.
     *
     * @param expectedInterval 95 % for the expectation
     * @param purchasesRange what he himself may buy, nine times out of ten
     * @param worthInterval 95 % for the expectation
     * @param bringsRange what he himself may bring, not discounted, nine times out of ten
     */
    record Score(
            UUID customer,
            @Nullable Integer recency,
            @Nullable Integer frequency,
            @Nullable Integer monetary,
            long days,
            int purchases,
            long spent,
            @Nullable Double alive,
            @Nullable Double expected,
            @Nullable Bounds expectedInterval,
            @Nullable Bounds purchasesRange,
            @Nullable Long worth,
            @Nullable Bounds worthInterval,
            @Nullable Bounds bringsRange) {}

    private static @Nullable Double[] ends(
            List<Score> scores, Function<Score, @Nullable Bounds> which, ToDoubleFunction<Bounds> end) {
        var ends = new @Nullable Double[scores.size()];
        for (int i = 0; i < ends.length; i++) {
            var bounds = which.apply(scores.get(i));
            ends[i] = bounds == null ? null : end.applyAsDouble(bounds);
        }
        return ends;
    }

    /** Makes the scores of a run those that are shown. */
    void show(UUID tenant, AnalysisRun.Kind kind, UUID run) {
        jdbc.sql("""
            insert into customer.scoring (tenant_id, kind, run_id) values (:tenant, :kind, :run)
            on conflict (tenant_id, kind) do update set run_id = excluded.run_id
            """)
                .param("tenant", tenant)
                .param("kind", kind.name())
                .param("run", run)
                .update();
    }

    /**
     * Removes some scores of runs that are neither shown nor under way.
     *
     * @return how many
     */
    int sweep(UUID tenant, AnalysisRun.Kind kind, int most) {
        var table = scored(kind);
        return jdbc.sql("""
            delete from %1$s where tenant_id = :tenant and (run_id, customer_id) in (
                select s.run_id, s.customer_id from %1$s s where s.tenant_id = :tenant
                and s.run_id not in (select run_id from customer.scoring where tenant_id = :tenant and kind = :kind)
                and s.run_id not in (select id from customer.analysis where tenant_id = :tenant and kind = :kind
                    and state = 'RUNNING')
                limit :most)
            """.formatted(table))
                .param("tenant", tenant)
                .param("kind", kind.name())
                .param("most", most)
                .update();
    }

    /** Removes some scores of one run. @return how many */
    int withdraw(UUID tenant, AnalysisRun.Kind kind, UUID run, int most) {
        return jdbc.sql("""
            delete from %1$s where tenant_id = :tenant and run_id = :run and customer_id in (
                select customer_id from %1$s where tenant_id = :tenant and run_id = :run limit :most)
            """.formatted(scored(kind)))
                .param("tenant", tenant)
                .param("run", run)
                .param("most", most)
                .update();
    }

    private static String scored(AnalysisRun.Kind kind) {
        return switch (kind) {
            case VALUE -> "customer.value_scored";
            case CHURN -> "customer.churn_scored";
        };
    }

    /** Notes how far a run has come with its scores. */
    void scored(UUID tenant, UUID run, String scoring, int percent) {
        jdbc.sql("""
            update customer.analysis set scoring = cast(:scoring as jsonb), percent = :percent
            where tenant_id = :tenant and id = :id
            """)
                .param("tenant", tenant)
                .param("id", run)
                .param("scoring", scoring)
                .param("percent", percent)
                .update();
    }

    /** What was noted last, if anything. */
    Optional<String> scoring(UUID tenant, UUID run) {
        return jdbc.sql(
                        "select scoring from customer.analysis where tenant_id = :tenant and id = :id and scoring is not null")
                .param("tenant", tenant)
                .param("id", run)
                .query(String.class)
                .optional();
    }

    /** Those merged or removed meanwhile are left out. */
    void addScores(UUID tenant, UUID run, List<Score> scores) {
        jdbc.sql("""
            insert into customer.value_scored (tenant_id, run_id, customer_id, recency, frequency, monetary, days, purchases,
                spent, alive, expected, worth, expected_low, expected_high, purchases_low, purchases_high, worth_low,
                worth_high, brings_low, brings_high)
            select :tenant, :run, n.* from unnest(cast(:customers as uuid[]), cast(:recency as int[]),
                cast(:frequency as int[]), cast(:monetary as int[]), cast(:days as int[]),
                cast(:purchases as int[]), cast(:spent as bigint[]), cast(:alive as float8[]),
                cast(:expected as float8[]), cast(:worth as bigint[]), cast(:expectedLow as float8[]),
                cast(:expectedHigh as float8[]), cast(:purchasesLow as float8[]), cast(:purchasesHigh as float8[]),
                cast(:worthLow as float8[]), cast(:worthHigh as float8[]), cast(:bringsLow as float8[]),
                cast(:bringsHigh as float8[]))
                as n (customer_id, recency, frequency, monetary, days, purchases, spent, alive, expected, worth)
            join customer.customer c on c.tenant_id = :tenant and c.id = n.customer_id
            """)
                .param("tenant", tenant)
                .param("run", run)
                .param("customers", scores.stream().map(Score::customer).toArray(UUID[]::new))
                .param("recency", scores.stream().map(Score::recency).toArray(Integer[]::new))
                .param("frequency", scores.stream().map(Score::frequency).toArray(Integer[]::new))
                .param("monetary", scores.stream().map(Score::monetary).toArray(Integer[]::new))
                .param("days", scores.stream().map(each -> (int) each.days()).toArray(Integer[]::new))
                .param("purchases", scores.stream().map(Score::purchases).toArray(Integer[]::new))
                .param("spent", scores.stream().map(Score::spent).toArray(Long[]::new))
                .param("alive", scores.stream().map(Score::alive).toArray(Double[]::new))
                .param("expected", scores.stream().map(Score::expected).toArray(Double[]::new))
                .param("worth", scores.stream().map(Score::worth).toArray(Long[]::new))
                .param("expectedLow", ends(scores, Score::expectedInterval, Bounds::low))
                .param("expectedHigh", ends(scores, Score::expectedInterval, Bounds::high))
                .param("purchasesLow", ends(scores, Score::purchasesRange, Bounds::low))
                .param("purchasesHigh", ends(scores, Score::purchasesRange, Bounds::high))
                .param("worthLow", ends(scores, Score::worthInterval, Bounds::low))
                .param("worthHigh", ends(scores, Score::worthInterval, Bounds::high))
                .param("bringsLow", ends(scores, Score::bringsRange, Bounds::low))
                .param("bringsHigh", ends(scores, Score::bringsRange, Bounds::high))
                .update();
    }

    List<Score> scores(UUID tenant, UUID after, int most) {
        return jdbc.sql(SCORES + "and customer_id > :after order by tenant_id, customer_id limit :most")
                .param("tenant", tenant)
                .param("after", after)
                .param("most", most)
                .query(AnalysisRows::score)
                .list();
    }

    private static final String SCORES = """
        select customer_id, recency, frequency, monetary, days, purchases, spent, alive, expected, worth, expected_low,
            expected_high, purchases_low, purchases_high, worth_low, worth_high, brings_low, brings_high
        from customer.value_score where tenant_id = :tenant
        """;

    /** Those expected to bring most. */
    List<Score> best(UUID tenant, int most) {
        return jdbc.sql(SCORES + "and worth is not null order by worth desc, customer_id limit :most")
                .param("tenant", tenant)
                .param("most", most)
                .query(AnalysisRows::score)
                .list();
    }

    Optional<Score> score(UUID tenant, UUID customer) {
        return jdbc.sql(SCORES + "and customer_id = :customer")
                .param("tenant", tenant)
                .param("customer", customer)
                .query(AnalysisRows::score)
                .optional();
    }

    private static Score score(ResultSet row, int number) throws SQLException {
        return new Score(
                row.getObject("customer_id", UUID.class),
                row.getObject("recency", Integer.class),
                row.getObject("frequency", Integer.class),
                row.getObject("monetary", Integer.class),
                row.getInt("days"),
                row.getInt("purchases"),
                row.getLong("spent"),
                row.getObject("alive", Double.class),
                row.getObject("expected", Double.class),
                bounds(row, "expected"),
                bounds(row, "purchases"),
                row.getObject("worth", Long.class),
                bounds(row, "worth"),
                bounds(row, "brings"));
    }

    private static @Nullable Bounds bounds(ResultSet row, String figure) throws SQLException {
        double low = row.getDouble(figure + "_low");
        return row.wasNull() ? null : new Bounds(low, row.getDouble(figure + "_high"));
    }

    private static AnalysisRun run(ResultSet row, int number) throws SQLException {
        var ended = row.getTimestamp("ended_at");
        return new AnalysisRun(
                row.getObject("id", UUID.class),
                AnalysisRun.Kind.valueOf(row.getString("kind")),
                row.getString("settings"),
                AnalysisRun.State.valueOf(row.getString("state")),
                row.getInt("percent"),
                row.getString("data_state"),
                row.getString("report"),
                row.getObject("started_by", UUID.class),
                row.getTimestamp("started_at").toInstant(),
                ended == null ? null : ended.toInstant());
    }
}
