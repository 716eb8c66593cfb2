package io.retainer.contract;

import io.retainer.kernel.Money;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The value of a term. Its {@link #canonical} form is what the API shows, the database keeps and the hash covers. */
public sealed interface TermValue {

    record Text(String text) implements TermValue {}

    record Amount(Money money) implements TermValue {}

    record Day(LocalDate date) implements TermValue {}

    record Whole(int number) implements TermValue {}

    /** A percentage or another decimal; 5 means 5 %. */
    record Decimal(BigDecimal number) implements TermValue {

        public Decimal {
            number = number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
        }
    }

    record YesNo(boolean yes) implements TermValue {}

    record Choice(Enum<?> constant) implements TermValue {}

    record Numbers(Set<Integer> numbers) implements TermValue {

        public Numbers {
            numbers = java.util.Collections.unmodifiableSortedSet(new TreeSet<>(numbers));
        }
    }

    record Schedule(List<Line> lines) implements TermValue {

        public Schedule {
            lines = List.copyOf(lines);
        }

        public Money total() {
            return Money.sum(lines.stream().map(Line::amount).toList());
        }
    }

    /**
     * One line of annex 3.
     *
     * @param before the day before which it is to be paid, or null when it only has an amount
     */
    record Line(int number, Money amount, @Nullable LocalDate before) {}

    default String canonical() {
        return switch (this) {
            case Text(var text) -> text;
            case Amount(var money) -> money.yuan().toPlainString();
            case Day(var date) -> date.toString();
            case Whole(var number) -> Integer.toString(number);
            case Decimal(var number) -> number.toPlainString();
            case YesNo(var yes) -> Boolean.toString(yes);
            case Choice(var constant) -> constant.name();
            case Numbers(var numbers) -> numbers.stream().map(String::valueOf).collect(Collectors.joining(","));
            case Schedule(var lines) ->
                lines.stream()
                        .map(line -> line.number() + "|" + line.amount().yuan().toPlainString() + "|"
                                + (line.before() == null ? "" : line.before()))
                        .collect(Collectors.joining(";"));
        };
    }

    /**
     * Reads a value of the key's type.
     *
     * @throws IllegalArgumentException when it is none, or out of bounds
     */
    static TermValue parse(TermKey key, String given) {
        var text = given.strip();
        if (text.isEmpty() || text.length() > 2_000) {
            throw new IllegalArgumentException("empty or too long");
        }
        try {
            return switch (key.type()) {
                case TEXT, ADDRESS, MONEY_IN_WORDS -> new Text(text.replaceAll("\\s+", " "));
                case SEAL -> throw new IllegalArgumentException("given by signing");
                case MONEY ->
                    new Amount(positive(
                            Money.of(text.replace("，", "").replace("¥", "").replace("￥", ""))));
                case DATE -> new Day(day(text));
                case INTEGER -> new Whole(whole(text, key));
                case PERCENT -> new Decimal(decimal(text.replace("%", "").replace("％", ""), BigDecimal.valueOf(100)));
                case DECIMAL -> new Decimal(decimal(text, BigDecimal.valueOf(100)));
                case BOOLEAN -> new YesNo(bool(text));
                case CHOICE -> new Choice(choice(key, text));
                case INTEGERS -> new Numbers(numbers(text));
                case SCHEDULE -> new Schedule(lines(text));
            };
        } catch (DateTimeException | ArithmeticException wrong) {
            throw new IllegalArgumentException(wrong.getMessage(), wrong);
        }
    }

    private static Money positive(Money money) {
        if (!money.isPositive() || money.fen() >= 1_000_000_000_000_000L) {
            throw new IllegalArgumentException("not between 0.01 and 9,999,999,999,999.99");
        }
        return money;
    }

    private static LocalDate day(String text) {
        var date = LocalDate.parse(text);
        if (date.getYear() < 1990 || date.getYear() > 2199) {
            throw new IllegalArgumentException("not a year of a contract");
        }
        return date;
    }

    private static int whole(String text, TermKey key) {
        int number = Integer.parseInt(text);
        boolean atLeastOne = key == TermKey.TERM_MONTHS || key == TermKey.FEE_INSTALMENTS;
        if (number < (atLeastOne ? 1 : 0) || number > 1_200) {
            throw new IllegalArgumentException("out of bounds");
        }
        return number;
    }

    private static BigDecimal decimal(String text, BigDecimal most) {
        var number = new BigDecimal(text.strip());
        if (number.signum() < 0 || number.compareTo(most) > 0 || number.scale() > 8) {
            throw new IllegalArgumentException("out of bounds");
        }
        return number;
    }

    private static boolean bool(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("neither true nor false");
        };
    }

    private static Enum<?> choice(TermKey key, String text) {
        for (var constant : key.choices()) {
            if (constant.name().equals(text)) {
                return constant;
            }
        }
        throw new IllegalArgumentException("not one of " + key.choices());
    }

    private static Set<Integer> numbers(String text) {
        var numbers = new TreeSet<Integer>();
        for (var part : text.split("[,、\\s]+")) {
            int number = Integer.parseInt(part);
            if (number < 1 || number > 7) {
                throw new IllegalArgumentException("not a service of I-1.1");
            }
            numbers.add(number);
        }
        return numbers;
    }

    private static List<Line> lines(String text) {
        var lines = new ArrayList<Line>();
        for (var part : text.split("[;\\n]+")) {
            var cells = part.strip().split("\\|", -1);
            if (cells.length < 2 || cells.length > 3 || lines.size() >= 1_200) {
                throw new IllegalArgumentException("a line is number|amount|date");
            }
            var date = cells.length == 3 && !cells[2].isBlank() ? day(cells[2].strip()) : null;
            lines.add(new Line(Integer.parseInt(cells[0].strip()), positive(Money.of(cells[1].strip())), date));
        }
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).number() != i + 1) {
                throw new IllegalArgumentException("the lines are numbered 1, 2, 3, …");
            }
        }
        return lines;
    }
}
