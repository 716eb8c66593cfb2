package io.retainer.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.retainer.kernel.RmbWords.Style;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RmbWordsTests {

    /** Every row of facts.md §2.9. */
    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            figures              | canonical                           | accepted
            1,409.50             | 壹仟肆佰零玖元伍角                  | 壹仟肆佰零玖元伍角整
            6,007.14             | 陆仟零柒元壹角肆分                  |
            1,680.32             | 壹仟陆佰捌拾元零叁角贰分            | 壹仟陆佰捌拾元叁角贰分
            107,000.53           | 壹拾万柒仟元零伍角叁分              | 壹拾万零柒仟元伍角叁分
            16,409.02            | 壹万陆仟肆佰零玖元零贰分            |
            325.04               | 叁佰贰拾伍元零肆分                  |
            100,000,000.00       | 壹亿元整                            |
            0.05                 | 伍分                                | 零元零伍分
            0.00                 | 零元整                              |
            0.50                 | 伍角                                | 伍角整
            10.50                | 壹拾元零伍角                        | 壹拾元伍角
            10.50                | 壹拾元零伍角                        | 壹拾元伍角整
            10.05                | 壹拾元零伍分                        |
            1,000.01             | 壹仟元零壹分                        |
            10,000.01            | 壹万元零壹分                        |
            10,010               | 壹万零壹拾元整                      |
            10,100               | 壹万零壹佰元整                      |
            110,000              | 壹拾壹万元整                        |
            100,010              | 壹拾万零壹拾元整                    |
            1,000,010            | 壹佰万零壹拾元整                    |
            20,000,300           | 贰仟万零叁佰元整                    |
            100,000,001          | 壹亿零壹元整                        |
            100,010,000          | 壹亿零壹万元整                      |
            101,000,000          | 壹亿零壹佰万元整                    |
            10,000,000,000       | 壹佰亿元整                          |
            1,000,000,000,000    | 壹万亿元整                          |
            83,333.33            | 捌万叁仟叁佰叁拾叁元叁角叁分        |
            33,333.34            | 叁万叁仟叁佰叁拾叁元叁角肆分        |
            5,660.38             | 伍仟陆佰陆拾元零叁角捌分            | 伍仟陆佰陆拾元叁角捌分
            1,200,000.00         | 壹佰贰拾万元整                      | 人民币壹佰贰拾万圆正
            9,999,999,999,999.99 | 玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分 |
            """)
    void writesTheCanonicalFormAndReadsEveryAcceptedOne(String figures, String canonical, String accepted) {
        var amount = Money.of(figures);
        assertThat(RmbWords.of(amount)).isEqualTo(canonical);
        assertThat(RmbWords.parse(canonical)).isEqualTo(amount);
        assertThat(RmbWords.parse("人民币 " + canonical.replace('元', '圆'))).isEqualTo(amount);
        if (accepted != null) {
            assertThat(RmbWords.parse(accepted)).isEqualTo(amount);
        }
    }

    @ParameterizedTest(name = "{0} is refused: {1}")
    @CsvSource(delimiter = '|', textBlock = """
            ''                     | kernel.rmb.empty            | 没有大写金额
            壹佰贰拾万元           | kernel.rmb.noWhole          | 壹佰贰拾万元整
            伍元叁角贰分整         | kernel.rmb.wholeAfterFen    | 伍元叁角贰分
            一百二十万元整         | kernel.rmb.everydayDigit    | “一”，应写作“壹”
            壹佰〇伍元整           | kernel.rmb.everydayDigit    | “〇”，应写作“零”
            壹佰元x角              | kernel.rmb.character        | “x”
            壹佰贰拾万             | kernel.rmb.noYuan           | 没有“元”
            壹贰元整               | kernel.rmb.twoDigits        | 壹贰
            壹佰元伍               | kernel.rmb.digitWithoutUnit | “伍”
            壹仟伍元整             | kernel.rmb.misspelt         | 壹仟零伍元整
            壹仟零伍佰元整         | kernel.rmb.misspelt         | 壹仟伍佰元整
            拾万元整               | kernel.rmb.misspelt         | 壹拾万元整
            伍元肆分               | kernel.rmb.misspelt         | 伍元零肆分
            壹佰仟元整             | kernel.rmb.misspelt         | 写作
            叁元伍元整             | kernel.rmb.misspelt         | 捌元整
            壹拾万亿元整           | kernel.rmb.outOfBounds      | 10,000,000,000,000.00
            """)
    void aSlipOfThePenIsNamedAndNotGuessedAt(String words, String code, String says) {
        assertThatThrownBy(() -> RmbWords.parse(words)).isInstanceOfSatisfying(Refused.class, refused -> {
            assertThat(refused.sentence().key()).isEqualTo(code);
            assertThat(Texts.in(Texts.CHINESE).say(refused.sentence())).contains(says);
            assertThat(Texts.in(Texts.ENGLISH).say(refused.sentence())).isNotBlank();
        });
    }

    @Test
    void readsTraditionalScript() {
        assertThat(RmbWords.parse("壹佰貳拾萬圓整")).isEqualTo(Money.of("1200000"));
        assertThat(RmbWords.parse("人民幣叄億陸仟元正")).isEqualTo(Money.of("300006000"));
    }

    @Test
    void theStyleChoosesTheCharactersAndTheWholeAfterJiao() {
        var amount = Money.of("10.50");
        assertThat(RmbWords.of(amount, new Style('圆', '正', true, true))).isEqualTo("人民币壹拾圆零伍角正");
        assertThat(RmbWords.of(amount, Style.BANK.withCurrency())).isEqualTo("人民币壹拾元零伍角");
        assertThatThrownBy(() -> new Style('块', '整', false, false)).hasMessageContaining("元 or 圆");
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 1_000_000_000_000_000L, Long.MAX_VALUE, Long.MIN_VALUE})
    void refusesWhatIsOutOfBounds(long fen) {
        assertThatThrownBy(() -> RmbWords.of(Money.ofFen(fen)))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> assertThat(refused.sentence().key()).isEqualTo("kernel.rmb.outOfBounds"));
    }

    @Test
    void everySpellingOfAHundredThousandAmountsIsReadBack() {
        long seed = System.nanoTime();
        System.out.println("RmbWordsTests seed " + seed);
        var random = new SplittableRandom(seed);
        for (int i = 0; i < 100_000; i++) {
            long bound = (long) Math.pow(10, random.nextInt(1, 16));
            // Many zeros, since they are where words go wrong.
            long fen = random.nextLong(bound);
            for (int place = 0; place < 16; place++) {
                if (random.nextInt(3) == 0) {
                    long unit = (long) Math.pow(10, place);
                    fen -= fen / unit % 10 * unit;
                }
            }
            assertThat(RmbWords.parse(RmbWords.of(Money.ofFen(fen)))).isEqualTo(Money.ofFen(fen));
            if (i % 20 == 0) {
                for (var spelling : RmbWords.accepted(fen)) {
                    assertThat(RmbWords.parse(spelling)).as(spelling).isEqualTo(Money.ofFen(fen));
                }
            }
        }
    }

    /** Two amounts never share a spelling: otherwise the words would not settle which was meant. */
    @Test
    void noSpellingMeansTwoAmounts() {
        var random = new SplittableRandom(42);
        for (int i = 0; i < 2_000; i++) {
            long fen = random.nextLong(1_000_000_000_000_000L) / 1000 * 1000;
            for (var spelling : RmbWords.accepted(fen)) {
                assertThat(RmbWords.parse(spelling)).isEqualTo(Money.ofFen(fen));
            }
        }
    }
}
