package io.retainer.contract;

import io.retainer.kernel.Clause;
import io.retainer.kernel.Fact;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A certificate says that data were returned and deleted, or accesses given back.
 *
 * @param what subject of the duty it answers
 * @param certificate its SHA-256
 */
record ExitCertified(
        UUID tenant,
        UUID contract,
        Clause clause,
        String what,
        String certificate,
        Instant happenedAt,
        @Nullable UUID actor)
        implements Fact {

    @Override
    public String kind() {
        return "contract.ExitCertified";
    }

    @Override
    public String subject() {
        return what;
    }
}
