package io.retainer.customer;

import static org.assertj.core.api.Assertions.assertThat;

import io.retainer.PostgresTest;
import io.retainer.customer.Quality.Figure;
import io.retainer.customer.Quality.Scope;
import io.retainer.customer.Quality.Work;
import io.retainer.identity.Access;
import io.retainer.kernel.Ids;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Clause III-A2: the figures are those one gets by counting row by row, also after edits, merges and reverts. */
@SpringBootTest(properties = "db-scheduler.enabled=false")
@Import(PostgresTest.class)
class QualityTests {

    @Autowired
    Customers customers;

    @Autowired
    Quality quality;

    @Autowired
    Imports imports;

    @Autowired
    ImportWorker worker;

    @Autowired
    Duplicates duplicates;

    @Autowired
    Merges merges;

    @Autowired
    PostgresTest.Database database;

    JdbcClient superuser;
    UUID tenant = UUID.randomUUID();
    Access lead = CustomerTests.access(tenant);

    @BeforeEach
    void connect() {
        superuser = JdbcClient.create(database.superuser());
    }

    @Test
    void theFiguresAreThoseOfCountingRowByRow() throws IOException {
        customers.addField(lead, new CustomField(Ids.next(), "level", "等级", CustomField.Type.TEXT, false));
        customers.addField(lead, new CustomField(Ids.next(), "secret", "备注", CustomField.Type.TEXT, true));
        var text = new StringBuilder("编号,姓名,手机,手机2,邮箱,地址,微信,等级,备注\n");
        for (int i = 0; i < 1500; i++) {
            text.append("M%04d,王小明,138%08d,%s,%s,%s,%s,%s,%s\n"
                    .formatted(
                            i,
                            // Every tenth has the number of another, every seventh two.
                            i % 10 == 0 ? 1 : i,
                            i % 7 == 0 ? "139%08d".formatted(i) : "",
                            i % 3 == 0 ? "u" + i % 600 + "@example.com" : "",
                            i % 4 == 0 ? "广东省深圳市南山区科技园" + i + "号" : i % 4 == 1 ? "某处" + i + "号" : "",
                            i % 5 == 0 ? "wx_" + i : "",
                            i % 2 == 0 ? "金" : "",
                            i % 6 == 0 ? "秘密" : ""));
        }
        text.append("M9999,赵六,123,,,,,,\n");
        var first = run(text.toString());
        run("编号,姓名,手机\nX1,李雷,13800000001\nX2,韩梅梅,\nM0003,孙七,13900000000\n");
        var byHand = customers.add(
                lead,
                new NewCustomer(
                        CustomerKind.PERSON,
                        "周八",
                        null,
                        null,
                        List.of(new NewCustomer.Contact(ContactKind.EMAIL, "u3@example.com", null)),
                        List.of(),
                        Map.of("level", "银")),
                "柜台");
        compare();

        // A third came long ago; what was added since is fresh, what they came with is not.
        superuser
                .sql("update customer.customer set created_at = now() - interval '800 days', changed_at = created_at"
                        + " where tenant_id = :tenant and uuid_hash(id) % 3 = 0")
                .param("tenant", tenant)
                .update();
        for (var line : customers.page(lead, "M0010", null, 5).customers()) {
            customers.addContact(
                    lead,
                    line.id(),
                    new NewCustomer.Contact(ContactKind.ADDRESS, "北京市海淀区中关村大街1号", null),
                    Origin.of("来电"));
        }
        var two = customers.page(lead, "13800000001", null, 3).customers();
        var merge = duplicates.merge(lead, two.get(0).id(), two.get(1).id(), Map.of());
        var contact = customers.profile(lead, byHand).customer().contacts().getFirst();
        customers.removeContact(lead, byHand, contact.id());
        compare();

        merges.undo(lead, merge.id());
        compare();
        imports.revert(lead, first.id());
        worker.run(tenant, first.id());
        compare();
        assertThat(quality.report(lead).groups().getFirst().customers()).isEqualTo(3);
    }

    private record One(
            UUID id,
            String source,
            @Nullable UUID batch,
            @Nullable String reference,
            Instant created,
            Instant changed) {}

    private record Value(UUID customer, String field, long index, Instant at, boolean compared) {}

