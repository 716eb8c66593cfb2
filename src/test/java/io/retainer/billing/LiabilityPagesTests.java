package io.retainer.billing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.authentication;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;

import io.retainer.PostgresTest;
import io.retainer.TurnableClock;
import io.retainer.billing.BillingWorld.Notary;
import io.retainer.billing.BillingWorld.Signed;
import io.retainer.contract.Notice;
import io.retainer.contract.Notices;
import io.retainer.duty.Duties;
import io.retainer.duty.DutyState;
import io.retainer.identity.Access;
import io.retainer.identity.SignedIn;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Money;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Texts;
import io.retainer.liability.BreachCases;
import io.retainer.liability.BreachCases.NewBreach;
import io.retainer.liability.BreachRule;
import io.retainer.liability.Defence;
import io.retainer.liability.SetOffs;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.annotation.Import;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.test.web.servlet.request.RequestPostProcessor;

/** A breach from the notice to the money, by the pages and by the API, with its duties and its ledger. */
@SpringBootTest
@AutoConfigureMockMvc
@Import({PostgresTest.class, BillingWorld.class})
class LiabilityPagesTests {

    private static final String PROOF = "b".repeat(64);

    @Autowired
    MockMvcTester browser;

    @Autowired
    BreachCases cases;

    @Autowired
    SetOffs setOffs;

    @Autowired
    Duties duties;

    @Autowired
    Notices notices;

    @Autowired
    Billing billing;

    @Autowired
    Notary notary;

    @Autowired
    TurnableClock clock;

    @Autowired
    Tenancy tenancy;

    @Autowired
    JdbcClient jdbc;

    Signed signed;

    @BeforeEach
    void start() {
        signed = notary.sign(notary.companies(), Map.of());
        clock.set("2025-02-10T10:00");
    }

