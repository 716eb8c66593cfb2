package io.retainer.billing;

import io.retainer.billing.BillingFact.ClaimSetOffReversed;
import io.retainer.billing.BillingFact.DemandDelivered;
import io.retainer.billing.BillingFact.PaymentReturned;
import io.retainer.billing.BillingFact.Resumed;
import io.retainer.billing.BillingFact.Suspended;
import io.retainer.billing.Verdict.InstalmentVerdict;
import io.retainer.billing.Verdict.RightVerdict;
import io.retainer.billing.Verdict.Standing;
import io.retainer.contract.TermKey;
import io.retainer.contract.Termination;
import io.retainer.kernel.Money;
import io.retainer.kernel.Sentence;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the delays of one contract entitle to, from when, and why. */
final class Rights {

    private final Basis basis;
    private final Payments payments;
    private final @Nullable Suspended suspended;
    private final Set<Sentence> warnings = new LinkedHashSet<>();

    Rights(Basis basis, Payments payments) {
        this.basis = basis;
        this.payments = payments;
        this.suspended = running(basis);
    }

    private static @Nullable Suspended running(Basis basis) {
        Suspended running = null;
        for (var fact : basis.facts()) {
            if (fact instanceof Suspended suspended) {
                running = suspended;
            } else if (fact instanceof Resumed) {
                running = null;
            }
        }
        return running;
    }

    boolean suspended() {
        return suspended != null;
    }

    /** The rights by instalment, then what concerns the contract as a whole. */
    List<RightVerdict> from(List<InstalmentVerdict> verdicts) {
        var rights = new ArrayList<RightVerdict>();
        for (var verdict : verdicts) {
            if (verdict.state().isOverdue()) {
                rights.addAll(againstDelay(verdict));
            }
            claim(verdict).ifPresent(rights::add);
        }
        resume(verdicts).ifPresent(rights::add);
        return rights;
    }

    /** Of the calendar, where a period of those rights runs into a year that is not loaded. */
    Set<Sentence> warnings() {
        return warnings;
    }

    private List<RightVerdict> againstDelay(InstalmentVerdict verdict) {
        int number = verdict.number();
        var undisputed = verdict.open().minus(verdict.disputed());
        if (undisputed.isZero()) {
            var why = Sentence.of("billing.right.onlyDisputed", number, verdict.disputed());
            return Stream.of(Right.DEMAND, Right.SUSPEND, Right.TERMINATE)
                    .map(right -> none(right, number, why))
                    .toList();
        }
        var demand = lastingDemand(verdict.instalment());
        var rights = new ArrayList<RightVerdict>();
        rights.add(
                demand.isEmpty()
                        ? available(
                                Right.DEMAND,
                                number,
                                verdict.instalment().due(),
                                Sentence.of("billing.right.demand", number, undisputed))
                        : exercised(
                                Right.DEMAND,
                                number,
                                demand.get().at(),
                                Sentence.of(
                                        "billing.right.demanded",
                                        number,
                                        demand.get().at())));
        rights.add(suspend(number, undisputed, demand.map(DemandDelivered::at)));
        if (undisputed.isPositive()) {
            rights.add(terminate(verdict, undisputed));
        }
        return rights;
    }

    // Suspending and resuming the service

    private RightVerdict suspend(int number, Money undisputed, Optional<Instant> demanded) {
        var missing = Assessment.SUSPENSION.stream()
                .filter(key -> !basis.binds(key, basis.asOf()))
                .toList();
        if (!missing.isEmpty() && (demanded.isEmpty() || suspended == null)) {
            return notAgreed(number, missing);
        }
        return demanded.map(delivered -> suspendAfter(delivered, number, undisputed))
                .orElseGet(() -> notYet(
                        Right.SUSPEND,
                        number,
                        null,
                        Sentence.of(
                                "billing.right.suspendNeedsDemand",
                                number,
                                basis.terms().suspension().noticeWorkdays())));
    }

    /** Without an agreed notice period there is no right to suspend; the default says only what it would be. */
    private RightVerdict notAgreed(int number, List<TermKey> missing) {
        return none(
                Right.SUSPEND,
                number,
                Sentence.of(
                        "billing.right.suspendNotAgreed",
                        number,
                        missing.getFirst().gap(),
                        missing.stream().map(TermKey::title).toList(),
                        basis.terms().suspension().noticeWorkdays()));
    }

