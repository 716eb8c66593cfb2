package io.retainer.complaint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.authentication;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import io.retainer.PostgresTest;
import io.retainer.TurnableClock;
import io.retainer.complaint.ComplaintWorld.Notary;
import io.retainer.complaint.ComplaintWorld.Signed;
import io.retainer.duty.Cause;
import io.retainer.identity.Access;
import io.retainer.identity.SignedIn;
import io.retainer.kernel.Money;
import io.retainer.kernel.Refused;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.test.web.servlet.MockMvc;

/** What the desk does for those who live in it: views, many at once, warnings, help by words, and two at once. */
@SpringBootTest(properties = "db-scheduler.enabled=false")
@AutoConfigureMockMvc
@Import({PostgresTest.class, ComplaintWorld.class})
class DeskTests {

    @Autowired
    MockMvc web;

    @Autowired
    Complaints complaints;

    @Autowired
    Correspondence correspondence;

    @Autowired
    Reception reception;

    @Autowired
    CaseDesk desk;

    @Autowired
    CaseQueue queue;

    @Autowired
    KeptViews views;

    @Autowired
    ClockWarnings warnings;

    @Autowired
    TurnableClock clock;

    @Autowired
    Notary notary;

    @Autowired
    io.retainer.identity.People people;

    @Autowired
    PostgresTest.Database database;

    Signed signed;

    @BeforeEach
    void sign() {
        signed = notary.sign();
    }

    @Test
    void aViewOverAllContractsIsOnesOwn() throws Exception {
        web.perform(post("/complaints/views")
                        .param("name", "红色 P1")
                        .param("view", "ALL")
                        .param("priority", "P1")
                        .with(csrf())
                        .with(as(signed.agent())))
                .andExpect(status().is3xxRedirection());
        var kept = views.own(signed.agent().person());
        assertThat(kept)
                .singleElement()
                .satisfies(view -> assertThat(view.filter()).isEqualTo("view=ALL&priority=P1"));
        assertThat(views.own(signed.colleague().person())).isEmpty();
        assertThat(views.of(signed.agent()))
                .as("those of a contract are others")
                .isEmpty();
        web.perform(get("/complaints").with(as(signed.agent())))
                .andExpect(content().string(containsString("/complaints?view=ALL&amp;priority=P1")));
        web.perform(get("/complaints").with(as(signed.colleague())))
                .andExpect(content().string(not(containsString("红色 P1"))));
        web.perform(post("/complaints/views").param("name", " ").with(csrf()).with(as(signed.agent())))
                .andExpect(status().is(422));
        // The same name again takes the place of what was kept.
        views.keepOwn(signed.agent().person(), "红色 P1", Filter.OPEN);
        assertThat(views.own(signed.agent().person())).hasSize(1);
        views.dropOwn(signed.colleague().person(), kept.getFirst().id());
        assertThat(views.own(signed.agent().person()))
                .as("nobody else drops it")
                .hasSize(1);
        web.perform(post("/complaints/views/" + kept.getFirst().id() + "/drop")
                        .with(csrf())
                        .with(as(signed.agent())))
                .andExpect(status().is3xxRedirection());
        assertThat(views.own(signed.agent().person())).isEmpty();
        IntStream.range(0, 30).forEach(i -> views.keepOwn(signed.agent().person(), "v" + i, Filter.OPEN));
        assertThatThrownBy(() -> views.keepOwn(signed.agent().person(), "one more", Filter.OPEN))
                .isInstanceOf(Refused.class)
                .hasMessage("complaint.view.many");
    }

