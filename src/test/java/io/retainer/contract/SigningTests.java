package io.retainer.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.retainer.PostgresTest;
import io.retainer.contract.SigningPlan.Sequence;
import io.retainer.contract.TwoCompanies.Deal;
import io.retainer.identity.Access;
import io.retainer.identity.People;
import io.retainer.identity.Role;
import io.retainer.kernel.Fact;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Unknown;
import io.retainer.kernel.WorkCalendar;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.text.PDFTextStripper;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.event.ApplicationEvents;
import org.springframework.test.context.event.RecordApplicationEvents;

/** Asking for signatures and giving them: order, reminders, refusals, seals, proofs of authority, counterparts. */
@SpringBootTest
@Import({PostgresTest.class, TwoCompanies.class})
@RecordApplicationEvents
class SigningTests {

    private static final byte[] PAPER = "%PDF-1.4 授权委托书".getBytes(StandardCharsets.UTF_8);

    @Autowired
    Signing signing;

    @Autowired
    SignedPapers papers;

    @Autowired
    SealRegister seals;

    @Autowired
    ContractLife life;

    @Autowired
    ContractRows rows;

    @Autowired
    SigningRows signingRows;

    @Autowired
    Tenancy tenancy;

    @Autowired
    TwoCompanies companies;

    @Autowired
    People people;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    Clock clock;

    Deal deal;

    @BeforeEach
    void aDraft() {
        deal = companies.ready();
    }

    @Test
    void inAnAgreedOrderTheSecondWaitsForTheFirstAndIsToldWhenItIsItsTurn() {
        open(Sequence.CLIENT_FIRST);
        assertThat(messages("contract.signing")).isEqualTo(1);
        refused("contract.signing.refused.turn", () -> sign(deal.lead(), null));

        sign(deal.client(), null);
        assertThat(messages("contract.signing")).as("the provider is told, too").isEqualTo(2);
        sign(deal.lead(), null);
        assertThat(contract().state()).isEqualTo(ContractState.EFFECTIVE);
    }

    @Test
    void signaturesAreNoLongerTakenAfterTheLastDay() {
        var today = LocalDate.ofInstant(clock.instant(), DraftTerms.ZONE);
        for (var wrong : List.of(today.minusDays(1), today.plusDays(181))) {
            refused(
                    "contract.signing.refused.lastDay",
                    () -> signing.open(deal.lead(), new SigningPlan(Sequence.PARALLEL, wrong, 3), null));
        }
        signing.open(deal.lead(), new SigningPlan(Sequence.PARALLEL, today.plusDays(5), 0), null);
        var end = today.plusDays(6).atStartOfDay(DraftTerms.ZONE).toInstant();
        var contract = contract();
        assertThat(contract.lookAt()).isEqualTo(end);
        assertThat(contract.time(end.minusNanos(1))).isEmpty();
        assertThat(contract.after(contract.time(end).orElseThrow()).state()).isEqualTo(ContractState.VOID);
    }

    @Test
    void whoHasNotSignedIsRemindedOnceByTheCalendarAndOnceADayByPeople(ApplicationEvents events) {
        var today = LocalDate.ofInstant(clock.instant(), DraftTerms.ZONE);
        signing.open(deal.lead(), new SigningPlan(Sequence.PARALLEL, today.plusDays(60), 3), null);
        sign(deal.lead(), null);

        var round = round();
        assertThat(round.remindAt())
                .isEqualTo(SigningPlan.reminder(today.plusDays(60), 3, clock.instant(), WorkCalendar.chinese()));
        signing.remindAll(clock.instant());
        assertThat(messages("contract.reminder")).as("not yet").isZero();
        tenancy.write(
                deal.client().tenant(),
                () -> jdbc.sql("""
                        update contract.signing_round set remind_at = now() - interval '1 minute'
                        where tenant_id = :tenant and contract_id = :contract
                        """)
                        .param("tenant", deal.client().tenant())
                        .param("contract", deal.contract())
                        .update());
        signing.remindAll(clock.instant());
        signing.remindAll(clock.instant());
        assertThat(messages("contract.reminder")).as("the client only, once").isEqualTo(1);

        assertThat(signing.remind(deal.lead())).isEqualTo(1);
        refused("contract.signing.refused.reminded", () -> signing.remind(deal.lead()));
        assertThat(messages("contract.reminder")).isEqualTo(2);
        assertThat(events.stream(Fact.class).filter(fact -> fact.kind().equals("contract.SigningReminded")))
                .hasSize(2);
    }

