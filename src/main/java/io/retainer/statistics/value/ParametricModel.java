package io.retainer.statistics.value;

import java.util.List;

/** A model with a few named positive parameters. */
public sealed interface ParametricModel permits BuyingModel, GammaGamma {

    /** In the order in which the literature writes them. */
    List<String> parameterNames();

    double[] parameters();
}
