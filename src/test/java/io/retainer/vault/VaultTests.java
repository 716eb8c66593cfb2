package io.retainer.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.retainer.PostgresTest;
import io.retainer.customer.ContactKind;
import io.retainer.customer.CustomerKind;
import io.retainer.customer.Customers;
import io.retainer.customer.NewCustomer;
import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.kernel.Ids;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Unavailable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

@SpringBootTest(properties = "db-scheduler.enabled=false")
@Import(PostgresTest.class)
@ExtendWith(OutputCaptureExtension.class)
class VaultTests {

    static final SealedColumn PHONE = new SealedColumn("safe.person", "phone", PersonalKind.PHONE);
    static final SealedColumn EMAIL = new SealedColumn("safe.person", "email", PersonalKind.EMAIL);
    static final BlindIndex WHOLE = BlindIndex.whole(PHONE);
    static final BlindIndex END = BlindIndex.last4(PHONE);

    @TestConfiguration(proxyBeanMethods = false)
    static class Tables {
        @Bean
        SealedTable safe() {
            return new SealedTable("safe.person", "id", List.of(PHONE, EMAIL));
        }
    }

    @Autowired
    Vault vault;

    @Autowired
    Customers customers;

    @Autowired
    ClientKeyRows rows;

    @Autowired
    KeyUpkeep upkeep;

    @Autowired
    Reveals reveals;

    @Autowired
    MasterKey master;

    @Autowired
    Tenancy tenancy;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    Clock clock;

    @Autowired
    PostgresTest.Database database;

    JdbcClient superuser;
    UUID tenant = UUID.randomUUID();

    @BeforeEach
    void aTableWithPeople() {
        superuser = JdbcClient.create(database.superuser());
        superuser.sql("""
                do $$ begin
                    if to_regclass('safe.person') is null then
                        create schema safe authorization retainer_owner;
                        grant usage on schema safe to retainer_rt;
                        set local role retainer_owner;
                        create table safe.person (
                            tenant_id uuid, id uuid, phone bytea, phone_index bigint, phone_end bigint, email bytea,
                            primary key (tenant_id, id));
                        create index person_by_phone on safe.person (tenant_id, phone_index);
                        create index person_by_end on safe.person (tenant_id, phone_end);
                        perform platform.guard('safe.person');
                    end if;
                end $$
                """).update();
    }

    @Test
    void PII_2_aValueOpensOnlyWhereItBelongs() {
        var row = Ids.next();
        var other = UUID.randomUUID();
        var sealed = tenancy.write(tenant, () -> vault.writing(tenant).seal(PHONE, row, "13800138000"));
        tenancy.write(other, () -> vault.writing(other));
        assertThat(opened(tenant, PHONE, row, sealed)).isEqualTo("13800138000");
        assertThatThrownBy(() -> opened(tenant, PHONE, Ids.next(), sealed)).isInstanceOf(Unavailable.class);
        assertThatThrownBy(() -> opened(tenant, EMAIL, row, sealed)).isInstanceOf(Unavailable.class);
        assertThatThrownBy(() -> opened(other, PHONE, row, sealed)).isInstanceOf(Unavailable.class);
        // The keys of another client do not open it either when its place is the same.
        tenancy.read(
                other,
                () -> assertThat(vault.reading(other).masked(PHONE, row, sealed))
                        .isEqualTo("????"));
        var bent = sealed.bytes().clone();
        bent[bent.length - 1] ^= 1;
        assertThatThrownBy(() -> opened(tenant, PHONE, row, Sealed.of(bent))).isInstanceOf(Unavailable.class);
    }

    @Test
    void theSameValueIsSealedDifferentlyEachTimeAndMaskedByDefault() {
        var row = Ids.next();
        tenancy.write(tenant, () -> {
            var client = vault.writing(tenant);
            var one = client.seal(PHONE, row, "13800138000");
            assertThat(client.seal(PHONE, row, "13800138000")).isNotEqualTo(one);
            assertThat(client.masked(PHONE, row, one)).isEqualTo("138****8000");
            assertThat(client.sealOrNull(PHONE, row, "")).isNull();
            assertThat(client.masked(PHONE, row, null)).isNull();
        });
    }

