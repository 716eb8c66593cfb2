package io.retainer.billing;

import io.retainer.billing.BillingFact.DefaultConfirmed;
import io.retainer.billing.BillingFact.DemandDelivered;
import io.retainer.billing.BillingFact.InstalmentReduced;
import io.retainer.billing.BillingFact.InstalmentWaived;
import io.retainer.billing.BillingFact.PaymentCredited;
import io.retainer.billing.BillingFact.PaymentReturned;
import io.retainer.billing.BillingFact.Refunded;
import io.retainer.billing.BillingFact.SetOff;
import io.retainer.billing.Verdict.InstalmentVerdict;
import io.retainer.contract.TermKey;
import io.retainer.contract.Termination;
import io.retainer.kernel.Money;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.WorkCalendar;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The whole life of a contract as a sequence of steps: what happened, what is supposed to, and what time alone makes due
 * or available. A test clock walks it; pure, and the same for ever.
 *
 * @param steps in order of time
 */
record Life(List<Step> steps) {

    /**
     * @param what in words
     * @param supposed whether it only happens in the hypothesis
     * @param received of all payments until then, less what went back
     */
    record Step(Instant at, Sentence what, boolean supposed, Money received) {}

    Life {
        steps = List.copyOf(steps);
    }

    /** The first moment after this one at which something happens. */
    Optional<Instant> after(Instant moment) {
        return steps.stream().map(Step::at).filter(at -> at.isAfter(moment)).findFirst();
    }

    Optional<Instant> before(Instant moment) {
        return steps.stream().map(Step::at).filter(at -> at.isBefore(moment)).reduce((_, last) -> last);
    }

    /** Some steps before a moment and some from it on, for a page. */
    List<Step> around(Instant moment, int before, int after) {
        int at = 0;
        while (at < steps.size() && !steps.get(at).at().isAfter(moment)) {
            at++;
        }
        return steps.subList(Math.max(0, at - before), Math.min(steps.size(), at + after));
    }

    /** @param real what is not supposed; the same simulation when nothing is */
    static Life of(Simulation simulation, Simulation real, WorkCalendar calendar) {
        var end = WhatIf.horizon(simulation);
        var whole = simulation.at(end);
        var drawn = whole.drawn(calendar);
        var verdict = Assessment.assess(drawn.terms(), drawn.schedule(), whole.facts(), end, whole.rates(), calendar);
        return new Life(new Walk(simulation, real, drawn.terms(), verdict, calendar).steps());
    }

    /** The steps while they are collected. */
    private static final class Walk {

        private final Simulation simulation;
        private final Simulation real;
        private final TermsByDate terms;
        private final Verdict whole;
        private final WorkCalendar calendar;
        private final Map<Integer, Instant> cleared = new HashMap<>();
        private final Map<TermKey, Instant> agreed = new EnumMap<>(TermKey.class);
        private final List<Step> steps = new ArrayList<>();

        Walk(Simulation simulation, Simulation real, TermsByDate terms, Verdict whole, WorkCalendar calendar) {
            this.simulation = simulation;
            this.real = real;
            this.terms = terms;
            this.whole = whole;
            this.calendar = calendar;
        }

        List<Step> steps() {
            for (var fact : simulation.facts()) {
                if (fact instanceof InstalmentWaived waived) {
                    cleared.put(waived.instalment(), waived.at());
                } else if (fact instanceof InstalmentReduced reduced && isCancelled(reduced.instalment())) {
                    cleared.put(reduced.instalment(), reduced.at());
                } else if (fact instanceof DefaultConfirmed confirmed) {
                    agreed.putIfAbsent(confirmed.term(), confirmed.at());
                }
            }
            for (var one : whole.instalments()) {
                if (one.open().isZero() && one.lastCredit() != null) {
                    cleared.putIfAbsent(one.number(), one.lastCredit());
                }
            }
            theTerm();
            whole.instalments().forEach(this::instalment);
            var known = new HashSet<>(real.facts());
            for (var fact : simulation.facts()) {
                add(fact.at(), said(fact), !known.contains(fact));
                if (fact instanceof DemandDelivered demand) {
                    rights(demand, !known.contains(fact));
                }
            }
            steps.sort(Comparator.comparing(Step::at));
            return received();
        }

