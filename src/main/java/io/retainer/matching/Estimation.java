package io.retainer.matching;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Learns the weights from the records themselves by expectation and maximisation. The mixture is that of all pairs: what
 * strangers agree on is taken from random pairs, and pairs that were no candidates count as strangers. So the blocks bias
 * nothing, and the share of matches comes out as the share among all pairs.
 */
final class Estimation {

    private static final int RANDOM_PAIRS = 1_000_000;
    private static final int ROUNDS = 80;
    private static final double STILL = 1e-4;
    private static final double LEAST = 1e-9;
    private static final double MOST_COUNTERPARTS = 20;
    private static final double UNLIKELY = 1e-4;

    /** With one field: how likely two are one by the grade of their agreement. */
    private static final double[] ALONE = {1e-6, 0.02, 0.6, 0.9, 0.98, 0.5};

    private static final double LOG2 = Math.log(2);

    private final Records records;
    private final Comparison comparison;
    private final Patterns candidates;
    private final double allPairs;
    /** For each field and grade the share of all pairs that have it, before matches are taken out; missing is left out. */
    private final double[][] overall;
    /** For each field the share of pairs that can be compared in it. */
    private final double[] compared;
    /** For each pattern the bits to add because its agreements are not independent. */
    private final double[] corrections;

    private Estimation(Records records, Comparison comparison, Patterns candidates) {
        this.records = records;
        this.comparison = comparison;
        this.candidates = candidates;
        this.allPairs = records.pairs();
        this.corrections = new double[candidates.size()];
        this.compared = new double[comparison.fields().size()];
        this.overall = overall();
    }

    /** What was learned. */
    record Model(Weights weights, NamesInEmails namesInEmails) {}

    static Model model(Records records, Comparison comparison, Patterns candidates) {
        return new Estimation(records, comparison, candidates).run();
    }

    private Model run() {
        boolean namesakes = NamesInEmails.apply(comparison.fields());
        var namesInEmails = NamesInEmails.none();
        if (namesakes) {
            namesInEmails = corrected(NamesInEmails.suspected(records, comparison, start(null)));
        }
        Kinship kinship = null;
        var best = learn(null);
        for (var hypothesis : Kinship.hypotheses(comparison.fields())) {
            var learned = learn(hypothesis);
            if (learned.likelihood > best.likelihood + Kinship.GAIN) {
                best = learned;
                kinship = hypothesis;
            }
        }
        var weights = best.weights;
        for (int round = 0; round < 2 && namesakes; round++) {
            namesInEmails = corrected(NamesInEmails.of(records, comparison, weights, namesInEmails));
            weights = learn(kinship).weights;
        }
        return new Model(weights, namesInEmails);
    }

    private NamesInEmails corrected(NamesInEmails by) {
        for (int p = 0; p < corrections.length; p++) {
            corrections[p] = by.bits(candidates.patterns()[p]);
        }
        return by;
    }

    /** Weights and the log-likelihood of the candidates under them. */
    private record Learned(Weights weights, double likelihood) {}

    /** Weights to begin with. */
    private Weights start(@Nullable Kinship kinship) {
        int fields = comparison.fields().size();
        var same = new double[fields][];
        var relatives = new double[fields][];
        var different = strangers(new Agreed(fields), new Agreed(fields));
        for (int f = 0; f < fields; f++) {
            same[f] = new double[] {0.07, 0.03, 0.05, 0.1, 0.74, 0.01};
            relatives[f] = relatives(kinship, f, new double[Grade.MISSING.number()], same[f], different[f]);
        }
        double matches = Math.clamp(0.5 * records.size() / allPairs, LEAST, 0.3);
        double related = kinship == null ? 0 : matches / 2;
        return new Weights(matches, related, same, relatives, different, personal(kinship));
    }

    /**
     * With one field to compare nothing in the data tells what agrees by chance from what is one: any weights explain them
     * equally well. So agreement is held for identity, down to the grade where a record would
     * have more counterparts than people are ever entered.
     */
    private Weights alone() {
        var one = overall[0];
        var same = new double[one.length];
        var different = new double[one.length];
        double matches = 0;
        double agreeing = 0;
        for (int g = one.length - 1; g >= 0; g--) {
            agreeing += g < Grade.ORDERED ? one[g] * compared[0] * allPairs : 0;
            double held = agreeing > MOST_COUNTERPARTS * records.size() ? UNLIKELY : ALONE[g];
            same[g] = Math.max(LEAST, held * one[g]);
            different[g] = Math.max(LEAST, (1 - held) * one[g]);
            matches += same[g];
        }
        for (int g = 0; g < one.length; g++) {
            same[g] /= matches;
            different[g] /= 1 - matches;
        }
        return new Weights(
                matches,
                0,
                new double[][] {same},
                new double[][] {different},
                new double[][] {different},
                new boolean[1]);
    }

