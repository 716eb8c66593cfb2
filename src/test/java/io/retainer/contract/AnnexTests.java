package io.retainer.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.retainer.contract.AnnexSheet.Row;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Money;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Texts;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The annexes without a database: what is missing, what clashes, and that a file says what the sheet says. */
class AnnexTests {

    static final DraftTerms TERMS = ContractImporter.pasted(DemoContract.text()).terms();

    /** All five, complete. */
    static Annexes complete() {
        var sheets = new EnumMap<AnnexKind, AnnexSheet>(AnnexKind.class);
        for (var kind : AnnexKind.values()) {
            sheets.put(kind, complete(kind));
        }
        return new Annexes(sheets, Map.of());
    }

    static AnnexSheet complete(AnnexKind kind) {
        var sheet = ProposedAnnexes.of(kind, TERMS);
        return switch (kind) {
            case PAYMENT -> sheet.with("payment", "bank", "某某银行苏州分行").with("payment", "account", "6222 0000 1111");
            case THIRD_PARTY ->
                sheet.with("engagement", "name", "云桥技术有限公司")
                        .with("engagement", "nature", "TECHNICAL_SUPPORT")
                        .with("tasks", List.of(new Row(Map.of("service", "1", "content", "系统运维"))))
                        .with("cap", "amount", "200000");
            case SERVICE_PLAN, CUSTOMER_INFORMATION, CONFIDENTIALITY -> sheet;
        };
    }

    static Stream<Arguments> rows() {
        return Stream.of(AnnexKind.values())
                .flatMap(kind -> kind.parts().stream().map(part -> Arguments.of(kind, part)));
    }

    @Test
    void whatThePlatformProposesIsCompleteButForWhatOnlyThePartiesKnow() {
        assertThat(complete().checks())
                .allSatisfy(check -> assertThat(check.gaps()).isEmpty());
        assertThat(AnnexAnswers.problems(TERMS, complete())).isEmpty();
        assertThat(AnnexGap.rows(AnnexGap.of(ProposedAnnexes.of(AnnexKind.PAYMENT, TERMS))))
                .containsExactly(Clause.III_A3_3);
    }

    /** III-A1.1 … III-A5.4: each sub-row is a check of its own. */
    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("rows")
    void aPartThatIsEmptyIsMissedUnderItsSubRow(AnnexKind kind, AnnexKind.Part part) {
        var annexes = complete().with(complete(kind).with(part.id(), List.of()));
        if (part.isOptional()) {
            assertThat(annexes.checks()).allMatch(Annexes.RowCheck::isComplete);
            assertThat(Texts.in(Texts.CHINESE).say(part.whenEmpty())).isNotBlank();
            return;
        }

        var missing =
                annexes.checks().stream().filter(check -> !check.isComplete()).toList();

        assertThat(missing).extracting(Annexes.RowCheck::clause).containsExactly(part.clause());
        assertThat(missing.getFirst().blocks()).isEqualTo(kind != AnnexKind.THIRD_PARTY);
        var problem = AnnexAnswers.problems(TERMS, annexes).stream()
                .filter(p -> p.clause() == part.clause())
                .findFirst()
                .orElseThrow();
        assertThat(problem.isError()).isEqualTo(kind != AnnexKind.THIRD_PARTY);
        for (var locale : List.of(Texts.CHINESE, Texts.ENGLISH)) {
            assertThat(Texts.in(locale).say(problem.what())).isNotBlank();
            assertThat(Texts.in(locale).say(problem.remedy())).isNotBlank();
        }
    }

    @Test
    void everyRequiredCellIsMissedWhenBlankAndWhenUnreadable() {
        for (var kind : AnnexKind.values()) {
            for (var part : kind.parts()) {
                for (var column : part.columns()) {
                    if (part.isList() && part.columns().size() == 1) {
                        continue; // a row without its only cell is no row
                    }
                    var sheet = complete(kind);
                    var first = sheet.of(part.id()).getFirst();
                    var blank = replaced(sheet, part.id(), first.with(column.id(), ""));
                    boolean needed = column.required()
                            || (part.id().equals("services") && column.id().equals("content"));
                    assertThat(AnnexGap.of(blank).isEmpty())
                            .as(part.id() + "." + column.id())
                            .isEqualTo(!needed);
                    if (column.type() != AnnexKind.Type.TEXT && column.type() != AnnexKind.Type.PROSE) {
                        var wrong = replaced(sheet, part.id(), first.with(column.id(), "待定!?"));
                        assertThat(wrong.of(part.id()).getFirst().cell(column.id()))
                                .isEqualTo("待定!?");
                        assertThat(AnnexGap.of(wrong))
                                .as(part.id() + "." + column.id())
                                .anySatisfy(gap -> assertThat(gap.column()).isEqualTo(column.id()));
                    }
                }
            }
        }
    }

