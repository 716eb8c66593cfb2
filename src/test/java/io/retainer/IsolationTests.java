package io.retainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.retainer.kernel.Tenancy;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The walls between tenants, read from the catalogue and tried out (reliability.md §1). */
@SpringBootTest(properties = "spring.datasource.hikari.maximum-pool-size=2")
@Import(PostgresTest.class)
class IsolationTests {

    /** Tables above tenants: the frameworks' own, and people, who may work for several clients. */
    private static final Set<String> WITHOUT_TENANT = Set.of(
            "platform.event_publication",
            "platform.spring_session",
            "platform.spring_session_attributes",
            "platform.scheduled_tasks",
            // only a count per provider, over all its clients
            "billing.receipt_series",
            "identity.organisation",
            "identity.person",
            "identity.membership",
            "identity.api_token",
            "workbench.reminder_preference",
            "messaging.colleague",
            "evidence.signer",
            "vault.master");

    private static final String OURS = "n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast', 'tried') "
            + "and c.relname not like 'flyway%'";

    @Autowired
    PostgresTest.Database database;

    @Autowired
    JdbcClient runtime;

    @Autowired
    Tenancy tenancy;

    JdbcClient catalogue;

    @BeforeEach
    void lookIntoTheCatalogue() {
        catalogue = JdbcClient.create(database.superuser());
    }

    @Test
    void ISO_1_everyTableHasATenantOrIsOnTheShortList() {
        var without = strings("""
                select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
                where c.relkind in ('r', 'p') and %s
                and not exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id')
                """);
        assertThat(WITHOUT_TENANT).containsAll(without);
        assertThat(strings("""
                select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
                where c.relkind in ('r', 'p') and %s
                and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id')
                """)).as("tenant tables").hasSizeGreaterThan(10);
    }

    @Test
    void ISO_1_everyTenantTableIsFenced() {
        assertThat(strings("""
                select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
                join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
                where c.relkind in ('r', 'p') and %s
                and not (c.relrowsecurity and c.relforcerowsecurity and a.attnotnull and exists (
                    select from pg_policy p where p.polrelid = c.oid
                    and p.polqual is not null and p.polwithcheck is not null))
                """)).isEmpty();
    }

    @Test
    void ISO_1_theTenantLeadsEveryKey() {
        assertThat(strings("""
                select n.nspname || '.' || c.relname || ' ' || k.conname
                from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
                join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
                where k.contype in ('p', 'u', 'f', 'x') and %s and k.conkey[1] <> a.attnum
                """))
                .as("primary, unique, foreign and exclusion keys")
                .isEmpty();
        assertThat(strings("""
                select n.nspname || '.' || i.indexrelid::regclass
                from pg_index i join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
                join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
                where i.indisunique and %s and i.indkey[0] <> a.attnum
                """)).as("unique indexes").isEmpty();
    }

    @Test
    void ISO_2_theRuntimeRoleIsWeak() {
        var role = catalogue
                .sql(
                        "select rolsuper or rolbypassrls or rolcreaterole or rolcreatedb from pg_roles where rolname = 'retainer_rt'")
                .query(Boolean.class)
                .single();
        assertThat(role).isFalse();
        assertThat(strings("""
                select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
                join pg_roles r on r.oid = c.relowner where r.rolname in ('retainer_rt', 'retainer_app') and %s
                """)).as("objects it owns").isEmpty();
        assertThat(catalogue.sql("""
                                select g.rolname from pg_auth_members m join pg_roles g on g.oid = m.roleid
                                join pg_roles r on r.oid = m.member where r.rolname = 'retainer_rt'
                                """).query(String.class).list())
                .as("roles it is a member of")
                .isEmpty();
        assertThat(strings("""
                select n.nspname || '.' || c.relname || ' ' || x.privilege_type
                from pg_class c join pg_namespace n on n.oid = c.relnamespace
                cross join lateral aclexplode(c.relacl) x join pg_roles r on r.oid = x.grantee
                where r.rolname = 'retainer_rt' and x.privilege_type in ('TRUNCATE', 'TRIGGER', 'REFERENCES', 'MAINTAIN') and %s
                """)).isEmpty();
    }

    @Test
    void ISO_2_nothingLooksAroundTheFence() {
        assertThat(strings("""
                select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
                where (c.relkind = 'm' or c.relispartition
                    or (c.relkind = 'v' and coalesce(c.reloptions::text, '') not like '%%security_invoker=true%%'))
                and %s
                """))
                .as("materialized views, open partitions, views with their owner's eyes")
                .isEmpty();
        assertThat(catalogue.sql("""
                                select p.oid::regprocedure::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace
                                where p.prosecdef and n.nspname not in ('pg_catalog', 'information_schema')
                                and (coalesce(p.proconfig::text, '') not like '%search_path=%'
                                    or has_function_privilege('public', p.oid, 'execute'))
                                """).query(String.class).list())
                .as("definer functions without a fixed path, or for everybody")
                .isEmpty();
    }

