package io.retainer.liability;

import io.retainer.contract.ContractLife;
import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.identity.Posted;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Texts;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.format.annotation.DateTimeFormat;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The pages of breach cases. */
@Controller
@RequestMapping("/contracts/{contract}/liability")
class BreachController {

    private static final String SHOW = "redirect:/contracts/{contract}/liability/{breach}";
    private static final int CREDIT_ROWS = 3;
    private static final int PAGE = 50;

    private final BreachCases cases;
    private final SetOffs setOffs;
    private final ContractLife contracts;
    private final Clock clock;

    BreachController(BreachCases cases, SetOffs setOffs, ContractLife contracts, Clock clock) {
        this.cases = cases;
        this.setOffs = setOffs;
        this.contracts = contracts;
        this.clock = clock;
    }

    /** Which cases a list shows. */
    enum View {
        OPEN,
        CLOSED,
        ALL;

        List<BreachState> states() {
            return Stream.of(BreachState.values())
                    .filter(state -> this == ALL || state.isOpen() == (this == OPEN))
                    .toList();
        }
    }

    @GetMapping
    String list(
            Access access,
            @RequestParam(defaultValue = "") String q,
            @RequestParam(defaultValue = "ALL") View view,
            @RequestParam(required = false) @Nullable Integer before,
            Locale locale,
            Model model) {
        return list(access, q.strip(), view, before, locale, model, Map.of());
    }

    private String list(
            Access access,
            String q,
            View view,
            @Nullable Integer before,
            Locale locale,
            Model model,
            Map<String, String> typed) {
        var page = cases.page(access, new BreachRows.Filter(q, named(q, locale), view.states()), before, PAGE);
        model.addAttribute("page", page);
        model.addAttribute("q", q);
        model.addAttribute("view", view);
        model.addAttribute("views", View.values());
        model.addAttribute("later", before != null);
        var counts = new EnumMap<View, Long>(View.class);
        for (var counted : View.values()) {
            counts.put(
                    counted,
                    counted.states().stream()
                            .mapToLong(state -> page.counts().getOrDefault(state, 0L))
                            .sum());
        }
        model.addAttribute("counts", counts);
        model.addAttribute("named", named(access));
        model.addAttribute(
                "rules", access.party() == Party.CLIENT ? List.of(BreachRule.values()) : List.of(BreachRule.OTHER));
        model.addAttribute(
                "mayFile",
                access.may(Capability.ASSERT_RIGHT)
                        && contracts
                                .versionAt(access.tenant(), access.contract(), clock.instant())
                                .isPresent());
        model.addAttribute("typed", typed);
        return "liability/list";
    }

    /** What people call them on the page they search on. */
    private static List<BreachRule> named(String q, Locale locale) {
        var texts = Texts.in(locale);
        var wanted = q.toLowerCase(locale);
        return Stream.of(BreachRule.values())
                .filter(rule -> !q.isEmpty()
                        && (texts.name(rule).toLowerCase(locale).contains(wanted)
                                || rule.clause().id().toLowerCase(locale).contains(wanted)))
                .toList();
    }

    private Sentence named(Access access) {
        var title = contracts
                .titles(List.of(access.tenant()), List.of(access.contract()))
                .getOrDefault(access.contract(), "");
        return title.isBlank() ? Sentence.of("contract.untitled") : Sentence.of("contract.titled", title);
    }

    @PostMapping
    String file(
            Access access,
            @RequestParam BreachRule rule,
            @RequestParam @DateTimeFormat(iso = DateTimeFormat.ISO.DATE) LocalDate happenedOn,
            @RequestParam @DateTimeFormat(iso = DateTimeFormat.ISO.DATE) LocalDate knownOn,
            @RequestParam(defaultValue = "") String words,
            @RequestParam(defaultValue = "") String thirdName,
            Locale locale,
            Posted posted) {
        return posted.answerOnPage(
                () -> {
                    var breach =
                            cases.file(access, new BreachCases.NewBreach(rule, happenedOn, knownOn, words, thirdName));
                    posted.redirect().addAttribute("breach", breach);
                },
                Sentence.of("liability.done.file"),
                SHOW,
                () -> list(
                        access,
                        "",
                        View.ALL,
                        null,
                        locale,
                        posted.model(),
                        Map.of(
                                "rule", rule.name(),
                                "happenedOn", happenedOn.toString(),
                                "knownOn", knownOn.toString(),
                                "words", words,
                                "thirdName", thirdName)));
    }

    @GetMapping("/{breach}")
    String show(Access access, @PathVariable UUID breach, Model model) {
        return show(access, breach, model, new FindingForm(new LinkedMultiValueMap<>()), "");
    }

