package io.retainer.complaint;

import io.retainer.text.TextClassifier;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Proposes a category for a text, learned from texts whose category is known. From few texts by multinomial naive Bayes
 * over pairs of characters and words, each counted once a text; from {@link #MANY} on by {@link TextClassifier}, whose
 * confidence needs that many to be measured. It says how sure it is and which pieces decided, and proposes nothing when
 * it has too little to go by. Immutable, and knows no database.
 *
 * @param <L> what is proposed
 */
final class TextHelp<L extends Comparable<L>> {

    /** Below this many texts, or with one label only, nothing is proposed. */
    static final int FEWEST = 10;

    /** Below this a proposal would be a guess. */
    static final double SUREST_GUESS = 0.5;

    private static final int MANY = 200;
    private static final double SMOOTHING = 0.5;
    private static final int MOST_REASONS = 5;

    private final Map<L, Map<String, Integer>> counts = new HashMap<>();
    private final Map<L, Integer> totals = new HashMap<>();
    private final Map<L, Integer> texts = new HashMap<>();
    private final Set<String> vocabulary = new HashSet<>();
    private int all;
    private @Nullable TextClassifier<L> classifier;

    private TextHelp() {}

    /** A text whose label somebody has decided. */
    record Example<L>(String text, L label) {}

    /**
     * @param confidence between 0 and 1, of this label against the others
     * @param because the pieces that spoke most for it
     */
    record Proposed<L>(L label, double confidence, List<String> because) {}

    static <L extends Comparable<L>> TextHelp<L> learn(List<Example<L>> examples) {
        var help = new TextHelp<L>();
        boolean several = examples.stream().map(Example::label).distinct().count() > 1;
        if (examples.size() >= MANY && several) {
            help.classifier = TextClassifier.learn(examples.stream()
                    .map(each -> new TextClassifier.Example<>(each.text(), each.label()))
                    .toList());
            help.all = examples.size();
            return help;
        }
        for (var example : examples) {
            var pieces = pieces(example.text());
            help.all++;
            help.texts.merge(example.label(), 1, Integer::sum);
            var counted = help.counts.computeIfAbsent(example.label(), _ -> new HashMap<>());
            for (var piece : pieces) {
                counted.merge(piece, 1, Integer::sum);
                help.totals.merge(example.label(), 1, Integer::sum);
                help.vocabulary.add(piece);
            }
        }
        return help;
    }

    int learnedFrom() {
        return all;
    }

    /** Null when too little was learned, nothing in the text is known, or no label stands out. */
    @Nullable
    Proposed<L> propose(String text) {
        if (classifier != null) {
            var verdict = classifier.judge(text);
            return verdict.confidence() < SUREST_GUESS || verdict.because().isEmpty()
                    ? null
                    : new Proposed<>(verdict.label(), verdict.confidence(), verdict.because());
        }
        if (all < FEWEST || texts.size() < 2) {
            return null;
        }
        var known = pieces(text).stream().filter(vocabulary::contains).sorted().toList();
        if (known.isEmpty()) {
            return null;
        }
        var scores = new HashMap<L, Double>();
        for (var label : texts.keySet()) {
            double score = Math.log((texts.getOrDefault(label, 0) + SMOOTHING) / (all + SMOOTHING * texts.size()));
            for (var piece : known) {
                score += logChance(label, piece);
            }
            scores.put(label, score);
        }
        var best = scores.entrySet().stream()
                .max(Map.Entry.<L, Double>comparingByValue()
                        .thenComparing(Map.Entry.<L, Double>comparingByKey().reversed()))
                .orElseThrow();
        // Pieces of one text are not independent; the root of the score's spread keeps the figure from being 1 always.
        double temper = Math.max(1, Math.sqrt(known.size()));
        double sum = 0;
        for (var score : scores.values()) {
            sum += Math.exp((score - best.getValue()) / temper);
        }
        double confidence = 1 / sum;
        return confidence < SUREST_GUESS
                ? null
                : new Proposed<>(best.getKey(), confidence, reasons(best.getKey(), known));
    }

    private double logChance(L label, String piece) {
        int count = counts.getOrDefault(label, Map.of()).getOrDefault(piece, 0);
        return Math.log((count + SMOOTHING) / (totals.getOrDefault(label, 0) + SMOOTHING * vocabulary.size()));
    }

    private List<String> reasons(L label, List<String> known) {
        record Weight(String piece, double weight) {}
        var weights = new ArrayList<Weight>();
        for (var piece : known) {
            double others = texts.keySet().stream()
                    .filter(other -> other.compareTo(label) != 0)
                    .mapToDouble(other -> logChance(other, piece))
                    .max()
                    .orElse(0);
            weights.add(new Weight(piece, logChance(label, piece) - others));
        }
        return weights.stream()
                .filter(weight -> weight.weight() > 0)
                .sorted(Comparator.comparingDouble(Weight::weight).reversed().thenComparing(Weight::piece))
                .limit(MOST_REASONS)
                .map(Weight::piece)
                .toList();
    }

    /** Pairs of neighbouring characters for Chinese, words for the rest. */
    static Set<String> pieces(String text) {
        return TextParts.of(Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT));
    }
}
