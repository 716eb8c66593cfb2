package io.retainer.customer;

import io.retainer.customer.Quality.Measure;
import io.retainer.customer.Quality.Work;
import io.retainer.identity.Access;
import io.retainer.kernel.Sentence;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** How good the data is, and the lists of what to do about it. */
@Controller
@RequestMapping("/contracts/{contract}/quality-of-data")
class QualityController {

    private static final int PAGE = 50;

    private final Quality quality;

    QualityController(Quality quality) {
        this.quality = quality;
    }

    @GetMapping
    String show(Access access, @RequestParam(defaultValue = "COMPLETE") Measure measure, Model model) {
        model.addAttribute("measure", measure);
        model.addAttribute("measures", Measure.values());
        model.addAttribute("report", quality.report(access));
        model.addAttribute("works", Work.values());
        return "customer/quality";
    }

    @PostMapping
    String measure(Access access, RedirectAttributes redirect) {
        quality.start(access);
        redirect.addFlashAttribute("done", Sentence.of("customer.quality.measuring"));
        return "redirect:/contracts/{contract}/quality-of-data";
    }

    @GetMapping("/{work}")
    String work(
            Access access,
            @PathVariable Work work,
            @RequestParam(required = false) @Nullable UUID before,
            Model model) {
        model.addAttribute("work", work);
        model.addAttribute("page", quality.work(access, work, before, PAGE));
        model.addAttribute("later", before != null);
        return "customer/quality-work";
    }
}
