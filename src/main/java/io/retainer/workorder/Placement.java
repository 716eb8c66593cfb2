package io.retainer.workorder;

/** How an order is to be paid; part of the quote that the client accepts. */
public enum Placement {
    /** With the next instalment of the fee. */
    NEXT_INSTALMENT,
    /** By itself, within the days the quote names. */
    OWN
}
