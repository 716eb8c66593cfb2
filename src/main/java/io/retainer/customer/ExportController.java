package io.retainer.customer;

import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Texts;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Lists of customers on their way out, and the record of them. */
@Controller
class ExportController {

    private static final String LIST = "redirect:/contracts/{contract}/exports";
    private static final int PAGE = 50;
    private static final int REFUSED = 422;

    private final Exports exports;
    private final Segments segments;

    ExportController(Exports exports, Segments segments) {
        this.exports = exports;
        this.segments = segments;
    }

    @GetMapping("/contracts/{contract}/exports")
    String list(Access access, @RequestParam(required = false) @Nullable UUID before, Model model) {
        var found = exports.entries(access, before, PAGE + 1);
        boolean more = found.size() > PAGE;
        var page = more ? found.subList(0, PAGE) : found;
        model.addAttribute("exports", page);
        model.addAttribute("before", more ? page.getLast().id() : null);
        model.addAttribute("later", before != null);
        model.addAttribute("guards", access.may(Capability.GUARD_DATA));
        return "customer/exports";
    }

    @GetMapping("/contracts/{contract}/segments/{segment}/export")
    String form(Access access, @PathVariable UUID segment, Model model) {
        model.addAttribute("segment", segments.segment(access, segment));
        model.addAttribute("size", segments.size(access, segment));
        model.addAttribute("purposes", DataPurpose.values());
        model.addAttribute("reveals", access.may(Capability.REVEAL));
        return "customer/export";
    }

    @PostMapping("/contracts/{contract}/segments/{segment}/export")
    String ask(
            Access access,
            @PathVariable UUID segment,
            @RequestParam(defaultValue = "true") boolean masked,
            @RequestParam DataPurpose purpose,
            @RequestParam String reason,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        try {
            exports.ask(access, segment, masked, purpose, reason);
        } catch (Refused refusal) {
            model.addAttribute("refusal", refusal);
            model.addAttribute("reason", reason);
            response.setStatus(REFUSED);
            return form(access, segment, model);
        }
        redirect.addFlashAttribute("done", Sentence.of(masked ? "customer.export.ready" : "customer.export.asked"));
        return LIST;
    }

    @PostMapping("/contracts/{contract}/exports/{export}/decision")
    String decide(
            Access access, @PathVariable UUID export, @RequestParam boolean permitted, RedirectAttributes redirect) {
        exports.decide(access, export, permitted);
        redirect.addFlashAttribute(
                "done", Sentence.of(permitted ? "customer.export.permitted" : "customer.export.denied"));
        return LIST;
    }

    /** A list in the clear is given out by this once; it is a POST so that no link can do it. */
    @PostMapping("/contracts/{contract}/exports/{export}/customers.csv")
    void hand(Access access, @PathVariable UUID export, Locale locale, HttpServletResponse response)
            throws IOException {
        var handed = exports.hand(access, export);
        response.setContentType("text/csv;charset=UTF-8");
        response.setHeader("Cache-Control", "no-store");
        response.setHeader(
                "Content-Disposition",
                "attachment; filename=\"customers-%d.csv\""
                        .formatted(handed.export().number()));
        exports.write(access, handed, Texts.in(locale), response.getWriter());
    }
}
