package io.retainer.complaint;

import io.retainer.duty.Cause;
import java.util.List;

/** On whose side a cause may lie that stops the provider's clock. */
final class Pauses {

    static final List<Cause> ALL = List.of(Cause.CUSTOMER, Cause.CLIENT, Cause.THIRD_PARTY, Cause.FORCE_MAJEURE);

    /** Who may be asked something. */
    static final List<Cause> ASKABLE = List.of(Cause.CUSTOMER, Cause.CLIENT, Cause.THIRD_PARTY);

    private Pauses() {}
}
