package io.retainer.contract;

import io.retainer.identity.Access;
import java.time.Instant;
import java.util.List;

/** Asked of the modules above, which know what a clause has led to; what they answer goes before what contract knows. */
public interface ClauseStates {

    /**
     * Called inside a transaction of the tenant.
     *
     * @param access of the reader, who is not to be led to a page that would be refused
     */
    List<ClauseState> of(Access access, Instant asOf);
}
