package io.retainer.statistics.churn;

import io.retainer.kernel.Sentence;
import io.retainer.statistics.Basis;
import io.retainer.statistics.Measurement;
import io.retainer.statistics.Measurement.Measured;
import io.retainer.statistics.Measurement.NotMeasurable;
import io.retainer.statistics.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The risk of leaving, learnt from records of customers of whom it is known: a ridge logistic regression and boosted
 * trees, stacked (Wolpert 1992). The penalty, the number of trees and the weights of the two are chosen by
 * cross-validation inside the records given; no record is judged by a model that has seen it. The weights make the
 * stack a recalibration as well, so its risks are frequencies, not just ranks.
 */
public final class ChurnModel {

    private static final int FEWEST_OF_EACH = 50;
    private static final int FOLDS = 5;
    private static final int BAGS = 3;
    /** From so many records on, one forest varies as little as the mean of three did below. */
    private static final int MANY = 20_000;
    /** More records no longer make a model of this size better, only slower to come by. */
    private static final int ENOUGH = 200_000;
    /** Growing ends when so many checks in a row brought nothing for the records outside. */
    private static final int PATIENCE = 5;

    private static final int SLICES = 20;
    private static final int SOME_SEED = 3;
    private static final int TREES = 360;
    private static final int CHECK = 12;
    private static final double[] PENALTIES = {64, 32, 16, 8, 4, 2, 1, 0.5, 0.25};
    private static final BoostedTrees.Shape SHAPE = new BoostedTrees.Shape(3, 0.05, 0.6, 5, 3);
    private static final double DECIDES = 0.99;

    private final Records example;
    private final Encoding encoding;
    private final RidgeLogistic linear;
    private final List<BoostedTrees> trees;
    private final Stack stack;
    private final double[] usual;

    /** The logit is intercept + linear · one + trees · other. */
    private record Stack(double intercept, double linear, double trees) {}

    private ChurnModel(
            Records example, Encoding encoding, RidgeLogistic linear, List<BoostedTrees> trees, Stack stack) {
        this.example = new Records(example.fields(), List.of());
        this.encoding = encoding;
        this.linear = linear;
        this.trees = trees;
        this.stack = stack;
        usual = new double[encoding.codes().size()];
        for (var cells : example.rows()) {
            var contributions = contributions(cells);
            for (int i = 0; i < usual.length; i++) {
                usual[i] += contributions[i] / example.size();
            }
        }
    }

    /**
     * @param records without the label
     * @param left whether the customer of each record left
     */
    public static Measurement<ChurnModel> train(Records records, boolean[] left, Basis basis) {
        var stands = basis.by(Method.CHURN).on(left.length);
        int gone = 0;
        for (boolean one : left) {
            gone += one ? 1 : 0;
        }
        if (gone < FEWEST_OF_EACH || left.length - gone < FEWEST_OF_EACH) {
            return Measurement.notMeasurable(
                    stands, "statistics.churn.tooFewEvents", gone, left.length - gone, FEWEST_OF_EACH);
        }
        if (left.length > ENOUGH) {
            var some = some(left);
            return switch (train(records.pick(some), pick(left, some), basis)) {
                case Measured<ChurnModel>(var model, var _, var said) -> {
                    var cautions = new ArrayList<Sentence>(said);
                    cautions.add(Sentence.of("statistics.churn.some", ENOUGH, left.length));
                    yield new Measured<>(model, stands, cautions);
                }
                case NotMeasurable<ChurnModel> no -> no;
            };
        }
        var encoding = Encoding.learn(records, left);
        if (encoding.codes().isEmpty()) {
            return Measurement.notMeasurable(stands, "statistics.churn.noFields");
        }
        var model = train(records, left, encoding);
        var cautions = new ArrayList<>(encoding.notices());
        cautions.addAll(leaks(records, left, encoding));
        return new Measured<>(model, stands, cautions);
    }

    /** So many of them, with as large a part of those who left as among all. */
    private static int[] some(boolean[] left) {
        int parts = (int) Math.ceil(left.length / (double) ENOUGH * SLICES);
        var foldOf = folds(left, parts, SOME_SEED);
        return java.util.stream.IntStream.range(0, left.length)
                .filter(i -> foldOf[i] < SLICES)
                .toArray();
    }

    private ChurnModel(ChurnModel model, Recalibration drawn) {
        example = model.example;
        encoding = model.encoding;
        linear = model.linear;
        trees = model.trees;
        stack = new Stack(
                drawn.intercept() + drawn.slope() * model.stack.intercept(),
                drawn.slope() * model.stack.linear(),
                drawn.slope() * model.stack.trees());
        usual = model.usual.clone();
        for (int i = 0; i < usual.length; i++) {
            usual[i] *= drawn.slope();
        }
    }

