package io.retainer.messaging;

import java.util.UUID;

/** Answered by the module that keeps consent. While nobody answers there is none. */
public interface Consents {

    /** Whether the customer agrees, now, to be addressed for this purpose on this channel. */
    boolean given(UUID tenant, UUID customer, Purpose purpose, Channel channel);
}
