package io.retainer.customer;

/** How a consent, or its withdrawal, can be shown. */
public enum ProofKind {
    FORM,
    CALL,
    MESSAGE,
    PAPER,
    IMPORT
}
