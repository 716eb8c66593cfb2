package io.retainer.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.retainer.PostgresTest;
import io.retainer.contract.Proposal.ProposalState;
import io.retainer.contract.TwoCompanies.Deal;
import io.retainer.contract.WordDifference.Change;
import io.retainer.contract.WordDifference.Piece;
import io.retainer.identity.Access;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Fact;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Tenancy;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.event.ApplicationEvents;
import org.springframework.test.context.event.RecordApplicationEvents;

/** Talking about a draft: comments, proposals, and what differs between versions. */
@SpringBootTest
@Import({PostgresTest.class, TwoCompanies.class})
@RecordApplicationEvents
class NegotiationTests {

    @Autowired
    Negotiation negotiation;

    @Autowired
    ContractLife life;

    @Autowired
    ContractRows rows;

    @Autowired
    Tenancy tenancy;

    @Autowired
    TwoCompanies companies;

    Deal deal;

    @BeforeEach
    void aDraft() {
        deal = companies.ready();
    }

    @Test
    void bothPartiesReadWhatIsSaidOfAClauseAndTheLedgerOnlyItsHash(ApplicationEvents events) {
        negotiation.comment(deal.lead(), null, Clause.I_5_1, "违约金可否设上限?");
        negotiation.comment(deal.lawyer(), null, Clause.I_5_1, "建议以合同总额的 20% 为限。");

        var thread = negotiation.thread(deal.client(), Clause.I_5_1, null);
        assertThat(thread.comments())
                .extracting(
                        said -> said.comment().party() + " " + said.comment().words())
                .containsExactly("CLIENT 建议以合同总额的 20% 为限。", "PROVIDER 违约金可否设上限?");
        assertThat(negotiation.board(deal.lead()).lines())
                .filteredOn(line -> line.clause() == Clause.I_5_1)
                .singleElement()
                .satisfies(line -> assertThat(line.talk().comments()).isEqualTo(2));
        var facts = events.stream(Fact.class)
                .filter(fact -> fact.kind().equals("contract.Commented"))
                .toList();
        assertThat(facts).hasSize(2).noneMatch(fact -> fact.toString().contains("上限"));
    }

    @Test
    void whoDoesNotSeeAmountsTakesNoPartInTheTalks() {
        refused("identity.notAllowed", () -> negotiation.comment(deal.agent(), null, Clause.I_5_1, "?"));
        refused("identity.notAllowed", () -> negotiation.board(deal.agent()));
        refused("identity.notAllowed", () -> propose(deal.lawyer(), Clause.I_5_1, words(Clause.I_5_1) + "。"));
    }

    @Test
    void anAcceptedWordingMakesAVersionThatIsReadAnewAndComparedWordByWord(ApplicationEvents events) {
        var before = words(Clause.I_5_1);
        var id = propose(deal.lead(), Clause.I_5_1, before.replace("0.05%", "0.03%"));

        refused("contract.negotiation.refused.own", () -> negotiation.accept(deal.lead(), id, null));
        negotiation.accept(deal.client(), id, null);

        var contract = contract();
        assertThat(contract.number()).isEqualTo(2);
        assertThat(contract.state()).isEqualTo(ContractState.DRAFT);
        var version = version(2);
        assertThat(version.terms().decimal(TermKey.LATE_RATE).orElseThrow()).isEqualByComparingTo("0.03");
        assertThat(version.terms().get(TermKey.LATE_MODE).confirmedByBoth())
                .as("what was agreed elsewhere stays agreed")
                .isTrue();
        assertThat(version.text()).contains("0.03%").hasSameSizeAs(version(1).text());
        var difference = negotiation.compare(deal.lawyer(), 1, 2).difference();
        assertThat(difference.clauses()).singleElement().satisfies(change -> {
            assertThat(change.clause()).isEqualTo(Clause.I_5_1);
            assertThat(change.pieces().stream().filter(piece -> piece.change() != Change.SAME))
                    .containsExactly(new Piece("0.05", Change.REMOVED), new Piece("0.03", Change.ADDED));
        });
        assertThat(difference.terms())
                .extracting(VersionDifference.TermChange::key)
                .contains(TermKey.LATE_RATE);
        assertThat(events.stream(Fact.class).map(Fact::kind))
                .contains("contract.ChangeProposed", "contract.Reworded", "contract.ProposalAccepted");
    }

