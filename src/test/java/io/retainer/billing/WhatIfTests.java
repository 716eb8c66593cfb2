package io.retainer.billing;

import static io.retainer.billing.TermsFixture.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.retainer.billing.BillingFact.DemandDelivered;
import io.retainer.billing.BillingFact.PaymentCredited;
import io.retainer.contract.ContractTerms;
import io.retainer.contract.ContractTerms.Fee;
import io.retainer.contract.ContractTerms.Term;
import io.retainer.contract.TermKey;
import io.retainer.kernel.Money;
import io.retainer.kernel.Refused;
import io.retainer.kernel.WorkCalendar;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What if, as pure functions. */
class WhatIfTests {

    static final WorkCalendar CALENDAR = WorkCalendar.chinese();
    static final Money MONTHLY = Money.of("100000");

    static PaymentCredited paid(int instalment, String at) {
        return new PaymentCredited("p" + instalment, at(at), null, MONTHLY, instalment, null);
    }

    static Simulation real(BillingFact... facts) {
        return new Simulation(
                TermsFixture.seed().daily("0.05").terms(),
                at("2024-12-20"),
                TermsFixture.LPR,
                List.of(facts),
                at("2025-03-10T12:00"));
    }

    static Simulation suppose(Simulation real, String... coded) {
        return WhatIf.suppose(real, parsed(coded), changes -> amended(real.terms(), changes), CALENDAR);
    }

    static List<Hypothesis> parsed(String... coded) {
        return List.of(coded).stream().map(Hypothesis::parse).toList();
    }

    static ContractTerms amended(ContractTerms terms, Map<TermKey, String> changes) {
        var end = LocalDate.parse(
                changes.getOrDefault(TermKey.TERM_END, terms.term().end().toString()));
        int months = (int) terms.term().start().until(end.plusDays(1)).toTotalMonths();
        return new ContractTerms(
                terms.client(),
                terms.provider(),
                new Term(terms.term().start(), end, months),
                new Fee(
                        Money.of(changes.getOrDefault(
                                TermKey.FEE_TOTAL, terms.fee().total().yuan().toPlainString())),
                        Integer.parseInt(changes.getOrDefault(
                                TermKey.FEE_INSTALMENTS,
                                Integer.toString(terms.fee().instalments()))),
                        terms.fee().split(),
                        List.of(),
                        true,
                        terms.fee().vatRatePercent()),
                terms.due(),
                terms.late(),
                terms.receipt(),
                terms.suspension(),
                terms.termination(),
                terms.zone(),
                terms.signingPlace(),
                terms.unconfirmed());
    }

    @Test
    void nothingSupposedMakesNoDifference() {
        var real = real(paid(1, "2024-12-30"), paid(2, "2025-02-05"));
        var same = WhatIf.compare(real, suppose(real), List.of(), real.asOf(), CALENDAR);
        assertThat(same.differs()).isFalse();
        assertThat(same.real()).isEqualTo(same.supposed()).isEqualTo(real.run(CALENDAR));
    }

    @Test
    void E2PaidOnADayReplacesWhatWasPaid() {
        var real = real(paid(1, "2024-12-30"));
        var supposed = suppose(real, "paid~1~2025-02-01~");
        var verdict = supposed.run(CALENDAR).instalment(1);
        assertThat(verdict.penalty()).as("31 days at 0.05 %").isEqualTo(Money.of("1550.00"));
        assertThat(real.run(CALENDAR).instalment(1).state()).isEqualTo(InstalmentState.PAID);
        assertThat(supposed.facts()).hasSize(1);
        var compared = WhatIf.compare(real, supposed, parsed("paid~1~2025-02-01~"), real.asOf(), CALENDAR);
        assertThat(compared.instalments().getFirst().differs()).isTrue();
        assertThat(compared.instalments().get(1).differs()).isFalse();
        assertThat(compared.flow())
                .filteredOn(WhatIf.FlowRow::differs)
                .extracting(WhatIf.FlowRow::month)
                .containsExactly(YearMonth.of(2024, 12), YearMonth.of(2025, 2));
    }

