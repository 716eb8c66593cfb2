package io.retainer.complaint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.authentication;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.multipart;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import io.retainer.PostgresTest;
import io.retainer.TurnableClock;
import io.retainer.complaint.ComplaintWorld.Notary;
import io.retainer.complaint.ComplaintWorld.Signed;
import io.retainer.identity.Access;
import io.retainer.identity.SignedIn;
import io.retainer.kernel.Money;
import jakarta.servlet.http.Cookie;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.mock.web.MockMultipartFile;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.test.web.servlet.MockMvc;

/** The public form and status page without signing in, and files as they are served. */
@SpringBootTest(properties = "db-scheduler.enabled=false")
@AutoConfigureMockMvc
@Import({PostgresTest.class, ComplaintWorld.class, PagesTests.Invented.class})
class PagesTests {

    /** The demo's complaints, without the rest of the demo. */
    @TestConfiguration(proxyBeanMethods = false)
    static class Invented {

        @Bean
        DemoComplaints invented(
                Complaints complaints,
                Correspondence correspondence,
                Questions questions,
                Reception reception,
                Acting acting,
                SettingController settings,
                Analysis analysis) {
            return new DemoComplaints(complaints, correspondence, questions, reception, acting, settings, analysis);
        }
    }

    @Autowired
    MockMvc web;

    @Autowired
    Complaints complaints;

    @Autowired
    Correspondence correspondence;

    @Autowired
    Questions questions;

    @Autowired
    Reception reception;

    @Autowired
    CaseDesk desk;

    @Autowired
    CaseQueue queue;

    @Autowired
    io.retainer.identity.SignedLinks links;

    @Autowired
    PostgresTest.Database database;

    @Autowired
    SettingController settings;

    @Autowired
    DemoComplaints demo;

    @Autowired
    TurnableClock clock;

    @Autowired
    Notary notary;

    Signed signed;
    String form = "";

    @BeforeEach
    void open() {
        signed = notary.sign();
        form = "/complaints/new/" + settings.openForm(signed.lead());
    }

