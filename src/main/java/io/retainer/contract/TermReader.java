package io.retainer.contract;

import io.retainer.contract.TermValue.Amount;
import io.retainer.contract.TermValue.Choice;
import io.retainer.contract.TermValue.Day;
import io.retainer.contract.TermValue.Decimal;
import io.retainer.contract.TermValue.Line;
import io.retainer.contract.TermValue.Schedule;
import io.retainer.contract.TermValue.Text;
import io.retainer.contract.TermValue.Whole;
import io.retainer.contract.TermValue.YesNo;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Money;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the values of the terms out of the passages of their clauses. A place with words it does not understand is unread. */
final class TermReader {

    /** An empty place, in any of the ways people leave one. */
    static final String BLANK = "(?:_{2,}|[XxＸ×]{2,}|20[XxＸ×]{2}|\\*{2,}|某{2,})";

    private static final String CAPITALS =
            "[零壹贰叁肆伍陆柒捌玖一二三四五六七八九][零〇壹贰叁肆伍陆柒捌玖拾佰仟万亿一二三四五六七八九十百千两]*[元圆][零壹贰叁肆伍陆柒捌玖一二三四五六七八九角分整正]*";
    private static final Pattern DATE = Pattern.compile(
            "(?<y>\\d{4}|[〇零一二三四五六七八九○]{4})\\s*[年\\-/.]\\s*(?<m>\\d{1,2}|[一二三四五六七八九十]{1,3})\\s*[月\\-/.]\\s*(?<d>\\d{1,2}|[一二三四五六七八九十]{1,3})\\s*(?:[日号]|(?!\\d))");
    private static final Pattern BLANK_DATE = Pattern.compile("(?:\\d{4}|20_{1,4}|" + BLANK + ")?\\s*年\\s*(?:\\d{1,2}|"
            + BLANK + ")?\\s*月\\s*(?:\\d{1,2}|" + BLANK + ")?\\s*日|" + BLANK);
    private static final Pattern FIGURES = Pattern.compile(
            "(?<sign>¥|人民币|RMB|CNY|费用[为:]?|总额[为:]?)?\\s*[::]?(?<![\\d.,\\-]|\\d\\s)(?<number>(?:\\d{1,3}(?:,\\d{3})++|\\d++)(?:\\.\\d++)?+)(?!,?\\d|[.]\\d|\\s+\\d|\\s*[十百千])\\s*(?<unit>万元|亿元|万圆|万|元|圆)?\\s*(?<whole>整|正)?");
    private static final Pattern OTHER_CURRENCY = Pattern.compile("美元|美金|欧元|港币|港元|日元|英镑|USD|HKD|EUR|JPY|GBP");
    private static final Pattern WORDS =
            Pattern.compile("大写\\s*[::]?\\s*(?:人民币)?\\s*[::]?(?<words>[^),。;\\n]{1,60})|(?<bare>" + CAPITALS + ")");
    private static final Pattern RATE = Pattern.compile(
            "(?<![\\d.\\-])(?<percent>\\d+(?:\\.\\d+)?)\\s*(?<sign>[%‰])|(?<per>[百千万])分之(?<parts>\\d+(?:\\.\\d+)?|[零一二三四五六七八九十百点]+)|(?<blank>"
                    + BLANK + ")\\s*[%‰]|[百千万]分之(?<blankparts>" + BLANK + ")");
    private static final Pattern PER_DAY = Pattern.compile(
            "每(?:逾期|迟延|延迟)?(?:一|1)?[日天]|按[日天]|[日天](?:息|利率|违约金)|/\\s*[日天]|每逾期[一1]?[日天]|[日天]万分之|[日天]千分之|逾期[一1][日天]|[日天](?:按|计)");
    private static final Pattern PER_YEAR = Pattern.compile("每年|按年|年(?:利率|化|息|率)|/\\s*年");
    /** Periods in which the platform does not count. */
    private static final Pattern PER_OTHER =
            Pattern.compile("(?:每个?[月周季]度?|按[月周季]|月(?:利率|息))[^,。;费款]{0,4}(?:\\d|[百千万]分之)");

