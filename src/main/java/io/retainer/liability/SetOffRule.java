package io.retainer.liability;

import io.retainer.kernel.Money;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.liability.BreachRows.Claim;
import io.retainer.liability.BreachRows.SetOff;
import java.time.LocalDate;

/** When a claim may be set off against an instalment: debts the two owe each other, of money, the claim due (Civil Code 568). Pure. */
final class SetOffRule {

    private SetOffRule() {}

    /**
     * @param by who declares it
     * @param today in the contract's zone
     */
    static void check(Claim claim, Party by, Money amount, LocalDate today) {
        if (claim.creditor() != by) {
            throw Refused.because("liability.refused.creditorOnly", claim.creditor());
        }
        // Instalments are what the client owes the provider.
        if (claim.creditor() != Party.CLIENT || claim.debtor() != Party.PROVIDER) {
            throw Refused.because("liability.refused.notMutual", claim.debtor(), claim.creditor());
        }
        if (claim.paidAt() != null) {
            throw Refused.because("liability.refused.paidAlready");
        }
        if (today.isBefore(claim.dueOn())) {
            throw Refused.because("liability.refused.notDue", claim.dueOn());
        }
        if (!amount.isPositive() || amount.compareTo(claim.open()) > 0) {
            throw Refused.field("amount", "liability.refused.setOffAmount", claim.open());
        }
    }

    /**
     * An objection may be left to nobody's decision: who declared the set-off takes it back, or who denied it accepts it after all.
     * Undenied it has had effect when the notice arrived and is not taken back by one side alone.
     */
    static void endByOneself(Claim claim, SetOff off, SetOffOutcome how, Party by) {
        requireOpen(off);
        if (off.contestedAt() == null) {
            throw Refused.because("liability.refused.notContested");
        }
        var whose = how == SetOffOutcome.WITHDRAWN ? claim.creditor() : claim.debtor();
        if (by != whose) {
            throw Refused.because("liability.refused.party", whose);
        }
    }

    /**
     * What a court, an arbitration body or the parties decided. An agreement is recorded by whom it costs something, so that nobody
     * writes one alone to the other's cost; a judgment by either side.
     *
     * @param stands of the amount
     */
    static void endByDecision(
            Claim claim, SetOff off, SetOffOutcome how, Money stands, LocalDate decidedOn, Party by, LocalDate today) {
        requireOpen(off);
        if (!how.isDocumented()) {
            throw Refused.field("how", "liability.refused.outcome");
        }
        if (by != claim.creditor() && by != claim.debtor()) {
            throw Refused.because("liability.refused.party", claim.creditor());
        }
        if (stands.fen() < 0 || stands.compareTo(off.amount()) > 0) {
            throw Refused.field("stands", "liability.refused.stands", off.amount());
        }
        if (how == SetOffOutcome.AGREEMENT) {
            var costs = stands.equals(off.amount()) ? claim.debtor() : claim.creditor();
            if (by != costs) {
                throw Refused.because("liability.refused.agreementBy", costs);
            }
        } else if (off.contestedAt() == null) {
            throw Refused.because("liability.refused.notContested");
        }
        if (decidedOn.isAfter(today)) {
            throw Refused.field("decidedOn", "liability.refused.future", decidedOn);
        }
        if (decidedOn.isBefore(LocalDate.ofInstant(off.at(), BreachCase.ZONE))) {
            throw Refused.field("decidedOn", "liability.refused.decidedBefore", off.at());
        }
    }

    private static void requireOpen(SetOff off) {
        if (off.ending() != null) {
            throw Refused.because("liability.refused.ended", off.ending().how());
        }
    }
}
