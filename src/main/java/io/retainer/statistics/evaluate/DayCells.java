package io.retainer.statistics.evaluate;

import io.retainer.kernel.Refused;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Days as a column writes them: 2024-03-01, 2024年3月1日, 20240301, 1 Mar 2024, Mar 1, 2024, seconds or milliseconds since
 * 1970, or with day and month in either order, of which the whole column tells. A time of the day may follow.
 */
final class DayCells {

    private static final Pattern ISO = Pattern.compile("(\\d{4})[-/.年](\\d{1,2})[-/.月](\\d{1,2})日?(?:[T ].*)?");
    private static final Pattern BASIC = Pattern.compile("(\\d{4})(\\d{2})(\\d{2})(?:[T ]?\\d{4,6})?");
    private static final Pattern EITHER = Pattern.compile("(\\d{1,2})[-/.](\\d{1,2})[-/.](\\d{4}|\\d{2})(?:[T ,].*)?");
    private static final Pattern DAY_MONTH =
            Pattern.compile("(\\d{1,2})[-/. ]?([A-Za-z]{3})[A-Za-z]*[-/., ]+(\\d{4}|\\d{2})(?:[T ,:].*)?");
    private static final Pattern MONTH_DAY =
            Pattern.compile("([A-Za-z]{3})[A-Za-z]*[-/. ]+(\\d{1,2})[-/., ]+(\\d{4})(?:[T ,:].*)?");
    private static final Pattern SINCE_1970 = Pattern.compile("\\d{9,10}|\\d{12,13}");
    private static final List<String> MONTHS =
            List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");

    private static final int MOST_MONTHS = 12;
    private static final int MOST_SECONDS_DIGITS = 10;
    /** Years of two digits from here on are of the last century. */
    private static final int OLD = 70;

    private final Path file;
    private final @Nullable DateTimeFormatter format;
    private boolean first;
    private boolean second;
    private @Nullable String open;
    private long openLine;

    /** @param pattern null when the form is to be found out */
    DayCells(Path file, @Nullable String pattern) {
        this.file = file;
        try {
            format = pattern == null ? null : DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH);
        } catch (IllegalArgumentException _) {
            throw Refused.because("statistics.evaluate.badFormat", String.valueOf(pattern));
        }
    }

    /** Learns from a cell whether the day comes before the month. */
    void see(long line, String cell) {
        var matcher = EITHER.matcher(cell);
        if (format == null && matcher.matches()) {
            first |= Integer.parseInt(matcher.group(1)) > MOST_MONTHS;
            second |= Integer.parseInt(matcher.group(2)) > MOST_MONTHS;
            if (open == null) {
                open = cell;
                openLine = line;
            }
        }
    }

    /** @throws Refused when nothing tells the day from the month, or both orders occur */
    void settle() {
        if (open != null && first == second) {
            throw Refused.because("statistics.evaluate.dayOrMonth", file.toString(), openLine, open);
        }
    }

    /** @throws Refused when the cell is no day */
    LocalDate day(long line, String cell) {
        try {
            var day = format == null ? found(cell) : LocalDate.parse(cell, format);
            if (day != null) {
                return day;
            }
        } catch (DateTimeException _) {
            throw Refused.because("statistics.evaluate.badDate", file.toString(), line, cell);
        }
        throw Refused.because("statistics.evaluate.badDate", file.toString(), line, cell);
    }

    private @Nullable LocalDate found(String cell) {
        var iso = ISO.matcher(cell);
        if (iso.matches()) {
            return day(iso.group(1), iso.group(2), iso.group(3));
        }
        var basic = BASIC.matcher(cell);
        if (basic.matches() && !SINCE_1970.matcher(cell).matches()) {
            return day(basic.group(1), basic.group(2), basic.group(3));
        }
        var either = EITHER.matcher(cell);
        if (either.matches()) {
            return first
                    ? day(either.group(3), either.group(2), either.group(1))
                    : day(either.group(3), either.group(1), either.group(2));
        }
        var dayMonth = DAY_MONTH.matcher(cell);
        if (dayMonth.matches()) {
            return day(dayMonth.group(3), month(dayMonth.group(2)), dayMonth.group(1));
        }
        var monthDay = MONTH_DAY.matcher(cell);
        if (monthDay.matches()) {
            return day(monthDay.group(3), month(monthDay.group(1)), monthDay.group(2));
        }
        if (SINCE_1970.matcher(cell).matches()) {
            long number = Long.parseLong(cell);
            return LocalDate.ofInstant(
                    cell.length() > MOST_SECONDS_DIGITS ? Instant.ofEpochMilli(number) : Instant.ofEpochSecond(number),
                    ZoneOffset.UTC);
        }
        return null;
    }

    private static String month(String name) {
        return String.valueOf(MONTHS.indexOf(name.toLowerCase(Locale.ROOT)) + 1);
    }

    private static LocalDate day(String year, String month, String day) {
        int number = Integer.parseInt(year);
        int full = year.length() > 2 ? number : number < OLD ? 2000 + number : 1900 + number;
        return LocalDate.of(full, Integer.parseInt(month), Integer.parseInt(day));
    }
}
