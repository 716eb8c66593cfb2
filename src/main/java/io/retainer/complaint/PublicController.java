package io.retainer.complaint;

import io.retainer.complaint.Entry.Kind;
import io.retainer.identity.SignedLinks;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Texts;
import io.retainer.kernel.Unknown;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/**
 * For those who do not sign in: the customers' form to complain by, their page to follow a complaint on, and the page on which
 * a third party answers what it was asked.
 */
@Controller
class PublicController {

    private static final String OPENED = "complaintFormOpened";
    private static final String STATUS = "redirect:/complaints/status/{token}";
    private static final int REFUSED = 422;

    private final Complaints complaints;
    private final Correspondence correspondence;
    private final Questions questions;
    private final Reception reception;
    private final StatusLinks statusLinks;
    private final ComplaintRows rows;
    private final CaseRows cases;
    private final CaseWords words;
    private final SettingRows settings;
    private final FormGuard guard;
    private final SignedLinks links;
    private final io.retainer.identity.Organisations organisations;
    private final Tenancy tenancy;
    private final Clock clock;

    PublicController(
            Complaints complaints,
            Correspondence correspondence,
            Questions questions,
            Reception reception,
            StatusLinks statusLinks,
            ComplaintRows rows,
            CaseRows cases,
            CaseWords words,
            SettingRows settings,
            FormGuard guard,
            SignedLinks links,
            io.retainer.identity.Organisations organisations,
            Tenancy tenancy,
            Clock clock) {
        this.complaints = complaints;
        this.correspondence = correspondence;
        this.questions = questions;
        this.reception = reception;
        this.statusLinks = statusLinks;
        this.rows = rows;
        this.cases = cases;
        this.words = words;
        this.settings = settings;
        this.guard = guard;
        this.links = links;
        this.organisations = organisations;
        this.tenancy = tenancy;
        this.clock = clock;
    }

    @GetMapping("/complaints/new/{key}")
    String form(@PathVariable String key, HttpServletRequest request, Model model) {
        var place = place(key);
        if (request.getSession().getAttribute(OPENED) == null) {
            request.getSession().setAttribute(OPENED, clock.instant());
        }
        return form(place, new ComplaintController.Typed(null, null, null, null, null, null, null, null, null), model);
    }

    private SettingRows.Place place(String key) {
        return settings.byForm(key).orElseThrow(() -> new Unknown("form"));
    }

    private String form(SettingRows.Place place, ComplaintController.Typed typed, Model model) {
        model.addAttribute("client", organisations.get(place.tenant()).name());
        model.addAttribute("typed", typed);
        model.addAttribute("remedies", Remedy.values());
        return "complaint/form";
    }

    @PostMapping("/complaints/new/{key}")
    String send(
            @PathVariable String key,
            ComplaintController.Typed typed,
            @RequestParam(name = "website", required = false) @Nullable String trap,
            @RequestParam(name = "files", required = false) @Nullable List<MultipartFile> files,
            HttpServletRequest request,
            HttpServletResponse response,
            Locale locale,
            Model model,
            RedirectAttributes redirect) {
        var place = place(key);
        if (FormGuard.trapped(trap)) {
            model.addAttribute("client", organisations.get(place.tenant()).name());
            return "complaint/thanks";
        }
        try {
            var opened = (Instant) request.getSession().getAttribute(OPENED);
            if (blank(typed.phone()) && blank(typed.email())) {
                throw Refused.field("phone", "complaint.public.reach");
            }
            var wanted = new NewComplaint(
                    Intake.FORM,
                    Texts.in(locale).locale().equals(Texts.ENGLISH) ? "en" : "zh",
                    typed.name(),
                    typed.phone(),
                    typed.email(),
                    typed.subject(),
                    Act.given("text", typed.text()),
                    Act.given("sought", typed.sought()),
                    typed.product(),
                    typed.region(),
                    null);
            // What is not fit to be taken does not count against the address.
            ComplaintRules.checked(wanted);
            var uploads = Acting.uploads(files == null ? List.of() : files);
            guard.check(request.getRemoteAddr(), opened, clock.instant());
            var taken = reception.take(place.tenant(), place.contract(), wanted, uploads, null, null);
            request.getSession().removeAttribute(OPENED);
            redirect.addAttribute("token", links.token(statusLinks.of(place.tenant(), taken.id())));
            redirect.addFlashAttribute("done", Sentence.of("complaint.public.taken", taken.number()));
            return STATUS;
        } catch (Refused refusal) {
            model.addAttribute("refusal", refusal);
            response.setStatus(REFUSED);
            return form(place, typed, model);
        }
    }

