package io.retainer.contract;

import io.retainer.document.Paper;
import io.retainer.document.Paper.Align;
import io.retainer.document.Paper.Column;
import io.retainer.document.Paper.SealPlace;
import io.retainer.kernel.AmountWords;
import io.retainer.kernel.Party;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Texts;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A supplementary agreement on paper: what it changes, from when, what stays, and who signed it. */
final class PrintedAmendment {

    private final Amendment amendment;
    private final ContractVersion base;
    private final Texts texts;
    private int articles;

    private PrintedAmendment(Amendment amendment, ContractVersion base, Texts texts) {
        this.amendment = amendment;
        this.base = base;
        this.texts = texts;
    }

    /** Adds the settlement of an early end, as the modules above know it. */
    interface Settlement {
        void on(Paper paper);
    }

    static Paper paper(
            Amendment amendment, ContractVersion base, List<Signature> signatures, Settlement settlement, Texts texts) {
        return new PrintedAmendment(amendment, base, texts).paper(signatures, settlement);
    }

    private Paper paper(List<Signature> signatures, Settlement settlement) {
        var name = texts.say("contract.agreement.title", amendment.serial());
        var title = base.findings().title();
        var paper = texts.locale().equals(Texts.ENGLISH) ? Paper.english(name) : Paper.chinese(name);
        paper.header(texts.say("contract.letter.header", title, name))
                .title()
                .subtitle(texts.say("contract.agreement.kind", amendment.kind(), amendment.state()))
                .facts(List.of(
                        List.of(texts.name(Party.CLIENT), name(Party.CLIENT)),
                        List.of(texts.name(Party.PROVIDER), name(Party.PROVIDER)),
                        List.of(
                                texts.say("contract.agreement.amends"),
                                texts.say("contract.paper.header", title, amendment.contract(), base.number()))))
                .paragraph(texts.say("contract.agreement.opening", name(Party.CLIENT), name(Party.PROVIDER), title));
        article(paper, "contract.agreement.reason").paragraph(amendment.reason());
        if (amendment.kind() == Amendment.Kind.EARLY_END) {
            article(paper, "contract.agreement.end")
                    .paragraph(texts.say(
                            "contract.agreement.end.words",
                            amendment.from(),
                            amendment.from().minusDays(1)));
            article(paper, "contract.agreement.settlement");
            settlement.on(paper);
        } else {
            if (!amendment.changes().isEmpty()) {
                article(paper, "contract.agreement.changes")
                        .table(
                                List.of(
                                        new Column(texts.say("contract.page.clause"), Align.LEFT, 3),
                                        new Column(texts.say("contract.page.termName"), Align.LEFT, 6),
                                        new Column(texts.say("contract.life.before"), Align.LEFT, 7),
                                        new Column(texts.say("contract.life.after"), Align.LEFT, 7)),
                                changes());
            }
            if (!amendment.annexes().isEmpty()) {
                annexes(article(paper, "contract.agreement.annexes"));
            }
            article(paper, "contract.agreement.from")
                    .paragraph(texts.say(
                            amendment.retroactive().containsAll(List.of(Party.CLIENT, Party.PROVIDER))
                                    ? "contract.agreement.from.retroactive"
                                    : "contract.agreement.from.words",
                            amendment.from()));
        }
        if (amendment.third() != null) {
            article(paper, "contract.agreement.third")
                    .paragraph(texts.say("contract.agreement.third.words", amendment.third()));
        }
        article(paper, "contract.agreement.rest").paragraph(texts.say("contract.agreement.rest.words"));
        article(paper, "contract.agreement.counterparts").paragraph(texts.say("contract.agreement.counterparts.words"));
        var hash = amendment.hash();
        if (hash == null) {
            paper.note(texts.say("contract.agreement.draft"));
        } else {
            paper.facts(List.of(List.of(texts.say("contract.paper.hash"), hash)))
                    .note(texts.say("contract.paper.hash.note"));
        }
        paper.seals(places(signatures));
        amendment.annexes().values().stream().filter(sheet -> !sheet.isEmpty()).forEach(sheet -> paper.append(PrintedAnnex.part(sheet, texts)));
        return paper;
    }

