package io.retainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.retainer.PostgresTest.Database;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Customers from before they were one row each (0020) and before their keys stood in pages (0027) lose nothing on the way. */
class CustomerMigrationTests {

    /** The last version in which contacts were a table, nothing had a day since when, and a scoring was replaced by the next. */
    private static final String BEFORE = "15";

    private static final String CONTACTS = """
            select concat_ws('|', tenant_id, id, customer_id, kind, encode(value, 'hex'), value_index, value_end, label,
                origin_id, created_at) from customer.contact order by 1
            """;
    private static final String VALUE = """
            select concat_ws('|', tenant_id, customer_id, recency, frequency, monetary, days, purchases, spent, alive, expected,
                worth) from customer.value_score order by 1
            """;
    private static final String CHURN = """
            select concat_ws('|', tenant_id, customer_id, risk, reasons) from customer.churn_score order by 1
            """;
    /** What the migrations do not move, or only add to. */
    private static final Map<String, String> SAME = new LinkedHashMap<>();

    static {
        SAME.put(
                "customer",
                "concat_ws('|', tenant_id, id, kind, encode(name, 'hex'), name_index, name_parts, reference, credit_code,"
                        + " company_id, company_role, batch_id, source, origin_id, name_origin_id, created_at, changed_at, version)");
        SAME.put("tag", "concat_ws('|', tenant_id, customer_id, tag)");
        SAME.put(
                "field_value",
                "concat_ws('|', tenant_id, id, customer_id, field_id, plain, encode(sealed, 'hex'), sealed_index, origin_id)");
        SAME.put("alias", "concat_ws('|', tenant_id, id, survivor_id, reference)");
        SAME.put(
                "consent",
                "concat_ws('|', tenant_id, id, customer_id, purpose, channel, granted, encode(proof, 'hex'))");
        SAME.put("origin", "concat_ws('|', tenant_id, id, source, supplier, lawful_basis, purpose)");
        SAME.put("merge", "concat_ws('|', tenant_id, id, survivor_id, merged_id, encode(before, 'hex'))");
        SAME.put("note", "concat_ws('|', tenant_id, id, customer_id, plain)");
        SAME.put("analysis", "concat_ws('|', tenant_id, id, kind, state, report)");
    }

    private final Database database = Database.fresh();
    private final JdbcClient jdbc = JdbcClient.create(database.superuser());

    @Test
    void nothingOfACustomerIsLostOnTheWayFromV15() {
        DatabaseRoles.prepare(database.superuser());
        migrate("__root", "flyway_schema_history", null);
        migrate("customer", "flyway_schema_history_customer", BEFORE);
        for (int client = 1; client <= 2; client++) {
            fill(UUID.fromString("00000000-0000-7000-8000-00000000000" + client), client);
        }
        var contacts = lines(CONTACTS);
        var value = lines(VALUE);
        var churn = lines(CHURN);
        var same = same();
        assertThat(contacts).hasSize(2 * (3 * 60 + 40));
        assertThat(value).hasSize(2 * 50);
        assertThat(churn).hasSize(50);

        migrate("customer", "flyway_schema_history_customer", null);

        assertThat(lines(CONTACTS)).isEqualTo(contacts);
        assertThat(same()).isEqualTo(same);
        assertThat(lines("select id::text from customer.customer where paged")).isEmpty();
        assertThat(lines("select tenant_id::text from customer.region_filling where ended_at is null"))
                .as("whose addresses have no region yet")
                .hasSize(2);
        // Found by each of their numbers and addresses, and by nothing else.
        assertThat(
                        lines(
                                "select concat_ws('|', id, array(select unnest(keys) order by 1)) from customer.customer order by 1"))
                .isEqualTo(lines("""
                        select concat_ws('|', c.id, array(
                            select k from (
                                select value_index as k from customer.contact n
                                where n.tenant_id = c.tenant_id and n.customer_id = c.id and kind <> 'ADDRESS'
                                union all select value_end from customer.contact n
                                where n.tenant_id = c.tenant_id and n.customer_id = c.id and value_end is not null) as a
                            order by 1)) from customer.customer c order by 1
                        """));
        // Contacts have stood in the order of their ids since.
        assertThat(lines("select id::text from customer.customer c where contacts <> array("
                        + "select k from unnest(c.contacts) as k order by k.id)"))
                .isEmpty();
        assertThat(lines("""
                        select t.customer_id::text from customer.tag t join customer.customer c
                            on c.tenant_id = t.tenant_id and c.id = t.customer_id
                        where t.since <> (c.created_at at time zone 'Asia/Shanghai')::date
                        union all select v.customer_id::text from customer.field_value v join customer.customer c
                            on c.tenant_id = v.tenant_id and c.id = v.customer_id
                        where v.since <> (c.created_at at time zone 'Asia/Shanghai')::date
                        """))
                .as("what nobody said a day for holds since the customer came")
                .isEmpty();
        assertThat(lines(VALUE)).as("the last scoring is shown as before").isEqualTo(value);
        assertThat(lines(CHURN)).isEqualTo(churn);
        assertThat(lines("select kind from customer.scoring order by tenant_id, kind"))
                .containsExactly("CHURN", "VALUE", "VALUE");
        assertThat(
                        lines(
                                "select relname from pg_class join pg_namespace n on n.oid = relnamespace"
                                        + " where nspname = 'customer' and relkind = 'r' and not (relrowsecurity and relforcerowsecurity)"))
                .as("no table was left without its fence")
                .isEmpty();
        sees();
    }

