package io.retainer.liability;

import io.retainer.identity.Access;
import io.retainer.identity.Idempotency;
import io.retainer.kernel.Money;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Texts;
import io.retainer.kernel.Unknown;
import io.retainer.liability.Finding.ServiceCredit;
import io.retainer.liability.Finding.Third;
import io.retainer.liability.Finding.Weights;
import io.swagger.v3.oas.annotations.Operation;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Breach cases for programs: all that the pages can do. Amounts are in yuan with two decimals. */
@RestController
@RequestMapping("/api/v1/contracts/{contract}/breach-cases")
class BreachApi {

    private final BreachCases cases;
    private final SetOffs setOffs;
    private final Idempotency idempotency;

    BreachApi(BreachCases cases, SetOffs setOffs, Idempotency idempotency) {
        this.cases = cases;
        this.setOffs = setOffs;
        this.idempotency = idempotency;
    }

    /** @param thirdName who else took part, or null */
    record NewBreachBody(
            @Nullable BreachRule rule,
            @Nullable LocalDate happenedOn,
            @Nullable LocalDate knownOn,
            @Nullable String words,
            @Nullable String thirdName) {}

    record BreachFiledBody(UUID id) {}

    /** @param dueOn last day */
    record ClaimBody(
            UUID id,
            Party debtor,
            Party creditor,
            Determination.Kind kind,
            String amount,
            LocalDate dueOn,
            @Nullable Instant paidAt,
            String open,
            List<SetOffBody> setOffs) {}

    /**
     * @param contestedAt when the debtor denied it, or null
     * @param outcome what became of it, or null while it holds
     * @param stands of the amount, as far as it is decided
     */
    record SetOffBody(
            UUID id,
            int instalment,
            String amount,
            Instant at,
            @Nullable Instant contestedAt,
            @Nullable SetOffOutcome outcome,
            String stands,
            @Nullable LocalDate decidedOn,
            @Nullable String document,
            @Nullable String documentHash) {}

    record BreachLineBody(
            UUID id,
            int serial,
            BreachRule rule,
            String clause,
            BreachState state,
            Party claimant,
            LocalDate happenedOn,
            LocalDate limitation,
            List<ClaimBody> claims) {}

    /** @param evidence SHA-256 of what proves it, or null when it stays unproven */
    record ElementBody(
            BreachElement element,
            boolean lookedInto,
            @Nullable String evidence) {}

    record DeterminationStepBody(String says, String amount) {}

    record OwedBody(Party debtor, Party creditor, Determination.Kind kind, String amount) {}

    /** @param unagreed terms it rests on that both parties have not confirmed; while there is one, it cannot be proposed */
    record DeterminationBody(
            List<DeterminationStepBody> steps,
            String net,
            String client,
            String provider,
            String third,
            String credits,
            List<OwedBody> owed,
            List<String> unagreed) {

        static DeterminationBody of(Determination it, Locale locale) {
            var texts = Texts.in(locale);
            return new DeterminationBody(
                    it.steps().stream()
                            .map(step -> new DeterminationStepBody(texts.say(step.words()), yuan(step.amount())))
                            .toList(),
                    yuan(it.net()),
                    yuan(it.client()),
                    yuan(it.provider()),
                    yuan(it.third()),
                    yuan(it.credits()),
                    it.owed().stream()
                            .map(owed -> new OwedBody(owed.debtor(), owed.creditor(), owed.kind(), yuan(owed.amount())))
                            .toList(),
                    it.unagreed().stream().map(key -> key.id()).toList());
        }
    }

    /** @param hash to accept what is proposed, or null */
    record BreachBody(
            BreachLineBody breach,
            String words,
            @Nullable String thirdName,
            List<ElementBody> elements,
            @Nullable Instant answerDue,
            @Nullable Defence defence,
            @Nullable String answer,
            int round,
            @Nullable String hash,
            @Nullable Integer payDays,
            @Nullable DeterminationBody determination) {}

    private static String yuan(Money money) {
        return money.yuan().toPlainString();
    }

    @GetMapping
    List<BreachLineBody> list(Access access) {
        return cases.ofContract(access).stream()
                .map(summary -> line(summary.breach(), summary.claims()))
                .toList();
    }

