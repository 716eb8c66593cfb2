package io.retainer.liability;

import static io.retainer.liability.BreachElement.*;

import io.retainer.kernel.Clause;
import java.util.List;

/**
 * By which rule of the text a breach is determined: D2 and D3 of the third part, and the shares of the second part. Late
 * payment (D1) has its own machine in billing, where the penalty is claimed.
 */
@SuppressWarnings("ImmutableEnumChecker") // its list is an unmodified copy
public enum BreachRule {
    /** D2: the quality is not what was agreed, by the provider's cause (III-B2). */
    QUALITY(Clause.III_B2_STD, Clause.I_5_2B, STANDARD_BREACHED, PROVIDER_CAUSE, LOSS, CAUSATION),
    /** D3: a third party leaked the client's trade secret (III-B3). */
    LEAK(Clause.III_B3_STD, Clause.III_B3_STD, SECRET, DISCLOSURE, THIRD_PARTY_ACCESS, NOT_CLIENTS_FAULT, LOSS),
    /** R-T1: provider primary, third party secondary. */
    TECHNICAL_OUTAGE(Clause.II_2_1_1, Clause.II_2_1_1, TECHNICAL_FAULT, INTERRUPTION, LOSS, CAUSATION),
    /** R-T2: third party primary. */
    BAD_ADVICE(Clause.II_2_1_2, Clause.II_2_1_2, THIRD_PARTY_CAUSE, ADVICE_FAILED, LOSS, CAUSATION),
    /** R-T3: third party primary. */
    WRONG_DATA(Clause.II_2_1_3, Clause.II_2_1_3, THIRD_PARTY_CAUSE, DATA_WRONG, LOSS, CAUSATION),
    /** R-T4: third party primary. */
    POOR_EVENT(Clause.II_2_1_4, Clause.II_2_1_4, THIRD_PARTY_CAUSE, RESULT_BELOW_TARGET, LOSS, CAUSATION),
    /** R-T5: the shares are what the parties agree on. */
    OTHER(Clause.II_2_1_5, Clause.II_2_1_5, OBLIGATION_BREACHED, LOSS, CAUSATION);

    private final Clause clause;
    private final Clause owed;
    private final List<BreachElement> elements;

    BreachRule(Clause clause, Clause owed, BreachElement... elements) {
        this.clause = clause;
        this.owed = owed;
        this.elements = List.of(elements);
    }

    /** The rule it is determined by. */
    public Clause clause() {
        return clause;
    }

    /** The clause under which what follows is owed. */
    Clause owed() {
        return owed;
    }

    /** Each must be proven, or there is no liability. */
    public List<BreachElement> elements() {
        return elements;
    }

    /** Whether there is a third party in it. */
    public boolean involvesThird() {
        return this != QUALITY && this != OTHER;
    }
}
