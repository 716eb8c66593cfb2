package io.retainer.identity;

import io.retainer.kernel.Party;
import java.util.UUID;

/**
 * An organisation's part in one contract that gives its people standing now.
 *
 * @param reach how much of what their roles allow the contract still leaves them
 */
public record Engagement(UUID tenant, UUID contract, UUID organisation, Party party, Reach reach) {

    public Engagement(UUID tenant, UUID contract, UUID organisation, Party party) {
        this(tenant, contract, organisation, party, Reach.FULL);
    }
}
