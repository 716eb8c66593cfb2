package io.retainer.duty;

import io.retainer.kernel.Party;
import org.jspecify.annotations.Nullable;

/**
 * On whose side the cause of a pause or of an excuse lies. A clock never stops without one: the attribution decides
 * relief and liability (design §2.5).
 */
public enum Cause {
    CLIENT,
    PROVIDER,
    THIRD_PARTY,
    /** The client's customer, for example while an answer of theirs is awaited. */
    CUSTOMER,
    /** Unforeseeable, unavoidable and insurmountable (I-5.3a). */
    FORCE_MAJEURE;

    /** The party that answers for this cause, or null when no party of the contract does. */
    public @Nullable Party party() {
        return switch (this) {
            case CLIENT -> Party.CLIENT;
            case PROVIDER -> Party.PROVIDER;
            case THIRD_PARTY -> Party.THIRD_PARTY;
            case CUSTOMER, FORCE_MAJEURE -> null;
        };
    }
}