    @Test
    void PII_7_theSameNumberHasAnotherIndexForEveryClientAndColumn() {
        var other = UUID.randomUUID();
        Long here = tenancy.write(tenant, () -> vault.writing(tenant).index(WHOLE, "13800138000"));
        Long there = tenancy.write(other, () -> vault.writing(other).index(WHOLE, "13800138000"));
        assertThat(there).isNotEqualTo(here);
        tenancy.write(tenant, () -> {
            var client = vault.writing(tenant);
            assertThat(client.index(WHOLE, "+86 138 0013 8000")).isEqualTo(here);
            assertThat(client.index(WHOLE, "13800138001")).isNotEqualTo(here);
            assertThat(client.index(
                            BlindIndex.whole(new SealedColumn("safe.person", "mobile", PersonalKind.PHONE)),
                            "13800138000"))
                    .isNotEqualTo(here);
            assertThat(client.index(END, "13800138000"))
                    .isEqualTo(client.index(END, "8000"))
                    .isBetween(0L, 0xFFFF_FFFFL);
            assertThat(client.index(END, "800")).isNull();
            assertThat(client.index(WHOLE, " ")).isNull();
        });
    }

    @Test
    void searchesByIndexUnderRowLevelSecurity() {
        fill(tenant, 4000);
        fill(UUID.randomUUID(), 4000);
        superuser.sql("analyze safe.person").update();
        for (var search : List.of("phone_index = :index", "phone_end = :index")) {
            var plan = tenancy.read(tenant, () -> {
                var index = search.startsWith("phone_index") ? WHOLE : END;
                return String.join(
                        "\n",
                        jdbc.sql("explain select id from safe.person where tenant_id = :tenant and " + search)
                                .param("tenant", tenant)
                                .param("index", vault.reading(tenant).index(index, phone(17)))
                                .query(String.class)
                                .list());
            });
            assertThat(plan)
                    .contains("Index")
                    .containsPattern("Index Cond: .*" + search.substring(0, search.indexOf(' ')));
        }
        var found = tenancy.read(
                tenant,
                () -> jdbc.sql("select id, phone from safe.person where tenant_id = :tenant and phone_index = :index")
                        .param("tenant", tenant)
                        .param("index", vault.reading(tenant).index(WHOLE, phone(17)))
                        .query((row, _) -> vault.reading(tenant)
                                .masked(PHONE, row.getObject(1, UUID.class), Sealed.of(row.getBytes(2))))
                        .list());
        assertThat(found).containsExactly("138****0017");
    }

