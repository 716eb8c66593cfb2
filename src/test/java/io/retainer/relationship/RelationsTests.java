package io.retainer.relationship;

import static io.retainer.relationship.RelationWorld.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.authentication;

import io.retainer.PostgresTest;
import io.retainer.TurnableClock;
import io.retainer.customer.Channel;
import io.retainer.customer.Consents;
import io.retainer.customer.CustomerKind;
import io.retainer.customer.Customers;
import io.retainer.customer.DataPurpose;
import io.retainer.customer.NewCustomer;
import io.retainer.customer.Orders;
import io.retainer.customer.ProofKind;
import io.retainer.duty.AssessedDuty;
import io.retainer.duty.Duties;
import io.retainer.duty.DutyState;
import io.retainer.identity.Access;
import io.retainer.identity.SignedIn;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Money;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import io.retainer.relationship.RelationRows.View;
import io.retainer.vault.Purpose;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
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
import org.springframework.test.web.servlet.assertj.MockMvcTester;

/** The pool, the plan and the time line with their rows, duties and pages. */
@SpringBootTest(properties = "db-scheduler.enabled=false")
@AutoConfigureMockMvc
@Import({PostgresTest.class, RelationWorld.class})
class RelationsTests {

    @Autowired
    Relations relations;

    @Autowired
    RelationDesk desk;

    @Autowired
    RelationSweep sweep;

    @Autowired
    Customers customers;

    @Autowired
    Consents consents;

    @Autowired
    Ties ties;

    @Autowired
    Orders orders;

    @Autowired
    Duties duties;

    @Autowired
    RelationWorld.Parties parties;

    @Autowired
    TurnableClock clock;

    @Autowired
    PostgresTest.Database database;

    @Autowired
    MockMvcTester browser;

    private RelationWorld.Signed signed;
    private Access lead;
    private Access ann;
    private Access bob;
    private Access owner;
    private UUID customer;

    @BeforeEach
    void aCustomerInThePool() {
        signed = parties.sign();
        lead = signed.lead();
        ann = signed.ann();
        bob = signed.bob();
        owner = signed.owner();
        relations.rule(lead, new PoolRules(2, 60, 7, Map.of(Tier.KEY, 30), 0));
        customer = known("李静");
        relations.begin(ann, customer, Tier.KEY);
    }

    private UUID known(String name) {
        return parties.known(signed, name);
    }

    // The pool

    @Test
    void ofTwoWhoPickAtOnceOneGetsTheCustomer() throws Exception {
        try (var threads = Executors.newFixedThreadPool(2)) {
            var outcomes = threads.invokeAll(List.<Callable<Boolean>>of(
                    () -> succeeds(() -> relations.pick(ann, customer)),
                    () -> succeeds(() -> relations.pick(bob, customer))));
            assertThat(List.of(outcomes.getFirst().get(), outcomes.getLast().get()))
                    .containsExactlyInAnyOrder(true, false);
        }
        assertThat(kinds()).containsOnlyOnce("relationship.Picked");
    }

    private static boolean succeeds(Runnable act) {
        try {
            act.run();
            return true;
        } catch (Refused _) {
            return false;
        }
    }

    @Test
    void whatNobodyLooksAfterGoesBackOnceTheSweepLooks() {
        relations.pick(ann, customer);
        clock.set("2025-04-11T09:59");
        sweep.run(clock.instant());
        assertThat(relation().agent()).isEqualTo(ann.person());
        clock.set("2025-04-11T10:00");
        sweep.run(clock.instant());
        sweep.run(clock.instant());
        assertThat(relation().pooled()).isTrue();
        assertThat(kinds()).containsOnlyOnce("relationship.Recycled");
        refused("relationship.refused.cool", () -> relations.pick(ann, customer));
        relations.pick(bob, customer);
    }

    @Test
    void aHandOverLosesNothing() {
        var other = known("王强");
        relations.begin(ann, other, Tier.REGULAR);
        relations.pick(ann, customer);
        relations.pick(ann, other);
        relations.touch(ann, customer, TouchKind.NOTE, null, false, "偏好晚间联系", clock.instant());
        var duty = owed().duty().id();
        var steps = whole().steps().size();
        refused("relationship.refused.notYours", () -> relations.handOverAll(bob, ann.person(), bob.person()));
        refused("relationship.refused.agent", () -> relations.handOver(lead, customer, owner.person()));
        assertThat(relations.handOverAll(lead, ann.person(), bob.person()).customers())
                .isEqualTo(2);
        assertThat(relation().agent()).isEqualTo(bob.person());
        assertThat(owed().duty().id()).isEqualTo(duty);
        assertThat(whole().steps()).hasSize(steps + 1);
        assertThat(desk.page(bob, View.MINE, "", null, 30).lines()).hasSize(2);
        assertThat(desk.page(ann, View.MINE, "", null, 30).lines()).isEmpty();
    }

