package io.retainer.billing;

import static io.retainer.billing.TermsFixture.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.authentication;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;

import io.retainer.PostgresTest;
import io.retainer.TurnableClock;
import io.retainer.billing.Billing.NewPayment;
import io.retainer.billing.BillingWorld.Notary;
import io.retainer.billing.BillingWorld.Signed;
import io.retainer.contract.TermKey;
import io.retainer.identity.Access;
import io.retainer.identity.SignedIn;
import io.retainer.kernel.Money;
import io.retainer.kernel.Tenancy;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.annotation.Import;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.test.web.servlet.request.RequestPostProcessor;

@SpringBootTest
@AutoConfigureMockMvc
@Import({PostgresTest.class, BillingWorld.class})
class WhatIfPagesTests {

    static final String SUPPOSED = "?h=paid~2~2025-03-20~&h=demanded~3~2025-03-05&at=2025-03-25T10:00";

    @Autowired
    MockMvcTester browser;

    @Autowired
    Billing billing;

    @Autowired
    Accounts accounts;

    @Autowired
    WhatIfDesk desk;

    @Autowired
    Notary notary;

    @Autowired
    TurnableClock clock;

    @Autowired
    Tenancy tenancy;

    @Autowired
    JdbcClient jdbc;

    Signed signed;

    @BeforeEach
    void sign() {
        signed = notary.sign(notary.companies(), Map.of(TermKey.LATE_MODE, "DAILY"));
        billing.recordPayment(
                signed.lead(), new NewPayment(at("2025-01-20T09:00"), null, Money.of("100000"), 1, null, "r1", "甲"));
    }

    @Test
    void thePageAndTheApiGiveTheSameAnswer() {
        var json = text(get(signed.lead(), ".json" + SUPPOSED));
        var answer = text(browser.post()
                .uri("/api/v1/simulations")
                .servletPath("/api/v1/simulations")
                .with(as(signed.lead()))
                .with(csrf())
                .contentType(MediaType.APPLICATION_JSON)
                .content(json)
                .exchange());
        var sandbox = desk.sandbox(
                        signed.lead(),
                        List.of(Hypothesis.parse("paid~2~2025-03-20~"), Hypothesis.parse("demanded~3~2025-03-05")))
                .orElseThrow();
        var shown = sandbox.at(at("2025-03-25T10:00")).supposed();
        var texts = io.retainer.kernel.Texts.in(io.retainer.kernel.Texts.CHINESE);
        assertThat(SimulationTests.JSON.readTree(answer))
                .isEqualTo(new VerdictJson(texts, TermsFixture.SHANGHAI).write(shown));
        var second = shown.instalment(2);
        assertThat(second.state()).isEqualTo(InstalmentState.PAID_LATE);
        assertThat(get(signed.lead(), SUPPOSED + "&lang=zh-CN"))
                .hasStatusOk()
                .bodyText()
                .contains("第 2 期于2025年3月20日全额付清", String.valueOf(second.penalty()), "data-chart");
    }

    @Test
    void theApiJudgesSharesAndEndsLinksAsThePageDoes() {
        var path = "/api/v1/contracts/" + signed.contract() + "/what-if";
        var answer = text(browser.get()
                .uri(path + "?h=paid~2~2025-03-20~&h=demanded~3~2025-03-05&at=2025-03-25T02:00:00Z")
                .with(as(signed.lead()))
                .exchange());
        assertThat(SimulationTests.JSON
                        .readTree(answer)
                        .at("/instalments/1/state")
                        .asString())
                .isEqualTo("PAID_LATE");
        assertThat(browser.get().uri(path).with(as(signed.agent())).exchange()).hasStatus(403);

        var request = "{\"hypotheses\": [\"unpaid~2\"], \"title\": \"若不付\", \"days\": 3}";
        var key = java.util.UUID.randomUUID().toString();
        String address = "";
        for (int i = 0; i < 2; i++) {
            var shared = browser.post()
                    .uri(path + "/links")
                    .servletPath(path + "/links")
                    .header("Idempotency-Key", key)
                    .contentType(MediaType.APPLICATION_JSON)
                    .content(request)
                    .with(as(signed.lead()))
                    .with(csrf())
                    .exchange();
            assertThat(shared).hasStatusOk();
            address =
                    SimulationTests.JSON.readTree(text(shared)).path("address").asString();
        }
        var links = SimulationTests.JSON.readTree(
                text(browser.get().uri(path + "/links").with(as(signed.lead())).exchange()));
        assertThat(links.size()).as("the same key shares once").isEqualTo(1);
        assertThat(links.at("/0/title").asString()).isEqualTo("若不付");
        assertThat(links.at("/0/address").asString()).isEqualTo(address);
        var opened = address.substring(address.indexOf("/what-if/"));
        assertThat(browser.get().uri(opened).exchange()).hasStatusOk();
        var end = path + "/links/" + links.at("/0/id").asString();
        assertThat(browser.delete()
                        .uri(end)
                        .servletPath(end)
                        .with(as(signed.client()))
                        .with(csrf())
                        .exchange())
                .as("only who shared it ends it")
                .hasStatus(404);
        assertThat(browser.delete()
                        .uri(end)
                        .servletPath(end)
                        .with(as(signed.lead()))
                        .with(csrf())
                        .exchange())
                .hasStatusOk();
        assertThat(browser.get().uri(opened).exchange()).hasStatus(404);
    }

    @Test
    void theRealSideIsTheVerdictOfTheBooks() {
        var sandbox = desk.sandbox(signed.lead(), List.of()).orElseThrow();
        assertThat(sandbox.at(clock.instant()).real())
                .isEqualTo(accounts.state(signed.lead()).verdict());
    }

