package io.retainer.billing;

import io.retainer.billing.Account.Receipt;
import io.retainer.document.Documents;
import io.retainer.document.Docx;
import io.retainer.document.Docx.Align;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Texts;
import java.util.ArrayList;
import java.util.List;

/** A receipt as PDF and as Word file, in Chinese: the language it is used in, whatever the reader's. */
final class ReceiptDocuments {

    private static final Texts TEXTS = Texts.in(Texts.CHINESE);

    private ReceiptDocuments() {}

    private record Row(String name, String value) {}

    static byte[] pdf(BillingState state, Receipt receipt) {
        var page = new StringBuilder("""
                <html><head><style>
                @page { size: A5 landscape; margin: 14mm; }
                h1 { text-align: center; font-size: 20pt; letter-spacing: 4pt; margin: 0 0 4mm; }
                table { width: 100%; border-collapse: collapse; }
                td { border: 0.5pt solid #333; padding: 2mm 3mm; font-size: 11pt; }
                td.name { width: 28mm; background: #f1efe9; }
                p.void { border: 1.5pt solid #b3261e; color: #b3261e; padding: 2mm; text-align: center; }
                p.foot { font-size: 9pt; color: #444; }
                </style></head><body><h1>""");
        page.append(escaped(TEXTS.say("billing.receipt.title"))).append("</h1>");
        if (receipt.isVoid()) {
            page.append("<p class=\"void\">")
                    .append(escaped(TEXTS.say(voidness(state, receipt))))
                    .append("</p>");
        }
        page.append("<table>");
        for (var row : rows(state, receipt)) {
            page.append("<tr><td class=\"name\">")
                    .append(escaped(row.name()))
                    .append("</td><td>")
                    .append(escaped(row.value()))
                    .append("</td></tr>");
        }
        page.append("</table><p class=\"foot\">")
                .append(escaped(TEXTS.say("billing.receipt.foot", receipt.hash())))
                .append("</p></body></html>");
        return Documents.pdf(page.toString());
    }

    static byte[] docx(BillingState state, Receipt receipt) {
        var document = new Docx().title(TEXTS.say("billing.receipt.title"));
        if (receipt.isVoid()) {
            document.paragraph(TEXTS.say(voidness(state, receipt)), Align.CENTER);
        }
        return document.table(
                        List.of(),
                        List.of(Align.LEFT, Align.LEFT),
                        rows(state, receipt).stream()
                                .map(row -> List.of(row.name(), row.value()))
                                .toList())
                .paragraph(TEXTS.say("billing.receipt.foot", receipt.hash()))
                .bytes();
    }

    private static Sentence voidness(BillingState state, Receipt receipt) {
        var replacement = receipt.replacedBy();
        return replacement == null
                ? Sentence.of("billing.receipt.paymentReturned")
                : Sentence.of(
                        "billing.receipt.replacedBy", state.receipt(replacement).code());
    }

    private static List<Row> rows(BillingState state, Receipt receipt) {
        var rows = new ArrayList<Row>();
        rows.add(row("number", receipt.code()));
        rows.add(row("payer", receipt.payer()));
        rows.add(row("payee", receipt.payee()));
        rows.add(row("amount", receipt.amount().toString()));
        rows.add(row("words", receipt.words()));
        rows.add(row("credited", TEXTS.say("billing.at", receipt.creditedAt())));
        rows.add(row("purpose", TEXTS.say(purpose(state, receipt))));
        rows.add(row("issued", TEXTS.say("billing.at", receipt.issuedAt())));
        var replaces = receipt.replaces();
        if (replaces != null) {
            rows.add(row("replaces", state.receipt(replaces).code()));
        }
        return rows;
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

    private static Row row(String name, String value) {
        return new Row(TEXTS.say("billing.receipt." + name), value);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
