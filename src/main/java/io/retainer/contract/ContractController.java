package io.retainer.contract;

import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.identity.Organisation;
import io.retainer.identity.Organisations;
import io.retainer.identity.SignedIn;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Texts;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** The pages of contracts. Every form posts, then shows a page again; a refused form keeps what was typed. */
@Controller
@RequestMapping("/contracts")
class ContractController {

    private final ContractLife life;
    private final ContractReading reading;
    private final Organisations organisations;
    private final ContractPapers papers;
    private final Clock clock;

    ContractController(
            ContractLife life,
            ContractReading reading,
            Organisations organisations,
            ContractPapers papers,
            Clock clock) {
        this.life = life;
        this.reading = reading;
        this.organisations = organisations;
        this.papers = papers;
        this.clock = clock;
    }

    // Lists

    @GetMapping
    String list(
            SignedIn signedIn,
            @RequestParam(defaultValue = "") String q,
            @RequestParam(required = false) @Nullable ContractState state,
            @RequestParam(required = false) @Nullable UUID after,
            Model model) {
        model.addAttribute("page", reading.list(signedIn.person(), q, state, after, clock.instant()));
        model.addAttribute("q", q);
        model.addAttribute("state", state);
        model.addAttribute("after", after);
        model.addAttribute("states", ContractState.values());
        return "contract/list";
    }

    // Import

    @GetMapping("/new")
    String blank(SignedIn signedIn, Model model) {
        return newPage(signedIn, model, new ImportForm(null, Party.PROVIDER, "", ""));
    }

    /** What was typed. */
    record ImportForm(@Nullable UUID organisation, Party party, String counterparty, String text) {}

    @PostMapping("/new")
    String add(
            SignedIn signedIn,
            @RequestParam UUID organisation,
            @RequestParam Party party,
            @RequestParam(defaultValue = "") String counterparty,
            @RequestParam(defaultValue = "") String text,
            @RequestParam(required = false) @Nullable MultipartFile file,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect)
            throws IOException {
        try {
            var imported = file != null && !file.isEmpty()
                    ? ContractImporter.file(file.getBytes())
                    : ContractImporter.pasted(text);
            var other = counterparty.isBlank() ? printedName(imported, party) : counterparty;
            var made = life.keep(signedIn.person(), null, new NewContract(organisation, party, other), imported);
            redirect.addFlashAttribute(
                    "done",
                    Sentence.of("contract.page.imported", imported.clauses().size(), Clause.values().length));
            return "redirect:/contracts/" + made.contract() + "/terms";
        } catch (Refused refusal) {
            model.addAttribute("refusal", refusal);
            response.setStatus(422);
            return newPage(signedIn, model, new ImportForm(organisation, party, counterparty, text));
        }
    }

    private static String printedName(ImportedContract imported, Party party) {
        return imported.terms()
                .text(party == Party.CLIENT ? TermKey.PROVIDER_NAME : TermKey.CLIENT_NAME)
                .orElse("");
    }

    private String newPage(SignedIn signedIn, Model model, ImportForm form) {
        List<Organisation> mine = organisations.ofPerson(signedIn.person());
        model.addAttribute("organisations", mine);
        model.addAttribute("form", form);
        return "contract/new";
    }

    // The contract

    @GetMapping("/{contract}")
    String show(Access access, Model model, @RequestParam(defaultValue = "") String part) {
        access.require(Capability.READ_CONTRACT);
        var overview = reading.overview(access, clock.instant());
        model.addAttribute("overview", overview);
        model.addAttribute("contract", overview.contract());
        model.addAttribute(
                "versionInForce",
                life.versionAt(access.tenant(), access.contract(), clock.instant())
                        .orElse(null));
        model.addAttribute("named", title(overview.contract().title()));
        model.addAttribute(
                "clauses",
                overview.clauses().stream()
                        .map(state -> reachable(state, access))
                        .filter(state -> part.isEmpty() || state.clause().part().equals(part))
                        .toList());
        model.addAttribute(
                "attention",
                overview.clauses().stream()
                        .map(state -> reachable(state, access))
                        .filter(state -> state.state().wantsAttention())
                        .toList());
        model.addAttribute("part", part);
        model.addAttribute("parts", List.of("", "I", "II", "III"));
        model.addAttribute(
                "errors", overview.problems().stream().filter(Problem::isError).toList());
        model.addAttribute(
                "choices",
                overview.problems().stream()
                        .filter(problem -> !problem.isError())
                        .toList());
        return "contract/show";
    }

