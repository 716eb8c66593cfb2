package io.retainer.complaint;

/** What a complaint is about. */
enum Category {
    QUALITY,
    DELIVERY,
    ATTITUDE,
    BILLING,
    AFTER_SALES,
    PRIVACY,
    SAFETY,
    OTHER
}
