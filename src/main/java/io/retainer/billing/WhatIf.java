package io.retainer.billing;

import io.retainer.billing.BillingFact.DemandDelivered;
import io.retainer.billing.BillingFact.ForceMajeure;
import io.retainer.billing.BillingFact.ForceMajeureOver;
import io.retainer.billing.BillingFact.PaymentCredited;
import io.retainer.billing.BillingFact.PaymentReturned;
import io.retainer.billing.BillingFact.Resumed;
import io.retainer.billing.BillingFact.Suspended;
import io.retainer.billing.Simulation.Amended;
import io.retainer.billing.Verdict.InstalmentVerdict;
import io.retainer.billing.Verdict.RightVerdict;
import io.retainer.billing.Verdict.Standing;
import io.retainer.contract.ContractTerms;
import io.retainer.contract.TermKey;
import io.retainer.kernel.Money;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.WorkCalendar;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What would be, beside what is. Pure: both sides are a {@link Simulation}, judged by the function that judges everything
 * else; nothing is read and nothing is written.
 */
final class WhatIf {

    /** Something supposed to happen on a day happens then: within the day, so that a deadline at its beginning counts. */
    private static final LocalTime NOON = LocalTime.NOON;

    private WhatIf() {}

    /** The terms of the contract with some of them changed. */
    interface Amending {

        /** @throws io.retainer.kernel.Refused when a value is none for its term */
        ContractTerms amended(Map<TermKey, String> changes);
    }

    /** The simulation in which the hypotheses hold as well. Those about an instalment replace what was paid on it. */
    static Simulation suppose(Simulation real, List<Hypothesis> hypotheses, Amending amending, WorkCalendar calendar) {
        var zone = real.terms().zone();
        var supposed = real;
        var changes = new TreeMap<LocalDate, EnumMap<TermKey, String>>();
        for (var hypothesis : hypotheses) {
            if (hypothesis instanceof Hypothesis.Changed changed) {
                changes.computeIfAbsent(changed.from(), _ -> new EnumMap<>(TermKey.class))
                        .put(changed.term(), changed.value());
            }
        }
        var together = new EnumMap<TermKey, String>(TermKey.class);
        for (var change : changes.entrySet()) {
            together.putAll(change.getValue());
            var from = change.getKey().atStartOfDay(zone).toInstant();
            var agreed = from.isBefore(real.asOf()) ? from : real.asOf();
            supposed = supposed.amended(new Amended(agreed, change.getKey(), amending.amended(Map.copyOf(together))));
        }
        var schedule = supposed.at(horizon(supposed)).drawn(calendar).schedule();
        var about = new HashSet<Integer>();
        for (var hypothesis : hypotheses) {
            switch (hypothesis) {
                case Hypothesis.Paid paid -> about.add(paid.instalment());
                case Hypothesis.NotPaid unpaid -> about.add(unpaid.instalment());
                case Hypothesis.Demanded _, Hypothesis.Stopped _, Hypothesis.Hindered _, Hypothesis.Changed _ -> {
                    // adds, and replaces nothing
                }
            }
        }
        var facts = new ArrayList<>(without(real.facts(), about));
        int number = 0;
        for (var hypothesis : hypotheses) {
            number++;
            switch (hypothesis) {
                case Hypothesis.Paid paid -> {
                    var instalment = schedule.instalment(paid.instalment());
                    var amount = Objects.requireNonNullElse(paid.amount(), instalment.amount());
                    facts.add(new PaymentCredited(
                            "supposed-" + number, at(paid.on(), zone), null, amount, instalment.number(), null));
                }
                case Hypothesis.NotPaid unpaid -> schedule.instalment(unpaid.instalment());
                case Hypothesis.Demanded demanded ->
                    facts.add(new DemandDelivered(
                            at(demanded.on(), zone),
                            schedule.instalment(demanded.instalment()).number()));
                case Hypothesis.Stopped stopped -> {
                    facts.add(new Suspended(at(stopped.on(), zone)));
                    if (stopped.until() != null) {
                        facts.add(new Resumed(at(stopped.until(), zone)));
                    }
                }
                case Hypothesis.Hindered hindered -> {
                    int instalment = schedule.instalment(hindered.instalment()).number();
                    facts.add(new ForceMajeure(at(hindered.on(), zone), instalment));
                    if (hindered.until() != null) {
                        facts.add(new ForceMajeureOver(at(hindered.until(), zone), instalment));
                    }
                }
                case Hypothesis.Changed _ -> {
                    // among the amendments
                }
            }
        }
        return supposed.with(facts);
    }