    /** Counts by hand, and compares all scopes and works. */
    private void compare() {
        quality.measure(lead);
        var report = quality.report(lead);
        var everybody = everybody();
        var values = values(everybody);
        Map<String, Set<UUID>> holders = values.stream()
                .filter(Value::compared)
                .collect(Collectors.groupingBy(
                        value -> value.field() + value.index(),
                        Collectors.mapping(Value::customer, Collectors.toSet())));
        var fresh = Instant.now().minus(Duration.ofDays(365));
        var refused = refused();
        for (var group : report.groups()) {
            Predicate<One> within = one -> switch (group.scope()) {
                case ALL -> true;
                case SOURCE -> one.source().equals(group.of());
                case BATCH -> one.batch() != null && one.batch().toString().equals(group.of());
                case WORK -> false;
            };
            var ids = everybody.values().stream().filter(within).map(One::id).collect(Collectors.toSet());
            assertThat(group.customers()).as(group.scope() + " " + group.of()).isEqualTo(ids.size());
            for (var figure : group.fields()) {
                var here = values.stream()
                        .filter(value -> value.field().equals(figure.field()) && ids.contains(value.customer()))
                        .toList();
                assertThat(figure)
                        .isEqualTo(new Figure(
                                group.scope(),
                                group.of(),
                                figure.field(),
                                ids.size(),
                                here.stream().map(Value::customer).distinct().count(),
                                group.scope() == Scope.ALL
                                        ? refused.getOrDefault(figure.field(), 0L)
                                        : figure.refused(),
                                here.size(),
                                here.stream()
                                        .filter(value -> value.compared()
                                                && holders.getOrDefault(value.field() + value.index(), Set.of())
                                                                .size()
                                                        > 1)
                                        .map(Value::customer)
                                        .distinct()
                                        .count(),
                                here.stream()
                                        .filter(value -> !value.at().isBefore(fresh))
                                        .count()));
            }
        }
        for (var work : Work.values()) {
            var listed = new HashSet<UUID>();
            UUID before = null;
            do {
                var page = quality.work(lead, work, before, 50);
                page.customers().forEach(line -> listed.add(line.id()));
                before = page.before();
            } while (before != null);
            assertThat(report.counts().get(work)).as(work.name()).isEqualTo((long) listed.size());
        }
        var shared = new HashSet<UUID>();
        holders.values().stream().filter(each -> each.size() > 1).forEach(shared::addAll);
        assertThat(report.counts()).containsEntry(Work.SHARED, (long) shared.size());
    }

    private Map<UUID, One> everybody() {
        var all = new HashMap<UUID, One>();
        superuser
                .sql("select id, source, batch_id, reference, created_at, changed_at from customer.customer"
                        + " where tenant_id = :tenant")
                .param("tenant", tenant)
                .query(row -> {
                    var one = new One(
                            row.getObject(1, UUID.class),
                            row.getString(2),
                            row.getObject(3, UUID.class),
                            row.getString(4),
                            row.getTimestamp(5).toInstant(),
                            row.getTimestamp(6).toInstant());
                    all.put(one.id(), one);
                });
        return all;
    }

    private List<Value> values(Map<UUID, One> everybody) {
        var values = new ArrayList<Value>();
        everybody.values().stream()
                .filter(one -> one.reference() != null)
                .forEach(one -> values.add(new Value(one.id(), "REFERENCE", 0, one.changed(), false)));
        superuser
                .sql(
                        "select customer_id, kind, value_index, created_at, region from customer.contact where tenant_id = :tenant")
                .param("tenant", tenant)
                .query(row -> {
                    var id = row.getObject(1, UUID.class);
                    var at = row.getTimestamp(4).toInstant();
                    values.add(new Value(
                            id,
                            row.getString(2),
                            row.getLong(3),
                            at,
                            !row.getString(2).equals("ADDRESS")));
                    if (row.getString(5) != null) {
                        values.add(new Value(id, "REGION", 0, at, false));
                    }
                });
        superuser
                .sql("select v.customer_id, 'FIELD:' || f.key from customer.field_value v join customer.field f on"
                        + " f.tenant_id = v.tenant_id and f.id = v.field_id where v.tenant_id = :tenant")
                .param("tenant", tenant)
                .query(row -> {
                    var one = everybody.get(row.getObject(1, UUID.class));
                    if (one != null) {
                        values.add(new Value(one.id(), row.getString(2), 0, one.changed(), false));
                    }
                });
        return values;
    }

    private Map<String, Long> refused() {
        var refused = new HashMap<String, Long>();
        superuser
                .sql("select case reason when 'customer.bad.phone' then 'PHONE' else 'REFERENCE' end, count(*)"
                        + " from customer.bad_row where tenant_id = :tenant group by 1")
                .param("tenant", tenant)
                .query(row -> {
                    refused.put(row.getString(1), row.getLong(2));
                });
        return refused;
    }

    private ImportBatch run(String text) throws IOException {
        var batch = imports.upload(
                lead, ImportFormat.CSV, null, new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
        imports.start(lead, batch.id(), batch.mapping(), CustomerTests.GROUND);
        worker.run(tenant, batch.id());
        return imports.batch(lead, batch.id());
    }
}
