package io.retainer.billing;

import io.retainer.billing.Verdict.Standing;

/** Where the machine of suspension stands (state-machines.md §3.3). Always computed, never stored. */
public enum SuspensionStage {
    IDLE,
    /** A demand was delivered; its notice period runs or has run. */
    NOTICED,
    SUSPENDED,
    /** The ground is gone: the provider owes to resume. */
    RESUMING;

    public static SuspensionStage of(Verdict verdict) {
        if (verdict.suspended()) {
            return verdict.available(Right.RESUME).isEmpty() ? SUSPENDED : RESUMING;
        }
        return verdict.rights().stream()
                        .anyMatch(right -> right.right() == Right.DEMAND && right.standing() == Standing.EXERCISED)
                ? NOTICED
                : IDLE;
    }
}
