package io.retainer.contract;

import io.retainer.identity.Access;
import io.retainer.identity.Posted;
import io.retainer.kernel.Party;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Texts;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.LocalDate;
import java.util.List;
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
    String code(@PathVariable String token, Locale locale, HttpServletRequest request, Posted posted) {
        return act(
                token, Map.of(), "contract.link.codeSent", locale, request, posted, opened -> links.sendCode(opened));
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
            Locale locale,
            HttpServletRequest request,
            Posted posted) {
        return act(
                token,
                Map.of("signatory", signatory, "authority", authority),
                "contract.life.signed",
                locale,
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

    @PostMapping(PAGE + "{token}/leave-notice")
    String leave(
            @PathVariable String token,
            @RequestParam(defaultValue = "") String code,
            @RequestParam(required = false) @DateTimeFormat(iso = DateTimeFormat.ISO.DATE) @Nullable LocalDate wishedOn,
            @RequestParam(defaultValue = "") String reason,
            Locale locale,
            HttpServletRequest request,
            Posted posted) {
        return act(
                token,
                Map.of("wishedOn", wishedOn == null ? "" : wishedOn.toString(), "reason", reason),
                "contract.leave.done.given",
                locale,
                request,
                posted,
                opened -> links.leave(opened, code, wishedOn, reason));
    }

    @PostMapping(PAGE + "{token}/leave-notice/withdrawal")
    String stay(
            @PathVariable String token,
            @RequestParam(defaultValue = "") String code,
            Locale locale,
            HttpServletRequest request,
            Posted posted) {
        return act(
                token,
                Map.of(),
                "contract.leave.done.withdrawn",
                locale,
                request,
                posted,
                opened -> links.stay(opened, code));
    }

    @PostMapping(PAGE + "{token}/declination")
    String decline(
            @PathVariable String token,
            @RequestParam(defaultValue = "") String code,
            @RequestParam(defaultValue = "") String reason,
            Locale locale,
            HttpServletRequest request,
            Posted posted) {
        return act(
                token,
                Map.of("reason", reason),
                "contract.involvement.link.declined",
                locale,
                request,
                posted,
                opened -> links.decline(opened, code, reason));
    }

    private String act(
            String token,
            Map<String, String> typed,
            String done,
            Locale locale,
            HttpServletRequest request,
            Posted posted,
            Consumer<PartLinks.Opened> deed) {
        var opened = links.open(token, request.getRemoteAddr());
        return posted.answerOnPage(
                () -> deed.accept(opened),
                new Sentence(done, List.of()),
                "redirect:" + PAGE + token,
                () -> page(opened, token, typed, posted.model(), locale, posted.response()));
    }
}
