package io.retainer.contract;

import io.retainer.contract.ContractVersion.Findings;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * A draft in which one clause says something else. The whole text is read anew, as if it had been imported so: a term the
 * new words give takes the place of the old one, and what was filled in elsewhere stays. Pure.
 */
final class Rewording {

    private Rewording() {}

    /** What the clause says in this version. */
    static String words(ContractVersion version, Clause clause) {
        return found(version.clauses(), clause).passage().text();
    }

    /**
     * @throws Refused when the text has no such clause, or other clauses would be read differently too, naming them
     */
    static ContractVersion of(ContractVersion old, Clause clause, String words, UUID nextId) {
        var place = found(old.clauses(), clause).passage();
        if (!old.text().startsWith(place.text(), place.start())) {
            throw Refused.field("words", "contract.negotiation.refused.noPlace", clause);
        }
        var text = old.text().substring(0, place.start())
                + words.strip()
                + old.text()
                        .substring(place.start() + place.text().stripTrailing().length());
        ImportedContract read;
        try {
            read = ContractImporter.pasted(text);
        } catch (Refused unreadable) {
            throw Refused.field("words", "contract.negotiation.refused.structure", List.of(clause));
        }
        var others = others(old, read, place);
        if (!others.isEmpty()) {
            throw Refused.field("words", "contract.negotiation.refused.structure", others);
        }
        return new ContractVersion(
                old.contract(),
                nextId,
                old.number() + 1,
                text,
                read.text(),
                new Findings(
                        read.title(),
                        old.findings().encoding(),
                        old.findings().traditionalScript(),
                        read.reconstructions(),
                        read.markers(),
                        read.unread(),
                        old.findings().furniture()),
                old.markersStruck(),
                read.clauses(),
                merged(old.terms(), read.terms()),
                old.annexes(),
                null,
                null);
    }

    /** Clauses that came, went or say something else, though nobody proposed that. */
    private static List<Clause> others(ContractVersion old, ImportedContract read, Passage place) {
        var now = read.clauses().stream()
                .collect(Collectors.toMap(
                        FoundClause::clause, found -> found.passage().text().strip()));
        var changed = new ArrayList<Clause>();
        for (var found : old.clauses()) {
            var passage = found.passage();
            boolean apart = passage.end() <= place.start() || passage.start() >= place.end();
            var words = now.remove(found.clause());
            if (words == null || (apart && !words.equals(passage.text().strip()))) {
                changed.add(found.clause());
            }
        }
        changed.addAll(now.keySet());
        return changed.stream().sorted().toList();
    }

    /** The new words speak for a term where they differ from the old ones; elsewhere what was settled stays settled. */
    private static DraftTerms merged(DraftTerms old, DraftTerms read) {
        var terms = new ArrayList<TermEntry>();
        for (var fresh : read.entries()) {
            var known = old.get(fresh.key());
            boolean sameWords = words(known.passage()).equals(words(fresh.passage()));
            boolean textSpeaks = fresh.source() == TermSource.MAIN_TEXT
                    && (known.source() == TermSource.MAIN_TEXT || (fresh.value() != null && !sameWords));
            if (textSpeaks || known.value() == null) {
                var entry = fresh;
                if (known.value() != null && known.value().equals(fresh.value())) {
                    for (Party party : known.confirmedBy()) {
                        entry = entry.confirmed(party);
                    }
                }
                terms.add(entry);
            } else if (known.source() == TermSource.MAIN_TEXT) {
                terms.add(fresh); // the text does not say it any more
            } else {
                terms.add(new TermEntry(
                        known.key(),
                        known.reading(),
                        known.value(),
                        known.source(),
                        fresh.passage(),
                        known.confirmedBy()));
            }
        }
        return DraftTerms.of(terms);
    }

    private static String words(@org.jspecify.annotations.Nullable Passage passage) {
        return passage == null ? "" : passage.text();
    }

    private static FoundClause found(List<FoundClause> clauses, Clause clause) {
        return clauses.stream()
                .filter(candidate -> candidate.clause() == clause)
                .findFirst()
                .orElseThrow(() -> Refused.field("words", "contract.negotiation.refused.noPlace", clause));
    }
}
