package io.retainer.messaging;

import java.util.Optional;
import java.util.UUID;

/** Asked for words that another module keeps sealed, at the moment of sending, so that the outbox holds none of them. */
public interface Quotes {

    /** Empty when these are not yours, or are gone. Called outside a transaction. */
    Optional<String> words(UUID tenant, UUID id);
}
