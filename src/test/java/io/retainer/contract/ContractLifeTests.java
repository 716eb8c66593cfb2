package io.retainer.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.retainer.PostgresTest;
import io.retainer.identity.Access;
import io.retainer.identity.Organisations;
import io.retainer.identity.People;
import io.retainer.identity.Role;
import io.retainer.identity.Standings;
import io.retainer.kernel.Fact;
import io.retainer.kernel.Money;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Unknown;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.event.ApplicationEvents;
import org.springframework.test.context.event.RecordApplicationEvents;

/** Preparing and signing a contract, on a real database. */
@SpringBootTest
@Import(PostgresTest.class)
@RecordApplicationEvents
class ContractLifeTests {

    @Autowired
    ContractLife life;

    @Autowired
    ContractRows rows;

    @Autowired
    TermsInForce termsInForce;

    @Autowired
    AnnexesInForce annexesInForce;

    @Autowired
    Tenancy tenancy;

    @Autowired
    People people;

    @Autowired
    Organisations organisations;

    @Autowired
    Standings standings;

    @Autowired
    Clock clock;

    UUID clientPerson;
    UUID providerPerson;
    UUID outsider;
    UUID provider;
    String clientName;

    @BeforeEach
    void twoCompaniesAndSomebodyElse() {
        var mark = UUID.randomUUID().toString().substring(0, 8);
        clientName = "青禾 " + mark;
        var client = organisations.namedOrNew(clientName).id();
        provider = organisations.namedOrNew("远山 " + mark).id();
        clientPerson = people.add("client-" + mark, "Client", "correct horse battery", client, Role.OWNER);
        providerPerson =
                people.add("provider-" + mark, "Lead", "correct horse battery", provider, Role.OPERATIONS_LEAD);
        outsider = people.add(
                "outsider-" + mark,
                "Outsider",
                "correct horse battery",
                organisations.namedOrNew("别家 " + mark).id(),
                Role.OWNER);
    }

    @Test
    void bothPartiesAndNobodyElseHaveStanding() {
        var contract = imported(DemoContract.text());

        assertThat(access(clientPerson, contract).party()).isEqualTo(Party.CLIENT);
        assertThat(access(providerPerson, contract).party()).isEqualTo(Party.PROVIDER);
        assertThatExceptionOfType(Unknown.class).isThrownBy(() -> access(outsider, contract));
        assertThat(standings.contracts(outsider, clock.instant())).isEmpty();
    }

    @Test
    void takesEffectWhenBothSignedTheSameHash(ApplicationEvents events) {
        var contract = ready();
        var client = access(clientPerson, contract);
        var lead = access(providerPerson, contract);
        life.submit(lead, null);
        var hash = hash(contract, lead);

        life.sign(client, hash, SignatureMode.SEAL, "王敏", "公章备案 2024-17");
        assertThat(life.state(client.tenant(), contract)).isEqualTo(ContractState.PENDING_SIGN);
        assertThatExceptionOfType(Unknown.class)
                .isThrownBy(() -> termsInForce.at(client.tenant(), contract, clock.instant()));
        life.sign(lead, hash, SignatureMode.AUTHORISED_SIGNATURE, "李强", "授权书 2024-3");

        assertThat(life.state(client.tenant(), contract)).isEqualTo(ContractState.EFFECTIVE);
        var terms = termsInForce.at(client.tenant(), contract, clock.instant());
        assertThat(terms.hash()).isEqualTo(hash);
        assertThat(terms.terms().fee().total()).isEqualTo(Money.of("1200000"));
        assertThat(terms.terms().late().mode()).isEqualTo(ContractTerms.Mode.DAILY);
        assertThat(terms.terms().binds(TermKey.LATE_MODE)).isTrue();
        assertThat(terms.terms().binds(TermKey.SUSPENSION_NOTICE)).isFalse();
        assertThat(tenancy.read(client.tenant(), () -> rows.counterparts(client.tenant(), contract, 1)))
                .extracting(ContractRows.Counterpart::holder)
                .containsExactly(Party.CLIENT, Party.PROVIDER);
        assertThat(events.stream(Fact.class).map(Fact::kind))
                .contains("contract.Imported", "contract.Submitted", "contract.Signed", "contract.Effective");
    }

