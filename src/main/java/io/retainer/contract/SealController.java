package io.retainer.contract;

import io.retainer.identity.Posted;
import io.retainer.identity.SignedIn;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import java.util.List;
import java.util.UUID;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

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
            Posted posted) {
        try {
            var id = seals.grant(signedIn.person(), null, organisation, kind, name, keeper);
            return posted.done(new Sentence("contract.seal.granted", List.of()), seal(organisation, id));
        } catch (Refused refusal) {
            posted.model().addAttribute("typed", name);
            return posted.refused(refusal, () -> list(signedIn, posted.model()));
        }
    }

    private static String seal(UUID organisation, UUID id) {
        return "redirect:/seals/" + organisation + "/" + id;
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
            Posted posted) {
        return act(
                signedIn,
                organisation,
                id,
                reason,
                "contract.seal.handedOver",
                posted,
                () -> seals.handOver(signedIn.person(), organisation, id, keeper, reason));
    }

    @PostMapping("/{organisation}/{id}/revocation")
    String revoke(
            SignedIn signedIn,
            @PathVariable UUID organisation,
            @PathVariable UUID id,
            @RequestParam(defaultValue = "") String reason,
            Posted posted) {
        return act(
                signedIn,
                organisation,
                id,
                reason,
                "contract.seal.revoked",
                posted,
                () -> seals.revoke(signedIn.person(), organisation, id, reason));
    }

    private String act(
            SignedIn signedIn, UUID organisation, UUID id, String typed, String done, Posted posted, Runnable act) {
        return posted.answerOnPage(act, new Sentence(done, List.of()), seal(organisation, id), () -> {
            posted.model().addAttribute("typed", typed);
            return show(signedIn, organisation, id, posted.model());
        });
    }
}
