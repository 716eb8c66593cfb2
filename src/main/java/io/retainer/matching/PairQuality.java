package io.retainer.matching;

import java.util.Arrays;
import java.util.List;

/**
 * How well pairs found agree with pairs known.
 *
 * @param right found and true
 * @param wrong found and not true
 * @param missed true and not found
 * @param reached true and among the candidates
 */
record PairQuality(long right, long wrong, long missed, long reached) {

    static PairQuality of(Resolution resolution, Records records, Truth truth) {
        var found = found(resolution.clusters(), records);
        long right = 0;
        long wrong = 0;
        for (long pair : found) {
            if (Arrays.binarySearch(truth.same(), pair) >= 0) {
                right++;
            } else if (truth.judges(pair)) {
                wrong++;
            }
        }
        long reached = Arrays.stream(truth.same())
                .filter(pair -> resolution.isCandidate(Pairs.low(pair), Pairs.high(pair)))
                .count();
        return new PairQuality(right, wrong, truth.same().length - right, reached);
    }

    /** Every pair of rows in one cluster. */
    private static long[] found(int[] clusterOf, Records records) {
        var order = new long[clusterOf.length];
        for (int row = 0; row < order.length; row++) {
            order[row] = ((long) clusterOf[row] << Integer.SIZE) | row;
        }
        Arrays.sort(order);
        var pairs = new Longs();
        for (int i = 0; i < order.length; i++) {
            for (int j = i + 1; j < order.length && order[j] >>> Integer.SIZE == order[i] >>> Integer.SIZE; j++) {
                if (records.comparable((int) order[i], (int) order[j])) {
                    pairs.add(Pairs.of((int) order[i], (int) order[j]));
                }
            }
        }
        return Longs.distinct(List.of(pairs));
    }

    double precision() {
        return share(right, right + wrong);
    }

    double recall() {
        return share(right, right + missed);
    }

    double f1() {
        return share(2 * right, 2 * right + wrong + missed);
    }

    /** The share of true pairs that were compared at all. */
    double blockingRecall() {
        return share(reached, right + missed);
    }

    private static double share(long part, long whole) {
        return whole == 0 ? 0 : (double) part / whole;
    }
}