    @Test
    void aDefaultAgreedAfterSigningBindsFromTheSecondConfirmationOnAndLeavesTheSignedContentAlone(
            ApplicationEvents events) {
        var contract = ready();
        var client = access(clientPerson, contract);
        var lead = access(providerPerson, contract);
        life.submit(lead, null);
        var hash = hash(contract, lead);
        life.sign(client, hash, SignatureMode.SEAL, "王敏", "公章备案");
        life.sign(lead, hash, SignatureMode.SEAL, "李强", "公章备案");
        var signed = clock.instant();

        life.confirm(client, List.of(TermKey.SUSPENSION_NOTICE), null);
        assertThat(inForce(lead, clock.instant()).terms().binds(TermKey.SUSPENSION_NOTICE))
                .as("one party alone agrees to nothing")
                .isFalse();
        life.confirm(lead, List.of(TermKey.SUSPENSION_NOTICE), null);

        var now = inForce(lead, clock.instant());
        assertThat(now.terms().binds(TermKey.SUSPENSION_NOTICE)).isTrue();
        assertThat(now.agreed()).containsOnlyKeys(TermKey.SUSPENSION_NOTICE);
        assertThat(now.asSigned().binds(TermKey.SUSPENSION_NOTICE)).isFalse();
        assertThat(inForce(lead, signed).terms().binds(TermKey.SUSPENSION_NOTICE))
                .as("never retroactive")
                .isFalse();
        assertThat(inForce(lead, signed).agreed()).isEmpty();
        assertThat(Hashes.of(tenancy.read(lead.tenant(), () -> rows.version(lead.tenant(), contract, 1))
                        .content()))
                .isEqualTo(hash);
        assertThat(events.stream(ContractEvent.Confirmed.class)
                        .filter(event -> event.term().equals("susp.noticeWorkdays"))
                        .map(ContractEvent.Confirmed::party))
                .containsExactly(Party.CLIENT, Party.PROVIDER);
        assertThatExceptionOfType(Refused.class)
                .isThrownBy(() -> life.confirm(client, List.of(TermKey.FEE_TOTAL), null))
                .satisfies(refused -> assertThat(refused.sentence().key()).isEqualTo("contract.refused.onlyDefaults"));
    }

    private TermsVersion inForce(Access access, java.time.Instant moment) {
        return termsInForce.at(access.tenant(), access.contract(), moment);
    }

    @Test
    void anEditAfterOneSignatureVoidsItAndAsksForANewHash() {
        var contract = ready();
        var client = access(clientPerson, contract);
        var lead = access(providerPerson, contract);
        life.submit(lead, null);
        var first = hash(contract, lead);
        life.sign(client, first, SignatureMode.SEAL, "王敏", "公章备案");

        life.fill(lead, TermKey.FEE_TOTAL, TermValue.parse(TermKey.FEE_TOTAL, "1300000"), null);

        assertThat(life.state(client.tenant(), contract)).isEqualTo(ContractState.DRAFT);
        life.submit(lead, null);
        assertThat(hash(contract, lead)).isNotEqualTo(first);
        assertThatExceptionOfType(Refused.class)
                .isThrownBy(() -> life.sign(lead, first, SignatureMode.SEAL, "李强", "授权书"))
                .satisfies(refused -> assertThat(refused.sentence().key()).isEqualTo("contract.refused.otherHash"));
        assertThat(tenancy.read(
                        client.tenant(),
                        () -> rows.get(client.tenant(), contract).signed()))
                .isEmpty();
        var old = tenancy.read(client.tenant(), () -> rows.version(client.tenant(), contract, 1));
        assertThat(old.terms().money(TermKey.FEE_TOTAL)).contains(Money.of("1200000"));
        assertThat(old.hash()).isEqualTo(first);
    }

