package io.retainer.contract;

import io.retainer.document.Paper;
import io.retainer.identity.Access;
import io.retainer.kernel.Texts;
import io.retainer.kernel.Unknown;
import io.swagger.v3.oas.annotations.Operation;
import java.util.Locale;
import java.util.UUID;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Notices as letters and amendments as agreements: PDF and DOCX, for pages and API alike. */
@Controller
@RequestMapping({"/contracts/{contract}/life", "/api/v1/contracts/{contract}"})
class LifeDocuments {

    private final LifePapers papers;

    LifeDocuments(LifePapers papers) {
        this.papers = papers;
    }

    @Operation(summary = "A notice as a letter, as pdf or docx")
    @GetMapping("/notices/{notice}/letter.{format}")
    ResponseEntity<byte[]> letter(
            Access access,
            @PathVariable UUID notice,
            @PathVariable String format,
            @RequestParam(defaultValue = "false") boolean seam,
            Locale locale) {
        var letter = papers.letter(access, notice);
        var paper = letter.paper(Texts.in(locale));
        return file(seam ? paper.seam(letter.contractTitle()) : paper, format, "notice-" + letter.number());
    }

    @Operation(summary = "The letter that proposes an amendment, with the agreement, as pdf or docx")
    @GetMapping("/amendments/{amendment}/letter.{format}")
    ResponseEntity<byte[]> proposal(
            Access access, @PathVariable UUID amendment, @PathVariable String format, Locale locale) {
        return file(papers.proposal(access, amendment, Texts.in(locale)), format, "proposal-" + amendment);
    }

    @Operation(summary = "An amendment as the agreement that is signed, as pdf or docx")
    @GetMapping("/amendments/{amendment}/document.{format}")
    ResponseEntity<byte[]> agreement(
            Access access,
            @PathVariable UUID amendment,
            @PathVariable String format,
            @RequestParam(defaultValue = "false") boolean seam,
            Locale locale) {
        boolean pdf = isPdf(format);
        return AnnexFiles.file(
                papers.agreement(access, amendment, pdf, seam, Texts.in(locale)),
                pdf ? MediaType.APPLICATION_PDF : AnnexFiles.DOCX,
                "amendment-" + amendment + "." + format);
    }

    private static ResponseEntity<byte[]> file(Paper paper, String format, String name) {
        boolean pdf = isPdf(format);
        return AnnexFiles.file(
                pdf ? paper.pdf() : paper.docx(),
                pdf ? MediaType.APPLICATION_PDF : AnnexFiles.DOCX,
                name + "." + format);
    }

    private static boolean isPdf(String format) {
        return switch (format) {
            case "pdf" -> true;
            case "docx" -> false;
            default -> throw new Unknown("format " + format);
        };
    }
}
