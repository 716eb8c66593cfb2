package io.retainer.contract;

import com.ibm.icu.text.Transliterator;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The text of a contract, cleaned, with the way back from every character to the untouched original. Nothing is made up
 * on the way: traditional script becomes simplified, pinyin in brackets goes, digits and punctuation come to one width,
 * empty places become {@code ____}, and five damaged spots that the register can reconstruct are put right and
 * remembered as such (clauses.md §0, S1 and S2).
 */
final class CleanText {

    private static final Pattern TONED_PINYIN =
            Pattern.compile("\\(([a-zA-Z]{0,4}[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ][a-zA-Z]{0,4})\\)");
    private static final Pattern TONELESS_PINYIN = Pattern.compile("(?<=[\\p{IsHan}_])\\(([a-zü]{1,6})\\)");
    private static final Pattern INVISIBLE = Pattern.compile("[\\u200B-\\u200F\\u2060\\uFEFF\\u00AD]");
    private static final Pattern EMPTY_PLACE = Pattern.compile(
            "[＿_]{2,}|_(?=\\s*[年月日元期%％])|【[\\s　_]{0,80}】|\\[[\\s　_]{0,80}\\]|(?<![ \\u00A0\\u3000])[ \\u00A0\\u3000]{2,}+(?=[年月日元圆期%％]|个月)|(?<=[自至止到])[ \\u00A0\\u3000]++(?=年)|(?<=人民[币幣])[ \\u00A0\\u3000]{2,}+");
    private static final Pattern SPACES = Pattern.compile("[ \\u00A0\\u2000-\\u200A\\u3000]+");
    private static final Pattern NOT_LATIN_GAP = Pattern.compile("(?<![A-Za-z0-9.&,]) | (?![A-Za-z0-9&(])");
    private static final Pattern HARD_WRAP = Pattern.compile(
            "(?<=[^\\n]{20}[\\p{IsHan}A-Za-z0-9,、_])\\n(?=[^\\n])(?!\\s*(?:[一二三四五六七八九十]{1,3}、|第.{1,3}[部条章期]|\\d{1,2}[.、)]|[(（]?[\\d一二三四五六七①-⑨]|甲方|乙方|丙方|住|地址|联系|法定|统一|签|说明|附件|示例|责任认定|违约行为|要求|鉴于|双方|本合同|服务|信息|保密|第三方|分期|付款|质量|风险|争议|[^\\n]{0,40}\\t))");

    /** What the five damaged spots were, and in which words they are recognised. */
    private static final List<Damage> DAMAGES = List.of(
            new Damage(Pattern.compile("[暂暫]\\?[；;]蚪K止"), "暂停或终止"),
            new Damage(Pattern.compile("\\?qū\\)е卤竞贤瑹o法"), "导致本合同无法"),
            new Damage(Pattern.compile("\\?qū\\)е陆ㄗh"), "导致建议"),
            new Damage(Pattern.compile("向\\?qū\\)Ψ礁嬷\\?[，,]并"), "向对方告知,并"),
            new Damage(Pattern.compile("\\?qū\\)е路[^质。]{0,6}质量"), "导致服务质量"));

    private static final List<Pattern> FURNITURE = List.of(
            Pattern.compile("(?m)^[^\\n]{0,60}_第\\d+页[ \\t]*$"),
            Pattern.compile("(?m)^[ \\t]*已阅读\\d+页[^\\n]*$"),
            Pattern.compile("(?m)^[ \\t]*(?:继续免费阅读|下载本文档|文档简介|文档描述|相关文档|举报|收藏|分享|点击下载)[ \\t]*$"),
            Pattern.compile("(?m)^[ \\t]*版权说明[:：][^\\n]*$"),
            Pattern.compile(
                    "(?m)^[ \\t]*(?:第\\s*\\d+\\s*页\\s*[/,，]?\\s*(?:共\\s*\\d+\\s*页)?|-\\s*\\d+\\s*-|—\\s*\\d+\\s*—|\\d+\\s*/\\s*\\d+)[ \\t]*$"),
            Pattern.compile("(?ms)^[ \\t]*温馨提示[ \\t]*$.*\\z"),
            Pattern.compile("(?m)^[ \\t]*(?:评论|提交评论|0/150)[ \\t]*$"));

    private final String raw;
    private final StringBuilder text;
    private int[] origin;
    private BitSet reconstructed = new BitSet();
    private final List<Passage> furniture = new ArrayList<>();
    private boolean traditional;

    private record Damage(Pattern seen, String meant) {}

    private CleanText(String raw) {
        this.raw = raw;
        this.text = new StringBuilder(raw);
        this.origin = new int[raw.length() + 1];
        for (int i = 0; i <= raw.length(); i++) {
            origin[i] = i;
        }
    }

    static CleanText of(String raw) {
        var clean = new CleanText(raw);
        clean.replace(Pattern.compile("\\r\\n?|\\u2028|\\u2029|\\u0085|\\f|\\x0B"), _ -> "\n");
        clean.replace(INVISIBLE, _ -> "");
        clean.narrowBrackets();
        clean.dropPinyin();
        clean.simplify();
        clean.repair();
        clean.narrow();
        clean.dropFurniture();
        clean.replace(EMPTY_PLACE, _ -> "____");
        clean.replace(SPACES, _ -> " ");
        clean.replace(NOT_LATIN_GAP, _ -> "");
        clean.replace(Pattern.compile("(?<![ \\t])[ \\t]++(?=\\n)|(?<=\\n)[ \\t]++"), _ -> "");
        clean.replace(HARD_WRAP, _ -> "");
        clean.replace(Pattern.compile("\\n{2,}"), _ -> "\n");
        clean.replace(Pattern.compile("_{2,}"), _ -> "____");
        return clean;
    }