    private RightVerdict suspendAfter(Instant delivered, int number, Money undisputed) {
        int notice = basis.terms(delivered).suspension().noticeWorkdays();
        var lastDay = basis.calendar().plusWorkdays(basis.day(delivered), notice);
        var from = basis.startOf(lastDay.date().plusDays(1));
        warn(lastDay.warning());
        if (suspended != null) {
            return exercised(
                    Right.SUSPEND, number, suspended.at(), Sentence.of("billing.right.suspended", suspended.at()));
        }
        if (basis.asOf().isBefore(from)) {
            return notYet(
                    Right.SUSPEND,
                    number,
                    from,
                    Sentence.of("billing.right.suspendFrom", number, delivered, notice, lastDay.date()));
        }
        return prepaid(number)
                .orElseGet(() -> available(
                        Right.SUSPEND,
                        number,
                        from,
                        Sentence.of(
                                "billing.right.suspendNow", number, delivered, notice, lastDay.date(), undisputed)));
    }

    /**
     * What was paid for is served (G-14): while the running period is paid, nothing of it is frozen for older debts. The
     * right waits for the next period that is not paid.
     */
    private Optional<RightVerdict> prepaid(int number) {
        var today = basis.today();
        var instalments = basis.schedule().instalments();
        var running = instalments.stream()
                .filter(one -> !today.isBefore(one.start()) && !today.isAfter(one.end()))
                .findFirst();
        if (running.isEmpty() || !payments.balance(running.get()).open().isZero()) {
            return Optional.empty();
        }
        int paid = running.get().number();
        var paidUntil = running.get().end();
        return Optional.of(instalments.stream()
                .filter(one -> one.start().isAfter(today))
                .filter(one -> payments.balance(one).open().isPositive())
                .map(Instalment::start)
                .findFirst()
                .map(next -> notYet(
                        Right.SUSPEND,
                        number,
                        basis.startOf(next),
                        Sentence.of("billing.right.suspendPrepaid", paid, paidUntil, next)))
                .orElseGet(() ->
                        none(Right.SUSPEND, number, Sentence.of("billing.right.suspendPrepaidAll", paid, paidUntil))));
    }

    /** Once suspended, whether the ground is still there. */
    private Optional<RightVerdict> resume(List<InstalmentVerdict> verdicts) {
        if (suspended == null) {
            return Optional.empty();
        }
        var open = Money.sum(verdicts.stream()
                .filter(verdict -> verdict.state().isOverdue())
                .map(InstalmentVerdict::open)
                .toList());
        if (open.isPositive()) {
            return Optional.of(notYet(Right.RESUME, null, null, Sentence.of("billing.right.resumeNotYet", open)));
        }
        var paid = verdicts.stream()
                .flatMap(verdict -> Stream.of(verdict.lastCredit(), basis.waivedAt(verdict.instalment())))
                .filter(Objects::nonNull)
                .filter(at -> at.isAfter(suspended.at()))
                .max(Instant::compareTo)
                .orElse(suspended.at());
        int within = basis.terms().suspension().resumeWorkdays();
        var by = basis.calendar().plusWorkdays(basis.day(paid), within);
        return Optional.of(
                available(Right.RESUME, null, paid, Sentence.of("billing.right.resume", paid, within, by.date())));
    }

    // Terminating

    /** A demand, the cure period it leaves, and a year to use the right (G-15, Civil Code 563(3), 564; trap 11). */
    private RightVerdict terminate(InstalmentVerdict verdict, Money undisputed) {
        int number = verdict.number();
        var demand = demands(verdict.instalment())
                .filter(one -> !spentByReturn(verdict.instalment(), one.at()))
                .findFirst();
        if (demand.isEmpty()) {
            return notYet(
                    Right.TERMINATE,
                    number,
                    null,
                    Sentence.of(
                            "billing.right.terminateNeedsDemand",
                            number,
                            basis.terms().termination().cureWorkdays()));
        }
        var delivered = demand.get().at();
        int cure = basis.terms(delivered).termination().cureWorkdays();
        var window = Termination.Window.of(delivered, cure, basis.calendar());
        warn(window.warning());
        if (basis.asOf().isBefore(window.from())) {
            return notYet(
                    Right.TERMINATE,
                    number,
                    window.from(),
                    Sentence.of("billing.right.terminateFrom", number, delivered, cure, window.lastDay()));
        }
        if (!basis.asOf().isBefore(window.lapses())) {
            return none(
                    Right.TERMINATE,
                    number,
                    Sentence.of("billing.right.terminateLapsed", number, window.from(), window.lapses()));
        }
        return available(
                Right.TERMINATE,
                number,
                window.from(),
                Sentence.of(
                        "billing.right.terminateNow",
                        number,
                        delivered,
                        cure,
                        window.lastDay(),
                        undisputed,
                        window.lapses()));
    }

