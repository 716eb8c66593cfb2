package io.retainer.contract;

import io.retainer.identity.Access;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Texts;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Sending links to sign by, and the page such a link opens, without signing in. */
@Controller
class SigningLinkController {

    private final SigningLinks links;

    SigningLinkController(SigningLinks links) {
        this.links = links;
    }

    // The party that invites

    @PostMapping("/contracts/{contract}/signing/links")
    String invite(
            Access access,
            @RequestParam Party party,
            @RequestParam(defaultValue = "") String name,
            @RequestParam(defaultValue = "") String email,
            @RequestParam(defaultValue = "zh") String language,
            RedirectAttributes redirect) {
        try {
            links.invite(access, null, new SigningLinks.Invitation(party, name, email, language));
            redirect.addFlashAttribute("done", new Sentence("contract.link.sent", List.of()));
        } catch (Refused refusal) {
            redirect.addFlashAttribute("linkRefusal", refusal.sentence());
            redirect.addFlashAttribute("linkName", name);
            redirect.addFlashAttribute("linkEmail", email);
        }
        return "redirect:/contracts/" + access.contract() + "/signing";
    }

    @PostMapping("/contracts/{contract}/signing/links/{id}/revocation")
    String revoke(Access access, @PathVariable UUID id, RedirectAttributes redirect) {
        links.revoke(access, id);
        redirect.addFlashAttribute("done", new Sentence("contract.link.revoked", List.of()));
        return "redirect:/contracts/" + access.contract() + "/signing";
    }

    // Whoever holds the link

    /** What was typed. */
    record LinkForm(SignatureMode mode, String signatory, AuthorityBasis basis, String authority, String reason) {

        static final LinkForm EMPTY = new LinkForm(SignatureMode.SEAL, "", AuthorityBasis.POWER_OF_ATTORNEY, "", "");
    }

    @GetMapping("/signing/{token}")
    String open(@PathVariable String token, Model model, HttpServletRequest request, HttpServletResponse response) {
        return page(links.open(token, request.getRemoteAddr()), token, LinkForm.EMPTY, model, request, response);
    }

    private static String page(
            SigningLinks.Opened opened,
            String token,
            LinkForm form,
            Model model,
            HttpServletRequest request,
            HttpServletResponse response) {
        // The contract is long: its first part is sent before the forms, when it is too late to begin a session.
        if (request.getAttribute(CsrfToken.class.getName()) instanceof CsrfToken csrf) {
            csrf.getToken();
        }
        var contract = opened.contract();
        model.addAttribute("opened", opened);
        model.addAttribute("named", ContractController.title(contract.title()));
        model.addAttribute("document", DocumentText.of(opened.version()));
        model.addAttribute("modes", SignatureMode.values());
        model.addAttribute("bases", AuthorityBasis.values());
        model.addAttribute("agreedMode", opened.version().terms().choice(TermKey.SIGN_MODE, TermKey.SignMode.class));
        model.addAttribute("coded", SigningLinks.hasCode(opened));
        model.addAttribute("form", form);
        model.addAttribute("self", "/signing/" + token);
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        response.setHeader("X-Robots-Tag", "noindex");
        response.setHeader("Referrer-Policy", "no-referrer");
        return "contract/signing-link";
    }

    @PostMapping("/signing/{token}/code")
    String code(
            @PathVariable String token,
            Model model,
            HttpServletRequest request,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        return act(
                token, LinkForm.EMPTY, "contract.link.codeSent", model, request, response, redirect, links::sendCode);
    }

    @PostMapping("/signing/{token}/signature")
    String sign(
            @PathVariable String token,
            @RequestParam String hash,
            @RequestParam SignatureMode mode,
            @RequestParam(defaultValue = "") String signatory,
            @RequestParam AuthorityBasis basis,
            @RequestParam(defaultValue = "") String authority,
            @RequestParam(defaultValue = "") String code,
            @RequestParam(required = false) @Nullable MultipartFile paper,
            Model model,
            HttpServletRequest request,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        return act(
                token,
                new LinkForm(mode, signatory, basis, authority, ""),
                "contract.page.signed",
                model,
                request,
                response,
                redirect,
                opened -> links.sign(
                        opened,
                        code,
                        new Signing.Given(
                                hash,
                                mode,
                                signatory,
                                new Authority(basis, authority, SigningController.paper(paper)),
                                null)));
    }

    @PostMapping("/signing/{token}/declination")
    String decline(
            @PathVariable String token,
            @RequestParam(defaultValue = "") String code,
            @RequestParam(defaultValue = "") String reason,
            Model model,
            HttpServletRequest request,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        return act(
                token,
                new LinkForm(SignatureMode.SEAL, "", AuthorityBasis.POWER_OF_ATTORNEY, "", reason),
                "contract.signing.declined",
                model,
                request,
                response,
                redirect,
                opened -> links.decline(opened, code, reason));
    }

    private interface Deed {
        void with(SigningLinks.Opened opened);
    }

    private String act(
            String token,
            LinkForm form,
            String done,
            Model model,
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
            return page(opened, token, form, model, request, response);
        }
        redirect.addFlashAttribute("done", new Sentence(done, List.of()));
        return "redirect:/signing/" + token;
    }

    /** What is to be signed; the party's counterpart once there is one. */
    @GetMapping("/signing/{token}/document.pdf")
    ResponseEntity<byte[]> document(@PathVariable String token, HttpServletRequest request) {
        var opened = links.open(token, request.getRemoteAddr());
        return AnnexFiles.file(
                links.counterpart(opened)
                        .orElseGet(() -> PrintedContract.paper(
                                        opened.version(), opened.signatures(), Texts.in(Texts.CHINESE))
                                .pdf()),
                MediaType.APPLICATION_PDF,
                "contract-" + opened.contract().id() + "-v" + opened.contact().number() + ".pdf");
    }
}
