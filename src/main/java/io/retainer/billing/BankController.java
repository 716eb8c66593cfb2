package io.retainer.billing;

import io.retainer.billing.BankLines.BankLine;
import io.retainer.identity.SignedIn;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Bank statements and the lines that no contract was found for. */
@Controller
@RequestMapping("/billing/bank")
class BankController {

    private static final String PAGE = "redirect:/billing/bank";

    private final BankImport bank;

    BankController(BankImport bank) {
        this.bank = bank;
    }

    @GetMapping
    String show(
            SignedIn person,
            @RequestParam(name = "organisation", required = false) @Nullable UUID wanted,
            @RequestParam(required = false) @Nullable UUID after,
            Model model) {
        UUID organisation;
        try {
            organisation = bank.organisation(person, wanted);
        } catch (Refused refusal) {
            model.addAttribute("nothing", refusal.sentence());
            return "billing/bank";
        }
        var page = bank.unmatched(organisation, after, PaymentReading.PAGE);
        model.addAttribute("organisation", organisation);
        model.addAttribute("organisations", bank.organisations(person));
        model.addAttribute("after", after);
        model.addAttribute("next", page.next());
        model.addAttribute("waiting", bank.waiting(organisation));
        model.addAttribute("unmatched", page.rows().stream().map(Queued::of).toList());
        model.addAttribute("settled", bank.settled(organisation));
        model.addAttribute("candidates", bank.candidates(person, organisation));
        return "billing/bank";
    }

    /** Back to the account that was worked on. */
    private static String page(@Nullable UUID organisation, RedirectAttributes redirect) {
        if (organisation != null) {
            redirect.addAttribute("organisation", organisation);
        }
        return PAGE;
    }

    /**
     * A line that waits for a person.
     *
     * @param why it was not matched, or null before that was tried
     */
    record Queued(BankLine line, @Nullable Sentence why) {

        static Queued of(BankLine line) {
            var reason = line.reason();
            boolean ours = reason != null && reason.startsWith("billing.bank.why.");
            return new Queued(
                    line, reason == null ? null : ours ? Sentence.of(reason) : Sentence.of("billing.bank.why.refused"));
        }
    }

    @PostMapping
    String take(
            SignedIn person,
            @RequestParam(required = false) @Nullable UUID organisation,
            @RequestParam MultipartFile file,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect)
            throws IOException {
        try {
            var name = file.getOriginalFilename();
            var outcome = bank.take(
                    person, organisation, name == null || name.isBlank() ? "statement.csv" : name, file.getBytes());
            redirect.addFlashAttribute(
                    "done",
                    Sentence.of(
                            "billing.bank.done",
                            outcome.taken(),
                            outcome.known(),
                            outcome.matched(),
                            outcome.unmatched(),
                            outcome.outgoing(),
                            outcome.bad().size()));
            redirect.addFlashAttribute("bad", outcome.bad());
        } catch (Refused refusal) {
            model.addAttribute("refusal", refusal);
            response.setStatus(422);
            return show(person, organisation, null, model);
        }
        return page(organisation, redirect);
    }

    @PostMapping("/{line}/contract")
    String assign(
            SignedIn person,
            @RequestParam(required = false) @Nullable UUID organisation,
            @PathVariable UUID line,
            @RequestParam String target,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        try {
            var parts = target.split("/", 2);
            bank.assign(
                    person,
                    organisation,
                    line,
                    UUID.fromString(parts[0]),
                    parts.length < 2 || parts[1].isEmpty() ? null : Integer.valueOf(parts[1]));
        } catch (IllegalArgumentException _) {
            throw Refused.field("target", "billing.bank.target");
        } catch (Refused refusal) {
            model.addAttribute("refusal", refusal);
            response.setStatus(422);
            return show(person, organisation, null, model);
        }
        redirect.addFlashAttribute("done", Sentence.of("billing.bank.assigned"));
        return page(organisation, redirect);
    }

    @PostMapping("/{line}/aside")
    String setAside(
            SignedIn person,
            @RequestParam(required = false) @Nullable UUID organisation,
            @PathVariable UUID line,
            @RequestParam String reason,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        try {
            bank.setAside(person, organisation, line, reason);
        } catch (Refused refusal) {
            model.addAttribute("refusal", refusal);
            response.setStatus(422);
            return show(person, organisation, null, model);
        }
        redirect.addFlashAttribute("done", Sentence.of("billing.bank.aside"));
        return page(organisation, redirect);
    }
}
