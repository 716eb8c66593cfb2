package io.retainer.contract;

import io.retainer.identity.Access;
import io.retainer.identity.Posted;
import io.retainer.kernel.Party;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Texts;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Consumer;
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

    private static final String PAGE = "/signing/amendments/";

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
        var third = new SigningLinks.Invitation(Party.THIRD_PARTY, name, email, language);
        LinkPage.invite(name, email, redirect, () -> links.invite(access, amendment, null, third));
        return "redirect:/contracts/" + access.contract() + "/life/amendments/" + amendment;
    }

    /** What was typed. */
    record AmendmentForm(SignatureMode mode, String signatory, String authority) {

        static final AmendmentForm EMPTY = new AmendmentForm(SignatureMode.SEAL, "", "");
    }

    @GetMapping(PAGE + "{token}")
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
        boolean coded = opened.contact().code() != null;
        LinkPage.show(opened.contract(), opened.base(), coded, PAGE + token, model, response);
        model.addAttribute("opened", opened);
        model.addAttribute("form", form);
        model.addAttribute(
                "differences",
                AmendedVersion.of(opened.base(), opened.amendment()).differences(texts));
        model.addAttribute("changes", changes(opened.amendment(), opened.base(), texts));
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

    @PostMapping(PAGE + "{token}/code")
    String code(@PathVariable String token, Locale locale, HttpServletRequest request, Posted posted) {
        return act(token, AmendmentForm.EMPTY, "contract.link.codeSent", locale, request, posted, links::sendCode);
    }

    @PostMapping(PAGE + "{token}/signature")
    String sign(
            @PathVariable String token,
            @RequestParam String hash,
            @RequestParam SignatureMode mode,
            @RequestParam(defaultValue = "") String signatory,
            @RequestParam(defaultValue = "") String authority,
            @RequestParam(defaultValue = "false") boolean retroactive,
            @RequestParam(defaultValue = "") String code,
            Locale locale,
            HttpServletRequest request,
            Posted posted) {
        return act(
                token,
                new AmendmentForm(mode, signatory, authority),
                "contract.life.signed",
                locale,
                request,
                posted,
                opened ->
                        links.sign(opened, code, new Amendments.Given(hash, mode, signatory, authority, retroactive)));
    }

    @PostMapping(PAGE + "{token}/declination")
    String decline(
            @PathVariable String token,
            @RequestParam(defaultValue = "") String code,
            Locale locale,
            HttpServletRequest request,
            Posted posted) {
        return act(
                token,
                AmendmentForm.EMPTY,
                "contract.life.rejected",
                locale,
                request,
                posted,
                opened -> links.decline(opened, code));
    }

    private String act(
            String token,
            AmendmentForm form,
            String done,
            Locale locale,
            HttpServletRequest request,
            Posted posted,
            Consumer<AmendmentLinks.Opened> deed) {
        var opened = links.open(token, request.getRemoteAddr());
        return posted.answerOnPage(
                () -> deed.accept(opened),
                new Sentence(done, List.of()),
                "redirect:" + PAGE + token,
                () -> page(opened, token, form, posted.model(), locale, posted.response()));
    }

    /** The agreement that is signed. */
    @GetMapping(PAGE + "{token}/document.pdf")
    ResponseEntity<byte[]> document(@PathVariable String token, HttpServletRequest request) {
        var opened = links.open(token, request.getRemoteAddr());
        return AnnexFiles.file(
                AmendmentLinks.paper(opened),
                MediaType.APPLICATION_PDF,
                "amendment-" + opened.amendment().serial() + ".pdf");
    }
}
