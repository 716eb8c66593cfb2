package io.retainer.duty;

import static io.retainer.duty.DutyTests.beijing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.authentication;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;

import io.retainer.PostgresTest;
import io.retainer.duty.Deadline.At;
import io.retainer.duty.Deadline.WorkingDays;
import io.retainer.identity.Engagement;
import io.retainer.identity.Engagements;
import io.retainer.identity.Organisations;
import io.retainer.identity.People;
import io.retainer.identity.Role;
import io.retainer.identity.SignedIn;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Party;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.http.MediaType;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.test.web.servlet.request.RequestPostProcessor;

@SpringBootTest
@AutoConfigureMockMvc
@Import(PostgresTest.class)
class DutyPagesTests {

    @TestConfiguration(proxyBeanMethods = false)
    static class Standing {

        /** Contract to its engagements. */
        static final Map<UUID, List<Engagement>> GIVEN = new ConcurrentHashMap<>();

        @Bean
        Engagements engagementsOfTheTest() {
            return (organisations, contract, _) -> GIVEN.values().stream()
                    .flatMap(List::stream)
                    .filter(given -> organisations.contains(given.organisation()))
                    .filter(given -> contract == null || contract.equals(given.contract()))
                    .toList();
        }
    }

    @Autowired
    MockMvcTester browser;

    @Autowired
    Duties duties;

    @Autowired
    People people;

    @Autowired
    Organisations organisations;

    private final UUID tenant = UUID.randomUUID();
    private final UUID contract = UUID.randomUUID();
    private final Instant opened = Instant.now().minus(3, ChronoUnit.DAYS);

    private Authentication lead;
    private Authentication owner;
    private Authentication outsider;
    private UUID payment;
    private UUID receipt;

