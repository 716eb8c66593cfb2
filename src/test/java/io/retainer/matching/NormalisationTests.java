package io.retainer.matching;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NormalisationTests {

    private static final String PIECES =
            "aZéßÅ１２ａＢ 張张李Ⅷ㈱﹣－.,;'’-_/\\\t　省市區区路号號@+()（）0987654321ﬁﾊﾞ한ñÇ½①\u200B\u0301\u00AD乾後髮";

    @Test
    void normalisingTwiceChangesNothing() {
        var random = new SplittableRandom(7);
        for (int i = 0; i < 20_000; i++) {
            var raw = random(random);
            var once = NormalText.of(raw);
            assertThat(NormalText.of(once)).as("text of <%s>", raw).isEqualTo(once);
            var folded = NormalText.folded(raw);
            assertThat(NormalText.folded(folded)).as("folding of <%s>", raw).isEqualTo(folded);
            var address = PostalAddress.parse(raw).toString();
            assertThat(NormalText.of(address)).as("address of <%s>", raw).isEqualTo(address);
            var name = PersonName.parse(raw).text();
            assertThat(PersonName.parse(name).text()).as("name of <%s>", raw).isEqualTo(name);
            assertThat(Uscc.normalise(Uscc.normalise(raw))).isEqualTo(Uscc.normalise(raw));
            assertThat(ResidentId.normalise(ResidentId.normalise(raw))).isEqualTo(ResidentId.normalise(raw));
            Email.parse(raw)
                    .ifPresent(
                            email -> assertThat(Email.parse(email.toString())).contains(email));
        }
    }

    private static String random(SplittableRandom random) {
        var text = new StringBuilder();
        int length = random.nextInt(14);
        for (int i = 0; i < length; i++) {
            text.append(PIECES.charAt(random.nextInt(PIECES.length())));
        }
        return text.toString();
    }

    @ParameterizedTest
    @CsvSource({
        "ＡＢＣ　公司, abc 公司",
        "O'Brien-Smith, obrien smith",
        "Müller, muller",
        "廣東省，東莞市, 广东省 东莞市",
    })
    void foldsWidthCaseScriptAndPunctuation(String raw, String normal) {
        assertThat(NormalText.of(raw)).isEqualTo(normal);
    }

    @ParameterizedTest
    @CsvSource({
        "歐陽娜娜, 欧阳, 娜娜, ouyangnana, oynn",
        "單雄信, 单, 雄信, shanxiongxin, sxx",
        "张 伟 先生, 张, 伟, zhangwei, zw",
        "尉遲恭, 尉迟, 恭, yuchigong, ycg",
        "张总, 张, '', zhang, z",
        "孙总经理, 孙, '', sun, s",
        "欧阳老师, 欧阳, '', ouyang, oy",
        "张伟（微信）, 张, 伟, zhangwei, zw",
        "周国工, 周, 国工, zhouguogong, zgg",
        "买买提·阿不都拉, '', 买买提阿不都拉, maimaitiabudoula, mmtabdl",
    })
    void readsChineseNames(String raw, String family, String given, String sound, String initials) {
        var name = PersonName.parse(raw);
        assertThat(name.family()).isEqualTo(family);
        assertThat(name.given()).isEqualTo(given);
        assertThat(name.sound()).isEqualTo(sound);
        assertThat(name.initials()).isEqualTo(initials);
    }

    @Test
    void readsWesternNamesInEitherOrder() {
        assertThat(PersonName.parse("Allen, Dr. Robert")).isEqualTo(PersonName.parse("Robert ALLEN"));
        assertThat(PersonName.parse("Robert Allen").family()).isEqualTo("allen");
        assertThat(Nicknames.related("bob", "robert")).isTrue();
        assertThat(Nicknames.related("bob", "richard")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "138 0013 8000, +8613800138000",
        "+86-13800138000, +8613800138000",
        "１３８００１３８０００, +8613800138000",
        "(0755) 8336 3333, +8675583363333",
        "+852 2123 4567, +85221234567",
        "852-21234567, +85221234567",
        "010-88888888-802, +861088888888",
        "010-88888888转802, +861088888888",
        "（010）88888888 轉 802, +861088888888",
        "010-88888888 ext. 802, +861088888888",
    })
    void phonesBecomeE164(String raw, String e164) {
        assertThat(PhoneNumbers.mainland().e164(raw)).contains(e164);
    }

    @Test
    void theRegionOfPhonesCanBeSet() {
        assertThat(PhoneNumbers.in("GB").e164("020 7946 0958")).contains("+442079460958");
        assertThat(PhoneNumbers.mainland().e164("12345")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "广东省深圳市南山区科技路12号, 广东, 深圳, 南山区, 科技路12号",
        "廣東深圳南山區科技路１２號, 广东, 深圳, 南山区, 科技路12号",
        "深圳市南山区科技路12号, 广东, 深圳, 南山区, 科技路12号",
        "北京市朝阳区建国路88号, 北京, '', 朝阳区, 建国路88号",
        "吉林省延边朝鲜族自治州延吉市光明街3号, 吉林, 延边, 延吉市, 光明街3号",
        "内蒙古自治区呼和浩特市新城区中山路1号, 内蒙古, 呼和浩特, 新城区, 中山路1号",
        "上海浦东新区世纪大道100号, 上海, '', 浦东新区, 世纪大道100号",
        "江苏省苏州市昆山市前进路5号, 江苏, 苏州, 昆山市, 前进路5号",
        "12 Wallaby Place, '', '', '', 12 wallaby place",
        "朝阳区建国路1号, '', '', '', 朝阳区建国路1号",
        "河北区建昌道1号, '', '', '', 河北区建昌道1号",
        "南京西路1266号, '', '', '', 南京西路1266号",
        "北京东路2号, '', '', '', 北京东路2号",
        "吉林大学, '', '', '', 吉林大学",
        "北京大兴区黄村镇1号, 北京, '', 大兴区, 黄村镇1号",
        "辽宁大连市中山区人民路1号, 辽宁, 大连, 中山区, 人民路1号",
        "云南大理古城1号, 云南, 大理, '', 古城1号",
        "重庆市县云阳县滨江路1号, 重庆, '', 云阳县, 滨江路1号",
        "邮编：310012 浙江杭州西湖区文三路1号, 浙江, 杭州, 西湖区, 文三路1号",
        "310012浙江省杭州市西湖区文三路1号, 浙江, 杭州, 西湖区, 文三路1号",
    })
    void findsProvinceCityAndDistrict(String raw, String province, String city, String district, String detail) {
        assertThat(PostalAddress.parse(raw)).isEqualTo(new PostalAddress(province, city, district, detail));
    }

    @Test
    void streetsNamedAfterCitiesAreNoCities() {
        assertThat(PostalAddress.parse("长春路5号").city()).isEmpty();
        assertThat(PostalAddress.parse("上海市黄浦区北京东路2号")).isEqualTo(new PostalAddress("上海", "", "黄浦区", "北京东路2号"));
    }

    @Test
    void checkCharactersAreChecked() {
        assertThat(Uscc.valid(Uscc.normalise(" 91350100m000100y43 "))).isTrue();
        var body = "91350100M000100Y4";
        var valid = "0123456789ABCDEFGHJKLMNPQRTUWXY"
                .chars()
                .mapToObj(c -> body + (char) c)
                .filter(Uscc::valid)
                .toList();
        assertThat(valid).containsExactly("91350100M000100Y43");
        assertThat(ResidentId.valid("11010519491231002X")).isTrue();
        assertThat(ResidentId.valid("110105194912310021")).isFalse();
        assertThat(ResidentId.valid("11010519491331002X")).isFalse();
        assertThat(ResidentId.birth("11010519491231002X")).contains(LocalDate.of(1949, 12, 31));
        assertThat(ResidentId.normalise("110105491231002")).isEqualTo("11010519491231002X");
    }

    @ParameterizedTest
    @CsvSource({
        "1971-06-24",
        "1971/6/24",
        "19710624",
        "1971年6月24日",
        "24.06.1971",
        "24/6/1971",
        "1971-06-24T10:00:00",
        "１９７１－０６－２４",
        "1971年6月24号",
        "一九七一年六月二十四日",
        "24 Jun 1971",
        "'June 24th, 1971'",
        "24-JUN-1971",
    })
    void readsDates(String raw) {
        assertThat(DateText.parse(raw)).contains(LocalDate.of(1971, 6, 24));
    }

    @Test
    void onlyDayAndMonthThatMayBeExchangedAreAmbiguous() {
        assertThat(DateText.ambiguous("6/7/2020")).isTrue();
        assertThat(DateText.ambiguous("6/6/2020")).isFalse();
        assertThat(DateText.ambiguous("24/6/2020")).isFalse();
        assertThat(DateText.ambiguous("2020/6/7")).isFalse();
    }

    @Test
    void anExtensionIsPartedFromItsNumber() {
        assertThat(PhoneNumbers.extended("010-88888888 转 802"))
                .isEqualTo(new PhoneNumbers.Extended("010-88888888", "802"));
        assertThat(PhoneNumbers.extended("138-0013-8000").extension()).isEmpty();
        assertThat(PhoneNumbers.extended("0755-8336-3333").extension()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"<x@y.cn>", "x@y.cn;", "x@y。cn", "'mailto:X@Y.CN'", "ｘ@y.cn."})
    void readsAddressesOutOfLetters(String raw) {
        assertThat(Email.parse(raw)).contains(new Email("x", "y.cn"));
    }

    @Test
    void thereIsNoThirtiethOfFebruary() {
        assertThat(DateText.parse("1971-02-30")).isEmpty();
    }
}
