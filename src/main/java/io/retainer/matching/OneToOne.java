package io.retainer.matching;

import java.util.Arrays;

/** Links two files, each record at most once, the surest links first. */
final class OneToOne {

    private OneToOne() {}

    /** @return for each row the lower row of its link, or itself */
    static int[] link(int rows, long[] pairs, float[] scores) {
        var order = new long[pairs.length];
        int likely = 0;
        for (int i = 0; i < pairs.length; i++) {
            if (scores[i] > 0) {
                // Positive floats sort like their bits.
                order[likely++] = ((long) -Float.floatToIntBits(scores[i]) << Integer.SIZE) | i;
            }
        }
        Arrays.parallelSort(order, 0, likely);
        var clusterOf = new int[rows];
        Arrays.setAll(clusterOf, row -> row);
        var taken = new boolean[rows];
        for (int i = 0; i < likely; i++) {
            long pair = pairs[(int) order[i]];
            int a = Pairs.low(pair);
            int b = Pairs.high(pair);
            if (!taken[a] && !taken[b]) {
                taken[a] = true;
                taken[b] = true;
                clusterOf[b] = a;
            }
        }
        return clusterOf;
    }
}
