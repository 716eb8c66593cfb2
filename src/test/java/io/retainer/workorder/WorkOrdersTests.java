package io.retainer.workorder;

import static io.retainer.workorder.WorkWorld.signedIn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.authentication;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;

import io.retainer.PostgresTest;
import io.retainer.TurnableClock;
import io.retainer.contract.TermKey;
import io.retainer.duty.Duties;
import io.retainer.duty.DutyState;
import io.retainer.identity.Access;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Money;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Unknown;
import io.retainer.kernel.WorkCalendar;
import io.retainer.workorder.WorkOrderRows.Filter;
import io.retainer.workorder.WorkOrders.NewOrder;
import io.retainer.workorder.WorkOrders.NewQuote;
import io.retainer.workorder.WorkWorld.Signed;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
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

/** Work orders with their rows, duties, facts, news and pages. */
@SpringBootTest(properties = "db-scheduler.enabled=false")
@AutoConfigureMockMvc
@Import({PostgresTest.class, WorkWorld.class})
class WorkOrdersTests {

    @Autowired
    WorkOrders orders;

    @Autowired
    WorkOrderDesk desk;

    @Autowired
    WorkOrderSweep sweep;

    @Autowired
    Duties duties;

    @Autowired
    WorkWorld.Parties parties;

    @Autowired
    TurnableClock clock;

    @Autowired
    PostgresTest.Database database;

    @Autowired
    MockMvcTester browser;

    private Signed signed;

    @BeforeEach
    void aContractInForce() {
        signed = parties.sign(Map.of());
    }

    @Test
    void aQuotedOrderGoesItsWholeWay() {
        var order = delivered();
        assertThat(duty(order, "triage")).isEqualTo(DutyState.KEPT);
        assertThat(duty(order, "quote/1")).isEqualTo(DutyState.KEPT);
        assertThat(duty(order, "delivery/1")).isEqualTo(DutyState.KEPT);
        assertThat(duty(order, "acceptance/1")).isEqualTo(DutyState.RUNNING);
        orders.accept(signed.owner(), order, null);
        assertThat(duty(order, "acceptance/1")).isEqualTo(DutyState.KEPT);
        assertThat(kinds(order))
                .startsWith(
                        "workorder.Requested",
                        "workorder.TakenAsChange",
                        "workorder.Quoted",
                        "workorder.QuoteAccepted",
                        "workorder.Started",
                        "workorder.Delivered",
                        "workorder.Accepted");
        assertThat(look(signed.owner(), order).row().order().owed())
                .isEqualTo(Price.including(Money.of("2120.00"), BigDecimal.valueOf(6)));
    }

    /** What goes beyond the fee is quoted within five working days, and within five more when the quote is declined. */
    @Test
    void aQuoteIsOwedUntilItIsMadeDeclinedOrNotWanted() {
        var order = ask(signed.owner(), Clause.I_1_1_7);
        orders.takeAsChange(signed.lead(), order, true, null);
        assertThat(duty(order, "quote/1")).isEqualTo(DutyState.RUNNING);
        assertThat(look(signed.owner(), order).rules())
                .filteredOn(WorkOrder.Rule::now)
                .extracting(rule -> rule.says().key())
                .containsExactly("workorder.rule.quote");
        var quote = new NewQuote(
                BigDecimal.TEN,
                List.of(new QuoteLine("报表", BigDecimal.ONE, Money.of("100.00"), BigDecimal.valueOf(6))),
                Placement.NEXT_INSTALMENT,
                null,
                LocalDate.ofInstant(clock.instant(), WorkOrder.ZONE).plusDays(20),
                null,
                null);
        orders.quote(signed.lead(), order, quote);
        assertThat(duty(order, "quote/1")).isEqualTo(DutyState.KEPT);
        orders.rejectQuote(signed.owner(), order, "偏高");
        assertThat(duty(order, "quote/2")).isEqualTo(DutyState.RUNNING);
        orders.decline(signed.lead(), order, DeclineReason.IMPOSSIBLE, "做不到");
        assertThat(duty(order, "quote/2")).isEqualTo(DutyState.RELEASED);
        var other = ask(signed.owner(), Clause.I_1_1_7);
        orders.takeAsChange(signed.lead(), other, true, null);
        orders.cancel(signed.owner(), other, "不要了");
        assertThat(duty(other, "quote/1")).isEqualTo(DutyState.RELEASED);
    }

