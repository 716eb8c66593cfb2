package io.retainer.statistics.value;

import java.util.ArrayList;
import java.util.Comparator;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.jspecify.annotations.Nullable;

/**
 * Finds the likeliest parameters: quasi-Newton (BFGS) from several starts, then Newton steps at the best place with the
 * curvature from differences of the gradient, downhill also where that is negative, until no step gains anything. What it
 * could not settle it reports.
 */
final class MaximumLikelihood<M extends ParametricModel> {

    private static final int MOST_STEPS = 500;
    private static final int MOST_NEWTON_STEPS = 100;
    private static final double LONGEST_STEP = 3;
    /**
     * The search ends at e^±8 of the natural unit: the data have no use for a parameter that goes there, and farther out the
     * likelihood is the same to the last digits, so that there would be only noise to climb on.
     */
    private static final double FARTHEST = 8;

    private static final double EDGE = FARTHEST - 1e-6;

    private static final double FLAT = 1e-9;
    /** Several steps that gain less log-likelihood than this: the Newton steps do the rest. */
    private static final double STILL = 1e-7;

    private static final double SAME_MAXIMUM = 1e-3;
    /** So little log-likelihood is not worth a step. */
    private static final double NOTHING = 1e-10;

    private final Likelihood<M> likelihood;
    private final double n;
    private final int dimension;
    private int evaluations;

    MaximumLikelihood(Likelihood<M> likelihood) {
        this.likelihood = likelihood;
        n = likelihood.observations();
        dimension = likelihood.dimension();
    }

    /** A place with the mean negative log-likelihood and its gradient there. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Point(double[] at, double value, double[] gradient) {

        /** Whether going down does not lead out of the region that is searched. */
        boolean free(int i) {
            return !(at[i] >= EDGE && gradient[i] < 0) && !(at[i] <= -EDGE && gradient[i] > 0);
        }

