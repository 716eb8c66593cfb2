package io.retainer.contract;

import io.retainer.identity.Posted;
import io.retainer.identity.SignedIn;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Texts;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.format.annotation.DateTimeFormat;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.multipart.MultipartFile;

/**
 * What the people of a third party see: what waits for their signature, what binds them, what they owe. Nothing else of the
 * contract, so these pages ask for no standing under it.
 */
@Controller
@RequestMapping("/parts")
class PartController {

    private final Parts parts;
    private final Leaving leaving;

    PartController(Parts parts, Leaving leaving) {
        this.parts = parts;
        this.leaving = leaving;
    }

    @GetMapping
    String list(SignedIn signedIn, Model model) {
        model.addAttribute("parts", parts.of(signedIn.person()));
        return "contract/parts-list";
    }

    /** A part of an annex as a table, the first row being its heading where it is a list. */
    record Table(AnnexKind.Part part, List<List<String>> rows) {}

    record Annexed(AnnexKind kind, List<Table> tables) {}

    record Asked(
            Amendment amendment, List<AmendmentLinkController.Changed> changes, List<AnnexDifference> differences) {}

    @GetMapping("/{part}")
    String show(SignedIn signedIn, @PathVariable UUID part, Model model, Locale locale) {
        return page(signedIn, part, Map.of(), model, locale);
    }

    /** @param typed what was typed into a refused form */
    private String page(SignedIn signedIn, UUID id, Map<String, String> typed, Model model, Locale locale) {
        var texts = Texts.in(locale);
        var part = parts.part(signedIn.person(), id);
        model.addAttribute("part", part);
        model.addAttribute("named", ContractController.title(part.contract().title()));
        model.addAttribute("modes", SignatureMode.values());
        model.addAttribute("bases", AuthorityBasis.values());
        model.addAttribute("typed", typed);
        model.addAttribute("leaving", leaving.state(part.involvement()));
        model.addAttribute("annexes", annexed(part.annexes(), texts));
        model.addAttribute(
                "asked",
                part.waiting().stream()
                        .map(waiting -> new Asked(
                                waiting.amendment(),
                                AmendmentLinkController.changes(waiting.amendment(), waiting.base(), texts),
                                AmendedVersion.of(waiting.base(), waiting.amendment())
                                        .differences(texts)))
                        .toList());
        return "contract/part";
    }

    /** Annexes as tables. */
    static List<Annexed> annexed(List<AnnexSheet> sheets, Texts texts) {
        return sheets.stream()
                .map(sheet -> new Annexed(
                        sheet.kind(),
                        sheet.kind().parts().stream()
                                .map(one -> new Table(one, AnnexText.table(sheet, one, texts)))
                                .toList()))
                .toList();
    }

    @PostMapping("/{part}/signature")
    String sign(
            SignedIn signedIn,
            @PathVariable UUID part,
            @RequestParam String hash,
            @RequestParam SignatureMode mode,
            @RequestParam(defaultValue = "") String signatory,
            @RequestParam(defaultValue = "POWER_OF_ATTORNEY") AuthorityBasis basis,
            @RequestParam(defaultValue = "") String authority,
            @RequestParam(required = false) @Nullable MultipartFile paper,
            Locale locale,
            Posted posted) {
        return act(
                signedIn,
                part,
                Map.of("signatory", signatory, "authority", authority),
                "contract.life.signed",
                locale,
                posted,
                () -> parts.sign(
                        signedIn.person(),
                        part,
                        new Signing.Given(
                                hash,
                                mode,
                                signatory,
                                new Authority(basis, authority, SigningController.paper(paper)),
                                null)));
    }

    @PostMapping("/{part}/amendments/{amendment}/signature")
    String signAmendment(
            SignedIn signedIn,
            @PathVariable UUID part,
            @PathVariable UUID amendment,
            @RequestParam String hash,
            @RequestParam SignatureMode mode,
            @RequestParam(defaultValue = "") String signatory,
            @RequestParam(defaultValue = "") String authority,
            @RequestParam(defaultValue = "false") boolean retroactive,
            Locale locale,
            Posted posted) {
        return act(
                signedIn,
                part,
                Map.of("signatory", signatory, "authority", authority),
                "contract.life.signed",
                locale,
                posted,
                () -> parts.signAmendment(
                        signedIn.person(), part, amendment, hash, mode, signatory, authority, retroactive));
    }

    @PostMapping("/{part}/amendments/{amendment}/declination")
    String declineAmendment(
            SignedIn signedIn, @PathVariable UUID part, @PathVariable UUID amendment, Locale locale, Posted posted) {
        return act(
                signedIn,
                part,
                Map.of(),
                "contract.life.rejected",
                locale,
                posted,
                () -> parts.declineAmendment(signedIn.person(), part, amendment));
    }

    @PostMapping("/{part}/duties/{duty}/certificate")
    String certify(
            SignedIn signedIn,
            @PathVariable UUID part,
            @PathVariable UUID duty,
            @RequestParam(defaultValue = "") String certificate,
            Locale locale,
            Posted posted) {
        return act(
                signedIn,
                part,
                Map.of(),
                "contract.involvement.certified",
                locale,
                posted,
                () -> parts.certify(signedIn.person(), part, duty, certificate.strip()));
    }

    @PostMapping("/{part}/leave-notice")
    String leave(
            SignedIn signedIn,
            @PathVariable UUID part,
            @RequestParam(required = false) @DateTimeFormat(iso = DateTimeFormat.ISO.DATE) @Nullable LocalDate wishedOn,
            @RequestParam(defaultValue = "") String reason,
            Locale locale,
            Posted posted) {
        return act(
                signedIn,
                part,
                Map.of("wishedOn", wishedOn == null ? "" : wishedOn.toString(), "reason", reason),
                "contract.leave.done.given",
                locale,
                posted,
                () -> {
                    if (wishedOn == null) {
                        throw Refused.field("wishedOn", "contract.leave.refused.date");
                    }
                    leaving.give(signedIn.person(), part, wishedOn, reason);
                });
    }

    @PostMapping("/{part}/leave-notice/withdrawal")
    String stay(SignedIn signedIn, @PathVariable UUID part, Locale locale, Posted posted) {
        return act(
                signedIn,
                part,
                Map.of(),
                "contract.leave.done.withdrawn",
                locale,
                posted,
                () -> leaving.withdraw(signedIn.person(), part));
    }

    private String act(
            SignedIn signedIn,
            UUID part,
            Map<String, String> typed,
            String done,
            Locale locale,
            Posted posted,
            Runnable act) {
        return posted.answerOnPage(
                act,
                new Sentence(done, List.of()),
                "redirect:/parts/" + part,
                () -> page(signedIn, part, typed, posted.model(), locale));
    }

    /** The agreement that waits for the signature. */
    @GetMapping("/{part}/amendments/{amendment}/document.pdf")
    ResponseEntity<byte[]> document(
            SignedIn signedIn, @PathVariable UUID part, @PathVariable UUID amendment, Locale locale) {
        var waiting = parts.part(signedIn.person(), part).waiting().stream()
                .filter(one -> one.amendment().id().equals(amendment))
                .findFirst()
                .orElseThrow(() -> new io.retainer.kernel.Unknown("amendment " + amendment));
        return AnnexFiles.file(
                PrintedAmendment.paper(waiting.amendment(), waiting.base(), List.of(), _ -> {}, Texts.in(locale))
                        .pdf(),
                MediaType.APPLICATION_PDF,
                "amendment-" + waiting.amendment().serial() + ".pdf");
    }
}
