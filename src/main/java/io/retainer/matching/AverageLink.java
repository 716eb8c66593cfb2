package io.retainer.matching;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.LongToDoubleFunction;

/**
 * Clusters the records of one file. Two clusters join while the evidence between all their members is for it on average, so
 * that one chance likeness does not chain two people together. Two members that have hardly a field in common to compare say
 * hardly anything in this.
 */
final class AverageLink {

    /** Evidence beyond this is not counted, else one strong pair would outweigh many against it. */
    private static final double CAP = 12;

    /** In components larger than this, pairs that were no candidates count as against instead of being compared. */
    private static final int LARGE = 400;

    private final long[] pairs;
    private final float[] scores;
    private final LongToDoubleFunction scoreOfOther;
    private final LongToDoubleFunction compared;

    private AverageLink(
            long[] pairs, float[] scores, LongToDoubleFunction scoreOfOther, LongToDoubleFunction compared) {
        this.pairs = pairs;
        this.scores = scores;
        this.scoreOfOther = scoreOfOther;
        this.compared = compared;
    }

    /**
     * @param pairs candidates in order, with the log2 odds of each
     * @param scoreOfOther the log2 odds of a pair that was no candidate
     * @param compared how much of two records could be compared, above 0, at most 1
     * @return for each row the lowest row of its cluster
     */
    static int[] cluster(
            int rows, long[] pairs, float[] scores, LongToDoubleFunction scoreOfOther, LongToDoubleFunction compared) {
        return new AverageLink(pairs, scores, scoreOfOther, compared).run(rows);
    }

    private int[] run(int rows) {
        var components = new Union(rows);
        for (int i = 0; i < pairs.length; i++) {
            if (scores[i] > 0) {
                components.join(Pairs.low(pairs[i]), Pairs.high(pairs[i]));
            }
        }
        var clusterOf = components.roots();
        members(clusterOf).parallelStream().forEach(component -> split(component, clusterOf));
        return clusterOf;
    }

    private static List<int[]> members(int[] rootOf) {
        var order = new long[rootOf.length];
        for (int row = 0; row < rootOf.length; row++) {
            order[row] = ((long) rootOf[row] << Integer.SIZE) | row;
        }
        Arrays.parallelSort(order);
        List<int[]> components = new ArrayList<>();
        for (int from = 0, to; from < order.length; from = to) {
            to = from + 1;
            while (to < order.length && order[to] >>> Integer.SIZE == order[from] >>> Integer.SIZE) {
                to++;
            }
            if (to - from > 2) {
                var rows = new int[to - from];
                for (int i = 0; i < rows.length; i++) {
                    rows[i] = (int) order[from + i];
                }
                components.add(rows);
            }
        }
        return components;
    }

    private void split(int[] rows, int[] clusterOf) {
        var agglomeration = new Agglomeration(rows);
        agglomeration.run();
        for (int i = 0; i < rows.length; i++) {
            clusterOf[rows[i]] = rows[agglomeration.cluster[i]];
        }
    }

    /** Between two clusters: scores by how much was compared, and how much that is. */
    private record Evidence(double score, double compared) {

        static Evidence of(double score, double compared) {
            return new Evidence(Math.clamp(score, -CAP, CAP) * compared, compared);
        }

        /** Between clusters of which no members were ever brought together. */
        static Evidence against(int pairs) {
            return new Evidence(-CAP * pairs, pairs);
        }

        Evidence plus(Evidence other) {
            return new Evidence(score + other.score, compared + other.compared);
        }

        double average() {
            return score / compared;
        }
    }

    /** The clusters of one component; sums of evidence between clusters are kept and added up on joining. */
    private final class Agglomeration {

        private final int[] cluster;
        private final int[] sizes;
        private final List<Map<Integer, Evidence>> sums = new ArrayList<>();

        Agglomeration(int[] rows) {
            int n = rows.length;
            this.cluster = new int[n];
            this.sizes = new int[n];
            for (int i = 0; i < n; i++) {
                cluster[i] = i;
                sizes[i] = 1;
                sums.add(new HashMap<>());
            }
            takeCandidates(rows);
            if (n <= LARGE) {
                compareTheRest(rows);
            }
        }

        private void takeCandidates(int[] rows) {
            for (int i = 0; i < rows.length; i++) {
                int at = Arrays.binarySearch(pairs, (long) rows[i] << Integer.SIZE);
                for (at = at < 0 ? -at - 1 : at; at < pairs.length && Pairs.low(pairs[at]) == rows[i]; at++) {
                    int j = Arrays.binarySearch(rows, Pairs.high(pairs[at]));
                    if (j >= 0) {
                        put(i, j, Evidence.of(scores[at], compared.applyAsDouble(pairs[at])));
                    }
                }
            }
        }

        private void compareTheRest(int[] rows) {
            for (int i = 0; i < rows.length; i++) {
                for (int j = i + 1; j < rows.length; j++) {
                    if (!sums.get(i).containsKey(j)) {
                        long pair = Pairs.of(rows[i], rows[j]);
                        put(i, j, Evidence.of(scoreOfOther.applyAsDouble(pair), compared.applyAsDouble(pair)));
                    }
                }
            }
        }

        private void put(int i, int j, Evidence evidence) {
            sums.get(i).put(j, evidence);
            sums.get(j).put(i, evidence);
        }

        void run() {
            var best = new int[sizes.length];
            for (int i = 0; i < best.length; i++) {
                best[i] = nearest(i);
            }
            while (true) {
                int left = -1;
                double top = 0;
                for (int i = 0; i < best.length; i++) {
                    if (best[i] >= 0 && average(i, best[i]) > top) {
                        top = average(i, best[i]);
                        left = i;
                    }
                }
                if (left < 0) {
                    return;
                }
                int right = best[left];
                join(Math.min(left, right), Math.max(left, right), best);
            }
        }

        private double average(int i, int j) {
            return between(i, j).average();
        }

        private Evidence between(int i, int j) {
            var evidence = sums.get(i).get(j);
            return evidence == null ? Evidence.against(sizes[i] * sizes[j]) : evidence;
        }

        private int nearest(int i) {
            int nearest = -1;
            double top = 0;
            for (int j : sums.get(i).keySet()) {
                double average = average(i, j);
                if (average > top || (average == top && nearest >= 0 && j < nearest)) {
                    top = average;
                    nearest = j;
                }
            }
            return nearest;
        }

        private void join(int into, int gone, int[] best) {
            var others = new HashSet<>(sums.get(gone).keySet());
            others.addAll(sums.get(into).keySet());
            others.remove(into);
            others.remove(gone);
            for (int other : others) {
                put(into, other, between(into, other).plus(between(gone, other)));
                sums.get(other).remove(gone);
            }
            sums.get(into).remove(gone);
            sums.get(gone).clear();
            sizes[into] += sizes[gone];
            sizes[gone] = 0;
            for (int i = 0; i < cluster.length; i++) {
                if (cluster[i] == gone) {
                    cluster[i] = into;
                }
            }
            best[gone] = -1;
            best[into] = nearest(into);
            for (int other : others) {
                best[other] = nearest(other);
            }
        }
    }
}
