package io.retainer.liability;

import io.retainer.kernel.Money;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.liability.BreachRows.Claim;
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
}
