package io.retainer.workorder;

/** Why the provider declines an order (I-1.1*(7), G-06). */
public enum DeclineReason {
    /** No work on customer relations. */
    OUTSIDE_CRM,
    UNLAWFUL,
    /** Cannot be done as asked. */
    IMPOSSIBLE,
    UNCLEAR
}
