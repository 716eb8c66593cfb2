package io.retainer.contract;

import io.retainer.contract.AnnexKind.Column;
import io.retainer.contract.AnnexKind.Part;
import io.retainer.kernel.Money;
import io.retainer.kernel.Refused;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * An annex as it is written: for each of its parts the rows, each cell in canonical form where it was understood and as
 * written where it was not. From it come the typed {@link Annex} and the {@link AnnexGap}s; it is what is kept, hashed,
 * exported and edited.
 *
 * @param rows by the id of the part; a part that is not there is empty
 * @param unread lines of an imported file that belong nowhere; shown until somebody has dealt with them
 */
public record AnnexSheet(AnnexKind kind, Map<String, List<Row>> rows, List<String> unread) {

    /** More than any annex needs. */
    static final int MOST_ROWS = 300;

    /** Unread lines included; as much as a whole contract. */
    private static final int MOST_CHARACTERS = 500_000;

    /** @param cells by the id of the column; an empty cell is left out */
    public record Row(Map<String, String> cells) {

        public Row {
            var kept = new LinkedHashMap<String, String>();
            cells.forEach((column, value) -> {
                if (!value.isEmpty()) {
                    kept.put(column, value);
                }
            });
            cells = Collections.unmodifiableMap(kept);
        }

        public String cell(String column) {
            return cells.getOrDefault(column, "");
        }

        public boolean isEmpty() {
            return cells.isEmpty();
        }

        Row with(String column, String value) {
            var next = new LinkedHashMap<>(cells);
            next.put(column, value);
            return new Row(next);
        }
    }

    public AnnexSheet {
        SequencedMap<String, List<Row>> ordered = new LinkedHashMap<>();
        for (var part : kind.parts()) {
            var given = rows.getOrDefault(part.id(), List.of());
            var kept = new ArrayList<Row>();
            for (var row : given) {
                var cells = new LinkedHashMap<String, String>();
                for (var column : part.columns()) {
                    var text = AnnexCell.tidy(row.cell(column.id()));
                    if (text.length() > AnnexCell.LONGEST) {
                        throw Refused.field(
                                part.id() + "." + column.id(),
                                "contract.annex.refused.tooLong",
                                part.title(column),
                                AnnexCell.LONGEST);
                    }
                    cells.put(column.id(), AnnexCell.read(column, text).orElse(text));
                }
                var tidy = new Row(cells);
                if (!tidy.isEmpty()) {
                    kept.add(tidy);
                }
            }
            if (kept.size() > (part.isList() ? MOST_ROWS : 1)) {
                throw Refused.field(part.id(), "contract.annex.refused.tooManyRows", part.title(), MOST_ROWS);
            }
            if (!kept.isEmpty()) {
                ordered.put(part.id(), List.copyOf(kept));
            }
        }
        rows = Collections.unmodifiableMap(ordered);
        unread = unread.stream()
                .map(AnnexCell::tidy)
                .filter(line -> !line.isEmpty())
                .toList();
        long characters = unread.stream().mapToInt(String::length).sum()
                + rows.values().stream()
                        .flatMap(List::stream)
                        .flatMap(row -> row.cells().values().stream())
                        .mapToLong(String::length)
                        .sum();
        if (characters > MOST_CHARACTERS) {
            throw Refused.field("parts", "contract.annex.refused.tooLarge", kind.title(), MOST_CHARACTERS);
        }
    }

    public static AnnexSheet empty(AnnexKind kind) {
        return new AnnexSheet(kind, Map.of(), List.of());
    }

    public boolean isEmpty() {
        return rows.isEmpty() && unread.isEmpty();
    }

    public List<Row> of(String part) {
        return rows.getOrDefault(part, List.of());
    }

    /** The cell of a single part, or of the first row of a list. */
    public String cell(String part, String column) {
        return of(part).isEmpty() ? "" : of(part).getFirst().cell(column);
    }

    /** With one cell of a single part changed. */
    public AnnexSheet with(String part, String column, String value) {
        var first = of(part).isEmpty() ? new Row(Map.of()) : of(part).getFirst();
        return with(part, List.of(first.with(column, value)));
    }

    public AnnexSheet with(String part, List<Row> content) {
        var next = new LinkedHashMap<>(rows);
        next.put(part, content);
        return new AnnexSheet(kind, next, unread);
    }

    AnnexSheet withoutUnread() {
        return new AnnexSheet(kind, rows, List.of());
    }

    /** Where this has nothing, what the other has: part by part for lists, cell by cell otherwise. */
    AnnexSheet completedBy(AnnexSheet other) {
        var next = new LinkedHashMap<>(rows);
        for (var part : kind.parts()) {
            var mine = of(part.id());
            var theirs = other.of(part.id());
            if (mine.isEmpty()) {
                next.put(part.id(), theirs);
            } else if (!part.isList() && !theirs.isEmpty()) {
                var cells = new LinkedHashMap<>(theirs.getFirst().cells());
                cells.putAll(mine.getFirst().cells());
                next.put(part.id(), List.of(new Row(cells)));
            } else if (part.isPerService()) {
                var byService = new LinkedHashMap<String, Row>();
                theirs.forEach(row -> byService.put(row.cell("service"), row));
                mine.forEach(row -> byService.merge(row.cell("service"), row, (theirRow, myRow) -> {
                    var cells = new LinkedHashMap<>(theirRow.cells());
                    cells.putAll(myRow.cells());
                    return new Row(cells);
                }));
                next.put(part.id(), List.copyOf(byService.values()));
            }
        }
        return new AnnexSheet(kind, next, unread);
    }

    Optional<Money> money(String part, String column) {
        return value(part, column).map(Money::of);
    }

    Optional<Integer> whole(String part, String column) {
        return value(part, column).map(Integer::valueOf);
    }

    Optional<BigDecimal> decimal(String part, String column) {
        return value(part, column).map(BigDecimal::new);
    }

    Optional<String> value(String part, String column) {
        return AnnexCell.read(kind.part(part).column(column), cell(part, column));
    }

    /** One line per cell, as it is signed: {@code goals.1.measure 客户满意度}. */
    List<String> lines() {
        var lines = new ArrayList<String>();
        for (var part : kind.parts()) {
            int number = 0;
            for (var row : of(part.id())) {
                number++;
                for (var column : part.columns()) {
                    if (!row.cell(column.id()).isEmpty()) {
                        lines.add(part.id() + (part.isList() ? "." + number : "") + "." + column.id() + " "
                                + row.cell(column.id()));
                    }
                }
            }
        }
        return lines;
    }

    String hash() {
        return Hashes.of("annex " + kind.number() + "\n" + String.join("\n", lines()));
    }

    /** The typed terms, as far as they can be read. */
    Annex typed() {
        return AnnexTerms.of(this);
    }

    /** A readable value of the row, for a typed term. */
    static Optional<String> read(Part part, Row row, String column) {
        return AnnexCell.read(part.column(column), row.cell(column));
    }

    static LocalDate date(String canonical) {
        return LocalDate.parse(canonical);
    }

    static boolean isReadable(Column column, String value) {
        return AnnexCell.read(column, value).isPresent();
    }
}
