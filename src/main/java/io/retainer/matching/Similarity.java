package io.retainer.matching;

/** How alike two strings are, without allocating: these run millions of times. */
final class Similarity {

    private static final double PREFIX_BONUS = 0.1;
    private static final int LONGEST_PREFIX = 4;

    private Similarity() {}

    /** Jaro–Winkler in 0..1, over the first 64 characters of each. */
    static double jaroWinkler(String a, String b) {
        int n = Math.min(a.length(), Long.SIZE);
        int m = Math.min(b.length(), Long.SIZE);
        if (n == 0 || m == 0) {
            return n == m ? 1 : 0;
        }
        int window = Math.max(0, Math.max(n, m) / 2 - 1);
        long matchedA = 0;
        long matchedB = 0;
        int matches = 0;
        for (int i = 0; i < n; i++) {
            char wanted = a.charAt(i);
            int end = Math.min(m, i + window + 1);
            for (int j = Math.max(0, i - window); j < end; j++) {
                if (((matchedB >>> j) & 1) == 0 && b.charAt(j) == wanted) {
                    matchedA |= 1L << i;
                    matchedB |= 1L << j;
                    matches++;
                    break;
                }
            }
        }
        if (matches == 0) {
            return 0;
        }
        int outOfOrder = 0;
        for (long left = matchedA, right = matchedB; left != 0; left &= left - 1, right &= right - 1) {
            if (a.charAt(Long.numberOfTrailingZeros(left)) != b.charAt(Long.numberOfTrailingZeros(right))) {
                outOfOrder++;
            }
        }
        int swaps = outOfOrder / 2;
        double share = matches;
        double jaro = (share / n + share / m + (share - swaps) / share) / 3;
        int prefix = 0;
        while (prefix < LONGEST_PREFIX && prefix < n && prefix < m && a.charAt(prefix) == b.charAt(prefix)) {
            prefix++;
        }
        return jaro + prefix * PREFIX_BONUS * (1 - jaro);
    }

    /** Whether {@code edits} insertions, deletions, substitutions or swaps of neighbours (Damerau) turn one into the other. */
    static boolean within(int edits, String a, String b) {
        return Math.abs(a.length() - b.length()) <= edits && within(edits, a, 0, b, 0);
    }

    private static boolean within(int edits, String a, int i, String b, int j) {
        while (i < a.length() && j < b.length() && a.charAt(i) == b.charAt(j)) {
            i++;
            j++;
        }
        int restOfA = a.length() - i;
        int restOfB = b.length() - j;
        if (restOfA == 0 || restOfB == 0) {
            return restOfA + restOfB <= edits;
        }
        if (edits == 0) {
            return false;
        }
        boolean swapped = restOfA > 1
                && restOfB > 1
                && a.charAt(i) == b.charAt(j + 1)
                && a.charAt(i + 1) == b.charAt(j)
                && within(edits - 1, a, i + 2, b, j + 2);
        return swapped
                || within(edits - 1, a, i + 1, b, j + 1)
                || within(edits - 1, a, i + 1, b, j)
                || within(edits - 1, a, i, b, j + 1);
    }
}
