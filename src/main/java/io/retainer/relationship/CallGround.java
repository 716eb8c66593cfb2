package io.retainer.relationship;

import io.retainer.messaging.Purpose;

/** Why a customer is called; decides whether the call needs consent and stays within the contact budget. */
public enum CallGround {
    /** Answers what the customer asked for. */
    SERVICE(Purpose.RETURN_VISIT),
    /** Keeps the relation; needs consent and stays within the budget. */
    CARE(Purpose.CAMPAIGN);

    private final Purpose purpose;

    CallGround(Purpose purpose) {
        this.purpose = purpose;
    }

    Purpose purpose() {
        return purpose;
    }
}
