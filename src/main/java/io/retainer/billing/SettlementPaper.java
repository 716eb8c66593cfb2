package io.retainer.billing;

import io.retainer.document.Paper;
import io.retainer.document.Paper.Align;
import io.retainer.document.Paper.Column;
import io.retainer.kernel.AmountWords;
import io.retainer.kernel.Party;
import io.retainer.kernel.Texts;
import java.util.List;

/** How the parties stand with each other at the end of the service, on paper. */
final class SettlementPaper {

    private SettlementPaper() {}

    /** @param ended whether the service has ended; else it is a preview */
    static Paper of(BillingState state, Settlement settlement, boolean ended, String title, Texts texts) {
        var account = state.account();
        var name = texts.say("billing.settlement.paper");
        var paper = texts.locale().equals(Texts.ENGLISH) ? Paper.english(name) : Paper.chinese(name);
        paper.header(texts.say(
                        "billing.statement.header",
                        title,
                        account.code(),
                        state.verdict().asOf()))
                .title()
                .subtitle(texts.say("billing.statement.asOf", state.verdict().asOf()))
                .facts(List.of(
                        List.of(texts.name(Party.CLIENT), account.clientName()),
                        List.of(texts.name(Party.PROVIDER), account.providerName()),
                        List.of(texts.say("billing.statement.contract"), title + "\n" + account.contract())));
        if (!ended) {
            paper.box(texts.say("billing.settlement.preview", settlement.lastDay()));
        }
        body(paper, settlement, texts);
        return paper.note(texts.say("billing.settlement.paper.note"))
                .seals(List.of(
                        BillingDocuments.place(
                                "billing.statement.confirmedBy", Party.PROVIDER, account.providerName(), texts),
                        BillingDocuments.place(
                                "billing.statement.confirmedBy", Party.CLIENT, account.clientName(), texts)));
    }

    static void body(Paper paper, Settlement settlement, Texts texts) {
        paper.paragraph(texts.say("billing.settlement.paper.lastDay", settlement.lastDay()));
        if (!settlement.lines().isEmpty()) {
            paper.subheading(texts.say("billing.settlement.paper.fees"))
                    .table(
                            List.of(
                                    new Column(texts.say("billing.column.number"), Align.CENTER, 3),
                                    new Column(texts.say("billing.column.amount"), Align.RIGHT, 5),
                                    new Column(texts.say("billing.settlement.unserved"), Align.CENTER, 4),
                                    new Column(texts.say("billing.settlement.unservedFee"), Align.RIGHT, 5),
                                    new Column(texts.say("billing.paid"), Align.RIGHT, 5),
                                    new Column(texts.say("billing.settlement.refund"), Align.RIGHT, 5),
                                    new Column(texts.say("billing.settlement.owed"), Align.RIGHT, 5)),
                            settlement.lines().stream()
                                    .map(part -> List.of(
                                            Integer.toString(part.instalment()),
                                            part.amount().formatted(),
                                            part.unserved() + " / " + part.of(),
                                            part.unservedFee().formatted(),
                                            part.paid().formatted(),
                                            part.refund().formatted(),
                                            part.owed().formatted()))
                                    .toList());
        }
        if (!settlement.credits().isEmpty()) {
            paper.subheading(texts.say("billing.settlement.credits"))
                    .table(
                            List.of(
                                    new Column(texts.say("billing.column.number"), Align.CENTER, 3),
                                    new Column(texts.say("billing.settlement.days"), Align.CENTER, 4),
                                    new Column(texts.say("billing.column.amount"), Align.RIGHT, 5),
                                    new Column(texts.say("billing.settlement.net"), Align.RIGHT, 5),
                                    new Column(texts.say("billing.settlement.vat"), Align.RIGHT, 5),
                                    new Column("", Align.LEFT, 4)),
                            settlement.credits().stream()
                                    .map(credit -> List.of(
                                            Integer.toString(credit.instalment()),
                                            credit.days() + " / " + credit.of(),
                                            credit.amount().formatted(),
                                            credit.net().formatted(),
                                            credit.vat().formatted(),
                                            credit.agreed() ? "" : texts.say("billing.settlement.previewOnly")))
                                    .toList());
        }
        if (!settlement.penalties().isEmpty()) {
            paper.subheading(texts.say("billing.settlement.penalties"))
                    .table(
                            List.of(
                                    new Column(texts.say("billing.column.number"), Align.CENTER, 3),
                                    new Column(texts.say("billing.column.amount"), Align.RIGHT, 5)),
                            settlement.penalties().stream()
                                    .map(claimed -> List.of(
                                            Integer.toString(claimed.instalment()),
                                            claimed.open().formatted()))
                                    .toList());
        }
        paper.subheading(texts.say("billing.settlement.paper.sums"))
                .facts(List.of(
                        List.of(
                                texts.say("billing.settlement.refund"),
                                settlement.refund().toString()),
                        List.of(
                                texts.say("billing.settlement.setOff"),
                                settlement.setOff().toString()),
                        List.of(
                                texts.say("billing.settlement.toRefund"),
                                settlement.toRefund() + "\n" + AmountWords.of(settlement.toRefund(), texts)),
                        List.of(
                                texts.say("billing.settlement.owed"),
                                settlement.owed() + "\n" + AmountWords.of(settlement.owed(), texts)),
                        List.of(
                                texts.say("billing.settlement.penalties"),
                                settlement.penaltiesOpen().toString())));
        if (settlement.penaltiesNotClaimed().isPositive()) {
            paper.note(texts.say("billing.settlement.notClaimed", settlement.penaltiesNotClaimed()));
        }
    }
}
