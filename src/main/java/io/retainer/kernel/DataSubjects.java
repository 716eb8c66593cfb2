package io.retainer.kernel;

import java.util.List;
import java.util.UUID;

/**
 * The ids of one person. Whoever keeps rows that are never changed asks this when it looks for those of a customer: two
 * records may have been merged since, and may be parted again.
 */
@FunctionalInterface
public interface DataSubjects {

    /** All ids under which this one is known to a client, itself among them; called within the tenant's transaction. */
    List<UUID> knownAs(UUID tenant, UUID id);
}
