package io.retainer.customer;

import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.identity.Idempotency;
import io.retainer.kernel.Ids;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Texts;
import io.retainer.vault.Purpose;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** A client's customers for programs: search, add one or many, reveal, consents, imports of whole files. */
@RestController
@RequestMapping("/api/v1/contracts/{contract}")
class CustomerApi {

    private static final int MOST_AT_ONCE = 1000;

    private final Customers customers;
    private final OwnFields ownFields;
    private final Consents consents;
    private final Imports imports;
    private final Quality quality;
    private final Idempotency idempotency;
    private final Clock clock;

    CustomerApi(
            Customers customers,
            OwnFields ownFields,
            Consents consents,
            Imports imports,
            Quality quality,
            Idempotency idempotency,
            Clock clock) {
        this.customers = customers;
        this.ownFields = ownFields;
        this.consents = consents;
        this.imports = imports;
        this.quality = quality;
        this.idempotency = idempotency;
        this.clock = clock;
    }

    /** @param q what is searched for, see the page; empty for all */
    record SearchBody(
            @Nullable String q,
            @Nullable UUID before,
            @Nullable Integer limit) {

        @Override
        public String toString() {
            return "SearchBody";
        }
    }

    /** @param source where it comes from; of a new customer only when that is elsewhere */
    record ContactBody(
            ContactKind kind,
            String value,
            @Nullable String label,
            @Nullable String source,
            @Nullable String supplier,
            @Nullable LawfulBasis lawfulBasis,
            @Nullable DataPurpose purpose) {

        Origin origin() {
            return new Origin(source == null ? "API" : source, supplier, lawfulBasis, purpose, null);
        }

        /** Null when it comes from where the customer comes from. */
        @Nullable
        Origin elsewhere() {
            return source == null && supplier == null && lawfulBasis == null && purpose == null ? null : origin();
        }

        @Override
        public String toString() {
            return "ContactBody[" + kind + "]";
        }
    }

    /** Where a value comes from. */
    record OriginBody(
            @Nullable String source,
            @Nullable String supplier,
            @Nullable LawfulBasis lawfulBasis,
            @Nullable DataPurpose purpose) {

        Origin origin() {
            return new Origin(source == null ? "API" : source, supplier, lawfulBasis, purpose, null);
        }
    }

    /**
     * A customer in the clear.
     *
     * @param grounds of values that come from elsewhere, by {@code NAME}, {@code PHONE}, {@code FIELD:key}…
     */
    record CustomerBody(
            @Nullable CustomerKind kind,
            @Nullable String name,
            @Nullable String reference,
            @Nullable String creditCode,
            @Nullable List<ContactBody> contacts,
            @Nullable List<String> tags,
            @Nullable Map<String, String> fields,
            @Nullable String since,
            @Nullable String source,
            @Nullable String supplier,
            @Nullable LawfulBasis lawfulBasis,
            @Nullable DataPurpose purpose,
            @Nullable Map<String, OriginBody> grounds) {

        Customers.Sourced sourced(String usual) {
            var others = new HashMap<String, Origin>();
            if (grounds != null) {
                grounds.forEach((field, ground) -> others.put(field, ground.origin()));
            }
            return new Customers.Sourced(
                    customer(),
                    new Origin(source == null ? usual : source, supplier, lawfulBasis, purpose, null),
                    others);
        }

        NewCustomer customer() {
            return new NewCustomer(
                    kind == null ? CustomerKind.PERSON : kind,
                    name == null ? "" : name,
                    reference,
                    creditCode,
                    contacts == null
                            ? List.of()
                            : contacts.stream()
                                    .map(each -> new NewCustomer.Contact(
                                            each.kind(), each.value(), each.label(), each.elsewhere()))
                                    .toList(),
                    tags == null ? List.of() : tags,
                    fields == null ? Map.of() : fields,
                    since);
        }

        @Override
        public String toString() {
            return "CustomerBody";
        }
    }

    record AddedBody(UUID id) {}

    /** @param before to ask for the next page with; null on the last */
    record PageBody(
            List<CustomerPage.Line> customers, @Nullable UUID before) {}

