package io.retainer.matching;

import java.util.Arrays;
import java.util.List;

/** A growing array of {@code long}. */
final class Longs {

    private long[] values = new long[1 << 12];
    private int size;

    void add(long value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, size + (size >> 1));
        }
        values[size++] = value;
    }

    int size() {
        return size;
    }

    /** All of them, in order, each once. */
    static long[] distinct(List<Longs> parts) {
        var all = new long
                [Math.toIntExact(parts.stream().mapToLong(part -> part.size).sum())];
        int at = 0;
        for (var part : parts) {
            System.arraycopy(part.values, 0, all, at, part.size);
            at += part.size;
            part.values = new long[0];
        }
        Arrays.parallelSort(all);
        int kept = 0;
        for (int i = 0; i < all.length; i++) {
            if (i == 0 || all[i] != all[i - 1]) {
                all[kept++] = all[i];
            }
        }
        return kept == all.length ? all : Arrays.copyOf(all, kept);
    }
}