    private boolean[] personal(@Nullable Kinship kinship) {
        return kinship == null ? new boolean[comparison.fields().size()] : kinship.personal();
    }

    /** @param kinship null when nobody is thought to be related */
    private Learned learn(@Nullable Kinship kinship) {
        int fields = comparison.fields().size();
        if (fields == 1) {
            return new Learned(alone(), 0);
        }
        var weights = start(kinship);
        double matches = 0;
        double likelihood = 0;
        for (int round = 0; round < ROUNDS; round++) {
            var ofMatches = new Agreed(fields);
            var ofRelated = new Agreed(fields);
            likelihood = expect(weights, ofMatches, ofRelated);
            weights = maximise(kinship, ofMatches, ofRelated);
            double before = matches;
            matches = ofMatches.pairs;
            if (Math.abs(matches - before) < STILL * matches) {
                break;
            }
        }
        return new Learned(weights, likelihood);
    }

    private Weights maximise(@Nullable Kinship kinship, Agreed ofMatches, Agreed ofRelated) {
        int fields = comparison.fields().size();
        var same = new double[fields][];
        var relatives = new double[fields][];
        var different = strangers(ofMatches, ofRelated);
        for (int f = 0; f < fields; f++) {
            same[f] = matching(ofMatches.counts[f], different[f]);
            relatives[f] = relatives(kinship, f, ofRelated.counts[f], same[f], different[f]);
        }
        double matches = Math.clamp((ofMatches.pairs + 0.5) / (allPairs + 1), LEAST * LEAST, 0.5);
        double related =
                kinship == null ? 0 : Math.clamp((ofRelated.pairs + 0.01) / (allPairs + 1), LEAST * LEAST, 0.3);
        return new Weights(matches, related, same, relatives, different, personal(kinship));
    }

    private static double[] relatives(
            @Nullable Kinship kinship, int field, double[] agreed, double[] same, double[] different) {
        return kinship == null ? different : kinship.relatives(field, agreed, same, different);
    }

    /** How often each grade is expected among the pairs of a class, and how many pairs that is. */
    private static final class Agreed {

        private final double[][] counts;
        private double pairs;

        Agreed(int fields) {
            this.counts = new double[fields][Grade.MISSING.number()];
        }

        void add(long pattern, double expected) {
            pairs += expected;
            for (int f = 0; f < counts.length; f++) {
                int grade = Comparison.grade(pattern, f).number();
                if (grade != Grade.MISSING.number()) {
                    counts[f][grade] += expected;
                }
            }
        }
    }

    private double expect(Weights weights, Agreed ofMatches, Agreed ofRelated) {
        double strangers = weights.share();
        double likelihood = (allPairs - candidates.total()) * Math.log(strangers);
        for (int p = 0; p < candidates.size(); p++) {
            long pattern = candidates.patterns()[p];
            double match = Math.exp((weights.againstStrangers(pattern) + corrections[p]) * LOG2);
            double related = Math.exp((weights.ofRelated(pattern) + corrections[p]) * LOG2);
            double all = 1 + match + related;
            int count = candidates.counts()[p];
            // Against strangers, whose own share of the likelihood hardly moves.
            likelihood += count * Math.log(strangers * all);
            if (match / all * count > LEAST) {
                ofMatches.add(pattern, match / all * count);
            }
            if (related / all * count > LEAST) {
                ofRelated.add(pattern, related / all * count);
            }
        }
        return likelihood;
    }

    /** What matches agree on: counts, leaning a little on the strangers, and never falling where agreement grows. */
    private static double[] matching(double[] agreed, double[] different) {
        double total = 0;
        for (double count : agreed) {
            total += count;
        }
        var same = new double[agreed.length];
        for (int g = 0; g < same.length; g++) {
            same[g] = (agreed[g] + 0.02 + 0.3 * different[g]) / (total + 0.02 * same.length + 0.3);
        }
        monotone(same, different);
        return same;
    }

