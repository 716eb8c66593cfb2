package io.retainer.contract;

import io.retainer.identity.Access;
import io.retainer.identity.Posted;
import io.retainer.kernel.Party;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Texts;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
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

    private static final String PAGE = "/signing/";

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
        var invited = new SigningLinks.Invitation(party, name, email, language);
        LinkPage.invite(name, email, redirect, () -> links.invite(access, null, invited));
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

    @GetMapping(PAGE + "{token}")
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
        boolean coded = SigningLinks.hasCode(opened);
        LinkPage.show(opened.contract(), opened.version(), coded, PAGE + token, model, response);
        model.addAttribute("opened", opened);
        model.addAttribute("document", DocumentText.of(opened.version()));
        model.addAttribute("bases", AuthorityBasis.values());
        model.addAttribute("form", form);
        return "contract/signing-link";
    }

    @PostMapping(PAGE + "{token}/code")
    String code(@PathVariable String token, HttpServletRequest request, Posted posted) {
        return act(token, LinkForm.EMPTY, "contract.link.codeSent", request, posted, links::sendCode);
    }

    @PostMapping(PAGE + "{token}/signature")
    String sign(
            @PathVariable String token,
            @RequestParam String hash,
            @RequestParam SignatureMode mode,
            @RequestParam(defaultValue = "") String signatory,
            @RequestParam AuthorityBasis basis,
            @RequestParam(defaultValue = "") String authority,
            @RequestParam(defaultValue = "") String code,
            @RequestParam(required = false) @Nullable MultipartFile paper,
            HttpServletRequest request,
            Posted posted) {
        return act(
                token,
                new LinkForm(mode, signatory, basis, authority, ""),
                "contract.page.signed",
                request,
                posted,
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

    @PostMapping(PAGE + "{token}/declination")
    String decline(
            @PathVariable String token,
            @RequestParam(defaultValue = "") String code,
            @RequestParam(defaultValue = "") String reason,
            HttpServletRequest request,
            Posted posted) {
        return act(
                token,
                new LinkForm(SignatureMode.SEAL, "", AuthorityBasis.POWER_OF_ATTORNEY, "", reason),
                "contract.signing.declined",
                request,
                posted,
                opened -> links.decline(opened, code, reason));
    }

    private String act(
            String token,
            LinkForm form,
            String done,
            HttpServletRequest request,
            Posted posted,
            Consumer<SigningLinks.Opened> deed) {
        var opened = links.open(token, request.getRemoteAddr());
        return posted.answerOnPage(
                () -> deed.accept(opened),
                new Sentence(done, List.of()),
                "redirect:" + PAGE + token,
                () -> page(opened, token, form, posted.model(), request, posted.response()));
    }

    /** What is to be signed; the party's counterpart once there is one. */
    @GetMapping(PAGE + "{token}/document.pdf")
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
