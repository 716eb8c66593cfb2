package io.retainer.billing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.authentication;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;

import io.retainer.PostgresTest;
import io.retainer.TurnableClock;
import io.retainer.billing.BillingWorld.Companies;
import io.retainer.billing.BillingWorld.Notary;
import io.retainer.billing.BillingWorld.Signed;
import io.retainer.contract.TermKey;
import io.retainer.identity.Role;
import io.retainer.identity.SignedIn;
import io.retainer.kernel.Money;
import io.retainer.kernel.Unknown;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.annotation.Import;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.request.RequestPostProcessor;
import tools.jackson.databind.json.JsonMapper;

@SpringBootTest
@AutoConfigureMockMvc
@Import({PostgresTest.class, BillingWorld.class})
class BankImportTests {

    @Autowired
    BankImport bank;

    @Autowired
    Accounts accounts;

    @Autowired
    Notary notary;

    @Autowired
    TurnableClock clock;

    @Autowired
    MockMvcTester browser;

    Companies companies;
    Signed signed;
    SignedIn lead;
    String code;

    @BeforeEach
    void sign() {
        companies = notary.companies();
        signed = notary.sign(companies, Map.of(TermKey.LATE_MODE, "DAILY"));
        lead = new SignedIn(companies.lead(), "Lead");
        code = accounts.state(signed.lead()).account().code();
        clock.set("2025-03-05T12:00");
    }

    @Test
    void matchesByReferenceWhateverTheAmountThenByPayerAndAmount() {
        var outcome = take(
                row("2024-12-31 10:00", "99,999.99", "某员工", "代付 " + code.toLowerCase(Locale.ROOT) + " 01", "A1"),
                row("2025-01-31 10:00", "100,000.00", "青禾生活用品有限公司", "服务费", "A2"),
                row("2025-02-28 10:00", "7.00", "青禾生活用品有限公司", "不知道", "A3"),
                row("2025-02-28 11:00", "100,000.00", "陌生公司", "货款", "A4"));
        assertThat(outcome.taken()).isEqualTo(4);
        assertThat(outcome.matched()).isEqualTo(2);
        assertThat(accounts.state(signed.lead()).verdict().instalment(1).open()).isEqualTo(Money.of("0.01"));
        assertThat(accounts.state(signed.lead()).verdict().instalment(2).state())
                .isEqualTo(InstalmentState.PAID);
        assertThat(queue())
                .extracting(BankLines.BankLine::reason)
                .containsExactly("billing.bank.why.amount", "billing.bank.why.unknownPayer");
    }

    /** MON-5: the same lines, replayed and shuffled, in this file or that, leave the same state. */
    @Test
    void MON_5_replayingAFileThreeTimesShuffledHasNoEffect() {
        var rows = new ArrayList<String>();
        for (int i = 1; i <= 8; i++) {
            rows.add(row("2025-02-0" + i + " 10:00", "100,000.00", "青禾生活用品有限公司", code + "-0" + i, "S" + i));
        }
        rows.add(row("2025-02-20 10:00", "5.00", "别人", "?", "S9"));
        take(rows.toArray(String[]::new));
        var before = state();
        for (int replay = 0; replay < 3; replay++) {
            Collections.shuffle(rows, new Random(replay));
            var again = take(rows.toArray(String[]::new));
            assertThat(again.taken()).isZero();
            assertThat(again.matched()).isZero();
            assertThat(state()).isEqualTo(before);
        }
        var same = statement(rows.toArray(String[]::new));
        assertThat(bank.take(lead, null, "again.csv", same).taken()).isZero();
        assertThat(state()).isEqualTo(before);
    }

    @Test
    void goodRowsLandWhileBadOnesAreReturned() {
        var outcome = take(
                row("2025-02-30 10:00", "1.00", "青禾生活用品有限公司", code, "B1"),
                row("2025-02-28 10:00", "100000", "青禾生活用品有限公司", code + "-01", "B2"),
                row("2025-02-28 10:00", "很多", "青禾生活用品有限公司", code, "B3"));
        assertThat(outcome.matched()).isEqualTo(1);
        assertThat(outcome.bad())
                .extracting(bad -> bad.why().key())
                .containsExactly("billing.bank.date", "billing.bank.amount");
    }

