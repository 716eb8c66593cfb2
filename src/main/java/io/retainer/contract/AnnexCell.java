package io.retainer.contract;

import io.retainer.contract.AnnexKind.Column;
import io.retainer.kernel.Money;
import io.retainer.kernel.Refused;
import io.retainer.kernel.RmbWords;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Texts;
import java.math.BigDecimal;
import java.text.Normalizer;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads what people write into a cell. What is understood is kept in one canonical form (ISO dates, plain decimals, names
 * of constants); what is not stays as it was written, to be shown as unread.
 */
final class AnnexCell {

    static final int LONGEST = 4_000;

    private static final Pattern DATE =
            Pattern.compile("(\\d{4})\\s*[-/.年]\\s*(\\d{1,2})\\s*[-/.月]\\s*(\\d{1,2})\\s*日?");
    private static final Pattern MONEY =
            Pattern.compile("(?:CNY|RMB|人民币|¥|￥)?\\s*([\\d,]+(?:\\.\\d{1,2})?)\\s*(万元|元整|元|圆|yuan)?");
    private static final Pattern WHOLE = Pattern.compile("(?:第)?\\s*(\\d{1,7}|" + ChineseNumerals.NUMBER
            + ")\\s*(?:期|个工作日|工作日|日历日|天|日|小时|年|个月|份|次|件|working days|calendar days|days?|hours?|years?)?");
    private static final Pattern DECIMAL = Pattern.compile("[≥≤><=]{0,2}\\s*(-?[\\d,]+(?:\\.\\d{1,6})?)\\s*[%％]?");

    private static final Pattern TIME =
            Pattern.compile("(?:(上午|中午|下午|晚上)\\s*)?(\\d{1,2})\\s*(?:[:：]\\s*(\\d{2})|[点时](?:\\s*(\\d{1,2})\\s*分|整)?)?");

    /** The end of the day, which no clock shows. */
    static final String END_OF_DAY = "24:00";

    private AnnexCell() {}

    /** One line, one width of blanks: what survives a table of a Word file. */
    static String tidy(String given) {
        return given.replaceAll("[\\s\\u00a0\\u3000]+", " ").strip();
    }

    /** The canonical form, or empty when it cannot be read as a value of the column. */
    static Optional<String> read(Column column, String given) {
        var text = tidy(given);
        if (text.isEmpty() || text.length() > LONGEST) {
            return Optional.empty();
        }
        try {
            return switch (column.type()) {
                case TEXT, PROSE -> Optional.of(text);
                case WORDS -> {
                    RmbWords.parse(text.replaceFirst("^人民币", ""));
                    yield Optional.of(text);
                }
                case DATE -> date(text).map(LocalDate::toString);
                case MONEY -> money(text).map(money -> money.yuan().toPlainString());
                case WHOLE -> whole(text).map(String::valueOf);
                case DECIMAL -> decimal(text).map(BigDecimal::toPlainString);
                case PERCENT ->
                    decimal(text)
                            .filter(number -> number.signum() >= 0 && number.compareTo(BigDecimal.valueOf(100)) <= 0)
                            .map(BigDecimal::toPlainString);
                case TIME -> time(text);
                case YES_NO -> yes(text).map(String::valueOf);
                case CHOICE -> constant(column, text).map(Enum::name);
            };
        } catch (Refused | DateTimeException | ArithmeticException | IllegalArgumentException unreadable) {
            return Optional.empty();
        }
    }

    /** As a person reads it. */
    static String shown(Column column, String canonical, Texts texts) {
        if (canonical.isEmpty() || read(column, canonical).isEmpty()) {
            return canonical;
        }
        return switch (column.type()) {
            case TEXT, PROSE, WORDS, WHOLE, DATE, DECIMAL, TIME -> canonical;
            case MONEY -> Money.of(canonical).formatted();
            case PERCENT -> canonical + "%";
            case YES_NO -> texts.say(canonical.equals("true") ? "contract.yes" : "contract.no");
            case CHOICE -> constant(column, canonical).map(texts::name).orElse(canonical);
        };
    }