    @Test
    void E10_anOutageIsDeterminedApportionedAgreedPaidAndLedgered() throws Exception {
        var filed = post(
                signed.client(),
                "",
                Map.of(
                        "rule", "TECHNICAL_OUTAGE",
                        "happenedOn", "2025-02-03",
                        "knownOn", "2025-02-04",
                        "words", "云呼叫平台宕机六小时",
                        "thirdName", "云呼科技"));
        assertThat(filed).hasStatus3xxRedirection();
        var page = Objects.requireNonNull(filed.getResponse().getRedirectedUrl())
                .substring(("/contracts/" + signed.contract() + "/liability").length());
        var id = UUID.fromString(page.substring(1));
        assertThat(post(signed.client(), page + "/check?lang=en", Map.of()))
                .hasStatus(409)
                .bodyText()
                .contains("Not looked into yet", "the service was interrupted");
        for (var element : BreachRule.TECHNICAL_OUTAGE.elements()) {
            assertThat(post(signed.client(), page + "/elements/" + element, Map.of("evidence", PROOF)))
                    .hasStatus3xxRedirection();
        }
        assertThat(post(signed.client(), page + "/check", Map.of())).hasStatus3xxRedirection();
        var answer = duties.on(signed.tenant(), signed.contract(), Clause.I_6_1A, "breach/" + id, clock.instant())
                .orElseThrow();
        assertThat(answer.duty().debtor()).isEqualTo(Party.PROVIDER);
        assertThat(post(signed.lead(), page + "/answer", Map.of("defence", "CONTRIBUTION", "words", "甲方当天更改线路未通知")))
                .hasStatus3xxRedirection();
        assertThat(duties.get(signed.tenant(), answer.duty().id(), clock.instant())
                        .assessment()
                        .state())
                .isEqualTo(DutyState.KEPT);

        var finding = Map.of(
                "loss", "50,000.00",
                "contribution", "10",
                "introducedBy", "PROVIDER",
                "cap", "10,000.00",
                "payDays", "15");
        assertThat(post(signed.client(), page + "/proposals?step=tryOut&lang=en", finding))
                .hasStatusOk()
                .bodyText()
                .contains("¥35,000.00", "¥10,000.00", "¥45,000.00", "takes this from the third party", "recourse");
        assertThat(post(signed.client(), page + "/proposals?step=propose", finding))
                .hasStatus3xxRedirection();
        var hash = hash(id);
        assertThat(get(signed.lead(), page + "?lang=en")).bodyText().contains("Accept", hash);
        assertThat(get(signed.client(), page + "/proposal.txt"))
                .bodyText()
                .contains("owed PROVIDER to CLIENT DAMAGES 45000.00");
        assertThat(words(signed.lead(), page + "/determination.pdf?lang=zh-CN")).contains("违约责任认定书", "尚未经", "云呼科技");
        assertThat(post(signed.lead(), page + "/acceptance", Map.of("hash", hash)))
                .hasStatus3xxRedirection();

        paper(page + "/determination");

        // Two amounts are owed now, each by its own duty under II-2.1(1).
        var owed = duties.ofContract(signed.tenant(), signed.contract(), clock.instant()).stream()
                .filter(duty -> duty.duty().clause() == Clause.II_2_1_1)
                .toList();
        assertThat(owed)
                .extracting(duty -> duty.duty().debtor())
                .containsExactlyInAnyOrder(Party.PROVIDER, Party.THIRD_PARTY);
        assertThat(get(signed.client(), "?lang=en")).bodyText().contains("provider → client ¥45,000.00");
        var claims = claims(id);
        clock.set("2025-02-20T10:00");
        assertThat(post(
                        signed.lead(),
                        page + "/claims/" + claims.get("PROVIDER") + "/payment?lang=en",
                        Map.of("at", "2025-02-19T10:00", "reference", "T1")))
                .hasStatus(409)
                .bodyText()
                .contains("Only the creditor");
        assertThat(post(
                        signed.client(),
                        page + "/claims/" + claims.get("PROVIDER") + "/payment",
                        Map.of("at", "2025-02-19T10:00", "reference", "T1")))
                .hasStatus3xxRedirection();
        assertThat(state(id)).isEqualTo("AGREED");
        assertThat(post(
                        signed.lead(),
                        page + "/claims/" + claims.get("THIRD_PARTY") + "/payment",
                        Map.of("at", "2025-02-19T11:00", "reference", "T2")))
                .hasStatus3xxRedirection();
        assertThat(state(id)).isEqualTo("SETTLED");

        var kinds = tenancy.read(
                signed.tenant(),
                () -> jdbc.sql("""
                        select kind from evidence.leaf
                        where tenant_id = :tenant and contract_id = :contract
                        """)
                        .param("tenant", signed.tenant())
                        .param("contract", signed.contract())
                        .query(String.class)
                        .list());
        assertThat(kinds)
                .contains(
                        "liability.BreachFiled",
                        "liability.RuleChecked",
                        "liability.DefenceAnswered",
                        "liability.ApportionmentProposed",
                        "liability.LiabilityDetermined",
                        "liability.ClaimPaid",
                        "liability.BreachSettled");
    }