        private boolean isCancelled(int instalment) {
            return instalment <= whole.instalments().size()
                    && whole.instalment(instalment).state() == InstalmentState.CANCELLED;
        }

        private void theTerm() {
            var zone = simulation.terms().zone();
            var begin = simulation.terms().term().start();
            add(begin.atStartOfDay(zone).toInstant(), Sentence.of("billing.step.start"), false);
            if (simulation.effective() != null) {
                add(simulation.effective(), Sentence.of("billing.step.effective"), false);
            }
            var known = new HashSet<>(real.amendments());
            for (var amendment : simulation.amendments()) {
                boolean supposed = !known.contains(amendment);
                var from = amendment.from().atStartOfDay(zone).toInstant();
                if (!amendment.agreedAt().equals(from)) {
                    add(amendment.agreedAt(), Sentence.of("billing.step.agreed", amendment.from()), supposed);
                }
                add(from, Sentence.of("billing.step.amended"), supposed);
            }
            var last = whole.instalments().getLast().instalment().end();
            var then = terms.at(last.atStartOfDay(zone).toInstant());
            add(
                    last.plusDays(1L + SuspensionCredit.extension(then, simulation.facts()))
                            .atStartOfDay(zone)
                            .toInstant(),
                    Sentence.of("billing.step.end"),
                    false);
        }

        private void instalment(InstalmentVerdict one) {
            var instalment = one.instalment();
            var zone = simulation.terms().zone();
            var announced = calendar.plusWorkdays(instalment.firstLateDay(), -Assessment.REMINDER_WORKDAYS)
                    .date()
                    .atStartOfDay(zone)
                    .toInstant();
            if (!isClearedBy(one.number(), announced)) {
                add(announced, Sentence.of("billing.step.announced", one.number(), instalment.amount()), false);
            }
            if (!isClearedBy(one.number(), instalment.due())) {
                add(instalment.due(), Sentence.of("billing.step.late", one.number(), instalment.amount()), false);
            }
        }

        private boolean isClearedBy(int instalment, Instant moment) {
            var at = cleared.get(instalment);
            return at != null && !at.isAfter(moment);
        }

        /** What a demand makes available later, unless the debt is cleared before. */
        private void rights(DemandDelivered demand, boolean supposed) {
            var then = terms.at(demand.at()).binding();
            var zone = then.zone();
            for (var one : whole.instalments()) {
                boolean meant = demand.instalment() == null
                        ? !one.instalment().due().isAfter(demand.at()) && !isClearedBy(one.number(), demand.at())
                        : demand.instalment() == one.number();
                if (!meant) {
                    continue;
                }
                var notice = calendar.plusWorkdays(
                                demand.at().atZone(zone).toLocalDate(),
                                then.suspension().noticeWorkdays())
                        .date()
                        .plusDays(1)
                        .atStartOfDay(zone)
                        .toInstant();
                if (maySuspend(demand.at()) && !isClearedBy(one.number(), notice)) {
                    add(notice, Sentence.of("billing.step.suspendable", one.number()), supposed);
                }
                var window =
                        Termination.Window.of(demand.at(), then.termination().cureWorkdays(), calendar);
                if (!isClearedBy(one.number(), window.from())) {
                    add(window.from(), Sentence.of("billing.step.terminable", one.number()), supposed);
                }
                if (!isClearedBy(one.number(), window.lapses())) {
                    add(window.lapses(), Sentence.of("billing.step.lapsed", one.number()), supposed);
                }
            }
        }

        private boolean maySuspend(Instant moment) {
            return Assessment.SUSPENSION.stream().allMatch(key -> {
                var since = agreed.get(key);
                return terms.at(moment).binds(key) || (since != null && !since.isAfter(moment));
            });
        }