    /** Masked. By POST, because what is searched for is personal and must not get into an address. */
    @PostMapping("/customers/search")
    PageBody search(Access access, @RequestBody SearchBody body) {
        var limit = body.limit();
        var page = customers.page(
                access,
                body.q() == null ? "" : body.q(),
                body.before(),
                Math.clamp(limit == null ? 50 : limit, 1, 200));
        return new PageBody(page.customers(), page.before());
    }

    @GetMapping("/customers/{customer}")
    Customers.Profile show(Access access, @PathVariable UUID customer) {
        return customers.profile(access, customer);
    }

    @PostMapping("/customers")
    @ResponseStatus(HttpStatus.CREATED)
    AddedBody add(
            Access access,
            @RequestBody CustomerBody body,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
        access.require(Capability.EDIT_CUSTOMERS);
        return idempotency.once(access, key, List.of(access.contract(), "customers", body), AddedBody.class, () -> {
            var sourced = body.sourced("API");
            return new AddedBody(customers.add(access, sourced.customer(), sourced.origin(), sourced.others()));
        });
    }

    /** @param ids of the new customers, in the order given */
    record ManyAddedBody(List<UUID> ids) {}

    /** All or none: one row that cannot be taken is named by its place, and nothing is stored. */
    @PostMapping("/customers/batch")
    @ResponseStatus(HttpStatus.CREATED)
    ManyAddedBody addMany(
            Access access,
            @RequestBody List<CustomerBody> bodies,
            @RequestParam(defaultValue = "API") String source,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
        access.require(Capability.IMPORT_CUSTOMERS);
        if (bodies.isEmpty() || bodies.size() > MOST_AT_ONCE) {
            throw Refused.field("", "customer.api.most", MOST_AT_ONCE, bodies.size());
        }
        return idempotency.once(
                access,
                key,
                List.of(access.contract(), "customers/batch", source, bodies),
                ManyAddedBody.class,
                () -> new ManyAddedBody(customers.addAll(
                        access,
                        bodies.stream().map(each -> each.sourced(source)).toList())));
    }

    @PostMapping("/customers/{customer}/contacts")
    @ResponseStatus(HttpStatus.CREATED)
    AddedBody addContact(
            Access access,
            @PathVariable UUID customer,
            @RequestBody ContactBody body,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
        access.require(Capability.EDIT_CUSTOMERS);
        return idempotency.once(
                access,
                key,
                List.of(access.contract(), customer, "contacts", body),
                AddedBody.class,
                () -> new AddedBody(customers.addContact(
                        access,
                        customer,
                        new NewCustomer.Contact(given("kind", body.kind()), given("value", body.value()), body.label()),
                        body.origin())));
    }

    /** @param value the new one; missing to change only the label */
    record ContactChange(
            @Nullable String value,
            @Nullable String label,
            @Nullable String source,
            @Nullable String supplier,
            @Nullable LawfulBasis lawfulBasis,
            @Nullable DataPurpose purpose) {

        /** Shows nothing of the value. */
        @Override
        public String toString() {
            return "ContactChange";
        }
    }

    /** The answer has the id of the contact, which is another when the value is. */
    @PutMapping("/customers/{customer}/contacts/{contact}")
    AddedBody changeContact(
            Access access, @PathVariable UUID customer, @PathVariable UUID contact, @RequestBody ContactChange body) {
        return new AddedBody(customers.changeContact(
                access,
                customer,
                contact,
                body.value() == null ? "" : body.value(),
                body.label(),
                new Origin(
                        body.source() == null ? "API" : body.source(),
                        body.supplier(),
                        body.lawfulBasis(),
                        body.purpose(),
                        null)));
    }

    /**
     * What a field of the client's own says from now on.
     *
     * @param value missing or blank for nothing any more
     * @param since the day since when; missing for today
     */
    record FieldChange(@Nullable String value, @Nullable LocalDate since) {

        /** Shows nothing of the value. */
        @Override
        public String toString() {
            return "FieldChange";
        }
    }

    @PutMapping("/customers/{customer}/fields/{field}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void setField(
            Access access, @PathVariable UUID customer, @PathVariable String field, @RequestBody FieldChange body) {
        ownFields.set(access, customer, field, body.value() == null ? "" : body.value(), body.since());
    }

