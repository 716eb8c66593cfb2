package io.retainer.workorder;

import static io.retainer.workorder.WorkWorld.at;
import static io.retainer.workorder.WorkWorld.signedIn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.authentication;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;

import io.retainer.PostgresTest;
import io.retainer.TurnableClock;
import io.retainer.billing.Billing;
import io.retainer.billing.InstalmentState;
import io.retainer.billing.OtherWork;
import io.retainer.billing.Verdict;
import io.retainer.duty.Duties;
import io.retainer.duty.DutyState;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Money;
import io.retainer.kernel.Refused;
import io.retainer.workorder.WorkOrders.NewOrder;
import io.retainer.workorder.WorkOrders.NewQuote;
import io.retainer.workorder.WorkWorld.Signed;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.annotation.Import;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

/** What accepted work costs reaches the books, to the fen, and only once. */
@SpringBootTest(properties = "db-scheduler.enabled=false")
@AutoConfigureMockMvc
@Import({PostgresTest.class, WorkWorld.class})
class WorkOrderChargeTests {

    @Autowired
    WorkOrders orders;

    @Autowired
    WorkOrderDesk desk;

    @Autowired
    Billing billing;

    @Autowired
    OtherWork otherWork;

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
    private Money total;

    @BeforeEach
    void aContractInForce() {
        signed = parties.sign(Map.of());
        total = verdict().total();
    }

    @Test
    void anAcceptedOrderRaisesTheNextInstalmentAndIsClosed() {
        var before = instalment(3).instalment().amount();
        var order = accepted("2120.00", null);
        var whole = desk.whole(signed.owner(), order);
        assertThat(whole.row().order().state()).isEqualTo(WorkOrderState.CLOSED);
        // On 17 February instalment 3 is the next that has not fallen due.
        assertThat(instalment(3).instalment().amount()).isEqualTo(before.plus(Money.of("2120.00")));
        assertThat(instalment(3).open()).isEqualTo(before.plus(Money.of("2120.00")));
        assertThat(verdict().total()).isEqualTo(total.plus(Money.of("2120.00")));
        assertThat(whole.entries())
                .extracting(WorkOrderRows.Entry::kind)
                .containsSubsequence("Accepted", "Charged", "Closed");
        booksAreEven();
    }

    @Test
    void theRaisedInstalmentIsPaidInFullOnlyWithTheWork() {
        var fee = instalment(3).instalment().amount();
        accepted("2120.00", null);
        clock.set("2025-02-20T10:00");
        pay(3, fee, "A");
        assertThat(instalment(3).open()).isEqualTo(Money.of("2120.00"));
        pay(3, Money.of("2120.00"), "B");
        assertThat(instalment(3).state()).isEqualTo(InstalmentState.PAID);
        booksAreEven();
    }

    /** Several orders, odd amounts: each raises by its own gross, and postings sum to zero after each. */
    @Test
    void MON_1_postingsSumToZeroWhateverIsCharged() {
        var before = instalment(3).instalment().amount();
        var sum = Money.ZERO;
        for (var amount : List.of("0.01", "333.33", "99999.99", "7.77")) {
            accepted(amount, null);
            sum = sum.plus(Money.of(amount));
            assertThat(instalment(3).instalment().amount()).isEqualTo(before.plus(sum));
            booksAreEven();
        }
        assertThat(superuser()
                        .sql("""
                            select count(*) from billing.charge where tenant_id = :tenant
                            and net_fen + tax_fen <> gross_fen
                            """)
                        .param("tenant", signed.tenant())
                        .query(Long.class)
                        .single())
                .isZero();
    }

    @Test
    void whatIsPaidByItselfHasItsOwnDayDutyAndPayment() {
        var order = accepted("1060.00", 5);
        var charge = Objects.requireNonNull(
                desk.whole(signed.owner(), order).row().order().charge());
        assertThat(verdict().total()).isEqualTo(total);
        var subject = "charge/" + charge;
        // Five working days after 17 February 2025.
        var duty = duties.on(signed.tenant(), signed.contract(), Clause.I_1_1_7, subject, clock.instant())
                .orElseThrow();
        assertThat(duty.assessment().due()).isEqualTo(at("2025-02-25T00:00"));
        booksAreEven();
        clock.set("2025-02-20T10:00");
        assertThat(pay(charge, "1060.01", "CH-1")).isEqualTo(422);
        assertThat(pay(charge, "1000.00", "CH-1")).isEqualTo(302);
        booksAreEven();
        assertThat(duties.on(signed.tenant(), signed.contract(), Clause.I_1_1_7, subject, clock.instant())
                        .orElseThrow()
                        .assessment()
                        .state())
                .as("a part is not all")
                .isEqualTo(DutyState.RUNNING);
        assertThat(pay(charge, "60.01", "CH-2")).isEqualTo(422);
        assertThat(pay(charge, "60.00", "CH-1")).as("the reference is known").isEqualTo(422);
        assertThat(pay(charge, "60.00", "CH-2")).isEqualTo(302);
        assertThat(pay(charge, "0.01", "CH-3")).isEqualTo(422);
        eachPartHasItsReceipt();
        assertThat(duties.on(signed.tenant(), signed.contract(), Clause.I_1_1_7, subject, clock.instant())
                        .orElseThrow()
                        .assessment()
                        .state())
                .isEqualTo(DutyState.KEPT);
        booksAreEven();
        assertThat(browser.get()
                        .uri("/contracts/{c}/billing/charges?lang=en", signed.contract())
                        .with(authentication(signedIn(signed.finance())))
                        .exchange())
                .hasStatusOk()
                .bodyText()
                .contains("¥1,060.00", "¥60.00", "/work-orders/" + order)
                .doesNotContain("??");
    }

