package io.retainer.statistics.churn;

import java.util.HashSet;
import java.util.List;

/**
 * Records as they come out of a table: cells of text, with no word about what they mean.
 *
 * @param rows cells in the order of the fields; an empty cell is a blank
 */
public record Records(List<String> fields, List<String[]> rows) {

    public Records {
        fields = List.copyOf(fields);
        if (new HashSet<>(fields).size() < fields.size()) {
            throw new IllegalArgumentException("Two fields have one name: " + fields);
        }
        for (var row : rows) {
            if (row.length != fields.size()) {
                throw new IllegalArgumentException("%d cells for %d fields".formatted(row.length, fields.size()));
            }
        }
    }

    /** Some of the rows. */
    public Records pick(int[] which) {
        return new Records(
                fields, java.util.Arrays.stream(which).mapToObj(rows::get).toList());
    }

    public int size() {
        return rows.size();
    }
}
