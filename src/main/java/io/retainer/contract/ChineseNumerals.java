package io.retainer.contract;

import java.math.BigDecimal;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Numbers as contracts write them: 12, 十二, 壹拾贰, 二〇二五, 百分之五, 万分之五. */
final class ChineseNumerals {

    /** Digits or numerals, for use inside patterns. */
    static final String NUMBER = "(?:\\d{1,4}|[零〇一二两三四五六七八九十百壹贰叁肆伍陆柒捌玖拾佰]{1,7})";

    private static final String DIGITS = "零一二三四五六七八九";
    private static final Pattern YEAR_DIGITS = Pattern.compile("[零一二三四五六七八九]{4}");

    private ChineseNumerals() {}

    /** A whole number below ten thousand, or empty when it is none. */
    static OptionalInt whole(String text) {
        var plain = plain(text);
        if (plain.matches("\\d{1,9}")) {
            return OptionalInt.of(Integer.parseInt(plain));
        }
        if (YEAR_DIGITS.matcher(plain).matches()) {
            int year = 0;
            for (int i = 0; i < plain.length(); i++) {
                year = year * 10 + DIGITS.indexOf(plain.charAt(i));
            }
            return OptionalInt.of(year);
        }
        int total = 0;
        int digit = -1;
        for (int i = 0; i < plain.length(); i++) {
            char c = plain.charAt(i);
            int place = switch (c) {
                case '十' -> 10;
                case '百' -> 100;
                case '千' -> 1000;
                default -> 0;
            };
            if (place > 0) {
                total += Math.max(digit, (digit == -1 && place == 10) ? 1 : digit) * place;
                if (digit == -1 && place > 10) {
                    return OptionalInt.empty();
                }
                digit = -1;
            } else {
                int value = DIGITS.indexOf(c);
                if (value < 0 || digit > 0) {
                    return OptionalInt.empty();
                }
                digit = value == 0 ? -1 : value;
            }
        }
        total += Math.max(digit, 0);
        return plain.isEmpty() || (total == 0 && !plain.equals("零")) ? OptionalInt.empty() : OptionalInt.of(total);
    }

    /** A decimal in digits or, when whole, in numerals. */
    static @Nullable BigDecimal decimal(String text) {
        var plain = text.strip().replace(",", "");
        if (plain.matches("\\d{1,15}(\\.\\d{1,8})?")) {
            return new BigDecimal(plain);
        }
        var whole = whole(text);
        return whole.isPresent() ? BigDecimal.valueOf(whole.getAsInt()) : null;
    }

    private static String plain(String text) {
        var formal = "〇○两壹贰叁肆伍陆柒捌玖拾佰仟";
        var everyday = "零零二一二三四五六七八九十百千";
        var plain = new StringBuilder();
        text.strip().chars().forEach(c -> {
            int at = formal.indexOf(c);
            plain.append(at < 0 ? (char) c : everyday.charAt(at));
        });
        return plain.toString();
    }
}