    @Test
    void trap11ASupposedDemandMovesTheRightsAndTheirDeadlines() {
        var real = real(paid(1, "2024-12-30"));
        var hypotheses = parsed("demanded~2~2025-03-10", "unpaid~2");
        var supposed = suppose(real, "demanded~2~2025-03-10", "unpaid~2");
        var compared = WhatIf.compare(real, supposed, hypotheses, at("2025-03-11"), CALENDAR);
        assertThat(compared.supposed().rights())
                .filteredOn(right ->
                        right.right() == Right.SUSPEND && Integer.valueOf(2).equals(right.instalment()))
                .singleElement()
                .satisfies(right -> assertThat(right.from()).isEqualTo(at("2025-03-18")));
        assertThat(compared.deadlines())
                .filteredOn(WhatIf.DeadlineRow::differs)
                .extracting(WhatIf.DeadlineRow::supposed)
                .contains(at("2025-03-18"), at("2025-04-01"));
        var march = compared.flow().stream()
                .filter(row -> row.month().equals(YearMonth.of(2025, 3)))
                .findFirst()
                .orElseThrow();
        assertThat(march.real().minus(march.supposed())).as("never paid").isEqualTo(MONTHLY);
    }

    @Test
    void aSuspensionWithoutTheRightToItIsSaidToBe() {
        var real = real(paid(1, "2024-12-30"));
        var hypotheses = parsed("suspended~2025-02-10~2025-03-01");
        var supposed = suppose(real, "suspended~2025-02-10~2025-03-01");
        var compared = WhatIf.compare(real, supposed, hypotheses, at("2025-02-15"), CALENDAR);
        assertThat(compared.supposed().suspended()).isTrue();
        assertThat(compared.notes())
                .singleElement()
                .satisfies(note -> assertThat(note.key()).isEqualTo("billing.whatIf.noRight"));
        assertThat(supposed.at(at("2025-03-02")).run(CALENDAR).suspended()).isFalse();
    }

    @Test
    void E12ForceMajeureBeforeTheDueDayRelievesAndAfterItDoesNot() {
        var real = real(paid(1, "2024-12-30"));
        var before =
                suppose(real, "hindered~2~2025-01-20~2025-02-20").run(CALENDAR).instalment(2);
        assertThat(before.instalment().lastDay()).isEqualTo("2025-02-20");
        var after =
                suppose(real, "hindered~2~2025-02-05~2025-02-20").run(CALENDAR).instalment(2);
        assertThat(after.instalment().lastDay()).isEqualTo("2025-01-31");
    }

