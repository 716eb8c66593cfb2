package io.retainer.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AmountWordsTests {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0.00 | zero yuan
            0.05 | zero yuan and five fen
            13.40 | thirteen yuan and forty fen
            100850.05 | one hundred thousand eight hundred and fifty yuan and five fen
            1200000.00 | one million two hundred thousand yuan
            1000001.99 | one million one yuan and ninety-nine fen
            21000000000.00 | twenty-one billion yuan
            """)
    void spellsAmountsInEnglish(String amount, String words) {
        assertThat(AmountWords.english(Money.of(amount))).isEqualTo(words);
    }

    @Test
    void anEnglishPaperCarriesTheCharactersBanksReadBesideIt() {
        var amount = Money.of("62735.71");
        assertThat(AmountWords.of(amount, Texts.in(Texts.CHINESE))).isEqualTo("陆万贰仟柒佰叁拾伍元柒角壹分");
        assertThat(AmountWords.of(amount, Texts.in(Texts.ENGLISH)))
                .isEqualTo("sixty-two thousand seven hundred and thirty-five yuan and seventy-one fen"
                        + " (陆万贰仟柒佰叁拾伍元柒角壹分)");
    }
}
