package io.retainer.contract;

import io.retainer.kernel.Clause;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the clauses of the register in a cleaned text. Numbers lead the way, words must agree: a numbered unit that does
 * not say what the clause says is not taken for it. Works on one line as well as on many, with and without the headings
 * 第一部分 … 第三部分.
 */
final class ClauseFinder {

    private static final Pattern PART_I_BEGINS = Pattern.compile("第一部分(?:如下)?\\s*[::]?");
    private static final Pattern PART_II_HEADING =
            Pattern.compile("第二部分(?:如下)?\\s*[::]?[^\\n。,;]{0,20}?(?=\\n|一、|第一条|1\\.1|$)");
    private static final Pattern PART_II_WORDS = Pattern.compile("(?:一、|第一条)\\s*第三方(?:的)?(?:概念|定义|界定)");
    private static final Pattern PART_III_HEADING =
            Pattern.compile("第三部分(?:如下)?\\s*[::]?[^\\n。,;]{0,24}?(?=\\n|说明一|说明1|附件一|$)");
    private static final Pattern PART_III_WORDS = Pattern.compile("说明(?:一|1)\\s*[::]");
    private static final Pattern NOTE_TWO = Pattern.compile("说明(?:二|2)\\s*[::][^\\n。,;1-9]{0,24}");
    private static final Pattern NOTE_ONE = Pattern.compile("说明(?:一|1)\\s*[::][^\\n。,;1-9]{0,16}");
    private static final Pattern SECTION = Pattern.compile(
            "(?:([一二三四五六七八九十]{1,3})、|第([一二三四五六七八九十]{1,3})条[、.:]?)\\s*([\\p{IsHan}、]{2,20}?)(?=\\n|\\d|[(（]|$)");
    private static final Pattern UNIT = Pattern.compile(
            "(?<![\\d.,第])(?:第)?(\\d{1,2})\\.(\\d{1,2})(?:条|、|\\.|款)?(?![\\d%‰]|[,.]\\d|[元万倍年月日折]|\\s*%)");
    private static final Pattern ITEM =
            Pattern.compile("[(（]([1-9一二三四五六七八九])[)）]|([①②③④⑤⑥⑦⑧⑨])|(?<=\\n)([1-9])[)、](?!\\d)");
    private static final Pattern ANNEX = Pattern.compile(
            "(?:[1-5][.、]\\s*)?附件\\s*([一二三四五1-5])\\s*[::]?(?=\\s*《|\\s*[\\p{IsHan}]{2,16}(?:\\n|要求)|\\n)");
    private static final Pattern BREACH = Pattern.compile("(?:[1-3][.、]\\s*)?违约行为(?!及)\\s*[::]?");
    private static final Pattern SENTENCE_END = Pattern.compile("[。;;\\n]");
    private static final Pattern SIGNATURES =
            Pattern.compile("甲\\s*方\\s*(?:\\((?:盖章|签章|公章|签字|签名|签字或盖章|盖章或签字|签字盖章)\\)|(?:盖章|签章|签字))\\s*[::]?");

    private final CleanText clean;
    private final String text;
    private final Map<Clause, FoundClause> found = new EnumMap<>(Clause.class);
    private final BitSet covered = new BitSet();
    private final Map<String, int[]> spans = new HashMap<>();

    /** A numbered piece of the text: {@code label} is {@code 3.1}. */
    private record Unit(String label, int start, int contentStart, int end, boolean printed) {}

    ClauseFinder(CleanText clean) {
        this.clean = clean;
        this.text = clean.text();
    }

    List<FoundClause> find() {
        int partTwo = firstOf(0, PART_II_HEADING, PART_II_WORDS);
        int partThree = firstOf(partTwo < 0 ? 0 : partTwo, PART_III_HEADING, PART_III_WORDS);
        int endTwo = partThree < 0 ? text.length() : partThree;
        int endOne = partTwo < 0 ? endTwo : partTwo;
        int firstSection = firstSection(endOne);
        int front = firstSection < 0 ? Math.min(endOne, firstUnit(endOne)) : firstSection;
        int signatures = start(SIGNATURES, front, endOne);
        int bodyEnd = signatures < 0 ? endOne : signatures;
        spans.put("front", new int[] {0, front});
        spans.put("I", new int[] {front, bodyEnd});
        spans.put("signatures", new int[] {bodyEnd, endOne});
        spans.put("II", new int[] {endOne, endTwo});
        spans.put("III", new int[] {endTwo, text.length()});

        front(front);
        numbered(ClauseRule.PART_I, front, bodyEnd);
        signatures(bodyEnd, endOne);
        if (partTwo >= 0) {
            var heading = within(PART_II_HEADING, partTwo, text.length());
            if (heading.lookingAt()) {
                cover(partTwo, heading.end());
            }
            numbered(ClauseRule.PART_II, endOne, endTwo);
        }
        if (partThree >= 0) {
            partThree(endTwo);
        }
        markCutOff();
        return List.copyOf(found.values());
    }

