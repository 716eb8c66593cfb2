package io.retainer.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.retainer.kernel.Money;
import io.retainer.kernel.RmbWords;
import io.retainer.kernel.Sentence;
import java.time.LocalDate;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MoneyMaskTests {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            总额为人民币1,200,000.00元整 | 总额为¥••••
            (大写:壹佰贰拾万元整)     | (大写:¥••••)
            大写:壹仟陆佰捌拾元零叁角贰分。 | 大写:¥••••。
            每期￥100000             | 每期¥••••
            支付 120 万元              | 支付 ¥••••
            400,000.00                | ¥••••
            400000.00                 | ¥••••
            總額壹佰貳拾萬圓整        | 總額¥••••
            按0.05%的违约金           | 按0.05%的违约金
            2025年1月1日起12个月      | 2025年1月1日起12个月
            分12期,每期5%             | 分12期,每期5%
            第5.1款、3.2              | 第5.1款、3.2
            """)
    void hidesAmountsAndNothingElse(String text, String shown) {
        assertThat(MoneyMask.of(text)).isEqualTo(shown);
    }

    @Test
    void anyAmountIsHiddenInFiguresAndInWords() {
        var random = new SplittableRandom(20250101);
        for (int i = 0; i < 20_000; i++) {
            var money = Money.ofFen(random.nextLong(1, 1_000_000_000_00L));
            for (var text : List.of(
                    "费用" + money.formatted() + "元,",
                    "费用人民币" + money.yuan().toPlainString() + ",",
                    "费用" + money + ",",
                    "大写" + RmbWords.of(money) + ",")) {
                var words = MoneyMask.of(text);
                if (!words.matches("(费用|大写)(人民币)?¥••••,")) {
                    assertThat(words).as(text).isEqualTo("费用¥••••,");
                }
            }
        }
    }

    @Test
    void aSentenceKeepsItsDatesAndLosesItsAmountsHoweverDeep() {
        var day = LocalDate.of(2025, 1, 1);
        assertThat(MoneyMask.of(
                        Sentence.of("a", day, Money.of("5"), Sentence.of("b", Money.of("6")), List.of(Money.of("7")))))
                .isEqualTo(Sentence.of("a", day, "¥••••", Sentence.of("b", "¥••••"), List.of("¥••••")));
    }
}
