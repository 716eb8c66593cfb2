package io.retainer.contract;

import io.retainer.document.Paper;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Texts;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Asked of the modules above, which know what the end of a contract leaves to be settled. */
public interface WindingUp {

    /**
     * The settlement if the service ended at that moment, line by line, as both parties would sign it. Called inside a
     * transaction of the tenant.
     */
    List<String> sheet(UUID tenant, UUID contract, Instant end);

    /** The same as a part of a paper. Called inside a transaction of the tenant. */
    void print(UUID tenant, UUID contract, Instant end, Paper paper, Texts texts);

    /** What keeps the contract from being closed, in words. Called inside a transaction of the tenant. */
    List<Sentence> open(UUID tenant, UUID contract, Instant asOf);
}