    private static AnnexSheet replaced(AnnexSheet sheet, String part, Row first) {
        var rows = new ArrayList<>(sheet.of(part));
        rows.set(0, first);
        return sheet.with(part, rows);
    }

    @Test
    void aRiskIsAcceptedOnlyWhenBothDo() {
        var annexes = new Annexes(Map.of(), Map.of());
        assertThat(annexes.checks().stream().filter(Annexes.RowCheck::blocks)).hasSize(17);
        for (var check : annexes.checks()) {
            annexes = annexes.accepting(check.clause(), Party.CLIENT);
        }
        assertThat(AnnexAnswers.problems(TERMS, annexes))
                .anyMatch(p -> p.code().equals("annex-row-half-accepted") && p.isError());
        for (var check : annexes.checks()) {
            annexes = annexes.accepting(check.clause(), Party.PROVIDER);
        }
        assertThat(AnnexAnswers.problems(TERMS, annexes)).noneMatch(Problem::isError);
    }

    // Files

    @ParameterizedTest
    @EnumSource(AnnexKind.class)
    void whatIsWrittenIsReadBackInBothLanguages(AnnexKind kind) {
        var sheet = complete(kind);
        for (var locale : List.of(Texts.CHINESE, Texts.ENGLISH)) {
            var text = AnnexText.write(sheet, Texts.in(locale));
            assertThat(AnnexText.titled(text)).contains(kind);
            assertThat(AnnexText.read(kind, text)).isEqualTo(sheet);
            var word = PrintedAnnex.part(sheet, Texts.in(locale)).docx();
            assertThat(AnnexFiles.read(kind, word)).isEqualTo(sheet);
        }
    }

    /** Titles and choices are known whichever width their brackets and commas were typed in. */
    @Test
    void punctuationOfEitherWidthIsRead() {
        for (var kind : AnnexKind.values()) {
            var sheet = complete(kind);
            var text = AnnexText.write(sheet, Texts.in(Texts.CHINESE));
            var full = text.replace('(', '（').replace(')', '）').replaceAll("(?<=\\p{IsHan}),(?=\\p{IsHan})", "，");
            var half = text.replace('（', '(').replace('）', ')').replace('，', ',');
            assertThat(AnnexText.read(kind, full).unread()).as(kind + " full").isEmpty();
            assertThat(AnnexText.read(kind, half).unread()).as(kind + " half").isEmpty();
        }
    }

    /** Any words, any holes: 400 sheets made at random. */
    @Test
    void whateverStandsInASheetSurvivesAFile() {
        var random = new Random(11);
        var words = List.of(
                "一、服务目标", "a\tb", "第1期 100元", "是", "签署", "≥ 95%", "甲方(盖章)", "x|y", "(1)", "2025年1月1日", "1,000.50元", "");
        for (int i = 0; i < 400; i++) {
            var kind = AnnexKind.numbered(1 + random.nextInt(5));
            var parts = new HashMap<String, List<Row>>();
            for (var part : kind.parts()) {
                var rows = new ArrayList<Row>();
                for (int r = random.nextInt(part.isList() ? 4 : 2); r > 0; r--) {
                    var cells = new HashMap<String, String>();
                    for (var column : part.columns()) {
                        cells.put(column.id(), words.get(random.nextInt(words.size())));
                    }
                    rows.add(new Row(cells));
                }
                parts.put(part.id(), rows);
            }
            var sheet = new AnnexSheet(kind, parts, List.of());
            if (!sheet.rows().isEmpty()) {
                var locale = random.nextBoolean() ? Texts.CHINESE : Texts.ENGLISH;
                assertThat(AnnexFiles.read(
                                kind, PrintedAnnex.part(sheet, Texts.in(locale)).docx()))
                        .as("sheet %d", i)
                        .isEqualTo(sheet);
            }
        }
    }

    @Test
    void whatBelongsNowhereIsShownUnread() {
        var sheet = AnnexText.read(AnnexKind.CONFIDENTIALITY, """
                保密期限
                一般信息:合同终止后年数:五年
                商业秘密保密至公开为止:是
                双方另有约定的除外
                神秘条款
                """);

        assertThat(sheet.cell("duration", "years")).isEqualTo("5");
        assertThat(sheet.unread()).containsExactly("双方另有约定的除外", "神秘条款");
        assertThat(AnnexAnswers.problems(TERMS, new Annexes(Map.of(sheet.kind(), sheet), Map.of())))
                .filteredOn(problem -> problem.code().equals("annex-unread"))
                .hasSize(2);
    }

