package io.retainer.kernel;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;

/**
 * Renminbi amounts in words (大写金额), as the People's Bank of China wants them on vouchers (facts.md §2.9):
 * {@code 1,680.32} is 壹仟陆佰捌拾元零叁角贰分. Writing gives the canonical form; reading takes every form the rule
 * allows, in simplified or traditional script, with or without 人民币 in front, and refuses whatever the rule does not
 * allow, so that a slip of the pen is noticed rather than guessed at.
 *
 * <p>Amounts from 0 up to, not including, 10,000,000,000,000.00.
 */
public final class RmbWords {

    /** One fen more than the most that can be written. */
    public static final Money LIMIT = Money.ofFen(1_000_000_000_000_000L);

    private static final String DIGITS = "零壹贰叁肆伍陆柒捌玖";
    private static final String[] PLACES = {"", "拾", "佰", "仟"};
    private static final String TRADITIONAL = "貳貮叄參陸萬億圓圆正";
    private static final String SIMPLIFIED = "贰贰叁叁陆万亿元元整";
    private static final String EVERYDAY = "〇一二三四五六七八九十百千两兩";
    private static final String FORMAL = "零壹贰叁肆伍陆柒捌玖拾佰仟贰贰";

    private RmbWords() {}

    /**
     * How an amount is written.
     *
     * @param yuan 元 or 圆
     * @param whole 整 or 正
     * @param wholeAfterJiao whether 整 also follows 角, as the accounting norm wants (会计基础工作规范)
     * @param currency whether 人民币 stands directly in front
     */
    public record Style(char yuan, char whole, boolean wholeAfterJiao, boolean currency) {

        /** 元 and 整, no 整 after 角, no 人民币. */
        public static final Style BANK = new Style('元', '整', false, false);

        public Style {
            if ("元圆".indexOf(yuan) < 0 || "整正".indexOf(whole) < 0) {
                throw new IllegalArgumentException("An amount is written with 元 or 圆 and with 整 or 正");
            }
        }

        public Style withCurrency() {
            return new Style(yuan, whole, wholeAfterJiao, true);
        }
    }

    /** The canonical words, such as 壹佰贰拾万元整. */
    public static String of(Money amount) {
        return of(amount, Style.BANK);
    }

    /** @throws Refused when the amount is negative or not below {@link #LIMIT} */
    public static String of(Money amount, Style style) {
        if (amount.isNegative() || amount.compareTo(LIMIT) >= 0) {
            throw Refused.because("kernel.rmb.outOfBounds", amount);
        }
        var words = spelling(amount.fen(), false, false, true, style.wholeAfterJiao());
        return (style.currency() ? "人民币" : "")
                + words.replace('元', style.yuan()).replace('整', style.whole());
    }

    /**
     * The amount that words stand for. White space is ignored.
     *
     * @throws Refused naming what is wrong and, when the amount can be made out, how it should have been written
     */
    public static Money parse(String words) {
        var text = words.strip().replaceAll("\\s+", "");
        if (text.startsWith("人民币") || text.startsWith("人民幣")) {
            text = text.substring(3);
        }
        text = simplified(text);
        if (text.isEmpty()) {
            throw Refused.because("kernel.rmb.empty");
        }
        requireFormalCharacters(text, words);
        if (text.indexOf('元') < 0 && text.indexOf('角') < 0 && text.indexOf('分') < 0) {
            throw Refused.because("kernel.rmb.noYuan", words);
        }
        long fen = read(text, words);
        if (fen >= LIMIT.fen()) {
            throw Refused.because("kernel.rmb.outOfBounds", words);
        }
        if (!accepted(fen).contains(text)) {
            if (text.endsWith("元")) {
                throw Refused.because("kernel.rmb.noWhole", words, of(Money.ofFen(fen)));
            }
            if (text.endsWith("分整")) {
                throw Refused.because("kernel.rmb.wholeAfterFen", words, of(Money.ofFen(fen)));
            }
            throw Refused.because("kernel.rmb.misspelt", words, Money.ofFen(fen), of(Money.ofFen(fen)));
        }
        return Money.ofFen(fen);
    }

    /** Every spelling the rule allows, the canonical one first. */
    static SequencedSet<String> accepted(long fen) {
        var all = new LinkedHashSet<String>();
        all.add(spelling(fen, false, false, true, false));
        for (int choice = 0; choice < 16; choice++) {
            all.add(spelling(fen, (choice & 1) != 0, (choice & 2) != 0, (choice & 4) == 0, (choice & 8) != 0));
        }
        if (fen > 0 && fen < 10) {
            all.add("零元零" + digit(fen) + "分");
        }
        if (fen > 1_0000_0000_00L) {
            // 零 may be left out between 亿 and a thousand in front of which everything is 0.
            for (var spelling : List.copyOf(all)) {
                all.add(spelling.replaceFirst("亿零(?=.仟)", "亿"));
            }
        }
        return all;
    }

