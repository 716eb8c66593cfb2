package io.retainer.contract;

import io.retainer.contract.AnnexKind.Column;
import io.retainer.contract.AnnexKind.Part;
import io.retainer.contract.AnnexSheet.Row;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Texts;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An annex as text: a title, a heading for each part, the cells of a row separated by tabs. The same lines come out of an
 * exported Word file, so one reader serves both. What it does not recognise it keeps as unread; it guesses nothing.
 */
final class AnnexText {

    private static final List<Texts> LANGUAGES = List.of(Texts.in(Texts.CHINESE), Texts.in(Texts.ENGLISH));
    private static final String NUMERALS = "一二三四五六七八九十";
    private static final Pattern TITLE = Pattern.compile(
            "(?m)^[ \\t\\u3000]*(?:附件\\s*([一二三四五1-5])|Annex\\s+([1-5]))(?![一二三四五六七八九十\\d])[^\\n。;；]{0,60}$");
    private static final Pattern NUMBERING = Pattern.compile(
            "^(?:第?[一二三四五六七八九十]{1,3}[、.．条]|[(（][一二三四五六七八九十\\d]{1,3}[)）]|\\d{1,2}(?:\\.\\d{1,2})*[、.．]?)\\s*");
    private static final Pattern INSTALMENT = Pattern.compile(
            "第\\s*(" + ChineseNumerals.NUMBER
                    + ")\\s*期[\\s,，:：]*(?:支付|应付)?\\s*([¥￥]?[\\d,]+(?:\\.\\d{1,2})?\\s*(?:万元|元)?)[\\s,，]*(?:于|应于|在)?\\s*(\\d{4}[-年/.]\\d{1,2}[-月/.]\\d{1,2}日?)(?:之?前)?(?:付清|支付)?[。;；]?");

    private AnnexText() {}

    // Writing

    static String write(AnnexSheet sheet, Texts texts) {
        var text = new StringBuilder(heading(sheet.kind(), texts)).append('\n');
        int number = 0;
        for (var part : sheet.kind().parts()) {
            number++;
            if (part.isOptional() && sheet.of(part.id()).isEmpty()) {
                continue;
            }
            text.append(partHeading(part, number, texts)).append('\n');
            for (var line : table(sheet, part, texts)) {
                text.append(String.join("\t", line)).append('\n');
            }
        }
        return text.toString();
    }

    static String heading(AnnexKind kind, Texts texts) {
        return texts.say(
                "contract.annex.heading",
                kind.number(),
                NUMERALS.substring(kind.number() - 1, kind.number()),
                kind.title());
    }

    static String partHeading(Part part, int number, Texts texts) {
        return texts.say(
                "contract.annex.partHeading", number, NUMERALS.substring(number - 1, number), texts.say(part.title()));
    }

    /** The cells of a part as a table: a list with its header, a single part as names and values. */
    static List<List<String>> table(AnnexSheet sheet, Part part, Texts texts) {
        var lines = new ArrayList<List<String>>();
        var rows = sheet.of(part.id());
        if (part.isList() && part.columns().size() == 1) {
            // With its number a row cannot be taken for a heading.
            var column = part.columns().getFirst();
            lines.add(List.of(texts.say("contract.annex.rowNumber"), texts.say(part.title(column))));
            for (int i = 0; i < rows.size(); i++) {
                lines.add(List.of(
                        Integer.toString(i + 1),
                        AnnexCell.shown(column, rows.get(i).cell(column.id()), texts)));
            }
        } else if (part.isList()) {
            lines.add(part.columns().stream()
                    .map(column -> texts.say(part.title(column)))
                    .toList());
            rows.forEach(row -> lines.add(part.columns().stream()
                    .map(column -> AnnexCell.shown(column, row.cell(column.id()), texts))
                    .toList()));
        } else {
            for (var column : part.columns()) {
                lines.add(List.of(
                        texts.say(part.title(column)),
                        rows.isEmpty()
                                ? ""
                                : AnnexCell.shown(column, rows.getFirst().cell(column.id()), texts)));
            }
        }
        return lines;
    }

