package io.retainer.matching;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Optional;
import java.util.regex.Pattern;

/** Dates as people write them: 1971-06-24, 1971/6/24, 19710624, 24.06.1971, 1971年6月24日. */
public final class DateText {

    private static final Pattern YEAR_FIRST =
            Pattern.compile("(\\d{4})\\s*[-/.年 ]\\s*(\\d{1,2})\\s*[-/.月 ]\\s*(\\d{1,2})\\s*日?(?:[t ].*)?");
    private static final Pattern YEAR_LAST =
            Pattern.compile("(\\d{1,2})\\s*[-/. ]\\s*(\\d{1,2})\\s*[-/. ]\\s*(\\d{4})(?: .*)?");
    private static final Pattern BARE = Pattern.compile("(\\d{4})(\\d{2})(\\d{2})");
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
        return Optional.empty();
    }

    private static int number(String digits) {
        return Integer.parseInt(digits);
    }
}
