package io.retainer.complaint;

import io.retainer.contract.ContractedService;
import io.retainer.messaging.Channel;
import io.retainer.vault.Sealed;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who complains and about what, as it is stored.
 *
 * @param customer once it is known
 * @param language in which the complainant is answered
 * @param splitFrom the complaint this was a part of
 */
record Particulars(
        @Nullable UUID customer,
        @Nullable Sealed name,
        @Nullable Sealed phone,
        @Nullable Sealed email,
        Sealed subject,
        String language,
        @Nullable String product,
        @Nullable String region,
        @Nullable UUID splitFrom,
        @Nullable ContractedService service) {

    /** What was left to be reached by on a channel. */
    @Nullable
    Sealed address(Channel channel) {
        return channel == Channel.EMAIL ? email : phone;
    }
}