    /** What a figure of the analysis counts is what its link lists. */
    @Test
    void figuresLeadToTheirCases() throws Exception {
        clock.set("2025-02-01T10:00");
        reception.take(signed.agent(), in("上海 浦东", "电饭煲 3L"), List.of());
        clock.set("2025-02-10T10:00");
        var near = reception.take(signed.agent(), in("上海 浦东", null), List.of()).id();
        reception.take(signed.agent(), in("北京", "电饭煲 3L"), List.of());
        var page = web.perform(get("/contracts/" + signed.contract() + "/complaints/analysis")
                        .with(as(signed.owner())))
                .andReturn()
                .getResponse()
                .getContentAsString(StandardCharsets.UTF_8);
        var links = java.util.regex.Pattern.compile("href=\"([^\"]*[?&](?:amp;)?(?:region|product|age)=[^\"]*)\"")
                .matcher(page)
                .results()
                .map(found -> found.group(1).replace("&amp;", "&"))
                .toList();
        assertThat(links)
                .anyMatch(link -> link.contains("region=%E4%B8%8A"))
                .anyMatch(link -> link.contains("age=WEEK"));
        for (var link : links) {
            web.perform(get(java.net.URI.create(link)).with(as(signed.owner()))).andExpect(status().isOk());
        }
        assertThat(numbers(filter("上海 浦东", null, null, null))).hasSize(2);
        assertThat(numbers(filter("上海 浦东", null, null, 5))).hasSize(1);
        assertThat(numbers(filter(null, "电饭煲 3L", null, null))).hasSize(2);
        assertThat(numbers(filter(null, null, Age.MONTH, null))).hasSize(1);
        assertThat(numbers(filter(null, null, Age.DAY, 90))).hasSize(2);
        assertThatThrownBy(() -> numbers(filter(null, null, null, 0)))
                .isInstanceOf(Refused.class)
                .hasMessage("complaint.bad.days");
        web.perform(get("/contracts/" + signed.contract() + "/complaints")
                        .param("days", "9999")
                        .with(as(signed.agent())))
                .andExpect(status().is(422));
        // A narrowed queue can be kept and is found again as it was.
        views.keep(signed.agent(), "浦东", filter("上海 浦东", null, null, 5));
        var kept = views.of(signed.agent()).getFirst().filter();
        web.perform(get(java.net.URI.create("/contracts/" + signed.contract() + "/complaints?" + kept))
                        .with(as(signed.agent())))
                .andExpect(content().string(containsString(near.toString())))
                .andExpect(content().string(containsString("上海 浦东")));
    }

    private List<Long> numbers(Filter filter) {
        return queue.page(signed.agent().person(), List.of(signed.agent()), filter, "", null).lines().stream()
                .map(CaseQueue.Line::number)
                .toList();
    }

    private static Filter filter(
            @Nullable String region, @Nullable String product, @Nullable Age age, @Nullable Integer days) {
        return new Filter(null, null, null, null, null, null, null, product, region, age, days, null);
    }

    private static NewComplaint in(String region, @Nullable String product) {
        return new NewComplaint(
                Intake.PHONE, "zh", "王小明", "13800138000", null, null, "坏了", Remedy.REPAIR, product, region, null);
    }

    @Test
    void whatIsDueIsSaidAsPeopleSayIt() {
        var now = ComplaintWorld.at("2025-02-10T10:00");
        assertThat(CaseQueue.due(ComplaintWorld.at("2025-02-11T00:00"), now).key())
                .isEqualTo("complaint.due.today");
        assertThat(CaseQueue.due(ComplaintWorld.at("2025-02-12T00:00"), now).key())
                .isEqualTo("complaint.due.tomorrow");
        assertThat(CaseQueue.due(ComplaintWorld.at("2025-02-10T00:00"), now).key())
                .isEqualTo("complaint.due.yesterday");
        assertThat(CaseQueue.due(ComplaintWorld.at("2025-02-10T12:05"), now).arguments())
                .contains("12:05");
        assertThat(CaseQueue.due(ComplaintWorld.at("2025-02-15T00:00"), now).arguments())
                .containsExactly(java.time.LocalDate.of(2025, 2, 14));
    }

    @Test
    void manyAtOnceOverAllContracts() throws Exception {
        var one = phoned("13800138000");
        var two = phoned("13800138001");
        web.perform(get("/complaints").with(as(signed.agent())))
                .andExpect(content().string(containsString(signed.contract() + "_" + one)));
        web.perform(post("/complaints/bulk")
                        .param("ids", signed.contract() + "_" + one, signed.contract() + "_" + two)
                        .param("act", "acknowledge")
                        .with(csrf())
                        .with(as(signed.agent())))
                .andExpect(status().is3xxRedirection());
        assertThat(List.of(one, two)).allSatisfy(id -> assertThat(stage(id)).isEqualTo(StageName.ACKNOWLEDGED));
        // Those that are done stay done, and what was refused says why.
        web.perform(post("/complaints/bulk")
                        .param("ids", signed.contract() + "_" + one)
                        .param("act", "acknowledge")
                        .with(csrf())
                        .with(as(signed.agent())))
                .andExpect(status().isOk())
                .andExpect(content().string(containsString("alert-warning")));
        web.perform(post("/complaints/bulk")
                        .param("ids", UUID.randomUUID() + "_" + one)
                        .param("act", "take")
                        .with(csrf())
                        .with(as(signed.agent())))
                .andExpect(status().isNotFound());
        web.perform(post("/complaints/bulk")
                        .param("ids", "nonsense")
                        .param("act", "take")
                        .with(csrf())
                        .with(as(signed.agent())))
                .andExpect(status().isNotFound());
        web.perform(post("/complaints/bulk").param("act", "take").with(csrf()).with(as(signed.agent())))
                .andExpect(status().is(422));
        web.perform(post("/complaints/bulk")
                        .param("ids", signed.contract() + "_" + one)
                        .param("act", "take")
                        .with(csrf())
                        .with(as(signed.owner())))
                .andExpect(status().is(422));
    }

