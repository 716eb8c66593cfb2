package io.retainer.messaging;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A row of the outbox. Package-private: other modules hear of it by {@link DeliveryEvent}. */
record Message(
        UUID tenant,
        UUID id,
        String kind,
        Purpose purpose,
        Channel channel,
        Recipient recipient,
        @Nullable UUID contract,
        String language,
        String words,
        @Nullable Integer template,
        String key,
        MessageState state,
        @Nullable String reason,
        Instant queuedAt,
        @Nullable Instant expiresAt,
        int attempts,
        @Nullable Instant sentAt,
        @Nullable Instant endedAt,
        @Nullable Instant readAt,
        @Nullable String reference) {}
