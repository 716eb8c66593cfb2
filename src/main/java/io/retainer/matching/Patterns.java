package io.retainer.matching;

import java.util.Arrays;

/** Distinct patterns of agreement and how often each was seen. */
final class Patterns {

    private final long[] patterns;
    private final int[] counts;

    Patterns(long[] patterns, int[] counts) {
        this.patterns = patterns;
        this.counts = counts;
    }

    long[] patterns() {
        return patterns;
    }

    int[] counts() {
        return counts;
    }

    static Patterns of(long[] seen) {
        var sorted = seen.clone();
        Arrays.parallelSort(sorted);
        var patterns = new long[sorted.length];
        var counts = new int[sorted.length];
        int distinct = 0;
        for (int i = 0; i < sorted.length; i++) {
            if (i == 0 || sorted[i] != sorted[i - 1]) {
                patterns[distinct++] = sorted[i];
            }
            counts[distinct - 1]++;
        }
        return new Patterns(Arrays.copyOf(patterns, distinct), Arrays.copyOf(counts, distinct));
    }

    /** How many were seen in all. */
    long total() {
        return Arrays.stream(counts).asLongStream().sum();
    }

    /** How many there are. */
    int size() {
        return patterns.length;
    }
}
