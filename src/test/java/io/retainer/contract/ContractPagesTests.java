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

/** The pages and the API of contracts, as two people of two companies use them. */
@SpringBootTest
@AutoConfigureMockMvc
@Import(PostgresTest.class)
class ContractPagesTests {

    @Autowired
    MockMvc mvc;

    @Autowired
    People people;

    @Autowired
    Organisations organisations;

    @Autowired
    JsonMapper json;

    String clientName;
    UUID provider;
    SignedIn client;
    SignedIn lead;
    SignedIn outsider;

    @BeforeEach
    void threeCompanies() {
        var mark = UUID.randomUUID().toString().substring(0, 8);
        clientName = "青禾 " + mark;
        provider = organisations.namedOrNew("远山 " + mark).id();
        client = person("client-" + mark, organisations.namedOrNew(clientName).id(), Role.OWNER);
        lead = person("lead-" + mark, provider, Role.OPERATIONS_LEAD);
        outsider = person(
                "outsider-" + mark, organisations.namedOrNew("别家 " + mark).id(), Role.OWNER);
    }

    @Test
    void aContractIsImportedFilledConfirmedAndSignedOnPages() throws Exception {
        assertThat(page(lead, "/contracts")).contains("/contracts/new");
        assertThat(page(lead, "/contracts/new")).contains("name=\"file\"").contains("name=\"text\"");
        var imported = send(
                lead,
                multipart("/contracts/new")
                        .file(new MockMultipartFile(
                                "file",
                                "contract.txt",
                                "text/plain",
                                DemoContract.blank().getBytes(StandardCharsets.UTF_8)))
                        .param("organisation", provider.toString())
                        .param("party", "PROVIDER")
                        .param("counterparty", clientName));
        assertThat(imported.getStatus()).isEqualTo(302);
        var path = java.util.Objects.requireNonNull(imported.getRedirectedUrl()).replace("/terms", "");

        assertThat(page(lead, path)).contains("I-3.1b").contains("III-B3.ex");
        assertThat(page(lead, path + "/terms")).contains("B08").contains("late.mode");
        assertThat(page(lead, path + "/document")).contains("look-blank");
        assertThat(page(lead, path + "/signing")).contains("仅供学习使用");
        assertThat(send(lead, post(path + "/markers").param("version", "0")).getStatus())
                .isEqualTo(302);

        int version = 1;
        for (var term : List.of(
                List.of("client.name", "青禾生活用品有限公司"),
                List.of("provider.name", "远山客户服务有限公司"),
                List.of("client.address", "上海市徐汇区漕溪北路88号"),
                List.of("provider.address", "苏州市星湖街328号"),
                List.of("term.start", "2025-01-01"),
                List.of("term.end", "2025-12-31"),
                List.of("term.months", "12"),
                List.of("fee.total", "1200000.50"),
                List.of("fee.instalments", "12"),
                List.of("late.rate", "0.05"),
                List.of("late.mode", "DAILY"),
                List.of("sign.place", "上海市徐汇区"))) {
            var answer = send(
                    lead,
                    post(path + "/terms/" + term.get(0))
                            .param("value", term.get(1))
                            .param("version", Integer.toString(version++)));
            assertThat(answer.getStatus()).as(term.toString()).isEqualTo(302);
        }
        assertThat(page(lead, path + "/document"))
                .contains("1,200,000.50元<")
                .contains("壹佰贰拾万元零伍角")
                .contains("2025年12月31日")
                .contains("look-struck");
        var defaults = page(client, path + "/signing?lang=en");
        assertThat(defaults)
                .contains("id=\"defaults\"")
                .contains("G-14")
                .contains("Civil Code 509, 526")
                .contains("Until agreed there is no right")
                .containsPattern("Confirm all \\d+ defaults");
        var keys = java.util.regex.Pattern.compile("name=\"keys\" value=\"([^\"]+)\"")
                .matcher(defaults)
                .results()
                .map(match -> match.group(1))
                .toArray(String[]::new);
        assertThat(keys).contains("susp.noticeWorkdays", "allocation.policy").doesNotContain("late.mode");
        assertThat(send(
                                client,
                                post(path + "/confirmations")
                                        .param("keys", keys)
                                        .param("from", "signing")
                                        .param("version", Integer.toString(version++)))
                        .getRedirectedUrl())
                .endsWith("/signing");
        assertThat(page(client, path + "/signing?lang=en")).doesNotContainPattern("Confirm all \\d+ defaults");
        assertThat(page(lead, path + "/signing?lang=zh")).contains("确认全部 " + keys.length + " 项默认条款");
        assertThat(send(client, post(path + "/confirmations").param("version", Integer.toString(version++)))
                        .getStatus())
                .isEqualTo(302);
        assertThat(send(lead, post(path + "/confirmations").param("version", Integer.toString(version++)))
                        .getStatus())
                .isEqualTo(302);
        assertThat(page(lead, path + "/signing")).contains("III-A1.1");
        for (var person : List.of(client, lead)) {
            assertThat(send(person, post(path + "/annexes/risks").param("version", Integer.toString(version++)))
                            .getStatus())
                    .isEqualTo(302);
        }
        assertThat(send(lead, post(path + "/signing/submission").param("version", Integer.toString(version)))
                        .getStatus())
                .isEqualTo(302);
        var signing = page(client, path + "/signing");
        var hash = signing.replaceAll("(?s).*name=\"hash\" value=\"([0-9a-f]{64})\".*", "$1");
        for (var person : List.of(client, lead)) {
            assertThat(send(
                                    person,
                                    post(path + "/signing/signatures")
                                            .param("hash", hash)
                                            .param("mode", "SEAL")
                                            .param("signatory", "王敏")
                                            .param("authority", "公章备案 17"))
                            .getStatus())
                    .isEqualTo(302);
        }

        for (var language : List.of("zh-CN", "en")) {
            for (var part : List.of("", "/terms", "/document", "/signing")) {
                assertThat(page(client, path + part + "?lang=" + language)).doesNotContain("??");
            }
        }
        assertThat(page(client, path)).contains("<svg").contains("bg-green-lt");
        assertThat(send(client, get(path + "/document.pdf")).getContentAsByteArray())
                .startsWith("%PDF".getBytes(StandardCharsets.US_ASCII));
        assertThat(Hashes.of(send(client, get(path + "/signing/content.txt")).getContentAsString()))
                .isEqualTo(hash);
        assertThat(page(client, "/contracts?q=青禾生活&state=EFFECTIVE")).contains(path);
        assertThat(page(client, "/contracts?state=VOID")).doesNotContain(path);
    }