    private static final Pattern ONCE = Pattern.compile("一次性");
    private static final Pattern PARTY_END = Pattern.compile(
            "\\n|[;;。]|[甲乙丙]\\s*方\\s*(?:\\([^)\\n]{0,14}\\)\\s*)?(?:名称|地址|(?:注册|联系|办公|通讯)地址|住所地?)?\\s*[::]|(?:注册|联系|办公|通讯)?地\\s*址\\s*[::]|住\\s*所|法定代表|统一社会|联系(?:人|电话|方式)|电话|开户|账号|邮编|鉴于|第一部分|20[Xx]{2}|(?<=公司|厂|店|中心|集团|院|校|所|部|局)[,,]");
    private static final String ADDRESS_LABEL = "(?:注册|联系|办公|通讯)?(?:地\\s*址|住\\s*所(?:地)?)\\s*[::]";

    private final ClauseFinder clauses;
    private final CleanText clean;
    private final Map<TermKey, TermEntry> terms = new EnumMap<>(TermKey.class);

    TermReader(ClauseFinder clauses, CleanText clean) {
        this.clauses = clauses;
        this.clean = clean;
    }

    List<TermEntry> read() {
        parties();
        term();
        fee();
        schedule();
        penalty();
        signing();
        deadlines();
        return List.copyOf(terms.values());
    }

    // Parties

    private void parties() {
        var front = clauses.span("front");
        int base = clauses.spanStart("front");
        party(front, base, "甲", TermKey.CLIENT_NAME, TermKey.CLIENT_ADDRESS, "乙");
        party(front, base, "乙", TermKey.PROVIDER_NAME, TermKey.PROVIDER_ADDRESS, "甲");
        var second = terms.get(TermKey.PROVIDER_ADDRESS);
        if (!terms.containsKey(TermKey.CLIENT_ADDRESS)
                && (second == null || second.reading() == TermEntry.Reading.BLANK)) {
            // The names are lost but the address lines are there: what is empty is empty whoever's it is.
            var lines = Pattern.compile(ADDRESS_LABEL).matcher(front).results().toList();
            for (int i = 0; i < Math.min(2, lines.size()); i++) {
                var key = i == 0 ? TermKey.CLIENT_ADDRESS : TermKey.PROVIDER_ADDRESS;
                var line = lines.get(i);
                int end = endOf(front, line.end(), PARTY_END);
                boolean empty = isBlank(front.substring(line.end(), end));
                var passage = clean.passage(base + line.start(), base + end);
                put(empty ? TermEntry.blank(key, passage) : TermEntry.unread(key, passage));
            }
        }
    }

    private void party(String front, int base, String which, TermKey name, TermKey address, String other) {
        var labels = Pattern.compile(
                        which + "\\s*方\\s*(?:\\([^)\\n]{0,14}\\))?\\s*(?:名称)?\\s*(?:\\([^)\\n]{0,14}\\))?\\s*[::]")
                .matcher(front)
                .results()
                .toList();
        if (labels.isEmpty()) {
            return;
        }
        var label = labels.stream()
                .filter(candidate ->
                        !isBlank(front.substring(candidate.end(), endOf(front, candidate.end(), PARTY_END))))
                .findFirst()
                .orElse(labels.getLast());
        int end = endOf(front, label.end(), PARTY_END);
        text(name, front.substring(label.end(), end), clean.passage(base + label.start(), base + end));
        clauses.cover(base + label.start(), base + end);
        var otherLabel = Pattern.compile(other + "\\s*方\\s*(?:\\([^)\\n]{0,14}\\))?\\s*(?:名称)?\\s*[::]")
                .matcher(front);
        int block = otherLabel.find(end) ? otherLabel.start() : front.length();
        // An address under its owner's name wherever it stands; else one without a name, in the owner's block.
        var lines = Pattern.compile("(?:(?<whose>[甲乙丙])\\s*方\\s*的?)?" + ADDRESS_LABEL)
                .matcher(front)
                .results()
                .toList();
        var named =
                lines.stream().filter(one -> which.equals(one.group("whose"))).findFirst();
        var found = named.or(() -> lines.stream()
                .filter(one -> one.group("whose") == null && one.start() >= end && one.end() <= block)
                .findFirst());
        if (found.isPresent()) {
            var line = found.get();
            int stop = endOf(front, line.end(), PARTY_END);
            text(address, front.substring(line.end(), stop), clean.passage(base + line.start(), base + stop));
            clauses.cover(base + line.start(), base + stop);
        }
    }

