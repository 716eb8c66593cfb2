package io.retainer.matching;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Brings together the rows worth comparing. For every pair of fields it takes the most blurred keys that still leave few
 * strangers in a block; a match has to agree roughly in two fields only. A block that grows too large is split by further
 * fields, never dropped.
 */
final class Blocking {

    private static final int ROW_BITS = 24;
    private static final long ROW = (1L << ROW_BITS) - 1;

    /** How many strangers a row may meet under one key: generous in small files, frugal in large ones. */
    private static final double STRANGERS_IN_ALL = 150_000;

    private static final double FEWEST_STRANGERS = 0.35;
    private static final double MOST_STRANGERS = 8;
    private static final int LARGEST_BLOCK = 60;
    private static final int NEIGHBOURS = 8;
    private static final int FEW_FIELDS = 8;

    private final Records records;
    private final List<Field> fields;
    private final List<Blurred> blurred = new ArrayList<>();
    private final double strangers;

    private Blocking(Records records, List<Field> fields) {
        this.records = records;
        this.fields = fields;
        this.strangers = Math.clamp(STRANGERS_IN_ALL / Math.max(1, records.size()), FEWEST_STRANGERS, MOST_STRANGERS);
        for (int f = 0; f < fields.size(); f++) {
            for (var blur : fields.get(f).blurs()) {
                blurred.add(Blurred.of(f, fields.get(f), blur));
            }
        }
    }

    /** The pairs to compare, in order, each once. */
    static long[] candidates(Records records, List<Field> fields) {
        var blocking = new Blocking(records, fields);
        var parts = new ArrayList<>(
                blocking.keys().parallelStream().map(blocking::underKey).toList());
        IntStream.range(0, fields.size()).forEach(f -> parts.add(blocking.byRareParts(f)));
        parts.add(Neighbours.pairs(records, fields));
        return Longs.distinct(parts);
    }

    /** One or two blurred fields that make a key. */
    private List<List<Blurred>> keys() {
        var keys = new ArrayList<List<Blurred>>();
        for (int f = 0; f < fields.size(); f++) {
            singles(f).forEach(single -> keys.add(List.of(single)));
            for (int g = f + 1; g < fields.size(); g++) {
                joined(f, g).forEach(keys::add);
            }
        }
        return keys;
    }

    private List<Blurred> singles(int field) {
        return of(field).filter(blur -> met(blur.chance()) <= strangers).toList();
    }

    private Stream<Blurred> of(int field) {
        return blurred.stream().filter(blur -> blur.field() == field && blur.chance() > 0);
    }

    /**
     * Ways to join two fields: for each blur of the first the most blurred partner that leaves few strangers, so that a slip
     * in either field is survived by some key. With many fields one way is enough.
     */
    private Stream<List<Blurred>> joined(int f, int g) {
        var ways = of(f).map(one -> of(g).map(other -> List.of(one, other))
                        .filter(key -> met(chance(key)) <= strangers)
                        .max(Comparator.comparingDouble(Blocking::chance)))
                .flatMap(Optional::stream);
        return fields.size() <= FEW_FIELDS ? ways : ways.max(Comparator.comparingDouble(Blocking::chance)).stream();
    }

    private static double chance(List<Blurred> key) {
        return key.stream().mapToDouble(Blurred::chance).reduce(1, (p, q) -> p * q);
    }

    private double met(double chance) {
        return chance * records.size();
    }

    private Longs underKey(List<Blurred> key) {
        var rows = new long[records.size()];
        int filled = 0;
        for (int row = 0; row < rows.length; row++) {
            long hash = hash(key, row);
            if (hash != Field.NO_KEY) {
                rows[filled++] = (hash << ROW_BITS) | row;
            }
        }
        Arrays.sort(rows, 0, filled);
        var found = new Longs();
        var refiners = refiners(key);
        for (int from = 0, to; from < filled; from = to) {
            to = end(rows, from, filled);
            emit(rows, from, to, refiners, 0, found);
        }
        return found;
    }

    private static int end(long[] rows, int from, int filled) {
        long key = rows[from] >>> ROW_BITS;
        int to = from + 1;
        while (to < filled && rows[to] >>> ROW_BITS == key) {
            to++;
        }
        return to;
    }

    private static long hash(List<Blurred> key, int row) {
        long hash = 0;
        for (var blur : key) {
            int part = blur.keys()[row];
            if (part == Field.NO_KEY) {
                return Field.NO_KEY;
            }
            hash = (hash ^ part) * 0x9E3779B97F4A7C15L;
            hash ^= hash >>> 29;
        }
        return hash;
    }

    /** Other fields by which a large block is split, those first that split well and are seldom empty. */
    private List<Blurred> refiners(List<Blurred> key) {
        return IntStream.range(0, fields.size())
                .filter(f -> key.stream().noneMatch(blur -> blur.field() == f))
                .mapToObj(
                        f -> of(f).filter(blur -> blur.chance() < 0.1).max(Comparator.comparingDouble(Blurred::chance)))
                .flatMap(Optional::stream)
                .sorted(Comparator.comparingDouble(Blurred::chance))
                .toList();
    }

    private void emit(long[] rows, int from, int to, List<Blurred> refiners, int depth, Longs found) {
        int size = to - from;
        if (size < 2) {
            return;
        }
        if (size <= LARGEST_BLOCK) {
            emitAll(rows, from, to, size, found);
        } else if (depth == refiners.size()) {
            emitAll(rows, from, to, NEIGHBOURS, found); // they differ in nothing more: near neighbours must do
        } else {
            var split = new long[size];
            for (int i = 0; i < size; i++) {
                long row = rows[from + i] & ROW;
                split[i] = ((long) refiners.get(depth).keys()[(int) row] << ROW_BITS) | row;
            }
            Arrays.sort(split);
            for (int start = 0, end; start < size; start = end) {
                end = end(split, start, size);
                emit(split, start, end, refiners, depth + 1, found);
            }
            emitAll(split, 0, size, NEIGHBOURS, found);
        }
    }

    private void emitAll(long[] rows, int from, int to, int reach, Longs found) {
        for (int i = from; i < to; i++) {
            int a = (int) (rows[i] & ROW);
            int end = Math.min(to, i + 1 + reach);
            for (int j = i + 1; j < end; j++) {
                int b = (int) (rows[j] & ROW);
                if (records.comparable(a, b)) {
                    found.add(Pairs.of(a, b));
                }
            }
        }
    }

    /** A block for each rare word of a text. */
    private Longs byRareParts(int field) {
        var terms = fields.get(field).terms();
        var rows = new Longs();
        for (int row = 0; row < records.size(); row++) {
            int term = terms.ofRow()[row];
            if (term >= 0) {
                for (int part : fields.get(field).rareParts(term)) {
                    rows.add(((long) part << ROW_BITS) | row);
                }
            }
        }
        var sorted = Longs.distinct(List.of(rows));
        var refiners = refiners(List.of());
        var found = new Longs();
        for (int from = 0, to; from < sorted.length; from = to) {
            to = end(sorted, from, sorted.length);
            emit(sorted, from, to, refiners, 0, found);
        }
        return found;
    }
}