    @Test
    void anAmendmentChangesWhatLiesAheadAndNothingBefore() {
        var real = real(paid(1, "2024-12-30"), paid(2, "2025-01-30"), paid(3, "2025-02-27"));
        var supposed = suppose(real, "amended~2025-07-01~fee.total~1500000");
        var verdict = supposed.run(CALENDAR);
        assertThat(verdict.total()).isEqualTo(Money.of("1500000"));
        assertThat(verdict.instalment(6).instalment().amount()).isEqualTo(MONTHLY);
        assertThat(verdict.instalment(7).instalment().amount()).isEqualTo(Money.of("150000"));
        assertThat(supposed.at(at("2025-03-09")).run(CALENDAR).total())
                .as("before it was agreed to")
                .isEqualTo(Money.of("1200000"));
        var longer = suppose(
                real,
                "amended~2025-07-01~term.end~2026-03-31",
                "amended~2025-07-01~fee.instalments~15",
                "amended~2025-07-01~fee.total~1500000");
        assertThat(longer.amendments()).as("one agreement of that day").hasSize(1);
        assertThat(longer.run(CALENDAR).instalments()).hasSize(15);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "paid~1~2025-02-01~",
                "paid~2~2025-02-01~5000.50",
                "unpaid~3",
                "demanded~2~2025-03-01",
                "suspended~2025-02-10~",
                "suspended~2025-02-10~2025-03-01",
                "hindered~2~2025-01-20~2025-02-20",
                "amended~2025-07-01~fee.total~1500000"
            })
    void aShortFormComesBackAsItWentAndSoDoesTheSimulation(String coded) {
        assertThat(Hypothesis.parse(coded).coded()).isEqualTo(coded);
        var supposed = suppose(real(paid(1, "2024-12-30")), coded);
        assertThat(Simulation.read(supposed.toJson())).isEqualTo(supposed);
        assertThat(SimulationTests.Schema.simulation().violations(SimulationTests.JSON.readTree(supposed.toJson())))
                .isEmpty();
        assertThat(Simulation.read(supposed.toJson()).run(CALENDAR)).isEqualTo(supposed.run(CALENDAR));
    }

    @ParameterizedTest
    @CsvSource({
        "nonsense, kind",
        "paid~x~2025-02-01~, instalment",
        "paid~1~2025-02-30~, on",
        "paid~1~0001-01-01~, on",
        "paid~1~2025-02-01~abc, amount",
        "paid~1~2025-02-01~-5, amount",
        "suspended~2025-02-10~2025-02-10, until",
        "amended~2025-07-01~fee.nothing~5, term",
        "amended~2025-07-01~fee.total~, value",
        "paid~13~2025-02-01~, instalment"
    })
    void whatCannotBeSupposedIsNamed(String coded, String field) {
        assertThatThrownBy(() -> suppose(real(), coded))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.field()).isEqualTo(field));
    }

    @Test
    void theTestClockWalksTheWholeLifeForwardsAndBackwards() {
        var real = real(paid(1, "2024-12-30"), new DemandDelivered(at("2025-02-03T10:00"), 2));
        var supposed = suppose(real, "paid~2~2025-02-20~");
        var life = Life.of(supposed, real, CALENDAR);
        var walked = new ArrayList<Instant>();
        var moment = life.steps().getFirst().at();
        walked.add(moment);
        while (life.after(moment).isPresent()) {
            moment = life.after(moment).get();
            walked.add(moment);
        }
        assertThat(walked).isSorted().doesNotHaveDuplicates();
        assertThat(walked)
                .containsExactlyElementsOf(
                        life.steps().stream().map(Life.Step::at).distinct().toList());
        for (int i = walked.size() - 1; i > 0; i--) {
            assertThat(life.before(walked.get(i))).contains(walked.get(i - 1));
        }
        assertThat(life.steps().getLast().what().key()).isEqualTo("billing.step.end");
        assertThat(life.steps())
                .filteredOn(Life.Step::supposed)
                .extracting(step -> step.what().key())
                .containsExactly("billing.step.paidTowards");
        assertThat(life.steps())
                .as("the demand grounds a suspension on the 12th, before the supposed payment; no termination after it")
                .extracting(step -> step.what().key())
                .contains("billing.step.suspendable")
                .doesNotContain("billing.step.terminable");
        assertThat(life.steps().getLast().received()).isEqualTo(Money.of("200000"));
    }

    @Test
    void whateverIsSupposedTheOutcomeIsWhatTheOneFunctionSays() {
        var random = new Random(7);
        for (int run = 0; run < 150; run++) {
            var coded = new ArrayList<String>();
            for (int i = random.nextInt(4); i >= 0; i--) {
                var day = LocalDate.of(2025, 1, 1).plusDays(random.nextInt(360));
                int number = 1 + random.nextInt(12);
                coded.add(
                        switch (random.nextInt(5)) {
                            case 0 -> "paid~" + number + "~" + day + "~" + (1 + random.nextInt(150000));
                            case 1 -> "unpaid~" + number;
                            case 2 -> "demanded~" + number + "~" + day;
                            case 3 -> "suspended~" + day + "~" + day.plusDays(9);
                            default -> "hindered~" + number + "~" + day + "~" + day.plusDays(20);
                        });
            }
            var real = real(paid(1, "2024-12-30"), paid(2, "2025-02-20"));
            var supposed = suppose(real, coded.toArray(String[]::new));
            var moment =
                    at(LocalDate.of(2025, 1, 1).plusDays(random.nextInt(400)).toString());
            var compared = WhatIf.compare(real, supposed, parsed(coded.toArray(String[]::new)), moment, CALENDAR);
            var read = Simulation.read(supposed.at(moment).toJson());
            assertThat(compared.supposed()).as("%s", coded).isEqualTo(read.run(CALENDAR));
            assertThat(compared.real()).isEqualTo(real.at(moment).run(CALENDAR));
            Life.of(supposed, real, CALENDAR);
        }
    }
}