    @Test
    void onlyTheProviderLooksAfterCustomers() {
        refused("relationship.refused.provider", () -> relations.pick(owner, customer));
        refused("identity.notAllowed", () -> relations.rule(ann, PoolRules.PLATFORM));
    }

    // The plan

    /** Contacts of a key customer are owed every 30 days, counted from the last one. */
    @Test
    void eachContactKeepsTheDutyAndOpensTheNext() {
        var first = owed();
        assertThat(first.assessment().due()).isEqualTo(at("2025-03-13T00:00"));
        clock.set("2025-02-20T15:00");
        relations.touch(ann, customer, TouchKind.VISIT, null, false, "未遇", clock.instant());
        assertThat(owed().duty().id()).isEqualTo(first.duty().id());
        relations.touch(ann, customer, TouchKind.VISIT, null, true, "面谈", clock.instant());
        assertThat(duties.get(ann.tenant(), first.duty().id(), clock.instant())
                        .assessment()
                        .state())
                .isEqualTo(DutyState.KEPT);
        assertThat(owed().assessment().due()).isAfter(first.assessment().due());
        relations.setTier(ann, customer, Tier.OCCASIONAL);
        assertThat(whole().owed()).isNull();
        assertThat(duties.ofContract(ann.tenant(), ann.contract(), clock.instant()).stream()
                        .filter(duty -> duty.duty().clause() == Clause.I_1_1_3))
                .hasSize(2);
    }

    @Test
    void listsShowWhoIsBeyondThePlanAndDormant() {
        assertThat(lines(View.DUE)).isEmpty();
        assertThat(lines(View.DORMANT)).isEmpty();
        // The list and the duty agree to the day: thirty days after 10 February the last one ends.
        clock.set("2025-03-12T23:30");
        assertThat(lines(View.DUE)).isEmpty();
        assertThat(owed().assessment().state()).isEqualTo(DutyState.RUNNING);
        clock.set("2025-03-13T00:30");
        assertThat(lines(View.DUE)).containsExactly(customer);
        assertThat(owed().assessment().state()).isEqualTo(DutyState.BREACHED);
        clock.set("2025-03-20T10:00");
        assertThat(lines(View.DUE)).containsExactly(customer);
        assertThat(lines(View.DORMANT)).isEmpty();
        clock.set("2025-05-20T10:00");
        assertThat(lines(View.DORMANT)).containsExactly(customer);
        assertThat(lines(View.POOL)).containsExactly(customer);
        assertThat(desk.page(ann, View.ALL, "李静", null, 30).lines()).hasSize(1);
        assertThat(desk.page(ann, View.ALL, "王强", null, 30).lines()).isEmpty();
    }

    /** Two calls in vain are none, three are; reaching the customer ends it. The rules stand beside the list. */
    @Test
    void listsShowWhoIsAtRiskAndByWhichRule() {
        for (int i = 0; i < 2; i++) {
            relations.touch(ann, customer, TouchKind.VISIT, null, false, "未遇", clock.instant());
        }
        assertThat(lines(View.AT_RISK)).isEmpty();
        relations.touch(ann, customer, TouchKind.CALL, CallGround.SERVICE, false, "无人接听", clock.instant());
        var page = desk.page(ann, View.AT_RISK, "", null, 30);
        assertThat(page.lines()).hasSize(1);
        assertThat(page.lines().getFirst().risks()).containsExactly(Sentence.of("relationship.risk.missed", 3));
        assertThat(page.definition())
                .contains(
                        Sentence.of("relationship.risk.missed.rule", 3, 60),
                        Sentence.of("relationship.risk.quiet.rule", 4, 3),
                        Sentence.of("complaint.risk.rule", 2, 90));
        assertThat(desk.page(ann, View.AT_RISK, "王强", null, 30).lines()).isEmpty();
        clock.set("2025-02-11T10:00");
        relations.touch(ann, customer, TouchKind.VISIT, null, true, "面谈", clock.instant());
        assertThat(lines(View.AT_RISK)).isEmpty();
    }

