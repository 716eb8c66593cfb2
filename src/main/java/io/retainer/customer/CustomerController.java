package io.retainer.customer;

import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import io.retainer.vault.Purpose;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.format.annotation.DateTimeFormat;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
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

/** The pages of a client's customers. What is typed into the search is posted, so that no name gets into an address. */
@Controller
@RequestMapping("/contracts/{contract}/customers")
class CustomerController {

    private static final String SHOW = "redirect:/contracts/{contract}/customers/{customer}";
    private static final String OWN_FIELD = "field-";
    private static final String SOURCE_OF = "source-";
    /** What may come from elsewhere than the customer, besides the client's own fields. */
    private static final List<String> OF_THEIR_OWN = List.of("NAME", "PHONE", "EMAIL", "WECHAT", "ADDRESS");

    private static final int PAGE = 50;
    private static final int FILTERS = 100;
    private static final int LATEST = 20;
    private static final int REFUSED = 422;

    private final Customers customers;
    private final Consents consents;
    private final Merges merges;
    private final Segments segments;
    private final Orders orders;
    private final Events events;
    private final ValueAnalysis value;
    private final ChurnAnalysis churn;
    private final OwnFields ownFields;
    private final ProfileNotes notes;
    private final ProfileFiles files;
    private final Clock clock;

    CustomerController(
            Customers customers,
            Consents consents,
            Merges merges,
            Segments segments,
            Orders orders,
            Events events,
            ValueAnalysis value,
            ChurnAnalysis churn,
            OwnFields ownFields,
            ProfileNotes notes,
            ProfileFiles files,
            Clock clock) {
        this.customers = customers;
        this.consents = consents;
        this.merges = merges;
        this.segments = segments;
        this.orders = orders;
        this.events = events;
        this.value = value;
        this.churn = churn;
        this.ownFields = ownFields;
        this.notes = notes;
        this.files = files;
        this.clock = clock;
    }

    /** @param segment only those in it, or null */
    @GetMapping
    String list(
            Access access,
            @RequestParam(required = false) @Nullable UUID before,
            @RequestParam(required = false) @Nullable UUID segment,
            Model model) {
        if (segment == null) {
            return list(access, "", before, model);
        }
        model.addAttribute("segment", segments.segment(access, segment));
        model.addAttribute("page", segments.customers(access, segment, before, PAGE));
        return list(access, "", before != null, model);
    }

    @PostMapping("/search")
    String search(
            Access access,
            @RequestParam(defaultValue = "") String q,
            @RequestParam(required = false) @Nullable UUID before,
            Model model,
            HttpServletResponse response) {
        try {
            return list(access, q, before, model);
        } catch (Refused refusal) {
            model.addAttribute("refusal", refusal);
            response.setStatus(REFUSED);
            list(access, "", null, model);
            // To be put right where it was typed.
            model.addAttribute("q", q.strip());
            return "customer/list";
        }
    }

    private String list(Access access, String q, @Nullable UUID before, Model model) {
        model.addAttribute("page", customers.page(access, q, before, PAGE));
        return list(access, q, before != null, model);
    }

    private String list(Access access, String q, boolean later, Model model) {
        model.addAttribute("segments", segments.page(access, "", null, FILTERS).segments());
        model.addAttribute("q", q.strip());
        model.addAttribute("keepable", customers.rule(access, q).isPresent());
        model.addAttribute("later", later);
        return "customer/list";
    }

