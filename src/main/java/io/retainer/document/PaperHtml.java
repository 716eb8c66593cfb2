package io.retainer.document;

import io.retainer.document.Paper.Align;
import io.retainer.document.Paper.Block;
import io.retainer.document.Paper.Look;
import io.retainer.document.Paper.Span;
import java.util.List;
import java.util.Locale;

/** A paper as the page that {@link Documents} prints. */
final class PaperHtml {

    private static final String STYLE = """
            body { font-size: 10.5pt; line-height: 1.65; color: #111; margin: 0; }
            h1 { font-size: 18pt; line-height: 1.35; text-align: center; letter-spacing: 1.5pt; font-weight: normal; margin: 0 0 5mm; page-break-after: avoid; }
            p.subtitle { text-align: center; color: #444; font-size: 9pt; line-height: 1.45; margin: -3mm 0 4mm; }
            h2 { font-size: 12.5pt; font-weight: normal; margin: 5mm 0 1.5mm; padding-bottom: 0.6mm; border-bottom: 0.4pt solid #999; page-break-after: avoid; }
            h3 { font-size: 11pt; font-weight: normal; margin: 3.5mm 0 1mm; page-break-after: avoid; }
            p { margin: 0 0 1.6mm; text-align: justify; orphans: 2; widows: 2; }
            p.indented { text-indent: 2em; } p.right { text-align: right; } p.center { text-align: center; }
            table { width: 99.7%; border-collapse: collapse; margin: 1mm 0 4mm; -fs-table-paginate: paginate; table-layout: fixed; }
            td, th { border: 0.4pt solid #777; padding: 1.1mm 1.8mm; font-size: 9.5pt; line-height: 1.45; font-weight: normal; text-align: left; vertical-align: top; word-wrap: break-word; }
            th { background: #efede7; vertical-align: middle; text-align: center; } tr { page-break-inside: avoid; }
            td.name { background: #f6f5f1; } td.right { text-align: right; white-space: nowrap; } td.center { text-align: center; }
            table.clause { margin: 0; -fs-table-paginate: auto; } table.clause td { border: 0; padding: 0 0 1.4mm; font-size: 10.5pt; line-height: 1.65; text-align: justify; }
            table.clause td.margin { font-size: 7pt; color: #777; padding-right: 3mm; padding-top: 0.9mm; text-align: right; }
            .filled { border-bottom: 0.5pt solid #111; padding: 0 1pt; } .blank { background: #fff0b3; padding: 0 1pt; }
            .struck { text-decoration: line-through; color: #777; } .faint { font-size: 8pt; color: #555; }
            .strong { border-bottom: 0.8pt solid #111; }
            div.box { border: 1pt solid #b3261e; color: #8f1d17; padding: 2mm 3mm; margin: 2mm 0 4mm; page-break-inside: avoid; }
            table.seals { page-break-inside: avoid; -fs-table-paginate: auto; margin-top: 4mm; }
            table.seals td { border: 0; padding: 0 4mm 2mm 0; }
            div.together { page-break-inside: avoid; }
            table.short { page-break-inside: avoid; -fs-table-paginate: auto; }
            div.place { width: 27mm; height: 27mm; border: 0.8pt dashed #999; border-radius: 20mm; text-align: center; color: #999; margin: 2mm 0 3mm; }
            div.place div { margin: 11mm 3mm 0; font-size: 8.5pt; line-height: 1.25; }
            div.sealed { border: 1.6pt solid #b3261e; color: #b3261e; } div.sealed div { margin-top: 9mm; font-size: 9pt; }
            div.break { page-break-after: always; }
            """;

    /** English says the same in more room. */
    private static final String ENGLISH =
            "body { font-size: 9.5pt; line-height: 1.45; } table.clause td { font-size: 9.5pt; line-height: 1.5; } td, th { font-size: 8.5pt; } h1 { letter-spacing: 0; font-size: 16pt; }\n";

    private static final int SHORT = 8;

    private final StringBuilder page = new StringBuilder();

    private PaperHtml() {}

    static String of(Paper paper) {
        var html = new PaperHtml();
        var words = paper.pageWords();
        html.page
                .append("<html><head><title>")
                .append(escaped(paper.name()))
                .append("</title><style>@page { size: A4; margin: 22mm 21mm 20mm; @top-left { content: ")
                .append(quoted(paper.header()))
                .append("; ")
                .append(marginFont())
                .append(" padding-top: 5mm; } @bottom-center { content: ")
                .append(quoted(words.before()))
                .append(" counter(page) ")
                .append(quoted(words.between()))
                .append(" counter(pages) ")
                .append(quoted(words.after()))
                .append("; ")
                .append(marginFont())
                .append(" } }\n")
                .append(STYLE)
                .append(paper.isEnglish() ? ENGLISH : "")
                .append("</style></head><body>");
        html.blocks(paper);
        return html.page.append("</body></html>").toString();
    }