    /** Ordered every ten days; silent for more than thirty, and not for thirty. */
    @ParameterizedTest
    @ValueSource(ints = {30, 31})
    void whoBuysMuchLessOftenIsAtRisk(int days) {
        var last = LocalDate.of(2025, 2, 10).minusDays(days);
        orders.add(
                lead,
                Stream.of(0, 10, 20, 30)
                        .map(back -> new Orders.NewOrder(
                                customer.toString(), "N" + back, last.minusDays(back), Money.of("9.00")))
                        .toList());
        assertThat(lines(View.AT_RISK)).hasSize(days == 31 ? 1 : 0);
    }

    @Test
    void chosenCustomersAreHandedOverTogetherOrNotAtAll() {
        var other = known("王强");
        relations.begin(ann, other, Tier.REGULAR);
        relations.pick(ann, customer);
        relations.pick(bob, other);
        refused("relationship.refused.noneChosen", () -> relations.handOverSome(lead, List.of(), bob.person()));
        refused(
                "relationship.refused.notYours",
                () -> relations.handOverSome(ann, List.of(customer, other), lead.person()));
        assertThat(relation().agent()).isEqualTo(ann.person());
        assertThat(relations.handOverSome(lead, List.of(customer, other), bob.person()))
                .isEqualTo(new Relations.HandedOver(1, 0));
        assertThat(relation().agent()).isEqualTo(bob.person());
    }

    private List<UUID> lines(View view) {
        return desk.page(ann, view, "", null, 30).lines().stream()
                .map(line -> line.relation().customer())
                .toList();
    }

    // Calls

    @Test
    void aCallToKeepInTouchNeedsConsentAndCountsInTheBudget() {
        refused("messaging.refused.never", () -> call(CallGround.CARE));
        assertThat(relation().lastContactAt()).isNull();
        consents.record(
                ann,
                customer,
                DataPurpose.MARKETING,
                Channel.PHONE,
                true,
                ProofKind.CALL,
                "录音 2025-02-10",
                clock.instant());
        call(CallGround.CARE);
        refused("messaging.refused.wait", () -> call(CallGround.CARE));
        call(CallGround.SERVICE);
        assertThat(superuser()
                        .sql("select count(*) from messaging.contact where tenant_id = :tenant and channel = 'PHONE'")
                        .param("tenant", ann.tenant())
                        .query(Long.class)
                        .single())
                .isEqualTo(2);
    }

    /** What happened is written down; a call against the budget says so, and one from the customer counts nothing. */
    @Test
    void aCallThatWasMadeIsWrittenDownWhateverStoodAgainstIt() {
        var before = clock.instant().minus(Duration.ofHours(2));
        relations.touch(ann, customer, TouchKind.CALL, CallGround.CARE, true, "问候", before);
        assertThat(relation().lastContactAt()).isEqualTo(before);
        var step = whole().steps().stream()
                .filter(each -> each.icon().equals("phone"))
                .findFirst()
                .orElseThrow();
        assertThat(step.against())
                .isEqualTo(Sentence.of("relationship.step.against", Sentence.of("messaging.reason.noConsent")));
        assertThat(whole().outlook().week()).isEqualTo(1);
        assertThat(facts("relationship.CalledAgainstBudget")).isEqualTo(1);
        relations.touch(ann, customer, TouchKind.CALL, CallGround.SERVICE, true, "答复", before);
        relations.touch(ann, customer, TouchKind.CALL, CallGround.INBOUND, true, "客户来电询问", clock.instant());
        assertThat(whole().outlook().week()).isEqualTo(2);
        assertThat(relation().lastContactAt()).isEqualTo(clock.instant());
        assertThat(facts("relationship.CalledAgainstBudget")).isEqualTo(1);
        assertThat(whole().steps())
                .extracting(RelationDesk.Step::says)
                .contains(Sentence.of("relationship.step.CALL.inbound", "INBOUND"));
    }

    @Test
    void severalArePickedAtOnceAndWhatOthersTookDoesNotKeepTheRest() {
        var other = known("王强");
        relations.begin(ann, other, Tier.REGULAR);
        relations.pick(bob, other);
        var picked = relations.pickSome(ann, List.of(customer, other));
        assertThat(picked.picked()).isEqualTo(1);
        assertThat(picked.missed()).isEqualTo(1);
        assertThat(picked.why()).hasMessage("relationship.refused.held");
        assertThat(relation().agent()).isEqualTo(ann.person());
        refused("relationship.refused.nonePicked", () -> relations.pickSome(ann, List.of()));
    }

