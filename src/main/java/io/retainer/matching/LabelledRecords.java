package io.retainer.matching;

import io.retainer.kernel.Refused;
import java.util.ArrayList;
import java.util.Arrays;
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

    /**
     * Reads them.
     *
     * @param hidden columns that must not be compared
     */
    static LabelledRecords read(List<Sheet> sheets, Mapping mapping, Set<String> hidden) {
        var idColumns = sheets.stream().map(sheet -> idColumn(sheet, mapping)).toList();
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
            var places = places(sheet, names, mapping, s == 0);
            var ids = new HashMap<String, Integer>();
            sheet.forEach(row -> {
                var values = new ArrayList<@Nullable String>(places.length);
                for (int place : places) {
                    values.add(place < 0 ? null : Sheet.cell(row, place));
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

    /** Columns of the second file go by name, else by the mapping, else by place when both files have as many. */
    private static int[] places(Sheet sheet, List<String> names, Mapping mapping, boolean first) {
        var own = sheet.header().stream()
                .map(column -> first ? column : mapping.renamed(column))
                .toList();
        var places = names.stream().mapToInt(own::indexOf).toArray();
        boolean none = Arrays.stream(places).allMatch(place -> place < 0);
        if (none && own.size() > names.size()) {
            int shift = own.size() - names.size();
            Arrays.setAll(places, i -> i + shift);
        }
        return places;
    }

    /** The told column, else the first in which every row has its own value. */
    private static int idColumn(Sheet sheet, Mapping mapping) {
        var told = mapping.get("id");
        if (told != null) {
            return told.equals("#") ? -1 : sheet.column(told);
        }
        List<@Nullable Set<String>> seen = new ArrayList<>();
        sheet.header().forEach(_ -> seen.add(new HashSet<>()));
        sheet.forEach(row -> {
            for (int c = 0; c < seen.size(); c++) {
                var values = seen.get(c);
                var cell = Sheet.cell(row, c);
                if (values != null && (cell.isEmpty() || cell.length() > 64 || !values.add(cell))) {
                    seen.set(c, null);
                }
            }
        });
        for (int c = 0; c < seen.size(); c++) {
            if (seen.get(c) != null) {
                return c;
            }
        }
        return -1;
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