    private static boolean blank(@Nullable String text) {
        return text == null || text.isBlank();
    }

    /** What the complainant may read of the time line. */
    record PublicLine(
            Kind kind, @Nullable Sentence said, @Nullable String text, Instant at) {}

    @GetMapping("/complaints/status/{token}")
    String status(@PathVariable String token, HttpServletRequest request, Model model) {
        return status(opened(token, request), token, model);
    }

    private SignedLinks.Link opened(String token, HttpServletRequest request) {
        return links.open(token, StatusLinks.KIND, request.getRemoteAddr());
    }

    private String status(SignedLinks.Link link, String token, Model model) {
        var id = complaint(link);
        tenancy.read(link.tenant(), () -> {
            var row = rows.find(link.tenant(), id).orElseThrow(() -> new Unknown("complaint " + id));
            var reader = words.reader(link.tenant());
            var c = row.complaint();
            model.addAttribute("number", c.number());
            model.addAttribute("subject", reader.subject(id, row.particulars().subject()));
            model.addAttribute("stage", c.stage().name());
            model.addAttribute("client", organisations.get(link.tenant()).name());
            model.addAttribute("decides", c.stage() instanceof Stage.Communicated);
            model.addAttribute("writes", !c.stage().name().over());
            var until = c.reopenableUntil();
            model.addAttribute("reopens", until == null || until.isBefore(clock.instant()) ? null : until);
            if (c.stage() instanceof Stage.Merged(var into, var _)) {
                rows.find(link.tenant(), into).ifPresent(target -> {
                    model.addAttribute("mergedInto", target.complaint().number());
                    model.addAttribute(
                            "mergedToken",
                            sameComplainant(row, target) ? statusLinks.token(link.tenant(), into) : null);
                });
            }
            model.addAttribute(
                    "lines",
                    cases.entries(link.tenant(), List.of(id)).stream()
                            .filter(entry -> !entry.internal())
                            .filter(entry -> entry.kind() != Kind.EVENT || told(entry))
                            .map(entry -> new PublicLine(
                                    entry.kind(),
                                    entry.kind() == Kind.EVENT ? entry.words() : null,
                                    entry.text() == null ? null : reader.text(entry.id(), entry.text()),
                                    entry.happenedAt()))
                            .toList());
            return id;
        });
        model.addAttribute("token", token);
        return "complaint/status";
    }

    /** Only to whoever made both complaints the one leads to the other. */
    private static boolean sameComplainant(ComplaintRows.Row one, ComplaintRows.Row other) {
        var a = one.indexes();
        var b = other.indexes();
        return (a.phone() != null && a.phone().equals(b.phone()))
                || (a.email() != null && a.email().equals(b.email()));
    }

    /** Who does what inside is nobody's business outside. */
    private static boolean told(Entry entry) {
        var said = entry.said();
        return said != null
                && List.of("Received", "Acknowledged", "Communicated", "Accepted", "Rejected", "Closed", "Reopened")
                        .stream()
                        .anyMatch(each -> said.equals("complaint.said." + each)
                                || said.startsWith("complaint.said." + each + "|"))
                && !said.startsWith("complaint.said.Closed|");
    }

    private static UUID complaint(SignedLinks.Link link) {
        return UUID.fromString(link.subject().substring("complaint/".length()));
    }

    @PostMapping("/complaints/status/{token}")
    String add(
            @PathVariable String token,
            @RequestParam(defaultValue = "") String text,
            @RequestParam(name = "files", required = false) @Nullable List<MultipartFile> files,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model,
            RedirectAttributes redirect) {
        var link = opened(token, request);
        model.addAttribute("typed", text);
        return answer(link, token, "complaint.public.added", response, model, redirect, () -> {
            if (over(link)) {
                throw Refused.because("complaint.public.over");
            }
            correspondence.statement(
                    link.tenant(),
                    complaint(link),
                    Act.given("text", text),
                    Acting.uploads(files == null ? List.of() : files),
                    null);
        });
    }

