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
import io.retainer.contract.Amendments;
import io.retainer.contract.ContractLife;
import io.retainer.contract.ContractState;
import io.retainer.contract.ContractSweep;
import io.retainer.contract.TermKey;
import io.retainer.duty.Duties;
import io.retainer.identity.Access;
import io.retainer.identity.SignedIn;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Money;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

/** The pages and the API of a contract's life, from its start until it is closed. */
@SpringBootTest
@AutoConfigureMockMvc
@Import({PostgresTest.class, BillingWorld.class})
class LifePagesTests {

    private static final String PROOF = "b".repeat(64);

    @Autowired
    MockMvcTester browser;

    @Autowired
    Billing billing;

    @Autowired
    Accounts accounts;

    @Autowired
    Amendments amendments;

    @Autowired
    ContractLife contracts;

    @Autowired
    ContractSweep sweep;

    @Autowired
    Duties duties;

    @Autowired
    Notary notary;

    @Autowired
    TurnableClock clock;

    Signed signed;

    @BeforeEach
    void start() {
        signed = notary.sign(notary.companies(), Map.of(TermKey.LATE_MODE, "DAILY"));
        clock.set("2024-12-31T10:00");
        billing.recordPayment(
                signed.lead(),
                new NewPayment(
                        at("2024-12-31T09:00"), null, Money.of("100000"), 1, null, signed.contract() + "1", "甲公司"));
        clock.set("2025-02-01T12:00");
        sweep.run(clock.instant());
    }

    @Test
    void theLifePageSaysWhatIsPossibleAndWhyNotInBothLanguages() {
        for (var access : List.of(signed.lead(), signed.client(), signed.agent())) {
            assertThat(get(access, "/life?lang=zh-CN"))
                    .hasStatusOk()
                    .bodyText()
                    .contains("现在可以做什么", "签订补充协议", "不可抗力", "没有经认可且持续满60日的不可抗力");
            assertThat(get(access, "/life?lang=en"))
                    .hasStatusOk()
                    .bodyText()
                    .contains("What is possible now", "It cannot be closed: the contract is active")
                    .doesNotContain("??");
        }
        assertThat(get(signed.lead(), "/life?lang=en")).bodyText().contains("must first be demanded");
        assertThat(get(signed.agent(), "/life?lang=en")).bodyText().doesNotContain("must first be demanded");
    }

