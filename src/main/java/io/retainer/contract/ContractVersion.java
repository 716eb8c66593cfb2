package io.retainer.contract;

import io.retainer.contract.ImportedContract.TemplateMarker;
import io.retainer.kernel.Clause;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One version of a contract: its words, what was found in them, and its terms.
 *
 * @param hash of what the parties sign, once submitted
 */
record ContractVersion(
        UUID contract,
        UUID id,
        int number,
        String original,
        String text,
        Findings findings,
        boolean markersStruck,
        List<FoundClause> clauses,
        DraftTerms terms,
        Annexes annexes,
        @Nullable String hash,
        @Nullable Instant effectiveAt) {

    /** What the importer found besides clauses and terms, and what it read of the terms before anybody changed them. */
    record Findings(
            String title,
            String encoding,
            boolean traditionalScript,
            int reconstructions,
            List<TemplateMarker> markers,
            List<Passage> unread,
            List<Passage> furniture) {}

    List<TemplateMarker> markers() {
        return markersStruck ? List.of() : findings.markers();
    }

    Set<Clause> missing() {
        var missing = EnumSet.allOf(Clause.class);
        clauses.forEach(found -> missing.remove(found.clause()));
        return missing;
    }

    /** The terms as they are executed: where text and annex differ, the agreed order of precedence decides (G-03). */
    DraftTerms settled() {
        return AnnexAnswers.settled(terms, annexes);
    }

    List<Problem> problems() {
        var problems = new ArrayList<Problem>();
        Problems.of(settled(), markers(), clauses, missing())
                .forEach(problem -> problems.add(AnnexAnswers.underPrecedence(problem, terms)));
        problems.addAll(AnnexAnswers.problems(terms, annexes));
        problems.sort(Comparator.comparing(Problem::clause).thenComparing(Problem::kind));
        return List.copyOf(problems);
    }

    String content() {
        return SignedContent.of(contract, number, original, markersStruck, terms.entries(), annexes);
    }
}
