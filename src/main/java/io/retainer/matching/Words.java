package io.retainer.matching;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The features of every term of a field, such as its words, weighed by how rare they are (inverse document frequency), and
 * the cosine between two terms.
 */
final class Words {

    /** A feature of more terms than this brings strangers together. */
    private static final int RARE = 40;

    private static final int FEWEST_TELLING = 3;

    private final int[][] features;
    private final float[] squares;
    private final float[] lengths;
    private final int[] frequencies;

    private Words(int[][] features, int[] frequencies) {
        this.features = features;
        this.frequencies = frequencies;
        this.squares = new float[frequencies.length];
        for (int f = 0; f < squares.length; f++) {
            double rarity = Math.log(1 + (double) features.length / frequencies[f]);
            squares[f] = (float) (rarity * rarity);
        }
        this.lengths = new float[features.length];
        for (int t = 0; t < lengths.length; t++) {
            double sum = 0;
            for (int feature : features[t]) {
                sum += squares[feature];
            }
            lengths[t] = (float) Math.sqrt(sum);
        }
    }

    static Words of(String[] texts, Function<String, String[]> parts) {
        Map<String, Integer> numbers = new HashMap<>();
        var features = new int[texts.length][];
        var frequencies = new int[1024];
        for (int t = 0; t < texts.length; t++) {
            var words = parts.apply(texts[t]);
            var own = new int[words.length];
            for (int w = 0; w < words.length; w++) {
                own[w] = numbers.computeIfAbsent(words[w], _ -> numbers.size());
            }
            features[t] = Arrays.stream(own).sorted().distinct().toArray();
            for (int feature : features[t]) {
                if (feature >= frequencies.length) {
                    frequencies = Arrays.copyOf(frequencies, Math.max(feature + 1, frequencies.length * 2));
                }
                frequencies[feature]++;
            }
        }
        return new Words(features, Arrays.copyOf(frequencies, numbers.size()));
    }

    /** For each term its features, in order, each once. */
    int[][] features() {
        return features;
    }

    /** How many features there are. */
    int size() {
        return frequencies.length;
    }

    /** In 0..1. */
    double cosine(int a, int b) {
        double dot = dot(a, b);
        return dot == 0 ? 0 : dot / (lengths[a] * lengths[b]);
    }

    private double dot(int a, int b) {
        var one = features[a];
        var other = features[b];
        double dot = 0;
        for (int i = 0, j = 0; i < one.length && j < other.length; ) {
            if (one[i] == other[j]) {
                dot += squares[one[i]];
                i++;
                j++;
            } else if (one[i] < other[j]) {
                i++;
            } else {
                j++;
            }
        }
        return dot;
    }

    /**
     * How much of the shorter is found in the longer, in 0..1; 0 when the shorter has only one or two features, which are found
     * anywhere.
     */
    double contained(int a, int b) {
        int shorter = lengths[a] < lengths[b] ? a : b;
        if (features[shorter].length < FEWEST_TELLING) {
            return 0;
        }
        return dot(a, b) / (lengths[shorter] * lengths[shorter]);
    }

    /** The features of a term that a few other terms have too, rarest first, at most so many. */
    int[] rarest(int term, int most) {
        return Arrays.stream(features[term])
                .filter(feature -> frequencies[feature] > 1 && frequencies[feature] <= RARE)
                .boxed()
                .sorted((f, g) -> Integer.compare(frequencies[f], frequencies[g]))
                .limit(most)
                .mapToInt(Integer::intValue)
                .toArray();
    }

    static String[] split(String text) {
        return HanScript.hasHan(text) ? grams(text, 2) : text.split(" ");
    }

    /** Words, and neighbours run together where one has a digit: EY-7711 and EY 7711 are EY7711. */
    static String[] splitWithCodes(String text) {
        var words = split(text);
        if (HanScript.hasHan(text)) {
            return words;
        }
        var all = new ArrayList<>(List.of(words));
        for (int i = 1; i < words.length; i++) {
            if (hasDigit(words[i - 1]) || hasDigit(words[i])) {
                all.add(words[i - 1] + words[i]);
            }
        }
        return all.toArray(String[]::new);
    }

    private static boolean hasDigit(String word) {
        return word.chars().anyMatch(Character::isDigit);
    }

    /** Runs of so many characters, with the ends marked; they survive slips that break words. */
    static String[] grams(String text, int length) {
        var padded = " " + text + " ";
        if (padded.length() <= length) {
            return new String[] {padded};
        }
        var grams = new String[padded.length() - length + 1];
        for (int i = 0; i < grams.length; i++) {
            grams[i] = padded.substring(i, i + length);
        }
        return grams;
    }
}
