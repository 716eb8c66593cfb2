package io.retainer.statistics.value;

import java.util.List;

/** The likelihood of a family of models with positive parameters, as a function of their logarithms. */
interface Likelihood<M extends ParametricModel> {

    int dimension();

    /** Of how many customers. */
    long observations();

    /**
     * @param logs the logarithms of the parameters in units in which none is very large or small
     * @param gradient receives the derivatives by the logarithms
     * @return the log-likelihood, up to a constant
     */
    double at(double[] logs, double[] gradient);

    /** Where to begin; the first is the likeliest place. */
    List<double[]> starts();

    /** The model, its parameters in the units of the data. */
    M model(double[] logs);

    /** What {@link #at} left out. */
    double constant();
}
