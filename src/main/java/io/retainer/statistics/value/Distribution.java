package io.retainer.statistics.value;

import java.util.Arrays;

/** Probabilities of 0, 1, 2, … until nothing worth a word is left. */
final class Distribution {

    private static final double NOTHING = 1e-7;
    private static final int MOST = 100_000;

    private double[] probabilities = new double[16];
    private int size;
    private double sum;

    boolean open() {
        return sum < 1 - NOTHING && size < MOST;
    }

    void add(double probability) {
        if (size == probabilities.length) {
            probabilities = Arrays.copyOf(probabilities, size * 2);
        }
        probabilities[size++] = probability;
        sum += probability;
    }

    double[] probabilities() {
        return Arrays.copyOf(probabilities, size);
    }

    /** The least number that is not exceeded with so large a probability. */
    static int quantile(double[] probabilities, double level) {
        double sum = 0;
        for (int k = 0; k < probabilities.length; k++) {
            sum += probabilities[k];
            if (sum >= level) {
                return k;
            }
        }
        return probabilities.length;
    }
}
