package io.retainer.contract;

import io.retainer.contract.NegotiationEvent.Answer;
import io.retainer.contract.NegotiationEvent.ChangeProposed;
import io.retainer.contract.NegotiationEvent.Commented;
import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.identity.Idempotency;
import io.retainer.identity.People;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Ids;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Unknown;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;

/**
 * Talking about a contract before it is signed: comments on a clause, proposals of another wording or another value, and
 * their answers (I-7.2). Whoever may see the amounts may comment; whoever may edit the terms may propose and answer. An
 * accepted wording makes a new version, so that each step of the talks can be compared with any other.
 */
@Service
public class Negotiation {

    static final int PAGE = 20;
    private static final int MOST_OPEN = 200;

    private final ContractLife life;
    private final ContractRows contracts;
    private final NegotiationRows rows;
    private final People people;
    private final Tenancy tenancy;
    private final Idempotency idempotency;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    Negotiation(
            ContractLife life,
            ContractRows contracts,
            NegotiationRows rows,
            People people,
            Tenancy tenancy,
            Idempotency idempotency,
            ApplicationEventPublisher events,
            Clock clock) {
        this.life = life;
        this.contracts = contracts;
        this.rows = rows;
        this.people = people;
        this.tenancy = tenancy;
        this.idempotency = idempotency;
        this.events = events;
        this.clock = clock;
    }

    // Saying something

    /** @param key from the header {@code Idempotency-Key}, or null */
    public UUID comment(Access access, @Nullable String key, Clause clause, String words) {
        access.require(Capability.READ_MONEY);
        Proposal.requireWords("words", words);
        return idempotency.once(
                access, key, List.of("comment", access.contract(), clause.id(), words), UUID.class, () -> {
                    var id = Ids.at(clock.millis());
                    life.change(access.tenant(), access.contract(), null, work -> {
                        work.contract().requireNegotiable(access.party());
                        var comment = new ClauseComment(
                                id,
                                work.contract().number(),
                                clause,
                                access.party(),
                                access.person(),
                                words.strip(),
                                work.now());
                        rows.add(access.tenant(), access.contract(), comment);
                        events.publishEvent(new Commented(
                                access.tenant(),
                                access.contract(),
                                id,
                                clause,
                                access.party(),
                                Hashes.of(access.contract(), "comment", comment.words()),
                                work.now(),
                                access.person()));
                    });
                    return id;
                });
    }

    /**
     * What somebody wants the draft to say.
     *
     * @param term null for another wording of the clause
     * @param after the wording, or the value as a person writes it
     */
    public record Wanted(Clause clause, @Nullable TermKey term, String after, String reason) {}

    /**
     * @param key from the header {@code Idempotency-Key}, or null
     * @param seen lock version of the contract the writer looked at, or null
     * @throws Refused when the words or the value cannot stand there, or nothing would change
     */
    public UUID propose(Access access, @Nullable String key, Wanted wanted, @Nullable Integer seen) {
        access.require(Capability.EDIT_TERMS);
        Proposal.requireWords("reason", wanted.reason());
        var term = wanted.term();
        return idempotency.once(
                access,
                key,
                List.of(
                        "proposal",
                        access.contract(),
                        wanted.clause().id(),
                        term == null ? "" : term.id(),
                        wanted.after(),
                        wanted.reason()),
                UUID.class,
                () -> {
                    var id = Ids.at(clock.millis());
                    life.change(access.tenant(), access.contract(), seen, work -> {
                        work.contract().requireNegotiable(access.party());
                        if (rows.proposals(
                                                access.tenant(),
                                                access.contract(),
                                                null,
                                                Proposal.ProposalState.OPEN,
                                                0,
                                                MOST_OPEN)
                                        .size()
                                == MOST_OPEN) {
                            throw Refused.because("contract.negotiation.refused.tooMany", MOST_OPEN);
                        }
                        var before = current(work.version(), wanted.clause(), term);
                        var after = term == null
                                ? wording(work.version(), wanted)
                                : ContractController.value(required(term), wanted.after())
                                        .canonical();
                        if (after.equals(before)) {
                            throw Refused.field("after", "contract.negotiation.refused.same");
                        }
                        var proposal = new Proposal(
                                access.tenant(),
                                access.contract(),
                                id,
                                rows.nextSerial(access.tenant(), access.contract()),
                                work.contract().number(),
                                term == null ? wanted.clause() : term.clause(),
                                term,
                                before,
                                after,
                                wanted.reason().strip(),
                                access.party(),
                                access.person(),
                                work.now(),
                                Proposal.ProposalState.OPEN,
                                null,
                                null,
                                null,
                                0);
                        rows.add(proposal);
                        events.publishEvent(new ChangeProposed(
                                access.tenant(),
                                access.contract(),
                                id,
                                proposal.serial(),
                                proposal.number(),
                                proposal.clause(),
                                access.party(),
                                Hashes.of(access.contract(), "proposal", before + "\n→\n" + after),
                                work.now(),
                                access.person()));
                    });
                    return id;
                });
    }