    /** Start and end of {@code front}, {@code I}, {@code signatures}, {@code II} or {@code III}. */
    String span(String part) {
        var span = spans.getOrDefault(part, new int[] {0, 0});
        return text.substring(span[0], span[1]);
    }

    int spanStart(String part) {
        return spans.getOrDefault(part, new int[] {0, 0})[0];
    }

    void cover(int start, int end) {
        covered.set(start, end);
    }

    /** What belongs to no clause. Bare punctuation and labels are nothing to read. */
    List<Passage> unread() {
        var unread = new ArrayList<Passage>();
        int at = covered.nextClearBit(0);
        while (at < text.length()) {
            int end = covered.nextSetBit(at);
            end = end < 0 ? text.length() : end;
            for (var line : lines(at, end)) {
                if (text.substring(line[0], line[1])
                                .codePoints()
                                .filter(Character::isLetterOrDigit)
                                .count()
                        > 1) {
                    unread.add(clean.passage(line[0], line[1]));
                }
            }
            at = covered.nextClearBit(end);
        }
        return unread;
    }

    private List<int[]> lines(int start, int end) {
        var lines = new ArrayList<int[]>();
        int from = start;
        for (int i = start; i <= end; i++) {
            if (i == end || text.charAt(i) == '\n') {
                if (i > from) {
                    lines.add(new int[] {from, i});
                }
                from = i + 1;
            }
        }
        return lines;
    }

    private int firstOf(int from, Pattern... patterns) {
        for (var pattern : patterns) {
            int at = start(pattern, from, text.length());
            if (at >= 0) {
                return at;
            }
        }
        return -1;
    }

    private int start(Pattern pattern, int from, int to) {
        var matcher = within(pattern, from, to);
        return matcher.find() ? matcher.start() : -1;
    }

    private Matcher within(Pattern pattern, int from, int to) {
        return pattern.matcher(text)
                .region(Math.min(from, to), to)
                .useTransparentBounds(true)
                .useAnchoringBounds(false);
    }

    private int firstSection(int end) {
        var matcher = within(SECTION, 0, end);
        while (matcher.find()) {
            if (number(matcher) == 1) {
                return matcher.start();
            }
        }
        return -1;
    }

    private int firstUnit(int end) {
        var matcher = within(UNIT, 0, end);
        return matcher.find() ? matcher.start() : end;
    }

    private static int number(Matcher section) {
        var numeral = section.group(1) == null ? section.group(2) : section.group(1);
        return ChineseNumerals.whole(numeral).orElse(0);
    }

    // Front matter

    private void front(int end) {
        int begin = 0;
        var partOne = within(PART_I_BEGINS, 0, end);
        var parts = within(Pattern.compile("本合同(?:共|由)[^。\\n]{0,6}部分[^,。;\\n]{0,6}"), 0, end);
        if (parts.find()) {
            put(Clause.I_0_1, parts.start(), parts.end(), false);
        }
        if (partOne.find()) {
            cover(partOne.start(), partOne.end());
        }
        int recital = start(Pattern.compile("鉴于"), begin, end);
        int parties = start(
                Pattern.compile("甲\\s*方\\s*(?:\\([^)\\n]{0,14}\\))?\\s*(?:名称)?\\s*[::]"),
                begin,
                recital < 0 ? end : recital);
        int blockEnd = recital < 0 ? end : recital;
        var addresses = within(Pattern.compile("(?:注册|联系|办公|通讯)?(?:地\\s*址|住\\s*所(?:地)?)\\s*[::]"), begin, blockEnd);
        if (parties >= 0) {
            put(Clause.I_0_2, parties, partyBlockEnd(parties, blockEnd), false);
        }
        if (addresses.find()) {
            int first = addresses.start();
            put(Clause.I_0_3, first, partyBlockEnd(first, blockEnd), false);
        }
        if (recital >= 0) {
            int qualified = start(Pattern.compile("[,;]?(?:且|而)?乙方(?:具备|具有|拥有)"), recital, end);
            int equal = start(Pattern.compile("[,;]?(?:甲、?乙)?双方(?:本着|遵循|在)"), recital, end);
            int recitalEnd = qualified >= 0 ? qualified : equal >= 0 ? equal : end;
            put(Clause.I_0_4, recital, recitalEnd, false);
            if (qualified >= 0) {
                put(Clause.I_0_5, qualified, equal > qualified ? equal : end, false);
            }
            if (equal >= 0) {
                put(Clause.I_0_6, equal, end, false);
            }
        }
    }