    private static int endOf(String text, int from, Pattern stop) {
        var matcher = stop.matcher(text);
        return matcher.find(from) ? matcher.start() : text.length();
    }

    private void text(TermKey key, String value, Passage passage) {
        var words = value.strip()
                .replaceAll("^[::]|[,;,;。]+$", "")
                .replaceAll("\\((?:以下|下)?简?称[^)]*\\)$", "")
                .strip();
        if (isBlank(words)) {
            put(TermEntry.blank(key, passage));
        } else if (words.length() > 200 || words.codePoints().noneMatch(Character::isLetter)) {
            put(TermEntry.unread(key, passage));
        } else {
            put(TermEntry.known(key, new Text(words), TermSource.MAIN_TEXT, passage));
        }
    }

    private static boolean isBlank(String words) {
        return words.replaceAll("[_XxＸ×*某\\s,;.。:()\\-]|公司", "").isEmpty();
    }

    // Term

    private void term() {
        var clause = clauses.get(Clause.I_2_1);
        if (clause == null) {
            return;
        }
        var passage = clause.passage();
        var text = passage.text();
        var dates = places(text, DATE, BLANK_DATE);
        if (dates.size() == 1 && text.substring(0, dates.getFirst().start()).matches("[\\s\\S]*[至到]\\s*")) {
            // "From the day of signing to 31 December": the one date is the last.
            put(TermEntry.unread(TermKey.TERM_START, passage));
            date(TermKey.TERM_END, dates.getFirst(), passage);
        } else {
            day(TermKey.TERM_START, dates, 0, text, passage);
            day(TermKey.TERM_END, dates, 1, text, passage);
        }
        var months = Pattern.compile("(?:共计?|为期|期限为?|合计|总计|计)[::]?\\s*(?<n>" + ChineseNumerals.NUMBER + "|" + BLANK
                        + "|[^,。;\\s]{1,8}?)\\s*(?<unit>个月|个整月|月|年)(?!\\d|半)")
                .matcher(text);
        var bare = Pattern.compile("(?<![\\d.半])(?<n>" + ChineseNumerals.NUMBER + "|" + BLANK + ")\\s*(?<unit>个月|个整月)")
                .matcher(text);
        var match = bare.find() ? bare : months.find() ? months : null;
        if (match == null) {
            if (text.contains("年半") || text.contains("半年")) {
                put(TermEntry.unread(TermKey.TERM_MONTHS, passage));
            }
            return;
        }
        number(TermKey.TERM_MONTHS, match.group("n"), match.group("unit").equals("年") ? 12 : 1, passage);
    }

    private void number(TermKey key, String words, int factor, Passage passage) {
        var number = ChineseNumerals.whole(words);
        if (isBlank(words)) {
            put(TermEntry.blank(key, passage));
        } else if (number.isPresent() && number.getAsInt() >= 1 && number.getAsInt() * factor <= 1_200) {
            put(TermEntry.known(key, new Whole(number.getAsInt() * factor), TermSource.MAIN_TEXT, passage));
        } else {
            put(TermEntry.unread(key, passage));
        }
    }