    private static TermKey required(TermKey term) {
        if (term.isDerived() || term.isFilledBySigning()) {
            throw Refused.field("term", "contract.refused.notFilled", term.title());
        }
        return term;
    }

    /** The new words, after making sure that the text can be read with them. */
    private static String wording(ContractVersion version, Wanted wanted) {
        var words = wanted.after().strip().replace("\r\n", "\n");
        if (words.isEmpty() || words.length() > 10_000) {
            throw Refused.field("after", "contract.refused.words", 10_000);
        }
        Rewording.of(version, wanted.clause(), words, version.id());
        return words;
    }

    private static String current(ContractVersion version, Clause clause, @Nullable TermKey term) {
        if (term == null) {
            return Rewording.words(version, clause).strip();
        }
        var value = version.terms().get(term).value();
        return value == null ? "" : value.canonical();
    }

    // Answering

    /** The draft says what was proposed from here on; signatures given are void. */
    public void accept(Access access, UUID id, @Nullable Integer seen) {
        access.require(Capability.EDIT_TERMS);
        life.change(access.tenant(), access.contract(), seen, work -> {
            work.contract().requireNegotiable(access.party());
            var proposal = rows.get(access.tenant(), access.contract(), id);
            var term = proposal.term();
            var accepted = proposal.accept(
                    current(work.version(), proposal.clause(), term), access.party(), work.now(), access.person());
            if (term == null) {
                life.reword(work, proposal.clause(), proposal.after(), access);
            } else {
                life.agree(work, term, TermValue.parse(term, proposal.after()), access);
            }
            end(proposal, accepted, null);
        });
    }

    /** @param words why */
    public void reject(Access access, UUID id, String words) {
        access.require(Capability.EDIT_TERMS);
        life.change(access.tenant(), access.contract(), null, work -> {
            work.contract().requireNegotiable(access.party());
            var proposal = rows.get(access.tenant(), access.contract(), id);
            end(proposal, proposal.reject(words, access.party(), work.now(), access.person()), words.strip());
        });
    }

    public void withdraw(Access access, UUID id) {
        access.require(Capability.EDIT_TERMS);
        life.change(access.tenant(), access.contract(), null, work -> {
            work.contract().requireNegotiable(access.party());
            var proposal = rows.get(access.tenant(), access.contract(), id);
            end(proposal, proposal.withdraw(access.party(), work.now(), access.person()), null);
        });
    }

    private void end(Proposal proposal, Answer answer, @Nullable String words) {
        rows.end(proposal.after(answer, words));
        events.publishEvent(answer);
    }

    // Reading

    /** What the clause says now. */
    public String words(Access access, Clause clause) {
        access.require(Capability.READ_MONEY);
        return tenancy.read(
                access.tenant(),
                () -> Rewording.words(
                                contracts.version(
                                        access.tenant(),
                                        access.contract(),
                                        contracts
                                                .get(access.tenant(), access.contract())
                                                .number()),
                                clause)
                        .strip());
    }

    /** @param words what the clause says now; empty where the text does not have it */
    record Line(Clause clause, String words, NegotiationRows.Talk talk) {}

    /** A comment and who made it. */
    record Said(ClauseComment comment, String name) {}

    /**
     * A proposal and who made it.
     *
     * @param pieces word by word, or empty for a term
     */
    record Wish(Proposal proposal, String name, List<WordDifference.Piece> pieces) {}

    /**
     * All clauses with what is said about them.
     *
     * @param versions numbers of the versions there are
     */
    record Board(Contract contract, List<Line> lines, List<Integer> versions, List<Wish> open) {}

    Board board(Access access) {
        access.require(Capability.READ_MONEY);
        return tenancy.read(access.tenant(), () -> {
            var contract = contracts.get(access.tenant(), access.contract());
            var version = contracts.version(access.tenant(), access.contract(), contract.number());
            var talk = rows.talk(access.tenant(), access.contract());
            var words = version.clauses().stream()
                    .collect(Collectors.toMap(
                            FoundClause::clause, found -> found.passage().text().strip()));
            var lines = Stream.of(Clause.values())
                    .filter(clause -> words.containsKey(clause) || talk.containsKey(clause))
                    .map(clause -> new Line(
                            clause,
                            words.getOrDefault(clause, ""),
                            talk.getOrDefault(clause, NegotiationRows.Talk.NONE)))
                    .toList();
            var open =
                    rows.proposals(access.tenant(), access.contract(), null, Proposal.ProposalState.OPEN, 0, MOST_OPEN);
            return new Board(contract, lines, versions(access), wishes(open));
        });
    }

