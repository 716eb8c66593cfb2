package io.retainer.messaging;

import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Takes messages of one channel over the wire. Each speaks one provider's protocol; nothing else here knows it. */
interface Carrier {

    Channel channel();

    /** Whether it is configured. Without it messages wait and say so. */
    boolean ready();

    /** Never throws for what a provider or network does; the id is the same on each try, for the provider to notice. */
    Outcome carry(Letter letter);

    /**
     * A message in its words and with its address, in memory only.
     *
     * @param words the variables by themselves, for providers that keep the wording on their side
     */
    record Letter(
            UUID id,
            String kind,
            String address,
            String subject,
            String text,
            String html,
            String language,
            Map<String, Object> words) {

        /** Without address and words, because records end up in logs. */
        @Override
        public String toString() {
            return "Letter[" + id + "]";
        }
    }

    sealed interface Outcome {}

    /** @param reference what the provider calls it, or null */
    record Accepted(@Nullable String reference) implements Outcome {}

    /** @param pause at least this long */
    record TryAgain(String reason, Duration pause) implements Outcome {

        TryAgain(String reason) {
            this(reason, Duration.ZERO);
        }
    }

    /** @param bounced whether the address is what does not work */
    record Rejected(String reason, boolean bounced) implements Outcome {}
}
