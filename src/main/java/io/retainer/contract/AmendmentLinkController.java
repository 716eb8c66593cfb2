package io.retainer.contract;

import io.retainer.identity.Access;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Texts;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Sending a third party the link to sign an amendment by, and the page it opens, without signing in (G-37). */
@Controller
class AmendmentLinkController {

    private final AmendmentLinks links;

    AmendmentLinkController(AmendmentLinks links) {
        this.links = links;
    }

    @PostMapping("/contracts/{contract}/life/amendments/{amendment}/links")
    String invite(
            Access access,
            @PathVariable UUID amendment,
            @RequestParam(defaultValue = "") String name,
            @RequestParam(defaultValue = "") String email,
            @RequestParam(defaultValue = "zh") String language,
            RedirectAttributes redirect) {
        try {
            links.invite(
                    access, amendment, null, new SigningLinks.Invitation(Party.THIRD_PARTY, name, email, language));
            redirect.addFlashAttribute("done", new Sentence("contract.link.sent", List.of()));
        } catch (Refused refusal) {
            redirect.addFlashAttribute("linkRefusal", refusal.sentence());
            redirect.addFlashAttribute("linkName", name);
            redirect.addFlashAttribute("linkEmail", email);
        }
        return "redirect:/contracts/" + access.contract() + "/life/amendments/" + amendment;
    }

    /** What was typed. */
    record AmendmentForm(SignatureMode mode, String signatory, String authority) {

        static final AmendmentForm EMPTY = new AmendmentForm(SignatureMode.SEAL, "", "");
    }

    @GetMapping("/signing/amendments/{token}")
    String open(
            @PathVariable String token,
            Model model,
            Locale locale,
            HttpServletRequest request,
            HttpServletResponse response) {
        return page(links.open(token, request.getRemoteAddr()), token, AmendmentForm.EMPTY, model, locale, response);
    }

    private static String page(
            AmendmentLinks.Opened opened,
            String token,
            AmendmentForm form,
            Model model,
            Locale locale,
            HttpServletResponse response) {
        var texts = Texts.in(locale);
        model.addAttribute("opened", opened);
        model.addAttribute("named", ContractController.title(opened.contract().title()));
        model.addAttribute("modes", SignatureMode.values());
        model.addAttribute("agreedMode", opened.base().terms().choice(TermKey.SIGN_MODE, TermKey.SignMode.class));
        model.addAttribute("coded", opened.contact().code() != null);
        model.addAttribute("form", form);
        model.addAttribute("self", "/signing/amendments/" + token);
        model.addAttribute(
                "differences",
                AmendedVersion.of(opened.base(), opened.amendment()).differences(texts));
        model.addAttribute("changes", changes(opened.amendment(), opened.base(), texts));
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        response.setHeader("X-Robots-Tag", "noindex");
        response.setHeader("Referrer-Policy", "no-referrer");
        return "contract/amendment-link";
    }

    static List<Changed> changes(Amendment amendment, ContractVersion base, Texts texts) {
        var before = base.settled();
        return amendment.changes().entrySet().stream()
                .map(change -> {
                    var old = before.get(change.getKey()).value();
                    return new Changed(
                            change.getKey(),
                            old == null ? "—" : Shown.of(old, change.getKey(), texts),
                            Shown.of(change.getValue(), change.getKey(), texts));
                })
                .toList();
    }

    /** A value that changes, as people read it. */
    record Changed(TermKey key, String before, String after) {}

    @PostMapping("/signing/amendments/{token}/code")
    String code(
            @PathVariable String token,
            Model model,
            Locale locale,
            HttpServletRequest request,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        return act(
                token,
                AmendmentForm.EMPTY,
                "contract.link.codeSent",
                model,
                locale,
                request,
                response,
                redirect,
                links::sendCode);
    }

    @PostMapping("/signing/amendments/{token}/signature")
    String sign(
            @PathVariable String token,
            @RequestParam String hash,
            @RequestParam SignatureMode mode,
            @RequestParam(defaultValue = "") String signatory,
            @RequestParam(defaultValue = "") String authority,
            @RequestParam(defaultValue = "false") boolean retroactive,
            @RequestParam(defaultValue = "") String code,
            Model model,
            Locale locale,
            HttpServletRequest request,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        return act(
                token,
                new AmendmentForm(mode, signatory, authority),
                "contract.life.signed",
                model,
                locale,
                request,
                response,
                redirect,
                opened ->
                        links.sign(opened, code, new Amendments.Given(hash, mode, signatory, authority, retroactive)));
    }

    @PostMapping("/signing/amendments/{token}/declination")
    String decline(
            @PathVariable String token,
            @RequestParam(defaultValue = "") String code,
            Model model,
            Locale locale,
            HttpServletRequest request,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        return act(
                token,
                AmendmentForm.EMPTY,
                "contract.life.rejected",
                model,
                locale,
                request,
                response,
                redirect,
                opened -> links.decline(opened, code));
    }

    private interface Deed {
        void with(AmendmentLinks.Opened opened);
    }

    private String act(
            String token,
            AmendmentForm form,
            String done,
            Model model,
            Locale locale,
            HttpServletRequest request,
            HttpServletResponse response,
            RedirectAttributes redirect,
            Deed deed) {
        var opened = links.open(token, request.getRemoteAddr());
        try {
            deed.with(opened);
        } catch (Refused refusal) {
            model.addAttribute("refusal", refusal);
            response.setStatus(refusal.field() == null ? 409 : 422);
            return page(opened, token, form, model, locale, response);
        }
        redirect.addFlashAttribute("done", new Sentence(done, List.of()));
        return "redirect:/signing/amendments/" + token;
    }

    /** The agreement that is signed. */
    @GetMapping("/signing/amendments/{token}/document.pdf")
    ResponseEntity<byte[]> document(@PathVariable String token, HttpServletRequest request) {
        var opened = links.open(token, request.getRemoteAddr());
        return AnnexFiles.file(
                AmendmentLinks.paper(opened),
                MediaType.APPLICATION_PDF,
                "amendment-" + opened.amendment().serial() + ".pdf");
    }
}
