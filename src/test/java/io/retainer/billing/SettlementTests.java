package io.retainer.billing;

import static io.retainer.billing.TermsFixture.at;
import static io.retainer.billing.TermsFixture.paid;
import static org.assertj.core.api.Assertions.assertThat;

import io.retainer.billing.BillingFact.DemandDelivered;
import io.retainer.billing.BillingFact.PartDisputed;
import io.retainer.billing.BillingFact.PenaltyClaimed;
import io.retainer.billing.BillingFact.Resumed;
import io.retainer.billing.BillingFact.SetOff;
import io.retainer.billing.BillingFact.Suspended;
import io.retainer.billing.Verdict.Standing;
import io.retainer.contract.ContractTerms;
import io.retainer.kernel.Money;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.WorkCalendar;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Suspension and settlement as pure functions: E14, E15, and the machine of §3.3. */
class SettlementTests {

    private static final WorkCalendar CALENDAR = WorkCalendar.chinese();
    private static final ContractTerms TERMS = TermsFixture.seed().daily("0.05").terms();
    private static final Schedule SCHEDULE = Schedule.of(TERMS, at("2024-12-20T10:00"), CALENDAR);

    @Test
    void E14FourOfThirtyOneDaysSuspendedCreditWithItsTax() {
        var credits = SuspensionCredit.of(
                TERMS,
                SCHEDULE,
                List.of(new Suspended(at("2025-01-10T10:00")), new Resumed(at("2025-01-14T09:00"))),
                at("2025-02-01"));
        assertThat(credits).singleElement().satisfies(credit -> {
            assertThat(credit.days()).isEqualTo(4);
            assertThat(credit.of()).isEqualTo(31);
            assertThat(credit.amount()).isEqualTo(Money.of("12903.23"));
            assertThat(credit.net()).isEqualTo(Money.of("12172.86"));
            assertThat(credit.vat()).isEqualTo(Money.of("730.37"));
        });
    }

    @Test
    void aSuspensionOfHalfTheServicesCreditsHalfAndOneOverTwoPeriodsCreditsBoth() {
        var half = SuspensionCredit.of(
                TERMS,
                SCHEDULE,
                List.of(new Suspended(at("2025-01-10T10:00"), Set.of(1, 3, 4)), new Resumed(at("2025-01-14T09:00"))),
                at("2025-02-01"));
        assertThat(half.getFirst().amount()).isEqualTo(Money.of("6451.61"));
        var both = SuspensionCredit.of(TERMS, SCHEDULE, List.of(new Suspended(at("2025-01-30"))), at("2025-02-03"));
        assertThat(both).extracting(SuspensionCredit::instalment).containsExactly(1, 2);
        assertThat(both).extracting(SuspensionCredit::days).containsExactly(2, 2);
    }

    @Test
    void E15RefundOfUnservedDaysWithAndWithoutANoticeOfSetOff() {
        var facts = new ArrayList<BillingFact>(List.of(
                paid("P1", "2025-02-01T10:00", "100000", 1),
                paid("P2", "2025-01-31T10:00", "100000", 2),
                new PenaltyClaimed(at("2025-02-05"), 1)));
        var end = at("2025-02-10T15:00");
        var without = settle(facts, end);
        assertThat(without.refund()).isEqualTo(Money.of("64285.71"));
        assertThat(without.toRefund()).isEqualTo(Money.of("64285.71"));
        assertThat(without.penaltiesOpen()).isEqualTo(Money.of("1550.00"));
        assertThat(without.owed()).isEqualTo(Money.ZERO);

        facts.add(new SetOff(at("2025-02-10T12:00"), 1, Money.of("1550")));
        var with = settle(facts, end);
        assertThat(with.toRefund()).isEqualTo(Money.of("62735.71"));
        assertThat(with.penaltiesOpen()).isEqualTo(Money.ZERO);
    }

