package io.retainer.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.retainer.PostgresTest;
import io.retainer.identity.OneTimeCodes;
import io.retainer.identity.Organisations;
import io.retainer.identity.People;
import io.retainer.identity.Role;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Tenancy;
import jakarta.mail.Multipart;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** Messages go out by a real mail server, and none is lost however the sender dies. */
@SpringBootTest(
        properties = {
            "db-scheduler.enabled=false",
            "retainer.mail.starttls=false",
            "retainer.mail.from=robot@retainer.example"
        })
@Import(PostgresTest.class)
class OutboxTests {

    private static final GreenMail MAIL = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));

    @BeforeAll
    static void startMail() {
        if (!MAIL.isRunning()) {
            MAIL.start();
        }
    }

    @AfterAll
    static void stopMail() {
        MAIL.stop();
    }

    @DynamicPropertySource
    static void mail(DynamicPropertyRegistry properties) {
        startMail();
        properties.add("spring.mail.host", () -> "127.0.0.1");
        properties.add("spring.mail.port", () -> MAIL.getSmtp().getPort());
    }

    @Autowired
    Messages messages;

    @Autowired
    Outbox outbox;

    @Autowired
    MessageRows rows;

    @Autowired
    Inbox inbox;

    @Autowired
    MessageDesk desk;

    @Autowired
    ObjectProvider<Consents> consents;

    @Autowired
    OneTimeCodes codes;

    @Autowired
    People people;

    @Autowired
    Organisations organisations;

    @Autowired
    Tenancy tenancy;

    @Autowired
    PostgresTest.Database database;

    private UUID tenant;
    private UUID person;
    private String address;

    @BeforeEach
    void somebodyWithAMailbox() throws Exception {
        MAIL.purgeEmailFromAllMailboxes();
        var mark = UUID.randomUUID().toString().substring(0, 8);
        tenant = organisations.namedOrNew("Office " + mark).id();
        person = people.add("reader-" + mark, "Ann", "correct horse battery", tenant, Role.OWNER);
        address = "ann-" + mark + "@example.com";
        people.reachAt(person, address, "zh");
    }

    @ParameterizedTest
    @ValueSource(strings = {"zh", "en"})
    void aMailArrivesInItsLanguageAsTextAndHtml(String language) throws Exception {
        var id = messages.queue(test(language, "hello"));
        settle(id, MessageState.SENT);
        var mail = one();
        assertThat(mail.getSubject()).isEqualTo(language.equals("en") ? "Retainer mail test" : "履约邮件测试");
        assertThat(mail.getMessageID()).isEqualTo("<" + id + "@retainer.example>");
        assertThat(mail.getHeader("Auto-Submitted")).containsExactly("auto-generated");
        var parts = parts((Multipart) mail.getContent());
        assertThat(parts.getFirst()).contains(language.equals("en") ? "sent at 6 Jan 2025" : "发送于 2025年1月6日");
        assertThat(parts.getLast()).contains("<p>", "href=\"http://127.0.0.1:");
        assertThat(inbox.unread(person)).isEqualTo(1);
    }

    @Test
    void nothingIsSentWhenItsCauseRollsBackAndNothingTwiceForOneKey() throws Exception {
        assertThatThrownBy(() -> tenancy.write(tenant, () -> {
                    messages.queue(test("zh", "rolled back"));
                    throw new IllegalStateException("on purpose");
                }))
                .isInstanceOf(IllegalStateException.class);
        var first = messages.queue(test("zh", "once"));
        assertThat(messages.queue(test("zh", "once"))).isEqualTo(first);
        settle(first, MessageState.SENT);
        outbox.run();
        assertThat(MAIL.getReceivedMessages()).hasSize(1);
    }

    @Test
    void aCodeIsNowhereInTheDatabaseAndOpensOnce() throws Exception {
        var code = codes.issue(tenant, "sign", "contract/1");
        var id = messages.queue(new NewMessage(
                tenant,
                "messaging.code",
                Channel.EMAIL,
                Recipient.person(person),
                null,
                "code/" + code,
                "en",
                Map.of("code", code, "minutes", 10, "what", "signing"),
                Instant.now().plus(Duration.ofMinutes(10))));
        settle(id, MessageState.SENT);
        var digits = codes.digits(tenant, code).orElseThrow();
        assertThat(parts((Multipart) one().getContent()).getFirst()).contains("Code: " + digits);
        var stored = JdbcClient.create(database.superuser())
                .sql("select words from messaging.message where id = :id")
                .param("id", id)
                .query(String.class)
                .single();
        assertThat(stored).doesNotContain(digits);
        assertThat(inbox.unread(person)).isZero();
        assertThatThrownBy(() -> codes.check(tenant, code, "sign", "contract/2", digits))
                .isInstanceOf(Refused.class);
        assertThatThrownBy(() -> codes.check(tenant, code, "sign", "contract/1", "x"))
                .isInstanceOf(Refused.class);
        codes.check(tenant, code, "sign", "contract/1", digits);
        assertThatThrownBy(() -> codes.check(tenant, code, "sign", "contract/1", digits))
                .isInstanceOf(Refused.class);
    }

    @Test
    void whoHasNoAddressIsSaidSoAndCanBeSentToAgain() throws Exception {
        people.reachAt(person, "", "zh");
        var id = messages.queue(test("zh", "nowhere"));
        settle(id, MessageState.FAILED);
        assertThat(find(id).reason()).isEqualTo("noAddress");
        people.reachAt(person, address, "zh");
        messages.resend(tenant, id);
        settle(id, MessageState.SENT);
        assertThatThrownBy(() -> messages.resend(tenant, id)).isInstanceOf(Refused.class);
    }

    @Test
    void aBounceEndsTheAddressUntilSomebodyForgivesIt() throws Exception {
        var id = messages.queue(test("zh", "bounces"));
        settle(id, MessageState.SENT);
        messages.lost(id, "reportedBounced", true);
        messages.arrived(id);
        assertThat(find(id).state()).isEqualTo(MessageState.BOUNCED);
        var next = messages.queue(test("zh", "next"));
        settle(next, MessageState.SUPPRESSED);
        messages.resend(tenant, id);
        settle(id, MessageState.SENT);
    }

    @Test
    void theSuppressionListIsKeptByPeopleWhoManageMessages() throws Exception {
        var lead = people.add(
                "lead-" + UUID.randomUUID().toString().substring(0, 8),
                "Bob",
                "correct horse battery",
                tenant,
                Role.OPERATIONS_LEAD);
        desk.suppress(lead, tenant, person.toString(), Channel.EMAIL, ContactBudget.Suppression.BOUNCED);
        assertThat(desk.suppressed(lead, tenant, person.toString()))
                .singleElement()
                .satisfies(each -> assertThat(each.reason()).isEqualTo(ContactBudget.Suppression.BOUNCED));
        var held = messages.queue(test("zh", "held"));
        settle(held, MessageState.SUPPRESSED);
        desk.unsuppress(lead, tenant, person, Channel.EMAIL);
        assertThat(desk.suppressed(lead, tenant, "")).isEmpty();
        settle(messages.queue(test("zh", "free")), MessageState.SENT);
        assertThatThrownBy(() -> desk.suppress(lead, tenant, " ", Channel.EMAIL, ContactBudget.Suppression.OPTED_OUT))
                .hasMessage("messaging.refused.who");
        assertThatThrownBy(() -> desk.suppress(
                        lead, tenant, "nobody@example.com", Channel.SMS, ContactBudget.Suppression.REPORTED))
                .hasMessage("messaging.refused.nobody");
        assertThatThrownBy(() -> desk.suppressed(UUID.randomUUID(), tenant, "")).isInstanceOf(RuntimeException.class);
    }

    @Test
    void customersWithoutConsentAreNotWrittenToAndCallsCountForAll() {
        var customer = UUID.randomUUID();
        // By day: after nine in the evening nobody is called at all.
        var noon = Clock.fixed(Instant.parse("2026-11-25T04:00:00Z"), ZoneOffset.UTC);
        var byDay = new Contacts(rows, tenancy, consents, noon);
        byDay.call(tenant, customer, Purpose.COMPLAINT);
        assertThatThrownBy(() -> byDay.call(tenant, customer, Purpose.SURVEY)).isInstanceOf(Refused.class);
    }

    /** OUT-1 over the wire: senders are killed in the middle of their work, at random, twice. */
    @Test
    @Timeout(120)
    void OUT_1_noMessageIsLostAndNoneRepeatedUnderAnotherIdWhenTheSenderIsKilled() throws Exception {
        int many = 120;
        JdbcClient superuser = JdbcClient.create(database.superuser());
        MAIL.stop(); // so that this process sends none of them
        var ids = new ArrayList<UUID>();
        for (int i = 0; i < many; i++) {
            ids.add(messages.queue(test("zh", "storm " + i)));
        }
        MAIL.start();
        superuser
                .sql(
                        "update messaging.message set look_at = now(), state = 'QUEUED' where state in ('QUEUED', 'SENDING')")
                .update();
        long seed = System.nanoTime();
        var random = new Random(seed);
        int kills = 2;
        for (int kill = 0; kill < kills; kill++) {
            int before = MAIL.getReceivedMessages().length;
            var child = child();
            await(child, () -> MAIL.getReceivedMessages().length > before + random.nextInt(40));
            child.destroyForcibly().waitFor();
        }
        var last = child();
        await(
                last,
                () -> superuser
                                .sql(
                                        "select count(*) from messaging.message where tenant_id = :tenant and state = 'SENT'")
                                .param("tenant", tenant)
                                .query(Integer.class)
                                .single()
                        == many);
        last.destroyForcibly().waitFor();
        var arrived = new ArrayList<String>();
        for (var mail : MAIL.getReceivedMessages()) {
            arrived.add(mail.getMessageID());
        }
        assertThat(arrived.stream().distinct())
                .as("seed " + seed)
                .containsExactlyInAnyOrderElementsOf(
                        ids.stream().map(id -> "<" + id + "@retainer.example>").toList());
        assertThat(arrived).as("seed " + seed).hasSizeLessThanOrEqualTo(many + kills * 8);
    }

    private Process child() throws IOException {
        var port = MAIL.getSmtp().getPort();
        return new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        OutboxChild.class.getName(),
                        "--server.port=0",
                        "--retainer.data=target/data/" + database.name(),
                        "--db-scheduler.enabled=false",
                        "--spring.datasource.url=" + database.url(),
                        "--spring.datasource.username=retainer_app",
                        "--spring.flyway.enabled=false",
                        "--spring.mail.host=127.0.0.1",
                        "--spring.mail.port=" + port,
                        "--retainer.mail.starttls=false",
                        "--retainer.mail.from=robot@retainer.example",
                        "--retainer.messaging.lease=2s",
                        "--retainer.demo=false"))
                .redirectErrorStream(true)
                .redirectOutput(Path.of("target", "outbox-child.log").toFile())
                .start();
    }

    private interface Condition {
        boolean holds();
    }

    private static void await(@Nullable Process child, Condition condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(45);
        while (!condition.holds()) {
            assertThat(child == null || child.isAlive()).as("the sender lives").isTrue();
            assertThat(System.nanoTime()).as("patience").isLessThan(end);
            Thread.sleep(5);
        }
    }

    private void settle(UUID id, MessageState expected) throws InterruptedException {
        outbox.run();
        await(null, () -> find(id).state() == expected);
    }

    private Message find(UUID id) {
        return tenancy.read(tenant, () -> rows.find(tenant, id)).orElseThrow();
    }

    private MimeMessage one() {
        var mails = MAIL.getReceivedMessages();
        assertThat(mails).hasSize(1);
        return mails[0];
    }

    private static List<String> parts(Multipart multipart) throws Exception {
        var found = new ArrayList<String>();
        for (int i = 0; i < multipart.getCount(); i++) {
            var content = multipart.getBodyPart(i).getContent();
            if (content instanceof Multipart inner) {
                found.addAll(parts(inner));
            } else {
                found.add(String.valueOf(content));
            }
        }
        return found;
    }

    private NewMessage test(String language, String key) {
        return new NewMessage(
                tenant,
                "messaging.test",
                Channel.EMAIL,
                Recipient.person(person),
                null,
                key,
                language,
                Map.of("at", Instant.parse("2025-01-06T01:00:00Z"), "page", "/messages/outbox"),
                null);
    }
}
