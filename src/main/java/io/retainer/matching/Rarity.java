package io.retainer.matching;

import java.util.List;

/**
 * What agreeing on this very value is worth beyond agreeing on any: two Ouyangs are likelier one person than two Wangs. Each
 * person counts once for a value, else many copies of one record would make it look common.
 */
final class Rarity {

    private static final double LOG2 = Math.log(2);

    private final List<Field> fields;
    private final float[][] extra;

    private Rarity(List<Field> fields, float[][] extra) {
        this.fields = fields;
        this.extra = extra;
    }

    /**
     * @param personOf for each row the number of its person as far as is known; every row its own to begin with
     */
    static Rarity of(List<Field> fields, int[] personOf) {
        var extra = new float[fields.size()][];
        for (int f = 0; f < extra.length; f++) {
            extra[f] = extra(fields.get(f).terms(), personOf);
        }
        return new Rarity(fields, extra);
    }

    private static float[] extra(Terms terms, int[] personOf) {
        var bearers = bearers(terms, personOf);
        double filled = 0;
        double pairs = 0;
        for (int count : bearers) {
            filled += count;
            pairs += (double) count * (count - 1);
        }
        var extra = new float[bearers.length];
        if (filled < 2) {
            return extra;
        }
        double average = Math.max(pairs / (filled * (filled - 1)), 1 / (filled * filled));
        for (int t = 0; t < extra.length; t++) {
            // Those two aside, how many others bear it; with none, it is as rare as what one cannot see.
            double frequency = Math.max(0.25, bearers[t] - 1.0) / filled;
            extra[t] = (float) Math.clamp(Math.log(average / frequency) / LOG2, -6, 6);
        }
        return extra;
    }

    private static int[] bearers(Terms terms, int[] personOf) {
        var seen = new Longs();
        for (int row = 0; row < terms.ofRow().length; row++) {
            if (terms.ofRow()[row] >= 0) {
                seen.add(((long) terms.ofRow()[row] << Integer.SIZE) | personOf[row]);
            }
        }
        var bearers = new int[terms.size()];
        for (long one : Longs.distinct(List.of(seen))) {
            bearers[(int) (one >>> Integer.SIZE)]++;
        }
        return bearers;
    }

    /** Bits to add for an exact agreement of the field. */
    double bits(int field, int row) {
        int term = fields.get(field).terms().ofRow()[row];
        return term < 0 ? 0 : extra[field][term];
    }
}
