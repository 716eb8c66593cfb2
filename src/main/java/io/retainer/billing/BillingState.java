package io.retainer.billing;

import io.retainer.billing.Account.Act;
import io.retainer.billing.Account.Kind;
import io.retainer.billing.Account.Payment;
import io.retainer.billing.Account.Receipt;
import io.retainer.billing.Account.Records;
import io.retainer.contract.ContractTerms;
import io.retainer.kernel.Unknown;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** How the money of one contract stands, with everything it rests on. */
record BillingState(Account account, ContractTerms terms, Schedule schedule, Records records, Verdict verdict) {

    /** The same as a simulation: what to change to ask "what if". */
    public Simulation simulation() {
        return new Simulation(terms, account.effectiveAt(), records.rates(), records.facts(), verdict.asOf());
    }

    public List<Payment> payments() {
        return records.payments();
    }

    public List<Receipt> receipts() {
        return records.receipts();
    }

    public Payment payment(UUID id) {
        return records.payments().stream()
                .filter(payment -> payment.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new Unknown("payment " + id));
    }

    public Receipt receipt(UUID id) {
        return records.receipts().stream()
                .filter(receipt -> receipt.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new Unknown("receipt " + id));
    }

    /** The receipt that counts for a payment. */
    public Optional<Receipt> receiptOf(UUID payment) {
        return records.receipts().stream()
                .filter(receipt -> receipt.payment().equals(payment) && receipt.replacedBy() == null)
                .findFirst();
    }

    public List<Act> acts(Kind kind) {
        return records.acts().stream().filter(act -> act.kind() == kind).toList();
    }

    public Act act(UUID id, Kind kind) {
        return acts(kind).stream()
                .filter(act -> act.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new Unknown(kind + " " + id));
    }

    public Optional<Act> answerTo(UUID demand) {
        return acts(Kind.DEMAND_ANSWERED).stream()
                .filter(act -> demand.equals(act.refersTo()))
                .findFirst();
    }

    public UUID lineId(int number) {
        return records.lines().get(number - 1).id();
    }
}