    @Test
    void anAmendmentIsDraftedPreviewedProposedAndSignedOnItsPages() {
        var refused = post(
                signed.client(),
                "/life/amendments?lang=en",
                Map.of(
                        "kind",
                        "CHANGE",
                        "from",
                        "2025-03-01",
                        "reason",
                        "rate",
                        "key",
                        "term.end",
                        "value",
                        "2026-01-31"));
        assertThat(refused).hasStatus(422).bodyText().contains("use an extension (I-2.2b)", "2026-01-31");
        var drafted = post(
                signed.client(),
                "/life/amendments",
                Map.of("kind", "CHANGE", "from", "2025-03-01", "reason", "降低违约金", "key", "late.rate", "value", "0.02"));
        assertThat(drafted).hasStatus3xxRedirection();
        var page = Objects.requireNonNull(drafted.getResponse().getRedirectedUrl())
                .substring(("/contracts/" + signed.contract()).length());
        assertThat(get(signed.lead(), page + "?lang=en"))
                .hasStatusOk()
                .bodyText()
                .contains("What signing it changes", "0.05", "0.02", "What happened before is still judged");
        assertThat(get(signed.agent(), page)).hasStatus(403);
        var redraft = Map.of("from", "2025-03-01", "reason", "降低违约金", "key", "late.rate", "value", "0.01", "seen", "0");
        assertThat(get(signed.client(), page + "?lang=en"))
                .bodyText()
                .contains("Change terms, day or reason")
                .as("what follows from the rate is not to be typed")
                .containsOnlyOnce("value=\"0.02\"");
        assertThat(get(signed.lead(), page + "?lang=en")).bodyText().doesNotContain("Change terms, day or reason");
        assertThat(post(signed.client(), page + "/draft", redraft)).hasStatus3xxRedirection();
        assertThat(get(signed.client(), page + "?lang=en")).bodyText().contains("value=\"0.01\"");
        assertThat(post(signed.client(), page + "/draft?lang=en", redraft))
                .as("the draft they looked at is not the one that stands")
                .hasStatus(409)
                .bodyText()
                .contains("0.01");
        assertThat(post(
                        signed.client(),
                        page + "/draft?lang=en",
                        Map.of(
                                "from",
                                "2025-03-01",
                                "reason",
                                "降低违约金",
                                "key",
                                "late.rate",
                                "value",
                                "much",
                                "seen",
                                "1")))
                .hasStatus(422)
                .bodyText()
                .contains("value=\"much\"");
        assertThat(post(
                        signed.client(),
                        page + "/draft",
                        Map.of(
                                "from",
                                "2025-03-01",
                                "reason",
                                "降低违约金",
                                "key",
                                "late.rate",
                                "value",
                                "0.02",
                                "seen",
                                "1")))
                .hasStatus3xxRedirection();
        assertThat(post(signed.lead(), page + "/proposal?lang=en", Map.of()))
                .hasStatus(409)
                .bodyText()
                .contains("who drafted it");
        assertThat(post(signed.client(), page + "/proposal", Map.of())).hasStatus3xxRedirection();
        var hash = Objects.requireNonNull(
                amendments.ofContract(signed.lead()).getFirst().hash());
        for (var access : List.of(signed.client(), signed.lead())) {
            assertThat(post(
                            access,
                            page + "/signatures",
                            Map.of("hash", hash, "mode", "SEAL", "signatory", "王敏", "authority", "公章")))
                    .hasStatus3xxRedirection();
        }
        assertThat(get(signed.client(), page + "?lang=en")).bodyText().contains("signed by all");
        assertThat(get(signed.client(), page + "/content.txt"))
                .hasStatusOk()
                .bodyText()
                .contains("term late.rate 0.02", "amends version 1 sha-256");
        clock.set("2025-03-01T10:00");
        assertThat(get(signed.client(), "/terms?lang=en")).bodyText().contains("0.02");
    }

