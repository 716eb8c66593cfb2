package io.retainer.billing;

import static io.retainer.billing.TermsFixture.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.retainer.PostgresTest;
import io.retainer.TurnableClock;
import io.retainer.billing.Account.PostingAccount;
import io.retainer.billing.Billing.NewPayment;
import io.retainer.billing.BillingWorld.Notary;
import io.retainer.billing.Verdict.PenaltyStanding;
import io.retainer.contract.Amendment;
import io.retainer.contract.Amendments;
import io.retainer.contract.ContractLife;
import io.retainer.contract.ContractState;
import io.retainer.contract.ContractSweep;
import io.retainer.contract.ContractTerms;
import io.retainer.contract.Endings;
import io.retainer.contract.ForceMajeures;
import io.retainer.contract.Impact;
import io.retainer.contract.Notice;
import io.retainer.contract.Notices;
import io.retainer.contract.SignatureMode;
import io.retainer.contract.TermKey;
import io.retainer.contract.TermValue;
import io.retainer.contract.Termination;
import io.retainer.contract.TermsInForce;
import io.retainer.duty.AssessedDuty;
import io.retainer.duty.Cause;
import io.retainer.duty.Deadline;
import io.retainer.duty.Duties;
import io.retainer.duty.DutyState;
import io.retainer.duty.NewDuty;
import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.identity.Standings;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Money;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Texts;
import io.retainer.kernel.WorkCalendar;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.event.ApplicationEvents;
import org.springframework.test.context.event.RecordApplicationEvents;

/** The rest of a contract's life, on a real database: arrears, suspension, termination, amendments, force majeure. */
@SpringBootTest
@Import({PostgresTest.class, BillingWorld.class})
@RecordApplicationEvents
class LifeTests {

    private static final String PROOF = "a".repeat(64);

    @Autowired
    Billing billing;

    @Autowired
    Settlements settlements;

    @Autowired
    Accounts accounts;

    @Autowired
    Books books;

    @Autowired
    Duties duties;

    @Autowired
    Tenancy tenancy;

    @Autowired
    TurnableClock clock;

    @Autowired
    Notary notary;

    @Autowired
    ContractLife contracts;

    @Autowired
    ContractSweep sweep;

    @Autowired
    Endings endings;

    @Autowired
    Amendments amendments;

    @Autowired
    ForceMajeures forceMajeures;

    @Autowired
    Notices notices;

    @Autowired
    Standings standings;

    @Autowired
    TermsInForce termsInForce;

    @Autowired
    ApplicationEvents events;

    UUID tenant;
    UUID contract;
    Access lead;
    Access client;

    @BeforeEach
    void sign() {
        var signed = notary.sign(notary.companies(), Map.of(TermKey.LATE_MODE, "DAILY"));
        tenant = signed.tenant();
        contract = signed.contract();
        lead = signed.lead();
        client = signed.client();
    }

    // Arrears, suspension, payment

    @Test
    void arrearsThenSuspensionServiceByServiceThenPaymentThenResumptionAndACredit() {
        started();
        clock.set("2025-02-03T10:00");
        var frozenWork = open(Clause.I_1_1_4, "survey/1");
        var complaint = open(Clause.I_1_1_2, "complaint/1");
        billing.demand(lead, 2, at("2025-02-03T09:00"), null);
        clock.set("2025-02-11T10:00");
        assertThat(SuspensionStage.of(state().verdict())).isEqualTo(SuspensionStage.NOTICED);
        assertThatThrownBy(() -> billing.suspend(lead, Set.of(2, 4))).hasMessage("contract.refused.neverFrozen");
        assertThat(state().verdict().suspended())
                .as("nothing was kept of the refused one")
                .isFalse();
        billing.suspend(lead, Set.of(1, 3, 4, 5, 6, 7));
        assertThat(contracts.state(tenant, contract)).isEqualTo(ContractState.SUSPENDED);
        assertThat(contracts.frozen(tenant, contract)).containsExactlyInAnyOrder(1, 3, 4, 5, 6, 7);
        assertThat(duty(frozenWork).assessment().state()).isEqualTo(DutyState.PAUSED);
        clock.set("2025-02-11T11:00");
        assertThat(duty(frozenWork).assessment().timeline().getLast().owner()).isEqualTo(Cause.CLIENT);
        assertThat(duty(complaint).assessment().state()).isEqualTo(DutyState.RUNNING);
        billing.contestSuspension(client, "我方已付款");
        assertThatThrownBy(() -> billing.contestSuspension(client, "again")).hasMessage("billing.suspension.contested");

        clock.set("2025-02-15T12:00");
        pay("100000", "2025-02-15T11:00", 2);
        assertThat(SuspensionStage.of(state().verdict())).isEqualTo(SuspensionStage.RESUMING);
        billing.resume(lead);
        assertThat(SuspensionStage.of(state().verdict())).isEqualTo(SuspensionStage.IDLE);
        assertThat(contracts.frozen(tenant, contract)).isEmpty();
        assertThat(duty(frozenWork).assessment().state()).isEqualTo(DutyState.RUNNING);
        var credits = settlements.of(lead).credits();
        assertThat(credits).singleElement().satisfies(credit -> {
            assertThat(credit.days()).isEqualTo(4);
            assertThat(credit.of()).isEqualTo(28);
            assertThat(credit.amount()).isEqualTo(Money.of("14285.71"));
            assertThat(credit.agreed()).isTrue();
        });
        assertThat(notices.ofContract(client))
                .extracting(Notice::kind)
                .contains(Notice.Kind.DEMAND, Notice.Kind.SUSPENSION);
    }