    @Test
    void instalmentsAreReadAsPeopleWriteThem() {
        var sheet = AnnexText.read(AnnexKind.PAYMENT, """
                附件三 付款
                二、分期金额与时间
                第一期 60万元 2025年1月1日前支付
                第2期:¥600,000.00,2025-07-01前
                """);

        assertThat(((PaymentSchedule) sheet.typed()).lines())
                .containsExactly(
                        new PaymentSchedule.Line(1, Money.of("600000"), LocalDate.of(2025, 1, 1)),
                        new PaymentSchedule.Line(2, Money.of("600000"), LocalDate.of(2025, 7, 1)));
    }

    @Test
    void aFileOfAnotherAnnexAndOneWithoutAnyAreRefused() {
        var nda = AnnexText.write(complete(AnnexKind.CONFIDENTIALITY), Texts.in(Texts.CHINESE))
                .getBytes(StandardCharsets.UTF_8);
        assertThatExceptionOfType(Refused.class)
                .isThrownBy(() -> AnnexFiles.read(AnnexKind.PAYMENT, nda))
                .matches(refusal -> refusal.sentence().key().equals("contract.annex.refused.otherAnnex"));
        assertThatExceptionOfType(Refused.class)
                .isThrownBy(() -> AnnexFiles.read(AnnexKind.PAYMENT, "一封普通的信".getBytes(StandardCharsets.UTF_8)))
                .matches(refusal -> refusal.sentence().key().equals("contract.annex.refused.notAnAnnex"));
    }

    @Test
    void whatNoAnnexNeedsIsRefusedRatherThanCutOff() {
        var kind = AnnexKind.CONFIDENTIALITY;
        refusedAs(
                "contract.annex.refused.tooLong",
                () -> AnnexSheet.empty(kind).with("liability", "consequence", "长".repeat(4001)));
        var rows = java.util.Collections.nCopies(301, new Row(Map.of("exception", "例外")));
        refusedAs(
                "contract.annex.refused.tooManyRows",
                () -> AnnexSheet.empty(kind).with("exceptions", rows));
        refusedAs(
                "contract.annex.refused.tooLarge", () -> AnnexText.read(kind, ("保密期限\n" + "不认识的一行\n".repeat(100_000))));
    }

    private static void refusedAs(String key, org.assertj.core.api.ThrowableAssert.ThrowingCallable act) {
        assertThatExceptionOfType(Refused.class)
                .isThrownBy(act)
                .matches(refusal -> refusal.sentence().key().equals(key));
    }

    @Test
    void annexesBehindTheTextAreReadWithIt() {
        var chinese = Texts.in(Texts.CHINESE);
        var text = new StringBuilder(DemoContract.text());
        complete().sheets().values().forEach(sheet -> text.append("\n").append(AnnexText.write(sheet, chinese)));

        var imported = ContractImporter.pasted(text.toString());

        assertThat(imported.annexes()).isEqualTo(complete().sheets());
        assertThat(imported.clauses())
                .isEqualTo(ContractImporter.pasted(DemoContract.text()).clauses());
        assertThat(imported.terms().get(TermKey.FEE_SCHEDULE).source()).isEqualTo(TermSource.ANNEX);
        assertThat(imported.terms().complete().fee().schedule()).hasSize(12);
        assertThat(imported.terms().get(TermKey.CONFIDENTIAL_YEARS).binds()).isTrue();
        assertThat(ContractImporter.pasted(DemoContract.text()).annexes()).isEmpty();
    }

    @Test
    void aClashWithAnAnnexBehindTheTextIsFoundAtOnce() {
        var text = DemoContract.text() + "\n"
                + AnnexText.write(
                        complete(AnnexKind.PAYMENT).with("total", "total", "1300000"), Texts.in(Texts.CHINESE));

        assertThat(Problems.of(ContractImporter.pasted(text)))
                .extracting(Problem::code)
                .contains("annex-clash", "annexes-clash")
                .doesNotContain("annex-row-missing");
    }

    @Test
    void typedTermsAreWhatTheSheetSays() {
        var plan = (ServicePlan) complete(AnnexKind.SERVICE_PLAN).typed();

        assertThat(plan.inScope()).hasSize(7);
        assertThat(plan.level(ServicePlan.Metric.COMPLAINT_RESOLVED).orElseThrow())
                .isEqualTo(new ServicePlan.ServiceLevel(
                        ServicePlan.Metric.COMPLAINT_RESOLVED,
                        ContractedService.COMPLAINTS,
                        new BigDecimal("95"),
                        new BigDecimal("90"),
                        ServicePlan.Window.MONTH,
                        new BigDecimal("15")));
        assertThat(java.util.Objects.requireNonNull(plan.quality()).atRiskPercent())
                .isEqualByComparingTo("10");
        assertThat(plan.levels()).hasSize(12);
    }