    String text() {
        return text.toString();
    }

    /** Whether the file was in traditional script. */
    boolean traditional() {
        return traditional;
    }

    /** What the hosting site printed around the contract; no part of it. */
    List<Passage> furniture() {
        return List.copyOf(furniture);
    }

    Passage passage(int start, int end) {
        int from = start;
        int to = end;
        while (from < to && Character.isWhitespace(text.charAt(from))) {
            from++;
        }
        while (to > from && Character.isWhitespace(text.charAt(to - 1))) {
            to--;
        }
        int firstDamage = reconstructed.nextSetBit(from);
        // A clause that ends inside a damaged spot shows the whole spot as it was found.
        int behind = to > from && reconstructed.get(to - 1) ? reconstructed.nextClearBit(to) : to;
        return new Passage(
                raw.substring(origin[from], Math.max(origin[from], origin[behind]))
                        .strip(),
                text.substring(from, to),
                from,
                firstDamage >= 0 && firstDamage < to);
    }

    /** How many damaged spots were put right. */
    int reconstructions() {
        int count = 0;
        for (int i = reconstructed.nextSetBit(0); i >= 0; i = reconstructed.nextSetBit(reconstructed.nextClearBit(i))) {
            count++;
        }
        return count;
    }

    private void narrowBrackets() {
        replace(Pattern.compile("（"), _ -> "(");
        replace(Pattern.compile("）"), _ -> ")");
    }

    private void dropPinyin() {
        long toned = TONED_PINYIN.matcher(text).results().count();
        if (toned > 0) {
            replace(TONED_PINYIN, _ -> "");
        }
        if (toned > 10) {
            replace(TONELESS_PINYIN, _ -> "");
        }
    }

    /** Only when a good part of the text is traditional: a company's name may hold a single traditional character. */
    private void simplify() {
        var simplifier = Transliterator.getInstance("Hant-Hans");
        var simplified = simplifier.transliterate(text.toString());
        if (simplified.length() != text.length()) {
            return;
        }
        int han = 0;
        int changed = 0;
        for (int i = 0; i < text.length(); i++) {
            if (Character.UnicodeScript.of(text.charAt(i)) == Character.UnicodeScript.HAN) {
                han++;
                if (text.charAt(i) != simplified.charAt(i)) {
                    changed++;
                }
            }
        }
        traditional = changed * 20 > han && han > 0;
        if (traditional) {
            text.setLength(0);
            text.append(simplified);
        }
    }

    private void repair() {
        for (var damage : DAMAGES) {
            replace(damage.seen, _ -> damage.meant, true);
        }
    }

    private void narrow() {
        for (int i = 0; i < text.length(); i++) {
            text.setCharAt(i, narrow(text.charAt(i)));
        }
    }

    private static char narrow(char c) {
        return switch (c) {
            case '，', '﹐' -> ',';
            case '；', '﹔' -> ';';
            case '：', '﹕', '∶' -> ':';
            case '％', '﹪' -> '%';
            case '￥', '¥' -> '¥';
            case '．', '﹒' -> '.';
            case '–', '－', '−', '‐', '‑' -> '-';
            case '〇', '○' -> '〇';
            case '＿' -> '_';
            case '。', '、' -> c;
            default -> c >= '！' && c <= '～' ? (char) (c - '！' + '!') : c;
        };
    }

    private void dropFurniture() {
        for (var pattern : FURNITURE) {
            replace(pattern, match -> {
                furniture.add(passage(match.start(), match.end()));
                return "";
            });
        }
    }

    private void replace(Pattern pattern, Function<MatchResult, String> by) {
        replace(pattern, by, false);
    }

    private void replace(Pattern pattern, Function<MatchResult, String> by, boolean marks) {
        var matcher = pattern.matcher(text.toString());
        if (!matcher.find()) {
            return;
        }
        var next = new StringBuilder();
        var nextOrigin = new int[origin.length + 64];
        var nextReconstructed = new BitSet();
        int at = 0;
        do {
            nextOrigin = copy(at, matcher.start(), next, nextOrigin, nextReconstructed);
            var replacement = by.apply(matcher.toMatchResult());
            for (int i = 0; i < replacement.length(); i++) {
                nextOrigin = roomFor(nextOrigin, next.length() + 2);
                nextOrigin[next.length()] = origin[matcher.start()];
                if (marks || reconstructed.get(matcher.start())) {
                    nextReconstructed.set(next.length());
                }
                next.append(replacement.charAt(i));
            }
            at = matcher.end();
        } while (matcher.find());
        nextOrigin = copy(at, text.length(), next, nextOrigin, nextReconstructed);
        nextOrigin = roomFor(nextOrigin, next.length() + 1);
        nextOrigin[next.length()] = raw.length();
        text.setLength(0);
        text.append(next);
        origin = nextOrigin;
        reconstructed = nextReconstructed;
    }

    private int[] copy(int from, int to, StringBuilder next, int[] nextOrigin, BitSet nextReconstructed) {
        var room = roomFor(nextOrigin, next.length() + to - from + 1);
        for (int i = from; i < to; i++) {
            room[next.length()] = origin[i];
            if (reconstructed.get(i)) {
                nextReconstructed.set(next.length());
            }
            next.append(text.charAt(i));
        }
        return room;
    }

    private static int[] roomFor(int[] array, int length) {
        return array.length >= length ? array : java.util.Arrays.copyOf(array, length * 3 / 2);
    }
}