    private boolean over(SignedLinks.Link link) {
        return tenancy.read(
                link.tenant(),
                () -> rows.find(link.tenant(), complaint(link))
                        .map(row -> row.complaint().stage().name().over())
                        .orElse(true));
    }

    @PostMapping("/complaints/status/{token}/decision")
    String decide(
            @PathVariable String token,
            @RequestParam boolean accepted,
            @RequestParam(defaultValue = "") String text,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model,
            RedirectAttributes redirect) {
        var link = opened(token, request);
        model.addAttribute("typed", text);
        return answer(
                link,
                token,
                accepted ? "complaint.public.accepted" : "complaint.public.rejected",
                response,
                model,
                redirect,
                () -> complaints.decide(link.tenant(), complaint(link), accepted, text));
    }

    @PostMapping("/complaints/status/{token}/reopening")
    String reopen(
            @PathVariable String token,
            @RequestParam(defaultValue = "") String text,
            @RequestParam(name = "files", required = false) @Nullable List<MultipartFile> files,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model,
            RedirectAttributes redirect) {
        var link = opened(token, request);
        model.addAttribute("typed", text);
        return answer(
                link,
                token,
                "complaint.public.reopened",
                response,
                model,
                redirect,
                () -> complaints.reopenByLink(
                        link.tenant(),
                        complaint(link),
                        Act.given("text", text),
                        Acting.uploads(files == null ? List.of() : files)));
    }

    // For a third party that was asked

    @GetMapping("/complaints/question/{token}")
    String question(@PathVariable String token, HttpServletRequest request, Model model) {
        return question(links.open(token, Questions.LINK, request.getRemoteAddr()), token, model);
    }

    /** The question and nothing of the case but its number: what a third party needs to know stands in it. */
    private String question(SignedLinks.Link link, String token, Model model) {
        var id = question(link);
        tenancy.read(link.tenant(), () -> {
            var asked = cases.question(link.tenant(), id).orElseThrow(() -> new Unknown("question " + id));
            var row = rows.find(link.tenant(), asked.complaint()).orElseThrow(() -> new Unknown("question " + id));
            var reader = words.reader(link.tenant());
            model.addAttribute("number", row.complaint().number());
            model.addAttribute("client", organisations.get(link.tenant()).name());
            model.addAttribute("asked", asked);
            model.addAttribute("late", !asked.dueAt().isAfter(clock.instant()));
            model.addAttribute(
                    "text",
                    cases.entries(link.tenant(), List.of(asked.complaint())).stream()
                            .filter(entry -> entry.kind() == Kind.QUESTION && id.equals(entry.question()))
                            .findFirst()
                            .map(entry -> entry.text() == null ? "" : reader.text(entry.id(), entry.text()))
                            .orElse(""));
            return id;
        });
        model.addAttribute("token", token);
        return "complaint/question";
    }

    private static UUID question(SignedLinks.Link link) {
        return UUID.fromString(link.subject().substring("question/".length()));
    }

    @PostMapping("/complaints/question/{token}")
    String answerQuestion(
            @PathVariable String token,
            @RequestParam(name = "text", defaultValue = "") String typed,
            @RequestParam(name = "files", required = false) @Nullable List<MultipartFile> files,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model,
            RedirectAttributes redirect) {
        var link = links.open(token, Questions.LINK, request.getRemoteAddr());
        try {
            questions.answerByLink(
                    link.tenant(),
                    question(link),
                    Act.given("text", typed),
                    Acting.uploads(files == null ? List.of() : files));
        } catch (Refused refusal) {
            model.addAttribute("refusal", refusal);
            model.addAttribute("typed", typed);
            response.setStatus(REFUSED);
            return question(link, token, model);
        }
        redirect.addAttribute("token", token);
        redirect.addFlashAttribute("done", Sentence.of("complaint.question.sent"));
        return "redirect:/complaints/question/{token}";
    }

    private String answer(
            SignedLinks.Link link,
            String token,
            String done,
            HttpServletResponse response,
            Model model,
            RedirectAttributes redirect,
            Runnable act) {
        try {
            act.run();
        } catch (Refused refusal) {
            model.addAttribute("refusal", refusal);
            response.setStatus(REFUSED);
            return status(link, token, model);
        }
        redirect.addAttribute("token", token);
        redirect.addFlashAttribute("done", Sentence.of(done));
        return STATUS;
    }
}