    private String show(Access access, UUID id, Model model, FindingForm form, String words) {
        var whole = cases.whole(access, id);
        var breach = whole.breach();
        boolean asserts = access.may(Capability.ASSERT_RIGHT);
        boolean claimant = access.party() == breach.claimant();
        model.addAttribute("whole", whole);
        model.addAttribute("breach", breach);
        model.addAttribute("named", named(access));
        model.addAttribute("form", form);
        model.addAttribute("words", words);
        model.addAttribute("today", LocalDate.ofInstant(clock.instant(), BreachCase.ZONE));
        model.addAttribute("creditRows", CREDIT_ROWS);
        model.addAttribute("defences", Defence.values());
        model.addAttribute(
                "finds",
                asserts
                        && claimant
                        && (breach.state() == BreachState.EVIDENCE || breach.state() == BreachState.DISMISSED));
        model.addAttribute("checks", asserts && claimant && breach.state() == BreachState.EVIDENCE);
        model.addAttribute(
                "answers",
                access.may(Capability.ANSWER_DEMAND)
                        && access.party() == breach.respondent()
                        && breach.state() == BreachState.DEFENCE);
        model.addAttribute(
                "proposes",
                asserts && (breach.state() == BreachState.APPORTION || breach.state() == BreachState.DISPUTED));
        model.addAttribute(
                "decides",
                access.may(Capability.SIGN)
                        && breach.state() == BreachState.PROPOSED
                        && access.party() != breach.proposedBy());
        model.addAttribute("instalments", setOffs.openInstalments(access));
        model.addAttribute(
                "outcomes",
                Stream.of(SetOffOutcome.values())
                        .filter(SetOffOutcome::isDocumented)
                        .toList());
        model.addAttribute(
                "recordable",
                whole.claims().stream()
                        .filter(claim -> BreachCases.records(access, claim))
                        .map(BreachRows.Claim::id)
                        .toList());
        return "liability/show";
    }

    @PostMapping("/{breach}/elements/{element}")
    String find(
            Access access,
            @PathVariable UUID breach,
            @PathVariable BreachElement element,
            @RequestParam(defaultValue = "") String evidence,
            Posted posted) {
        return act(access, breach, "find", "", posted, () -> cases.find(access, breach, element, evidence));
    }

    @PostMapping("/{breach}/check")
    String check(Access access, @PathVariable UUID breach, Posted posted) {
        return act(access, breach, "check", "", posted, () -> cases.check(access, breach));
    }

    @PostMapping("/{breach}/answer")
    String answer(
            Access access,
            @PathVariable UUID breach,
            @RequestParam Defence defence,
            @RequestParam(defaultValue = "") String words,
            Posted posted) {
        return act(access, breach, "answer", words, posted, () -> cases.answer(access, breach, defence, words));
    }

    /** @param step {@code tryOut} to see what it comes to, {@code propose} to put it before the other side */
    @PostMapping("/{breach}/proposals")
    String propose(
            Access access,
            @PathVariable UUID breach,
            @RequestParam(defaultValue = "tryOut") String step,
            @RequestParam MultiValueMap<String, String> typed,
            Posted posted) {
        var form = new FindingForm(typed);
        try {
            if (!step.equals("propose")) {
                posted.model().addAttribute("tried", cases.tryOut(access, BreachRule.OTHER, breach, form.finding()));
                return show(access, breach, posted.model(), form, "");
            }
            cases.propose(access, breach, form.finding(), form.whole("payDays"));
        } catch (Refused refusal) {
            return posted.refused(refusal, () -> show(access, breach, posted.model(), form, ""));
        }
        return posted.done(Sentence.of("liability.done.propose"), SHOW);
    }

    @PostMapping("/{breach}/acceptance")
    String accept(Access access, @PathVariable UUID breach, @RequestParam String hash, Posted posted) {
        return act(access, breach, "accept", "", posted, () -> cases.accept(access, breach, hash));
    }

    @PostMapping("/{breach}/rejection")
    String reject(Access access, @PathVariable UUID breach, Posted posted) {
        return act(access, breach, "reject", "", posted, () -> cases.reject(access, breach));
    }

    @PostMapping("/{breach}/claims/{claim}/payment")
    String paid(
            Access access,
            @PathVariable UUID breach,
            @PathVariable UUID claim,
            @RequestParam @DateTimeFormat(iso = DateTimeFormat.ISO.DATE_TIME) LocalDateTime at,
            @RequestParam(defaultValue = "") String reference,
            Posted posted) {
        typed(posted.model(), "payment", claim);
        posted.model().addAttribute("typedAt", at);
        posted.model().addAttribute("typedReference", reference);
        return act(
                access,
                breach,
                "settle",
                "",
                posted,
                () -> cases.paid(
                        access, breach, claim, at.atZone(BreachCase.ZONE).toInstant(), reference));
    }

