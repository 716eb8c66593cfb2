package io.retainer.customer;

import static org.assertj.core.api.Assertions.assertThat;

import io.retainer.PostgresTest;
import io.retainer.identity.Access;
import io.retainer.kernel.Tenancy;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Customers of an import are found by pages of keys as they would be by the index, whatever happens to them later. */
@SpringBootTest(properties = "db-scheduler.enabled=false")
@Import(PostgresTest.class)
class KeyPagesTests {

    private static final String SURNAMES = "王李张刘陈杨黄赵";
    private static final String GIVEN = "伟芳娜秀英敏静丽强磊军洋";
    private static final List<String> CITIES =
            List.of("北京市海淀区中关村大街", "北京市朝阳区建国路", "广东省深圳市南山区科技园", "广东省广州市天河区体育西路", "上海市浦东新区世纪大道");
    private static final int ROWS = 9_000;

    @Autowired
    Customers customers;

    @Autowired
    Imports imports;

    @Autowired
    ImportWorker worker;

    @Autowired
    Merges merges;

    @Autowired
    Duplicates duplicates;

    @Autowired
    Tenancy tenancy;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    PostgresTest.Database database;

    JdbcClient superuser;
    UUID tenant = UUID.randomUUID();
    Access lead = CustomerTests.access(tenant);

    @BeforeEach
    void connect() {
        superuser = JdbcClient.create(database.superuser());
    }

    /** Issue 4, item 8: every search gives the same customers in the same order, by pages and by the index. */
    @Test
    void findsByPagesWhatTheIndexFinds() throws IOException {
        run(file());
        // Some by hand, newer than the import: they are in the index, and both are looked into.
        var newest = add("王伟", "13800000000", "北京市海淀区中关村大街1号");
        add("李娜", "13800000001", "上海市浦东新区世纪大道2号");
        assertThat(count("select count(*) from customer.customer where tenant_id = :tenant and paged"))
                .isEqualTo(2 * 4000 + 1000);
        var searches = List.of(
                name(17),
                name(8_999),
                "王",
                "王伟",
                "伟",
                "wangwei",
                "ww",
                "wxx",
                "伟芳",
                phone(1),
                phone(8_500),
                phone(4_321).substring(7),
                "user77@example.com",
                "@北京",
                "@深圳",
                "@广东省深圳市南山区",
                "@北京市海淀区",
                "13800000000",
                "没有");
        var byPages = searches.stream().map(this::found).toList();
        assertThat(byPages.get(3)).startsWith(newest).hasSize(50);
        assertThat(byPages.get(9)).hasSize(1);
        assertThat(byPages.get(16).size()).isEqualTo(50);
        assertThat(byPages.getLast()).isEmpty();
        var everyone = walk("@上海");
        assertThat(new HashSet<>(everyone)).as("page by page, everyone once").hasSize(everyone.size());
        assertThat(everyone).hasSize(ROWS / CITIES.size() + 1);
        // Whatever the planner knows of the tables: it may have looked when they were all but empty.
        for (int rows : List.of(0, 1, 40)) {
            superuser
                    .sql(
                            "update pg_class set reltuples = :rows, relpages = 1 where oid = 'customer.customer'::regclass")
                    .param("rows", rows)
                    .update();
            assertThat(walk("@上海")).as("known to have %d rows", rows).isEqualTo(everyone);
        }
        superuser.sql("analyze customer.customer").update();

        superuser
                .sql("update customer.customer set paged = false where tenant_id = :tenant")
                .param("tenant", tenant)
                .update();
        for (int i = 0; i < searches.size(); i++) {
            assertThat(found(searches.get(i))).as(searches.get(i)).isEqualTo(byPages.get(i));
        }
        assertThat(walk("@上海")).isEqualTo(everyone);
    }

    /** Who is changed, merged or parted again is found by what holds now. */
    @Test
    void whoeverChangesLeavesThePages() throws IOException {
        run(file());
        var changed = found(phone(100)).getFirst();
        var contact = customers.profile(lead, changed).customer().contacts().stream()
                .filter(each -> each.kind() == ContactKind.PHONE)
                .findFirst()
                .orElseThrow();
        customers.changeContact(lead, changed, contact.id(), "13955556666", null, Origin.of("来电"));
        assertThat(found(phone(100))).isEmpty();
        assertThat(found("13955556666")).containsExactly(changed);
        assertThat(found("user100@example.com")).containsExactly(changed);

        var one = found(phone(200)).getFirst();
        var other = found(phone(201)).getFirst();
        var merge = duplicates.merge(lead, one, other, Map.of());
        assertThat(found(phone(200))).isEqualTo(found(phone(201))).containsExactly(merge.survivor());
        merges.undo(lead, merge.id());
        assertThat(found(phone(200))).containsExactly(one);
        assertThat(found(phone(201))).containsExactly(other);
        assertThat(found("@上海市浦东新区")).isNotEmpty();
    }

