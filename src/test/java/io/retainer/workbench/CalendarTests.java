package io.retainer.workbench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.authentication;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;

import io.retainer.PostgresTest;
import io.retainer.duty.Deadline.At;
import io.retainer.duty.Duties;
import io.retainer.duty.NewDuty;
import io.retainer.identity.Organisations;
import io.retainer.identity.People;
import io.retainer.identity.Role;
import io.retainer.identity.SignedIn;
import io.retainer.identity.SignedLinks;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Unknown;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

/** Deadlines in the calendar, in its feed, and in reminders, for whoever has standing now. */
@SpringBootTest(properties = "db-scheduler.enabled=false")
@AutoConfigureMockMvc
@Import(PostgresTest.class)
class CalendarTests {

    @Autowired
    MockMvcTester browser;

    @Autowired
    People people;

    @Autowired
    Organisations organisations;

    @Autowired
    Duties duties;

    @Autowired
    Reminders reminders;

    @Autowired
    CalendarDesk desk;

    @Autowired
    SignedLinks links;

    @Autowired
    PostgresTest.Database database;

    private final UUID contract = UUID.randomUUID();
    private UUID client;
    private UUID person;
    private Authentication owner;
    private LocalDate due;

    @BeforeEach
    void aContractInForceWithAPaymentAhead() {
        client = organisations.namedOrNew("Client " + contract).id();
        var provider = organisations.namedOrNew("Provider " + contract).id();
        person = people.add("owner-" + contract, "Ann", "correct horse battery", client, Role.OWNER);
        owner = UsernamePasswordAuthenticationToken.authenticated(new SignedIn(person, "Ann"), null, List.of());
        JdbcClient.create(database.superuser())
                .sql("""
                        insert into contract.contract (tenant_id, id, title, client_organisation, provider_organisation,
                            state, number, version_id, effective_at, started_at, starts_on, ends_on)
                        values (:client, :contract, '示范合同', :client, :provider, 'ACTIVE', 1, gen_random_uuid(), now(), now(),
                            current_date - 100, current_date + 265)
                        """)
                .param("client", client)
                .param("provider", provider)
                .param("contract", contract)
                .update();
        due = LocalDate.now(CalendarEntry.ZONE).plusDays(20);
        open(Clause.I_3_2A, due.plusDays(1).atStartOfDay(CalendarEntry.ZONE).toInstant());
    }

    @ParameterizedTest
    @ValueSource(strings = {"zh-CN", "en"})
    void theMonthAndTheAgendaShowIt(String language) {
        var month = due.toString().substring(0, 7);
        for (var view : List.of("month", "agenda")) {
            assertThat(get("/calendar?month=" + month + "&view=" + view + "&lang=" + language))
                    .hasStatusOk()
                    .bodyText()
                    .contains("I-3.2a", "示范合同")
                    .doesNotContain("??");
        }
        assertThat(get("/calendar?view=agenda&month=2031-01&lang=en"))
                .bodyText()
                .contains("No deadline in this month");
        assertThat(get("/calendar?month=soon")).hasStatus(422);
    }

    @Test
    void theApiHasTheCalendarTheFeedAndTheReminders() {
        assertThat(get("/api/v1/calendar?from=" + due.minusDays(3) + "&to=" + due.plusDays(3)))
                .hasStatusOk()
                .bodyText()
                .contains("\"clause\":\"I-3.2a\"", "\"lastDay\":\"" + due + "\"", "\"ours\":true");
        assertThat(get("/api/v1/calendar?from=" + due + "&to=" + due + "&ours=false"))
                .bodyText()
                .isEqualTo("[]");
        assertThat(get("/api/v1/calendar?from=2025-01-01&to=2027-01-01")).hasStatus(422);
        assertThat(get("/api/v1/calendar/feed")).bodyText().isEqualTo("{\"address\":null}");
        assertThat(browser.post()
                        .uri("/api/v1/calendar/feed")
                        .servletPath("/api/v1/calendar/feed")
                        .with(authentication(owner))
                        .with(csrf()))
                .hasStatusOk()
                .bodyText()
                .contains("/calendar/feed/", ".ics");
        assertThat(browser.delete()
                        .uri("/api/v1/calendar/feed")
                        .servletPath("/api/v1/calendar/feed")
                        .with(authentication(owner))
                        .with(csrf()))
                .hasStatusOk();
        assertThat(desk.feed(person)).isEmpty();
        var path = "/api/v1/calendar/reminders";
        assertThat(browser.put()
                        .uri(path)
                        .servletPath(path)
                        .contentType("application/json")
                        .content("{\"mail\": false, \"workdaysBefore\": [7, 2]}")
                        .with(authentication(owner))
                        .with(csrf()))
                .hasStatusOk();
        assertThat(get(path))
                .bodyText()
                .isEqualTo("{\"mail\":false,\"theirs\":false,\"workdaysBefore\":[7,2],\"wecom\":\"\"}");
        assertThat(browser.put()
                        .uri(path)
                        .servletPath(path)
                        .contentType("application/json")
                        .content("{\"workdaysBefore\": [99]}")
                        .with(authentication(owner))
                        .with(csrf()))
                .hasStatus(422);
    }

