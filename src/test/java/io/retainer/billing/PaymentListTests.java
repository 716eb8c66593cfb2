package io.retainer.billing;

import static io.retainer.billing.TermsFixture.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.authentication;

import io.retainer.PostgresTest;
import io.retainer.TurnableClock;
import io.retainer.billing.Account.Receipt;
import io.retainer.billing.Billing.NewPayment;
import io.retainer.billing.BillingWorld.Notary;
import io.retainer.billing.BillingWorld.Signed;
import io.retainer.billing.PaymentReading.ListedPayment;
import io.retainer.billing.PaymentReading.PaymentState;
import io.retainer.billing.PaymentReading.Query;
import io.retainer.billing.PaymentReading.ReceiptState;
import io.retainer.billing.PaymentReading.Search;
import io.retainer.contract.TermKey;
import io.retainer.identity.Access;
import io.retainer.identity.SignedIn;
import io.retainer.kernel.Money;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Unknown;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@SpringBootTest
@AutoConfigureMockMvc
@Import({PostgresTest.class, BillingWorld.class})
class PaymentListTests {

    @Autowired
    MockMvcTester browser;

    @Autowired
    Billing billing;

    @Autowired
    Accounts accounts;

    @Autowired
    PaymentReading reading;

    @Autowired
    Tenancy tenancy;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    PostgresTest.Database database;

    @Autowired
    Notary notary;

    @Autowired
    TurnableClock clock;

    Signed signed;

    @BeforeEach
    void sign() {
        signed = notary.sign(notary.companies(), Map.of(TermKey.LATE_MODE, "DAILY"));
    }

    @Test
    void everyPaymentIsOnOnePageAndANewerOneDoesNotShiftTheNext() {
        many(60);
        var seen = new ArrayList<ListedPayment>();
        UUID after = null;
        int pages = 0;
        do {
            var page = reading.payments(signed.lead(), Search.all(), after, 25);
            seen.addAll(page.rows());
            after = page.next();
            pages++;
            if (pages == 1) {
                pay("1", "2025-02-01T11:59", "newest", "晚到");
            }
        } while (after != null);
        assertThat(pages).isEqualTo(3);
        assertThat(seen).hasSize(60).doesNotHaveDuplicates();
        assertThat(seen)
                .extracting(listed -> listed.payment().creditedAt())
                .isSortedAccordingTo(Comparator.reverseOrder());
        assertThatThrownBy(() -> reading.payments(signed.lead(), Search.all(), UUID.randomUUID(), 25))
                .isInstanceOf(Unknown.class);
    }

    @Test
    void searchedByPayerReferenceAmountAndReceiptNumberAndFilteredByStateAndDay() {
        var first = pay("100000", "2024-12-31T10:00", "ICBC-4711", "青禾生活用品");
        var second = pay("1680.32", "2025-01-20T23:59:59", "BOC_0815%", "某员工");
        var third = pay("7", "2025-01-21T00:00", "X3", "房东");
        var receipt = billing.issueReceipt(signed.lead(), first);
        billing.returnPayment(signed.lead(), third, at("2025-01-22T10:00"), "退汇");
        var code = accounts.state(signed.lead()).receipt(receipt).code();

        assertThat(found("员工", null, null, null)).containsExactly(second);
        assertThat(found("icbc", null, null, null)).containsExactly(first);
        assertThat(found("%", null, null, null)).as("no wildcard").containsExactly(second);
        assertThat(found("¥1,680.32", null, null, null)).containsExactly(second);
        assertThat(found("100000", null, null, null)).containsExactly(first);
        assertThat(found(code, null, null, null)).containsExactly(first);
        assertThat(found(code.substring(2), null, null, null)).containsExactly(first);
        assertThat(found("nobody", null, null, null)).isEmpty();
        assertThat(found("", PaymentState.RETURNED, null, null)).containsExactly(third);
        assertThat(found("", PaymentState.COUNTED, null, null)).containsExactly(second, first);
        assertThat(found("", PaymentState.WITHOUT_RECEIPT, null, null)).containsExactly(second);
        assertThat(found("", null, LocalDate.of(2025, 1, 20), LocalDate.of(2025, 1, 20)))
                .as("days are those of Shanghai")
                .containsExactly(second);
        assertThat(found("", null, null, LocalDate.of(2024, 12, 31))).containsExactly(first);
        assertThat(found("", null, LocalDate.of(2025, 1, 21), null)).containsExactly(third);
    }

