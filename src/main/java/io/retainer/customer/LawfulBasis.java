package io.retainer.customer;

/** On what ground data may be processed (PIPL 13). */
public enum LawfulBasis {
    CONSENT,
    CONTRACT,
    LEGAL_DUTY,
    PUBLIC,
    OTHER
}
