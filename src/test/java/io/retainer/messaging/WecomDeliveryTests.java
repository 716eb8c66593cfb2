package io.retainer.messaging;

import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.WireMockServer;
import io.retainer.PostgresTest;
import io.retainer.identity.Organisations;
import io.retainer.identity.People;
import io.retainer.identity.Role;
import io.retainer.identity.SignedLinks;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Tenancy;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalTime;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** By WeCom to a customer: taken, confirmed by a colleague, delivered or called off; and to colleagues. */
@SpringBootTest(
        properties = {
            "db-scheduler.enabled=false",
            "retainer.messaging.private-providers=true",
            "retainer.wecom.corp-id=corp",
            "retainer.wecom.secret=app",
            "retainer.wecom.agent-id=7",
            "retainer.wecom.contact-secret=contact"
        })
@Import({PostgresTest.class, WecomDeliveryTests.Known.class})
class WecomDeliveryTests {

    private static final String EXTERNAL = "wmqfasd1e19278asdasAAAABBBBCCCCD";
    private static final WireMockServer WECOM =
            new WireMockServer(wireMockConfig().dynamicPort());

    @DynamicPropertySource
    static void wecom(DynamicPropertyRegistry properties) {
        WECOM.start();
        properties.add("retainer.wecom.endpoint", WECOM::baseUrl);
    }

    @AfterAll
    static void stop() {
        WECOM.stop();
    }

    @TestConfiguration(proxyBeanMethods = false)
    static class Known {

        /** Every customer that no module knows is this one. */
        @Bean
        Addresses wecomOfCustomers() {
            return new Addresses() {
                @Override
                public Recipient.Kind kind() {
                    return Recipient.Kind.CUSTOMER;
                }

                @Override
                public Optional<String> of(UUID tenant, UUID recipient, Channel channel, Purpose purpose) {
                    return channel == Channel.WECOM ? Optional.of(EXTERNAL) : Optional.empty();
                }
            };
        }
    }

    @Autowired
    Messages messages;

    @Autowired
    MessageRows rows;

    @Autowired
    Outbox outbox;

    @Autowired
    FollowUps followUps;

    @Autowired
    Contacts contacts;

    @Autowired
    Colleagues colleagues;

    @Autowired
    Inbox inbox;

    @Autowired
    SignedLinks links;

    @Autowired
    Organisations organisations;

    @Autowired
    People people;

    @Autowired
    Tenancy tenancy;

    @Autowired
    Clock clock;

    @Autowired
    PostgresTest.Database database;

    private UUID tenant;
    private final UUID customer = UUID.randomUUID();

    @BeforeEach
    void aClient() {
        WECOM.resetAll();
        WECOM.stubFor(get(urlPathEqualTo("/cgi-bin/gettoken"))
                .willReturn(okJson("{\"errcode\":0,\"access_token\":\"T1\",\"expires_in\":7200}")));
        answers("externalcontact/add_msg_template", "{\"errcode\":0,\"fail_list\":[],\"msgid\":\"g1\"}");
        tenant = organisations.namedOrNew("青禾 " + UUID.randomUUID()).id();
        // By day and by night.
        tenancy.write(
                tenant,
                () -> rows.keep(
                        tenant,
                        new ContactBudget(
                                2,
                                4,
                                Duration.ofHours(24),
                                LocalTime.NOON,
                                LocalTime.NOON,
                                ContactBudget.PLATFORM.zone()),
                        0));
    }

    @Test
    void isDeliveredWhenAColleagueHasSentIt() throws Exception {
        var id = queue("delivered");
        settle(id, MessageState.SENT);
        assertThat(find(id).reason()).isEqualTo("toForward");
        assertThat(week()).isEqualTo(1);
        results(0, 0);
        look();
        assertThat(find(id).state()).isEqualTo(MessageState.SENT);
        results(2, 1);
        look();
        assertThat(find(id).state()).isEqualTo(MessageState.DELIVERED);
        look();
        WECOM.verify(2, postRequestedFor(urlPathEqualTo("/cgi-bin/externalcontact/get_groupmsg_task")));
    }

    /** What never reached the customer is no contact in the budget, and the address is dead only when it is. */
    @Test
    void isCalledOffAfterThreeDaysThatNobodySentItIn() throws Exception {
        var id = queue("called off");
        settle(id, MessageState.SENT);
        results(0, 0);
        answers("externalcontact/cancel_groupmsg_send", "{\"errcode\":0}");
        superuser()
                .sql("update messaging.message set sent_at = sent_at - interval '73 hours' where id = :id")
                .param("id", id)
                .update();
        look();
        assertThat(find(id).state()).isEqualTo(MessageState.FAILED);
        assertThat(find(id).reason()).isEqualTo("notForwarded");
        WECOM.verify(1, postRequestedFor(urlPathEqualTo("/cgi-bin/externalcontact/cancel_groupmsg_send")));
        assertThat(week()).isZero();
        assertThat(contacts.closed(tenant, customer, Purpose.COMPLAINT, Channel.WECOM))
                .isFalse();
    }

