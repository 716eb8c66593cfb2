package io.retainer.contract;

import io.retainer.contract.SigningPlan.Sequence;
import io.retainer.identity.Access;
import io.retainer.identity.SignedIn;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** How signatures are asked for, and the seals, over the API. Signing itself is among the calls of the contract. */
@RestController
@RequestMapping(path = "/api/v1", produces = MediaType.APPLICATION_JSON_VALUE)
class SigningApi {

    private final Signing signing;
    private final SigningLinks links;
    private final SealRegister seals;

    SigningApi(Signing signing, SigningLinks links, SealRegister seals) {
        this.signing = signing;
        this.links = links;
        this.seals = seals;
    }

    /** @param reason why a party would not sign */
    record RoundJson(
            int number,
            Sequence sequence,
            Party openedBy,
            Instant openedAt,
            LocalDate lastDay,
            int remindDays,
            @Nullable Instant remindAt,
            @Nullable Instant remindedAt,
            SigningRound.Outcome outcome,
            @Nullable Party declinedBy,
            @Nullable String reason) {}

    record ProofJson(Party party, AuthorityBasis basis, boolean paper, String hash) {}

    record SealUseJson(Party party, UUID seal, Seal.Kind kind, String name, Instant at) {}

    /** @param hash of the file; null while it is being made */
    record FileJson(int copy, @Nullable String hash) {}

    /** @param turn whose signature is awaited now */
    record SigningJson(
            List<RoundJson> rounds,
            Set<Party> turn,
            List<ProofJson> proofs,
            List<SealUseJson> seals,
            List<FileJson> counterparts) {}

    @GetMapping("/contracts/{contract}/signing")
    SigningJson show(Access access) {
        var standing = signing.standing(access);
        return new SigningJson(
                standing.rounds().stream()
                        .map(round -> new RoundJson(
                                round.number(),
                                round.sequence(),
                                round.openedBy(),
                                round.openedAt(),
                                round.lastDay(),
                                round.remindDays(),
                                round.remindAt(),
                                round.remindedAt(),
                                round.outcome(standing.contract()),
                                round.declinedBy(),
                                round.reason()))
                        .toList(),
                standing.turn(),
                standing.proofs().stream()
                        .map(proof -> new ProofJson(proof.party(), proof.basis(), proof.media() != null, proof.hash()))
                        .toList(),
                standing.uses().stream()
                        .map(use -> new SealUseJson(use.party(), use.seal(), use.kind(), use.name(), use.at()))
                        .toList(),
                standing.files().stream()
                        .map(file -> new FileJson(file.copy(), file.hash()))
                        .toList());
    }

    /** A signed counterpart as it was made, with the platform's signature. */
    @GetMapping(path = "/contracts/{contract}/signing/counterparts/{copy}.pdf", produces = MediaType.ALL_VALUE)
    ResponseEntity<byte[]> counterpart(Access access, @PathVariable int copy) {
        return AnnexFiles.file(
                signing.counterpart(access, copy),
                MediaType.APPLICATION_PDF,
                "contract-" + access.contract() + "-copy" + copy + ".pdf");
    }

    /** @param reason which the other party reads */
    record DeclinationRequest(String reason) {}

    /** The caller's party will not sign: the draft goes back to the talks. */
    @PostMapping("/contracts/{contract}/signing/declination")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void decline(Access access, @RequestBody DeclinationRequest request) {
        signing.decline(access, request.reason() == null ? "" : request.reason());
    }

    /** @param people how many were told */
    record ReminderJson(int people) {}

    /** Reminds those whose turn it is; once a day. */
    @PostMapping("/contracts/{contract}/signing/reminders")
    ReminderJson remind(Access access) {
        return new ReminderJson(signing.remind(access));
    }

    // Links

    /** @param outcome null while it is good */
    record LinkJson(
            UUID link,
            int number,
            Party party,
            String name,
            String email,
            Party invitedAs,
            Instant invitedAt,
            @Nullable Instant openedAt,
            @Nullable Instant endedAt,
            SigningContact.@Nullable LinkOutcome outcome) {}