    /** I-3.2b: from the one series, the same when asked again, and on paper with its purpose. */
    private void eachPartHasItsReceipt() {
        var ids = JdbcClient.create(database.superuser())
                .sql(
                        "select id from billing.charge_payment where tenant_id = :tenant order by recorded_at, amount_fen desc")
                .param("tenant", signed.tenant())
                .query((row, _) -> row.getObject(1, UUID.class))
                .list();
        assertThat(ids).hasSize(2);
        var first = otherWork.issueReceipt(signed.lead(), ids.getFirst());
        assertThat(otherWork.issueReceipt(signed.lead(), ids.getFirst())).isEqualTo(first);
        var second = otherWork.issueReceipt(signed.lead(), ids.getLast());
        assertThat(second).isNotEqualTo(first);
        var paper = browser.get()
                .uri("/contracts/{c}/billing/charges/receipts/{r}.pdf", signed.contract(), first)
                .with(authentication(signedIn(signed.finance())))
                .exchange();
        assertThat(paper).hasStatusOk();
        assertThat(paper.getResponse().getContentAsByteArray()).startsWith("%PDF".getBytes(StandardCharsets.US_ASCII));
        assertThat(browser.get()
                        .uri("/contracts/{c}/billing/charges/receipts/{r}.pdf", signed.contract(), UUID.randomUUID())
                        .with(authentication(signedIn(signed.finance()))))
                .hasStatus(404);
    }

    /** Trap 7: what the bank takes back is owed again by its original day, and its receipt is void. */
    @Test
    void whatTheBankTakesBackIsOwedAgainAndAReceiptIsReplaced() {
        var order = accepted("1060.00", 5);
        var charge = Objects.requireNonNull(
                desk.whole(signed.owner(), order).row().order().charge());
        clock.set("2025-02-20T10:00");
        assertThat(pay(charge, "1000.00", "BK-1")).isEqualTo(302);
        assertThat(pay(charge, "60.00", "BK-2")).isEqualTo(302);
        assertThat(chargeDuty(charge)).isEqualTo(DutyState.KEPT);
        var payments = JdbcClient.create(database.superuser())
                .sql("select id from billing.charge_payment where tenant_id = :tenant order by amount_fen desc")
                .param("tenant", signed.tenant())
                .query((row, _) -> row.getObject(1, UUID.class))
                .list();
        var first = otherWork.issueReceipt(signed.lead(), payments.getFirst());
        var second = otherWork.issueReceipt(signed.lead(), payments.getLast());

        assertThat(send("/charges/receipts/" + first + "/replacement", "reason", ""))
                .as("a reason is owed")
                .isEqualTo(422);
        assertThat(send("/charges/receipts/" + first + "/replacement", "reason", "抬头有误"))
                .isEqualTo(302);
        assertThat(send("/charges/receipts/" + first + "/replacement", "reason", "再换"))
                .as("it is void already")
                .isEqualTo(422);
        var standing = otherWork.issueReceipt(signed.lead(), payments.getFirst());
        assertThat(standing).as("the one that stands for it").isNotEqualTo(first);
        assertThat(paper(first)).isEqualTo(200);
        assertThat(paper(standing)).isEqualTo(200);

        clock.set("2025-02-26T10:00");
        assertThat(send(
                        "/charges/payments/" + payments.getLast() + "/return",
                        "reason",
                        "账号错误",
                        "at",
                        "2025-02-19T09:00"))
                .as("before it came")
                .isEqualTo(422);
        assertThat(send(
                        "/charges/payments/" + payments.getLast() + "/return",
                        "reason",
                        "账号错误",
                        "at",
                        "2025-02-26T09:00"))
                .isEqualTo(302);
        assertThat(send(
                        "/charges/payments/" + payments.getLast() + "/return",
                        "reason",
                        "再退",
                        "at",
                        "2025-02-26T09:00"))
                .isEqualTo(422);
        booksAreEven();
        assertThat(chargeDuty(charge)).as("the fifth working day is over").isEqualTo(DutyState.BREACHED);
        assertThat(otherWork.unpaid(signed.finance())).containsExactly(charge);
        assertThat(send("/charges/receipts/" + second + "/replacement", "reason", "换"))
                .as("void with the money")
                .isEqualTo(422);
        assertThat(otherWork.issueReceipt(signed.lead(), payments.getLast()))
                .as("no other receipt for money that is gone")
                .isEqualTo(second);
        assertThat(pay(charge, "60.01", "BK-3")).isEqualTo(422);
        assertThat(pay(charge, "60.00", "BK-3")).isEqualTo(302);
        assertThat(chargeDuty(charge)).isEqualTo(DutyState.KEPT_LATE);
        booksAreEven();
        assertThat(browser.get()
                        .uri("/contracts/{c}/billing/charges?lang=en", signed.contract())
                        .with(authentication(signedIn(signed.lead())))
                        .exchange())
                .hasStatusOk()
                .bodyText()
                .contains("void", "returned", "¥60.00")
                .doesNotContain("??");
    }

