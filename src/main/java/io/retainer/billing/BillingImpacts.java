package io.retainer.billing;

import io.retainer.contract.AmendmentImpacts;
import io.retainer.contract.ContractTerms;
import io.retainer.contract.Impact;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.WorkCalendar;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Says of an amendment which instalments it would change: amount, period and due instant, old against new. */
@Component
class BillingImpacts implements AmendmentImpacts {

    private final Accounts accounts;
    private final WorkCalendar calendar;

    BillingImpacts(Accounts accounts, ObjectProvider<WorkCalendar> calendar) {
        this.accounts = accounts;
        this.calendar = calendar.getIfAvailable(WorkCalendar::chinese);
    }

    @Override
    public List<Impact> of(
            UUID tenant, UUID contract, ContractTerms before, ContractTerms after, LocalDate from, Instant asOf) {
        return accounts.find(tenant, contract, asOf)
                .map(state -> impacts(state.schedule().instalments(), Billing.frozen(state, from), after, calendar))
                .orElse(List.of());
    }

    /** A pure function of the lines that stand, those that stay, and the new terms. */
    static List<Impact> impacts(
            List<Instalment> standing, List<Instalment> frozen, ContractTerms after, WorkCalendar calendar) {
        var next = Schedule.amended(frozen, after, calendar);
        var impacts = new ArrayList<Impact>();
        for (int i = 0; i < Math.max(standing.size(), next.size()); i++) {
            var old = i < standing.size() ? standing.get(i) : null;
            var fresh = i < next.size() ? next.get(i) : null;
            if (old == null || fresh == null || !Schedule.same(old, fresh)) {
                impacts.add(new Impact(
                        Impact.Kind.INSTALMENT,
                        Clause.I_3_2A,
                        Sentence.of("billing.impact.instalment", i + 1),
                        old == null ? null : said(old),
                        fresh == null ? null : said(fresh)));
            }
        }
        return impacts;
    }

    private static Sentence said(Instalment one) {
        return Sentence.of("billing.impact.line", one.amount(), one.due(), one.start(), one.end());
    }
}
