package io.retainer.billing;

import static io.retainer.billing.TermsFixture.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.retainer.PostgresTest;
import io.retainer.TurnableClock;
import io.retainer.billing.Account.PostingAccount;
import io.retainer.billing.Billing.NewPayment;
import io.retainer.billing.BillingFact.Towards;
import io.retainer.billing.BillingWorld.Notary;
import io.retainer.billing.Verdict.PenaltyStanding;
import io.retainer.contract.ClauseState;
import io.retainer.contract.ContractEvent;
import io.retainer.contract.ContractLife;
import io.retainer.contract.ContractState;
import io.retainer.contract.TermKey;
import io.retainer.duty.AssessedDuty;
import io.retainer.duty.Duties;
import io.retainer.duty.DutyState;
import io.retainer.identity.Access;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Money;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.WorkCalendar;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.event.ApplicationEvents;
import org.springframework.test.context.event.RecordApplicationEvents;

@SpringBootTest
@Import({PostgresTest.class, BillingWorld.class})
@RecordApplicationEvents
class BillingTests {

    @Autowired
    Billing billing;

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
    BillingClauses clauses;

    @Autowired
    ApplicationEvents events;

    @Autowired
    PostgresTest.Database database;

    UUID tenant;
    UUID contract;
    Access lead;
    Access client;
    Access agent;

    @BeforeEach
    void sign() {
        var signed = notary.sign(notary.companies(), Map.of(TermKey.LATE_MODE, "DAILY"));
        tenant = signed.tenant();
        contract = signed.contract();
        lead = signed.lead();
        client = signed.client();
        agent = signed.agent();
    }

    @Test
    void aContractThatTakesEffectGetsItsScheduleAndItsDutiesInTheSameTransaction() {
        var state = state();
        assertThat(state.verdict().instalments()).hasSize(12);
        assertThat(events.stream(BillingEvent.InstalmentScheduled.class)
                        .filter(event -> event.contract().equals(contract)))
                .hasSize(12)
                .extracting(BillingEvent.InstalmentScheduled::amount)
                .containsOnly(Money.of("100000"));
        assertThat(duties.ofContract(tenant, contract, clock.instant()))
                .filteredOn(duty -> duty.duty().clause() == Clause.I_3_2A)
                .hasSize(12);
        assertThat(balance(PostingAccount.RECEIVABLE)).isEqualTo(Money.of("1200000"));
        assertThat(balance(PostingAccount.FEE)).isEqualTo(Money.of("-1200000"));
    }

    @Test
    void aPaymentInTimeDischargesTheDutyAndOpensTheReceipt() {
        clock.set("2024-12-31T09:00");
        var payment = pay("100000", "2024-12-30T15:00", 1);
        assertThat(state().verdict().instalment(1).state()).isEqualTo(InstalmentState.PAID);
        assertThat(dutyOfInstalment(1).assessment().state()).isEqualTo(DutyState.KEPT);
        var receiptDuty = duty(Clause.I_3_2B, "payment/" + payment);
        assertThat(receiptDuty.assessment().state()).isEqualTo(DutyState.RUNNING);
        billing.issueReceipt(lead, payment);
        assertThat(duty(Clause.I_3_2B, "payment/" + payment).assessment().state())
                .isEqualTo(DutyState.KEPT);
        assertThat(balance(PostingAccount.BANK)).isEqualTo(Money.of("100000"));
    }

    @Test
    void aLatePaymentIsKeptLateAndItsPenaltySurvives() {
        pay("100000", "2025-02-01T10:00", 1);
        var first = state().verdict().instalment(1);
        assertThat(first.state()).isEqualTo(InstalmentState.PAID_LATE);
        assertThat(first.penalty()).isEqualTo(Money.of("1550.00"));
        assertThat(dutyOfInstalment(1).assessment().state()).isEqualTo(DutyState.KEPT_LATE);
        assertThat(balance(PostingAccount.PENALTY_RECEIVABLE))
                .as("nobody claimed it")
                .isEqualTo(Money.ZERO);
    }

