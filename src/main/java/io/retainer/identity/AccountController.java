package io.retainer.identity;

import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import jakarta.servlet.http.HttpServletResponse;
import java.util.UUID;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** One's own password and API tokens. */
@Controller
class AccountController {

    private final People people;
    private final ApiTokens tokens;

    AccountController(People people, ApiTokens tokens) {
        this.people = people;
        this.tokens = tokens;
    }

    @GetMapping("/account")
    String show(SignedIn signedIn, Model model) {
        model.addAttribute("tokens", tokens.of(signedIn.person()));
        if (!model.containsAttribute("reach")) {
            model.addAttribute("reach", people.reach(signedIn.person()).orElse(new People.Reach(null, "zh")));
        }
        return "identity/account";
    }

    @PostMapping("/account/reach")
    String reach(
            SignedIn signedIn,
            @RequestParam String email,
            @RequestParam String language,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        try {
            people.reachAt(signedIn.person(), email, language);
        } catch (Refused refusal) {
            model.addAttribute("reach", new People.Reach(email, language));
            return refused(refusal, signedIn, model, response);
        }
        redirect.addFlashAttribute("done", Sentence.of("identity.person.reachSaved"));
        return "redirect:/account";
    }

    @PostMapping("/account/password")
    String changePassword(
            SignedIn signedIn,
            @RequestParam String current,
            @RequestParam String wanted,
            Model model,
            HttpServletResponse response) {
        try {
            people.changePassword(signedIn.person(), current, wanted);
        } catch (Refused refusal) {
            return refused(refusal, signedIn, model, response);
        }
        return "redirect:/sign-in?out";
    }

    @PostMapping("/account/tokens")
    String issue(
            SignedIn signedIn,
            @RequestParam String name,
            @RequestParam int days,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        try {
            redirect.addFlashAttribute("token", tokens.issue(signedIn.person(), name, days));
        } catch (Refused refusal) {
            return refused(refusal, signedIn, model, response);
        }
        return "redirect:/account";
    }

    @PostMapping("/account/tokens/{token}/revocation")
    String revoke(SignedIn signedIn, @PathVariable UUID token, RedirectAttributes redirect) {
        tokens.revoke(signedIn.person(), token);
        redirect.addFlashAttribute("done", Sentence.of("identity.token.revokedNow"));
        return "redirect:/account";
    }

    private String refused(Refused refusal, SignedIn signedIn, Model model, HttpServletResponse response) {
        model.addAttribute("refusal", refusal);
        response.setStatus(422);
        return show(signedIn, model);
    }
}