    /** What changes, row by row; the annexes themselves follow behind the signatures, whole. */
    private void annexes(Paper paper) {
        for (var difference : AmendedVersion.of(base, amendment).differences(texts)) {
            paper.paragraph(texts.say(
                    difference.kind() == AnnexKind.THIRD_PARTY && amendment.takesThirdOut()
                            ? "contract.agreement.annexOut"
                            : "contract.agreement.annex",
                    difference.kind().number(),
                    difference.kind().title()));
            var rows = new ArrayList<List<String>>();
            for (var part : difference.parts()) {
                for (var row : part.rows()) {
                    rows.add(List.of(
                            part.part().clause().id(),
                            texts.say(part.part().title()),
                            cells(part.part(), row.before()),
                            cells(part.part(), row.after())));
                }
            }
            if (!rows.isEmpty()) {
                paper.table(
                        List.of(
                                new Column(texts.say("contract.page.clause"), Align.LEFT, 3),
                                new Column(texts.say("contract.page.annex.part"), Align.LEFT, 4),
                                new Column(texts.say("contract.life.before"), Align.LEFT, 8),
                                new Column(texts.say("contract.life.after"), Align.LEFT, 8)),
                        rows);
            }
        }
    }

    private String cells(AnnexKind.Part part, AnnexSheet.@Nullable Row row) {
        return row == null
                ? "—"
                : part.columns().stream()
                        .filter(column -> !row.cell(column.id()).isEmpty())
                        .map(column -> AnnexCell.shown(column, row.cell(column.id()), texts))
                        .collect(Collectors.joining(" · "));
    }

    private Paper article(Paper paper, String title) {
        articles++;
        return paper.heading(ArticleNumbers.article(articles, texts.say(title), texts));
    }

    private String name(Party party) {
        if (party == Party.THIRD_PARTY) {
            return amendment.third() == null ? "" : amendment.third();
        }
        return base.terms()
                .text(party == Party.CLIENT ? TermKey.CLIENT_NAME : TermKey.PROVIDER_NAME)
                .orElse("");
    }

    private List<List<String>> changes() {
        var before = base.settled();
        var rows = new ArrayList<List<String>>();
        amendment.changes().entrySet().stream()
                .sorted(Map.Entry.comparingByKey(Comparator.comparing(TermKey::clause)))
                .forEach(change -> rows.add(List.of(
                        change.getKey().clause().id(),
                        texts.say(change.getKey().title()),
                        shown(before.get(change.getKey()).value(), change.getKey()),
                        shown(change.getValue(), change.getKey()))));
        return rows;
    }

    private String shown(@Nullable TermValue value, TermKey key) {
        if (value == null) {
            return "—";
        }
        return value instanceof TermValue.Amount(var money)
                ? money + "\n" + AmountWords.of(money, texts)
                : Shown.of(value, key, texts);
    }

    /** The changes as facts of a letter that proposes them. */
    static List<Sentence> facts(Amendment amendment, ContractVersion base, Texts texts) {
        var printed = new PrintedAmendment(amendment, base, texts);
        var facts = new ArrayList<Sentence>();
        facts.add(Sentence.of("contract.agreement.proposed", amendment.serial(), amendment.kind(), amendment.from()));
        printed.changes()
                .forEach(row -> facts.add(Sentence.of(
                        "contract.agreement.change",
                        row.get(0),
                        row.get(1),
                        row.get(2).replace('\n', ' '),
                        row.get(3).replace('\n', ' '))));
        amendment.annexes().keySet().forEach(kind -> facts.add(
                Sentence.of("contract.agreement.annexChange", kind.number(), kind.title())));
        return facts;
    }

    private List<SealPlace> places(List<Signature> signatures) {
        var places = new ArrayList<SealPlace>();
        for (var party : amendment.signers().stream().sorted().toList()) {
            places.add(signatures.stream()
                    .filter(signature -> signature.party() == party)
                    .findFirst()
                    .map(signature -> new SealPlace(
                            texts.say("contract.paper.party", party),
                            name(party),
                            texts.say("contract.paper.signedMark", signature.mode()),
                            true,
                            List.of(
                                    texts.say("contract.paper.signatory", signature.signatory()),
                                    texts.say("contract.paper.authority", signature.authority()),
                                    texts.say("contract.paper.signedAt", signature.signedAt()))))
                    .orElseGet(() -> PrintedAnnex.place(party, name(party), texts)));
        }
        return places;
    }
}
