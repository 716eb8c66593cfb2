package io.retainer.customer;

import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Texts;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
import tools.jackson.databind.json.JsonMapper;

/** The pages of segments: the rule edited step by step, who fits and why, and how segments overlap. */
@Controller
@RequestMapping("/contracts/{contract}/segments")
class SegmentController {

    private static final String LIST = "redirect:/contracts/{contract}/segments";
    private static final String SHOW = "redirect:/contracts/{contract}/segments/{segment}";
    private static final int PAGE = 50;
    private static final int CHOICES = 100;
    private static final int REFUSED = 422;

    private final Segments segments;
    private final JsonMapper json;

    SegmentController(Segments segments, JsonMapper json) {
        this.segments = segments;
        this.json = json;
    }

    @GetMapping
    String list(
            Access access,
            @RequestParam(defaultValue = "") String q,
            @RequestParam(required = false) @Nullable UUID before,
            Model model) {
        model.addAttribute("page", segments.page(access, q, before, PAGE));
        model.addAttribute("q", q.strip());
        model.addAttribute("later", before != null);
        return "customer/segments";
    }

    /** @param search from the list of customers, to be kept as a rule; or empty */
    @PostMapping
    String make(
            Access access,
            @RequestParam String name,
            @RequestParam(defaultValue = "false") boolean list,
            @RequestParam(defaultValue = "") String search,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        try {
            var rule = list ? null : search.isBlank() ? new Rule.All(List.of()) : segments.rule(access, search);
            redirect.addAttribute("segment", segments.make(access, name, rule));
            redirect.addFlashAttribute("done", Sentence.of("customer.segment.made"));
            return SHOW;
        } catch (Refused refusal) {
            model.addAttribute("refusal", refusal);
            model.addAttribute("name", name);
            response.setStatus(REFUSED);
            return list(access, "", null, model);
        }
    }

    /**
     * @param at the group to which a rule of this kind is to be added
     * @param kind which form to show, or null
     */
    @GetMapping("/{segment}")
    String show(
            Access access,
            @PathVariable UUID segment,
            @RequestParam(required = false) @Nullable UUID before,
            @RequestParam(defaultValue = "") String at,
            @RequestParam(required = false) RuleForm.@Nullable Kind kind,
            Model model) {
        var found = segments.segment(access, segment);
        var vocabulary = segments.vocabulary(access);
        model.addAttribute("segment", found);
        model.addAttribute("size", segments.size(access, segment));
        model.addAttribute("page", segments.customers(access, segment, before, PAGE));
        model.addAttribute("later", before != null);
        model.addAttribute("vocabulary", vocabulary);
        var rule = found.rule();
        if (rule != null) {
            model.addAttribute("node", RuleNode.of(rule, vocabulary.words()));
        }
        model.addAttribute("at", at);
        model.addAttribute("kind", kind);
        model.addAttribute("kinds", RuleForm.Kind.values());
        model.addAttribute("limits", Rule.Limit.values());
        model.addAttribute("measures", Rule.Measure.values());
        model.addAttribute("tests", Rule.Test.values());
        model.addAttribute("customerKinds", CustomerKind.values());
        model.addAttribute("contacts", ContactKind.values());
        model.addAttribute("purposes", DataPurpose.values());
        model.addAttribute("channels", Channel.values());
        return "customer/segment";
    }

    @PostMapping("/{segment}/rules")
    String add(
            Access access,
            @PathVariable UUID segment,
            @RequestParam int version,
            @RequestParam String at,
            @RequestParam RuleForm.Kind kind,
            RuleForm form,
            Model model,
            HttpServletResponse response) {
        try {
            var place = RuleTree.place(at);
            var rule = form.rule(kind);
            segments.change(access, segment, version, root -> RuleTree.add(root, place, rule));
            return SHOW;
        } catch (Refused refusal) {
            model.addAttribute("refusal", refusal);
            model.addAttribute("typed", form);
            response.setStatus(REFUSED);
            return show(access, segment, null, at, kind, model);
        }
    }

    /** What is done to a rule that is there. */
    enum Step {
        REMOVE,
        NEGATE,
        TURN
    }

    @PostMapping("/{segment}/rules/step")
    String step(
            Access access,
            @PathVariable UUID segment,
            @RequestParam int version,
            @RequestParam String at,
            @RequestParam Step step) {
        var place = RuleTree.place(at);
        segments.change(access, segment, version, root -> switch (step) {
            case REMOVE -> RuleTree.remove(root, place);
            case NEGATE -> RuleTree.negate(root, place);
            case TURN -> RuleTree.turn(root, place);
        });
        return SHOW;
    }

