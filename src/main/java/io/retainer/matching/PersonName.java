package io.retainer.matching;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A person's name taken apart.
 *
 * @param text normalised, family name first for Chinese names, as written for others
 * @param family empty when it cannot be told
 * @param sound pinyin run together, or the letters of a Western name without spaces
 * @param initials of each character or word, lower case, for searching
 */
public record PersonName(String text, String family, String given, String sound, String initials) {

    private static final Set<String> COMPOUND =
            Set.of(("欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 太叔 申屠 公孙 慕容 "
                            + "仲孙 钟离 长孙 宇文 司徒 鲜于 司空 闾丘 子车 亓官 司寇 巫马 公西 颛孙 壤驷 公良 漆雕 乐正 宰父 谷梁 拓跋 夹谷 "
                            + "轩辕 令狐 段干 百里 呼延 东郭 南门 羊舌 微生 梁丘 左丘 东门 西门 南荣 第五")
                    .split(" "));

    /** Characters that sound otherwise when they are a family name. */
    private static final Map<String, String> FAMILY_SOUNDS = Map.ofEntries(
            Map.entry("单", "shan"),
            Map.entry("解", "xie"),
            Map.entry("仇", "qiu"),
            Map.entry("区", "ou"),
            Map.entry("查", "zha"),
            Map.entry("曾", "zeng"),
            Map.entry("朴", "piao"),
            Map.entry("盖", "ge"),
            Map.entry("翟", "zhai"),
            Map.entry("乐", "yue"),
            Map.entry("任", "ren"),
            Map.entry("缪", "miao"),
            Map.entry("宓", "mi"),
            Map.entry("种", "chong"),
            Map.entry("尉迟", "yuchi"),
            Map.entry("万俟", "moqi"),
            Map.entry("长孙", "zhangsun"));

    private static final Set<String> TITLES =
            Set.of("mr", "mrs", "ms", "miss", "dr", "prof", "sir", "jr", "sr", "先生", "女士", "小姐");

    public static PersonName parse(String raw) {
        int comma = raw.indexOf(',') >= 0 ? raw.indexOf(',') : raw.indexOf('，');
        var turned =
                comma > 0 && !HanScript.hasHan(raw) ? raw.substring(comma + 1) + " " + raw.substring(0, comma) : raw;
        var text = NormalText.of(turned);
        var tight = withoutTitle(NormalText.tight(text));
        return HanScript.isHan(tight) ? chinese(tight) : western(text);
    }

    private static String withoutTitle(String tight) {
        for (var title : TITLES) {
            if (HanScript.isHan(title) && tight.endsWith(title) && tight.length() > title.length()) {
                return tight.substring(0, tight.length() - title.length());
            }
        }
        return tight;
    }

    private static PersonName chinese(String name) {
        int split = name.length() > 2 && COMPOUND.contains(name.substring(0, 2)) ? 2 : Math.min(1, name.length());
        var family = name.substring(0, split);
        var given = name.substring(split);
        var familySound = FAMILY_SOUNDS.getOrDefault(family, HanScript.sound(family));
        var initials = new StringBuilder().append(familySound.charAt(0));
        if (split == 2) {
            initials.append(HanScript.sound(family.charAt(1)).charAt(0));
        }
        given.chars().forEach(c -> initials.append(HanScript.sound((char) c).charAt(0)));
        return new PersonName(name, family, given, familySound + HanScript.sound(given), initials.toString());
    }

    private static PersonName western(String text) {
        var words = Arrays.stream(text.split(" "))
                .filter(word -> !TITLES.contains(word))
                .toList();
        var name = String.join(" ", words);
        var family = words.size() > 1 ? words.getLast() : "";
        var given = words.size() > 1 ? String.join(" ", words.subList(0, words.size() - 1)) : name;
        var initials = words.stream()
                .filter(word -> !word.isEmpty())
                .map(word -> HanScript.sound(word.charAt(0)).substring(0, 1))
                .collect(Collectors.joining());
        return new PersonName(name, family, given, HanScript.sound(NormalText.tight(name)), initials);
    }
}
