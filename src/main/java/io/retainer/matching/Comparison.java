package io.retainer.matching;

import java.util.List;

/** Compares two records field by field; the grades are packed into a {@code long}, four bits a field. */
final class Comparison {

    private static final int BITS = 4;
    private static final long MASK = (1 << BITS) - 1;

    private final List<Field> fields;
    private final List<int[]> swaps;

    Comparison(List<Field> fields) {
        this.fields = fields;
        this.swaps = Fields.swaps(fields);
    }

    List<Field> fields() {
        return fields;
    }

    static Grade grade(long pattern, int field) {
        return Grade.ALL.get((int) ((pattern >>> (field * BITS)) & MASK));
    }

    private static long with(long pattern, int field, Grade grade) {
        return (pattern & ~(MASK << (field * BITS))) | ((long) grade.number() << (field * BITS));
    }

    /** One grade at its place in a pattern. */
    static long packed(int field, Grade grade) {
        return (long) grade.number() << (field * BITS);
    }

    long compare(int rowA, int rowB) {
        long pattern = 0;
        for (int f = 0; f < fields.size(); f++) {
            pattern |= (long) fields.get(f).between(rowA, rowB).number() << (f * BITS);
        }
        for (var swap : swaps) {
            pattern = swapped(pattern, swap[0], swap[1], rowA, rowB);
        }
        return pattern;
    }

    private long swapped(long pattern, int first, int second, int rowA, int rowB) {
        var straightFirst = grade(pattern, first);
        var straightSecond = grade(pattern, second);
        if (straightFirst.agrees() || straightSecond.agrees()) {
            return pattern;
        }
        var one = across(first, rowA, second, rowB);
        var other = across(first, rowB, second, rowA);
        boolean nothingAgainst = one == Grade.MISSING || other == Grade.MISSING || (one.agrees() && other.agrees());
        if (!(one.agrees() || other.agrees()) || !nothingAgainst) {
            return pattern;
        }
        // With both crossings seen it is evidence in both fields; with one, only the surer field says so.
        var result = with(pattern, first, Grade.SWAPPED);
        return with(result, second, one.agrees() && other.agrees() ? Grade.SWAPPED : Grade.MISSING);
    }

    private Grade across(int field, int row, int otherField, int otherRow) {
        int own = fields.get(field).terms().ofRow()[row];
        int others = fields.get(otherField).terms().ofRow()[otherRow];
        return own < 0 || others < 0
                ? Grade.MISSING
                : fields.get(field).compareAcross(own, fields.get(otherField), others);
    }
}