    /** Leads nobody to a page of the accounts that would be refused. */
    private static ClauseState reachable(ClauseState state, Access access) {
        if (access.may(Capability.READ_MONEY)
                || state.link() == null
                || !state.link().contains("/billing")) {
            return state;
        }
        return new ClauseState(
                state.clause(), state.state(), state.restsOn(), state.nextDeadline(), state.evidenceSubjects(), null);
    }

    static Sentence title(String title) {
        return title.isBlank() ? Sentence.of("contract.untitled") : Sentence.of("contract.titled", title);
    }

    // Terms

    /** A term with what its row on the page needs. */
    record TermRow(
            TermEntry entry, String shown, List<? extends Enum<?>> choices, boolean editable, boolean blocking) {}

    /** Terms of one kind, under one heading. */
    record TermGroup(Sentence title, List<TermRow> rows) {}

    @GetMapping("/{contract}/terms")
    String terms(Access access, Model model, Locale locale) {
        return termsPage(access, model, locale);
    }

    private String termsPage(Access access, Model model, Locale locale) {
        access.require(Capability.READ_CONTRACT);
        var current = reading.current(access);
        var texts = Texts.in(locale);
        var editable = current.contract().state().isPreparing() && access.may(Capability.EDIT_TERMS);
        var blanks = new ArrayList<TermRow>();
        var penalty = new ArrayList<TermRow>();
        var money = new ArrayList<TermRow>();
        var rest = new ArrayList<TermRow>();
        for (var entry : current.version().terms().entries()) {
            var key = entry.key();
            if (key.isFilledBySigning()) {
                continue;
            }
            var value = entry.value();
            var row = new TermRow(
                    entry,
                    value == null ? "" : Shown.of(value, key, texts),
                    key.choices(),
                    editable && !key.isDerived(),
                    value == null && (key.isBlankOfText() || key == TermKey.SIGN_PLACE));
            if (key.isBlankOfText() || key == TermKey.SIGN_PLACE || key == TermKey.SIGN_MODE) {
                blanks.add(row);
            } else if (key.clause() == Clause.I_5_1) {
                penalty.add(row);
            } else if (key.clause().part().equals("I")
                    && key.clause().compareTo(Clause.I_3_3C) <= 0
                    && key.clause().compareTo(Clause.I_2_1) >= 0) {
                money.add(row);
            } else {
                rest.add(row);
            }
        }
        model.addAttribute(
                "groups",
                List.of(
                        new TermGroup(Sentence.of("contract.page.terms.blanks"), blanks),
                        new TermGroup(Sentence.of("contract.page.terms.penalty"), penalty),
                        new TermGroup(Sentence.of("contract.page.terms.payment"), money),
                        new TermGroup(Sentence.of("contract.page.terms.rest"), rest)));
        var version = current.version();
        model.addAttribute("contract", current.contract());
        model.addAttribute("version", version);
        model.addAttribute("versionInForce", version.number());
        model.addAttribute("named", title(current.contract().title()));
        model.addAttribute("markers", version.markers());
        model.addAttribute("readings", PenaltyPreview.of(version.terms()));
        model.addAttribute(
                "errors", current.problems().stream().filter(Problem::isError).count());
        model.addAttribute("editable", editable);
        defaults(access, current, model);
        model.addAttribute(
                "open",
                confirmable(current).stream()
                        .filter(key -> !version.terms().get(key).confirmedBy().contains(access.party()))
                        .count());
        return "contract/terms";
    }

    /** A platform default that will be computed with and is not agreed yet. */
    record OpenDefault(TermEntry entry, Object value, Sentence reason, Sentence consequence) {}

    static void defaults(Access access, ContractReading.Current current, Model model) {
        var state = current.contract().state();
        var open = (state.isPreparing() || state.isInForce()
                        ? UnagreedDefault.open(current.version().terms())
                        : List.<TermEntry>of())
                .stream()
                        .map(entry -> new OpenDefault(
                                entry,
                                Shown.inWords(Objects.requireNonNull(entry.value())),
                                UnagreedDefault.reason(entry.key()),
                                UnagreedDefault.of(entry.key()).orElseThrow().consequence()))
                        .toList();
        model.addAttribute("defaults", open);
        model.addAttribute(
                "mine",
                open.stream()
                        .filter(one -> !one.entry().confirmedBy().contains(access.party()))
                        .toList());
        model.addAttribute("preparing", state.isPreparing());
        model.addAttribute(
                "confirmable", (state.isPreparing() || state.isInForce()) && access.may(Capability.CONFIRM_TERMS));
    }