    @Test
    void aDueClaimIsSetOffAgainstAnInstalmentOnlyByANoticeAndCanBeContested() throws Exception {
        var id = agreed("12000.00", 5);
        var claim = claims(id).get("PROVIDER");
        var off = "/" + id + "/claims/" + claim + "/set-offs";
        var early = Map.of("instalment", "3", "amount", "12000.00", "words", "以服务质量赔偿抵销第三期");
        assertThat(post(signed.client(), off + "?lang=en", early))
                .hasStatus(409)
                .bodyText()
                .contains("cannot be set off before (Civil Code 568)")
                .as("as it was typed")
                .contains("value=\"以服务质量赔偿抵销第三期\"", "<details class=\"mt-1\" open=\"open\"");
        clock.set("2025-02-20T10:00");
        assertThat(billing.verdict(signed.tenant(), signed.contract(), clock.instant())
                        .orElseThrow()
                        .instalment(3)
                        .open())
                .as("never by itself")
                .isEqualTo(Money.of("100000"));
        assertThat(get(signed.client(), "/" + id + "?lang=en"))
                .bodyText()
                .contains("Set off against an instalment", "¥12,000.00");
        assertThat(post(signed.lead(), off + "?lang=en", early))
                .hasStatus(409)
                .bodyText()
                .contains("Only the creditor");
        assertThat(post(
                        signed.client(),
                        off + "?lang=en",
                        Map.of("instalment", "3", "amount", "12000.01", "words", "过多")))
                .hasStatus(422)
                .bodyText()
                .contains("at most ¥12,000.00", "value=\"12000.01\"", "value=\"过多\"");
        assertThat(post(signed.client(), off, Map.of("instalment", "3", "amount", "5000", "words", "先抵销五千元")))
                .hasStatus3xxRedirection();

        var third = billing.verdict(signed.tenant(), signed.contract(), clock.instant())
                .orElseThrow()
                .instalment(3);
        assertThat(third.open()).isEqualTo(Money.of("95000"));
        assertThat(third.sentences())
                .extracting(sentence -> Texts.in(Texts.CHINESE).say(sentence))
                .anySatisfy(said -> assertThat(said).contains("抵销¥5,000.00", "民法典568"));
        assertThat(state(id)).as("7,000 are left").isEqualTo("AGREED");
        assertThat(get(signed.client(), "/" + id + "?lang=en")).bodyText().contains("¥7,000.00 left");

        var path = "/" + id + "/claims/" + claim + "/set-offs";
        assertThat(api(signed.client(), path, "{\"instalment\": 3, \"amount\": 7000, \"words\": \"其余一并抵销\"}"))
                .hasStatusOk();
        assertThat(state(id)).isEqualTo("SETTLED");
        assertThat(billing.verdict(signed.tenant(), signed.contract(), clock.instant())
                        .orElseThrow()
                        .instalment(3)
                        .open())
                .isEqualTo(Money.of("88000"));
        var sums = tenancy.read(
                signed.tenant(),
                () -> jdbc.sql("""
                        select coalesce(sum(amount_fen), 0), coalesce(sum(amount_fen) filter (where account = 'CLAIM_SET_OFF'), 0),
                            coalesce(sum(amount_fen) filter (where account = 'BANK' and instalment = 3), 0)
                        from billing.posting where tenant_id = :tenant and contract_id = :contract
                        """)
                        .param("tenant", signed.tenant())
                        .param("contract", signed.contract())
                        .query((row, _) -> List.of(row.getLong(1), row.getLong(2), row.getLong(3)))
                        .single());
        assertThat(sums).as("balanced, and no money moved").containsExactly(0L, 1_200_000L, 0L);

        var setOff = one(
                "select id::text from liability.set_off where tenant_id = :tenant and claim_id = :id order by declared_at limit 1",
                UUID.fromString(claim));
        assertThat(post(signed.lead(), "/" + id + "/set-offs/" + setOff + "/objection", Map.of("words", "该债权仍有争议")))
                .hasStatus3xxRedirection();
        assertThat(post(
                        signed.lead(),
                        "/" + id + "/set-offs/" + setOff + "/objection?lang=en",
                        Map.of("words", "again")))
                .hasStatus(409)
                .bodyText()
                .contains("contested already");
        assertThat(get(signed.client(), "/" + id + "?lang=zh-CN")).bodyText().contains("已提异议", "该债权仍有争议");
        for (var notice : notices.ofContract(signed.client())) {
            for (var language : List.of("zh-CN", "en")) {
                var letter = browser.get()
                        .uri("/contracts/" + signed.contract() + "/life/notices/" + notice.id() + "/letter.pdf?lang="
                                + language)
                        .with(as(signed.client()))
                        .exchange();
                assertThat(letter).hasContentType("application/pdf");
                try (var document =
                        org.apache.pdfbox.Loader.loadPDF(letter.getResponse().getContentAsByteArray())) {
                    var words = new org.apache.pdfbox.text.PDFTextStripper()
                            .getText(document)
                            .replaceAll("\\s+", "");
                    if (language.equals("zh-CN")) {
                        assertThat(words).contains("第3期", notice.kind() == Notice.Kind.CONTEST ? "提出异议" : "抵销");
                    }
                }
            }
        }
        assertThat(notices.ofContract(signed.client()))
                .extracting(Notice::kind)
                .contains(Notice.Kind.SET_OFF, Notice.Kind.CONTEST);
    }

