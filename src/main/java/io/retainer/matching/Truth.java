package io.retainer.matching;

import io.retainer.kernel.Refused;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which pairs are known to be one person. Used to judge a resolution, never to make one.
 */
final class Truth {

    /** The convention of FEBRL: the original and its duplicates carry one number. */
    private static final Pattern FEBRL = Pattern.compile("rec-(\\d+)-(?:org|dup-\\d+)");

    /** What a column of persons is called, and hardly any other. */
    private static final Set<String> LABELS = Set.of(
            "cluster",
            "clusterid",
            "entityid",
            "entid",
            "personid",
            "trueid",
            "matchid",
            "goldid",
            "truthid",
            "truecluster");

    /** The same, where the truth must be among the columns. */
    private static final Set<String> PERHAPS_LABELS =
            Set.of("entity", "person", "truth", "label", "class", "group", "groupid", "gold", "聚类", "人员", "真实编号");

    private final long[] same;
    /** When only some pairs were labelled: those, in order; else all pairs count. */
    private final long @Nullable [] judged;

    Truth(long[] same, long @Nullable [] judged) {
        this.same = same;
        this.judged = judged;
    }

    /** The pairs, in order. */
    long[] same() {
        return same;
    }

    /**
     * Columns of the records that name the person of a record, by what such columns are called. They would give the answer
     * away, so they are never compared.
     */
    static Set<String> labels(Sheet truth, List<Sheet> records, Mapping mapping) {
        var labels = new HashSet<String>();
        for (var sheet : records) {
            sheet.header().stream()
                    .filter(column -> LABELS.contains(plain(column)))
                    .forEach(labels::add);
        }
        var own = ownLabel(truth, records, mapping);
        if (own != null) {
            labels.add(own);
        }
        return labels;
    }

    /** When the truth is the records themselves: the column of persons, if just one is called like that. */
    private static @Nullable String ownLabel(Sheet truth, List<Sheet> records, Mapping mapping) {
        if (!isRecords(truth, records) || mapping.get("truth.cluster") != null || mapping.get("truth.left") != null) {
            return null;
        }
        for (var names : List.of(LABELS, PERHAPS_LABELS)) {
            var found = truth.header().stream()
                    .filter(column -> names.contains(plain(column)))
                    .toList();
            if (found.size() == 1) {
                return found.getFirst();
            }
        }
        return null;
    }

    private static String plain(String column) {
        return NormalText.tight(NormalText.of(column));
    }

    private static boolean isRecords(Sheet truth, List<Sheet> records) {
        return records.stream().anyMatch(sheet -> sheet.header().equals(truth.header()));
    }

    /** What stands in the truth: among it the identifiers, unless it is the records themselves. */
    static Set<String> mentioned(Sheet truth, List<Sheet> records) {
        var mentioned = new HashSet<String>();
        if (!isRecords(truth, records)) {
            truth.forEach(row -> row.forEach(cell -> mentioned.add(cell.strip())));
        }
        return mentioned;
    }

    static Truth read(Sheet sheet, List<Sheet> records, Mapping mapping, LabelledRecords labelled) {
        var reader = new Reader(sheet, mapping, labelled);
        var pattern = mapping.pattern();
        if (pattern != null) {
            return reader.byPattern(pattern);
        }
        var cluster = mapping.get("truth.cluster");
        if (cluster == null) {
            cluster = ownLabel(sheet, records, mapping);
        }
        if (cluster != null) {
            return reader.byCluster(sheet.column(cluster));
        }
        var left = mapping.get("truth.left");
        var right = mapping.get("truth.right");
        if (left != null && right != null) {
            var label = mapping.get("truth.label");
            return reader.byPairs(sheet.column(left), sheet.column(right), label == null ? -1 : sheet.column(label));
        }
        return reader.guess(isRecords(sheet, records));
    }

    /** Whether this pair was labelled at all. */
    boolean judges(long pair) {
        return judged == null || Arrays.binarySearch(judged, pair) >= 0;
    }

    private record Reader(Sheet sheet, Mapping mapping, LabelledRecords labelled) {

        /** @param records whether the truth is the records themselves */
        Truth guess(boolean records) {
            boolean febrl = labelled.rowOf().stream()
                    .flatMap(ids -> ids.keySet().stream())
                    .allMatch(id -> FEBRL.matcher(id).matches());
            if (febrl) {
                return byPattern(FEBRL);
            }
            if (records) {
                throw Refused.because("matching.truth.whichPerson", sheet.file().toString());
            }
            var known = new int[sheet.header().size()];
            var rows = new int[1];
            List<HashSet<String>> values = new ArrayList<>();
            sheet.header().forEach(_ -> values.add(new HashSet<>()));
            sheet.forEach(row -> {
                rows[0]++;
                for (int c = 0; c < known.length; c++) {
                    var cell = Sheet.cell(row, c);
                    known[c] += labelled.anyRow(cell) >= 0 ? 1 : 0;
                    values.get(c).add(cell);
                }
            });
            var ids = new ArrayList<Integer>();
            for (int c = 0; c < known.length; c++) {
                if (known[c] > 0.95 * rows[0] && values.get(c).size() > 2) {
                    ids.add(c);
                }
            }
            if (known.length == 2 && rows[0] == 0) {
                return new Truth(new long[0], null); // a list of pairs, with none in it
            }
            boolean own = !ids.isEmpty() && values.get(ids.getFirst()).size() == rows[0];
            if (known.length == 2
                    && own
                    && (ids.size() == 1 || rows[0] == labelled.records().size())) {
                return byCluster(1 - ids.getFirst()); // each record once, with the name of its person
            }
            if (ids.size() >= 2) {
                int label = -1;
                for (int c = 0; c < known.length; c++) {
                    if (!ids.contains(c) && values.get(c).size() == 2) {
                        label = c;
                    }
                }
                return turned(ids.get(0), ids.get(1))
                        ? byPairs(ids.get(1), ids.get(0), label)
                        : byPairs(ids.get(0), ids.get(1), label);
            }
            if (known.length == 1) {
                return byCluster(0);
            }
            throw Refused.because("matching.truth.unclear", sheet.file().toString());
        }