    private DutyState chargeDuty(UUID charge) {
        return duties.on(signed.tenant(), signed.contract(), Clause.I_1_1_7, "charge/" + charge, clock.instant())
                .orElseThrow()
                .assessment()
                .state();
    }

    private int paper(UUID receipt) {
        return browser.get()
                .uri("/contracts/{c}/billing/charges/receipts/{r}.pdf", signed.contract(), receipt)
                .with(authentication(signedIn(signed.lead())))
                .exchange()
                .getResponse()
                .getStatus();
    }

    private int send(String path, String... fields) {
        var request = browser.post()
                .uri("/contracts/" + signed.contract() + "/billing" + path)
                .with(authentication(signedIn(signed.lead())))
                .with(csrf());
        for (int i = 0; i < fields.length; i += 2) {
            request.param(fields[i], fields[i + 1]);
        }
        return request.exchange().getResponse().getStatus();
    }

    /** Instalment 12 fell due on 1 December: nothing is left to put it on. */
    @Test
    void withoutAnInstalmentLeftItIsPaidByItself() {
        clock.set("2025-12-05T10:00");
        var order = quoted("1060.00", null, LocalDate.of(2025, 12, 20));
        deliver(order);
        orders.accept(signed.owner(), order, null);
        var entry = desk.whole(signed.owner(), order).entries().stream()
                .filter(one -> one.kind().equals("Charged"))
                .findFirst()
                .orElseThrow();
        assertThat(entry.code()).isEqualTo("OWN");
        booksAreEven();
    }

    @Test
    void aCancelledOrderChargesTheWorkThatWasAgreed() {
        var before = instalment(3).instalment().amount();
        var order = quoted("2120.00", null, LocalDate.of(2025, 2, 28));
        orders.start(signed.agent(), order);
        orders.cancel(signed.owner(), order, "不再需要");
        orders.stateWork(signed.lead(), order, Money.of("530.00"), BigDecimal.valueOf(6), "完成四分之一");
        orders.disputeStated(signed.owner(), order, "偏高");
        orders.stateWork(signed.lead(), order, Money.of("500.00"), BigDecimal.valueOf(6), "重新核定");
        orders.agreeStated(signed.owner(), order);
        assertThat(desk.whole(signed.owner(), order).row().order().state()).isEqualTo(WorkOrderState.CANCELLED);
        assertThat(instalment(3).instalment().amount()).isEqualTo(before.plus(Money.of("500.00")));
        booksAreEven();
    }

    @Test
    void aChargeIsMadeOnce() {
        var order = accepted("1060.00", null);
        assertThatThrownBy(() -> orders.accept(signed.owner(), order, null)).isInstanceOf(Refused.class);
        assertThat(superuser()
                        .sql("select count(*) from billing.charge where tenant_id = :tenant")
                        .param("tenant", signed.tenant())
                        .query(Long.class)
                        .single())
                .isEqualTo(1);
    }

    // The API

    @Test
    void theApiAsksOnceAndActsByTheTable() {
        var body = """
            {"clause": "I-1.1*(7)", "title": "报表", "details": "按门店", "urgent": false}\
            """;
        var first = post("", body, "key-1", 201);
        assertThat(post("", body, "key-1", 201)).isEqualTo(first);
        var id = first.replaceAll(".*\"id\":\"([0-9a-f-]+)\".*", "$1");
        assertThat(browser.get()
                        .uri("/api/v1/contracts/{c}/work-orders", signed.contract())
                        .with(authentication(signedIn(signed.owner())))
                        .exchange())
                .hasStatusOk()
                .bodyText()
                .containsOnlyOnce("\"number\"");
        assertThat(post("/" + id + "/acts", "{\"act\": \"START\"}", "key-2", 403))
                .contains("identity.notAllowed");
        assertThat(post("/" + id + "/acts", "{\"act\": \"CANCEL\", \"words\": \"不要了\"}", "key-3", 201))
                .contains("\"state\":\"CANCELLED\"");
        assertThat(post("", "{\"clause\": \"I-9.9\"}", "key-4", 422)).contains("workorder.refused.clause");
    }