    /** Dates and empty dates in the order in which they stand. */
    private static List<MatchResult> places(String text, Pattern value, Pattern blank) {
        var places = new ArrayList<MatchResult>();
        var matcher = Pattern.compile("(?:" + value.pattern() + ")|(?<blank>" + blank.pattern() + ")")
                .matcher(text);
        while (matcher.find()) {
            if (!text.startsWith("个月", matcher.end()) && !text.startsWith("期", matcher.end())) {
                places.add(matcher.toMatchResult());
            }
        }
        return places;
    }

    private void day(TermKey key, List<MatchResult> places, int index, String text, Passage passage) {
        if (places.size() <= index) {
            put(text.matches("[\\s\\S]*\\d[\\s\\S]*") ? TermEntry.unread(key, passage) : TermEntry.blank(key, passage));
            return;
        }
        date(key, places.get(index), passage);
    }

    private void date(TermKey key, MatchResult place, Passage passage) {
        if (place.group("y") == null) {
            put(TermEntry.blank(key, passage));
            return;
        }
        var date = date(place);
        put(
                date == null
                        ? TermEntry.unread(key, passage)
                        : TermEntry.known(key, new Day(date), TermSource.MAIN_TEXT, passage));
    }

    private static @Nullable LocalDate date(MatchResult match) {
        var year = ChineseNumerals.whole(match.group("y"));
        var month = ChineseNumerals.whole(match.group("m"));
        var day = ChineseNumerals.whole(match.group("d"));
        if (year.isEmpty() || month.isEmpty() || day.isEmpty() || year.getAsInt() < 1990 || year.getAsInt() > 2199) {
            return null;
        }
        try {
            return LocalDate.of(year.getAsInt(), month.getAsInt(), day.getAsInt());
        } catch (DateTimeException noSuchDay) {
            return null;
        }
    }

    // Fee

    private void fee() {
        var amount = clauses.get(Clause.I_3_1A);
        if (amount == null) {
            return;
        }
        var inWords = clauses.get(Clause.I_3_1B);
        var parts = clauses.get(Clause.I_3_1C);
        var whole = amount.passage().text()
                + (inWords == null ? "" : inWords.passage().text())
                + (parts == null ? "" : parts.passage().text());
        figures(amount.passage(), whole, inWords == null ? null : inWords.passage());
        words(whole, inWords == null ? amount.passage() : inWords.passage());
        if (parts != null) {
            var passage = parts.passage();
            var count = Pattern.compile("(?:共?计?分[为作]?|共计?)\\s*(?<n>" + ChineseNumerals.NUMBER + "|" + BLANK
                            + "|[^,。;\\s]{1,6}?)\\s*(?:个)?[期次笔]")
                    .matcher(passage.text());
            if (count.find()) {
                number(TermKey.FEE_INSTALMENTS, count.group("n"), 1, passage);
            } else {
                put(TermEntry.unread(TermKey.FEE_INSTALMENTS, passage));
            }
        }
        vat(whole, amount.passage());
    }