    @Test
    void receiptsAreFoundTheSameWay() {
        var first = billing.issueReceipt(signed.lead(), pay("100000", "2024-12-31T10:00", "R-1", "青禾"));
        var second = billing.issueReceipt(signed.lead(), pay("55", "2025-01-20T10:00", "R-2", "某员工"));
        var third = billing.replaceReceipt(signed.lead(), first, "更正");
        var page = reading.receipts(signed.lead(), Search.all(), null, 2);
        assertThat(page.rows()).extracting(Receipt::id).containsExactly(third, second);
        assertThat(reading.receipts(signed.lead(), Search.all(), page.next(), 2).rows())
                .extracting(Receipt::id)
                .containsExactly(first);
        assertThat(receipts("R-2", null)).containsExactly(second);
        assertThat(receipts("员工", null)).containsExactly(second);
        assertThat(receipts("55.00", null)).containsExactly(second);
        assertThat(receipts(accounts.state(signed.lead()).receipt(third).code(), null))
                .containsExactly(third);
        assertThat(receipts("", ReceiptState.VOID)).containsExactly(first);
        assertThat(receipts("", ReceiptState.VALID)).containsExactly(third, second);
        assertThat(reading.receipts(
                                signed.lead(),
                                new Search<ReceiptState>("", null, LocalDate.of(2025, 2, 2), null),
                                null,
                                10)
                        .rows())
                .isEmpty();
    }

    @Test
    void whoMaySeeNoMoneySeesNoListAndAnotherTenantFindsNothing() {
        many(3);
        assertThatThrownBy(() -> reading.payments(signed.agent(), Search.all(), null, 10))
                .isInstanceOf(RuntimeException.class)
                .hasMessage("identity.notAllowed");
        assertThatThrownBy(() -> reading.receipts(signed.agent(), Search.all(), null, 10))
                .hasMessage("identity.notAllowed");
        var other = notary.sign(notary.companies(), Map.of(TermKey.LATE_MODE, "DAILY"));
        var mixed = new Access(
                other.lead().person(),
                other.tenant(),
                signed.contract(),
                other.lead().party(),
                other.lead().can());
        assertThat(reading.payments(mixed, Search.all(), null, 10).rows()).isEmpty();
    }

    /** reliability.md §0.1: under row-level security only leakproof conditions reach an index. */
    @Test
    void thePagesAreReadFromTheirIndexUnderRowLevelSecurity() {
        many(4000);
        jdbcAsSuperuser().sql("analyze billing.payment").update();
        tenancy.read(signed.tenant(), () -> {
            var first = reading.payments(signed.lead(), Search.all(), null, 25).next();
            var next = reading.payments(signed.tenant(), signed.contract(), Search.all(), first, 26);
            assertThat(plan(next))
                    .contains("payment_newest")
                    .containsPattern("Index Cond: .*ROW\\((p\\.)?credited_at, (p\\.)?id\\) <")
                    .doesNotContain("Seq Scan on payment p")
                    .doesNotContain("Sort");
            var searched = reading.payments(
                    signed.tenant(),
                    signed.contract(),
                    new Search<PaymentState>("payer 3999", null, LocalDate.of(2024, 1, 1), null),
                    null,
                    26);
            assertThat(plan(searched)).contains("payment_newest").containsPattern("Index Cond: .*credited_at >=");
            var receipts = reading.receipts(signed.tenant(), signed.contract(), Search.all(), null, 26);
            assertThat(plan(receipts)).contains("Index").doesNotContain("Seq Scan on receipt r");
            return null;
        });
    }