    /** What does not stand was never extinguished: claim and instalment are owed as before, to the fen, and the books follow. */
    @Test
    void G_41_aContestedSetOffIsWithdrawnOrDecidedElsewhereAndTheAccountsFollow() throws Exception {
        var id = agreed("12000.00", 5);
        var claim = UUID.fromString(Objects.requireNonNull(claims(id).get("PROVIDER")));
        clock.set("2025-02-20T10:00");
        var first = setOffs.declare(signed.client(), id, claim, 3, Money.of("5000"), "抵销五千元");
        clock.set("2025-02-20T10:01");
        var second = setOffs.declare(signed.client(), id, claim, 3, Money.of("7000"), "其余一并抵销");
        assertThat(state(id)).isEqualTo("SETTLED");
        var page = "/" + id + "/set-offs/";
        assertThat(post(signed.client(), page + second + "/withdrawal?lang=en", Map.of("words", "误报")))
                .as("nobody denied it")
                .hasStatus(409)
                .bodyText()
                .contains("not taken back by one side alone");
        setOffs.contest(signed.lead(), id, second, "债权金额有误");
        assertThat(get(signed.client(), "/" + id + "?lang=en")).bodyText().contains("Withdraw the set-off");
        assertThat(get(signed.lead(), "/" + id + "?lang=en"))
                .bodyText()
                .contains("Drop the objection", "Record a decision")
                .doesNotContain("Withdraw the set-off");
        assertThat(post(signed.client(), page + second + "/withdrawal", Map.of("words", "金额计算有误,撤回")))
                .hasStatus3xxRedirection();

        assertThat(state(id)).as("7,000 are owed again").isEqualTo("AGREED");
        assertThat(open(3)).isEqualTo(Money.of("95000"));
        assertThat(dutyOf(claim)).as("it was due on the 17th").isEqualTo(DutyState.BREACHED);
        assertThat(booked()).as("balanced, and 5,000 left of the set-offs").containsExactly(0L, 500_000L);
        assertThat(get(signed.client(), "/" + id + "?lang=en"))
                .bodyText()
                .contains("withdrawn", "¥7,000.00 left", "金额计算有误,撤回")
                .doesNotContain("??");
        assertThat(post(signed.client(), page + second + "/withdrawal?lang=en", Map.of("words", "again")))
                .hasStatus(409)
                .bodyText()
                .contains("has ended");

        cases.paid(signed.client(), id, claim, clock.instant(), "TT-7000");
        assertThat(state(id)).isEqualTo("SETTLED");
        setOffs.contest(signed.lead(), id, first, "债权不存在");
        clock.set("2025-06-20T10:00");
        var judgment = Map.of(
                "how", "COURT",
                "stands", "3000",
                "decidedOn", "2025-06-18",
                "document", "(2025)沪0101民初1234号",
                "documentHash", PROOF,
                "words", "判决部分成立");
        var unproven = new java.util.HashMap<>(judgment);
        unproven.put("documentHash", "abc");
        assertThat(post(signed.lead(), page + first + "/decision?lang=en", unproven))
                .hasStatus(422)
                .bodyText()
                .contains("SHA-256", "(2025)沪0101民初1234号");
        assertThat(post(signed.lead(), page + first + "/decision", judgment)).hasStatus3xxRedirection();
        assertThat(state(id)).isEqualTo("AGREED");
        assertThat(open(3)).isEqualTo(Money.of("97000"));
        assertThat(booked()).containsExactly(0L, 300_000L);
        assertThat(dutyOf(claim)).as("2,000 have been late for months").isEqualTo(DutyState.BREACHED);
        assertThat(get(signed.lead(), "/" + id + "?lang=en"))
                .bodyText()
                .contains("judgment", "¥2,000.00 left", "¥7,000.00 came in before (TT-7000)", "(2025)沪0101民初1234号");
        assertThat(api(signed.client(), page + first + "/decision", """
                        {"how": "AGREEMENT", "stands": 0, "decidedOn": "2025-06-19", "document": "和解", "documentHash": "%s"}
                        """.formatted(PROOF)))
                .hasStatus(409)
                .bodyText()
                .contains("liability.refused.ended");
        cases.paid(signed.client(), id, claim, clock.instant(), "TT-2000");
        assertThat(state(id)).isEqualTo("SETTLED");
        assertThat(one("select paid_fen::text from liability.claim where tenant_id = :tenant and id = :id", claim))
                .isEqualTo("900000");
        var verdict = billing.verdict(signed.tenant(), signed.contract(), clock.instant())
                .orElseThrow()
                .instalment(3);
        assertThat(verdict.sentences())
                .extracting(sentence -> Texts.in(Texts.CHINESE).say(sentence))
                .anySatisfy(said -> assertThat(said).contains("¥2,000.00不成立"))
                .anySatisfy(said -> assertThat(said).contains("¥7,000.00不成立"));
        assertThat(notices.ofContract(signed.client()))
                .extracting(Notice::kind)
                .filteredOn(kind -> kind == Notice.Kind.SET_OFF_RESULT)
                .hasSize(2);
        for (var notice : notices.ofContract(signed.client())) {
            assertThat(browser.get()
                            .uri("/contracts/" + signed.contract() + "/life/notices/" + notice.id()
                                    + "/letter.pdf?lang=zh-CN")
                            .with(as(signed.client()))
                            .exchange())
                    .hasContentType("application/pdf");
        }
        assertThat(browser.get()
                        .uri("/contracts/" + signed.contract() + "/liability/" + id + "/determination.pdf?lang=en")
                        .with(as(signed.client()))
                        .exchange())
                .hasContentType("application/pdf");
    }

