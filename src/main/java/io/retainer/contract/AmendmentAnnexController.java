package io.retainer.contract;

import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Texts;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** The editor of an annex that an amendment changes: the same form as before signing, with what it changes beside it. */
@Controller
@RequestMapping("/contracts/{contract}/life/amendments/{amendment}/annexes/{number}")
class AmendmentAnnexController {

    private final Amendments amendments;
    private final ContractLife life;
    private final Clock clock;

    AmendmentAnnexController(Amendments amendments, ContractLife life, Clock clock) {
        this.amendments = amendments;
        this.life = life;
        this.clock = clock;
    }

    @GetMapping
    String edit(Access access, @PathVariable UUID amendment, @PathVariable int number, Model model, Locale locale) {
        var proposed = amendments.annex(access, amendment, AnnexKind.numbered(number));
        return editor(
                access,
                proposed,
                AnnexForm.of(proposed.sheet()),
                proposed.amendment().version(),
                false,
                model,
                locale);
    }

    private String editor(
            Access access,
            Amendments.ProposedAnnex proposed,
            AnnexForm form,
            int seen,
            boolean unsaved,
            Model model,
            Locale locale) {
        var amendment = proposed.amendment();
        var sheet = form.sheet();
        var amended = proposed.with(sheet);
        form.show(amended.annexes(), amended.terms(), seen, unsaved, model, locale);
        model.addAttribute("contract", proposed.contract());
        model.addAttribute(
                "named", ContractController.title(proposed.contract().title()));
        model.addAttribute(
                "versionInForce",
                life.versionAt(access.tenant(), access.contract(), clock.instant())
                        .orElse(null));
        model.addAttribute(
                "editable",
                amendment.state() == Amendment.State.DRAFT
                        && amendment.draftedBy() == access.party()
                        && access.may(Capability.EDIT_TERMS));
        model.addAttribute("amendment", amendment);
        model.addAttribute(
                "differences",
                List.of(AnnexDifference.of(proposed.inForce(), sheet, Texts.in(locale))));
        model.addAttribute("formBase", path(access, amendment.id()) + "/annexes/" + form.kind().number());
        return "contract/annex";
    }

    private static String path(Access access, UUID amendment) {
        return "/contracts/" + access.contract() + "/life/amendments/" + amendment;
    }

    /** The whole form, whatever button was pressed. */
    @PostMapping
    String post(
            Access access,
            @PathVariable UUID amendment,
            @PathVariable int number,
            @RequestParam int seen,
            @RequestParam(name = "do", defaultValue = "save") String act,
            @RequestParam MultiValueMap<String, String> posted,
            Model model,
            Locale locale,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        var kind = AnnexKind.numbered(number);
        var form = AnnexForm.posted(kind, posted);
        if (act.equals("save")) {
            try {
                amendments.proposeAnnex(access, amendment, form.sheet(), seen);
                redirect.addFlashAttribute("done", Sentence.of("contract.amendment.annexSaved", kind.title()));
                return "redirect:" + path(access, amendment) + "/annexes/" + number;
            } catch (Refused refusal) {
                AnnexController.refuse(refusal, model, response);
            }
        }
        var proposed = amendments.annex(access, amendment, kind);
        return editor(
                access,
                proposed,
                form.after(act, () -> AmendedVersion.of(proposed.base(), proposed.amendment())
                        .terms()),
                seen,
                true,
                model,
                locale);
    }

    /** The annex stays as it is in force. */
    @PostMapping("/removal")
    String leave(
            Access access,
            @PathVariable UUID amendment,
            @PathVariable int number,
            @RequestParam int seen,
            Model model,
            Locale locale,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        var kind = AnnexKind.numbered(number);
        try {
            amendments.leaveAnnex(access, amendment, kind, seen);
        } catch (Refused refusal) {
            AnnexController.refuse(refusal, model, response);
            return edit(access, amendment, number, model, locale);
        }
        redirect.addFlashAttribute("done", Sentence.of("contract.amendment.annexLeft", kind.title()));
        return "redirect:" + path(access, amendment);
    }

    /** Annex 5 ends: the third party leaves. */
    @PostMapping("/exit")
    String exit(
            Access access,
            @PathVariable UUID amendment,
            @PathVariable int number,
            @RequestParam int seen,
            Model model,
            Locale locale,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        try {
            amendments.takeThirdOut(access, amendment, seen);
        } catch (Refused refusal) {
            AnnexController.refuse(refusal, model, response);
            return edit(access, amendment, number, model, locale);
        }
        redirect.addFlashAttribute("done", Sentence.of("contract.amendment.thirdOut"));
        return "redirect:" + path(access, amendment);
    }

    @PostMapping("/import")
    String importFile(
            Access access,
            @PathVariable UUID amendment,
            @PathVariable int number,
            @RequestParam int seen,
            @RequestParam MultipartFile file,
            Model model,
            Locale locale,
            HttpServletResponse response,
            RedirectAttributes redirect)
            throws IOException {
        try {
            var sheet = AnnexFiles.read(AnnexKind.numbered(number), file.getBytes());
            amendments.proposeAnnex(access, amendment, sheet, seen);
            redirect.addFlashAttribute(
                    "done",
                    Sentence.of(
                            "contract.page.annex.imported",
                            sheet.rows().values().stream().mapToInt(List::size).sum(),
                            sheet.unread().size()));
            return "redirect:" + path(access, amendment) + "/annexes/" + number;
        } catch (Refused refusal) {
            AnnexController.refuse(refusal, model, response);
            return edit(access, amendment, number, model, locale);
        }
    }

    @GetMapping("/document.{format}")
    ResponseEntity<byte[]> document(
            Access access,
            @PathVariable UUID amendment,
            @PathVariable int number,
            @PathVariable String format,
            Locale locale) {
        return AnnexFiles.download(
                amendments.annex(access, amendment, AnnexKind.numbered(number)),
                format,
                Texts.in(locale).locale());
    }
}
