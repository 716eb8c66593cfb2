package io.retainer.messaging;

import java.time.Instant;
import java.util.UUID;
import org.jmolecules.event.types.DomainEvent;
import org.jspecify.annotations.Nullable;

/** What became of a message; published in the transaction that writes it down. Ids and codes only. */
public sealed interface DeliveryEvent extends DomainEvent {

    UUID tenant();

    UUID message();

    String kind();

    Recipient recipient();

    @Nullable
    UUID contract();

    Instant at();

    /** The provider has taken it: for a mail that is all one usually learns. */
    record MessageSent(
            UUID tenant,
            UUID message,
            String kind,
            Recipient recipient,
            @Nullable UUID contract,
            Channel channel,
            Instant at)
            implements DeliveryEvent {}

    /** It arrived, as the provider says. */
    record MessageDelivered(
            UUID tenant,
            UUID message,
            String kind,
            Recipient recipient,
            @Nullable UUID contract,
            Channel channel,
            Instant at)
            implements DeliveryEvent {}

    /** It did not arrive and will not: bounced, given up or held back. */
    record MessageNotDelivered(
            UUID tenant,
            UUID message,
            String kind,
            Recipient recipient,
            @Nullable UUID contract,
            MessageState state,
            String reason,
            Instant at)
            implements DeliveryEvent {}
}
