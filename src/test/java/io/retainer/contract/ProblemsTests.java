package io.retainer.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.retainer.contract.Problem.Kind;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Party;
import io.retainer.kernel.Texts;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProblemsTests {

    @Test
    void aFilledContractHasOpenChoicesButNoErrors() {
        var problems = problems(DemoContract.text());

        assertThat(problems).noneMatch(Problem::isError);
        assertThat(codes(problems)).contains("penalty-reading-open", "sign-mode-open", "defaults-unconfirmed");
    }

    @Test
    void everyDefaultTheEngineWillUseIsAnOpenChoiceOfItsOwn() {
        var open = problems(DemoContract.text()).stream()
                .filter(problem -> problem.code().equals("default-open"))
                .toList();

        assertThat(open).allMatch(problem -> problem.kind() == Kind.OPEN_CHOICE);
        assertThat(open)
                .extracting(problem -> problem.values().getFirst().term())
                .contains("susp.noticeWorkdays", "allocation.policy", "due.boundary", "due.firstFloor")
                .contains("receipt.workdays", "late.base", "late.dayCount")
                .doesNotContain("late.mode", "late.fallback", "camp.failPct");
        var notice = open.stream()
                .filter(problem -> problem.values().getFirst().term().equals("susp.noticeWorkdays"))
                .findFirst()
                .orElseThrow();
        for (var locale : List.of(Texts.CHINESE, Texts.ENGLISH)) {
            var texts = Texts.in(locale);
            assertThat(texts.say(notice.what())).contains("G-14").contains("5");
            assertThat(texts.say(notice.remedy())).contains("526");
        }
    }

    @Test
    void whatBothConfirmedIsNoOpenChoiceAnyMore() {
        var imported = ContractImporter.pasted(DemoContract.text());
        var terms = imported.terms();
        for (var entry : UnagreedDefault.open(terms)) {
            terms = terms.confirmed(entry.key(), Party.CLIENT);
        }
        assertThat(codes(Problems.of(terms, List.of(), imported.clauses(), imported.missing())))
                .as("one party alone")
                .contains("default-open");
        for (var entry : UnagreedDefault.open(terms)) {
            terms = terms.confirmed(entry.key(), Party.PROVIDER);
        }
        assertThat(codes(Problems.of(terms, List.of(), imported.clauses(), imported.missing())))
                .doesNotContain("default-open");
    }

    @Test
    void trap1_theThreePercentagesDiffer() {
        var problem = only(DemoContract.text().replaceFirst("0\\.05%的违约金。\n示例", "5%的违约金。\n示例"), "percentages-differ");

        assertThat(problem.kind()).isEqualTo(Kind.CONTRADICTION);
        assertThat(problem.values()).extracting(Problem.Value::value).containsExactly("0.05%", "5%", "0.05%");
    }

    @Test
    void trap2_figuresAndWordsDiffer() {
        var problem = only(DemoContract.with("壹佰贰拾万元整", "壹佰贰拾壹万元整"), "figures-differ-from-words");

        assertThat(problem.clause().id()).isEqualTo("I-3.1b");
        assertThat(problem.values())
                .extracting(Problem.Value::value)
                .containsExactly("1,200,000.00", "壹佰贰拾壹万元整 = 1,210,000.00");
    }

    @Test
    void trap3_monthsAndDatesDiffer() {
        var problem = only(DemoContract.with("共计12个月", "共计11个月"), "months-differ-from-dates");

        assertThat(problem.clause().id()).isEqualTo("I-2.1");
        assertThat(problem.values()).extracting(Problem.Value::value).containsExactly("11", "2025-01-01/2025-12-31");
    }

    @Test
    void trap4_instalmentsMissTheTotalByOneFen() {
        var problem = only(
                DemoContract.with("分12期", "分3期")
                        + "\n附件三:服务费用支付明细\n第1期 2025年1月1日前 400,000.00元\n第2期 2025年5月1日前 400,000.00元\n第3期 2025年9月1日前 399,999.99元\n",
                "instalments-differ-from-total");

        assertThat(problem.values()).extracting(Problem.Value::value).containsExactly("1,200,000.00", "1,199,999.99");
    }

    @Test
    void trap5_signedAfterTheStartIsANoteAndNoBreachAtBirth() {
        var problems = problems(DemoContract.with("签订日期:2024年12月20日", "签订日期:2025年1月6日"));

        assertThat(problems).noneMatch(Problem::isError);
        assertThat(codes(problems)).contains("signed-after-start");
    }

    @Test
    void annexThreeMayNotAskForPaymentAfterThePeriodBegan() {
        only(
                DemoContract.with("分12期", "分2期")
                        + "\n附件三:服务费用支付明细\n第1期 2025年1月1日前 600,000.00元\n第2期 2025年8月1日前 600,000.00元\n",
                "schedule-later-than-period");
    }

    @Test
    void periodsAreWholeMonthsUnlessAnnexThreeSaysOtherwise() {
        only(DemoContract.with("分12期", "分24期"), "more-instalments-than-months");
    }

    @Test
    void aTotalWithJiaoOrFenIsNoWholeAmount() {
        only(DemoContract.with("1,200,000.00元整(大写:壹佰贰拾万元整)", "1,200,000.50元整(大写:壹佰贰拾万元零伍角)"), "whole-yuan-printed");
    }

    @Test
    void wordsThatAreNoAmountAreNamed() {
        only(DemoContract.with("壹佰贰拾万元整", "壹佰贰拾万元"), "words-not-an-amount");
    }

    @Test
    void theTermMayNotEndBeforeItBegins() {
        only(DemoContract.with("至2025年12月31日", "至2024年12月31日"), "start-after-end");
    }

    @Test
    void withoutAPlaceOfSigningTheForumClauseIsEmpty() {
        assertThat(only(DemoContract.with("签订地:上海市徐汇区\n", ""), "no-place-of-signing")
                        .kind())
                .isEqualTo(Kind.BLANK);
    }

    @Test
    void everyBlankOfATemplateIsNamedOnce() {
        var problems = problems(DemoContract.blank());

        assertThat(problems.stream().filter(problem -> problem.code().equals("blank")))
                .extracting(problem -> problem.values().getFirst().term())
                .hasSize(14)
                .doesNotHaveDuplicates();
        assertThat(codes(problems)).contains("template-marker", "no-place-of-signing");
    }

    @Test
    void anUnconfirmedDefaultNeverBinds() {
        var terms = ContractImporter.pasted(DemoContract.text()).terms();

        var byOne = terms.confirmed(TermKey.LATE_MODE, Party.CLIENT);
        var byBoth = byOne.confirmed(TermKey.LATE_MODE, Party.PROVIDER);

        assertThat(terms.complete().binds(TermKey.LATE_MODE)).isFalse();
        assertThat(byOne.complete().binds(TermKey.LATE_MODE)).isFalse();
        assertThat(byBoth.complete().binds(TermKey.LATE_MODE)).isTrue();
        assertThat(terms.complete().binds(TermKey.LATE_RATE)).isTrue();
    }

    @Test
    void aNewValueNeedsTheOtherPartysConfirmationAnew() {
        var terms = ContractImporter.pasted(DemoContract.text())
                .terms()
                .confirmed(TermKey.LATE_MODE, Party.CLIENT)
                .confirmed(TermKey.LATE_MODE, Party.PROVIDER)
                .entered(TermKey.LATE_MODE, TermValue.parse(TermKey.LATE_MODE, "DAILY"), Party.CLIENT);

        assertThat(terms.get(TermKey.LATE_MODE).binds()).isFalse();
        assertThat(terms.get(TermKey.LATE_MODE).confirmedBy()).containsExactly(Party.CLIENT);
    }

    @Test
    void everyProblemIsSaidInBothLanguages() {
        var texts = List.of(Texts.in(Texts.CHINESE), Texts.in(Texts.ENGLISH));
        var samples = List.of(
                DemoContract.blank(),
                DemoContract.garbled(),
                DemoContract.with("壹佰贰拾万元整", "壹佰贰拾万元"),
                DemoContract.with("共计12个月", "共计11个月"),
                DemoContract.with("至2025年12月31日", "至2024年12月31日"));

        for (var sample : samples) {
            for (var problem : problems(sample)) {
                for (var language : texts) {
                    assertThat(language.say(problem.what())).isNotBlank().doesNotContain("{");
                    assertThat(language.say(problem.remedy())).isNotBlank().doesNotContain("{");
                }
            }
        }
    }

    @Test
    void everyTermAndChoiceHasANameInBothLanguages() {
        for (var language : List.of(Texts.in(Texts.CHINESE), Texts.in(Texts.ENGLISH))) {
            assertThat(TermKey.values()).allSatisfy(key -> {
                assertThat(language.say(key.title())).isNotBlank();
                key.choices()
                        .forEach(choice -> assertThat(language.name(choice)).isNotBlank());
            });
        }
    }

    @Test
    void everyDefaultOfThePlatformIsAValueOfItsType() {
        assertThat(Arrays.stream(TermKey.values()).filter(key -> key.proposal() != null))
                .allSatisfy(key -> {
                    var proposal = java.util.Objects.requireNonNull(key.proposal());
                    assertThat(TermValue.parse(key, proposal).canonical()).isEqualTo(proposal);
                });
    }

    @Test
    void otherCompaniesThanThoseOnThePlatformAndATermThatIsOverAreNoted() {
        var terms = ContractImporter.pasted(DemoContract.text()).terms();
        var during = Instant.parse("2025-12-31T15:59:59Z");

        assertThat(Problems.beside(terms, "青禾生活用品有限公司", "远山客户 服务有限公司", during)).isEmpty();
        var noted = Problems.beside(terms, "青禾生活用品有限公司", "近水客户服务有限公司", during.plusSeconds(1));
        assertThat(codes(noted)).containsExactly("other-party", "term-is-over");
        assertThat(noted).noneMatch(Problem::isError);
        assertThat(Texts.in(Texts.CHINESE).say(noted.getFirst().what())).contains("乙方", "远山客户服务有限公司", "近水客户服务有限公司");
    }

    @Test
    void everyProblemLeadsToWhereItIsDealtWith() {
        assertThat(only(DemoContract.text().replace("壹佰贰拾万元整", "壹佰叁拾万元整"), "figures-differ-from-words")
                        .place())
                .isEqualTo("/terms#fee.total");
        assertThat(problems(DemoContract.text()).stream()
                        .filter(problem -> problem.code().equals("cut-off"))
                        .map(Problem::place))
                .allMatch("/document"::equals);
        assertThat(AnnexAnswers.problems(
                                ContractImporter.pasted(DemoContract.text()).terms(), Annexes.NONE)
                        .stream()
                        .filter(problem -> problem.clause() == Clause.III_A3_2)
                        .map(Problem::place))
                .isNotEmpty()
                .allMatch("/annexes/3"::equals);
    }

    private static Problem only(String text, String code) {
        var matching = problems(text).stream()
                .filter(problem -> problem.code().equals(code))
                .toList();
        assertThat(matching).as(code).hasSize(1);
        assertThat(matching.getFirst().isError()).isTrue();
        return matching.getFirst();
    }

    private static List<Problem> problems(String text) {
        return Problems.of(ContractImporter.pasted(text));
    }

    private static List<String> codes(List<Problem> problems) {
        return problems.stream().map(Problem::code).toList();
    }
}