    @Test
    void PII_5_eachRevealIsOnTheRecordAndTheyAreLimited() {
        var row = Ids.next();
        var sealed = tenancy.write(tenant, () -> vault.writing(tenant).seal(PHONE, row, "13800138000"));
        var contract = UUID.randomUUID();
        var subject = UUID.randomUUID();
        var agent = new Access(UUID.randomUUID(), tenant, contract, Party.PROVIDER, Set.of(Capability.REVEAL));
        var officer = new Access(UUID.randomUUID(), tenant, contract, Party.CLIENT, Set.of(Capability.GUARD_DATA));
        var request = new Reveals.Request(subject, PHONE, row, Purpose.RETURN_VISIT, "回访满意度，客户约定下午三点");

        assertThatThrownBy(() -> reveals.reveal(officer, request, () -> sealed))
                .isInstanceOf(Refused.class)
                .hasMessage("identity.notAllowed");
        assertThatThrownBy(() -> reveals.entries(agent, null, null, 10)).isInstanceOf(Refused.class);
        assertThatThrownBy(() -> reveals.reveal(
                        agent, new Reveals.Request(subject, PHONE, row, Purpose.SERVICE, " 看看 "), () -> sealed))
                .isInstanceOf(Refused.class)
                .hasMessage("vault.reveal.reason");

        var random = new Random(7);
        int shown = 0;
        for (int i = 0; i < 90; i++) {
            try {
                var value = reveals.reveal(agent, request, () -> {
                    if (random.nextInt(3) == 0) {
                        throw new IllegalStateException("the row is gone");
                    }
                    return sealed;
                });
                assertThat(value.inTheClear()).isEqualTo("13800138000");
                shown++;
            } catch (IllegalStateException gone) {
                // Nothing was shown, so nothing may be on the record.
            } catch (Refused refused) {
                assertThat(refused).hasMessage("vault.reveal.tooMany");
                assertThat(shown).isEqualTo(30);
            }
        }
        assertThat(shown).isEqualTo(30);
        assertThat(count("select count(*) from vault.reveal where tenant_id = :tenant"))
                .isEqualTo(30);
        var facts = superuser
                .sql("select text from evidence.leaf where tenant_id = :tenant and kind = 'vault.Revealed'")
                .param("tenant", tenant)
                .query(String.class)
                .list();
        assertThat(facts)
                .hasSize(30)
                .allSatisfy(text -> assertThat(text)
                        .contains(
                                "safe.person.phone",
                                "RETURN_VISIT",
                                subject.toString(),
                                agent.person().toString())
                        .doesNotContain("13800138000", "0138000", "138****", "回访"));

        var entries = reveals.entries(officer, null, subject, 10);
        assertThat(entries).hasSize(10).allSatisfy(entry -> {
            assertThat(entry.reason()).startsWith("回访满意度");
            assertThat(entry.actor()).isEqualTo(agent.person());
        });
        assertThat(reveals.entries(officer, entries.getLast().id(), null, 100)).hasSize(20);
    }

