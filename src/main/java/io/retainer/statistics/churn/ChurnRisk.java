package io.retainer.statistics.churn;

import java.util.List;

/**
 * How likely a customer is to leave, and why the model thinks so.
 *
 * @param probability 0 to 1
 * @param usual the risk of a customer whose fields all weigh as they do on average
 * @param reasons the largest first; the logit of the probability is that of {@code usual} plus all of them
 */
public record ChurnRisk(double probability, double usual, List<Reason> reasons) {

    /**
     * What one field adds to the logarithm of the odds, against the average customer.
     *
     * @param value as it stands in the record
     */
    public record Reason(String field, String value, double logOdds) {}
}