    private static BreachLineBody line(BreachCase breach, List<BreachRows.Claim> claims) {
        return new BreachLineBody(
                breach.id(),
                breach.serial(),
                breach.rule(),
                breach.rule().clause().id(),
                breach.state(),
                breach.claimant(),
                breach.happenedOn(),
                breach.limitation(),
                claims.stream()
                        .map(claim -> new ClaimBody(
                                claim.id(),
                                claim.debtor(),
                                claim.creditor(),
                                claim.kind(),
                                yuan(claim.amount()),
                                claim.dueOn(),
                                claim.paidAt(),
                                claim.open().yuan().toPlainString(),
                                claim.setOffs().stream()
                                        .map(off -> new SetOffBody(
                                                off.id(),
                                                off.instalment(),
                                                off.amount().yuan().toPlainString(),
                                                off.at(),
                                                off.contestedAt(),
                                                off.ending() == null
                                                        ? null
                                                        : off.ending().how(),
                                                yuan(off.standing()),
                                                off.ending() == null
                                                        ? null
                                                        : off.ending().decidedOn(),
                                                off.ending() == null
                                                        ? null
                                                        : off.ending().document(),
                                                off.ending() == null
                                                        ? null
                                                        : off.ending().documentHash()))
                                        .toList()))
                        .toList());
    }

    @GetMapping("/{breach}")
    BreachBody show(Access access, @PathVariable UUID breach, Locale locale) {
        var whole = cases.whole(access, breach);
        var it = whole.breach();
        return new BreachBody(
                line(it, whole.claims()),
                whole.words().words(),
                whole.words().thirdName(),
                it.rule().elements().stream()
                        .map(element -> new ElementBody(
                                element,
                                it.evidence().containsKey(element),
                                it.evidence()
                                        .getOrDefault(element, java.util.Optional.empty())
                                        .orElse(null)))
                        .toList(),
                it.answerDue(),
                it.defence(),
                whole.words().answer(),
                it.round(),
                it.hash(),
                whole.proposal() == null ? null : whole.proposal().payDays(),
                whole.determined() == null ? null : DeterminationBody.of(whole.determined(), locale));
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    BreachFiledBody file(
            Access access,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @RequestBody NewBreachBody body) {
        var wanted = new BreachCases.NewBreach(
                given("rule", body.rule()),
                given("happenedOn", body.happenedOn()),
                given("knownOn", body.knownOn()),
                Objects.requireNonNullElse(body.words(), ""),
                Objects.requireNonNullElse(body.thirdName(), ""));
        return idempotency.once(
                access,
                key,
                List.of("breach-case", access.contract(), body),
                BreachFiledBody.class,
                () -> new BreachFiledBody(cases.file(access, wanted)));
    }

    /** @param evidence SHA-256 of what proves it, or null: looked into and not proven */
    record EvidenceBody(@Nullable String evidence) {}

    @PostMapping("/{breach}/elements/{element}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void find(
            Access access,
            @PathVariable UUID breach,
            @PathVariable BreachElement element,
            @RequestBody EvidenceBody body) {
        cases.find(access, breach, element, Objects.requireNonNullElse(body.evidence(), ""));
    }

    @PostMapping("/{breach}/check")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void check(Access access, @PathVariable UUID breach) {
        cases.check(access, breach);
    }

    record DefenceBody(@Nullable Defence defence, @Nullable String words) {}

    @PostMapping("/{breach}/answer")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void answer(Access access, @PathVariable UUID breach, @RequestBody DefenceBody body) {
        cases.answer(access, breach, given("defence", body.defence()), Objects.requireNonNullElse(body.words(), ""));
    }

    /** Per cent. */
    record ServiceCreditBody(
            @Nullable BigDecimal weight, @Nullable BigDecimal part) {}

    /** @param cap in yuan, or null when there is none */
    record ThirdBody(
            @Nullable Party introducedBy,
            @Nullable Boolean signedWithClient,
            @Nullable BigDecimal cap) {}

    record WeightsBody(int client, int provider, int third) {}

    /** @param payDays calendar days after the agreement; not needed to try out */
    record FindingBody(
            @Nullable BigDecimal loss,
            @Nullable BigDecimal avoidable,
            @Nullable BigDecimal benefit,
            @Nullable BigDecimal contribution,
            @Nullable BigDecimal foreseeable,
            @Nullable BigDecimal atRisk,
            @Nullable List<ServiceCreditBody> credits,
            @Nullable ThirdBody third,
            @Nullable Boolean uncapped,
            @Nullable WeightsBody weights,
            @Nullable Integer payDays) {

        Finding finding() {
            return new Finding(
                    money("loss", loss),
                    money("avoidable", avoidable),
                    money("benefit", benefit),
                    contribution == null ? BigDecimal.ZERO : contribution,
                    foreseeable == null ? null : money("foreseeable", foreseeable),
                    money("atRisk", atRisk),
                    (credits == null ? List.<ServiceCreditBody>of() : credits)
                            .stream()
                                    .map(credit -> new ServiceCredit(
                                            given("credits", credit.weight()), given("credits", credit.part())))
                                    .toList(),
                    third == null
                            ? null
                            : new Third(
                                    given("introducedBy", third.introducedBy()),
                                    Boolean.TRUE.equals(third.signedWithClient()),
                                    third.cap() == null ? null : money("cap", third.cap())),
                    Boolean.TRUE.equals(uncapped),
                    weights == null ? null : new Weights(weights.client(), weights.provider(), weights.third()));
        }
    }

    @PostMapping("/{breach}/proposals")
    @ResponseStatus(HttpStatus.CREATED)
    BreachBody propose(
            Access access,
            @PathVariable UUID breach,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @RequestBody FindingBody body,
            Locale locale) {
        idempotency.once(access, key, List.of("breach-proposal", breach, body), UUID.class, () -> {
            cases.propose(access, breach, body.finding(), given("payDays", body.payDays()));
            return breach;
        });
        return show(access, breach, locale);
    }

    @GetMapping(path = "/{breach}/determination.{format}", produces = MediaType.ALL_VALUE)
    ResponseEntity<byte[]> determination(
            Access access, @PathVariable UUID breach, @PathVariable String format, Locale locale) {
        return file(cases, access, breach, format, locale);
    }

    static ResponseEntity<byte[]> file(BreachCases cases, Access access, UUID breach, String format, Locale locale) {
        var type = switch (format) {
            case "pdf" -> MediaType.APPLICATION_PDF;
            case "docx" ->
                MediaType.parseMediaType("application/vnd.openxmlformats-officedocument.wordprocessingml.document");
            default -> throw new Unknown("format " + format);
        };
        var paper = cases.paper(access, breach, Texts.in(locale));
        return ResponseEntity.ok()
                .contentType(type)
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        "attachment; filename=\"determination-" + breach + "." + format + "\"")
                .body(format.equals("pdf") ? paper.pdf() : paper.docx());
    }

