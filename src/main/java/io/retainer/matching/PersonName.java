package io.retainer.matching;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
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

    private static final Set<String> TITLES = Set.of("mr", "mrs", "ms", "miss", "dr", "prof", "sir", "jr", "sr");

    /** Put behind any name, the longest first. */
    private static final List<String> HONORIFICS = List.of("先生", "女士", "小姐", "太太", "夫人");

    /** Put behind a surname alone; behind more they may be part of a name. */
    private static final List<String> POSITIONS =
            List.of("总经理", "经理", "主任", "主管", "老师", "医生", "大夫", "师傅", "律师", "教授", "总", "董", "工");

    /** Parts the given name and the names of the fathers in the names of several peoples: 买买提·阿不都拉. */
    private static final Pattern DOTTED = Pattern.compile("\\p{IsHan}\\s*[·•・．‧∙•･.]\\s*\\p{IsHan}");

    /** 张伟（微信）: what somebody noted behind a name of four characters at most. */
    private static final Pattern REMARK = Pattern.compile("\\s*(\\p{IsHan}{1,4})\\s*[（(][^（()）]*[)）]\\s*");

    public static PersonName parse(String raw) {
        int comma = raw.indexOf(',') >= 0 ? raw.indexOf(',') : raw.indexOf('，');
        var turned =
                comma > 0 && !HanScript.hasHan(raw) ? raw.substring(comma + 1) + " " + raw.substring(0, comma) : raw;
        var remark = REMARK.matcher(turned);
        var text = NormalText.of(remark.matches() ? remark.group(1) : turned);
        var tight = withoutTitles(NormalText.tight(text));
        if (!HanScript.isHan(tight)) {
            return western(text);
        }
        return DOTTED.matcher(turned).find()
                ? new PersonName(tight, "", tight, HanScript.sound(tight), initials(tight))
                : chinese(tight);
    }

    /** A normalised name without 先生, 女士, and without 总 or 经理 behind a surname; Mr. John Smith without Mr. */
    static String withoutTitles(String text) {
        if (!HanScript.hasHan(text)) {
            int space = text.indexOf(' ');
            return space > 0 && TITLES.contains(text.substring(0, space)) ? text.substring(space + 1) : text;
        }
        for (var title : HONORIFICS) {
            if (text.endsWith(title) && text.length() > title.length()) {
                return text.substring(0, text.length() - title.length()).strip();
            }
        }
        for (var position : POSITIONS) {
            var before = text.length() - position.length();
            if (text.endsWith(position) && (before == 1 || (before == 2 && COMPOUND.contains(text.substring(0, 2))))) {
                return text.substring(0, before);
            }
        }
        return text;
    }

    private static String initials(String han) {
        var initials = new StringBuilder();
        han.codePoints()
                .forEach(c -> initials.append(HanScript.sound(Character.toString(c)), 0, Character.charCount(c)));
        return initials.toString();
    }

    private static PersonName chinese(String name) {
        int split = name.length() > 1 && COMPOUND.contains(name.substring(0, 2)) ? 2 : name.offsetByCodePoints(0, 1);
        var family = name.substring(0, split);
        var given = name.substring(split);
        var familySound = FAMILY_SOUNDS.getOrDefault(family, HanScript.sound(family));
        var others = initials(name).substring(Character.charCount(name.codePointAt(0)));
        var initial = familySound.substring(0, Character.charCount(familySound.codePointAt(0)));
        return new PersonName(name, family, given, familySound + HanScript.sound(given), initial + others);
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
                .map(word -> HanScript.isHan(word.charAt(0))
                        ? HanScript.sound(word.charAt(0)).substring(0, 1)
                        : Character.toString(word.codePointAt(0)))
                .collect(Collectors.joining());
        return new PersonName(name, family, given, HanScript.sound(NormalText.tight(name)), initials);
    }
}
