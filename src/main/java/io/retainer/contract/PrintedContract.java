package io.retainer.contract;

import io.retainer.document.Paper;
import io.retainer.document.Paper.Align;
import io.retainer.document.Paper.Column;
import io.retainer.document.Paper.Look;
import io.retainer.document.Paper.SealPlace;
import io.retainer.document.Paper.Span;
import io.retainer.kernel.AmountWords;
import io.retainer.kernel.Party;
import io.retainer.kernel.Texts;
import java.util.ArrayList;
import java.util.List;

/** The contract on paper: its words with the terms in place, the annexes, all terms with their sources, and who signed. */
final class PrintedContract {

    private PrintedContract() {}

    static Paper paper(ContractVersion version, List<Signature> signatures, Texts texts) {
        return paper(version, signatures, "", texts);
    }

    /** One of the numbered counterparts (I-7.1a). */
    static Paper counterpart(
            ContractVersion version,
            List<Signature> signatures,
            ContractRows.Counterpart counterpart,
            int copies,
            Texts texts) {
        return paper(
                version,
                signatures,
                texts.say("contract.paper.counterpart.copy", counterpart.copy(), copies, counterpart.holder()),
                texts);
    }

    private static Paper paper(ContractVersion version, List<Signature> signatures, String counterpart, Texts texts) {
        var title = version.findings().title().isBlank()
                ? texts.say("contract.untitled")
                : version.findings().title();
        var paper = texts.locale().equals(Texts.ENGLISH) ? Paper.english(title) : Paper.chinese(title);
        var header = texts.say(
                version.hash() == null ? "contract.paper.header.draft" : "contract.paper.header",
                title,
                version.contract().toString(),
                version.number());
        paper.header(counterpart.isEmpty() ? header : header + " · " + counterpart);
        text(paper, version, title);
        for (var sheet : version.annexes().sheets().values()) {
            paper.append(PrintedAnnex.part(sheet, texts));
        }
        terms(paper, version, texts);
        signatures(paper, version, signatures, counterpart, texts);
        return paper;
    }

    private static void text(Paper paper, ContractVersion version, String title) {
        paper.title(title);
        for (var line : DocumentText.of(version).lines()) {
            var spans = line.pieces().stream()
                    .map(piece -> new Span(piece.text(), look(piece.look())))
                    .toList();
            var words = String.join("", spans.stream().map(Span::text).toList()).strip();
            if (words.isEmpty() || words.equals(title)) {
                continue;
            }
            if (line.heading()) {
                paper.heading(words);
            } else {
                paper.words(
                        line.clauses().isEmpty()
                                ? " "
                                : line.clauses().getFirst().id(),
                        spans);
            }
        }
    }

    private static Look look(DocumentText.Look look) {
        return switch (look) {
            case PRINTED -> Look.PLAIN;
            case FILLED -> Look.FILLED;
            case BLANK -> Look.BLANK;
            case STRUCK -> Look.STRUCK;
        };
    }

    private static void terms(Paper paper, ContractVersion version, Texts texts) {
        var rows = new ArrayList<List<String>>();
        for (var entry : version.settled().entries()) {
            var value = entry.value();
            if (value != null && !entry.key().isFilledBySigning()) {
                var shown = value instanceof TermValue.Amount(var money)
                        ? money + "\n" + AmountWords.of(money, texts)
                        : Shown.of(value, entry.key(), texts);
                rows.add(List.of(
                        entry.key().clause().id(),
                        texts.say(entry.key().title()),
                        shown,
                        texts.say(
                                entry.binds() ? "contract.paper.term.binds" : "contract.paper.term.open",
                                entry.source())));
            }
        }
        paper.pageBreak()
                .heading(texts.say("contract.page.document.terms"))
                .note(texts.say("contract.paper.terms.note"))
                .table(
                        List.of(
                                new Column(texts.say("contract.page.clause"), Align.LEFT, 3),
                                new Column(texts.say("contract.page.termName"), Align.LEFT, 7),
                                new Column(texts.say("contract.page.value"), Align.LEFT, 8),
                                new Column(texts.say("contract.page.source"), Align.LEFT, 7)),
                        rows);
    }

    private static void signatures(
            Paper paper, ContractVersion version, List<Signature> signatures, String counterpart, Texts texts) {
        paper.pageBreak().title(texts.say("contract.annex.signatures"));
        var hash = version.hash();
        paper.paragraph(texts.say(
                hash == null ? "contract.paper.sign.draft" : "contract.paper.sign.opening",
                version.findings().title(),
                version.number()));
        var terms = version.terms();
        var places = new ArrayList<SealPlace>();
        for (var party : List.of(Party.CLIENT, Party.PROVIDER)) {
            var name = terms.text(party == Party.CLIENT ? TermKey.CLIENT_NAME : TermKey.PROVIDER_NAME)
                    .orElse("");
            places.add(signatures.stream()
                    .filter(signature -> signature.party() == party)
                    .findFirst()
                    .map(signature -> new SealPlace(
                            texts.say("contract.paper.party", party),
                            name,
                            texts.say("contract.paper.signedMark", signature.mode()),
                            true,
                            lines(signature, texts)))
                    .orElseGet(() -> PrintedAnnex.place(party, name, texts)));
        }
        paper.seals(places);
        var facts = new ArrayList<List<String>>();
        facts.add(List.of(texts.say("contract.paper.number"), version.contract().toString()));
        facts.add(List.of(
                texts.say("contract.paper.place"),
                terms.text(TermKey.SIGN_PLACE).orElse("—")));
        if (!counterpart.isEmpty()) {
            facts.add(List.of(texts.say("contract.paper.counterpart"), counterpart));
        }
        if (hash != null) {
            facts.add(List.of(texts.say("contract.paper.hash"), hash));
        }
        var risks = version.annexes().checks().stream()
                .filter(check -> !check.isComplete() && check.isAccepted())
                .map(check ->
                        check.clause().id() + " " + texts.say(check.clause().title()))
                .toList();
        if (!risks.isEmpty()) {
            facts.add(List.of(texts.say("contract.paper.risks"), String.join("\n", risks)));
        }
        paper.facts(facts);
        if (hash != null) {
            paper.note(texts.say("contract.paper.hash.note"));
        }
    }

    private static List<String> lines(Signature signature, Texts texts) {
        var lines = new ArrayList<String>();
        lines.add(texts.say("contract.paper.signatory", signature.signatory()));
        if (signature.seal() != null) {
            lines.add(texts.say("contract.paper.seal", signature.seal()));
        }
        lines.add(
                signature.basis() == null
                        ? texts.say("contract.paper.authority", signature.authority())
                        : texts.say("contract.paper.authority.basis", signature.basis(), signature.authority()));
        if (signature.paper() != null) {
            lines.add(texts.say(
                    "contract.paper.authority.paper", signature.paper().substring(0, 16)));
        }
        lines.add(texts.say("contract.paper.signedAt", signature.signedAt()));
        return List.copyOf(lines);
    }
}