    /** Each client has its own index of words and numbers; what the person may not see is never found. */
    @Test
    void searchesOverAllContractsPageByPage() throws Exception {
        var other = notary.sign();
        people.join(signed.agent().person(), provider(other), io.retainer.identity.Role.AGENT);
        var here = phoned("13800138000");
        var there = reception
                .take(other.agent(), wanted("发票开错两次", "13800138000"), List.of())
                .id();
        var strange = notary.sign();
        reception.take(strange.agent(), wanted("发票开错两次", "13800138000"), List.of());
        var mine = queue.accesses(signed.agent().person());
        assertThat(queue.page(signed.agent().person(), mine, Filter.OPEN, "13800138000", null)
                        .lines())
                .extracting(CaseQueue.Line::id)
                .containsExactlyInAnyOrder(there, here);
        assertThat(queue.page(signed.agent().person(), mine, Filter.OPEN, "开错两次", null)
                        .lines())
                .extracting(CaseQueue.Line::id)
                .containsExactly(there);
        for (int i = 0; i < 30; i++) {
            reception.take(signed.agent(), wanted("包装破损", "13900139%03d".formatted(i)), List.of());
            reception.take(other.agent(), wanted("包装破损", "13900138%03d".formatted(i)), List.of());
        }
        var page = queue.page(signed.agent().person(), mine, Filter.OPEN, "包装破损", null);
        assertThat(page.lines()).hasSize(50);
        var rest = queue.page(signed.agent().person(), mine, Filter.OPEN, "包装破损", page.next());
        assertThat(rest.lines()).hasSize(10);
        assertThat(rest.next()).isNull();
        assertThat(java.util.stream.Stream.concat(page.lines().stream(), rest.lines().stream())
                        .map(CaseQueue.Line::id)
                        .distinct())
                .hasSize(60);
        web.perform(post("/complaints/search").param("q", "包装破损").with(csrf()).with(as(signed.agent())))
                .andExpect(status().isOk())
                .andExpect(content().string(containsString("name=\"after\"")));
        web.perform(post("/complaints/search").param("q", "包").with(csrf()).with(as(signed.agent())))
                .andExpect(status().isUnprocessableContent())
                .andExpect(content().string(containsString("请至少输入两个字")));
        web.perform(post("/api/v1/complaints/search")
                        .contentType("application/json")
                        .content("{\"q\": \"开错两次\"}")
                        .with(csrf())
                        .with(as(signed.agent())))
                .andExpect(status().isOk())
                .andExpect(content().string(containsString(there.toString())));
    }

    /** Whom one gives to works under one of two contracts: there it is done, elsewhere refused by number, and nothing is lost. */
    @Test
    void assignsOverAllContractsWithTheRightsOfEach() throws Exception {
        var other = notary.sign();
        people.join(signed.agent().person(), provider(other), io.retainer.identity.Role.AGENT);
        var here = phoned("13800138000");
        var there = reception
                .take(other.agent(), wanted("发票开错", "13800138002"), List.of())
                .id();
        var number = desk.show(other.agent(), there).complaint().number();
        web.perform(get("/complaints").with(as(signed.agent())))
                .andExpect(content().string(containsString("id=\"bulk-owner\"")))
                .andExpect(content()
                        .string(containsString(signed.colleague().person().toString())))
                .andExpect(content()
                        .string(containsString(other.colleague().person().toString())));
        web.perform(post("/complaints/bulk")
                        .param("ids", signed.contract() + "_" + here, other.contract() + "_" + there)
                        .param("act", "assign")
                        .param("owner", signed.colleague().person().toString())
                        .with(csrf())
                        .with(as(signed.agent())))
                .andExpect(status().isOk())
                .andExpect(content().string(containsString("#" + number)));
        assertThat(desk.show(signed.agent(), here).complaint().owner())
                .isEqualTo(signed.colleague().person());
        assertThat(desk.show(other.agent(), there).complaint().owner()).isNull();
        web.perform(post("/api/v1/complaints/acts/assign")
                        .contentType("application/json")
                        .content("""
                                {"owner": "%s", "complaints": [{"contract": "%s", "complaint": "%s"}]}
                                """.formatted(other.colleague().person(), other.contract(), there))
                        .with(csrf())
                        .with(as(signed.agent())))
                .andExpect(status().isOk())
                .andExpect(content().json("{\"done\": 1, \"refused\": []}"));
        assertThat(desk.show(other.agent(), there).complaint().owner())
                .isEqualTo(other.colleague().person());
        // Somebody to assign to is missing: nothing happens to any of them.
        web.perform(post("/complaints/bulk")
                        .param("ids", signed.contract() + "_" + here)
                        .param("act", "assign")
                        .with(csrf())
                        .with(as(signed.agent())))
                .andExpect(status().is(422));
        // One who may not see the other contract does nothing under either.
        web.perform(post("/complaints/bulk")
                        .param("ids", signed.contract() + "_" + here, other.contract() + "_" + there)
                        .param("act", "take")
                        .with(csrf())
                        .with(as(signed.colleague())))
                .andExpect(status().isNotFound());
    }