    @BeforeEach
    void aContractWithTwoDuties() {
        var provider = organisations.namedOrNew("Provider " + contract).id();
        var client = organisations.namedOrNew("Client " + contract).id();
        var other = organisations.namedOrNew("Other " + contract).id();
        Standing.GIVEN.put(
                contract,
                List.of(
                        new Engagement(tenant, contract, provider, Party.PROVIDER),
                        new Engagement(tenant, contract, client, Party.CLIENT)));
        lead = person("lead", provider, Role.OPERATIONS_LEAD);
        owner = person("owner", client, Role.OWNER);
        outsider = person("outsider", other, Role.OWNER);
        payment = open(Clause.I_3_2A, Party.CLIENT, Party.PROVIDER, new At(beijing("2040-01-01T00:00")));
        receipt = open(
                Clause.I_3_2B,
                Party.PROVIDER,
                Party.CLIENT,
                new WorkingDays(5, LocalDate.now(Clockwork.ZONE).minusDays(1)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"zh-CN", "en"})
    void listsWhatIsOwedWithItsSentenceAndTimeline(String language) {
        assertThat(get(lead, "/contracts/{c}/duties?lang=" + language, contract))
                .hasStatusOk()
                .bodyText()
                .contains("I-3.2a", "I-3.2b", "<rect", "2040")
                .contains(language.equals("en") ? "The client must pay before" : "甲方应在2040年1月1日")
                .doesNotContain("??");
    }

    @Test
    void filtersByStatePartyAndClause() {
        duties.discharge(tenant, payment, Instant.now(), null);
        assertThat(get(lead, "/contracts/{c}/duties?state=KEPT&party=&clause=&lang=en", contract))
                .bodyText()
                .contains("duties/" + payment)
                .doesNotContain("duties/" + receipt);
        assertThat(get(lead, "/contracts/{c}/duties?state=&party=PROVIDER", contract))
                .bodyText()
                .contains("duties/" + receipt)
                .doesNotContain("duties/" + payment);
        assertThat(get(lead, "/contracts/{c}/duties?clause=I-3.2a", contract))
                .bodyText()
                .contains("duties/" + payment)
                .doesNotContain("duties/" + receipt);
        assertThat(get(lead, "/contracts/{c}/duties?state=WAIVED&lang=en", contract))
                .bodyText()
                .contains("No duty fits this filter.");
        assertThat(get(lead, "/contracts/{c}/duties?clause=IX-9", contract)).hasStatus(422);
    }

    @Test
    void showsPagesOfMany() {
        for (int i = 0; i < 60; i++) {
            open(Clause.I_3_1C, Party.CLIENT, Party.PROVIDER, new At(beijing("2041-01-01T00:00")));
        }
        var first = api(lead, "");
        assertThat(first).bodyJson().extractingPath("$.items.length()").isEqualTo(50);
        assertThat(first)
                .bodyJson()
                .extractingPath("$.next")
                .asString()
                .satisfies(next -> assertThat(api(lead, "?after=" + next))
                        .bodyJson()
                        .hasPathSatisfying(
                                "$.items.length()", rest -> assertThat(rest).isEqualTo(12)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"zh-CN", "en"})
    void pausesAndResumesByHand(String language) {
        assertThat(post(lead, receipt, "pauses", "cause", "CUSTOMER", "reason", "Awaiting the bank's notice"))
                .hasStatus3xxRedirection();
        assertThat(get(lead, "/contracts/{c}/duties/" + receipt + "?lang=" + language, contract))
                .hasStatusOk()
                .bodyText()
                .contains("Awaiting the bank&#39;s notice", "resumptions")
                .contains(language.equals("en") ? "with" : "停止计时")
                .doesNotContain("??");
        assertThat(post(lead, receipt, "resumptions", "cause", "CUSTOMER")).hasStatus3xxRedirection();
        assertThat(duties.get(tenant, receipt, Instant.now()).assessment().state())
                .isEqualTo(DutyState.RUNNING);
    }

    @Test
    void aRefusedFormIsShownAgainWithWhatWasTyped() {
        assertThat(post(lead, receipt, "pauses", "cause", "PROVIDER", "reason", "We are busy"))
                .hasStatus(422)
                .bodyText()
                .contains("We are busy", "alert-danger");
    }

    @Test
    void onlyThePartyItIsOwedToCanLetGo() {
        assertThat(post(lead, receipt, "waivers", "reason", "x")).hasStatus(422);
        assertThat(post(owner, receipt, "waivers", "reason", "x")).hasStatus3xxRedirection();
        assertThat(post(
                        lead,
                        payment,
                        "excuses",
                        "cause",
                        "FORCE_MAJEURE",
                        "since",
                        "2026-01-01T00:00",
                        "reason",
                        "flood"))
                .hasStatus3xxRedirection();
        assertThat(duties.get(tenant, payment, Instant.now()).assessment().state())
                .isEqualTo(DutyState.EXCUSED);
    }

    @Test
    void theClientCannotStopTheProvidersClock() {
        assertThat(post(owner, receipt, "pauses", "cause", "CUSTOMER")).hasStatus(403);
    }

    @Test
    void anOutsiderFindsNothing() {
        assertThat(get(outsider, "/contracts/{c}/duties", contract)).hasStatus(404);
        assertThat(get(outsider, "/contracts/{c}/duties/" + payment, contract)).hasStatus(404);
        assertThat(post(outsider, payment, "waivers", "reason", "x")).hasStatus(404);
        assertThat(api(outsider, "")).hasStatus(404);
    }

    @Test
    void aDutyOfAnotherContractIsUnknownHereEvenWithinTheTenant() {
        var second = UUID.randomUUID();
        Standing.GIVEN.put(
                second,
                Standing.GIVEN.getOrDefault(contract, List.of()).stream()
                        .map(e -> new Engagement(tenant, second, e.organisation(), e.party()))
                        .toList());
        assertThat(get(lead, "/contracts/{c}/duties/" + payment, second)).hasStatus(404);
        assertThat(browser.post()
                        .uri("/contracts/{c}/duties/{d}/pauses", second, payment)
                        .with(authentication(lead))
                        .with(csrf())
                        .param("cause", "CUSTOMER"))
                .hasStatus(404);
    }

    @Test
    void theApiSaysTheSameAndActsOncePerKey() {
        assertThat(api(lead, "?state=RUNNING&party=CLIENT"))
                .hasStatusOk()
                .bodyJson()
                .hasPathSatisfying("$.items[0].id", id -> assertThat(id).isEqualTo(payment.toString()))
                .hasPathSatisfying("$.items[0].code", code -> assertThat(code).isEqualTo("duty.explain.runningFixed"));
        var first = waive("key-1", "{\"reason\":\"agreed\"}");
        assertThat(first).hasStatusOk().bodyJson().extractingPath("$.state").isEqualTo("WAIVED");
        assertThat(waive("key-1", "{\"reason\":\"agreed\"}"))
                .hasStatusOk()
                .bodyText()
                .isEqualTo(text(first));
        assertThat(waive("key-1", "{\"reason\":\"other\"}")).hasStatus(422);
        assertThat(waive("key-2", "{\"reason\":\"agreed\"}"))
                .hasStatus(409)
                .bodyJson()
                .extractingPath("$.code")
                .isEqualTo("duty.refused.waive");
    }

    private MvcTestResult waive(String key, String body) {
        return browser.post()
                .uri("/api/v1/contracts/{c}/duties/{d}/waivers", contract, payment)
                .with(authentication(lead))
                .with(csrf())
                .with(asAServerSeesIt())
                .header("Idempotency-Key", contract + key)
                .contentType(MediaType.APPLICATION_JSON)
                .content(body)
                .exchange();
    }

    private static String text(MvcTestResult result) {
        return new String(result.getResponse().getContentAsByteArray(), java.nio.charset.StandardCharsets.UTF_8);
    }

    private MvcTestResult api(Authentication who, String query) {
        return browser.get()
                .uri("/api/v1/contracts/" + contract + "/duties" + query)
                .with(authentication(who))
                .with(asAServerSeesIt())
                .exchange();
    }

    /** The test dispatcher puts the path elsewhere than a server does. */
    private static RequestPostProcessor asAServerSeesIt() {
        return request -> {
            request.setServletPath(String.valueOf(request.getRequestURI()));
            request.setPathInfo(null);
            return request;
        };
    }

    private MvcTestResult get(Authentication who, String uri, UUID of) {
        return browser.get().uri(uri, of).with(authentication(who)).exchange();
    }

    private MvcTestResult post(Authentication who, UUID duty, String what, String... parameters) {
        var request = browser.post()
                .uri("/contracts/{c}/duties/{d}/" + what, contract, duty)
                .with(authentication(who))
                .with(csrf());
        for (int i = 0; i < parameters.length; i += 2) {
            request = request.param(parameters[i], parameters[i + 1]);
        }
        return request.exchange();
    }

    private UUID open(Clause clause, Party debtor, Party creditor, Deadline deadline) {
        return duties.open(new NewDuty(
                tenant,
                contract,
                1,
                clause,
                debtor,
                creditor,
                "duty.action.pay",
                "instalment/" + UUID.randomUUID(),
                deadline,
                opened,
                null));
    }

    private Authentication person(String name, UUID organisation, Role role) {
        var id = people.add(name + "-" + contract, name, "correct horse battery", organisation, role);
        return UsernamePasswordAuthenticationToken.authenticated(new SignedIn(id, name), null, List.of());
    }
}
