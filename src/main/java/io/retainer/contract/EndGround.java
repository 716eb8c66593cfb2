package io.retainer.contract;

import io.retainer.kernel.Clause;

/** Why a contract ended. */
public enum EndGround {
    /** Its term was over and nobody had agreed to extend it. */
    EXPIRED(Clause.I_2_1),
    /** Both agreed to end it early. */
    AGREED(Clause.I_2_2A),
    /** The provider terminated it because the fee was not paid. */
    NON_PAYMENT(Clause.I_3_3B),
    /** One party terminated it because the other broke it in essence (Civil Code 563). */
    BREACH(Clause.I_5_2B),
    /** Force majeure lasted beyond the long stop (Civil Code 563(1)). */
    FORCE_MAJEURE(Clause.I_5_3A);

    private final Clause clause;

    EndGround(Clause clause) {
        this.clause = clause;
    }

    public Clause clause() {
        return clause;
    }
}
