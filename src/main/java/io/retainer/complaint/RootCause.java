package io.retainer.complaint;

/** Why it happened, coded when a complaint is resolved (ISO 10002, clause 8). */
enum RootCause {
    PRODUCT,
    PROCESS,
    INFORMATION,
    STAFF,
    SUPPLIER,
    LOGISTICS,
    SYSTEM,
    POLICY,
    MISUNDERSTANDING,
    UNFOUNDED
}
