package io.retainer.customer;

import io.retainer.identity.Access;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Texts;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** The form on which people sign up themselves, and the page on which it is opened and closed. */
@Controller
class SignUpController {

    private static final String ADMIN = "redirect:/contracts/{contract}/sign-up";
    private static final String SHOWN_AT = "customer-sign-up-shown-at";
    private static final int REFUSED = 422;

    private final SignUps signUps;
    private final Clock clock;
    private final String site;

    SignUpController(
            SignUps signUps, Clock clock, @Value("${retainer.site:http://127.0.0.1:${server.port:8080}}") String site) {
        this.signUps = signUps;
        this.clock = clock;
        this.site = site.replaceAll("/+$", "");
    }

    @GetMapping("/contracts/{contract}/sign-up")
    String manage(Access access, Model model) {
        model.addAttribute("form", signUps.of(access).orElse(null));
        model.addAttribute("site", site);
        return "customer/sign-up-form";
    }

    @PostMapping("/contracts/{contract}/sign-up")
    String open(
            Access access,
            @RequestParam String who,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        try {
            signUps.open(access, who);
        } catch (Refused refusal) {
            model.addAttribute("refusal", refusal);
            model.addAttribute("who", who);
            response.setStatus(REFUSED);
            return manage(access, model);
        }
        redirect.addFlashAttribute("done", Sentence.of("customer.signUp.opened"));
        return ADMIN;
    }

    @PostMapping("/contracts/{contract}/sign-up/close")
    String close(Access access, RedirectAttributes redirect) {
        signUps.close(access);
        redirect.addFlashAttribute("done", Sentence.of("customer.signUp.closed"));
        return ADMIN;
    }

    /** Open to whoever holds the link. */
    @GetMapping("/sign-up/{token}")
    String form(
            @PathVariable String token,
            @RequestParam(defaultValue = "false") boolean thanks,
            Model model,
            HttpServletRequest request,
            HttpServletResponse response) {
        return show(signUps.behind(token, request.getRemoteAddr()), thanks, model, request, response);
    }

    private String show(
            SignUps.Form form, boolean thanks, Model model, HttpServletRequest request, HttpServletResponse response) {
        model.addAttribute("form", form);
        model.addAttribute("thanks", thanks);
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        response.setHeader("X-Robots-Tag", "noindex");
        if (!thanks && request.getSession().getAttribute(SHOWN_AT) == null) {
            request.getSession().setAttribute(SHOWN_AT, clock.instant());
        }
        return "customer/sign-up";
    }

    /** What was typed, to be shown again when it is refused. */
    record Typed(String name, String phone, String email) {

        @Override
        public String toString() {
            return "Typed";
        }
    }

    @PostMapping("/sign-up/{token}")
    String signUp(
            @PathVariable String token,
            @RequestParam(defaultValue = "") String name,
            @RequestParam(defaultValue = "") String phone,
            @RequestParam(defaultValue = "") String email,
            @RequestParam(defaultValue = "") String website,
            @RequestParam(defaultValue = "false") boolean agree,
            @RequestParam(defaultValue = "false") boolean news,
            Locale locale,
            Model model,
            HttpServletRequest request,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        var from = request.getRemoteAddr();
        var form = signUps.behind(token, from);
        var texts = Texts.in(locale);
        try {
            signUps.signUp(
                    form,
                    from,
                    new SignUps.Filled(
                            name,
                            phone,
                            email,
                            website,
                            took(request.getSession()),
                            agree ? texts.say("customer.signUp.agree", form.who()) : null,
                            news ? texts.say("customer.signUp.news", form.who()) : null));
        } catch (Refused refusal) {
            model.addAttribute("refusal", refusal);
            model.addAttribute("typed", new Typed(name, phone, email));
            response.setStatus(REFUSED);
            return show(form, false, model, request, response);
        }
        request.getSession().removeAttribute(SHOWN_AT);
        redirect.addAttribute("thanks", true);
        return "redirect:/sign-up/{token}";
    }

    private @Nullable Duration took(HttpSession session) {
        return session.getAttribute(SHOWN_AT) instanceof Instant since
                ? Duration.between(since, clock.instant())
                : null;
    }
}
