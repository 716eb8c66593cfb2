package io.retainer.contract;

import io.retainer.kernel.Clause;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What was read from a text, and what was not.
 *
 * @param title as printed, or empty
 * @param original the untouched text
 * @param text the cleaned text
 * @param clauses in the order of the register
 * @param terms what the text says of each term it mentions
 * @param markers signs that this is a template and no contract
 * @param unread what belongs to no clause that is known; shown, never guessed
 * @param annexes that stand behind the text, as far as they could be read
 * @param furniture what the hosting page printed around the text; no part of the contract
 */
public record ImportedContract(
        String title,
        String original,
        String text,
        String encoding,
        boolean traditionalScript,
        int reconstructions,
        List<FoundClause> clauses,
        DraftTerms terms,
        List<TemplateMarker> markers,
        List<Passage> unread,
        List<Passage> furniture,
        Map<AnnexKind, AnnexSheet> annexes) {

    /** A sign of a template, such as 仅供学习使用, and the clause beside which it stands. */
    public record TemplateMarker(Clause clause, Passage passage) {}

    public ImportedContract {
        clauses = List.copyOf(clauses);
        markers = List.copyOf(markers);
        unread = List.copyOf(unread);
        furniture = List.copyOf(furniture);
        annexes = Map.copyOf(annexes);
    }

    /** The clauses of the register that the text does not have. */
    public Set<Clause> missing() {
        var missing = EnumSet.allOf(Clause.class);
        Collection<Clause> found = clauses.stream().map(FoundClause::clause).toList();
        missing.removeAll(found);
        return missing;
    }
}
