package io.retainer.complaint;

import io.retainer.identity.Access;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import jakarta.servlet.http.HttpServletResponse;
import java.util.UUID;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Whose complaint it is. What is looked for is posted, so that nothing personal gets into an address. */
@Controller
@RequestMapping("/contracts/{contract}/complaints/{complaint}/customer")
class LinkController {

    private static final int REFUSED = 422;

    private final Linking linking;

    LinkController(Linking linking) {
        this.linking = linking;
    }

    @GetMapping
    String show(Access access, @PathVariable UUID complaint, Model model) {
        model.addAttribute("page", linking.page(access, complaint));
        model.addAttribute("complaint", complaint);
        return "complaint/customer";
    }

    @PostMapping
    String search(
            Access access,
            @PathVariable UUID complaint,
            @RequestParam(defaultValue = "") String q,
            Model model,
            HttpServletResponse response) {
        model.addAttribute("q", q.strip());
        try {
            model.addAttribute("found", linking.found(access, q));
        } catch (Refused refusal) {
            model.addAttribute("refusal", refusal);
            response.setStatus(REFUSED);
        }
        return show(access, complaint, model);
    }

    @PostMapping("/new")
    String make(
            Access access,
            @PathVariable UUID complaint,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        try {
            linking.make(access, complaint);
        } catch (Refused refusal) {
            model.addAttribute("refusal", refusal);
            response.setStatus(REFUSED);
            return show(access, complaint, model);
        }
        redirect.addFlashAttribute("done", Sentence.of("complaint.link.made"));
        return "redirect:/contracts/{contract}/complaints/{complaint}";
    }
}