    private void blocks(Paper paper) {
        var blocks = paper.blocks();
        var begins = new java.util.HashSet<Integer>();
        for (int i = 0; i < blocks.size(); i++) {
            if (blocks.get(i) instanceof Block.Seals) {
                begins.add(paper.together(i));
            }
        }
        for (int i = 0; i < blocks.size(); i++) {
            if (begins.contains(i)) {
                page.append("<div class=\"together\">");
            }
            block(blocks.get(i));
            if (blocks.get(i) instanceof Block.Seals) {
                page.append("</div>");
            }
        }
    }

    private static String marginFont() {
        return "font-family: '" + Documents.LATIN + "', '" + Documents.CHINESE + "'; font-size: 8pt; color: #555;";
    }

    private void block(Block block) {
        switch (block) {
            case Block.Title(var text) -> element("h1", "", text);
            case Block.Subtitle(var text) -> element("p", "subtitle", text);
            case Block.Heading(var text, var level) -> element(level == 1 ? "h2" : "h3", "", text);
            case Block.Words words -> words(words);
            case Block.Table table -> table(table);
            case Block.Seals(var places) -> seals(places);
            case Block.Box(var text) -> element("div", "box", text);
            case Block.Break _ -> page.append("<div class=\"break\"></div>");
        }
    }

    private void element(String name, String style, String text) {
        page.append('<')
                .append(name)
                .append(" class=\"")
                .append(style)
                .append("\">")
                .append(broken(text))
                .append("</")
                .append(name)
                .append('>');
    }

    private void words(Block.Words words) {
        if (!words.margin().isEmpty()) {
            page.append(
                            "<table class=\"clause\"><colgroup><col style=\"width: 17mm\"/><col/></colgroup><tr><td class=\"margin\">")
                    .append(escaped(words.margin()))
                    .append("</td><td>");
            spans(words.spans());
            page.append("</td></tr></table>");
            return;
        }
        page.append("<p class=\"")
                .append(words.indented() ? "indented" : words.align().name().toLowerCase(Locale.ROOT))
                .append("\">");
        spans(words.spans());
        page.append("</p>");
    }

    private void spans(List<Span> spans) {
        for (var span : spans) {
            if (span.look() == Look.PLAIN) {
                page.append(broken(span.text()));
            } else {
                page.append("<span class=\"")
                        .append(span.look().name().toLowerCase(Locale.ROOT))
                        .append("\">")
                        .append(broken(span.text()))
                        .append("</span>");
            }
        }
    }

    private void table(Block.Table table) {
        int shares = table.columns().stream().mapToInt(Paper.Column::share).sum();
        // A table that fits on a page is not torn apart for its last line.
        page.append(table.rows().size() <= SHORT ? "<table class=\"short\"><colgroup>" : "<table><colgroup>");
        for (var column : table.columns()) {
            page.append("<col style=\"width: ")
                    .append(100 * column.share() / shares)
                    .append("%\"/>");
        }
        page.append("</colgroup>");
        if (table.hasHeader()) {
            page.append("<thead><tr>");
            table.columns().forEach(column -> element("th", "", column.name()));
            page.append("</tr></thead>");
        }
        page.append("<tbody>");
        for (var row : table.rows()) {
            page.append("<tr>");
            for (int i = 0; i < row.size(); i++) {
                var align = table.columns().get(i).align();
                element(
                        "td",
                        !table.hasHeader() && i == 0
                                ? "name"
                                : align == Align.LEFT ? "" : align.name().toLowerCase(Locale.ROOT),
                        row.get(i));
            }
            page.append("</tr>");
        }
        page.append("</tbody></table>");
    }

    private void seals(List<Paper.SealPlace> places) {
        page.append("<table class=\"seals\"><tr>");
        for (var place : places) {
            page.append("<td>")
                    .append(broken(place.party()))
                    .append("<br/>")
                    .append(broken(place.name()))
                    .append("<div class=\"place")
                    .append(place.isSealed() ? " sealed" : "")
                    .append("\"><div>")
                    .append(broken(place.mark()))
                    .append("</div></div>");
            for (var line : place.lines()) {
                page.append(broken(line)).append("<br/>");
            }
            page.append("</td>");
        }
        page.append("</tr></table>");
    }

    private static String broken(String text) {
        return escaped(text).replace("\n", "<br/>");
    }

    private static String escaped(String text) {
        var clean = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> clean.append("&amp;");
                case '<' -> clean.append("&lt;");
                case '>' -> clean.append("&gt;");
                case '"' -> clean.append("&quot;");
                default -> {
                    // What XML cannot hold is shown as a hole, not dropped unseen.
                    boolean holds = c == '\t'
                            || c == '\n'
                            || (c >= 0x20 && c <= 0xD7FF)
                            || (c >= 0xE000 && c <= 0xFFFD)
                            || c >= 0x10000;
                    clean.appendCodePoint(holds ? c : '□');
                }
            }
        });
        return clean.toString();
    }

    private static String quoted(String text) {
        return "'" + escaped(text).replace("\\", "\\\\").replace("'", "\\'").replace("\n", " ") + "'";
    }
}