    /** Neighbouring grades whose ratio falls are given the ratio of both together (pool adjacent violators). */
    private static void monotone(double[] same, double[] different) {
        for (int end = 1; end < Grade.ORDERED; end++) {
            for (int start = end; start > 0; start--) {
                double m = 0;
                double u = 0;
                for (int g = start; g <= end; g++) {
                    m += same[g];
                    u += different[g];
                }
                if (m / u >= same[start - 1] / different[start - 1]) {
                    break;
                }
                double pooled = (m + same[start - 1]) / (u + different[start - 1]);
                for (int g = start - 1; g <= end; g++) {
                    same[g] = different[g] * pooled;
                }
            }
        }
    }

    /** What strangers agree on: what all pairs agree on, less the matches and the related. */
    private double[][] strangers(Agreed ofMatches, Agreed ofRelated) {
        var different = new double[overall.length][];
        for (int f = 0; f < overall.length; f++) {
            double pairs = compared[f] * allPairs;
            var shares = new double[overall[f].length];
            double sum = 0;
            for (int g = 0; g < shares.length; g++) {
                double known = ofMatches.counts[f][g] + ofRelated.counts[f][g];
                double floor = Math.max(LEAST, overall[f][g] * 0.01);
                shares[g] = Math.max(floor, overall[f][g] - known / Math.max(1, pairs));
                sum += shares[g];
            }
            for (int g = 0; g < shares.length; g++) {
                shares[g] /= sum;
            }
            different[f] = shares;
        }
        return different;
    }

    private double[][] overall() {
        var sampled = Patterns.of(randomPairs());
        int fields = comparison.fields().size();
        var shares = new double[fields][Grade.MISSING.number()];
        for (int f = 0; f < fields; f++) {
            double seen = 0;
            for (int p = 0; p < sampled.size(); p++) {
                int grade = Comparison.grade(sampled.patterns()[p], f).number();
                if (grade != Grade.MISSING.number()) {
                    shares[f][grade] += sampled.counts()[p];
                    seen += sampled.counts()[p];
                }
            }
            double exact = exact(comparison.fields().get(f).terms());
            compared[f] = seen / Math.max(1, sampled.total());
            double rest = seen - shares[f][Grade.SAME.number()];
            for (int g = 0; g < shares[f].length; g++) {
                // A grade never seen among the sample is rare, not impossible.
                shares[f][g] = g == Grade.SAME.number()
                        ? exact
                        : (1 - exact) * (shares[f][g] + 0.1) / (rest + 0.1 * (shares[f].length - 1));
            }
        }
        return shares;
    }

    /** The share of pairs with the same term, counted rather than sampled. */
    private double exact(Terms terms) {
        if (!records.linked()) {
            double pairs = 0;
            double filled = 0;
            for (int count : terms.counts()) {
                pairs += (double) count * (count - 1);
                filled += count;
            }
            return filled < 2 ? LEAST : Math.max(LEAST, pairs / (filled * (filled - 1)));
        }
        var first = new int[terms.size()];
        double inFirst = 0;
        for (int row = 0; row < records.secondFrom(); row++) {
            int term = terms.ofRow()[row];
            if (term >= 0) {
                first[term]++;
                inFirst++;
            }
        }
        double pairs = 0;
        double inSecond = -inFirst;
        for (int t = 0; t < first.length; t++) {
            pairs += (double) first[t] * (terms.counts()[t] - first[t]);
            inSecond += terms.counts()[t];
        }
        return inFirst == 0 || inSecond == 0 ? LEAST : Math.max(LEAST, pairs / (inFirst * inSecond));
    }

    private long[] randomPairs() {
        int size = records.size();
        if (allPairs <= RANDOM_PAIRS) {
            var pairs = new Longs();
            for (int a = 0; a < size; a++) {
                for (int b = a + 1; b < size; b++) {
                    if (records.comparable(a, b)) {
                        pairs.add(Pairs.of(a, b));
                    }
                }
            }
            return patterns(Longs.distinct(List.of(pairs)));
        }
        var random = new SplittableRandom(1);
        var pairs = new long[RANDOM_PAIRS];
        for (int i = 0; i < pairs.length; ) {
            int a = records.linked() ? random.nextInt(records.secondFrom()) : random.nextInt(size);
            int b = records.linked() ? random.nextInt(records.secondFrom(), size) : random.nextInt(size);
            if (a != b) {
                pairs[i++] = Pairs.of(a, b);
            }
        }
        return patterns(pairs);
    }

    private long[] patterns(long[] pairs) {
        return IntStream.range(0, pairs.length)
                .parallel()
                .mapToLong(i -> comparison.compare(Pairs.low(pairs[i]), Pairs.high(pairs[i])))
                .toArray();
    }
}