    private void figures(Passage passage, String whole, @Nullable Passage words) {
        if (OTHER_CURRENCY.matcher(whole).find()) {
            put(TermEntry.unread(TermKey.FEE_TOTAL, passage));
            return;
        }
        var figures = FIGURES.matcher(whole);
        while (figures.find()) {
            var unit = figures.group("unit");
            boolean listNumber = figures.start() == 0 && whole.startsWith(".", figures.end("number"));
            boolean count = Pattern.compile("^\\s*(?:个)?[期次笔月年日%]")
                    .matcher(whole.substring(figures.end()))
                    .find();
            if (listNumber
                    || count
                    || (figures.group("number").matches("\\d{1,2}\\.\\d{1,2}") && figures.start() == 0)
                    || (unit == null && figures.group("sign") == null)) {
                continue;
            }
            var at = words != null && figures.start() >= passage.text().length() ? words : passage;
            var value = amount(figures.group("number"), unit);
            put(
                    value == null || !value.isPositive()
                            ? TermEntry.unread(TermKey.FEE_TOTAL, at)
                            : TermEntry.known(TermKey.FEE_TOTAL, new Amount(value), TermSource.MAIN_TEXT, at));
            return;
        }
        boolean blank = Pattern.compile("(?:¥|人民币|费用|总额|为|:)\\s*[为:]?" + BLANK + "|" + BLANK + "\\s*(?:万)?[元圆]")
                .matcher(passage.text())
                .find();
        put(blank ? TermEntry.blank(TermKey.FEE_TOTAL, passage) : TermEntry.unread(TermKey.FEE_TOTAL, passage));
    }

    private static @Nullable Money amount(String number, @Nullable String unit) {
        try {
            var yuan = new BigDecimal(number.replace(",", ""));
            if (unit != null && unit.startsWith("万")) {
                yuan = yuan.movePointRight(4);
            } else if (unit != null && unit.startsWith("亿")) {
                yuan = yuan.movePointRight(8);
            }
            return yuan.precision() - yuan.scale() > 13 ? null : Money.of(yuan);
        } catch (ArithmeticException fractionOfAFen) {
            return null;
        }
    }

    private void words(String whole, Passage passage) {
        var match = WORDS.matcher(whole);
        if (!match.find()) {
            put(TermEntry.blank(TermKey.FEE_WORDS, null));
            return;
        }
        var words = (match.group("words") == null ? match.group("bare") : match.group("words")).strip();
        var bare = words.replaceAll("[元圆整正]", "");
        if (isBlank(bare)) {
            put(TermEntry.blank(TermKey.FEE_WORDS, passage));
        } else {
            put(TermEntry.known(
                    TermKey.FEE_WORDS, new Text(words.replaceAll("\\s", "")), TermSource.MAIN_TEXT, passage));
        }
    }

    private void vat(String text, Passage passage) {
        if (text.contains("不含税")) {
            put(TermEntry.known(TermKey.VAT_INCLUSIVE, new YesNo(false), TermSource.MAIN_TEXT, passage));
        } else if (text.contains("含税") || text.contains("含增值税")) {
            put(TermEntry.known(TermKey.VAT_INCLUSIVE, new YesNo(true), TermSource.MAIN_TEXT, passage));
        }
        var rate =
                Pattern.compile("税率\\s*[为::]?\\s*(\\d{1,2}(?:\\.\\d+)?)\\s*%").matcher(text);
        if (rate.find()) {
            put(TermEntry.known(
                    TermKey.VAT_RATE, new Decimal(new BigDecimal(rate.group(1))), TermSource.MAIN_TEXT, passage));
        }
    }

    // Annex 3

    private void schedule() {
        var lines = new ArrayList<Line>();
        int first = -1;
        int last = -1;
        var text = clean.text();
        var row = Pattern.compile("(?:第\\s*(?<n>" + ChineseNumerals.NUMBER
                        + ")\\s*期|(?<=\\n)(?<t>\\d{1,3})\\s*[\\t|])(?<rest>[^\\n;。第]{4,90})")
                .matcher(text);
        while (row.find()) {
            var number = ChineseNumerals.whole(row.group("n") == null ? row.group("t") : row.group("n"));
            var rest = row.group("rest");
            var date = DATE.matcher(rest);
            var before = date.find() ? date(date.toMatchResult()) : null;
            var withoutDate =
                    before == null ? rest : rest.substring(0, date.start()) + " " + rest.substring(date.end());
            var money = lineAmount(withoutDate);
            if (number.isPresent() && money != null && number.getAsInt() == lines.size() + 1) {
                lines.add(new Line(number.getAsInt(), money, before));
                first = first < 0 ? row.start() : first;
                last = row.end();
            }
        }
        if (lines.size() > 1) {
            var passage = clean.passage(first, last);
            clauses.cover(first, last);
            put(TermEntry.known(TermKey.FEE_SCHEDULE, new Schedule(lines), TermSource.ANNEX, passage));
        }
    }

