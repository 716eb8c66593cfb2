package io.retainer.customer;

import static org.assertj.core.api.Assertions.assertThat;

import io.retainer.PostgresTest;
import io.retainer.identity.Access;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Issue 4, item 3: addresses from before regions were recognised get theirs, step by step, and nothing else changes. */
@SpringBootTest(properties = "db-scheduler.enabled=false")
@Import(PostgresTest.class)
class RegionFillingTests {

    private static final int ROWS = 1_300;
    private static final List<String> PLACES = List.of("广东省深圳市南山区科技园", "北京市海淀区中关村大街", "某处某路", "上海市浦东新区世纪大道");

    @Autowired
    Customers customers;

    @Autowired
    Quality quality;

    @Autowired
    Imports imports;

    @Autowired
    ImportWorker worker;

    @Autowired
    RegionFilling filling;

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
    void addressesOfBeforeAreFoundByWhereTheyAre() throws IOException {
        var text = new StringBuilder("姓名,手机,地址\n");
        for (int i = 0; i < ROWS; i++) {
            text.append("王小明,138%08d,%s%d号\n".formatted(i, PLACES.get(i % PLACES.size()), i));
        }
        var batch = imports.upload(
                lead,
                ImportFormat.CSV,
                null,
                new ByteArrayInputStream(text.toString().getBytes(StandardCharsets.UTF_8)));
        imports.start(lead, batch.id(), batch.mapping(), CustomerTests.GROUND);
        worker.run(tenant, batch.id());
        var asItShouldBe = contacts();
        var fields = places();
        asBefore();
        assertThat(found("@深圳")).isEmpty();
        assertThat(contacts()).isNotEqualTo(asItShouldBe);

        assertThat(filling.step(tenant)).isTrue();
        assertThat(quality.report(lead).placing()).isEqualTo(500);
        // Interrupted, and taken up by another node: nothing is done twice.
        assertThat(filling.step(tenant)).isTrue();
        filling.run();
        assertThat(filling.step(tenant)).isFalse();
        assertThat(superuser
                        .sql("select concat_ws(' ', seen, filled, ended_at is not null) from customer.region_filling"
                                + " where tenant_id = :tenant")
                        .param("tenant", tenant)
                        .query(String.class)
                        .single())
                .isEqualTo(ROWS + " " + ROWS * 3 / 4 + " t");
        assertThat(quality.report(lead).placing()).isNull();
        assertThat(contacts()).isEqualTo(asItShouldBe);
        assertThat(places()).isEqualTo(fields);
        assertThat(found("@深圳")).hasSize(50);
        assertThat(found("@北京市海淀区")).hasSize(50);
        assertThat(found("13800000000"))
                .as("other ways to find them are as before")
                .hasSize(1);
    }

    @Test
    void anAddressThatDoesNotOpenKeepsNoOtherWaiting() {
        var broken = withAddress("广东省广州市天河区体育西路1号");
        var whole = withAddress("广东省广州市天河区体育西路2号");
        asBefore();
        superuser
                .sql("update customer.customer set contacts[1].value = '\\x0102030405060708' where id = :id")
                .param("id", broken)
                .update();
        filling.run();
        assertThat(found("@广州")).containsExactly(whole);
    }

    private UUID withAddress(String address) {
        return customers.add(
                lead,
                new NewCustomer(
                        CustomerKind.PERSON,
                        "李雷",
                        null,
                        null,
                        List.of(new NewCustomer.Contact(ContactKind.ADDRESS, address, null)),
                        List.of(),
                        java.util.Map.of()),
                "柜台");
    }

    /** As V16 left them: every address without region and district. */
    private void asBefore() {
        superuser.sql("""
                        update customer.customer c set regions = '{}', contacts = array(
                            select row(k.id, k.kind, k.value, k.value_index, k.value_end, k.label, k.origin_id, k.created_at, null,
                                null)::customer.contact_value from unnest(c.contacts) as k order by k.id)
                        where c.tenant_id = :tenant
                        """).param("tenant", tenant).update();
        superuser
                .sql("insert into customer.region_filling (tenant_id) values (:tenant)")
                .param("tenant", tenant)
                .update();
    }

    private List<String> contacts() {
        return superuser
                .sql(
                        "select concat_ws('|', id, customer_id, kind, encode(value, 'hex'), value_index, value_end, created_at,"
                                + " region, district) from customer.contact where tenant_id = :tenant order by 1")
                .param("tenant", tenant)
                .query((row, _) -> row.getString(1))
                .list();
    }

    private List<String> places() {
        return superuser
                .sql("select concat_ws('|', id, array(select unnest(regions) order by 1), version, changed_at)"
                        + " from customer.customer where tenant_id = :tenant order by 1")
                .param("tenant", tenant)
                .query((row, _) -> row.getString(1))
                .list();
    }

    private List<UUID> found(String search) {
        return customers.page(lead, search, null, 50).customers().stream()
                .map(CustomerPage.Line::id)
                .toList();
    }
}