    @Test
    void theRulesAreOnTheRecordAndNobodyOverwritesWhatOthersSet() {
        assertThat(facts("relationship.RulesSet")).isEqualTo(1);
        refused("relationship.refused.rulesChanged", () -> relations.rule(lead, new PoolRules(9, 60, 7, Map.of(), 0)));
        relations.rule(lead, new PoolRules(9, 60, 7, Map.of(Tier.KEY, 20, Tier.REGULAR, 5), 1));
        assertThat(facts("relationship.RulesSet")).isEqualTo(2);
        assertThat(desk.page(ann, View.ALL, "", null, 30).rules().most()).isEqualTo(9);
    }

    /** Who is furthest beyond what its own tier asks for comes first, over the pages. */
    @Test
    void whoWaitsLongestComesFirst() {
        var other = known("王强");
        relations.begin(ann, other, Tier.REGULAR);
        relations.rule(lead, new PoolRules(9, 60, 7, Map.of(Tier.KEY, 20, Tier.REGULAR, 5), 1));
        clock.set("2025-03-20T10:00");
        assertThat(desk.page(ann, View.DUE, "", null, 30).lines())
                .extracting(line -> line.relation().customer())
                .containsExactly(other, customer);
        assertThat(desk.page(ann, View.DUE, "", null, 30).counts())
                .containsEntry(View.DUE, 2)
                .containsEntry(View.POOL, 2)
                .containsEntry(View.MINE, 0);
        var first = desk.page(ann, View.DUE, "", null, 1);
        assertThat(first.lines().getFirst().dueOn()).isEqualTo("2025-02-15");
        assertThat(first.lines().getFirst().overdue()).isTrue();
        assertThat(desk.page(ann, View.DUE, "", first.next(), 1).lines())
                .extracting(line -> line.relation().customer())
                .containsExactly(customer);
    }

    @Autowired
    ContactLog log;

    /** Who called and visited whom, counted by person; narrowed, paged, and as a file in which nobody is named. */
    @Test
    void callsAndVisitsAreLoggedOverAllCustomers() throws Exception {
        var other = known("王强");
        relations.begin(ann, other, Tier.REGULAR);
        var at = clock.instant().minus(Duration.ofHours(1));
        relations.touch(ann, customer, TouchKind.CALL, CallGround.SERVICE, true, "答复", at);
        relations.touch(ann, other, TouchKind.CALL, CallGround.SERVICE, false, "无人接听", at.plusSeconds(60));
        relations.touch(bob, customer, TouchKind.VISIT, null, true, "面谈", at.plusSeconds(120));
        relations.touch(bob, customer, TouchKind.NOTE, null, false, "备注", at);
        var all = log.page(owner, ContactLog.Filter.ALL, null, 2);
        assertThat(all.lines()).extracting(line -> line.touch().kind()).containsExactly("VISIT", "CALL");
        assertThat(log.page(owner, ContactLog.Filter.ALL, all.next(), 2).lines())
                .singleElement()
                .satisfies(line -> assertThat(line.ground()).isEqualTo(CallGround.SERVICE));
        assertThat(all.sums())
                .extracting(ContactLog.Of::sum)
                .containsExactlyInAnyOrder(
                        new ContactLog.Sum(ann.person(), 2, 1, 0, 0, 0),
                        new ContactLog.Sum(bob.person(), 0, 0, 1, 1, 0));
        assertThat(log.page(
                                owner,
                                new ContactLog.Filter(
                                        TouchKind.CALL, ann.person(), false, java.time.YearMonth.of(2025, 2)),
                                null,
                                9)
                        .lines())
                .hasSize(1);
        assertThat(log.page(owner, new ContactLog.Filter(null, null, null, java.time.YearMonth.of(2025, 3)), null, 9)
                        .lines())
                .isEmpty();
        assertThat(page(owner, "/log?month=2025-02")).contains("王*").doesNotContain("王强");
        assertThat(page(owner, "/log.csv")).contains("SERVICE,false," + other).doesNotContain("王强", "无人接听");
    }

