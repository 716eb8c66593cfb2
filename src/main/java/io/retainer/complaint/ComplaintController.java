package io.retainer.complaint;

import io.retainer.contract.ContractedService;
import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.identity.SignedIn;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** The desk. What is typed into a search or a case is posted, so that nothing personal gets into an address. */
@Controller
class ComplaintController {

    private static final String ALL = "/complaints";
    private static final String OF_CONTRACT = "/contracts/{contract}/complaints";
    private static final String ONE = OF_CONTRACT + "/{complaint}";
    private static final int REFUSED = 422;
    private static final Pattern QUERY = Pattern.compile("[A-Za-z0-9_=&%+.*-]{1,500}");

    private final CaseDesk desk;
    private final CaseQueue queue;
    private final KeptViews views;
    private final Complainants complainants;
    private final Reception reception;
    private final Acting acting;
    private final io.retainer.contract.ContractLife contracts;

    ComplaintController(
            CaseDesk desk,
            CaseQueue queue,
            KeptViews views,
            Complainants complainants,
            Reception reception,
            Acting acting,
            io.retainer.contract.ContractLife contracts) {
        this.desk = desk;
        this.queue = queue;
        this.views = views;
        this.complainants = complainants;
        this.reception = reception;
        this.acting = acting;
        this.contracts = contracts;
    }

    /** Over all contracts: where an agent's day begins. */
    @GetMapping(ALL)
    String all(SignedIn person, Filter filter, @RequestParam(required = false) @Nullable String after, Model model) {
        return overAll(person, filter, "", after, model);
    }

    @PostMapping(ALL + "/search")
    String searchAll(
            SignedIn person,
            Filter filter,
            @RequestParam(defaultValue = "") String q,
            @RequestParam(required = false) @Nullable String after,
            Model model,
            HttpServletResponse response) {
        try {
            return overAll(person, filter, q, after, model);
        } catch (Refused refusal) {
            return refused(refusal, model, response, overAll(person, filter, "", null, model));
        }
    }

    private String overAll(SignedIn person, Filter filter, String q, @Nullable String after, Model model) {
        var accesses = queue.accesses(person.person());
        model.addAttribute("queue", queue.page(person.person(), accesses, filter, q, after));
        model.addAttribute(
                "titles",
                contracts.titles(
                        accesses.stream().map(Access::tenant).distinct().toList(),
                        accesses.stream().map(Access::contract).toList()));
        model.addAttribute("views", views.own(person.person()));
        model.addAttribute("workers", desk.workers(accesses));
        model.addAttribute(
                "worksIn",
                accesses.stream()
                        .filter(access -> access.may(Capability.WORK_COMPLAINTS))
                        .map(Access::contract)
                        .collect(Collectors.toSet()));
        model.addAttribute("base", ALL);
        return list(filter, q, after, model);
    }

    @PostMapping(ALL + "/views")
    String keepOwnView(
            SignedIn person,
            Filter filter,
            @RequestParam(defaultValue = "") String name,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        try {
            views.keepOwn(person.person(), name, filter);
        } catch (Refused refusal) {
            return refused(refusal, model, response, overAll(person, filter, "", null, model));
        }
        redirect.addFlashAttribute("done", Sentence.of("complaint.view.kept"));
        return "redirect:" + ALL + (filter.query().isEmpty() ? "" : "?" + filter.query());
    }

    @PostMapping(ALL + "/views/{view}/drop")
    String dropOwnView(SignedIn person, @PathVariable UUID view) {
        views.dropOwn(person.person(), view);
        return "redirect:" + ALL;
    }

    /** @param ids each as the contract and the complaint, with a bar between */
    @PostMapping(ALL + "/bulk")
    String bulkOverAll(
            SignedIn person,
            @RequestParam(name = "ids", defaultValue = "") List<String> ids,
            @RequestParam String act,
            @RequestParam(defaultValue = "") String back,
            Act typed,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        try {
            var done = acting.overAll(queue.accesses(person.person()), ids, act, typed);
            if (done.refused().isEmpty()) {
                redirect.addFlashAttribute("done", Sentence.of("complaint.bulk.done", done.done()));
                return "redirect:" + ALL + (QUERY.matcher(back).matches() ? "?" + back : "");
            }
            model.addAttribute("bulk", done);
            return overAll(person, Filter.OPEN, "", null, model);
        } catch (Refused refusal) {
            return refused(refusal, model, response, overAll(person, Filter.OPEN, "", null, model));
        }
    }