    /** The same model, whose risks and reasons are drawn in. */
    public ChurnModel drawnIn(Recalibration recalibration) {
        return new ChurnModel(this, recalibration);
    }

    /** The risk of one customer, whose cells are in the order of the fields trained on. */
    public ChurnRisk risk(String[] cells) {
        var contributions = contributions(cells);
        double base = base();
        double logit = base;
        double middle = base;
        var reasons = new ArrayList<ChurnRisk.Reason>();
        for (int i = 0; i < contributions.length; i++) {
            int field = encoding.codes().get(i).field();
            logit += contributions[i];
            middle += usual[i];
            reasons.add(new ChurnRisk.Reason(example.fields().get(field), cells[field], contributions[i] - usual[i]));
        }
        reasons.sort(Comparator.comparingDouble(reason -> -Math.abs(reason.logOdds())));
        return new ChurnRisk(Logit.probability(logit), Logit.probability(middle), List.copyOf(reasons));
    }

    /** The same for many, without reasons. */
    public double[] risks(Records records) {
        return records.rows().stream()
                .mapToDouble(cells -> Logit.probability(stack.intercept()
                        + stack.linear() * linear.logit(encoding.row(cells))
                        + stack.trees() * treesLogit(encoding.bins(cells))))
                .toArray();
    }

    private double treesLogit(short[] bins) {
        double sum = 0;
        for (var grown : trees) {
            sum += grown.logit(bins) / trees.size();
        }
        return sum;
    }

    private double base() {
        double base = 0;
        for (var grown : trees) {
            base += grown.base() / trees.size();
        }
        return stack.intercept() + stack.linear() * linear.weights[encoding.columns()] + stack.trees() * base;
    }

    private double[] contributions(String[] cells) {
        var contributions = new double[encoding.codes().size()];
        var fromTrees = new double[contributions.length];
        var bins = encoding.bins(cells);
        for (var grown : trees) {
            grown.explain(bins, fromTrees);
        }
        var row = encoding.row(cells);
        for (int k = 0; k < row.size; k++) {
            int code = contributions.length - 1;
            while (encoding.firstColumn(code) > row.columns[k]) {
                code--;
            }
            contributions[code] += stack.linear() * linear.weights[row.columns[k]] * row.values[k];
        }
        for (int i = 0; i < contributions.length; i++) {
            contributions[i] += stack.trees() * fromTrees[i] / trees.size();
        }
        return contributions;
    }

    private static ChurnModel train(Records records, boolean[] left, Encoding encoding) {
        int n = left.length;
        var foldOf = folds(left, FOLDS, 1);
        var linearLogits = new double[PENALTIES.length][n];
        int checks = TREES / CHECK;
        var treeLogits = new double[checks][n];
        for (int fold = 0; fold < FOLDS; fold++) {
            int one = fold;
            var inside = java.util.stream.IntStream.range(0, n)
                    .filter(i -> foldOf[i] != one)
                    .toArray();
            var outside = java.util.stream.IntStream.range(0, n)
                    .filter(i -> foldOf[i] == one)
                    .toArray();
            var training = records.pick(inside);
            var labels = pick(left, inside);
            var code = Encoding.learn(training, labels);
            var rows = training.rows().stream().map(code::row).toList();
            var start = new double[code.columns() + 1];
            for (int p = 0; p < PENALTIES.length; p++) {
                var fitted = RidgeLogistic.fit(rows, labels, code.columns(), PENALTIES[p], start);
                start = fitted.weights;
                for (int i : outside) {
                    linearLogits[p][i] = fitted.logit(code.row(records.rows().get(i)));
                }
            }
            var bins = training.rows().stream().map(code::bins).toArray(short[][]::new);
            var outsideBins = new short[outside.length][];
            for (int i = 0; i < outside.length; i++) {
                outsideBins[i] = code.bins(records.rows().get(outside[i]));
            }
            judge(forest(bins, labels, binsOf(code), 100L * fold), outsideBins, outside, left, treeLogits);
        }
        int penalty = best(linearLogits, left);
        int check = best(treeLogits, left);
        var rows = records.rows().stream().map(encoding::row).toList();
        var linear = RidgeLogistic.fit(
                rows, left, encoding.columns(), PENALTIES[penalty], new double[encoding.columns() + 1]);
        var bins = records.rows().stream().map(encoding::bins).toArray(short[][]::new);
        var trees = forest(bins, left, binsOf(encoding), 1000);
        for (var grown : trees) {
            grown.growTo((check + 1) * CHECK);
        }
        return new ChurnModel(records, encoding, linear, trees, stack(linearLogits[penalty], treeLogits[check], left));
    }