    @Test
    void whatIsPaidForIsServed() {
        started();
        pay("100000", "2025-02-01T10:00", 3);
        clock.set("2025-02-20T10:00");
        billing.demand(lead, 2, at("2025-02-20T09:00"), null);
        clock.set("2025-03-03T10:00");
        assertThatThrownBy(() -> billing.suspend(lead)).hasMessage("billing.right.suspendPrepaid");
        clock.set("2025-04-01T10:00");
        billing.suspend(lead);
        assertThat(contracts.state(tenant, contract)).isEqualTo(ContractState.SUSPENDED);
    }

    @Test
    void trap10AndG45OnlyADisputedPartOpenGroundsNeitherSuspensionNorTermination() {
        started();
        clock.set("2025-02-03T10:00");
        billing.dispute(client, 2, Money.of("100000"), "质量有争议");
        assertThatThrownBy(() -> billing.demand(lead, 2, at("2025-02-03T09:00"), null))
                .hasMessage("billing.right.onlyDisputed");
        assertThatThrownBy(() -> billing.suspend(lead)).hasMessage("billing.right.onlyDisputed");
        assertThatThrownBy(() -> billing.terminate(lead, 2, Notice.Channel.PLATFORM, "解除"))
                .hasMessage("billing.right.onlyDisputed");
    }

    @Test
    void g14bSuspendedDaysAreServedAfterTheTermWhereBothAgreedToThat() {
        var signed = notary.sign(
                notary.companies(), Map.of(TermKey.LATE_MODE, "DAILY", TermKey.SUSPENSION_EXTENDS_TERM, "true"));
        tenant = signed.tenant();
        contract = signed.contract();
        lead = signed.lead();
        client = signed.client();
        started();
        billing.demand(lead, 2, at("2025-02-01T11:00"), null);
        clock.set("2025-02-11T10:00");
        billing.suspend(lead);
        assertThat(contracts.end(tenant, contract)).contains(at("2026-01-01"));
        clock.set("2025-02-15T12:00");
        pay("100000", "2025-02-15T11:00", 2);
        billing.resume(lead);
        assertThat(contracts.end(tenant, contract)).contains(at("2026-01-05"));
        assertThat(settlements.of(lead).credits())
                .as("what is served later is not credited too")
                .isEmpty();
        assertThat(Life.of(state().simulation(), state().simulation(), WorkCalendar.chinese())
                        .steps())
                .filteredOn(step -> step.what().key().equals("billing.step.end"))
                .extracting(Life.Step::at)
                .containsExactly(at("2026-01-05"));
        clock.set("2026-01-01T00:00");
        sweep.run(clock.instant());
        assertThat(contracts.state(tenant, contract)).isEqualTo(ContractState.ACTIVE);
        clock.set("2026-01-05T00:00");
        sweep.run(clock.instant());
        assertThat(contracts.state(tenant, contract)).isEqualTo(ContractState.TERMINATING);
        assertThat(settlements.of(lead).lastDay()).isEqualTo(LocalDate.parse("2026-01-04"));
    }

