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
    private final Clock clock;

    ContractApi(ContractLife life, ContractReading reading, Clock clock) {
        this.life = life;
        this.reading = reading;
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
        if (request.text() == null || request.organisation() == null || request.party() == null) {
            throw Refused.field("text", "contract.file.empty");
        }
        return made(
                signedIn,
                key,
                request.organisation(),
                request.party(),
                request.counterparty(),
                ContractImporter.pasted(request.text()),
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
    record ContractList(
            List<ContractSummary> items, @Nullable UUID next) {}

    @GetMapping
    ContractList list(
            SignedIn signedIn,
            @RequestParam(defaultValue = "") String q,
            @RequestParam(required = false) @Nullable ContractState state,
            @RequestParam(required = false) @Nullable UUID after,
            @RequestParam(defaultValue = "20") int limit) {
        var page = reading.list(signedIn.person(), q, state, after, Math.clamp(limit, 1, MOST), clock.instant());
        return new ContractList(page.contracts(), page.next());
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
        var problems = contract.state().isPreparing() ? current.version().problems() : List.<Problem>of();
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

    /** @param keys ids of terms, or null for all that still need a confirmation */
    record ConfirmationRequest(
            @Nullable List<String> keys, @Nullable Integer version) {}

    @PostMapping("/{contract}/confirmations")
    ResponseEntity<ContractJson> confirm(Access access, @RequestBody ConfirmationRequest request, Locale locale) {
        var keys = request.keys() == null
                ? reading.current(access).version().terms().unconfirmed()
                : request.keys().stream().map(ContractController::key).toList();
        life.confirm(access, keys, request.version());
        return answer(access, locale);
    }

    record VersionRequest(@Nullable Integer version) {}

    /** Takes the marks of a template out. */
    @PostMapping("/{contract}/markers")
    ResponseEntity<ContractJson> strikeMarkers(Access access, @RequestBody VersionRequest request, Locale locale) {
        life.strikeMarkers(access, request.version());
        return answer(access, locale);
    }

    @PostMapping("/{contract}/submission")
    ResponseEntity<ContractJson> submit(Access access, @RequestBody VersionRequest request, Locale locale) {
        life.submit(access, request.version());
        return answer(access, locale);
    }

    @PostMapping("/{contract}/withdrawal")
    ResponseEntity<ContractJson> withdraw(Access access, @RequestBody VersionRequest request, Locale locale) {
        life.withdraw(access, request.version());
        return answer(access, locale);
    }

    @PostMapping("/{contract}/rejection")
    ResponseEntity<ContractJson> reject(Access access, Locale locale) {
        life.reject(access);
        return answer(access, locale);
    }

    /** @param hash of the version the signatory saw */
    record SignatureRequest(String hash, SignatureMode mode, String signatory, String authority) {}

    @PostMapping("/{contract}/signatures")
    ResponseEntity<ContractJson> sign(Access access, @RequestBody SignatureRequest request, Locale locale) {
        if (request.hash() == null || request.mode() == null) {
            throw Refused.field("hash", "contract.refused.otherHash");
        }
        life.sign(
                access,
                request.hash(),
                request.mode(),
                request.signatory() == null ? "" : request.signatory(),
                request.authority() == null ? "" : request.authority());
        return answer(access, locale);
    }
}