    /** What was typed, to be shown again when it is refused. */
    record Typed(
            @Nullable CustomerKind kind,
            @Nullable String name,
            @Nullable String phone,
            @Nullable String email,
            @Nullable String wechat,
            @Nullable String address,
            @Nullable String reference,
            @Nullable String creditCode,
            @Nullable String tags,
            @Nullable String source,
            @Nullable String supplier,
            @Nullable LawfulBasis basis,
            @Nullable DataPurpose purpose) {

        Origin origin() {
            return new Origin(source == null ? "" : source, supplier, basis, purpose, null);
        }

        /** Of the fields of which something else is said than of the customer. */
        static Map<String, Origin> others(Map<String, String> form) {
            var others = new HashMap<String, Origin>();
            form.forEach((name, value) -> {
                if (name.startsWith(SOURCE_OF) && !value.isBlank()) {
                    var field = name.substring(SOURCE_OF.length());
                    others.put(
                            field,
                            new Origin(
                                    value,
                                    form.get("supplier-" + field),
                                    one(LawfulBasis.values(), form.get("basis-" + field)),
                                    one(DataPurpose.values(), form.get("purpose-" + field)),
                                    null));
                }
            });
            return others;
        }

        private static <E extends Enum<E>> @Nullable E one(E[] of, @Nullable String name) {
            for (var each : of) {
                if (each.name().equals(name)) {
                    return each;
                }
            }
            return null;
        }

        NewCustomer customer(Map<String, String> own) {
            var contacts = new ArrayList<NewCustomer.Contact>();
            add(contacts, ContactKind.PHONE, phone, "[,，;；、]");
            add(contacts, ContactKind.EMAIL, email, "[,，;；、]");
            add(contacts, ContactKind.WECHAT, wechat, "[,，;；、]");
            add(contacts, ContactKind.ADDRESS, address, "[;；]");
            return new NewCustomer(
                    kind == null ? CustomerKind.PERSON : kind,
                    name == null ? "" : name,
                    reference,
                    creditCode,
                    contacts,
                    tags == null ? List.of() : Stream.of(tags.split("[,，;；、]")).toList(),
                    own);
        }

        private static void add(
                List<NewCustomer.Contact> contacts, ContactKind kind, @Nullable String values, String between) {
            for (var value : (values == null ? "" : values).split(between)) {
                if (!value.isBlank()) {
                    contacts.add(new NewCustomer.Contact(kind, value, null));
                }
            }
        }

        /** Shows nothing of the person. */
        @Override
        public String toString() {
            return "Typed";
        }
    }

    @GetMapping("/new")
    String blank(Access access, Model model) {
        access.require(Capability.EDIT_CUSTOMERS);
        model.addAttribute("kinds", CustomerKind.values());
        model.addAttribute("fields", customers.fields(access));
        grounds(model);
        model.addAttribute(
                "typed", new Typed(null, null, null, null, null, null, null, null, null, null, null, null, null));
        return "customer/new";
    }

    /** Adds the customer; the first time somebody with the same number or address is found, asks whether it is meant. */
    @PostMapping
    String add(
            Access access,
            Typed typed,
            @RequestParam Map<String, String> form,
            @RequestParam(defaultValue = "false") boolean anyway,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        var own = new HashMap<String, String>();
        form.forEach((name, value) -> {
            if (name.startsWith(OWN_FIELD) && !value.isBlank()) {
                own.put(name.substring(OWN_FIELD.length()), value);
            }
        });
        var customer = typed.customer(own);
        try {
            var alike = anyway ? List.<CustomerPage.Line>of() : customers.alike(access, customer);
            if (alike.isEmpty()) {
                redirect.addAttribute("customer", customers.add(access, customer, typed.origin(), Typed.others(form)));
                redirect.addFlashAttribute("done", Sentence.of("customer.added"));
                return SHOW;
            }
            model.addAttribute("alike", alike);
        } catch (Refused refusal) {
            model.addAttribute("refusal", refusal);
        }
        response.setStatus(REFUSED);
        grounds(model);
        model.addAttribute("kinds", CustomerKind.values());
        model.addAttribute("fields", customers.fields(access));
        model.addAttribute("typed", typed);
        model.addAttribute("own", own);
        model.addAttribute("said", form);
        return "customer/new";
    }

    private static void grounds(Model model) {
        model.addAttribute("ofTheirOwn", OF_THEIR_OWN);
        model.addAttribute("bases", LawfulBasis.values());
        model.addAttribute("dataPurposes", DataPurpose.values());
    }

    @GetMapping("/{customer}")
    String show(Access access, @PathVariable UUID customer, Model model) {
        var profile = customers.profile(access, customer);
        var id = profile.customer().id();
        model.addAttribute("profile", profile);
        model.addAttribute("merges", merges.into(access, id));
        model.addAttribute("consents", consents.history(access, id));
        model.addAttribute("segments", segments.of(access, id));
        model.addAttribute("orders", orders.latest(access, id, LATEST));
        model.addAttribute("events", events.latest(access, id, LATEST));
        value.of(access, id).ifPresent(worth -> model.addAttribute("worth", worth));
        churn.risk(access, id).ifPresent(risk -> {
            model.addAttribute("risk", risk.risk());
            model.addAttribute("reasons", ChurnController.said(risk, churn.words(access), 5));
        });
        model.addAttribute("purposes", Purpose.values());
        grounds(model);
        model.addAttribute("ownFields", customers.fields(access));
        model.addAttribute("history", ownFields.history(access, id));
        model.addAttribute("notes", notes.of(access, id));
        model.addAttribute("files", files.of(access, id));
        if (profile.customer().kind() == CustomerKind.COMPANY) {
            model.addAttribute("people", customers.people(access, id));
        }
        var company = profile.company();
        if (company != null) {
            customers.some(access, List.of(company)).forEach(line -> model.addAttribute("company", line));
        }
        model.addAttribute("channels", Channel.values());
        model.addAttribute("contactKinds", ContactKind.values());
        model.addAttribute("proofKinds", ProofKind.values());
        return "customer/show";
    }