    /** The application sees the rows of one client and finds them by their keys. */
    private void sees() {
        try (var connection = database.superuser().getConnection();
                var statement = connection.createStatement()) {
            statement.execute("set role retainer_rt");
            statement.execute("begin");
            statement.execute("set local app.tenant = '00000000-0000-7000-8000-000000000001'");
            try (var rows = statement.executeQuery("""
                    select count(*), count(*) filter (where (select count(*) from customer.by_key(array[k.value_index],
                        'ffffffff-ffff-ffff-ffff-ffffffffffff', 10) as f (id) where f.id = k.customer_id) = 1)
                    from customer.contact k where kind = 'PHONE'
                    """)) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.getInt(1)).isEqualTo(60);
                assertThat(rows.getInt(2)).isEqualTo(60);
            }
            statement.execute("rollback");
        } catch (java.sql.SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Sixty people with three contacts, forty with one, one with none; a company; tags, own values, scores and what was merged. */
    private void fill(UUID tenant, int client) {
        var origin = UUID.randomUUID();
        var field = UUID.randomUUID();
        var sealed = UUID.randomUUID();
        run(
                "insert into customer.origin (tenant_id, id, source, supplier, lawful_basis, purpose)"
                        + " values (:tenant, :id, '柜台', '青禾', 'CONTRACT', 'SERVICE')",
                tenant,
                origin);
        run(
                "insert into customer.field (tenant_id, id, key, label, type, personal)"
                        + " values (:tenant, :id, 'level', '等级', 'TEXT', false)",
                tenant,
                field);
        run(
                "insert into customer.field (tenant_id, id, key, label, type, personal)"
                        + " values (:tenant, :id, 'secret', '备注', 'TEXT', true)",
                tenant,
                sealed);
        for (int i = 0; i <= 100; i++) {
            var id = new UUID(0x0190_0000_0000_7000L + ((long) client << 32), 0x8000_0000_0000_0000L + i);
            jdbc.sql("""
                            insert into customer.customer (tenant_id, id, kind, name, name_index, name_parts, reference,
                                source, origin_id, created_at, changed_at, version)
                            values (:tenant, :id, :kind, decode(md5(:i::text), 'hex'), :i * 31, array[:i, :i + 1], :reference, '门店',
                                :origin, timestamptz '2024-12-31 15:59:59Z' + :i * interval '13 hours',
                                timestamptz '2025-06-01Z', :i)
                            """)
                    .param("tenant", tenant)
                    .param("id", id)
                    .param("kind", i == 7 ? "COMPANY" : "PERSON")
                    .param("i", i)
                    .param("reference", i % 2 == 0 ? "C" + i : null)
                    .param("origin", i % 5 == 0 ? origin : null, java.sql.Types.OTHER)
                    .update();
            for (int k = 0; k < (i < 60 ? 3 : i < 100 ? 1 : 0); k++) {
                // Made in another order than that of their ids.
                var contact = new UUID(0x0190_0000_0000_7000L + (3 - k), i * 10L + client * 100_000L);
                jdbc.sql("""
                                insert into customer.contact (tenant_id, id, customer_id, kind, value, value_index, value_end,
                                    label, origin_id, created_at)
                                values (:tenant, :id, :customer, :kind, decode(md5(:id::text), 'hex'), :index, :end, :label,
                                    :origin, timestamptz '2025-03-01Z' + :i * interval '1 second')
                                """)
                        .param("tenant", tenant)
                        .param("id", contact)
                        .param("customer", id)
                        .param(
                                "kind",
                                i >= 60
                                        ? "EMAIL"
                                        : List.of("PHONE", "ADDRESS", "WECHAT").get(k))
                        .param("index", (long) i * 7 + k * 1_000_003L - 5_000_000_000L * (i % 3))
                        .param("end", i < 60 && k == 0 ? (long) i % 10 : null, java.sql.Types.BIGINT)
                        .param("label", k == 1 ? "公司" : null)
                        .param("origin", k == 2 ? origin : null, java.sql.Types.OTHER)
                        .param("i", i)
                        .update();
            }
            if (i % 3 == 0) {
                run("insert into customer.tag (tenant_id, customer_id, tag) values (:tenant, :id, 'VIP')", tenant, id);
                run("insert into customer.tag (tenant_id, customer_id, tag) values (:tenant, :id, '新客')", tenant, id);
                run(
                        "insert into customer.field_value (tenant_id, id, customer_id, field_id, plain) values (:tenant,"
                                + " gen_random_uuid(), :id, '" + field + "', '金')",
                        tenant,
                        id);
                run(
                        "insert into customer.field_value (tenant_id, id, customer_id, field_id, sealed, sealed_index, origin_id)"
                                + " values (:tenant, gen_random_uuid(), :id, '" + sealed + "', '\\x0102', 42, '"
                                + origin + "')",
                        tenant,
                        id);
                run(
                        "insert into customer.consent (tenant_id, id, customer_id, purpose, channel, granted, proof_kind, proof,"
                                + " happened_at, recorded_at) values (:tenant, gen_random_uuid(), :id, 'SURVEY', 'PHONE', true, 'CALL',"
                                + " '\\x03', now(), now())",
                        tenant,
                        id);
                run(
                        "insert into customer.note (tenant_id, id, customer_id, plain, written_by, written_at) values (:tenant,"
                                + " gen_random_uuid(), :id, '老客', gen_random_uuid(), now())",
                        tenant,
                        id);
            }
            if (i == 9) {
                run(
                        "insert into customer.alias (tenant_id, id, survivor_id, reference) values (:tenant, gen_random_uuid(), :id,"
                                + " 'OLD')",
                        tenant,
                        id);
                run(
                        "insert into customer.merge (tenant_id, id, survivor_id, merged_id, before, merged_by, merged_at) values"
                                + " (:tenant, gen_random_uuid(), :id, gen_random_uuid(), '\\x0405', gen_random_uuid(), now())",
                        tenant,
                        id);
            }
            if (i < 50) {
                run(
                        "insert into customer.value_score (tenant_id, customer_id, recency, days, purchases, spent, alive, worth)"
                                + " values (:tenant, :id, 1 + " + i % 5 + ", " + i + ", 3, 100, 0.5, 77)",
                        tenant,
                        id);
                if (client == 1) {
                    run(
                            "insert into customer.churn_score (tenant_id, customer_id, risk, reasons) values (:tenant, :id, 0.25,"
                                    + " '[{\"why\": 1}]')",
                            tenant,
                            id);
                }
            }
        }
        analysis(tenant, "VALUE", "DONE", 1);
        analysis(tenant, "VALUE", "DONE", 2);
        analysis(tenant, "VALUE", "FAILED", 3);
        if (client == 1) {
            analysis(tenant, "CHURN", "DONE", 4);
        }
    }

    private void analysis(UUID tenant, String kind, String state, int number) {
        run(
                "insert into customer.analysis (tenant_id, id, contract_id, kind, state, data_state, report, started_by, started_at,"
                        + " ended_at) values (:tenant, :id, gen_random_uuid(), '" + kind + "', '" + state + "', 'x', "
                        + (state.equals("DONE") ? "'{}'" : "null") + ", gen_random_uuid(), now(), now())",
                tenant,
                new UUID(0x0190_0000_0000_7000L, tenant.getLeastSignificantBits() + 100L * number));
    }

    private void run(String sql, UUID tenant, UUID id) {
        jdbc.sql(sql).param("tenant", tenant).param("id", id).update();
    }

    private Map<String, List<String>> same() {
        var all = new LinkedHashMap<String, List<String>>();
        SAME.forEach((table, columns) ->
                all.put(table, lines("select " + columns + " from customer." + table + " order by 1")));
        all.forEach((table, rows) -> assertThat(rows).as(table).isNotEmpty());
        return all;
    }

    private List<String> lines(String sql) {
        return jdbc.sql(sql).query((row, _) -> row.getString(1)).list();
    }

    /** As the start does it: each module with a history of its own. */
    private void migrate(String module, String history, @org.jspecify.annotations.Nullable String target) {
        var configuration = Flyway.configure()
                .dataSource(database.superuser())
                .initSql("set role retainer_owner")
                .defaultSchema("platform")
                .createSchemas(true)
                .table(history)
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .locations("classpath:db/migration/" + module);
        if (target != null) {
            configuration.target(target);
        }
        configuration.load().migrate();
    }
}