    private UUID provider(Signed of) {
        return people.memberships(of.agent().person()).getFirst().organisation();
    }

    /** Near the end the owner hears of it, over it the leads do too; all that is new in one message, and each clock once. */
    @Test
    void clocksAreWarnedOfInOneDigestForEachPerson() {
        clock.set("2025-02-10T09:00");
        var mine = IntStream.range(0, 3).mapToObj(i -> phoned("1380013800" + i)).toList();
        mine.forEach(id -> complaints.assign(
                signed.agent(),
                id,
                null,
                signed.agent().person(),
                java.util.Set.of(signed.agent().person())));
        phoned("13900139000");
        warnings.run(clock.instant());
        assertThat(digests(signed.agent())).as("all the time in the world").isEmpty();
        clock.set("2025-02-10T10:35");
        warnings.run(clock.instant());
        warnings.run(clock.instant());
        assertThat(digests(signed.agent()))
                .as("three first responses near their end, one message")
                .singleElement()
                .asString()
                .contains("\"count\":\"3\"", "\"late\":\"0\"");
        assertThat(digests(signed.lead()))
                .as("what belongs to nobody")
                .singleElement()
                .asString()
                .contains("\"count\":\"1\"");
        assertThat(digests(signed.colleague())).isEmpty();
        correspondence.reply(signed.agent(), mine.getFirst(), "您好", List.of());
        complaints.acknowledge(signed.agent(), mine.get(1), null);
        clock.set("2025-02-10T11:01");
        warnings.run(clock.instant());
        warnings.run(clock.instant());
        assertThat(digests(signed.agent()))
                .as("one is over, two were answered")
                .hasSize(2)
                .last()
                .asString()
                .contains("\"count\":\"1\"", "\"late\":\"1\"");
        assertThat(digests(signed.lead()))
                .as("both that are over are told to the leads")
                .hasSize(2)
                .last()
                .asString()
                .contains("\"late\":\"2\"");
        complaints.pause(signed.agent(), mine.get(2), null, Cause.CUSTOMER, "等照片");
        complaints.acknowledge(signed.agent(), mine.getFirst(), null);
        clock.set("2025-02-11T17:50");
        warnings.run(clock.instant());
        assertThat(digests(signed.agent()))
                .as("a clock that waits is nobody's hurry")
                .hasSize(2);
    }

    private List<String> digests(Access person) {
        return JdbcClient.create(database.superuser())
                .sql("select words from messaging.message where kind = 'complaint.clocks' and recipient_id = :person"
                        + " order by id")
                .param("person", person.person())
                .query((row, _) -> row.getString(1))
                .list();
    }

