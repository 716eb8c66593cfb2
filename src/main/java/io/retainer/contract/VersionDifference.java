package io.retainer.contract;

import io.retainer.kernel.Clause;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What differs between two versions of a contract: clauses word by word, terms and lines of the annexes. Pure.
 *
 * @param clauses that say something else in the two
 * @param terms whose values differ
 * @param annexes lines that are only in one of the two
 */
record VersionDifference(
        int from, int to, List<ClauseChange> clauses, List<TermChange> terms, List<AnnexChange> annexes) {

    record ClauseChange(Clause clause, List<WordDifference.Piece> pieces) {}

    record TermChange(
            TermKey key,
            @Nullable TermValue before,
            @Nullable TermValue after) {}

    record AnnexChange(AnnexKind kind, List<WordDifference.Piece> pieces) {}

    static VersionDifference of(ContractVersion from, ContractVersion to) {
        return new VersionDifference(from.number(), to.number(), clauses(from, to), terms(from, to), annexes(from, to));
    }

    public boolean isEmpty() {
        return clauses.isEmpty() && terms.isEmpty() && annexes.isEmpty();
    }

    private static List<ClauseChange> clauses(ContractVersion from, ContractVersion to) {
        var before = words(from);
        var after = words(to);
        var all = EnumSet.noneOf(Clause.class);
        all.addAll(before.keySet());
        all.addAll(after.keySet());
        var changes = new ArrayList<ClauseChange>();
        for (var clause : all) {
            var old = before.getOrDefault(clause, "");
            var now = after.getOrDefault(clause, "");
            if (!old.equals(now)) {
                changes.add(new ClauseChange(clause, WordDifference.between(old, now)));
            }
        }
        return List.copyOf(changes);
    }

    private static Map<Clause, String> words(ContractVersion version) {
        var words = new EnumMap<Clause, String>(Clause.class);
        version.clauses()
                .forEach(found ->
                        words.put(found.clause(), found.passage().text().strip()));
        return words;
    }

    private static List<TermChange> terms(ContractVersion from, ContractVersion to) {
        return from.terms().entries().stream()
                .map(TermEntry::key)
                .filter(key -> !key.isDerived() && !key.isFilledBySigning())
                .map(key -> new TermChange(
                        key, from.terms().get(key).value(), to.terms().get(key).value()))
                .filter(change -> !java.util.Objects.equals(change.before(), change.after()))
                .toList();
    }

    private static List<AnnexChange> annexes(ContractVersion from, ContractVersion to) {
        var changes = new ArrayList<AnnexChange>();
        for (var kind : AnnexKind.values()) {
            var old = lines(from, kind);
            var now = lines(to, kind);
            if (!old.equals(now)) {
                changes.add(new AnnexChange(kind, WordDifference.between(old, now)));
            }
        }
        return List.copyOf(changes);
    }

    private static String lines(ContractVersion version, AnnexKind kind) {
        return version.annexes().of(kind).lines().stream().collect(Collectors.joining("\n"));
    }
}
