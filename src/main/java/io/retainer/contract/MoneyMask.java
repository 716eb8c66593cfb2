package io.retainer.contract;

import io.retainer.contract.ContractVersion.Findings;
import io.retainer.contract.ImportedContract.TemplateMarker;
import io.retainer.kernel.Money;
import io.retainer.kernel.Sentence;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A contract for people who may read it but not its money. What they are given holds no amount at all, neither as a term
 * nor within the words of the text, so that no page or answer made of it can show one. Percentages and dates stay.
 */
final class MoneyMask {

    /** What stands in the place of an amount. Its length says nothing about the amount. */
    static final String HIDDEN = "¥••••";

    private static final String CAPITALS = "[零〇壹贰貳叁參肆伍陆陸柒捌玖拾佰仟万萬亿億]";

    /** Amounts with a currency, in words, with grouped digits, or with two decimals that are no percentage. */
    private static final Pattern AMOUNT =
            Pattern.compile("(?:[¥￥]|人民币|人民幣|RMB|CNY)\\s*\\d[\\d,，]*(?:[.．]\\d+)?(?:\\s*[万萬亿億])?"
                    + "(?:\\s*[元圆圓][整正]?)?"
                    + "|\\d[\\d,，]*(?:[.．]\\d+)?\\s*(?:[万萬亿億])?\\s*[元圆圓][整正]?"
                    + "|" + CAPITALS + "+[元圆圓](?:[整正]|[零壹贰貳叁參肆伍陆陸柒捌玖角分]+[整正]?)?"
                    + "|\\d{1,3}(?:[,，]\\d{3})+(?:[.．]\\d+)?"
                    + "|(?<![\\d.])\\d{3,}[.．]\\d{2}(?![\\d%])");

    private final String text;
    private final String masked;
    /** Where each amount began and ended, and where what stands for it begins. */
    private final List<int[]> spans = new ArrayList<>();

    private MoneyMask(String text) {
        this.text = text;
        var out = new StringBuilder();
        var matcher = AMOUNT.matcher(text);
        int at = 0;
        while (matcher.find()) {
            out.append(text, at, matcher.start());
            spans.add(new int[] {matcher.start(), matcher.end(), out.length()});
            out.append(HIDDEN);
            at = matcher.end();
        }
        masked = out.append(text, at, text.length()).toString();
    }

    static String of(String text) {
        return new MoneyMask(text).masked;
    }

    static boolean hides(TermKey key) {
        return switch (key.type()) {
            case MONEY, MONEY_IN_WORDS, SCHEDULE -> true;
            case TEXT, ADDRESS, DATE, INTEGER, PERCENT, DECIMAL, BOOLEAN, CHOICE, INTEGERS, SEAL -> false;
        };
    }

    static boolean isHidden(TermEntry entry) {
        return hides(entry.key()) && entry.value() instanceof TermValue.Text(var words) && words.equals(HIDDEN);
    }

    /** The same version without its amounts; good for showing, not for computing or signing. */
    static ContractVersion of(ContractVersion version) {
        var mask = new MoneyMask(version.text());
        var findings = version.findings();
        return new ContractVersion(
                version.contract(),
                version.id(),
                version.number(),
                of(version.original()),
                mask.masked,
                new Findings(
                        of(findings.title()),
                        findings.encoding(),
                        findings.traditionalScript(),
                        findings.reconstructions(),
                        findings.markers().stream()
                                .map(marker -> new TemplateMarker(marker.clause(), mask.passage(marker.passage())))
                                .toList(),
                        findings.unread().stream().map(mask::passage).toList(),
                        findings.furniture().stream().map(mask::passage).toList()),
                version.markersStruck(),
                version.clauses().stream()
                        .map(found -> new FoundClause(
                                found.clause(), mask.passage(found.passage()), found.inferredHeading(), found.cutOff()))
                        .toList(),
                DraftTerms.of(
                        version.terms().entries().stream().map(mask::entry).toList()),
                of(version.annexes()),
                version.hash(),
                version.effectiveAt());
    }

