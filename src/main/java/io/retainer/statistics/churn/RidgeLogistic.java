package io.retainer.statistics.churn;

import java.util.Arrays;
import java.util.List;

/**
 * Logistic regression with a ridge penalty (Hoerl & Kennard 1970; le Cessie & van Houwelingen 1992), by Newton steps
 * whose equations are solved by conjugate gradients (Komarek & Moore 2005), so that many columns cost no more than what
 * is filled in.
 */
final class RidgeLogistic {

    private static final int MOST_STEPS = 50;
    private static final int MOST_INNER = 250;
    private static final double FLAT = 1e-6;

    /** The last is the intercept, which is not penalised. */
    final double[] weights;

    private RidgeLogistic(double[] weights) {
        this.weights = weights;
    }

    /** @param from where to begin: the solution for a neighbouring penalty, or zeros */
    static RidgeLogistic fit(List<SparseRow> rows, boolean[] left, int columns, double penalty, double[] from) {
        int n = rows.size();
        var weights = from.clone();
        var gradient = new double[columns + 1];
        var curvature = new double[n];
        double value = value(rows, left, weights, penalty);
        for (int step = 0; step < MOST_STEPS; step++) {
            for (int j = 0; j < columns; j++) {
                gradient[j] = penalty * weights[j];
            }
            gradient[columns] = 0;
            var diagonal = new double[columns + 1];
            Arrays.fill(diagonal, 0, columns, penalty);
            for (int i = 0; i < n; i++) {
                var row = rows.get(i);
                double p = probability(row, weights);
                double residual = p - (left[i] ? 1 : 0);
                curvature[i] = Math.max(p * (1 - p), 1e-9);
                for (int k = 0; k < row.size; k++) {
                    gradient[row.columns[k]] += residual * row.values[k];
                    diagonal[row.columns[k]] += curvature[i] * row.values[k] * row.values[k];
                }
                gradient[columns] += residual;
                diagonal[columns] += curvature[i];
            }
            if (largest(gradient) < FLAT * n) {
                break;
            }
            var direction = solve(rows, curvature, penalty, gradient, diagonal);
            double slope = dot(direction, gradient);
            double length = 1;
            double[] next = weights;
            double nextValue = value;
            while (length > 1e-8) {
                next = weights.clone();
                for (int j = 0; j < next.length; j++) {
                    next[j] += length * direction[j];
                }
                nextValue = value(rows, left, next, penalty);
                if (nextValue <= value + 1e-4 * length * slope) {
                    break;
                }
                length /= 2;
            }
            boolean settled = value - nextValue < 1e-9 * n;
            if (nextValue < value) {
                weights = next;
                value = nextValue;
            }
            if (settled) {
                break;
            }
        }
        return new RidgeLogistic(weights);
    }

    double logit(SparseRow row) {
        return row.times(weights) + weights[weights.length - 1];
    }

    private static double[] solve(
            List<SparseRow> rows, double[] curvature, double penalty, double[] gradient, double[] diagonal) {
        int size = gradient.length;
        var x = new double[size];
        var residual = new double[size];
        var direction = new double[size];
        double rz = 0;
        for (int j = 0; j < size; j++) {
            residual[j] = -gradient[j];
            direction[j] = residual[j] / diagonal[j];
            rz += residual[j] * direction[j];
        }
        double enough = rz * 1e-8;
        var product = new double[size];
        for (int step = 0; step < MOST_INNER && rz > enough; step++) {
            for (int j = 0; j < size - 1; j++) {
                product[j] = penalty * direction[j];
            }
            product[size - 1] = 0;
            for (int i = 0; i < curvature.length; i++) {
                var row = rows.get(i);
                double along = curvature[i] * (row.times(direction) + direction[size - 1]);
                for (int k = 0; k < row.size; k++) {
                    product[row.columns[k]] += along * row.values[k];
                }
                product[size - 1] += along;
            }
            double length = rz / dot(direction, product);
            double next = 0;
            for (int j = 0; j < size; j++) {
                x[j] += length * direction[j];
                residual[j] -= length * product[j];
                next += residual[j] * residual[j] / diagonal[j];
            }
            for (int j = 0; j < size; j++) {
                direction[j] = residual[j] / diagonal[j] + next / rz * direction[j];
            }
            rz = next;
        }
        return x;
    }

    private static double value(List<SparseRow> rows, boolean[] left, double[] weights, double penalty) {
        double sum = 0;
        for (int j = 0; j < weights.length - 1; j++) {
            sum += penalty / 2 * weights[j] * weights[j];
        }
        for (int i = 0; i < left.length; i++) {
            sum += Logit.loss(rows.get(i).times(weights) + weights[weights.length - 1], left[i]);
        }
        return sum;
    }

    private static double probability(SparseRow row, double[] weights) {
        return Logit.probability(row.times(weights) + weights[weights.length - 1]);
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static double largest(double[] vector) {
        double largest = 0;
        for (double v : vector) {
            largest = Math.max(largest, Math.abs(v));
        }
        return largest;
    }
}
