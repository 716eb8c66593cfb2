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
import io.retainer.kernel.WorkCalendar;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.text.PDFTextStripper;
import org.apache.poi.xwpf.extractor.XWPFWordExtractor;
import org.apache.poi.xwpf.usermodel.XWPFDocument;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.annotation.Import;
import org.springframework.http.MediaType;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.test.web.servlet.request.RequestPostProcessor;
import tools.jackson.databind.json.JsonMapper;

@SpringBootTest
@AutoConfigureMockMvc
@Import({PostgresTest.class, BillingWorld.class})
class BillingPagesTests {

    @Autowired
    MockMvcTester browser;

    @Autowired
    Billing billing;

    @Autowired
    Accounts accounts;

    @Autowired
    Notary notary;

    @Autowired
    TurnableClock clock;

    Signed signed;

    @BeforeEach
    void sign() {
        signed = notary.sign(notary.companies(), Map.of(TermKey.LATE_MODE, "DAILY"));
    }

    @Test
    void everyPageIsThereInBothLanguagesForBothParties() {
        var payment = pay("100000", "2025-01-20T09:00", 1);
        var receipt = billing.issueReceipt(signed.lead(), payment);
        billing.replaceReceipt(signed.lead(), receipt, "更正");
        billing.demand(signed.lead(), 2, clock.instant(), "请付款");
        for (var access : List.of(signed.lead(), signed.client())) {
            for (var page :
                    List.of("", "/payments", "/receipts", "/instalments/1", "/instalments/2", "/instalments/12")) {
                assertThat(get(access, page + "?lang=zh-CN"))
                        .hasStatusOk()
                        .bodyText()
                        .contains("费用");
                var english = get(access, page + "?lang=en");
                assertThat(english).hasStatusOk().bodyText().doesNotContain("??");
            }
        }
        assertThat(get(signed.lead(), "?lang=zh-CN")).bodyText().contains("逾期付清", "¥1,200,000.00", "催告付款");
        assertThat(get(signed.lead(), "/instalments/1?lang=zh-CN"))
                .bodyText()
                .contains("¥100,000.00 × 0.05%/天 × 19 天 = 950 元", "主张违约金 ¥950.00");
        assertThat(get(signed.client(), "/instalments/1?lang=zh-CN")).bodyText().doesNotContain("主张违约金 ¥950.00");
    }

    @Test
    void whoHasNoStandingFindsNothingAndWhoMayNotSeeMoneyIsTold() {
        assertThat(get(signed.agent(), "")).hasStatus(403);
        var outsider = notary.companies();
        var stranger = new Access(
                outsider.lead(),
                signed.tenant(),
                signed.contract(),
                signed.lead().party(),
                signed.lead().can());
        assertThat(get(stranger, "")).hasStatus(404);
    }

    @Test
    void theContractsPageTellsTheAgentWhatMayBeDoneAndNotForHowMuch() {
        billing.demand(signed.lead(), 1, clock.instant(), null);
        for (var uri :
                List.of("/contracts/" + signed.contract(), "/api/v1/contracts/" + signed.contract() + "/clauses")) {
            assertThat(browser.get().uri(uri).with(as(signed.agent())).exchange())
                    .hasStatusOk()
                    .bodyText()
                    .contains("¥••••")
                    .doesNotContain("100,000", "1,550", "100000");
            assertThat(browser.get().uri(uri).with(as(signed.lead())).exchange())
                    .bodyText()
                    .contains("¥1,550.00");
        }
    }

