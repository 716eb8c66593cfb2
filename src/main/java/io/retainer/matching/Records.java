package io.retainer.matching;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The records to be resolved, column by column, each distinct value kept once. With one source duplicates are sought within
 * it; with two, links between them.
 */
public final class Records {

    /** Rows and blocking keys share a {@code long}. */
    static final int MOST_ROWS = 1 << 24;

    private final List<Column> columns;
    private final int size;
    private final int secondFrom;

    private Records(List<Column> columns, int size, int secondFrom) {
        this.columns = columns;
        this.size = size;
        this.secondFrom = secondFrom;
    }

    public static Builder of(List<String> columns) {
        return new Builder(columns);
    }

    public int size() {
        return size;
    }

    /** Whether there are two sources to be linked. */
    public boolean linked() {
        return secondFrom < size;
    }

    /** The first row of the second source, or {@link #size()} when there is one source. */
    public int secondFrom() {
        return secondFrom;
    }

    /** Whether these two rows can be a pair at all. */
    boolean comparable(int a, int b) {
        return a != b && (!linked() || (a < secondFrom) != (b < secondFrom));
    }

    /** How many pairs there are to be told apart. */
    double pairs() {
        return linked() ? (double) secondFrom * (size - secondFrom) : 0.5 * size * (size - 1.0);
    }

    List<Column> columns() {
        return columns;
    }

    /** One column: for each row the number of its value, or -1. */
    static final class Column {

        private final String name;
        private final int[] ids;
        private final String[] values;

        Column(String name, int[] ids, String[] values) {
            this.name = name;
            this.ids = ids;
            this.values = values;
        }

        String name() {
            return name;
        }

        int[] ids() {
            return ids;
        }

        String[] values() {
            return values;
        }

        @Nullable
        String at(int row) {
            return ids[row] < 0 ? null : values[ids[row]];
        }

        double filled() {
            int filled = 0;
            for (int id : ids) {
                filled += id < 0 ? 0 : 1;
            }
            return ids.length == 0 ? 0 : (double) filled / ids.length;
        }
    }

    /** Takes the rows as they stream in. */
    public static final class Builder {

        private final List<Gathering> columns = new ArrayList<>();
        private int size;
        private int secondFrom = -1;

        private Builder(List<String> names) {
            names.forEach(name -> columns.add(new Gathering(name)));
        }

        /** Adds a row; values stand in the order of the columns, blank means missing. */
        public Builder add(List<? extends @Nullable String> values) {
            if (size == MOST_ROWS) {
                throw new IllegalStateException("More than " + MOST_ROWS + " records");
            }
            for (int c = 0; c < columns.size(); c++) {
                columns.get(c).add(size, c < values.size() ? values.get(c) : null);
            }
            size++;
            return this;
        }

        /** What is added from here on belongs to the second source. */
        public Builder secondSource() {
            secondFrom = size;
            return this;
        }

        public Records build() {
            var done = columns.stream().map(column -> column.done(size)).toList();
            return new Records(done, size, secondFrom < 0 ? size : secondFrom);
        }
    }

    private static final class Gathering {

        private final String name;
        private final Map<String, Integer> numbers = new HashMap<>();
        private final List<String> values = new ArrayList<>();
        private int[] ids = new int[1024];

        Gathering(String name) {
            this.name = name;
        }

        void add(int row, @Nullable String value) {
            if (row == ids.length) {
                ids = Arrays.copyOf(ids, row * 2);
            }
            var text = value == null ? "" : value.strip();
            if (text.isEmpty()) {
                ids[row] = -1;
                return;
            }
            var known = numbers.putIfAbsent(text, values.size());
            if (known == null) {
                ids[row] = values.size();
                values.add(text);
            } else {
                ids[row] = known;
            }
        }

        Column done(int size) {
            numbers.clear();
            return new Column(name, Arrays.copyOf(ids, size), values.toArray(String[]::new));
        }
    }
}
