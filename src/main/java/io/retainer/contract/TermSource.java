package io.retainer.contract;

/** Where the value of a term comes from. */
public enum TermSource {
    /** Printed in the text itself. */
    MAIN_TEXT,
    ANNEX,
    AMENDMENT,
    /** Offered by the platform because the text is silent; binds only once both parties confirmed it. */
    PLATFORM_DEFAULT,
    /** Written in on the platform by one of the parties. */
    ENTERED
}