    @Test
    void whatWasTypedComesBackWhenItIsRefused() throws Exception {
        var answer = send(
                lead,
                multipart("/contracts/new")
                        .param("organisation", provider.toString())
                        .param("party", "PROVIDER")
                        .param("counterparty", clientName)
                        .param("text", "今天天气很好"));
        assertThat(answer.getStatus()).isEqualTo(422);
        assertThat(answer.getContentAsString()).contains("今天天气很好").contains("alert-danger");
    }

    @Test
    void aWrongValueIsRefusedBesideWhatWasTyped() throws Exception {
        var path = "/contracts/" + imported(DemoContract.text());
        var answer = send(
                lead,
                post(path + "/terms/term.end").param("value", "2025-02-30").param("version", "0"));
        assertThat(answer.getStatus()).isEqualTo(422);
        assertThat(answer.getContentAsString()).contains("2025-02-30");
    }

    @Test
    void anOutsiderFindsNothing() throws Exception {
        var contract = imported(DemoContract.text());
        for (var part : List.of("", "/terms", "/document", "/signing", "/document.pdf")) {
            assertThat(send(outsider, get("/contracts/" + contract + part)).getStatus())
                    .as(part)
                    .isEqualTo(404);
        }
        for (var part : List.of("", "/clauses", "/terms")) {
            assertThat(send(outsider, get("/api/v1/contracts/" + contract + part))
                            .getStatus())
                    .as(part)
                    .isEqualTo(404);
        }
        assertThat(page(outsider, "/contracts")).doesNotContain(contract.toString());
    }

    /** The amounts of the contracts below, in every way they are written. */
    private static final List<String> AMOUNTS =
            List.of("1,200,000", "1200000", "120万", "壹佰贰拾", "400,000", "399,999", "400000", "壹佰贰拾壹");

