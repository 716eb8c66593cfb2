package io.retainer.contract;

import io.retainer.contract.CheckCommand.ImportJson;
import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.identity.SignedIn;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Texts;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartFile;

/** Contracts over the API: all that the pages can do. */
@RestController
@RequestMapping(path = "/api/v1/contracts", produces = MediaType.APPLICATION_JSON_VALUE)
class ContractApi {

    private static final int MOST = 100;

    private final ContractLife life;
    private final ContractReading reading;
    private final ContractPapers papers;
    private final Signing signing;
    private final SignedPapers signedPapers;
    private final Clock clock;

    ContractApi(
            ContractLife life,
            ContractReading reading,
            ContractPapers papers,
            Signing signing,
            SignedPapers signedPapers,
            Clock clock) {
        this.signing = signing;
        this.signedPapers = signedPapers;
        this.life = life;
        this.reading = reading;
        this.papers = papers;
        this.clock = clock;
    }

    /**
     * A text to import.
     *
     * @param organisation of the caller
     * @param party {@code CLIENT} or {@code PROVIDER}: the part that organisation takes
     * @param counterparty registered name of the other side; the one printed in the text when left out
     */
    record ImportRequest(
            UUID organisation, Party party, @Nullable String counterparty, String text) {}

    @PostMapping(path = "/imports", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Map<String, @Nullable Object>> importText(
            SignedIn signedIn,
            @RequestBody ImportRequest request,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            Locale locale) {
        return made(
                signedIn,
                key,
                Refused.given("organisation", request.organisation()),
                Refused.given("party", request.party()),
                request.counterparty(),
                ContractImporter.pasted(Refused.given("text", request.text())),
                locale);
    }

    @PostMapping(path = "/imports", consumes = MediaType.MULTIPART_FORM_DATA_VALUE)
    ResponseEntity<Map<String, @Nullable Object>> importFile(
            SignedIn signedIn,
            @RequestParam UUID organisation,
            @RequestParam Party party,
            @RequestParam(required = false) @Nullable String counterparty,
            @RequestParam MultipartFile file,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            Locale locale)
            throws IOException {
        return made(signedIn, key, organisation, party, counterparty, ContractImporter.file(file.getBytes()), locale);
    }

    private ResponseEntity<Map<String, @Nullable Object>> made(
            SignedIn signedIn,
            @Nullable String key,
            UUID organisation,
            Party party,
            @Nullable String counterparty,
            ImportedContract imported,
            Locale locale) {
        var printed = imported.terms()
                .text(party == Party.CLIENT ? TermKey.PROVIDER_NAME : TermKey.CLIENT_NAME)
                .orElse("");
        var other = counterparty == null || counterparty.isBlank() ? printed : counterparty;
        var made = life.keep(signedIn.person(), key, new NewContract(organisation, party, other), imported);
        var json = new LinkedHashMap<String, @Nullable Object>();
        json.put("contract", made.contract());
        json.putAll(ImportJson.of(imported, Problems.of(imported), Texts.in(locale)));
        return ResponseEntity.created(URI.create("/api/v1/contracts/" + made.contract()))
                .body(json);
    }

    /** @param next pass it as {@code after} for the next page; null on the last */
    record ContractList(List<ContractItem> items, @Nullable UUID next) {}

    /** @param total yuan with two decimals; null while it is not known, or when the caller may not see it */
    record ContractItem(
            UUID contract,
            UUID tenant,
            String title,
            ContractState state,
            String client,
            String provider,
            @Nullable LocalDate start,
            @Nullable LocalDate end,
            @Nullable String total,
            boolean moneyHidden) {

        static ContractItem of(ContractSummary line) {
            var total = line.total();
            return new ContractItem(
                    line.contract(),
                    line.tenant(),
                    line.title(),
                    line.state(),
                    line.client(),
                    line.provider(),
                    line.start(),
                    line.end(),
                    total == null ? null : total.yuan().toPlainString(),
                    line.moneyHidden());
        }
    }

    @GetMapping
    ContractList list(
            SignedIn signedIn,
            @RequestParam(defaultValue = "") String q,
            @RequestParam(required = false) @Nullable ContractState state,
            @RequestParam(required = false) @Nullable UUID after,
            @RequestParam(defaultValue = "20") int limit) {
        var page = reading.list(signedIn.person(), q, state, after, Math.clamp(limit, 1, MOST), clock.instant());
        return new ContractList(page.contracts().stream().map(ContractItem::of).toList(), page.next());
    }

    /** @param version pass it back when changing something: a change somebody else made meanwhile is then named */
    record ContractJson(
            UUID contract,
            UUID tenant,
            String title,
            ContractState state,
            int number,
            @Nullable String hash,
            List<SignatureJson> signatures,
            @Nullable Instant submittedAt,
            @Nullable Instant effectiveAt,
            @Nullable Instant startedAt,
            @Nullable LocalDate startsOn,
            @Nullable LocalDate endsOn,
            int version,
            List<Map<String, @Nullable Object>> problems) {}

    record SignatureJson(Party party, String hash, SignatureMode mode, String signatory, Instant signedAt) {}

    @GetMapping("/{contract}")
    ResponseEntity<ContractJson> show(Access access, Locale locale) {
        access.require(Capability.READ_CONTRACT);
        return answer(access, locale);
    }

    private ResponseEntity<ContractJson> answer(Access access, Locale locale) {
        var current = reading.current(access);
        var contract = current.contract();
        var texts = Texts.in(locale);
        var problems = contract.state().isPreparing() ? current.problems() : List.<Problem>of();
        return ResponseEntity.ok()
                .eTag("\"" + contract.version() + "\"")
                .body(new ContractJson(
                        contract.id(),
                        contract.tenant(),
                        contract.title(),
                        contract.state(),
                        contract.number(),
                        contract.hash(),
                        current.signatures().stream()
                                .map(signature -> new SignatureJson(
                                        signature.party(),
                                        signature.hash(),
                                        signature.mode(),
                                        signature.signatory(),
                                        signature.signedAt()))
                                .toList(),
                        contract.submittedAt(),
                        contract.effectiveAt(),
                        contract.startedAt(),
                        contract.startsOn(),
                        contract.endsOn(),
                        contract.version(),
                        problems.stream()
                                .map(problem -> ImportJson.problem(problem, texts))
                                .toList()));
    }

    record ClauseJson(
            String clause,
            String title,
            ClauseState.State state,
            String restsOn,
            @Nullable Instant nextDeadline,
            List<String> evidence,
            @Nullable String text,
            @Nullable String original,
            boolean reconstructed,
            boolean inferredHeading) {}

    @GetMapping("/{contract}/clauses")
    List<ClauseJson> clauses(Access access, Locale locale) {
        access.require(Capability.READ_CONTRACT);
        var overview = reading.overview(access, clock.instant());
        var texts = Texts.in(locale);
        return overview.clauses().stream()
                .map(state -> {
                    var found = overview.version().clauses().stream()
                            .filter(clause -> clause.clause() == state.clause())
                            .findFirst();
                    return new ClauseJson(
                            state.clause().id(),
                            texts.say(state.clause().title()),
                            state.state(),
                            texts.say(state.restsOn()),
                            state.nextDeadline(),
                            state.evidenceSubjects(),
                            found.map(clause -> clause.passage().text()).orElse(null),
                            found.map(clause -> clause.passage().original()).orElse(null),
                            found.map(clause -> clause.passage().reconstructed())
                                    .orElse(false),
                            found.map(FoundClause::inferredHeading).orElse(false));
                })
                .toList();
    }

    @GetMapping("/{contract}/terms")
    List<Map<String, @Nullable Object>> terms(Access access) {
        access.require(Capability.READ_CONTRACT);
        return reading.current(access).version().terms().entries().stream()
                .map(ImportJson::term)
                .toList();
    }

    /** @param version of the contract that was looked at, or null to write whatever happened meanwhile */
    record TermRequest(String value, @Nullable Integer version) {}

    @PutMapping("/{contract}/terms/{key}")
    ResponseEntity<ContractJson> fill(
            Access access, @PathVariable String key, @RequestBody TermRequest request, Locale locale) {
        var term = ContractController.key(key);
        var value = request.value() == null ? "" : request.value();
        life.fill(access, term, ContractController.value(term, value), request.version());
        return answer(access, locale);
    }

    /**
     * A default of the platform that will be computed with and that not both parties have confirmed.
     *
     * @param withoutAgreement what becomes of it as long as that is so
     */
    record DefaultJson(
            String term,
            String gap,
            String clause,
            String title,
            String value,
            String reason,
            UnagreedDefault withoutAgreement,
            String consequence,
            Set<Party> confirmedBy) {}

    @GetMapping("/{contract}/defaults")
    List<DefaultJson> defaults(Access access, Locale locale) {
        access.require(Capability.READ_CONTRACT);
        var current = reading.current(access);
        var texts = Texts.in(locale);
        return UnagreedDefault.open(current.version().terms()).stream()
                .map(entry -> {
                    var key = entry.key();
                    var rule = UnagreedDefault.of(key).orElseThrow();
                    return new DefaultJson(
                            key.id(),
                            key.gap(),
                            key.clause().id(),
                            texts.say(key.title()),
                            Objects.requireNonNull(entry.value()).canonical(),
                            texts.say(UnagreedDefault.reason(key)),
                            rule,
                            texts.say(rule.consequence()),
                            entry.confirmedBy());
                })
                .toList();
    }

    /**
     * @param keys ids of terms, or null for all that still need a confirmation
     * @param defaults true for the platform's defaults that are still open, and nothing else
     */
    record ConfirmationRequest(
            @Nullable List<String> keys,
            @Nullable Boolean defaults,
            @Nullable Integer version) {}

    @PostMapping("/{contract}/confirmations")
    ResponseEntity<ContractJson> confirm(Access access, @RequestBody ConfirmationRequest request, Locale locale) {
        var keys = request.keys() == null
                ? Boolean.TRUE.equals(request.defaults())
                        ? UnagreedDefault.open(reading.current(access).version().terms()).stream()
                                .map(TermEntry::key)
                                .toList()
                        : ContractController.confirmable(reading.current(access))
                : request.keys().stream().map(ContractController::key).toList();
        life.confirm(access, keys, request.version());
        return answer(access, locale);
    }

    /** @param seam whether a seal is drawn across the edges of the pages */
    @GetMapping(path = "/{contract}/document.{format}", produces = MediaType.ALL_VALUE)
    ResponseEntity<byte[]> document(
            Access access,
            @PathVariable String format,
            @RequestParam(defaultValue = "false") boolean seam,
            Locale locale) {
        access.require(Capability.READ_CONTRACT);
        return papers.contract(reading.current(access), format, seam, Texts.in(locale));
    }

    record VersionRequest(@Nullable Integer version) {}

    /** Takes the marks of a template out. */
    @PostMapping("/{contract}/markers")
    ResponseEntity<ContractJson> strikeMarkers(Access access, @RequestBody VersionRequest request, Locale locale) {
        life.strikeMarkers(access, request.version());
        return answer(access, locale);
    }

    /**
     * How signatures are asked for; all may be left out.
     *
     * @param lastDay thirty days from today when left out
     * @param remindDays working days before it on which who has not signed is reminded; 0 for never
     */
    record SubmissionRequest(
            @Nullable Integer version,
            SigningPlan.@Nullable Sequence sequence,
            @Nullable LocalDate lastDay,
            @Nullable Integer remindDays) {}

    @PostMapping("/{contract}/submission")
    ResponseEntity<ContractJson> submit(Access access, @RequestBody SubmissionRequest request, Locale locale) {
        var platform = SigningPlan.PLATFORM;
        signing.open(
                access,
                new SigningPlan(
                        request.sequence() == null ? platform.sequence() : request.sequence(),
                        request.lastDay(),
                        request.remindDays() == null ? platform.remindDays() : request.remindDays()),
                request.version());
        return answer(access, locale);
    }

    @PostMapping("/{contract}/withdrawal")
    ResponseEntity<ContractJson> withdraw(Access access, @RequestBody VersionRequest request, Locale locale) {
        life.withdraw(access, request.version());
        return answer(access, locale);
    }

    @PostMapping("/{contract}/rejection")
    ResponseEntity<ContractJson> reject(Access access, Locale locale) {
        signing.reject(access);
        return answer(access, locale);
    }

    /**
     * @param hash of the version the signatory saw
     * @param basis a power of attorney when left out
     * @param seal id of the registered seal that is set; to be given where the company has registered any
     * @param paper a PDF, PNG or JPEG that proves the authority, in base64
     */
    record SignatureRequest(
            String hash,
            SignatureMode mode,
            String signatory,
            String authority,
            @Nullable AuthorityBasis basis,
            @Nullable UUID seal,
            @Nullable String paper) {}

    @PostMapping("/{contract}/signatures")
    ResponseEntity<ContractJson> sign(Access access, @RequestBody SignatureRequest request, Locale locale) {
        if (request.hash() == null || request.mode() == null) {
            throw Refused.field("hash", "contract.refused.otherHash");
        }
        var paper = request.paper();
        signing.sign(
                access,
                new Signing.Given(
                        request.hash(),
                        request.mode(),
                        request.signatory() == null ? "" : request.signatory(),
                        new Authority(
                                request.basis() == null ? AuthorityBasis.POWER_OF_ATTORNEY : request.basis(),
                                request.authority() == null ? "" : request.authority(),
                                paper == null ? null : Authority.Paper.ofBase64(paper)),
                        request.seal()));
        signedPapers.after(access.tenant(), access.contract());
        return answer(access, locale);
    }
}