    // Reading

    /**
     * @param main the text up to the first annex
     * @param annexes as far as they could be read
     */
    record Divided(String main, Map<AnnexKind, AnnexSheet> annexes) {}

    /** Takes the annexes off the end of a contract. A mere list of annexes is left where it is. */
    static Divided divide(String text) {
        var titles = TITLE.matcher(text).results().toList();
        var annexes = new EnumMap<AnnexKind, AnnexSheet>(AnnexKind.class);
        int from = text.length();
        for (int i = 0; i < titles.size(); i++) {
            int end = i + 1 < titles.size() ? titles.get(i + 1).start() : text.length();
            var kind = kind(titles.get(i));
            var sheet = read(kind, text.substring(titles.get(i).end(), end));
            if (!sheet.rows().isEmpty() && !annexes.containsKey(kind)) {
                annexes.put(kind, sheet);
                from = Math.min(from, titles.get(i).start());
            } else if (from < text.length()) {
                // Between annexes that were read: nothing is dropped, it is shown with the one before.
                var last = titles.get(i - 1);
                var before = annexes.get(kind(last));
                if (before != null) {
                    var unread = new ArrayList<>(before.unread());
                    unread.addAll(
                            text.substring(titles.get(i).start(), end).lines().toList());
                    annexes.put(before.kind(), new AnnexSheet(before.kind(), before.rows(), unread));
                }
            }
        }
        return new Divided(text.substring(0, from), annexes);
    }

    /** Which annex a file holds, by its title. */
    static Optional<AnnexKind> titled(String text) {
        return TITLE.matcher(text).results().map(AnnexText::kind).findFirst();
    }

    private static AnnexKind kind(MatchResult title) {
        var number = title.group(1) == null ? title.group(2) : title.group(1);
        int at = "一二三四五".indexOf(number);
        return AnnexKind.numbered(at < 0 ? Integer.parseInt(number) : at + 1);
    }

    static AnnexSheet read(AnnexKind kind, String text) {
        return new Reader(kind).read(text);
    }

    private static final class Reader {

        private final AnnexKind kind;
        private final Map<String, List<Row>> rows = new HashMap<>();
        private final List<String> unread = new ArrayList<>();
        private @Nullable Part part;
        private @Nullable List<@Nullable Column> header;

        Reader(AnnexKind kind) {
            this.kind = kind;
        }

        AnnexSheet read(String text) {
            for (var line : text.lines().toList()) {
                if (line.isBlank() || TITLE.matcher(line).matches()) {
                    continue;
                }
                if (isSaid(line, Sentence.of("contract.annex.signatures"))) {
                    break;
                }
                if (!heading(line) && !row(line)) {
                    unread.add(line.strip());
                }
            }
            return new AnnexSheet(kind, rows, unread);
        }

        private boolean heading(String line) {
            if (line.contains("\t")) {
                return false;
            }
            for (var candidate : kind.parts()) {
                if (isSaid(line, candidate.title())) {
                    part = candidate;
                    header = null;
                    return true;
                }
            }
            for (var candidate : kind.parts()) {
                if (isSaid(line, candidate.clause().title())) {
                    part = candidate;
                    header = null;
                    return true;
                }
            }
            return false;
        }

        private boolean row(String line) {
            var cells = List.of((line.contains("\t") ? line.split("\t", -1) : line.split("[|｜]", -1)));
            if (cells.size() > 1 && header(cells)) {
                return true;
            }
            var current = part;
            if (current == null) {
                return false;
            }
            return current.isList() ? listed(current, cells, line) : single(current, cells, line);
        }

