package io.retainer.complaint;

/** What somebody at the desk is good at: a category, or answering in English. */
enum Skill {
    QUALITY,
    DELIVERY,
    ATTITUDE,
    BILLING,
    AFTER_SALES,
    PRIVACY,
    SAFETY,
    OTHER,
    ENGLISH;

    static Skill of(Category category) {
        return valueOf(category.name());
    }
}
