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
    /** The service has ended; what follows from the end is being settled. */
    TERMINATING,
    /** Everything the end called for is done. Confidentiality survives (I-4.2). */
    CLOSED,
    /** Rejected, or not signed in time. */
    VOID;

    public boolean isInForce() {
        return this == EFFECTIVE || this == ACTIVE || this == SUSPENDED;
    }

    public boolean isPreparing() {
        return this == DRAFT || this == PENDING_SIGN;
    }

    public boolean hasEnded() {
        return this == TERMINATING || this == CLOSED;
    }
}
