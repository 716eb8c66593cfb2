package io.retainer.contract;

import io.retainer.contract.ImportedContract.TemplateMarker;
import io.retainer.kernel.Clause;
import java.time.Instant;
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

    List<Problem> problems() {
        return Problems.of(terms, markers(), clauses, missing());
    }

    String content() {
        return SignedContent.of(contract, number, original, markersStruck, terms.entries());
    }
}