    /**
     * @param zeroBeforeThousand whether 零 stands between 万 and 仟 when the 万 digit is 0 (107,000: optional)
     * @param zeroBeforeMillions the same between 亿 and 仟万
     * @param zeroBeforeJiao whether 零 stands between 元 and 角 when the 元 digit is 0 (1,680.32: canonical, optional)
     */
    private static String spelling(
            long fen,
            boolean zeroBeforeThousand,
            boolean zeroBeforeMillions,
            boolean zeroBeforeJiao,
            boolean wholeAfterJiao) {
        long yuan = fen / 100;
        long jiao = fen / 10 % 10;
        long cents = fen % 10;
        var words = new StringBuilder();
        if (yuan > 0 || fen == 0) {
            words.append(yuan == 0 ? "零" : integer(yuan, zeroBeforeThousand, zeroBeforeMillions))
                    .append('元');
        }
        if (jiao > 0) {
            if (yuan > 0 && yuan % 10 == 0 && zeroBeforeJiao) {
                words.append('零');
            }
            words.append(digit(jiao)).append('角');
        } else if (cents > 0 && yuan > 0) {
            words.append('零');
        }
        if (cents > 0) {
            words.append(digit(cents)).append('分');
        } else if (jiao == 0 || wholeAfterJiao) {
            words.append('整');
        }
        return words.toString();
    }

    private static String integer(long yuan, boolean zeroBeforeThousand, boolean zeroBeforeMillions) {
        long hundredMillions = yuan / 1_0000_0000;
        long rest = yuan % 1_0000_0000;
        var words = new StringBuilder();
        if (hundredMillions > 0) {
            words.append(belowHundredMillion(hundredMillions, zeroBeforeThousand))
                    .append('亿');
            if (rest > 0 && (rest < 1000_0000 || (zeroBeforeMillions && hundredMillions % 10 == 0))) {
                words.append('零');
            }
        }
        return words.append(rest > 0 ? belowHundredMillion(rest, zeroBeforeThousand) : "")
                .toString();
    }

    private static String belowHundredMillion(long value, boolean zeroBeforeThousand) {
        long tenThousands = value / 1_0000;
        long rest = value % 1_0000;
        var words = new StringBuilder();
        if (tenThousands > 0) {
            words.append(section(tenThousands)).append('万');
            if (rest > 0 && (rest < 1000 || (zeroBeforeThousand && tenThousands % 10 == 0))) {
                words.append('零');
            }
        }
        return words.append(rest > 0 ? section(rest) : "").toString();
    }

    /** 1 to 9999: 1010 is 壹仟零壹拾. */
    private static String section(long value) {
        var words = new StringBuilder();
        boolean gap = false;
        for (int place = 3; place >= 0; place--) {
            long digit = value / (long) Math.pow(10, place) % 10;
            if (digit == 0) {
                gap = !words.isEmpty();
            } else {
                words.append(gap ? "零" : "").append(digit(digit)).append(PLACES[place]);
                gap = false;
            }
        }
        return words.toString();
    }

    private static char digit(long value) {
        return DIGITS.charAt((int) value);
    }

    private static String simplified(String text) {
        var out = new StringBuilder(text);
        for (int i = 0; i < out.length(); i++) {
            int known = TRADITIONAL.indexOf(out.charAt(i));
            if (known >= 0) {
                out.setCharAt(i, SIMPLIFIED.charAt(known));
            }
        }
        return out.toString();
    }

    private static void requireFormalCharacters(String text, String words) {
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            int everyday = EVERYDAY.indexOf(character);
            if (everyday >= 0) {
                throw Refused.because(
                        "kernel.rmb.everydayDigit",
                        words,
                        String.valueOf(character),
                        String.valueOf(FORMAL.charAt(everyday)));
            }
            if ((DIGITS + "拾佰仟万亿元角分整").indexOf(character) < 0) {
                throw Refused.because("kernel.rmb.character", words, String.valueOf(character));
            }
        }
    }

    /** Reads the value loosely; whether the spelling was allowed is judged by the caller. */
    private static long read(String text, String words) {
        long total = 0;
        long section = 0;
        long hundredMillions = 0;
        int digit = -1;
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            int value = DIGITS.indexOf(character);
            if (value >= 0) {
                if (digit > 0) {
                    throw Refused.because("kernel.rmb.twoDigits", words, "" + DIGITS.charAt(digit) + character);
                }
                digit = value;
                continue;
            }
            int one = Math.max(digit, 0);
            switch (character) {
                case '拾' -> section += (digit > 0 ? digit : 1) * 1000L;
                case '佰' -> section += one * 1_0000L;
                case '仟' -> section += one * 10_0000L;
                case '万' -> {
                    total += (section + one * 100L) * 1_0000L;
                    section = 0;
                }
                case '亿' -> {
                    hundredMillions += total + section + one * 100L;
                    total = 0;
                    section = 0;
                }
                case '元' -> {
                    total += section + one * 100L;
                    section = 0;
                }
                case '角' -> total += one * 10L;
                case '分' -> total += one;
                case '整' -> {
                    if (digit >= 0) {
                        throw Refused.because("kernel.rmb.digitWithoutUnit", words, "" + DIGITS.charAt(digit));
                    }
                }
                default -> throw new IllegalStateException("Character " + character);
            }
            digit = -1;
        }
        if (digit >= 0) {
            throw Refused.because("kernel.rmb.digitWithoutUnit", words, "" + DIGITS.charAt(digit));
        }
        if (hundredMillions > 99_999_00L || total > LIMIT.fen()) {
            throw Refused.because("kernel.rmb.outOfBounds", words);
        }
        return hundredMillions * 1_0000_0000L + total;
    }
}