    @Test
    void G_41_anObjectionIsDroppedAndAnAgreementIsRecordedByWhomItCostsSomething() throws Exception {
        var id = agreed("12000.00", 5);
        var claim = UUID.fromString(Objects.requireNonNull(claims(id).get("PROVIDER")));
        clock.set("2025-02-20T10:00");
        var off = setOffs.declare(signed.client(), id, claim, 3, Money.of("12000"), "全部抵销");
        setOffs.contest(signed.lead(), id, off, "不同意");
        var path = "/" + id + "/set-offs/" + off;
        assertThat(api(signed.client(), path + "/acceptance", "{}"))
                .as("not by who declared it")
                .hasStatus(409);
        assertThat(api(signed.lead(), path + "/acceptance", "{\"words\": \"核对无误\"}"))
                .hasStatus(204);
        assertThat(state(id)).isEqualTo("SETTLED");
        assertThat(open(3)).isEqualTo(Money.of("88000"));

        var other = agreed("900.00", 5);
        var small = UUID.fromString(Objects.requireNonNull(claims(other).get("PROVIDER")));
        clock.set("2025-03-10T10:00");
        var undenied = setOffs.declare(signed.client(), other, small, 4, Money.of("900"), "抵销");
        var agreement = """
                {"how": "AGREEMENT", "stands": 0, "decidedOn": "2025-03-10", "document": "和解协议", "documentHash": "%s"}
                """.formatted(PROOF);
        assertThat(api(signed.lead(), "/" + other + "/set-offs/" + undenied + "/decision", agreement))
                .hasStatus(409)
                .bodyText()
                .contains("liability.refused.agreementBy");
        assertThat(api(signed.client(), "/" + other + "/set-offs/" + undenied + "/decision", agreement))
                .hasStatus(204);
        assertThat(state(other)).isEqualTo("AGREED");
        assertThat(open(4)).isEqualTo(Money.of("100000"));
        assertThat(booked().getFirst()).isZero();
    }

    private Money open(int instalment) {
        return billing.verdict(signed.tenant(), signed.contract(), clock.instant())
                .orElseThrow()
                .instalment(instalment)
                .open();
    }

    private DutyState dutyOf(UUID claim) {
        var duty = UUID.fromString(
                one("select duty_id::text from liability.claim where tenant_id = :tenant and id = :id", claim));
        return duties.get(signed.tenant(), duty, clock.instant()).assessment().state();
    }