    @Test
    void aPersonDecidesAboutALineOnce() {
        take(row("2025-02-28 11:00", "100,000.00", "陌生公司", "货款", "C1"), row("2025-02-28 12:00", "9", "房东", "押金", "C2"));
        var queue = queue();
        bank.assign(lead, null, queue.getFirst().id(), signed.contract(), 3);
        bank.setAside(lead, null, queue.getLast().id(), "押金退回");
        assertThat(queue()).isEmpty();
        assertThat(accounts.state(signed.lead()).verdict().instalment(3).open()).isEqualTo(Money.ZERO);
        assertThatThrownBy(() -> bank.assign(lead, null, queue.getFirst().id(), signed.contract(), 4))
                .hasMessage("billing.bank.settled");
        assertThatThrownBy(() -> bank.setAside(lead, null, queue.getFirst().id(), "x"))
                .hasMessage("billing.bank.settled");
        assertThat(accounts.state(signed.lead()).payments())
                .extracting(Account.Payment::channel)
                .containsExactly(Account.Channel.BANK);
    }

    @Test
    void anotherProviderSeesNothingAndMatchesNothing() {
        var others = notary.companies();
        notary.sign(others, Map.of(TermKey.LATE_MODE, "DAILY"));
        clock.set("2025-03-05T12:00");
        var outsider = new SignedIn(others.lead(), "Other");
        var outcome = bank.take(
                outsider,
                null,
                "x.csv",
                statement(row("2025-02-28 10:00", "100000", "青禾生活用品有限公司", code + "-01", "D1")));
        assertThat(accounts.state(signed.lead()).payments()).isEmpty();
        assertThat(outcome.taken()).isEqualTo(1);
        assertThat(queue()).isEmpty();
        var client = new SignedIn(companies.owner(), "Owner");
        assertThatThrownBy(() -> bank.take(client, null, "x.csv", new byte[] {1}))
                .hasMessage("billing.bank.providerOnly");
    }

    @Test
    void thePageImportsShowsTheQueueAndTellsTheClientWhyItIsEmpty() {
        var file = statement(row("2025-02-28 11:00", "100,000.00", "陌生公司", "货款", "E1"));
        var done = browser.post()
                .uri("/billing/bank")
                .multipart()
                .file("file", file)
                .with(as(lead))
                .with(csrf())
                .exchange();
        assertThat(done).hasStatus3xxRedirection();
        assertThat(browser.get().uri("/billing/bank?lang=zh-CN").with(as(lead)).exchange())
                .hasStatusOk()
                .bodyText()
                .contains("陌生公司", "不是任何合同的甲方", code);
        assertThat(browser.get()
                        .uri("/billing/bank?lang=en")
                        .with(as(new SignedIn(companies.owner(), "Owner")))
                        .exchange())
                .hasStatusOk()
                .bodyText()
                .contains("provider of no contract");
    }

    @Test
    void theQueueHasPagesAndEveryLineOfALongFileIsTried() {
        var rows = new ArrayList<String>();
        for (int i = 1; i <= 520; i++) {
            rows.add(row(
                    "2025-01-%02d 10:%02d".formatted(1 + i % 28, i % 60), "1." + (10 + i % 80), "陌生公司", "货款", "L" + i));
        }
        rows.add(row("2025-02-28 10:00", "100,000.00", "青禾生活用品有限公司", code + "-02", "LAST"));
        var outcome = take(rows.toArray(String[]::new));
        assertThat(outcome.matched()).as("the line beyond the first 500").isEqualTo(1);
        assertThat(outcome.unmatched()).isEqualTo(520);

        var seen = new ArrayList<UUID>();
        UUID after = null;
        do {
            var page = bank.unmatched(companies.provider(), after, 100);
            page.rows().forEach(line -> seen.add(line.id()));
            after = page.next();
        } while (after != null);
        assertThat(seen).hasSize(520).doesNotHaveDuplicates();
        var first = new JsonMapper().readTree(get(lead, "/api/v1/bank/unmatched?limit=100"));
        assertThat(first.get("items")).hasSize(100);
        assertThat(new JsonMapper()
                        .readTree(get(
                                lead,
                                "/api/v1/bank/unmatched?limit=100&after="
                                        + first.get("next").stringValue()))
                        .get("items")
                        .get(0)
                        .get("id")
                        .stringValue())
                .isEqualTo(seen.get(100).toString());
        assertThat(get(lead, "/billing/bank?lang=en")).contains("Next page").contains(">520<");
    }

