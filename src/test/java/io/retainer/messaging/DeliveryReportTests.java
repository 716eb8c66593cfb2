package io.retainer.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.retainer.PostgresTest;
import io.retainer.identity.Organisations;
import io.retainer.identity.People;
import io.retainer.identity.Role;
import io.retainer.kernel.Tenancy;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.annotation.Import;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

/** What providers say became of a message: signed, fresh, and heard once. */
@SpringBootTest(properties = {"db-scheduler.enabled=false", "retainer.messaging.report-secret=between-us"})
@AutoConfigureMockMvc
@Import(PostgresTest.class)
class DeliveryReportTests {

    @Autowired
    MockMvcTester web;

    @Autowired
    Messages messages;

    @Autowired
    MessageRows rows;

    @Autowired
    Organisations organisations;

    @Autowired
    People people;

    @Autowired
    Tenancy tenancy;

    @Autowired
    Clock clock;

    UUID tenant = new UUID(0, 0);
    UUID message = new UUID(0, 0);

    @BeforeEach
    void aMessageOnItsWay() {
        var mark = UUID.randomUUID().toString();
        tenant = organisations.namedOrNew("青禾 " + mark).id();
        var person = people.add("p-" + mark, "周明", "correct horse battery", tenant, Role.OWNER);
        message = messages.queue(new NewMessage(
                tenant,
                "messaging.test",
                Channel.SMS,
                Recipient.person(person),
                null,
                mark,
                "zh",
                Map.of("at", clock.instant(), "page", "/messages/outbox"),
                null));
    }

    @Test
    void onlyWhatIsSignedAndFreshIsHeard() {
        var body = body(true);
        assertThat(send(body, clock.instant(), "between-us")).isEqualTo(204);
        assertThat(state()).isEqualTo(MessageState.DELIVERED);
        assertThat(send(body, clock.instant(), "between-us")).as("twice is once").isEqualTo(204);
        assertThat(send(body(false), clock.instant(), "guessed")).isEqualTo(401);
        assertThat(send(body(false), clock.instant().minus(Duration.ofMinutes(6)), "between-us"))
                .as("replayed later")
                .isEqualTo(401);
        assertThat(state()).isEqualTo(MessageState.DELIVERED);
        assertThat(send("{\"message\": \"nonsense\"}", clock.instant(), "between-us")).isEqualTo(404);
        assertThat(send("{\"message\": \"" + UUID.randomUUID() + "\"}", clock.instant(), "between-us"))
                .isEqualTo(404);
    }

    @Test
    void aBounceEndsTheAddress() {
        assertThat(send(body(false), clock.instant(), "between-us")).isEqualTo(204);
        assertThat(state()).isEqualTo(MessageState.BOUNCED);
        var recipient = tenancy.write(tenant, () -> rows.locked(tenant, message).orElseThrow().recipient());
        assertThat(tenancy.read(tenant, () -> rows.suppression(tenant, recipient.id(), Channel.SMS)))
                .isEqualTo(ContactBudget.Suppression.BOUNCED);
        assertThat(send(body(true), clock.instant(), "between-us"))
                .as("what is over is over")
                .isEqualTo(204);
        assertThat(state()).isEqualTo(MessageState.BOUNCED);
    }

    private String body(boolean delivered) {
        return "{\"message\": \"" + message + "\", \"delivered\": " + delivered + "}";
    }

    private MessageState state() {
        return tenancy.write(tenant, () -> rows.locked(tenant, message).orElseThrow().state());
    }

    private int send(String body, Instant at, String secret) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            var signature = HexFormat.of()
                    .formatHex(mac.doFinal((at.getEpochSecond() + "." + body).getBytes(StandardCharsets.UTF_8)));
            return web.post()
                    .uri("/api/v1/delivery-reports")
                    .contentType(MediaType.APPLICATION_JSON)
                    .header("Retainer-Timestamp", at.getEpochSecond())
                    .header("Retainer-Signature", signature)
                    .content(body)
                    .exchange()
                    .getResponse()
                    .getStatus();
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