    @Test
    void theReminderComesSoManyWorkingDaysBefore() {
        // 2025: 1 to 8 October are holidays, 28 September is worked.
        var now = Instant.parse("2025-09-01T00:00:00Z");
        assertThat(SigningPlan.reminder(LocalDate.of(2025, 10, 10), 3, now, WorkCalendar.chinese()))
                .isEqualTo(Instant.parse("2025-09-29T01:00:00Z"));
        assertThat(SigningPlan.reminder(LocalDate.of(2025, 9, 2), 3, now, WorkCalendar.chinese()))
                .as("over already")
                .isNull();
    }

    @Test
    void aRefusalSaysWhyVoidsTheSignaturesAndGoesBackToTheTalks(ApplicationEvents events) {
        open(Sequence.PARALLEL);
        sign(deal.lead(), null);
        refused("contract.refused.words", () -> signing.decline(deal.client(), " "));
        signing.decline(deal.client(), "违约金比例尚未谈妥");

        var contract = contract();
        assertThat(contract.state()).isEqualTo(ContractState.DRAFT);
        assertThat(contract.number()).isEqualTo(2);
        assertThat(contract.signed()).isEmpty();
        var round = signing.standing(deal.lead()).rounds().getFirst();
        assertThat(round.outcome(contract)).isEqualTo(SigningRound.Outcome.DECLINED);
        assertThat(round.reason()).isEqualTo("违约金比例尚未谈妥");
        assertThat(messages("contract.declined")).isEqualTo(1);
        assertThat(events.stream(Fact.class).filter(fact -> fact.kind().equals("contract.SigningDeclined")))
                .singleElement()
                .satisfies(fact -> assertThat(fact.toString()).doesNotContain("谈妥"));
        refused("contract.refused.state", () -> signing.decline(deal.client(), "again"));
    }

    @Test
    void onlyTheKeeperSetsARegisteredSealAndItsLogTellsEverything() {
        var provider = contract().providerOrganisation();
        var second = people.add(
                "second-" + UUID.randomUUID(), "接管人", "correct horse battery", provider, Role.OPERATIONS_LEAD);
        var seal = seals.grant(deal.lead().person(), null, provider, Seal.Kind.CONTRACT, "合同专用章(1)", second);
        open(Sequence.PARALLEL);

        refused("contract.seal.refused.choose", () -> sign(deal.lead(), null));
        refused("contract.seal.refused.notKeeper", () -> sign(deal.lead(), seal));
        refused(
                "contract.seal.refused.notManager",
                () -> seals.grant(deal.agent().person(), null, provider, Seal.Kind.COMPANY, "公章", second));
        assertThatExceptionOfType(Unknown.class)
                .as("a seal of another company")
                .isThrownBy(() -> seals.story(deal.client().person(), provider, seal));

        seals.handOver(second, provider, seal, deal.lead().person(), "出差");
        sign(deal.lead(), seal);
        seals.revoke(deal.lead().person(), provider, seal, "印章更换");
        refused(
                "contract.seal.refused.revoked",
                () -> seals.handOver(deal.lead().person(), provider, seal, second, "…"));

        var story = seals.story(deal.lead().person(), provider, seal);
        assertThat(story.entries())
                .extracting(entry -> entry.kind().name())
                .containsExactly("REVOKED", "HANDED_OVER", "GRANTED");
        assertThat(story.uses()).singleElement().satisfies(use -> {
            assertThat(use.contract()).isEqualTo(deal.contract());
            assertThat(use.person()).isEqualTo(deal.lead().person());
        });
        assertThat(tenancy.read(
                        deal.client().tenant(),
                        () -> rows.signatures(deal.client().tenant(), deal.contract(), 1)))
                .extracting(Signature::seal)
                .containsExactly("合同专用章(1)");
    }

    @Test
    void aPaperThatProvesTheAuthorityIsKeptSealedAndWhoLooksAtItIsOnRecord(ApplicationEvents events) {
        open(Sequence.PARALLEL);
        refused(
                "contract.signing.refused.paperKind",
                () -> Authority.Paper.of("<html>".getBytes(StandardCharsets.UTF_8)));
        signing.sign(
                deal.client(),
                given(new Authority(AuthorityBasis.LEGAL_REPRESENTATIVE, "法定代表人王敏", Authority.Paper.of(PAPER)), null));

        var proof = signing.standing(deal.lead()).proofs().getFirst();
        assertThat(proof.hash()).isEqualTo(Hashes.of(PAPER));
        assertThat(proof.media()).isEqualTo("application/pdf");
        var stored = tenancy.read(
                deal.client().tenant(),
                () -> signingRows
                        .paper(deal.client().tenant(), deal.contract(), proof.id())
                        .orElseThrow());
        assertThat(new String(stored.bytes(), StandardCharsets.UTF_8)).doesNotContain("授权委托书");
        assertThat(signing.paper(deal.lead(), proof.id()).bytes()).isEqualTo(PAPER);
        refused("identity.notAllowed", () -> signing.paper(deal.agent(), proof.id()));
        assertThat(events.stream(Fact.class).map(Fact::kind))
                .contains("contract.AuthorityProven", "contract.AuthorityShown");
    }

