package io.retainer.liability;

/** What must be proven, each by its own evidence. */
public enum BreachElement {
    STANDARD_BREACHED,
    PROVIDER_CAUSE,
    THIRD_PARTY_CAUSE,
    OBLIGATION_BREACHED,
    TECHNICAL_FAULT,
    INTERRUPTION,
    ADVICE_FAILED,
    DATA_WRONG,
    RESULT_BELOW_TARGET,
    SECRET,
    DISCLOSURE,
    THIRD_PARTY_ACCESS,
    NOT_CLIENTS_FAULT,
    LOSS,
    CAUSATION
}
