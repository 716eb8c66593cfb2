package io.retainer.messaging;

import java.util.Optional;
import java.util.UUID;

/**
 * Answered by each module that owns recipients. Asked at the moment of sending, so that the outbox holds no address, an
 * address changed meanwhile is used, and one erased meanwhile is not.
 */
public interface Addresses {

    Recipient.Kind kind();

    /**
     * Where to reach the recipient on this channel: an e-mail address, a phone number in E.164, a WeCom user id. Empty when
     * there is none, none any more, or none that was given for this purpose. Called outside a transaction.
     */
    Optional<String> of(UUID tenant, UUID recipient, Channel channel, Purpose purpose);
}