    @Test
    void bothCounterpartsAreNumberedSignedAndNamedInTheLedger(ApplicationEvents events) throws Exception {
        open(Sequence.PARALLEL);
        sign(deal.client(), null);
        assertThat(signing.standing(deal.lead()).files()).isEmpty();
        sign(deal.lead(), null);
        assertThat(signing.standing(deal.lead()).files()).hasSize(2).allMatch(file -> file.hash() == null);

        papers.run(clock.instant());
        papers.run(clock.instant());

        var files = signing.standing(deal.lead()).files();
        assertThat(files).hasSize(2).allMatch(file -> file.hash() != null);
        for (int copy = 1; copy <= 2; copy++) {
            var pdf = signing.counterpart(deal.client(), copy);
            assertThat(Hashes.of(pdf)).isEqualTo(files.get(copy - 1).hash());
            try (var document = Loader.loadPDF(pdf)) {
                assertThat(document.getSignatureDictionaries())
                        .singleElement()
                        .satisfies(signature ->
                                assertThat(signature.getSubFilter()).isEqualTo("ETSI.CAdES.detached"));
                assertThat(new PDFTextStripper().getText(document).replaceAll("\\s", ""))
                        .contains("第" + copy + "份，共2份")
                        .contains(Objects.requireNonNull(contract().hash()));
            }
        }
        assertThat(events.stream(SigningEvent.CounterpartIssued.class).map(SigningEvent.CounterpartIssued::hash))
                .containsExactlyInAnyOrderElementsOf(
                        files.stream().map(SigningRows.File::hash).toList());
        refused("identity.notAllowed", () -> signing.counterpart(deal.agent(), 1));
    }

    /** Whose turn it is. */
    @ParameterizedTest
    @CsvSource({
        "PARALLEL,'','CLIENT PROVIDER'",
        "PARALLEL,CLIENT,PROVIDER",
        "PARALLEL,PROVIDER,CLIENT",
        "PARALLEL,'CLIENT PROVIDER',''",
        "CLIENT_FIRST,'',CLIENT",
        "CLIENT_FIRST,CLIENT,PROVIDER",
        "PROVIDER_FIRST,'',PROVIDER",
        "PROVIDER_FIRST,PROVIDER,CLIENT"
    })
    void theTurn(Sequence sequence, String signed, String turn) {
        var round = new SigningRound(
                1, sequence, Party.CLIENT, Instant.EPOCH, LocalDate.EPOCH, 3, null, null, null, null, null, null, null);
        assertThat(round.turn(parties(signed))).isEqualTo(parties(turn));
    }

    private static Set<Party> parties(String names) {
        return names.isEmpty()
                ? Set.of()
                : java.util.Arrays.stream(names.split(" "))
                        .map(Party::valueOf)
                        .collect(java.util.stream.Collectors.toSet());
    }

    private void open(Sequence sequence) {
        signing.open(deal.lead(), new SigningPlan(sequence, null, 3), null);
    }

    private void sign(Access access, @Nullable UUID seal) {
        signing.sign(access, given(Authority.words("授权书 2024-3"), seal));
    }

    private Signing.Given given(Authority authority, @Nullable UUID seal) {
        return new Signing.Given(Objects.requireNonNull(contract().hash()), SignatureMode.SEAL, "李强", authority, seal);
    }

    private SigningRound round() {
        return Objects.requireNonNull(signing.standing(deal.lead()).round());
    }

    private long messages(String kind) {
        return tenancy.read(
                deal.client().tenant(),
                () -> jdbc.sql("""
                        select count(*) from messaging.message
                        where tenant_id = :tenant and contract_id = :contract and kind = :kind
                        """)
                        .param("tenant", deal.client().tenant())
                        .param("contract", deal.contract())
                        .param("kind", kind)
                        .query(Long.class)
                        .single());
    }

    private Contract contract() {
        return tenancy.read(deal.client().tenant(), () -> rows.get(deal.client().tenant(), deal.contract()));
    }

    private static void refused(String key, Runnable act) {
        assertThatExceptionOfType(Refused.class)
                .isThrownBy(act::run)
                .satisfies(refused -> assertThat(refused.sentence().key()).isEqualTo(key));
    }
}