    /** The sum of all postings, and what is booked as set off. */
    private List<Long> booked() {
        return tenancy.read(
                signed.tenant(),
                () -> jdbc.sql("""
                        select coalesce(sum(amount_fen), 0), coalesce(sum(amount_fen) filter (where account = 'CLAIM_SET_OFF'), 0)
                        from billing.posting where tenant_id = :tenant and contract_id = :contract
                        """)
                        .param("tenant", signed.tenant())
                        .param("contract", signed.contract())
                        .query((row, _) -> List.of(row.getLong(1), row.getLong(2)))
                        .single());
    }

    /** A case about quality that both agreed on: so much, payable within so many days. */
    private UUID agreed(String loss, int days) {
        var id = checked(BreachRule.QUALITY);
        cases.answer(signed.lead(), id, Defence.NONE, "无异议");
        assertThat(post(
                        signed.client(),
                        "/" + id + "/proposals?step=propose",
                        Map.of("loss", loss, "payDays", Integer.toString(days))))
                .hasStatus3xxRedirection();
        cases.accept(signed.lead(), id, hash(id));
        return id;
    }

    @Test
    void whoDoesNotAnswerInTenWorkingDaysIsNotWaitedFor() {
        var id = checked(BreachRule.QUALITY);
        // Ten working days after 10 February 2025 end with the 24th.
        clock.set("2025-02-24T23:59");
        assertThat(get(signed.lead(), "/" + id + "?lang=en")).bodyText().contains("to be answered");
        clock.set("2025-02-25T00:00");
        assertThat(get(signed.lead(), "/" + id + "?lang=en")).bodyText().contains("to be apportioned");
        assertThatExceptionOfType(Refused.class)
                .isThrownBy(() -> cases.answer(signed.lead(), id, Defence.NONE, "late"))
                .satisfies(no -> assertThat(no.sentence().key()).isEqualTo("liability.refused.state"));
    }

    @Test
    void E13_byTheApiToTheFen() {
        var body = """
                {"loss": 23456.78, "avoidable": 3456.78, "atRisk": 10000,
                 "credits": [{"weight": 10, "part": 100}, {"weight": 10, "part": 50}], "payDays": 10}
                """;
        assertThat(api(signed.client(), "/apportionments?rule=QUALITY", body))
                .hasStatusOk()
                .bodyJson()
                .convertTo(Map.class)
                .satisfies(answer -> {
                    assertThat(answer.get("credits")).isEqualTo("1500.00");
                    assertThat(String.valueOf(answer.get("owed"))).contains("18500.00", "1500.00");
                });
        var id = checked(BreachRule.QUALITY);
        assertThat(api(signed.lead(), "/" + id + "/answer", "{\"defence\": \"NONE\", \"words\": \"认可\"}"))
                .hasStatus(204);
        assertThat(api(signed.client(), "/" + id + "/proposals", body)).hasStatus(201);
        assertThat(api(signed.lead(), "/" + id + "/rejection", "{}")).hasStatus(204);
        assertThat(state(id)).isEqualTo("DISPUTED");
        assertThat(api(signed.lead(), "/" + id + "/proposals", body)).hasStatus(201);
        assertThat(api(signed.client(), "/" + id + "/acceptance", "{\"hash\": \"" + hash(id) + "\"}"))
                .hasStatus(204);
        assertThat(claims(id)).hasSize(1).containsKey("PROVIDER");
        assertThat(api(signed.client(), "/" + id + "/check", "{}"))
                .hasStatus(409)
                .bodyText()
                .contains("liability.refused.state");
    }

    @Test
    void whoMayNotSeeMoneySeesNoCase() {
        assertThat(get(signed.agent(), "")).hasStatus(403);
        assertThat(api(signed.lead(), "", """
                {"rule": "QUALITY", "happenedOn": "2025-02-03", "knownOn": "2025-02-04", "words": "x"}
                """)).hasStatus(422).bodyText().contains("rule");
        assertThat(api(signed.client(), "", """
                {"rule": "QUALITY", "happenedOn": "2024-12-01", "knownOn": "2025-02-04", "words": "x"}
                """)).hasStatus(422).bodyText().contains("happenedOn");
        assertThat(api(signed.client(), "", "{}")).hasStatus(422).bodyText().contains("rule");
    }