    /** What the client's own fields say and said, by field, the latest first; masked where they are personal. */
    @GetMapping("/customers/{customer}/fields")
    List<OwnFields.Said> fields(Access access, @PathVariable UUID customer) {
        return ownFields.history(access, customer);
    }

    @DeleteMapping("/customers/{customer}/contacts/{contact}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void removeContact(Access access, @PathVariable UUID customer, @PathVariable UUID contact) {
        customers.removeContact(access, customer, contact);
    }

    /** @param value the id of a contact, field value or note, or of the customer for its name */
    record RevealBody(UUID value, Purpose purpose, String reason) {}

    record RevealedBody(UUID value, String inTheClear) {}

    @PostMapping("/customers/{customer}/reveals")
    RevealedBody reveal(Access access, @PathVariable UUID customer, @RequestBody RevealBody body) {
        return new RevealedBody(
                body.value(),
                customers
                        .reveal(access, customer, body.value(), body.purpose(), body.reason())
                        .inTheClear());
    }

    record ConsentBody(
            @Nullable DataPurpose purpose,
            @Nullable Channel channel,
            boolean granted,
            @Nullable ProofKind proofKind,
            @Nullable String proof,
            @Nullable Instant happenedAt) {}

    @PostMapping("/customers/{customer}/consents")
    @ResponseStatus(HttpStatus.CREATED)
    AddedBody consent(
            Access access,
            @PathVariable UUID customer,
            @RequestBody ConsentBody body,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
        access.require(Capability.EDIT_CUSTOMERS);
        var at = body.happenedAt();
        return idempotency.once(
                access,
                key,
                List.of(access.contract(), customer, "consents", body),
                AddedBody.class,
                () -> new AddedBody(consents.record(
                        access,
                        customer,
                        given("purpose", body.purpose()),
                        given("channel", body.channel()),
                        body.granted(),
                        given("proofKind", body.proofKind()),
                        given("proof", body.proof()),
                        at == null ? clock.instant() : at)));
    }

    @GetMapping("/customers/{customer}/consents")
    List<Consents.Standing> consents(Access access, @PathVariable UUID customer) {
        return consents.of(access, customer);
    }

    /** All that was said, the latest first; the proof of each is revealed under its id. */
    @GetMapping("/customers/{customer}/consents/history")
    List<Consents.Word> consentHistory(Access access, @PathVariable UUID customer) {
        return consents.history(access, customer);
    }

    record FieldBody(@Nullable String key, @Nullable String label, CustomField.@Nullable Type type, boolean personal) {}

    @GetMapping("/customer-fields")
    List<CustomField> fields(Access access) {
        return customers.fields(access);
    }

    @PostMapping("/customer-fields")
    @ResponseStatus(HttpStatus.CREATED)
    AddedBody addField(Access access, @RequestBody FieldBody body) {
        var field = new CustomField(
                Ids.next(),
                given("key", body.key()),
                given("label", body.label()),
                given("type", body.type()),
                body.personal());
        customers.addField(access, field);
        return new AddedBody(field.id());
    }

    /**
     * Takes the file as the body, however large; the columns are given with it or assigned by {@code start}. Sent again with
     * the same key, the answer is the upload of the first time.
     */
    @PostMapping("/imports")
    @ResponseStatus(HttpStatus.CREATED)
    ImportBatch upload(
            Access access,
            @RequestParam(defaultValue = "CSV") ImportFormat format,
            @RequestParam(defaultValue = "") String charset,
            @RequestParam(defaultValue = "") String sheet,
            @RequestHeader(name = Imports.FILE_NAME, required = false) @Nullable String encodedName,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            HttpServletRequest request)
            throws IOException {
        try (var body = request.getInputStream()) {
            return imports.upload(
                    access, new Imports.Sending(format, charset, sheet, Imports.decoded(encodedName), key), body);
        }
    }

    /** The newest measurement of the quality of the data, and completeness before it. */
    @GetMapping("/quality-of-data")
    Quality.Report quality(Access access) {
        return quality.report(access);
    }

    /** Measures anew; an import does so when it ends. */
    @PostMapping("/quality-of-data")
    Quality.Report measure(Access access) {
        quality.measure(access);
        return quality.report(access);
    }

