package io.retainer.matching;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Optional;
import java.util.regex.Pattern;

/** Dates as people write them: 1971-06-24, 1971/6/24, 19710624, 24.06.1971, 24 Jun 1971, 1971年6月24日, 一九七一年六月二十四日. */
public final class DateText {

    private static final Pattern YEAR_FIRST =
            Pattern.compile("(\\d{4})\\s*[-/.年 ]\\s*(\\d{1,2})\\s*[-/.月 ]\\s*(\\d{1,2})\\s*[日号]?(?:[t ].*)?");
    private static final Pattern YEAR_LAST =
            Pattern.compile("(\\d{1,2})\\s*[-/. ]\\s*(\\d{1,2})\\s*[-/. ]\\s*(\\d{4})(?: .*)?");
    private static final Pattern BARE = Pattern.compile("(\\d{4})(\\d{2})(\\d{2})");
    private static final Pattern DAY_NAMED_MONTH =
            Pattern.compile("(\\d{1,2})(?:st|nd|rd|th)?[-./ ]+([a-z]{3,9})\\.?[-./, ]+(\\d{4})");
    private static final Pattern NAMED_MONTH_DAY =
            Pattern.compile("([a-z]{3,9})\\.?[-./ ]+(\\d{1,2})(?:st|nd|rd|th)?[-./, ]+(\\d{4})");
    private static final Pattern IN_WORDS =
            Pattern.compile("([〇零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})[日号]?");
    private static final String MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec";
    private static final String NUMERALS = "零一二三四五六七八九";
    private static final int EARLIEST = 1000;
    private static final int LATEST = 2200;

    private DateText() {}

    /** Year, month and day as written, even when there is no such day; a slip in a date still resembles the date. */
    record Parts(int year, int month, int day) {

        boolean exists() {
            try {
                return year >= EARLIEST && year <= LATEST && LocalDate.of(year, month, day) != null;
            } catch (DateTimeException _) {
                return false;
            }
        }

        /** Eight digits. */
        String digits() {
            return "%04d%02d%02d".formatted(year, month, day);
        }
    }

    /**
     * Reads a date; day before month when the year comes last and both readings are possible.
     *
     * @return empty when there is no such day
     */
    public static Optional<LocalDate> parse(String raw) {
        return parts(raw).filter(Parts::exists).map(parts -> LocalDate.of(parts.year, parts.month, parts.day));
    }

    static Optional<Parts> parts(String raw) {
        var text = NormalText.folded(raw).strip();
        var first = YEAR_FIRST.matcher(text);
        if (first.matches()) {
            return Optional.of(new Parts(number(first.group(1)), number(first.group(2)), number(first.group(3))));
        }
        var bare = BARE.matcher(text);
        if (bare.matches()) {
            return Optional.of(new Parts(number(bare.group(1)), number(bare.group(2)), number(bare.group(3))));
        }
        var last = YEAR_LAST.matcher(text);
        if (last.matches()) {
            int one = number(last.group(1));
            int two = number(last.group(2));
            int year = number(last.group(3));
            return Optional.of(two > 12 ? new Parts(year, one, two) : new Parts(year, two, one));
        }
        return inWords(text);
    }

    /** Whether day and month could be meant the other way round: 6/7/2020. */
    public static boolean ambiguous(String raw) {
        var last = YEAR_LAST.matcher(NormalText.folded(raw).strip());
        return last.matches()
                && number(last.group(1)) <= 12
                && number(last.group(2)) <= 12
                && number(last.group(1)) != number(last.group(2));
    }

    private static Optional<Parts> inWords(String text) {
        var dayFirst = DAY_NAMED_MONTH.matcher(text);
        if (dayFirst.matches()) {
            return named(dayFirst.group(3), dayFirst.group(2), dayFirst.group(1));
        }
        var monthFirst = NAMED_MONTH_DAY.matcher(text);
        if (monthFirst.matches()) {
            return named(monthFirst.group(3), monthFirst.group(1), monthFirst.group(2));
        }
        var chinese = IN_WORDS.matcher(text);
        if (!chinese.matches()) {
            return Optional.empty();
        }
        int year = 0;
        for (char digit : chinese.group(1).replace('〇', '零').toCharArray()) {
            year = year * 10 + NUMERALS.indexOf(digit);
        }
        return Optional.of(new Parts(year, numeral(chinese.group(2)), numeral(chinese.group(3))));
    }

    private static Optional<Parts> named(String year, String month, String day) {
        int at = MONTHS.indexOf(month.substring(0, 3));
        return at < 0 || at % 3 > 0 ? Optional.empty() : Optional.of(new Parts(number(year), at / 3 + 1, number(day)));
    }

    /** 六, 十, 二十四. */
    private static int numeral(String text) {
        int ten = text.indexOf('十');
        if (ten < 0) {
            return NUMERALS.indexOf(text.charAt(0));
        }
        int tens = ten == 0 ? 1 : NUMERALS.indexOf(text.charAt(0));
        return tens * 10 + (ten == text.length() - 1 ? 0 : NUMERALS.indexOf(text.charAt(ten + 1)));
    }

    private static int number(String digits) {
        return Integer.parseInt(digits);
    }
}
