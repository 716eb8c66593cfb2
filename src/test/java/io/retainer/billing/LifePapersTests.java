package io.retainer.billing;

import static io.retainer.billing.TermsFixture.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.authentication;

import io.retainer.PaperSheet;
import io.retainer.PostgresTest;
import io.retainer.TurnableClock;
import io.retainer.billing.Billing.NewPayment;
import io.retainer.billing.BillingWorld.Notary;
import io.retainer.billing.BillingWorld.Signed;
import io.retainer.contract.Amendment;
import io.retainer.contract.Amendments;
import io.retainer.contract.ContractSweep;
import io.retainer.contract.Endings;
import io.retainer.contract.ForceMajeures;
import io.retainer.contract.Notice;
import io.retainer.contract.Notices;
import io.retainer.contract.SignatureMode;
import io.retainer.contract.TermKey;
import io.retainer.contract.TermValue;
import io.retainer.duty.Duties;
import io.retainer.identity.Access;
import io.retainer.identity.SignedIn;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Money;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.text.PDFTextStripper;
import org.apache.poi.xwpf.extractor.XWPFWordExtractor;
import org.apache.poi.xwpf.usermodel.XWPFDocument;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.annotation.Import;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

/** Every paper of a contract's life, made by the real services and read back from its PDF and its Word file. */
@SpringBootTest
@AutoConfigureMockMvc
@Import({PostgresTest.class, BillingWorld.class})
class LifePapersTests {

    @Autowired
    MockMvcTester browser;

    @Autowired
    Billing billing;

    @Autowired
    Settlements settlements;

    @Autowired
    Accounts accounts;

    @Autowired
    Amendments amendments;

    @Autowired
    Endings endings;

    @Autowired
    ForceMajeures forceMajeures;

    @Autowired
    Notices notices;

    @Autowired
    ContractSweep sweep;

    @Autowired
    Duties duties;

    @Autowired
    Notary notary;

    @Autowired
    TurnableClock clock;

    Signed signed;
    final List<byte[]> chinese = new ArrayList<>();
    final List<byte[]> english = new ArrayList<>();

    @BeforeEach
    void start() {
        signed = notary.sign(notary.companies(), Map.of(TermKey.LATE_MODE, "DAILY"));
        clock.set("2024-12-31T10:00");
        pay("100000", "2024-12-31T09:00", 1);
        clock.set("2025-02-03T10:00");
        sweep.run(clock.instant());
    }

