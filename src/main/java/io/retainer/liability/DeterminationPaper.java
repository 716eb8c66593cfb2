package io.retainer.liability;

import io.retainer.document.Paper;
import io.retainer.document.Paper.Align;
import io.retainer.document.Paper.Column;
import io.retainer.document.Paper.SealPlace;
import io.retainer.kernel.AmountWords;
import io.retainer.kernel.Money;
import io.retainer.kernel.Party;
import io.retainer.kernel.Texts;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A breach case on paper: what happened, each element with its evidence and what follows from it, who bears how much and why, and
 * what is owed, in figures and words. It says as clearly what was not proven and what is not agreed yet.
 */
final class DeterminationPaper {

    private final BreachCases.Whole whole;
    private final Names names;
    private final Texts texts;
    private int sections;

    private DeterminationPaper(BreachCases.Whole whole, Names names, Texts texts) {
        this.whole = whole;
        this.names = names;
        this.texts = texts;
    }

    /**
     * @param title of the contract
     * @param client name of the client under the version that was in force
     * @param provider likewise
     */
    record Names(String title, String client, String provider) {}

    static Paper of(BreachCases.Whole whole, Names names, Texts texts) {
        return new DeterminationPaper(whole, names, texts).paper();
    }

    private Paper paper() {
        var breach = whole.breach();
        var name = texts.say("liability.paper.title");
        var paper = texts.locale().equals(Texts.ENGLISH) ? Paper.english(name) : Paper.chinese(name);
        paper.header(texts.say("liability.paper.header", names.title(), breach.serial()))
                .title()
                .subtitle(texts.say("liability.paper.number", breach.serial(), breach.state()))
                .facts(parties());
        if (breach.state() == BreachState.PROPOSED || breach.state() == BreachState.DISPUTED) {
            paper.box(texts.say(
                    "liability.paper.notAgreed",
                    breach.state(),
                    breach.proposedBy() == Party.CLIENT ? Party.PROVIDER : Party.CLIENT));
        }
        section(paper, "liability.paper.facts")
                .paragraph(whole.words().words())
                .paragraph(texts.say(
                        "liability.paper.days",
                        breach.happenedOn(),
                        breach.knownOn(),
                        breach.contractVersion(),
                        breach.limitation()));
        elements(section(paper, "liability.paper.elements"));
        var defence = breach.defence();
        if (defence != null) {
            section(paper, "liability.paper.defence").paragraph(texts.say("liability.answered", defence));
            var answer = whole.words().answer();
            if (answer != null) {
                paper.paragraph(answer);
            }
        }
        var determined = whole.determined();
        if (determined != null) {
            apportionment(section(paper, "liability.paper.apportionment"), determined);
            owed(section(paper, "liability.paper.owed"), determined);
        }
        var proposal = whole.proposal();
        if (proposal != null) {
            paper.facts(List.of(
                            List.of(
                                    texts.say("liability.paper.proposal"),
                                    texts.say("liability.proposal", proposal.round(), proposal.party())),
                            List.of(texts.say("liability.paper.hash"), proposal.hash())))
                    .note(texts.say("liability.paper.hash.note"));
        }
        return paper.seals(List.of(place(Party.CLIENT), place(Party.PROVIDER)));
    }

    private Paper section(Paper paper, String title) {
        sections++;
        return paper.heading(texts.say(
                "liability.paper.section",
                texts.locale().equals(Texts.ENGLISH)
                        ? Integer.toString(sections)
                        : "一二三四五六七八九".substring(sections - 1, sections),
                texts.say(title)));
    }

    private List<List<String>> parties() {
        var breach = whole.breach();
        var facts = new ArrayList<>(List.of(
                List.of(texts.name(Party.CLIENT), names.client()),
                List.of(texts.name(Party.PROVIDER), names.provider())));
        var third = whole.words().thirdName();
        if (third != null) {
            facts.add(List.of(texts.name(Party.THIRD_PARTY), third));
        }
        facts.add(List.of(texts.say("liability.paper.contract"), names.title() + "\n" + breach.contract()));
        facts.add(List.of(
                texts.say("liability.paper.rule"), breach.rule().clause().id() + " " + texts.name(breach.rule())));
        facts.add(List.of(texts.say("liability.paper.claimant"), texts.name(breach.claimant())));
        return facts;
    }