    private int partyBlockEnd(int start, int end) {
        int stop = start(Pattern.compile("\\n(?=[^\\n]{0,60}(?:合同|本合同))|第一部分"), start, end);
        return stop < 0 ? end : stop;
    }

    // Numbered parts

    private void numbered(List<ClauseRule> rules, int start, int end) {
        var units = units(start, end);
        var byUnit = new HashMap<String, List<ClauseRule>>();
        rules.forEach(rule ->
                byUnit.computeIfAbsent(rule.unit(), _ -> new ArrayList<>()).add(rule));
        for (var unit : units) {
            var here = byUnit.get(unit.label());
            if (here != null) {
                read(unit, here);
            }
        }
        // Numbers that differ from the register's: a clause is still found by what it says, if it says so only once.
        for (var rule : rules) {
            if (!found.containsKey(rule.clause()) && rule.item() == 0) {
                byWords(rule, units, byUnit);
            }
        }
    }

    private List<Unit> units(int start, int end) {
        var heads = new ArrayList<int[]>(); // start, content start, section, number
        var sections = within(SECTION, start, end);
        int current = 0;
        var sectionAt = new ArrayList<int[]>();
        while (sections.find()) {
            // A section may have been struck out; what follows it is still there.
            if (number(sections) > current && number(sections) <= current + 3) {
                current = number(sections);
                sectionAt.add(new int[] {sections.start(), sections.end(), current});
                cover(sections.start(), sections.end());
            }
        }
        var units = within(UNIT, start, end);
        int lastSection = 0;
        int lastNumber = 0;
        while (units.find()) {
            int section = Integer.parseInt(units.group(1));
            int number = Integer.parseInt(units.group(2));
            boolean follows = section == lastSection
                    ? number > lastNumber && number <= lastNumber + 3
                    : section == lastSection + 1 && number <= 3;
            boolean inItsSection = sectionAt.isEmpty() || sectionOf(sectionAt, units.start()) == section;
            if (inItsSection && (follows || (!sectionAt.isEmpty() && section > lastSection && number <= 3))) {
                heads.add(new int[] {units.start(), units.end(), section, number});
                lastSection = section;
                lastNumber = number;
            }
        }
        var result = new ArrayList<Unit>();
        // The text of a section before its first printed number: heading 1.1 is not printed in the original (S3).
        for (int i = 0; i < sectionAt.size(); i++) {
            var section = sectionAt.get(i);
            int sectionEnd = i + 1 < sectionAt.size() ? sectionAt.get(i + 1)[0] : end;
            int firstHead = heads.stream()
                    .mapToInt(head -> head[0])
                    .filter(at -> at >= section[1] && at < sectionEnd)
                    .findFirst()
                    .orElse(sectionEnd);
            boolean printed =
                    heads.stream().anyMatch(head -> head[2] == section[2] && head[3] == 1 && head[0] < sectionEnd);
            if (!printed && !text.substring(section[1], firstHead).isBlank()) {
                result.add(new Unit(section[2] + ".1", section[1], section[1], firstHead, false));
            }
        }
        for (int i = 0; i < heads.size(); i++) {
            var head = heads.get(i);
            int next = i + 1 < heads.size() ? heads.get(i + 1)[0] : end;
            int nextSection = sectionAt.stream()
                    .mapToInt(section -> section[0])
                    .filter(at -> at > head[0])
                    .findFirst()
                    .orElse(end);
            cover(head[0], head[1]);
            result.add(new Unit(head[2] + "." + head[3], head[0], head[1], Math.min(next, nextSection), true));
        }
        return result;
    }