    @Test
    void everyPaperOfALifeCanBeReadInBothLanguagesAsPdfAndWord() throws IOException {
        var receipt = billing.issueReceipt(
                signed.lead(),
                accounts.state(signed.lead()).payments().getFirst().id());
        paper(
                "/billing/receipts/" + receipt,
                List.of("收款凭证", "100,000.00", "人民币壹拾万元整", "第1期服务费", "不是税务发票", "第1页共1页"),
                List.of("Receipt", "100,000.00", "one hundred thousand yuan", "Instalment 1", "Page 1 of 1"));

        billing.demand(signed.lead(), 2, at("2025-02-03T09:00"), "请付第二期");
        letter(
                Notice.Kind.DEMAND,
                List.of("催告函", "一、事实", "二、金额", "尚欠¥100,000.00", "请付第二期", "I-3.3a", "暂停服务", "解除", "盖章处"),
                List.of(
                        "Demand for payment",
                        "1. Facts",
                        "2. Amounts",
                        "one hundred thousand one hundred yuan",
                        "SHA-256 in the ledger"));

        clock.set("2025-02-11T10:00");
        billing.suspend(signed.lead(), Set.of(1, 4));
        letter(
                Notice.Kind.SUSPENSION,
                List.of("暂停服务通知书", "的催告函已于2025年2月3日", "暂停的服务：", "已受理的投诉照常处理", "按比例减免", "2个工作日内恢复"),
                List.of("Notice of suspension", "Services suspended", "credited pro rata", "within 2 working days"));
        billing.contestSuspension(signed.client(), "我方认为暂停没有依据");
        letter(Notice.Kind.CONTEST, List.of("异议书", "我方认为暂停没有依据", "于2025年2月11日"), List.of("Objection", "suspended"));
        clock.set("2025-02-15T10:00");
        pay("100000", "2025-02-15T09:30", 2);
        billing.resume(signed.lead());

        var duty = duties.on(
                        signed.tenant(),
                        signed.contract(),
                        Clause.I_3_2A,
                        "instalment/" + accounts.state(signed.client()).lineId(3),
                        clock.instant())
                .orElseThrow()
                .duty()
                .id();
        forceMajeures.notify(
                signed.client(), at("2025-02-08T10:00"), List.of(duty), Notice.Channel.PLATFORM, "洪水淹没了机房");
        letter(
                Notice.Kind.FORCE_MAJEURE,
                List.of("不可抗力通知书", "晚于约定的48小时", "洪水淹没了机房", "受影响的义务（I-3.2a）", "提交证明", "2025年3月3日"),
                List.of("Notice of force majeure", "later than the agreed 48 hours", "Proof to be given"));

        endings.demandCure(signed.client(), Clause.I_1_2B, null, Notice.Channel.PLATFORM, "连续三周接通率不足", clock.instant());
        letter(
                Notice.Kind.CURE_DEMAND,
                List.of("补正违约催告函", "I-1.2b", "15个工作日内补正", "连续三周接通率不足"),
                List.of("Demand to cure a breach", "within 15 working days"));

        var secret = duties.ofContract(signed.tenant(), signed.contract(), clock.instant()).stream()
                .filter(owed -> owed.duty().clause() == Clause.I_4_1A
                        && owed.duty().creditor() == io.retainer.kernel.Party.CLIENT)
                .findFirst()
                .orElseThrow()
                .duty()
                .id();
        endings.flagSecretBroken(signed.client(), secret, Notice.Channel.PLATFORM, "报价单外泄");
        letter(
                Notice.Kind.SECRECY_BREACH,
                List.of("保密违约通知书", "I-4.1a", "报价单外泄", "保密义务在合同终止之后继续有效"),
                List.of("Notice of a breach of secrecy", "Secrecy continues after the end"));

        var change = amend(
                Amendment.Kind.CHANGE,
                "2025-04-01",
                Map.of(TermKey.FEE_TOTAL, new TermValue.Amount(Money.of("1320000.00"))));
        paper(
                "/life/amendments/" + change + "/document",
                List.of("补充协议（第1号）", "第一条缘由", "第二条变更的内容", "¥1,320,000.00", "壹佰叁拾贰万元整", "尚未提交签署"),
                List.of("Supplementary agreement No. 1", "Article 2. What changes", "one million three hundred"));
        sign(change);
        var agreed = paper(
                "/life/amendments/" + change + "/document",
                List.of("第三条适用的时间", "自2025年4月1日起适用", "签署人：王敏", "一式两份"),
                List.of("hold from 1 Apr 2025", "Signatory: 王敏", "two counterparts"));
        try (var document = Loader.loadPDF(agreed)) {
            assertThat(document.getLastSignatureDictionary().getReason()).matches("SHA-256 [0-9a-f]{64}");
        }
        paper(
                "/life/amendments/" + change + "/letter",
                List.of("合同变更提议书", "由“¥1,200,000.00", "签署；逾期提议失效", "补充协议（第1号）"),
                List.of("Proposal of an amendment", "from “¥1,200,000.00", "lapses after that"));

        // The termination for non-payment, its contest, the set-off and what remains.
        clock.set("2025-03-04T10:00");
        billing.demand(signed.lead(), 3, at("2025-03-04T09:00"), null);
        billing.claimPenalty(signed.lead(), 3);
        clock.set("2025-03-27T10:00");
        var termination = billing.terminate(signed.lead(), 3, Notice.Channel.PLATFORM, "多次催告未果,解除合同");
        letter(
                Notice.Kind.TERMINATION,
                List.of("解除合同通知书", "解除事由：甲方未按时付款（I-3.3b）", "解除权自2025年3月", "第3期未付服务费", "民法典第五百六十五条"),
                List.of("Notice of termination", "I-3.3b", "the right to terminate has existed since", "100,000.00"));
        endings.contestTermination(signed.client(), termination, "款项已在途");
        letter(
                Notice.Kind.CONTEST,
                List.of("异议书", "贵方于2025年3月27日", "款项已在途"),
                List.of("gave notice of termination", "款项已在途"));
        paper(
                "/billing/settlement",
                List.of("结算书", "服务最后一天：2025年3月27日", "暂停期间的费用减免", "尚应返还", "第1页共"),
                List.of("Settlement sheet", "Last day of service: 27 Mar 2025", "Credits for suspended days"));
        paper("/billing/statement", List.of("对账单", "已取消", "SK0"), List.of("Statement of account", "Page 1 of"));

        assertThat(status(signed.agent(), "/billing/settlement.pdf")).isEqualTo(403);
        assertThat(status(signed.agent(), "/life/notices/" + newest(Notice.Kind.TERMINATION) + "/letter.pdf"))
                .as("letters speak of money")
                .isEqualTo(403);
        assertThat(status(signed.agent(), "/life/amendments/" + change + "/document.docx"))
                .isEqualTo(403);
        assertThat(status(signed.client(), "/life/amendments/" + change + "/document.exe"))
                .isEqualTo(404);
        assertThat(status(signed.client(), "/life/notices/" + UUID.randomUUID() + "/letter.pdf"))
                .isEqualTo(404);
        PaperSheet.of("life-zh", chinese);
        PaperSheet.of("life-en", english);
    }