    @GetMapping(OF_CONTRACT)
    String ofContract(
            Access access, Filter filter, @RequestParam(required = false) @Nullable String after, Model model) {
        return ofContract(access, filter, "", after, model);
    }

    @PostMapping(OF_CONTRACT + "/search")
    String search(
            Access access,
            Filter filter,
            @RequestParam(defaultValue = "") String q,
            @RequestParam(required = false) @Nullable String after,
            Model model,
            HttpServletResponse response) {
        try {
            return ofContract(access, filter, q, after, model);
        } catch (Refused refusal) {
            return refused(refusal, model, response, ofContract(access, filter, "", null, model));
        }
    }

    private String ofContract(Access access, Filter filter, String q, @Nullable String after, Model model) {
        model.addAttribute("queue", queue.page(access.person(), List.of(access), filter, q, after));
        model.addAttribute("views", views.of(access));
        model.addAttribute("workers", desk.workers(access));
        model.addAttribute("base", "/contracts/" + access.contract() + "/complaints");
        return list(filter, q, after, model);
    }

    private static String list(Filter filter, String q, @Nullable String after, Model model) {
        model.addAttribute("filter", filter);
        model.addAttribute("q", q.strip());
        model.addAttribute("later", after != null);
        model.addAttribute("allViews", Filter.View.values());
        model.addAttribute("stages", StageName.values());
        model.addAttribute("priorities", Priority.values());
        model.addAttribute("categories", Category.values());
        model.addAttribute("intakes", Intake.values());
        return "complaint/list";
    }

    @PostMapping(OF_CONTRACT + "/views")
    String keepView(
            Access access,
            Filter filter,
            @RequestParam String name,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        try {
            views.keep(access, name, filter);
        } catch (Refused refusal) {
            return refused(refusal, model, response, ofContract(access, filter, "", null, model));
        }
        redirect.addFlashAttribute("done", Sentence.of("complaint.view.kept"));
        return "redirect:" + OF_CONTRACT + (filter.query().isEmpty() ? "" : "?" + filter.query());
    }

    @PostMapping(OF_CONTRACT + "/views/{view}/drop")
    String dropView(Access access, @PathVariable UUID view) {
        views.drop(access, view);
        return "redirect:" + OF_CONTRACT;
    }

    @PostMapping(OF_CONTRACT + "/bulk")
    String bulk(
            Access access,
            @RequestParam(name = "ids", defaultValue = "") List<UUID> ids,
            @RequestParam String act,
            @RequestParam(defaultValue = "") String back,
            Act typed,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        try {
            access.require(Capability.WORK_COMPLAINTS);
            var done = acting.all(access, ids, act, typed);
            if (done.refused().isEmpty()) {
                redirect.addFlashAttribute("done", Sentence.of("complaint.bulk.done", done.done()));
                return "redirect:" + OF_CONTRACT + (QUERY.matcher(back).matches() ? "?" + back : "");
            }
            model.addAttribute("bulk", done);
            return ofContract(access, Filter.OPEN, "", null, model);
        } catch (Refused refusal) {
            return refused(refusal, model, response, ofContract(access, Filter.OPEN, "", null, model));
        }
    }

    /** What an agent writes down during a call, to be shown again when it is refused. */
    record Typed(
            @Nullable String name,
            @Nullable String phone,
            @Nullable String email,
            @Nullable String subject,
            @Nullable String text,
            @Nullable Remedy sought,
            @Nullable String product,
            @Nullable String region,
            @Nullable String language) {

        /** Shows nothing of the person. */
        @Override
        public String toString() {
            return "Typed";
        }
    }

    @GetMapping(OF_CONTRACT + "/new")
    String blank(Access access, Model model) {
        access.require(Capability.WORK_COMPLAINTS);
        return form(new Typed(null, null, null, null, null, null, null, null, null), model);
    }

    private static String form(Typed typed, Model model) {
        model.addAttribute("typed", typed);
        model.addAttribute("remedies", Remedy.values());
        return "complaint/new";
    }

