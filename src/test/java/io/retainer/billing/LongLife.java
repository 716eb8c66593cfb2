package io.retainer.billing;

import static io.retainer.billing.TermsFixture.at;

import io.retainer.contract.ContractTerms;
import io.retainer.contract.Impact;
import io.retainer.kernel.Money;
import io.retainer.kernel.WorkCalendar;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A contract of five years with a payment almost every day, for the benchmark of its life. */
public final class LongLife {

    static final int INSTALMENTS = 60;

    private final WorkCalendar calendar = WorkCalendar.chinese();
    private final Simulation real;
    private final ContractTerms amended;

    /** @param count of facts, of which all but some sixty are part payments */
    public LongLife(int count) {
        var fixture = TermsFixture.seed().daily("0.05");
        fixture.start = LocalDate.of(2021, 1, 1);
        fixture.months = INSTALMENTS;
        fixture.instalments = INSTALMENTS;
        fixture.total = Money.of("6000000");
        var facts = new ArrayList<BillingFact>();
        int each = (count - INSTALMENTS) / INSTALMENTS;
        for (int n = 1; n <= INSTALMENTS; n++) {
            var due = fixture.start.plusMonths(n - 1);
            int parts = n == INSTALMENTS ? count - INSTALMENTS - each * (INSTALMENTS - 1) : each;
            // Every third month is paid late, in parts, and was demanded.
            boolean late = n % 3 == 0;
            facts.add(
                    late
                            ? new BillingFact.DemandDelivered(at(due.plusDays(2) + "T09:00"), n)
                            : new BillingFact.PartDisputed(at(due.minusDays(40) + "T09:00"), n, Money.ZERO));
            var amounts = Money.of("100000").splitResidueToLastLines(parts);
            for (int i = 0; i < parts; i++) {
                var day = late ? due.plusDays(3 + i / 5) : due.minusDays(30 - i / 4);
                facts.add(new BillingFact.PaymentCredited(
                        n + "-" + i,
                        at(day.atTime(9, 0).plusMinutes(i).toString()),
                        null,
                        amounts.get(i),
                        i % 2 == 0 ? n : null,
                        null));
            }
        }
        real = new Simulation(fixture.terms(), at("2020-12-15"), TermsFixture.LPR, facts, at("2024-07-10T12:00"));
        fixture.total = Money.of("6600000");
        amended = fixture.terms();
    }

    public int facts() {
        return real.facts().size();
    }

    /** What a dearer contract from a day on would change of the instalments. */
    public List<Impact> preview() {
        var verdict = real.run(calendar);
        var lines = verdict.instalments().stream()
                .map(Verdict.InstalmentVerdict::instalment)
                .toList();
        var frozen = Schedule.frozen(verdict, Set.of(), LocalDate.of(2024, 9, 1));
        return BillingImpacts.impacts(lines, frozen, amended, calendar);
    }

    /** The what-if page: both sides, their cash flow and deadlines. */
    public boolean compare() {
        var hypotheses = List.<Hypothesis>of(new Hypothesis.NotPaid(50));
        var supposed = WhatIf.suppose(real, hypotheses, _ -> amended, calendar);
        return WhatIf.compare(real, supposed, hypotheses, real.asOf(), calendar).differs();
    }

    /** Every step of the whole life. */
    public int replay() {
        return Life.of(real, real, calendar).steps().size();
    }

    /** The verdict as of the end of every service period. */
    public int verdicts() {
        var moments = new ArrayList<Instant>();
        for (int n = 1; n <= INSTALMENTS; n++) {
            moments.add(at(LocalDate.of(2021, 1, 1).plusMonths(n).toString()));
        }
        return moments.stream()
                .mapToInt(moment -> real.at(moment).run(calendar).rights().size())
                .sum();
    }
}
