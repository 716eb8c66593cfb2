package io.retainer.statistics.churn;

import java.util.Arrays;
import java.util.Map;

/**
 * How the values of one field enter the models. For the linear model a field is a few columns: one per category, or the
 * number itself (and its logarithm when it is skewed) beside one column per quantile bin, so that any shape can be drawn.
 * For the trees it is one whole number, in an order in which neighbours are alike.
 */
sealed interface FieldCode {

    /** Position among the fields of the records. */
    int field();

    /** How many columns of the linear model. */
    int columns();

    /** Writes the columns that are not zero. */
    void encode(String cell, SparseRow row, int firstColumn);

    /** For the trees, from 0 to {@link #bins} − 1. */
    int bin(String cell);

    int bins();

    /** Categories by position; blank is one of them, and so is whatever was rare or never seen. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Category(int field, Map<String, Integer> levels, int[] order) implements FieldCode {

        static final String BLANK = "";
        static final String OTHER = "\u0000other";

        private int level(String cell) {
            var other = levels.getOrDefault(OTHER, -1);
            return levels.getOrDefault(Cells.isBlank(cell) ? BLANK : cell.strip(), other);
        }

        @Override
        public int columns() {
            return levels.size();
        }

        @Override
        public void encode(String cell, SparseRow row, int firstColumn) {
            int level = level(cell);
            if (level >= 0) {
                row.add(firstColumn + level, 1);
            }
        }

        @Override
        public int bin(String cell) {
            int level = level(cell);
            return level < 0 ? order.length / 2 : order[level];
        }

        @Override
        public int bins() {
            return order.length;
        }
    }

    /**
     * A number; bins are cut at the edges.
     *
     * @param edges ascending; a value belongs to the bin after the last edge not above it
     * @param fineEdges the same for the trees
     * @param logMean, logDeviation of ln(1 + value − least), when the number is skewed; deviation 0 otherwise
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Numeric(
            int field,
            double mean,
            double deviation,
            double least,
            double logMean,
            double logDeviation,
            double[] edges,
            double[] fineEdges)
            implements FieldCode {

        @Override
        public int columns() {
            return 3 + edges.length + 1;
        }

        @Override
        public void encode(String cell, SparseRow row, int firstColumn) {
            double number = Cells.isBlank(cell) ? Double.NaN : Cells.number(cell);
            if (Double.isNaN(number)) {
                row.add(firstColumn, 1);
                return;
            }
            // Far outside of what was seen nothing is known; the line must not run on for ever.
            row.add(firstColumn + 1, Math.clamp((number - mean) / deviation, -6, 6));
            if (logDeviation > 0) {
                double log = (Math.log1p(Math.max(0, number - least)) - logMean) / logDeviation;
                row.add(firstColumn + 2, Math.clamp(log, -6, 6));
            }
            row.add(firstColumn + 3 + position(edges, number), 1);
        }

        @Override
        public int bin(String cell) {
            double number = Cells.isBlank(cell) ? Double.NaN : Cells.number(cell);
            return Double.isNaN(number) ? 0 : 1 + position(fineEdges, number);
        }

        @Override
        public int bins() {
            return fineEdges.length + 2;
        }

        private static int position(double[] edges, double number) {
            int found = Arrays.binarySearch(edges, number);
            return found < 0 ? -found - 1 : found + 1;
        }
    }
}
