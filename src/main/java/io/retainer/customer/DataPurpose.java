package io.retainer.customer;

/** What a customer's data may be used for (III-A2.1). */
public enum DataPurpose {
    SERVICE,
    MARKETING,
    SURVEY,
    RECOMMENDATION,
    ANALYSIS
}