    /** Issue 4, item 1: an import that is taken back leaves no key; R2: nobody sees the keys of another client. */
    @Test
    void pagesGoWithTheirImportAndBelongToOneClient() throws IOException {
        var batch = run(file());
        assertThat(count("select count(*) from customer.key_run where tenant_id = :tenant"))
                .isEqualTo(3);
        assertThat(count("select count(*) from customer.key_page where tenant_id = :tenant"))
                .isBetween(3 * 200, 3 * 256);
        var stranger = CustomerTests.access(UUID.randomUUID());
        for (var search : List.of("王", phone(1), "@北京")) {
            assertThat(customers.page(stranger, search, null, 50).customers()).isEmpty();
        }
        for (var table : List.of("customer.key_run", "customer.key_page")) {
            assertThat(tenancy.read(
                            stranger.tenant(),
                            () -> jdbc.sql("select count(*) from " + table)
                                    .query(Integer.class)
                                    .single()))
                    .isZero();
        }
        imports.revert(lead, batch.id());
        worker.run(tenant, batch.id());
        assertThat(count("select count(*) from customer.customer where tenant_id = :tenant"))
                .isZero();
        assertThat(count("select count(*) from customer.key_run where tenant_id = :tenant"))
                .isZero();
        assertThat(count("select count(*) from customer.key_page where tenant_id = :tenant"))
                .isZero();
        assertThat(found("王")).isEmpty();
    }

    /** A number that is taken keeps its row out of the customers; its keys lead nowhere. */
    @Test
    void keysOfRowsThatWereNotTakenFindNobody() throws IOException {
        customers.add(
                lead, new NewCustomer(CustomerKind.PERSON, "孙七", "M00005", null, List.of(), List.of(), Map.of()), "柜台");
        var batch = run(file());
        assertThat(batch.rowsGood()).isEqualTo(ROWS - 1);
        assertThat(batch.rowsBad()).isEqualTo(1);
        assertThat(found(phone(5))).isEmpty();
        assertThat(found(phone(6))).hasSize(1);
        assertThat(count("select count(*) from customer.tag t where t.tenant_id = :tenant and not exists (select from"
                        + " customer.customer c where c.tenant_id = t.tenant_id and c.id = t.customer_id)"))
                .isZero();
    }

    private String file() {
        var text = new StringBuilder("编号,姓名,手机,邮箱,地址,标签\n");
        for (int i = 0; i < ROWS; i++) {
            text.append("M%05d,%s,%s,user%d@example.com,%s%d号,新客;VIP\n"
                    .formatted(i, name(i), phone(i), i, CITIES.get(i % CITIES.size()), i));
        }
        return text.toString();
    }

    private static String name(int i) {
        return SURNAMES.substring(i * 7 % 8, i * 7 % 8 + 1)
                + GIVEN.charAt(i * 31 / 8 % 12)
                + (i % 3 > 0 ? GIVEN.charAt(i * 17 / 5 % 12) : "");
    }

    private static String phone(int i) {
        return "139%08d".formatted(i * 7919 % 100_000_000);
    }

    private ImportBatch run(String text) throws IOException {
        var batch = imports.upload(
                lead, ImportFormat.CSV, null, new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
        imports.start(lead, batch.id(), batch.mapping(), CustomerTests.GROUND);
        worker.run(tenant, batch.id());
        var done = imports.batch(lead, batch.id());
        assertThat(done.state()).isEqualTo(ImportState.DONE);
        return done;
    }

    private UUID add(String name, String phone, String address) {
        return customers.add(
                lead,
                new NewCustomer(
                        CustomerKind.PERSON,
                        name,
                        null,
                        null,
                        List.of(
                                new NewCustomer.Contact(ContactKind.PHONE, phone, null),
                                new NewCustomer.Contact(ContactKind.ADDRESS, address, null)),
                        List.of(),
                        Map.of()),
                "柜台登记");
    }

    private List<UUID> found(String search) {
        return customers.page(lead, search, null, 50).customers().stream()
                .map(CustomerPage.Line::id)
                .toList();
    }

    private List<UUID> walk(String search) {
        var all = new java.util.ArrayList<UUID>();
        UUID before = null;
        do {
            var page = customers.page(lead, search, before, 50);
            page.customers().forEach(line -> all.add(line.id()));
            before = page.before();
        } while (before != null);
        return all;
    }

    private int count(String sql) {
        return superuser.sql(sql).param("tenant", tenant).query(Integer.class).single();
    }
}
