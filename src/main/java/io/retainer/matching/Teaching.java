package io.retainer.matching;

import java.util.Arrays;

/**
 * What people's answers change in the weights: a correction in bits for each field and grade, each with its own uncertainty.
 * Every answer is one step of Bayesian logistic regression around the weights the data gave, so a few answers move what is
 * unsure a little and nothing else.
 */
final class Teaching {

    private static final double LOG2 = Math.log(2);
    private static final double FIRST_VARIANCE =
            1.0; // nats squared: the unsupervised weights may well be off by a factor e

    private final double[][] corrections;
    private final double[][] variances;

    private Teaching(double[][] corrections, double[][] variances) {
        this.corrections = corrections;
        this.variances = variances;
    }

    static Teaching none(int fields) {
        var variances = new double[fields][Grade.ALL.size()];
        for (var row : variances) {
            Arrays.fill(row, 0, Grade.MISSING.number(), FIRST_VARIANCE);
        }
        return new Teaching(new double[fields][Grade.ALL.size()], variances);
    }

    /** Bits to add to the weight of a grade. */
    double bits(int field, Grade grade) {
        return corrections[field][grade.number()] / LOG2;
    }

    /** Bits to add to the score of a pattern. */
    double bits(long pattern) {
        double sum = 0;
        for (int f = 0; f < corrections.length; f++) {
            sum += corrections[f][Comparison.grade(pattern, f).number()];
        }
        return sum / LOG2;
    }

    /** How unsure the corrections of a pattern still are, in nats squared. */
    double variance(long pattern) {
        double sum = 0;
        for (int f = 0; f < variances.length; f++) {
            sum += variances[f][Comparison.grade(pattern, f).number()];
        }
        return sum;
    }

    /**
     * Learns from one answer.
     *
     * @param bits the score of the pair before, corrections included
     */
    Teaching after(long pattern, double bits, boolean same) {
        double p = Weights.probability(bits);
        double curvature = p * (1 - p);
        double step = ((same ? 1 : 0) - p) / (1 + curvature * variance(pattern));
        var moved = copy(corrections);
        var surer = copy(variances);
        for (int f = 0; f < moved.length; f++) {
            int grade = Comparison.grade(pattern, f).number();
            double variance = variances[f][grade];
            moved[f][grade] += variance * step;
            surer[f][grade] = variance == 0 ? 0 : 1 / (1 / variance + curvature);
        }
        return new Teaching(moved, surer);
    }

    private static double[][] copy(double[][] rows) {
        var copy = new double[rows.length][];
        for (int i = 0; i < copy.length; i++) {
            copy[i] = rows[i].clone();
        }
        return copy;
    }
}