    /** Takes a call down; the first time open complaints of the same person are found, asks whether it is one of them. */
    @PostMapping(OF_CONTRACT)
    String take(
            Access access,
            Typed typed,
            @RequestParam(defaultValue = "false") boolean anyway,
            @RequestParam(name = "files", required = false) @Nullable List<MultipartFile> files,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        try {
            var alike = anyway ? List.<CaseQueue.Line>of() : queue.alike(access, typed.phone(), typed.email());
            if (alike.isEmpty()) {
                var taken = reception.take(
                        access,
                        new NewComplaint(
                                Intake.PHONE,
                                typed.language() == null ? "zh" : typed.language(),
                                typed.name(),
                                typed.phone(),
                                typed.email(),
                                typed.subject(),
                                Act.given("text", typed.text()),
                                Act.given("sought", typed.sought()),
                                typed.product(),
                                typed.region(),
                                null),
                        Acting.uploads(files == null ? List.of() : files));
                redirect.addAttribute("complaint", taken.id());
                redirect.addFlashAttribute("done", Sentence.of("complaint.taken", taken.number()));
                return "redirect:" + ONE;
            }
            model.addAttribute("alike", alike);
        } catch (Refused refusal) {
            model.addAttribute("refusal", refusal);
        }
        response.setStatus(REFUSED);
        return form(typed, model);
    }

    @GetMapping(ONE)
    String show(Access access, @PathVariable UUID complaint, Model model) {
        model.addAttribute("case", desk.show(access, complaint));
        model.addAttribute("remedies", Remedy.values());
        model.addAttribute("categories", Category.values());
        model.addAttribute("services", ContractedService.values());
        model.addAttribute("grades", Grade.values());
        model.addAttribute("hazards", Hazard.values());
        model.addAttribute("causes", RootCause.values());
        model.addAttribute("redirections", Redirection.values());
        model.addAttribute("bodies", ExternalBody.values());
        model.addAttribute("pauses", Pauses.ALL);
        model.addAttribute("askable", Pauses.ASKABLE);
        return "complaint/show";
    }

    @PostMapping(ONE + "/acts/{act}")
    String act(
            Access access,
            @PathVariable UUID complaint,
            @PathVariable String act,
            Act typed,
            @RequestParam(name = "files", required = false) @Nullable List<MultipartFile> files,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        try {
            acting.act(access, complaint, act, typed, Acting.uploads(files == null ? List.of() : files));
        } catch (Refused refusal) {
            model.addAttribute("act", act);
            model.addAttribute("typed", typed);
            return refused(refusal, model, response, show(access, complaint, model));
        }
        redirect.addFlashAttribute("done", Sentence.of("complaint.done." + act));
        return "redirect:" + ONE;
    }

    /** The value stands on this one page and nowhere else. */
    @PostMapping(ONE + "/reveal")
    String reveal(
            Access access,
            @PathVariable UUID complaint,
            @RequestParam String what,
            @RequestParam String reason,
            Model model,
            HttpServletResponse response) {
        try {
            model.addAttribute(
                    "inTheClear",
                    complainants.reveal(access, complaint, what, reason).inTheClear());
            model.addAttribute("revealed", what);
        } catch (Refused refusal) {
            return refused(refusal, model, response, show(access, complaint, model));
        }
        return show(access, complaint, model);
    }

    /** Never shown inside the page: it is kept, not run. */
    @GetMapping(ONE + "/files/{file}")
    ResponseEntity<byte[]> file(Access access, @PathVariable UUID complaint, @PathVariable UUID file) {
        return download(desk.file(access, complaint, file));
    }

    static ResponseEntity<byte[]> download(CaseDesk.Download found) {
        return ResponseEntity.ok()
                .contentType(MediaType.parseMediaType(found.type()))
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        ContentDisposition.attachment()
                                .filename(found.name(), StandardCharsets.UTF_8)
                                .build()
                                .toString())
                .header("X-Content-Type-Options", "nosniff")
                .header(HttpHeaders.CACHE_CONTROL, "private, no-store")
                .header("Content-Security-Policy", "default-src 'none'; sandbox")
                .body(found.content());
    }

    private static String refused(Refused refusal, Model model, HttpServletResponse response, String view) {
        model.addAttribute("refusal", refusal);
        response.setStatus(REFUSED);
        return view;
    }
}