    private static @Nullable Money lineAmount(String text) {
        var marked = Pattern.compile(
                        "(?:¥|人民币)?\\s*(\\d{1,3}(?:,\\d{3})+(?:\\.\\d{1,2})?|\\d+(?:\\.\\d{1,2})?)\\s*(万元|元|圆)")
                .matcher(text);
        if (marked.find()) {
            return amount(marked.group(1), marked.group(2));
        }
        var bare = Pattern.compile(
                        "(?<![\\d.])(?:¥\\s*)?(\\d{1,3}(?:,\\d{3})+(?:\\.\\d{1,2})?|\\d+\\.\\d{2}|(?<=[\\t|¥])\\d{3,})(?![\\d%])")
                .matcher(text);
        return bare.find() ? amount(bare.group(1), null) : null;
    }

    // Late payment

    private void penalty() {
        var clause = clauses.get(Clause.I_5_1);
        if (clause != null) {
            var passage = clause.passage();
            var capped = withoutCap(passage.text());
            var readAsDaily = rate(TermKey.LATE_RATE, capped, passage);
            if (readAsDaily != null) {
                put(TermEntry.known(TermKey.LATE_MODE, new Choice(readAsDaily), TermSource.MAIN_TEXT, passage));
            }
            base(capped, passage);
            cap(passage);
            grace(passage);
        }
        var standard = clauses.get(Clause.III_B1_STD);
        if (standard != null) {
            rate(TermKey.LATE_RATE_STANDARD, withoutCap(standard.passage().text()), standard.passage());
        }
        var example = clauses.get(Clause.III_B1_EX);
        if (example != null) {
            rate(TermKey.LATE_RATE_EXAMPLE, withoutCap(example.passage().text()), example.passage());
        }
    }

    /** Puts the rate down and returns the reading that the words themselves give, or null when they give none. */
    private ContractTerms.@Nullable Mode rate(TermKey key, String text, Passage passage) {
        var match = RATE.matcher(text);
        if (!match.find()) {
            boolean blank = Pattern.compile(BLANK).matcher(text).find();
            put(blank ? TermEntry.blank(key, passage) : TermEntry.unread(key, passage));
            return null;
        }
        if (match.group("blank") != null || match.group("blankparts") != null) {
            put(TermEntry.blank(key, passage));
            return null;
        }
        var percent = percent(match);
        boolean perOther = PER_OTHER.matcher(text).find();
        if (perOther || percentages(text) > 1) {
            put(TermEntry.unread(key, passage));
            return null;
        }
        put(
                percent == null || percent.compareTo(BigDecimal.valueOf(100)) > 0
                        ? TermEntry.unread(key, passage)
                        : TermEntry.known(key, new Decimal(percent), TermSource.MAIN_TEXT, passage));
        if (PER_DAY.matcher(text).find()) {
            return ContractTerms.Mode.DAILY;
        }
        if (PER_YEAR.matcher(text).find()) {
            return ContractTerms.Mode.ANNUAL;
        }
        return ONCE.matcher(text).find() ? ContractTerms.Mode.FLAT : null;
    }

    /** How many different rates a clause names, those of taxes aside: with two, nobody can say which holds. */
    private static long percentages(String text) {
        var rates = new ArrayList<BigDecimal>();
        var match = RATE.matcher(text);
        while (match.find()) {
            boolean blank = match.group("blank") != null || match.group("blankparts") != null;
            var percent = blank ? null : percent(match);
            if (percent != null && !text.substring(match.end()).matches("(?s)的?(?:增值)?税.*")) {
                rates.add(percent.stripTrailingZeros());
            }
        }
        return rates.stream().distinct().count();
    }

