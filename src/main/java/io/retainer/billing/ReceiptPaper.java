package io.retainer.billing;

import io.retainer.billing.Account.Receipt;
import io.retainer.document.Paper;
import io.retainer.kernel.AmountWords;
import io.retainer.kernel.Party;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Texts;
import java.util.ArrayList;
import java.util.List;

/** A receipt on paper. Its amount in characters is the one that was hashed when it was issued. */
final class ReceiptPaper {

    private ReceiptPaper() {}

    /** For a payment of other work. */
    static Paper of(Billing.ChargeReceipt charged, Texts texts) {
        var receipt = charged.receipt();
        var paper = begun(charged.account(), receipt, texts);
        if (receipt.isVoid()) {
            paper.box(texts.say(
                    charged.replacedBy() == null
                            ? Sentence.of("billing.receipt.paymentReturned")
                            : Sentence.of("billing.receipt.replacedBy", charged.replacedBy())));
        }
        var rows = facts(receipt, Sentence.of("billing.receipt.forCharge", charged.title(), charged.account()), texts);
        if (charged.replaces() != null) {
            rows.add(row("replaces", charged.replaces(), texts));
        }
        return ended(paper, rows, receipt, texts);
    }

    static Paper of(BillingState state, Receipt receipt, Texts texts) {
        var paper = begun(state.account().code(), receipt, texts);
        if (receipt.isVoid()) {
            paper.box(texts.say(voidness(state, receipt)));
        }
        var rows = facts(receipt, purpose(state, receipt), texts);
        var replaces = receipt.replaces();
        if (replaces != null) {
            rows.add(row("replaces", state.receipt(replaces).code(), texts));
        }
        return ended(paper, rows, receipt, texts);
    }

    private static Paper begun(String account, Receipt receipt, Texts texts) {
        var title = texts.say("billing.receipt.title");
        var paper = texts.locale().equals(Texts.ENGLISH) ? Paper.english(title) : Paper.chinese(title);
        paper.header(texts.say("billing.receipt.header", receipt.code(), account))
                .title()
                .subtitle(texts.say("billing.receipt.numbered", receipt.code()));
        return paper;
    }

    private static List<List<String>> facts(Receipt receipt, Sentence purpose, Texts texts) {
        var words = texts.locale().equals(Texts.ENGLISH)
                ? AmountWords.of(receipt.amount(), texts) + "\n" + receipt.words()
                : receipt.words();
        var rows = new ArrayList<List<String>>();
        rows.add(row("payer", receipt.payer(), texts));
        rows.add(row("payee", receipt.payee(), texts));
        rows.add(row("amount", receipt.amount().toString(), texts));
        rows.add(row("words", words, texts));
        rows.add(row("credited", texts.say("billing.at", receipt.creditedAt()), texts));
        rows.add(row("purpose", texts.say(purpose), texts));
        rows.add(row("issued", texts.say("billing.at", receipt.issuedAt()), texts));
        return rows;
    }

    private static Paper ended(Paper paper, List<List<String>> rows, Receipt receipt, Texts texts) {
        return paper.facts(rows)
                .seals(List.of(
                        BillingDocuments.place("billing.receipt.received", Party.PROVIDER, receipt.payee(), texts)))
                .note(texts.say("billing.receipt.foot", receipt.hash()));
    }

    private static Sentence voidness(BillingState state, Receipt receipt) {
        var replacement = receipt.replacedBy();
        return replacement == null
                ? Sentence.of("billing.receipt.paymentReturned")
                : Sentence.of(
                        "billing.receipt.replacedBy", state.receipt(replacement).code());
    }

    /** What was paid for, such as the third instalment of the contract. */
    static Sentence purpose(BillingState state, Receipt receipt) {
        var payment = state.payment(receipt.payment());
        if (payment.towards() == BillingFact.Towards.PENALTY) {
            return Sentence.of(
                    "billing.receipt.forPenalty",
                    receipt.instalment(),
                    state.account().code());
        }
        return receipt.instalment() == null
                ? Sentence.of("billing.receipt.forContract", state.account().code())
                : Sentence.of(
                        "billing.receipt.forInstalment",
                        receipt.instalment(),
                        state.account().code(),
                        state.schedule().instalment(receipt.instalment()).start(),
                        state.schedule().instalment(receipt.instalment()).end());
    }

    private static List<String> row(String name, String value, Texts texts) {
        return List.of(texts.say("billing.receipt." + name), value);
    }
}
