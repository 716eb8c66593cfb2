package io.retainer.contract;

import io.retainer.kernel.Clause;
import io.retainer.kernel.Party;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The annexes of one version.
 *
 * @param sheets those that have been begun
 * @param accepted who accepts which sub-row as missing, as a risk of its own (§1.5)
 */
record Annexes(Map<AnnexKind, AnnexSheet> sheets, Map<Clause, Set<Party>> accepted) {

    static final Annexes NONE = new Annexes(Map.of(), Map.of());

    Annexes {
        var ordered = new EnumMap<AnnexKind, AnnexSheet>(AnnexKind.class);
        sheets.forEach((kind, sheet) -> {
            if (!sheet.isEmpty()) {
                ordered.put(kind, sheet);
            }
        });
        sheets = Collections.unmodifiableMap(ordered);
        var kept = new EnumMap<Clause, Set<Party>>(Clause.class);
        accepted.forEach((clause, parties) -> kept.put(clause, Set.copyOf(parties)));
        accepted = Collections.unmodifiableMap(kept);
    }

    AnnexSheet of(AnnexKind kind) {
        return sheets.getOrDefault(kind, AnnexSheet.empty(kind));
    }

    boolean has(AnnexKind kind) {
        return sheets.containsKey(kind);
    }

    Annexes with(AnnexSheet sheet) {
        var next = new EnumMap<AnnexKind, AnnexSheet>(AnnexKind.class);
        next.putAll(sheets);
        next.put(sheet.kind(), sheet);
        return new Annexes(next, accepted);
    }

    Annexes accepting(Clause row, Party party) {
        var next = new EnumMap<Clause, Set<Party>>(Clause.class);
        next.putAll(accepted);
        var parties = EnumSet.of(party);
        parties.addAll(accepted.getOrDefault(row, Set.of()));
        next.put(row, parties);
        return new Annexes(sheets, next);
    }

    Set<Party> acceptedBy(Clause row) {
        return accepted.getOrDefault(row, Set.of());
    }

    boolean isAccepted(Clause row) {
        return acceptedBy(row).contains(Party.CLIENT) && acceptedBy(row).contains(Party.PROVIDER);
    }

    /** The state of one sub-row of the register. */
    record RowCheck(AnnexKind kind, Clause clause, List<AnnexGap> gaps, Set<Party> acceptedBy) {

        public boolean isComplete() {
            return gaps.isEmpty();
        }

        /** Leaving out may be accepted as a risk; what need not be written and was written wrongly may not. */
        public boolean isAccepted() {
            return acceptedBy.contains(Party.CLIENT) && acceptedBy.contains(Party.PROVIDER) && wrong().isEmpty();
        }

        private List<AnnexGap> wrong() {
            return gaps.stream()
                    .filter(gap -> kind.parts().stream()
                            .anyMatch(part -> part.isOptional() && part.id().equals(gap.part())))
                    .toList();
        }

        /** What keeps it from being signed, first of all. */
        AnnexGap first() {
            return wrong().isEmpty() ? gaps.getFirst() : wrong().getFirst();
        }

        /** Whether the contract cannot be signed because of it. */
        public boolean blocks() {
            return kind.isDueAtSigning() && !isComplete() && !isAccepted();
        }
    }

    List<RowCheck> checks(AnnexKind kind) {
        var gaps = AnnexGap.of(of(kind));
        var checks = new ArrayList<RowCheck>();
        for (var row : kind.rows()) {
            checks.add(new RowCheck(
                    kind, row, gaps.stream().filter(gap -> gap.clause() == row).toList(), acceptedBy(row)));
        }
        return checks;
    }

    List<RowCheck> checks() {
        var checks = new ArrayList<RowCheck>();
        for (var kind : AnnexKind.values()) {
            checks.addAll(checks(kind));
        }
        return checks;
    }
}
