package io.retainer.contract;

import io.retainer.document.Paper;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Texts;
import io.retainer.kernel.Unknown;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.Supplier;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;

/** Annexes as files: in from text and DOCX, out as text, DOCX and PDF. */
final class AnnexFiles {

    static final MediaType DOCX =
            MediaType.parseMediaType("application/vnd.openxmlformats-officedocument.wordprocessingml.document");

    private AnnexFiles() {}

    /**
     * @throws Refused when the file cannot be read, is another annex, or has nothing of one in it
     */
    static AnnexSheet read(AnnexKind kind, byte[] bytes) {
        var text = SourceText.of(bytes).text();
        AnnexText.titled(text).filter(other -> other != kind).ifPresent(other -> {
            throw Refused.field("file", "contract.annex.refused.otherAnnex", other.number(), kind.number());
        });
        var sheet = AnnexText.read(kind, text);
        if (sheet.rows().isEmpty()) {
            throw Refused.field("file", "contract.annex.refused.notAnAnnex");
        }
        return sheet;
    }

    static ResponseEntity<byte[]> download(
            ContractReading.Current current, AnnexKind kind, String format, Locale locale) {
        var texts = Texts.in(locale);
        return download(
                current.version().annexes().of(kind),
                () -> PrintedAnnex.paper(current, kind, texts),
                name(current, kind),
                format,
                texts);
    }

    /** An annex as an amendment proposes it. */
    static ResponseEntity<byte[]> download(Amendments.ProposedAnnex proposed, String format, Locale locale) {
        var texts = Texts.in(locale);
        var sheet = proposed.sheet();
        var title = proposed.base().findings().title();
        return download(
                sheet,
                () -> PrintedAnnex.paper(
                        sheet,
                        proposed.base().terms(),
                        texts.say(
                                "contract.letter.header",
                                title,
                                texts.say(
                                        "contract.agreement.title",
                                        proposed.amendment().serial())),
                        texts),
                "annex-" + sheet.kind().number() + "-amendment-" + proposed.amendment().serial(),
                format,
                texts);
    }

    private static ResponseEntity<byte[]> download(
            AnnexSheet sheet, Supplier<Paper> paper, String name, String format, Texts texts) {
        return switch (format) {
            case "txt" ->
                file(
                        AnnexText.write(sheet, texts).getBytes(StandardCharsets.UTF_8),
                        new MediaType("text", "plain", StandardCharsets.UTF_8),
                        name + ".txt");
            case "docx" -> file(paper.get().docx(), DOCX, name + ".docx");
            case "pdf" -> file(paper.get().pdf(), MediaType.APPLICATION_PDF, name + ".pdf");
            default -> throw new Unknown("format " + format);
        };
    }

    private static String name(ContractReading.Current current, AnnexKind kind) {
        return "annex-" + kind.number() + "-" + current.contract().id() + "-v"
                + current.version().number();
    }

    static ResponseEntity<byte[]> file(byte[] bytes, MediaType type, String name) {
        return ResponseEntity.ok()
                .contentType(type)
                .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"" + name + "\"")
                .body(bytes);
    }
}
