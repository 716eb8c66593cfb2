package io.retainer.contract;

import static io.retainer.kernel.Clause.*;

import io.retainer.kernel.Clause;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where the register's clauses stand in the text: the printed unit, the item within it, the words with which the clause
 * begins when it shares a unit with others, and words without which the passage is not this clause.
 *
 * @param unit such as {@code 3.2}, within its part
 * @param item number of the list item, or 0
 * @param begins null for the first clause of a unit
 */
record ClauseRule(
        Clause clause, String unit, int item, @Nullable Pattern begins, Pattern says) {

    private static final String CAPITALS = "[壹贰叁肆伍陆柒捌玖][零壹贰叁肆伍陆柒捌玖拾佰仟万亿]*[元圆][零壹贰叁肆伍陆柒捌玖角分整正]*";

    static final List<ClauseRule> PART_I = List.of(
            item(I_1_1_1, "1.1", 1, "信息|资料|数据"),
            item(I_1_1_2, "1.1", 2, "投诉"),
            item(I_1_1_3, "1.1", 3, "维护|拓展|关系"),
            item(I_1_1_4, "1.1", 4, "满意度|调查"),
            item(I_1_1_5, "1.1", 5, "需求|推荐"),
            item(I_1_1_6, "1.1", 6, "关怀|活动"),
            item(I_1_1_7, "1.1", 7, "其他|其它"),
            first(I_1_2A, "1.2", "法律|法规|标准|合规"),
            then(I_1_2B, "1.2", "[,;]?(?:并|且|并且)?(?:应)?(?:保证|确保|保障)服务质量", "质量"),
            first(I_2_1, "2.1", "期限|服务期|起|个月"),
            first(I_2_2A, "2.2", "提前"),
            then(I_2_2B, "2.2", "[,;]?(?:或者?|也可以?|亦可)?(?:延长|续)", "延长|续"),
            first(I_3_1A, "3.1", "费"),
            then(I_3_1B, "3.1", "[(,;]?(?:人民币)?\\(?大写|[(,;]?(?:人民币)?" + CAPITALS, "大写|" + CAPITALS),
            then(
                    I_3_1C,
                    "3.1",
                    "[,;。]?(?:共|共计)?分(?:为|作)?(?=[^。;]{0,8}[期次笔])|[,;。]?(?:甲方)?(?:按[月季年])?(?:支付)?[,]?共"
                            + ChineseNumerals.NUMBER + "期",
                    "[期次笔]"),
            first(I_3_2A, "3.2", "支付|付款|付清|缴"),
            then(
                    I_3_2B,
                    "3.2",
                    "[,;。]?乙方(?:应)?(?:在|于)?(?=[^。]{0,12}(?:收到|收款|收讫))|[,;。]?乙方(?=[^。]{0,14}(?:凭证|收据|发票))",
                    "凭证|收据|发票"),
            first(I_3_3A, "3.3", "暂停|中止"),
            then(I_3_3B, "3.3", "(?:直至|或者?|、|,并?|及)(?:有权)?(?:终止|解除)", "终止|解除"),
            then(I_3_3C, "3.3", "[,;、]?(?:并|且|以及|同时)?(?:有权)?要求", "违约金"),
            first(I_4_1A, "4.1", "保密|秘密"),
            then(I_4_1B, "4.1", "[,;。]?未经|[,;。]?不得向", "泄露|披露|透露|公开|提供"),
            first(I_4_2, "4.2", "终止|解除|届满|期满|结束"),
            first(I_5_1, "5.1", "违约金|滞纳金"),
            first(I_5_2A, "5.2", "整改|改正"),
            then(I_5_2B, "5.2", "[,;、]?(?:并|以及|且)?(?:有权)?(?:要求)?(?:乙方)?(?:应)?赔偿", "赔偿"),
            first(I_5_3A, "5.3", "不可抗力"),
            then(I_5_3B, "5.3", "[,;。]?(?:如|若)?协商不成", "法院|诉讼|起诉"),
            first(I_6_1A, "6.1", "协商"),
            then(I_6_1B, "6.1", "[,;。]?(?:如|若)?协商不成", "法院|诉讼|起诉|仲裁"),
            first(I_7_1A, "7.1", "份"),
            then(I_7_1B, "7.1", "[,;。]?(?:本合同)?(?:自|经)(?:甲、?乙)?双方|[,;。]?自[^,。]{0,16}生效", "生效"),
            first(I_7_2, "7.2", "未尽"));

    static final List<ClauseRule> PART_II = List.of(
            first(II_1_1, "1.1", "第三方"),
            item(II_1_1_1, "1.1", 1, "技术"),
            item(II_1_1_2, "1.1", 2, "咨询|顾问"),
            item(II_1_1_3, "1.1", 3, "数据"),
            item(II_1_1_4, "1.1", 4, "活动"),
            item(II_1_1_5, "1.1", 5, "其他|其它"),
            first(II_2_1, "2.1", "限额|责任"),
            item(II_2_1_1, "2.1", 1, "技术"),
            item(II_2_1_2, "2.1", 2, "咨询|顾问|建议"),
            item(II_2_1_3, "2.1", 3, "数据"),
            item(II_2_1_4, "2.1", 4, "活动"),
            item(II_2_1_5, "2.1", 5, "其他|其它|协商"),
            item(II_3_1_1, "3.1", 1, "资源|获得|服务"),
            item(II_3_1_2, "3.1", 2, "提供|成果"),
            item(II_3_1_3, "3.1", 3, "保密"),
            item(II_3_2_1, "3.2", 1, "质量|成果"),
            item(II_3_2_2, "3.2", 2, "法律|法规|标准"),
            item(II_3_2_3, "3.2", 3, "保密|秘密"),
            item(II_3_2_4, "3.2", 4, "责任"),
            item(II_3_3_1, "3.3", 1, "甲方与乙方|甲方|乙方"),
            item(II_3_3_2, "3.3", 2, "甲方[\\s\\S]*第三方"),
            item(II_3_3_3, "3.3", 3, "乙方[\\s\\S]*第三方"),
            first(II_4_1, "4.1", "告知|通知|提前"),
            first(II_4_2A, "4.2", "一致|同意"),
            then(II_4_2B, "4.2", "[,;。]?(?:并|再)?由", "邀请"),
            first(II_4_3, "4.3", "回复|答复"),
            first(II_4_4, "4.4", "补充协议|另行签订|签订"),
            first(II_5_1, "5.1", "通知|告知"),
            first(II_5_2, "5.2", "协商|补充协议"),
            first(II_5_3A, "5.3", "原(?:合同|第三方)|继续"),
            then(II_5_3B, "5.3", "[,;。]?新(?:的)?第三方", "新"),
            first(II_6_1, "6.1", "协商|争议"),
            first(II_6_2, "6.2", "约定|补充协议"),
            first(II_7_1, "7.1", "效力"),
            first(II_7_2, "7.2", "未尽"));

    /** The contents each annex must have, in the order in which the text lists them. */
    static final List<List<ClauseRule>> ANNEXES = List.of(
            List.of(
                    first(III_A1, "A1", "服务"),
                    then(III_A1_1, "A1", "服务目标", "目标"),
                    then(III_A1_2, "A1", "服务内容(?:与|和|及)(?:服务)?范围|服务范围", "范围"),
                    then(III_A1_3, "A1", "服务流程|流程(?:与|和|及)时间|时间节点", "流程|节点"),
                    then(III_A1_4, "A1", "质量控制", "质量"),
                    then(III_A1_5, "A1", "风险(?:管理|控制)", "风险")),
            List.of(
                    first(III_A2, "A2", "信息保护|信息"),
                    then(III_A2_1, "A2", "信息(?:的)?收集|收集、使用", "收集"),
                    then(III_A2_2, "A2", "信息安全责任|安全责任", "安全"),
                    then(III_A2_3, "A2", "信息泄露|泄露时|泄露的?处理", "泄露"),
                    then(III_A2_4, "A2", "争议解决", "争议")),
            List.of(
                    first(III_A3, "A3", "支付|费用"),
                    then(III_A3_1, "A3", "(?:服务)?费用总额|总费用", "总"),
                    then(III_A3_2, "A3", "分期支付|分期金额|各期(?:金额|费用)", "分期|各期"),
                    then(III_A3_3, "A3", "付款方式|支付方式(?![等、。])", "方式"),
                    then(III_A3_4, "A3", "付款凭证|支付凭证", "凭证")),
            List.of(
                    first(III_A4, "A4", "保密"),
                    then(III_A4_1, "A4", "保密信息(?:的)?(?:定义|范围)", "保密信息"),
                    then(III_A4_2, "A4", "保密义务(?:的)?范围|保密义务", "义务"),
                    then(III_A4_3, "A4", "违约责任", "违约"),
                    then(III_A4_4, "A4", "保密期限|保密期", "期")),
            List.of(
                    first(III_A5, "A5", "第三方"),
                    then(III_A5_1, "A5", "第三方(?:的)?服务内容", "内容"),
                    then(III_A5_2, "A5", "(?:第三方)?(?:的)?责任限额", "限额"),
                    then(III_A5_3, "A5", "(?:第三方)?(?:的)?权利(?:和|与|及|、)义务", "权利"),
                    then(III_A5_4, "A5", "(?:第三方)?(?:的)?变更(?:与|和|及|、)退出", "退出")));

    static final List<List<ClauseRule>> BREACHES = List.of(
            List.of(first(III_B1_STD, "B1", "支付|付款"), then(III_B1_EX, "B1", "示例|举例|例如|例:", "例")),
            List.of(first(III_B2_STD, "B2", "质量"), then(III_B2_EX, "B2", "示例|举例|例如|例:", "例")),
            List.of(first(III_B3_STD, "B3", "泄露|秘密"), then(III_B3_EX, "B3", "示例|举例|例如|例:", "例")));

    private static ClauseRule first(Clause clause, String unit, String says) {
        return new ClauseRule(clause, unit, 0, null, Pattern.compile(says));
    }

    private static ClauseRule then(Clause clause, String unit, String begins, String says) {
        return new ClauseRule(clause, unit, 0, Pattern.compile(begins), Pattern.compile(says));
    }

    private static ClauseRule item(Clause clause, String unit, int item, String says) {
        return new ClauseRule(clause, unit, item, null, Pattern.compile(says));
    }
}
