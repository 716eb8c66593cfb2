package io.retainer.contract;

import io.retainer.kernel.Texts;
import java.util.List;
import org.springframework.web.util.HtmlUtils;

/** The contract on paper: its words with the terms in place, all terms with their sources, and who signed. */
final class PrintedContract {

    private static final String STYLE = """
            @page { size: A4; margin: 22mm 20mm; @bottom-center { content: counter(page) ' / ' counter(pages); font-size: 9pt; } }
            body { font-size: 10.5pt; line-height: 1.6; }
            h1 { font-size: 16pt; text-align: center; } h2 { font-size: 12pt; margin-top: 14pt; }
            .filled { border-bottom: 1px solid #000; padding: 0 2pt; } .blank { background: #fff2b3; }
            .struck { text-decoration: line-through; color: #777; } .clause { font-size: 7.5pt; color: #777; }
            table { border-collapse: collapse; width: 100%; } td, th { border: 1px solid #999; padding: 3pt 5pt; font-size: 9pt; text-align: left; vertical-align: top; }
            .hash { font-size: 8pt; word-wrap: break-word; }
            """;

    private PrintedContract() {}

    static String xhtml(ContractVersion version, List<Signature> signatures) {
        var texts = Texts.in(Texts.CHINESE);
        var page = new StringBuilder("<html><head><title>")
                .append(escape(version.findings().title()))
                .append("</title><style>")
                .append(STYLE)
                .append("</style></head><body>");
        var document = DocumentText.of(version);
        for (var line : document.lines()) {
            page.append(line.heading() ? "<h2>" : "<div>");
            if (!line.clauses().isEmpty()) {
                page.append("<span class=\"clause\">")
                        .append(escape(line.clauses().getFirst().id()))
                        .append("</span> ");
            }
            for (var piece : line.pieces()) {
                page.append("<span class=\"")
                        .append(piece.look().name().toLowerCase(java.util.Locale.ROOT))
                        .append("\">")
                        .append(escape(piece.text()))
                        .append("</span>");
            }
            page.append(line.heading() ? "</h2>" : "</div>");
        }
        page.append("<h2>")
                .append(escape(texts.say("contract.page.document.terms")))
                .append("</h2><table>");
        for (var entry : version.terms().entries()) {
            var value = entry.value();
            if (value != null) {
                page.append("<tr><td>")
                        .append(escape(entry.key().clause().id()))
                        .append("</td><td>")
                        .append(escape(texts.say(entry.key().title())))
                        .append("</td><td>")
                        .append(escape(Shown.of(value, entry.key(), texts)))
                        .append("</td><td>")
                        .append(escape(texts.name(entry.source())))
                        .append("</td></tr>");
            }
        }
        page.append("</table>");
        var hash = version.hash();
        if (hash != null) {
            page.append("<p class=\"hash\">SHA-256 ").append(hash).append("</p>");
        }
        for (var signature : signatures) {
            page.append("<p>")
                    .append(escape(texts.say(
                            "contract.page.document.signature",
                            signature.party(),
                            signature.mode(),
                            signature.signatory(),
                            signature.signedAt())))
                    .append("</p>");
        }
        return page.append("</body></html>").toString();
    }

    private static String escape(String text) {
        return HtmlUtils.htmlEscapeDecimal(text);
    }
}
