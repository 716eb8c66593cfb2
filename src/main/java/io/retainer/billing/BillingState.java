package io.retainer.billing;

import io.retainer.billing.Account.Act;
import io.retainer.billing.Account.Kind;
import io.retainer.billing.Account.Payment;
import io.retainer.billing.Account.Receipt;
import io.retainer.billing.Account.Records;
import io.retainer.contract.ContractTerms;
import io.retainer.contract.TermKey;
import io.retainer.contract.TermsVersion;
import io.retainer.kernel.Money;
import io.retainer.kernel.Unknown;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How the money of one contract stands, with everything it rests on.
 *
 * @param terms as they bound when they were signed
 * @param versions every signed version, by the day it came or comes into force
 * @param concluded when each of them was agreed to, by its number
 * @param agreed defaults that both parties confirmed since, and when
 */
record BillingState(
        Account account,
        ContractTerms terms,
        List<TermsVersion> versions,
        Map<Integer, Instant> concluded,
        Map<TermKey, Instant> agreed,
        Schedule schedule,
        Records records,
        Verdict verdict) {

    /** Whether a value binds by now: agreed when the parties signed, or since. */
    boolean binds(TermKey key) {
        return terms.binds(key) || agreed.containsKey(key);
    }

    /** What happened: what was recorded, and which defaults were agreed after the signing. */
    static List<BillingFact> facts(Records records, Map<TermKey, Instant> agreed) {
        var facts = new ArrayList<BillingFact>(records.facts());
        agreed.forEach((key, since) -> facts.add(new BillingFact.DefaultConfirmed(since, key)));
        return facts;
    }

    /** The same as a simulation: what to change to ask "what if". */
    public Simulation simulation() {
        var first = versions.getFirst();
        return new Simulation(
                first.asSigned(),
                account.effectiveAt(),
                records.rates(),
                facts(records, agreed),
                verdict.asOf(),
                versions.stream()
                        .skip(1)
                        .map(version -> new Simulation.Amended(
                                concluded.getOrDefault(version.number(), version.effectiveFrom()),
                                version.effectiveFrom()
                                        .atZone(version.terms().zone())
                                        .toLocalDate(),
                                version.asSigned()))
                        .toList());
    }

    /** What acts of one kind add up to; of one instalment, when it is named. */
    Money sum(Kind kind, @Nullable Integer instalment) {
        return Money.sum(acts(kind).stream()
                .filter(act -> !act.happenedAt().isAfter(verdict.asOf()))
                .filter(act -> instalment == null || instalment.equals(act.instalment()))
                .map(act -> act.amount() == null ? Money.ZERO : act.amount())
                .toList());
    }

    boolean contested(UUID suspension) {
        return acts(Kind.SUSPENSION_CONTESTED).stream().anyMatch(act -> suspension.equals(act.refersTo()));
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
