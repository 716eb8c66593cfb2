package io.retainer.customer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.retainer.PostgresTest;
import io.retainer.identity.Access;
import io.retainer.kernel.Ids;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Unknown;
import io.retainer.matching.Answer;
import io.retainer.matching.Band;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Issue 4, items 4 and 5: finding duplicates, merging, and taking it back. */
@SpringBootTest(properties = "db-scheduler.enabled=false")
@Import(PostgresTest.class)
class DuplicateTests {

    private static final String FAMILIES = "王李张刘陈杨黄赵吴周徐孙马朱胡林郭何高罗";
    private static final String GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华文建国志红梅玉兰";

    @Autowired
    Customers customers;

    @Autowired
    Consents consents;

    @Autowired
    io.retainer.vault.Reveals reveals;

    @Autowired
    io.retainer.kernel.DataSubjects subjects;

    @Autowired
    Duplicates duplicates;

    @Autowired
    Merges merges;

    @Autowired
    ResolutionWorker worker;

    @Autowired
    Imports imports;

    @Autowired
    ImportWorker importWorker;

    @Autowired
    Tenancy tenancy;

    @Autowired
    Clock clock;

    @Autowired
    PostgresTest.Database database;

    JdbcClient superuser;
    UUID tenant = UUID.randomUUID();
    Access lead = CustomerTests.access(tenant);

    @BeforeEach
    void connect() {
        superuser = JdbcClient.create(database.superuser());
    }

    private UUID add(String name, String phone, String email, String address, String... tags) {
        var contacts = new ArrayList<NewCustomer.Contact>();
        Map.of(ContactKind.PHONE, phone, ContactKind.EMAIL, email, ContactKind.ADDRESS, address)
                .forEach((kind, value) -> {
                    if (!value.isEmpty()) {
                        contacts.add(new NewCustomer.Contact(kind, value, null));
                    }
                });
        return customers.add(
                lead, new NewCustomer(CustomerKind.PERSON, name, null, null, contacts, List.of(tags), Map.of()), "门店");
    }

    /** So many people, a fifth of them twice, the second time with a slip; by their ids which are one. */
    private Map<UUID, UUID> population(int size, long seed) {
        var random = new Random(seed);
        var twin = new HashMap<UUID, UUID>();
        for (int i = 0; i < size; i++) {
            var name = "" + FAMILIES.charAt(random.nextInt(FAMILIES.length()))
                    + GIVEN.charAt(random.nextInt(GIVEN.length()))
                    + GIVEN.charAt(random.nextInt(GIVEN.length()));
            var phone = "13%09d".formatted(random.nextInt(1_000_000_000));
            var email = "u%06d@example.com".formatted(random.nextInt(1_000_000));
            var address = "上海市浦东新区张杨路%d号%d室".formatted(random.nextInt(900) + 1, random.nextInt(2000) + 101);
            var id = add(name, phone, email, address);
            if (i % 5 == 0) {
                boolean moved = random.nextInt(3) == 0;
                var other = add(
                        random.nextInt(4) == 0 ? name.substring(0, 2) : name,
                        random.nextInt(4) == 0 ? "" : phone,
                        moved ? "" : email,
                        address.replace("上海市", ""));
                twin.put(id, other);
            }
        }
        return twin;
    }

    private ResolutionRun resolve() {
        var run = duplicates.start(lead);
        worker.run(tenant, run);
        return duplicates.run(lead, run);
    }

