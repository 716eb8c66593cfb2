package io.retainer.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.retainer.PostgresTest;
import io.retainer.kernel.Ids;
import io.retainer.kernel.Refused;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

@SpringBootTest(properties = "db-scheduler.enabled=false")
@Import(PostgresTest.class)
class IdempotencyTests {

    record Effect(int number) {}

    @Autowired
    Idempotency idempotency;

    @Autowired
    People people;

    @Autowired
    Organisations organisations;

    @Autowired
    PostgresTest.Database database;

    private final UUID tenant = Ids.next();
    private final AtomicInteger done = new AtomicInteger();
    private UUID person;

    @BeforeEach
    void somebody() {
        var name = "once-" + Ids.next();
        var organisation = organisations.namedOrNew(name).id();
        person = people.add(name, "Once", "correct horse battery", organisation, Role.OWNER);
    }

    private Effect call(UUID tenant, String key, Object request) {
        return idempotency.once(person, tenant, key, request, Effect.class, () -> new Effect(done.incrementAndGet()));
    }

    @Test
    void MON_4_aRepeatedCallGetsTheFirstAnswerAndDoesNothing() {
        assertThat(call(tenant, "k", "pay 1")).isEqualTo(new Effect(1));
        assertThat(call(tenant, "k", "pay 1")).isEqualTo(new Effect(1));
        assertThat(done).hasValue(1);
    }

    @Test
    void PII_1_whatIsKeptGivesNeitherTheKeyNorTheRequestAway() throws Exception {
        var key = UUID.randomUUID().toString();
        var phone = "13800138000";
        call(tenant, key, phone);
        var kept = JdbcClient.create(database.superuser())
                .sql("select i::text from identity.idempotency i where tenant_id = ?")
                .param(tenant)
                .query(String.class)
                .single();
        var digest =
                MessageDigest.getInstance("SHA-256").digest(("\"" + phone + "\"").getBytes(StandardCharsets.UTF_8));
        assertThat(kept).doesNotContain(key).doesNotContain(HexFormat.of().formatHex(digest));
        assertThat(call(tenant, key, phone)).isEqualTo(new Effect(1));
    }

    @Test
    void MON_4_theSameKeyInTwoTenantsIsTwoCalls() {
        assertThat(call(tenant, "k", "pay 1")).isEqualTo(new Effect(1));
        var other = Ids.next();
        assertThat(call(other, "k", "pay 2")).isEqualTo(new Effect(2));
        assertThat(call(tenant, "k", "pay 1")).isEqualTo(new Effect(1));
        assertThat(call(other, "k", "pay 2")).isEqualTo(new Effect(2));
        assertThat(done).hasValue(2);
    }

    @Test
    void MON_4_theSameKeyOfTwoPeopleIsTwoCalls() {
        assertThat(call(tenant, "k", "pay 1")).isEqualTo(new Effect(1));
        somebody();
        assertThat(call(tenant, "k", "pay 1")).isEqualTo(new Effect(2));
    }

    @Test
    void MON_4_theSameKeyWithAnotherBodyIsRefused() {
        call(tenant, "k", "pay 1");
        assertThatThrownBy(() -> call(tenant, "k", "pay 2")).isInstanceOfSatisfying(Refused.class, refusal -> {
            assertThat(refusal.sentence().key()).isEqualTo("identity.idempotency.otherRequest");
            assertThat(refusal.field()).isEqualTo("Idempotency-Key");
        });
        assertThat(done).hasValue(1);
    }

    @Test
    void MON_4_aCallThatFailedLeavesItsKeyFree() {
        assertThatThrownBy(() -> idempotency.once(person, tenant, "k", "pay 1", Effect.class, () -> {
                    throw new IllegalStateException("as it happens");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(JdbcClient.create(database.superuser())
                        .sql("select count(*) from identity.idempotency where tenant_id = ?")
                        .param(tenant)
                        .query(Long.class)
                        .single())
                .isZero();
        assertThat(call(tenant, "k", "pay 1")).isEqualTo(new Effect(1));
    }

    @Test
    void MON_4_ofManyAtOnceOneIsDone() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Effect> call = () -> call(tenant, "k", "pay 1");
            var answers = threads.invokeAll(
                    IntStream.range(0, 100).mapToObj(_ -> call).toList());
            for (Future<Effect> answer : answers) {
                assertThat(answer.get()).isEqualTo(new Effect(1));
            }
        }
        assertThat(done).hasValue(1);
    }
}
