package io.retainer.matching;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Who is who among a set of records: finds candidates, weighs them without training, clusters. Answers of people make a new
 * resolution from this one without comparing anything again. Not changed once made.
 */
public final class Resolution {

    /** Log2 odds of what a person has decided. */
    private static final double SETTLED = 60;

    /** So large a share of the linked records must have two counterparts before links are taken to be many to many. */
    private static final double MANY_TWICE = 0.1;

    /** Log2 odds that leave no room for two things of one make, which resemble one another in all but a number. */
    private static final double CERTAIN = 14;

    /** What the likeness within a grade can be worth at most, in bits. */
    private static final double WITHIN_A_GRADE = 4;

    private final Records records;
    private final Settings settings;
    private final Comparison comparison;
    private final long[] pairs;
    private final long[] patterns;
    private final Weights weights;
    private final NamesInEmails namesInEmails;
    private final Teaching teaching;
    private final Map<Long, Answer> answers;
    private final Rarity rarity;
    private final float[] scores;
    private final int[] clusterOf;
    private final Bands bands;

    private Resolution(
            Records records,
            Settings settings,
            Comparison comparison,
            long[] pairs,
            long[] patterns,
            Weights weights,
            NamesInEmails namesInEmails,
            Teaching teaching,
            Map<Long, Answer> answers) {
        this.records = records;
        this.settings = settings;
        this.comparison = comparison;
        this.pairs = pairs;
        this.patterns = patterns;
        this.weights = weights;
        this.namesInEmails = namesInEmails;
        this.teaching = teaching;
        this.answers = answers;
        var alone = IntStream.range(0, records.size()).toArray();
        var first = Rarity.of(comparison.fields(), alone);
        var persons = cluster(first, scores(first));
        // Now that copies of one person are known they no longer make their values look common.
        this.rarity = Rarity.of(comparison.fields(), persons);
        this.scores = scores(rarity);
        this.clusterOf = cluster(rarity, scores);
        this.bands = Bands.of(scores);
    }

    public static Resolution of(Records records, Settings settings) {
        var fields = Fields.of(records, settings.kinds(), settings.phones());
        var comparison = new Comparison(fields);
        var pairs = Blocking.candidates(records, fields);
        var patterns = IntStream.range(0, pairs.length)
                .parallel()
                .mapToLong(i -> comparison.compare(Pairs.low(pairs[i]), Pairs.high(pairs[i])))
                .toArray();
        var model = Estimation.model(records, comparison, Patterns.of(patterns));
        return new Resolution(
                records,
                settings,
                comparison,
                pairs,
                patterns,
                model.weights(),
                model.namesInEmails(),
                Teaching.none(fields.size()),
                Map.of());
    }

    /** For each row the lowest row of its cluster. */
    public int[] clusters() {
        return clusterOf.clone();
    }

    /** How many pairs were compared. */
    public int candidates() {
        return pairs.length;
    }

    /** Whether the pair was compared. */
    public boolean isCandidate(int a, int b) {
        return Arrays.binarySearch(pairs, Pairs.of(a, b)) >= 0;
    }

    public Bands bands() {
        return bands;
    }

    /** How many candidates are in each band. */
    public Map<Band, Integer> bandSizes() {
        var sizes = new EnumMap<Band, Integer>(Band.class);
        for (float score : scores) {
            sizes.merge(bands.of(score), 1, Integer::sum);
        }
        return sizes;
    }

    /** What is to be done about two records. */
    public Band band(int a, int b) {
        return bands.of(pair(a, b).bits());
    }

    public ScoredPair pair(int a, int b) {
        long pair = Pairs.of(a, b);
        int at = Arrays.binarySearch(pairs, pair);
        double bits = at >= 0 ? scores[at] : score(rarity, pair, comparison.compare(Pairs.low(pair), Pairs.high(pair)));
        return new ScoredPair(Pairs.low(pair), Pairs.high(pair), bits);
    }

    /** Why two records are held for one person, or not: what every field says, the weightiest first. */
    public List<Reason> reasons(int a, int b) {
        long pattern = comparison.compare(Math.min(a, b), Math.max(a, b));
        return IntStream.range(0, comparison.fields().size())
                .mapToObj(f -> {
                    var grade = Comparison.grade(pattern, f);
                    double bits = weights.bits(f, grade)
                            + namesInEmails.bits(f, pattern)
                            + teaching.bits(f, grade)
                            + (grade == Grade.SAME ? rarity.bits(f, a) : 0);
                    return new Reason(comparison.fields().get(f).name(), grade, bits);
                })
                .sorted(Comparator.comparingDouble(reason -> -Math.abs(reason.bits())))
                .toList();
    }