    private static Instant at(LocalDate day, ZoneId zone) {
        return day.atTime(NOON).atZone(zone).toInstant();
    }

    private static List<BillingFact> without(List<BillingFact> facts, Set<Integer> instalments) {
        var gone = new HashSet<String>();
        for (var fact : facts) {
            if (fact instanceof PaymentCredited payment
                    && payment.instalment() != null
                    && instalments.contains(payment.instalment())) {
                gone.add(payment.id());
            }
        }
        return facts.stream()
                .filter(fact -> !(fact instanceof PaymentCredited payment && gone.contains(payment.id())))
                .filter(fact -> !(fact instanceof PaymentReturned returned && gone.contains(returned.payment())))
                .toList();
    }

    /** A moment after everything that is known or supposed. */
    static Instant horizon(Simulation simulation) {
        var last = simulation.asOf();
        var terms = new ArrayList<ContractTerms>(List.of(simulation.terms()));
        for (var amendment : simulation.amendments()) {
            last = later(last, amendment.agreedAt());
            terms.add(amendment.terms());
        }
        for (var one : terms) {
            last = later(
                    last, one.term().end().plusDays(1).atStartOfDay(one.zone()).toInstant());
        }
        for (var fact : simulation.facts()) {
            last = later(last, fact.at());
        }
        return last;
    }

    private static Instant later(Instant one, Instant other) {
        return one.isBefore(other) ? other : one;
    }

    // Beside each other

    /** @param differs whether what is supposed makes a difference to it */
    record InstalmentRow(
            int number,
            @Nullable InstalmentVerdict real,
            @Nullable InstalmentVerdict supposed,
            boolean differs) {}

    record RightRow(
            Right right,
            @Nullable Integer instalment,
            @Nullable RightVerdict real,
            @Nullable RightVerdict supposed,
            boolean differs) {}

    record DeadlineRow(
            Sentence what, @Nullable Instant real, @Nullable Instant supposed, boolean differs) {

        Instant first() {
            return real == null ? Objects.requireNonNull(supposed) : real;
        }
    }

    /** @param month the month, and what is received in it */
    record FlowRow(YearMonth month, Money real, Money supposed) {

        public boolean differs() {
            return !real.equals(supposed);
        }
    }

    /** @param notes what a reader must know of the hypotheses themselves */
    record Comparison(
            Verdict real,
            Verdict supposed,
            List<InstalmentRow> instalments,
            List<RightRow> rights,
            List<DeadlineRow> deadlines,
            List<FlowRow> flow,
            List<Sentence> notes) {

        public boolean differs() {
            return instalments.stream().anyMatch(InstalmentRow::differs)
                    || rights.stream().anyMatch(RightRow::differs)
                    || deadlines.stream().anyMatch(DeadlineRow::differs)
                    || flow.stream().anyMatch(FlowRow::differs);
        }
    }

    /** @param at the moment as of which both are judged */
    static Comparison compare(
            Simulation real, Simulation supposed, List<Hypothesis> hypotheses, Instant at, WorkCalendar calendar) {
        var is = real.at(at).run(calendar);
        var would = supposed.at(at).run(calendar);
        var unpaid = new HashSet<Integer>();
        for (var hypothesis : hypotheses) {
            if (hypothesis instanceof Hypothesis.NotPaid none) {
                unpaid.add(none.instalment());
            }
        }
        return new Comparison(
                is,
                would,
                instalments(is, would),
                rights(is, would),
                deadlines(real.at(at), is, supposed.at(at), would),
                flow(received(real, at, Set.of(), calendar), received(supposed, at, unpaid, calendar)),
                notes(supposed, hypotheses, calendar));
    }