    @Test
    void unconfirmedDefaultsShowAPreviewAndMakeNoClaim() {
        signed = notary.sign(notary.companies(), Map.of(), BillingWorld.LATE);
        clock.set("2025-02-10T10:00");
        var id = checked(BreachRule.WRONG_DATA);
        cases.answer(signed.lead(), id, Defence.NONE, "无");
        var finding =
                Map.of("loss", "86733.33", "introducedBy", "PROVIDER", "signedWithClient", "true", "payDays", "5");
        assertThat(post(signed.client(), "/" + id + "/proposals?step=tryOut&lang=en", finding))
                .hasStatusOk()
                .bodyText()
                .contains("Only a preview", "G-28", "¥60,713.33");
        assertThat(post(signed.client(), "/" + id + "/proposals?step=propose&lang=en", finding))
                .hasStatus(409)
                .bodyText()
                .contains("confirm it on the terms page");
    }

    private UUID checked(BreachRule rule) {
        var id = cases.file(
                signed.client(),
                new NewBreach(rule, LocalDate.of(2025, 2, 3), LocalDate.of(2025, 2, 4), "接听率连续两月低于底线", "某数据公司"));
        for (var element : rule.elements()) {
            cases.find(signed.client(), id, element, PROOF);
        }
        cases.check(signed.client(), id);
        return id;
    }

    private String state(UUID id) {
        return one("select state from liability.breach_case where tenant_id = :tenant and id = :id", id);
    }

    private String hash(UUID id) {
        return one("select hash from liability.breach_case where tenant_id = :tenant and id = :id", id);
    }

    private String one(String sql, UUID id) {
        return tenancy.read(
                signed.tenant(),
                () -> jdbc.sql(sql)
                        .param("tenant", signed.tenant())
                        .param("id", id)
                        .query(String.class)
                        .single());
    }

