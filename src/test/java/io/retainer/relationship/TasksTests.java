package io.retainer.relationship;

import static io.retainer.relationship.RelationWorld.signedIn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.authentication;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;

import io.retainer.PostgresTest;
import io.retainer.TurnableClock;
import io.retainer.contract.PersonalDates;
import io.retainer.identity.Access;
import io.retainer.kernel.Refused;
import io.retainer.relationship.Tasks.Outcome;
import io.retainer.relationship.Tasks.Wanted;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;

/** Tasks with their rows, lists, pages, and what calendars and reminders are told of them. */
@SpringBootTest(properties = "db-scheduler.enabled=false")
@AutoConfigureMockMvc
@Import({PostgresTest.class, RelationWorld.class})
class TasksTests {

    @Autowired
    Tasks tasks;

    @Autowired
    Relations relations;

    @Autowired
    RelationDesk desk;

    @Autowired
    RelationSweep sweep;

    @Autowired
    List<PersonalDates> dates;

    @Autowired
    RelationWorld.Parties parties;

    @Autowired
    TurnableClock clock;

    @Autowired
    PostgresTest.Database database;

    @Autowired
    MockMvcTester browser;

    private RelationWorld.Signed signed;
    private Access ann;
    private Access bob;
    private UUID customer;

    @BeforeEach
    void aCustomerThatAnnHolds() {
        signed = parties.sign();
        ann = signed.ann();
        bob = signed.bob();
        relations.rule(signed.lead(), new PoolRules(5, 60, 7, Map.of(Tier.KEY, 30), 0));
        customer = held(signed, "李静");
    }

    private UUID held(RelationWorld.Signed where, String name) {
        var id = parties.known(where, name);
        relations.begin(where.ann(), id, Tier.KEY);
        relations.pick(where.ann(), id);
        return id;
    }

    @Test
    void onesOwnOverAllContractsOverdueFirst() {
        var other = parties.another(signed);
        var elsewhere = held(other, "王强");
        var later = plan(ann, customer, TaskKind.SEND, "2025-02-14", null);
        var soon = plan(other.ann(), elsewhere, TaskKind.CALL, "2025-02-11", null);
        var bobs = tasks.plan(
                ann, customer, new Wanted(TaskKind.VISIT, "门店面谈", day("2025-02-11"), null, 1, bob.person(), null));
        clock.set("2025-02-12T10:00");
        var today = plan(ann, customer, TaskKind.VISIT, "2025-02-12", LocalTime.of(15, 0));
        var own = tasks.own(ann.person(), Tasks.Sought.OWN, Tasks.PAGE);
        assertThat(own.lines()).extracting(line -> line.task().id()).containsExactly(soon, today, later);
        assertThat(own.late()).isEqualTo(1);
        assertThat(own.today()).isEqualTo(1);
        assertThat(own.lines().getFirst().words()).isEqualTo("提前告知新品");
        assertThat(own.lines().getFirst().title()).contains("合同");
        assertThat(Objects.requireNonNull(own.lines().getFirst().customer()).name())
                .doesNotContain("王强");
        assertThat(ids(bob)).containsExactly(bobs);
        assertThat(tasks.own(signed.lead().person(), Tasks.Sought.TEAMS, Tasks.PAGE)
                        .lines())
                .hasSize(4);
        assertThat(tasks.own(bob.person(), Tasks.Sought.TEAMS, Tasks.PAGE).lines())
                .isEmpty();
        assertThat(tasks.own(signed.owner().person(), Tasks.Sought.OWN, Tasks.PAGE)
                        .lines())
                .isEmpty();
    }

    @Test
    void whatIsToBeDoneIsSealed() {
        var task = plan(ann, customer, TaskKind.CALL, "2025-02-14", null);
        var raw = JdbcClient.create(database.superuser())
                .sql("select words from relationship.task where id = :id")
                .param("id", task)
                .query((row, _) -> row.getBytes(1))
                .single();
        assertThat(new String(raw, StandardCharsets.UTF_8)).doesNotContain("新品");
    }

