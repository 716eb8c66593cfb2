package io.retainer.workorder;

import static io.retainer.workorder.WorkWorld.signedIn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.authentication;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;

import io.retainer.PostgresTest;
import io.retainer.TurnableClock;
import io.retainer.identity.Access;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Money;
import io.retainer.workorder.WorkOrders.NewOrder;
import io.retainer.workorder.WorkOrders.NewQuote;
import io.retainer.workorder.WorkWorld.Signed;
import java.io.UnsupportedEncodingException;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.annotation.Import;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What is charged beside the fee (I-1.1*(7)), over the API. */
@SpringBootTest(properties = "db-scheduler.enabled=false")
@AutoConfigureMockMvc
@Import({PostgresTest.class, WorkWorld.class})
class ChargeApiTests {

    private static final JsonMapper JSON = JsonMapper.shared();

    @Autowired
    WorkOrders orders;

    @Autowired
    WorkOrderDesk desk;

    @Autowired
    WorkWorld.Parties parties;

    @Autowired
    TurnableClock clock;

    @Autowired
    MockMvcTester browser;

    private Signed signed;
    private int made;

    @BeforeEach
    void aContractInForce() {
        signed = parties.sign(Map.of());
    }

    @Test
    void MON_4_aChargeIsPaidReturnedAndReceiptedOnceHoweverOftenItIsAskedFor() {
        var raised = accepted("2120.00", null);
        var own = accepted("1060.00", 5);
        var all = get(signed.owner(), "", 200);
        assertThat(all.size()).isEqualTo(2);
        assertThat(all.get(0).path("id").asString()).as("the latest first").isEqualTo(own.toString());
        assertThat(get(signed.owner(), "?state=WITH_INSTALMENT", 200)
                        .get(0)
                        .path("id")
                        .asString())
                .isEqualTo(raised.toString());
        var one = get(signed.owner(), "/" + own, 200);
        assertThat(one.path("state").asString()).isEqualTo("OPEN");
        assertThat(one.path("clause").asString()).isEqualTo(Clause.I_1_1_7.id());
        assertThat(List.of(
                        one.path("net").asString(),
                        one.path("tax").asString(),
                        one.path("rest").asString()))
                .containsExactly("1000.00", "60.00", "1060.00");

        clock.set("2025-02-20T10:00");
        var body = "{\"amount\": \"%s\", \"creditedAt\": \"2025-02-20T01:00:00Z\", \"reference\": \"%s\"}";
        assertThat(post(signed.lead(), "/" + raised + "/payments", body.formatted("1.00", "A-0"), "k0", 409)
                        .path("code")
                        .asString())
                .isEqualTo("billing.charge.withInstalment");
        assertThat(post(signed.lead(), "/" + own + "/payments", body.formatted("1060.01", "A-1"), "k1", 422)
                        .path("field")
                        .asString())
                .isEqualTo("amount");
        var paid = post(signed.lead(), "/" + own + "/payments", body.formatted("1060.00", "A-1"), "k2", 200);
        assertThat(post(signed.lead(), "/" + own + "/payments", body.formatted("1060.00", "A-1"), "k2", 200))
                .as("the same key, the same payment")
                .isEqualTo(paid);
        assertThat(get(signed.finance(), "/" + own, 200).path("state").asString())
                .isEqualTo("PAID");
        var payment = paid.path("id").asString();

        var receipt = post(signed.lead(), "/payments/" + payment + "/receipt", null, "k3", 200);
        assertThat(post(signed.lead(), "/payments/" + payment + "/receipt", null, "k4", 200))
                .as("one receipt for a payment, whatever the key")
                .isEqualTo(receipt);
        var second = post(
                signed.lead(),
                "/receipts/" + receipt.path("id").asString() + "/replacement",
                "{\"reason\": \"抬头有误\"}",
                "k5",
                200);
        var receipts =
                get(signed.finance(), "/" + own, 200).path("payments").get(0).path("receipts");
        assertThat(receipts.size()).isEqualTo(2);
        assertThat(receipts.get(0).path("isVoid").asBoolean()).isTrue();
        assertThat(receipts.get(1).path("replaces").asString())
                .isEqualTo(receipt.path("id").asString());
        assertThat(receipts.get(1).path("id").asString())
                .isEqualTo(second.path("id").asString());

        post(
                signed.lead(),
                "/payments/" + payment + "/return",
                "{\"at\": \"2025-02-20T01:30:00Z\", \"reason\": \"退票\"}",
                "k6",
                200);
        var again = get(signed.finance(), "/" + own, 200);
        assertThat(again.path("state").asString()).isEqualTo("OPEN");
        assertThat(again.path("rest").asString()).isEqualTo("1060.00");
        assertThat(again.path("payments").get(0).path("returnedAt").asString()).isEqualTo("2025-02-20T01:30:00Z");
    }

