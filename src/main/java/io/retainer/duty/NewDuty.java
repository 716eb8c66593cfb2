package io.retainer.duty;

import io.retainer.kernel.Clause;
import io.retainer.kernel.Party;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a module asks to be owed from now on.
 *
 * @param contractVersion number of the version in force, at least 1
 * @param action message key of what is to be done, as said after "must" (zh: after 应), such as {@code billing.duty.pay}; arguments
 *     may follow after bars, as in {@code billing.duty.pay|3}
 * @param subject what it is about, such as {@code instalment/0197…}; with the clause and the debtor it is unique in a
 *     contract
 * @param openedAt when the duty arose; it may lie in the past
 * @param actor the person whose act made it arise, or null when time did
 */
public record NewDuty(
        UUID tenant,
        UUID contract,
        int contractVersion,
        Clause clause,
        Party debtor,
        Party creditor,
        String action,
        String subject,
        Deadline deadline,
        Instant openedAt,
        @Nullable UUID actor) {}