    @Test
    void whatTheFeeCoversClosesOnAcceptance() {
        var order = ask(signed.owner(), Clause.I_1_1_4);
        orders.takeInScope(signed.lead(), order, true, new BigDecimal("1.5"), LocalDate.of(2025, 2, 20), "含在调查服务内");
        orders.start(signed.agent(), order);
        orders.deliver(signed.agent(), order, "已完成", List.of());
        orders.accept(signed.owner(), order, null);
        assertThat(state(order)).isEqualTo(WorkOrderState.CLOSED);
    }

    @Test
    void freeHoursOfAPeriodAreUsedUpTogether() {
        signed = parties.sign(Map.of(TermKey.WORK_ORDER_FREE_HOURS, "4"));
        var ready = LocalDate.of(2025, 2, 28);
        var first = ask(signed.owner(), Clause.I_1_1_7);
        orders.takeInScope(signed.lead(), first, true, BigDecimal.valueOf(3), ready, null);
        var second = ask(signed.owner(), Clause.I_1_1_7);
        refused(
                "workorder.refused.freeHours",
                () -> orders.takeInScope(signed.lead(), second, true, BigDecimal.valueOf(2), ready, null));
        orders.takeInScope(signed.lead(), second, true, BigDecimal.valueOf(1), ready, null);
        // The next service period starts with all of them.
        clock.set("2025-03-03T10:00");
        var third = ask(signed.owner(), Clause.I_1_1_7);
        orders.takeInScope(signed.lead(), third, true, BigDecimal.valueOf(4), LocalDate.of(2025, 3, 20), null);
        assertThat(state(third)).isEqualTo(WorkOrderState.APPROVED);
    }

    @Test
    void whatWasAskedByWordOfMouthWaitsForTheClient() {
        var order = ask(signed.agent(), Clause.I_1_1_7);
        assertThat(state(order)).isEqualTo(WorkOrderState.RECORDED);
        assertThat(duty(order, "confirmation")).isEqualTo(DutyState.RUNNING);
        refused("workorder.refused.state", () -> orders.takeAsChange(signed.lead(), order, true, null));
        orders.confirm(signed.owner(), order);
        assertThat(duty(order, "confirmation")).isEqualTo(DutyState.KEPT);
        assertThat(duty(order, "triage")).isEqualTo(DutyState.RUNNING);
    }

    // Silence: delivered on Monday 17 February 2025

    @Test
    void silenceIsRemindedOfAndThenEscalated() {
        var order = delivered();
        clock.set("2025-02-24T23:59");
        sweep.run(clock.instant());
        assertThat(state(order)).isEqualTo(WorkOrderState.DELIVERED);
        assertThat(kinds(order)).doesNotContain("workorder.Reminded");
        clock.set("2025-02-25T00:00");
        sweep.run(clock.instant());
        sweep.run(clock.instant());
        assertThat(kinds(order)).containsOnlyOnce("workorder.Reminded");
        assertThat(duty(order, "acceptance/1/reminder")).isEqualTo(DutyState.RUNNING);
        clock.set("2025-02-27T00:00");
        sweep.run(clock.instant());
        assertThat(state(order)).isEqualTo(WorkOrderState.ESCALATED);
        orders.accept(signed.owner(), order, "迟到的验收");
        assertThat(duty(order, "acceptance/1")).isEqualTo(DutyState.KEPT_LATE);
    }

    @Test
    void silenceAcceptsWhereBothAgreedSoEvenIfNobodyLooked() {
        signed = parties.sign(Map.of(TermKey.WORK_ORDER_SILENCE, "true"));
        var order = delivered();
        clock.set("2025-02-27T09:00");
        // No sweep ran in between: time speaks before the person does.
        refused("workorder.refused.state", () -> orders.reject(signed.owner(), order, "太晚了", List.of()));
        sweep.run(clock.instant());
        assertThat(kinds(order)).contains("workorder.Reminded", "workorder.DeemedAccepted");
        assertThat(look(signed.owner(), order).row().order().owed()).isNotNull();
    }

    // Standing