    /** The log2 odds of one person against strangers before any field is looked at. */
    public double prior() {
        return weights.prior();
    }

    /** The pairs of a band, the surest matches first, at most so many. */
    public List<ScoredPair> in(Band band, int most) {
        return IntStream.range(0, pairs.length)
                .filter(i -> bands.of(scores[i]) == band && !answers.containsKey(pairs[i]))
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -scores[i]))
                .limit(most)
                .map(this::scored)
                .toList();
    }

    private ScoredPair scored(int i) {
        return new ScoredPair(Pairs.low(pairs[i]), Pairs.high(pairs[i]), scores[i]);
    }

    /**
     * The pairs whose answers would teach most: undecided, of patterns that are still unsure, and no pattern twice.
     */
    public List<ScoredPair> questions(int most) {
        var asked = new HashSet<Long>();
        for (var pair : answers.keySet()) {
            asked.add(comparison.compare(Pairs.low(pair), Pairs.high(pair)));
        }
        var open = IntStream.range(0, pairs.length)
                .filter(i -> bands.of(scores[i]) == Band.REVIEW && !answers.containsKey(pairs[i]))
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -information(i)))
                .toList();
        var questions = new ArrayList<ScoredPair>();
        for (int i : open) {
            if (questions.size() == most) {
                break;
            }
            if (asked.add(patterns[i])) {
                questions.add(scored(i));
            }
        }
        return questions;
    }

    private double information(int i) {
        double p = Weights.probability(scores[i]);
        return p * (1 - p) * teaching.variance(patterns[i]);
    }

    /**
     * The same records after a person answered. The pair itself is settled by the answer; others move as far as they are
     * like it.
     */
    public Resolution answered(int a, int b, Answer answer) {
        long pair = Pairs.of(a, b);
        long pattern = comparison.compare(Pairs.low(pair), Pairs.high(pair));
        var taught = switch (answer) {
            case SAME -> teaching.after(pattern, score(rarity, pair, pattern), true);
            case DIFFERENT -> teaching.after(pattern, score(rarity, pair, pattern), false);
            case CANNOT_SAY -> teaching;
        };
        var all = new HashMap<>(answers);
        all.put(pair, answer);
        return new Resolution(
                records, settings, comparison, pairs, patterns, weights, namesInEmails, taught, Map.copyOf(all));
    }

    /**
     * What a person said of a pair.
     *
     * @param first row of the one, or -1 when it is not among these records any more: then only the grades teach
     */
    public record Said(int first, int second, Lessons.Lesson lesson) {}

    /** The same records after many answers, in the order they were given. */
    public Resolution answered(List<Said> several) {
        if (several.isEmpty()) {
            return this;
        }
        var taught = teaching;
        var all = new HashMap<>(answers);
        var columns = comparedColumns();
        for (var said : several) {
            var lesson = said.lesson();
            boolean here = said.first() >= 0 && said.second() >= 0;
            long pattern = 0;
            for (int f = 0; f < columns.size(); f++) {
                pattern |= Comparison.packed(f, lesson.grades().getOrDefault(columns.get(f), Grade.MISSING));
            }
            if (lesson.answer() != Answer.CANNOT_SAY) {
                taught = taught.after(pattern, lesson.bits() + taught.bits(pattern), lesson.answer() == Answer.SAME);
            }
            if (here) {
                all.put(Pairs.of(said.first(), said.second()), lesson.answer());
            }
        }
        return new Resolution(
                records, settings, comparison, pairs, patterns, weights, namesInEmails, taught, Map.copyOf(all));
    }

    /** What the answers of people changed in the score of a pair, in bits. */
    public double taught(int a, int b) {
        return teaching.bits(comparison.compare(Math.min(a, b), Math.max(a, b)));
    }

    private float[] scores(Rarity rarities) {
        var result = new float[pairs.length];
        IntStream.range(0, pairs.length).parallel().forEach(i -> {
            double learned = score(rarities, pairs[i], patterns[i]);
            result[i] = (float) settled(pairs[i], learned);
        });
        return result;
    }

    private double score(Rarity rarities, long pair, long pattern) {
        double againstStrangers =
                weights.againstStrangers(pattern) + namesInEmails.bits(pattern) + teaching.bits(pattern);
        for (int f = 0; f < comparison.fields().size(); f++) {
            if (Comparison.grade(pattern, f) == Grade.SAME) {
                againstStrangers += rarities.bits(f, Pairs.low(pair));
            }
        }
        return againstStrangers + Weights.discount(related(rarities, pair, pattern));
    }

    /** Log2 odds of the two being related rather than strangers: a rare address speaks for that too. */
    private double related(Rarity rarities, long pair, long pattern) {
        double bits = weights.ofRelated(pattern) + namesInEmails.bits(pattern);
        for (int f = 0; f < comparison.fields().size(); f++) {
            if (Comparison.grade(pattern, f) == Grade.SAME && !weights.personal(f)) {
                bits += rarities.bits(f, Pairs.low(pair));
            }
        }
        return bits;
    }

    /**
     * What is taken off the reasons because people of one household agree so too; zero or less, in bits. The score of a pair
     * is the {@link #prior()}, its reasons and this.
     */
    public double householdDiscount(int a, int b) {
        long pair = Pairs.of(a, b);
        return Weights.discount(related(rarity, pair, comparison.compare(Pairs.low(pair), Pairs.high(pair))));
    }

    private double settled(long pair, double learned) {
        var answer = answers.isEmpty() ? null : answers.get(pair); // spares millions of look-ups
        if (answer == null) {
            return learned;
        }
        return switch (answer) {
            case SAME -> SETTLED;
            case DIFFERENT -> -SETTLED;
            case CANNOT_SAY -> learned;
        };
    }

    /** Of several likely counterparts of one grade the most alike goes first: a title has many near ones. */
    private float[] refined(float[] odds) {
        var refined = odds.clone();
        IntStream.range(0, refined.length).filter(i -> odds[i] > 0).forEach(i -> {
            for (var field : comparison.fields()) {
                int a = field.terms().ofRow()[Pairs.low(pairs[i])];
                int b = field.terms().ofRow()[Pairs.high(pairs[i])];
                refined[i] += a < 0 || b < 0 ? 0 : (float) (WITHIN_A_GRADE * field.likeness(a, b));
            }
        });
        return refined;
    }

    /**
     * Whether the files hold people more than once: many a record has two sure counterparts which are as surely one person
     * themselves.
     */
    private boolean heldTwice(Rarity rarities, float[] odds) {
        var counterpart = new int[records.size()];
        Arrays.fill(counterpart, -1);
        var twice = new boolean[records.size()];
        for (int i = 0; i < pairs.length; i++) {
            if (odds[i] >= CERTAIN) {
                for (int row : new int[] {Pairs.low(pairs[i]), Pairs.high(pairs[i])}) {
                    int other = Pairs.low(pairs[i]) + Pairs.high(pairs[i]) - row;
                    int before = counterpart[row];
                    counterpart[row] = other;
                    twice[row] |= before >= 0 && sure(rarities, Pairs.of(before, other));
                }
            }
        }
        long linked = Arrays.stream(counterpart).filter(row -> row >= 0).count();
        long repeated =
                IntStream.range(0, twice.length).filter(row -> twice[row]).count();
        return repeated > MANY_TWICE * linked;
    }

    private boolean sure(Rarity rarities, long pair) {
        return score(rarities, pair, pattern(pair)) >= CERTAIN;
    }

    private int[] cluster(Rarity rarities, float[] odds) {
        if (records.linked()
                && (settings.links() == Links.ONE
                        || (settings.links() == Links.AS_FOUND && !heldTwice(rarities, odds)))) {
            return OneToOne.link(records.size(), pairs, refined(odds));
        }
        return AverageLink.cluster(
                records.size(),
                pairs,
                odds,
                pair -> settled(pair, score(rarities, pair, pattern(pair))),
                pair -> decided(pair) ? 1 : weights.compared(pattern(pair)));
    }

    private long pattern(long pair) {
        return comparison.compare(Pairs.low(pair), Pairs.high(pair));
    }

    /** Whether a person has said that the two are one, or that they are not. */
    private boolean decided(long pair) {
        var answer = answers.isEmpty() ? null : answers.get(pair);
        return answer != null && answer != Answer.CANNOT_SAY;
    }

    /** The columns that are compared, the most telling first. */
    public List<String> comparedColumns() {
        return comparison.fields().stream().map(Field::name).toList();
    }
}
