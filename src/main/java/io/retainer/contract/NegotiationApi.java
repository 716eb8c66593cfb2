package io.retainer.contract;

import io.retainer.identity.Access;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import java.time.Instant;
import java.util.List;
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
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Negotiation over the API: all that its pages can do. */
@RestController
@RequestMapping(path = "/api/v1/contracts/{contract}/negotiation", produces = MediaType.APPLICATION_JSON_VALUE)
class NegotiationApi {

    private static final int MOST = 100;

    private final Negotiation negotiation;

    NegotiationApi(Negotiation negotiation) {
        this.negotiation = negotiation;
    }

    record CommentJson(
            UUID comment, int number, String clause, Party party, String name, String words, Instant madeAt) {}

    /** @param next pass it as {@code before} for older ones; null on the last page */
    record CommentList(List<CommentJson> items, @Nullable UUID next) {}

    /** @param clause of this clause only */
    @GetMapping("/comments")
    CommentList comments(
            Access access,
            @RequestParam(required = false) @Nullable String clause,
            @RequestParam(required = false) @Nullable UUID before,
            @RequestParam(defaultValue = "20") int limit) {
        int most = Math.clamp(limit, 1, MOST);
        var found = negotiation.comments(
                access, clause == null ? null : NegotiationController.clause(clause), before, most + 1);
        boolean more = found.size() > most;
        var shown = (more ? found.subList(0, most) : found)
                .stream()
                        .map(said -> new CommentJson(
                                said.comment().id(),
                                said.comment().number(),
                                said.comment().clause().id(),
                                said.comment().party(),
                                said.name(),
                                said.comment().words(),
                                said.comment().madeAt()))
                        .toList();
        return new CommentList(shown, more ? shown.getLast().comment() : null);
    }

    record CommentRequest(String clause, String words) {}

    record Made(UUID id) {}

    @PostMapping("/comments")
    @ResponseStatus(HttpStatus.CREATED)
    Made comment(
            Access access,
            @RequestBody CommentRequest request,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
        if (request.clause() == null) {
            throw Refused.field("clause", "contract.negotiation.refused.noClause");
        }
        return new Made(negotiation.comment(
                access,
                key,
                NegotiationController.clause(request.clause()),
                request.words() == null ? "" : request.words()));
    }

    /**
     * @param term null for a wording
     * @param before the words, or the value in canonical form
     * @param answer why it was rejected
     */
    record ProposalJson(
            UUID proposal,
            int serial,
            int number,
            String clause,
            @Nullable String term,
            String before,
            String after,
            String reason,
            Party party,
            String name,
            Instant madeAt,
            Proposal.ProposalState state,
            @Nullable String answer,
            @Nullable Instant endedAt,
            List<WordDifference.Piece> difference) {}

    /** @param next pass it as {@code before} for older ones; null on the last page */
    record ProposalList(List<ProposalJson> items, @Nullable Integer next) {}

    @GetMapping("/proposals")
    ProposalList proposals(
            Access access,
            @RequestParam(required = false) Proposal.@Nullable ProposalState state,
            @RequestParam(defaultValue = "0") int before,
            @RequestParam(defaultValue = "20") int limit) {
        int most = Math.clamp(limit, 1, MOST);
        var found = negotiation.proposals(access, state, before, most + 1);
        boolean more = found.size() > most;
        var shown = (more ? found.subList(0, most) : found)
                .stream().map(NegotiationApi::json).toList();
        return new ProposalList(shown, more ? shown.getLast().serial() : null);
    }

    private static ProposalJson json(Negotiation.Wish wish) {
        var proposal = wish.proposal();
        var term = proposal.term();
        return new ProposalJson(
                proposal.id(),
                proposal.serial(),
                proposal.number(),
                proposal.clause().id(),
                term == null ? null : term.id(),
                proposal.before(),
                proposal.after(),
                proposal.reason(),
                proposal.party(),
                wish.name(),
                proposal.madeAt(),
                proposal.state(),
                proposal.answer(),
                proposal.endedAt(),
                wish.pieces());
    }

    /**
     * @param term id of the term, or null to change the wording of the clause
     * @param after the new words or value
     * @param version of the contract that was looked at, or null to propose whatever happened meanwhile
     */
    record ProposalRequest(
            String clause,
            @Nullable String term,
            String after,
            String reason,
            @Nullable Integer version) {}

    @PostMapping("/proposals")
    @ResponseStatus(HttpStatus.CREATED)
    Made propose(
            Access access,
            @RequestBody ProposalRequest request,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
        var term = request.term();
        if (request.clause() == null && term == null) {
            throw Refused.field("clause", "contract.negotiation.refused.noClause");
        }
        var wanted = term == null ? null : ContractController.key(term);
        return new Made(negotiation.propose(
                access,
                key,
                new Negotiation.Wanted(
                        wanted == null ? NegotiationController.clause(request.clause()) : wanted.clause(),
                        wanted,
                        request.after() == null ? "" : request.after(),
                        request.reason() == null ? "" : request.reason()),
                request.version()));
    }

    record AcceptanceRequest(@Nullable Integer version) {}

    @PostMapping("/proposals/{id}/acceptance")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void accept(Access access, @PathVariable UUID id, @RequestBody AcceptanceRequest request) {
        negotiation.accept(access, id, request.version());
    }

    /** @param answer why */
    record RejectionRequest(String answer) {}

    @PostMapping("/proposals/{id}/rejection")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void reject(Access access, @PathVariable UUID id, @RequestBody RejectionRequest request) {
        negotiation.reject(access, id, request.answer() == null ? "" : request.answer());
    }

    @PostMapping("/proposals/{id}/withdrawal")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void withdraw(Access access, @PathVariable UUID id) {
        negotiation.withdraw(access, id);
    }

    record ClauseDifference(String clause, List<WordDifference.Piece> pieces) {}

    record TermDifference(
            String term, @Nullable String before, @Nullable String after) {}

    record AnnexDifference(int annex, List<WordDifference.Piece> pieces) {}

    record DifferenceJson(
            int from,
            int to,
            List<ClauseDifference> clauses,
            List<TermDifference> terms,
            List<AnnexDifference> annexes) {}

    /**
     * @param from number of the older version; the one before {@code to} when left out
     * @param to number of the newer version; the newest when left out
     */
    @GetMapping("/differences")
    DifferenceJson differences(
            Access access,
            @RequestParam(required = false) @Nullable Integer from,
            @RequestParam(required = false) @Nullable Integer to) {
        var difference = negotiation.compare(access, from, to).difference();
        return new DifferenceJson(
                difference.from(),
                difference.to(),
                difference.clauses().stream()
                        .map(change -> new ClauseDifference(change.clause().id(), change.pieces()))
                        .toList(),
                difference.terms().stream()
                        .map(change -> new TermDifference(
                                change.key().id(), canonical(change.before()), canonical(change.after())))
                        .toList(),
                difference.annexes().stream()
                        .map(change -> new AnnexDifference(change.kind().number(), change.pieces()))
                        .toList());
    }

    private static @Nullable String canonical(@Nullable TermValue value) {
        return value == null ? null : value.canonical();
    }
}