    /** Two tasks of the customer that changes hands go along; somebody else's on it, and those of other customers, stay. */
    @Test
    void aHandOverTakesOpenTasksAlong() {
        var other = held(signed, "王强");
        var first = plan(ann, customer, TaskKind.CALL, "2025-02-14", null);
        var done = plan(ann, customer, TaskKind.CALL, "2025-02-14", null);
        var stays = plan(ann, other, TaskKind.CALL, "2025-02-14", null);
        tasks.done(ann, done, null);
        relations.handOver(ann, customer, bob.person());
        assertThat(ids(bob)).containsExactly(first);
        assertThat(ids(ann)).containsExactly(stays);
        assertThat(tasks.line(ann, done).task().person()).isEqualTo(ann.person());
        assertThat(relations
                        .handOverAll(signed.lead(), ann.person(), bob.person())
                        .customers())
                .isEqualTo(1);
        assertThat(ids(bob)).containsExactlyInAnyOrder(first, stays);
        assertThat(ids(ann)).isEmpty();
        assertThat(kinds(first)).containsExactly("relationship.TaskPlanned", "relationship.TaskAssigned");
    }

    /** By hand and by the clock: what lies in the pool waits for whoever picks the customer. */
    @Test
    void thePoolKeepsTheTasksForWhoeverPicksNext() {
        var task = plan(ann, customer, TaskKind.CALL, "2025-06-30", null);
        relations.release(ann, customer);
        assertThat(tasks.line(ann, task).task().person()).isNull();
        assertThat(ids(ann)).isEmpty();
        relations.pick(bob, customer);
        assertThat(ids(bob)).containsExactly(task);
        clock.set("2025-05-20T10:00");
        sweep.run(clock.instant());
        assertThat(ids(bob)).isEmpty();
        assertThat(tasks.own(signed.lead().person(), Tasks.Sought.TEAMS, Tasks.PAGE)
                        .lines())
                .hasSize(1);
        relations.pick(ann, customer);
        assertThat(ids(ann)).containsExactly(task);
    }

    @Test
    void aVisitThatIsDoneIsWrittenDownAndCountsAsAContact() {
        var visit = plan(ann, customer, TaskKind.VISIT, "2025-02-10", LocalTime.of(15, 0));
        clock.set("2025-02-10T16:00");
        tasks.done(ann, visit, new Outcome(null, true, "面谈顺利", RelationWorld.at("2025-02-10T15:10")));
        var whole = desk.whole(ann, customer);
        assertThat(Objects.requireNonNull(whole.relation()).lastContactAt())
                .isEqualTo(RelationWorld.at("2025-02-10T15:10"));
        assertThat(tasks.line(ann, visit).task().state()).isEqualTo(TaskState.DONE);
        // Refused, and then nothing of it is left.
        var call = plan(ann, customer, TaskKind.CALL, "2025-02-11", null);
        refused(
                "messaging.refused.never",
                () -> tasks.done(ann, call, new Outcome(CallGround.CARE, true, "问候", clock.instant())));
        assertThat(tasks.line(ann, call).task().open()).isTrue();
        assertThat(desk.whole(ann, customer).steps()).hasSize(whole.steps().size());
    }

    /** Friday the 14th is followed by Monday; what is overdue goes to the day after today. */
    @Test
    void postponingGoesToTheNextWorkingDay() {
        var task = plan(ann, customer, TaskKind.CALL, "2025-02-14", LocalTime.of(9, 30));
        tasks.postpone(ann, task);
        assertThat(tasks.line(ann, task).task().dueAt()).isEqualTo(RelationWorld.at("2025-02-17T09:30"));
        clock.set("2025-02-20T10:00");
        tasks.postpone(ann, task);
        assertThat(tasks.line(ann, task).task().dueAt()).isEqualTo(RelationWorld.at("2025-02-21T09:30"));
    }

    @Test
    void refusalsSayWhy() {
        var task = plan(ann, customer, TaskKind.CALL, "2025-02-14", null);
        refused("relationship.refused.taskNotYours", () -> tasks.done(bob, task, null));
        refused("identity.notAllowed", () -> tasks.done(noRights(), task, null));
        var stranger = parties.known(signed, "赵六");
        refused("relationship.refused.notBegun", () -> plan(ann, stranger, TaskKind.CALL, "2025-02-14", null));
        refused(
                "relationship.refused.agent",
                () -> tasks.plan(
                        ann,
                        customer,
                        new Wanted(
                                TaskKind.CALL,
                                "x",
                                day("2025-02-14"),
                                null,
                                null,
                                signed.owner().person(),
                                null)));
        tasks.drop(ann, task);
        refused("relationship.refused.taskEnded", () -> tasks.done(ann, task, null));
    }

