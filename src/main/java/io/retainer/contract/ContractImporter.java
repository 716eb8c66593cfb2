package io.retainer.contract;

import io.retainer.contract.ImportedContract.TemplateMarker;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Refused;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Reads a contract from plain text or DOCX: clauses with ids, terms with their sources, and what could not be read. Pure:
 * the page, the API and the command line get the same from the same bytes.
 */
public final class ContractImporter {

    /** Fewer clauses than this, and the text is something else. */
    private static final int FEWEST_CLAUSES = 6;

    private static final Pattern MARKER = Pattern.compile(
            "[,，]?仅供(?:学习|参考|示范)(?:使用)?|[XＸ×]{3,}|20[XＸ×]{2}|COUNTRACT\\s*COVER|专业合同封面|RESUME(?:\\s*PERSONAL)?|(?:示范|参考)文本");

    private ContractImporter() {}

    /**
     * A file as uploaded.
     *
     * @throws Refused when it cannot be read or is no contract of this kind, saying which
     */
    public static ImportedContract file(byte[] bytes) {
        return read(SourceText.of(bytes));
    }

    /**
     * A text as pasted.
     *
     * @throws Refused when it is empty, too long or no contract of this kind
     */
    public static ImportedContract pasted(String text) {
        return read(SourceText.pasted(text));
    }

    private static ImportedContract read(SourceText source) {
        var divided = AnnexText.divide(PrintedText.bare(source.text()));
        var clean = CleanText.of(divided.main());
        var finder = new ClauseFinder(clean);
        var clauses = finder.find();
        if (clauses.size() < FEWEST_CLAUSES) {
            throw Refused.field("file", "contract.file.notAContract", clauses.size());
        }
        var markers = markers(clean, finder, clauses);
        var terms = DraftTerms.of(new TermReader(finder, clean).read());
        var annexes = annexes(divided.annexes(), terms);
        for (var entry : AnnexAnswers.supplied(terms, new Annexes(annexes, Map.of()))) {
            terms = terms.with(entry);
        }
        var title = title(finder);
        return new ImportedContract(
                title,
                source.text(),
                clean.text(),
                source.encoding(),
                clean.traditional(),
                clean.reconstructions(),
                clauses,
                terms,
                markers,
                finder.unread(),
                clean.furniture(),
                annexes);
    }

    /** An instalment schedule inside the text is annex 3, written elsewhere. */
    private static Map<AnnexKind, AnnexSheet> annexes(Map<AnnexKind, AnnexSheet> read, DraftTerms terms) {
        if (terms.schedule().isEmpty() || read.containsKey(AnnexKind.PAYMENT)) {
            return read;
        }
        var annexes = new EnumMap<AnnexKind, AnnexSheet>(AnnexKind.class);
        annexes.putAll(read);
        annexes.put(
                AnnexKind.PAYMENT,
                AnnexSheet.empty(AnnexKind.PAYMENT)
                        .with(
                                "lines",
                                terms.schedule().get().lines().stream()
                                        .map(line -> {
                                            var cells = new LinkedHashMap<String, String>();
                                            cells.put("number", Integer.toString(line.number()));
                                            cells.put(
                                                    "amount",
                                                    line.amount().yuan().toPlainString());
                                            var before = line.before();
                                            if (before != null) {
                                                cells.put("payBefore", before.toString());
                                            }
                                            return new AnnexSheet.Row(cells);
                                        })
                                        .toList()));
        return annexes;
    }

    private static String title(ClauseFinder finder) {
        var matcher = Pattern.compile(
                        "(?:\\d{4}年(?:度)?)?[\\p{IsHan}A-Za-z0-9]{2,40}?(?:合同|协议)(?:书)?(?=\\n|本合同|\\(|$|甲方|合同编号)")
                .matcher(finder.span("front"));
        if (!matcher.find()) {
            return "";
        }
        finder.cover(matcher.start(), matcher.end());
        return matcher.group();
    }

    private static List<TemplateMarker> markers(CleanText clean, ClauseFinder finder, List<FoundClause> clauses) {
        var markers = new ArrayList<TemplateMarker>();
        var matcher = MARKER.matcher(clean.text());
        while (matcher.find()) {
            finder.cover(matcher.start(), matcher.end());
            int at = matcher.start();
            var clause = clauses.stream()
                    .filter(found -> found.passage().start() <= at
                            && at < found.passage().end())
                    .map(FoundClause::clause)
                    .reduce((_, later) -> later)
                    .orElse(Clause.I_0_1);
            var words = matcher.group().replaceFirst("^[,，]", "");
            int from = matcher.end() - words.length();
            if (markers.stream().noneMatch(known -> known.passage().text().equals(words) && known.clause() == clause)) {
                markers.add(new TemplateMarker(clause, clean.passage(from, matcher.end())));
            }
        }
        return markers;
    }
}