    private static List<BoostedTrees> forest(short[][] bins, boolean[] left, int[] binsOf, long seed) {
        var forest = new ArrayList<BoostedTrees>();
        for (int bag = 0; bag < (left.length > MANY ? 1 : BAGS); bag++) {
            forest.add(new BoostedTrees(bins, left, binsOf, SHAPE, seed + bag));
        }
        return forest;
    }

    /** What growing trees say of the records outside, at each check; after the last that was grown it stays as it was. */
    private static void judge(
            List<BoostedTrees> forest, short[][] bins, int[] outside, boolean[] left, double[][] logits) {
        var sums = new double[outside.length];
        double least = Double.POSITIVE_INFINITY;
        int since = 0;
        for (int check = 0; check < logits.length; check++) {
            if (since < PATIENCE) {
                for (var grown : forest) {
                    grown.growTo((check + 1) * CHECK);
                    for (int i = 0; i < outside.length; i++) {
                        sums[i] += grown.logitFrom(check * CHECK, bins[i]) / forest.size();
                    }
                }
            }
            double loss = 0;
            for (int i = 0; i < outside.length; i++) {
                logits[check][outside[i]] = sums[i];
                loss += Logit.loss(sums[i], left[outside[i]]);
            }
            since = loss < least ? 0 : since + 1;
            least = Math.min(least, loss);
        }
    }

    /** By logistic regression on what the two said of records they had not seen; a negative weight is no weight. */
    private static Stack stack(double[] linear, double[] trees, boolean[] left) {
        var rows = new ArrayList<SparseRow>();
        for (int i = 0; i < left.length; i++) {
            var row = new SparseRow();
            row.add(0, linear[i]);
            row.add(1, trees[i]);
            rows.add(row);
        }
        var both = RidgeLogistic.fit(rows, left, 2, 1e-3, new double[3]).weights;
        if (both[0] >= 0 && both[1] >= 0) {
            return new Stack(both[2], both[0], both[1]);
        }
        boolean linearOnly = both[0] > both[1];
        rows.clear();
        for (int i = 0; i < left.length; i++) {
            var row = new SparseRow();
            row.add(0, linearOnly ? linear[i] : trees[i]);
            rows.add(row);
        }
        var one = RidgeLogistic.fit(rows, left, 1, 1e-3, new double[2]).weights;
        return linearOnly ? new Stack(one[1], one[0], 0) : new Stack(one[1], 0, one[0]);
    }

    private static int best(double[][] logits, boolean[] left) {
        int best = 0;
        double least = Double.POSITIVE_INFINITY;
        for (int choice = 0; choice < logits.length; choice++) {
            double loss = 0;
            for (int i = 0; i < left.length; i++) {
                loss += Logit.loss(logits[choice][i], left[i]);
            }
            if (loss < least) {
                least = loss;
                best = choice;
            }
        }
        return best;
    }

    private static int[] binsOf(Encoding encoding) {
        return encoding.codes().stream().mapToInt(FieldCode::bins).toArray();
    }

    /** Fold numbers such that each fold has its part of those who left. */
    public static int[] folds(boolean[] left, int count, long seed) {
        var order = java.util.stream.IntStream.range(0, left.length).toArray();
        var random = new SplittableRandom(seed);
        for (int i = order.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int moved = order[i];
            order[i] = order[j];
            order[j] = moved;
        }
        var folds = new int[left.length];
        int gone = 0;
        int stayed = 0;
        for (int i : order) {
            folds[i] = (left[i] ? gone++ : stayed++) % count;
        }
        return folds;
    }

    static boolean[] pick(boolean[] left, int[] which) {
        var picked = new boolean[which.length];
        for (int i = 0; i < which.length; i++) {
            picked[i] = left[which[i]];
        }
        return picked;
    }

    /** A field that alone ranks nearly everybody right is too good to have been known before. */
    private static List<Sentence> leaks(Records records, boolean[] left, Encoding encoding) {
        var found = new ArrayList<Sentence>();
        for (var code : encoding.codes()) {
            var values = records.rows().stream()
                    .mapToDouble(cells -> code.bin(cells[code.field()]))
                    .toArray();
            double area = Auroc.of(values, left).value();
            if (Math.max(area, 1 - area) > DECIDES) {
                found.add(Sentence.of("statistics.churn.leak", records.fields().get(code.field())));
            }
        }
        return found;
    }

    @Override
    public String toString() {
        return "ChurnModel[" + stack + ", trees "
                + trees.stream().map(BoostedTrees::size).toList() + ", columns "
                + encoding.columns() + ", used "
                + Arrays.toString(encoding.codes().stream()
                        .map(code -> example.fields().get(code.field()))
                        .toArray())
                + "]";
    }
}
