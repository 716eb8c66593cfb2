package io.retainer.contract;

import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A third party's own notice that it wishes to leave (II-5.1). It is bound until a supplement lets it go (II-5.2).
 *
 * @param wishedOn the first day on which it wishes to be out
 * @param person who gave it by an account, or null
 * @param contact who gave it by a link, or null
 * @param duty to agree with it on its leaving, of the party that brought it in
 */
record LeaveNotice(
        UUID id,
        UUID tenant,
        UUID contract,
        UUID involvement,
        LocalDate wishedOn,
        String reason,
        @Nullable UUID person,
        @Nullable UUID contact,
        Instant notifiedAt,
        UUID duty,
        @Nullable Instant withdrawnAt,
        @Nullable Instant settledAt) {

    public boolean isOpen() {
        return withdrawnAt == null && settledAt == null;
    }
}