    /** Both sides write while the order is open; nothing of it changes, and nobody's words are lost to the other's. */
    @Test
    void bothSidesWriteAboutAnOpenOrder() throws Exception {
        var order = working();
        clock.set("2025-02-14T10:00");
        try (var two = Executors.newFixedThreadPool(2)) {
            var done = two.invokeAll(List.<Callable<Boolean>>of(
                    () -> {
                        orders.comment(signed.owner(), order, "请附上口径说明", List.of(file("a.txt", "x")));
                        return true;
                    },
                    () -> {
                        orders.comment(signed.agent(), order, "本周五前给出", List.of());
                        return true;
                    }));
            for (var each : done) {
                assertThat(each.get()).isTrue();
            }
        }
        var whole = look(signed.owner(), order);
        assertThat(whole.row().order().state()).isEqualTo(WorkOrderState.IN_PROGRESS);
        assertThat(whole.entries())
                .filteredOn(entry -> entry.kind().equals("Commented"))
                .extracting(WorkOrderRows.Entry::words)
                .containsExactlyInAnyOrder("请附上口径说明", "本周五前给出");
        assertThat(whole.files()).hasSize(1);
        assertThat(kinds(order)).endsWith("workorder.Commented", "workorder.Commented");
        // The other side hears of it.
        assertThat(superuser()
                        .sql(
                                "select count(*) from messaging.message where recipient_id = :person and key like :key and words like '%留言%'")
                        .param("person", signed.agent().person())
                        .param("key", "work-order/" + order + "/%")
                        .query(Long.class)
                        .single())
                .isPositive();
        refused("workorder.refused.text", () -> orders.comment(signed.owner(), order, " ", List.of()));
        clock.set("2025-02-17T15:00");
        orders.deliver(signed.agent(), order, "报表见附件", List.of());
        orders.accept(signed.owner(), order, null);
        refused("workorder.refused.over", () -> orders.comment(signed.owner(), order, "还有一事", List.of()));
    }

    /** The list names the same last day as the duty that the order waits for. */
    @Test
    void theStepOfAnOrderIsDueWhenItsDutyIs() {
        var order = delivered();
        var it = look(signed.owner(), order).row().order();
        var due = duties.on(
                        signed.tenant(),
                        signed.contract(),
                        Clause.I_1_1_7,
                        "work-order/" + order + "/acceptance/1",
                        clock.instant())
                .orElseThrow()
                .assessment()
                .due();
        assertThat(WorkOrder.after(Objects.requireNonNull(it.stepDue(WorkCalendar.chinese()))))
                .isEqualTo(due);
    }

    @Test
    void eachActAsksForItsStanding() {
        var order = ask(signed.owner(), Clause.I_1_1_7);
        for (Runnable act : List.<Runnable>of(
                () -> ask(signed.finance(), Clause.I_1_1_7),
                () -> orders.takeAsChange(signed.agent(), order, true, null),
                () -> orders.quote(signed.agent(), order, quote("100.00")),
                () -> orders.cancel(signed.finance(), order, "不要了"),
                () -> orders.start(signed.owner(), order))) {
            refused("identity.notAllowed", act);
        }
        refused("workorder.refused.party", () -> orders.takeAsChange(signed.owner(), order, true, null));
        var others = parties.sign(Map.of());
        assertThatThrownBy(() -> orders.takeAsChange(others.lead(), order, true, null))
                .isInstanceOf(Unknown.class);
        assertThatThrownBy(() -> look(others.owner(), order)).isInstanceOf(Unknown.class);
    }

    @Test
    void ofTwoWhoActAtOnceOneIsRefused() throws Exception {
        var order = ask(signed.owner(), Clause.I_1_1_7);
        try (var threads = Executors.newFixedThreadPool(2)) {
            var outcomes = threads.invokeAll(List.<Callable<Boolean>>of(
                    () -> succeeds(() -> orders.takeAsChange(signed.lead(), order, true, null)),
                    () -> succeeds(() -> orders.cancel(signed.owner(), order, "算了"))));
            boolean first = outcomes.getFirst().get();
            boolean second = outcomes.getLast().get();
            // Taken and then cancelled is fine; cancelled and then taken is not.
            assertThat(second).isTrue();
            assertThat(state(order)).isEqualTo(WorkOrderState.CANCELLED);
            assertThat(kinds(order)).hasSize(first ? 3 : 2);
        }
    }