    @Test
    void theFeedFollowsStandingAndKeepsItsTag() {
        assertThat(browser.post()
                        .uri("/calendar/feed")
                        .with(authentication(owner))
                        .with(csrf()))
                .hasStatus3xxRedirection();
        var address = desk.feed(person).orElseThrow();
        var path = address.substring(address.indexOf("/calendar"));
        assertThat(path).doesNotContain(person.toString());
        var first = browser.get().uri(path).exchange();
        assertThat(first).hasStatusOk();
        assertThat(new String(first.getResponse().getContentAsByteArray(), StandardCharsets.UTF_8))
                .contains("BEGIN:VEVENT", "I-3.2a");
        var tag = first.getResponse().getHeader("ETag");
        assertThat(browser.get().uri(path).header("If-None-Match", String.valueOf(tag)))
                .hasStatus(304);
        assertThat(browser.get().uri(path.replace(".ics", "A.ics"))).hasStatus(404);
        people.disable(person);
        assertThat(browser.get().uri(path)).hasStatus(404);
        people.enable(person);
        desk.renewFeed(person);
        assertThat(browser.get().uri(path)).hasStatus(404);
    }

    @Test
    void remindersComeOnceInOneDigestAndLateOnesOnce() {
        people.reachAt(person, "ann@example.com", "en");
        var morning = beijing(due.minusDays(4) + "T09:00");
        assertThat(mine(morning)).as("before eight").isZero();
        reminders.run(beijing(due.minusDays(4) + "T07:59"));
        assertThat(mine(morning)).isZero();
        reminders.run(morning);
        assertThat(mine(morning)).isEqualTo(1);
        reminders.run(morning.plusSeconds(900));
        reminders.run(morning.plusSeconds(1800));
        assertThat(mine(morning)).isEqualTo(1);
        assertThat(browser.get().uri("/messages?lang=en").with(authentication(owner)))
                .hasStatusOk()
                .bodyText()
                .contains("deadlines come near");
        reminders.run(beijing(due.minusDays(1) + "T09:00"));
        reminders.run(beijing(due + "T09:00"));
        assertThat(mine(morning)).isBetween(2, 3);
        assertThat(browser.get().uri("/messages/outbox?lang=en").with(authentication(owner)))
                .hasStatusOk()
                .bodyText()
                .contains("no channel configured", "reminders")
                .doesNotContain("??", "ann@example.com");
        assertThat(browser.get().uri("/messages/templates?lang=en").with(authentication(owner)))
                .hasStatusOk()
                .bodyText()
                .doesNotContain("??");
        assertThat(browser.get()
                        .uri("/messages/templates/{t}/workbench.reminders/zh", client)
                        .with(authentication(owner)))
                .hasStatusOk()
                .bodyText()
                .contains("临近到期")
                .doesNotContain("??");
    }