    private Access noRights() {
        return new Access(ann.person(), ann.tenant(), ann.contract(), ann.party(), java.util.Set.of());
    }

    /** Nothing of the customer and nothing that was written goes into calendars and mails. */
    @Test
    void calendarsAndRemindersAreTold() {
        var visit = tasks.plan(
                ann,
                customer,
                new Wanted(TaskKind.VISIT, "门店面谈", day("2025-02-14"), LocalTime.of(15, 0), 1, null, null));
        var silent = plan(ann, customer, TaskKind.CALL, "2025-02-14", null);
        var source = dates.getFirst();
        var since = RelationWorld.at("2025-02-01T00:00");
        var until = RelationWorld.at("2025-03-01T00:00");
        assertThat(source.of(List.of(ann), since, until))
                .extracting(PersonalDates.PersonalDate::uid)
                .containsExactly("task-" + visit + "@retainer", "task-" + silent + "@retainer");
        assertThat(source.of(List.of(bob), since, until)).isEmpty();
        assertThat(source.of(List.of(signed.owner()), since, until)).isEmpty();
        var told = source.upcoming(clock.instant(), until).stream()
                .filter(date -> date.tenant().equals(signed.tenant()))
                .toList();
        assertThat(told).hasSize(1);
        assertThat(told.getFirst().person()).isEqualTo(ann.person());
        assertThat(told.getFirst().says().arguments()).containsExactly(TaskKind.VISIT);
        tasks.done(ann, visit, null);
        assertThat(source.upcoming(clock.instant(), until))
                .noneMatch(date -> date.tenant().equals(signed.tenant()));
    }

    @Test
    void whoeverIsGivenATaskHearsOfIt() {
        var own = plan(ann, customer, TaskKind.CALL, "2025-02-14", null);
        assertThat(news(ann)).as("what one plans oneself").isEmpty();
        tasks.plan(
                ann, customer, new Wanted(TaskKind.VISIT, "门店面谈", day("2025-02-14"), null, null, bob.person(), null));
        tasks.assign(signed.lead(), own, bob.person());
        tasks.assign(signed.lead(), own, ann.person());
        assertThat(news(ann)).singleElement().asString().contains("2025", "14").doesNotContain("提前告知新品", "李静");
        assertThat(news(bob)).hasSize(2).noneMatch(subject -> subject.contains("门店面谈"));
    }

    private List<String> news(Access who) {
        return JdbcClient.create(database.superuser())
                .sql("select words from messaging.message where kind = 'relationship.task' and recipient_id = :person")
                .param("person", who.person())
                .query((row, _) -> row.getString("words"))
                .list();
    }

    @Test
    void tasksAreSoughtByKindTimeAndPersonAndComePageByPage() {
        var late = plan(ann, customer, TaskKind.CALL, "2025-02-11", null);
        var at = plan(ann, customer, TaskKind.VISIT, "2025-02-12", LocalTime.of(10, 0));
        var today = plan(ann, customer, TaskKind.CALL, "2025-02-12", null);
        var later = plan(ann, customer, TaskKind.SEND, "2025-02-13", null);
        var bobs = tasks.plan(
                ann, customer, new Wanted(TaskKind.CALL, "门店面谈", day("2025-02-14"), null, 1, bob.person(), null));
        clock.set("2025-02-12T10:00");
        assertThat(sought(ann, false, null, TaskTime.LATE, null)).containsExactly(late, at);
        assertThat(sought(ann, false, null, TaskTime.TODAY, null)).containsExactly(today);
        assertThat(sought(ann, false, null, TaskTime.LATER, null)).containsExactly(later);
        assertThat(sought(ann, false, TaskKind.CALL, TaskTime.ALL, null)).containsExactly(late, today);
        assertThat(sought(ann, false, null, TaskTime.ALL, bob.person())).hasSize(4);
        assertThat(sought(signed.lead(), true, null, TaskTime.ALL, bob.person()))
                .containsExactly(bobs);
        assertThat(sought(bob, true, null, TaskTime.ALL, ann.person())).isEmpty();
        var first = tasks.own(ann.person(), Tasks.Sought.OWN, 3);
        assertThat(first.lines()).extracting(line -> line.task().id()).containsExactly(late, at, today);
        assertThat(first.late()).isEqualTo(2);
        assertThat(first.today()).isEqualTo(1);
        var rest = tasks.own(ann.person(), new Tasks.Sought(false, null, TaskTime.ALL, null, first.next()), 3);
        assertThat(rest.lines()).extracting(line -> line.task().id()).containsExactly(later);
        assertThat(rest.next()).isNull();
        assertThat(rest.late()).isEqualTo(2);
        assertThat(tasks.own(signed.lead().person(), Tasks.Sought.TEAMS, 3).persons())
                .containsOnlyKeys(ann.person(), bob.person());
        assertThat(get(ann, "/tasks?time=LATER&kind=CALL&lang=en"))
                .bodyText()
                .contains("No task is like that.", "Show all");
        assertThat(get(signed.lead(), "/tasks?team=true&person=" + bob.person() + "&lang=en"))
                .hasStatusOk()
                .bodyText()
                .contains(bobs.toString())
                .doesNotContain(late.toString());
    }