    @PostMapping("/{breach}/claims/{claim}/set-offs")
    String setOff(
            Access access,
            @PathVariable UUID breach,
            @PathVariable UUID claim,
            @RequestParam int instalment,
            @RequestParam(defaultValue = "") String amount,
            @RequestParam(defaultValue = "") String words,
            Posted posted) {
        typed(posted.model(), "setOff", claim);
        posted.model().addAttribute("typedInstalment", instalment);
        posted.model().addAttribute("typedAmount", amount);
        return act(
                access,
                breach,
                "setOff",
                words,
                posted,
                () -> setOffs.declare(access, breach, claim, instalment, FindingForm.money("amount", amount), words));
    }

    @PostMapping("/{breach}/set-offs/{setOff}/objection")
    String contestSetOff(
            Access access,
            @PathVariable UUID breach,
            @PathVariable UUID setOff,
            @RequestParam(defaultValue = "") String words,
            Posted posted) {
        typed(posted.model(), "contest", setOff);
        return act(access, breach, "contest", words, posted, () -> setOffs.contest(access, breach, setOff, words));
    }

    @PostMapping("/{breach}/set-offs/{setOff}/withdrawal")
    String withdrawSetOff(
            Access access,
            @PathVariable UUID breach,
            @PathVariable UUID setOff,
            @RequestParam(defaultValue = "") String words,
            Posted posted) {
        typed(posted.model(), "withdraw", setOff);
        return act(
                access,
                breach,
                "setOffWithdrawn",
                words,
                posted,
                () -> setOffs.withdraw(access, breach, setOff, words));
    }

    @PostMapping("/{breach}/set-offs/{setOff}/acceptance")
    String acceptSetOff(
            Access access,
            @PathVariable UUID breach,
            @PathVariable UUID setOff,
            @RequestParam(defaultValue = "") String words,
            Posted posted) {
        typed(posted.model(), "accept", setOff);
        return act(
                access, breach, "setOffAccepted", words, posted, () -> setOffs.accept(access, breach, setOff, words));
    }

    @PostMapping("/{breach}/set-offs/{setOff}/decision")
    String decideSetOff(
            Access access,
            @PathVariable UUID breach,
            @PathVariable UUID setOff,
            @RequestParam SetOffOutcome how,
            @RequestParam(defaultValue = "") String stands,
            @RequestParam @DateTimeFormat(iso = DateTimeFormat.ISO.DATE) LocalDate decidedOn,
            @RequestParam(defaultValue = "") String document,
            @RequestParam(defaultValue = "") String documentHash,
            @RequestParam(defaultValue = "") String words,
            Posted posted) {
        typed(posted.model(), "decide", setOff);
        posted.model().addAttribute("typedHow", how);
        posted.model().addAttribute("typedStands", stands);
        posted.model().addAttribute("typedOn", decidedOn);
        posted.model().addAttribute("typedDocument", document);
        posted.model().addAttribute("typedHash", documentHash);
        return act(
                access,
                breach,
                "setOffDecided",
                words,
                posted,
                () -> setOffs.decide(
                        access,
                        breach,
                        setOff,
                        new SetOffs.Decision(
                                how, FindingForm.money("stands", stands), decidedOn, document, documentHash, words)));
    }

    /** The case on paper. */
    @GetMapping("/{breach}/determination.{format}")
    ResponseEntity<byte[]> determination(
            Access access, @PathVariable UUID breach, @PathVariable String format, Locale locale) {
        return BreachApi.file(cases, access, breach, format, locale);
    }

    /** The very bytes that are hashed and agreed on. */
    @GetMapping("/{breach}/proposal.txt")
    ResponseEntity<byte[]> content(Access access, @PathVariable UUID breach) {
        var proposal = cases.whole(access, breach).proposal();
        if (proposal == null) {
            throw new io.retainer.kernel.Unknown("proposal of breach case " + breach);
        }
        return ResponseEntity.ok()
                .contentType(new MediaType("text", "plain", StandardCharsets.UTF_8))
                .body(proposal.content().getBytes(StandardCharsets.UTF_8));
    }

    private String act(Access access, UUID breach, String done, String words, Posted posted, Runnable act) {
        return posted.answerOnPage(
                act,
                Sentence.of("liability.done." + done),
                SHOW,
                () -> show(access, breach, posted.model(), new FindingForm(new LinkedMultiValueMap<>()), words));
    }

    /** The small form that was sent: a refusal shows it open, as it was filled in. */
    private static void typed(Model model, String form, UUID of) {
        model.addAttribute("typedForm", form + "/" + of);
    }
}
