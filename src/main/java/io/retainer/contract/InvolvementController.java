package io.retainer.contract;

import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.identity.Posted;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The third parties of a contract as client and provider see them. */
@Controller
@RequestMapping("/contracts/{contract}/life/third-parties")
class InvolvementController {

    private final Involvements involvements;
    private final Leaving leaving;
    private final ContractReading reading;
    private final ContractLife life;
    private final PartLinks links;
    private final Clock clock;

    InvolvementController(
            Involvements involvements,
            Leaving leaving,
            ContractReading reading,
            ContractLife life,
            PartLinks links,
            Clock clock) {
        this.involvements = involvements;
        this.leaving = leaving;
        this.links = links;
        this.reading = reading;
        this.life = life;
        this.clock = clock;
    }

    @GetMapping
    String list(Access access, Model model) {
        access.require(Capability.READ_CONTRACT);
        var contract = reading.current(access).contract();
        model.addAttribute("desk", involvements.desk(access));
        model.addAttribute("leaving", leaving.open(access));
        model.addAttribute("bound", links.isBound(access));
        model.addAttribute("awaited", links.isAwaited(access));
        model.addAttribute("sent", links.sent(access));
        model.addAttribute("reasons", links.reasons(access));
        model.addAttribute("contract", contract);
        model.addAttribute("named", ContractController.title(contract.title()));
        model.addAttribute(
                "versionInForce",
                life.versionAt(access.tenant(), access.contract(), clock.instant())
                        .orElse(null));
        return "contract/third-parties";
    }

    @PostMapping("/invitations")
    String invite(Access access, @RequestParam(defaultValue = "") String name, Posted posted) {
        return act(
                access,
                posted,
                Sentence.of("contract.involvement.invited", name),
                () -> involvements.invite(access, name));
    }

    @PostMapping("/{involvement}/duties/{duty}/certificate")
    String certify(
            Access access,
            @PathVariable UUID involvement,
            @PathVariable UUID duty,
            @RequestParam(defaultValue = "") String certificate,
            Posted posted) {
        return act(
                access,
                posted,
                new Sentence("contract.involvement.certified", List.of()),
                () -> involvements.certify(access, involvement, duty, certificate.strip()));
    }

    /** The supplement that lets it go on the day it wished. */
    @PostMapping("/{involvement}/leave-amendment")
    String draftLeaving(Access access, @PathVariable UUID involvement, Posted posted) {
        try {
            var id = leaving.draft(access, involvement);
            return posted.done(
                    new Sentence("contract.life.drafted", List.of()),
                    "redirect:/contracts/" + access.contract() + "/life/amendments/" + id);
        } catch (Refused refusal) {
            return posted.refused(refusal, () -> list(access, posted.model()));
        }
    }

    private String act(Access access, Posted posted, Sentence done, Runnable act) {
        return posted.answerOnPage(
                act,
                done,
                "redirect:/contracts/" + access.contract() + "/life/third-parties",
                () -> list(access, posted.model()));
    }
}