    @Test
    void findsThoseWhoAreOneAndSaysWhyWithoutShowingAnybody() {
        var twins = population(250, 3);
        var run = resolve();
        assertThat(run.state()).isEqualTo(ResolutionState.DONE);
        assertThat(run.recordsRead()).isEqualTo(300);

        var sure = duplicates.list(lead, Band.MERGE, 0, 500);
        var review = duplicates.list(lead, Band.REVIEW, 0, 500);
        long right = java.util.stream.Stream.concat(sure.stream(), review.stream())
                .filter(pair -> isTwin(twins, pair.first().id(), pair.second().id()))
                .count();
        assertThat(right).isGreaterThanOrEqualTo(48);
        assertThat(sure)
                .allMatch(pair -> isTwin(twins, pair.first().id(), pair.second().id()));
        assertThat(sure).allMatch(pair -> pair.first().name().contains("*"));

        var question = duplicates.question(lead, sure.getFirst().pair());
        assertThat(question.lines())
                .extracting(Duplicates.Line::value)
                .contains(ComparedValue.NAME, ComparedValue.PHONE);
        assertThat(question.lines())
                .allMatch(line -> line.left().isEmpty() || line.left().contains("*"));
        assertThat(superuser
                        .sql("select string_agg(p::text, '') from customer.pair p")
                        .query(String.class)
                        .single())
                .doesNotContain("example.com", "张杨路");
    }

    private static boolean isTwin(Map<UUID, UUID> twins, UUID a, UUID b) {
        return b.equals(twins.get(a)) || a.equals(twins.get(b));
    }

    @Test
    void mergesAllThatIsSureAndFindsNothingSureAfterwards() {
        population(200, 5);
        resolve();
        int sure = duplicates.list(lead, Band.MERGE, 0, 500).size();
        assertThat(sure).isGreaterThan(20);
        while (duplicates.mergeSome(lead, 10) > 0) {}
        assertThat(duplicates.list(lead, Band.MERGE, 0, 500)).isEmpty();
        assertThat(customers.page(lead, "", null, 1000).customers()).hasSize(240 - sure);
        assertThat(duplicates.overview(lead).answered())
                .as("a machine's merges teach nothing")
                .isZero();
        resolve();
        assertThat(duplicates.list(lead, Band.MERGE, 0, 500)).isEmpty();
    }

    @Test
    void oneSearchAtATimeAndItCanBeStopped() {
        population(20, 7);
        var run = duplicates.start(lead);
        assertThatThrownBy(() -> duplicates.start(lead)).isInstanceOf(Refused.class);
        duplicates.stop(lead, run);
        worker.run(tenant, run);
        assertThat(duplicates.run(lead, run).state()).isEqualTo(ResolutionState.STOPPED);
        assertThatThrownBy(() -> duplicates.stop(lead, run)).isInstanceOf(Refused.class);
        assertThatThrownBy(() -> duplicates.run(CustomerTests.access(UUID.randomUUID()), run))
                .isInstanceOf(Unknown.class);
    }

    @Test
    void answersAreKeptLearnedFromAndTakenBack() {
        population(300, 11);
        resolve();
        var first = duplicates.list(lead, Band.REVIEW, 0, 500);
        if (first.isEmpty()) {
            first = duplicates.list(lead, Band.APART, 0, 500);
        }
        var pair = first.getFirst().pair();
        duplicates.answer(lead, pair, Answer.DIFFERENT, Map.of());
        assertThatThrownBy(() -> duplicates.answer(lead, pair, Answer.SAME, Map.of()))
                .isInstanceOf(Refused.class);
        assertThat(duplicates.overview(lead).answered()).isEqualTo(1);
        var run = resolve();
        assertThat(run.lessons()).isEqualTo(1);
        assertThat(duplicates.list(lead, Band.REVIEW, 0, 500))
                .extracting(Duplicates.Listed::pair)
                .doesNotContain(pair);
        assertThat(duplicates.undo(lead)).isEqualTo(pair);
        assertThat(duplicates.overview(lead).answered()).isZero();
        assertThatThrownBy(() -> duplicates.undo(lead)).isInstanceOf(Refused.class);

        var same = duplicates.list(lead, Band.MERGE, 0, 1).getFirst();
        var before = dump();
        var merge = java.util.Objects.requireNonNull(duplicates.answer(lead, same.pair(), Answer.SAME, Map.of()));
        assertThat(customers.profile(lead, merge.merged()).customer().id())
                .as("the old id still finds the customer")
                .isEqualTo(merge.survivor());
        duplicates.undo(lead);
        assertThat(dump()).isEqualTo(before);
    }