        double steepest() {
            double largest = 0;
            for (int i = 0; i < at.length; i++) {
                largest = free(i) ? Math.max(largest, Math.abs(gradient[i])) : largest;
            }
            return largest;
        }
    }

    /** The curvature at a place: eigenvalues, and its inverse. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Curvature(double[] eigenvalues, double[][] inverse) {

        boolean isSaddle() {
            return eigenvalues[eigenvalues.length - 1] < -1e-6;
        }

        boolean positive() {
            for (double eigenvalue : eigenvalues) {
                if (!(eigenvalue > 0)) {
                    return false;
                }
            }
            return true;
        }
    }

    Fitted<M> fit() {
        var ends = new ArrayList<Point>();
        for (var start : likelihood.starts()) {
            ends.add(descend(point(start)));
        }
        ends.sort(Comparator.comparingDouble(Point::value));
        var best = ends.getFirst();
        int agreeing = (int) ends.stream()
                .filter(end -> (end.value() - ends.getFirst().value()) * n < SAME_MAXIMUM)
                .count();
        var curvature = curvature(best);
        double left = gain(best, curvature);
        for (int step = 0; step < MOST_NEWTON_STEPS && left > NOTHING; step++) {
            var next = search(best, direction(best, curvature.inverse()));
            if (next == null) {
                break;
            }
            best = next;
            curvature = curvature(best);
            left = gain(best, curvature);
        }
        var covariance = curvature.inverse();
        double largest = 0;
        for (int i = 0; i < dimension; i++) {
            for (int j = 0; j < dimension; j++) {
                covariance[i][j] /= n;
            }
            largest = Math.max(
                    largest,
                    curvature.positive() && Math.abs(best.at()[i]) < EDGE
                            ? Math.sqrt(covariance[i][i])
                            : Double.POSITIVE_INFINITY);
        }
        return new Fitted<>(
                likelihood.model(best.at()),
                -best.value() * n + likelihood.constant(),
                new Convergence(likelihood.starts().size(), agreeing, evaluations, left, largest),
                likelihood,
                best.at(),
                covariance);
    }

    private Point point(double[] at) {
        evaluations++;
        var gradient = new double[dimension];
        double value = -likelihood.at(at, gradient) / n;
        for (int i = 0; i < dimension; i++) {
            gradient[i] /= -n;
        }
        return new Point(at, value, gradient);
    }

    /** BFGS on the inverse Hessian (Nocedal & Wright 2006, algorithm 6.1). */
    private Point descend(Point start) {
        var current = start;
        var inverse = identity();
        int still = 0;
        for (int step = 0; step < MOST_STEPS; step++) {
            if (current.steepest() < FLAT) {
                break;
            }
            var next = search(current, direction(current, inverse));
            if (next == null) {
                inverse = identity();
                next = search(current, direction(current, inverse));
                if (next == null) {
                    break;
                }
            }
            update(inverse, current, next);
            still = (current.value() - next.value()) * n < STILL ? still + 1 : 0;
            current = next;
            if (still == 5) {
                break;
            }
        }
        return current;
    }

    private double[] direction(Point from, double[][] inverse) {
        var direction = new double[dimension];
        double longest = 0;
        for (int i = 0; i < dimension; i++) {
            for (int j = 0; j < dimension && from.free(i); j++) {
                direction[i] -= from.free(j) ? inverse[i][j] * from.gradient()[j] : 0;
            }
            longest = Math.max(longest, Math.abs(direction[i]));
        }
        if (longest > LONGEST_STEP) {
            for (int i = 0; i < dimension; i++) {
                direction[i] *= LONGEST_STEP / longest;
            }
        }
        return direction;
    }

    /** Halves the step until it gains enough; null when no step gains anything. */
    private @Nullable Point search(Point from, double[] direction) {
        double slope = 0;
        for (int i = 0; i < dimension; i++) {
            slope += direction[i] * from.gradient()[i];
        }
        if (!(slope < 0)) {
            return null;
        }
        for (double length = 1; length > 1e-10; length /= 2) {
            var at = from.at().clone();
            for (int i = 0; i < dimension; i++) {
                at[i] = Math.clamp(at[i] + length * direction[i], -FARTHEST, FARTHEST);
            }
            var next = point(at);
            if (next.value() <= from.value() + 1e-4 * length * slope && next.value() < from.value()) {
                return next;
            }
        }
        return null;
    }

    private void update(double[][] inverse, Point from, Point to) {
        var s = new double[dimension];
        var y = new double[dimension];
        double sy = 0;
        for (int i = 0; i < dimension; i++) {
            s[i] = to.at()[i] - from.at()[i];
            y[i] = to.gradient()[i] - from.gradient()[i];
            sy += s[i] * y[i];
        }
        if (sy <= 1e-14) {
            return;
        }
        var hy = new double[dimension];
        double yhy = 0;
        for (int i = 0; i < dimension; i++) {
            for (int j = 0; j < dimension; j++) {
                hy[i] += inverse[i][j] * y[j];
            }
            yhy += y[i] * hy[i];
        }
        for (int i = 0; i < dimension; i++) {
            for (int j = 0; j < dimension; j++) {
                inverse[i][j] += (1 + yhy / sy) * s[i] * s[j] / sy - (hy[i] * s[j] + s[i] * hy[j]) / sy;
            }
        }
    }

    private Curvature curvature(Point at) {
        var hessian = new double[dimension][dimension];
        for (int i = 0; i < dimension; i++) {
            double step = 1e-4;
            var up = at.at().clone();
            up[i] += step;
            var down = at.at().clone();
            down[i] -= step;
            var above = point(up).gradient();
            var below = point(down).gradient();
            for (int j = 0; j < dimension; j++) {
                double second = (above[j] - below[j]) / (2 * step);
                hessian[i][j] += second / 2;
                hessian[j][i] += second / 2;
            }
        }
        // What sits at the edge of the region and wants to go on stays there: the rest is judged as if it were given.
        for (int i = 0; i < dimension; i++) {
            for (int j = 0; j < dimension; j++) {
                if (!at.free(i) || !at.free(j)) {
                    hessian[i][j] = i == j ? 1 : 0;
                }
            }
        }
        var parts = new EigenDecomposition(new Array2DRowRealMatrix(hessian));
        var eigenvalues = parts.getRealEigenvalues();
        var inverse = new double[dimension][dimension];
        for (int k = 0; k < dimension; k++) {
            var vector = parts.getEigenvector(k);
            double weight = 1 / Math.max(Math.abs(eigenvalues[k]), 1e-12);
            for (int i = 0; i < dimension; i++) {
                for (int j = 0; j < dimension; j++) {
                    inverse[i][j] += at.free(i) && at.free(j) ? weight * vector.getEntry(i) * vector.getEntry(j) : 0;
                }
            }
        }
        return new Curvature(eigenvalues, inverse);
    }

    /** Half the Newton decrement, in log-likelihood of all observations. Directions that are flat gain nothing. */
    private double gain(Point at, Curvature curvature) {
        double sum = 0;
        for (int i = 0; i < dimension; i++) {
            for (int j = 0; j < dimension; j++) {
                sum += at.free(i) && at.free(j) ? at.gradient()[i] * curvature.inverse()[i][j] * at.gradient()[j] : 0;
            }
        }
        // At a saddle the gradient vanishes too, but it is no maximum.
        return curvature.isSaddle() ? Double.POSITIVE_INFINITY : sum / 2 * n;
    }

    private double[][] identity() {
        var identity = new double[dimension][dimension];
        for (int i = 0; i < dimension; i++) {
            identity[i][i] = 1;
        }
        return identity;
    }
}