    private static @Nullable BigDecimal percent(Matcher match) {
        if (match.group("percent") != null) {
            var number = new BigDecimal(match.group("percent"));
            return match.group("sign").equals("‰") ? number.movePointLeft(1) : number;
        }
        var number = parts(match.group("parts"));
        if (number == null) {
            return null;
        }
        return switch (match.group("per")) {
            case "百" -> number;
            case "千" -> number.movePointLeft(1);
            default -> number.movePointLeft(2);
        };
    }

    private static @Nullable BigDecimal parts(String words) {
        int point = words.indexOf('点');
        if (point < 0) {
            return ChineseNumerals.decimal(words);
        }
        var whole = ChineseNumerals.whole(words.substring(0, point));
        var digits = new StringBuilder();
        for (int i = point + 1; i < words.length(); i++) {
            char c = words.charAt(i);
            int digit = "零一二三四五六七八九".indexOf(c);
            if (digit < 0) {
                return null;
            }
            digits.append(digit);
        }
        return whole.isEmpty() || digits.isEmpty() ? null : new BigDecimal(whole.getAsInt() + "." + digits);
    }

    private static final Pattern CAP =
            Pattern.compile("[,;。]?[^,;。]{0,24}(?:不(?:得)?超过|上限为?|以)[^,;。]{0,20}?(\\d+(?:\\.\\d+)?|" + BLANK
                    + ")\\s*%[^,;。]{0,8}(?:为限|为上限)?");

    private static String withoutCap(String text) {
        var cap = CAP.matcher(text);
        while (cap.find()) {
            if (cap.group().contains("不超过")
                    || cap.group().contains("不得超过")
                    || cap.group().contains("上限")
                    || cap.group().contains("为限")) {
                return text.substring(0, cap.start()) + text.substring(cap.end());
            }
        }
        return text;
    }

    private void cap(Passage passage) {
        var cap = CAP.matcher(passage.text());
        while (cap.find()) {
            var words = cap.group();
            boolean limit = words.contains("超过") || words.contains("上限") || words.contains("为限");
            boolean ofInstalment = words.contains("当期") || words.contains("该期") || words.contains("本期");
            if (limit && cap.group(1).matches("[\\d.]+")) {
                put(
                        ofInstalment
                                ? TermEntry.known(
                                        TermKey.LATE_CAP,
                                        new Decimal(new BigDecimal(cap.group(1))),
                                        TermSource.MAIN_TEXT,
                                        passage)
                                : TermEntry.unread(TermKey.LATE_CAP, passage));
                return;
            }
        }
    }

    private void base(String text, Passage passage) {
        ContractTerms.@Nullable Base base = null;
        if (Pattern.compile("(?:未付|逾期|欠付|应付未付|未支付|拖欠)(?:部分)?(?:的)?(?:款项|金额|费用|款|部分)")
                        .matcher(text)
                        .find()
                && !text.matches("[\\s\\S]*未按时支付费用,应[\\s\\S]*")) {
            base = ContractTerms.Base.UNPAID_PART;
        } else if (Pattern.compile("(?:合同|费用|服务费)(?:总额|总价|总金额|总费用|总价款)|总费用的")
                .matcher(text)
                .find()) {
            base = ContractTerms.Base.TOTAL_FEE;
        } else if (Pattern.compile("(?:当期|该期|本期)(?:应付)?(?:服务)?(?:费用|款项|金额|费)的?")
                .matcher(text)
                .find()) {
            base = ContractTerms.Base.INSTALMENT;
        }
        if (base != null) {
            put(TermEntry.known(TermKey.LATE_BASE, new Choice(base), TermSource.MAIN_TEXT, passage));
        }
    }