    /** Everything of every customer, with names and values as their blind indexes show them. */
    private Map<String, List<String>> dump() {
        var tables = new TreeMap<String, List<String>>();
        tables.put(
                "customer",
                lines(
                        "select concat_ws('|', id, kind, name_index, name_parts, reference, credit_code, company_id, batch_id,"
                                + " source, created_at) from customer.customer where tenant_id = :tenant order by 1"));
        tables.put(
                "contact",
                lines("select concat_ws('|', id, customer_id, kind, value_index, value_end, label, created_at)"
                        + " from customer.contact where tenant_id = :tenant order by 1"));
        tables.put(
                "tag",
                lines(
                        "select concat_ws('|', customer_id, tag) from customer.tag where tenant_id = :tenant order by 1"));
        tables.put(
                "field",
                lines("select concat_ws('|', id, customer_id, field_id, plain, sealed_index) from customer.field_value"
                        + " where tenant_id = :tenant order by 1"));
        tables.put(
                "consent",
                lines("select concat_ws('|', id, customer_id, purpose, channel, granted) from customer.consent"
                        + " where tenant_id = :tenant order by 1"));
        tables.put(
                "alias",
                lines("select concat_ws('|', id, survivor_id, reference) from customer.alias"
                        + " where tenant_id = :tenant order by 1"));
        return tables;
    }

    private List<String> lines(String sql) {
        return superuser
                .sql(sql)
                .param("tenant", tenant)
                .query((row, _) -> row.getString(1))
                .list();
    }

    private List<String> masked() {
        return customers.page(lead, "", null, 1000).customers().stream()
                .map(line -> line.id() + line.name() + line.contacts())
                .toList();
    }