    private static boolean succeeds(Runnable act) {
        try {
            act.run();
            return true;
        } catch (Refused _) {
            return false;
        }
    }

    // Files

    @Test
    void aDeliveryIsSealedAndComesBackAsItWas() {
        var order = working();
        var content = "客户编号,金额\nR1000,12.50\n";
        orders.deliver(signed.agent(), order, "报表见附件", List.of(file("report.csv", content)));
        var file = look(signed.owner(), order).files().getFirst();
        assertThat(file.kind()).isEqualTo(FileKind.TEXT);
        assertThat(new String(
                        desk.download(signed.owner(), order, file.id())
                                .content()
                                .bytes(),
                        StandardCharsets.UTF_8))
                .isEqualTo(content);
        refused("identity.notAllowed", () -> desk.download(signed.finance(), order, file.id()));
        var stored = superuser()
                .sql("select content from workorder.attachment where id = :id")
                .param("id", file.id())
                .query(byte[].class)
                .single();
        assertThat(new String(stored, StandardCharsets.UTF_8)).doesNotContain("R1000");
        assertThat(get(signed.owner(), "/" + order + "/files/" + file.id()))
                .hasStatusOk()
                .headers()
                .hasValue("X-Content-Type-Options", "nosniff")
                .satisfies(headers ->
                        assertThat(headers.getFirst("Content-Disposition")).startsWith("attachment"));
    }

    @Test
    void aFileIsWhatItsContentSays() {
        var order = working();
        for (var bad : Map.of(
                        "workorder.refused.fileName", file("report.pdf", "text"),
                        "workorder.refused.fileKind",
                                new NewFile("a.exe", new FileContent(new byte[] {'M', 'Z', 0, 1})),
                        "workorder.refused.fileEmpty", file("a.txt", ""),
                        "workorder.refused.fileNameLong", file("../..//", "x"))
                .entrySet()) {
            refused(bad.getKey(), () -> orders.deliver(signed.agent(), order, "x", List.of(bad.getValue())));
        }
        assertThat(Attachments.checked(List.of(file("..\\..\\etc/pass wd.txt", "x")))
                        .getFirst()
                        .name())
                .isEqualTo("pass wd.txt");
        assertThat(state(order)).isEqualTo(WorkOrderState.IN_PROGRESS);
    }

    // Pages

    @ParameterizedTest
    @ValueSource(strings = {"zh-CN", "en"})
    void pagesShowEverySideWhatItMayDoAndSee(String language) {
        var order = ask(signed.owner(), Clause.I_1_1_7);
        orders.takeAsChange(signed.lead(), order, true, null);
        orders.quote(signed.lead(), order, quote("1060.00"));
        assertThat(get(signed.owner(), "/" + order + "?lang=" + language))
                .hasStatusOk()
                .bodyText()
                .contains("¥1,060.00", "¥60.00", "acts/ACCEPT_QUOTE", "acts/CANCEL", "I-1.1*(7)")
                .doesNotContain("acts/QUOTE", "??");
        assertThat(get(signed.lead(), "/" + order + "?lang=" + language))
                .hasStatusOk()
                .bodyText()
                .contains("acts/QUOTE")
                .doesNotContain("acts/ACCEPT_QUOTE", "??");
        assertThat(get(signed.agent(), "/" + order + "?lang=" + language))
                .hasStatusOk()
                .bodyText()
                .contains("¥••••")
                .doesNotContain("1,060", "1060", "/acts/", "??");
        assertThat(get(signed.agent(), "?view=OURS&lang=" + language))
                .hasStatusOk()
                .bodyText()
                .doesNotContain(order.toString(), "??");
        assertThat(get(signed.owner(), "?view=OURS&lang=" + language))
                .bodyText()
                .contains(order.toString());
        assertThat(get(signed.owner(), "?q=没有这样的&lang=" + language))
                .hasStatusOk()
                .bodyText()
                .doesNotContain(order.toString(), "??");
        assertThat(get(signed.owner(), "/new?lang=" + language))
                .hasStatusOk()
                .bodyText()
                .doesNotContain("??");
    }

