package io.retainer.relationship;

import io.retainer.kernel.Sentence;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/**
 * A rule by which a customer counts as at risk of being lost. A bean of each rule, in whatever module knows; the page shows the
 * rule beside what it found, so that nobody takes a list for more than it is.
 */
public interface CustomerRisks {

    /** @param why what makes it so, in numbers and dates; says nothing personal */
    record Risk(UUID customer, Sentence why) {}

    /** The rule in words, with its thresholds. */
    Sentence rule();

    /** Inside a transaction that may read the tenant. */
    List<Risk> among(UUID tenant, UUID contract, Collection<UUID> customers, Instant now);
}