        private void add(Instant at, Sentence what, boolean supposed) {
            steps.add(new Step(at, what, supposed, Money.ZERO));
        }

        private List<Step> received() {
            var flows = new ArrayList<Map.Entry<Instant, Money>>();
            var amounts = new HashMap<String, Money>();
            for (var fact : simulation.facts()) {
                if (fact instanceof PaymentCredited payment) {
                    amounts.put(payment.id(), payment.amount());
                    flows.add(Map.entry(payment.at(), payment.amount()));
                }
            }
            for (var fact : simulation.facts()) {
                var back = back(fact, amounts);
                if (back != null) {
                    flows.add(Map.entry(fact.at(), Money.ZERO.minus(back)));
                }
            }
            flows.sort(Map.Entry.comparingByKey());
            var all = new ArrayList<Step>();
            var total = Money.ZERO;
            int next = 0;
            for (var step : steps) {
                while (next < flows.size() && !flows.get(next).getKey().isAfter(step.at())) {
                    total = total.plus(flows.get(next).getValue());
                    next++;
                }
                all.add(new Step(step.at(), step.what(), step.supposed(), total));
            }
            return all;
        }

        private static @Nullable Money back(BillingFact fact, Map<String, Money> amounts) {
            return fact instanceof Refunded refunded
                    ? refunded.amount()
                    : fact instanceof PaymentReturned returned ? amounts.get(returned.payment()) : null;
        }
    }

    /** A fact in words. */
    static Sentence said(BillingFact fact) {
        return switch (fact) {
            case PaymentCredited payment ->
                payment.instalment() == null
                        ? Sentence.of("billing.step.paid", payment.amount())
                        : Sentence.of("billing.step.paidTowards", payment.amount(), payment.instalment());
            case PaymentReturned _ -> Sentence.of("billing.step.returned");
            case DemandDelivered demand ->
                demand.instalment() == null
                        ? Sentence.of("billing.step.demandedAll")
                        : Sentence.of("billing.step.demanded", demand.instalment());
            case InstalmentWaived waived -> Sentence.of("billing.step.waived", waived.instalment());
            case BillingFact.PartDisputed disputed ->
                Sentence.of("billing.step.disputed", disputed.instalment(), disputed.amount());
            case BillingFact.PenaltyClaimed claimed -> Sentence.of("billing.step.claimed", claimed.instalment());
            case BillingFact.PenaltyWaived waived -> Sentence.of("billing.step.penaltyWaived", waived.instalment());
            case BillingFact.LossDocumented loss -> Sentence.of("billing.step.loss", loss.instalment(), loss.amount());
            case BillingFact.Suspended _ -> Sentence.of("billing.step.suspended");
            case BillingFact.SuspensionContested _ -> Sentence.of("billing.step.contested");
            case InstalmentReduced reduced ->
                Sentence.of("billing.step.reduced", reduced.instalment(), reduced.amount());
            case BillingFact.InstalmentRaised raised ->
                Sentence.of("billing.step.raised", raised.instalment(), raised.amount());
            case SetOff off -> Sentence.of("billing.step.setOff", off.instalment(), off.amount());
            case BillingFact.ClaimSetOff off -> Sentence.of("billing.step.claimSetOff", off.instalment(), off.amount());
            case BillingFact.ClaimSetOffReversed reversed ->
                Sentence.of("billing.step.claimSetOffReversed", reversed.instalment(), reversed.amount());
            case Refunded refunded -> Sentence.of("billing.step.refunded", refunded.amount());
            case BillingFact.ForceMajeure hindrance -> Sentence.of("billing.step.hindered", hindrance.instalment());
            case BillingFact.ForceMajeureOver over -> Sentence.of("billing.step.over", over.instalment());
            case BillingFact.Resumed _ -> Sentence.of("billing.step.resumed");
            case DefaultConfirmed confirmed ->
                Sentence.of("billing.step.confirmed", confirmed.term().title());
        };
    }
}