    @Test
    void anEarlyEndIsSignedWithItsSettlementAndASetOffIsALetter() throws IOException {
        pay("100000", "2025-02-03T10:00", 2);
        clock.set("2025-02-03T11:00");
        billing.claimPenalty(signed.lead(), 2);
        var end = amend(Amendment.Kind.EARLY_END, "2025-02-11", Map.of());
        sign(end);
        var pdf = paper(
                "/life/amendments/" + end + "/document",
                List.of("提前终止", "服务的最后一天为2025年2月10日", "结算", "64,285.71", "陆万肆仟贰佰捌拾伍元柒角壹分"),
                List.of("Early end", "the last day of service is 10 Feb 2025", "64,285.71", "Settlement"));
        var seamed = bytes(signed.client(), "/life/amendments/" + end + "/document.pdf?seam=true&lang=zh-CN");
        assertThat(seamed).hasSizeGreaterThan(pdf.length);
        clock.set("2025-02-11T00:00");
        sweep.run(clock.instant());
        settlements.setOff(signed.lead(), 2, Money.of("100.00"), "以违约金抵销");
        letter(
                Notice.Kind.SET_OFF,
                List.of("抵销通知书", "第2期已主张的违约金¥100.00", "壹佰元整", "民法典第五百六十八条"),
                List.of("Notice of set-off", "100.00", "one hundred yuan"));
    }

    private UUID amend(Amendment.Kind kind, String from, Map<TermKey, TermValue> changes) {
        return amendments.draft(
                signed.lead(), null, new Amendments.Wanted(kind, LocalDate.parse(from), "双方协商一致", changes));
    }

    private void sign(UUID amendment) {
        amendments.propose(signed.lead(), amendment);
        var hash = amendments.ofContract(signed.lead()).stream()
                .filter(one -> one.id().equals(amendment))
                .findFirst()
                .map(Amendment::hash)
                .orElseThrow();
        for (var access : List.of(signed.client(), signed.lead())) {
            amendments.sign(access, amendment, hash, SignatureMode.SEAL, "王敏", "公章", false);
        }
    }

    private UUID newest(Notice.Kind kind) {
        return notices.ofContract(signed.lead()).stream()
                .filter(notice -> notice.kind() == kind)
                .findFirst()
                .orElseThrow()
                .id();
    }

    private void letter(Notice.Kind kind, List<String> zh, List<String> en) throws IOException {
        paper("/life/notices/" + newest(kind) + "/letter", zh, en);
    }

    /** @return the Chinese PDF */
    private byte[] paper(String path, List<String> zh, List<String> en) throws IOException {
        var chinesePdf = bytes(signed.client(), path + ".pdf?lang=zh-CN");
        var englishPdf = bytes(signed.lead(), path + ".pdf?lang=en");
        assertThat(words(chinesePdf)).as(path).contains(zh).doesNotContain("??");
        assertThat(spaced(englishPdf)).as(path).contains(en).doesNotContain("??");
        for (var language : List.of("zh-CN", "en")) {
            var docx = bytes(signed.client(), path + ".docx?lang=" + language);
            try (var word = new XWPFDocument(new ByteArrayInputStream(docx));
                    var text = new XWPFWordExtractor(word)) {
                var first = language.equals("en") ? en.getFirst() : zh.getFirst();
                assertThat(squeezed(text.getText())).as(path).contains(squeezed(first));
                assertThat(word.getFooterList().getFirst()._getHdrFtr().xmlText())
                        .contains("NUMPAGES");
            }
        }
        chinese.add(chinesePdf);
        english.add(englishPdf);
        return chinesePdf;
    }

    private static String words(byte[] pdf) throws IOException {
        try (var document = Loader.loadPDF(pdf)) {
            return squeezed(new PDFTextStripper().getText(document));
        }
    }

    private static String spaced(byte[] pdf) throws IOException {
        try (var document = Loader.loadPDF(pdf)) {
            return new PDFTextStripper().getText(document).replaceAll("\\s+", " ");
        }
    }

    private static String squeezed(String text) {
        return text.replaceAll("\\s+", "");
    }

    private void pay(String amount, String credited, int instalment) {
        billing.recordPayment(
                signed.lead(),
                new NewPayment(
                        at(credited),
                        null,
                        Money.of(amount),
                        instalment,
                        null,
                        signed.contract() + credited + instalment,
                        "青禾生活用品有限公司"));
    }

    private byte[] bytes(Access access, String path) {
        var result = get(access, path);
        assertThat(result.getStatus()).as(path).isEqualTo(200);
        return result.getContentAsByteArray();
    }

    private int status(Access access, String path) {
        return get(access, path).getStatus();
    }

    private org.springframework.mock.web.MockHttpServletResponse get(Access access, String path) {
        return browser.get()
                .uri("/contracts/" + signed.contract() + path)
                .with(authentication(UsernamePasswordAuthenticationToken.authenticated(
                        new SignedIn(access.person(), "某人"), null, List.of())))
                .exchange()
                .getResponse();
    }
}