    @Test
    void wordsFollowTheFiguresThatAreWrittenIn() {
        var contract = imported(DemoContract.with("壹佰贰拾万元整", "壹佰贰拾壹万元整"));
        var lead = access(providerPerson, contract);

        life.fill(lead, TermKey.FEE_TOTAL, TermValue.parse(TermKey.FEE_TOTAL, "1210000"), null);

        var version = tenancy.read(lead.tenant(), () -> rows.version(lead.tenant(), contract, 1));
        assertThat(version.terms().text(TermKey.FEE_WORDS)).contains("壹佰贰拾壹万元整");
        assertThat(version.problems()).noneMatch(Problem::isError);
    }

    @Test
    void trap1_differentPercentagesBlockTheSigningUntilOneIsWrittenIn() {
        var contract = imported(DemoContract.text().replaceFirst("0\\.05%的违约金。\n示例", "5%的违约金。\n示例"));
        var lead = access(providerPerson, contract);
        refusedAsProblem(() -> life.submit(lead, null));

        life.fill(lead, TermKey.LATE_RATE, TermValue.parse(TermKey.LATE_RATE, "0.05"), null);

        assertThat(tenancy.read(lead.tenant(), () -> rows.version(lead.tenant(), contract, 1))
                        .problems())
                .noneMatch(Problem::isError);
    }

    @Test
    void traps2to4_contradictionsBlockTheSigning() {
        for (var text : List.of(
                DemoContract.with("壹佰贰拾万元整", "壹佰贰拾壹万元整"),
                DemoContract.with("共计12个月", "共计11个月"),
                DemoContract.with("分12期", "分2期")
                        + "\n附件三:服务费用支付明细\n第1期 2025年1月1日前 600,000.00元\n第2期 2025年7月1日前 599,999.99元\n")) {
            var contract = imported(text);
            refusedAsProblem(() -> life.submit(access(providerPerson, contract), null));
        }
    }

    @Test
    void III_A_withoutAnnexesNothingIsSignedUnlessBothAcceptTheRisk(ApplicationEvents events) {
        var contract = withoutAnnexes(DemoContract.text());
        var client = access(clientPerson, contract);
        var lead = access(providerPerson, contract);
        life.confirm(client, List.of(TermKey.LATE_MODE, TermKey.SIGN_MODE), null);
        life.confirm(lead, List.of(TermKey.LATE_MODE, TermKey.SIGN_MODE), null);
        refusedAsProblem(() -> life.submit(lead, null));
        life.acceptRisk(client, null, null);
        refusedAsProblem(() -> life.submit(lead, null));
        assertThatExceptionOfType(Refused.class)
                .isThrownBy(() -> life.acceptRisk(lead, List.of(io.retainer.kernel.Clause.III_A5_2), null));

        life.acceptRisk(lead, null, null);
        life.acceptRisk(lead, null, null);
        life.submit(lead, null);

        assertThat(events.stream(Fact.class).filter(fact -> fact.kind().equals("contract.AnnexRiskAccepted")))
                .hasSize(34);
    }

