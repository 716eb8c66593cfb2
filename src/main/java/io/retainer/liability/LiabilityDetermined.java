package io.retainer.liability;

import io.retainer.kernel.Clause;
import io.retainer.kernel.Fact;
import io.retainer.kernel.Money;
import io.retainer.kernel.Party;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Both parties agreed on who bears what: one for each amount that is owed from now on.
 *
 * @param claim id of what is owed
 * @param owed damages, recourse or a service credit
 */
public record LiabilityDetermined(
        UUID tenant,
        UUID contract,
        UUID breach,
        UUID claim,
        Clause clause,
        Determination.Kind owed,
        Party debtor,
        Party creditor,
        Money amount,
        Instant happenedAt,
        @Nullable UUID actor)
        implements Fact {

    @Override
    public String kind() {
        return "liability.LiabilityDetermined";
    }

    @Override
    public String subject() {
        return "claim/" + claim;
    }
}