    @Test
    void inForceEachPartyCanStillAgreeToADefaultOnThePageOrOverTheApi() {
        signed = notary.sign(notary.companies(), Map.of(TermKey.LATE_MODE, "DAILY"), BillingWorld.LATE);
        assertThat(browser.get()
                        .uri("/contracts/" + signed.contract() + "/terms?lang=en")
                        .with(as(signed.client()))
                        .exchange())
                .bodyText()
                .contains("Civil Code 510", "G-14", "Confirm all");
        for (var access : List.of(signed.client(), signed.lead())) {
            assertThat(post(access, "confirmations", null, "{\"defaults\": true}"))
                    .hasStatusOk();
        }
        assertThat(new JsonMapper().readTree(body(api(signed.client(), "defaults"))))
                .isEmpty();
        assertThat(body(api(signed.client(), "billing"))).doesNotContain("suspendNotAgreed");
        assertThat(browser.get()
                        .uri("/contracts/" + signed.contract() + "/terms?lang=en")
                        .with(as(signed.client()))
                        .exchange())
                .bodyText()
                .doesNotContain("id=\"defaults\"");
        assertThat(post(signed.client(), "confirmations", null, "{\"keys\": [\"fee.total\"]}"))
                .hasStatus(422);
    }

    @Test
    void aPaymentIsRecordedOnItsPageAndARefusedOneKeepsWhatWasTyped() {
        var form = browser.post()
                .uri("/contracts/{c}/billing/payments", signed.contract())
                .with(as(signed.lead()))
                .with(csrf())
                .param("amount", "100,000.00")
                .param("creditedAt", "2025-01-31T10:00")
                .param("instalment", "1")
                .param("towards", "")
                .param("reference", "20250131-77")
                .param("payer", "青禾生活用品有限公司")
                .exchange();
        assertThat(form).hasStatus3xxRedirection();
        assertThat(get(signed.lead(), "/payments")).bodyText().contains("20250131-77", "¥100,000.00");
        var refused = browser.post()
                .uri("/contracts/{c}/billing/payments?lang=zh-CN", signed.contract())
                .with(as(signed.lead()))
                .with(csrf())
                .param("amount", "一百")
                .param("creditedAt", "2025-01-31T10:00")
                .param("reference", "typed-reference")
                .param("payer", "甲")
                .exchange();
        assertThat(refused).hasStatus(422).bodyText().contains("“一百”不是金额", "typed-reference");
    }

    @Test
    void theReceiptPrintsInChineseAsPdfAndWord() throws IOException {
        var receipt = billing.issueReceipt(signed.lead(), pay("1680.32", "2025-01-20T09:00", 1));
        var pdf = get(signed.client(), "/receipts/" + receipt + ".pdf");
        assertThat(pdf).hasStatusOk().hasContentType(MediaType.APPLICATION_PDF);
        try (var document = Loader.loadPDF(pdf.getResponse().getContentAsByteArray())) {
            assertThat(new PDFTextStripper().getText(document))
                    .contains("收款凭证", "人民币壹仟陆佰捌拾元零叁角贰分", "1,680.32", "第 1 期服务费");
        }
        var docx = get(signed.client(), "/receipts/" + receipt + ".docx");
        try (var document = new XWPFDocument(
                        new ByteArrayInputStream(docx.getResponse().getContentAsByteArray()));
                var text = new XWPFWordExtractor(document)) {
            assertThat(text.getText()).contains("收款凭证", "人民币壹仟陆佰捌拾元零叁角贰分");
        }
    }

    @Test
    void theApiAnswersWhatThePagesShow() {
        pay("100000", "2025-01-20T09:00", 1);
        var json = new JsonMapper().readTree(body(api(signed.client(), "billing")));
        assertThat(SimulationTests.Schema.verdict().violations(json)).isEmpty();
        assertThat(json.at("/instalments/0/penalty/amount").stringValue()).isEqualTo("950.00");
        var simulation = body(api(signed.client(), "simulation"));
        assertThat(Simulation.read(simulation)
                        .run(WorkCalendar.chinese())
                        .instalment(1)
                        .penalty())
                .isEqualTo(Money.of("950.00"));
        assertThat(new JsonMapper()
                        .readTree(body(api(signed.client(), "payments")))
                        .get("items"))
                .hasSize(1);
    }

