package io.retainer.complaint;

/** What makes good: as sought by the complainant and as proposed by the provider. */
enum Remedy {
    EXPLANATION,
    APOLOGY,
    REPAIR,
    REPLACEMENT,
    REFUND,
    COMPENSATION,
    IMPROVEMENT,
    OTHER
}
