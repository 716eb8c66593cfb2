package io.retainer.complaint;

/** What may not wait, whatever else is said of the complaint. */
enum Hazard {
    NONE,
    /** A claim at law, an authority, the press. */
    LEGAL,
    /** Somebody may be hurt. */
    SAFETY
}
