package io.retainer.messaging;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Answered by a module that knows who customers are, so that the suppression list can be kept by people. */
public interface Recipients {

    /** Those who are reached by this phone number or e-mail address. */
    List<UUID> reachedBy(UUID tenant, String value);

    /** Their names, masked; only of those whom this person may see. */
    Map<UUID, String> called(UUID person, UUID tenant, Collection<UUID> recipients);
}