    /** What may still be confirmed: everything before the signing, defaults of the platform after it. */
    static List<TermKey> confirmable(ContractReading.Current current) {
        var terms = current.version().terms();
        boolean preparing = current.contract().state().isPreparing();
        return terms.unconfirmed().stream()
                .filter(key -> preparing || terms.get(key).source() == TermSource.PLATFORM_DEFAULT)
                .toList();
    }

    @PostMapping("/{contract}/terms/{key}")
    String fill(
            Access access,
            @PathVariable String key,
            @RequestParam(defaultValue = "") String value,
            @RequestParam int version,
            Model model,
            Locale locale,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        try {
            var term = key(key);
            life.fill(access, term, value(term, value), version);
            redirect.addFlashAttribute("done", Sentence.of("contract.page.filled", term.title()));
            return "redirect:/contracts/" + access.contract() + "/terms#" + key;
        } catch (Refused refusal) {
            model.addAttribute("refusal", refusal);
            model.addAttribute("typedKey", key);
            model.addAttribute("typed", value);
            response.setStatus(refusal.status());
            return termsPage(access, model, locale);
        }
    }

    @PostMapping("/{contract}/confirmations")
    String confirm(
            Access access,
            @RequestParam(required = false) @Nullable List<String> keys,
            @RequestParam int version,
            @RequestParam(defaultValue = "") String from,
            Model model,
            Locale locale,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        try {
            var wanted = keys == null
                    ? confirmable(reading.current(access))
                    : keys.stream().map(ContractController::key).toList();
            life.confirm(access, wanted, version);
            redirect.addFlashAttribute("done", Sentence.of("contract.page.confirmed", wanted.size()));
            if (from.equals("signing")) {
                return "redirect:/contracts/" + access.contract() + "/signing";
            }
            return "redirect:/contracts/" + access.contract() + "/terms"
                    + (wanted.size() == 1 ? "#" + wanted.getFirst().id() : "");
        } catch (Refused refusal) {
            model.addAttribute("refusal", refusal);
            response.setStatus(refusal.status());
            return termsPage(access, model, locale);
        }
    }

    @PostMapping("/{contract}/markers")
    String strikeMarkers(Access access, @RequestParam int version, RedirectAttributes redirect) {
        life.strikeMarkers(access, version);
        redirect.addFlashAttribute("done", Sentence.of("contract.page.markersStruck"));
        return "redirect:/contracts/" + access.contract() + "/terms";
    }

    static TermKey key(String id) {
        return Arrays.stream(TermKey.values())
                .filter(key -> key.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new io.retainer.kernel.Unknown("term " + id));
    }

    static TermValue value(TermKey key, String given) {
        try {
            return TermValue.parse(key, given);
        } catch (IllegalArgumentException wrong) {
            var choices = key.choices().stream().map(Enum::name).collect(Collectors.joining(", "));
            throw Refused.field(
                    key.id(),
                    "contract.refused.value",
                    key.title(),
                    given.isBlank() ? "—" : given,
                    Sentence.of("contract.form." + key.type().name(), choices));
        }
    }

    // Document

    @GetMapping("/{contract}/document")
    String document(Access access, Model model) {
        access.require(Capability.READ_CONTRACT);
        var current = reading.current(access);
        var version = current.version();
        model.addAttribute("contract", current.contract());
        model.addAttribute("version", version);
        model.addAttribute("versionInForce", version.number());
        model.addAttribute("named", title(current.contract().title()));
        model.addAttribute("document", DocumentText.of(version));
        model.addAttribute("signatures", current.signatures());
        return "contract/document";
    }

    /** @param seam whether a seal is drawn across the edges of the pages */
    @GetMapping("/{contract}/document.{format}")
    ResponseEntity<byte[]> file(
            Access access,
            @PathVariable String format,
            @RequestParam(defaultValue = "false") boolean seam,
            Locale locale) {
        access.require(Capability.READ_CONTRACT);
        return papers.contract(reading.current(access), format, seam, Texts.in(locale));
    }
}
