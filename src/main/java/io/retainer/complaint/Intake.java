package io.retainer.complaint;

/** How a complaint came in. */
enum Intake {
    /** The public form. */
    FORM,
    EMAIL,
    /** Written down by an agent during a call. */
    PHONE,
    API,
    /** An old case, from a file. */
    FILE
}
