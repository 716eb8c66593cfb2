package io.retainer.identity;

import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import java.util.Set;
import java.util.UUID;

/**
 * The standing of one person under one contract, now. Controllers take it as a parameter (from the path variable
 * {@code contract}); whoever has none gets a 404, as for a contract that does not exist.
 *
 * @param tenant the client organisation whose data the contract is about
 * @param party the part in the contract on whose behalf the person acts
 */
public record Access(UUID person, UUID tenant, UUID contract, Party party, Set<Capability> can) {

    public Access {
        can = Set.copyOf(can);
    }

    public boolean may(Capability capability) {
        return can.contains(capability);
    }

    /** @throws Refused when the person's standing does not include it */
    public void require(Capability capability) {
        if (!may(capability)) {
            throw Refused.forbidden("identity.notAllowed", capability, party);
        }
    }
}
