package io.retainer.statistics.churn;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Gradient boosting of small trees on the logistic loss (Friedman 2001, 2002), with Newton leaves and a penalty on them.
 * Every node knows its own value, so that a forecast is a sum of what each split on the way added; that sum by field is
 * the reason given for it (Saabas 2014).
 */
final class BoostedTrees {

    /** How trees are grown. */
    record Shape(int depth, double rate, double sample, double fewest, double penalty) {}

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Tree(int[] code, int[] upTo, double[] value) {

        double follow(short[] bins) {
            int node = 0;
            while (code[node] >= 0) {
                node = 2 * node + (bins[code[node]] <= upTo[node] ? 1 : 2);
            }
            return value[node];
        }

        void explain(short[] bins, double[] contributions) {
            int node = 0;
            while (code[node] >= 0) {
                int next = 2 * node + (bins[code[node]] <= upTo[node] ? 1 : 2);
                contributions[code[node]] += value[next] - value[node];
                node = next;
            }
        }
    }

    private final Shape shape;
    private final int[] binsOf;
    private final short[][] rows;
    private final boolean[] left;
    private final double[] logits;
    private final SplittableRandom random;
    private final List<Tree> trees = new ArrayList<>();
    private final double start;
    private double rootValues;

    BoostedTrees(short[][] rows, boolean[] left, int[] binsOf, Shape shape, long seed) {
        this.rows = rows;
        this.left = left;
        this.binsOf = binsOf;
        this.shape = shape;
        random = new SplittableRandom(seed);
        double gone = 0;
        for (boolean one : left) {
            gone += one ? 1 : 0;
        }
        start = Logit.of(gone / left.length);
        logits = new double[left.length];
        java.util.Arrays.fill(logits, start);
    }

    int size() {
        return trees.size();
    }

    double logit(short[] bins) {
        double sum = start;
        for (var tree : trees) {
            sum += tree.follow(bins);
        }
        return sum;
    }

    /** What the trees from one number on add. */
    double logitFrom(int first, short[] bins) {
        double sum = first == 0 ? start : 0;
        for (int i = first; i < trees.size(); i++) {
            sum += trees.get(i).follow(bins);
        }
        return sum;
    }

    /** The forecast is this plus all contributions. */
    double base() {
        return start + rootValues;
    }

    void explain(short[] bins, double[] contributions) {
        for (var tree : trees) {
            tree.explain(bins, contributions);
        }
    }

    /** Grows trees until there are so many. */
    void growTo(int count) {
        var gradient = new double[left.length];
        var hessian = new double[left.length];
        while (trees.size() < count) {
            int picked = 0;
            var sample = new int[left.length];
            for (int i = 0; i < left.length; i++) {
                if (random.nextDouble() < shape.sample()) {
                    double p = Logit.probability(logits[i]);
                    gradient[i] = p - (left[i] ? 1 : 0);
                    hessian[i] = p * (1 - p);
                    sample[picked++] = i;
                }
            }
            var tree = grow(sample, picked, gradient, hessian);
            trees.add(tree);
            rootValues += tree.value()[0];
            for (int i = 0; i < left.length; i++) {
                logits[i] += tree.follow(rows[i]);
            }
        }
    }

    private Tree grow(int[] sample, int picked, double[] gradient, double[] hessian) {
        int nodes = (2 << shape.depth()) - 1;
        var tree = new Tree(new int[nodes], new int[nodes], new double[nodes]);
        java.util.Arrays.fill(tree.code(), -1);
        split(tree, 0, 0, sample, 0, picked, gradient, hessian);
        return tree;
    }

    private void split(
            Tree tree, int node, int depth, int[] sample, int from, int to, double[] gradient, double[] hessian) {
        double g = 0;
        double h = 0;
        for (int i = from; i < to; i++) {
            g += gradient[sample[i]];
            h += hessian[sample[i]];
        }
        tree.value()[node] = -shape.rate() * g / (h + shape.penalty());
        if (depth == shape.depth() || h < 2 * shape.fewest()) {
            return;
        }
        double bestGain = 1e-6;
        int bestCode = -1;
        int bestUpTo = 0;
        for (int code = 0; code < binsOf.length; code++) {
            var sums = new double[binsOf[code]];
            var weights = new double[binsOf[code]];
            for (int i = from; i < to; i++) {
                int bin = rows[sample[i]][code];
                sums[bin] += gradient[sample[i]];
                weights[bin] += hessian[sample[i]];
            }
            double lowG = 0;
            double lowH = 0;
            for (int bin = 0; bin < sums.length - 1; bin++) {
                lowG += sums[bin];
                lowH += weights[bin];
                double highH = h - lowH;
                if (lowH < shape.fewest() || highH < shape.fewest()) {
                    continue;
                }
                double highG = g - lowG;
                double gain = lowG * lowG / (lowH + shape.penalty())
                        + highG * highG / (highH + shape.penalty())
                        - g * g / (h + shape.penalty());
                if (gain > bestGain) {
                    bestGain = gain;
                    bestCode = code;
                    bestUpTo = bin;
                }
            }
        }
        if (bestCode < 0) {
            return;
        }
        tree.code()[node] = bestCode;
        tree.upTo()[node] = bestUpTo;
        int low = from;
        int high = to;
        while (low < high) {
            if (rows[sample[low]][bestCode] <= bestUpTo) {
                low++;
            } else {
                int moved = sample[--high];
                sample[high] = sample[low];
                sample[low] = moved;
            }
        }
        split(tree, 2 * node + 1, depth + 1, sample, from, low, gradient, hessian);
        split(tree, 2 * node + 2, depth + 1, sample, low, to, gradient, hessian);
    }
}