    private static List<InstalmentRow> instalments(Verdict real, Verdict supposed) {
        var rows = new ArrayList<InstalmentRow>();
        int count = Math.max(real.instalments().size(), supposed.instalments().size());
        for (int i = 0; i < count; i++) {
            var is = i < real.instalments().size() ? real.instalments().get(i) : null;
            var would =
                    i < supposed.instalments().size() ? supposed.instalments().get(i) : null;
            rows.add(new InstalmentRow(i + 1, is, would, is == null || would == null || !same(is, would)));
        }
        return rows;
    }

    private static boolean same(InstalmentVerdict is, InstalmentVerdict would) {
        return is.state() == would.state()
                && is.open().equals(would.open())
                && is.paid().equals(would.paid())
                && is.overpaid().equals(would.overpaid())
                && is.daysLate() == would.daysLate()
                && is.penaltyStanding() == would.penaltyStanding()
                && Objects.equals(is.penalty(), would.penalty())
                && is.penaltyOpen().equals(would.penaltyOpen())
                && Schedule.same(is.instalment(), would.instalment());
    }

    private record Which(Right right, @Nullable Integer instalment) {}

    private static List<RightRow> rights(Verdict real, Verdict supposed) {
        var is = byRight(real);
        var would = byRight(supposed);
        var all = new LinkedHashMap<Which, RightRow>();
        for (var which : is.keySet()) {
            all.put(which, row(which, is.get(which), would.get(which)));
        }
        for (var which : would.keySet()) {
            all.computeIfAbsent(which, key -> row(key, null, would.get(key)));
        }
        return all.values().stream()
                .sorted(Comparator.comparingInt((RightRow row) -> row.instalment() == null ? 0 : row.instalment())
                        .thenComparing(RightRow::right))
                .toList();
    }

    private static Map<Which, RightVerdict> byRight(Verdict verdict) {
        var map = new LinkedHashMap<Which, RightVerdict>();
        verdict.rights().forEach(one -> map.putIfAbsent(new Which(one.right(), one.instalment()), one));
        return map;
    }

    private static RightRow row(Which which, @Nullable RightVerdict is, @Nullable RightVerdict would) {
        return new RightRow(which.right(), which.instalment(), is, would, !Objects.equals(is, would));
    }

    private static List<DeadlineRow> deadlines(Simulation real, Verdict is, Simulation supposed, Verdict would) {
        var mine = running(real, is);
        var theirs = running(supposed, would);
        var all = new LinkedHashMap<Sentence, DeadlineRow>();
        mine.forEach((what, at) -> all.put(what, deadline(what, at, theirs.get(what))));
        theirs.forEach((what, at) -> all.computeIfAbsent(what, key -> deadline(key, null, at)));
        return all.values().stream()
                .sorted(Comparator.comparing(DeadlineRow::first))
                .toList();
    }

    private static DeadlineRow deadline(Sentence what, @Nullable Instant is, @Nullable Instant would) {
        return new DeadlineRow(what, is, would, !Objects.equals(is, would));
    }

    /** What runs at the moment of the verdict: payments to come, rights to come, and the end of the service. */
    private static Map<Sentence, Instant> running(Simulation simulation, Verdict verdict) {
        var all = new LinkedHashMap<Sentence, Instant>();
        for (var one : verdict.instalments()) {
            if (one.open().isPositive()
                    && verdict.asOf().isBefore(one.instalment().due())) {
                all.put(
                        Sentence.of("billing.whatIf.deadline.pay", one.number()),
                        one.instalment().due());
            }
        }
        for (var right : verdict.rights()) {
            var from = right.from();
            if (from != null && from.isAfter(verdict.asOf()) && right.standing() == Standing.NOT_YET) {
                all.put(Sentence.of("billing.whatIf.deadline.right", right.right(), right.instalment()), from);
            }
        }
        var last = verdict.instalments().getLast().instalment();
        var end = last.end().plusDays(1).atStartOfDay(simulation.terms().zone()).toInstant();
        if (end.isAfter(verdict.asOf())) {
            all.put(Sentence.of("billing.whatIf.deadline.end"), end);
        }
        return all;
    }

