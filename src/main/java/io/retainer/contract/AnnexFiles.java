package io.retainer.contract;

import io.retainer.kernel.Refused;
import io.retainer.kernel.Texts;
import io.retainer.kernel.Unknown;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
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
        var sheet = current.version().annexes().of(kind);
        var texts = Texts.in(locale);
        return switch (format) {
            case "txt" ->
                file(
                        AnnexText.write(sheet, texts).getBytes(StandardCharsets.UTF_8),
                        new MediaType("text", "plain", StandardCharsets.UTF_8),
                        name(current, kind) + ".txt");
            case "docx" -> file(PrintedAnnex.paper(current, kind, texts).docx(), DOCX, name(current, kind) + ".docx");
            case "pdf" ->
                file(
                        PrintedAnnex.paper(current, kind, texts).pdf(),
                        MediaType.APPLICATION_PDF,
                        name(current, kind) + ".pdf");
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
