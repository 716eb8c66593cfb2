package io.retainer.vault;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.json.JsonMapper;

class PersonalKindTests {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            NAME      | 王小明                    | 王*明
            NAME      | 张三                      | 张*
            NAME      | 欧阳锋                    | 欧*锋
            NAME      | 王                        | *
            NAME      | 𠮷野家                    | 𠮷*家
            NAME      | John Smith                | J*** S***
            NAME      | O'Brien                   | O***
            PHONE     | 13800138000               | 138****8000
            PHONE     | +8613800138000            | 138****8000
            PHONE     | 62501234                  | ******34
            PHONE     | 110                       | *10
            EMAIL     | xiaoming@example.com      | x***@example.com
            EMAIL     | nonsense                  | ****
            ID_NUMBER | 11010519491231002X        | 110********002X
            ID_NUMBER | A1234567                  | ******67
            ADDRESS   | 北京市海淀区中关村大街1号 | 北京市海淀区****
            ADDRESS   | 10 Downing St, London     | ****, London
            ADDRESS   | 中关村大街1号             | ****
            WECHAT    | wxid_abc123               | wx********3
            WECHAT    | abc                       | a**
            TEXT      | 他住在三楼                | ****
            """)
    void PII_5_masksByKind(PersonalKind kind, String plain, String masked) {
        assertThat(kind.mask(plain)).isEqualTo(masked);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            PHONE     | +86 138-0013-8000   | 13800138000
            PHONE     | 008613800138000     | 13800138000
            PHONE     | １３８００１３８０００ | 13800138000
            PHONE     | +44 20 7946 0018    | 442079460018
            EMAIL     | Xiao.Ming@Example.COM | xiao.ming@example.com
            ID_NUMBER | 11010519491231002x  | 11010519491231002X
            NAME      | John  SMITH         | john smith
            """)
    void comparesWhatMeansTheSame(PersonalKind kind, String plain, String comparable) {
        assertThat(kind.comparable(plain)).isEqualTo(comparable);
    }

    @ParameterizedTest
    @EnumSource
    void normalisingAgainChangesNothingAndAMaskNeverShowsAll(PersonalKind kind) {
        var random = new Random(20261125);
        var letters =
                "0123456789+- 王李张小明市区路号abcXYZ@._,𠮷Ａ（１）\u00e9ß\t".codePoints().toArray();
        for (int i = 0; i < 5000; i++) {
            var text = new StringBuilder();
            for (int length = random.nextInt(1, 30); length > 0; length--) {
                text.appendCodePoint(letters[random.nextInt(letters.length)]);
            }
            var once = kind.comparable(text.toString());
            assertThat(kind.comparable(once)).as("of <%s>", text).isEqualTo(once);
            var masked = kind.mask(text.toString());
            boolean oneLetterWords =
                    !text.toString().codePoints().anyMatch(Character::isLetterOrDigit) || kind == PersonalKind.NAME;
            if (!text.toString().isBlank() && !oneLetterWords) {
                assertThat(masked).as("of <%s>", text).contains("*");
            }
        }
    }

    @Test
    void PII_8_neitherPrintsNorSerializesInTheClear() {
        var personal = new Personal(PersonalKind.PHONE, "13800138000");
        assertThat(personal).hasToString("138****8000");
        assertThat(JsonMapper.shared().writeValueAsString(personal)).isEqualTo("\"138****8000\"");
        record Holder(Personal phone, Sealed sealed) {}
        var holder = new Holder(personal, Sealed.of(new byte[] {1, 2, 3}));
        assertThat(holder.toString()).doesNotContain("00138").contains("138****8000", "sealed=****");
        assertThat(JsonMapper.shared().writeValueAsString(holder))
                .isEqualTo("{\"phone\":\"138****8000\",\"sealed\":\"****\"}");
    }
}