    @Test
    void MON_4_theSameKeyMakesOnePaymentAndGetsTheSameAnswer() {
        var request = """
                {"amount": "100000.00", "creditedAt": "2025-01-20T09:00:00+08:00", "instalment": 1,
                 "reference": "K1", "payer": "甲"}
                """;
        var first = post(signed.lead(), "payments", "key-1", request);
        assertThat(first).hasStatusOk();
        var second = post(signed.lead(), "payments", "key-1", request);
        assertThat(body(second)).isEqualTo(body(first));
        assertThat(accounts.state(signed.lead()).payments()).hasSize(1);
        assertThat(post(signed.lead(), "payments", "key-1", request.replace("K1", "K2")))
                .hasStatus(422);
        assertThat(post(signed.lead(), "payments", "key-2", "{}"))
                .hasStatus(422)
                .bodyJson()
                .extractingPath("$.field")
                .isEqualTo("creditedAt");
    }

    @Test
    void theApiRefusesWithAStableCode() {
        var refused = post(signed.lead(), "suspension", null, "");
        assertThat(refused)
                .hasStatus(409)
                .bodyJson()
                .extractingPath("$.code")
                .isEqualTo("billing.right.suspendNeedsDemand");
        assertThat(post(signed.client(), "payments/" + UUID.randomUUID() + "/receipt", null, ""))
                .hasStatus(403);
    }

    @Test
    void aSimulationOverTheApiSaysWhatTheCommandLineSays() throws IOException {
        var input = Files.readString(Path.of("docs/examples/late-by-a-month.json"));
        var answer = browser.post()
                .uri("/api/v1/simulations")
                .servletPath("/api/v1/simulations")
                .with(as(signed.client()))
                .with(csrf())
                .contentType(MediaType.APPLICATION_JSON)
                .content(input)
                .exchange();
        assertThat(answer).hasStatusOk();
        assertThat(new JsonMapper()
                        .readTree(body(answer))
                        .at("/instalments/0/penalty/amount")
                        .stringValue())
                .isEqualTo("5000.00");
        var wrong = browser.post()
                .uri("/api/v1/simulations")
                .servletPath("/api/v1/simulations")
                .with(as(signed.client()))
                .with(csrf())
                .contentType(MediaType.APPLICATION_JSON)
                .content(input.replace("\"months\": 12", "\"months\": 0"))
                .exchange();
        assertThat(wrong).hasStatus(422).bodyJson().extractingPath("$.field").isEqualTo("terms.term.months");
    }

    private UUID pay(String amount, String creditedAt, int instalment) {
        return billing.recordPayment(
                signed.lead(),
                new NewPayment(at(creditedAt), null, Money.of(amount), instalment, null, creditedAt, "甲"));
    }

    private MvcTestResult get(Access access, String page) {
        return browser.get()
                .uri("/contracts/" + signed.contract() + "/billing" + page)
                .with(as(access))
                .exchange();
    }

    private MvcTestResult api(Access access, String path) {
        return browser.get()
                .uri("/api/v1/contracts/" + signed.contract() + "/" + path)
                .with(as(access))
                .exchange();
    }

    private MvcTestResult post(Access access, String path, @Nullable String key, String body) {
        var request = browser.post()
                .uri("/api/v1/contracts/" + signed.contract() + "/" + path)
                .servletPath("/api/v1/contracts/" + signed.contract() + "/" + path)
                .with(as(access))
                .with(csrf())
                .contentType(MediaType.APPLICATION_JSON)
                .content(body);
        return (key == null ? request : request.header("Idempotency-Key", key)).exchange();
    }

    private static String body(MvcTestResult result) {
        return new String(result.getResponse().getContentAsByteArray(), StandardCharsets.UTF_8);
    }

    private static RequestPostProcessor as(Access access) {
        return authentication(UsernamePasswordAuthenticationToken.authenticated(
                new SignedIn(access.person(), "Somebody"), null, List.of()));
    }
}
