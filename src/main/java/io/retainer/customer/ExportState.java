package io.retainer.customer;

/** How far a list of customers has come on its way out. */
public enum ExportState {
    /** In the clear: a second person must permit it. */
    ASKED,
    PERMITTED,
    DENIED,
    /** The file was given out; it cannot be had again. */
    HANDED
}
