package io.retainer.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Learned from labelled texts: a linear support-vector machine for each label against the others (squared hinge, dual
 * coordinate descent; Hsieh et al. 2008) over pieces weighted by tf-idf. How sure it is comes from texts it had not seen
 * while learning: the margins of three folds are scaled so that they foretell best how often it is right. Immutable; the
 * same texts in the same order give the same classifier.
 *
 * @param <L> what is told apart
 */
public final class TextClassifier<L extends Comparable<L>> {

    private static final int FOLDS = 3;
    private static final int MOST_PASSES = 40;
    private static final double STOP = 0.05;
    /** From so many texts on, a piece that only one of them has teaches nothing. */
    private static final int MANY = 2_000;

    private static final double COST = 1.0;
    private static final int MOST_REASONS = 5;

    private final List<L> labels;
    private final Map<String, Integer> places;
    private final float[] rarity;
    /** One row a label; a single one when there are two labels. The last value is the bias. */
    private final float[][] weights;

    private final double scale;
    private final int learnedFrom;

    private TextClassifier(
            List<L> labels,
            Map<String, Integer> places,
            float[] rarity,
            float[][] weights,
            double scale,
            int learnedFrom) {
        this.labels = labels;
        this.places = places;
        this.rarity = rarity;
        this.weights = weights;
        this.scale = scale;
        this.learnedFrom = learnedFrom;
    }

    /** A text whose label somebody has decided. */
    public record Example<L>(String text, L label) {}

    /**
     * @param confidence between 0 and 1: how often such a proposal is right
     * @param because the pieces that spoke most for it
     */
    public record Verdict<L>(L label, double confidence, List<String> because) {}

    /** @throws IllegalArgumentException when there are fewer than two labels */
    public static <L extends Comparable<L>> TextClassifier<L> learn(List<Example<L>> examples) {
        var labels =
                List.copyOf(new TreeSet<>(examples.stream().map(Example::label).toList()));
        if (labels.size() < 2) {
            throw new IllegalArgumentException("Two labels at least");
        }
        var pieces = examples.stream().map(each -> Pieces.of(each.text())).toList();
        var label =
                examples.stream().mapToInt(each -> labels.indexOf(each.label())).toArray();
        return new Learning<>(labels, pieces, label).learn();
    }

    public int learnedFrom() {
        return learnedFrom;
    }

