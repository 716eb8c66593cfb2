package io.retainer.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.authentication;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.multipart;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.put;

import io.retainer.PostgresTest;
import io.retainer.identity.Organisations;
import io.retainer.identity.People;
import io.retainer.identity.Role;
import io.retainer.identity.SignedIn;
import io.retainer.kernel.Party;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.annotation.Import;
import org.springframework.http.MediaType;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.mock.web.MockMultipartFile;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.request.AbstractMockHttpServletRequestBuilder;
import tools.jackson.databind.json.JsonMapper;

/** The pages and the API of the annexes. */
@SpringBootTest
@AutoConfigureMockMvc
@Import(PostgresTest.class)
class AnnexPagesTests {

    @Autowired
    MockMvc mvc;

    @Autowired
    People people;

    @Autowired
    Organisations organisations;

    @Autowired
    ContractLife life;

    @Autowired
    JsonMapper json;

    SignedIn client;
    SignedIn lead;
    SignedIn outsider;
    String clientName;
    String path;
    String api;
    UUID provider;

    @BeforeEach
    void aDraft() {
        var mark = UUID.randomUUID().toString().substring(0, 8);
        clientName = "青禾 " + mark;
        provider = organisations.namedOrNew("远山 " + mark).id();
        client = person("client-" + mark, organisations.namedOrNew(clientName).id(), Role.OWNER);
        lead = person("lead-" + mark, provider, Role.OPERATIONS_LEAD);
        outsider = person(
                "outsider-" + mark, organisations.namedOrNew("别家 " + mark).id(), Role.OWNER);
        var made = life.keep(
                lead.person(),
                null,
                new NewContract(provider, Party.PROVIDER, clientName),
                ContractImporter.pasted(DemoContract.text()));
        path = "/contracts/" + made.contract() + "/annexes";
        api = "/api/v1" + path;
    }

    @Test
    void whoMayNotSeeMoneySeesNoAmountInAnAnnexAndNoFaultForIt() throws Exception {
        var agent = person("agent-" + path.hashCode(), provider, Role.AGENT);
        send(
                lead,
                post(path + "/3")
                        .param("seen", "0")
                        .param("do", "save")
                        .param("total.0.total", "8642.10")
                        .param("total.0.words", "捌仟陆佰肆拾贰元整")
                        .param("lines.0.number", "1")
                        .param("lines.0.amount", "8642.10")
                        .param("lines.0.date", "2025-01-01"));
        assertThat(page(lead, path + "/3")).contains("8642.10");

        var shown = page(agent, path + "/3");

        assertThat(shown)
                .contains("¥••••")
                .doesNotContain("8642.1", "8,642.1")
                .doesNotContain("捌仟陆佰")
                .doesNotContain("id=\"e-total.0");
        assertThat(page(agent, api + "/3"))
                .contains("¥••••")
                .doesNotContain("8642.1", "8,642.1")
                .doesNotContain("捌仟陆佰");
        assertThat(page(agent, path + "/3/document.txt"))
                .doesNotContain("8642.1", "8,642.1")
                .doesNotContain("捌仟陆佰");
    }

    @Test
    void aLawyerFillsInAnAnnexRowByRow() throws Exception {
        for (var language : List.of("zh-CN", "en")) {
            assertThat(page(lead, path + "?lang=" + language))
                    .doesNotContain("??")
                    .contains("III-A1.4");
            for (int number = 1; number <= 5; number++) {
                assertThat(page(lead, path + "/" + number + "?lang=" + language))
                        .doesNotContain("??");
            }
        }
        page(lead, path + "?lang=zh-CN");

        // A row is added without anything being saved; a mistake is shown beside its cell.
        var grown = send(
                lead,
                post(path + "/4")
                        .param("seen", "0")
                        .param("do", "add:secrecy")
                        .param("duration.0.years", "五年")
                        .param("secrecy.0.duty", "只为履约使用")
                        .param("secrecy.0.debtor", "CLIENT")
                        .param("liability.0.leakNoticeHours", "尽快"));
        assertThat(grown.getStatus()).isEqualTo(200);
        assertThat(grown.getContentAsString())
                .contains("name=\"secrecy.1.duty\"")
                .contains("name=\"duration.0.years\" value=\"5\"")
                .contains("id=\"e-liability.0.leakNoticeHours\"");
        assertThat(page(lead, path + "/4")).doesNotContain("只为履约使用");

        var saved = send(
                lead,
                post(path + "/4")
                        .param("seen", "0")
                        .param("do", "save")
                        .param("duration.0.years", "5")
                        .param("duration.0.secretsUntilPublic", "true")
                        .param("duration.0.personalUntilErased", "true"));
        assertThat(saved.getStatus()).isEqualTo(302);
        assertThat(page(lead, path + "/4")).contains("value=\"5\"");

        // Somebody who looked before is told what changed, and keeps what was typed.
        var late = send(
                client, post(path + "/2").param("seen", "0").param("do", "save").param("incident.0.contact", "周明"));
        assertThat(late.getStatus()).isEqualTo(409);
        assertThat(late.getContentAsString()).contains("保密协议").contains("周明");

        var proposed = send(lead, post(path + "/1").param("seen", "1").param("do", "propose"));
        assertThat(proposed.getContentAsString()).contains("COMPLAINT_RESOLVED").contains("value=\"95\"");

        assertThat(send(outsider, get(path)).getStatus()).isEqualTo(404);
        assertThat(send(outsider, post(path + "/4").param("seen", "1").param("do", "save"))
                        .getStatus())
                .isEqualTo(404);
    }