    @Test
    void anAcceptedValueIsAgreedByBoth() {
        var id = negotiation.propose(
                deal.client(),
                null,
                new Negotiation.Wanted(Clause.I_3_1A, TermKey.FEE_TOTAL, "1,320,000.00", "含新增门店"),
                null);
        negotiation.accept(deal.lead(), id, null);

        var terms = version(1).terms();
        assertThat(terms.money(TermKey.FEE_TOTAL).orElseThrow()).isEqualTo(io.retainer.kernel.Money.of("1320000"));
        assertThat(terms.get(TermKey.FEE_TOTAL).confirmedByBoth()).isTrue();
        assertThat(terms.text(TermKey.FEE_WORDS)).contains("壹佰叁拾贰万元整");
        assertThat(contract().number()).as("a value needs no new text").isEqualTo(1);
    }

    @Test
    void acceptingWhileSignaturesAreAwaitedVoidsThem() {
        life.submit(deal.lead(), null);
        life.sign(deal.lead(), java.util.Objects.requireNonNull(contract().hash()), SignatureMode.SEAL, "李强", "公章备案");
        var id = propose(deal.client(), Clause.I_5_1, words(Clause.I_5_1).replace("0.05%", "0.04%"));
        negotiation.accept(deal.lead(), id, null);

        var contract = contract();
        assertThat(contract.state()).isEqualTo(ContractState.DRAFT);
        assertThat(contract.signed()).isEmpty();
        assertThat(contract.number()).isEqualTo(3);
        assertThat(version(3).text()).contains("0.04%");
    }

    @Test
    void aRejectionSaysWhyAndEndsTheProposal() {
        var id = propose(deal.client(), Clause.I_5_1, words(Clause.I_5_1).replace("0.05%", "0.01%"));

        refused("contract.refused.words", () -> negotiation.reject(deal.lead(), id, "  "));
        negotiation.reject(deal.lead(), id, "低于行业惯例");
        refused("contract.negotiation.refused.ended", () -> negotiation.accept(deal.lead(), id, null));

        var wish = negotiation
                .proposals(deal.client(), ProposalState.REJECTED, 0, 10)
                .getFirst();
        assertThat(wish.proposal().answer()).isEqualTo("低于行业惯例");
        assertThat(contract().number()).isEqualTo(1);
    }

    @Test
    void aProposalOnWordsThatChangedMeanwhileIsRefusedWithWhatTheySayNow() {
        var first = propose(deal.client(), Clause.I_5_1, words(Clause.I_5_1).replace("0.05%", "0.04%"));
        var second = propose(deal.lead(), Clause.I_5_1, words(Clause.I_5_1).replace("0.05%", "0.06%"));
        negotiation.accept(deal.client(), second, null);

        assertThatExceptionOfType(Refused.class)
                .isThrownBy(() -> negotiation.accept(deal.lead(), first, null))
                .satisfies(refused -> {
                    assertThat(refused.sentence().key()).isEqualTo("contract.negotiation.refused.stale");
                    assertThat(refused.sentence().arguments().getLast().toString())
                            .contains("0.06%");
                });
    }

    @Test
    void whoLookedAtAnOlderDraftIsToldWhatChanged() {
        int seen = contract().version();
        life.fill(deal.client(), TermKey.FEE_TOTAL, TermValue.parse(TermKey.FEE_TOTAL, "1300000"), seen);

        assertThatExceptionOfType(Refused.class)
                .isThrownBy(() -> negotiation.propose(
                        deal.lead(),
                        null,
                        new Negotiation.Wanted(Clause.I_3_1A, TermKey.FEE_TOTAL, "1400000", "…"),
                        seen))
                .satisfies(refused -> {
                    assertThat(refused.sentence().key()).isEqualTo("contract.refused.changed");
                    assertThat(refused.sentence().arguments().toString()).contains("fee.total");
                });
    }

    @Test
    void wordsThatWouldTurnOtherClausesUpsideDownAreRefused() {
        refused(
                "contract.negotiation.refused.structure",
                () -> propose(deal.lead(), Clause.I_5_1, "第二部分 第三方责任说明\n一、其他\n1.没有违约金。"));
        refused("contract.negotiation.refused.same", () -> propose(deal.lead(), Clause.I_5_1, words(Clause.I_5_1)));
        refused(
                "contract.refused.value",
                () -> negotiation.propose(
                        deal.lead(), null, new Negotiation.Wanted(Clause.I_3_1A, TermKey.FEE_TOTAL, "很多", "…"), null));
        refused(
                "contract.refused.notFilled",
                () -> negotiation.propose(
                        deal.lead(),
                        null,
                        new Negotiation.Wanted(Clause.I_S_3, TermKey.SIGN_DATE, "2025-01-01", "…"),
                        null));
    }