    @Test
    void PII_3_aDataKeyIsChangedWhileEverythingGoesOn() throws Exception {
        var ids = fill(tenant, 1300);
        var before = keyIds(tenant);
        assertThat(before).hasSize(1);
        var stop = new AtomicBoolean();
        var reads = new AtomicInteger();
        var failures = new ArrayList<Throwable>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int worker = 0; worker < 3; worker++) {
                var random = new Random(worker);
                threads.execute(() -> {
                    while (!stop.get()) {
                        try {
                            int number = random.nextInt(ids.size());
                            var id = ids.get(number);
                            if (random.nextInt(4) == 0) {
                                tenancy.write(tenant, () -> write(tenant, id, number));
                            } else {
                                assertThat(read(tenant, id)).isEqualTo(phone(number));
                            }
                            reads.incrementAndGet();
                        } catch (Throwable failure) {
                            synchronized (failures) {
                                failures.add(failure);
                            }
                            return;
                        }
                    }
                });
            }
            try {
                upkeep.promote(tenant);
                // Interrupted after one transaction; the next run goes on from there.
                int sealed = upkeep.step(tenant);
                while (sealed == 0) {
                    sealed = upkeep.step(tenant); // the tables before this one are empty
                }
                assertThat(sealed).isPositive();
                int before2 = count("select count(*) from safe.person where tenant_id = :tenant "
                        + "and substring(phone from 1 for 5) = (select substring(phone from 1 for 5) from safe.person "
                        + "where tenant_id = :tenant order by id desc limit 1)");
                assertThat(before2).as("left for later").isPositive();
                upkeep.run(clock.instant());
            } finally {
                stop.set(true);
            }
        }
        assertThat(failures).isEmpty();
        assertThat(reads).hasPositiveValue();
        assertThat(keyIds(tenant)).hasSize(1).doesNotContainAnyElementsOf(before);
        for (int i = 0; i < ids.size(); i += 50) {
            assertThat(read(tenant, ids.get(i))).isEqualTo(phone(i));
        }
        tenancy.read(
                tenant,
                () -> assertThat(rows.find(tenant).orElseThrow().changing()).isFalse());
    }

    @Test
    void aValueThatDoesNotOpenKeepsItsKeyAndTheChangeUnfinished(CapturedOutput output) {
        var ids = fill(tenant, 3);
        superuser
                .sql("update safe.person set email = phone where tenant_id = :tenant and id = :id")
                .param("tenant", tenant)
                .param("id", ids.getFirst())
                .update();
        upkeep.promote(tenant);
        assertThat(upkeep.finish(tenant)).isEqualTo(3);
        assertThat(output).contains("safe.person.email").contains("older data keys are kept");
        tenancy.read(
                tenant,
                () -> assertThat(rows.find(tenant).orElseThrow().changing()).isTrue());
    }

    /** ADR 0020: the contacts of a customer are elements of an array in its row. */
    @Test
    void valuesInsideOtherRowsAreSealedAnewToo() {
        var access =
                new Access(UUID.randomUUID(), tenant, UUID.randomUUID(), Party.PROVIDER, Set.of(Capability.values()));
        var made = new ArrayList<NewCustomer>();
        // More than one step of the sweep.
        for (int i = 0; i < 600; i++) {
            made.add(new NewCustomer(
                    CustomerKind.PERSON,
                    "王小明",
                    null,
                    null,
                    i % 7 == 0
                            ? List.of()
                            : List.of(
                                    new NewCustomer.Contact(ContactKind.PHONE, "1380013%04d".formatted(i), null),
                                    new NewCustomer.Contact(ContactKind.EMAIL, "a%d@example.com".formatted(i), "公司")),
                    List.of(),
                    Map.of()));
        }
        var ids = customers.addAll(access, made, "门店");
        var before = customers.some(access, ids);
        var keys =
                "select count(distinct substring(value from 1 for 5)) from customer.contact where tenant_id = :tenant";
        var oldest =
                "select count(*) from customer.contact where tenant_id = :tenant and substring(value from 1 for 5) = "
                        + "(select substring(name from 1 for 5) from customer.customer where tenant_id = :tenant limit 1)";
        assertThat(count(keys)).isEqualTo(1);
        upkeep.promote(tenant);
        int contacts = count("select count(*) from customer.contact where tenant_id = :tenant");
        assertThat(upkeep.finish(tenant)).isEqualTo(600 + contacts);
        assertThat(count(keys)).isEqualTo(1);
        assertThat(count(oldest)).as("under the same new key").isEqualTo(contacts);
        tenancy.read(
                tenant,
                () -> assertThat(rows.find(tenant).orElseThrow().changing()).isFalse());
        assertThat(customers.some(access, ids)).isEqualTo(before);
        assertThat(customers.page(access, "13800130001", null, 10).customers()).hasSize(1);
    }

    @Test
    void aKeyPastItsTimeIsChangedByItself() {
        fill(tenant, 3);
        var before = keyIds(tenant);
        upkeep.run(clock.instant().plus(Duration.ofDays(364)));
        assertThat(keyIds(tenant)).isEqualTo(before);
        upkeep.run(clock.instant().plus(Duration.ofDays(366)));
        assertThat(keyIds(tenant)).hasSize(1).doesNotContainAnyElementsOf(before);
    }

    @Test
    void aNewMasterKeyWrapsEverythingAndTheOldOneCanGo() throws Exception {
        var ids = fill(tenant, 3);
        var path = Path.of("target/data/" + database.name() + "/vault.key");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rw-------");
        var file = new MasterKeyFile(path);
        int before = master.primary();
        file.addKey();
        upkeep.run(clock.instant());
        assertThat(master.primary()).isNotEqualTo(before);
        file.dropOldKeys();
        var fresh = vaultWith(path);
        tenancy.read(
                tenant,
                () -> assertThat(fresh.reading(tenant)
                                .open(PHONE, ids.getFirst(), sealed(tenant, ids.getFirst()))
                                .inTheClear())
                        .isEqualTo(phone(0)));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rw-------");
    }

    @Test
    void PII_3_aMissingOrWrongMasterKeyIsA503AndNeverPlaintext(@TempDir Path elsewhere) throws IOException {
        var ids = fill(tenant, 1);
        var path = elsewhere.resolve("vault.key");
        var without = vaultWith(path);
        assertThat(without.trouble().orElseThrow().key()).isEqualTo("vault.master.missing");
        assertThat(path).as("made anew").doesNotExist();
        assertThatThrownBy(() -> tenancy.write(tenant, () -> without.writing(tenant)))
                .isInstanceOf(Unavailable.class)
                .hasMessage("vault.master.missing");
        assertThatThrownBy(() -> tenancy.read(
                        tenant,
                        () -> without.reading(tenant).masked(PHONE, ids.getFirst(), sealed(tenant, ids.getFirst()))))
                .isInstanceOf(Unavailable.class);

        var right = Path.of("target/data/" + database.name() + "/vault.key");
        var other = vaultWith(elsewhere.resolve("other"));
        Files.writeString(
                elsewhere.resolve("other"),
                Files.readString(right).replaceFirst("\"value\":\\s*\"....", "\"value\":\"GiAA"));
        Files.setPosixFilePermissions(elsewhere.resolve("other"), PosixFilePermissions.fromString("rw-------"));
        assertThat(other.trouble().orElseThrow().key()).isIn("vault.master.wrong", "vault.master.unusable");

        Files.writeString(path, "{\"half\": ");
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
        assertThat(without.trouble().orElseThrow().key()).isEqualTo("vault.master.unusable");
        Files.writeString(path, Files.readString(right));
        assertThat(without.trouble()).as("put back without a restart").isEmpty();
        tenancy.read(
                tenant,
                () -> assertThat(without.reading(tenant).masked(PHONE, ids.getFirst(), sealed(tenant, ids.getFirst())))
                        .isEqualTo("138****0000"));
    }

    @Test
    void aKeyFileOthersCanReadIsRefusedAtTheStart(@TempDir Path elsewhere) throws IOException {
        var path = Files.writeString(elsewhere.resolve("vault.key"), "{}");
        for (var permissions : List.of("rw-r-----", "rw----r--", "rw--w----")) {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
            assertThatThrownBy(() -> new MasterKey(path, jdbc, clock))
                    .isInstanceOf(Refused.class)
                    .hasMessage("vault.master.open");
        }
    }

    @Test
    void destroyedKeysLeaveNothingToBeRead() {
        var ids = fill(tenant, 2);
        assertThat(read(tenant, ids.getFirst())).isEqualTo(phone(0));
        vault.destroyKeys(tenant);
        assertThatThrownBy(() -> read(tenant, ids.getFirst()))
                .isInstanceOf(Refused.class)
                .hasMessage("vault.destroyed");
        assertThatThrownBy(() -> tenancy.write(tenant, () -> vault.writing(tenant)))
                .isInstanceOf(Refused.class);
        assertThat(count("select count(*) from vault.client_key where tenant_id = :tenant "
                        + "and data_keys is null and index_root is null"))
                .isEqualTo(1);
        upkeep.run(clock.instant().plus(Duration.ofDays(800)));
    }

    @Test
    void keysOfATransactionThatCameToNothingAreNotUsed() {
        var row = Ids.next();
        assertThatThrownBy(() -> tenancy.write(tenant, () -> {
                    vault.writing(tenant).seal(PHONE, row, "13800138000");
                    throw new IllegalStateException("rolled back");
                }))
                .isInstanceOf(IllegalStateException.class);
        var sealed = tenancy.write(tenant, () -> vault.writing(tenant).seal(PHONE, row, "13800138000"));
        assertThat(opened(tenant, PHONE, row, sealed)).isEqualTo("13800138000");
        assertThatThrownBy(() -> vault.reading(tenant)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> tenancy.read(tenant, () -> vault.writing(tenant)))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void PII_1_theCanaryIsNowhereInTheClear(CapturedOutput output) throws IOException {
        var canary = "1997" + Math.abs(new Random().nextInt(1_000_000, 9_999_999));
        var row = Ids.next();
        var reason = "canary-" + canary;
        var agent = new Access(UUID.randomUUID(), tenant, UUID.randomUUID(), Party.PROVIDER, Set.of(Capability.REVEAL));
        tenancy.write(tenant, () -> {
            var client = vault.writing(tenant);
            jdbc.sql("insert into safe.person values (:tenant, :id, :phone, :index, :end, :email)")
                    .param("tenant", tenant)
                    .param("id", row)
                    .param("phone", client.seal(PHONE, row, canary).bytes())
                    .param("index", client.index(WHOLE, canary))
                    .param("end", client.index(END, canary))
                    .param(
                            "email",
                            client.seal(EMAIL, row, canary + "@example.com").bytes())
                    .update();
        });
        reveals.reveal(
                agent,
                new Reveals.Request(UUID.randomUUID(), PHONE, row, Purpose.SERVICE, reason),
                () -> sealed(tenant, row));
        assertThatThrownBy(() -> reveals.reveal(
                agent,
                new Reveals.Request(UUID.randomUUID(), EMAIL, row, Purpose.SERVICE, reason),
                () -> sealed(tenant, row)));
        assertThat(opened(tenant, PHONE, row, sealed(tenant, row))).isEqualTo(canary);
        superuser.sql("checkpoint").update();

        assertThat(output).doesNotContain(canary);
        var directory =
                Path.of(superuser.sql("show data_directory").query(String.class).single());
        var oid = superuser
                .sql("select oid::text from pg_database where datname = current_database()")
                .query(String.class)
                .single();
        var searched = new AtomicInteger();
        for (var place : List.of(directory.resolve("base/" + oid), directory.resolve("pg_wal"))) {
            try (var files = Files.walk(place)) {
                for (var file : files.filter(Files::isRegularFile).toList()) {
                    var text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
                    assertThat(text.contains(canary)).as(file.toString()).isFalse();
                    searched.incrementAndGet();
                }
            }
        }
        assertThat(searched).hasValueGreaterThan(50);
    }

    private Vault vaultWith(Path file) {
        return new Vault(new MasterKey(file, jdbc, clock), rows, tenancy, clock);
    }

    private static String phone(int number) {
        return "1380013%04d".formatted(number);
    }

    private List<UUID> fill(UUID tenant, int count) {
        return tenancy.write(
                tenant,
                () -> IntStream.range(0, count)
                        .mapToObj(number -> {
                            var id = Ids.next();
                            jdbc.sql("insert into safe.person (tenant_id, id) values (:tenant, :id)")
                                    .param("tenant", tenant)
                                    .param("id", id)
                                    .update();
                            write(tenant, id, number);
                            return id;
                        })
                        .toList());
    }

    private void write(UUID tenant, UUID id, int number) {
        var client = vault.writing(tenant);
        jdbc.sql("""
                        update safe.person set phone = :phone, phone_index = :index, phone_end = :end
                        where tenant_id = :tenant and id = :id
                        """)
                .param("tenant", tenant)
                .param("id", id)
                .param("phone", client.seal(PHONE, id, phone(number)).bytes())
                .param("index", client.index(WHOLE, phone(number)))
                .param("end", client.index(END, phone(number)))
                .update();
    }

    private String read(UUID tenant, UUID id) {
        return tenancy.read(
                tenant,
                () -> vault.processing(tenant, Processing.MATCHING)
                        .open(PHONE, id, sealed(tenant, id))
                        .inTheClear());
    }

    private Sealed sealed(UUID tenant, UUID id) {
        var bytes = superuser
                .sql("select phone from safe.person where tenant_id = :tenant and id = :id")
                .param("tenant", tenant)
                .param("id", id)
                .query(byte[].class)
                .single();
        return Sealed.of(bytes);
    }

    private String opened(UUID tenant, SealedColumn column, UUID row, Sealed sealed) {
        return tenancy.read(
                tenant,
                () -> vault.processing(tenant, Processing.MATCHING)
                        .open(column, row, sealed)
                        .inTheClear());
    }

    private List<@Nullable String> keyIds(UUID tenant) {
        return superuser
                .sql(
                        "select distinct encode(substring(phone from 1 for 5), 'hex') from safe.person where tenant_id = :tenant")
                .param("tenant", tenant)
                .query(String.class)
                .list();
    }

    private int count(String sql) {
        return superuser.sql(sql).param("tenant", tenant).query(Integer.class).single();
    }
}