    private Map<String, String> claims(UUID id) {
        return tenancy.read(
                signed.tenant(),
                () -> jdbc
                        .sql("""
                        select debtor, max(id::text) as id from liability.claim
                        where tenant_id = :tenant and case_id = :case group by debtor
                        """)
                        .param("tenant", signed.tenant())
                        .param("case", id)
                        .query((row, _) -> Map.entry(row.getString("debtor"), row.getString("id")))
                        .list()
                        .stream()
                        .collect(java.util.stream.Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }

    /** Both languages, both formats: reasons by element, shares, amounts in figures and words. */
    private void paper(String page) throws Exception {
        var chinese = words(signed.client(), page + ".pdf?lang=zh-CN");
        assertThat(chinese)
                .contains(
                        "违约责任认定书",
                        "构成要件与证据",
                        PROOF.substring(0, 8),
                        "均有证据证明",
                        "责任分担",
                        "¥35,000.00叁万伍仟元整",
                        "¥45,000.00肆万伍仟元整",
                        "甲方当天更改线路未通知",
                        "已认可")
                .doesNotContain("??", "尚未经");
        assertThat(words(signed.client(), page + ".pdf?lang=en"))
                .contains("Determinationofliability", "forty-fivethousand", "recourse")
                .doesNotContain("??");
        for (var language : List.of("zh-CN", "en")) {
            try (var word = new org.apache.poi.xwpf.usermodel.XWPFDocument(
                            new java.io.ByteArrayInputStream(bytes(signed.client(), page + ".docx?lang=" + language)));
                    var text = new org.apache.poi.xwpf.extractor.XWPFWordExtractor(word)) {
                assertThat(text.getText()).contains("45,000.00");
            }
        }
        io.retainer.PaperSheet.of(
                "determination",
                List.of(
                        bytes(signed.client(), page + ".pdf?lang=zh-CN"),
                        bytes(signed.client(), page + ".pdf?lang=en")));
        assertThat(get(signed.agent(), page + ".pdf")).hasStatus(403);
        assertThat(get(signed.client(), page + ".exe")).hasStatus(404);
    }

    @Test
    void casesAreFoundByNumberRuleThirdPartyAndWordsPageByPage() {
        for (int i = 1; i <= 52; i++) {
            assertThat(post(
                            signed.client(),
                            "",
                            Map.of(
                                    "rule",
                                    i == 7 ? "WRONG_DATA" : "QUALITY",
                                    "happenedOn",
                                    "2025-02-03",
                                    "knownOn",
                                    "2025-02-04",
                                    "words",
                                    i == 9 ? "回访录音缺失 100%" : "客服漏接",
                                    "thirdName",
                                    i == 11 ? "方位数据" : i == 7 ? "别家" : "")))
                    .hasStatus3xxRedirection();
        }
        assertThat(serials(Map.of())).hasSize(50).startsWith(52).endsWith(3);
        assertThat(serials(Map.of("before", "3"))).containsExactly(2, 1);
        assertThat(serials(Map.of("q", "#11"))).containsExactly(11);
        assertThat(serials(Map.of("q", "方位"))).containsExactly(11);
        assertThat(serials(Map.of("q", " 100% "))).containsExactly(9);
        assertThat(serials(Map.of("q", "%"))).containsExactly(9);
        assertThat(serials(Map.of("q", "数据错误", "lang", "zh-CN"))).containsExactly(7);
        assertThat(serials(Map.of("q", "ii-2.1(3)"))).containsExactly(7);
        assertThat(serials(Map.of("view", "CLOSED"))).isEmpty();
        assertThat(get(signed.client(), "?view=CLOSED&lang=en")).bodyText().contains("No breach case is like that.");
        assertThat(get(signed.client(), "?lang=en&q=漏接")).bodyText().contains("Older", "view=OPEN&amp;q=");
        assertThat(get(signed.client(), "?before=no")).hasStatus(422);
    }

    private List<Integer> serials(Map<String, String> query) {
        var request = browser.get()
                .uri("/contracts/" + signed.contract() + "/liability")
                .with(as(signed.client()));
        for (var one : query.entrySet()) {
            request = request.param(one.getKey(), one.getValue());
        }
        var body = request.exchange();
        assertThat(body).hasStatusOk();
        return java.util.regex.Pattern.compile("<td>(\\d+)</td>")
                .matcher(new String(body.getResponse().getContentAsByteArray(), StandardCharsets.UTF_8))
                .results()
                .map(found -> Integer.valueOf(found.group(1)))
                .toList();
    }

    private String words(Access access, String page) throws Exception {
        try (var document = org.apache.pdfbox.Loader.loadPDF(bytes(access, page))) {
            return new org.apache.pdfbox.text.PDFTextStripper()
                    .getText(document)
                    .replaceAll("\\s+", "");
        }
    }

    private byte[] bytes(Access access, String page) {
        var result = get(access, page);
        assertThat(result).hasStatusOk();
        return result.getResponse().getContentAsByteArray();
    }

    private MvcTestResult get(Access access, String page) {
        return browser.get()
                .uri("/contracts/" + signed.contract() + "/liability" + page)
                .with(as(access))
                .exchange();
    }

    private MvcTestResult api(Access access, String path, String body) {
        var whole = "/api/v1/contracts/" + signed.contract() + "/breach-cases" + path;
        return browser.post()
                .uri(whole)
                .servletPath(whole.replaceFirst("\\?.*", ""))
                .contentType(MediaType.APPLICATION_JSON)
                .content(body)
                .with(as(access))
                .with(csrf())
                .exchange();
    }

    private MvcTestResult post(Access access, String page, Map<String, String> fields) {
        var request = browser.post()
                .uri("/contracts/" + signed.contract() + "/liability" + page)
                .with(as(access))
                .with(csrf());
        for (var field : fields.entrySet()) {
            request = request.param(field.getKey(), field.getValue());
        }
        return request.exchange();
    }

    private static RequestPostProcessor as(Access access) {
        return authentication(UsernamePasswordAuthenticationToken.authenticated(
                new SignedIn(access.person(), "Somebody"), null, List.of()));
    }
}