    // Clashes

    record Clash(
            String name,
            boolean settles,
            java.util.function.UnaryOperator<Annexes> change,
            DraftTerms terms,
            Clause text,
            Clause annex) {}

    static List<Clash> clashes() {
        return List.of(
                new Clash(
                        "fee total",
                        true,
                        a -> a.with(a.of(AnnexKind.PAYMENT)
                                .with("total", "total", "1300000")
                                .with("total", "words", "")),
                        TERMS,
                        Clause.I_3_1A,
                        Clause.III_A3_1),
                new Clash(
                        "penalty",
                        true,
                        a -> a.with(a.of(AnnexKind.PAYMENT).with("payment", "latePercent", "0.5")),
                        TERMS,
                        Clause.I_5_1,
                        Clause.III_A3_3),
                new Clash(
                        "payee",
                        true,
                        a -> a.with(a.of(AnnexKind.PAYMENT).with("payment", "payee", "他人")),
                        TERMS,
                        Clause.I_0_2,
                        Clause.III_A3_3),
                new Clash(
                        "receipt",
                        true,
                        a -> a.with(a.of(AnnexKind.PAYMENT).with("vouchers", "receiptWorkdays", "5")),
                        TERMS.entered(TermKey.RECEIPT_WORKDAYS, new TermValue.Whole(3), Party.CLIENT),
                        Clause.I_3_2B,
                        Clause.III_A3_4),
                new Clash(
                        "confidentiality",
                        true,
                        a -> a.with(a.of(AnnexKind.CONFIDENTIALITY).with("duration", "years", "5")),
                        TERMS.confirmed(TermKey.CONFIDENTIAL_YEARS, Party.CLIENT),
                        Clause.I_4_2,
                        Clause.III_A4_4),
                new Clash("scope", true, a -> a.with(outOfScope(a, 7)), TERMS, Clause.I_1_1_7, Clause.III_A1_2),
                new Clash(
                        "milestone",
                        true,
                        a -> a.with(replaced(
                                a.of(AnnexKind.SERVICE_PLAN),
                                "milestones",
                                new Row(Map.of(
                                        "step",
                                        "过早",
                                        "date",
                                        "2024-06-01",
                                        "responsible",
                                        "PROVIDER",
                                        "result",
                                        "无")))),
                        TERMS,
                        Clause.I_2_1,
                        Clause.III_A1_3),
                new Clash(
                        "route",
                        true,
                        a -> a.with(a.of(AnnexKind.CUSTOMER_INFORMATION)
                                .with("dispute", "route", "ARBITRATION")
                                .with("dispute", "place", "某仲裁委员会")),
                        TERMS,
                        Clause.I_6_1B,
                        Clause.III_A2_4),
                new Clash(
                        "leak hours",
                        false,
                        a -> a.with(a.of(AnnexKind.CUSTOMER_INFORMATION).with("incident", "noticeHours", "48")),
                        TERMS,
                        Clause.III_A2_3,
                        Clause.III_A4_3),
                new Clash(
                        "level of a service out of scope",
                        false,
                        a -> a.with(outOfScope(a, 2)),
                        TERMS,
                        Clause.III_A1_2,
                        Clause.III_A1_4),
                new Clash(
                        "task of a service out of scope",
                        false,
                        a -> a.with(outOfScope(a, 1)),
                        TERMS,
                        Clause.III_A1_2,
                        Clause.III_A5_1),
                new Clash(
                        "sum",
                        false,
                        a -> a.with(replaced(
                                a.of(AnnexKind.PAYMENT),
                                "lines",
                                a.of(AnnexKind.PAYMENT).of("lines").getFirst().with("amount", "1.00"))),
                        TERMS,
                        Clause.III_A3_1,
                        Clause.III_A3_2));
    }

    private static AnnexSheet outOfScope(Annexes annexes, int service) {
        var sheet = annexes.of(AnnexKind.SERVICE_PLAN);
        var rows = new ArrayList<>(sheet.of("services"));
        rows.set(service - 1, rows.get(service - 1).with("inScope", "false"));
        return sheet.with("services", rows);
    }