    private String post(String path, String body, String key, int status) {
        var answer = browser.post()
                .uri("/api/v1/contracts/" + signed.contract() + "/work-orders" + path)
                .servletPath("/api/v1/contracts/" + signed.contract() + "/work-orders" + path)
                .contentType(MediaType.APPLICATION_JSON)
                .content(body)
                .header("Idempotency-Key", key)
                .with(authentication(signedIn(signed.owner())))
                .with(csrf())
                .exchange();
        assertThat(answer).hasStatus(status);
        try {
            return answer.getResponse().getContentAsString();
        } catch (java.io.UnsupportedEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    // Small things

    private UUID quoted(String amount, @Nullable Integer payWorkdays, LocalDate ready) {
        var order = orders.request(signed.owner(), new NewOrder(Clause.I_1_1_7, "促销对账报表", "按门店汇总", false, List.of()));
        orders.takeAsChange(signed.lead(), order, true, null);
        orders.quote(
                signed.lead(),
                order,
                new NewQuote(
                        BigDecimal.valueOf(8),
                        List.of(new QuoteLine("报表", BigDecimal.ONE, Money.of(amount), BigDecimal.valueOf(6))),
                        payWorkdays == null ? Placement.NEXT_INSTALMENT : Placement.OWN,
                        payWorkdays,
                        ready,
                        null,
                        null));
        orders.acceptQuote(signed.owner(), order, 1);
        return order;
    }

    private void deliver(UUID order) {
        orders.start(signed.agent(), order);
        orders.deliver(signed.agent(), order, "已完成", List.of());
    }

    private UUID accepted(String amount, @Nullable Integer payWorkdays) {
        clock.set("2025-02-17T10:00");
        var order = quoted(amount, payWorkdays, LocalDate.of(2025, 2, 28));
        deliver(order);
        orders.accept(signed.owner(), order, null);
        return order;
    }

    private void pay(int instalment, Money amount, String reference) {
        billing.recordPayment(
                signed.lead(),
                new Billing.NewPayment(
                        clock.instant(),
                        null,
                        amount,
                        instalment,
                        null,
                        reference + signed.contract().toString().substring(24),
                        "青禾"));
    }

    private int pay(UUID charge, String amount, String reference) {
        return browser.post()
                .uri("/contracts/{c}/billing/charges/{k}/payment", signed.contract(), charge)
                .param("amount", amount)
                .param(
                        "creditedAt",
                        java.time.LocalDateTime.ofInstant(clock.instant(), WorkOrder.ZONE)
                                .minusHours(1)
                                .toString())
                .param("reference", reference)
                .with(authentication(signedIn(signed.lead())))
                .with(csrf())
                .exchange()
                .getResponse()
                .getStatus();
    }

    private Verdict verdict() {
        return billing.verdict(signed.tenant(), signed.contract(), clock.instant())
                .orElseThrow();
    }

    private Verdict.InstalmentVerdict instalment(int number) {
        return verdict().instalment(number);
    }

    private void booksAreEven() {
        assertThat(superuser()
                        .sql("""
                            select entry_id from billing.posting where tenant_id = :tenant
                            group by entry_id having sum(amount_fen) <> 0
                            """)
                        .param("tenant", signed.tenant())
                        .query(UUID.class)
                        .list())
                .as("entries that do not sum to zero")
                .isEmpty();
        // What the books call receivable is what the verdict calls open, and what is charged by itself and unpaid.
        var receivable = superuser()
                .sql("""
                    select coalesce(sum(amount_fen), 0)::bigint from billing.posting
                    where tenant_id = :tenant and account = 'RECEIVABLE'
                    """)
                .param("tenant", signed.tenant())
                .query(Long.class)
                .single();
        var own = superuser()
                .sql("""
                    select (select coalesce(sum(gross_fen), 0) from billing.charge
                            where tenant_id = :tenant and instalment is null)
                        - (select coalesce(sum(amount_fen), 0) from billing.charge_payment where tenant_id = :tenant and returned_at is null)
                    """)
                .param("tenant", signed.tenant())
                .query(Long.class)
                .single();
        var open = Money.sum(verdict().instalments().stream()
                .map(Verdict.InstalmentVerdict::open)
                .toList());
        assertThat(receivable).isEqualTo(open.fen() + own);
    }

    private JdbcClient superuser() {
        return JdbcClient.create(database.superuser());
    }
}
