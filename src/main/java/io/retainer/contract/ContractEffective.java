package io.retainer.contract;

import io.retainer.kernel.Clause;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The last required signature was given: the contract took effect (I-7.1b). Heard in the same transaction by those who
 * draw up what follows from it, such as the payment schedule.
 *
 * @param version the version that took effect, with {@code number} and {@code hash}
 */
public record ContractEffective(
        UUID tenant,
        UUID contract,
        UUID version,
        int number,
        String hash,
        Instant happenedAt,
        @Nullable UUID actor) implements ContractEvent.Change {

    @Override
    public Clause clause() {
        return Clause.I_7_1B;
    }

    @Override
    public String kind() {
        return "contract.Effective";
    }

    @Override
    public String subject() {
        return "version/" + version;
    }
}