    private static Annexes of(Annexes annexes) {
        var shown = new EnumMap<AnnexKind, AnnexSheet>(AnnexKind.class);
        annexes.sheets().forEach((kind, sheet) -> shown.put(kind, of(sheet)));
        return new Annexes(shown, annexes.accepted());
    }

    private static AnnexSheet of(AnnexSheet sheet) {
        var shown = new LinkedHashMap<String, List<AnnexSheet.Row>>();
        for (var part : sheet.kind().parts()) {
            shown.put(
                    part.id(),
                    sheet.of(part.id()).stream().map(row -> of(part, row)).toList());
        }
        return new AnnexSheet(
                sheet.kind(), shown, sheet.unread().stream().map(MoneyMask::of).toList());
    }

    private static AnnexSheet.Row of(AnnexKind.Part part, AnnexSheet.Row row) {
        var cells = new LinkedHashMap<String, String>();
        row.cells()
                .forEach((column, value) -> cells.put(
                        column,
                        switch (part.column(column).type()) {
                            case MONEY, WORDS -> HIDDEN;
                            case TEXT, PROSE -> of(value);
                            case DATE, WHOLE, DECIMAL, PERCENT, TIME, YES_NO, CHOICE -> value;
                        }));
        return new AnnexSheet.Row(cells);
    }

    private TermEntry entry(TermEntry entry) {
        var passage = entry.passage();
        var value = entry.value();
        TermValue shown = value;
        if (value != null && hides(entry.key())) {
            shown = new TermValue.Text(HIDDEN);
        } else if (value instanceof TermValue.Text(var words)) {
            shown = new TermValue.Text(of(words));
        }
        return new TermEntry(
                entry.key(),
                entry.reading(),
                shown,
                entry.source(),
                passage == null ? null : passage(passage),
                entry.confirmedBy());
    }

    private Passage passage(Passage passage) {
        int start = moved(Math.min(passage.start(), text.length()));
        boolean there = text.startsWith(passage.text(), passage.start());
        return new Passage(
                of(passage.original()),
                there ? masked.substring(start, Math.max(start, moved(passage.end()))) : of(passage.text()),
                start,
                passage.reconstructed());
    }

    /** Where this place of the text is once the amounts before it are gone. */
    private int moved(int place) {
        int shift = 0;
        for (var span : spans) {
            if (span[1] <= place) {
                shift = span[2] + HIDDEN.length() - span[1];
            } else if (span[0] < place) {
                return span[2] + HIDDEN.length();
            }
        }
        return place + shift;
    }

    /** A problem about amounts is still there; what they are is not said. */
    static Problem of(Problem problem) {
        var what = of(problem.what());
        var remedy = of(problem.remedy());
        boolean about = problem.values().stream()
                .anyMatch(value -> TermKey.find(value.term())
                        .map(MoneyMask::hides)
                        .orElseGet(() -> !of(value.value()).equals(value.value())));
        if (!about && what.equals(problem.what()) && remedy.equals(problem.remedy())) {
            return problem;
        }
        return new Problem(
                problem.kind(),
                problem.code(),
                problem.clause(),
                List.of(),
                Sentence.of("contract.problem.hidden"),
                Sentence.of("contract.remedy.hidden"));
    }

    static ClauseState of(ClauseState state) {
        return new ClauseState(
                state.clause(),
                state.state(),
                of(state.restsOn()),
                state.nextDeadline(),
                state.evidenceSubjects(),
                state.link());
    }

    static Sentence of(Sentence sentence) {
        return new Sentence(sentence.key(), arguments(sentence.arguments()));
    }

    private static List<@Nullable Object> arguments(List<?> given) {
        var shown = new ArrayList<@Nullable Object>();
        given.forEach(argument -> shown.add(argument(argument)));
        return shown;
    }

    private static @Nullable Object argument(@Nullable Object argument) {
        if (argument instanceof Money) {
            return HIDDEN;
        }
        if (argument instanceof Sentence sentence) {
            return of(sentence);
        }
        if (argument instanceof List<?> list) {
            return arguments(list);
        }
        return argument instanceof String words ? of(words) : argument;
    }
}