    public Verdict<L> judge(String text) {
        var known = vector(Pieces.of(text));
        var margins = margins(known);
        int best = best(margins);
        return new Verdict<>(labels.get(best), share(margins, best, scale), reasons(text, known, best));
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Vector(int[] places, float[] values) {

        double times(float[] weights) {
            double sum = weights[weights.length - 1];
            for (int i = 0; i < places.length; i++) {
                sum += weights[places[i]] * values[i];
            }
            return sum;
        }
    }

    private Vector vector(Map<String, Integer> pieces) {
        return vector(pieces, places, rarity);
    }

    private static Vector vector(Map<String, Integer> pieces, Map<String, Integer> places, float[] rarity) {
        var at = new int[pieces.size()];
        var values = new float[pieces.size()];
        int count = 0;
        double square = 0;
        for (var piece : pieces.entrySet()) {
            var place = places.get(piece.getKey());
            if (place != null) {
                at[count] = place;
                values[count] = (float) ((1 + Math.log(piece.getValue())) * rarity[place]);
                square += values[count] * values[count];
                count++;
            }
        }
        float length = square == 0 ? 1 : (float) Math.sqrt(square);
        for (int i = 0; i < count; i++) {
            values[i] /= length;
        }
        return new Vector(Arrays.copyOf(at, count), Arrays.copyOf(values, count));
    }

    private double[] margins(Vector vector) {
        return margins(vector, weights, labels.size());
    }

    private static double[] margins(Vector vector, float[][] weights, int labels) {
        var margins = new double[labels];
        if (weights.length == 1) {
            margins[1] = vector.times(weights[0]);
            margins[0] = -margins[1];
        } else {
            for (int k = 0; k < labels; k++) {
                margins[k] = vector.times(weights[k]);
            }
        }
        return margins;
    }

    private static int best(double[] margins) {
        int best = 0;
        for (int k = 1; k < margins.length; k++) {
            if (margins[k] > margins[best]) {
                best = k;
            }
        }
        return best;
    }

    private static double share(double[] margins, int label, double scale) {
        double most = Arrays.stream(margins).max().orElse(0);
        double sum = 0;
        for (double margin : margins) {
            sum += Math.exp(scale * (margin - most));
        }
        return Math.exp(scale * (margins[label] - most)) / sum;
    }

    private List<String> reasons(String text, Vector known, int label) {
        record Weight(String piece, double weight) {}
        var value = new HashMap<Integer, Float>();
        for (int i = 0; i < known.places().length; i++) {
            value.put(known.places()[i], known.values()[i]);
        }
        var speak = new ArrayList<Weight>();
        for (var piece : Pieces.of(text).keySet()) {
            var place = places.get(piece);
            // Single characters and pieces of words mean nothing to a reader.
            if (place != null
                    && piece.codePointCount(0, piece.length()) > 1
                    && piece.indexOf('_') < 0
                    && piece.codePoints().allMatch(c -> Character.isLetterOrDigit(c) || c == ' ')
                    && (piece.codePoints().anyMatch(Character::isIdeographic)
                            || (" " + text.toLowerCase(java.util.Locale.ROOT) + " ")
                                    .matches("(?s).*\\b" + java.util.regex.Pattern.quote(piece) + "\\b.*"))) {
                double weight = weightOf(place, label) * value.getOrDefault(place, 0f);
                if (weight > 0) {
                    speak.add(new Weight(piece, weight));
                }
            }
        }
        speak.sort(Comparator.comparingDouble(Weight::weight).reversed().thenComparing(Weight::piece));
        var reasons = new ArrayList<String>();
        for (var weight : speak) {
            boolean said = reasons.stream()
                    .anyMatch(each ->
                            each.contains(weight.piece()) || weight.piece().contains(each));
            if (!said) {
                reasons.add(weight.piece());
            }
            if (reasons.size() == MOST_REASONS) {
                break;
            }
        }
        return List.copyOf(reasons);
    }

    private double weightOf(int place, int label) {
        if (weights.length == 1) {
            return label == 1 ? weights[0][place] : -weights[0][place];
        }
        return weights[label][place];
    }

    /** One act of learning. */
    private static final class Learning<L extends Comparable<L>> {

        private final List<L> labels;
        private final List<Map<String, Integer>> pieces;
        private final int[] label;
        private final Map<String, Integer> places = new HashMap<>();
        private final float[] rarity;
        private final List<Vector> vectors;

        Learning(List<L> labels, List<Map<String, Integer>> pieces, int[] label) {
            this.labels = labels;
            this.pieces = pieces;
            this.label = label;
            var frequency = new HashMap<String, Integer>();
            pieces.forEach(text -> text.keySet().forEach(piece -> frequency.merge(piece, 1, Integer::sum)));
            int fewest = pieces.size() > MANY ? 2 : 1;
            frequency.values().removeIf(count -> count < fewest);
            var found = frequency.keySet().stream().sorted().toList();
            rarity = new float[found.size()];
            for (int i = 0; i < rarity.length; i++) {
                places.put(found.get(i), i);
                rarity[i] =
                        (float) (Math.log((1.0 + pieces.size()) / (1.0 + frequency.getOrDefault(found.get(i), 0))) + 1);
            }
            vectors = this.pieces.stream()
                    .map(text -> vector(text, places, rarity))
                    .toList();
        }

        TextClassifier<L> learn() {
            return new TextClassifier<>(labels, places, rarity, train(_ -> true), scale(), vectors.size());
        }

        /** By texts not learned from, so that being sure is not only having seen the text. */
        private double scale() {
            var margins = new double[vectors.size()][];
            for (int fold = 0; fold < FOLDS; fold++) {
                int out = fold;
                var weights = train(i -> i % FOLDS != out);
                for (int i = fold; i < margins.length; i += FOLDS) {
                    margins[i] = TextClassifier.margins(vectors.get(i), weights, labels.size());
                }
            }
            double best = 1;
            double least = Double.MAX_VALUE;
            for (double scale = 0.25; scale < 20; scale *= 1.1) {
                double loss = 0;
                for (int i = 0; i < margins.length; i++) {
                    loss -= Math.log(Math.max(1e-12, share(margins[i], label[i], scale)));
                }
                if (loss < least) {
                    least = loss;
                    best = scale;
                }
            }
            return best;
        }

        private float[][] train(java.util.function.IntPredicate taken) {
            var used = IntStream.range(0, vectors.size()).filter(taken).toArray();
            if (labels.size() == 2) {
                return new float[][] {machine(used, 1)};
            }
            return IntStream.range(0, labels.size())
                    .parallel()
                    .mapToObj(k -> machine(used, k))
                    .toArray(float[][]::new);
        }

        /** This label against the others. */
        private float[] machine(int[] used, int against) {
            var weights = new double[rarity.length + 1];
            var alpha = new double[used.length];
            var order = used.length == 0
                    ? new int[0]
                    : IntStream.range(0, used.length).toArray();
            var random = new Random(against);
            double diagonal = 1 / (2 * COST);
            for (int pass = 0; pass < MOST_PASSES; pass++) {
                double widest = 0;
                for (int i = order.length - 1; i > 0; i--) {
                    int j = random.nextInt(i + 1);
                    int swapped = order[i];
                    order[i] = order[j];
                    order[j] = swapped;
                }
                for (int i : order) {
                    var vector = vectors.get(used[i]);
                    double side = label[used[i]] == against ? 1 : -1;
                    double margin = weights[weights.length - 1];
                    double square = 1;
                    for (int f = 0; f < vector.places().length; f++) {
                        margin += weights[vector.places()[f]] * vector.values()[f];
                        square += vector.values()[f] * vector.values()[f];
                    }
                    double gradient = side * margin - 1 + diagonal * alpha[i];
                    double projected = alpha[i] == 0 ? Math.min(gradient, 0) : gradient;
                    widest = Math.max(widest, Math.abs(projected));
                    if (projected != 0) {
                        double before = alpha[i];
                        alpha[i] = Math.max(before - gradient / (square + diagonal), 0);
                        double step = (alpha[i] - before) * side;
                        for (int f = 0; f < vector.places().length; f++) {
                            weights[vector.places()[f]] += step * vector.values()[f];
                        }
                        weights[weights.length - 1] += step;
                    }
                }
                if (widest < STOP) {
                    break;
                }
            }
            var small = new float[weights.length];
            for (int i = 0; i < small.length; i++) {
                small[i] = (float) weights[i];
            }
            return small;
        }
    }
}
