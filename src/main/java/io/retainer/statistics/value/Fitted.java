package io.retainer.statistics.value;

import io.retainer.statistics.Interval;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** A model at its likeliest parameters, and how well the data fix them. */
public final class Fitted<M extends ParametricModel> {

    private final M model;
    private final double logLikelihood;
    private final Convergence convergence;
    private final Likelihood<M> likelihood;
    private final double[] logs;
    private final double[][] covariance;

    Fitted(
            M model,
            double logLikelihood,
            Convergence convergence,
            Likelihood<M> likelihood,
            double[] logs,
            double[][] covariance) {
        this.model = model;
        this.logLikelihood = logLikelihood;
        this.convergence = convergence;
        this.likelihood = likelihood;
        this.logs = logs;
        this.covariance = covariance;
    }

    public M model() {
        return model;
    }

    public double logLikelihood() {
        return logLikelihood;
    }

    public Convergence convergence() {
        return convergence;
    }

    /** By parameter, from the curvature of the likelihood in its logarithm (asymptotic); empty on a ridge. */
    public Map<String, Interval> intervals(double level) {
        var intervals = new LinkedHashMap<String, Interval>();
        if (convergence.identified()) {
            for (int i = 0; i < logs.length; i++) {
                intervals.put(
                        model.parameterNames().get(i),
                        Interval.aroundPositive(model.parameters()[i], Math.sqrt(covariance[i][i]), level));
            }
        }
        return intervals;
    }

    /**
     * The variance that the uncertainty of the parameters gives to the logarithm of a positive quantity of the model
     * (delta method).
     */
    double varianceOfLog(ToDoubleFunction<M> quantity) {
        var gradient = new double[logs.length];
        for (int i = 0; i < logs.length; i++) {
            double step = 1e-4;
            var up = logs.clone();
            up[i] += step;
            var down = logs.clone();
            down[i] -= step;
            gradient[i] = (Math.log(quantity.applyAsDouble(likelihood.model(up)))
                            - Math.log(quantity.applyAsDouble(likelihood.model(down))))
                    / (2 * step);
        }
        double variance = 0;
        for (int i = 0; i < logs.length; i++) {
            for (int j = 0; j < logs.length; j++) {
                variance += gradient[i] * covariance[i][j] * gradient[j];
            }
        }
        return Math.max(0, variance);
    }
}
