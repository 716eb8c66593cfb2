package io.retainer.statistics.churn;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads a cell: is it blank, a number, a day? */
final class Cells {

    private static final Set<String> BLANKS =
            Set.of("", "na", "n/a", "nan", "null", "nil", "none", "-", "--", "?", "无", "空", "未知", "不详");
    private static final Pattern NUMBER =
            Pattern.compile("[¥￥$€]?\\s*([+-]?(?:\\d{1,3}(?:,\\d{3})+|\\d+)?(?:\\.\\d+)?(?:[eE][+-]?\\d+)?)\\s*%?");
    private static final Pattern DAY = Pattern.compile("(\\d{4})[-/.年](\\d{1,2})[-/.月](\\d{1,2})日?(?:[T ].*)?");

    /** Beyond this a double no longer tells one number from the next, and squares of sums run over. */
    private static final double MOST = 1e15;

    private Cells() {}

    static boolean isBlank(String cell) {
        return BLANKS.contains(cell.strip().toLowerCase(Locale.ROOT));
    }

    /** A number, also with thousands separators, a currency sign or a percent sign; or a day as days since 1970. */
    static double number(String cell) {
        var text = cell.strip();
        var matcher = NUMBER.matcher(text);
        if (matcher.matches() && !matcher.group(1).isEmpty()) {
            try {
                double number = Double.parseDouble(matcher.group(1).replace(",", ""));
                return Math.abs(number) > MOST ? Double.NaN : number;
            } catch (NumberFormatException _) {
                return Double.NaN;
            }
        }
        return day(text);
    }

    static double day(String cell) {
        var matcher = DAY.matcher(cell.strip());
        if (!matcher.matches()) {
            return Double.NaN;
        }
        try {
            return LocalDate.of(
                            Integer.parseInt(matcher.group(1)),
                            Integer.parseInt(matcher.group(2)),
                            Integer.parseInt(matcher.group(3)))
                    .toEpochDay();
        } catch (DateTimeException _) {
            return Double.NaN;
        }
    }
}