        /** A row of column names: of this part, or of a neighbour when they all fit there. */
        private boolean header(List<String> cells) {
            var candidates = new ArrayList<Part>();
            if (part != null) {
                candidates.add(part);
            }
            candidates.addAll(kind.parts());
            for (var candidate : candidates) {
                if (!candidate.isList()) {
                    continue;
                }
                var found = new ArrayList<@Nullable Column>();
                long known = 0;
                for (var cell : cells) {
                    if (isSaid(cell, Sentence.of("contract.annex.rowNumber"))) {
                        found.add(null);
                        known++;
                        continue;
                    }
                    var column = candidate.columns().stream()
                            .filter(c -> isSaid(cell, candidate.title(c)))
                            .findFirst()
                            .orElse(null);
                    found.add(column);
                    known += column == null ? 0 : 1;
                }
                if (known == cells.size() || (candidate.equals(part) && known * 2 > cells.size())) {
                    part = candidate;
                    header = found;
                    return true;
                }
            }
            return false;
        }

        private boolean listed(Part current, List<String> cells, String line) {
            var columns = header;
            if (current.id().equals("lines")) {
                var instalment = INSTALMENT.matcher(AnnexCell.tidy(line));
                if (instalment.matches()) {
                    add(
                            current,
                            Map.of(
                                    "number", instalment.group(1),
                                    "amount", instalment.group(2),
                                    "payBefore", instalment.group(3)));
                    return true;
                }
            }
            if (current.columns().size() == 1 && cells.size() == 1) {
                if (isSaid(line, current.title(current.columns().getFirst()))) {
                    return true;
                }
                add(current, Map.of(current.columns().getFirst().id(), withoutNumber(line)));
                return true;
            }
            if (columns == null || cells.size() > columns.size()) {
                return false;
            }
            var values = new LinkedHashMap<String, String>();
            for (int i = 0; i < cells.size(); i++) {
                var column = columns.get(i);
                if (column != null) {
                    values.put(column.id(), cells.get(i));
                } else if (!cells.get(i).strip().matches("\\d*")) {
                    unread.add(AnnexCell.tidy(cells.get(i)));
                }
            }
            add(current, values);
            return true;
        }

        private boolean single(Part current, List<String> cells, String line) {
            if (cells.size() == 2 && pair(current, cells.get(0), cells.get(1))) {
                return true;
            }
            // The name of a field may itself contain a colon.
            for (int at = 0; cells.size() == 1 && at < line.length(); at++) {
                if (":：".indexOf(line.charAt(at)) >= 0
                        && pair(current, line.substring(0, at), line.substring(at + 1))) {
                    return true;
                }
            }
            if (current.columns().size() == 1 && cells.size() == 1) {
                put(current, current.columns().getFirst(), line);
                return true;
            }
            return false;
        }

        private boolean pair(Part current, String name, String value) {
            for (var column : current.columns()) {
                if (isSaid(name, current.title(column))) {
                    put(current, column, value);
                    return true;
                }
            }
            return false;
        }

        private void add(Part current, Map<String, String> cells) {
            rows.computeIfAbsent(current.id(), _ -> new ArrayList<>()).add(new Row(cells));
        }

        private void put(Part current, Column column, String value) {
            var list = rows.computeIfAbsent(current.id(), _ -> new ArrayList<>());
            var before = list.isEmpty() ? new Row(Map.of()) : list.removeFirst();
            var text = before.cell(column.id());
            list.add(before.with(column.id(), text.isEmpty() ? value : text + " " + value));
        }

        private static String withoutNumber(String line) {
            return NUMBERING.matcher(line.strip()).replaceFirst("");
        }

        private static boolean isSaid(String given, Sentence sentence) {
            var words = plain(given);
            var unnumbered = plain(withoutNumber(given));
            return LANGUAGES.stream()
                    .map(texts -> plain(texts.say(sentence)))
                    .anyMatch(name -> name.equals(words) || name.equals(unnumbered));
        }

        /** Without blanks, some punctuation and case; commas of either width are the same. */
        private static String plain(String words) {
            return AnnexCell.halfWidth(AnnexCell.tidy(words))
                    .replaceAll("[:*()%]", "")
                    .toLowerCase(java.util.Locale.ROOT);
        }
    }
}
