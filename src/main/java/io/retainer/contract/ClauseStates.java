package io.retainer.contract;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Asked of the modules above, which know what a clause has led to; what they answer goes before what contract knows. */
public interface ClauseStates {

    /** Called inside a transaction of the tenant. */
    List<ClauseState> of(UUID tenant, UUID contract, Instant asOf);
}
