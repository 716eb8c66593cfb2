package io.retainer.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** A contract of our own wording, as it is and as people's files really look. */
public final class DemoContract {

    private DemoContract() {}

    public static String text() {
        try (var in = DemoContract.class.getResourceAsStream("/demo/contract.zh-CN.txt")) {
            return new String(java.util.Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String with(String words, String others) {
        var text = text();
        if (!text.contains(words)) {
            throw new IllegalArgumentException("The contract does not say " + words);
        }
        return text.replace(words, others);
    }

    /** Every place that is filled in left empty, as a template from a shelf. */
    static String blank() {
        return text().replace("青禾生活用品有限公司", "____")
                .replace("远山客户服务有限公司", "____")
                .replace("上海市徐汇区漕溪北路88号", "____")
                .replace("江苏省苏州市工业园区星湖街328号", "____")
                .replace("自2025年1月1日起至2025年12月31日止,共计12个月", "自____年____月____日起至____年____月____日止,共计____个月")
                .replace("1,200,000.00元整(大写:壹佰贰拾万元整),分12期", "____元整(大写:____元整),分____期")
                .replace("0.05%", "____%")
                .replace("签订地:上海市徐汇区\n", "")
                .replace("签订日期:2024年12月20日", "签订日期:____年____月____日")
                .replace("三部分组成,第一部分", "三部分组成,仅供学习使用,第一部分");
    }

    /** As a document-sharing site shows it: one line, traditional script, pinyin in brackets, its own furniture. */
    static String garbled() {
        var words = text().replace("\n", "");
        var traditional =
                com.ibm.icu.text.Transliterator.getInstance("Hans-Hant").transliterate(words);
        var pinyin = traditional
                .replace("戶", "戶(hù)")
                .replace("務", "務(wù)")
                .replace("應", "應(yīng)")
                .replace("雙", "雙(shuāng)")
                .replace("協", "協(xié)")
                .replace("議", "議(yì)");
        var cut = pinyin.substring(0, pinyin.lastIndexOf("法律責任"));
        return "2025年度客戶(hù)服務(wù)外包合同_第1頁(yè)\n已閱讀5頁(yè),還剩5頁(yè)未讀, 繼續(xù)免費(fèi)閱讀\n\n下載本文檔\n\n" + cut
                + "\n\n溫馨提示\n\n  • 1. 本站所有資源如無特殊說明,都需要本地電腦安裝OFFICE2007。\n\n評論\n\n0/150\n\n提交評論";
    }
}
