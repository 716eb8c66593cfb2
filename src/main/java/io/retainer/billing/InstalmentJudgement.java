package io.retainer.billing;

import io.retainer.billing.BillingFact.ClaimSetOff;
import io.retainer.billing.BillingFact.ClaimSetOffReversed;
import io.retainer.billing.BillingFact.PartDisputed;
import io.retainer.billing.Verdict.InstalmentVerdict;
import io.retainer.billing.Verdict.PenaltyStanding;
import io.retainer.contract.TermKey;
import io.retainer.kernel.Money;
import io.retainer.kernel.Sentence;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What became of one instalment: what is open, since when it is late, which penalty that yields, and all of it in words. */
final class InstalmentJudgement {

    private final Basis basis;
    private final Payments payments;
    private final Instalment instalment;
    private final Balance balance;
    private final @Nullable Instant waived;
    private final PenaltyJudgement penalty;

    private InstalmentJudgement(Basis basis, Payments payments, Instalment instalment) {
        this.basis = basis;
        this.payments = payments;
        this.instalment = instalment;
        this.balance = payments.balance(instalment);
        this.waived = basis.waivedAt(instalment);
        this.penalty = new PenaltyJudgement(basis, instalment, balance);
    }

    static InstalmentVerdict of(Instalment instalment, Payments payments, Basis basis) {
        var judgement = new InstalmentJudgement(basis, payments, instalment);
        var verdict = judgement.verdict();
        return verdict.with(judgement.words(verdict));
    }

    private InstalmentVerdict verdict() {
        boolean everLate = everLate();
        var lastCredit = payments.lastCredit(instalment);
        var open = waived == null ? balance.open() : Money.ZERO;
        var disputed = disputed(open);
        var penalties = everLate ? penalty.readings(disputed) : List.<Penalty>of();
        var agreed = everLate && basis.reading(instalment).isPresent() ? penalties.getFirst() : null;
        var amount = agreed == null || agreed.amount() == null ? Money.ZERO : agreed.amount();
        var towards = payments.towardsPenalty(instalment);
        var towardsPenalty = agreed == null ? towards : towards.plus(agreed.absorbed());
        var penaltyPaid = Money.min(towardsPenalty, amount);
        var standing = penalty.standing(agreed, penaltyPaid, open);
        return new InstalmentVerdict(
                instalment,
                state(open, everLate, lastCredit),
                instalment.amount().minus(balance.open()).minus(basis.reduced(instalment)),
                open,
                disputed,
                balance.overpaid().plus(towardsPenalty.minus(penaltyPaid)),
                lastCredit,
                everLate ? daysLate(lastCredit) : 0,
                penalties,
                agreed,
                standing,
                penaltyPaid,
                standing == PenaltyStanding.WAIVED || standing == PenaltyStanding.NONE
                        ? Money.ZERO
                        : Money.max(Money.ZERO, amount.minus(penaltyPaid)),
                everLate ? penalty.allocations() : List.of(),
                List.of());
    }

    /** Who gives the instalment up gives up a penalty not yet claimed; a claimed one is an item of its own. */
    private boolean everLate() {
        var claimed = basis.claimedAt(instalment);
        boolean judged = waived == null || (claimed != null && !claimed.isAfter(waived));
        return judged
                && !basis.asOf().isBefore(instalment.due())
                && balance.delay().openWhenDue().isPositive();
    }

    private InstalmentState state(Money open, boolean everLate, @Nullable Instant lastCredit) {
        if (waived != null) {
            return InstalmentState.WAIVED;
        }
        if (basis.reduced(instalment).equals(instalment.amount())) {
            return InstalmentState.CANCELLED;
        }
        if (open.isZero()) {
            return everLate ? InstalmentState.PAID_LATE : InstalmentState.PAID;
        }
        if (everLate) {
            return lastCredit == null ? InstalmentState.OVERDUE : InstalmentState.PARTIAL_OVERDUE;
        }
        var reminder = basis.calendar().plusWorkdays(instalment.firstLateDay(), -Assessment.REMINDER_WORKDAYS);
        return basis.today().isBefore(reminder.date()) ? InstalmentState.SCHEDULED : InstalmentState.REMINDED;
    }

    private int daysLate(@Nullable Instant lastCredit) {
        var until = balance.open().isZero() && lastCredit != null
                ? basis.day(lastCredit)
                : balance.delay().asOf();
        return Math.toIntExact(Math.max(0, ChronoUnit.DAYS.between(instalment.firstLateDay(), until)));
    }

    private Money disputed(Money open) {
        return basis.latest(PartDisputed.class, instalment)
                .map(fact -> Money.min(open, Money.max(Money.ZERO, fact.amount())))
                .orElse(Money.ZERO);
    }

    private List<Sentence> words(InstalmentVerdict verdict) {
        var words = new ArrayList<Sentence>();
        words.add(Sentence.of(
                "billing.state." + verdict.state().name(),
                instalment.number(),
                instalment.amount(),
                instalment.due(),
                verdict.open(),
                verdict.daysLate(),
                verdict.lastCredit(),
                verdict.paid()));
        words.addAll(instalment.notes());
        basis.about(instalment, ClaimSetOff.class)
                .forEach(off -> words.add(
                        Sentence.of("billing.verdict.claimSetOff", instalment.number(), off.amount(), off.at())));
        basis.about(instalment, ClaimSetOffReversed.class)
                .forEach(reversed -> words.add(Sentence.of(
                        "billing.verdict.claimSetOffReversed",
                        instalment.number(),
                        reversed.amount(),
                        reversed.declaredAt(),
                        reversed.at())));
        if (verdict.overpaid().isPositive()) {
            words.add(Sentence.of("billing.verdict.overpaid", instalment.number(), verdict.overpaid()));
        }
        if (verdict.disputed().isPositive()) {
            words.add(Sentence.of("billing.verdict.disputed", verdict.disputed()));
        }
        words.addAll(penaltyWords(verdict));
        return words;
    }

    private List<Sentence> penaltyWords(InstalmentVerdict verdict) {
        var agreed = verdict.agreed();
        if (agreed == null) {
            return verdict.state().isOverdue() || verdict.state() == InstalmentState.PAID_LATE
                    ? List.of(Sentence.of("billing.penalty.blankRate"))
                    : List.of();
        }
        if (agreed.amount() == null || !agreed.amount().isPositive()) {
            return List.of();
        }
        var words = new ArrayList<Sentence>();
        var unconfirmed = penalty.unconfirmed(agreed.reading());
        words.add(Sentence.of(
                "billing.penalty.standing." + verdict.penaltyStanding().name(),
                agreed.amount(),
                verdict.penaltyOpen(),
                unconfirmed.stream().map(TermKey::title).toList()));
        var since = unconfirmed.stream()
                .filter(one -> basis.binds(one, basis.asOf()))
                .map(TermKey::named)
                .toList();
        if (!since.isEmpty()) {
            words.add(Sentence.of("billing.penalty.agreedSince", since, instalment.number()));
        }
        return words;
    }
}