    @PostMapping("/{segment}/name")
    String rename(
            Access access,
            @PathVariable UUID segment,
            @RequestParam int version,
            @RequestParam String name,
            Model model,
            HttpServletResponse response) {
        try {
            segments.rename(access, segment, version, name);
            return SHOW;
        } catch (Refused refusal) {
            model.addAttribute("refusal", refusal);
            response.setStatus(REFUSED);
            return show(access, segment, null, "", null, model);
        }
    }

    @PostMapping("/{segment}/removal")
    String remove(Access access, @PathVariable UUID segment, RedirectAttributes redirect) {
        segments.remove(access, segment);
        redirect.addFlashAttribute("done", Sentence.of("customer.segment.removed"));
        return LIST;
    }

    @PostMapping("/{segment}/members")
    String put(
            Access access,
            @PathVariable UUID segment,
            @RequestParam String customers,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        try {
            int added = segments.put(access, segment, List.of(customers.split("[\\s,，;；、]+")));
            redirect.addFlashAttribute("done", Sentence.of("customer.segment.put", added));
            return SHOW;
        } catch (Refused refusal) {
            model.addAttribute("refusal", refusal);
            response.setStatus(REFUSED);
            return show(access, segment, null, "", null, model);
        }
    }

    @PostMapping("/{segment}/members/{customer}/removal")
    String take(Access access, @PathVariable UUID segment, @PathVariable UUID customer) {
        segments.take(access, segment, customer);
        return SHOW;
    }

    @PostMapping("/{segment}/list")
    String keep(
            Access access,
            @PathVariable UUID segment,
            @RequestParam String name,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        try {
            var list = segments.keep(access, segment, name);
            redirect.addAttribute("list", list);
            redirect.addFlashAttribute("done", Sentence.of("customer.segment.kept"));
            return "redirect:/contracts/{contract}/segments/{list}";
        } catch (Refused refusal) {
            model.addAttribute("refusal", refusal);
            response.setStatus(REFUSED);
            return show(access, segment, null, "", null, model);
        }
    }

    @GetMapping("/{segment}/customers/{customer}")
    String why(Access access, @PathVariable UUID segment, @PathVariable UUID customer, Model model) {
        model.addAttribute("segment", segments.segment(access, segment));
        model.addAttribute("reason", segments.why(access, segment, customer));
        model.addAttribute("customer", customer);
        return "customer/why";
    }

    /** @param s the segments to compare; with fewer than two there is only the choice */
    @GetMapping("/overlap")
    String overlap(
            Access access,
            @RequestParam(required = false) @Nullable List<UUID> s,
            Locale locale,
            Model model,
            HttpServletResponse response) {
        access.require(Capability.READ_CUSTOMERS);
        var chosen = s == null ? List.<UUID>of() : s;
        model.addAttribute("chosen", chosen);
        model.addAttribute("segments", segments.page(access, "", null, CHOICES).segments());
        if (chosen.size() > 1) {
            try {
                var overlap = segments.overlap(access, chosen);
                model.addAttribute("overlap", overlap);
                model.addAttribute("chart", json.writeValueAsString(chart(overlap, Texts.in(locale))));
            } catch (Refused refusal) {
                model.addAttribute("refusal", refusal);
                response.setStatus(REFUSED);
            }
        }
        return "customer/overlap";
    }

    /** A bar for each combination that has customers, as an UpSet plot has it; the table below names them. */
    private static Map<String, Object> chart(Segments.Overlap overlap, Texts texts) {
        var names = new ArrayList<String>();
        var counts = new ArrayList<Long>();
        for (var part : overlap.parts()) {
            names.add(letters(part));
            counts.add(part.customers());
        }
        return Map.of(
                "aria", Map.of("enabled", true),
                "tooltip", Map.of("trigger", "axis"),
                "grid", Map.of("left", 56, "right", 16, "top", 24, "bottom", 48),
                "xAxis",
                        Map.of(
                                "type",
                                "category",
                                "name",
                                texts.say("customer.segment.parts"),
                                "nameLocation",
                                "middle",
                                "nameGap",
                                28,
                                "data",
                                names),
                "yAxis", Map.of("type", "value", "minInterval", 1),
                "series",
                        List.of(Map.of(
                                "type",
                                "bar",
                                "barMaxWidth",
                                48,
                                "label",
                                Map.of("show", true, "position", "top"),
                                "data",
                                counts)));
    }

    /** The first segment is A, the second B… */
    static String letters(Segments.Overlap.Part part) {
        var letters = new StringBuilder();
        for (int i = 0; i < part.in().size(); i++) {
            if (part.in().get(i)) {
                letters.append((char) ('A' + i));
            }
        }
        return letters.toString();
    }
}