    @Test
    void whoBooksForTwoProvidersChoosesTheAccountAndNeverPaysAnothersContract() {
        var others = notary.companies();
        var second = notary.sign(others, Map.of(TermKey.LATE_MODE, "DAILY"));
        clock.set("2025-03-05T12:00");
        notary.people().join(companies.lead(), others.provider(), Role.OPERATIONS_LEAD);
        var statement = statement(row("2025-02-28 10:00", "100000", "陌生公司", code + "-01", "T1"));

        var outcome = bank.take(lead, others.provider(), "x.csv", statement);
        assertThat(outcome.matched())
                .as("a contract of the first provider is not paid into the account of the second")
                .isZero();
        assertThat(bank.unmatched(others.provider(), null, 10).rows()).hasSize(1);
        assertThat(queue()).isEmpty();
        var line = bank.unmatched(others.provider(), null, 10).rows().getFirst();
        assertThatThrownBy(() -> bank.assign(lead, companies.provider(), line.id(), signed.contract(), 1))
                .isInstanceOf(Unknown.class);
        assertThatThrownBy(() -> bank.assign(lead, others.provider(), line.id(), signed.contract(), 1))
                .isInstanceOf(Unknown.class);
        bank.assign(lead, others.provider(), line.id(), second.contract(), 1);
        assertThatThrownBy(() -> bank.take(lead, UUID.randomUUID(), "x.csv", statement))
                .isInstanceOf(Unknown.class);

        assertThat(get(lead, "/billing/bank?organisation=" + others.provider() + "&lang=en"))
                .contains("Bank account of")
                .contains("value=\"" + others.provider() + "\" selected");
        var accounts = new JsonMapper().readTree(get(lead, "/api/v1/bank/accounts"));
        assertThat(accounts).hasSize(2);
        assertThat(new JsonMapper()
                        .readTree(get(lead, "/api/v1/bank/unmatched?organisation=" + others.provider()))
                        .get("items"))
                .isEmpty();
    }

    private String get(SignedIn person, String uri) {
        var answer = browser.get().uri(uri).with(as(person)).exchange();
        assertThat(answer).hasStatusOk();
        return new String(answer.getResponse().getContentAsByteArray(), StandardCharsets.UTF_8);
    }

    private static RequestPostProcessor as(SignedIn person) {
        return authentication(UsernamePasswordAuthenticationToken.authenticated(person, null, List.of()));
    }

    private List<BankLines.BankLine> queue() {
        return bank.unmatched(companies.provider(), null, 100).rows();
    }

    private String state() {
        var now = accounts.state(signed.lead());
        return now.payments() + " " + now.verdict()
                + queue().stream().map(line -> line.identity() + line.state()).toList();
    }

    private BankImport.Outcome take(String... rows) {
        return bank.take(lead, null, "流水.csv", statement(rows));
    }

    private static byte[] statement(String... rows) {
        return ("交易时间,贷方金额,对方户名,附言,交易流水号\n" + String.join("\n", rows)).getBytes(Charset.forName("GB18030"));
    }

    private static String row(String at, String amount, String payer, String memo, String serial) {
        return "%s:00,\"%s\",%s,%s,%s".formatted(at, amount, payer, memo, serial);
    }
}
