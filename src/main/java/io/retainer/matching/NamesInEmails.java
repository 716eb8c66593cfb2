package io.retainer.matching;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What an e-mail address is worth less because namesakes build theirs alike (wangwei1@, wangwei7@): its likeness is counted
 * against what strangers of one name agree on, not against strangers at large.
 */
final class NamesInEmails {

    private static final int SAMPLE = 100_000;
    private static final double FEWEST = 50;
    private static final double LOG2 = Math.log(2);

    /** For a name field and an e-mail field the bits to add by grade of the latter; never above zero. */
    private static final class Correction {

        private final int name;
        private final int email;
        private final double[] bits;

        Correction(int name, int email, double[] bits) {
            this.name = name;
            this.email = email;
            this.bits = bits;
        }

        int email() {
            return email;
        }
    }

    private final List<Correction> corrections;

    private final int[] emails;

    private NamesInEmails(List<Correction> corrections) {
        this.corrections = corrections;
        this.emails =
                corrections.stream().mapToInt(Correction::email).distinct().toArray();
    }

    static NamesInEmails none() {
        return new NamesInEmails(List.of());
    }

    /** Whether there are both names and e-mails. */
    static boolean apply(List<Field> fields) {
        return fields.stream().anyMatch(field -> field instanceof NameField)
                && fields.stream().anyMatch(field -> field instanceof EmailField);
    }

    /** To begin with all namesakes are held for strangers, else in large files they would be taken for the matches. */
    static NamesInEmails suspected(Records records, Comparison comparison, Weights anything) {
        return of(
                records,
                comparison,
                anything,
                (pattern, email) -> Comparison.grade(pattern, email) == Grade.SAME ? 0 : 1);
    }

    /** Once matches are roughly known they are told from namesakes. */
    static NamesInEmails of(Records records, Comparison comparison, Weights weights, NamesInEmails before) {
        return of(
                records,
                comparison,
                weights,
                (pattern, _) -> 1 - Weights.probability(weights.againstStrangers(pattern) + before.bits(pattern)));
    }

    /** How likely a pair of namesakes is two people. */
    private interface Strangers {

        double of(long pattern, int email);
    }

    private static NamesInEmails of(Records records, Comparison comparison, Weights weights, Strangers strangers) {
        var corrections = new ArrayList<Correction>();
        var fields = comparison.fields();
        for (int name = 0; name < fields.size(); name++) {
            for (int email = 0; email < fields.size(); email++) {
                if (fields.get(name) instanceof NameField && fields.get(email) instanceof EmailField) {
                    corrections.add(correction(records, comparison, weights, strangers, name, email));
                }
            }
        }
        return new NamesInEmails(corrections);
    }

    private static Correction correction(
            Records records, Comparison comparison, Weights weights, Strangers strangers, int name, int email) {
        var namesakes = new double[Grade.ALL.size()];
        double seen = 0;
        for (long pair : namesakes(records, comparison.fields().get(name).terms())) {
            long pattern = comparison.compare(Pairs.low(pair), Pairs.high(pair));
            var grade = Comparison.grade(pattern, email);
            if (grade != Grade.MISSING) {
                double stranger = strangers.of(pattern, email);
                namesakes[grade.number()] += stranger;
                seen += stranger;
            }
        }
        var bits = new double[Grade.ALL.size()];
        if (seen >= FEWEST) {
            for (int g = 0; g < Grade.MISSING.number(); g++) {
                double usual = weights.strangers(email, Grade.ALL.get(g));
                double among = (namesakes[g] + 2 * usual) / (seen + 2);
                bits[g] = Math.min(0, Math.log(usual / among) / LOG2);
            }
        }
        return new Correction(name, email, bits);
    }

    /** Random pairs of rows that share a name. */
    private static long[] namesakes(Records records, Terms terms) {
        var rows = new long[terms.ofRow().length];
        for (int row = 0; row < rows.length; row++) {
            rows[row] = ((long) terms.ofRow()[row] << Integer.SIZE) | row;
        }
        Arrays.parallelSort(rows);
        var random = new SplittableRandom(2);
        var pairs = new Longs();
        int tries = Math.min(SAMPLE, rows.length * 20);
        for (int i = 0; i < tries; i++) {
            int at = random.nextInt(rows.length);
            int term = (int) (rows[at] >> Integer.SIZE);
            if (term < 0 || terms.counts()[term] < 2) {
                continue;
            }
            int from = Arrays.binarySearch(rows, (long) term << Integer.SIZE);
            int other = (from < 0 ? -from - 1 : from) + random.nextInt(terms.counts()[term]);
            if (records.comparable((int) rows[at], (int) rows[other])) {
                pairs.add(Pairs.of((int) rows[at], (int) rows[other]));
            }
        }
        return Longs.distinct(List.of(pairs));
    }

    /** Bits to add to the score of a pattern: for every e-mail field the strongest of its corrections. */
    double bits(long pattern) {
        double sum = 0;
        for (int email : emails) {
            sum += bits(email, pattern);
        }
        return sum;
    }

    /** Bits to add to the reason a field gives. */
    double bits(int field, long pattern) {
        double least = 0;
        for (var correction : corrections) {
            if (correction.email == field
                    && Comparison.grade(pattern, correction.name).agrees()) {
                least = Math.min(
                        least, correction.bits[Comparison.grade(pattern, field).number()]);
            }
        }
        return least;
    }
}