    /** Whatever was paid and whenever it ended: what was earned, refunded and owed adds up to what was paid. */
    @Test
    void nothingIsLostInASettlement() {
        var random = new SplittableRandom(20250210);
        for (int turn = 0; turn < 400; turn++) {
            var facts = new ArrayList<BillingFact>();
            for (int number = 1; number <= 12; number++) {
                if (random.nextInt(3) > 0) {
                    var amount = Money.ofFen(random.nextLong(1, 15_000_000));
                    facts.add(new BillingFact.PaymentCredited(
                            "P" + number, at("2024-12-30T10:00"), null, amount, number, null));
                }
            }
            var end = at(LocalDate.of(2025, 1, 1).plusDays(random.nextInt(364)) + "T12:00");
            var settlement = settle(facts, end);
            for (var part : settlement.lines()) {
                var earned = part.amount().minus(part.unservedFee());
                assertThat(part.paid().minus(part.refund()))
                        .as("%s at %s", part, end)
                        .isEqualTo(Money.min(part.paid(), earned));
                assertThat(part.refund().isZero() || part.owed().isZero()).isTrue();
            }
        }
    }

    private static Settlement settle(List<BillingFact> facts, java.time.Instant end) {
        var verdict = Assessment.assess(TERMS, SCHEDULE, facts, end, TermsFixture.LPR, CALENDAR);
        return Settlement.of(TERMS, SCHEDULE, facts, verdict, end);
    }

    /** State × event of §3.3; a dash is an event that the state refuses. */
    @ParameterizedTest
    @CsvSource({
        "IDLE,demand,NOTICED",
        "IDLE,noticeElapsed,IDLE",
        "IDLE,suspend,-",
        "IDLE,pay,IDLE",
        "IDLE,waive,IDLE",
        "IDLE,resume,-",
        "IDLE,terminate,-",
        "NOTICED,demand,-",
        "NOTICED,noticeElapsed,NOTICED",
        "NOTICED,suspend,-",
        "NOTICED,pay,IDLE",
        "NOTICED,waive,IDLE",
        "NOTICED,resume,-",
        "NOTICED,terminate,-",
        "SUSPENDED,demand,-",
        "SUSPENDED,noticeElapsed,SUSPENDED",
        "SUSPENDED,suspend,-",
        "SUSPENDED,pay,RESUMING",
        "SUSPENDED,waive,RESUMING",
        "SUSPENDED,resume,-",
        "SUSPENDED,terminate,-",
        "RESUMING,demand,-",
        "RESUMING,noticeElapsed,RESUMING",
        "RESUMING,suspend,-",
        "RESUMING,pay,RESUMING",
        "RESUMING,waive,RESUMING",
        "RESUMING,resume,IDLE",
        "RESUMING,terminate,-"
    })
    void theMachineOfSuspension(SuspensionStage stage, String event, String next) {
        var facts = in(stage);
        var verdict = assess(facts, NOW);
        assertThat(SuspensionStage.of(verdict)).isEqualTo(stage);
        var possible = switch (event) {
            case "demand" -> !verdict.available(Right.DEMAND).isEmpty();
            case "suspend" -> !verdict.available(Right.SUSPEND).isEmpty();
            case "resume" -> !verdict.available(Right.RESUME).isEmpty();
            case "terminate" -> !verdict.available(Right.TERMINATE).isEmpty();
            case "pay", "waive", "noticeElapsed" -> true;
            default -> throw new IllegalArgumentException(event);
        };
        if (next.equals("-")) {
            assertThat(possible).isFalse();
            return;
        }
        assertThat(possible).isTrue();
        var then = NOW.plusSeconds(60);
        switch (event) {
            case "demand" -> facts.add(new DemandDelivered(then, 1));
            case "pay" -> facts.add(new BillingFact.PaymentCredited("X", then, null, Money.of("100000"), 1, null));
            case "waive" -> facts.add(new BillingFact.InstalmentWaived(then, 1));
            case "resume" -> facts.add(new Resumed(then));
            default -> then = at("2025-01-20");
        }
        assertThat(SuspensionStage.of(assess(facts, then))).isEqualTo(SuspensionStage.valueOf(next));
    }

    private static final java.time.Instant NOW = at("2025-01-15T10:00");

    private static List<BillingFact> in(SuspensionStage stage) {
        var facts = new ArrayList<BillingFact>();
        switch (stage) {
            case IDLE -> {}
            case NOTICED -> facts.add(new DemandDelivered(at("2025-01-14T10:00"), 1));
            case SUSPENDED, RESUMING -> {
                facts.add(new DemandDelivered(at("2025-01-02T10:00"), 1));
                facts.add(new Suspended(at("2025-01-12T10:00")));
                if (stage == SuspensionStage.RESUMING) {
                    facts.add(paid("2025-01-14T10:00", "100000"));
                }
            }
        }
        return facts;
    }