    @Test
    void aFormKeepsWhatWasTypedAndSaysWhatIsWrong() {
        var order = ask(signed.owner(), Clause.I_1_1_7);
        orders.takeAsChange(signed.lead(), order, true, null);
        var answer = browser.post()
                .uri("/contracts/{c}/work-orders/{o}/acts/QUOTE?lang=en", signed.contract(), order)
                .param("hours", "8")
                .param("readyOn", "2025-02-28")
                .param("placement", "NEXT_INSTALMENT")
                .param("line", "Report", "")
                .param("quantity", "eight", "")
                .param("unit", "132.50", "")
                .param("rate", "6", "6")
                .with(authentication(signedIn(signed.lead())))
                .with(csrf())
                .exchange();
        assertThat(answer).hasStatus(422).bodyText().contains("eight", "132.50", "is no number");
        assertThat(state(order)).isEqualTo(WorkOrderState.CHANGE);
    }

    @Test
    void theListIsPagedAndSearched() {
        UUID first = null;
        for (int i = 0; i < 35; i++) {
            var id = orders.request(signed.owner(), new NewOrder(Clause.I_1_1_7, "报表 " + i, "每月一份", false, List.of()));
            first = first == null ? id : first;
        }
        var all = new Filter("", EnumSet.allOf(WorkOrderState.class), null);
        var page = desk.page(signed.owner(), all, null, 30);
        assertThat(page.orders()).hasSize(30);
        var rest = desk.page(signed.owner(), all, page.next(), 30);
        assertThat(rest.orders()).hasSize(5);
        assertThat(rest.next()).isNull();
        assertThat(rest.orders().getLast().order().id()).isEqualTo(first);
        assertThat(desk.page(signed.owner(), new Filter("#7", EnumSet.allOf(WorkOrderState.class), null), null, 30)
                        .orders())
                .extracting(row -> row.order().number())
                .containsExactly(7);
    }

    // Small things

    private UUID ask(Access access, Clause clause) {
        return orders.request(access, new NewOrder(clause, "促销对账报表", "按门店汇总", false, List.of()));
    }

    private static NewQuote quote(String amount) {
        return new NewQuote(
                BigDecimal.valueOf(8),
                List.of(new QuoteLine("对账报表", BigDecimal.ONE, Money.of(amount), BigDecimal.valueOf(6))),
                Placement.NEXT_INSTALMENT,
                null,
                LocalDate.of(2025, 2, 28),
                null,
                null);
    }

    private UUID working() {
        var order = ask(signed.owner(), Clause.I_1_1_7);
        orders.takeAsChange(signed.lead(), order, true, null);
        orders.quote(signed.lead(), order, quote("2120.00"));
        orders.acceptQuote(signed.owner(), order, 1);
        orders.start(signed.agent(), order);
        return order;
    }

    private UUID delivered() {
        var order = working();
        clock.set("2025-02-17T15:00");
        orders.deliver(signed.agent(), order, "报表见附件", List.of());
        return order;
    }

    private WorkOrderDesk.Whole look(Access access, UUID order) {
        return desk.whole(access, order);
    }

    private WorkOrderState state(UUID order) {
        return look(signed.owner(), order).row().order().state();
    }

    private DutyState duty(UUID order, String what) {
        return duties.on(
                        signed.tenant(),
                        signed.contract(),
                        Clause.I_1_1_7,
                        "work-order/" + order + "/" + what,
                        clock.instant())
                .orElseThrow()
                .assessment()
                .state();
    }

    private List<String> kinds(UUID order) {
        return superuser()
                .sql("""
                    select kind from evidence.leaf where tenant_id = :tenant and subject = :subject
                    order by recorded_at, id
                    """)
                .param("tenant", signed.tenant())
                .param("subject", "work-order/" + order)
                .query((row, _) -> row.getString(1))
                .list();
    }

    private JdbcClient superuser() {
        return JdbcClient.create(database.superuser());
    }

    private static NewFile file(String name, String content) {
        return new NewFile(name, new FileContent(content.getBytes(StandardCharsets.UTF_8)));
    }

    private MvcTestResult get(Access who, String path) {
        return browser.get()
                .uri("/contracts/" + signed.contract() + "/work-orders" + path)
                .with(authentication(signedIn(who)))
                .exchange();
    }

    private static void refused(String key, Runnable act) {
        assertThatThrownBy(act::run)
                .isInstanceOfSatisfying(
                        Refused.class,
                        refusal -> assertThat(refusal.sentence().key()).isEqualTo(key));
    }
}
