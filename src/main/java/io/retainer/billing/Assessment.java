package io.retainer.billing;

import static java.util.Comparator.comparing;

import io.retainer.billing.BillingFact.ClaimSetOff;
import io.retainer.billing.BillingFact.ClaimSetOffReversed;
import io.retainer.billing.BillingFact.DefaultConfirmed;
import io.retainer.billing.BillingFact.DemandDelivered;
import io.retainer.billing.BillingFact.ForceMajeure;
import io.retainer.billing.BillingFact.ForceMajeureOver;
import io.retainer.billing.BillingFact.InstalmentReduced;
import io.retainer.billing.BillingFact.InstalmentWaived;
import io.retainer.billing.BillingFact.LossDocumented;
import io.retainer.billing.BillingFact.PartDisputed;
import io.retainer.billing.BillingFact.PaymentCredited;
import io.retainer.billing.BillingFact.PaymentReturned;
import io.retainer.billing.BillingFact.PenaltyClaimed;
import io.retainer.billing.BillingFact.PenaltyWaived;
import io.retainer.billing.BillingFact.Resumed;
import io.retainer.billing.BillingFact.SetOff;
import io.retainer.billing.BillingFact.Suspended;
import io.retainer.billing.BillingFact.Towards;
import io.retainer.billing.Penalty.Credit;
import io.retainer.billing.Penalty.Delay;
import io.retainer.billing.Penalty.Flag;
import io.retainer.billing.Verdict.AllocationOutcome;
import io.retainer.billing.Verdict.Deadline;
import io.retainer.billing.Verdict.InstalmentVerdict;
import io.retainer.billing.Verdict.PenaltyStanding;
import io.retainer.billing.Verdict.RightVerdict;
import io.retainer.billing.Verdict.Standing;
import io.retainer.contract.ContractTerms;
import io.retainer.contract.ContractTerms.Allocation;
import io.retainer.contract.ContractTerms.DisputedPart;
import io.retainer.contract.ContractTerms.PaymentMoment;
import io.retainer.contract.TermKey;
import io.retainer.contract.Termination;
import io.retainer.contract.UnagreedDefault;
import io.retainer.kernel.Money;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.WorkCalendar;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
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

    private static final BigDecimal EXCESS = new BigDecimal("1.3");

    private final TermsByDate byDate;
    /** Of the version in force at the moment of the assessment. */
    private final ContractTerms terms;

    private final Schedule schedule;
    private final List<BillingFact> facts;
    private final Instant asOf;
    private final LocalDate today;
    private final ReferenceRates rates;
    private final WorkCalendar calendar;
    private final List<Sentence> notes = new ArrayList<>();
    private final Map<Integer, List<Payment>> payments = new HashMap<>();
    private final Map<TermKey, Instant> agreed = new EnumMap<>(TermKey.class);
    /** The facts by the instalment they are about: with thousands of them, nobody reads them all for each instalment. */
    private final Map<Integer, List<BillingFact>> about = new HashMap<>();

    /** Instalments of which nothing is open any more, while payments that name none are spread. */
    private final Set<Integer> cleared = new HashSet<>();

    private final Map<String, Instant> creditedAt = new HashMap<>();
    private Money unallocated = Money.ZERO;

    private Assessment(
            TermsByDate byDate,
            Schedule schedule,
            List<BillingFact> facts,
            Instant asOf,
            ReferenceRates rates,
            WorkCalendar calendar) {
        this.byDate = byDate;
        this.terms = byDate.at(asOf).binding();
        this.schedule = schedule;
        this.facts = facts;
        this.asOf = asOf;
        this.today = asOf.atZone(terms.zone()).toLocalDate();
        this.rates = rates;
        this.calendar = calendar;
        for (var fact : facts) {
            if (fact instanceof DefaultConfirmed confirmed) {
                agreed.putIfAbsent(confirmed.term(), confirmed.at());
            }
            if (fact instanceof PaymentCredited credited) {
                creditedAt.putIfAbsent(credited.id(), credited.at());
            }
            var number = fact.concerns();
            if (number != null) {
                about.computeIfAbsent(number, _ -> new ArrayList<>()).add(fact);
            }
        }
    }

    /** A payment, or part of one, that belongs to an instalment. */
    private record Payment(
            Instant at, Money amount, @Nullable Towards towards) {}

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
        var known = new ArrayList<BillingFact>();
        int later = 0;
        for (var fact : facts) {
            if (fact.at().isAfter(asOf)) {
                later++;
            } else {
                known.add(fact);
            }
        }
        known.sort(comparing(BillingFact::at));
        var assessment = new Assessment(
                terms, relieved(terms, raised(schedule, known), known, asOf), known, asOf, rates, calendar);
        assessment.notes.addAll(schedule.notes());
        if (later > 0) {
            assessment.notes.add(Sentence.of("billing.verdict.laterFacts", later, asOf));
        }
        return assessment.verdict();
    }

    /** What other work adds to an instalment is owed with it, by the same day. */
    private static Schedule raised(Schedule schedule, List<BillingFact> facts) {
        if (facts.stream().noneMatch(BillingFact.InstalmentRaised.class::isInstance)) {
            return schedule;
        }
        return new Schedule(
                schedule.instalments().stream().map(one -> raised(one, facts)).toList(),
                schedule.concluded(),
                schedule.notes());
    }

    private static Instalment raised(Instalment one, List<BillingFact> facts) {
        var more = Money.sum(facts.stream()
                .<Money>mapMulti((fact, next) -> {
                    if (fact instanceof BillingFact.InstalmentRaised raised && raised.instalment() == one.number()) {
                        next.accept(raised.amount());
                    }
                })
                .toList());
        return more.isZero()
                ? one
                : new Instalment(
                        one.number(),
                        one.start(),
                        one.end(),
                        one.amount().plus(more),
                        one.lastDay(),
                        one.due(),
                        Stream.concat(
                                        one.notes().stream(),
                                        Stream.of(Sentence.of("billing.schedule.raised", one.amount(), more)))
                                .toList());
    }

    /**
     * Where force majeure was accepted for a payment and began before it was due, the payment is due once the hindrance
     * is over; what began after the delay relieves of nothing (Civil Code 590 ¶2).
     */
    private static Schedule relieved(TermsByDate terms, Schedule schedule, List<BillingFact> facts, Instant asOf) {
        if (facts.stream().noneMatch(ForceMajeure.class::isInstance)) {
            return schedule;
        }
        var zone = terms.at(asOf).zone();
        return new Schedule(
                schedule.instalments().stream()
                        .map(one -> relieved(one, facts, asOf, zone))
                        .toList(),
                schedule.concluded(),
                schedule.notes());
    }

    /** Of the hindered days, those that do not count; half a day and more is a day. */
    private static long shareOf(long days, int relief) {
        return Math.floorDiv(days * relief + 50, 100);
    }

    private static Instalment relieved(Instalment one, List<BillingFact> facts, Instant asOf, java.time.ZoneId zone) {
        var lastDay = one.lastDay();
        Sentence note = null;
        for (var fact : facts) {
            var due = lastDay.plusDays(1).atStartOfDay(zone).toInstant();
            if (fact instanceof ForceMajeure hindrance
                    && hindrance.instalment() == one.number()
                    && hindrance.at().isBefore(due)) {
                var over = facts.stream()
                        .filter(other -> other instanceof ForceMajeureOver end
                                && end.instalment() == one.number()
                                && end.at().isAfter(hindrance.at()))
                        .map(BillingFact::at)
                        .findFirst();
                var until = over.orElse(asOf).atZone(zone).toLocalDate();
                long days = shareOf(ChronoUnit.DAYS.between(lastDay, until), hindrance.relief());
                if (days > 0) {
                    lastDay = lastDay.plusDays(days);
                    if (hindrance.relief() < 100) {
                        note = Sentence.of(
                                "billing.schedule.relievedPartly", hindrance.at(), hindrance.relief(), lastDay);
                    } else {
                        note = over.isPresent()
                                ? Sentence.of("billing.schedule.relievedUntil", hindrance.at(), until)
                                : Sentence.of("billing.schedule.relieved", hindrance.at());
                    }
                }
            }
        }
        if (note == null) {
            return one;
        }
        return new Instalment(
                one.number(),
                one.start(),
                one.end(),
                one.amount(),
                lastDay,
                lastDay.plusDays(1).atStartOfDay(zone).toInstant(),
                Stream.concat(one.notes().stream(), Stream.of(note)).toList());
    }

    private Verdict verdict() {
        facts.forEach(this::requireKnown);
        unagreed();
        allocate();
        var suspended = suspended();
        var verdicts = new ArrayList<InstalmentVerdict>();
        for (var instalment : schedule.instalments()) {
            verdicts.add(judge(instalment));
        }
        var rights = new ArrayList<RightVerdict>();
        for (var verdict : verdicts) {
            rights.addAll(rights(verdict, suspended));
        }
        suspension(verdicts, suspended).ifPresent(rights::add);
        var overdue = Money.sum(verdicts.stream()
                .filter(verdict -> verdict.state().isOverdue())
                .map(InstalmentVerdict::open)
                .toList());
        return new Verdict(
                asOf,
                verdicts,
                rights,
                Money.sum(
                        schedule.instalments().stream().map(Instalment::amount).toList()),
                Money.sum(verdicts.stream().map(InstalmentVerdict::paid).toList()),
                overdue,
                Money.sum(verdicts.stream()
                        .filter(verdict -> verdict.penaltyStanding() == PenaltyStanding.CLAIMABLE
                                || verdict.penaltyStanding() == PenaltyStanding.CLAIMED)
                        .map(InstalmentVerdict::penaltyOpen)
                        .toList()),
                unallocated,
                suspended != null,
                next(verdicts, rights),
                notes);
    }

    /** Says once which defaults this verdict does not rest on because not both parties confirmed them. */
    private void unagreed() {
        var open = terms.unconfirmed().stream()
                .filter(key -> UnagreedDefault.of(key).isPresent() && !binds(key, asOf))
                .sorted()
                .map(TermKey::named)
                .toList();
        if (!open.isEmpty()) {
            notes.add(Sentence.of("billing.verdict.unagreed", open));
        }
    }

    /** Whether both parties had agreed to the value by then: when they signed, or in a supplement since. */
    private boolean binds(TermKey key, Instant moment) {
        var since = agreed.get(key);
        return byDate.at(moment).binds(key) || (since != null && !since.isAfter(moment));
    }

    private void requireKnown(BillingFact fact) {
        if (fact instanceof PaymentCredited credited && !credited.amount().isPositive()) {
            throw Refused.field("amount", "billing.payment.notPositive", credited.amount());
        }
        if (fact instanceof PaymentReturned returned && !credited(returned)) {
            throw Refused.field("payment", "billing.payment.unknown", returned.payment());
        }
        if (fact instanceof ClaimSetOffReversed reversed
                && facts.stream().noneMatch(other -> other instanceof ClaimSetOff off && isOf(reversed, off))) {
            throw Refused.field("declaredAt", "billing.setOff.unknown", reversed.instalment(), reversed.declaredAt());
        }
        var number = fact.concerns();
        if (number != null) {
            schedule.instalment(number);
        }
    }

    private boolean credited(PaymentReturned returned) {
        var at = creditedAt.get(returned.payment());
        return at != null && !at.isAfter(returned.at());
    }

    // Payments

    /** Gives each payment to an instalment: the one it names, else what is due first and still open (CC 560). */
    private void allocate() {
        var returned = new HashSet<String>();
        for (var fact : facts) {
            if (fact instanceof PaymentReturned back) {
                returned.add(back.payment());
            }
        }
        var credited = facts.stream()
                .filter(PaymentCredited.class::isInstance)
                .map(PaymentCredited.class::cast)
                .filter(payment -> !returned.contains(payment.id()))
                .sorted(comparing(this::moment))
                .toList();
        var setOffs = new java.util.ArrayDeque<>(standing());
        for (var payment : credited) {
            while (!setOffs.isEmpty() && !setOffs.getFirst().at().isAfter(moment(payment))) {
                give(setOffs.removeFirst());
            }
            if (payment.instalment() == null) {
                spread(payment);
            } else if (payment.towards() != Towards.PENALTY
                    && waivedBy(schedule.instalment(payment.instalment()), moment(payment))) {
                unallocated = unallocated.plus(payment.amount());
            } else {
                give(payment.instalment(), payment, payment.amount());
            }
        }
        setOffs.forEach(this::give);
        for (var fact : facts) {
            if (fact instanceof SetOff off) {
                payments.computeIfAbsent(off.instalment(), _ -> new ArrayList<>())
                        .add(new Payment(off.at(), off.amount(), Towards.PENALTY));
            }
        }
        if (unallocated.isPositive()) {
            notes.add(Sentence.of("billing.verdict.unallocated", unallocated));
        }
    }

    /** Set-offs of claims, in the order in which they were declared, less what did not stand. */
    private List<ClaimSetOff> standing() {
        var all = facts.stream()
                .filter(ClaimSetOff.class::isInstance)
                .map(ClaimSetOff.class::cast)
                .sorted(comparing(BillingFact::at))
                .collect(java.util.stream.Collectors.toCollection(ArrayList::new));
        for (var fact : facts) {
            if (fact instanceof ClaimSetOffReversed reversed) {
                var left = reversed.amount();
                for (int i = 0; i < all.size() && left.isPositive(); i++) {
                    var off = all.get(i);
                    if (isOf(reversed, off)) {
                        var fell = Money.min(left, off.amount());
                        all.set(
                                i,
                                new ClaimSetOff(
                                        off.at(), off.instalment(), off.amount().minus(fell)));
                        left = left.minus(fell);
                    }
                }
            }
        }
        all.removeIf(off -> !off.amount().isPositive());
        return all;
    }

    private static boolean isOf(ClaimSetOffReversed reversed, ClaimSetOff off) {
        return off.instalment() == reversed.instalment() && off.at().equals(reversed.declaredAt());
    }

    private void spread(PaymentCredited payment) {
        var rest = payment.amount();
        for (var instalment : schedule.instalments()) {
            if (rest.isZero()) {
                break;
            }
            if (cleared.contains(instalment.number())) {
                continue;
            }
            if (payment.towards() == Towards.PENALTY || waivedBy(instalment, moment(payment))) {
                continue;
            }
            // What a claimed penalty absorbs first leaves as much of the principal open: so once more.
            for (int turn = 0; turn < 2 && rest.isPositive(); turn++) {
                var taken =
                        Money.min(rest, settle(instalment, agreed(instalment)).open());
                if (taken.isPositive()) {
                    give(instalment.number(), payment, taken);
                    rest = rest.minus(taken);
                } else {
                    cleared.add(instalment.number());
                }
            }
        }
        unallocated = unallocated.plus(rest);
    }

    /** Whether the instalment had been given up by then: nothing was owed on it any more. */
    private boolean waivedBy(Instalment instalment, Instant moment) {
        var waived = waivedAt(instalment);
        return waived != null && !moment.isBefore(waived);
    }

    private @Nullable Instant waivedAt(Instalment instalment) {
        return latest(InstalmentWaived.class, instalment).map(BillingFact::at).orElse(null);
    }

    private void give(int instalment, PaymentCredited payment, Money amount) {
        payments.computeIfAbsent(instalment, _ -> new ArrayList<>())
                .add(new Payment(moment(payment), amount, payment.towards()));
    }

    /** A claim set off extinguishes the fee, and only that. */
    private void give(ClaimSetOff off) {
        cleared.remove(off.instalment());
        payments.computeIfAbsent(off.instalment(), _ -> new ArrayList<>())
                .add(new Payment(off.at(), off.amount(), Towards.PRINCIPAL));
    }

    /** The moment of a payment that counts (G-12b). */
    private Instant moment(PaymentCredited payment) {
        return byDate.at(payment.at()).binding().due().receipt() == PaymentMoment.SENT && payment.sentAt() != null
                ? payment.sentAt()
                : payment.at();
    }

    /** The terms an instalment is judged by: those of the version in force when it fell due. */
    private ContractTerms terms(Instalment instalment) {
        return byDate.at(instalment.due()).binding();
    }

    private LocalDate day(Instant moment) {
        return moment.atZone(terms.zone()).toLocalDate();
    }

    private List<Payment> payments(Instalment instalment) {
        return payments.getOrDefault(instalment.number(), List.of());
    }

    // One instalment

    private record Settled(Delay delay, @Nullable Penalty penalty, Money open, Money overpaid) {}

    /** What is open of an instalment, in the order of payment that the agreed reading yields. */
    private Settled settle(Instalment instalment, Optional<PenaltyReading> reading) {
        return settle(instalment, reading, payments(instalment));
    }

    private Settled settle(Instalment instalment, Optional<PenaltyReading> reading, List<Payment> paid) {
        var payments = withReductions(instalment, paid);
        var claimed = claimedAt(instalment);
        var forgiven =
                latest(PenaltyWaived.class, instalment).map(BillingFact::at).orElse(null);
        var waived = waivedAt(instalment);
        var inTime = Money.ZERO;
        var towardsPenalty = Money.ZERO;
        var credits = new ArrayList<Credit>();
        for (var payment : payments) {
            if (payment.towards() == Towards.PENALTY) {
                towardsPenalty = towardsPenalty.plus(payment.amount());
                continue;
            }
            if (payment.at().isBefore(instalment.due())) {
                inTime = inTime.plus(payment.amount());
            } else {
                // Only what was claimed is payable, so only that can be absorbed first.
                boolean penaltyFirst = terms(instalment).late().allocation() == Allocation.CIVIL_CODE_561
                        && payment.towards() == null
                        && claimed != null
                        && !claimed.isAfter(payment.at())
                        && (forgiven == null || payment.at().isBefore(forgiven));
                credits.add(new Credit(day(payment.at()), payment.amount(), penaltyFirst, towardsPenalty));
            }
        }
        var overpaidInTime = Money.max(Money.ZERO, inTime.minus(instalment.amount()));
        var openWhenDue = instalment.amount().minus(inTime).plus(overpaidInTime);
        // Nothing accrues on what was given up.
        var until = waived == null ? today : day(waived);
        var delay = new Delay(
                instalment.amount(),
                terms(instalment).fee().total(),
                instalment.lastDay(),
                openWhenDue,
                credits,
                until);
        var penalty = reading.map(r -> Penalty.of(r, delay, rates, calendar)).orElse(null);
        if (penalty != null) {
            return new Settled(
                    delay, penalty, penalty.principalOpen(), penalty.overpaid().plus(overpaidInTime));
        }
        var late = Money.sum(credits.stream().map(Credit::amount).toList());
        var open = Money.max(Money.ZERO, openWhenDue.minus(late));
        return new Settled(delay, null, open, overpaidInTime.plus(Money.max(Money.ZERO, late.minus(openWhenDue))));
    }

    /** What the end of the contract took off the fee extinguishes principal like money, and only that. */
    private List<Payment> withReductions(Instalment instalment, List<Payment> paid) {
        var reductions = about(instalment).stream()
                .filter(InstalmentReduced.class::isInstance)
                .map(InstalmentReduced.class::cast)
                .map(reduced -> new Payment(reduced.at(), reduced.amount(), Towards.PRINCIPAL))
                .toList();
        return reductions.isEmpty()
                ? paid
                : Stream.concat(paid.stream(), reductions.stream())
                        .sorted(comparing(Payment::at))
                        .toList();
    }

    private Money reduced(Instalment instalment) {
        return Money.sum(about(instalment).stream()
                .<Money>mapMulti((fact, next) -> {
                    if (fact instanceof InstalmentReduced reduced) {
                        next.accept(reduced.amount());
                    }
                })
                .toList());
    }

    private InstalmentVerdict judge(Instalment instalment) {
        var agreed = agreed(instalment);
        var settled = settle(instalment, agreed);
        var waived = waivedAt(instalment);
        var claimed = claimedAt(instalment);
        // Who gives the instalment up gives up a penalty not yet claimed; a claimed one is an item of its own.
        boolean judged = waived == null || (claimed != null && !claimed.isAfter(waived));
        boolean late = judged && !asOf.isBefore(instalment.due());
        boolean everLate = late && settled.delay().openWhenDue().isPositive();
        var lastCredit = lastCredit(instalment, agreed);
        var open = waived == null ? settled.open() : Money.ZERO;
        var state = state(instalment, waived != null, open, everLate, lastCredit);
        var disputed = disputed(instalment, open);
        var penalties = everLate ? penalties(instalment, settled, disputed) : List.<Penalty>of();
        var penalty = agreed.isPresent() && everLate ? penalties.getFirst() : null;
        var penaltyAmount = penalty == null || penalty.amount() == null ? Money.ZERO : penalty.amount();
        var towardsPenalty = penaltyPaid(instalment, penalty);
        var penaltyPaid = Money.min(towardsPenalty, penaltyAmount);
        var standing = standing(instalment, penalty, penaltyPaid, open);
        var penaltyOpen = standing == PenaltyStanding.WAIVED || standing == PenaltyStanding.NONE
                ? Money.ZERO
                : Money.max(Money.ZERO, penaltyAmount.minus(penaltyPaid));
        int daysLate = everLate ? daysLate(instalment, settled, lastCredit) : 0;
        var verdict = new InstalmentVerdict(
                instalment,
                state,
                instalment.amount().minus(settled.open()).minus(reduced(instalment)),
                open,
                disputed,
                settled.overpaid().plus(towardsPenalty.minus(penaltyPaid)),
                lastCredit,
                daysLate,
                penalties,
                penalty,
                standing,
                penaltyPaid,
                penaltyOpen,
                everLate ? allocations(instalment, agreed) : List.of(),
                List.of());
        return withSentences(verdict);
    }

    /** When the payment counted that cleared the principal, or the latest one while some of it is open. */
    private @Nullable Instant lastCredit(Instalment instalment, Optional<PenaltyReading> reading) {
        var all = payments(instalment);
        var principal = new ArrayList<Integer>();
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).towards() != Towards.PENALTY) {
                principal.add(i);
            }
        }
        if (principal.isEmpty()) {
            return null;
        }
        // A further payment never opens anything again, so the first that left nothing open is found by halves.
        int low = 0;
        int high = principal.size() - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            boolean cleared = settle(instalment, reading, all.subList(0, principal.get(middle) + 1))
                    .open()
                    .isZero();
            if (cleared) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return all.get(principal.get(low)).at();
    }

    private InstalmentState state(
            Instalment instalment, boolean waived, Money open, boolean everLate, @Nullable Instant lastCredit) {
        if (waived) {
            return InstalmentState.WAIVED;
        }
        if (reduced(instalment).equals(instalment.amount())) {
            return InstalmentState.CANCELLED;
        }
        if (open.isZero()) {
            return everLate ? InstalmentState.PAID_LATE : InstalmentState.PAID;
        }
        if (everLate) {
            return lastCredit == null ? InstalmentState.OVERDUE : InstalmentState.PARTIAL_OVERDUE;
        }
        var reminder = calendar.plusWorkdays(instalment.firstLateDay(), -REMINDER_WORKDAYS);
        return today.isBefore(reminder.date()) ? InstalmentState.SCHEDULED : InstalmentState.REMINDED;
    }

    private int daysLate(Instalment instalment, Settled settled, @Nullable Instant lastCredit) {
        var until = settled.open().isZero() && lastCredit != null
                ? day(lastCredit)
                : settled.delay().asOf();
        return Math.toIntExact(Math.max(0, ChronoUnit.DAYS.between(instalment.firstLateDay(), until)));
    }

    private Money disputed(Instalment instalment, Money open) {
        return latest(PartDisputed.class, instalment)
                .map(fact -> Money.min(open, Money.max(Money.ZERO, fact.amount())))
                .orElse(Money.ZERO);
    }

    // Penalties

    private Optional<PenaltyReading> agreed(Instalment instalment) {
        return PenaltyReading.agreed(terms(instalment));
    }

    private List<Penalty> penalties(Instalment instalment, Settled settled, Money disputed) {
        var loss = latest(LossDocumented.class, instalment);
        var floor = floor(instalment, settled.delay());
        return PenaltyReading.sideBySide(terms(instalment), rates).stream()
                .map(reading -> {
                    var penalty = Penalty.of(reading, settled.delay(), rates, calendar);
                    var flags = new ArrayList<Flag>();
                    var amount = penalty.amount();
                    if (amount != null && reading.origin() != PenaltyReading.Origin.REFERENCE) {
                        loss.ifPresent(fact -> excess(amount, fact.amount()).ifPresent(flags::add));
                        floor.filter(least -> amount.compareTo(least) < 0)
                                .ifPresent(least -> flags.add(new Flag(
                                        Flag.Kind.BELOW_SME_FLOOR,
                                        Sentence.of("billing.penalty.belowFloor", amount, least),
                                        least)));
                        if (disputed.isPositive()
                                && terms(instalment).late().disputedPart() == DisputedPart.PROVISIONAL
                                && amount.isPositive()) {
                            flags.add(new Flag(
                                    Flag.Kind.PROVISIONAL,
                                    Sentence.of("billing.penalty.provisional", disputed),
                                    disputed));
                        }
                    }
                    return penalty.with(flags);
                })
                .toList();
    }

    /** The smallest amount the SME regulation would let stand: the LPR at conclusion over the same delay. */
    private Optional<Money> floor(Instalment instalment, Delay delay) {
        if (!PenaltyReading.smeApplies(terms(instalment))) {
            return Optional.empty();
        }
        return agreed(instalment)
                .filter(reading -> reading.origin() == PenaltyReading.Origin.AGREED)
                .flatMap(reading -> rates.on(schedule.concluded())
                        .map(lpr -> Penalty.of(reading.atFloor(lpr.percent()), delay, rates, calendar)
                                .amount()));
    }

    private static Optional<Flag> excess(Money penalty, Money loss) {
        var bound = loss.yuan().multiply(EXCESS);
        return penalty.yuan().compareTo(bound) <= 0
                ? Optional.empty()
                : Optional.of(new Flag(
                        Flag.Kind.EXCESS,
                        Sentence.of("billing.penalty.excess", penalty, loss, Money.rounded(bound)),
                        Money.rounded(bound)));
    }

    private @Nullable Instant claimedAt(Instalment instalment) {
        return about(instalment).stream()
                .filter(PenaltyClaimed.class::isInstance)
                .map(BillingFact::at)
                .findFirst()
                .orElse(null);
    }

    private Money penaltyPaid(Instalment instalment, @Nullable Penalty penalty) {
        var paid = Money.sum(payments(instalment).stream()
                .filter(payment -> payment.towards() == Towards.PENALTY)
                .map(Payment::amount)
                .toList());
        return penalty == null ? paid : paid.plus(penalty.absorbed());
    }

    private PenaltyStanding standing(Instalment instalment, @Nullable Penalty penalty, Money paid, Money open) {
        if (penalty == null || penalty.amount() == null || penalty.amount().isZero()) {
            return PenaltyStanding.NONE;
        }
        if (latest(PenaltyWaived.class, instalment).isPresent()) {
            return PenaltyStanding.WAIVED;
        }
        if (!unconfirmed(penalty.reading(), instalment).isEmpty()) {
            return PenaltyStanding.PREVIEW;
        }
        if (claimedAt(instalment) == null) {
            return PenaltyStanding.CLAIMABLE;
        }
        return open.isZero() && paid.compareTo(penalty.amount()) >= 0
                ? PenaltyStanding.SETTLED
                : PenaltyStanding.CLAIMED;
    }

    /** What the reading rests on that did not bind yet when the instalment fell due: a later consent is not retroactive. */
    private List<TermKey> unconfirmed(PenaltyReading reading, Instalment instalment) {
        return reading.restsOn().stream()
                .filter(key -> !binds(key, instalment.due()))
                .toList();
    }

    /** E8: the two orders side by side, where a part payment makes them differ. */
    private List<AllocationOutcome> allocations(Instalment instalment, Optional<PenaltyReading> agreed) {
        if (agreed.isEmpty()) {
            return List.of();
        }
        var outcomes = new ArrayList<AllocationOutcome>();
        var settled = settle(instalment, agreed);
        if (settled.delay().credits().isEmpty()) {
            return List.of();
        }
        for (var order : List.of(Allocation.PRINCIPAL_FIRST, Allocation.CIVIL_CODE_561)) {
            var credits = settled.delay().credits().stream()
                    .map(credit -> new Credit(
                            credit.day(),
                            credit.amount(),
                            order == Allocation.CIVIL_CODE_561,
                            credit.paidTowardsPenalty()))
                    .toList();
            var delay = settled.delay();
            var penalty = Penalty.of(
                    agreed.get(),
                    new Delay(
                            delay.amount(),
                            delay.totalFee(),
                            delay.lastDay(),
                            delay.openWhenDue(),
                            credits,
                            delay.asOf()),
                    rates,
                    calendar);
            if (penalty.amount() == null) {
                return List.of();
            }
            outcomes.add(new AllocationOutcome(
                    order,
                    penalty.principalOpen().equals(settled.open())
                            && penalty.amount()
                                    .equals(Objects.requireNonNull(settled.penalty())
                                            .amount()),
                    penalty.amount(),
                    penalty.principalOpen()));
        }
        return outcomes.getFirst().principalOpen().equals(outcomes.getLast().principalOpen()) ? List.of() : outcomes;
    }

    // Words

    private InstalmentVerdict withSentences(InstalmentVerdict verdict) {
        var instalment = verdict.instalment();
        var sentences = new ArrayList<Sentence>();
        sentences.add(Sentence.of(
                "billing.state." + verdict.state().name(),
                instalment.number(),
                instalment.amount(),
                instalment.due(),
                verdict.open(),
                verdict.daysLate(),
                verdict.lastCredit(),
                verdict.paid()));
        sentences.addAll(instalment.notes());
        about(instalment).stream()
                .filter(ClaimSetOff.class::isInstance)
                .map(ClaimSetOff.class::cast)
                .forEach(off -> sentences.add(
                        Sentence.of("billing.verdict.claimSetOff", instalment.number(), off.amount(), off.at())));
        about(instalment).stream()
                .filter(ClaimSetOffReversed.class::isInstance)
                .map(ClaimSetOffReversed.class::cast)
                .forEach(reversed -> sentences.add(Sentence.of(
                        "billing.verdict.claimSetOffReversed",
                        instalment.number(),
                        reversed.amount(),
                        reversed.declaredAt(),
                        reversed.at())));
        if (verdict.overpaid().isPositive()) {
            sentences.add(Sentence.of("billing.verdict.overpaid", instalment.number(), verdict.overpaid()));
        }
        if (verdict.disputed().isPositive()) {
            sentences.add(Sentence.of("billing.verdict.disputed", verdict.disputed()));
        }
        var penalty = verdict.agreed();
        if (penalty != null && penalty.amount() != null && penalty.amount().isPositive()) {
            var key = "billing.penalty.standing." + verdict.penaltyStanding().name();
            var unconfirmed = unconfirmed(penalty.reading(), instalment);
            sentences.add(Sentence.of(
                    key,
                    penalty.amount(),
                    verdict.penaltyOpen(),
                    unconfirmed.stream().map(TermKey::title).toList()));
            var since = unconfirmed.stream()
                    .filter(one -> binds(one, asOf))
                    .map(TermKey::named)
                    .toList();
            if (!since.isEmpty()) {
                sentences.add(Sentence.of("billing.penalty.agreedSince", since, instalment.number()));
            }
        } else if (penalty == null && (verdict.state().isOverdue() || verdict.state() == InstalmentState.PAID_LATE)) {
            sentences.add(Sentence.of("billing.penalty.blankRate"));
        }
        return new InstalmentVerdict(
                instalment,
                verdict.state(),
                verdict.paid(),
                verdict.open(),
                verdict.disputed(),
                verdict.overpaid(),
                verdict.lastCredit(),
                verdict.daysLate(),
                verdict.penalties(),
                penalty,
                verdict.penaltyStanding(),
                verdict.penaltyPaid(),
                verdict.penaltyOpen(),
                verdict.allocations(),
                sentences);
    }

    // Rights

    private List<RightVerdict> rights(InstalmentVerdict verdict, @Nullable Suspended suspended) {
        var rights = new ArrayList<RightVerdict>();
        int number = verdict.number();
        if (verdict.state().isOverdue()) {
            var undisputed = verdict.open().minus(verdict.disputed());
            var missing = SUSPENSION.stream().filter(key -> !binds(key, asOf)).toList();
            var demand = demand(verdict.instalment(), suspended);
            if (undisputed.isZero()) {
                var why = Sentence.of("billing.right.onlyDisputed", number, verdict.disputed());
                rights.add(new RightVerdict(Right.DEMAND, number, Standing.NONE, null, why));
                rights.add(new RightVerdict(Right.SUSPEND, number, Standing.NONE, null, why));
                rights.add(new RightVerdict(Right.TERMINATE, number, Standing.NONE, null, why));
            } else if (demand.isEmpty()) {
                rights.add(new RightVerdict(
                        Right.DEMAND,
                        number,
                        Standing.AVAILABLE,
                        verdict.instalment().due(),
                        Sentence.of("billing.right.demand", number, undisputed)));
                rights.add(
                        missing.isEmpty()
                                ? new RightVerdict(
                                        Right.SUSPEND,
                                        number,
                                        Standing.NOT_YET,
                                        null,
                                        Sentence.of(
                                                "billing.right.suspendNeedsDemand",
                                                number,
                                                terms.suspension().noticeWorkdays()))
                                : notAgreed(number, missing));
            } else {
                var delivered = demand.get().at();
                rights.add(new RightVerdict(
                        Right.DEMAND,
                        number,
                        Standing.EXERCISED,
                        delivered,
                        Sentence.of("billing.right.demanded", number, delivered)));
                rights.add(
                        missing.isEmpty() || suspended != null
                                ? suspend(verdict, delivered, undisputed, suspended)
                                : notAgreed(number, missing));
            }
            if (undisputed.isPositive()) {
                rights.add(terminate(verdict, undisputed));
            }
        }
        claim(verdict).ifPresent(rights::add);
        return rights;
    }

    /** A demand, the cure period it leaves, and a year to use the right (G-15, Civil Code 563(3), 564; trap 11). */
    private RightVerdict terminate(InstalmentVerdict verdict, Money undisputed) {
        int number = verdict.number();
        var demand = facts.stream()
                .filter(DemandDelivered.class::isInstance)
                .map(DemandDelivered.class::cast)
                .filter(one -> one.instalment() == null || one.instalment() == number)
                .filter(one -> !one.at().isBefore(verdict.instalment().due()))
                .filter(one -> !spentByReturn(verdict.instalment(), one.at()))
                .findFirst();
        if (demand.isEmpty()) {
            return new RightVerdict(
                    Right.TERMINATE,
                    number,
                    Standing.NOT_YET,
                    null,
                    Sentence.of(
                            "billing.right.terminateNeedsDemand",
                            number,
                            terms.termination().cureWorkdays()));
        }
        var delivered = demand.get().at();
        int cure = byDate.at(delivered).binding().termination().cureWorkdays();
        var window = Termination.Window.of(delivered, cure, calendar);
        if (window.warning() != null && !notes.contains(window.warning())) {
            notes.add(window.warning());
        }
        if (asOf.isBefore(window.from())) {
            return new RightVerdict(
                    Right.TERMINATE,
                    number,
                    Standing.NOT_YET,
                    window.from(),
                    Sentence.of("billing.right.terminateFrom", number, delivered, cure, window.lastDay()));
        }
        return asOf.isBefore(window.lapses())
                ? new RightVerdict(
                        Right.TERMINATE,
                        number,
                        Standing.AVAILABLE,
                        window.from(),
                        Sentence.of(
                                "billing.right.terminateNow",
                                number,
                                delivered,
                                cure,
                                window.lastDay(),
                                undisputed,
                                window.lapses()))
                : new RightVerdict(
                        Right.TERMINATE,
                        number,
                        Standing.NONE,
                        null,
                        Sentence.of("billing.right.terminateLapsed", number, window.from(), window.lapses()));
    }

    /** Whether what the demand demanded was paid after it, and only owed again since the bank took the money back. */
    private boolean spentByReturn(Instalment instalment, Instant demanded) {
        for (int i = 0; i < facts.size(); i++) {
            var fact = facts.get(i);
            if ((fact instanceof PaymentReturned || fact instanceof ClaimSetOffReversed)
                    && fact.at().isAfter(demanded)
                    && wasPaid(instalment, i)) {
                return true;
            }
        }
        return false;
    }

    /**
     * What was paid for is served (G-14): while the running period is paid, nothing of it is frozen for older debts. The
     * right waits for the next period that is not paid.
     */
    private Optional<RightVerdict> prepaid(int number) {
        var running = schedule.instalments().stream()
                .filter(one -> !today.isBefore(one.start()) && !today.isAfter(one.end()))
                .findFirst();
        if (running.isEmpty()
                || !settle(running.get(), agreed(running.get())).open().isZero()) {
            return Optional.empty();
        }
        var next = schedule.instalments().stream()
                .filter(one -> one.start().isAfter(today))
                .filter(one -> settle(one, agreed(one)).open().isPositive())
                .map(Instalment::start)
                .findFirst();
        return Optional.of(new RightVerdict(
                Right.SUSPEND,
                number,
                next.isEmpty() ? Standing.NONE : Standing.NOT_YET,
                next.map(day -> day.atStartOfDay(terms.zone()).toInstant()).orElse(null),
                next.isEmpty()
                        ? Sentence.of(
                                "billing.right.suspendPrepaidAll",
                                running.get().number(),
                                running.get().end())
                        : Sentence.of(
                                "billing.right.suspendPrepaid",
                                running.get().number(),
                                running.get().end(),
                                next.get())));
    }

    /** Without an agreed notice period there is no right to suspend; the default says only what it would be. */
    private RightVerdict notAgreed(int number, List<TermKey> missing) {
        return new RightVerdict(
                Right.SUSPEND,
                number,
                Standing.NONE,
                null,
                Sentence.of(
                        "billing.right.suspendNotAgreed",
                        number,
                        missing.getFirst().gap(),
                        missing.stream().map(TermKey::title).toList(),
                        terms.suspension().noticeWorkdays()));
    }

    private RightVerdict suspend(
            InstalmentVerdict verdict, Instant delivered, Money undisputed, @Nullable Suspended suspended) {
        int number = verdict.number();
        int notice = byDate.at(delivered).binding().suspension().noticeWorkdays();
        var lastDay = calendar.plusWorkdays(delivered.atZone(terms.zone()).toLocalDate(), notice);
        var from = lastDay.date().plusDays(1).atStartOfDay(terms.zone()).toInstant();
        if (lastDay.warning() != null && !notes.contains(lastDay.warning())) {
            notes.add(lastDay.warning());
        }
        if (suspended != null) {
            return new RightVerdict(
                    Right.SUSPEND,
                    number,
                    Standing.EXERCISED,
                    suspended.at(),
                    Sentence.of("billing.right.suspended", suspended.at()));
        }
        var prepaid = asOf.isBefore(from) ? Optional.<RightVerdict>empty() : prepaid(number);
        if (prepaid.isPresent()) {
            return prepaid.get();
        }
        return asOf.isBefore(from)
                ? new RightVerdict(
                        Right.SUSPEND,
                        number,
                        Standing.NOT_YET,
                        from,
                        Sentence.of("billing.right.suspendFrom", number, delivered, notice, lastDay.date()))
                : new RightVerdict(
                        Right.SUSPEND,
                        number,
                        Standing.AVAILABLE,
                        from,
                        Sentence.of("billing.right.suspendNow", number, delivered, notice, lastDay.date(), undisputed));
    }

    private Optional<RightVerdict> claim(InstalmentVerdict verdict) {
        int number = verdict.number();
        var penalty = verdict.penalty();
        return switch (verdict.penaltyStanding()) {
            case NONE -> Optional.empty();
            case WAIVED ->
                Optional.of(new RightVerdict(
                        Right.CLAIM_PENALTY,
                        number,
                        Standing.NONE,
                        null,
                        Sentence.of("billing.right.penaltyWaived", number)));
            case PREVIEW ->
                Optional.of(new RightVerdict(
                        Right.CLAIM_PENALTY,
                        number,
                        Standing.NOT_YET,
                        null,
                        Sentence.of("billing.right.penaltyPreview", number, penalty)));
            case CLAIMABLE ->
                Optional.of(new RightVerdict(
                        Right.CLAIM_PENALTY,
                        number,
                        Standing.AVAILABLE,
                        verdict.instalment().due(),
                        Sentence.of("billing.right.penaltyClaimable", number, penalty)));
            case CLAIMED, SETTLED ->
                Optional.of(new RightVerdict(
                        Right.CLAIM_PENALTY,
                        number,
                        Standing.EXERCISED,
                        claimedAt(verdict.instalment()),
                        Sentence.of("billing.right.penaltyClaimed", number, penalty, verdict.penaltyOpen())));
        };
    }

    /** Once suspended, whether the ground is still there. */
    private Optional<RightVerdict> suspension(List<InstalmentVerdict> verdicts, @Nullable Suspended suspended) {
        if (suspended == null) {
            return Optional.empty();
        }
        var open = Money.sum(verdicts.stream()
                .filter(verdict -> verdict.state().isOverdue())
                .map(InstalmentVerdict::open)
                .toList());
        if (open.isPositive()) {
            return Optional.of(new RightVerdict(
                    Right.RESUME, null, Standing.NOT_YET, null, Sentence.of("billing.right.resumeNotYet", open)));
        }
        var paid = verdicts.stream()
                .flatMap(verdict -> Stream.of(verdict.lastCredit(), waivedAt(verdict.instalment())))
                .filter(Objects::nonNull)
                .filter(at -> at.isAfter(suspended.at()))
                .max(Instant::compareTo)
                .orElse(suspended.at());
        var by = calendar.plusWorkdays(
                paid.atZone(terms.zone()).toLocalDate(), terms.suspension().resumeWorkdays());
        return Optional.of(new RightVerdict(
                Right.RESUME,
                null,
                Standing.AVAILABLE,
                paid,
                Sentence.of("billing.right.resume", paid, terms.suspension().resumeWorkdays(), by.date())));
    }

    /**
     * The first demand after the instalment fell due; one delivered earlier demanded nothing that was owed. What ended in
     * a payment or in a resumed service is spent (state-machines.md §3.3): the next suspension needs the next demand.
     */
    private Optional<DemandDelivered> demand(Instalment instalment, @Nullable Suspended suspended) {
        var spent = suspended == null ? spentUntil(instalment) : null;
        // A demand that came before the notice period was agreed has set none running.
        var agreedAt = SUSPENSION.stream()
                .filter(key -> !terms.binds(key) && binds(key, asOf))
                .map(agreed::get)
                .filter(Objects::nonNull)
                .max(Instant::compareTo)
                .orElse(Instant.MIN);
        return facts.stream()
                .filter(DemandDelivered.class::isInstance)
                .map(DemandDelivered.class::cast)
                .filter(demand -> demand.instalment() == null || demand.instalment() == instalment.number())
                .filter(demand -> !demand.at().isBefore(instalment.due()))
                .filter(demand -> spent == null || demand.at().isAfter(spent))
                .filter(demand -> suspended != null || !demand.at().isBefore(agreedAt))
                .findFirst();
    }

    private @Nullable Instant spentUntil(Instalment instalment) {
        Instant spent = null;
        for (int i = 0; i < facts.size(); i++) {
            var fact = facts.get(i);
            if (fact instanceof Resumed || (fact instanceof PaymentReturned && wasPaid(instalment, i))) {
                spent = fact.at();
            }
        }
        return spent;
    }

    /** Whether nothing of the instalment was open after the first so many facts. */
    private boolean wasPaid(Instalment instalment, int first) {
        var then = new Assessment(
                byDate, schedule, facts.subList(0, first), facts.get(first).at(), rates, calendar);
        then.allocate();
        return then.settle(instalment, agreed(instalment)).open().isZero();
    }

    private @Nullable Suspended suspended() {
        Suspended running = null;
        for (var fact : facts) {
            if (fact instanceof Suspended suspended) {
                running = suspended;
            } else if (fact instanceof Resumed) {
                running = null;
            }
        }
        return running;
    }

    // Deadlines

    private @Nullable Deadline next(List<InstalmentVerdict> verdicts, List<RightVerdict> rights) {
        var deadlines = new ArrayList<Deadline>();
        for (var verdict : verdicts) {
            if (verdict.open().isPositive()
                    && asOf.isBefore(verdict.instalment().due())) {
                deadlines.add(new Deadline(
                        verdict.instalment().due(),
                        Sentence.of("billing.deadline.pay", verdict.number(), verdict.open())));
            }
        }
        for (var right : rights) {
            if (right.from() != null && right.from().isAfter(asOf)) {
                deadlines.add(new Deadline(right.from(), right.why()));
            }
        }
        return deadlines.stream().min(comparing(Deadline::at)).orElse(null);
    }

    private <F extends BillingFact> Optional<F> latest(Class<F> type, Instalment instalment) {
        return about(instalment).stream()
                .filter(type::isInstance)
                .map(type::cast)
                .reduce((_, last) -> last);
    }

    private List<BillingFact> about(Instalment instalment) {
        return about.getOrDefault(instalment.number(), List.of());
    }
}