    @Test
    void whoOnlyReadsSeesEverythingAndChangesNothing() throws Exception {
        var lawyer = person(
                "lawyer-" + UUID.randomUUID(),
                organisations.namedOrNew(clientName).id(),
                Role.LAWYER);

        for (int number = 1; number <= 5; number++) {
            assertThat(page(lawyer, path + "/" + number))
                    .contains("III-A" + number + ".1")
                    .doesNotContain("value=\"save\"")
                    .doesNotContain("name=\"file\"");
        }
        assertThat(page(lawyer, path)).doesNotContain("/annexes/risks");
        var refused = send(lawyer, post(path + "/4").param("seen", "0").param("duration.0.years", "5"));
        assertThat(refused.getStatus()).isEqualTo(403);
        assertThat(send(lawyer, get(api + "/4")).getContentAsString()).doesNotContain("\"years\"");
        assertThat(send(
                                lawyer,
                                post(api + "/risks")
                                        .contentType(MediaType.APPLICATION_JSON)
                                        .content("{}"))
                        .getStatus())
                .isEqualTo(403);
    }

    @Test
    void filesGoOutAndComeBackAndTheApiDoesAllOfIt() throws Exception {
        var kind = AnnexKind.SERVICE_PLAN;
        var parts = AnnexRows.Content.of(AnnexTests.complete(kind));
        var put = send(
                lead,
                put(api + "/1")
                        .contentType(MediaType.APPLICATION_JSON)
                        .header("If-Match", "\"0\"")
                        .content(json.writeValueAsString(parts)));
        assertThat(put.getStatus()).as(put.getContentAsString()).isEqualTo(200);
        assertThat(put.getHeader("ETag")).isEqualTo("\"1\"");
        assertThat(json.readTree(put.getContentAsString()).get("rows").toString())
                .doesNotContain("\"complete\":false");
        assertThat(send(
                                lead,
                                put(api + "/1")
                                        .contentType(MediaType.APPLICATION_JSON)
                                        .header("If-Match", "\"0\"")
                                        .content("{\"parts\":{}}"))
                        .getStatus())
                .isEqualTo(409);
        var wrong = send(
                lead,
                put(api + "/1")
                        .contentType(MediaType.APPLICATION_JSON)
                        .content("{\"parts\":{\"goals\":[{\"nonsense\":\"1\"}]}}"));
        assertThat(wrong.getStatus()).isEqualTo(422);
        assertThat(wrong.getContentAsString()).contains("contract.annex.refused.shape");

        var docx = send(client, get(api + "/1/document.docx"));
        assertThat(docx.getStatus()).isEqualTo(200);
        assertThat(AnnexFiles.read(kind, docx.getContentAsByteArray())).isEqualTo(AnnexTests.complete(kind));
        assertThat(send(client, get(path + "/1/document.pdf")).getContentAsByteArray())
                .startsWith("%PDF".getBytes(StandardCharsets.US_ASCII));
        assertThat(send(client, get(path + "/1/document.exe")).getStatus()).isEqualTo(404);

        var imported = send(
                lead,
                multipart(path + "/1/import")
                        .file(new MockMultipartFile(
                                "file", "a.docx", AnnexFiles.DOCX.toString(), docx.getContentAsByteArray()))
                        .param("seen", "1"));
        assertThat(imported.getStatus()).isEqualTo(302);
        assertThat(page(lead, path + "/1")).contains("客户满意度");

        var risks = send(
                client,
                post(api + "/risks").contentType(MediaType.APPLICATION_JSON).content("{\"clauses\":[\"III-A2.3\"]}"));
        assertThat(risks.getStatus()).as(risks.getContentAsString()).isEqualTo(200);
        assertThat(risks.getContentAsString()).contains("\"acceptedBy\":[\"CLIENT\"]");
        assertThat(send(client, post(path + "/risks").param("version", "2")).getStatus())
                .isEqualTo(302);
        assertThat(send(
                                client,
                                post(api + "/risks")
                                        .contentType(MediaType.APPLICATION_JSON)
                                        .content("{\"clauses\":[\"III-A1.1\"]}"))
                        .getStatus())
                .isEqualTo(422);
    }

    private String page(SignedIn who, String url) throws Exception {
        var response = send(who, get(url));
        assertThat(response.getStatus()).as(url).isEqualTo(200);
        return response.getContentAsString();
    }

    private MockHttpServletResponse send(SignedIn person, AbstractMockHttpServletRequestBuilder<?> request)
            throws Exception {
        var token = UsernamePasswordAuthenticationToken.authenticated(person, null, List.of());
        var response = mvc.perform(
                        request.with(authentication(token)).with(csrf()).with(it -> {
                            // As a real server splits the path.
                            it.setServletPath(java.util.Objects.requireNonNull(it.getRequestURI()));
                            it.setPathInfo(null);
                            return it;
                        }))
                .andReturn()
                .getResponse();
        response.setDefaultCharacterEncoding("UTF-8");
        return response;
    }

    private SignedIn person(String login, UUID organisation, Role role) {
        return new SignedIn(people.add(login, login, "correct horse battery", organisation, role), login);
    }
}
