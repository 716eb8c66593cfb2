package io.retainer.contract;

import io.retainer.document.Paper;
import io.retainer.document.Paper.Align;
import io.retainer.document.Paper.Column;
import io.retainer.document.Paper.SealPlace;
import io.retainer.kernel.Party;
import io.retainer.kernel.Texts;
import java.util.ArrayList;
import java.util.List;

/** An annex on paper. The words and tables are those of {@link AnnexText}, so the Word file can be read back. */
final class PrintedAnnex {

    private PrintedAnnex() {}

    static Paper paper(ContractReading.Current current, AnnexKind kind, Texts texts) {
        var version = current.version();
        return paper(
                version.annexes().of(kind),
                version.terms(),
                texts.say(
                        "contract.paper.header",
                        version.findings().title(),
                        current.contract().id().toString(),
                        version.number()),
                texts);
    }

    /** @param header says which version or amendment it belongs to */
    static Paper paper(AnnexSheet sheet, DraftTerms terms, String header, Texts texts) {
        var paper = paper(texts, AnnexText.heading(sheet.kind(), texts))
                .header(header)
                .title();
        parts(paper, sheet, texts);
        paper.heading(texts.say("contract.annex.signatures"));
        return paper.seals(places(terms, sheet.kind(), texts));
    }

    /** The annex without its signatures, as a part of the contract that is signed as a whole. */
    static Paper part(AnnexSheet sheet, Texts texts) {
        return parts(paper(texts, AnnexText.heading(sheet.kind(), texts)).title(), sheet, texts);
    }

    private static Paper paper(Texts texts, String title) {
        return texts.locale().equals(Texts.ENGLISH) ? Paper.english(title) : Paper.chinese(title);
    }

    private static Paper parts(Paper paper, AnnexSheet sheet, Texts texts) {
        int number = 0;
        for (var part : sheet.kind().parts()) {
            number++;
            if (part.isOptional() && sheet.of(part.id()).isEmpty()) {
                continue;
            }
            paper.heading(AnnexText.partHeading(part, number, texts));
            var table = AnnexText.table(sheet, part, texts);
            if (part.isList()) {
                var columns = new ArrayList<Column>();
                if (part.columns().size() == 1) {
                    columns.add(new Column(texts.say("contract.annex.rowNumber"), Align.CENTER, 1));
                }
                part.columns()
                        .forEach(column ->
                                columns.add(new Column(texts.say(part.title(column)), align(column), share(column))));
                paper.table(columns, table.subList(1, table.size()));
            } else {
                paper.facts(table);
            }
        }
        return paper;
    }

    private static Align align(AnnexKind.Column column) {
        return switch (column.type()) {
            case MONEY, DECIMAL, PERCENT -> Align.RIGHT;
            case WHOLE, DATE, TIME, YES_NO -> Align.CENTER;
            case TEXT, PROSE, WORDS, CHOICE -> Align.LEFT;
        };
    }

    private static int share(AnnexKind.Column column) {
        return switch (column.type()) {
            case PROSE -> 9;
            case TEXT, WORDS -> 5;
            case MONEY, DATE -> 4;
            case CHOICE -> column.choices().size() > 5 ? 5 : 3;
            case DECIMAL, PERCENT, WHOLE, TIME, YES_NO -> 3;
        };
    }

    private static List<SealPlace> places(DraftTerms terms, AnnexKind kind, Texts texts) {
        var places = new ArrayList<SealPlace>();
        for (var party : List.of(Party.CLIENT, Party.PROVIDER, Party.THIRD_PARTY)) {
            if (kind.signers().contains(party)) {
                var name = switch (party) {
                    case CLIENT -> terms.text(TermKey.CLIENT_NAME).orElse("");
                    case PROVIDER -> terms.text(TermKey.PROVIDER_NAME).orElse("");
                    case THIRD_PARTY -> "";
                };
                places.add(place(party, name, texts));
            }
        }
        return places;
    }

    static SealPlace place(Party party, String name, Texts texts) {
        return new SealPlace(
                texts.say("contract.paper.party", party),
                name,
                texts.say("contract.paper.sealHere"),
                false,
                List.of(texts.say("contract.paper.representative"), texts.say("contract.paper.date")));
    }
}
