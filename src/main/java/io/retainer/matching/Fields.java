package io.retainer.matching;

import io.retainer.matching.Records.Column;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The fields by which a set of records is compared: what its columns hold, without those that only repeat others. */
final class Fields {

    /** A comparison is packed into a {@code long}, four bits a field. */
    static final int MOST = 16;

    private static final int SAMPLE = 2_000;
    private static final double CONTAINED = 0.8;
    private static final double SHARED_WORDS = 0.005;

    private Fields() {}

    /**
     * @param told kinds of columns that are known; the others are guessed from their content
     */
    static List<Field> of(Records records, Map<String, ColumnKind> told, PhoneNumbers phones) {
        var kinds = records.columns().stream()
                .map(column -> told.getOrDefault(column.name(), KindGuess.of(column)))
                .toList();
        var kept = new ArrayList<Field>();
        var repeated = repeated(records.columns(), kinds);
        for (int c = 0; c < kinds.size(); c++) {
            if (kinds.get(c) != ColumnKind.IGNORED && !repeated.contains(c)) {
                kept.add(Field.of(records.columns().get(c), kinds.get(c), phones));
            }
        }
        kept.sort(Comparator.comparingDouble((Field field) -> -information(field)));
        return List.copyOf(kept.subList(0, Math.min(MOST, kept.size())));
    }

    /** Filled share times the bits an agreement is worth. */
    private static double information(Field field) {
        double filled = 0;
        double agreeing = 0;
        double rows = Math.max(1, field.terms().ofRow().length);
        for (int count : field.terms().counts()) {
            filled += count / rows;
            agreeing += count / rows * (count / rows);
        }
        return agreeing == 0 ? 0 : -filled * Math.log(agreeing / (filled * filled));
    }

    /**
     * Columns whose words are all found in shorter columns of the same row: a full name beside first name and surname. To
     * count the same evidence twice would make strangers of one name a match.
     */
    private static Set<Integer> repeated(List<Column> columns, List<ColumnKind> kinds) {
        var repeated = new HashSet<Integer>();
        var wordy = new ArrayList<Integer>();
        for (int c = 0; c < columns.size(); c++) {
            if (kinds.get(c) == ColumnKind.NAME || kinds.get(c) == ColumnKind.TEXT) {
                wordy.add(c);
            }
        }
        wordy.sort(Comparator.comparingDouble(c -> -meanLength(columns.get(c))));
        for (int i = 0; i < wordy.size(); i++) {
            var whole = columns.get(wordy.get(i));
            var parts = wordy.subList(i + 1, wordy.size()).stream()
                    .map(columns::get)
                    .filter(part -> contained(part, whole) >= CONTAINED)
                    .toList();
            if (!parts.isEmpty() && covered(whole, parts) >= CONTAINED) {
                repeated.add(wordy.get(i));
            }
        }
        return repeated;
    }

    private static double meanLength(Column column) {
        double sum = 0;
        for (var value : column.values()) {
            sum += value.length();
        }
        return sum / Math.max(1, column.values().length);
    }

    private static double contained(Column part, Column whole) {
        int both = 0;
        int found = 0;
        for (int row : sample(part.ids().length)) {
            var small = part.at(row);
            var large = whole.at(row);
            if (small != null && large != null) {
                both++;
                found += words(large).containsAll(words(small)) ? 1 : 0;
            }
        }
        return both == 0 ? 0 : (double) found / both;
    }

    /** How much of the words of the whole its parts tell together. */
    private static double covered(Column whole, List<Column> parts) {
        double words = 0;
        double told = 0;
        for (int row : sample(whole.ids().length)) {
            var large = whole.at(row);
            if (large != null) {
                var all = words(large);
                words += all.size();
                for (var part : parts) {
                    all.removeAll(words(part.at(row)));
                }
                told += words(large).size() - all.size();
            }
        }
        return words == 0 ? 0 : told / words;
    }

    private static Set<String> words(@Nullable String text) {
        return text == null
                ? new HashSet<>()
                : new HashSet<>(List.of(NormalText.of(text).split(" ")));
    }

    private static int[] sample(int rows) {
        int taken = Math.min(rows, SAMPLE);
        var sample = new int[taken];
        for (int i = 0; i < taken; i++) {
            sample[i] = (int) ((long) i * rows / taken);
        }
        return sample;
    }

    /** Pairs of fields whose values are now and then found in each other's column. */
    static List<int[]> swaps(List<Field> fields) {
        var swaps = new ArrayList<int[]>();
        for (int a = 0; a < fields.size(); a++) {
            for (int b = a + 1; b < fields.size(); b++) {
                var one = fields.get(a);
                var other = fields.get(b);
                if (one.swapsWith(other)
                        && overlap(one, other) >= SHARED_WORDS
                        && overlap(other, one) >= SHARED_WORDS) {
                    swaps.add(new int[] {a, b});
                }
            }
        }
        return swaps;
    }

    /** The share of the first field's terms that the second has too. */
    private static double overlap(Field one, Field other) {
        var known = new HashSet<>(List.of(other.terms().texts()));
        double shared = 0;
        for (var text : one.terms().texts()) {
            shared += known.contains(text) ? 1 : 0;
        }
        return shared / Math.max(1, one.terms().size());
    }
}