    // Claiming the penalty

    private Optional<RightVerdict> claim(InstalmentVerdict verdict) {
        int number = verdict.number();
        var penalty = verdict.penalty();
        var right = Right.CLAIM_PENALTY;
        return switch (verdict.penaltyStanding()) {
            case NONE -> Optional.empty();
            case WAIVED -> Optional.of(none(right, number, Sentence.of("billing.right.penaltyWaived", number)));
            case PREVIEW ->
                Optional.of(notYet(right, number, null, Sentence.of("billing.right.penaltyPreview", number, penalty)));
            case CLAIMABLE ->
                Optional.of(available(
                        right,
                        number,
                        verdict.instalment().due(),
                        Sentence.of("billing.right.penaltyClaimable", number, penalty)));
            case CLAIMED, SETTLED ->
                Optional.of(exercised(
                        right,
                        number,
                        basis.claimedAt(verdict.instalment()),
                        Sentence.of("billing.right.penaltyClaimed", number, penalty, verdict.penaltyOpen())));
        };
    }

    // Demands

    /** Those delivered after the instalment fell due; an earlier one demanded nothing that was owed. */
    private Stream<DemandDelivered> demands(Instalment instalment) {
        return basis.facts(DemandDelivered.class)
                .filter(demand -> demand.instalment() == null || demand.instalment() == instalment.number())
                .filter(demand -> !demand.at().isBefore(instalment.due()));
    }

    /**
     * The first demand from which a notice period runs. What ended in a payment or in a resumed service is spent
     * (state-machines.md §3.3): the next suspension needs the next demand.
     */
    private Optional<DemandDelivered> lastingDemand(Instalment instalment) {
        if (suspended != null) {
            return demands(instalment).findFirst();
        }
        var spent = spentUntil(instalment);
        // A demand that came before the notice period was agreed has set none running.
        var agreedAt = Assessment.SUSPENSION.stream()
                .map(basis::agreedSince)
                .filter(Objects::nonNull)
                .max(Instant::compareTo)
                .orElse(Instant.MIN);
        return demands(instalment)
                .filter(demand -> spent == null || demand.at().isAfter(spent))
                .filter(demand -> !demand.at().isBefore(agreedAt))
                .findFirst();
    }

    private @Nullable Instant spentUntil(Instalment instalment) {
        Instant spent = null;
        for (int i = 0; i < basis.facts().size(); i++) {
            var fact = basis.facts().get(i);
            if (fact instanceof Resumed || (fact instanceof PaymentReturned && wasPaid(instalment, i))) {
                spent = fact.at();
            }
        }
        return spent;
    }

    /** Whether what the demand demanded was paid after it, and only owed again since the bank took the money back. */
    private boolean spentByReturn(Instalment instalment, Instant demanded) {
        for (int i = 0; i < basis.facts().size(); i++) {
            var fact = basis.facts().get(i);
            if ((fact instanceof PaymentReturned || fact instanceof ClaimSetOffReversed)
                    && fact.at().isAfter(demanded)
                    && wasPaid(instalment, i)) {
                return true;
            }
        }
        return false;
    }

    /** Whether nothing of the instalment was open after the first so many facts. */
    private boolean wasPaid(Instalment instalment, int first) {
        return Payments.allocated(basis.before(first))
                .balance(instalment)
                .open()
                .isZero();
    }

    private void warn(@Nullable Sentence warning) {
        if (warning != null) {
            warnings.add(warning);
        }
    }

    private static RightVerdict available(Right right, @Nullable Integer instalment, Instant from, Sentence why) {
        return new RightVerdict(right, instalment, Standing.AVAILABLE, from, why);
    }

    private static RightVerdict notYet(
            Right right, @Nullable Integer instalment, @Nullable Instant from, Sentence why) {
        return new RightVerdict(right, instalment, Standing.NOT_YET, from, why);
    }

    private static RightVerdict exercised(Right right, int instalment, @Nullable Instant at, Sentence why) {
        return new RightVerdict(right, instalment, Standing.EXERCISED, at, why);
    }

    private static RightVerdict none(Right right, int instalment, Sentence why) {
        return new RightVerdict(right, instalment, Standing.NONE, null, why);
    }
}