    @Test
    void ISO_2_appendOnlyTablesCannotBeRewritten() {
        for (var table : List.of(
                "evidence.leaf",
                "evidence.sealed",
                "evidence.checkpoint",
                "duty.event",
                "vault.reveal",
                "billing.posting",
                "billing.payment",
                "billing.receipt",
                "liability.proposal",
                "contract.signature",
                "contract.clause",
                "messaging.contact",
                "messaging.template",
                "workorder.entry",
                "workorder.quote_line",
                "complaint.entry",
                "complaint.mail",
                "workbench.reminded")) {
            for (var privilege : List.of("update", "delete", "truncate")) {
                assertThat(catalogue
                                .sql("select has_table_privilege('retainer_rt', :table, :privilege)")
                                .param("table", table)
                                .param("privilege", privilege)
                                .query(Boolean.class)
                                .single())
                        .as(privilege + " on " + table)
                        .isFalse();
            }
        }
    }

    @Test
    void ISO_4_aReusedConnectionNeverShowsAnotherTenantsRows() {
        makeATableToTry();
        var tenants = IntStream.range(0, 20).mapToObj(_ -> UUID.randomUUID()).toList();
        tenants.forEach(tenant -> tenancy.write(tenant, () -> {
            runtime.sql("insert into tried.thing values (:tenant, 1)")
                    .param("tenant", tenant)
                    .update();
        }));
        var seed = System.nanoTime();
        var wrong = new AtomicInteger();
        var seen = new AtomicInteger();
        try (var threads = Executors.newFixedThreadPool(8)) {
            for (int worker = 0; worker < 8; worker++) {
                var random = new Random(seed + worker);
                threads.execute(() -> {
                    for (int i = 0; i < 1250; i++) {
                        var tenant = tenants.get(random.nextInt(tenants.size()));
                        int trouble = random.nextInt(10);
                        try {
                            tenancy.read(tenant, () -> {
                                var found = runtime.sql("select tenant_id from tried.thing")
                                        .query(UUID.class)
                                        .list();
                                seen.addAndGet(found.size());
                                found.stream().filter(id -> !id.equals(tenant)).forEach(_ -> wrong.incrementAndGet());
                                if (trouble == 0) {
                                    throw new IllegalStateException("on purpose");
                                }
                                if (trouble == 1) {
                                    runtime.sql("select 1 / 0").query().singleRow();
                                }
                                return found;
                            });
                        } catch (IllegalStateException | DataAccessException onPurpose) {
                            wrong.addAndGet(trouble > 1 ? 1 : 0);
                        }
                    }
                });
            }
        }
        assertThat(wrong).as("seed " + seed).hasValue(0);
        assertThat(seen).hasValue(10_000);
    }

    @Test
    void ISO_5_withoutATenantEveryTableIsEmptyAndClosed() {
        makeATableToTry();
        tenancy.write(UUID.randomUUID(), () -> {});
        assertThat(runtime.sql("select count(*) from tried.thing")
                        .query(Long.class)
                        .single())
                .isZero();
        for (var table : strings("""
                select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
                join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' where c.relkind = 'r' and %s
                """)) {
            assertThat(runtime.sql("select count(*) from " + table)
                            .query(Long.class)
                            .single())
                    .as(table)
                    .isZero();
        }
        assertThatThrownBy(() -> runtime.sql("insert into tried.thing values (gen_random_uuid(), 2)")
                        .update())
                .rootCause()
                .hasMessageContaining("row-level security");
    }

    @Test
    void aViewOverSeveralTenantsCannotWrite() {
        makeATableToTry();
        var one = UUID.randomUUID();
        var other = UUID.randomUUID();
        for (var tenant : List.of(one, other)) {
            tenancy.write(tenant, () -> {
                runtime.sql("insert into tried.thing values (:tenant, 3)")
                        .param("tenant", tenant)
                        .update();
            });
        }
        assertThat(tenancy.read(
                        List.of(one, other),
                        () -> runtime.sql("select count(*) from tried.thing")
                                .query(Long.class)
                                .single()))
                .isEqualTo(2);
        assertThatThrownBy(() -> tenancy.read(
                        List.of(one, other),
                        () -> runtime.sql("insert into tried.thing values (:one, 4)")
                                .param("one", one)
                                .update()))
                .isInstanceOf(DataAccessException.class);
        assertThatThrownBy(() -> tenancy.write(
                        one,
                        () -> runtime.sql("insert into tried.thing values (:other, 5)")
                                .param("other", other)
                                .update()))
                .rootCause()
                .hasMessageContaining("row-level security");
    }

    private void makeATableToTry() {
        catalogue.sql("""
                create schema if not exists tried;
                grant usage on schema tried to retainer_rt;
                create table if not exists tried.thing (tenant_id uuid not null, n int not null, primary key (tenant_id, n));
                """).update();
        if (strings("select 'x' from pg_policy where polrelid = 'tried.thing'::regclass and 1 = 1 -- %s")
                .isEmpty()) {
            catalogue.sql("select platform.guard('tried.thing')").query().singleRow();
        }
        catalogue.sql("delete from tried.thing").update();
    }

    private List<String> strings(String sql) {
        return catalogue
                .sql(sql.formatted(OURS))
                .query((row, _) -> row.getString(1))
                .list();
    }
}