    @Test
    void trap7AReturnedPaymentReopensTheInstalmentFromItsOriginalDueInstantEvenAfterTheReceipt() {
        clock.set("2024-12-31T09:00");
        var payment = pay("100000", "2024-12-30T15:00", 1);
        var receipt = billing.issueReceipt(lead, payment);
        clock.set("2025-02-01T12:00");
        billing.returnPayment(lead, payment, at("2025-01-20T10:00"), "账户冻结");
        var first = state().verdict().instalment(1);
        assertThat(first.state()).isEqualTo(InstalmentState.OVERDUE);
        assertThat(first.instalment().due()).isEqualTo(at("2025-01-01"));
        assertThat(first.penalty()).isEqualTo(Money.of("1550.00"));
        assertThat(dutyOfInstalment(1).assessment().state()).isEqualTo(DutyState.BREACHED);
        assertThat(dutyOfInstalment(1).assessment().due()).isEqualTo(at("2025-01-01"));
        assertThat(state().receipt(receipt).isVoid()).isTrue();
        assertThat(balance(PostingAccount.BANK)).isEqualTo(Money.ZERO);
        assertThatThrownBy(() -> billing.returnPayment(lead, payment, at("2025-01-20T10:00"), "again"))
                .hasMessage("billing.payment.returnedBefore");
    }

    @Test
    void trap8AFenTooLittleOrTooMuch() {
        clock.set("2024-12-31T09:00");
        pay("99999.99", "2024-12-30T10:00", 1);
        pay("100000.01", "2024-12-30T11:00", 2);
        clock.set("2025-02-01T12:00");
        assertThat(state().verdict().instalment(1).open()).isEqualTo(Money.of("0.01"));
        assertThat(state().verdict().instalment(1).state()).isEqualTo(InstalmentState.PARTIAL_OVERDUE);
        assertThat(state().verdict().instalment(2).state()).isEqualTo(InstalmentState.PAID);
        assertThat(state().verdict().instalment(2).overpaid()).isEqualTo(Money.of("0.01"));
        assertThat(balance(PostingAccount.CLIENT_CREDIT)).isEqualTo(Money.of("-0.01"));
        assertThat(balance(PostingAccount.RECEIVABLE)).isEqualTo(Money.of("1000000.01"));
    }

    @Test
    void trap23AndTrap24TheClaimedPenaltyIsOwedBesideThePerformance() {
        billing.claimPenalty(lead, 1);
        var first = state().verdict().instalment(1);
        assertThat(first.penaltyStanding()).isEqualTo(PenaltyStanding.CLAIMED);
        assertThat(first.open()).isEqualTo(Money.of("100000"));
        assertThat(balance(PostingAccount.PENALTY_RECEIVABLE)).isEqualTo(Money.of("1550.00"));
        assertThatThrownBy(() -> billing.claimPenalty(lead, 1)).isInstanceOf(Refused.class);
        billing.recordPayment(
                lead,
                new NewPayment(at("2025-02-01T11:00"), null, Money.of("100000"), 1, Towards.PRINCIPAL, "T1", "甲公司"));
        assertThat(state().verdict().instalment(1).penaltyOpen()).isEqualTo(Money.of("1550.00"));
        billing.recordPayment(
                lead, new NewPayment(at("2025-02-01T11:30"), null, Money.of("1550"), 1, Towards.PENALTY, "T2", "甲公司"));
        assertThat(state().verdict().instalment(1).penaltyStanding()).isEqualTo(PenaltyStanding.SETTLED);
        assertThat(balance(PostingAccount.PENALTY_RECEIVABLE)).isEqualTo(Money.ZERO);
    }

    @Test
    void trap23NothingCanBePaidTowardsAPenaltyThatNobodyClaimed() {
        assertThatThrownBy(() -> billing.recordPayment(
                        lead,
                        new NewPayment(
                                at("2025-02-01T11:30"), null, Money.of("1550"), 1, Towards.PENALTY, "T2", "甲公司")))
                .hasMessage("billing.payment.penaltyNotClaimed");
    }