    @Test
    void III_A_completeAnnexesAreSignedWithTheContractAndInForceAsTypedTerms() {
        var contract = withoutAnnexes(DemoContract.text());
        var client = access(clientPerson, contract);
        var lead = access(providerPerson, contract);
        for (var kind : AnnexKind.values()) {
            life.saveAnnex(lead, AnnexTests.complete(kind), null);
        }
        for (var party : List.of(client, lead)) {
            life.confirm(party, List.of(TermKey.LATE_MODE, TermKey.SIGN_MODE), null);
        }
        life.submit(lead, null);
        var first = hash(contract, lead);
        life.sign(client, first, SignatureMode.SEAL, "王敏", "公章备案");

        // An edit of an annex voids the signature and makes another hash, as an edit of a term does.
        life.saveAnnex(client, AnnexTests.complete(AnnexKind.CONFIDENTIALITY).with("duration", "years", "5"), null);
        assertThat(life.state(client.tenant(), contract)).isEqualTo(ContractState.DRAFT);
        life.submit(lead, null);
        var hash = hash(contract, lead);
        assertThat(hash).isNotEqualTo(first);
        life.sign(client, hash, SignatureMode.SEAL, "王敏", "公章备案");
        life.sign(lead, hash, SignatureMode.SEAL, "李强", "公章备案");

        var annexes = annexesInForce.annexes(client.tenant(), contract, clock.instant());
        assertThat(annexes.servicePlan().orElseThrow().levels()).hasSize(12);
        assertThat(annexesInForce.annexes(client.tenant(), contract, clock.instant()))
                .as("remembered with its version")
                .isSameAs(annexes);
        assertThat(annexes.version()).isEqualTo(2);
        assertThatExceptionOfType(Unknown.class)
                .as("and for nobody else")
                .isThrownBy(() -> annexesInForce.annexes(UUID.randomUUID(), contract, clock.instant()));
        assertThatExceptionOfType(Unknown.class)
                .as("nor for a time when it was not in force")
                .isThrownBy(() -> annexesInForce.annexes(
                        client.tenant(), contract, clock.instant().minusSeconds(86_400 * 365)));
        assertThat(annexes.confidentiality().orElseThrow().duration()).isEqualTo(new Nda.Duration(5, true, true));
        var terms = termsInForce.at(client.tenant(), contract, clock.instant()).terms();
        assertThat(terms.fee().schedule()).hasSize(12);
        assertThat(terms.binds(TermKey.CONFIDENTIAL_YEARS)).isTrue();
        var content = tenancy.read(
                client.tenant(),
                () -> rows.version(client.tenant(), contract, 2).content());
        assertThat(content).contains("annex 4 duration.years 5\n").contains("annex 1 levels.1.target 80\n");
        assertThatExceptionOfType(Refused.class)
                .isThrownBy(() -> life.saveAnnex(lead, AnnexTests.complete(AnnexKind.CONFIDENTIALITY), null));
    }

    @Test
    void aLatecomerIsToldWhichAnnexChanged() {
        var contract = withoutAnnexes(DemoContract.text());
        var lead = access(providerPerson, contract);
        int seen = tenancy.read(
                lead.tenant(), () -> rows.get(lead.tenant(), contract).version());
        life.saveAnnex(lead, AnnexTests.complete(AnnexKind.PAYMENT), seen);

        assertThatExceptionOfType(Refused.class)
                .isThrownBy(() -> life.saveAnnex(
                        access(clientPerson, contract), AnnexTests.complete(AnnexKind.CONFIDENTIALITY), seen))
                .satisfies(refused -> {
                    assertThat(refused.sentence().key()).isEqualTo("contract.refused.changed");
                    assertThat(io.retainer.kernel.Texts.in(io.retainer.kernel.Texts.CHINESE)
                                    .say(refused.sentence()))
                            .contains("服务费用支付明细");
                });
    }

    @Test
    void aLatecomerIsToldWhatChanged() {
        var contract = withoutAnnexes(DemoContract.text());
        var client = access(clientPerson, contract);
        var lead = access(providerPerson, contract);
        life.fill(client, TermKey.RECEIPT_WORKDAYS, TermValue.parse(TermKey.RECEIPT_WORKDAYS, "2"), 0);

        assertThatExceptionOfType(Refused.class)
                .isThrownBy(() ->
                        life.fill(lead, TermKey.RECEIPT_WORKDAYS, TermValue.parse(TermKey.RECEIPT_WORKDAYS, "5"), 0))
                .satisfies(refused -> {
                    assertThat(refused.sentence().key()).isEqualTo("contract.refused.changed");
                    assertThat(refused.sentence().arguments())
                            .containsExactly(List.of(TermKey.RECEIPT_WORKDAYS.title()));
                });
    }

