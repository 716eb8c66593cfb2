package io.retainer.statistics.churn;

import java.util.Arrays;

/** The columns of one record that are not zero. */
final class SparseRow {

    int[] columns = new int[16];
    double[] values = new double[16];
    int size;

    void add(int column, double value) {
        if (size == columns.length) {
            columns = Arrays.copyOf(columns, size * 2);
            values = Arrays.copyOf(values, size * 2);
        }
        columns[size] = column;
        values[size++] = value;
    }

    void trim() {
        columns = Arrays.copyOf(columns, size);
        values = Arrays.copyOf(values, size);
    }

    double times(double[] weights) {
        double sum = 0;
        for (int i = 0; i < size; i++) {
            sum += weights[columns[i]] * values[i];
        }
        return sum;
    }
}