    /** What an amount would come to by a rule, without a case: a preview, never a claim. */
    @PostMapping("/apportionments")
    DeterminationBody tryOut(
            Access access, @RequestParam BreachRule rule, @RequestBody FindingBody body, Locale locale) {
        return DeterminationBody.of(cases.tryOut(access, rule, null, body.finding()), locale);
    }

    record AcceptanceBody(@Nullable String hash) {}

    @PostMapping("/{breach}/acceptance")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void accept(Access access, @PathVariable UUID breach, @RequestBody AcceptanceBody body) {
        cases.accept(access, breach, Objects.requireNonNullElse(body.hash(), ""));
    }

    @PostMapping("/{breach}/rejection")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void reject(Access access, @PathVariable UUID breach) {
        cases.reject(access, breach);
    }

    record ClaimPaymentBody(@Nullable Instant at, @Nullable String reference) {}

    @PostMapping("/{breach}/claims/{claim}/payment")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void paid(Access access, @PathVariable UUID breach, @PathVariable UUID claim, @RequestBody ClaimPaymentBody body) {
        cases.paid(access, breach, claim, given("at", body.at()), Objects.requireNonNullElse(body.reference(), ""));
    }

    record SetOffRequest(
            @Nullable Integer instalment,
            @Nullable BigDecimal amount,
            @Nullable String words) {}

    record SetOffMade(UUID id) {}