    /** @param next pass it as {@code before} for older comments; null when these were the last */
    record Discussion(
            Contract contract,
            ContractVersion version,
            Clause clause,
            String words,
            List<Said> comments,
            @Nullable UUID next,
            List<Wish> proposals) {}

    Discussion thread(Access access, Clause clause, @Nullable UUID before) {
        access.require(Capability.READ_MONEY);
        return tenancy.read(access.tenant(), () -> {
            var contract = contracts.get(access.tenant(), access.contract());
            var version = contracts.version(access.tenant(), access.contract(), contract.number());
            var words = version.clauses().stream()
                    .filter(found -> found.clause() == clause)
                    .map(found -> found.passage().text().strip())
                    .findFirst()
                    .orElse("");
            var comments = rows.comments(access.tenant(), access.contract(), clause, before, PAGE + 1);
            boolean more = comments.size() > PAGE;
            var shown = said(more ? comments.subList(0, PAGE) : comments);
            return new Discussion(
                    contract,
                    version,
                    clause,
                    words,
                    shown,
                    more ? shown.getLast().comment().id() : null,
                    wishes(rows.proposals(access.tenant(), access.contract(), clause, null, 0, MOST_OPEN)));
        });
    }

    List<Said> comments(Access access, @Nullable Clause clause, @Nullable UUID before, int most) {
        access.require(Capability.READ_MONEY);
        return tenancy.read(
                access.tenant(), () -> said(rows.comments(access.tenant(), access.contract(), clause, before, most)));
    }

    List<Wish> proposals(Access access, Proposal.@Nullable ProposalState state, int before, int most) {
        access.require(Capability.READ_MONEY);
        return tenancy.read(
                access.tenant(),
                () -> wishes(rows.proposals(access.tenant(), access.contract(), null, state, before, most)));
    }

    /** Two versions, word by word. */
    record Compared(Contract contract, List<Integer> versions, VersionDifference difference) {}

    /**
     * @param from number of the older version; null for the one before {@code to}
     * @param to number of the newer version; null for the newest
     */
    Compared compare(Access access, @Nullable Integer from, @Nullable Integer to) {
        access.require(Capability.READ_MONEY);
        return tenancy.read(access.tenant(), () -> {
            var contract = contracts.get(access.tenant(), access.contract());
            var versions = versions(access);
            int newer = to == null ? contract.number() : to;
            int older = from == null ? Math.max(1, newer - 1) : from;
            if (!versions.contains(newer) || !versions.contains(older)) {
                throw new Unknown("version of contract " + access.contract());
            }
            return new Compared(
                    contract,
                    versions,
                    VersionDifference.of(
                            contracts.version(access.tenant(), access.contract(), older),
                            contracts.version(access.tenant(), access.contract(), newer)));
        });
    }

    private List<Integer> versions(Access access) {
        return IntStream.rangeClosed(1, contracts.lastNumber(access.tenant(), access.contract()))
                .boxed()
                .toList();
    }

    private List<Said> said(List<ClauseComment> comments) {
        var names = names(comments.stream().map(ClauseComment::person).collect(Collectors.toSet()));
        return comments.stream()
                .map(comment -> new Said(comment, names.getOrDefault(comment.person(), "—")))
                .toList();
    }

    private List<Wish> wishes(List<Proposal> proposals) {
        var names = names(proposals.stream().map(Proposal::person).collect(Collectors.toSet()));
        return proposals.stream()
                .map(proposal -> new Wish(
                        proposal,
                        names.getOrDefault(proposal.person(), "—"),
                        proposal.term() == null
                                ? WordDifference.between(proposal.before(), proposal.after())
                                : List.of()))
                .toList();
    }

    private Map<UUID, String> names(Set<UUID> ids) {
        return ids.isEmpty() ? Map.of() : people.names(new HashSet<>(ids));
    }

    /** The terms a proposal about this clause may change. */
    static List<TermKey> termsOf(Clause clause) {
        return Stream.of(TermKey.values())
                .filter(key -> key.clause() == clause && !key.isDerived() && !key.isFilledBySigning())
                .filter(key -> key != TermKey.FEE_WORDS)
                .toList();
    }
}