    private void elements(Paper paper) {
        var breach = whole.breach();
        var rows = new ArrayList<List<String>>();
        for (var element : breach.rule().elements()) {
            var evidence = breach.evidence().get(element);
            rows.add(List.of(
                    Integer.toString(rows.size() + 1),
                    texts.name(element),
                    texts.say(
                            evidence == null
                                    ? "liability.required"
                                    : evidence.isPresent() ? "liability.proven" : "liability.unproven"),
                    evidence == null
                            ? "—"
                            : evidence.map(DeterminationPaper::grouped).orElse("—")));
        }
        paper.table(
                List.of(
                        new Column(texts.say("liability.serial"), Align.CENTER, 2),
                        new Column(texts.say("liability.element"), Align.LEFT, 7),
                        new Column(texts.say("liability.paper.finding"), Align.CENTER, 4),
                        new Column(texts.say("liability.evidence"), Align.LEFT, 9)),
                rows);
        var unproven = breach.unproven();
        paper.paragraph(
                unproven.isEmpty()
                        ? texts.say("liability.paper.met", breach.rule().clause(), breach.rule())
                        : texts.say(
                                breach.state() == BreachState.DISMISSED
                                        ? "liability.paper.dismissed"
                                        : "liability.paper.unproven",
                                unproven));
    }

    /** A hash in groups, so that the line can break and a reader can compare. */
    private static String grouped(String hash) {
        return hash.replaceAll("(.{8})(?=.)", "$1 ");
    }

    private void apportionment(Paper paper, Determination determined) {
        var rows = new ArrayList<List<String>>();
        for (var step : determined.steps()) {
            rows.add(List.of(
                    Integer.toString(rows.size() + 1),
                    texts.say(step.words()),
                    step.amount().formatted()));
        }
        paper.subheading(texts.say("liability.derivation"))
                .table(
                        List.of(
                                new Column(texts.say("liability.serial"), Align.CENTER, 2),
                                new Column(texts.say("liability.paper.step"), Align.LEFT, 14),
                                new Column(texts.say("liability.amount"), Align.RIGHT, 5)),
                        rows);
        paper.subheading(texts.say("liability.paper.shares"))
                .facts(Stream.of(
                                share(texts.name(Party.CLIENT), determined.client()),
                                share(texts.name(Party.PROVIDER), determined.provider()),
                                share(texts.name(Party.THIRD_PARTY), determined.third()),
                                share(texts.say("liability.net"), determined.net()))
                        .toList());
        if (!determined.unagreed().isEmpty()) {
            paper.note(texts.say(
                    "liability.preview",
                    determined.unagreed().stream()
                            .map(io.retainer.contract.TermKey::named)
                            .toList()));
        }
    }

    private List<String> share(String who, Money amount) {
        return List.of(who, words(amount));
    }

    private String words(Money amount) {
        return amount + "\n" + AmountWords.of(amount, texts);
    }

    private void owed(Paper paper, Determination determined) {
        var proposal = whole.proposal();
        if (determined.owed().isEmpty()) {
            paper.paragraph(texts.say("liability.paper.nothingOwed"));
            return;
        }
        var claims = whole.claims();
        var rows = new ArrayList<List<String>>();
        for (int i = 0; i < determined.owed().size(); i++) {
            var one = determined.owed().get(i);
            var claim = i < claims.size() ? claims.get(i) : null;
            rows.add(List.of(
                    texts.name(one.debtor()),
                    texts.name(one.creditor()),
                    texts.name(one.kind()),
                    words(one.amount()),
                    due(claim, proposal)));
        }
        paper.table(
                List.of(
                        new Column(texts.say("liability.debtor"), Align.LEFT, 4),
                        new Column(texts.say("liability.creditor"), Align.LEFT, 4),
                        new Column(texts.say("liability.paper.kind"), Align.LEFT, 4),
                        new Column(texts.say("liability.amount"), Align.LEFT, 8),
                        new Column(texts.say("liability.due"), Align.LEFT, 6)),
                rows);
    }

    private String due(BreachRows.@Nullable Claim claim, BreachRows.@Nullable Proposal proposal) {
        if (claim == null) {
            return proposal == null ? "—" : texts.say("liability.paper.payDays", proposal.payDays());
        }
        var due = new StringBuilder(texts.say("liability.value", claim.dueOn()));
        for (var off : claim.setOffs()) {
            due.append('\n').append(texts.say("liability.setOff.done", off.amount(), off.instalment(), off.at()));
            var ending = off.ending();
            if (ending != null) {
                due.append('\n')
                        .append(texts.name(ending.how()))
                        .append(' ')
                        .append(texts.say(
                                "liability.setOff.ended",
                                ending.at(),
                                ending.stands(),
                                off.amount().minus(ending.stands())));
            }
        }
        if (claim.paidAt() != null && !claim.isSetOff()) {
            due.append('\n').append(texts.say("liability.paper.done", claim.paidAt()));
        }
        return due.toString();
    }

    private SealPlace place(Party party) {
        var breach = whole.breach();
        boolean agreed = breach.state() == BreachState.AGREED || breach.state() == BreachState.SETTLED;
        return new SealPlace(
                texts.name(party),
                party == Party.CLIENT ? names.client() : names.provider(),
                texts.say(agreed ? "liability.paper.agreedMark" : "liability.paper.sealHere"),
                agreed,
                List.of(texts.say("liability.paper.representative"), texts.say("liability.paper.date")));
    }
}