    // Cash flow

    private static List<FlowRow> flow(Map<YearMonth, Money> real, Map<YearMonth, Money> supposed) {
        var months = new TreeMap<YearMonth, FlowRow>();
        if (real.isEmpty() && supposed.isEmpty()) {
            return List.of();
        }
        var first = first(real, supposed, Comparator.naturalOrder());
        var last = first(real, supposed, Comparator.reverseOrder());
        for (var month = first; !month.isAfter(last); month = month.plusMonths(1)) {
            months.put(
                    month,
                    new FlowRow(month, real.getOrDefault(month, Money.ZERO), supposed.getOrDefault(month, Money.ZERO)));
        }
        return List.copyOf(months.values());
    }

    private static YearMonth first(
            Map<YearMonth, Money> real, Map<YearMonth, Money> supposed, Comparator<YearMonth> order) {
        var all = new HashSet<>(real.keySet());
        all.addAll(supposed.keySet());
        return all.stream().min(order).orElseThrow();
    }

    /**
     * By month: what was or is supposed to be received, less what went back, and what is still open when it is due; what
     * is late already counts for the month of the judgement.
     */
    private static Map<YearMonth, Money> received(
            Simulation simulation, Instant at, Set<Integer> never, WorkCalendar calendar) {
        var zone = simulation.terms().zone();
        var flow = new TreeMap<YearMonth, Money>();
        var returned = new HashSet<String>();
        var last = at;
        for (var fact : simulation.facts()) {
            last = later(last, fact.at());
            if (fact instanceof PaymentReturned back) {
                returned.add(back.payment());
            }
        }
        for (var amendment : simulation.amendments()) {
            last = later(last, amendment.agreedAt());
        }
        for (var fact : simulation.facts()) {
            if (fact instanceof PaymentCredited payment && !returned.contains(payment.id())) {
                flow.merge(month(payment.at(), zone), payment.amount(), Money::plus);
            }
            if (fact instanceof BillingFact.Refunded refunded) {
                flow.merge(month(refunded.at(), zone), Money.ZERO.minus(refunded.amount()), Money::plus);
            }
        }
        for (var one : simulation.at(last).run(calendar).instalments()) {
            if (one.open().isPositive() && !never.contains(one.number())) {
                var due = one.instalment().lastDay().atStartOfDay(zone).toInstant();
                flow.merge(month(later(due, at), zone), one.open(), Money::plus);
            }
        }
        return flow;
    }

    private static YearMonth month(Instant at, ZoneId zone) {
        return YearMonth.from(at.atZone(zone));
    }

    // What is odd about a hypothesis

    private static List<Sentence> notes(Simulation supposed, List<Hypothesis> hypotheses, WorkCalendar calendar) {
        var notes = new ArrayList<Sentence>();
        boolean aboutPayments = false;
        for (var hypothesis : hypotheses) {
            if (hypothesis instanceof Hypothesis.Stopped stopped) {
                var before = at(stopped.on(), supposed.terms().zone()).minusNanos(1000);
                var verdict = supposed.at(before).run(calendar);
                if (!verdict.suspended() && verdict.available(Right.SUSPEND).isEmpty()) {
                    var why = verdict.rights().stream()
                            .filter(one -> one.right() == Right.SUSPEND)
                            .map(RightVerdict::why)
                            .findFirst()
                            .orElse(Sentence.of("billing.clause.nothingOverdue"));
                    notes.add(Sentence.of("billing.whatIf.noRight", stopped.on(), why));
                }
            }
            aboutPayments |= hypothesis instanceof Hypothesis.Paid || hypothesis instanceof Hypothesis.NotPaid;
        }
        if (aboutPayments
                && supposed.facts().stream()
                        .anyMatch(fact -> fact instanceof PaymentCredited payment && payment.instalment() == null)) {
            notes.add(Sentence.of("billing.whatIf.undesignated"));
        }
        return notes;
    }
}