    /** The value stands on this one page and nowhere else: the answer is not cached and the next page is masked again. */
    @PostMapping("/{customer}/reveal")
    String reveal(
            Access access,
            @PathVariable UUID customer,
            @RequestParam UUID value,
            @RequestParam Purpose purpose,
            @RequestParam String reason,
            Model model,
            HttpServletResponse response) {
        try {
            var personal = customers.reveal(access, customer, value, purpose, reason);
            model.addAttribute("revealed", value);
            model.addAttribute("inTheClear", personal.inTheClear());
        } catch (Refused refusal) {
            model.addAttribute("refusal", refusal);
            response.setStatus(REFUSED);
        }
        return show(access, customer, model);
    }

    @PostMapping("/{customer}/contacts")
    String contact(
            Access access,
            @PathVariable UUID customer,
            @RequestParam ContactKind kind,
            @RequestParam String value,
            @RequestParam(defaultValue = "") String label,
            Said said,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        try {
            customers.addContact(access, customer, new NewCustomer.Contact(kind, value, label), said.origin());
        } catch (Refused refusal) {
            model.addAttribute("refusal", refusal);
            model.addAttribute("contactKind", kind);
            model.addAttribute("contactValue", value);
            response.setStatus(REFUSED);
            return show(access, customer, model);
        }
        redirect.addFlashAttribute("done", Sentence.of("customer.contact.added"));
        return SHOW;
    }

    /** Where a value comes from, as typed. */
    record Said(
            @Nullable String source,
            @Nullable String supplier,
            @Nullable LawfulBasis basis,
            @Nullable DataPurpose dataPurpose) {

        Origin origin() {
            return new Origin(source == null ? "" : source, supplier, basis, dataPurpose, null);
        }
    }

    @FunctionalInterface
    private interface Change {
        void make() throws IOException;
    }

    /** Makes a change, or says on the page why not. */
    private String changed(
            Access access,
            UUID customer,
            String done,
            Change change,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect)
            throws IOException {
        try {
            change.make();
        } catch (Refused refusal) {
            model.addAttribute("refusal", refusal);
            response.setStatus(REFUSED);
            return show(access, customer, model);
        }
        redirect.addFlashAttribute("done", Sentence.of(done));
        return SHOW;
    }

    /** @param value the new one; blank to change only what it is for */
    @PostMapping("/{customer}/contacts/{contact}")
    String changeContact(
            Access access,
            @PathVariable UUID customer,
            @PathVariable UUID contact,
            @RequestParam(defaultValue = "") String value,
            @RequestParam(defaultValue = "") String label,
            Said said,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect)
            throws IOException {
        return changed(
                access,
                customer,
                "customer.contact.changed",
                () -> customers.changeContact(access, customer, contact, value, label, said.origin()),
                model,
                response,
                redirect);
    }

    /** @param value blank for nothing any more */
    @PostMapping("/{customer}/fields")
    String ownField(
            Access access,
            @PathVariable UUID customer,
            @RequestParam String field,
            @RequestParam(defaultValue = "") String value,
            @RequestParam(required = false) @DateTimeFormat(iso = DateTimeFormat.ISO.DATE) @Nullable LocalDate since,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect)
            throws IOException {
        return changed(
                access,
                customer,
                "customer.field.changed",
                () -> ownFields.set(access, customer, field, value, since),
                model,
                response,
                redirect);
    }

    @PostMapping("/{customer}/contacts/{contact}/removal")
    String removeContact(
            Access access, @PathVariable UUID customer, @PathVariable UUID contact, RedirectAttributes redirect) {
        customers.removeContact(access, customer, contact);
        redirect.addFlashAttribute("done", Sentence.of("customer.contact.removed"));
        return SHOW;
    }

    @PostMapping("/{customer}/people")
    String join(
            Access access,
            @PathVariable UUID customer,
            @RequestParam String person,
            @RequestParam String role,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect)
            throws IOException {
        return changed(
                access,
                customer,
                "customer.member.added",
                () -> customers.join(access, customer, person, role),
                model,
                response,
                redirect);
    }