    /** Nobody gets or loses customers without hearing of it. */
    @Test
    void agentsHearWhichCustomersTheyGotAndLost() {
        relations.pick(ann, customer);
        relations.handOver(ann, customer, bob.person());
        assertThat(news("relationship.handed", bob.person())).isEqualTo(1);
        relations.handOver(lead, customer, lead.person());
        assertThat(news("relationship.handed", lead.person())).as("oneself").isZero();
        relations.handOver(lead, customer, ann.person());
        clock.set("2025-06-20T10:00");
        relations.lookAtTheClock(ann.tenant(), ann.contract(), customer);
        assertThat(relation().agent()).isNull();
        assertThat(news("relationship.recycled", ann.person())).isEqualTo(1);
    }

    private long news(String kind, UUID person) {
        return superuser()
                .sql("select count(*) from messaging.message where kind = :kind and recipient_id = :person")
                .param("kind", kind)
                .param("person", person)
                .query(Long.class)
                .single();
    }

    private long facts(String kind) {
        return superuser()
                .sql("select count(*) from evidence.leaf where contract_id = :contract and kind = :kind")
                .param("contract", ann.contract())
                .param("kind", kind)
                .query(Long.class)
                .single();
    }

    private void call(CallGround ground) {
        relations.touch(ann, customer, TouchKind.CALL, ground, true, "问候", clock.instant());
    }

    // Companies, their people, and what customers are to one another

    /** A call to a contact person keeps the plan of the company, and counts in the budget of the one who was called. */
    @Test
    void aCompanyIsSpokenToThroughItsPeople() throws Exception {
        var company = company("海棠酒店");
        var buyer = known("王采");
        customers.join(lead, company, buyer.toString(), "采购经理");
        relations.begin(ann, company, Tier.KEY);
        relations.touch(ann, company, buyer, TouchKind.CALL, CallGround.SERVICE, true, "确认续约时间", clock.instant());
        var whole = desk.whole(ann, company);
        assertThat(whole.people()).singleElement().satisfies(member -> {
            assertThat(member.role()).isEqualTo("采购经理");
            assertThat(member.lastAt()).isNotNull();
        });
        assertThat(Objects.requireNonNull(whole.relation()).lastContactAt()).isNotNull();
        assertThat(whole.steps().stream()
                        .filter(step -> step.with() != null)
                        .map(step -> Objects.requireNonNull(step.with()).id()))
                .containsExactly(buyer);
        assertThat(superuser()
                        .sql(
                                "select customer_id from messaging.contact where tenant_id = :tenant and channel = 'PHONE'")
                        .param("tenant", ann.tenant())
                        .query((row, _) -> row.getObject(1, UUID.class))
                        .list())
                .containsExactly(buyer);
        assertThat(desk.whole(ann, buyer).outlook().week()).isEqualTo(1);
        // The person's own page tells of it, without the words, and leads to the company.
        var own = desk.whole(ann, buyer);
        assertThat(Objects.requireNonNull(own.company()).customer().id()).isEqualTo(company);
        assertThat(own.steps())
                .filteredOn(step -> step.with() != null)
                .singleElement()
                .satisfies(step -> {
                    assertThat(Objects.requireNonNull(step.with()).id()).isEqualTo(company);
                    assertThat(step.touch()).isNull();
                });
        refused(
                "relationship.refused.with",
                () -> relations.touch(
                        ann, company, customer, TouchKind.CALL, CallGround.SERVICE, true, "x", clock.instant()));
        refused(
                "relationship.refused.with",
                () -> relations.touch(ann, company, buyer, TouchKind.NOTE, null, false, "x", clock.instant()));
        for (var language : List.of("zh-CN", "en")) {
            for (var one : List.of(company, buyer)) {
                assertThat(browser.get()
                                .uri("/contracts/{c}/relationships/{k}?lang=" + language, signed.contract(), one)
                                .with(authentication(UsernamePasswordAuthenticationToken.authenticated(
                                        new SignedIn(ann.person(), "somebody"), null, List.of())))
                                .exchange())
                        .hasStatusOk()
                        .bodyText()
                        .contains("采购经理", "/relationships/" + (one.equals(company) ? buyer : company))
                        .doesNotContain("??");
            }
        }
    }