    private List<UUID> sought(Access who, boolean team, @Nullable TaskKind kind, TaskTime time, @Nullable UUID person) {
        return tasks.own(who.person(), new Tasks.Sought(team, kind, time, person, null), Tasks.PAGE).lines().stream()
                .map(line -> line.task().id())
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"zh-CN", "en"})
    void pagesShowTheListAndEachTask(String language) {
        var task = plan(ann, customer, TaskKind.CALL, "2025-02-14", null);
        var path = "/contracts/" + ann.contract() + "/relationships/tasks/" + task;
        assertThat(get(ann, "/tasks?lang=" + language))
                .hasStatusOk()
                .bodyText()
                .contains("提前告知新品", path, "data-row-key=\"d\"")
                .doesNotContain("李静", "??");
        assertThat(get(ann, path + "?lang=" + language))
                .hasStatusOk()
                .bodyText()
                .contains("/done")
                .doesNotContain("??");
        assertThat(get(signed.owner(), path)).hasStatusOk().bodyText().doesNotContain("/done\"");
        assertThat(get(ann, "/contracts/" + ann.contract() + "/relationships/" + customer))
                .bodyText()
                .contains(path);
        assertThat(browser.post()
                        .uri(path + "/done")
                        .param("back", "list")
                        .with(authentication(signedIn(ann)))
                        .with(csrf()))
                .hasRedirectedUrl("/tasks");
        assertThat(browser.post()
                        .uri(path + "/done")
                        .with(authentication(signedIn(ann)))
                        .with(csrf()))
                .hasStatus(422)
                .bodyText()
                .contains("role=\"alert\"");
        assertThat(get(parties.sign().ann(), path)).hasStatus(404);
    }

    private MvcTestResult get(Access who, String path) {
        return browser.get().uri(path).with(authentication(signedIn(who))).exchange();
    }

    private UUID plan(Access by, UUID whom, TaskKind kind, String day, @Nullable LocalTime time) {
        return tasks.plan(by, whom, new Wanted(kind, "提前告知新品", day(day), time, null, null, null));
    }

    private List<UUID> ids(Access who) {
        return tasks.own(who.person(), Tasks.Sought.OWN, Tasks.PAGE).lines().stream()
                .map(line -> line.task().id())
                .toList();
    }

    private List<String> kinds(UUID task) {
        return JdbcClient.create(database.superuser())
                .sql(
                        "select kind from evidence.leaf where tenant_id = :tenant and subject = :subject order by recorded_at, id")
                .param("tenant", ann.tenant())
                .param("subject", "task/" + task)
                .query((row, _) -> row.getString(1))
                .list();
    }

    private static LocalDate day(String day) {
        return LocalDate.parse(day);
    }

    private static void refused(String key, Runnable act) {
        assertThatThrownBy(act::run)
                .isInstanceOfSatisfying(
                        Refused.class,
                        refusal -> assertThat(refusal.sentence().key()).isEqualTo(key));
    }
}