    @PostMapping("/{customer}/people/{person}/removal")
    String leave(Access access, @PathVariable UUID customer, @PathVariable UUID person, RedirectAttributes redirect) {
        customers.leave(access, customer, person);
        redirect.addFlashAttribute("done", Sentence.of("customer.member.removed"));
        return SHOW;
    }

    @PostMapping("/{customer}/notes")
    String note(
            Access access,
            @PathVariable UUID customer,
            @RequestParam String words,
            @RequestParam(defaultValue = "false") boolean plain,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect)
            throws IOException {
        return changed(
                access,
                customer,
                "customer.note.added",
                () -> notes.add(access, customer, words, !plain),
                model,
                response,
                redirect);
    }

    @PostMapping("/{customer}/notes/{note}/removal")
    String removeNote(
            Access access, @PathVariable UUID customer, @PathVariable UUID note, RedirectAttributes redirect) {
        notes.remove(access, customer, note);
        redirect.addFlashAttribute("done", Sentence.of("customer.note.removed"));
        return SHOW;
    }

    @PostMapping("/{customer}/files")
    String file(
            Access access,
            @PathVariable UUID customer,
            @RequestParam String title,
            @RequestParam MultipartFile file,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect)
            throws IOException {
        var name = file.getOriginalFilename();
        return changed(
                access,
                customer,
                "customer.file.added",
                () -> files.add(access, customer, title, name == null ? "" : name, file.getBytes()),
                model,
                response,
                redirect);
    }

    @PostMapping("/{customer}/files/{file}/removal")
    String removeFile(
            Access access, @PathVariable UUID customer, @PathVariable UUID file, RedirectAttributes redirect) {
        files.remove(access, customer, file);
        redirect.addFlashAttribute("done", Sentence.of("customer.file.removed"));
        return SHOW;
    }

    /** Opened on the record; never shown inside the page: it is kept, not run. By POST, so that no link can do it. */
    @PostMapping("/{customer}/files/{file}")
    Object open(
            Access access,
            @PathVariable UUID customer,
            @PathVariable UUID file,
            @RequestParam Purpose purpose,
            @RequestParam String reason,
            Model model,
            HttpServletResponse response) {
        try {
            return download(files.open(access, customer, file, purpose, reason));
        } catch (Refused refusal) {
            model.addAttribute("refusal", refusal);
            response.setStatus(REFUSED);
            return show(access, customer, model);
        }
    }

    static ResponseEntity<byte[]> download(ProfileFiles.Opened opened) {
        return ResponseEntity.ok()
                .contentType(MediaType.parseMediaType(opened.type()))
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        ContentDisposition.attachment()
                                .filename(opened.name(), StandardCharsets.UTF_8)
                                .build()
                                .toString())
                .header("X-Content-Type-Options", "nosniff")
                .header(HttpHeaders.CACHE_CONTROL, "private, no-store")
                .header("Content-Security-Policy", "default-src 'none'; sandbox")
                .body(opened.content());
    }

    @PostMapping("/{customer}/tags")
    String tag(
            Access access,
            @PathVariable UUID customer,
            @RequestParam String tag,
            @RequestParam(defaultValue = "true") boolean on,
            Model model,
            HttpServletResponse response) {
        try {
            customers.tag(access, customer, tag, on);
        } catch (Refused refusal) {
            model.addAttribute("refusal", refusal);
            response.setStatus(REFUSED);
            return show(access, customer, model);
        }
        return SHOW;
    }

    /** @param on the day it was said; null for now */
    @PostMapping("/{customer}/consents")
    String consent(
            Access access,
            @PathVariable UUID customer,
            @RequestParam DataPurpose purpose,
            @RequestParam Channel channel,
            @RequestParam boolean granted,
            @RequestParam ProofKind proofKind,
            @RequestParam String proof,
            @RequestParam(required = false) @DateTimeFormat(iso = DateTimeFormat.ISO.DATE) @Nullable LocalDate on,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        try {
            var now = clock.instant();
            var at = on == null || on.equals(LocalDate.ofInstant(now, Segments.ZONE))
                    ? now
                    : on.atStartOfDay(Segments.ZONE).toInstant();
            consents.record(access, customer, purpose, channel, granted, proofKind, proof, at);
        } catch (Refused refusal) {
            model.addAttribute("refusal", refusal);
            response.setStatus(REFUSED);
            return show(access, customer, model);
        }
        redirect.addFlashAttribute(
                "done", Sentence.of(granted ? "customer.consent.given" : "customer.consent.withdrawn"));
        return SHOW;
    }
}