    /** Agents are not reminded of deadlines unasked, but of what they have set themselves; the mail says nobody's name. */
    @Test
    void onesOwnTasksAreInTheCalendarTheFeedAndTheMail() {
        var provider = organisations.namedOrNew("Provider " + contract).id();
        var agent = people.add("agent-" + contract, "Bob", "correct horse battery", provider, Role.AGENT);
        people.reachAt(agent, "bob@example.com", "en");
        var task = UUID.randomUUID();
        JdbcClient.create(database.superuser())
                .sql("""
                        insert into relationship.task (tenant_id, id, contract_id, customer_id, kind, words, person_id, due_at,
                            remind, state, created_at, changed_at, version)
                        values (:client, :task, :contract, gen_random_uuid(), 'VISIT', '\\x00', :agent, :due, 1, 'OPEN',
                            now() - interval '1 day', now() - interval '1 day', 0)
                        """)
                .param("client", client)
                .param("task", task)
                .param("contract", contract)
                .param("agent", agent)
                .param("due", beijing(due + "T15:00").atOffset(java.time.ZoneOffset.UTC))
                .update();
        var bob = UsernamePasswordAuthenticationToken.authenticated(new SignedIn(agent, "Bob"), null, List.of());
        assertThat(browser.get()
                        .uri("/calendar?view=agenda&lang=en&month="
                                + due.toString().substring(0, 7))
                        .with(authentication(bob)))
                .hasStatusOk()
                .bodyText()
                .contains("For a customer: visit", "/relationships/tasks/" + task);
        desk.renewFeed(agent);
        var address = desk.feed(agent).orElseThrow();
        var file = desk.file(address.substring(address.lastIndexOf('/') + 1).replace(".ics", ""), "127.0.0.1");
        assertThat(file.replace("\r\n ", ""))
                .contains("UID:task-" + task + "@retainer", "SUMMARY:For a customer: visit");
        reminders.run(beijing(due.minusDays(6) + "T09:00"));
        assertThat(messages(agent)).isZero();
        reminders.run(beijing(due + "T09:00"));
        reminders.run(beijing(due + "T09:15"));
        assertThat(messages(agent)).isEqualTo(1);
        desk.prefer(agent, true, false, "");
        JdbcClient.create(database.superuser())
                .sql("update relationship.task set due_at = due_at + interval '1 hour' where id = :task")
                .param("task", task)
                .update();
        reminders.run(beijing(due + "T09:30"));
        assertThat(messages(agent)).as("who wants none").isEqualTo(1);
    }

    private int messages(UUID of) {
        return JdbcClient.create(database.superuser())
                .sql("select count(*) from messaging.message where recipient_id = :person")
                .param("person", of)
                .query(Integer.class)
                .single();
    }

    @Test
    void whoWantsNoRemindersGetsNone() {
        desk.prefer(person, true, true, "");
        reminders.run(beijing(due.minusDays(1) + "T09:00"));
        assertThat(mine(Instant.EPOCH)).isZero();
        assertThatThrownBy(() -> desk.prefer(person, true, true, "3, soon")).isInstanceOf(Refused.class);
    }

    @Test
    void aLinkIsGoodForItsPurposeOnceAndUntilItsEnd() {
        var link = links.issue(
                client, "sign", "contract/" + contract, Instant.now().plusSeconds(60), true);
        var token = links.token(link);
        assertThat(links.open(token, "sign", "a").subject()).isEqualTo("contract/" + contract);
        assertThatThrownBy(() -> links.open(token, "survey", "a")).isInstanceOf(Unknown.class);
        for (int i = 0; i < token.length(); i += 7) {
            var forged = token.substring(0, i) + (token.charAt(i) == 'A' ? 'B' : 'A') + token.substring(i + 1);
            assertThatThrownBy(() -> links.open(forged, "sign", "b")).isInstanceOf(Unknown.class);
        }
        links.use(link);
        assertThatThrownBy(() -> links.use(link)).isInstanceOf(Refused.class);
        assertThatThrownBy(() -> links.open(token, "sign", "a")).isInstanceOf(Unknown.class);
    }

    private int mine(Instant unused) {
        return JdbcClient.create(database.superuser())
                .sql("select count(*) from messaging.message where recipient_id = :person")
                .param("person", person)
                .query(Integer.class)
                .single();
    }

    private org.springframework.test.web.servlet.assertj.MvcTestResult get(String uri) {
        return browser.get().uri(uri).with(authentication(owner)).exchange();
    }

    private void open(Clause clause, Instant at) {
        duties.open(new NewDuty(
                client,
                contract,
                1,
                clause,
                Party.CLIENT,
                Party.PROVIDER,
                "duty.action.pay",
                "instalment/" + UUID.randomUUID(),
                new At(at),
                Instant.now().minusSeconds(3600),
                null));
    }

    private static Instant beijing(String local) {
        return LocalDateTime.parse(local).atZone(ZoneId.of("Asia/Shanghai")).toInstant();
    }
}
