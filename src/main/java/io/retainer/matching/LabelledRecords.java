package io.retainer.matching;

import io.retainer.kernel.Refused;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Records out of one or two files, and which row has which identifier. Without a column of identifiers the rows are numbered
 * from 1.
 *
 * @param rowOf for each file the row of each identifier
 */
record LabelledRecords(Records records, List<Map<String, Integer>> rowOf) {

    private static final int LONGEST_ID = 64;

    /** How files say that there is nothing. */
    private static final Set<String> NOTHING = Set.of(
            "NA", "N/A", "n/a", "#N/A", "NULL", "null", "Null", "NaN", "nan", "None", "none", "\\N", "-", "--", "—",
            "?", "无", "未知", "不详", "暂无", "空");

    /**
     * Reads them.
     *
     * @param hidden columns that must not be compared
     * @param mentioned what the truth calls the records, as far as is known
     */
    static LabelledRecords read(List<Sheet> sheets, Mapping mapping, Set<String> hidden, Set<String> mentioned) {
        var idColumns = sheets.stream()
                .map(sheet -> idColumn(sheet, mapping, hidden, mentioned))
                .toList();
        var names = new ArrayList<>(sheets.getFirst().header());
        names.removeAll(hidden);
        if (idColumns.getFirst() >= 0) {
            names.remove(sheets.getFirst().header().get(idColumns.getFirst()));
        }
        if (names.isEmpty()) {
            throw Refused.because(
                    "matching.file.nothingToCompare", sheets.getFirst().file().toString());
        }
        var builder = Records.of(names);
        var rowOf = new ArrayList<Map<String, Integer>>();
        var count = new int[1];
        for (int s = 0; s < sheets.size(); s++) {
            if (s == 1) {
                builder.secondSource();
            }
            var sheet = sheets.get(s);
            int id = idColumns.get(s);
            var places = s == 0
                    ? names.stream().mapToInt(sheet.header()::indexOf).toArray()
                    : ColumnPairing.places(sheets.getFirst(), names, sheet, mapping, hidden, id);
            var ids = new HashMap<String, Integer>();
            sheet.forEach(row -> {
                var values = new ArrayList<@Nullable String>(places.length);
                for (int place : places) {
                    values.add(place < 0 ? null : value(Sheet.cell(row, place)));
                }
                builder.add(values);
                var name = id < 0 ? String.valueOf(ids.size() + 1) : Sheet.cell(row, id);
                if (ids.putIfAbsent(name, count[0]++) != null) {
                    throw Refused.because("matching.file.idTwice", sheet.file().toString(), name);
                }
            });
            rowOf.add(ids);
        }
        return new LabelledRecords(builder.build(), List.copyOf(rowOf));
    }

    static String value(String cell) {
        return NOTHING.contains(cell) ? "" : cell;
    }

    /** The told column, else among those in which every row has its own value the one the truth speaks of, else the first. */
    private static int idColumn(Sheet sheet, Mapping mapping, Set<String> hidden, Set<String> mentioned) {
        var told = mapping.get("id");
        if (told != null) {
            return told.equals("#") ? -1 : sheet.column(told);
        }
        List<@Nullable Set<String>> seen = new ArrayList<>();
        sheet.header().forEach(column -> seen.add(hidden.contains(column) ? null : new HashSet<>()));
        sheet.forEach(row -> {
            for (int c = 0; c < seen.size(); c++) {
                var values = seen.get(c);
                var cell = Sheet.cell(row, c);
                if (values != null && (cell.isEmpty() || cell.length() > LONGEST_ID || !values.add(cell))) {
                    seen.set(c, null);
                }
            }
        });
        int best = -1;
        long most = -1;
        for (int c = 0; c < seen.size(); c++) {
            var values = seen.get(c);
            if (values != null) {
                long known = values.stream().filter(mentioned::contains).count();
                if (known > most) {
                    most = known;
                    best = c;
                }
            }
        }
        return best;
    }

    /** The row of an identifier, in the first file or the second; -1 when there is none of that name. */
    int row(int file, String id) {
        return rowOf.get(Math.min(file, rowOf.size() - 1)).getOrDefault(id, -1);
    }

    /** The row of an identifier of either file. */
    int anyRow(String id) {
        int row = row(0, id);
        return row >= 0 ? row : row(1, id);
    }
}
