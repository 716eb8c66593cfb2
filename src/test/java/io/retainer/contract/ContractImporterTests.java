package io.retainer.contract;

import static io.retainer.contract.TermEntry.Reading.BLANK;
import static io.retainer.contract.TermEntry.Reading.KNOWN;
import static io.retainer.contract.TermEntry.Reading.UNREAD;
import static io.retainer.contract.TermKey.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.retainer.kernel.Clause;
import io.retainer.kernel.Refused;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.poi.xwpf.usermodel.UnderlinePatterns;
import org.apache.poi.xwpf.usermodel.XWPFDocument;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContractImporterTests {

    private static final List<TermKey> BLANKS =
            Arrays.stream(TermKey.values()).filter(TermKey::isBlankOfText).toList();

    @Test
    void readsEveryClauseAndTermOfAFilledContract() {
        var contract = ContractImporter.pasted(DemoContract.text());

        assertThat(contract.missing()).isEmpty();
        assertThat(contract.title()).isEqualTo("2025年度客户服务外包合同");
        assertThat(value(contract, CLIENT_NAME)).isEqualTo("青禾生活用品有限公司");
        assertThat(value(contract, PROVIDER_NAME)).isEqualTo("远山客户服务有限公司");
        assertThat(value(contract, CLIENT_ADDRESS)).isEqualTo("上海市徐汇区漕溪北路88号");
        assertThat(value(contract, PROVIDER_ADDRESS)).isEqualTo("江苏省苏州市工业园区星湖街328号");
        assertThat(value(contract, TERM_START)).isEqualTo("2025-01-01");
        assertThat(value(contract, TERM_END)).isEqualTo("2025-12-31");
        assertThat(value(contract, TERM_MONTHS)).isEqualTo("12");
        assertThat(value(contract, FEE_TOTAL)).isEqualTo("1200000.00");
        assertThat(value(contract, FEE_WORDS)).isEqualTo("壹佰贰拾万元整");
        assertThat(value(contract, FEE_INSTALMENTS)).isEqualTo("12");
        assertThat(value(contract, LATE_RATE)).isEqualTo("0.05");
        assertThat(value(contract, LATE_RATE_STANDARD)).isEqualTo("0.05");
        assertThat(value(contract, LATE_RATE_EXAMPLE)).isEqualTo("0.05");
        assertThat(value(contract, SIGN_PLACE)).isEqualTo("上海市徐汇区");
        assertThat(value(contract, SIGN_DATE)).isEqualTo("2024-12-20");
        assertThat(contract.unread()).isEmpty();
        assertThat(contract.markers()).isEmpty();
    }

    @Test
    void theReadingOfAPercentageThatNamesNoPeriodStaysAnOffer() {
        var mode = ContractImporter.pasted(DemoContract.text()).terms().get(LATE_MODE);

        assertThat(mode.source()).isEqualTo(TermSource.PLATFORM_DEFAULT);
        assertThat(mode.binds()).isFalse();
    }

    @Test
    void anEmptyTemplateIsBlankEverywhereAndGuessedNowhere() {
        var contract = ContractImporter.pasted(DemoContract.blank());

        assertThat(BLANKS).allSatisfy(key -> assertThat(reading(contract, key)).isEqualTo(BLANK));
        assertThat(contract.missing()).isEmpty();
        assertThat(contract.markers())
                .extracting(marker -> marker.passage().text())
                .containsExactly("仅供学习使用");
    }

    @Test
    void readsAGarbledCopyFromADocumentSite() {
        var contract = ContractImporter.pasted(DemoContract.garbled());

        assertThat(contract.traditionalScript()).isTrue();
        assertThat(contract.missing()).isEmpty();
        assertThat(value(contract, FEE_TOTAL)).isEqualTo("1200000.00");
        assertThat(value(contract, TERM_END)).isEqualTo("2025-12-31");
        assertThat(value(contract, CLIENT_NAME)).isEqualTo("青禾生活用品有限公司");
        assertThat(value(contract, SIGN_PLACE)).isEqualTo("上海市徐汇区");
        assertThat(contract.furniture()).isNotEmpty();
        assertThat(contract.text()).doesNotContain("本站").doesNotContain("下载").doesNotContain("(hù)");
        assertThat(clause(contract, Clause.III_B3_EX).cutOff()).isTrue();
        assertThat(clause(contract, Clause.I_2_1).passage().original()).contains("服務(wù)期限");
    }

    @ParameterizedTest
    @CsvSource({
        "暂停或者终止服务,暫?；蚪K止服務,I-3.3b",
        "因不可抗力致使本合同无法履行,不可抗力原因?qū)е卤竞贤瑹o(wú)法履行,I-5.3a",
        "致使建议不可行,?qū)е陆ㄗh不可行,II-2.1(2)",
        "提前告知对方,提前向?qū)Ψ礁嬷?，并,II-4.1"
    })
    void putsKnownDamageRightAndSaysSo(String words, String damaged, String id) {
        var contract = ContractImporter.pasted(DemoContract.with(words, damaged));

        var passage = clause(contract, Clause.of(id)).passage();
        assertThat(passage.reconstructed()).isTrue();
        assertThat(passage.original()).contains("?");
        assertThat(passage.text()).doesNotContain("?");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "人民币1,200,000.00元整|人民币1200000元整",
                "人民币1,200,000.00元整|人民币120万元整",
                "人民币1,200,000.00元整|¥1,200,000.00",
                "人民币1,200,000.00元整|人民币１，２００，０００．００元整",
                "人民币1,200,000.00元整|￥1200000.00元",
                "人民币1,200,000.00元整|人民币 1,200,000.00 圆正",
                "人民币1,200,000.00元整(大写:壹佰贰拾万元整)|人民币壹佰贰拾万元整(¥1,200,000.00)",
                "人民币1,200,000.00元整(大写:壹佰贰拾万元整)|人民币（大写）：壹佰贰拾万圆整（小写：¥1,200,000.00元）",
            })
    void readsTheFeeHoweverItIsWritten(String words, String others) {
        var contract = ContractImporter.pasted(DemoContract.with(words, others));

        assertThat(value(contract, FEE_TOTAL)).isEqualTo("1200000.00");
        assertThat(Problems.of(contract)).noneMatch(Problem::isError);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "自2025-01-01起至2025-12-31止，共计12个月",
                "自 2025 年 1 月 1 日起至 2025 年 12 月 31 日止, 共计 12 个月",
                "自2025/1/1起至2025/12/31止,共计十二个月",
                "自２０２５年１月１日起至２０２５年１２月３１日止，共计１２个月",
                "自二〇二五年一月一日起至二〇二五年十二月三十一日止,共计壹拾贰个月",
                "自2025.01.01至2025.12.31,为期一年",
            })
    void readsTheTermHoweverItIsWritten(String words) {
        var contract = ContractImporter.pasted(DemoContract.with("自2025年1月1日起至2025年12月31日止,共计12个月", words));

        assertThat(value(contract, TERM_START)).isEqualTo("2025-01-01");
        assertThat(value(contract, TERM_END)).isEqualTo("2025-12-31");
        assertThat(value(contract, TERM_MONTHS)).isEqualTo("12");
    }

    @ParameterizedTest
    @ValueSource(strings = {"分十二期支付", "共分12期支付", "分 12 期支付", "分为壹拾贰期支付", "分12次支付", "按月支付,共12期"})
    void readsTheNumberOfInstalmentsHoweverItIsWritten(String words) {
        var contract = ContractImporter.pasted(DemoContract.with("分12期支付", words));

        assertThat(value(contract, FEE_INSTALMENTS)).isEqualTo("12");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "应按未付款项的万分之五/日支付违约金|0.05|DAILY",
                "每逾期一日,应按未付款项的0.05%向乙方支付违约金|0.05|DAILY",
                "应按日万分之五向乙方支付违约金|0.05|DAILY",
                "每日0.05%计付违约金|0.05|DAILY",
                "每迟延一天按应付未付金额的千分之一支付违约金|0.1|DAILY",
                "应按年利率12%支付违约金|12|ANNUAL",
                "应一次性支付5%的违约金|5|FLAT",
                "应按每日０．０５％支付违约金|0.05|DAILY",
                "应按每日0.5‰支付违约金|0.05|DAILY",
                "每逾期一日按万分之五支付违约金,累计不超过当期费用的10%|0.05|DAILY",
            })
    void readsThePenaltyAndItsReadingFromTheSentence(String words, String percent, String mode) {
        var contract = ContractImporter.pasted(
                DemoContract.text().replaceFirst("应向乙方支付0\\.05%的违约金。\n5\\.2", words + "。\n5.2"));

        assertThat(value(contract, LATE_RATE)).isEqualTo(percent);
        assertThat(value(contract, LATE_MODE)).isEqualTo(mode);
        assertThat(contract.terms().get(LATE_MODE).source()).isEqualTo(TermSource.MAIN_TEXT);
    }

    @Test
    void aCapOnThePenaltyIsNotTakenForItsRate() {
        var contract = ContractImporter.pasted(DemoContract.text()
                .replaceFirst("应向乙方支付0\\.05%的违约金。\n5\\.2", "每逾期一日按未付款项的0.05%支付违约金,但累计不超过当期费用的10%。\n5.2"));

        assertThat(value(contract, LATE_RATE)).isEqualTo("0.05");
        assertThat(value(contract, LATE_CAP)).isEqualTo("10");
        assertThat(value(contract, LATE_BASE)).isEqualTo("UNPAID_PART");
    }

    @Test
    void whatIsWrittenButNotUnderstoodIsUnread() {
        var contract = ContractImporter.pasted(DemoContract.text()
                .replace("自2025年1月1日起至2025年12月31日止,共计12个月", "自2025年2月30日起至双方另行商定之日止,共计若干个月")
                .replaceFirst("应向乙方支付0\\.05%的违约金。\n5\\.2", "应按同行惯例支付违约金。\n5.2"));

        assertThat(reading(contract, TERM_START)).isEqualTo(UNREAD);
        assertThat(reading(contract, TERM_MONTHS)).isEqualTo(UNREAD);
        assertThat(reading(contract, LATE_RATE)).isEqualTo(UNREAD);
        assertThat(Problems.of(contract)).extracting(Problem::code).contains("unread");
    }

    @Test
    void aClauseOfItsOwnThatNobodyKnowsIsShownAsUnread() {
        var contract = ContractImporter.pasted(
                DemoContract.with("7.2本合同未尽事宜,由双方另行协商。\n\n甲方", "7.2本合同未尽事宜,由双方另行协商。\n\n八、特别约定\n8.1乙方应在每周五提交周报。\n\n甲方"));

        assertThat(contract.unread()).extracting(Passage::text).anyMatch(text -> text.contains("每周五提交周报"));
    }

    @Test
    void worksWithoutTheHeadingsOfTheParts() {
        var contract = ContractImporter.pasted(DemoContract.text()
                .replace("本合同由三部分组成,第一部分如下:\n", "")
                .replace("第二部分:第三方介入时的修正\n", "")
                .replace("第三部分:补充说明与解释\n", ""));

        assertThat(contract.missing()).containsExactly(Clause.I_0_1);
        assertThat(clause(contract, Clause.II_2_1_3).passage().text()).contains("数据错误");
        assertThat(value(contract, LATE_RATE_EXAMPLE)).isEqualTo("0.05");
    }

    @Test
    void worksOnOneLine() {
        var contract = ContractImporter.pasted(DemoContract.text().replace("\n", ""));

        assertThat(contract.missing()).isEmpty();
        assertThat(value(contract, CLIENT_NAME)).isEqualTo("青禾生活用品有限公司");
        assertThat(value(contract, PROVIDER_ADDRESS)).isEqualTo("江苏省苏州市工业园区星湖街328号");
        assertThat(value(contract, SIGN_DATE)).isEqualTo("2024-12-20");
    }

    @Test
    void numbersInsideASentenceStartNoClause() {
        var contract = ContractImporter.pasted(DemoContract.with("按本合同和补充协议的约定解决", "按本合同第5.3条、第6.1条和补充协议的约定解决"));

        assertThat(contract.missing()).isEmpty();
        assertThat(clause(contract, Clause.II_6_2).passage().text()).contains("第6.1条和补充协议");
    }

    @Test
    void readsTheScheduleOfAnnexThree() {
        var contract = ContractImporter.pasted(
                DemoContract.text()
                        + "\n附件三:服务费用支付明细\n第1期 2025年1月1日前 400,000.00元\n第2期 2025年5月1日前 400,000.00元\n第3期 2025年9月1日前 400,000.01元\n");

        var schedule = contract.terms().schedule().orElseThrow();
        assertThat(schedule.lines()).hasSize(3);
        assertThat(contract.terms().get(FEE_SCHEDULE).source()).isEqualTo(TermSource.ANNEX);
        assertThat(schedule.total().formatted()).isEqualTo("1,200,000.01");
    }

    @Test
    void blanksInAllTheWaysPeopleLeaveThem() {
        var contract = ContractImporter.pasted(DemoContract.text()
                .replace("自2025年1月1日起至2025年12月31日止,共计12个月", "自    年  月  日起至20XX年XX月XX日止,共计【 】个月")
                .replace("甲方:青禾生活用品有限公司", "甲方:XXX")
                .replace("人民币1,200,000.00元整(大写:壹佰贰拾万元整),分12期", "人民币＿＿＿＿元整(大写:      元整),分[ ]期"));

        assertThat(List.of(TERM_START, TERM_END, TERM_MONTHS, CLIENT_NAME, FEE_TOTAL, FEE_WORDS, FEE_INSTALMENTS))
                .allSatisfy(key -> assertThat(reading(contract, key)).isEqualTo(BLANK));
        assertThat(contract.markers()).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16LE", "UTF-16BE", "GB18030", "UTF-16"})
    void findsTheEncodingOut(String charset) {
        var contract = ContractImporter.file(DemoContract.text().getBytes(Charset.forName(charset)));

        assertThat(contract.missing()).isEmpty();
        assertThat(value(contract, CLIENT_NAME)).isEqualTo("青禾生活用品有限公司");
    }

    @Test
    void readsWordDocumentsWithNumbersBlanksAndTables() throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var document = new XWPFDocument()) {
            document.createHeader(org.apache.poi.wp.usermodel.HeaderFooterType.DEFAULT)
                    .createParagraph()
                    .createRun()
                    .setText("某某律师事务所页眉");
            for (var line : DemoContract.text().split("\n")) {
                var paragraph = document.createParagraph();
                int gap = line.indexOf("12个月");
                if (gap < 0) {
                    paragraph.createRun().setText(line);
                } else {
                    paragraph.createRun().setText(line.substring(0, gap));
                    var blank = paragraph.createRun();
                    blank.setText("      ");
                    blank.setUnderline(UnderlinePatterns.SINGLE);
                    paragraph.createRun().setText(line.substring(gap + 2));
                }
            }
            document.createParagraph().createRun().setText("附件三:服务费用支付明细");
            var table = document.createTable(3, 3);
            for (int i = 0; i < 2; i++) {
                table.getRow(i + 1).getCell(0).setText(Integer.toString(i + 1));
                table.getRow(i + 1).getCell(1).setText(i == 0 ? "2025-01-01" : "2025-07-01");
                table.getRow(i + 1).getCell(2).setText("600,000.00");
            }
            document.write(bytes);
        }

        var contract = ContractImporter.file(bytes.toByteArray());

        assertThat(contract.encoding()).isEqualTo("DOCX");
        assertThat(contract.missing()).isEmpty();
        assertThat(reading(contract, TERM_MONTHS)).isEqualTo(BLANK);
        assertThat(contract.terms().schedule().orElseThrow().lines()).hasSize(2);
        assertThat(contract.text()).doesNotContain("律师事务所");
    }

    static Stream<org.junit.jupiter.params.provider.Arguments> unreadable() throws IOException {
        var zip = new ByteArrayOutputStream();
        try (var out = new ZipOutputStream(zip)) {
            out.putNextEntry(new ZipEntry("word/document.xml"));
            var zeros = new byte[1024 * 1024];
            for (int i = 0; i < 80; i++) {
                out.write(zeros);
            }
        }
        var plain = new ByteArrayOutputStream();
        try (var out = new ZipOutputStream(plain)) {
            out.putNextEntry(new ZipEntry("readme.txt"));
            out.write("hello".getBytes(StandardCharsets.UTF_8));
        }
        var broken = new ByteArrayOutputStream();
        try (var out = new ZipOutputStream(broken)) {
            out.putNextEntry(new ZipEntry("word/document.xml"));
            out.write("<no".getBytes(StandardCharsets.UTF_8));
        }
        return Stream.of(
                org.junit.jupiter.params.provider.Arguments.of(new byte[0], "contract.file.empty"),
                org.junit.jupiter.params.provider.Arguments.of(
                        "   \n ".getBytes(StandardCharsets.UTF_8), "contract.file.empty"),
                org.junit.jupiter.params.provider.Arguments.of(new byte[11 * 1024 * 1024], "contract.file.tooLarge"),
                org.junit.jupiter.params.provider.Arguments.of(
                        "合".repeat(600_000).getBytes(StandardCharsets.UTF_8), "contract.file.tooLong"),
                org.junit.jupiter.params.provider.Arguments.of(
                        "%PDF-1.7".getBytes(StandardCharsets.UTF_8), "contract.file.pdf"),
                org.junit.jupiter.params.provider.Arguments.of(
                        new byte[] {(byte) 0xD0, (byte) 0xCF, 0x11, (byte) 0xE0, 0}, "contract.file.oldWord"),
                org.junit.jupiter.params.provider.Arguments.of(new byte[] {1, 2, 3, 0, 5, 9}, "contract.file.binary"),
                org.junit.jupiter.params.provider.Arguments.of(
                        new byte[] {(byte) 0x89, 'P', 'N', 'G', 0x0D, 0x0A, 0x1A, 0x0A}, "contract.file.encoding"),
                org.junit.jupiter.params.provider.Arguments.of(zip.toByteArray(), "contract.file.archiveTooLarge"),
                org.junit.jupiter.params.provider.Arguments.of(plain.toByteArray(), "contract.file.notWord"),
                org.junit.jupiter.params.provider.Arguments.of(broken.toByteArray(), "contract.file.docxBroken"),
                org.junit.jupiter.params.provider.Arguments.of(
                        "今天天气很好,我们去公园散步。".getBytes(StandardCharsets.UTF_8), "contract.file.notAContract"));
    }

    @ParameterizedTest
    @MethodSource("unreadable")
    void saysWhyAFileCannotBeRead(byte[] bytes, String code) {
        assertThatExceptionOfType(Refused.class)
                .isThrownBy(() -> ContractImporter.file(bytes))
                .satisfies(refused -> assertThat(refused.sentence().key()).isEqualTo(code));
    }

    private static String value(ImportedContract contract, TermKey key) {
        var entry = contract.terms().get(key);
        assertThat(entry.reading()).as(key.id()).isEqualTo(KNOWN);
        return java.util.Objects.requireNonNull(entry.value()).canonical();
    }

    private static TermEntry.Reading reading(ImportedContract contract, TermKey key) {
        return contract.terms().get(key).reading();
    }

    private static FoundClause clause(ImportedContract contract, Clause clause) {
        return contract.clauses().stream()
                .filter(found -> found.clause() == clause)
                .findFirst()
                .orElseThrow();
    }
}
