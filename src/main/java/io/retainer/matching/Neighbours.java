package io.retainer.matching;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Brings together records whose words are most alike over all their fields, whichever column they stand in. Where there is long
 * text, such as titles and descriptions, two of one thing often share no rare word and no beginning, only many common ones.
 */
final class Neighbours {

    private static final int NEAREST = 10;

    /** Words looked up in all; how deep each record may look follows from it. */
    private static final double LOOKED_UP = 2e8;

    private static final double DEEPEST = 30_000;
    private static final double SHALLOWEST = 300;

    private final Records records;
    private final int[][] wordsOf;
    private final int[] starts;
    private final int[] rows;
    private final float[] worth;

    private Neighbours(Records records, List<Field> fields) {
        this.records = records;
        var spoken = fields.stream().filter(Neighbours::speaks).toList();
        var texts = new String[records.size()];
        for (int row = 0; row < texts.length; row++) {
            var text = new StringBuilder();
            for (var field : spoken) {
                int term = field.terms().ofRow()[row];
                if (term >= 0) {
                    text.append(field.text(term)).append(' ');
                }
            }
            texts[row] = text.toString().strip();
        }
        var words = Words.of(texts, Words::split);
        this.wordsOf = words.features();
        this.starts = new int[words.size() + 1];
        for (var own : wordsOf) {
            for (int word : own) {
                starts[word + 1]++;
            }
        }
        this.worth = new float[words.size()];
        for (int word = 0; word < worth.length; word++) {
            double rarity = Math.log(1 + (double) texts.length / Math.max(1, starts[word + 1]));
            worth[word] = (float) (rarity * rarity);
            starts[word + 1] += starts[word];
        }
        this.rows = new int[starts[worth.length]];
        var next = starts.clone();
        for (int row = 0; row < wordsOf.length; row++) {
            for (int word : wordsOf[row]) {
                rows[next[word]++] = row;
            }
        }
    }

    private static boolean speaks(Field field) {
        return field instanceof TextField || field instanceof NameField || field instanceof AddressField;
    }

    /** Pairs to compare, when there is long text at all. */
    static Longs pairs(Records records, List<Field> fields) {
        if (fields.stream().noneMatch(field -> field instanceof TextField)) {
            return new Longs();
        }
        return new Neighbours(records, fields).run();
    }

    private Longs run() {
        var found = new ArrayList<Longs>();
        int parts = 8;
        IntStream.range(0, parts).parallel().mapToObj(part -> of(part, parts)).forEachOrdered(found::add);
        var all = new Longs();
        for (long pair : Longs.distinct(found)) {
            all.add(pair);
        }
        return all;
    }

    /** Every so many-th row. */
    private Longs of(int part, int parts) {
        var pairs = new Longs();
        var likeness = new float[records.size()];
        var met = new int[records.size()];
        double depth = Math.clamp(LOOKED_UP / Math.max(1, records.size()), SHALLOWEST, DEEPEST);
        for (int row = part; row < records.size(); row += parts) {
            int count = meet(row, likeness, met, depth);
            nearest(row, likeness, met, count, pairs);
            for (int i = 0; i < count; i++) {
                likeness[met[i]] = 0;
            }
        }
        return pairs;
    }

    /** Adds up what the row shares with others, its rarest words first, and says how many it met. */
    private int meet(int row, float[] likeness, int[] met, double depth) {
        int count = 0;
        double left = depth;
        var words = Arrays.stream(wordsOf[row])
                .boxed()
                .sorted((a, b) -> Float.compare(worth[b], worth[a]))
                .toList();
        for (int word : words) {
            left -= starts[word + 1] - starts[word];
            if (left < 0) {
                break;
            }
            for (int i = starts[word]; i < starts[word + 1]; i++) {
                int other = rows[i];
                if (records.comparable(row, other)) {
                    if (likeness[other] == 0) {
                        met[count++] = other;
                    }
                    likeness[other] += worth[word];
                }
            }
        }
        return count;
    }

    private void nearest(int row, float[] likeness, int[] met, int count, Longs pairs) {
        var order = new long[count];
        for (int i = 0; i < count; i++) {
            // As long records share more with everybody: by the square root of their length. Positive floats sort like
            // their bits.
            float alike = likeness[met[i]] / (float) Math.sqrt(wordsOf[met[i]].length);
            order[i] = ((long) -Float.floatToIntBits(alike) << Integer.SIZE) | met[i];
        }
        Arrays.sort(order);
        for (int i = 0; i < Math.min(NEAREST, count); i++) {
            pairs.add(Pairs.of(row, (int) order[i]));
        }
    }
}
