package io.retainer.statistics.value;

import java.util.function.DoubleUnaryOperator;
import org.apache.commons.math3.analysis.integration.gauss.GaussIntegratorFactory;

/** Gauss–Legendre quadrature with nodes made once. */
final class Quadrature {

    private final double[] nodes;
    private final double[] weights;

    Quadrature(int size) {
        var rule = new GaussIntegratorFactory().legendre(size);
        nodes = new double[size];
        weights = new double[size];
        for (int i = 0; i < size; i++) {
            nodes[i] = rule.getPoint(i);
            weights[i] = rule.getWeight(i);
        }
    }

    int size() {
        return nodes.length;
    }

    /** On [-1, 1]. */
    double node(int index) {
        return nodes[index];
    }

    double weight(int index) {
        return weights[index];
    }

    double integrate(DoubleUnaryOperator f, double from, double to) {
        double half = (to - from) / 2;
        double middle = (to + from) / 2;
        double sum = 0;
        for (int i = 0; i < nodes.length; i++) {
            sum += weights[i] * f.applyAsDouble(middle + half * nodes[i]);
        }
        return sum * half;
    }
}