    @Test
    void pagesAndApiShowTheSameInBothLanguages() {
        many(30);
        for (var access : List.of(signed.lead(), signed.client())) {
            for (var language : List.of("zh-CN", "en")) {
                var first = page(access, "payments?lang=" + language);
                assertThat(first)
                        .contains("rel=\"next\"")
                        .contains("type=\"date\"")
                        .doesNotContain("??");
                assertThat(page(access, "payments?q=nobody&lang=" + language))
                        .contains(language.equals("en") ? "Nothing matches" : "没有符合条件的记录")
                        .doesNotContain("rel=\"next\"");
                assertThat(page(access, "receipts?lang=" + language))
                        .contains(language.equals("en") ? "No receipts yet" : "凭证")
                        .doesNotContain("??");
                assertThat(page(access, "receipts?state=VOID&q=x&lang=" + language))
                        .contains(language.equals("en") ? "Nothing matches" : "没有符合条件的记录");
            }
        }
        assertThat(page(signed.lead(), "payments?state=RETURNED&from=2024-01-01&to=2024-12-31&q=payer&lang=en"))
                .contains("value=\"2024-12-31\"");
        var first = json(signed.client(), "payments?limit=20");
        assertThat(first.get("items")).hasSize(20);
        var second = json(
                signed.client(), "payments?limit=20&after=" + first.get("next").stringValue());
        assertThat(second.get("items")).hasSize(10);
        assertThat(second.get("next").isNull()).isTrue();
        assertThat(json(signed.client(), "payments?q=payer 7&state=WITHOUT_RECEIPT")
                        .get("items"))
                .hasSize(1);
        assertThat(json(signed.client(), "receipts").get("items")).isEmpty();
    }

    private List<UUID> found(
            String text, @Nullable PaymentState state, @Nullable LocalDate from, @Nullable LocalDate to) {
        return reading.payments(signed.lead(), new Search<>(text, state, from, to), null, 10).rows().stream()
                .map(listed -> listed.payment().id())
                .toList();
    }

    private List<UUID> receipts(String text, @Nullable ReceiptState state) {
        return reading.receipts(signed.lead(), new Search<>(text, state, null, null), null, 10).rows().stream()
                .map(Receipt::id)
                .toList();
    }

    private String plan(Query query) {
        return String.join(
                "\n",
                jdbc.sql("explain (costs off) " + query.sql())
                        .params(query.params())
                        .query(String.class)
                        .list());
    }

    private JdbcClient jdbcAsSuperuser() {
        return JdbcClient.create(database.superuser());
    }

    /** Rows as they would be after years, without living through them. */
    private void many(int count) {
        jdbcAsSuperuser()
                .sql("""
                        insert into billing.payment (tenant_id, id, contract_id, channel, reference, payer, credited_at,
                            amount_fen, recorded_at, recorded_by)
                        select :tenant, gen_random_uuid(), :contract, 'BANK', 'many-' || :contract || n, 'payer ' || n,
                            timestamptz '2024-12-20 00:00+08' + n * interval '1 minute', n, now(), :person
                        from generate_series(1, :count) n
                        """)
                .param("tenant", signed.tenant())
                .param("contract", signed.contract())
                .param("person", signed.lead().person())
                .param("count", count)
                .update();
    }

    private UUID pay(String amount, String creditedAt, String reference, String payer) {
        return billing.recordPayment(
                signed.lead(), new NewPayment(at(creditedAt), null, Money.of(amount), null, null, reference, payer));
    }

    private String page(Access access, String page) {
        return get(access, "/contracts/" + signed.contract() + "/billing/" + page);
    }

    private JsonNode json(Access access, String path) {
        return new JsonMapper().readTree(get(access, "/api/v1/contracts/" + signed.contract() + "/" + path));
    }

    private String get(Access access, String uri) {
        var answer = browser.get()
                .uri(uri)
                .with(authentication(UsernamePasswordAuthenticationToken.authenticated(
                        new SignedIn(access.person(), "Somebody"), null, List.of())))
                .exchange();
        assertThat(answer).hasStatusOk();
        return new String(answer.getResponse().getContentAsByteArray(), StandardCharsets.UTF_8);
    }
}