    /** Names and addresses are masked. */
    @GetMapping("/contracts/{contract}/signing/links")
    List<LinkJson> links(Access access) {
        return links.sent(access).stream()
                .map(SigningLinks.Sent::contact)
                .map(contact -> new LinkJson(
                        contact.id(),
                        contact.number(),
                        contact.party(),
                        contact.name(),
                        contact.email(),
                        contact.invitedAs(),
                        contact.invitedAt(),
                        contact.openedAt(),
                        contact.endedAt(),
                        contact.outcome()))
                .toList();
    }

    /** @param language {@code zh} when left out, or {@code en} */
    record LinkRequest(
            Party party,
            String name,
            String email,
            @Nullable String language) {}

    record LinkMade(UUID link) {}

    /** Sends a link to sign by to somebody without an account. */
    @PostMapping("/contracts/{contract}/signing/links")
    @ResponseStatus(HttpStatus.CREATED)
    LinkMade invite(
            Access access,
            @RequestBody LinkRequest request,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
        if (request.party() == null) {
            throw Refused.field("party", "contract.link.refused.party");
        }
        return new LinkMade(links.invite(
                access,
                key,
                new SigningLinks.Invitation(
                        request.party(),
                        request.name() == null ? "" : request.name(),
                        request.email() == null ? "" : request.email(),
                        request.language() == null ? "zh" : request.language())));
    }

    @PostMapping("/contracts/{contract}/signing/links/{link}/revocation")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void revokeLink(Access access, @PathVariable UUID link) {
        links.revoke(access, link);
    }

    // Seals

    record SealJson(
            UUID organisation,
            UUID seal,
            Seal.Kind kind,
            String name,
            UUID keeper,
            Instant grantedAt,
            @Nullable Instant revokedAt) {}

    /** The seals of the companies the caller belongs to. */
    @GetMapping("/seals")
    List<SealJson> seals(SignedIn signedIn) {
        return seals.shelves(signedIn.person()).stream()
                .flatMap(shelf -> shelf.seals().stream())
                .map(seal -> new SealJson(
                        seal.organisation(),
                        seal.id(),
                        seal.kind(),
                        seal.name(),
                        seal.keeper(),
                        seal.grantedAt(),
                        seal.revokedAt()))
                .toList();
    }

    record SealRequest(UUID organisation, Seal.Kind kind, String name, UUID keeper) {}

    record SealMade(UUID seal) {}

    @PostMapping("/seals")
    @ResponseStatus(HttpStatus.CREATED)
    SealMade grant(
            SignedIn signedIn,
            @RequestBody SealRequest request,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
        if (request.organisation() == null || request.kind() == null || request.keeper() == null) {
            throw Refused.field("keeper", "contract.seal.refused.incomplete");
        }
        return new SealMade(seals.grant(
                signedIn.person(),
                key,
                request.organisation(),
                request.kind(),
                request.name() == null ? "" : request.name(),
                request.keeper()));
    }

    record HandoverRequest(UUID keeper, String reason) {}

    @PostMapping("/seals/{organisation}/{seal}/handover")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void handOver(
            SignedIn signedIn,
            @PathVariable UUID organisation,
            @PathVariable UUID seal,
            @RequestBody HandoverRequest request) {
        if (request.keeper() == null) {
            throw Refused.field("keeper", "contract.seal.refused.incomplete");
        }
        seals.handOver(
                signedIn.person(),
                organisation,
                seal,
                request.keeper(),
                request.reason() == null ? "" : request.reason());
    }

    record RevocationRequest(String reason) {}

    @PostMapping("/seals/{organisation}/{seal}/revocation")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void revoke(
            SignedIn signedIn,
            @PathVariable UUID organisation,
            @PathVariable UUID seal,
            @RequestBody RevocationRequest request) {
        seals.revoke(signedIn.person(), organisation, seal, request.reason() == null ? "" : request.reason());
    }
}