    private static int sectionOf(List<int[]> sections, int at) {
        int section = 0;
        for (var candidate : sections) {
            if (candidate[0] <= at) {
                section = candidate[2];
            }
        }
        return section;
    }

    private void read(Unit unit, List<ClauseRule> rules) {
        var items = items(unit);
        int bodyEnd = items.isEmpty() ? unit.end() : items.getFirst()[0];
        var shared = rules.stream().filter(rule -> rule.item() == 0).toList();
        share(shared, unit.start(), unit.contentStart(), bodyEnd, !unit.printed());
        for (int i = 0; i < items.size(); i++) {
            int itemEnd = i + 1 < items.size() ? items.get(i + 1)[0] : unit.end();
            var item = items.get(i);
            for (var rule : rules) {
                if (rule.item() == item[2]
                        && rule.says().matcher(text.substring(item[1], itemEnd)).find()) {
                    put(rule.clause(), item[0], itemEnd, !unit.printed());
                }
            }
        }
        if (shared.isEmpty() && !items.isEmpty()) {
            // What introduces a list, such as "乙方提供下列服务:", belongs to it.
            cover(unit.start(), items.getFirst()[0]);
        }
        if (!shared.isEmpty() && rules.stream().noneMatch(rule -> rule.item() > 0)) {
            cover(unit.start(), found.containsKey(shared.getFirst().clause()) ? bodyEnd : unit.start());
        }
    }

    private List<int[]> items(Unit unit) {
        var items = new ArrayList<int[]>();
        var matcher = within(ITEM, unit.contentStart(), unit.end());
        while (matcher.find()) {
            int number = matcher.group(1) != null
                    ? ChineseNumerals.whole(matcher.group(1)).orElse(0)
                    : matcher.group(2) != null
                            ? matcher.group(2).charAt(0) - '①' + 1
                            : Integer.parseInt(matcher.group(3));
            if (number == items.size() + 1) {
                items.add(new int[] {matcher.start(), matcher.end(), number});
            }
        }
        return items;
    }

    /** Clauses that share a unit, each from its first words to the first words of the next. */
    private void share(List<ClauseRule> rules, int start, int contentStart, int end, boolean inferred) {
        var starts = new int[rules.size()];
        int at = contentStart;
        for (int i = 0; i < rules.size(); i++) {
            var begins = rules.get(i).begins();
            int next = begins == null ? start : start(begins, at, end);
            starts[i] = next;
            if (next >= 0) {
                at = Math.max(at, next);
            }
        }
        for (int i = 0; i < rules.size(); i++) {
            if (starts[i] < 0) {
                continue;
            }
            int stop = end;
            for (int j = rules.size() - 1; j > i; j--) {
                stop = starts[j] >= 0 && starts[j] > starts[i] ? starts[j] : stop;
            }
            if (rules.get(i).says().matcher(text.substring(starts[i], stop)).find()) {
                put(rules.get(i).clause(), starts[i], stop, inferred);
            }
        }
    }

    private void byWords(ClauseRule rule, List<Unit> units, Map<String, List<ClauseRule>> byUnit) {
        var family = byUnit.getOrDefault(rule.unit(), List.of(rule)).stream()
                .filter(other -> other.item() == 0)
                .toList();
        if (!family.getFirst().equals(rule)) {
            return;
        }
        var candidates = units.stream()
                .filter(unit -> found.values().stream().noneMatch(clause -> overlaps(clause, unit)))
                .filter(unit -> family.stream()
                        .allMatch(member -> member.says()
                                .matcher(text.substring(unit.contentStart(), unit.end()))
                                .find()))
                .toList();
        if (candidates.size() == 1) {
            var unit = candidates.getFirst();
            share(family, unit.start(), unit.contentStart(), unit.end(), true);
            cover(unit.start(), unit.end());
        }
    }

    private static boolean overlaps(FoundClause clause, Unit unit) {
        return clause.passage().start() < unit.end() && clause.passage().end() > unit.start();
    }

    // Signatures