    @Test
    void theSameKeyMakesOneContract() {
        var wanted = new NewContract(provider, Party.PROVIDER, clientName);
        var text = ContractImporter.pasted(DemoContract.text());
        var key = UUID.randomUUID().toString();

        var first = life.keep(providerPerson, key, wanted, text);
        var again = life.keep(providerPerson, key, wanted, text);

        assertThat(again).isEqualTo(first);
    }

    @Test
    void nobodyMakesContractsForAnotherCompany() {
        assertThatExceptionOfType(Refused.class)
                .isThrownBy(() -> life.keep(
                        outsider,
                        null,
                        new NewContract(provider, Party.PROVIDER, clientName),
                        ContractImporter.pasted(DemoContract.text())))
                .satisfies(refused -> assertThat(refused.field()).isEqualTo("organisation"));
    }

    @Test
    void aListShowsOnlyOnesOwnContractsAndPagesByKey() {
        var one = imported(DemoContract.text());
        var two = imported(DemoContract.with("2025年度客户服务外包合同", "夏季客户服务合同"));
        var mine = standings.contracts(providerPerson, clock.instant());
        var tenants = mine.stream().map(Access::tenant).distinct().toList();
        var ids = mine.stream().map(Access::contract).toList();

        assertThat(tenancy.read(tenants, () -> rows.list(tenants, ids, "", null, null, 10, clock.instant())))
                .extracting(ContractSummary::contract)
                .containsExactly(two, one);
        assertThat(tenancy.read(tenants, () -> rows.list(tenants, ids, "夏季", null, null, 10, clock.instant())))
                .extracting(ContractSummary::contract)
                .containsExactly(two);
        assertThat(tenancy.read(
                        tenants, () -> rows.list(tenants, ids, "", ContractState.DRAFT, two, 10, clock.instant())))
                .extracting(ContractSummary::contract)
                .containsExactly(one);
        assertThat(tenancy.read(
                        tenants, () -> rows.list(tenants, ids, "", ContractState.ACTIVE, null, 10, clock.instant())))
                .isEmpty();
    }

    @Test
    void theSweepFindsSigningsThatExpired() {
        var contract = ready();
        var lead = access(providerPerson, contract);
        life.submit(lead, null);

        assertThat(rows.due(clock.instant(), 1000))
                .noneMatch(look -> look.contract().equals(contract));
        assertThat(rows.due(clock.instant().plus(Duration.ofDays(31)), 1000))
                .anyMatch(look -> look.contract().equals(contract));
    }

    private void refusedAsProblem(Runnable submission) {
        assertThatExceptionOfType(Refused.class)
                .isThrownBy(submission::run)
                .satisfies(refused -> assertThat(refused.sentence().key()).isEqualTo("contract.refused.problems"));
    }

    /** Both parties accept that the text has no annexes. */
    private UUID imported(String text) {
        var contract = withoutAnnexes(text);
        life.acceptRisk(access(clientPerson, contract), null, null);
        life.acceptRisk(access(providerPerson, contract), null, null);
        return contract;
    }

    private UUID withoutAnnexes(String text) {
        return life.keep(
                        providerPerson,
                        null,
                        new NewContract(provider, Party.PROVIDER, clientName),
                        ContractImporter.pasted(text))
                .contract();
    }

    private UUID ready() {
        var contract = imported(DemoContract.text());
        var client = access(clientPerson, contract);
        var lead = access(providerPerson, contract);
        life.fill(lead, TermKey.LATE_MODE, TermValue.parse(TermKey.LATE_MODE, "DAILY"), null);
        life.confirm(client, List.of(TermKey.LATE_MODE, TermKey.SIGN_MODE), null);
        life.confirm(lead, List.of(TermKey.SIGN_MODE), null);
        return contract;
    }

    private String hash(UUID contract, Access access) {
        return java.util.Objects.requireNonNull(tenancy.read(access.tenant(), () -> rows.get(access.tenant(), contract))
                .hash());
    }

    private Access access(UUID person, UUID contract) {
        return standings.access(person, contract, clock.instant());
    }
}