    @Test
    void whoMayNotIsRefusedAndNothingIsMade() {
        var own = accepted("1060.00", 5);
        var body = "{\"amount\": \"1.00\", \"creditedAt\": \"2025-02-17T01:00:00Z\", \"reference\": \"A-1\"}";
        post(signed.owner(), "/" + own + "/payments", body, "k1", 403);
        post(signed.agent(), "/" + own + "/payments", body, "k2", 403);
        get(signed.agent(), "", 403);
        get(signed.lead(), "/" + UUID.randomUUID(), 404);
        post(signed.lead(), "/" + UUID.randomUUID() + "/payments", body, "k3", 404);
        post(signed.lead(), "/" + own + "/payments", "{}", "k4", 422);
        assertThat(get(signed.lead(), "/" + own, 200).path("payments").size()).isZero();
    }

    private UUID accepted(String amount, @Nullable Integer payWorkdays) {
        clock.set("2025-02-17T10:0" + made++);
        var order = orders.request(signed.owner(), new NewOrder(Clause.I_1_1_7, "报表", "按门店", false, List.of()));
        orders.takeAsChange(signed.lead(), order, true, null);
        orders.quote(
                signed.lead(),
                order,
                new NewQuote(
                        BigDecimal.valueOf(8),
                        List.of(new QuoteLine("报表", BigDecimal.ONE, Money.of(amount), BigDecimal.valueOf(6))),
                        payWorkdays == null ? Placement.NEXT_INSTALMENT : Placement.OWN,
                        payWorkdays,
                        LocalDate.of(2025, 2, 28),
                        null,
                        null));
        orders.acceptQuote(signed.owner(), order, 1);
        orders.start(signed.agent(), order);
        orders.deliver(signed.agent(), order, "已完成", List.of());
        orders.accept(signed.owner(), order, null);
        return Objects.requireNonNull(
                desk.whole(signed.owner(), order).row().order().charge());
    }

    private JsonNode get(Access who, String path, int status) {
        var uri = "/api/v1/contracts/" + signed.contract() + "/billing/charges" + path;
        var answer = browser.get()
                .uri(uri)
                .servletPath(uri.replaceAll("\\?.*", ""))
                .with(authentication(signedIn(who)))
                .exchange();
        assertThat(answer).as(path).hasStatus(status);
        return json(answer);
    }

    private JsonNode post(Access who, String path, @Nullable String body, String key, int status) {
        var uri = "/api/v1/contracts/" + signed.contract() + "/billing/charges" + path;
        var request = browser.post()
                .uri(uri)
                .servletPath(uri)
                .header("Idempotency-Key", key)
                .with(authentication(signedIn(who)))
                .with(csrf());
        if (body != null) {
            request = request.contentType(MediaType.APPLICATION_JSON).content(body);
        }
        var answer = request.exchange();
        assertThat(answer).as(path).hasStatus(status);
        return json(answer);
    }

    private static JsonNode json(org.springframework.test.web.servlet.assertj.MvcTestResult answer) {
        try {
            var text = answer.getResponse().getContentAsString();
            return text.isBlank() ? JSON.missingNode() : JSON.readTree(text);
        } catch (UnsupportedEncodingException e) {
            throw new IllegalStateException(e);
        }
    }
}
