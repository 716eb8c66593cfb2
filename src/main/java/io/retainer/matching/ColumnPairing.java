package io.retainer.matching;

import io.retainer.matching.Records.Column;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Which column of a second file says what a column of the first says: by name, else by what stands in them, since two shops
 * seldom call their columns alike; by place when neither tells.
 */
final class ColumnPairing {

    private static final int SAMPLE = 2_000;

    /** Two columns that have this little in common say different things. */
    private static final double LEAST = 0.4;

    private ColumnPairing() {}

    /** For each of the names the place in the second file, or -1. */
    static int[] places(
            Sheet first, List<String> names, Sheet second, Mapping mapping, Set<String> hidden, int idOfSecond) {
        var own = second.header().stream().map(mapping::renamed).toList();
        var places = names.stream().mapToInt(own::indexOf).toArray();
        var open = IntStream.range(0, names.size()).filter(i -> places[i] < 0).toArray();
        var free = IntStream.range(0, own.size())
                .filter(c -> c != idOfSecond
                        && !names.contains(own.get(c))
                        && !hidden.contains(second.header().get(c))
                        && Arrays.stream(places).noneMatch(place -> place == c))
                .toArray();
        if (open.length > 0 && free.length > 0) {
            byContent(first, names, second, places, open, free);
        }
        boolean none = Arrays.stream(places).allMatch(place -> place < 0);
        return none && names.size() == free.length ? free : places; // too few rows to tell: by place
    }

    private record Match(int name, int place, double likeness) {}

    private static void byContent(Sheet first, List<String> names, Sheet second, int[] places, int[] open, int[] free) {
        var wanted = columns(
                first, Arrays.stream(open).map(i -> first.column(names.get(i))).toArray());
        var offered = columns(second, free);
        var matches = new ArrayList<Match>();
        for (int i = 0; i < open.length; i++) {
            for (int j = 0; j < free.length; j++) {
                // The same place decides between columns that are alike, such as two surnames.
                double order = open.length == free.length && i == j ? 0.1 : 0;
                matches.add(new Match(open[i], free[j], likeness(wanted.get(i), offered.get(j)) + order));
            }
        }
        matches.sort(Comparator.comparingDouble(match -> -match.likeness()));
        for (var match : matches) {
            boolean taken =
                    places[match.name()] >= 0 || Arrays.stream(places).anyMatch(place -> place == match.place());
            if (!taken && match.likeness() >= LEAST) {
                places[match.name()] = match.place();
            }
        }
    }

    private static List<Column> columns(Sheet sheet, int[] places) {
        var builder =
                Records.of(Arrays.stream(places).mapToObj(sheet.header()::get).toList());
        var taken = new int[1];
        sheet.forEach(row -> {
            if (taken[0]++ < SAMPLE) {
                builder.add(Arrays.stream(places)
                        .mapToObj(place -> LabelledRecords.value(Sheet.cell(row, place)))
                        .toList());
            }
        });
        return builder.build().columns();
    }

    private static double likeness(Column one, Column other) {
        var kind = KindGuess.of(one);
        var kindOfOther = KindGuess.of(other);
        boolean alike = kind == kindOfOther || (wordy(kind) && wordy(kindOfOther));
        if (!alike || kind == ColumnKind.IGNORED) {
            return 0;
        }
        return (kind == kindOfOther ? 0.3 : 0.15)
                + 0.4 * cosine(one, other, value -> NormalText.of(value).split(" "))
                + 0.3 * cosine(one, other, value -> new String[] {shape(value)});
    }

    private static boolean wordy(ColumnKind kind) {
        return kind == ColumnKind.NAME || kind == ColumnKind.TEXT || kind == ColumnKind.ADDRESS;
    }

    /** Letters, digits and what parts them, and roughly how much of it. */
    private static String shape(String value) {
        var runs = NormalText.folded(value)
                .replaceAll("\\p{IsHan}+", "字")
                .replaceAll("\\p{IsLatin}+", "a")
                .replaceAll("\\d+", "9");
        return runs.substring(0, Math.min(8, runs.length())) + (value.length() / 4);
    }

    private static double cosine(Column one, Column other, Function<String, String[]> parts) {
        var mine = counts(one, parts);
        var theirs = counts(other, parts);
        double dot = 0;
        for (var part : mine.entrySet()) {
            dot += part.getValue() * theirs.getOrDefault(part.getKey(), 0.0);
        }
        return dot == 0 ? 0 : dot / Math.sqrt(squares(mine) * squares(theirs));
    }

    /** Roots, so that a few frequent words do not decide alone. */
    private static Map<String, Double> counts(Column column, Function<String, String[]> parts) {
        var counts = new HashMap<String, Double>();
        for (var value : column.values()) {
            for (var part : parts.apply(value)) {
                counts.merge(part, 1.0, Double::sum);
            }
        }
        counts.replaceAll((_, count) -> Math.sqrt(count));
        return counts;
    }

    private static double squares(Map<String, Double> counts) {
        return counts.values().stream().mapToDouble(count -> count * count).sum();
    }
}
