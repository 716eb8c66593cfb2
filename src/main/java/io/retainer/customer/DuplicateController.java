package io.retainer.customer;

import io.retainer.identity.Access;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import io.retainer.matching.Answer;
import io.retainer.matching.Band;
import jakarta.servlet.http.HttpServletResponse;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Duplicates: the search, the pairs side by side, and what was merged. */
@Controller
@RequestMapping("/contracts/{contract}/duplicates")
class DuplicateController {

    private static final String LIST = "redirect:/contracts/{contract}/duplicates";
    private static final String REVIEW = "redirect:/contracts/{contract}/duplicates/review";
    private static final int PAGE = 20;
    private static final String TAKE = "take.";

    private final Duplicates duplicates;
    private final Merges merges;
    private final Customers customers;

    DuplicateController(Duplicates duplicates, Merges merges, Customers customers) {
        this.duplicates = duplicates;
        this.merges = merges;
        this.customers = customers;
    }

    @GetMapping
    String list(
            Access access,
            @RequestParam(defaultValue = "REVIEW") Band band,
            @RequestParam(defaultValue = "0") int skip,
            Model model) {
        int from = Math.clamp(skip, 0, 1_000_000);
        var pairs = duplicates.list(access, band, from, PAGE + 1);
        model.addAttribute("overview", duplicates.overview(access));
        model.addAttribute("band", band);
        model.addAttribute("bands", Band.values());
        model.addAttribute("more", pairs.size() > PAGE);
        model.addAttribute("pairs", pairs.subList(0, Math.min(PAGE, pairs.size())));
        model.addAttribute("skip", from);
        model.addAttribute("step", PAGE);
        var newest = merges.newest(access, PAGE);
        model.addAttribute("merges", newest);
        model.addAttribute(
                "names",
                customers
                        .some(
                                access,
                                newest.stream()
                                        .map(Merges.Merge::survivor)
                                        .distinct()
                                        .toList())
                        .stream()
                        .collect(Collectors.toMap(CustomerPage.Line::id, CustomerPage.Line::name)));
        return "customer/duplicates";
    }

    @GetMapping("/progress")
    String progress(Access access, Model model, HttpServletResponse response) {
        var overview = duplicates.overview(access);
        model.addAttribute("overview", overview);
        var run = overview.run();
        if (run == null || !run.state().running()) {
            // What it found stands on the rest of the page.
            response.setHeader("HX-Refresh", "true");
        }
        return "customer/duplicates :: progress";
    }

    @PostMapping
    String start(Access access) {
        duplicates.start(access);
        return LIST;
    }

    @PostMapping("/{run}/stop")
    String stop(Access access, @PathVariable UUID run) {
        duplicates.stop(access, run);
        return LIST;
    }

    @PostMapping("/sure")
    String mergeSure(Access access, RedirectAttributes redirect) {
        duplicates.mergeSure(access);
        redirect.addFlashAttribute("done", Sentence.of("customer.duplicates.merging"));
        return LIST;
    }

    /** One pair after the other, by keyboard. */
    @GetMapping("/review")
    String review(Access access, @RequestParam(defaultValue = "0") int place, Model model) {
        model.addAttribute("question", duplicates.question(access, place).orElse(null));
        return "customer/review";
    }

    @GetMapping("/pairs/{pair}")
    String pair(Access access, @PathVariable UUID pair, Model model) {
        model.addAttribute("question", duplicates.question(access, pair));
        return "customer/review";
    }

    @PostMapping("/pairs/{pair}")
    String answer(
            Access access,
            @PathVariable UUID pair,
            @RequestParam Answer answer,
            @RequestParam(defaultValue = "0") int place,
            @RequestParam Map<String, String> form,
            RedirectAttributes redirect) {
        var chosen = new HashMap<String, UUID>();
        form.forEach((name, value) -> {
            if (name.startsWith(TAKE)) {
                chosen.put(name.substring(TAKE.length()), id(name, value));
            }
        });
        var merge = duplicates.answer(access, pair, answer, chosen);
        redirect.addFlashAttribute(
                "done",
                Sentence.of(
                        merge != null
                                ? "customer.duplicates.said.SAME"
                                : answer == Answer.DIFFERENT
                                        ? "customer.duplicates.said.DIFFERENT"
                                        : "customer.duplicates.said.CANNOT_SAY"));
        redirect.addAttribute("place", place);
        return REVIEW;
    }

    private static UUID id(String field, String value) {
        try {
            return UUID.fromString(value);
        } catch (IllegalArgumentException e) {
            throw Refused.field(field, "customer.merge.choice");
        }
    }

    @PostMapping("/undo")
    String undo(Access access, RedirectAttributes redirect) {
        var pair = duplicates.undo(access);
        redirect.addFlashAttribute("done", Sentence.of("customer.duplicates.takenBack"));
        redirect.addAttribute("pair", pair);
        return "redirect:/contracts/{contract}/duplicates/pairs/{pair}";
    }

    @PostMapping("/merges/{merge}/undo")
    String part(Access access, @PathVariable UUID merge, RedirectAttributes redirect) {
        duplicates.part(access, merge);
        redirect.addFlashAttribute("done", Sentence.of("customer.merge.parted"));
        return LIST;
    }
}
