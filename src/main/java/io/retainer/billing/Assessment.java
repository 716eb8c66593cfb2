package io.retainer.billing;

import static java.util.Comparator.comparing;

import io.retainer.billing.BillingFact.ClaimSetOff;
import io.retainer.billing.BillingFact.ClaimSetOffReversed;
import io.retainer.billing.BillingFact.PaymentCredited;
import io.retainer.billing.BillingFact.PaymentReturned;
import io.retainer.billing.Verdict.Deadline;
import io.retainer.billing.Verdict.InstalmentVerdict;
import io.retainer.billing.Verdict.PenaltyStanding;
import io.retainer.billing.Verdict.RightVerdict;
import io.retainer.contract.ContractTerms;
import io.retainer.contract.TermKey;
import io.retainer.contract.UnagreedDefault;
import io.retainer.kernel.Money;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.WorkCalendar;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The one function behind every verdict on money: the pages, the API, the what-if simulation and the command line all
 * call {@link #assess}. It reads no clock and no database; the same arguments give the same answer for ever.
 */
public final class Assessment {

    /** An instalment is announced this many working days before it falls due (state-machines.md §3.2). */
    static final int REMINDER_WORKDAYS = 15;

    /** What a suspension rests on (G-14): how long before, of what, and for how long after the payment. */
    static final List<TermKey> SUSPENSION =
            List.of(TermKey.SUSPENSION_NOTICE, TermKey.SUSPENSION_SCOPE, TermKey.SUSPENSION_RESUME);

    private Assessment() {}

    /**
     * @param schedule of the terms, see {@link Schedule#of}
     * @param facts in any order
     * @param asOf later facts are left out
     * @param rates the LPR, where a reading rests on it
     * @throws Refused when a fact names an instalment or payment that does not exist
     */
    public static Verdict assess(
            ContractTerms terms,
            Schedule schedule,
            List<? extends BillingFact> facts,
            Instant asOf,
            ReferenceRates rates,
            WorkCalendar calendar) {
        return assess(TermsByDate.always(terms), schedule, facts, asOf, rates, calendar);
    }

    /**
     * As above, where amendments changed the terms: an instalment is judged by the version in force when it fell due, a
     * payment and a demand by the one of their own day.
     */
    public static Verdict assess(
            TermsByDate terms,
            Schedule schedule,
            List<? extends BillingFact> facts,
            Instant asOf,
            ReferenceRates rates,
            WorkCalendar calendar) {
        var known = facts.stream()
                .filter(fact -> !fact.at().isAfter(asOf))
                .<BillingFact>map(fact -> fact)
                .sorted(comparing(BillingFact::at))
                .toList();
        var zone = terms.at(asOf).zone();
        var basis = new Basis(terms, AdjustedSchedule.of(schedule, known, asOf, zone), known, asOf, rates, calendar);
        requireKnown(basis);
        var notes = new ArrayList<>(schedule.notes());
        if (known.size() < facts.size()) {
            notes.add(Sentence.of("billing.verdict.laterFacts", facts.size() - known.size(), asOf));
        }
        return verdict(basis, notes);
    }

    private static Verdict verdict(Basis basis, List<Sentence> notes) {
        unagreed(basis).ifPresent(notes::add);
        var payments = Payments.allocated(basis);
        if (payments.unallocated().isPositive()) {
            notes.add(Sentence.of("billing.verdict.unallocated", payments.unallocated()));
        }
        var instalments = basis.schedule().instalments();
        var verdicts = instalments.stream()
                .map(instalment -> InstalmentJudgement.of(instalment, payments, basis))
                .toList();
        var entitled = new Rights(basis, payments);
        var rights = entitled.from(verdicts);
        entitled.warnings().stream().filter(warning -> !notes.contains(warning)).forEach(notes::add);
        return new Verdict(
                basis.asOf(),
                verdicts,
                rights,
                Money.sum(instalments.stream().map(Instalment::amount).toList()),
                sum(verdicts, _ -> true, InstalmentVerdict::paid),
                sum(verdicts, verdict -> verdict.state().isOverdue(), InstalmentVerdict::open),
                sum(
                        verdicts,
                        verdict -> verdict.penaltyStanding() == PenaltyStanding.CLAIMABLE
                                || verdict.penaltyStanding() == PenaltyStanding.CLAIMED,
                        InstalmentVerdict::penaltyOpen),
                payments.unallocated(),
                entitled.suspended(),
                next(verdicts, rights, basis.asOf()),
                notes);
    }

    private static Money sum(
            List<InstalmentVerdict> verdicts,
            Predicate<InstalmentVerdict> which,
            Function<InstalmentVerdict, Money> amount) {
        return Money.sum(verdicts.stream().filter(which).map(amount).toList());
    }

    /** Says once which defaults this verdict does not rest on because not both parties confirmed them. */
    private static Optional<Sentence> unagreed(Basis basis) {
        var open = basis.terms().unconfirmed().stream()
                .filter(key -> UnagreedDefault.of(key).isPresent() && !basis.binds(key, basis.asOf()))
                .sorted()
                .map(TermKey::named)
                .toList();
        return open.isEmpty() ? Optional.empty() : Optional.of(Sentence.of("billing.verdict.unagreed", open));
    }

    private static void requireKnown(Basis basis) {
        var credited = new HashMap<String, Instant>();
        basis.facts(PaymentCredited.class).forEach(payment -> credited.putIfAbsent(payment.id(), payment.at()));
        for (var fact : basis.facts()) {
            if (fact instanceof PaymentCredited payment && !payment.amount().isPositive()) {
                throw Refused.field("amount", "billing.payment.notPositive", payment.amount());
            }
            if (fact instanceof PaymentReturned returned) {
                var at = credited.get(returned.payment());
                if (at == null || at.isAfter(returned.at())) {
                    throw Refused.field("payment", "billing.payment.unknown", returned.payment());
                }
            }
            if (fact instanceof ClaimSetOffReversed reversed
                    && basis.facts(ClaimSetOff.class).noneMatch(reversed::isOf)) {
                throw Refused.field(
                        "declaredAt", "billing.setOff.unknown", reversed.instalment(), reversed.declaredAt());
            }
            var number = fact.concerns();
            if (number != null) {
                basis.schedule().instalment(number);
            }
        }
    }

    private static @Nullable Deadline next(List<InstalmentVerdict> verdicts, List<RightVerdict> rights, Instant asOf) {
        var payments = verdicts.stream()
                .filter(verdict -> verdict.open().isPositive())
                .map(verdict -> new Deadline(
                        verdict.instalment().due(),
                        Sentence.of("billing.deadline.pay", verdict.number(), verdict.open())));
        var waiting = rights.stream().<Deadline>mapMulti((right, next) -> {
            if (right.from() != null) {
                next.accept(new Deadline(right.from(), right.why()));
            }
        });
        return Stream.concat(payments, waiting)
                .filter(deadline -> deadline.at().isAfter(asOf))
                .min(comparing(Deadline::at))
                .orElse(null);
    }
}
