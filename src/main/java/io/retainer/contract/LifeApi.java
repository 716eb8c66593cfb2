package io.retainer.contract;

import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.identity.Idempotency;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Texts;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** A contract's life over the API: all that its pages can do. */
@RestController
@RequestMapping(path = "/api/v1/contracts/{contract}", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Life", description = "Amendments, notices, terminations, force majeure, winding up.")
class LifeApi {

    private final LifeReading reading;
    private final Amendments amendments;
    private final AmendmentLinks links;
    private final Endings endings;
    private final ForceMajeures forceMajeures;
    private final Idempotency idempotency;
    private final Clock clock;

    LifeApi(
            LifeReading reading,
            Amendments amendments,
            AmendmentLinks links,
            Endings endings,
            ForceMajeures forceMajeures,
            Idempotency idempotency,
            Clock clock) {
        this.reading = reading;
        this.amendments = amendments;
        this.links = links;
        this.endings = endings;
        this.forceMajeures = forceMajeures;
        this.idempotency = idempotency;
        this.clock = clock;
    }

    /** What a creating call made. */
    record Created(UUID id) {}

    /** @param whyNot the rule that says no and what is missing; null when it is possible now */
    record PossibleJson(
            String act,
            String clause,
            boolean possible,
            @Nullable String whyNot,
            @Nullable String code) {}

    record AmendmentJson(
            UUID id,
            int serial,
            Amendment.Kind kind,
            Amendment.State state,
            boolean inForce,
            int amends,
            @Nullable Integer makes,
            LocalDate from,
            String reason,
            Map<String, String> changes,
            List<Integer> annexes,
            Party draftedBy,
            @Nullable String thirdParty,
            @Nullable String hash,
            List<Party> signed,
            List<Party> unsigned,
            List<Party> consentToRetroactivity,
            int version) {}

    record TerminationJson(
            UUID id,
            EndGround ground,
            Termination.State state,
            Party party,
            String restsOn,
            UUID notice,
            Instant declaredAt,
            @Nullable Instant effectiveAt,
            @Nullable Instant contestedAt) {}

    record NoticeJson(
            UUID id,
            Notice.Kind kind,
            Party sender,
            String clause,
            String about,
            Notice.Channel channel,
            @Nullable String words,
            String sha256,
            Instant sentAt,
            @Nullable Instant arrivesAt,
            @Nullable String proof) {}

    record ForceMajeureJson(
            UUID id,
            Party party,
            ForceMajeure.State state,
            String words,
            Instant occurredAt,
            Instant notifiedAt,
            boolean late,
            List<UUID> affected,
            @Nullable String proof,
            boolean proofLate,
            List<UUID> accepted,
            @Nullable Integer relief,
            @Nullable Instant endedAt,
            Instant longStop,
            boolean beyondLongStop) {}

    /**
     * @param ground why it ended or will
     * @param endsAt when the service ended or, as things stand, will end
     * @param open what keeps an ended contract from being closed
     */
    record LifeJson(
            ContractState state,
            @Nullable EndGround ground,
            @Nullable Instant endsAt,
            @Nullable Instant endedAt,
            @Nullable Instant closedAt,
            List<Integer> frozenServices,
            List<PossibleJson> possible,
            List<String> open,
            List<AmendmentJson> amendments,
            List<NoticeJson> notices,
            List<TerminationJson> terminations,
            List<ForceMajeureJson> forceMajeures) {}

    @GetMapping("/life")
    @Operation(summary = "Where the contract stands, what is possible now and why not, and all that happened to it.")
    LifeJson life(Access access, Locale locale) {
        var now = clock.instant();
        var all = reading.life(access, now);
        var texts = Texts.in(locale);
        return new LifeJson(
                all.contract().state(),
                all.contract().ending().ground(),
                all.contract().endsAt(),
                all.contract().ending().endedAt(),
                all.contract().ending().closedAt(),
                all.contract().frozen().stream().sorted().toList(),
                all.possible().stream()
                        .map(one -> new PossibleJson(
                                texts.say(one.act()),
                                one.clause().id(),
                                one.now(),
                                one.whyNot() == null ? null : texts.say(one.whyNot()),
                                one.whyNot() == null ? null : one.whyNot().key()))
                        .toList(),
                access.may(Capability.READ_MONEY)
                        ? all.open().stream().map(texts::say).toList()
                        : List.of(),
                all.amendments().stream().map(one -> json(one, now)).toList(),
                all.notices().stream().map(LifeApi::json).toList(),
                all.terminations().stream().map(LifeApi::json).toList(),
                all.forceMajeures().stream()
                        .map(one -> json(one, all.longStopDays(), now))
                        .toList());
    }

    private static AmendmentJson json(Amendment one, Instant now) {
        return new AmendmentJson(
                one.id(),
                one.serial(),
                one.kind(),
                one.state(),
                one.inForce(now),
                one.base(),
                one.made(),
                one.from(),
                one.reason(),
                one.changes().entrySet().stream()
                        .collect(Collectors.toMap(
                                change -> change.getKey().id(),
                                change -> change.getValue().canonical(),
                                (a, _) -> a,
                                java.util.TreeMap::new)),
                one.annexes().keySet().stream().map(AnnexKind::number).toList(),
                one.draftedBy(),
                one.third(),
                one.hash(),
                one.signed().stream().sorted().toList(),
                one.unsigned(),
                one.retroactive().stream().sorted().toList(),
                one.version());
    }

    private static TerminationJson json(Termination one) {
        return new TerminationJson(
                one.id(),
                one.ground(),
                one.state(),
                one.party(),
                one.restsOn(),
                one.notice(),
                one.declaredAt(),
                one.effectiveAt(),
                one.contestedAt());
    }

    private static NoticeJson json(Notice one) {
        return new NoticeJson(
                one.id(),
                one.kind(),
                one.sender(),
                one.clause().id(),
                one.about(),
                one.channel(),
                one.words(),
                one.hash(),
                one.sentAt(),
                one.arrivesAt(),
                one.proof());
    }

    private static ForceMajeureJson json(ForceMajeure one, int longStop, Instant now) {
        return new ForceMajeureJson(
                one.id(),
                one.party(),
                one.state(),
                one.words(),
                one.occurredAt(),
                one.notifiedAt(),
                one.late(),
                one.affected().stream().sorted().toList(),
                one.proof(),
                one.proofLate(),
                one.accepted().stream().sorted().toList(),
                one.relief(),
                one.endedAt(),
                one.longStop(longStop),
                one.beyondLongStop(longStop, now));
    }

    // Amendments

    /**
     * @param changes canonical values by the id of their term, such as {@code {"late.rate": "0.02"}}
     * @param thirdParty whose duties it changes, if anybody's: it signs too (G-37)
     * @param version of the draft that was looked at: one that somebody else changed meanwhile is not overwritten
     */
    record AmendmentRequest(
            Amendment.@Nullable Kind kind,
            @Nullable LocalDate from,
            @Nullable String reason,
            @Nullable Map<String, String> changes,
            @Nullable String thirdParty,
            @Nullable Integer version) {

        Amendments.Wanted wanted() {
            if (kind == null) {
                throw Refused.field("kind", "contract.life.missing", "kind");
            }
            if (from == null) {
                throw Refused.field("from", "contract.life.missing", "from");
            }
            return new Amendments.Wanted(
                    kind, from, reason == null ? "" : reason, values(), thirdParty == null ? "" : thirdParty);
        }

        Map<TermKey, TermValue> values() {
            var values = new EnumMap<TermKey, TermValue>(TermKey.class);
            if (changes != null) {
                changes.forEach((id, value) -> {
                    var key = ContractController.key(id);
                    values.put(key, ContractController.value(key, value));
                });
            }
            return values;
        }
    }

    @PostMapping("/amendments")
    @Operation(summary = "Drafts an amendment, an extension or an early end.")
    Created draft(
            Access access,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @RequestBody AmendmentRequest request) {
        return new Created(amendments.draft(access, key, request.wanted()));
    }

    @PutMapping("/amendments/{amendment}")
    AmendmentPreviewJson redraft(
            Access access, @PathVariable UUID amendment, @RequestBody AmendmentRequest request, Locale locale) {
        if (request.from() == null) {
            throw Refused.field("from", "contract.life.missing", "from");
        }
        amendments.redraft(
                access,
                amendment,
                request.from(),
                request.reason() == null ? "" : request.reason(),
                request.values(),
                request.thirdParty(),
                request.version());
        return preview(access, amendment, locale);
    }

    record ImpactJson(
            Impact.Kind kind,
            String clause,
            String what,
            @Nullable String before,
            @Nullable String after) {}

    record AmendmentPreviewJson(
            AmendmentJson amendment,
            List<ImpactJson> impacts,
            List<String> settlement,
            @Nullable String refused,
            List<String> notes,
            @Nullable String content) {}

    @GetMapping("/amendments/{amendment}")
    @Operation(
            summary =
                    "An amendment with what it would change: instalments, duties, rights, service levels, old and new.")
    AmendmentPreviewJson preview(Access access, @PathVariable UUID amendment, Locale locale) {
        var preview = amendments.preview(access, amendment);
        var texts = Texts.in(locale);
        return new AmendmentPreviewJson(
                json(preview.amendment(), clock.instant()),
                preview.impacts().stream()
                        .map(impact -> new ImpactJson(
                                impact.kind(),
                                impact.clause().id(),
                                texts.say(impact.what()),
                                said(texts, impact.before()),
                                said(texts, impact.after())))
                        .toList(),
                preview.sheet(),
                said(texts, preview.refused()),
                preview.notes().stream().map(texts::say).toList(),
                preview.amendment().content());
    }

    private static @Nullable String said(Texts texts, @Nullable Sentence sentence) {
        return sentence == null ? null : texts.say(sentence);
    }

    /** @param pieces of the old and the new wording, in order */
    record CellChangeJson(String column, String title, List<WordDifference.Piece> pieces) {}

    record RowChangeJson(AnnexDifference.Fate fate, String part, String clause, List<CellChangeJson> cells) {}

    /**
     * @param proposed whether the amendment changes it
     * @param differences from the annex it amends, row by row
     */
    record ProposedAnnexJson(AnnexApi.AnnexJson annex, boolean proposed, List<RowChangeJson> differences) {}

    @GetMapping("/amendments/{amendment}/annexes/{number}")
    @Operation(summary = "An annex as an amendment proposes it, with what changes row by row.")
    ResponseEntity<ProposedAnnexJson> annex(
            Access access, @PathVariable UUID amendment, @PathVariable int number, Locale locale) {
        var kind = AnnexKind.numbered(number);
        var found = amendments.annex(access, amendment, kind);
        var texts = Texts.in(locale);
        var changes = AnnexDifference.of(found.inForce(), found.sheet(), texts).parts().stream()
                .flatMap(part -> part.rows().stream()
                        .map(row -> new RowChangeJson(
                                row.fate(),
                                part.part().id(),
                                part.part().clause().id(),
                                row.cells().stream()
                                        .map(cell -> new CellChangeJson(
                                                cell.column().id(),
                                                texts.say(part.part().title(cell.column())),
                                                cell.pieces()))
                                        .toList())))
                .toList();
        return ResponseEntity.ok()
                .eTag("\"" + found.amendment().version() + "\"")
                .body(new ProposedAnnexJson(
                        AnnexApi.json(found.with(found.sheet()).annexes(), kind, locale),
                        found.amendment().annexes().containsKey(kind),
                        changes));
    }

    /** @param etag of the annex that was looked at; without it, it is written whatever happened meanwhile */
    @PutMapping("/amendments/{amendment}/annexes/{number}")
    @Operation(summary = "Proposes an annex as it shall read from the day of an amendment that is a draft.")
    ResponseEntity<ProposedAnnexJson> putAnnex(
            Access access,
            @PathVariable UUID amendment,
            @PathVariable int number,
            @RequestBody AnnexApi.AnnexRequest request,
            @RequestHeader(name = "If-Match", required = false) @Nullable String etag,
            Locale locale) {
        amendments.proposeAnnex(
                access, amendment, request.sheet(AnnexKind.numbered(number)), AnnexApi.seen(etag));
        return annex(access, amendment, number, locale);
    }

    @DeleteMapping("/amendments/{amendment}/annexes/{number}")
    @Operation(summary = "Leaves an annex as it is in force.")
    ResponseEntity<ProposedAnnexJson> leaveAnnex(
            Access access,
            @PathVariable UUID amendment,
            @PathVariable int number,
            @RequestHeader(name = "If-Match", required = false) @Nullable String etag,
            Locale locale) {
        amendments.leaveAnnex(access, amendment, AnnexKind.numbered(number), AnnexApi.seen(etag));
        return annex(access, amendment, number, locale);
    }

    @PostMapping("/amendments/{amendment}/proposal")
    AmendmentPreviewJson propose(Access access, @PathVariable UUID amendment, Locale locale) {
        amendments.propose(access, amendment);
        return preview(access, amendment, locale);
    }

    @PostMapping("/amendments/{amendment}/withdrawal")
    AmendmentPreviewJson withdraw(Access access, @PathVariable UUID amendment, Locale locale) {
        amendments.withdraw(access, amendment);
        return preview(access, amendment, locale);
    }

    @PostMapping("/amendments/{amendment}/rejection")
    AmendmentPreviewJson reject(Access access, @PathVariable UUID amendment, Locale locale) {
        amendments.reject(access, amendment);
        return preview(access, amendment, locale);
    }

    /** @param language {@code zh} or {@code en} */
    record AmendmentLinkRequest(
            @Nullable String name,
            @Nullable String email,
            @Nullable String language) {}

    @PostMapping("/amendments/{amendment}/links")
    @Operation(summary = "Sends the third party whose duties an amendment changes a link to sign it by (G-37).")
    Created link(
            Access access,
            @PathVariable UUID amendment,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @RequestBody AmendmentLinkRequest request) {
        return new Created(links.invite(
                access,
                amendment,
                key,
                new SigningLinks.Invitation(
                        Party.THIRD_PARTY,
                        request.name() == null ? "" : request.name(),
                        request.email() == null ? "" : request.email(),
                        request.language() == null ? "zh" : request.language())));
    }

    /** @param retroactive whether the party wants it to hold for days before it was signed */
    record SignatureRequest(
            @Nullable String hash,
            @Nullable SignatureMode mode,
            @Nullable String signatory,
            @Nullable String authority,
            @Nullable Boolean retroactive) {}

    @PostMapping("/amendments/{amendment}/signatures")
    AmendmentPreviewJson sign(
            Access access, @PathVariable UUID amendment, @RequestBody SignatureRequest request, Locale locale) {
        if (request.hash() == null || request.mode() == null) {
            throw Refused.field("hash", "contract.refused.otherHash");
        }
        amendments.sign(
                access,
                amendment,
                request.hash(),
                request.mode(),
                request.signatory() == null ? "" : request.signatory(),
                request.authority() == null ? "" : request.authority(),
                Boolean.TRUE.equals(request.retroactive()));
        return preview(access, amendment, locale);
    }

    // Notices and terminations

    record CureDemandRequest(
            @Nullable String clause,
            @Nullable UUID duty,
            Notice.@Nullable Channel channel,
            @Nullable String words,
            @Nullable Instant sentAt) {}

    @PostMapping("/cure-demands")
    @Operation(summary = "Demands that the other side cure a breach; its arrival starts the cure period.")
    Created demandCure(
            Access access,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @RequestBody CureDemandRequest request) {
        return once(
                access,
                key,
                "cure-demands",
                request,
                () -> endings.demandCure(
                        access,
                        request.clause() == null ? Clause.I_1_2B : LifeController.clause(request.clause()),
                        request.duty(),
                        channel(request.channel()),
                        words(request.words()),
                        request.sentAt() == null ? clock.instant() : request.sentAt()));
    }

    /** @param on the demand whose cure period ran out, or the force majeure that lasted too long */
    record TerminationRequest(
            @Nullable EndGround ground,
            @Nullable UUID on,
            @Nullable Boolean notCured,
            Notice.@Nullable Channel channel,
            @Nullable String words) {}

    @PostMapping("/terminations")
    @Operation(summary = "Terminates for a breach or for force majeure; the notice ends the contract when it arrives.")
    Created terminate(
            Access access,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @RequestBody TerminationRequest request) {
        var ground = request.ground();
        var on = request.on();
        if (ground == null || on == null) {
            throw Refused.field("ground", "contract.life.missing", "ground, on");
        }
        return once(
                access,
                key,
                "terminations",
                request,
                () -> LifeController.terminate(
                        endings,
                        access,
                        ground,
                        on,
                        Boolean.TRUE.equals(request.notCured()),
                        channel(request.channel()),
                        words(request.words())));
    }

    record WordsRequest(@Nullable String words) {}

    @PostMapping("/terminations/{termination}/withdrawal")
    void withdrawTermination(Access access, @PathVariable UUID termination) {
        endings.withdrawTermination(access, termination);
    }

    @PostMapping("/terminations/{termination}/objection")
    void contestTermination(Access access, @PathVariable UUID termination, @RequestBody WordsRequest request) {
        endings.contestTermination(access, termination, words(request.words()));
    }

    /** @param proof SHA-256 of the delivery report */
    record DeliveryRequest(@Nullable Instant at, @Nullable String proof) {}

    @PostMapping("/notices/{notice}/delivery")
    @Operation(summary = "Records the proof that a notice was delivered; a termination takes effect with its arrival.")
    void deliver(Access access, @PathVariable UUID notice, @RequestBody DeliveryRequest request) {
        endings.deliver(access, notice, request.at() == null ? clock.instant() : request.at(), words(request.proof()));
    }

    // Force majeure

    record ForceMajeureRequest(
            @Nullable Instant occurredAt,
            @Nullable List<UUID> duties,
            Notice.@Nullable Channel channel,
            @Nullable String words) {}

    @PostMapping("/force-majeure")
    @Operation(summary = "Tells the other side what hinders which duties.")
    Created notify(
            Access access,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @RequestBody ForceMajeureRequest request) {
        var occurredAt = request.occurredAt();
        if (occurredAt == null) {
            throw Refused.field("occurredAt", "contract.life.missing", "occurredAt");
        }
        return once(
                access,
                key,
                "force-majeure",
                request,
                () -> forceMajeures.notify(
                        access,
                        occurredAt,
                        request.duties() == null ? List.of() : request.duties(),
                        channel(request.channel()),
                        words(request.words())));
    }

    record ProofRequest(@Nullable String proof) {}

    @PostMapping("/force-majeure/{event}/proof")
    void prove(Access access, @PathVariable UUID event, @RequestBody ProofRequest request) {
        forceMajeures.prove(access, event, words(request.proof()));
    }

    /**
     * @param moneyToo the explicit decision without which no money duty is relieved
     * @param relief in per cent, 100 when left out
     */
    record AcceptanceRequest(
            @Nullable List<UUID> duties,
            @Nullable Boolean moneyToo,
            @Nullable Integer relief) {}

    @PostMapping("/force-majeure/{event}/acceptance")
    void accept(Access access, @PathVariable UUID event, @RequestBody AcceptanceRequest request) {
        forceMajeures.accept(
                access,
                event,
                request.duties() == null ? List.of() : request.duties(),
                Boolean.TRUE.equals(request.moneyToo()),
                request.relief() == null ? 100 : request.relief());
    }

    @PostMapping("/force-majeure/{event}/objection")
    void contest(Access access, @PathVariable UUID event, @RequestBody WordsRequest request) {
        forceMajeures.contest(access, event, words(request.words()));
    }

    record EndRequest(@Nullable Instant at) {}

    @PostMapping("/force-majeure/{event}/end")
    void end(Access access, @PathVariable UUID event, @RequestBody EndRequest request) {
        forceMajeures.end(access, event, request.at() == null ? clock.instant() : request.at());
    }

    // Winding up

    /** @param what {@code exit/data-return} or {@code exit/access-release} */
    record CertificateRequest(
            @Nullable String what, @Nullable String certificate) {}

    @PostMapping("/certificates")
    @Operation(summary = "Records the certificate that data were returned and deleted, or accesses given back.")
    void certify(Access access, @RequestBody CertificateRequest request) {
        endings.windUp(access, words(request.what()), words(request.certificate()));
    }

    @PostMapping("/secrets/{duty}/breaches")
    @Operation(summary = "Tells the other side that it broke its secrecy; its duty to keep it goes on.")
    Created flagBroken(
            Access access,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @PathVariable UUID duty,
            @RequestBody WordsRequest request) {
        return once(
                access,
                key,
                "secrets/" + duty + "/breaches",
                request,
                () -> endings.flagSecretBroken(access, duty, Notice.Channel.PLATFORM, words(request.words())));
    }

    @PostMapping("/secrets/{duty}/release")
    void release(Access access, @PathVariable UUID duty, @RequestBody WordsRequest request) {
        endings.releaseSecret(access, duty, words(request.words()));
    }

    @PostMapping("/closure")
    @Operation(summary = "Closes the contract once nothing that its end called for is open.")
    void close(Access access) {
        endings.close(access);
    }

    private Created once(Access access, @Nullable String key, String path, Object request, Supplier<UUID> work) {
        return idempotency.once(
                access, key, List.of(path, access.contract(), request), Created.class, () -> new Created(work.get()));
    }

    private static Notice.Channel channel(Notice.@Nullable Channel channel) {
        return channel == null ? Notice.Channel.PLATFORM : channel;
    }

    private static String words(@Nullable String words) {
        return words == null ? "" : words.strip();
    }
}
