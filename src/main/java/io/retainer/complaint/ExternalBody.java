package io.retainer.complaint;

/** Who took the matter up outside the two parties. */
enum ExternalBody {
    /** 12315, the consumer hotline of the market regulator. */
    HOTLINE_12315,
    CONSUMER_ASSOCIATION,
    REGULATOR,
    COURT,
    MEDIA
}
