package io.retainer.contract;

import io.retainer.identity.Access;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Texts;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.format.annotation.DateTimeFormat;
import org.springframework.http.HttpHeaders;
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
        try {
            links.invite(access, null, new SigningLinks.Invitation(Party.THIRD_PARTY, name, email, language));
            redirect.addFlashAttribute("done", new Sentence("contract.link.sent", List.of()));
        } catch (Refused refusal) {
            redirect.addFlashAttribute("linkRefusal", refusal.sentence());
            redirect.addFlashAttribute("linkName", name);
            redirect.addFlashAttribute("linkEmail", email);
        }
        return "redirect:/contracts/" + access.contract() + "/life/third-parties";
    }

    @GetMapping("/signing/parts/{token}")
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
        model.addAttribute("opened", opened);
        model.addAttribute("named", ContractController.title(opened.contract().title()));
        model.addAttribute("modes", SignatureMode.values());
        model.addAttribute("bases", AuthorityBasis.values());
        model.addAttribute("agreedMode", opened.version().terms().choice(TermKey.SIGN_MODE, TermKey.SignMode.class));
        model.addAttribute("coded", opened.contact().code() != null);
        model.addAttribute("typed", typed);
        model.addAttribute("leaving", links.leaving(opened));
        model.addAttribute("self", "/signing/parts/" + token);
        model.addAttribute("annexes", PartController.annexed(Involvements.binding(opened.version()), Texts.in(locale)));
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        response.setHeader("X-Robots-Tag", "noindex");
        response.setHeader("Referrer-Policy", "no-referrer");
        return "contract/part-link";
    }

    @PostMapping("/signing/parts/{token}/code")
    String code(
            @PathVariable String token,
            Model model,
            Locale locale,
            HttpServletRequest request,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        var opened = links.open(token, request.getRemoteAddr());
        try {
            links.sendCode(opened);
        } catch (Refused refusal) {
            return refused(refusal, opened, token, Map.of(), model, locale, response);
        }
        return done("contract.link.codeSent", token, redirect);
    }

    @PostMapping("/signing/parts/{token}/signature")
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
        var opened = links.open(token, request.getRemoteAddr());
        try {
            links.sign(
                    opened,
                    code,
                    new Signing.Given(
                            hash,
                            mode,
                            signatory,
                            new Authority(basis, authority, SigningController.paper(paper)),
                            null));
        } catch (Refused refusal) {
            var typed = Map.of("signatory", signatory, "authority", authority);
            return refused(refusal, opened, token, typed, model, locale, response);
        }
        return done("contract.life.signed", token, redirect);
    }

    @PostMapping("/signing/parts/{token}/leave-notice")
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
        var opened = links.open(token, request.getRemoteAddr());
        try {
            links.leave(opened, code, wishedOn, reason);
        } catch (Refused refusal) {
            var typed = Map.of("wishedOn", wishedOn == null ? "" : wishedOn.toString(), "reason", reason);
            return refused(refusal, opened, token, typed, model, locale, response);
        }
        return done("contract.leave.done.given", token, redirect);
    }

    @PostMapping("/signing/parts/{token}/leave-notice/withdrawal")
    String stay(
            @PathVariable String token,
            @RequestParam(defaultValue = "") String code,
            Model model,
            Locale locale,
            HttpServletRequest request,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        var opened = links.open(token, request.getRemoteAddr());
        try {
            links.stay(opened, code);
        } catch (Refused refusal) {
            return refused(refusal, opened, token, Map.of(), model, locale, response);
        }
        return done("contract.leave.done.withdrawn", token, redirect);
    }

    @PostMapping("/signing/parts/{token}/declination")
    String decline(
            @PathVariable String token,
            @RequestParam(defaultValue = "") String code,
            @RequestParam(defaultValue = "") String reason,
            Model model,
            Locale locale,
            HttpServletRequest request,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        var opened = links.open(token, request.getRemoteAddr());
        try {
            links.decline(opened, code, reason);
        } catch (Refused refusal) {
            return refused(refusal, opened, token, Map.of("reason", reason), model, locale, response);
        }
        return done("contract.involvement.link.declined", token, redirect);
    }

    private String refused(
            Refused refusal,
            PartLinks.Opened opened,
            String token,
            Map<String, String> typed,
            Model model,
            Locale locale,
            HttpServletResponse response) {
        model.addAttribute("refusal", refusal);
        response.setStatus(refusal.field() == null ? 409 : 422);
        return page(opened, token, typed, model, locale, response);
    }

    private static String done(String what, String token, RedirectAttributes redirect) {
        redirect.addFlashAttribute("done", new Sentence(what, List.of()));
        return "redirect:/signing/parts/" + token;
    }
}
