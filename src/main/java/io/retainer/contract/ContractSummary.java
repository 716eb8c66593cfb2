package io.retainer.contract;

import io.retainer.kernel.Money;
import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A contract as a line of a list.
 *
 * @param total null while it is not known, or when the reader may not see it
 * @param moneyHidden whether there may be a total that the reader may not see
 */
public record ContractSummary(
        UUID tenant,
        UUID contract,
        String title,
        ContractState state,
        String client,
        String provider,
        @Nullable LocalDate start,
        @Nullable LocalDate end,
        @Nullable Money total,
        boolean moneyHidden) {

    ContractSummary withoutMoney() {
        return new ContractSummary(
                tenant, contract, MoneyMask.of(title), state, client, provider, start, end, null, true);
    }
}