    /** Random merges, taken back in an order that is allowed, leave everything as it was. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void undoingEveryMergeRestoresExactlyWhatWas(long seed) {
        var random = new Random(seed);
        customers.addField(lead, new CustomField(Ids.next(), "level", "等级", CustomField.Type.TEXT, false));
        customers.addField(lead, new CustomField(Ids.next(), "illness", "病史", CustomField.Type.TEXT, true));
        var ids = new ArrayList<UUID>();
        for (int i = 0; i < 14; i++) {
            var contacts = new ArrayList<NewCustomer.Contact>();
            for (int c = random.nextInt(4); c > 0; c--) {
                contacts.add(new NewCustomer.Contact(
                        random.nextBoolean() ? ContactKind.PHONE : ContactKind.WECHAT,
                        "1380013800" + random.nextInt(4),
                        random.nextBoolean() ? "家" : null));
            }
            var fields = new HashMap<String, String>();
            if (random.nextBoolean()) {
                fields.put("level", "L" + random.nextInt(3));
            }
            if (random.nextBoolean()) {
                fields.put("illness", "I" + random.nextInt(3));
            }
            var id = customers.add(
                    lead,
                    new NewCustomer(
                            CustomerKind.PERSON,
                            "王" + "小明".repeat(1 + random.nextInt(2)),
                            random.nextInt(3) == 0 ? null : "C" + i,
                            null,
                            contacts,
                            random.nextBoolean() ? List.of("VIP", "T" + random.nextInt(3)) : List.of("VIP"),
                            fields),
                    "店" + i);
            ids.add(id);
            if (random.nextBoolean()) {
                consents.record(
                        lead,
                        id,
                        DataPurpose.MARKETING,
                        Channel.SMS,
                        random.nextBoolean(),
                        ProofKind.FORM,
                        "表单",
                        clock.instant());
            }
        }
        var before = dump();
        var beforeMasked = masked();
        Deque<UUID> done = new ArrayDeque<>();
        int merged = 0;
        for (int step = 0; step < 30; step++) {
            if (!done.isEmpty() && random.nextInt(4) == 0) {
                var all = new ArrayList<>(done);
                var one = all.get(random.nextInt(all.size()));
                try {
                    merges.undo(lead, one);
                    done.remove(one);
                } catch (Refused laterFirst) {
                    assertThat(laterFirst.sentence().key()).isEqualTo("customer.merge.later");
                }
            } else {
                try {
                    var chosen = random.nextBoolean()
                            ? Map.of("NAME", ids.get(random.nextInt(14)), "FIELD:level", ids.get(random.nextInt(14)))
                            : Map.<String, UUID>of();
                    done.push(duplicates
                            .merge(lead, ids.get(random.nextInt(14)), ids.get(random.nextInt(14)), chosen)
                            .id());
                    merged++;
                } catch (Refused same) {
                    assertThat(same.sentence().key()).isEqualTo("customer.merge.same");
                }
            }
        }
        assertThat(merged).isGreaterThan(8);
        assertThat(dump()).isNotEqualTo(before);
        assertThat(lines("select id::text from customer.contact where tenant_id = :tenant"
                        + " and customer_id not in (select id from customer.customer)"))
                .isEmpty();
        while (!done.isEmpty()) {
            merges.undo(lead, done.pop());
        }
        assertThat(dump()).isEqualTo(before);
        assertThat(masked()).isEqualTo(beforeMasked);
        assertThat(lines("select id::text from customer.merge where tenant_id = :tenant and before is not null"))
                .as("nothing is kept of what was put back")
                .isEmpty();
    }

    /** Several people merge at once, also the same records: each merge stands on those before it, and all can be taken back. */
    @Test
    void mergesAtTheSameTimeLoseNothing() throws Exception {
        var ids = new ArrayList<UUID>();
        for (int i = 0; i < 8; i++) {
            ids.add(add("王小明", "1380013800" + i % 5, "u" + i + "@example.com", "", "T" + i));
        }
        var before = dump();
        var beforeMasked = masked();
        var refusals = new ConcurrentLinkedQueue<Refused>();
        var stood = new ConcurrentLinkedQueue<UUID>();
        try (var threads = Executors.newFixedThreadPool(4)) {
            var running = new ArrayList<Future<?>>();
            for (int t = 0; t < 4; t++) {
                var random = new Random(t);
                running.add(threads.submit(() -> {
                    for (int i = 0; i < 8; i++) {
                        try {
                            stood.add(duplicates
                                    .merge(lead, ids.get(random.nextInt(8)), ids.get(random.nextInt(8)), Map.of())
                                    .id());
                        } catch (Refused same) {
                            refusals.add(same);
                        }
                    }
                }));
            }
            for (var one : running) {
                one.get();
            }
        }
        assertThat(refusals).allMatch(refused -> refused.sentence().key().equals("customer.merge.same"));
        assertThat(customers.page(lead, "", null, 100).customers()).hasSize(8 - stood.size());
        assertThat(customers.page(lead, "", null, 100).customers().stream()
                        .flatMap(line -> customers.profile(lead, line.id()).customer().tags().stream()))
                .containsExactlyInAnyOrder("T0", "T1", "T2", "T3", "T4", "T5", "T6", "T7");
        merges.newest(lead, 100).forEach(merge -> merges.undo(lead, merge.id()));
        assertThat(dump()).isEqualTo(before);
        assertThat(masked()).isEqualTo(beforeMasked);
    }

    /** A into B, B into C: the first undone is refused while the second rests on it, and after it comes back by itself. */
    @Test
    void ofAChainTheLastIsTakenBackFirst() {
        var first = add("王小明", "13800138000", "", "", "甲");
        var second = add("王小明", "13800138001", "", "", "乙");
        var third = add("王小明", "13800138002", "", "", "丙");
        var before = dump();
        // The older record stays, so the chain runs from the newest to the oldest.
        var lower = duplicates.merge(lead, third, second, Map.of());
        var upper = duplicates.merge(lead, second, first, Map.of());
        assertThat(customers.profile(lead, third).customer().id())
                .as("by its old id")
                .isEqualTo(first);
        assertThatThrownBy(() -> merges.undo(lead, lower.id())).hasMessage("customer.merge.later");
        merges.undo(lead, upper.id());
        assertThat(customers.profile(lead, third).customer().id()).isEqualTo(second);
        merges.undo(lead, lower.id());
        assertThat(dump()).isEqualTo(before);
    }