    @Test
    void whoIsNoFriendAnyMoreIsLeftAlone() throws Exception {
        settle(queue("first"), MessageState.SENT);
        results(2, 2);
        look();
        assertThat(contacts.closed(tenant, customer, Purpose.COMPLAINT, Channel.WECOM))
                .isTrue();
        settle(queue("second"), MessageState.SUPPRESSED);
    }

    /** Nobody who has objected meanwhile is tried again. */
    @Test
    void anObjectionBetweenTwoTriesEndsThem() throws Exception {
        answers("externalcontact/add_msg_template", "{\"errcode\":-1}");
        var id = queue("objection");
        settle(id, message -> message.attempts() == 1);
        assertThat(find(id).state()).isEqualTo(MessageState.QUEUED);
        tenancy.write(
                tenant,
                () -> rows.suppress(
                        tenant, customer, Channel.WECOM, ContactBudget.Suppression.REPORTED, clock.instant()));
        superuser()
                .sql("update messaging.message set look_at = now() - interval '1 second' where id = :id")
                .param("id", id)
                .update();
        settle(id, MessageState.SUPPRESSED);
        WECOM.verify(1, postRequestedFor(urlPathEqualTo("/cgi-bin/externalcontact/add_msg_template")));
    }

    @Test
    void newsGoesToAColleaguesWeComAsWellAndStandsInTheInboxOnce() throws Exception {
        answers("message/send", "{\"errcode\":0,\"msgid\":\"m1\",\"invaliduser\":\"\"}");
        var person = people.add("p-" + UUID.randomUUID(), "周明", "correct horse battery", tenant, Role.OWNER);
        colleagues.wecom(person, " zhou.ming ");
        assertThat(colleagues.wecom(person)).contains("zhou.ming");
        messages.queue(new NewMessage(
                tenant,
                "messaging.test",
                Channel.IN_APP,
                Recipient.person(person),
                null,
                "news",
                "zh",
                Map.of("at", clock.instant(), "page", "/messages/outbox"),
                null));
        assertThat(inbox.unread(person)).isEqualTo(1);
        assertThat(inbox.page(person, null).items()).hasSize(1);
        outbox.run();
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (WECOM.findAll(postRequestedFor(urlPathEqualTo("/cgi-bin/message/send"))
                        .withRequestBody(containing("\"touser\":\"zhou.ming\"")))
                .isEmpty()) {
            assertThat(System.nanoTime()).as("patience").isLessThan(end);
            Thread.sleep(20);
        }
        assertThatThrownBy(() -> colleagues.wecom(person, "周 明")).isInstanceOf(Refused.class);
        colleagues.wecom(person, "");
        assertThat(colleagues.wecom(person)).isEmpty();
    }

    private UUID queue(String key) {
        var link = links.issue(tenant, "complaint-status", "complaint/" + key, null, false);
        return messages.queue(new NewMessage(
                tenant,
                "complaint.received",
                Channel.WECOM,
                Recipient.customer(customer),
                null,
                key,
                "zh",
                Map.of("number", 1042, "link", "/complaints/status/|" + link.id()),
                null));
    }

    private void results(int task, int result) {
        answers(
                "externalcontact/get_groupmsg_task",
                "{\"errcode\":0,\"task_list\":[{\"userid\":\"zhang\",\"status\":" + task + "}]}");
        answers(
                "externalcontact/get_groupmsg_send_result",
                "{\"errcode\":0,\"send_list\":[{\"external_userid\":\"" + EXTERNAL + "\",\"status\":" + result + "}]}");
    }

    private static void answers(String path, String body) {
        WECOM.stubFor(post(urlPathEqualTo("/cgi-bin/" + path)).willReturn(okJson(body)));
    }

    /** As if its time had come. */
    private void look() {
        superuser()
                .sql("update messaging.message set follow_at = now() - interval '1 second' where follow_at is not null")
                .update();
        followUps.run();
    }

    private int week() {
        return contacts.outlook(tenant, customer, Purpose.COMPLAINT, clock.instant())
                .week();
    }

    private void settle(UUID id, MessageState expected) throws InterruptedException {
        settle(id, message -> message.state() == expected);
    }

    private void settle(UUID id, Predicate<Message> expected) throws InterruptedException {
        outbox.run();
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!expected.test(find(id))) {
            assertThat(System.nanoTime()).as("patience").isLessThan(end);
            Thread.sleep(20);
        }
    }

    private Message find(UUID id) {
        return tenancy.read(tenant, () -> rows.find(tenant, id)).orElseThrow();
    }

    private JdbcClient superuser() {
        return JdbcClient.create(database.superuser());
    }
}
