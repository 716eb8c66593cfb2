package io.retainer.billing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.authentication;

import io.retainer.PostgresTest;
import io.retainer.TurnableClock;
import io.retainer.billing.Billing.NewPayment;
import io.retainer.billing.BillingWorld.Notary;
import io.retainer.billing.BillingWorld.Signed;
import io.retainer.contract.TermKey;
import io.retainer.identity.Access;
import io.retainer.identity.SignedIn;
import io.retainer.kernel.Money;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.text.PDFTextStripper;
import org.apache.poi.xwpf.extractor.XWPFWordExtractor;
import org.apache.poi.xwpf.usermodel.XWPFDocument;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.annotation.Import;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;

/** Papers of a contract in force, as people download them. */
@SpringBootTest
@AutoConfigureMockMvc
@Import({PostgresTest.class, BillingWorld.class})
class BillingDocumentsTests {

    @Autowired
    MockMvcTester browser;

    @Autowired
    Billing billing;

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
    void aDemandIsALetterOfTheDayItWasDelivered() throws IOException {
        var demand = billing.demand(signed.lead(), 1, clock.instant(), "请付第一期");
        clock.set("2025-02-10T09:00");
        pay("100000", "2025-02-03T09:00", 1);

        var letter = get(signed.client(), "/contracts/{c}/billing/demands/" + demand + "/letter.pdf?lang=zh-CN");
        assertThat(letter).hasStatusOk();
        assertThat(words(bytes(letter), "demand"))
                .as("what was paid after the demand does not change the letter")
                .contains("催告函", "尚欠¥100,000.00", "已逾期31天", "壹拾万壹仟伍佰伍拾元整", "请付第一期", "I-3.3a");
        var english = get(signed.client(), "/api/v1/contracts/{c}/billing/demands/" + demand + "/letter.docx?lang=en");
        assertThat(english).hasStatusOk();
        try (var word = new XWPFDocument(new ByteArrayInputStream(bytes(english)));
                var text = new XWPFWordExtractor(word)) {
            assertThat(text.getText()).contains("Demand for payment", "100,000.00");
        }
        assertThat(get(signed.agent(), "/contracts/{c}/billing/demands/" + demand + "/letter.pdf"))
                .hasStatus(403);
    }

    @Test
    void theStatementShowsEveryInstalmentAndPayment() throws IOException {
        billing.issueReceipt(signed.lead(), pay("100000", "2025-01-20T09:00", 1));
        var statement = get(signed.client(), "/contracts/{c}/billing/statement.pdf?seam=true&lang=zh-CN");
        assertThat(statement).hasStatusOk();
        assertThat(words(bytes(statement), "statement"))
                .contains("对账单", "¥1,200,000.00", "壹佰贰拾万元整", "逾期付清", "SK0", "第1页共");
        assertThat(get(signed.client(), "/contracts/{c}/billing/statement.docx?lang=en"))
                .hasStatusOk();
        assertThat(get(signed.agent(), "/contracts/{c}/billing/statement.pdf")).hasStatus(403);
    }

    @Test
    void theContractInForceIsSignedByThePlatform() throws IOException {
        for (var path : List.of("/contracts/{c}/document.pdf?seam=true", "/api/v1/contracts/{c}/document.pdf")) {
            var pdf = get(signed.client(), path);
            assertThat(pdf).hasStatusOk();
            try (var document = Loader.loadPDF(bytes(pdf))) {
                var signature = document.getLastSignatureDictionary();
                assertThat(signature.getReason()).matches("SHA-256 [0-9a-f]{64}");
                assertThat(new PDFTextStripper().getText(document))
                        .contains(signature.getReason().substring(8, 40), "王敏");
            }
        }
        assertThat(get(signed.client(), "/api/v1/contracts/{c}/document.docx")).hasStatusOk();
        assertThat(get(signed.client(), "/contracts/{c}/document.exe")).hasStatus(404);
    }

    private static String words(byte[] pdf, String name) throws IOException {
        Files.createDirectories(Path.of("target/papers"));
        Files.write(Path.of("target/papers", name + ".pdf"), pdf);
        try (var document = Loader.loadPDF(pdf)) {
            return new PDFTextStripper().getText(document).replaceAll("\\s+", "");
        }
    }

    private java.util.UUID pay(String amount, String at, int instalment) {
        return billing.recordPayment(
                signed.lead(),
                new NewPayment(
                        TermsFixture.at(at), null, Money.of(amount), instalment, null, "REF-" + at, "青禾生活用品有限公司"));
    }

    private static byte[] bytes(MvcTestResult result) {
        return result.getResponse().getContentAsByteArray();
    }

    private MvcTestResult get(Access access, String path) {
        return browser.get()
                .uri(path, signed.contract())
                .with(authentication(UsernamePasswordAuthenticationToken.authenticated(
                        new SignedIn(access.person(), "某人"), null, List.of())))
                .exchange();
    }
}