    @Test
    void whatCameAfterAMergeStaysWithTheSurvivor() {
        var one = add("王小明", "13800138000", "", "");
        var other = add("王小明", "13800138001", "", "");
        var merge = duplicates.merge(lead, one, other, Map.of());
        customers.tag(lead, one, "新标签", true);
        merges.undo(lead, merge.id());
        assertThat(customers.profile(lead, one).customer().tags()).containsExactly("新标签");
        assertThat(customers.profile(lead, other).customer().tags()).isEmpty();
        assertThatThrownBy(() -> merges.undo(lead, merge.id())).isInstanceOf(Refused.class);
        assertThatThrownBy(() -> merges.undo(CustomerTests.access(UUID.randomUUID()), merge.id()))
                .isInstanceOf(Unknown.class);
    }

    /** What is never rewritten is found under the survivor while the merge stands. */
    @Test
    void whoSawTheMergedRecordIsFoundUnderTheSurvivor() {
        var first = customers.add(lead, person("王小明", "13800138000"), "门店");
        var second = customers.add(lead, person("王小明", "13900139000"), "商城");
        var phone =
                customers.profile(lead, second).customer().contacts().getFirst().id();
        customers.reveal(lead, second, phone, io.retainer.vault.Purpose.SERVICE, "客户来电核对");
        assertThat(reveals.entries(lead, null, first, 10)).isEmpty();
        var merge = duplicates.merge(lead, first, second, Map.of());
        assertThat(reveals.entries(lead, null, merge.survivor(), 10)).hasSize(1);
        assertThat(reveals.entries(lead, null, merge.merged(), 10)).hasSize(1);
        assertThat(tenancy.read(tenant, () -> subjects.knownAs(tenant, merge.merged())))
                .containsExactlyInAnyOrder(first, second);
        merges.undo(lead, merge.id());
        assertThat(reveals.entries(lead, null, first, 10)).isEmpty();
        assertThat(reveals.entries(lead, null, second, 10)).hasSize(1);
    }

    private static NewCustomer person(String name, String phone) {
        return new NewCustomer(
                CustomerKind.PERSON,
                name,
                null,
                null,
                List.of(new NewCustomer.Contact(ContactKind.PHONE, phone, null)),
                List.of(),
                Map.of());
    }

    @Test
    void aPersonAndACompanyAreNeverOne() {
        var person = add("王小明", "13800138000", "", "");
        var company = customers.add(
                lead, new NewCustomer(CustomerKind.COMPANY, "王小明", null, null, List.of(), List.of(), Map.of()), "门店");
        assertThatThrownBy(() -> duplicates.merge(lead, person, company, Map.of()))
                .isInstanceOf(Refused.class);
    }

    /** Taking an import back parts what was merged first, so that nothing of others goes with it. */
    @Test
    void revertingAnImportTakesNothingOfOthersAlong() throws Exception {
        var mine = add("王小明", "13800138000", "", "");
        var file = "姓名,手机\n王小明,13800138000\n李雷,13900139001\n";
        var batch = imports.upload(
                lead,
                ImportFormat.CSV,
                "",
                new java.io.ByteArrayInputStream(file.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        imports.start(lead, batch.id(), batch.mapping(), CustomerTests.GROUND);
        importWorker.run(tenant, batch.id());
        assertThat(duplicates.sharing(lead, batch.id())).isEqualTo(1);
        var before = customers.page(lead, "13800138000", null, 10).customers();
        var theirs = before.stream()
                .filter(line -> !line.id().equals(mine))
                .findFirst()
                .orElseThrow();
        duplicates.merge(lead, mine, theirs.id(), Map.of());
        imports.revert(lead, batch.id());
        importWorker.run(tenant, batch.id());
        assertThat(customers.page(lead, "", null, 10).customers())
                .extracting(CustomerPage.Line::id)
                .containsExactly(mine);
        assertThat(customers.page(lead, "13800138000", null, 10).customers()).hasSize(1);
    }
}