    /** From the client's own closed cases, with the words that decided; filled in by a person, never by the machine. */
    @Test
    void aTextIsHelpedWithAndNothingIsAppliedByItself() throws Exception {
        var delivery = List.of("快递五天才送到，外箱破损", "物流信息一直不更新", "快递员把包裹丢在门口", "送货改了三次，快递没有通知", "快递丢件", "快递慢");
        var billing = List.of("重复扣款，账单多出一笔钱", "优惠券没有抵扣，账单多付了钱", "账单金额与小票不一致", "账单重复扣款", "账单多收钱", "多扣一笔钱");
        delivery.forEach(text -> closed(signed.agent(), text, Category.DELIVERY));
        billing.forEach(text -> closed(signed.colleague(), text, Category.BILLING));
        var id = said("快递到现在还没有送到", "13700137000");
        complaints.acknowledge(signed.agent(), id, null);
        var help = Objects.requireNonNull(desk.show(signed.agent(), id).help());
        var category = Objects.requireNonNull(help.category());
        assertThat(help.learnedFrom()).isEqualTo(12);
        assertThat(category.label()).isEqualTo(Category.DELIVERY);
        assertThat(category.because()).contains("快递");
        assertThat(category.confidence()).isBetween(0.5, 1.0);
        assertThat(Objects.requireNonNull(help.owner()).label())
                .isEqualTo(signed.agent().person());
        var page = web.perform(get("/contracts/" + signed.contract() + "/complaints/" + id)
                        .param("lang", "en")
                        .with(as(signed.agent())))
                .andReturn()
                .getResponse()
                .getContentAsString(StandardCharsets.UTF_8);
        assertThat(page).contains("快递", "12").doesNotContain("value=\"DELIVERY\" selected");
        assertThat(desk.show(signed.agent(), id).complaint().assessed())
                .as("a proposal is no assessment")
                .isNull();
        assertThat(desk.show(signed.owner(), id).help())
                .as("help is for who works")
                .isNull();
        var stranger = notary.sign();
        var theirs = reception
                .take(stranger.agent(), wanted("快递到现在还没有送到", "13700137000"), List.of())
                .id();
        complaints.acknowledge(stranger.agent(), theirs, null);
        assertThat(Objects.requireNonNull(desk.show(stranger.agent(), theirs).help())
                        .category())
                .as("nothing one client's cases teach is used for another")
                .isNull();
    }

    private void closed(Access who, String text, Category category) {
        var id = said(text, "13800138000");
        complaints.acknowledge(who, id, null);
        complaints.assess(
                who, id, null, new Assessed(category, Grade.MIDDLE, Grade.LOW, Grade.MIDDLE, Hazard.NONE), null);
        complaints.investigate(who, id, null);
        complaints.propose(who, id, null, RootCause.PROCESS, Remedy.APOLOGY, Money.ZERO, "已核实");
        complaints.communicate(who, id, null, "非常抱歉");
        complaints.accept(who, id, null);
        complaints.visit(who, id, null, true, null);
        complaints.close(who, id, null, RootCause.PROCESS, null);
    }

    /** Eight at once: of eight decisions one counts and the others are told; of eight notes and replies none is lost. */
    @Test
    void twoAtOnceNeverLoseEithersWords() throws Exception {
        var id = phoned("13800138000");
        complaints.acknowledge(signed.agent(), id, null);
        int seen = desk.show(signed.agent(), id).complaint().version();
        var start = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var done = IntStream.range(0, 8)
                    .mapToObj(i -> threads.submit(() -> {
                        start.await();
                        var who = i % 2 == 0 ? signed.agent() : signed.colleague();
                        correspondence.note(who, id, "记录" + i, List.of(), java.util.Map.of());
                        correspondence.reply(who, id, "答复" + i, List.of());
                        try {
                            complaints.assess(who, id, seen, HandlingTests.USUAL, "理由" + i);
                            return 1;
                        } catch (Refused refused) {
                            assertThat(refused).hasMessage("complaint.refused.changed");
                            return 0;
                        }
                    }))
                    .toList();
            start.countDown();
            int assessed = 0;
            for (var each : done) {
                assessed += each.get();
            }
            assertThat(assessed).as("a page that has grown old decides nothing").isLessThanOrEqualTo(1);
        }
        var texts = desk.show(signed.agent(), id).entries().stream()
                .map(CaseDesk.Shown::text)
                .toList();
        IntStream.range(0, 8).forEach(i -> assertThat(texts).contains("记录" + i, "答复" + i));
    }

    private UUID phoned(String phone) {
        return said("快递未到", phone);
    }

    private UUID said(String text, String phone) {
        return reception.take(signed.agent(), wanted(text, phone), List.of()).id();
    }

    private static NewComplaint wanted(String text, String phone) {
        return new NewComplaint(Intake.PHONE, "zh", "王小明", phone, null, null, text, Remedy.REFUND, null, null, null);
    }

    private StageName stage(UUID id) {
        return desk.show(signed.agent(), id).complaint().stage().name();
    }

    private static org.springframework.test.web.servlet.request.RequestPostProcessor as(Access person) {
        return authentication(UsernamePasswordAuthenticationToken.authenticated(
                new SignedIn(person.person(), "somebody"), null, List.of()));
    }
}
