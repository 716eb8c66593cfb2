package io.retainer.contract;

import io.retainer.kernel.Money;
import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A contract as a line of a list. */
public record ContractSummary(
        UUID tenant,
        UUID contract,
        String title,
        ContractState state,
        String client,
        String provider,
        @Nullable LocalDate start,
        @Nullable LocalDate end,
        @Nullable Money total) {}