    @PostMapping("/{breach}/claims/{claim}/set-offs")
    @Operation(
            summary = "Sets a due claim of the client off against an instalment, by a notice (G-41, Civil Code 568).")
    SetOffMade setOff(
            Access access,
            @PathVariable UUID breach,
            @PathVariable UUID claim,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @RequestBody SetOffRequest request) {
        int instalment = given("instalment", request.instalment());
        var amount = money("amount", given("amount", request.amount()));
        var words = Objects.requireNonNullElse(request.words(), "");
        return new SetOffMade(idempotency.once(
                access,
                key,
                List.of("claim-set-off", breach, claim, instalment, amount, words),
                UUID.class,
                () -> setOffs.declare(access, breach, claim, instalment, amount, words)));
    }

    record ObjectionRequest(@Nullable String words) {}

    @PostMapping("/{breach}/set-offs/{setOff}/objection")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "The debtor denies that the claim may be set off; what follows is a dispute (I-6.1).")
    void contestSetOff(
            Access access,
            @PathVariable UUID breach,
            @PathVariable UUID setOff,
            @RequestBody ObjectionRequest request) {
        setOffs.contest(access, breach, setOff, Objects.requireNonNullElse(request.words(), ""));
    }

    record SetOffWordsRequest(@Nullable String words) {}

    @PostMapping("/{breach}/set-offs/{setOff}/withdrawal")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "The client takes back a set-off that the provider denied: both debts are owed as before.")
    void withdrawSetOff(
            Access access,
            @PathVariable UUID breach,
            @PathVariable UUID setOff,
            @RequestBody SetOffWordsRequest request) {
        setOffs.withdraw(access, breach, setOff, Objects.requireNonNullElse(request.words(), ""));
    }

    @PostMapping("/{breach}/set-offs/{setOff}/acceptance")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "The provider accepts a set-off after all that it had denied.")
    void acceptSetOff(
            Access access,
            @PathVariable UUID breach,
            @PathVariable UUID setOff,
            @RequestBody SetOffWordsRequest request) {
        setOffs.accept(access, breach, setOff, Objects.requireNonNullElse(request.words(), ""));
    }

    /**
     * @param how COURT, ARBITRATION or AGREEMENT
     * @param stands of the amount, in yuan; what does not is owed again on both sides
     * @param documentHash SHA-256 of the decision or agreement, 64 lower-case hex digits
     */
    record SetOffDecisionRequest(
            @Nullable SetOffOutcome how,
            @Nullable BigDecimal stands,
            @Nullable LocalDate decidedOn,
            @Nullable String document,
            @Nullable String documentHash,
            @Nullable String words) {}

    @PostMapping("/{breach}/set-offs/{setOff}/decision")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(
            summary = "Records what a court, an arbitration body or an agreement decided about a set-off.",
            description =
                    "An agreement is recorded by the side that it costs something; it may end a set-off nobody denied. "
                            + "A second decision about the same set-off is refused.")
    void decideSetOff(
            Access access,
            @PathVariable UUID breach,
            @PathVariable UUID setOff,
            @RequestBody SetOffDecisionRequest request) {
        setOffs.decide(
                access,
                breach,
                setOff,
                new SetOffs.Decision(
                        given("how", request.how()),
                        money("stands", given("stands", request.stands())),
                        given("decidedOn", request.decidedOn()),
                        Objects.requireNonNullElse(request.document(), ""),
                        Objects.requireNonNullElse(request.documentHash(), ""),
                        Objects.requireNonNullElse(request.words(), "")));
    }

    private static <T> T given(String field, @Nullable T value) {
        if (value == null) {
            throw Refused.field(field, "liability.refused.missing", Sentence.of("liability.field." + field));
        }
        return value;
    }

    private static Money money(String field, @Nullable BigDecimal yuan) {
        if (yuan == null) {
            return Money.ZERO;
        }
        if (yuan.signum() < 0 || yuan.stripTrailingZeros().scale() > 2 || yuan.precision() - yuan.scale() > 12) {
            throw Refused.field(
                    field, "liability.refused.money", Sentence.of("liability.field." + field), yuan.toPlainString());
        }
        return Money.of(yuan);
    }
}
