package io.retainer.contract;

import io.retainer.document.Paper;
import io.retainer.document.Paper.Align;
import io.retainer.document.Paper.Column;
import io.retainer.document.Paper.SealPlace;
import io.retainer.kernel.AmountWords;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Money;
import io.retainer.kernel.Party;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Texts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A notice of one party to the other, as a letter to be served: what it rests on, what happened, how much, until when, and
 * what follows. Plain facts in, a paper out; it decides nothing.
 *
 * @param number of the notice, as the ledger knows it
 * @param clause it rests on
 * @param words of the sender's own, or null
 * @param hash SHA-256 of the notice as it stands in the ledger, or null
 */
public record NoticeLetter(
        Type type,
        String number,
        UUID contract,
        String contractTitle,
        Party sender,
        String clientName,
        String providerName,
        Clause clause,
        Particulars particulars,
        @Nullable String words,
        Instant date,
        @Nullable String hash) {

    /** What the letter is for; each has its opening and its closing words. */
    public enum Type {
        /** Demands an overdue payment (I-3.3a). */
        DEMAND,
        /** Demands that a breach be cured (Civil Code 563(3)). */
        CURE_DEMAND,
        /** Tells that services are suspended (I-3.3a, G-14). */
        SUSPENSION,
        /** Ends the contract; effective on arrival (I-3.3b, Civil Code 565). */
        TERMINATION,
        /** Sets a penalty off against a refund (G-41, Civil Code 568). */
        SET_OFF,
        /** Tells of force majeure (I-5.3a, Civil Code 590). */
        FORCE_MAJEURE,
        /** Says that the other side broke its secrecy (I-4.1a, I-4.2). */
        SECRECY_BREACH,
        /** Denies what the other side asserted. */
        CONTEST,
        /** Says what became of a set-off (Civil Code 568). */
        SET_OFF_RESULT,
        /** Proposes a supplementary agreement (I-7.2). */
        AMENDMENT
    }

    public record Item(Sentence what, Money amount) {}

    public record Deadline(Sentence what, Instant at) {}

    /**
     * @param facts in the order in which they are to be read
     * @param amounts each with what it is for; empty when the notice is about no money
     * @param deadlines until when what is asked for must be done; empty when nothing runs
     */
    public record Particulars(List<Sentence> facts, List<Item> amounts, List<Deadline> deadlines) {

        static final Particulars NONE = new Particulars(List.of(), List.of(), List.of());

        public Particulars {
            facts = List.copyOf(facts);
            amounts = List.copyOf(amounts);
            deadlines = List.copyOf(deadlines);
        }

        Particulars and(Particulars more) {
            return new Particulars(
                    Stream.concat(facts.stream(), more.facts().stream()).toList(),
                    Stream.concat(amounts.stream(), more.amounts().stream()).toList(),
                    Stream.concat(deadlines.stream(), more.deadlines().stream()).toList());
        }
    }

    private String name(Party party) {
        return party == Party.CLIENT ? clientName : providerName;
    }

    /** The letter in the language of the given words. */
    public Paper paper(Texts texts) {
        var recipient = sender == Party.CLIENT ? Party.PROVIDER : Party.CLIENT;
        var key = "contract.letter." + type.name();
        var title = texts.say(key + ".title");
        var paper = texts.locale().equals(Texts.ENGLISH) ? Paper.english(title) : Paper.chinese(title);
        paper.header(texts.say("contract.letter.header", contractTitle, number))
                .title()
                .subtitle(
                        hash == null
                                ? texts.say("contract.letter.number", number)
                                : texts.say("contract.letter.numberAndHash", number, hash))
                .line(texts.say("contract.letter.to", recipient, name(recipient)), Align.LEFT)
                .paragraph(texts.say(
                        key + ".opening", clientName, providerName, contractTitle, contract.toString(), clause));
        var sections = new Sections(paper, texts);
        facts(sections);
        money(sections);
        deadlines(sections);
        if (words != null && !words.isBlank()) {
            sections.next("contract.letter.words").paragraph(words);
        }
        paper.paragraph(texts.say(key + ".closing", clause, name(sender)))
                .line(texts.say("contract.letter.signedBy", sender, name(sender)), Align.LEFT)
                .seals(List.of(
                        new SealPlace(
                                texts.say("contract.paper.party", sender),
                                name(sender),
                                texts.say("contract.paper.sealHere"),
                                false,
                                List.of(
                                        texts.say("contract.paper.representative"),
                                        texts.say(
                                                "contract.letter.date",
                                                date.atZone(DraftTerms.ZONE).toLocalDate()))),
                        new SealPlace(
                                texts.say("contract.letter.receivedBy", recipient),
                                name(recipient),
                                texts.say("contract.letter.receivedHere"),
                                false,
                                List.of(
                                        texts.say("contract.letter.recipientName"),
                                        texts.say("contract.paper.date")))));
        return paper;
    }

    /** Numbered in the order in which they come: a letter without amounts has no gap where they would be. */
    private static final class Sections {

        private final Paper paper;
        private final Texts texts;
        private int number;

        Sections(Paper paper, Texts texts) {
            this.paper = paper;
            this.texts = texts;
        }

        Paper next(String title) {
            number++;
            return paper.subheading(ArticleNumbers.section(number, texts.say(title), texts));
        }
    }

    private void facts(Sections sections) {
        if (!particulars.facts().isEmpty()) {
            var paper = sections.next("contract.letter.facts");
            for (int i = 0; i < particulars.facts().size(); i++) {
                paper.paragraph(sections.texts.say(
                        "contract.letter.fact", i + 1, particulars.facts().get(i)));
            }
        }
    }

    private void money(Sections sections) {
        var amounts = particulars.amounts();
        if (amounts.isEmpty()) {
            return;
        }
        var texts = sections.texts;
        var rows = new ArrayList<List<String>>();
        amounts.forEach(
                item -> rows.add(List.of(texts.say(item.what()), item.amount().formatted())));
        var total = Money.sum(amounts.stream().map(Item::amount).toList());
        if (amounts.size() > 1) {
            rows.add(List.of(texts.say("contract.letter.total"), total.formatted()));
        }
        sections.next("contract.letter.amounts")
                .table(
                        List.of(
                                new Column(texts.say("contract.letter.item"), Align.LEFT, 9),
                                new Column(texts.say("contract.letter.amount"), Align.RIGHT, 4)),
                        rows)
                .line(texts.say("contract.letter.inWords", AmountWords.of(total, texts)), Align.LEFT);
    }

    private void deadlines(Sections sections) {
        if (!particulars.deadlines().isEmpty()) {
            var texts = sections.texts;
            sections.next("contract.letter.deadlines")
                    .table(
                            List.of(
                                    new Column(texts.say("contract.letter.what"), Align.LEFT, 7),
                                    new Column(texts.say("contract.letter.until"), Align.LEFT, 5)),
                            particulars.deadlines().stream()
                                    .map(deadline -> List.of(
                                            texts.say(deadline.what()), texts.say("contract.value", deadline.at())))
                                    .toList());
        }
    }
}
