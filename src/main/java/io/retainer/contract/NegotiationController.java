package io.retainer.contract;

import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.identity.Posted;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Texts;
import io.retainer.kernel.Unknown;
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

/** The pages on which a draft is talked about. A refused form keeps what was typed. */
@Controller
@RequestMapping("/contracts/{contract}/negotiation")
class NegotiationController {

    private final Negotiation negotiation;

    NegotiationController(Negotiation negotiation) {
        this.negotiation = negotiation;
    }

    /** Which clauses to show. */
    enum Show {
        DISCUSSED,
        OPEN,
        ALL
    }

    @GetMapping
    String board(
            Access access,
            @RequestParam(defaultValue = "") String q,
            @RequestParam(required = false) @Nullable Show show,
            Model model,
            Locale locale) {
        var board = negotiation.board(access);
        var texts = Texts.in(locale);
        var nothing = board.lines().stream().allMatch(line -> line.talk().last() == null);
        var which = show == null ? (nothing || !q.isBlank() ? Show.ALL : Show.DISCUSSED) : show;
        var wanted = q.strip().toLowerCase(Locale.ROOT);
        frame(access, board.contract(), model);
        model.addAttribute(
                "lines",
                board.lines().stream()
                        .filter(line -> switch (which) {
                            case DISCUSSED -> line.talk().last() != null;
                            case OPEN -> line.talk().open() > 0;
                            case ALL -> true;
                        })
                        .filter(line -> wanted.isEmpty()
                                || (line.clause().id() + " "
                                                + texts.say(line.clause().title()) + " " + line.words())
                                        .toLowerCase(Locale.ROOT)
                                        .contains(wanted))
                        .toList());
        model.addAttribute("open", board.open());
        model.addAttribute("versions", board.versions());
        model.addAttribute("q", q);
        model.addAttribute("show", which);
        model.addAttribute("shows", Show.values());
        return "contract/negotiation";
    }

    @GetMapping("/differences")
    String differences(
            Access access,
            @RequestParam(required = false) @Nullable Integer from,
            @RequestParam(required = false) @Nullable Integer to,
            Model model) {
        var compared = negotiation.compare(access, from, to);
        frame(access, compared.contract(), model);
        model.addAttribute("versions", compared.versions());
        model.addAttribute("difference", compared.difference());
        return "contract/differences";
    }

    @GetMapping("/{clause}")
    String clause(
            Access access,
            @PathVariable String clause,
            @RequestParam(required = false) @Nullable UUID before,
            Model model) {
        return page(access, clause(clause), before, model, Map.of());
    }

    /** @param typed what was typed into a refused form */
    private String page(Access access, Clause clause, @Nullable UUID before, Model model, Map<String, String> typed) {
        var thread = negotiation.thread(access, clause, before);
        frame(access, thread.contract(), model);
        model.addAttribute("thread", thread);
        model.addAttribute("before", before);
        model.addAttribute("typed", typed);
        model.addAttribute(
                "terms",
                Negotiation.termsOf(clause).stream()
                        .map(key -> thread.version().terms().get(key))
                        .toList());
        return "contract/discussion";
    }

    private static void frame(Access access, Contract contract, Model model) {
        boolean open = contract.state().isPreparing();
        model.addAttribute("contract", contract);
        model.addAttribute("named", ContractController.title(contract.title()));
        model.addAttribute("negotiable", open);
        model.addAttribute("proposing", open && access.may(Capability.EDIT_TERMS));
    }

    static Clause clause(String id) {
        try {
            return Clause.of(id);
        } catch (IllegalArgumentException none) {
            throw new Unknown("clause " + id);
        }
    }

    @PostMapping("/{clause}/comments")
    String comment(
            Access access, @PathVariable String clause, @RequestParam(defaultValue = "") String words, Posted posted) {
        return act(
                access,
                clause(clause),
                "contract.negotiation.commented",
                Map.of("words", words),
                posted,
                () -> negotiation.comment(access, null, clause(clause), words));
    }

    @PostMapping("/{clause}/proposals")
    String propose(
            Access access,
            @PathVariable String clause,
            @RequestParam(defaultValue = "") String term,
            @RequestParam(defaultValue = "") String after,
            @RequestParam(defaultValue = "") String reason,
            @RequestParam int version,
            Posted posted) {
        return act(
                access,
                clause(clause),
                "contract.negotiation.proposed",
                Map.of("term", term, "after", after, "reason", reason),
                posted,
                () -> negotiation.propose(
                        access,
                        null,
                        new Negotiation.Wanted(
                                clause(clause), term.isEmpty() ? null : ContractController.key(term), after, reason),
                        version));
    }

    @PostMapping("/{clause}/proposals/{id}/acceptance")
    String accept(
            Access access,
            @PathVariable String clause,
            @PathVariable UUID id,
            @RequestParam int version,
            Posted posted) {
        return act(
                access,
                clause(clause),
                "contract.negotiation.accepted",
                Map.of(),
                posted,
                () -> negotiation.accept(access, id, version));
    }

    @PostMapping("/{clause}/proposals/{id}/rejection")
    String reject(
            Access access,
            @PathVariable String clause,
            @PathVariable UUID id,
            @RequestParam(defaultValue = "") String answer,
            Posted posted) {
        return act(
                access,
                clause(clause),
                "contract.negotiation.rejected",
                Map.of("answer", answer),
                posted,
                () -> negotiation.reject(access, id, answer));
    }

    @PostMapping("/{clause}/proposals/{id}/withdrawal")
    String withdraw(Access access, @PathVariable String clause, @PathVariable UUID id, Posted posted) {
        return act(
                access,
                clause(clause),
                "contract.negotiation.withdrawn",
                Map.of(),
                posted,
                () -> negotiation.withdraw(access, id));
    }

    private String act(
            Access access, Clause clause, String done, Map<String, String> typed, Posted posted, Runnable act) {
        posted.redirect().addAttribute("contract", access.contract());
        posted.redirect().addAttribute("clause", clause.id());
        return posted.answerOnPage(
                act,
                new Sentence(done, List.of()),
                "redirect:/contracts/{contract}/negotiation/{clause}",
                () -> page(access, clause, null, posted.model(), typed));
    }
}
