package io.retainer.billing;

import io.retainer.kernel.Clause;

/** What a late payment may entitle the provider to. Time makes a right available; a person asserts it. */
public enum Right {
    /** Demand what is overdue; starts the notice period of a suspension (G-14). */
    DEMAND(Clause.I_3_3A),
    SUSPEND(Clause.I_3_3A),
    /** Terminate for non-payment, once the cure period of a demand has passed (G-15). */
    TERMINATE(Clause.I_3_3B),
    /** Resume a suspended service once the debt is paid: also the client's due. */
    RESUME(Clause.I_3_3A),
    CLAIM_PENALTY(Clause.I_3_3C);

    private final Clause clause;

    Right(Clause clause) {
        this.clause = clause;
    }

    public Clause clause() {
        return clause;
    }
}
