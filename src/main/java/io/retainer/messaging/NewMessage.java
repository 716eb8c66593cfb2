package io.retainer.messaging;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something to be said.
 *
 * @param tenant whose message it is: the client, or a person's own organisation when it is about many clients
 * @param key says what it is about; a second message with the same key is not made
 * @param language {@code zh} or {@code en}
 * @param variables one for each the kind declares, of the type it declares
 * @param expiresAt when it is no longer worth sending, or null
 */
public record NewMessage(
        UUID tenant,
        String kind,
        Channel channel,
        Recipient recipient,
        @Nullable UUID contract,
        String key,
        String language,
        Map<String, Object> variables,
        @Nullable Instant expiresAt) {

    public NewMessage {
        variables = Map.copyOf(variables);
    }
}