    @ParameterizedTest
    @MethodSource("clashes")
    void aQuestionAnsweredTwiceIsShownWithBothPlaces(Clash clash) {
        var annexes = clash.change().apply(complete());

        var found = clash(clash, clash.terms(), annexes);
        assertThat(found.isError()).isTrue();
        assertThat(found.values()).hasSize(2).allMatch(value -> !value.value().isBlank());
        for (var locale : List.of(Texts.CHINESE, Texts.ENGLISH)) {
            assertThat(Texts.in(locale).say(found.what()))
                    .contains(clash.text().id())
                    .contains(clash.annex().id());
        }

        var half = clash(clash, clash.terms().confirmed(TermKey.PRECEDENCE, Party.CLIENT), annexes);
        assertThat(half.isError()).as("one party alone settles nothing").isTrue();
        var settled = clash(clash, agreed(clash.terms()), annexes);
        assertThat(settled.isError()).isEqualTo(!clash.settles());
    }

    private static Problem clash(Clash clash, DraftTerms terms, Annexes annexes) {
        return AnnexAnswers.problems(terms, annexes).stream()
                .filter(problem -> problem.values().size() == 2
                        && problem.values().get(0).clause() == clash.text()
                        && problem.values().get(1).clause() == clash.annex())
                .findFirst()
                .orElseThrow();
    }

    private static DraftTerms agreed(DraftTerms terms) {
        return terms.confirmed(TermKey.PRECEDENCE, Party.CLIENT).confirmed(TermKey.PRECEDENCE, Party.PROVIDER);
    }

    @Test
    void G_03_oncePrecedenceIsAgreedTheAnnexIsExecuted() {
        var annexes = complete().with(complete(AnnexKind.CONFIDENTIALITY).with("duration", "years", "5"));
        annexes = annexes.with(annexes.of(AnnexKind.PAYMENT).with("payment", "latePercent", "0.5"));
        var terms = TERMS.confirmed(TermKey.CONFIDENTIAL_YEARS, Party.CLIENT);

        assertThat(AnnexAnswers.settled(terms, annexes)).isSameAs(terms);
        var settled = AnnexAnswers.settled(agreed(terms), annexes);
        assertThat(settled.whole(TermKey.CONFIDENTIAL_YEARS)).contains(5);
        assertThat(settled.complete().late().ratePercent()).isEqualByComparingTo("0.5");
        var textFirst = agreed(terms.entered(
                TermKey.PRECEDENCE, new TermValue.Choice(TermKey.Precedence.MAIN_TEXT_FIRST), Party.CLIENT));
        assertThat(AnnexAnswers.settled(textFirst, annexes).complete().late().ratePercent())
                .isEqualByComparingTo("0.05");
    }

    @Test
    void aGapOfTheTextIsFilledByTheAnnexUnlessSomebodyConfirmedTheDefault() {
        var annexes = complete().with(complete(AnnexKind.CONFIDENTIALITY).with("duration", "years", "5"));

        assertThat(AnnexAnswers.supplied(TERMS, annexes)).anySatisfy(entry -> {
            assertThat(entry.key()).isEqualTo(TermKey.CONFIDENTIAL_YEARS);
            assertThat(entry.source()).isEqualTo(TermSource.ANNEX);
            assertThat(entry.value()).isEqualTo(new TermValue.Whole(5));
        });
        assertThat(AnnexAnswers.supplied(TERMS.confirmed(TermKey.CONFIDENTIAL_YEARS, Party.CLIENT), annexes))
                .noneMatch(entry -> entry.key() == TermKey.CONFIDENTIAL_YEARS);
        var filled = TERMS;
        for (var entry : AnnexAnswers.supplied(TERMS, annexes)) {
            filled = filled.with(entry);
        }
        assertThat(AnnexAnswers.supplied(filled, annexes)).isEmpty();
        var back = AnnexAnswers.supplied(filled, annexes.with(AnnexSheet.empty(AnnexKind.PAYMENT)));
        assertThat(back).anySatisfy(entry -> {
            assertThat(entry.key()).isEqualTo(TermKey.FEE_SCHEDULE);
            assertThat(entry.value()).isNull();
        });
    }

    @Test
    void theWordsOfAnnexesAreThereInBothLanguages() {
        for (var locale : List.of(Locale.SIMPLIFIED_CHINESE, Locale.ENGLISH)) {
            var texts = Texts.in(locale);
            for (var kind : AnnexKind.values()) {
                assertThat(texts.say(kind.title())).isNotBlank();
                for (var part : kind.parts()) {
                    assertThat(texts.say(part.title())).isNotBlank();
                    for (var column : part.columns()) {
                        assertThat(texts.say(part.title(column))).isNotBlank();
                        column.choices()
                                .forEach(constant ->
                                        assertThat(texts.name(constant)).isNotBlank());
                    }
                }
            }
        }
    }
}
