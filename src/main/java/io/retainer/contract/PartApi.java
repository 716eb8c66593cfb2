package io.retainer.contract;

import io.retainer.identity.Access;
import io.retainer.identity.Idempotency;
import io.retainer.identity.SignedIn;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Texts;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Third parties over the API: invited by a party, signing and leaving by their own people. */
@RestController
@Tag(name = "Third parties", description = "Involvements of third parties, and what waits for their signature.")
@RequestMapping(path = "/api/v1", produces = MediaType.APPLICATION_JSON_VALUE)
class PartApi {

    private final Involvements involvements;
    private final Parts parts;
    private final Leaving leaving;
    private final PartLinks links;
    private final Idempotency idempotency;

    PartApi(Involvements involvements, Parts parts, Leaving leaving, PartLinks links, Idempotency idempotency) {
        this.involvements = involvements;
        this.parts = parts;
        this.leaving = leaving;
        this.links = links;
        this.idempotency = idempotency;
    }

    record OwedJson(
            UUID duty, String clause, String what, @Nullable Instant due) {}

    /** @param byAccount whether its people may act for it by their accounts */
    record InvolvementJson(
            UUID id,
            String name,
            Involvement.Stage stage,
            boolean byAccount,
            Instant invitedAt,
            @Nullable Instant startsAt,
            @Nullable Instant endsAt,
            List<OwedJson> owed,
            @Nullable LeaveJson leave) {}

    /** @param wishedOn the first day on which it wishes to be out; bound until a supplement is signed (II-5.2) */
    record LeaveJson(java.time.LocalDate wishedOn, String reason, Instant notifiedAt) {}

    record ThirdPartiesJson(List<InvolvementJson> involvements, List<String> inviteable) {}

    @GetMapping("/contracts/{contract}/third-parties")
    @Operation(summary = "The third parties of a contract, where they stand and what they owe.")
    ThirdPartiesJson list(Access access, Locale locale) {
        var desk = involvements.desk(access);
        var leave = leaving.open(access);
        var texts = Texts.in(locale);
        return new ThirdPartiesJson(
                desk.seen().stream()
                        .map(one -> json(
                                one.involvement(),
                                one.stage(),
                                one.owed(),
                                leave.get(one.involvement().id()),
                                texts))
                        .toList(),
                desk.inviteable());
    }

    private static InvolvementJson json(
            Involvement one,
            Involvement.Stage stage,
            List<io.retainer.duty.AssessedDuty> owed,
            @Nullable LeaveNotice leave,
            Texts texts) {
        return new InvolvementJson(
                one.id(),
                one.name(),
                stage,
                one.organisation() != null,
                one.invitedAt(),
                one.startsAt(),
                one.endsAt(),
                owed.stream()
                        .map(duty -> new OwedJson(
                                duty.duty().id(),
                                duty.duty().clause().id(),
                                texts.say(duty.assessment().explanation()),
                                duty.assessment().due()))
                        .toList(),
                leave == null ? null : new LeaveJson(leave.wishedOn(), leave.reason(), leave.notifiedAt()));
    }

    @PostMapping("/contracts/{contract}/third-parties/{involvement}/leave-amendment")
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(summary = "Drafts the supplement that lets a third party go on the day its notice wishes (II-5.2).")
    Invited draftLeaving(
            Access access,
            @PathVariable UUID involvement,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
        return new Invited(idempotency.once(
                access,
                key,
                List.of("leave-amendment", access.contract(), involvement),
                UUID.class,
                () -> leaving.draft(access, involvement)));
    }

    /** @param name as annex 5 or a proposed amendment has it */
    record InvitationRequest(@Nullable String name) {}

    record Invited(UUID id) {}

    @PostMapping("/contracts/{contract}/third-parties")
    @Operation(
            summary =
                    "Invites the third party that annex 5 or an amendment names to act by its account; again changes nothing.")
    Invited invite(Access access, @RequestBody InvitationRequest request) {
        return new Invited(involvements.invite(access, request.name() == null ? "" : request.name()));
    }

    /** @param language {@code zh} or {@code en}; null for Chinese */
    record PartLinkRequest(
            @Nullable String name,
            @Nullable String email,
            @Nullable String language) {}

    @PostMapping("/contracts/{contract}/third-parties/links")
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(
            summary = "Sends the signatory of the third party of annex 5 a link to sign the annexes that bind it by.")
    Invited link(
            Access access,
            @RequestBody PartLinkRequest request,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
        return new Invited(links.invite(
                access,
                key,
                new SigningLinks.Invitation(
                        Party.THIRD_PARTY,
                        request.name() == null ? "" : request.name(),
                        request.email() == null ? "" : request.email(),
                        request.language() == null ? "zh" : request.language())));
    }

    /**
     * @param toSign hash of the version that waits for a signature, or null
     * @param amendments that wait for one
     */
    record PartJson(
            InvolvementJson involvement,
            String contract,
            @Nullable String toSign,
            List<WaitingJson> amendments) {}

    record WaitingJson(
            UUID id,
            int serial,
            java.time.LocalDate from,
            String reason,
            @Nullable String hash) {}

    @GetMapping("/parts")
    @Operation(summary = "The parts that the reader's organisations take as third parties.")
    List<PartJson> parts(SignedIn signedIn, Locale locale) {
        return parts.of(signedIn.person()).stream()
                .map(part -> json(part, Texts.in(locale)))
                .toList();
    }