    @Test
    void theSameReferenceIsRecordedOnce() {
        var first = pay("100000", "2025-02-01T10:00", 1);
        assertThat(pay("100000", "2025-02-01T10:00", 1)).isEqualTo(first);
        assertThat(state().payments()).hasSize(1);
        assertThatThrownBy(() -> pay("99999", "2025-02-01T10:00", 1)).hasMessage("billing.payment.sameReference");
    }

    @Test
    void MON_4_theSamePaymentFromManyHandsAtOnceIsRecordedOnce() throws Exception {
        try (var hands = Executors.newFixedThreadPool(8)) {
            var calls = new ArrayList<Callable<UUID>>();
            for (int i = 0; i < 40; i++) {
                calls.add(() -> pay("100000", "2025-02-01T10:00", 1));
            }
            var ids = new HashSet<UUID>();
            for (Future<UUID> call : hands.invokeAll(calls)) {
                ids.add(call.get());
            }
            assertThat(ids).hasSize(1);
        }
        assertThat(state().payments()).hasSize(1);
        assertThat(balance(PostingAccount.BANK)).isEqualTo(Money.of("100000"));
        assertThat(events.stream(BillingEvent.PaymentRecorded.class)
                        .filter(event -> event.contract().equals(contract)))
                .hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void receiptsAreNumberedWithoutGapsEvenWhenManyAreIssuedAtOnceAndSomeFail() throws Exception {
        clock.set("2025-02-01T12:00");
        var payments = new ArrayList<UUID>();
        for (int i = 1; i <= 12; i++) {
            payments.add(pay("100", "2025-02-01T10:00", i));
        }
        try (var hands = Executors.newFixedThreadPool(6)) {
            var calls = new ArrayList<Callable<UUID>>();
            for (var payment : payments) {
                calls.add(() -> billing.issueReceipt(lead, payment));
                calls.add(() -> {
                    try {
                        return billing.issueReceipt(lead, UUID.randomUUID());
                    } catch (RuntimeException unknown) {
                        return payment;
                    }
                });
            }
            for (var call : hands.invokeAll(calls)) {
                call.get();
            }
        }
        var numbers = state().receipts().stream().map(Account.Receipt::number).toList();
        assertThat(numbers).hasSize(12);
        assertThat(numbers.getLast() - numbers.getFirst()).isEqualTo(11);
    }

    @Test
    void aReceiptIsIssuedOncePerPaymentAndVoidOnlyWithItsReplacement() {
        var payment = pay("1680.32", "2025-02-01T10:00", 1);
        var receipt = billing.issueReceipt(lead, payment);
        assertThat(billing.issueReceipt(lead, payment)).isEqualTo(receipt);
        assertThat(state().receipt(receipt).words()).isEqualTo("人民币壹仟陆佰捌拾元零叁角贰分");
        var replacement = billing.replaceReceipt(lead, receipt, "付款人名称有误");
        assertThat(state().receipt(receipt).isVoid()).isTrue();
        assertThat(state().receipt(receipt).replacedBy()).isEqualTo(replacement);
        assertThat(state().receiptOf(payment)).get().returns(replacement, Account.Receipt::id);
        assertThatThrownBy(() -> billing.replaceReceipt(lead, receipt, "again")).hasMessage("billing.receipt.void");
        assertThatThrownBy(() -> billing.replaceReceipt(lead, replacement, " ")).hasMessage("billing.text");
    }

    @Test
    void demandThenNoticeThenTheRightThenAPersonThenPaymentThenResumption() {
        clock.set("2024-12-31T10:00");
        pay("100000", "2024-12-31T09:00", 1);
        clock.set("2025-02-05T10:00");
        assertThat(contracts.state(tenant, contract)).isEqualTo(ContractState.EFFECTIVE);
        assertThatThrownBy(() -> billing.suspend(lead)).hasMessage("billing.right.suspendNeedsDemand");
        var demand = billing.demand(lead, 2, at("2025-02-05T09:00"), "请付第二期");
        assertThat(duty(Clause.I_3_3A, "demand/" + demand).assessment().state()).isEqualTo(DutyState.RUNNING);
        assertThatThrownBy(() -> billing.suspend(lead)).hasMessage("billing.right.suspendFrom");
        billing.answerDemand(client, demand, "本周付款");
        assertThat(duty(Clause.I_3_3A, "demand/" + demand).assessment().state()).isEqualTo(DutyState.KEPT);
        assertThatThrownBy(() -> billing.answerDemand(client, demand, "again")).hasMessage("billing.demand.answered");
        // Five working days after 5 February end with the 11th; the 8th is worked for Spring Festival.
        clock.set("2025-02-11T23:59:59");
        assertThatThrownBy(() -> billing.suspend(lead)).hasMessage("billing.right.suspendFrom");
        clock.set("2025-02-12T00:00");
        assertThat(state().verdict().available(Right.SUSPEND)).hasSize(1);
        assertThat(state().verdict().suspended())
                .as("time alone suspends nothing")
                .isFalse();
        assertThatThrownBy(() -> billing.suspend(client)).hasMessage("billing.right.providerOnly");
        billing.suspend(lead);
        assertThat(state().verdict().suspended()).isTrue();
        assertThat(contracts.state(tenant, contract)).isEqualTo(ContractState.SUSPENDED);
        clock.set("2025-02-15T12:00");
        pay("100000", "2025-02-15T11:00", 2);
        assertThat(state().verdict().available(Right.RESUME)).hasSize(1);
        billing.resume(lead);
        assertThat(state().verdict().suspended()).isFalse();
        assertThat(contracts.state(tenant, contract)).isEqualTo(ContractState.ACTIVE);
        assertThat(events.stream(BillingEvent.class)
                        .filter(event -> event.contract().equals(contract))
                        .map(BillingEvent::kind)
                        .distinct())
                .containsExactly(
                        "billing.InstalmentScheduled",
                        "billing.PaymentRecorded",
                        "billing.DemandDelivered",
                        "billing.DemandAnswered",
                        "billing.SuspensionAsserted",
                        "billing.ServiceResumed");
    }

    @Test
    void theClausesSayWhichRightsThereAre() {
        clock.set("2025-01-20T12:00");
        assertThat(states())
                .containsEntry(Clause.I_3_3A, ClauseState.State.RIGHT_AVAILABLE)
                .containsEntry(Clause.I_3_3C, ClauseState.State.RIGHT_AVAILABLE)
                .containsEntry(Clause.I_5_1, ClauseState.State.RIGHT_AVAILABLE);
        billing.claimPenalty(lead, 1);
        billing.demand(lead, 1, clock.instant(), null);
        assertThat(states())
                .containsEntry(Clause.I_3_3A, ClauseState.State.RIGHT_NOT_AVAILABLE)
                .containsEntry(Clause.I_3_3C, ClauseState.State.RIGHT_ASSERTED);
        clock.set("2024-12-21T10:00");
        assertThat(states()).containsEntry(Clause.I_5_1, ClauseState.State.RIGHT_NOT_AVAILABLE);
    }

    private Map<Clause, ClauseState.State> states() {
        return clauses.of(lead, clock.instant()).stream()
                .collect(Collectors.toMap(ClauseState::clause, ClauseState::state));
    }

    @Test
    void aServiceThatHasNotStartedCannotBeSuspended() {
        billing.demand(lead, 1, at("2025-01-06T09:00"), null);
        assertThat(state().verdict().available(Right.SUSPEND)).hasSize(1);
        assertThatThrownBy(() -> billing.suspend(lead)).isInstanceOf(Refused.class);
        assertThat(state().verdict().suspended()).isFalse();
    }

    @Test
    void aDisputedDebtAloneGivesNoRightToDemand() {
        billing.dispute(client, 1, Money.of("100000"), "服务未开始");
        assertThatThrownBy(() -> billing.demand(lead, 1, clock.instant(), null))
                .hasMessage("billing.right.onlyDisputed");
        assertThatThrownBy(() -> billing.dispute(lead, 1, Money.of("1"), "x")).hasMessage("billing.dispute.clientOnly");
    }

    @Test
    void whatIsGivenUpIsWrittenOffAndNoLongerOwed() {
        billing.waiveInstalment(lead, 1, "首期优惠");
        assertThat(state().verdict().instalment(1).state()).isEqualTo(InstalmentState.WAIVED);
        assertThat(balance(PostingAccount.WAIVED)).isEqualTo(Money.of("100000"));
        assertThat(balance(PostingAccount.RECEIVABLE)).isEqualTo(Money.of("1100000"));
    }

    @Test
    void anActNeedsItsCapability() {
        assertThatThrownBy(() -> accounts.state(agent)).hasMessage("identity.notAllowed");
        assertThatThrownBy(() -> billing.demand(agent, 1, clock.instant(), null))
                .hasMessage("identity.notAllowed");
        assertThatThrownBy(() -> billing.recordPayment(
                        client, new NewPayment(clock.instant(), null, Money.of("1"), 1, null, "X", "甲")))
                .hasMessage("identity.notAllowed");
    }

    @Test
    void theFutureCannotBeRecorded() {
        assertThatThrownBy(() -> pay("1", "2025-02-01T12:00:01", 1)).hasMessage("billing.future");
        assertThatThrownBy(() -> billing.demand(lead, 1, at("2025-03-01"), null))
                .hasMessage("billing.future");
    }

    @Test
    void theRatesAreEnteredWithTheirSource() {
        var lpr = new ReferenceRates.Rate(LocalDate.of(2024, 10, 21), new BigDecimal("3.10"), "worked example");
        billing.enterRate(lead, lpr);
        assertThat(state().verdict().instalment(1).penalties())
                .filteredOn(penalty -> penalty.reading().origin() == PenaltyReading.Origin.REFERENCE)
                .extracting(Penalty::amount)
                .contains(Money.of("263.29"), Money.of("394.93"));
        assertThatThrownBy(() -> billing.enterRate(lead, lpr)).hasMessage("billing.lpr.twice");
    }

    /** MON-1, MON-2: whatever people do, the books balance and say what the verdict says. */
    @Test
    void MON_1_postingsAlwaysSumToZeroAndAgreeWithTheVerdict() {
        long seed = System.nanoTime();
        System.out.println("BillingTests seed " + seed);
        var random = new SplittableRandom(seed);
        var payments = new ArrayList<UUID>();
        for (int step = 0; step < 60; step++) {
            clock.set("2025-%02d-%02dT12:00".formatted(1 + step / 8, 1 + step % 8 * 3));
            try {
                switch (random.nextInt(6)) {
                    case 0, 1, 2 ->
                        payments.add(billing.recordPayment(
                                lead,
                                new NewPayment(
                                        clock.instant(),
                                        null,
                                        Money.ofFen(random.nextLong(1, 15_000_000)),
                                        random.nextBoolean() ? random.nextInt(1, 13) : null,
                                        null,
                                        "R" + step,
                                        "甲公司")));
                    case 3 -> {
                        if (!payments.isEmpty()) {
                            billing.returnPayment(
                                    lead, payments.get(random.nextInt(payments.size())), clock.instant(), "退回");
                        }
                    }
                    case 4 -> billing.claimPenalty(lead, random.nextInt(1, 13));
                    default -> billing.waiveInstalment(lead, random.nextInt(1, 13), "放弃");
                }
            } catch (Refused refused) {
                // Not every step is possible; the books must balance all the same.
                assertThat(refused.sentence().key()).startsWith("billing.");
            }
            assertThat(entriesThatDoNotBalance()).isZero();
        }
        var state = state();
        var bank = Money.sum(state.payments().stream()
                .filter(payment -> payment.returned() == null)
                .map(Account.Payment::amount)
                .toList());
        assertThat(balance(PostingAccount.BANK)).isEqualTo(bank);
        assertThat(balance(PostingAccount.RECEIVABLE))
                .isEqualTo(Money.sum(state.verdict().instalments().stream()
                        .map(Verdict.InstalmentVerdict::open)
                        .toList()));
        assertThat(Arrays.stream(PostingAccount.values()).map(this::balance).reduce(Money.ZERO, Money::plus))
                .isEqualTo(Money.ZERO);
    }

    @Test
    void theBooksCannotBeRewritten() {
        for (var table : Set.of("payment", "payment_return", "act", "receipt", "posting", "instalment")) {
            for (var privilege : Set.of("update", "delete", "truncate")) {
                assertThat(JdbcClient.create(database.superuser())
                                .sql("select has_table_privilege('retainer_rt', 'billing.' || :table, :privilege)")
                                .param("table", table)
                                .param("privilege", privilege)
                                .query(Boolean.class)
                                .single())
                        .as(table + " " + privilege)
                        .isFalse();
            }
        }
    }

    @Test
    void aLopsidedEntryIsNotWritten() {
        assertThatThrownBy(() -> tenancy.write(
                        tenant,
                        () -> books.post(
                                state().account(),
                                1,
                                List.of(new Account.Posting(PostingAccount.BANK, Money.of("1"))),
                                "x",
                                clock.instant())))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("sum to zero");
    }

    /** The ledger keeps these names for good. Add to the list; never rename or remove. */
    @Test
    void theWordsOfTheLedgerStayTheSame() {
        assertThat(BillingEvent.class.getPermittedSubclasses())
                .extracting(Class::getSimpleName)
                .containsExactlyInAnyOrder(
                        "InstalmentScheduled",
                        "PaymentRecorded",
                        "PaymentReturned",
                        "ReceiptIssued",
                        "DemandDelivered",
                        "DemandAnswered",
                        "PenaltyClaimed",
                        "PenaltyWaived",
                        "InstalmentWaived",
                        "PartDisputed",
                        "LossDocumented",
                        "SuspensionAsserted",
                        "ServiceResumed",
                        "InstalmentReduced",
                        "ChargeAdded",
                        "ChargePaid",
                        "ChargePaymentReturned",
                        "SetOffDeclared",
                        "SetOffReversed",
                        "Refunded",
                        "SuspensionContested",
                        "ScenarioShared",
                        "ScenarioEnded");
    }

    @Test
    void aPaymentFoundLaterThatWasInTimeKeepsTheDutyInTime() {
        pay("100000", "2025-01-15T10:00", 1);
        assertThat(dutyOfInstalment(1).assessment().state()).isEqualTo(DutyState.KEPT_LATE);
        var early = pay("100000", "2024-12-30T10:00", 1);
        assertThat(state().verdict().instalment(1).state()).isEqualTo(InstalmentState.PAID);
        assertThat(dutyOfInstalment(1).assessment().state()).isEqualTo(DutyState.KEPT);
        billing.returnPayment(lead, early, at("2025-01-20T10:00"), "账户冻结");
        assertThat(state().verdict().instalment(1).state()).isEqualTo(InstalmentState.PAID_LATE);
        assertThat(dutyOfInstalment(1).assessment().state()).isEqualTo(DutyState.KEPT_LATE);
        assertThat(entriesThatDoNotBalance()).isZero();
    }

    @Test
    void whoGivesTheInstalmentUpNoLongerWaitsForAnAnswerToItsDemand() {
        var demand = billing.demand(lead, 1, at("2025-01-06T10:00"), null);
        billing.waiveInstalment(lead, 1, "协商减免");
        assertThat(duty(Clause.I_3_3A, "demand/" + demand).assessment().state()).isEqualTo(DutyState.WAIVED);
    }

    @Test
    void whatWasPaidOfAPenaltyBeforeTheRestWasWaivedStaysEarned() {
        billing.claimPenalty(lead, 1);
        billing.recordPayment(
                lead, new NewPayment(at("2025-02-01T11:30"), null, Money.of("1000"), 1, Towards.PENALTY, "W1", "甲公司"));
        billing.waivePenalty(lead, 1, "协商减免");
        assertThat(balance(PostingAccount.PENALTY_RECEIVABLE)).isEqualTo(Money.ZERO);
        assertThat(balance(PostingAccount.PENALTY_INCOME)).isEqualTo(Money.of("-1000"));
    }

    @Test
    void g14WithoutConsentNobodySuspendsAndNoDeadlineRunsUntilBothAgree() {
        var signed = notary.sign(notary.companies(), Map.of(TermKey.LATE_MODE, "DAILY"), BillingWorld.LATE);
        tenant = signed.tenant();
        contract = signed.contract();
        lead = signed.lead();
        client = signed.client();
        clock.set("2024-12-31T10:00");
        var first = pay("100000", "2024-12-31T09:00", 1);
        assertThat(duties.on(tenant, contract, Clause.I_3_2B, "payment/" + first, clock.instant()))
                .as("G-13 is not agreed")
                .isEmpty();
        assertThat(billing.issueReceipt(lead, first)).isNotNull();
        clock.set("2025-02-05T10:00");
        var demand = billing.demand(lead, 2, at("2025-02-05T09:00"), null);
        assertThat(duties.on(tenant, contract, Clause.I_3_3A, "demand/" + demand, clock.instant()))
                .isEmpty();
        assertThat(billing.answerDemand(client, demand, "知悉")).isNotNull();
        clock.set("2025-02-20T10:00");
        assertThatThrownBy(() -> billing.suspend(lead)).hasMessage("billing.right.suspendNotAgreed");
        assertThat(clauses.of(lead, clock.instant()))
                .filteredOn(state -> state.clause() == Clause.I_3_3A)
                .extracting(state -> state.restsOn().key())
                .containsExactly("billing.right.suspendNotAgreed");

        var agreed = List.of(
                TermKey.SUSPENSION_NOTICE,
                TermKey.SUSPENSION_SCOPE,
                TermKey.SUSPENSION_RESUME,
                TermKey.RECEIPT_WORKDAYS);
        contracts.confirm(lead, agreed, null);
        assertThatThrownBy(() -> billing.suspend(lead)).hasMessage("billing.right.suspendNotAgreed");
        contracts.confirm(client, agreed, null);
        assertThatThrownBy(() -> billing.suspend(lead)).hasMessage("billing.right.suspendNeedsDemand");
        var again = billing.demand(lead, 2, at("2025-02-20T10:00"), null);
        assertThat(duty(Clause.I_3_3A, "demand/" + again).assessment().state()).isEqualTo(DutyState.RUNNING);
        clock.set("2025-02-28T10:00");
        assertThat(billing.suspend(lead)).isNotNull();
        assertThat(Simulation.read(state().simulation().toJson()).run(WorkCalendar.chinese()))
                .as("the simulation shows the same")
                .isEqualTo(state().verdict());
        var second = pay("100000", "2025-02-28T09:00", 2);
        assertThat(duty(Clause.I_3_2B, "payment/" + second).assessment().state())
                .isEqualTo(DutyState.RUNNING);
    }

    @Test
    void aFirstPaymentReturnedBeforeTheStartTakesTheClearanceBack() {
        clock.set("2024-12-27T10:00");
        var payment = pay("100000", "2024-12-27T09:00", 1);
        clock.set("2024-12-30T10:00");
        billing.returnPayment(lead, payment, at("2024-12-30T09:00"), "退汇");
        assertThat(events.stream(ContractEvent.ClearanceWithdrawn.class)
                        .filter(event -> event.contract().equals(contract)))
                .as("told once")
                .hasSize(1);
        clock.set("2025-01-02T10:00");
        contracts.withdrawClearance(tenant, contract, null);
        assertThat(contracts.state(tenant, contract)).isEqualTo(ContractState.EFFECTIVE);
        assertThat(state().verdict().instalment(1).state()).isEqualTo(InstalmentState.OVERDUE);
        pay("100000", "2025-01-02T09:30", 1);
        assertThat(contracts.state(tenant, contract)).isEqualTo(ContractState.ACTIVE);
        assertThat(state().verdict().instalment(1).state()).isEqualTo(InstalmentState.PAID_LATE);
    }

    @Test
    void aFirstPaymentReturnedAfterTheStartLeavesTheServiceRunningWithArrears() {
        clock.set("2024-12-27T10:00");
        var payment = pay("100000", "2024-12-27T09:00", 1);
        clock.set("2025-01-03T10:00");
        billing.returnPayment(lead, payment, at("2025-01-03T09:00"), "退汇");
        assertThat(contracts.state(tenant, contract)).isEqualTo(ContractState.ACTIVE);
        assertThat(state().verdict().instalment(1).state()).isEqualTo(InstalmentState.OVERDUE);
        assertThat(state().verdict().available(Right.DEMAND)).hasSize(1);
        assertThat(events.stream(ContractEvent.ClearanceWithdrawn.class)).isEmpty();
    }

    @Test
    void onceTheDebtIsPaidTheProviderOwesToResumeWithinTwoWorkingDays() {
        clock.set("2024-12-30T12:00");
        pay("100000", "2024-12-30T10:00", 1);
        clock.set("2025-02-05T12:00");
        assertThat(contracts.state(tenant, contract)).isEqualTo(ContractState.EFFECTIVE);
        contracts.clearStart(tenant, contract, null);
        billing.demand(lead, 2, at("2025-02-05T10:00"), null);
        clock.set("2025-02-17T12:00");
        var suspension = billing.suspend(lead);
        var payment = pay("100000", "2025-02-17T11:00", 2);
        var owed = duty(Clause.I_3_3A, "suspension/" + suspension);
        assertThat(owed.duty().debtor()).isEqualTo(Party.PROVIDER);
        assertThat(owed.assessment().due()).isEqualTo(at("2025-02-20"));
        billing.returnPayment(lead, payment, at("2025-02-17T11:30"), "退汇");
        assertThat(duty(Clause.I_3_3A, "suspension/" + suspension).assessment().state())
                .isEqualTo(DutyState.WAIVED);
        pay("100000", "2025-02-17T11:40", 2);
        billing.resume(lead);
        assertThat(duty(Clause.I_3_3A, "suspension/" + suspension + "/1")
                        .assessment()
                        .state())
                .isEqualTo(DutyState.KEPT);
    }

    private UUID pay(String amount, String creditedAt, int instalment) {
        return billing.recordPayment(
                lead,
                new NewPayment(
                        at(creditedAt),
                        null,
                        Money.of(amount),
                        instalment,
                        null,
                        creditedAt + "/" + instalment,
                        "甲公司"));
    }

    private BillingState state() {
        return accounts.find(tenant, contract, clock.instant()).orElseThrow();
    }

    private AssessedDuty dutyOfInstalment(int number) {
        return duty(Clause.I_3_2A, "instalment/" + state().lineId(number));
    }

    private AssessedDuty duty(Clause clause, String subject) {
        return duties.on(tenant, contract, clause, subject, clock.instant()).orElseThrow();
    }

    private Money balance(PostingAccount account) {
        return tenancy.read(tenant, () -> books.balances(tenant, contract)).values().stream()
                .map(balances -> balances.getOrDefault(account, Money.ZERO))
                .reduce(Money.ZERO, Money::plus);
    }

    private int entriesThatDoNotBalance() {
        return JdbcClient.create(database.superuser())
                .sql("""
                        select count(*) from (select 1 from billing.posting group by tenant_id, entry_id
                        having sum(amount_fen) <> 0) as lopsided
                        """)
                .query(Integer.class)
                .single();
    }
}
