package io.retainer.contract;

import io.retainer.identity.SignedIn;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.UUID;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** The pages of the companies' seals. */
@Controller
@RequestMapping("/seals")
class SealController {

    private final SealRegister seals;

    SealController(SealRegister seals) {
        this.seals = seals;
    }

    @GetMapping
    String list(SignedIn signedIn, Model model) {
        model.addAttribute("shelves", seals.shelves(signedIn.person()));
        model.addAttribute("kinds", Seal.Kind.values());
        model.asMap().putIfAbsent("typed", "");
        return "contract/seals";
    }

    @PostMapping
    String grant(
            SignedIn signedIn,
            @RequestParam UUID organisation,
            @RequestParam Seal.Kind kind,
            @RequestParam(defaultValue = "") String name,
            @RequestParam UUID keeper,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        try {
            var id = seals.grant(signedIn.person(), null, organisation, kind, name, keeper);
            redirect.addFlashAttribute("done", new Sentence("contract.seal.granted", List.of()));
            return "redirect:/seals/" + organisation + "/" + id;
        } catch (Refused refusal) {
            model.addAttribute("refusal", refusal);
            model.addAttribute("typed", name);
            response.setStatus(refusal.status());
            return list(signedIn, model);
        }
    }

    @GetMapping("/{organisation}/{id}")
    String show(SignedIn signedIn, @PathVariable UUID organisation, @PathVariable UUID id, Model model) {
        model.addAttribute("story", seals.story(signedIn.person(), organisation, id));
        model.addAttribute("staff", seals.staff(organisation));
        model.asMap().putIfAbsent("typed", "");
        return "contract/seal";
    }

    @PostMapping("/{organisation}/{id}/handover")
    String handOver(
            SignedIn signedIn,
            @PathVariable UUID organisation,
            @PathVariable UUID id,
            @RequestParam UUID keeper,
            @RequestParam(defaultValue = "") String reason,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        return act(
                signedIn,
                organisation,
                id,
                reason,
                "contract.seal.handedOver",
                model,
                response,
                redirect,
                () -> seals.handOver(signedIn.person(), organisation, id, keeper, reason));
    }

    @PostMapping("/{organisation}/{id}/revocation")
    String revoke(
            SignedIn signedIn,
            @PathVariable UUID organisation,
            @PathVariable UUID id,
            @RequestParam(defaultValue = "") String reason,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        return act(
                signedIn,
                organisation,
                id,
                reason,
                "contract.seal.revoked",
                model,
                response,
                redirect,
                () -> seals.revoke(signedIn.person(), organisation, id, reason));
    }

    private String act(
            SignedIn signedIn,
            UUID organisation,
            UUID id,
            String typed,
            String done,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect,
            Runnable act) {
        try {
            act.run();
        } catch (Refused refusal) {
            model.addAttribute("refusal", refusal);
            model.addAttribute("typed", typed);
            response.setStatus(refusal.status());
            return show(signedIn, organisation, id, model);
        }
        redirect.addFlashAttribute("done", new Sentence(done, List.of()));
        return "redirect:/seals/" + organisation + "/" + id;
    }
}