    @GetMapping("/parts/{part}")
    PartJson part(SignedIn signedIn, @PathVariable UUID part, Locale locale) {
        return json(parts.part(signedIn.person(), part), Texts.in(locale));
    }

    /** @param wishedOn the first day on which it wishes to be out */
    record LeaveRequest(
            java.time.@Nullable LocalDate wishedOn,
            @Nullable String reason) {}

    @PostMapping("/parts/{part}/leave-notice")
    @Operation(summary = "The third party gives notice that it wishes to leave, with its reason and in time (II-5.1).")
    PartJson leave(SignedIn signedIn, @PathVariable UUID part, @RequestBody LeaveRequest request, Locale locale) {
        var wishedOn = request.wishedOn();
        if (wishedOn == null) {
            throw Refused.field("wishedOn", "contract.leave.refused.date");
        }
        leaving.give(signedIn.person(), part, wishedOn, request.reason() == null ? "" : request.reason());
        return part(signedIn, part, locale);
    }

    @PostMapping("/parts/{part}/leave-notice/withdrawal")
    @Operation(summary = "It takes the notice back, as long as nothing was agreed.")
    PartJson stay(SignedIn signedIn, @PathVariable UUID part, Locale locale) {
        leaving.withdraw(signedIn.person(), part);
        return part(signedIn, part, locale);
    }

    private PartJson json(Parts.Part part, Texts texts) {
        var toSign = part.toSign();
        return new PartJson(
                json(
                        part.involvement(),
                        part.stage(),
                        part.owed(),
                        leaving.state(part.involvement()).notice(),
                        texts),
                texts.say(ContractController.title(part.contract().title())),
                toSign == null ? null : toSign.hash(),
                part.waiting().stream()
                        .map(Parts.Waiting::amendment)
                        .map(one -> new WaitingJson(one.id(), one.serial(), one.from(), one.reason(), one.hash()))
                        .toList());
    }

    /**
     * @param authority what proves that the signatory may sign, in words
     * @param paper a power of attorney as PDF or picture, in base64; only for a version
     * @param retroactive whether the amendment may hold for days before it was signed
     */
    record PartSignatureRequest(
            @Nullable String hash,
            @Nullable SignatureMode mode,
            @Nullable String signatory,
            @Nullable AuthorityBasis basis,
            @Nullable String authority,
            @Nullable String paper,
            @Nullable Boolean retroactive) {}

    @PostMapping("/parts/{part}/signature")
    @Operation(summary = "A person of the third party signs the version whose annexes bind it.")
    PartJson sign(
            SignedIn signedIn, @PathVariable UUID part, @RequestBody PartSignatureRequest request, Locale locale) {
        var hash = request.hash();
        var mode = request.mode();
        if (hash == null || mode == null) {
            throw Refused.field("hash", "contract.refused.otherHash");
        }
        var basis = request.basis();
        var paper = request.paper();
        parts.sign(
                signedIn.person(),
                part,
                new Signing.Given(
                        hash,
                        mode,
                        request.signatory() == null ? "" : request.signatory(),
                        new Authority(
                                basis == null ? AuthorityBasis.POWER_OF_ATTORNEY : basis,
                                request.authority() == null ? "" : request.authority(),
                                paper == null ? null : Authority.Paper.ofBase64(paper)),
                        null));
        return part(signedIn, part, locale);
    }

    @PostMapping("/parts/{part}/amendments/{amendment}/signature")
    @Operation(summary = "A person of the third party signs an amendment that waits for it (G-37).")
    PartJson signAmendment(
            SignedIn signedIn,
            @PathVariable UUID part,
            @PathVariable UUID amendment,
            @RequestBody PartSignatureRequest request,
            Locale locale) {
        var hash = request.hash();
        var mode = request.mode();
        if (hash == null || mode == null) {
            throw Refused.field("hash", "contract.refused.otherHash");
        }
        parts.signAmendment(
                signedIn.person(),
                part,
                amendment,
                hash,
                mode,
                request.signatory() == null ? "" : request.signatory(),
                request.authority() == null ? "" : request.authority(),
                Boolean.TRUE.equals(request.retroactive()));
        return part(signedIn, part, locale);
    }

    @PostMapping("/parts/{part}/amendments/{amendment}/declination")
    @Operation(summary = "The third party will not sign: the amendment is rejected.")
    PartJson decline(SignedIn signedIn, @PathVariable UUID part, @PathVariable UUID amendment, Locale locale) {
        parts.declineAmendment(signedIn.person(), part, amendment);
        return part(signedIn, part, locale);
    }

    /** @param certificate SHA-256 of the certificate */
    record CertificateRequest(@Nullable String certificate) {}

    @PostMapping("/parts/{part}/duties/{duty}/certificate")
    @Operation(summary = "The third party certifies that data came back, or accesses were given up (G-36).")
    PartJson certify(
            SignedIn signedIn,
            @PathVariable UUID part,
            @PathVariable UUID duty,
            @RequestBody CertificateRequest request,
            Locale locale) {
        parts.certify(signedIn.person(), part, duty, request.certificate() == null ? "" : request.certificate());
        return part(signedIn, part, locale);
    }
}
