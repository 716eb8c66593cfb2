package io.retainer.contract;

import io.retainer.document.DocumentSigner;
import io.retainer.kernel.Texts;
import io.retainer.kernel.Unknown;
import java.time.Clock;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;

/** The contract as a file. Once both have signed it, the PDF carries the platform's signature. */
@Component
class ContractPapers {

    private final DocumentSigner signer;
    private final Clock clock;

    ContractPapers(DocumentSigner signer, Clock clock) {
        this.signer = signer;
        this.clock = clock;
    }

    ResponseEntity<byte[]> contract(ContractReading.Current current, String format, boolean seam, Texts texts) {
        var version = current.version();
        var paper = PrintedContract.paper(version, current.signatures(), texts);
        var name = "contract-" + current.contract().id() + "-v" + version.number();
        return switch (format) {
            case "pdf" -> {
                if (seam) {
                    paper.seam(
                            version.findings().title().isBlank()
                                    ? texts.say("contract.untitled")
                                    : version.findings().title());
                }
                var pdf = paper.pdf();
                var hash = version.hash();
                yield AnnexFiles.file(
                        hash == null || version.effectiveAt() == null
                                ? pdf
                                : signer.sign(pdf, "SHA-256 " + hash, clock.instant()),
                        MediaType.APPLICATION_PDF,
                        name + ".pdf");
            }
            case "docx" -> AnnexFiles.file(paper.docx(), AnnexFiles.DOCX, name + ".docx");
            default -> throw new Unknown("format " + format);
        };
    }
}
