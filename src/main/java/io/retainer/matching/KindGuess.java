package io.retainer.matching;

import io.retainer.matching.Records.Column;
import java.util.Arrays;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.regex.Pattern;

/** Guesses from its content, never from its name, what a column holds. */
final class KindGuess {

    private static final int SAMPLE = 4_000;
    private static final double MOSTLY = 0.8;
    private static final double NEARLY_EMPTY = 0.01;
    private static final Pattern DIGITS = Pattern.compile("\\d+");
    private static final Pattern NUMBER = Pattern.compile("[-+]?\\p{Sc}?\\d[\\d,]*(?:\\.\\d+)?\\s?%?");
    private static final Pattern DECIMAL = Pattern.compile("[-+]?\\p{Sc}?\\d[\\d,]*\\.\\d+");
    private static final Pattern PHONE =
            Pattern.compile("\\+?[\\d][\\d ()/.\\-]{5,20}(?:ext.*)?|\\(\\d[\\d ()/.\\-]{5,20}");
    private static final Pattern MAINLAND_PHONE = Pattern.compile("(?:\\+?86)?1[3-9]\\d{9}");
    private static final Pattern MIXED_CODE =
            Pattern.compile("(?=.*\\d)(?=.*[a-z])[a-z0-9_-]{4,}|[a-z]{1,2}\\d\\w? ?\\d[a-z]{2}");
    private static final Pattern RUNNING = Pattern.compile("\\p{L}*[-_ ]?\\d+");
    private static final Pattern HOUSE_NUMBER = Pattern.compile("\\d{1,5}[a-z]?");
    private static final Pattern HAN_ADDRESS = Pattern.compile(".*[\\p{IsHan}].*[省市区县镇乡村路街道巷弄号室栋].*");

    private final String[] sample;

    private KindGuess(Column column) {
        this.sample = Arrays.stream(column.values())
                .limit(SAMPLE)
                .map(NormalText::folded)
                .map(String::strip)
                .toArray(String[]::new);
    }

    static ColumnKind of(Column column) {
        if (column.values().length < 2 || column.filled() < NEARLY_EMPTY) {
            return ColumnKind.IGNORED;
        }
        var guess = new KindGuess(column);
        return guess.runningNumber(column) ? ColumnKind.IGNORED : guess.kind();
    }

    private ColumnKind kind() {
        if (mostly(text -> Email.parse(text).isPresent())) {
            return ColumnKind.EMAIL;
        }
        if (mostly(KindGuess::isDate)) {
            return ColumnKind.DATE;
        }
        if (mostly(KindGuess::isPhone)) {
            return ColumnKind.PHONE;
        }
        if (mostly(text -> NUMBER.matcher(text).matches())
                && share(text -> DECIMAL.matcher(text).matches()) > 0.3) {
            return ColumnKind.QUANTITY;
        }
        if (mostly(text ->
                NUMBER.matcher(text).matches() || MIXED_CODE.matcher(text).matches())) {
            return ColumnKind.CODE;
        }
        return words();
    }

    private ColumnKind words() {
        if (share(HanScript::hasHan) > 0.5) {
            if (share(text -> text.length() >= 6 && HAN_ADDRESS.matcher(text).matches()) > 0.6) {
                return ColumnKind.ADDRESS;
            }
            return mean(text -> NormalText.tight(text).length()) > 15 ? ColumnKind.TEXT : ColumnKind.NAME;
        }
        double words = mean(text -> NormalText.of(text).split(" ").length);
        // Titles of products have numbers too, but seldom by themselves and where a house number stands.
        if (words >= 2 && words < 9 && share(KindGuess::hasHouseNumber) > 0.6) {
            return ColumnKind.ADDRESS;
        }
        return words > 3.2 ? ColumnKind.TEXT : ColumnKind.NAME;
    }

    /** Every value once, and all of one pattern with a counter in it: it was given by a machine to a row, not to a person. */
    private boolean runningNumber(Column column) {
        long filled = Arrays.stream(column.ids()).filter(id -> id >= 0).count();
        if (column.values().length < filled || filled < 10) {
            return false;
        }
        if (!Arrays.stream(sample).allMatch(text -> RUNNING.matcher(text).matches())) {
            return false;
        }
        var numbers = Arrays.stream(column.values())
                .map(text -> text.replaceAll("\\D", ""))
                .filter(text -> !text.isEmpty() && text.length() < 18)
                .mapToLong(Long::parseLong)
                .sorted()
                .toArray();
        // Running: they fill the range they span.
        return numbers.length > 1 && numbers[numbers.length - 1] - numbers[0] < 3L * numbers.length;
    }

    /** 12 High Street, Flat 3a High Street, Hauptstraße 12. */
    private static boolean hasHouseNumber(String text) {
        var words = NormalText.of(text).split(" ");
        return HOUSE_NUMBER.matcher(words[0]).matches()
                || (words.length > 1 && HOUSE_NUMBER.matcher(words[1]).matches())
                || HOUSE_NUMBER.matcher(words[words.length - 1]).matches();
    }

    private static boolean isDate(String text) {
        return DateText.parts(text).filter(DateText.Parts::exists).isPresent()
                && (!DIGITS.matcher(text).matches() || text.startsWith("19") || text.startsWith("20"));
    }

    private static boolean isPhone(String text) {
        if (MAINLAND_PHONE.matcher(NormalText.tight(text)).matches()) {
            return true;
        }
        long digits = text.chars().filter(Character::isDigit).count();
        return digits >= 7
                && digits <= 15
                && PHONE.matcher(text).matches()
                && (text.startsWith("+") || !DIGITS.matcher(text).matches());
    }

    private boolean mostly(Predicate<String> test) {
        return share(test) >= MOSTLY;
    }

    private double share(Predicate<String> test) {
        return (double) Arrays.stream(sample).filter(test).count() / sample.length;
    }

    private double mean(ToIntFunction<String> measure) {
        return Arrays.stream(sample).mapToInt(measure).average().orElse(0);
    }
}