    record ReadingBody(
            @Nullable String charset,
            @Nullable String delimiter,
            @Nullable Integer headingRow) {}

    /** Reads an uploaded file otherwise than it was guessed, before it is started; what is left out is found out. */
    @PostMapping("/imports/{batch}/reading")
    ImportBatch reread(Access access, @PathVariable UUID batch, @RequestBody ReadingBody body) throws IOException {
        return imports.reread(access, batch, body.charset(), body.delimiter(), body.headingRow());
    }

    /** Throws an uploaded file away that was not started. */
    @DeleteMapping("/imports/{batch}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void discard(Access access, @PathVariable UUID batch) {
        imports.discard(access, batch);
    }

    record StartBody(
            @Nullable List<String> mapping,
            @Nullable String source,
            @Nullable String supplier,
            @Nullable LawfulBasis lawfulBasis,
            @Nullable DataPurpose purpose,
            @Nullable Map<String, GroundBody> grounds) {}

    /** Of one field, where it is another than that of the import. */
    record GroundBody(
            @Nullable String source,
            @Nullable String supplier,
            @Nullable LawfulBasis lawfulBasis,
            @Nullable DataPurpose purpose) {

        Imports.Ground ground(String field) {
            var at = "grounds." + field + ".";
            return new Imports.Ground(
                    given(at + "source", source),
                    given(at + "supplier", supplier),
                    given(at + "lawfulBasis", lawfulBasis),
                    given(at + "purpose", purpose));
        }
    }

    /** Without a mapping the guessed one is used; {@code grounds} is by the code of the field in the mapping. */
    @PostMapping("/imports/{batch}/start")
    ImportBatch start(Access access, @PathVariable UUID batch, @RequestBody StartBody body) {
        var mapping = body.mapping();
        imports.start(
                access,
                batch,
                mapping == null ? imports.batch(access, batch).mapping() : mapping,
                new Imports.Ground(
                        given("source", body.source()),
                        given("supplier", body.supplier()),
                        given("lawfulBasis", body.lawfulBasis()),
                        given("purpose", body.purpose())),
                grounds(body));
        return imports.batch(access, batch);
    }

    private static Map<String, Imports.Ground> grounds(StartBody body) {
        var grounds = new HashMap<String, Imports.Ground>();
        if (body.grounds() != null) {
            body.grounds().forEach((field, ground) -> grounds.put(field, ground.ground(field)));
        }
        return grounds;
    }

    /** The newest fifty, or those before one. */
    @GetMapping("/imports")
    List<ImportBatch> imports(
            Access access,
            @RequestParam(required = false) @Nullable ImportState state,
            @RequestParam(required = false) @Nullable UUID before) {
        return imports.newest(access, state, "", before, 50);
    }

    @GetMapping("/imports/{batch}")
    ImportBatch batch(Access access, @PathVariable UUID batch) {
        return imports.batch(access, batch);
    }

    @PostMapping("/imports/{batch}/cancel")
    ImportBatch cancel(Access access, @PathVariable UUID batch) {
        imports.cancel(access, batch);
        return imports.batch(access, batch);
    }

    @PostMapping("/imports/{batch}/resume")
    ImportBatch resume(Access access, @PathVariable UUID batch) {
        imports.resume(access, batch);
        return imports.batch(access, batch);
    }

    @PostMapping("/imports/{batch}/revert")
    ImportBatch revert(Access access, @PathVariable UUID batch) {
        imports.revert(access, batch);
        return imports.batch(access, batch);
    }

    @GetMapping("/imports/{batch}/bad.csv")
    void bad(Access access, @PathVariable UUID batch, Locale locale, HttpServletResponse response) throws IOException {
        // Before the first byte, so that a refusal is told as one.
        imports.requireOwn(access, batch);
        response.setContentType("text/csv;charset=UTF-8");
        response.setHeader("Cache-Control", "no-store");
        imports.writeBadRows(access, batch, Texts.in(locale), response.getWriter());
    }

    private static <T> T given(String field, @Nullable T value) {
        if (value == null) {
            throw Refused.field(field, "workbench.missing", field);
        }
        return value;
    }
}
