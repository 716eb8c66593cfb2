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
import io.retainer.contract.Amendment;
import io.retainer.contract.Amendments;
import io.retainer.contract.ContractSweep;
import io.retainer.contract.SignatureMode;
import io.retainer.contract.TermKey;
import io.retainer.contract.TermValue;
import io.retainer.contract.TermsInForce;
import io.retainer.identity.Access;
import io.retainer.identity.OneTimeCodes;
import io.retainer.identity.SignedIn;
import io.retainer.kernel.Money;
import io.retainer.kernel.Party;
import io.retainer.kernel.Tenancy;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.test.web.servlet.request.RequestPostProcessor;

/** G-37: a third party signs an amendment that changes its duties, and nothing of it takes effect before. */
@SpringBootTest
@AutoConfigureMockMvc
@Import({PostgresTest.class, BillingWorld.class})
class ThirdPartySignsTests {

    @Autowired
    MockMvcTester browser;

    @Autowired
    Billing billing;

    @Autowired
    Amendments amendments;

    @Autowired
    TermsInForce terms;

    @Autowired
    ContractSweep sweep;

    @Autowired
    OneTimeCodes codes;

    @Autowired
    Notary notary;

    @Autowired
    TurnableClock clock;

    @Autowired
    Tenancy tenancy;

    @Autowired
    JdbcClient jdbc;

    Signed signed;
    UUID amendment;

    @BeforeEach
    void proposed() {
        signed = notary.sign(notary.companies(), Map.of(TermKey.LATE_MODE, "DAILY"));
        clock.set("2024-12-31T10:00");
        billing.recordPayment(
                signed.lead(),
                new NewPayment(
                        at("2024-12-31T09:00"), null, Money.of("100000"), 1, null, signed.contract() + "1", "甲公司"));
        clock.set("2025-02-01T12:00");
        sweep.run(clock.instant());
        amendment = amendments.draft(
                signed.client(),
                null,
                new Amendments.Wanted(
                        Amendment.Kind.CHANGE,
                        LocalDate.of(2025, 3, 1),
                        "第三方退出通知期延长",
                        Map.of(TermKey.EXIT_NOTICE, new TermValue.Whole(45)),
                        "云呼科技有限公司"));
        amendments.propose(signed.client(), amendment);
    }

    @Test
    void nothingTakesEffectBeforeTheThirdPartySignsByItsLink() {
        both();
        assertThat(amendment().state()).isEqualTo(Amendment.State.PROPOSED);
        assertThat(amendment().unsigned()).containsExactly(Party.THIRD_PARTY);
        clock.set("2025-02-20T10:00");
        assertThat(version("2025-03-02T10:00")).isEqualTo(1);

        var link = invited();
        var page = open(link + "?lang=zh-CN");
        assertThat(page)
                .hasStatusOk()
                .bodyText()
                .contains("云呼科技有限公司", "45", "t***@example.com")
                .doesNotContain("third@example.com")
                .doesNotContain("1,200,000");
        assertThat(page.getResponse().getHeader("Cache-Control")).contains("no-store");
        assertThat(open(link + "/document.pdf")).hasContentType("application/pdf");
        assertThat(act(link + "/code", Map.of())).hasStatus3xxRedirection();
        assertThat(act(link + "/signature?lang=en", signature("000000"))).hasStatus(422);
        assertThat(amendment().state()).isEqualTo(Amendment.State.PROPOSED);
        assertThat(act(link + "/signature", signature(code()))).hasStatus3xxRedirection();

        assertThat(amendment().state()).isEqualTo(Amendment.State.AGREED);
        assertThat(version("2025-02-28T10:00")).isEqualTo(1);
        assertThat(version("2025-03-02T10:00")).isEqualTo(2);
        assertThat(act(link + "/signature", signature("000000"))).as("once").hasStatus(409);
        assertThat(get(signed.lead(), "?lang=en")).bodyText().contains("third party");
    }

