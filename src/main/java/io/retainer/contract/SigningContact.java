package io.retainer.contract;

import io.retainer.kernel.Party;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who signs for a party by a link, without an account.
 *
 * @param name masked
 * @param email masked
 * @param code the latest one-time code that was asked for, or null
 * @param invitedAs the party that asked
 * @param amendment that is to be signed, or null for the contract itself
 */
record SigningContact(
        UUID tenant,
        UUID contract,
        int number,
        UUID id,
        Party party,
        String name,
        String email,
        String language,
        UUID link,
        @Nullable UUID code,
        Party invitedAs,
        Instant invitedAt,
        @Nullable Instant openedAt,
        @Nullable Instant endedAt,
        @Nullable LinkOutcome outcome,
        @Nullable UUID amendment) {

    /** How a link ended. */
    enum LinkOutcome {
        SIGNED,
        DECLINED,
        REVOKED
    }

    String subject() {
        return "signing/" + id;
    }
}
