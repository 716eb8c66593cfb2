package io.retainer.contract;

/** Where a contract stands in its life (state-machines.md §3.1). */
public enum ContractState {
    /** Being prepared: terms are filled in and confirmed. */
    DRAFT,
    /** Frozen under a hash, waiting for the signatures of both parties. */
    PENDING_SIGN,
    /** Signed by both; the service has not started. */
    EFFECTIVE,
    ACTIVE,
    SUSPENDED,
    /** Rejected, or not signed in time. */
    VOID;

    public boolean isInForce() {
        return this == EFFECTIVE || this == ACTIVE || this == SUSPENDED;
    }

    public boolean isPreparing() {
        return this == DRAFT || this == PENDING_SIGN;
    }
}