    @Test
    void aCustomerComplainsFollowsAddsAndAcceptsWithoutSigningIn() throws Exception {
        var session = session();
        web.perform(get(form).cookie(session).param("lang", "en"))
                .andExpect(status().isOk())
                .andExpect(content().string(containsString("Complain to 青禾")));
        clock.set("2025-02-10T10:01");
        var taken = web.perform(multipart(form)
                        .file(new MockMultipartFile(
                                "files", "a.txt", "text/html", "证据".getBytes(StandardCharsets.UTF_8)))
                        .param("text", "空调漏水，要求退款")
                        .param("sought", "REFUND")
                        .param("email", "wang@example.com")
                        .cookie(session)
                        .with(csrf())
                        .with(from("198.51.100.1")))
                .andExpect(status().is3xxRedirection())
                .andReturn()
                .getResponse();
        var page = Objects.requireNonNull(taken.getRedirectedUrl());
        assertThat(page).startsWith("/complaints/status/");
        var line = queue.page(signed.agent().person(), List.of(signed.agent()), Filter.OPEN, "", null)
                .lines()
                .getFirst();
        assertThat(line.stage()).isEqualTo(StageName.REGISTERED);
        web.perform(get(page)).andExpect(status().isOk()).andExpect(content().string(containsString("空调漏水，要求退款")));
        correspondence.note(signed.agent(), line.id(), "内部：此客户可疑", List.of(), java.util.Map.of());
        web.perform(get(page)).andExpect(content().string(not(containsString("此客户可疑"))));
        web.perform(post(page).param("text", "还有滴水声").with(csrf())).andExpect(status().is3xxRedirection());
        web.perform(post(page + "/decision").param("accepted", "true").with(csrf()))
                .andExpect(status().is(422));
        decide(line.id());
        web.perform(post(page + "/decision")
                        .param("accepted", "false")
                        .param("text", "不够")
                        .with(csrf()))
                .andExpect(status().is3xxRedirection());
        var after = desk.show(signed.agent(), line.id());
        assertThat(after.complaint().stage().name()).isEqualTo(StageName.ESCALATED);
        assertThat(after.entries()).extracting(CaseDesk.Shown::text).contains("还有滴水声", "不够");
        web.perform(get(page.substring(0, page.length() - 3) + "AAA")).andExpect(status().isNotFound());

        var file = after.entries().stream()
                .flatMap(entry -> entry.files().stream())
                .findFirst()
                .orElseThrow();
        var served = desk.file(signed.agent(), line.id(), file.id());
        var answer = ComplaintController.download(served);
        assertThat(answer.getHeaders().getFirst("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.getHeaders().getFirst("Content-Disposition")).startsWith("attachment");
        assertThat(String.valueOf(answer.getHeaders().getContentType()))
                .as("by its bytes, not by what the sender said")
                .isEqualTo("text/plain");
    }

    private void decide(UUID id) {
        complaints.acknowledge(signed.agent(), id, null);
        complaints.assess(signed.agent(), id, null, HandlingTests.USUAL, null);
        complaints.investigate(signed.agent(), id, null);
        complaints.propose(signed.agent(), id, null, RootCause.PRODUCT, Remedy.APOLOGY, Money.ZERO, "已核实");
        complaints.communicate(signed.agent(), id, null, "非常抱歉");
    }

    /** A third party reads its question and nothing of the case, answers once, and the clock goes on at that moment. */
    @Test
    void aThirdPartyAnswersOnItsOwnPage() throws Exception {
        var id = reception
                .take(
                        signed.agent(),
                        new NewComplaint(
                                Intake.PHONE,
                                "zh",
                                "王小明",
                                "13800138000",
                                null,
                                null,
                                "快递未到",
                                Remedy.REFUND,
                                null,
                                null,
                                null),
                        List.of())
                .id();
        complaints.acknowledge(signed.agent(), id, null);
        complaints.assess(signed.agent(), id, null, HandlingTests.USUAL, null);
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> questions.ask(
                        signed.agent(), id, io.retainer.duty.Cause.CLIENT, 2, "谁签收的？", "depot@carrier.example", "zh"))
                .hasMessage("complaint.refused.email");
        questions.ask(
                signed.agent(),
                id,
                io.retainer.duty.Cause.THIRD_PARTY,
                2,
                "运单 SF1 由谁签收？",
                "depot@carrier.example",
                "en");
        var asked = desk.show(signed.agent(), id).questions().getFirst();
        assertThat(asked.written()).isTrue();
        assertThat(Objects.requireNonNull(
                                desk.show(signed.agent(), id).complaint().pause())
                        .owner())
                .isEqualTo(io.retainer.duty.Cause.THIRD_PARTY);
        var superuser = org.springframework.jdbc.core.simple.JdbcClient.create(database.superuser());
        assertThat(superuser
                        .sql("""
                                select words || ' ' || recipient_kind || ' ' || language from messaging.message
                                where tenant_id = :tenant and kind = 'complaint.question'
                                """)
                        .param("tenant", signed.tenant())
                        .query((row, _) -> row.getString(1))
                        .list())
                .as("neither the question nor the address is in the outbox")
                .singleElement()
                .asString()
                .contains("PARTY_CONTACT en")
                .doesNotContain("SF1", "carrier.example");
        var page = "/complaints/question/"
                + links.token(links.of(signed.tenant(), Questions.LINK, "question/" + asked.id())
                        .getFirst());
        web.perform(get(page).param("lang", "en"))
                .andExpect(status().isOk())
                .andExpect(content().string(containsString("运单 SF1 由谁签收？")))
                .andExpect(content().string(not(containsString("快递未到"))))
                .andExpect(content().string(not(containsString("王小明"))));
        web.perform(get(page.replace("/question/", "/status/"))).andExpect(status().isNotFound());
        clock.set("2025-02-10T15:00");
        web.perform(post(page).param("text", " ").with(csrf())).andExpect(status().is(422));
        web.perform(multipart(page)
                        .file(new MockMultipartFile(
                                "files",
                                "a.pdf",
                                "application/pdf",
                                "MZ\u0000\u0001".getBytes(StandardCharsets.ISO_8859_1)))
                        .param("text", "写好的答复")
                        .with(csrf()))
                .andExpect(status().is(422))
                .andExpect(content().string(containsString("写好的答复")));
        web.perform(multipart(page)
                        .file(new MockMultipartFile(
                                "files", "签收.pdf", "x/y", "%PDF-1.7 x".getBytes(StandardCharsets.UTF_8)))
                        .param("text", "由门卫签收")
                        .with(csrf()))
                .andExpect(status().is3xxRedirection());
        web.perform(post(page).param("text", "又一次").with(csrf())).andExpect(status().is(422));
        var after = desk.show(signed.agent(), id);
        assertThat(after.complaint().pause()).as("the clock goes on").isNull();
        assertThat(after.entries())
                .filteredOn(line -> line.kind() == Entry.Kind.ANSWER)
                .singleElement()
                .satisfies(line -> {
                    assertThat(line.text()).isEqualTo("由门卫签收");
                    assertThat(line.actor()).isNull();
                    assertThat(line.files()).hasSize(1);
                });
        assertThat(superuser
                        .sql("select count(*) from messaging.message where kind = 'complaint.answer'"
                                + " and recipient_id = :person")
                        .param("person", signed.agent().person())
                        .query(Long.class)
                        .single())
                .isEqualTo(1);
    }

    /** Every page of the desk, for whoever has to do with it, in both languages, with a complaint in every stage. */
    @Test
    void theDeskIsThereForEverybodyWhoHasToDoWithIt() throws Exception {
        clock.set("2025-03-20T10:00");
        demo.fill(signed.lead(), signed.agent(), signed.owner(), clock.instant(), (at, act) -> {
            clock.set(LocalDateTime.ofInstant(at, ComplaintWorld.BEIJING).toString());
            act.run();
        });
        clock.set("2025-03-20T10:00");
        var base = "/contracts/" + signed.contract() + "/complaints";
        var all = queue.page(
                        signed.agent().person(),
                        List.of(signed.agent()),
                        new Filter(Filter.View.ALL, null, null, null, null, null, null),
                        "",
                        null)
                .lines();
        assertThat(all)
                .extracting(CaseQueue.Line::stage)
                .contains(
                        StageName.RECEIVED,
                        StageName.RESPONSE_DRAFT,
                        StageName.ESCALATED,
                        StageName.EXTERNAL,
                        StageName.MERGED,
                        StageName.CLOSED,
                        StageName.RETURN_VISIT_DUE);
        for (var person : List.of(signed.agent(), signed.lead(), signed.owner())) {
            for (var language : List.of("zh-CN", "en")) {
                for (var path : List.of(
                        "/complaints",
                        base,
                        base + "?view=ALL",
                        base + "?view=LATE&stage=ASSESSED",
                        base + "/analysis")) {
                    healthy(person, path, language);
                }
                for (var line : all) {
                    healthy(person, base + "/" + line.id(), language);
                }
            }
        }
        for (var person : List.of(signed.lead(), signed.owner())) {
            healthy(person, base + "/settings", "en");
        }
        web.perform(get(base + "/settings").param("lang", "en").with(as(signed.owner())))
                .andExpect(content().string(containsString("On each working day 09:00–12:00, 13:00–18:00")));
        healthy(signed.agent(), base + "/new", "zh-CN");
        assertThat(web.perform(post(base + "/search")
                                .param("q", "快递")
                                .with(csrf())
                                .with(as(signed.agent())))
                        .andExpect(status().isOk())
                        .andReturn()
                        .getResponse()
                        .getContentAsString(StandardCharsets.UTF_8))
                .contains("快递三天没有更新")
                .doesNotContain("热水壶漏电");
        web.perform(get(base + "/analysis/complaints.csv").with(as(signed.owner())))
                .andExpect(status().isOk())
                .andExpect(content().string(not(containsString("快递"))));
        var judged = all.stream()
                .filter(line -> line.stage() == StageName.INVESTIGATING)
                .findFirst()
                .orElseThrow();
        web.perform(post(base + "/" + judged.id() + "/acts/propose")
                        .param("text", "写了很久的调查结果")
                        .param("version", "0")
                        .param("cause", "PROCESS")
                        .param("remedy", "APOLOGY")
                        .with(csrf())
                        .with(as(signed.agent())))
                .andExpect(status().is(422))
                .andExpect(content().string(containsString("写了很久的调查结果")));
        web.perform(post(base + "/bulk")
                        .param("ids", judged.id().toString())
                        .param("act", "take")
                        .with(csrf())
                        .with(as(signed.colleague())))
                .andExpect(status().is3xxRedirection());
        assertThat(desk.show(signed.agent(), judged.id()).complaint().owner())
                .isEqualTo(signed.colleague().person());
    }

    private void healthy(Access person, String path, String language) throws Exception {
        var body = web.perform(get(path).param("lang", language).with(as(person)))
                .andExpect(status().isOk())
                .andReturn()
                .getResponse()
                .getContentAsString(StandardCharsets.UTF_8);
        assertThat(body).as(path).doesNotContain("??").contains("</html>");
    }

    private static org.springframework.test.web.servlet.request.RequestPostProcessor as(Access person) {
        return authentication(UsernamePasswordAuthenticationToken.authenticated(
                new SignedIn(person.person(), "somebody"), null, List.of()));
    }

    @Test
    void machinesAreTurnedAwayAndPeopleAreTold() throws Exception {
        var session = session();
        web.perform(sent(session, "198.51.100.2"))
                .andExpect(status().is(422))
                .andExpect(content().string(containsString("提交太快")));
        clock.set("2025-02-10T10:05");
        web.perform(sent(session, "198.51.100.2").param("website", "http://spam.example"))
                .andExpect(status().isOk());
        assertThat(taken()).as("what fell into the trap is not kept").isZero();
        web.perform(multipart(form)
                        .param("text", "x")
                        .param("sought", "REFUND")
                        .cookie(session)
                        .with(csrf()))
                .andExpect(status().is(422))
                .andExpect(content().string(containsString("请填写电话或邮箱")));
        for (int i = 0; i < 6; i++) {
            var again = session();
            clock.set("2025-02-10T11:0" + i);
            web.perform(sent(again, "198.51.100.3")).andExpect(status().is3xxRedirection());
        }
        var over = session();
        clock.set("2025-02-10T11:09");
        web.perform(sent(over, "198.51.100.3")).andExpect(status().is(422));
        assertThat(taken()).isEqualTo(6);
        web.perform(multipart(form).param("text", "x").cookie(over)).andExpect(status().isForbidden());
        web.perform(get("/complaints/new/nosuchform")).andExpect(status().isNotFound());
    }

    /** Opens the form. */
    private Cookie session() throws Exception {
        return Objects.requireNonNull(
                web.perform(get(form)).andReturn().getResponse().getCookie("SESSION"));
    }

    private int taken() {
        return queue.page(signed.agent().person(), List.of(signed.agent()), Filter.OPEN, "", null)
                .lines()
                .size();
    }

    private org.springframework.test.web.servlet.request.MockMultipartHttpServletRequestBuilder sent(
            Cookie session, String address) {
        var request = multipart(form);
        request.param("text", "空调漏水")
                .param("sought", "REFUND")
                .param("phone", "13800138000")
                .cookie(session)
                .with(csrf())
                .with(from(address));
        return request;
    }

    private static org.springframework.test.web.servlet.request.RequestPostProcessor from(String address) {
        return request -> {
            request.setRemoteAddr(address);
            return request;
        };
    }
}
