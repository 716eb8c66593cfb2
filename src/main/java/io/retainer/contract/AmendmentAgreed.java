package io.retainer.contract;

import io.retainer.kernel.Clause;
import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Both parties signed an amendment: there is a new version, in force from its day on (I-7.2, I-2.2b). Heard in the same
 * transaction by those who must bring what they planned in line with it.
 *
 * @param fromNumber number of the version it amends
 * @param number of the version it makes, with {@code version} and {@code hash}
 * @param inForceFrom the first day of the new version
 * @param endsOn last day of the term under the new version
 * @param extension whether it lengthens the term
 */
public record AmendmentAgreed(
        UUID tenant,
        UUID contract,
        UUID amendment,
        int fromNumber,
        int number,
        UUID version,
        String hash,
        LocalDate inForceFrom,
        LocalDate endsOn,
        boolean extension,
        Instant happenedAt,
        @Nullable UUID actor)
        implements ContractEvent.Change {

    @Override
    public Clause clause() {
        return extension ? Clause.I_2_2B : Clause.I_7_2;
    }

    @Override
    public String kind() {
        return "contract.AmendmentAgreed";
    }

    @Override
    public String subject() {
        return "amendment/" + amendment;
    }
}
