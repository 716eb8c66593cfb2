package io.retainer.matching;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A Chinese address with province, city and district found; other addresses are all {@code detail}. What is not stated is
 * empty, except that a city whose name only one province has tells the province.
 *
 * @param province without its suffix: 广东, 内蒙古, 北京
 * @param city without its suffix: 深圳, 延边
 * @param district with its suffix: 南山区, 昆山市
 * @param detail the rest, normalised
 */
public record PostalAddress(String province, String city, String district, String detail) {

    private static final List<String> PROVINCE_SUFFIXES = List.of("维吾尔自治区", "壮族自治区", "回族自治区", "特别行政区", "自治区", "省", "市");
    private static final List<String> CITY_SUFFIXES = List.of("地区", "自治州", "市", "盟", "州");
    private static final String DISTRICT_ENDS = "区县市旗";
    private static final Set<String> OTHER_WORDS = Set.of("小区", "园区", "社区", "校区", "厂区", "库区", "景区", "超市");

    /**
     * Behind a name without its suffix: 长春路 and 南京西路 are streets, 吉林大学 a university, 朝阳区 and 河北区 districts of other
     * cities. 大连 and 大兴区 are places.
     */
    private static final Pattern OTHER_THAN_A_PLACE =
            Pattern.compile("[路街道弄巷里区县乡镇村旗]|大[学道街厦路桥酒饭]|[东西南北中前后一二三四五六七八九十]{1,2}[路街巷道弄]");

    /** A postcode in front: 310012 or 邮编 310012. */
    private static final Pattern POSTCODE = Pattern.compile("(?:邮政编码|邮编)?\\d{6}(?=\\p{IsHan})");

    private static final int LONGEST_DISTRICT = 9;
    private static final int LONGEST_PEOPLE = 12;

    private static final List<String> PROVINCES;
    /** City to province; empty when two provinces have one of that name. */
    private static final Map<String, String> CITIES = new HashMap<>();

    /** Cities by the province somebody may mean, and by their first character; the longest names first. */
    private static final Map<String, Map<Character, List<String>>> AMONG = new HashMap<>();

    private static final Set<String> MUNICIPALITIES = Set.of("北京", "天津", "上海", "重庆");

    static {
        var lines = ResourceLines.of("divisions.txt").stream()
                .map(line -> List.of(line.split(" ")))
                .toList();
        PROVINCES = lines.stream().map(List::getFirst).toList();
        for (var line : lines) {
            for (var city : line.subList(1, line.size())) {
                CITIES.merge(city, line.getFirst(), (_, _) -> "");
            }
        }
        var names = CITIES.keySet().stream()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
        AMONG.put("", byFirst(names));
        for (var province : PROVINCES) {
            AMONG.put(
                    province,
                    byFirst(names.stream()
                            .filter(city -> {
                                var of = CITIES.getOrDefault(city, "");
                                return of.isEmpty() || of.equals(province);
                            })
                            .toList()));
        }
    }

    private static Map<Character, List<String>> byFirst(List<String> names) {
        return names.stream().collect(Collectors.groupingBy(name -> name.charAt(0)));
    }

    public static PostalAddress parse(String raw) {
        var text = NormalText.of(raw);
        if (!HanScript.hasHan(text)) {
            return new PostalAddress("", "", "", text);
        }
        var tight = NormalText.tight(text);
        var postcode = POSTCODE.matcher(tight);
        var rest = new Rest(postcode.lookingAt() ? tight.substring(postcode.end()) : tight);
        rest.skip("中国");
        var province = rest.take(PROVINCES, PROVINCE_SUFFIXES, false);
        boolean municipality = MUNICIPALITIES.contains(province);
        if (municipality) {
            rest.skip(province + "市"); // 北京市北京市朝阳区
            rest.skip("市辖区");
            if (rest.text.startsWith("县") && rest.text.indexOf('县', 2) > 0) {
                rest.skip("县"); // 重庆市县云阳县
            }
        }
        var city = municipality ? "" : rest.city(province);
        if (province.isEmpty() && !city.isEmpty()) {
            province = CITIES.getOrDefault(city, "");
        }
        var district = province.isEmpty() && city.isEmpty() ? "" : rest.district();
        return new PostalAddress(province, city, district, rest.text);
    }

    /** Whether nothing said in the one is contradicted by the other. */
    boolean compatible(PostalAddress other) {
        return agree(province, other.province) && agree(city, other.city) && agree(district, other.district);
    }

    private static boolean agree(String a, String b) {
        return a.isEmpty() || b.isEmpty() || a.equals(b);
    }

    /** Province, city and district run together. */
    public String region() {
        return province + city + district;
    }

    @Override
    public String toString() {
        return region() + detail;
    }

    private static final class Rest {

        private String text;

        Rest(String text) {
            this.text = text;
        }

        void skip(String prefix) {
            if (text.startsWith(prefix)) {
                text = text.substring(prefix.length());
            }
        }

        /** Takes one of the names with its suffix off the front; with no suffix only when not {@code strict}. */
        String take(List<String> names, List<String> suffixes, boolean strict) {
            for (var name : names) {
                if (text.startsWith(name)) {
                    var suffix = suffix(name, suffixes);
                    if (strict && suffix.isEmpty()) {
                        continue;
                    }
                    if (suffix.isEmpty()
                            && OTHER_THAN_A_PLACE
                                    .matcher(text.substring(name.length()))
                                    .lookingAt()) {
                        continue;
                    }
                    text = text.substring(name.length() + suffix.length());
                    return name;
                }
            }
            return "";
        }

        private String suffix(String name, List<String> suffixes) {
            for (var end : suffixes) {
                if (text.startsWith(end, name.length())) {
                    return end;
                }
            }
            return "";
        }

        String city(String province) {
            var cities = AMONG.get(province);
            if (text.isEmpty() || cities == null) {
                return "";
            }
            var among = cities.getOrDefault(text.charAt(0), List.of());
            for (var name : among) {
                // 延边朝鲜族自治州: the peoples stand between the name and its suffix.
                int state = text.startsWith(name) ? text.indexOf("自治州") : -1;
                if (state >= 0 && state <= LONGEST_PEOPLE) {
                    text = text.substring(state + "自治州".length());
                    return name;
                }
            }
            return take(among, CITY_SUFFIXES, false);
        }

        String district() {
            int end = Math.min(LONGEST_DISTRICT, text.length());
            for (int i = 1; i < end; i++) {
                char c = text.charAt(i);
                if (DISTRICT_ENDS.indexOf(c) >= 0 && !Character.isDigit(text.charAt(i - 1)) && !inOtherWord(i)) {
                    var district = text.substring(0, i + 1);
                    text = text.substring(i + 1);
                    return district;
                }
                if (Character.isDigit(c) || "路街道巷弄号".indexOf(c) >= 0) {
                    return "";
                }
            }
            return "";
        }

        /** 小区, 园区, 社区, 市场: the character is part of something else. */
        private boolean inOtherWord(int at) {
            var before = text.substring(Math.max(0, at - 1), at + 1);
            return OTHER_WORDS.contains(before) || text.startsWith("市场", at) || text.startsWith("市区", at);
        }
    }
}
