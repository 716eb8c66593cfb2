package io.retainer.contract;

import io.retainer.identity.SignedIn;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Texts;
import jakarta.servlet.http.HttpServletResponse;
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
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/**
 * What the people of a third party see: what waits for their signature, what binds them, what they owe. Nothing else of the
 * contract, so these pages ask for no standing under it.
 */
@Controller
@RequestMapping("/parts")
class PartController {

    private final Involvements involvements;
    private final Leaving leaving;

    PartController(Involvements involvements, Leaving leaving) {
        this.involvements = involvements;
        this.leaving = leaving;
    }

    @GetMapping
    String list(SignedIn signedIn, Model model) {
        model.addAttribute("parts", involvements.parts(signedIn.person()));
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
        var part = involvements.part(signedIn.person(), id);
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
            Model model,
            Locale locale,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        return act(
                signedIn,
                part,
                Map.of("signatory", signatory, "authority", authority),
                "contract.life.signed",
                model,
                locale,
                response,
                redirect,
                () -> involvements.sign(
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
            Model model,
            Locale locale,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        return act(
                signedIn,
                part,
                Map.of("signatory", signatory, "authority", authority),
                "contract.life.signed",
                model,
                locale,
                response,
                redirect,
                () -> involvements.signAmendment(
                        signedIn.person(), part, amendment, hash, mode, signatory, authority, retroactive));
    }

    @PostMapping("/{part}/amendments/{amendment}/declination")
    String declineAmendment(
            SignedIn signedIn,
            @PathVariable UUID part,
            @PathVariable UUID amendment,
            Model model,
            Locale locale,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        return act(
                signedIn,
                part,
                Map.of(),
                "contract.life.rejected",
                model,
                locale,
                response,
                redirect,
                () -> involvements.declineAmendment(signedIn.person(), part, amendment));
    }

    @PostMapping("/{part}/duties/{duty}/certificate")
    String certify(
            SignedIn signedIn,
            @PathVariable UUID part,
            @PathVariable UUID duty,
            @RequestParam(defaultValue = "") String certificate,
            Model model,
            Locale locale,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        return act(
                signedIn,
                part,
                Map.of(),
                "contract.involvement.certified",
                model,
                locale,
                response,
                redirect,
                () -> involvements.certify(signedIn.person(), part, duty, certificate.strip()));
    }

    @PostMapping("/{part}/leave-notice")
    String leave(
            SignedIn signedIn,
            @PathVariable UUID part,
            @RequestParam(required = false) @DateTimeFormat(iso = DateTimeFormat.ISO.DATE) @Nullable LocalDate wishedOn,
            @RequestParam(defaultValue = "") String reason,
            Model model,
            Locale locale,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        return act(
                signedIn,
                part,
                Map.of("wishedOn", wishedOn == null ? "" : wishedOn.toString(), "reason", reason),
                "contract.leave.done.given",
                model,
                locale,
                response,
                redirect,
                () -> {
                    if (wishedOn == null) {
                        throw Refused.field("wishedOn", "contract.leave.refused.date");
                    }
                    leaving.give(signedIn.person(), part, wishedOn, reason);
                });
    }

    @PostMapping("/{part}/leave-notice/withdrawal")
    String stay(
            SignedIn signedIn,
            @PathVariable UUID part,
            Model model,
            Locale locale,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        return act(
                signedIn,
                part,
                Map.of(),
                "contract.leave.done.withdrawn",
                model,
                locale,
                response,
                redirect,
                () -> leaving.withdraw(signedIn.person(), part));
    }

    private String act(
            SignedIn signedIn,
            UUID part,
            Map<String, String> typed,
            String done,
            Model model,
            Locale locale,
            HttpServletResponse response,
            RedirectAttributes redirect,
            Runnable act) {
        try {
            act.run();
        } catch (Refused refusal) {
            AnnexController.refuse(refusal, model, response);
            return page(signedIn, part, typed, model, locale);
        }
        redirect.addFlashAttribute("done", new Sentence(done, List.of()));
        return "redirect:/parts/" + part;
    }

    /** The agreement that waits for the signature. */
    @GetMapping("/{part}/amendments/{amendment}/document.pdf")
    ResponseEntity<byte[]> document(
            SignedIn signedIn, @PathVariable UUID part, @PathVariable UUID amendment, Locale locale) {
        var waiting = involvements.part(signedIn.person(), part).waiting().stream()
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