    private void signatures(int start, int end) {
        label(Clause.I_S_1, SIGNATURES, start, end, "乙\\s*方|签(?:订|署|约)|法定代表|日期|第二部分|\\n");
        label(
                Clause.I_S_2,
                Pattern.compile(SIGNATURES.pattern().replaceFirst("甲", "乙")),
                start,
                end,
                "甲\\s*方|签(?:订|署|约)|法定代表|日期|第二部分|\\n");
        label(
                Clause.I_S_3,
                Pattern.compile("(?:合同)?(?:签(?:订|署|约)(?:日期|时间)|日期)\\s*[::]"),
                start,
                end,
                "第二部分|甲\\s*方|\\n");
    }

    private void label(Clause clause, Pattern label, int start, int end, String until) {
        var matcher = within(label, start, end);
        if (matcher.find()) {
            int stop = start(Pattern.compile(until), matcher.end(), end);
            put(clause, matcher.start(), stop < 0 ? end : stop, false);
        }
    }

    // Part three

    private void partThree(int start) {
        var heading = within(PART_III_HEADING, start, text.length());
        if (heading.find() && heading.start() == start) {
            cover(start, heading.end());
        }
        var noteOne = within(NOTE_ONE, start, text.length());
        int annexes = start;
        if (noteOne.find()) {
            cover(noteOne.start(), noteOne.end());
            annexes = noteOne.end();
        }
        var noteTwo = within(NOTE_TWO, annexes, text.length());
        int breaches = text.length();
        if (noteTwo.find()) {
            cover(noteTwo.start(), noteTwo.end());
            breaches = noteTwo.start();
        }
        segments(ANNEX, annexes, breaches, ClauseRule.ANNEXES, true);
        if (breaches < text.length()) {
            int end = attachments(breaches);
            segments(BREACH, noteTwo.end(), end, ClauseRule.BREACHES, false);
        }
    }

    /** Where annexes that are themselves attached begin, after the breach rules. */
    private int attachments(int from) {
        int at = start(Pattern.compile("(?<=\\n)附件\\s*[一二三四五1-5]"), from, text.length());
        return at < 0 ? text.length() : at;
    }

    private void segments(Pattern head, int start, int end, List<List<ClauseRule>> rules, boolean numbered) {
        var heads = new ArrayList<int[]>();
        var matcher = within(head, start, end);
        while (matcher.find()) {
            int number = numbered ? ChineseNumerals.whole(matcher.group(1)).orElse(0) : heads.size() + 1;
            if (number == heads.size() + 1 && number <= rules.size()) {
                heads.add(new int[] {matcher.start(), matcher.end()});
            }
        }
        for (int i = 0; i < heads.size(); i++) {
            int stop = i + 1 < heads.size() ? heads.get(i + 1)[0] : end;
            int lastLine = stop;
            share(rules.get(i), heads.get(i)[0], heads.get(i)[1], lastLine, false);
        }
    }

    private void put(Clause clause, int start, int end, boolean inferred) {
        int from = start;
        while (from < end && ",;、。\n ".indexOf(text.charAt(from)) >= 0) {
            from++;
        }
        var passage = clean.passage(from, end);
        if (!passage.text().isEmpty() && !found.containsKey(clause)) {
            found.put(clause, new FoundClause(clause, passage, inferred, false));
            cover(start, end);
        }
    }

    /** The last clause was cut off when the text ends without the end of a sentence. */
    private void markCutOff() {
        var last = found.values().stream()
                .max((a, b) -> Integer.compare(a.passage().end(), b.passage().end()))
                .orElse(null);
        if (last == null) {
            return;
        }
        var tail = text.substring(Math.min(last.passage().end(), text.length())).strip();
        boolean ends =
                SENTENCE_END.matcher(lastCharacter(last.passage().text())).matches()
                        || last.passage().text().matches("[\\s\\S]*[)》%_\\d日::]");
        if (tail.isEmpty()
                && !ends
                && last.clause().part().equals("III")
                && last.clause().name().startsWith("III_B")) {
            found.put(last.clause(), new FoundClause(last.clause(), last.passage(), last.inferredHeading(), true));
        }
    }

    private static String lastCharacter(String text) {
        return text.isEmpty() ? "" : text.substring(text.length() - 1);
    }

    @Nullable
    FoundClause get(Clause clause) {
        return found.get(clause);
    }
}