    @Test
    void everyClauseOfTheTextCanBeRewordedByItself() {
        var version = version(1);
        var refused = new java.util.ArrayList<Clause>();
        for (var found : version.clauses()) {
            var words = found.passage().text().strip();
            try {
                var next = Rewording.of(version, found.clause(), words + "双方另有约定的除外。", new UUID(1, 1));
                assertThat(next.clauses()).hasSameSizeAs(version.clauses());
                assertThat(VersionDifference.of(version, next).clauses())
                        .as(found.clause().id())
                        .extracting(VersionDifference.ClauseChange::clause)
                        .contains(found.clause());
            } catch (Refused no) {
                refused.add(found.clause());
            }
        }
        assertThat(refused.size())
                .as("clauses whose end cannot be told apart: " + refused)
                .isLessThan(25);
    }

    /** Who may do what with a proposal of the client in each state. */
    @ParameterizedTest
    @CsvSource({
        "OPEN,CLIENT,accept,",
        "OPEN,PROVIDER,accept,ACCEPTED",
        "OPEN,CLIENT,reject,",
        "OPEN,PROVIDER,reject,REJECTED",
        "OPEN,CLIENT,withdraw,WITHDRAWN",
        "OPEN,PROVIDER,withdraw,",
        "ACCEPTED,PROVIDER,accept,",
        "ACCEPTED,PROVIDER,reject,",
        "ACCEPTED,CLIENT,withdraw,",
        "REJECTED,PROVIDER,accept,",
        "REJECTED,PROVIDER,reject,",
        "REJECTED,CLIENT,withdraw,",
        "WITHDRAWN,PROVIDER,accept,",
        "WITHDRAWN,PROVIDER,reject,",
        "WITHDRAWN,CLIENT,withdraw,"
    })
    void theStatesOfAProposal(
            ProposalState state, Party by, String verb, @org.jspecify.annotations.Nullable ProposalState next) {
        var now = Instant.parse("2025-01-06T01:00:00Z");
        var proposal = new Proposal(
                new UUID(1, 1),
                new UUID(1, 2),
                new UUID(1, 3),
                1,
                1,
                Clause.I_5_1,
                null,
                "旧",
                "新",
                "理由",
                Party.CLIENT,
                new UUID(1, 4),
                now,
                state,
                state == ProposalState.REJECTED ? "不" : null,
                state == ProposalState.OPEN ? null : new UUID(1, 5),
                state == ProposalState.OPEN ? null : now,
                0);
        if (next == null) {
            assertThatExceptionOfType(Refused.class).isThrownBy(() -> decide(proposal, verb, by, now));
        } else {
            assertThat(proposal.after(decide(proposal, verb, by, now), "不").state())
                    .isEqualTo(next);
        }
    }

    private static NegotiationEvent.Answer decide(Proposal proposal, String verb, Party by, Instant now) {
        var actor = new UUID(1, 6);
        return switch (verb) {
            case "accept" -> proposal.accept("旧", by, now, actor);
            case "reject" -> proposal.reject("不", by, now, actor);
            default -> proposal.withdraw(by, now, actor);
        };
    }

    private UUID propose(Access access, Clause clause, String after) {
        return negotiation.propose(access, null, new Negotiation.Wanted(clause, null, after, "协商"), null);
    }

    private String words(Clause clause) {
        return Rewording.words(version(contract().number()), clause).strip();
    }

    private Contract contract() {
        return tenancy.read(deal.client().tenant(), () -> rows.get(deal.client().tenant(), deal.contract()));
    }

    private ContractVersion version(int number) {
        return tenancy.read(
                deal.client().tenant(), () -> rows.version(deal.client().tenant(), deal.contract(), number));
    }

    private static void refused(String key, Runnable act) {
        assertThatExceptionOfType(Refused.class)
                .isThrownBy(act::run)
                .satisfies(refused -> assertThat(refused.sentence().key()).isEqualTo(key));
    }
}
