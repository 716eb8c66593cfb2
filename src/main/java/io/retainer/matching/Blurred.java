package io.retainer.matching;

import java.util.Arrays;
import java.util.function.UnaryOperator;

/** One field seen through one blur: a 32-bit key per row, {@link Field#NO_KEY} where there is none. */
final class Blurred {

    private final int field;
    private final int[] keys;
    private final double chance;

    Blurred(int field, int[] keys, double chance) {
        this.field = field;
        this.keys = keys;
        this.chance = chance;
    }

    /** Its number among the fields. */
    int field() {
        return field;
    }

    int[] keys() {
        return keys;
    }

    /** That two random rows share the key. */
    double chance() {
        return chance;
    }

    static Blurred of(int number, Field field, UnaryOperator<String> blur) {
        var terms = field.terms();
        var keyOfTerm = new int[terms.size()];
        for (int t = 0; t < keyOfTerm.length; t++) {
            var blurred = blur.apply(terms.text(t));
            keyOfTerm[t] = blurred.isEmpty() ? Field.NO_KEY : nonZero(blurred.hashCode() * 0x9E3779B9);
        }
        var keys = new int[terms.ofRow().length];
        for (int row = 0; row < keys.length; row++) {
            int term = terms.ofRow()[row];
            keys[row] = term < 0 ? Field.NO_KEY : keyOfTerm[term];
        }
        return new Blurred(number, keys, chance(keys));
    }

    private static int nonZero(int hash) {
        return hash == Field.NO_KEY ? 1 : hash;
    }

    private static double chance(int[] keys) {
        var sorted = keys.clone();
        Arrays.parallelSort(sorted);
        double sum = 0;
        for (int from = 0, to; from < sorted.length; from = to) {
            to = from + 1;
            while (to < sorted.length && sorted[to] == sorted[from]) {
                to++;
            }
            if (sorted[from] != Field.NO_KEY) {
                double share = (double) (to - from) / sorted.length;
                sum += share * share;
            }
        }
        return sum;
    }
}