    @Test
    void whoMayNotSeeMoneyFindsNoAmountOnAnySurface() throws Exception {
        var agent = person("agent-" + UUID.randomUUID().toString().substring(0, 8), provider, Role.AGENT);
        var annex =
                "\n附件三:服务费用支付明细\n第1期 2025年1月1日前 400,000.00元\n第2期 2025年5月1日前 400,000.00元\n第3期 2025年9月1日前 399,999.99元\n";
        var printed = imported(DemoContract.with("分12期", "分3期").replace("壹佰贰拾万元整", "壹佰贰拾壹万元整") + annex);
        var written = imported(DemoContract.blank());
        int version = 0;
        for (var term : List.of(
                List.of("fee.total", "1200000.50"),
                List.of("term.start", "2025-01-01"),
                List.of("late.rate", "0.05"))) {
            assertThat(send(
                                    lead,
                                    post("/contracts/" + written + "/terms/" + term.get(0))
                                            .param("value", term.get(1))
                                            .param("version", Integer.toString(version++)))
                            .getStatus())
                    .isEqualTo(302);
        }
        for (var contract : List.of(printed, written)) {
            for (var surface : List.of(
                    "/contracts/" + contract,
                    "/contracts/" + contract + "/terms",
                    "/contracts/" + contract + "/document",
                    "/contracts/" + contract + "/signing",
                    "/contracts",
                    "/",
                    "/contracts/" + contract + "/duties",
                    "/contracts/" + contract + "/ledger",
                    "/api/v1/contracts/" + contract,
                    "/api/v1/contracts/" + contract + "/terms",
                    "/api/v1/contracts/" + contract + "/clauses",
                    "/api/v1/contracts/" + contract + "/defaults",
                    "/api/v1/contracts")) {
                var answer = send(agent, get(java.net.URI.create(surface)));
                assertThat(answer.getContentAsString()).as("agent, %s", surface).doesNotContain(AMOUNTS);
                assertThat(answer.getStatus()).as(surface).isIn(200, 403);
            }
            assertThat(page(agent, "/contracts/" + contract + "/document")).contains("¥••••");
            assertThat(page(agent, "/contracts/" + contract + "/terms?lang=en"))
                    .contains("¥••••")
                    .contains("You may not see amounts");
            assertThat(page(agent, "/contracts")).contains("¥••••");
            assertThat(page(agent, "/contracts?q=1200000"))
                    .as("an amount is nothing to search by")
                    .doesNotContain(contract.toString());
            assertThat(words(send(agent, get("/contracts/" + contract + "/document.pdf"))))
                    .contains("••••")
                    .doesNotContain(AMOUNTS);
            assertThat(send(agent, get("/contracts/" + contract + "/signing/content.txt"))
                            .getStatus())
                    .isEqualTo(403);
        }
        assertThat(send(lead, get("/api/v1/contracts").param("limit", "100")).getContentAsString())
                .contains("\"total\":\"1200000.00\"");
        assertThat(page(lead, "/contracts/" + printed + "/document"))
                .contains("400,000.00")
                .contains("壹佰贰拾");
        assertThat(words(send(lead, get("/contracts/" + printed + "/document.pdf"))))
                .contains("400,000.00");
        var terms = json.readTree(
                send(agent, get("/api/v1/contracts/" + printed + "/terms")).getContentAsString());
        for (var term : terms) {
            if (List.of("fee.total", "fee.words", "fee.schedule")
                    .contains(term.get("id").asString())) {
                assertThat(term.get("value").isNull()).isTrue();
                assertThat(term.get("hidden").asBoolean()).isTrue();
            }
        }
        assertThat(json.readTree(
                                send(agent, get("/api/v1/contracts/" + printed)).getContentAsString())
                        .get("problems")
                        .toString())
                .as("the problem is still said")
                .contains("figures-differ-from-words");
    }

    private static String words(MockHttpServletResponse pdf) throws java.io.IOException {
        try (var document = org.apache.pdfbox.Loader.loadPDF(pdf.getContentAsByteArray())) {
            return new org.apache.pdfbox.text.PDFTextStripper().getText(document);
        }
    }