    @Test
    void terminationSettlementAndClosingOverTheApi() {
        billing.demand(signed.lead(), 2, at("2025-02-01T11:00"), null);
        assertThat(api(signed.lead(), "/instalments/2/termination", "{\"words\": \"解除\"}"))
                .hasStatus(409)
                .bodyText()
                .contains("billing.right.terminateFrom");
        clock.set("2025-02-25T09:00");
        assertThat(get(signed.lead(), "/billing/instalments/2?lang=en"))
                .bodyText()
                .contains("The contract can be terminated before", "Terminate the contract");
        assertThat(api(signed.lead(), "/instalments/2/termination", "{\"words\": \"解除\"}"))
                .hasStatusOk();
        assertThat(contracts.state(signed.tenant(), signed.contract())).isEqualTo(ContractState.TERMINATING);
        assertThat(getApi(signed.client(), "/life"))
                .hasStatusOk()
                .bodyText()
                .contains("\"ground\":\"NON_PAYMENT\"", "TERMINATION", "contract.refused.notWoundUp");
        assertThat(getApi(signed.client(), "/settlement"))
                .hasStatusOk()
                .bodyText()
                .contains("\"owed\":\"89285.71\"", "\"unservedDays\":3");
        for (var language : List.of("zh-CN", "en")) {
            assertThat(get(signed.client(), "/billing/settlement?lang=" + language))
                    .hasStatusOk()
                    .bodyText()
                    .contains("¥89,285.71")
                    .doesNotContain("??");
            assertThat(get(signed.lead(), "/life?lang=" + language))
                    .hasStatusOk()
                    .bodyText()
                    .doesNotContain("??");
            assertThat(get(signed.lead(), "?lang=" + language)).hasStatusOk();
        }
        billing.recordPayment(
                signed.lead(),
                new NewPayment(
                        at("2025-02-25T08:00"), null, Money.of("89285.71"), 2, null, signed.contract() + "2", "甲公司"));
        for (var what : List.of("exit/data-return", "exit/access-release")) {
            assertThat(api(
                            signed.lead(),
                            "/certificates",
                            "{\"what\": \"" + what + "\", \"certificate\": \"" + PROOF + "\"}"))
                    .hasStatusOk();
        }
        assertThat(api(signed.lead(), "/closure", ""))
                .hasStatus(409)
                .bodyText()
                .contains("contract.refused.notWoundUp");
        accounts.state(signed.lead()).payments().forEach(payment -> billing.issueReceipt(signed.lead(), payment.id()));
        duties.ofContract(signed.tenant(), signed.contract(), clock.instant()).stream()
                .filter(duty -> duty.duty().clause() == Clause.I_3_3A
                        && duty.assessment().state().owed())
                .forEach(duty -> duties.discharge(signed.tenant(), duty.duty().id(), clock.instant(), null));
        assertThat(api(signed.lead(), "/closure", "")).hasStatusOk();
        assertThat(contracts.state(signed.tenant(), signed.contract())).isEqualTo(ContractState.CLOSED);
        assertThat(get(signed.client(), "/life?lang=en"))
                .hasStatusOk()
                .bodyText()
                .contains("must keep trade secrets after the end of the contract");
        assertThat(api(
                        signed.client(),
                        "/amendments",
                        "{\"kind\": \"CHANGE\", \"from\": \"2025-03-01\", \"reason\": \"x\"}"))
                .as("read-only after the end")
                .hasStatus(403);
    }

    @Test
    void forceMajeureOnItsPages() {
        clock.set("2025-02-20T10:00");
        var payment = duties.on(
                        signed.tenant(),
                        signed.contract(),
                        Clause.I_3_2A,
                        "instalment/" + accounts.state(signed.client()).lineId(3),
                        clock.instant())
                .orElseThrow()
                .duty()
                .id();
        assertThat(post(
                        signed.client(),
                        "/life/force-majeure",
                        Map.of(
                                "occurredAt", "2025-02-17T10:00",
                                "duties", payment.toString(),
                                "channel", "PLATFORM",
                                "words", "银行系统瘫痪")))
                .hasStatus3xxRedirection();
        assertThat(get(signed.lead(), "/life?lang=en")).bodyText().contains("late notice", "银行系统瘫痪");
        var event = getApi(signed.lead(), "/life").getResponse();
        assertThat(event.getStatus()).isEqualTo(200);
    }

    private MvcTestResult get(Access access, String page) {
        return browser.get()
                .uri("/contracts/" + signed.contract() + page)
                .with(as(access))
                .exchange();
    }

    private MvcTestResult getApi(Access access, String path) {
        return browser.get()
                .uri("/api/v1/contracts/" + signed.contract() + path)
                .with(as(access))
                .exchange();
    }

    private MvcTestResult api(Access access, String path, String body) {
        return browser.post()
                .uri("/api/v1/contracts/" + signed.contract() + path)
                .servletPath("/api/v1/contracts/" + signed.contract() + path)
                .contentType(MediaType.APPLICATION_JSON)
                .content(body)
                .with(as(access))
                .with(csrf())
                .exchange();
    }

    private MvcTestResult post(Access access, String page, Map<String, String> fields) {
        var request = browser.post()
                .uri("/contracts/" + signed.contract() + page)
                .with(as(access))
                .with(csrf());
        for (var field : fields.entrySet()) {
            request = request.param(field.getKey(), field.getValue());
        }
        return request.exchange();
    }

    private static RequestPostProcessor as(Access access) {
        return authentication(UsernamePasswordAuthenticationToken.authenticated(
                new SignedIn(access.person(), "Somebody"), null, List.of()));
    }
}