    @Test
    void whoeverDecidesAboutMoneyLocksTheContractBeforeItsAccount() throws Exception {
        started();
        try (var thread = Executors.newSingleThreadExecutor()) {
            var payment = new ArrayList<Future<UUID>>();
            var account = tenancy.write(tenant, () -> {
                contracts.hold(tenant, contract);
                payment.add(thread.submit(() -> pay("100000", "2025-02-01T11:30", 2)));
                pause();
                assertThat(payment.getFirst().isDone())
                        .as("it waits for the contract, and holds nothing that its holder will want")
                        .isFalse();
                return books.locked(tenant, contract);
            });
            assertThat(account.contract()).isEqualTo(contract);
            assertThat(payment.getFirst().get(60, TimeUnit.SECONDS)).isNotNull();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(1500);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    // Termination for non-payment

    @Test
    void E15ArrearsThenTerminationOnArrivalThenSettlementThenClosed() {
        // Instalment 1 paid 31 days late: a penalty of 1,550.00 (E2); February is paid; March is what is terminated for
        // elsewhere. Here the client ends up terminating nobody: the provider terminates for instalment 3 after cure.
        started();
        clock.set("2025-02-01T12:00");
        var late = state().verdict().instalment(1);
        assertThat(late.penaltyStanding()).isEqualTo(PenaltyStanding.NONE);
        billing.demand(lead, 2, at("2025-02-01T11:00"), "请付第二期");
        clock.set("2025-02-10T10:00");
        assertThatThrownBy(() -> billing.terminate(lead, 2, Notice.Channel.EMAIL, "解除"))
                .as("trap 11")
                .hasMessage("billing.right.terminateFrom");
        // Fifteen working days after 1 February (Saturday, Spring Festival until the 4th) end with the 24th.
        clock.set("2025-02-25T09:00");
        var termination = billing.terminate(lead, 2, Notice.Channel.EMAIL, "因逾期未付,解除合同");
        assertThat(contracts.state(tenant, contract))
                .as("the notice has not arrived")
                .isEqualTo(ContractState.ACTIVE);
        assertThatThrownBy(() -> billing.terminate(lead, 2, Notice.Channel.EMAIL, "again"))
                .hasMessage("contract.termination.declaredBefore");
        var notice = notices.ofContract(lead).stream()
                .filter(one -> one.kind() == Notice.Kind.TERMINATION)
                .findFirst()
                .orElseThrow();
        clock.set("2025-02-26T09:00");
        assertThatThrownBy(() -> endings.deliver(client, notice.id(), at("2025-02-25T20:00"), PROOF))
                .hasMessage("contract.notice.senderOnly");
        endings.deliver(lead, notice.id(), at("2025-02-25T20:00"), PROOF);
        assertThat(contracts.state(tenant, contract)).isEqualTo(ContractState.TERMINATING);
        assertThat(endings.ofContract(lead)).singleElement().satisfies(one -> {
            assertThat(one.id()).isEqualTo(termination);
            assertThat(one.state()).isEqualTo(Termination.State.EFFECTIVE);
            assertThat(one.effectiveAt()).isEqualTo(at("2025-02-25T20:00"));
        });
        endings.contestTermination(client, termination, "不同意");
        assertThat(notices.ofContract(lead).getFirst().kind()).isEqualTo(Notice.Kind.CONTEST);

        // 25 of 28 days were served: the rest of the fee, and every later instalment, is not owed.
        var second = state().verdict().instalment(2);
        assertThat(second.open()).isEqualTo(Money.of("89285.71"));
        assertThat(state().verdict().instalment(3).state()).isEqualTo(InstalmentState.CANCELLED);
        assertThat(dutyOf(3).assessment().state()).isEqualTo(DutyState.RELEASED);
        assertThat(dutyOf(2).assessment().state()).isEqualTo(DutyState.BREACHED);
        assertThat(settlements.of(lead).owed()).isEqualTo(Money.of("89285.71"));
        assertThatThrownBy(() -> endings.close(client)).hasMessage("contract.refused.notWoundUp");

        pay("89285.71", "2025-02-26T08:00", 2);
        endings.windUp(lead, "exit/data-return", PROOF);
        endings.windUp(lead, "exit/access-release", PROOF);
        dischargeReceipts();
        endings.close(lead);
        assertThat(contracts.state(tenant, contract)).isEqualTo(ContractState.CLOSED);
        assertThat(allBalances()).isEqualTo(Money.ZERO);

        // Trap 15: secrecy outlives the contract; only the personal data, now deleted, need none.
        var secrets = duties.ofContract(tenant, contract, clock.instant()).stream()
                .filter(duty -> duty.duty().clause() == Clause.I_4_2)
                .toList();
        assertThat(secrets).hasSize(5);
        assertThat(secrets)
                .filteredOn(duty -> duty.duty().subject().equals("confidentiality/personal-data"))
                .extracting(duty -> duty.assessment().state())
                .containsExactly(DutyState.RELEASED);
        assertThat(secrets)
                .filteredOn(duty -> !duty.duty().subject().equals("confidentiality/personal-data"))
                .extracting(duty -> duty.assessment().state())
                .containsOnly(DutyState.RUNNING);
        assertThat(duties.ofContract(tenant, contract, clock.instant()))
                .filteredOn(duty -> duty.duty().clause() == Clause.I_4_1A)
                .extracting(duty -> duty.assessment().state())
                .containsOnly(DutyState.RELEASED);

        // It can be said to be broken, and released, after everything else is over.
        var secret = secrets.stream()
                .filter(duty -> duty.duty().subject().equals("confidentiality/trade-secrets")
                        && duty.duty().creditor() == Party.CLIENT)
                .findFirst()
                .orElseThrow()
                .duty()
                .id();
        clock.set("2025-02-27T09:00");
        var clientAfter = standings.access(client.person(), contract, clock.instant());
        var leadAfter = standings.access(lead.person(), contract, clock.instant());
        assertThatThrownBy(() -> endings.flagSecretBroken(leadAfter, secret, Notice.Channel.PLATFORM, "x"))
                .hasMessage("contract.exit.creditorOnly");
        endings.flagSecretBroken(clientAfter, secret, Notice.Channel.PLATFORM, "报价单被转发给竞争对手");
        assertThat(notices.ofContract(clientAfter).getFirst()).satisfies(told -> {
            assertThat(told.kind()).isEqualTo(Notice.Kind.SECRECY_BREACH);
            assertThat(told.clause()).isEqualTo(Clause.I_4_2);
        });
        assertThat(duty(secret).assessment().state())
                .as("a broken secret is still to be kept")
                .isEqualTo(DutyState.RUNNING);
        endings.releaseSecret(clientAfter, secret, "已公开");
        assertThat(duty(secret).assessment().state()).isEqualTo(DutyState.RELEASED);

        // Standing after the end: one's own records, read only.
        var after = standings.access(lead.person(), contract, clock.instant());
        assertThat(after.can())
                .containsExactlyInAnyOrder(Capability.READ_CONTRACT, Capability.READ_MONEY, Capability.READ_LEDGER);
        assertThatThrownBy(() -> billing.waiveInstalment(after, 2, "x")).isInstanceOf(Refused.class);
    }

    @Test
    void E15RefundOfUnservedDaysAndSetOffOnlyByNotice() {
        // Instalment 1 paid on 1 February: 31 days late, 1,550.00 (E2). February paid in time. The service ends with
        // 10 February, by agreement of both.
        pay("100000", "2025-02-01T10:00", 1);
        clock.set("2025-02-03T10:00");
        pay("100000", "2025-01-31T10:00", 2);
        billing.claimPenalty(lead, 1);
        var end = amendments.draft(
                lead,
                null,
                new Amendments.Wanted(Amendment.Kind.EARLY_END, LocalDate.parse("2025-02-11"), "双方协商提前终止", Map.of()));
        assertThat(amendments.preview(client, end).sheet())
                .anyMatch(line -> line.contains("refund 64285.71"))
                .anyMatch(line -> line.contains("penalty instalment 1 open 1550.00"));
        agree(end, false);
        assertThat(contracts.state(tenant, contract)).isEqualTo(ContractState.ACTIVE);
        clock.set("2025-02-11T00:00");
        sweep.run(clock.instant());
        assertThat(contracts.state(tenant, contract)).isEqualTo(ContractState.TERMINATING);
        var settlement = settlements.of(lead);
        assertThat(settlement.lastDay()).isEqualTo(LocalDate.parse("2025-02-10"));
        assertThat(settlement.refund()).isEqualTo(Money.of("64285.71"));
        assertThat(settlement.toRefund())
                .as("without a notice two separate payments")
                .isEqualTo(Money.of("64285.71"));
        assertThat(settlement.penaltiesOpen()).isEqualTo(Money.of("1550.00"));
        assertThat(-balance(PostingAccount.CLIENT_CREDIT).fen())
                .isEqualTo(Money.of("64285.71").fen());

        assertThatThrownBy(() -> settlements.setOff(lead, 1, Money.of("1550.01"), "抵销"))
                .hasMessage("billing.setOff.amount");
        settlements.setOff(lead, 1, Money.of("1550.00"), "以违约金抵销应返还的费用");
        assertThat(settlements.of(lead).toRefund()).isEqualTo(Money.of("62735.71"));
        assertThat(state().verdict().instalment(1).penaltyStanding()).isEqualTo(PenaltyStanding.SETTLED);
        assertThat(-balance(PostingAccount.CLIENT_CREDIT).fen())
                .isEqualTo(Money.of("62735.71").fen());
        assertThat(balance(PostingAccount.PENALTY_RECEIVABLE)).isEqualTo(Money.ZERO);
        var refund = duties.on(tenant, contract, Clause.I_2_2A, "settlement/refund", clock.instant())
                .orElseThrow();
        assertThat(refund.assessment().state()).isEqualTo(DutyState.RUNNING);
        clock.set("2025-02-12T10:00");
        assertThatThrownBy(() -> settlements.refund(lead, Money.of("62735.72"), "R1"))
                .hasMessage("billing.refund.amount");
        settlements.refund(lead, Money.of("62735.71"), "R1");
        assertThat(duties.on(tenant, contract, Clause.I_2_2A, "settlement/refund", clock.instant())
                        .orElseThrow()
                        .assessment()
                        .state())
                .isEqualTo(DutyState.KEPT);
        assertThat(balance(PostingAccount.CLIENT_CREDIT)).isEqualTo(Money.ZERO);
        assertThat(allBalances()).isEqualTo(Money.ZERO);
        assertThat(settlements.of(lead).isEven()).isTrue();
    }

    @Test
    void aTerminationOnItsWayLapsesWhenTheDebtIsPaidAndCanBeTakenBackBefore() {
        started();
        billing.demand(lead, 2, at("2025-02-01T11:00"), null);
        clock.set("2025-02-25T09:00");
        var first = billing.terminate(lead, 2, Notice.Channel.COURIER, "解除");
        assertThatThrownBy(() -> endings.withdrawTermination(client, first))
                .hasMessage("contract.termination.declarerOnly");
        endings.withdrawTermination(lead, first);
        billing.terminate(lead, 2, Notice.Channel.COURIER, "解除");
        pay("100000", "2025-02-25T08:00", 2);
        assertThat(endings.ofContract(lead))
                .extracting(Termination::state)
                .containsExactlyInAnyOrder(Termination.State.LAPSED, Termination.State.WITHDRAWN);
        assertThat(contracts.state(tenant, contract)).isEqualTo(ContractState.ACTIVE);
    }

    @Test
    void aPaperTerminatesThreeDaysAfterItWasSignedForByTheClock() {
        started();
        billing.demand(lead, 2, at("2025-02-01T11:00"), null);
        clock.set("2025-02-25T09:00");
        billing.terminate(lead, 2, Notice.Channel.COURIER, "解除");
        var notice = notices.ofContract(lead).getFirst();
        clock.set("2025-02-26T15:00");
        endings.deliver(lead, notice.id(), at("2025-02-26T14:00"), PROOF);
        assertThat(contracts.state(tenant, contract)).isEqualTo(ContractState.ACTIVE);
        assertThatThrownBy(() -> amendments.draft(
                        lead,
                        null,
                        new Amendments.Wanted(Amendment.Kind.EARLY_END, LocalDate.parse("2025-03-11"), "x", Map.of())))
                .hasMessage("contract.refused.endingFixed");
        clock.set("2025-02-28T23:59:59");
        sweep.run(clock.instant());
        assertThat(contracts.state(tenant, contract)).isEqualTo(ContractState.ACTIVE);
        clock.set("2025-03-01T00:00");
        sweep.run(clock.instant());
        assertThat(contracts.state(tenant, contract)).isEqualTo(ContractState.TERMINATING);
        assertThat(endings.ofContract(lead).getFirst().effectiveAt()).isEqualTo(at("2025-03-01"));
    }

    // Termination for breach

    @Test
    void theClientTerminatesForABreachThatWasNotCured() {
        started();
        clock.set("2025-02-03T10:00");
        var broken = duties.open(new NewDuty(
                tenant,
                contract,
                1,
                Clause.I_1_1_4,
                Party.PROVIDER,
                Party.CLIENT,
                "billing.duty.receipt",
                "survey/9",
                new Deadline.At(at("2025-02-02")),
                at("2025-01-10"),
                null));
        var demand = endings.demandCure(client, Clause.I_1_2B, broken, Notice.Channel.PLATFORM, "请改正", clock.instant());
        clock.set("2025-02-10T10:00");
        assertThatThrownBy(() -> endings.terminateForBreach(client, demand, true, Notice.Channel.PLATFORM, "解除"))
                .hasMessage("contract.termination.cureRuns");
        clock.set("2025-02-25T10:00");
        assertThatThrownBy(() -> endings.terminateForBreach(lead, demand, true, Notice.Channel.PLATFORM, "解除"))
                .hasMessage("contract.termination.noDemand");
        endings.terminateForBreach(client, demand, true, Notice.Channel.PLATFORM, "未改正,解除合同");
        assertThat(contracts.state(tenant, contract)).isEqualTo(ContractState.TERMINATING);
    }

    // Term

    @Test
    void theTermExpiresByTheClockAndAnExtensionKeepsItRunning() {
        started();
        for (int number = 2; number <= 12; number++) {
            pay("100000", "2025-02-01T10:0" + number % 10, number);
        }
        clock.set("2025-11-20T10:00");
        var extension = amendments.draft(
                lead,
                null,
                new Amendments.Wanted(
                        Amendment.Kind.EXTENSION,
                        LocalDate.parse("2026-01-01"),
                        "延长三个月",
                        Map.of(
                                TermKey.TERM_END, new TermValue.Day(LocalDate.parse("2026-03-31")),
                                TermKey.FEE_TOTAL, new TermValue.Amount(Money.of("1500000")),
                                TermKey.FEE_INSTALMENTS, new TermValue.Whole(15))));
        assertThat(amendments.preview(client, extension).impacts())
                .filteredOn(impact -> impact.kind() == Impact.Kind.INSTALMENT)
                .hasSize(3)
                .allMatch(impact -> impact.before() == null && impact.after() != null);
        agree(extension, false);
        assertThat(state().verdict().instalments()).hasSize(15);
        var thirteenth = state().verdict().instalment(13).instalment();
        assertThat(thirteenth.start()).isEqualTo(LocalDate.parse("2026-01-01"));
        assertThat(thirteenth.amount()).isEqualTo(Money.of("100000"));
        assertThat(thirteenth.due()).isEqualTo(at("2026-01-01"));
        assertThat(dutyOf(13).assessment().state()).isEqualTo(DutyState.RUNNING);
        assertThat(balance(PostingAccount.FEE)).isEqualTo(Money.of("-1500000"));
        clock.set("2026-01-02T10:00");
        sweep.run(clock.instant());
        assertThat(contracts.state(tenant, contract)).isEqualTo(ContractState.ACTIVE);
        assertThat(duties.ofContract(tenant, contract, clock.instant()))
                .filteredOn(duty -> duty.duty().subject().startsWith("counterpart/"))
                .hasSize(2);
        clock.set("2026-04-01T00:00");
        sweep.run(clock.instant());
        assertThat(contracts.state(tenant, contract)).isEqualTo(ContractState.TERMINATING);
        assertThat(settlements.of(lead).owed()).isEqualTo(Money.of("300000"));
        assertThatThrownBy(() -> amendments.draft(
                        lead,
                        null,
                        new Amendments.Wanted(Amendment.Kind.EXTENSION, LocalDate.parse("2026-04-01"), "太晚", Map.of())))
                .hasMessage("contract.refused.state");
    }

    // Amendments

    @Test
    void pastFactsAreJudgedByTheVersionOfTheirDayHoweverLateTheyAreRecorded() {
        pay("100000", "2024-12-30T10:00", 1);
        clock.set("2025-02-20T10:00");
        var amendment = amendments.draft(
                client,
                null,
                new Amendments.Wanted(
                        Amendment.Kind.CHANGE,
                        LocalDate.parse("2025-03-15"),
                        "违约金降为每日万分之二,宽限五日",
                        Map.of(
                                TermKey.LATE_RATE,
                                TermValue.parse(TermKey.LATE_RATE, "0.02"),
                                TermKey.LATE_GRACE,
                                TermValue.parse(TermKey.LATE_GRACE, "0"))));
        assertThat(amendments.preview(lead, amendment).impacts())
                .extracting(Impact::kind)
                .contains(Impact.Kind.RIGHT);
        agree(amendment, false);
        assertThat(version("2025-03-14T23:59:59")).isEqualTo(1);
        assertThat(version("2025-03-15")).isEqualTo(2);

        // Recorded on 20 April: both were paid ten days late, one fell due before the amendment's day and one after.
        clock.set("2025-04-20T10:00");
        pay("100000", "2025-03-11T10:00", 3);
        pay("100000", "2025-04-11T10:00", 4);
        pay("100000", "2025-01-31T10:00", 2);
        assertThat(state().verdict().instalment(3).penalty()).isEqualTo(Money.of("500.00"));
        assertThat(state().verdict().instalment(4).penalty()).isEqualTo(Money.of("200.00"));
        assertThat(state().verdict().instalment(2).state()).isEqualTo(InstalmentState.PAID);
    }

    @Test
    void anAmendmentOfTheFeeRedrawsOnlyWhatLiesAheadAndIsUnpaid() {
        pay("100000", "2024-12-30T10:00", 1);
        pay("100000", "2025-01-30T10:00", 2);
        clock.set("2025-02-10T10:00");
        var before = state();
        var amendment = amendments.draft(
                lead,
                null,
                new Amendments.Wanted(
                        Amendment.Kind.CHANGE,
                        LocalDate.parse("2025-04-01"),
                        "自四月起降价",
                        Map.of(TermKey.FEE_TOTAL, new TermValue.Amount(Money.of("1119000")))));
        var preview = amendments.preview(client, amendment);
        assertThat(preview.refused()).isNull();
        assertThat(preview.impacts())
                .filteredOn(impact -> impact.kind() == Impact.Kind.INSTALMENT)
                .hasSize(9);
        agree(amendment, false);
        var after = state();
        assertThat(after.verdict().instalments())
                .extracting(one -> one.instalment().amount())
                .startsWith(Money.of("100000"), Money.of("100000"), Money.of("100000"), Money.of("91000"));
        assertThat(after.verdict().total()).isEqualTo(Money.of("1119000"));
        assertThat(after.lineId(3)).isEqualTo(before.lineId(3));
        assertThat(after.lineId(4)).isNotEqualTo(before.lineId(4));
        assertThat(duties.on(tenant, contract, Clause.I_3_2A, "instalment/" + before.lineId(4), clock.instant())
                        .orElseThrow()
                        .assessment()
                        .state())
                .isEqualTo(DutyState.RELEASED);
        assertThat(balance(PostingAccount.FEE)).isEqualTo(Money.of("-1119000"));
        assertThat(accounts.find(tenant, contract, at("2025-02-09"))
                        .orElseThrow()
                        .verdict()
                        .total())
                .as("as of the day before")
                .isEqualTo(Money.of("1200000"));
        var tooLow = amendments.draft(
                lead,
                null,
                new Amendments.Wanted(
                        Amendment.Kind.CHANGE,
                        LocalDate.parse("2025-05-01"),
                        "x",
                        Map.of(TermKey.FEE_TOTAL, new TermValue.Amount(Money.of("300000")))));
        assertThatThrownBy(() -> amendments.propose(lead, tooLow)).hasMessage("billing.schedule.frozen");
    }

    @Test
    void aDefaultAgreedLateHoldsUnderAnAgreedVersionTooWhoseDayHasNotCome() {
        var signed = notary.sign(
                notary.companies(), Map.of(TermKey.LATE_MODE, "DAILY"), List.of(TermKey.SIGN_MODE, TermKey.LATE_BASE));
        tenant = signed.tenant();
        contract = signed.contract();
        lead = signed.lead();
        client = signed.client();
        clock.set("2025-02-20T10:00");
        contracts.confirm(lead, Set.of(TermKey.SUSPENSION_NOTICE), null);
        var amendment = amendments.draft(
                client,
                null,
                new Amendments.Wanted(
                        Amendment.Kind.CHANGE,
                        LocalDate.parse("2025-03-15"),
                        "违约金调整",
                        Map.of(TermKey.LATE_RATE, TermValue.parse(TermKey.LATE_RATE, "0.02"))));
        agree(amendment, false);
        clock.set("2025-02-25T10:00");
        contracts.confirm(client, Set.of(TermKey.SUSPENSION_NOTICE), null);
        assertThat(termsAt("2025-02-24").binds(TermKey.SUSPENSION_NOTICE)).isFalse();
        assertThat(termsAt("2025-02-26").binds(TermKey.SUSPENSION_NOTICE)).isTrue();
        assertThat(version("2025-03-20")).isEqualTo(2);
        assertThat(termsAt("2025-03-20").binds(TermKey.SUSPENSION_NOTICE)).isTrue();
        assertThat(termsAt("2025-03-20").binds(TermKey.SUSPENSION_SCOPE)).isFalse();
    }

    private ContractTerms termsAt(String moment) {
        return tenancy.read(tenant, () -> termsInForce.at(tenant, contract, at(moment)))
                .terms();
    }

    @Test
    void aDraftThatSomebodyElseChangedIsNotOverwritten() {
        started();
        var rate = Map.of(TermKey.LATE_RATE, TermValue.parse(TermKey.LATE_RATE, "0.02"));
        var from = LocalDate.parse("2025-03-15");
        var draft = amendments.draft(client, null, new Amendments.Wanted(Amendment.Kind.CHANGE, from, "违约金调整", rate));
        int seen = amendments.ofContract(client).getFirst().version();
        amendments.redraft(client, draft, from.plusDays(1), "改自十六日起", rate, null, seen);
        assertThatThrownBy(() -> amendments.redraft(client, draft, from, "改回", rate, null, seen))
                .isInstanceOfSatisfying(Refused.class, refused -> {
                    assertThat(refused.sentence().key()).isEqualTo("contract.amendment.changed");
                    assertThat(Texts.in(Texts.CHINESE).say(refused.sentence()))
                            .contains("2025年3月16日", "改自十六日起", "0.02");
                });
        assertThat(amendments.ofContract(client).getFirst().reason()).isEqualTo("改自十六日起");
    }

    @Test
    void anAmendmentReachesBackOnlyWhenBothConsentToThat() {
        started();
        clock.set("2025-02-20T10:00");
        var amendment = amendments.draft(
                client,
                null,
                new Amendments.Wanted(
                        Amendment.Kind.CHANGE,
                        LocalDate.parse("2025-02-01"),
                        "自二月一日起",
                        Map.of(TermKey.LATE_RATE, TermValue.parse(TermKey.LATE_RATE, "0.02"))));
        amendments.propose(client, amendment);
        var hash = hash(amendment);
        assertThatThrownBy(() -> sign(client, amendment, hash, false)).hasMessage("contract.amendment.retroactive");
        sign(client, amendment, hash, true);
        assertThatThrownBy(() -> sign(lead, amendment, hash, false)).hasMessage("contract.amendment.retroactive");
        sign(lead, amendment, hash, true);
        assertThat(version("2025-02-01")).isEqualTo(2);
        assertThat(version("2025-01-31T23:59:59")).isEqualTo(1);
    }

    // Force majeure

    @Test
    void forceMajeureBeforeTheDelayStopsTheClocksOfTheChosenDutiesOnly() {
        started();
        clock.set("2025-02-10T10:00");
        var hindered = open(Clause.I_1_1_4, "survey/1");
        var other = open(Clause.I_1_1_1, "intake/1");
        clock.set("2025-02-11T10:00");
        var event =
                forceMajeures.notify(lead, at("2025-02-10T20:00"), List.of(hindered), Notice.Channel.PLATFORM, "机房进水");
        assertThat(forceMajeures.ofContract(client).getFirst().late()).isFalse();
        assertThatThrownBy(() -> forceMajeures.accept(client, event, List.of(hindered), false, 100))
                .hasMessage("contract.forceMajeure.noProof");
        forceMajeures.prove(lead, event, PROOF);
        forceMajeures.accept(client, event, List.of(hindered), false, 100);
        assertThat(duty(hindered).assessment().state()).isEqualTo(DutyState.PAUSED);
        assertThat(duty(hindered).assessment().timeline().getLast().owner()).isEqualTo(Cause.FORCE_MAJEURE);
        assertThat(duty(other).assessment().state()).isEqualTo(DutyState.RUNNING);
        assertThat(duties.on(tenant, contract, Clause.I_5_3A, "force-majeure/" + event, clock.instant())
                        .orElseThrow()
                        .assessment()
                        .state())
                .isEqualTo(DutyState.KEPT);
        clock.set("2025-02-25T10:00");
        assertThat(duty(other).assessment().state()).isEqualTo(DutyState.BREACHED);
        assertThat(duty(hindered).assessment().state()).isEqualTo(DutyState.PAUSED);
        assertThatThrownBy(() -> endings.terminateForForceMajeure(client, event, Notice.Channel.PLATFORM, "解除"))
                .hasMessage("contract.termination.noLongStop");
        forceMajeures.end(lead, event, at("2025-02-25T09:00"));
        assertThat(duty(hindered).assessment().state()).isEqualTo(DutyState.RUNNING);
    }

    @Test
    void trap9ForceMajeureAfterTheDelayBeganRelievesOfNothing() {
        started();
        clock.set("2025-02-05T10:00");
        var payment = dutyOf(2).duty().id();
        assertThatThrownBy(() -> forceMajeures.notify(
                        client, at("2025-02-03T10:00"), List.of(payment), Notice.Channel.PLATFORM, "银行系统瘫痪"))
                .hasMessage("contract.forceMajeure.afterDelay");
        assertThat(state().verdict().instalment(2).penalty()).isEqualTo(Money.of("200.00"));
    }

    @Test
    void moneyIsRelievedOnlyByAnExplicitDecisionAndPenaltyDaysOfTheWindowDoNotCount() {
        started();
        clock.set("2025-01-31T10:00");
        var payment = dutyOf(2).duty().id();
        var event = forceMajeures.notify(
                client, at("2025-01-31T09:00"), List.of(payment), Notice.Channel.PLATFORM, "银行系统瘫痪");
        forceMajeures.prove(client, event, PROOF);
        assertThatThrownBy(() -> forceMajeures.accept(lead, event, List.of(payment), false, 100))
                .hasMessage("contract.forceMajeure.money");
        forceMajeures.accept(lead, event, List.of(payment), true, 100);
        clock.set("2025-02-08T10:00");
        assertThat(state().verdict().instalment(2).state()).isNotEqualTo(InstalmentState.OVERDUE);
        assertThat(state().verdict().overdue()).isEqualTo(Money.ZERO);
        forceMajeures.end(client, event, at("2025-02-07T10:00"));
        clock.set("2025-02-12T10:00");
        pay("100000", "2025-02-12T09:00", 2);
        var second = state().verdict().instalment(2);
        assertThat(second.state()).isEqualTo(InstalmentState.PAID_LATE);
        assertThat(second.daysLate()).isEqualTo(4);
        assertThat(second.penalty()).isEqualTo(Money.of("200.00"));
    }

    @Test
    void ofPartialReliefTheClocksStandOnlyForThatPartOfTheTime() {
        started();
        clock.set("2025-02-10T10:00");
        var whole = open(Clause.I_1_1_4, "survey/1");
        var part = open(Clause.I_1_1_4, "survey/2");
        clock.set("2025-02-11T10:00");
        var due = duty(part).assessment().due();
        relieve(lead, client, whole, 100, false);
        relieve(lead, client, part, 50, false);
        clock.set("2025-02-25T10:00");
        for (var event : forceMajeures.ofContract(lead)) {
            forceMajeures.end(lead, event.id(), at("2025-02-25T10:00"));
        }
        var moved = duty(whole).assessment().due();
        var halfway = duty(part).assessment().due();
        assertThat(halfway).isAfter(due).isBefore(moved);
        // It was hindered from the 11th to the 25th at ten: half of that ends on the 18th.
        assertThat(duty(part).assessment().timeline()).anySatisfy(segment -> {
            assertThat(segment.owner()).isEqualTo(Cause.FORCE_MAJEURE);
            assertThat(segment.to()).isEqualTo(at("2025-02-18T10:00"));
        });
    }

    @Test
    void ofPartialReliefForMoneyOnlyThatPartOfTheDaysIsNotLate() {
        started();
        clock.set("2025-01-31T10:00");
        var payment = dutyOf(2).duty().id();
        var event = relieve(client, lead, payment, 50, true);
        clock.set("2025-02-08T10:00");
        // Eight days are hindered so far: four of them count.
        assertThat(state().verdict().instalment(2).instalment().lastDay()).isEqualTo("2025-02-04");
        assertThat(state().verdict().instalment(2).state()).isEqualTo(InstalmentState.OVERDUE);
        forceMajeures.end(client, event, at("2025-02-07T10:00"));
        clock.set("2025-02-12T10:00");
        pay("100000", "2025-02-12T09:00", 2);
        var second = state().verdict().instalment(2);
        assertThat(second.daysLate()).isEqualTo(7);
        assertThat(second.penalty()).isEqualTo(Money.of("350.00"));
        assertThat(second.instalment().notes())
                .extracting(note -> note.key())
                .contains("billing.schedule.relievedPartly");
    }

    private UUID relieve(Access hindered, Access other, UUID duty, int percent, boolean moneyToo) {
        var event = forceMajeures.notify(hindered, clock.instant(), List.of(duty), Notice.Channel.PLATFORM, "机房进水");
        forceMajeures.prove(hindered, event, PROOF);
        forceMajeures.accept(other, event, List.of(duty), moneyToo, percent);
        return event;
    }

    // Help

    private void started() {
        clock.set("2024-12-31T10:00");
        pay("100000", "2024-12-31T09:00", 1);
        clock.set("2025-02-01T12:00");
        sweep.run(clock.instant());
        assertThat(contracts.state(tenant, contract)).isEqualTo(ContractState.ACTIVE);
    }

    private UUID open(Clause clause, String subject) {
        return duties.open(new NewDuty(
                tenant,
                contract,
                1,
                clause,
                Party.PROVIDER,
                Party.CLIENT,
                "billing.duty.receipt",
                subject,
                new Deadline.WorkingDays(8, LocalDate.ofInstant(clock.instant(), TermsFixture.SHANGHAI)),
                clock.instant(),
                null));
    }

    private void agree(UUID amendment, boolean retroactive) {
        var all = amendments.ofContract(lead).stream()
                .filter(one -> one.id().equals(amendment))
                .findFirst()
                .orElseThrow();
        amendments.propose(all.draftedBy() == Party.CLIENT ? client : lead, amendment);
        var hash = hash(amendment);
        sign(client, amendment, hash, retroactive);
        sign(lead, amendment, hash, retroactive);
    }

    private void sign(Access access, UUID amendment, String hash, boolean retroactive) {
        amendments.sign(access, amendment, hash, SignatureMode.SEAL, "王敏", "公章", retroactive);
    }

    private String hash(UUID amendment) {
        return amendments.ofContract(lead).stream()
                .filter(one -> one.id().equals(amendment))
                .findFirst()
                .map(Amendment::hash)
                .orElseThrow();
    }

    private int version(String moment) {
        return tenancy.read(tenant, () -> termsInForce.at(tenant, contract, at(moment)))
                .number();
    }

    private void dischargeReceipts() {
        for (var payment : state().payments()) {
            billing.issueReceipt(lead, payment.id());
        }
        duties.ofContract(tenant, contract, clock.instant()).stream()
                .filter(duty -> duty.duty().clause() == Clause.I_3_3A
                        && duty.assessment().state().owed())
                .forEach(duty -> duties.discharge(tenant, duty.duty().id(), clock.instant(), null));
    }

    private UUID pay(String amount, String at, @Nullable Integer instalment) {
        return billing.recordPayment(
                lead,
                new NewPayment(at(at), null, Money.of(amount), instalment, null, contract + at + instalment, "甲公司"));
    }

    private BillingState state() {
        return accounts.find(tenant, contract, clock.instant()).orElseThrow();
    }

    private AssessedDuty duty(UUID id) {
        return duties.get(tenant, id, clock.instant());
    }

    private AssessedDuty dutyOf(int number) {
        return duties.on(tenant, contract, Clause.I_3_2A, "instalment/" + state().lineId(number), clock.instant())
                .orElseThrow();
    }

    private Money balance(PostingAccount account) {
        return tenancy.read(
                tenant,
                () -> Money.sum(books.balances(tenant, contract).values().stream()
                        .map(accounts -> accounts.getOrDefault(account, Money.ZERO))
                        .toList()));
    }

    private Money allBalances() {
        return Money.sum(Stream.of(PostingAccount.values()).map(this::balance).toList());
    }
}
