package io.retainer.contract;

import io.retainer.contract.AnnexKind.Column;
import io.retainer.contract.AnnexKind.Part;
import io.retainer.contract.AnnexSheet.Row;
import io.retainer.contract.WordDifference.Change;
import io.retainer.contract.WordDifference.Piece;
import io.retainer.kernel.Texts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How an annex becomes another, row by row and word by word. Rows that are the same are matched first, then rows about the
 * same thing; what is left over was taken out or added. Pure.
 *
 * @param parts that change
 */
record AnnexDifference(AnnexKind kind, List<PartChange> parts) {

    /** What becomes of a row. */
    enum Fate {
        CHANGED,
        ADDED,
        REMOVED
    }

    /**
     * @param rows that change
     * @param kept how many stay as they are
     */
    record PartChange(Part part, List<RowChange> rows, int kept) {}

    /** @param before null for a row that is added; after null for one that is taken out */
    record RowChange(
            Fate fate, @Nullable Row before, @Nullable Row after, List<CellChange> cells) {}

    record CellChange(Column column, List<Piece> pieces) {}

    static AnnexDifference of(AnnexSheet before, AnnexSheet after, Texts texts) {
        var parts = new ArrayList<PartChange>();
        for (var part : after.kind().parts()) {
            var old = before.of(part.id());
            var now = after.of(part.id());
            if (!old.equals(now)) {
                var rows = pairs(part, old, now).stream()
                        .map(pair -> row(part, pair, texts))
                        .toList();
                if (!rows.isEmpty()) {
                    parts.add(new PartChange(
                            part,
                            rows,
                            now.size()
                                    - (int) rows.stream()
                                            .filter(row -> row.after() != null)
                                            .count()));
                }
            }
        }
        return new AnnexDifference(after.kind(), List.copyOf(parts));
    }

    boolean isEmpty() {
        return parts.isEmpty();
    }

    /** A row of old and what it becomes. */
    record Pair(@Nullable Row before, @Nullable Row after) {}

    /** Rows that differ, in the order of the new ones; what is taken out stands at the end. */
    static List<Pair> pairs(Part part, List<Row> old, List<Row> now) {
        var gone = new ArrayList<>(old);
        var fresh = new ArrayList<Row>();
        for (var row : now) {
            if (!gone.remove(row)) {
                fresh.add(row);
            }
        }
        var partner = new HashMap<Integer, Row>();
        for (int i = 0; i < fresh.size(); i++) {
            var row = fresh.get(i);
            var same = part.isList()
                    ? gone.stream()
                            .filter(other -> key(part, other).equals(key(part, row)))
                            .findFirst()
                    : gone.stream().findFirst();
            if (same.isPresent()) {
                partner.put(i, same.get());
                gone.remove(same.get());
            }
        }
        // As many left on both sides: each was reworded in its place.
        if (gone.size() == fresh.size() - partner.size()) {
            for (int i = 0; i < fresh.size(); i++) {
                if (!partner.containsKey(i)) {
                    partner.put(i, gone.removeFirst());
                }
            }
        }
        var pairs = new ArrayList<Pair>();
        for (int i = 0; i < fresh.size(); i++) {
            pairs.add(new Pair(partner.get(i), fresh.get(i)));
        }
        gone.forEach(row -> pairs.add(new Pair(row, null)));
        return pairs;
    }

    /** What a row is about: its first cell, and of a service level also the service. */
    private static String key(Part part, Row row) {
        var first = row.cell(part.columns().getFirst().id());
        return part.id().equals("levels") ? first + "/" + row.cell("service") : first;
    }

    private static RowChange row(Part part, Pair pair, Texts texts) {
        var before = pair.before() == null ? new Row(Map.of()) : pair.before();
        var after = pair.after() == null ? new Row(Map.of()) : pair.after();
        var cells = part.columns().stream()
                .map(column -> new CellChange(
                        column,
                        pieces(
                                column,
                                AnnexCell.shown(column, before.cell(column.id()), texts),
                                AnnexCell.shown(column, after.cell(column.id()), texts))))
                .toList();
        return new RowChange(
                pair.before() == null ? Fate.ADDED : pair.after() == null ? Fate.REMOVED : Fate.CHANGED,
                pair.before(),
                pair.after(),
                cells);
    }

    private static List<Piece> pieces(Column column, String before, String after) {
        return switch (column.type()) {
            case TEXT, PROSE -> WordDifference.between(before, after);
            case DATE, MONEY, WORDS, WHOLE, DECIMAL, PERCENT, TIME, YES_NO, CHOICE -> {
                if (before.equals(after)) {
                    yield before.isEmpty() ? List.of() : List.of(new Piece(before, Change.SAME));
                }
                var pieces = new ArrayList<Piece>();
                if (!before.isEmpty()) {
                    pieces.add(new Piece(before, Change.REMOVED));
                }
                if (!after.isEmpty()) {
                    pieces.add(new Piece(after, Change.ADDED));
                }
                yield pieces;
            }
        };
    }
}
