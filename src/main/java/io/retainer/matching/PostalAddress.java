package io.retainer.matching;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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
    private static final int LONGEST_DISTRICT = 9;
    private static final int LONGEST_PEOPLE = 12;

    private static final List<String> PROVINCES;
    /** City to province; empty when two provinces have one of that name. */
    private static final Map<String, String> CITIES = new HashMap<>();

    private static final List<String> CITY_NAMES;

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
        CITY_NAMES = CITIES.keySet().stream()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
    }

    public static PostalAddress parse(String raw) {
        var text = NormalText.of(raw);
        if (!HanScript.hasHan(text)) {
            return new PostalAddress("", "", "", text);
        }
        var rest = new Rest(NormalText.tight(text));
        rest.skip("中国");
        var province = rest.take(PROVINCES, PROVINCE_SUFFIXES, false);
        boolean municipality = List.of("北京", "天津", "上海", "重庆").contains(province);
        if (municipality) {
            rest.skip(province + "市"); // 北京市北京市朝阳区
            rest.skip("市辖区");
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
                    var suffix = suffixes.stream()
                            .filter(end -> text.startsWith(end, name.length()))
                            .findFirst()
                            .orElse("");
                    if (strict && suffix.isEmpty()) {
                        continue;
                    }
                    // 长春路 is a street, 吉林大学 a university: without a suffix a name must not run into such a word.
                    if (suffix.isEmpty()
                            && text.length() > name.length()
                            && "路街道大".indexOf(text.charAt(name.length())) >= 0) {
                        continue;
                    }
                    text = text.substring(name.length() + suffix.length());
                    return name;
                }
            }
            return "";
        }

        String city(String province) {
            var among = CITY_NAMES.stream()
                    .filter(city -> province.isEmpty()
                            || CITIES.getOrDefault(city, "").isEmpty()
                            || province.equals(CITIES.get(city)))
                    .toList();
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
            var after = text.substring(at, Math.min(text.length(), at + 2));
            return Arrays.asList("小区", "园区", "社区", "校区", "厂区", "库区", "景区", "超市").contains(before)
                    || after.equals("市场")
                    || after.equals("市区");
        }
    }
}
