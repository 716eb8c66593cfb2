package io.retainer.contract;

import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.ui.Model;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** What the pages have in common on which somebody signs who has no account but a link. */
final class LinkPage {

    private LinkPage() {}

    /** Sends a link, or says why not beside what was typed. */
    static void invite(String name, String email, RedirectAttributes redirect, Runnable sending) {
        try {
            sending.run();
            redirect.addFlashAttribute("done", new Sentence("contract.link.sent", List.of()));
        } catch (Refused refusal) {
            redirect.addFlashAttribute("linkRefusal", refusal.sentence());
            redirect.addFlashAttribute("linkName", name);
            redirect.addFlashAttribute("linkEmail", email);
        }
    }

    /**
     * @param agreed the version whose way of signing holds
     * @param self its address, which is a secret: nobody keeps it, finds it or hears of it from where one goes next
     */
    static void show(
            Contract contract,
            ContractVersion agreed,
            boolean coded,
            String self,
            Model model,
            HttpServletResponse response) {
        model.addAttribute("named", ContractController.title(contract.title()));
        model.addAttribute("modes", SignatureMode.values());
        model.addAttribute("agreedMode", agreed.terms().choice(TermKey.SIGN_MODE, TermKey.SignMode.class));
        model.addAttribute("coded", coded);
        model.addAttribute("self", self);
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        response.setHeader("X-Robots-Tag", "noindex");
        response.setHeader("Referrer-Policy", "no-referrer");
    }
}