    @Test
    void customersAreRelatedAndEachSideReadsItItsWay() {
        var head = company("海棠集团");
        var branch = company("海棠酒店上海");
        ties.tie(ann, branch, TieKind.PARENT, head);
        assertThat(says(branch)).containsExactly("relationship.tie.PARENT.is");
        assertThat(says(head)).containsExactly("relationship.tie.PARENT.has");
        ties.tie(ann, customer, TieKind.FAMILY, known("李安"));
        assertThat(says(customer)).containsExactly("relationship.tie.FAMILY");
        refused("relationship.refused.tied", () -> ties.tie(ann, branch, TieKind.PARENT, head));
        refused("relationship.refused.tieSelf", () -> ties.tie(ann, branch, TieKind.PARTNER, branch));
        refused("relationship.refused.provider", () -> ties.tie(owner, branch, TieKind.PARTNER, head));
        refused("relationship.refused.nobody", () -> ties.tie(ann, branch, TieKind.PARTNER, "没有这个人"));
        var tie = ties.of(ann, head).getFirst().id();
        assertThatThrownBy(() -> ties.untie(ann, customer, tie)).isInstanceOf(io.retainer.kernel.Unknown.class);
        ties.untie(ann, head, tie);
        assertThat(says(branch)).isEmpty();
        assertThat(superuser()
                        .sql(
                                "select count(*) from evidence.leaf where tenant_id = :tenant and kind = 'relationship.Untied'")
                        .param("tenant", ann.tenant())
                        .query(Long.class)
                        .single())
                .isEqualTo(1);
    }

    private List<String> says(UUID customer) {
        return ties.of(ann, customer).stream().map(tie -> tie.says().key()).toList();
    }

    private UUID company(String name) {
        return customers.add(
                lead, new NewCustomer(CustomerKind.COMPANY, name, null, null, List.of(), List.of(), Map.of()), "合同");
    }

    // What was said

    @Test
    void whatWasSaidIsSealedAndShownOnTheRecord() {
        var touch = relations.touch(ann, customer, TouchKind.NOTE, null, false, "住址有变：张杨路500号", clock.instant());
        assertThat(new String(
                        superuser()
                                .sql("select words from relationship.touch where id = :id")
                                .param("id", touch)
                                .query(byte[].class)
                                .single(),
                        StandardCharsets.UTF_8))
                .doesNotContain("张杨路");
        assertThat(desk.reveal(ann, customer, touch, Purpose.SERVICE, "核对地址").inTheClear())
                .isEqualTo("住址有变：张杨路500号");
        assertThat(superuser()
                        .sql("select count(*) from vault.reveal where tenant_id = :tenant")
                        .param("tenant", ann.tenant())
                        .query(Long.class)
                        .single())
                .isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"zh-CN", "en"})
    void pagesShowOneTimeLineWithoutSayingAnythingPersonal(String language) {
        relations.pick(ann, customer);
        relations.touch(ann, customer, TouchKind.NOTE, null, false, "偏好晚间联系", clock.instant());
        for (var who : List.of(ann, lead, owner)) {
            assertThat(page(who, "/" + customer + "?lang=" + language))
                    .contains("touches/")
                    .doesNotContain("晚间", "李静", "??");
            assertThat(page(who, "?lang=" + language))
                    .contains(customer.toString())
                    .doesNotContain("李静", "??");
        }
        assertThat(page(owner, "/" + customer)).doesNotContain("/release", "/touches\"");
        assertThat(page(ann, "/" + customer)).contains("/release");
    }

    private String page(Access who, String path) {
        var answer = browser.get()
                .uri("/contracts/" + who.contract() + "/relationships" + path)
                .with(authentication(UsernamePasswordAuthenticationToken.authenticated(
                        new SignedIn(who.person(), "somebody"), null, List.of())))
                .exchange();
        assertThat(answer).hasStatusOk();
        try {
            return answer.getResponse().getContentAsString();
        } catch (java.io.UnsupportedEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    // Small things

    private RelationDesk.Whole whole() {
        return desk.whole(ann, customer);
    }

    private Relation relation() {
        return Objects.requireNonNull(whole().relation());
    }

    private AssessedDuty owed() {
        return Objects.requireNonNull(whole().owed());
    }

    private List<String> kinds() {
        return superuser()
                .sql("select kind from evidence.leaf where tenant_id = :tenant and subject = :subject")
                .param("tenant", ann.tenant())
                .param("subject", "customer/" + customer)
                .query((row, _) -> row.getString(1))
                .list();
    }

    private JdbcClient superuser() {
        return JdbcClient.create(database.superuser());
    }

    private static void refused(String key, Runnable act) {
        assertThatThrownBy(act::run)
                .isInstanceOfSatisfying(
                        Refused.class,
                        refusal -> assertThat(refusal.sentence().key()).isEqualTo(key));
    }
}
