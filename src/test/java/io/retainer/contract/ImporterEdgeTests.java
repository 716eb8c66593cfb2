package io.retainer.contract;

import static io.retainer.contract.TermEntry.Reading.KNOWN;
import static io.retainer.contract.TermEntry.Reading.UNREAD;
import static io.retainer.contract.TermKey.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.retainer.kernel.Clause;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Nasty places in texts: what is not understood is unread, never half read. */
class ImporterEdgeTests {

    private static final String FEE = "1,200,000.00元整(大写:壹佰贰拾万元整)";
    private static final String TERM = "自2025年1月1日起至2025年12月31日止,共计12个月";
    private static final String PARTIES = "甲方:青禾生活用品有限公司\n地址:上海市徐汇区漕溪北路88号\n乙方:远山客户服务有限公司\n地址:江苏省苏州市工业园区星湖街328号";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.200.000,00元整",
                "1,20,000.00元整",
                "1 200 000.00元整",
                "-1,200,000.00元整",
                "1200千元整",
                "0元整",
                "1,200,000.00美元整"
            })
    void halfANumberIsNoAmount(String figures) {
        var contract = ContractImporter.pasted(DemoContract.with(FEE, figures + "(大写:____元整)"));
        assertThat(contract.terms().get(FEE_TOTAL).reading()).isEqualTo(UNREAD);
    }

    @ParameterizedTest
    @ValueSource(strings = {"共计12.5个月", "共计1年半"})
    void aTermThatIsNotWholeMonthsIsUnread(String months) {
        var contract = ContractImporter.pasted(DemoContract.with("共计12个月", months));
        assertThat(contract.terms().get(TERM_MONTHS).reading()).isEqualTo(UNREAD);
    }

    @Test
    void aTermFromTheDayOfSigningHasNoKnownStart() {
        var terms = ContractImporter.pasted(DemoContract.with(TERM, "自本合同签订之日起至2025年12月31日止,共计12个月"))
                .terms();
        assertThat(terms.get(TERM_START).reading()).isEqualTo(UNREAD);
        assertThat(terms.get(TERM_END).value()).hasToString("Day[date=2025-12-31]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "甲方:北京甲方乙方文化传媒有限公司 | 北京甲方乙方文化传媒有限公司",
                "甲方:青禾·乙方便利(上海)有限公司 | 青禾·乙方便利(上海)有限公司",
                "甲方(委托方):青禾(上海)生活用品有限公司 | 青禾(上海)生活用品有限公司",
                "甲方:青禾生活用品有限公司(以下简称“甲方”) | 青禾生活用品有限公司",
                "甲方:青禾生活用品有限公司法定代表人:张三 | 青禾生活用品有限公司"
            })
    void aPartyIsNamedInFull(String line, String name) {
        var contract = ContractImporter.pasted(DemoContract.with("甲方:青禾生活用品有限公司", line));
        assertThat(contract.terms().text(CLIENT_NAME)).contains(name);
        assertThat(contract.terms().text(PROVIDER_NAME)).contains("远山客户服务有限公司");
    }

    @Test
    void anAddressBelongsToThePartyUnderWhoseNameItStands() {
        var terms = ContractImporter.pasted(DemoContract.with(
                        PARTIES, "甲方:青禾生活用品有限公司\n乙方:远山客户服务有限公司\n甲方地址:上海市徐汇区漕溪北路88号\n乙方地址:江苏省苏州市工业园区星湖街328号"))
                .terms();
        assertThat(terms.text(CLIENT_ADDRESS)).contains("上海市徐汇区漕溪北路88号");
        assertThat(terms.text(PROVIDER_ADDRESS)).contains("江苏省苏州市工业园区星湖街328号");
    }

    @Test
    void thePartiesMayStandInEitherOrder() {
        var terms = ContractImporter.pasted(DemoContract.with(
                        PARTIES, "乙方:远山客户服务有限公司\n地址:江苏省苏州市工业园区星湖街328号\n甲方:青禾生活用品有限公司\n地址:上海市徐汇区漕溪北路88号"))
                .terms();
        assertThat(terms.text(CLIENT_NAME)).contains("青禾生活用品有限公司");
        assertThat(terms.text(CLIENT_ADDRESS)).contains("上海市徐汇区漕溪北路88号");
        assertThat(terms.text(PROVIDER_ADDRESS)).contains("江苏省苏州市工业园区星湖街328号");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-5%的违约金",
                "5%至10%的违约金",
                "5%的违约金或每日0.05%的违约金",
                "每月2%的违约金",
                "每周1%的违约金",
            })
    void aRateThatIsTwoRatesOrOfAnotherPeriodIsUnread(String words) {
        var terms = ContractImporter.pasted(DemoContract.text().replaceFirst("0\\.05%的违约金", words))
                .terms();
        assertThat(terms.get(LATE_RATE).reading()).isEqualTo(UNREAD);
        assertThat(terms.get(LATE_MODE).source()).isEqualTo(TermSource.PLATFORM_DEFAULT);
    }

    @Test
    void aTaxRateBesideTheRateOfThePenaltyIsNoSecondRate() {
        var terms = ContractImporter.pasted(
                        DemoContract.text().replaceFirst("0\\.05%的违约金", "万分之五(即0.05%)的违约金,并承担6%的税费"))
                .terms();
        assertThat(terms.get(LATE_RATE).reading()).isEqualTo(KNOWN);
    }

    @Test
    void aSectionThatIsMissingTakesNoOtherWithIt() {
        var text = DemoContract.text();
        var contract = ContractImporter.pasted(
                text.substring(0, text.indexOf("三、")) + text.substring(text.indexOf("四、", text.indexOf("三、"))));
        assertThat(contract.missing()).contains(Clause.I_3_1A).doesNotContain(Clause.I_4_2, Clause.I_5_1, Clause.I_7_2);
        assertThat(contract.terms().get(LATE_RATE).reading()).isEqualTo(KNOWN);
    }

    @Test
    void moreInstalmentsThanMonthsAreAContradiction() {
        var contract = ContractImporter.pasted(DemoContract.with("分12期", "分13期"));
        assertThat(Problems.of(contract))
                .filteredOn(Problem::isError)
                .extracting(Problem::code)
                .containsExactly("more-instalments-than-months");
    }

    @Test
    void whereTheDatesPrevailTheMonthsAreCountedFromThem() {
        var terms = ContractImporter.pasted(DemoContract.with("共计12个月", "共计24个月"))
                .terms()
                .entered(TERM_PREVAILS, TermValue.parse(TERM_PREVAILS, "DATES"), null);
        assertThat(terms.complete().term().months()).isEqualTo(12);
    }
}
