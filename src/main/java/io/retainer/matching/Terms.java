package io.retainer.matching;

import io.retainer.matching.Records.Column;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * The normalised values of one column: for each row the number of its term, or -1, and how many rows have each term. Rows that
 * differ only in their writing share a term, so that equality is a comparison of two numbers.
 */
final class Terms {

    private final String column;
    private final int[] ofRow;
    private final String[] texts;
    private final int[] counts;

    Terms(String column, int[] ofRow, String[] texts, int[] counts) {
        this.column = column;
        this.ofRow = ofRow;
        this.texts = texts;
        this.counts = counts;
    }

    String column() {
        return column;
    }

    int[] ofRow() {
        return ofRow;
    }

    String[] texts() {
        return texts;
    }

    int[] counts() {
        return counts;
    }

    static Terms of(Column column, UnaryOperator<String> normal) {
        Map<String, Integer> numbers = new HashMap<>();
        List<String> texts = new ArrayList<>();
        var termOfValue = new int[column.values().length];
        for (int v = 0; v < termOfValue.length; v++) {
            var text = normal.apply(column.values()[v]);
            if (text.isEmpty()) {
                termOfValue[v] = -1;
                continue;
            }
            var known = numbers.putIfAbsent(text, texts.size());
            if (known == null) {
                termOfValue[v] = texts.size();
                texts.add(text);
            } else {
                termOfValue[v] = known;
            }
        }
        var ofRow = new int[column.ids().length];
        var counts = new int[texts.size()];
        for (int row = 0; row < ofRow.length; row++) {
            int value = column.ids()[row];
            ofRow[row] = value < 0 ? -1 : termOfValue[value];
            if (ofRow[row] >= 0) {
                counts[ofRow[row]]++;
            }
        }
        return new Terms(column.name(), ofRow, texts.toArray(String[]::new), counts);
    }

    int size() {
        return texts.length;
    }

    String text(int term) {
        return texts[term];
    }
}
