package io.retainer.billing;

import static java.util.Comparator.comparing;

import io.retainer.billing.BillingFact.DemandDelivered;
import io.retainer.billing.BillingFact.InstalmentWaived;
import io.retainer.billing.BillingFact.LossDocumented;
import io.retainer.billing.BillingFact.PartDisputed;
import io.retainer.billing.BillingFact.PaymentCredited;
import io.retainer.billing.BillingFact.PaymentReturned;
import io.retainer.billing.BillingFact.PenaltyClaimed;
import io.retainer.billing.BillingFact.PenaltyWaived;
import io.retainer.billing.BillingFact.Resumed;
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
import io.retainer.kernel.Money;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.WorkCalendar;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
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

    private static final BigDecimal EXCESS = new BigDecimal("1.3");

    private final ContractTerms terms;
    private final Schedule schedule;
    private final List<BillingFact> facts;
    private final Instant asOf;
    private final LocalDate today;
    private final ReferenceRates rates;
    private final WorkCalendar calendar;
    private final List<Sentence> notes = new ArrayList<>();
    private final Map<Integer, List<Payment>> payments = new HashMap<>();
    private Money unallocated = Money.ZERO;

    private Assessment(
            ContractTerms terms,
            Schedule schedule,
            List<BillingFact> facts,
            Instant asOf,
            ReferenceRates rates,
            WorkCalendar calendar) {
        this.terms = terms;
        this.schedule = schedule;
        this.facts = facts;
        this.asOf = asOf;
        this.today = asOf.atZone(terms.zone()).toLocalDate();
        this.rates = rates;
        this.calendar = calendar;
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
        var assessment = new Assessment(terms, schedule, known, asOf, rates, calendar);
        assessment.notes.addAll(schedule.notes());
        if (later > 0) {
            assessment.notes.add(Sentence.of("billing.verdict.laterFacts", later, asOf));
        }
        return assessment.verdict();
    }

    private Verdict verdict() {
        facts.forEach(this::requireKnown);
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

    private void requireKnown(BillingFact fact) {
        var number = switch (fact) {
            case PaymentCredited credited -> {
                if (!credited.amount().isPositive()) {
                    throw Refused.field("amount", "billing.payment.notPositive", credited.amount());
                }
                yield credited.instalment();
            }
            case PaymentReturned returned -> {
                if (facts.stream()
                        .noneMatch(other -> other instanceof PaymentCredited credited
                                && credited.id().equals(returned.payment())
                                && !credited.at().isAfter(returned.at()))) {
                    throw Refused.field("payment", "billing.payment.unknown", returned.payment());
                }
                yield null;
            }
            case DemandDelivered demand -> demand.instalment();
            case InstalmentWaived waived -> waived.instalment();
            case PartDisputed disputed -> disputed.instalment();
            case PenaltyClaimed claimed -> claimed.instalment();
            case PenaltyWaived waived -> waived.instalment();
            case LossDocumented loss -> loss.instalment();
            case Suspended _, Resumed _ -> null;
        };
        if (number != null) {
            schedule.instalment(number);
        }
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
        for (var payment : credited) {
            if (payment.instalment() == null) {
                spread(payment);
            } else if (payment.towards() != Towards.PENALTY
                    && waivedBy(schedule.instalment(payment.instalment()), moment(payment))) {
                unallocated = unallocated.plus(payment.amount());
            } else {
                give(payment.instalment(), payment, payment.amount());
            }
        }
        if (unallocated.isPositive()) {
            notes.add(Sentence.of("billing.verdict.unallocated", unallocated));
        }
    }

    private void spread(PaymentCredited payment) {
        var rest = payment.amount();
        for (var instalment : schedule.instalments()) {
            if (payment.towards() == Towards.PENALTY || waivedBy(instalment, moment(payment))) {
                continue;
            }
            // What a claimed penalty absorbs first leaves as much of the principal open: so once more.
            for (int turn = 0; turn < 2 && rest.isPositive(); turn++) {
                var taken = Money.min(rest, settle(instalment, agreed()).open());
                if (taken.isPositive()) {
                    give(instalment.number(), payment, taken);
                    rest = rest.minus(taken);
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
        return latest(InstalmentWaived.class, fact -> fact.instalment() == instalment.number())
                .map(BillingFact::at)
                .orElse(null);
    }

    private void give(int instalment, PaymentCredited payment, Money amount) {
        payments.computeIfAbsent(instalment, _ -> new ArrayList<>())
                .add(new Payment(moment(payment), amount, payment.towards()));
    }

    /** The moment of a payment that counts (G-12b). */
    private Instant moment(PaymentCredited payment) {
        return terms.due().receipt() == PaymentMoment.SENT && payment.sentAt() != null
                ? payment.sentAt()
                : payment.at();
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

    private Settled settle(Instalment instalment, Optional<PenaltyReading> reading, List<Payment> payments) {
        var claimed = claimedAt(instalment);
        var forgiven = latest(PenaltyWaived.class, fact -> fact.instalment() == instalment.number())
                .map(BillingFact::at)
                .orElse(null);
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
                boolean penaltyFirst = terms.late().allocation() == Allocation.CIVIL_CODE_561
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
        var delay =
                new Delay(instalment.amount(), terms.fee().total(), instalment.lastDay(), openWhenDue, credits, until);
        var penalty = reading.map(r -> Penalty.of(r, delay, rates, calendar)).orElse(null);
        if (penalty != null) {
            return new Settled(
                    delay, penalty, penalty.principalOpen(), penalty.overpaid().plus(overpaidInTime));
        }
        var late = Money.sum(credits.stream().map(Credit::amount).toList());
        var open = Money.max(Money.ZERO, openWhenDue.minus(late));
        return new Settled(delay, null, open, overpaidInTime.plus(Money.max(Money.ZERO, late.minus(openWhenDue))));
    }

    private InstalmentVerdict judge(Instalment instalment) {
        var agreed = agreed();
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
                instalment.amount().minus(settled.open()),
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
        Instant last = null;
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).towards() != Towards.PENALTY) {
                last = all.get(i).at();
                if (settle(instalment, reading, all.subList(0, i + 1)).open().isZero()) {
                    return last;
                }
            }
        }
        return last;
    }

    private InstalmentState state(
            Instalment instalment, boolean waived, Money open, boolean everLate, @Nullable Instant lastCredit) {
        if (waived) {
            return InstalmentState.WAIVED;
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
        return latest(PartDisputed.class, fact -> fact.instalment() == instalment.number())
                .map(fact -> Money.min(open, Money.max(Money.ZERO, fact.amount())))
                .orElse(Money.ZERO);
    }

    // Penalties

    private Optional<PenaltyReading> agreed() {
        return PenaltyReading.agreed(terms);
    }

    private List<Penalty> penalties(Instalment instalment, Settled settled, Money disputed) {
        var loss = latest(LossDocumented.class, fact -> fact.instalment() == instalment.number());
        var floor = floor(settled.delay());
        return PenaltyReading.sideBySide(terms, rates).stream()
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
                                && terms.late().disputedPart() == DisputedPart.PROVISIONAL
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
    private Optional<Money> floor(Delay delay) {
        if (!PenaltyReading.smeApplies(terms)) {
            return Optional.empty();
        }
        return agreed().filter(reading -> reading.origin() == PenaltyReading.Origin.AGREED)
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
        return facts.stream()
                .filter(fact -> fact instanceof PenaltyClaimed claimed && claimed.instalment() == instalment.number())
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
        if (latest(PenaltyWaived.class, fact -> fact.instalment() == instalment.number())
                .isPresent()) {
            return PenaltyStanding.WAIVED;
        }
        if (!unconfirmed(penalty.reading()).isEmpty()) {
            return PenaltyStanding.PREVIEW;
        }
        if (claimedAt(instalment) == null) {
            return PenaltyStanding.CLAIMABLE;
        }
        return open.isZero() && paid.compareTo(penalty.amount()) >= 0
                ? PenaltyStanding.SETTLED
                : PenaltyStanding.CLAIMED;
    }

    private List<TermKey> unconfirmed(PenaltyReading reading) {
        return reading.restsOn().stream().filter(key -> !terms.binds(key)).toList();
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
        if (verdict.overpaid().isPositive()) {
            sentences.add(Sentence.of("billing.verdict.overpaid", instalment.number(), verdict.overpaid()));
        }
        if (verdict.disputed().isPositive()) {
            sentences.add(Sentence.of("billing.verdict.disputed", verdict.disputed()));
        }
        var penalty = verdict.agreed();
        if (penalty != null && penalty.amount() != null && penalty.amount().isPositive()) {
            var key = "billing.penalty.standing." + verdict.penaltyStanding().name();
            sentences.add(Sentence.of(
                    key,
                    penalty.amount(),
                    verdict.penaltyOpen(),
                    unconfirmed(penalty.reading()).stream().map(TermKey::title).toList()));
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
            var demand = demand(verdict.instalment(), suspended);
            if (undisputed.isZero()) {
                var why = Sentence.of("billing.right.onlyDisputed", number, verdict.disputed());
                rights.add(new RightVerdict(Right.DEMAND, number, Standing.NONE, null, why));
                rights.add(new RightVerdict(Right.SUSPEND, number, Standing.NONE, null, why));
            } else if (demand.isEmpty()) {
                rights.add(new RightVerdict(
                        Right.DEMAND,
                        number,
                        Standing.AVAILABLE,
                        verdict.instalment().due(),
                        Sentence.of("billing.right.demand", number, undisputed)));
                rights.add(new RightVerdict(
                        Right.SUSPEND,
                        number,
                        Standing.NOT_YET,
                        null,
                        Sentence.of(
                                "billing.right.suspendNeedsDemand",
                                number,
                                terms.suspension().noticeWorkdays())));
            } else {
                var delivered = demand.get().at();
                rights.add(new RightVerdict(
                        Right.DEMAND,
                        number,
                        Standing.EXERCISED,
                        delivered,
                        Sentence.of("billing.right.demanded", number, delivered)));
                rights.add(suspend(verdict, delivered, undisputed, suspended));
            }
        }
        claim(verdict).ifPresent(rights::add);
        return rights;
    }

    private RightVerdict suspend(
            InstalmentVerdict verdict, Instant delivered, Money undisputed, @Nullable Suspended suspended) {
        int number = verdict.number();
        int notice = terms.suspension().noticeWorkdays();
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
        return facts.stream()
                .filter(DemandDelivered.class::isInstance)
                .map(DemandDelivered.class::cast)
                .filter(demand -> demand.instalment() == null || demand.instalment() == instalment.number())
                .filter(demand -> !demand.at().isBefore(instalment.due()))
                .filter(demand -> spent == null || demand.at().isAfter(spent))
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
                terms, schedule, facts.subList(0, first), facts.get(first).at(), rates, calendar);
        then.allocate();
        return then.settle(instalment, agreed()).open().isZero();
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

    private <F extends BillingFact> Optional<F> latest(Class<F> type, Predicate<F> which) {
        return facts.stream()
                .filter(type::isInstance)
                .map(type::cast)
                .filter(which)
                .reduce((_, last) -> last);
    }
}
