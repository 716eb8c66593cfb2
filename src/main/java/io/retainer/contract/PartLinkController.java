package io.retainer.contract;

import io.retainer.identity.Access;
import io.retainer.kernel.Party;
import io.retainer.kernel.Texts;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.format.annotation.DateTimeFormat;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** The link by which a third party without an account signs the annexes that bind it. */
@Controller
class PartLinkController {

    private static final String PAGE = "/signing/parts/";

    private final PartLinks links;

    PartLinkController(PartLinks links) {
        this.links = links;
    }

    @PostMapping("/contracts/{contract}/life/third-parties/links")
    String invite(
            Access access,
            @RequestParam(defaultValue = "") String name,
            @RequestParam(defaultValue = "") String email,
            @RequestParam(defaultValue = "zh") String language,
            RedirectAttributes redirect) {
        var third = new SigningLinks.Invitation(Party.THIRD_PARTY, name, email, language);
        LinkPage.invite(name, email, redirect, () -> links.invite(access, null, third));
        return "redirect:/contracts/" + access.contract() + "/life/third-parties";
    }

    @GetMapping(PAGE + "{token}")
    String open(
            @PathVariable String token,
            Model model,
            Locale locale,
            HttpServletRequest request,
            HttpServletResponse response) {
        return page(links.open(token, request.getRemoteAddr()), token, Map.of(), model, locale, response);
    }

    /** @param typed what was typed into a refused form */
    private String page(
            PartLinks.Opened opened,
            String token,
            Map<String, String> typed,
            Model model,
            Locale locale,
            HttpServletResponse response) {
        boolean coded = opened.contact().code() != null;
        LinkPage.show(opened.contract(), opened.version(), coded, PAGE + token, model, response);
        model.addAttribute("opened", opened);
        model.addAttribute("bases", AuthorityBasis.values());
        model.addAttribute("typed", typed);
        model.addAttribute("leaving", links.leaving(opened));
        model.addAttribute("annexes", PartController.annexed(Involvements.binding(opened.version()), Texts.in(locale)));
        return "contract/part-link";
    }

    @PostMapping(PAGE + "{token}/code")
    String code(
            @PathVariable String token,
            Model model,
            Locale locale,
            HttpServletRequest request,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        return act(
                token,
                Map.of(),
                "contract.link.codeSent",
                model,
                locale,
                request,
                response,
                redirect,
                opened -> links.sendCode(opened));
    }

    @PostMapping(PAGE + "{token}/signature")
    String sign(
            @PathVariable String token,
            @RequestParam String hash,
            @RequestParam SignatureMode mode,
            @RequestParam(defaultValue = "") String signatory,
            @RequestParam(defaultValue = "POWER_OF_ATTORNEY") AuthorityBasis basis,
            @RequestParam(defaultValue = "") String authority,
            @RequestParam(required = false) @Nullable MultipartFile paper,
            @RequestParam(defaultValue = "") String code,
            Model model,
            Locale locale,
            HttpServletRequest request,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        return act(
                token,
                Map.of("signatory", signatory, "authority", authority),
                "contract.life.signed",
                model,
                locale,
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

    @PostMapping(PAGE + "{token}/leave-notice")
    String leave(
            @PathVariable String token,
            @RequestParam(defaultValue = "") String code,
            @RequestParam(required = false) @DateTimeFormat(iso = DateTimeFormat.ISO.DATE) @Nullable LocalDate wishedOn,
            @RequestParam(defaultValue = "") String reason,
            Model model,
            Locale locale,
            HttpServletRequest request,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        return act(
                token,
                Map.of("wishedOn", wishedOn == null ? "" : wishedOn.toString(), "reason", reason),
                "contract.leave.done.given",
                model,
                locale,
                request,
                response,
                redirect,
                opened -> links.leave(opened, code, wishedOn, reason));
    }

    @PostMapping(PAGE + "{token}/leave-notice/withdrawal")
    String stay(
            @PathVariable String token,
            @RequestParam(defaultValue = "") String code,
            Model model,
            Locale locale,
            HttpServletRequest request,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        return act(
                token,
                Map.of(),
                "contract.leave.done.withdrawn",
                model,
                locale,
                request,
                response,
                redirect,
                opened -> links.stay(opened, code));
    }

    @PostMapping(PAGE + "{token}/declination")
    String decline(
            @PathVariable String token,
            @RequestParam(defaultValue = "") String code,
            @RequestParam(defaultValue = "") String reason,
            Model model,
            Locale locale,
            HttpServletRequest request,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        return act(
                token,
                Map.of("reason", reason),
                "contract.involvement.link.declined",
                model,
                locale,
                request,
                response,
                redirect,
                opened -> links.decline(opened, code, reason));
    }

    private String act(
            String token,
            Map<String, String> typed,
            String done,
            Model model,
            Locale locale,
            HttpServletRequest request,
            HttpServletResponse response,
            RedirectAttributes redirect,
            Consumer<PartLinks.Opened> deed) {
        var opened = links.open(token, request.getRemoteAddr());
        return LinkPage.act(
                () -> deed.accept(opened),
                done,
                PAGE + token,
                model,
                response,
                redirect,
                () -> page(opened, token, typed, model, locale, response));
    }
}