    @Test
    void theThirdPartyMaySayNoAndThenItIsOver() {
        both();
        var link = invited();
        act(link + "/code", Map.of());
        assertThat(act(link + "/declination", Map.of("code", code()))).hasStatus3xxRedirection();
        assertThat(amendment().state()).isEqualTo(Amendment.State.REJECTED);
        assertThat(open(link + "?lang=en")).bodyText().contains("You declined");
    }

    @Test
    void onlyAWaitingAmendmentSendsALinkAndAStrangersLinkOpensNothing() {
        assertThat(open("/signing/amendments/forged")).hasStatus(404);
        amendments.withdraw(signed.client(), amendment);
        var refused = browser.post()
                .uri("/api/v1/contracts/" + signed.contract() + "/amendments/" + amendment + "/links")
                .servletPath("/api/v1/contracts/" + signed.contract() + "/amendments/" + amendment + "/links")
                .contentType(org.springframework.http.MediaType.APPLICATION_JSON)
                .content("{\"name\": \"丁\", \"email\": \"third@example.com\"}")
                .with(as(signed.lead()))
                .with(csrf())
                .exchange();
        assertThat(refused).hasStatus(409).bodyText().contains("contract.amendment.third.notWaiting");
    }

    private void both() {
        for (var access : List.of(signed.client(), signed.lead())) {
            amendments.sign(
                    access,
                    amendment,
                    Objects.requireNonNull(amendment().hash()),
                    SignatureMode.SEAL,
                    "经办人",
                    "公章",
                    false);
        }
    }

    private String invited() {
        assertThat(post(
                        signed.client(),
                        "/links",
                        Map.of("name", "丁一", "email", "third@example.com", "language", "zh")))
                .hasStatus3xxRedirection();
        var page = body(get(signed.client(), ""));
        var found = Pattern.compile("/signing/amendments/[^\"?]+").matcher(page);
        assertThat(found.find()).as(page).isTrue();
        return found.group();
    }

    private Map<String, String> signature(String code) {
        return Map.of(
                "hash", Objects.requireNonNull(amendment().hash()),
                "mode", "SEAL",
                "signatory", "丁一",
                "authority", "授权委托书",
                "code", code);
    }

    private String code() {
        var code = tenancy.read(
                signed.tenant(),
                () -> jdbc.sql(
                                "select code_id from contract.signing_contact where tenant_id = :tenant and amendment_id = :id")
                        .param("tenant", signed.tenant())
                        .param("id", amendment)
                        .query(UUID.class)
                        .single());
        return codes.digits(signed.tenant(), code).orElseThrow();
    }

    private Amendment amendment() {
        return amendments.ofContract(signed.lead()).stream()
                .filter(one -> one.id().equals(amendment))
                .findFirst()
                .orElseThrow();
    }

    private int version(String moment) {
        return tenancy.read(
                signed.tenant(),
                () -> terms.at(signed.tenant(), signed.contract(), at(moment)).number());
    }

    private MvcTestResult open(String link) {
        return browser.get().uri(link).exchange();
    }

    private MvcTestResult act(String link, Map<String, String> fields) {
        var request = browser.post().uri(link).with(csrf());
        for (var field : fields.entrySet()) {
            request = request.param(field.getKey(), field.getValue());
        }
        return request.exchange();
    }

    private MvcTestResult get(Access access, String page) {
        return browser.get()
                .uri("/contracts/" + signed.contract() + "/life/amendments/" + amendment + page)
                .with(as(access))
                .exchange();
    }

    private MvcTestResult post(Access access, String page, Map<String, String> fields) {
        var request = browser.post()
                .uri("/contracts/" + signed.contract() + "/life/amendments/" + amendment + page)
                .with(as(access))
                .with(csrf());
        for (var field : fields.entrySet()) {
            request = request.param(field.getKey(), field.getValue());
        }
        return request.exchange();
    }

    private static String body(MvcTestResult result) {
        try {
            return result.getResponse().getContentAsString(java.nio.charset.StandardCharsets.UTF_8);
        } catch (java.io.UnsupportedEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static RequestPostProcessor as(Access access) {
        return authentication(UsernamePasswordAuthenticationToken.authenticated(
                new SignedIn(access.person(), "Somebody"), null, List.of()));
    }
}