        /** Whether the first column holds the identifiers of the second file. */
        private boolean turned(int left, int right) {
            var fitting = new int[2];
            sheet.forEach(row -> {
                var one = Sheet.cell(row, left);
                var other = Sheet.cell(row, right);
                fitting[0] += labelled.row(0, one) >= 0 && labelled.row(1, other) >= 0 ? 1 : 0;
                fitting[1] += labelled.row(0, other) >= 0 && labelled.row(1, one) >= 0 ? 1 : 0;
            });
            return fitting[1] > fitting[0];
        }

        Truth byPattern(Pattern pattern) {
            Map<String, List<Integer>> persons = new HashMap<>();
            for (var ids : labelled.rowOf()) {
                ids.forEach((id, row) -> {
                    var matcher = pattern.matcher(id);
                    if (matcher.matches()) {
                        persons.computeIfAbsent(matcher.group(1), _ -> new ArrayList<>())
                                .add(row);
                    }
                });
            }
            return ofPersons(persons);
        }

        /** By the identifier beside the cluster, or by the place of the row when there is no identifier. */
        Truth byCluster(int cluster) {
            Map<String, List<Integer>> persons = new HashMap<>();
            int id = idColumn(cluster);
            var count = new int[1];
            sheet.forEach(row -> {
                int own = id < 0 ? count[0]++ : labelled.anyRow(Sheet.cell(row, id));
                if (id >= 0 && own < 0) {
                    throw Refused.because(
                            "matching.truth.unknownId", sheet.file().toString(), Sheet.cell(row, id));
                }
                if (own < labelled.records().size()) {
                    persons.computeIfAbsent(Sheet.cell(row, cluster), _ -> new ArrayList<>())
                            .add(own);
                }
            });
            return ofPersons(persons);
        }

        private int idColumn(int cluster) {
            var told = mapping.get("truth.id");
            if (told == null) {
                told = mapping.get("id");
            }
            if (told != null && sheet.header().contains(told)) {
                return sheet.column(told);
            }
            if (mapping.get("truth.id") == null && sheet.header().size() == 2) {
                return 1 - cluster;
            }
            return guessedId(cluster);
        }

        private int guessedId(int cluster) {
            var known = new int[sheet.header().size()];
            var rows = new int[1];
            sheet.forEach(row -> {
                rows[0]++;
                for (int c = 0; c < known.length; c++) {
                    known[c] += labelled.anyRow(Sheet.cell(row, c)) >= 0 ? 1 : 0;
                }
            });
            for (int c = 0; c < known.length; c++) {
                if (c != cluster && known[c] == rows[0]) {
                    return c;
                }
            }
            return -1;
        }

        private Truth ofPersons(Map<String, List<Integer>> persons) {
            var same = new Longs();
            for (var rows : persons.values()) {
                for (int i = 0; i < rows.size(); i++) {
                    for (int j = i + 1; j < rows.size(); j++) {
                        if (labelled.records().comparable(rows.get(i), rows.get(j))) {
                            same.add(Pairs.of(rows.get(i), rows.get(j)));
                        }
                    }
                }
            }
            return new Truth(Longs.distinct(List.of(same)), null);
        }

        Truth byPairs(int left, int right, int label) {
            var same = new Longs();
            var all = new Longs();
            sheet.forEach(row -> {
                int a = labelled.row(0, Sheet.cell(row, left));
                int b = labelled.row(1, Sheet.cell(row, right));
                if (a < 0 || b < 0) {
                    throw Refused.because(
                            "matching.truth.unknownId", sheet.file().toString(), Sheet.cell(row, a < 0 ? left : right));
                }
                all.add(Pairs.of(a, b));
                if (label < 0 || saysSame(Sheet.cell(row, label))) {
                    same.add(Pairs.of(a, b));
                }
            });
            long[] positive = Longs.distinct(List.of(same));
            long[] labels = Longs.distinct(List.of(all));
            return new Truth(positive, labels.length == positive.length ? null : labels);
        }

        private boolean saysSame(String label) {
            var told = mapping.get("truth.same");
            if (told != null) {
                return told.equals(label);
            }
            try {
                return Double.parseDouble(label) > 0.5;
            } catch (NumberFormatException _) {
                return List.of("true", "yes", "y", "match", "same", "t", "是").contains(NormalText.of(label));
            }
        }
    }
}