    @Test
    void playingTheWholeLifeWritesNothingAndLeavesTheLedgerAlone() {
        var before = rows();
        var sandbox = desk.sandbox(signed.lead(), List.of(Hypothesis.parse("unpaid~4")))
                .orElseThrow();
        for (var step : sandbox.life().steps()) {
            var moment = WhatIfController.local(step.at(), TermsFixture.SHANGHAI);
            assertThat(get(signed.lead(), "?h=unpaid~4&lang=en&at=" + moment))
                    .hasStatusOk()
                    .bodyText()
                    .doesNotContain("??");
        }
        assertThat(rows()).isEqualTo(before);
    }

    @Test
    void whoSeesNoMoneySeesNoneHereEitherAndCannotTryAmounts() {
        assertThat(get(signed.agent(), "?h=unpaid~2&lang=zh-CN"))
                .hasStatusOk()
                .bodyText()
                .contains("¥••••")
                .doesNotContain("100,000", "1,200,000", "100000", "data-chart");
        assertThat(get(signed.agent(), "?add=paid&instalment=2&on=2025-03-01&amount=50000"))
                .hasStatus(422);
        assertThat(get(signed.agent(), "?add=amended&on=2025-07-01&term=fee.total&value=1"))
                .hasStatus(422);
        assertThat(get(signed.agent(), ".json?h=unpaid~2")).hasStatus(403);
        var link = desk.share(signed.agent(), List.of("unpaid~2"), null, "", 7);
        assertThat(open(link)).hasStatusOk().bodyText().contains("¥••••").doesNotContain("100,000", "data-chart");
    }

    @Test
    void aLinkShowsThatScenarioOnlyToAnybodyUntilItEnds() {
        var link = desk.share(signed.lead(), List.of("paid~2~2025-03-20~"), at("2025-03-25T10:00"), "晚付", 7);
        assertThat(link)
                .doesNotContain(
                        "paid", signed.contract().toString(), signed.tenant().toString());
        assertThat(open(link)).hasStatusOk().bodyText().contains("晚付", "第 2 期于2025年3月20日全额付清");
        billing.recordPayment(
                signed.lead(), new NewPayment(at("2025-02-01T09:00"), null, Money.of("77777"), 2, null, "r2", "甲"));
        assertThat(open(link)).as("what came later").bodyText().doesNotContain("77,777");
        assertThat(open(link.substring(0, link.length() - 2) + "AA")).hasStatus(404);
        assertThat(open(link + "?at=nonsense")).hasStatus(422);
        var then = clock.instant();
        clock.set("2025-12-01T10:00");
        assertThat(open(link)).as("expired").hasStatus(404);
        clock.set(java.time.LocalDateTime.ofInstant(then, TermsFixture.SHANGHAI).toString());
        assertThat(open(link)).hasStatusOk();
        var shared = desk.shared(signed.lead());
        assertThat(shared)
                .singleElement()
                .satisfies(one -> assertThat(one.address()).isEqualTo(link));
        assertThat(desk.shared(signed.client())).isEmpty();
        desk.end(signed.lead(), shared.getFirst().scenario().id());
        assertThat(open(link)).as("ended").hasStatus(404);
    }

    @Test
    void theSmallFormsAddWhatIsSupposedOrSayWhyNot() {
        var added = get(signed.lead(), "?h=unpaid~3&add=paid&instalment=2&on=2025-03-20&amount=");
        assertThat(added).hasStatus3xxRedirection();
        assertThat(added.getResponse().getRedirectedUrl()).endsWith("?h=unpaid~3&h=paid~2~2025-03-20~");
        assertThat(get(signed.lead(), "?add=paid&instalment=99&on=2025-03-20&lang=zh-CN"))
                .hasStatus(422)
                .bodyText()
                .contains("没有第 99 期", "value=\"99\"");
        assertThat(get(signed.lead(), "?add=amended&on=2025-07-01&term=fee.total&value=1500000"))
                .hasStatus3xxRedirection();
        assertThat(get(signed.lead(), "?h=amended~2025-07-01~fee.total~1500000&lang=zh-CN"))
                .hasStatusOk()
                .bodyText()
                .contains("¥1,500,000.00", "¥1,200,000.00");
        assertThat(get(signed.lead(), "?h=amended~2025-07-01~fee.total~1,500,000"))
                .hasStatusOk();
        assertThat(get(signed.lead(), "?h=nonsense")).hasStatus(422);
        assertThat(get(signed.lead(), "?at=2025-13-01")).hasStatus(422);
    }

    private List<Map<String, @Nullable Object>> rows() {
        return tenancy.read(
                signed.tenant(),
                () -> jdbc.sql("""
                        select (select count(*) from evidence.leaf where tenant_id = :t) leaves,
                            (select count(*) from billing.act where tenant_id = :t) acts,
                            (select count(*) from billing.payment where tenant_id = :t) payments,
                            (select count(*) from billing.posting where tenant_id = :t) postings,
                            (select count(*) from billing.scenario where tenant_id = :t) scenarios,
                            (select count(*) from duty.event where tenant_id = :t) events
                        """).param("t", signed.tenant()).query().listOfRows());
    }

    private MvcTestResult open(String link) {
        return browser.get().uri(link.substring(link.indexOf("/what-if/"))).exchange();
    }

    private MvcTestResult get(Access access, String query) {
        return browser.get()
                .uri("/contracts/" + signed.contract() + "/what-if" + query)
                .with(as(access))
                .exchange();
    }

    private static String text(MvcTestResult result) {
        return new String(result.getResponse().getContentAsByteArray(), java.nio.charset.StandardCharsets.UTF_8);
    }

    private static RequestPostProcessor as(Access access) {
        return authentication(UsernamePasswordAuthenticationToken.authenticated(
                new SignedIn(access.person(), "Somebody"), null, List.of()));
    }
}
