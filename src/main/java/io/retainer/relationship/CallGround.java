package io.retainer.relationship;

import io.retainer.messaging.Purpose;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Why a customer is called; decides whether the call needs consent and stays within the contact budget. */
public enum CallGround {
    /** Answers what the customer asked for. */
    SERVICE(Purpose.RETURN_VISIT),
    /** Keeps the relation; needs consent and stays within the budget. */
    CARE(Purpose.CAMPAIGN),
    /** The customer called: nobody was addressed, so nothing is asked and nothing counts. */
    INBOUND(null);

    private final @Nullable Purpose purpose;

    CallGround(@Nullable Purpose purpose) {
        this.purpose = purpose;
    }

    Optional<Purpose> purpose() {
        return Optional.ofNullable(purpose);
    }
}
