package io.retainer.vault;

import io.retainer.kernel.Clause;
import io.retainer.kernel.Fact;
import io.retainer.kernel.Party;
import java.time.Instant;
import java.util.UUID;

/**
 * Somebody saw a value in the clear. Neither the value nor the reason is in here.
 *
 * @param reveal the row that holds the reason
 * @param dataSubject whose data it is
 * @param field such as {@code customer.phone.number}
 */
public record Revealed(
        UUID tenant,
        UUID contract,
        UUID reveal,
        UUID dataSubject,
        String field,
        Purpose purpose,
        Party party,
        Instant happenedAt,
        UUID actor)
        implements Fact {

    @Override
    public Clause clause() {
        return Clause.III_A2_1;
    }

    @Override
    public String kind() {
        return "vault.Revealed";
    }

    @Override
    public String subject() {
        return "reveal/" + reveal;
    }
}
