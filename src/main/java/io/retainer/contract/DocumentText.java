package io.retainer.contract;

import io.retainer.kernel.Clause;
import io.retainer.kernel.Money;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The contract as a document to read: its words with the terms in place, blanks shown, clause ids beside them. */
final class DocumentText {

    /** How a piece of a line came to be. */
    enum Look {
        PRINTED,
        /** Written into an empty place. */
        FILLED,
        /** Still empty. */
        BLANK,
        /** A mark of the template that was taken out. */
        STRUCK
    }

    record Piece(String text, Look look) {}

    /** @param clauses that begin in this line */
    record DocumentLine(List<Clause> clauses, List<Piece> pieces, boolean heading) {}

    /** A value that replaced one that is printed. */
    record Changed(TermKey key, TermValue value) {}

    private static final Pattern DATE_PLACE =
            Pattern.compile("(?:\\d{4}|20____|____)?年(?:\\d{1,2}|____)?月(?:\\d{1,2}|____)?日|____");
    private static final Pattern MONEY_PLACE = Pattern.compile("____(?:元整|圆整|元正|元|圆)?");
    private static final Pattern PLACE = Pattern.compile(TermReader.BLANK);

    private record Span(int start, int end, String text, Look look) {}

    private final ContractVersion version;
    private final List<Changed> changed = new ArrayList<>();

    private DocumentText(ContractVersion version) {
        this.version = version;
    }

    /** @param changed values that replaced printed ones, or have no place in the text */
    record Page(List<DocumentLine> lines, List<Changed> changed) {}

    static Page of(ContractVersion version) {
        var document = new DocumentText(version);
        var lines = document.lines();
        return new Page(lines, List.copyOf(document.changed));
    }

    private List<DocumentLine> lines() {
        var text = version.text();
        var spans = spans(text);
        var starts = new TreeMap<Integer, List<Clause>>();
        version.clauses().stream()
                .sorted(Comparator.comparing(FoundClause::clause))
                .forEach(found -> starts.computeIfAbsent(found.passage().start(), _ -> new ArrayList<>())
                        .add(found.clause()));
        var lines = new ArrayList<DocumentLine>();
        int at = 0;
        while (at < text.length()) {
            int end = text.indexOf('\n', at);
            end = end < 0 ? text.length() : end;
            // A text in one line is broken where its clauses begin, so that it can be read.
            for (int from = at; from < end; ) {
                var next = end - at > 300 ? starts.higherKey(from) : null;
                int to = next == null || next > end ? end : next;
                lines.add(line(text, from, to, spans, starts));
                from = to;
            }
            at = end + 1;
        }
        return lines;
    }

    private static DocumentLine line(
            String text, int from, int to, List<Span> spans, NavigableMap<Integer, List<Clause>> starts) {
        var pieces = new ArrayList<Piece>();
        int at = from;
        for (var span : spans) {
            if (span.start() >= from && span.end() <= to && span.start() >= at) {
                if (span.start() > at) {
                    pieces.add(new Piece(text.substring(at, span.start()), Look.PRINTED));
                }
                pieces.add(new Piece(span.text(), span.look()));
                at = span.end();
            }
        }
        if (at < to) {
            pieces.add(new Piece(text.substring(at, to), Look.PRINTED));
        }
        var clauses = starts.subMap(from, true, to, false).values().stream()
                .flatMap(List::stream)
                .toList();
        var line = text.substring(from, to);
        boolean heading = line.matches("(?:[一二三四五六七八九十]{1,3}、|第.部分|说明.[::]).{0,30}");
        return new DocumentLine(clauses, pieces, heading);
    }

    private List<Span> spans(String text) {
        var spans = new ArrayList<Span>();
        Map<Integer, Integer> searchedTo = new HashMap<>();
        for (var entry : version.terms().entries()) {
            var passage = entry.passage();
            var value = entry.value();
            boolean entered = entry.source() == TermSource.ENTERED;
            if (passage == null) {
                if (entered && value != null && !entry.key().isDerived()) {
                    changed.add(new Changed(entry.key(), value));
                }
                continue;
            }
            if ((value != null && !entered) || entry.key().type() == TermType.SEAL) {
                continue;
            }
            var place = place(text, passage, entry.key(), searchedTo);
            if (place != null) {
                spans.add(new Span(
                        place[0],
                        place[1],
                        value == null ? text.substring(place[0], place[1]) : words(value),
                        value == null ? Look.BLANK : Look.FILLED));
            } else if (entered && value != null) {
                changed.add(new Changed(entry.key(), value));
            }
        }
        for (var marker : version.findings().markers()) {
            int start = marker.passage().start();
            int end = marker.passage().end();
            if (version.markersStruck() && spans.stream().noneMatch(span -> span.start() < end && span.end() > start)) {
                spans.add(new Span(start, end, marker.passage().text(), Look.STRUCK));
            }
        }
        spans.sort(Comparator.comparingInt(Span::start));
        return spans;
    }

    private static int @Nullable [] place(String text, Passage passage, TermKey key, Map<Integer, Integer> searchedTo) {
        var pattern = switch (key.type()) {
            case DATE -> DATE_PLACE;
            case MONEY, MONEY_IN_WORDS -> MONEY_PLACE;
            case TEXT, ADDRESS, INTEGER, PERCENT, DECIMAL, BOOLEAN, CHOICE, INTEGERS, SCHEDULE, SEAL -> PLACE;
        };
        int from = Math.max(passage.start(), searchedTo.getOrDefault(passage.start(), 0));
        int end = Math.min(passage.end(), text.length());
        if (from >= end) {
            return null;
        }
        var matcher = pattern.matcher(text).region(from, end);
        while (matcher.find()) {
            if (matcher.group().contains("_") || PLACE.matcher(matcher.group()).find()) {
                searchedTo.put(passage.start(), matcher.end());
                return new int[] {matcher.start(), matcher.end()};
            }
        }
        return null;
    }

    /** As it stands in a Chinese contract, whatever the reader's language. */
    static String words(TermValue value) {
        return switch (value) {
            case TermValue.Text(var text) -> text;
            case TermValue.Amount(var money) -> figures(money);
            case TermValue.Day(var date) ->
                date.getYear() + "年" + date.getMonthValue() + "月" + date.getDayOfMonth() + "日";
            case TermValue.Whole _,
                    TermValue.Decimal _,
                    TermValue.YesNo _,
                    TermValue.Choice _,
                    TermValue.Numbers _,
                    TermValue.Schedule _ -> value.canonical();
        };
    }

    /** 整 only stands behind whole yuan (clauses.md S7). */
    private static String figures(Money money) {
        return money.formatted() + (money.fen() % 100 == 0 ? "元整" : "元");
    }
}