    @Test
    void theApiDoesWhatThePagesDo() throws Exception {
        var contract = imported(DemoContract.text());
        var base = "/api/v1/contracts/" + contract;

        var shown = send(lead, get(base));
        assertThat(shown.getHeader("ETag")).isEqualTo("\"0\"");
        assertThat(json.readTree(shown.getContentAsString()).get("state").asString())
                .isEqualTo("DRAFT");
        var filled = send(
                lead,
                put(base + "/terms/late.mode")
                        .contentType(MediaType.APPLICATION_JSON)
                        .content("{\"value\":\"DAILY\",\"version\":0}"));
        assertThat(filled.getStatus()).isEqualTo(200);
        var late = send(
                client,
                put(base + "/terms/late.mode")
                        .contentType(MediaType.APPLICATION_JSON)
                        .content("{\"value\":\"FLAT\",\"version\":0}"));
        assertThat(late.getStatus()).isEqualTo(409);
        assertThat(json.readTree(late.getContentAsString()).get("code").asString())
                .isEqualTo("contract.refused.changed");
        for (var person : List.of(client, lead)) {
            assertThat(send(
                                    person,
                                    post(base + "/confirmations")
                                            .contentType(MediaType.APPLICATION_JSON)
                                            .content("{\"keys\":[\"late.mode\",\"sign.mode\"]}"))
                            .getStatus())
                    .isEqualTo(200);
        }
        for (var person : List.of(client, lead)) {
            assertThat(send(
                                    person,
                                    post(base + "/annexes/risks")
                                            .contentType(MediaType.APPLICATION_JSON)
                                            .content("{}"))
                            .getStatus())
                    .isEqualTo(200);
        }
        var submitted = send(
                lead,
                post(base + "/submission")
                        .contentType(MediaType.APPLICATION_JSON)
                        .content("{}"));
        var hash = json.readTree(submitted.getContentAsString()).get("hash").asString();
        for (var person : List.of(client, lead)) {
            send(
                    person,
                    post(base + "/signatures")
                            .contentType(MediaType.APPLICATION_JSON)
                            .content("{\"hash\":\"" + hash
                                    + "\",\"mode\":\"SEAL\",\"signatory\":\"王敏\",\"authority\":\"公章备案\"}"));
        }
        var done = json.readTree(send(lead, get(base)).getContentAsString());
        assertThat(done.get("state").asString()).isEqualTo("EFFECTIVE");
        assertThat(json.readTree(send(lead, get(base + "/clauses")).getContentAsString())
                        .size())
                .isEqualTo(109);
        assertThat(json.readTree(send(lead, get("/api/v1/contracts?state=EFFECTIVE"))
                                .getContentAsString())
                        .get("items")
                        .size())
                .isEqualTo(1);
    }

    @Test
    void theApiSaysWhyATextIsRefused() throws Exception {
        var answer = send(
                lead,
                post("/api/v1/contracts/imports")
                        .contentType(MediaType.APPLICATION_JSON)
                        .content("{\"organisation\":\"" + provider
                                + "\",\"party\":\"PROVIDER\",\"counterparty\":\"x\",\"text\":\"公园\"}"));
        assertThat(answer.getStatus()).isEqualTo(422);
        assertThat(json.readTree(answer.getContentAsString()).get("code").asString())
                .isEqualTo("contract.file.notAContract");
    }

    private UUID imported(String text) throws Exception {
        var body = json.createObjectNode()
                .put("organisation", provider.toString())
                .put("party", "PROVIDER")
                .put("counterparty", clientName)
                .put("text", text);
        var answer = send(
                lead,
                post("/api/v1/contracts/imports")
                        .header("Idempotency-Key", UUID.randomUUID().toString())
                        .contentType(MediaType.APPLICATION_JSON)
                        .content(json.writeValueAsString(body)));
        assertThat(answer.getStatus()).isEqualTo(201);
        return UUID.fromString(
                json.readTree(answer.getContentAsString()).get("contract").asString());
    }

    private String page(SignedIn person, String path) throws Exception {
        var answer =
                send(person, get(java.net.URI.create(path.replace("青禾生活", "%E9%9D%92%E7%A6%BE%E7%94%9F%E6%B4%BB"))));
        assertThat(answer.getStatus()).as(path).isEqualTo(200);
        return answer.getContentAsString();
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