    /** As an argument of a sentence, said in the reader's language when the sentence is. */
    static Object inWords(Column column, String canonical) {
        if (read(column, canonical).isEmpty()) {
            return canonical;
        }
        return switch (column.type()) {
            case TEXT, PROSE, WORDS, WHOLE, DECIMAL, TIME -> canonical;
            case DATE -> LocalDate.parse(canonical);
            case MONEY -> Money.of(canonical);
            case PERCENT -> canonical + "%";
            case YES_NO -> Sentence.of(canonical.equals("true") ? "contract.yes" : "contract.no");
            case CHOICE ->
                constant(column, canonical).<Object>map(constant -> constant).orElse(canonical);
        };
    }

    private static Optional<LocalDate> date(String text) {
        var match = DATE.matcher(text);
        if (!match.matches()) {
            return Optional.empty();
        }
        var date = LocalDate.of(
                Integer.parseInt(match.group(1)), Integer.parseInt(match.group(2)), Integer.parseInt(match.group(3)));
        return date.getYear() < 1990 || date.getYear() > 2199 ? Optional.empty() : Optional.of(date);
    }

    private static Optional<Money> money(String text) {
        var match = MONEY.matcher(text);
        if (!match.matches()) {
            return Optional.empty();
        }
        var number = new BigDecimal(match.group(1).replace(",", ""));
        var money =
                Money.of("万元".equals(match.group(2)) ? number.movePointRight(4).setScale(2) : number);
        return money.isPositive() && money.fen() < 1_000_000_000_000_000L ? Optional.of(money) : Optional.empty();
    }

    private static Optional<Integer> whole(String text) {
        var match = WHOLE.matcher(text);
        if (!match.matches()) {
            return Optional.empty();
        }
        var number = ChineseNumerals.whole(match.group(1));
        return number.isPresent() && number.getAsInt() >= 0 ? Optional.of(number.getAsInt()) : Optional.empty();
    }

    private static Optional<BigDecimal> decimal(String text) {
        var match = DECIMAL.matcher(text);
        if (!match.matches()) {
            return Optional.empty();
        }
        var number = new BigDecimal(match.group(1).replace(",", ""));
        return Optional.of(number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros())
                .filter(n -> n.abs().compareTo(new BigDecimal("1e12")) < 0)
                .map(n -> n.scale() < 0 ? n.setScale(0) : n);
    }

    private static Optional<String> time(String text) {
        var match = TIME.matcher(text);
        if (!match.matches()) {
            return Optional.empty();
        }
        int hour = Integer.parseInt(match.group(2));
        var half = match.group(1);
        if (half != null && !half.equals("上午") && hour < 12) {
            hour += 12;
        }
        var minutes = match.group(3) == null ? match.group(4) : match.group(3);
        var canonical = "%02d:%02d".formatted(hour, minutes == null ? 0 : Integer.parseInt(minutes));
        if (canonical.equals(END_OF_DAY)) {
            return Optional.of(canonical);
        }
        return Optional.of(LocalTime.parse(canonical).toString());
    }

    private static Optional<Boolean> yes(String text) {
        return switch (text.toLowerCase(java.util.Locale.ROOT)) {
            case "true", "yes", "y", "是", "√", "✓", "有" -> Optional.of(true);
            case "false", "no", "n", "否", "×", "无" -> Optional.of(false);
            default -> Optional.empty();
        };
    }

    private static Optional<Enum<?>> constant(Column column, String text) {
        var chinese = Texts.in(Texts.CHINESE);
        var english = Texts.in(Texts.ENGLISH);
        var typed = halfWidth(text);
        for (var constant : column.choices()) {
            if (constant.name().equals(text)
                    || halfWidth(chinese.name(constant)).equals(typed)
                    || halfWidth(english.name(constant)).equalsIgnoreCase(typed)) {
                return Optional.of(constant);
            }
        }
        if (column.choice() == ContractedService.class) {
            var number = whole(text);
            if (number.isPresent()) {
                return ContractedService.numbered(number.get()).map(service -> service);
            }
        }
        return Optional.empty();
    }

    /** People type brackets and commas of either width. */
    static String halfWidth(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFKC).replaceAll("\\s", "");
    }
}