    private static Verdict assess(List<BillingFact> facts, java.time.Instant asOf) {
        return Assessment.assess(TERMS, SCHEDULE, facts, asOf, TermsFixture.LPR, CALENDAR);
    }

    @Test
    void trap11TheRightToTerminateComesAfterTheCureAndLapsesAYearLater() {
        var facts = List.<BillingFact>of(new DemandDelivered(at("2025-01-02T10:00"), 1));
        // Fifteen working days after 2 January end with the 23rd.
        assertThat(terminate(facts, "2025-01-23T23:59:59").standing()).isEqualTo(Standing.NOT_YET);
        assertThat(terminate(facts, "2025-01-24").standing()).isEqualTo(Standing.AVAILABLE);
        assertThat(terminate(facts, "2026-01-23T23:59:59").standing()).isEqualTo(Standing.AVAILABLE);
        assertThat(terminate(facts, "2026-01-24").standing()).isEqualTo(Standing.NONE);
        assertThat(terminate(facts, "2026-01-24").why().key()).isEqualTo("billing.right.terminateLapsed");
        var disputed = new ArrayList<>(facts);
        disputed.add(new PartDisputed(at("2025-01-03"), 1, Money.of("100000")));
        assertThat(terminate(disputed, "2025-02-01").standing()).isEqualTo(Standing.NONE);
    }

    private static Verdict.RightVerdict terminate(List<BillingFact> facts, String asOf) {
        return assess(facts, at(asOf)).rights().stream()
                .filter(right ->
                        right.right() == Right.TERMINATE && right.instalment() != null && right.instalment() == 1)
                .findFirst()
                .orElseThrow();
    }

    /** Changed terms hold from their day: an instalment is judged by the version in force when it fell due. */
    @Test
    void termsByDateNeverReachBack() {
        var cheaper = TermsFixture.seed().daily("0.02").terms();
        var byDate = new TermsByDate(List.of(
                new TermsByDate.Dated(at("2024-12-20T10:00"), TERMS),
                new TermsByDate.Dated(at("2025-03-15"), cheaper)));
        var verdict = Assessment.assess(
                byDate,
                SCHEDULE,
                List.of(paid("A", "2025-03-11T10:00", "100000", 3), paid("B", "2025-04-11T10:00", "100000", 4)),
                at("2025-04-20"),
                TermsFixture.LPR,
                CALENDAR);
        assertThat(verdict.instalment(3).penalty()).isEqualTo(Money.of("500.00"));
        assertThat(verdict.instalment(4).penalty()).isEqualTo(Money.of("200.00"));
    }

    @Test
    void anAmendedScheduleAddsUpToTheNewTotalAndCoversTheNewTerm() {
        var random = new SplittableRandom(42);
        for (int turn = 0; turn < 300; turn++) {
            int kept = random.nextInt(0, 12);
            int more = random.nextInt(0, 6);
            var fixture = TermsFixture.seed();
            fixture.months = 12 + more;
            fixture.instalments = 12 + more;
            var held = Money.ofFen(kept * 10_000_000L);
            fixture.total = held.plus(Money.ofFen(random.nextLong(1_000, 200_000_000)));
            var all = Schedule.amended(SCHEDULE.instalments().subList(0, kept), fixture.terms(), CALENDAR);
            assertThat(all).hasSize(12 + more);
            assertThat(Money.sum(all.stream().map(Instalment::amount).toList())).isEqualTo(fixture.total);
            for (int i = 1; i < all.size(); i++) {
                assertThat(all.get(i).start()).isEqualTo(all.get(i - 1).end().plusDays(1));
            }
            assertThat(all.getLast().end()).isEqualTo(fixture.terms().term().end());
        }
    }

    @Test
    void everySentenceOfTheRightsCanBeSaid() {
        for (var stage : SuspensionStage.values()) {
            for (var right : assess(in(stage), at("2025-03-20")).rights()) {
                for (var locale : Arrays.asList(io.retainer.kernel.Texts.CHINESE, io.retainer.kernel.Texts.ENGLISH)) {
                    Sentence why = right.why();
                    assertThat(io.retainer.kernel.Texts.in(locale).say(why)).doesNotContain("{");
                }
            }
        }
    }
}