    private void grace(Passage passage) {
        var grace = Pattern.compile("宽限期?\\s*(?:为)?\\s*(" + ChineseNumerals.NUMBER + ")\\s*个?\\s*(工作日|日|天)")
                .matcher(passage.text());
        if (grace.find()) {
            var days = ChineseNumerals.whole(grace.group(1));
            if (days.isPresent() && days.getAsInt() <= 365) {
                put(TermEntry.known(TermKey.LATE_GRACE, new Whole(days.getAsInt()), TermSource.MAIN_TEXT, passage));
                var kind = grace.group(2).equals("工作日")
                        ? ContractTerms.GraceKind.WORKDAYS
                        : ContractTerms.GraceKind.CALENDAR_DAYS;
                put(TermEntry.known(TermKey.LATE_GRACE_KIND, new Choice(kind), TermSource.MAIN_TEXT, passage));
            }
        }
    }

    // Signing

    private void signing() {
        var text = clean.text();
        int from = clauses.spanStart("signatures");
        var label = Pattern.compile("(?:合同)?签(?:订|署|约)(?:地点|地)\\s*[::]").matcher(text);
        var sentence = Pattern.compile("(?:本)?合同(?:的)?签(?:订|署)(?:地点?)?(?:为|于|在)(?<place>[^,。;\\n()]{2,40})")
                .matcher(text);
        var stop = Pattern.compile("\\n|签(?:订|署|约)(?:日期|时间)|日期[::]|甲\\s*方|乙\\s*方|第二部分|[;;。,]");
        if (label.find()) {
            int end = endOf(text, label.end(), stop);
            text(TermKey.SIGN_PLACE, text.substring(label.end(), end), clean.passage(label.start(), end));
            clauses.cover(label.start(), end);
        } else if (sentence.find()) {
            text(
                    TermKey.SIGN_PLACE,
                    sentence.group("place").replaceAll("(?:签订|签署)$", ""),
                    clean.passage(sentence.start(), sentence.end()));
        }
        var signed = clauses.get(Clause.I_S_3);
        if (signed != null) {
            var places = places(signed.passage().text(), DATE, BLANK_DATE);
            if (places.isEmpty()) {
                put(
                        isBlank(signed.passage().text().replaceFirst("^[^:]*:", ""))
                                ? TermEntry.blank(TermKey.SIGN_DATE, signed.passage())
                                : TermEntry.unread(TermKey.SIGN_DATE, signed.passage()));
            } else {
                date(TermKey.SIGN_DATE, places.getFirst(), signed.passage());
            }
        }
        seal(TermKey.CLIENT_SEAL, Clause.I_S_1);
        seal(TermKey.PROVIDER_SEAL, Clause.I_S_2);
        clauses.cover(from, from);
    }

    private void seal(TermKey key, Clause clause) {
        var found = clauses.get(clause);
        put(TermEntry.blank(key, found == null ? null : found.passage()));
    }

    // Deadlines that some texts print

    private void deadlines() {
        workdays(Clause.I_3_2B, TermKey.RECEIPT_WORKDAYS);
        workdays(Clause.I_3_3A, TermKey.SUSPENSION_NOTICE);
        workdays(Clause.I_3_3B, TermKey.TERMINATION_CURE);
        workdays(Clause.I_5_2A, TermKey.RECTIFICATION_WORKDAYS);
        workdays(Clause.II_4_3, TermKey.THIRD_PARTY_REPLY);
        workdays(Clause.II_4_1, TermKey.THIRD_PARTY_NOTICE);
    }

    private void workdays(Clause clause, TermKey key) {
        var found = clauses.get(clause);
        if (found == null) {
            return;
        }
        var days = Pattern.compile("(" + ChineseNumerals.NUMBER + ")\\s*个工作日")
                .matcher(found.passage().text());
        if (days.find()) {
            number(key, days.group(1), 1, found.passage());
        }
    }

    private void put(TermEntry entry) {
        terms.putIfAbsent(entry.key(), entry);
    }
}
