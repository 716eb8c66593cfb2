package io.retainer.messaging;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Takes messages of one channel over the wire. Each speaks one provider's protocol; nothing else here knows it. */
interface Carrier {

    Channel channel();

    /** Whether recipients of this kind are its to reach; one channel may be two protocols. */
    default boolean carries(Recipient.Kind kind) {
        return true;
    }

    /** Whether it is configured. Without it messages wait and say so. */
    boolean ready();

    /** The one of several that carries messages of a channel to recipients of a kind. */
    static Optional<Carrier> of(Collection<Carrier> carriers, Channel channel, Recipient.Kind kind) {
        return carriers.stream()
                .filter(carrier -> carrier.channel() == channel && carrier.carries(kind))
                .findFirst();
    }

    /** Never throws for what a provider or network does; the id is the same on each try, for the provider to notice. */
    Outcome carry(Letter letter);

    /** What became of a message it took; asked only when it said that it wants to be. Never throws either. */
    default Fate fate(Trace trace) {
        return new Pending();
    }

    /**
     * The provider is asked to leave a message alone that it has had for long and did nothing with.
     *
     * @return whether it will not be delivered any more
     */
    default boolean withdraw(Trace trace) {
        return false;
    }

    /**
     * A message in its words and with its address, in memory only.
     *
     * @param attempt 1, 2, …; after the first the provider may have it already
     * @param since when it was queued
     * @param words the variables by themselves, for providers that keep the wording on their side
     */
    record Letter(
            UUID id,
            int attempt,
            Instant since,
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

    /**
     * @param reference what the provider calls it, or null
     * @param note code of what it still waits for, or null
     * @param askAfter when to ask what became of it; null when the provider says so by itself, or nobody can tell
     */
    record Accepted(
            @Nullable String reference,
            @Nullable String note,
            @Nullable Duration askAfter) implements Outcome {

        Accepted(@Nullable String reference) {
            this(reference, null, null);
        }
    }

    /** @param pause at least this long */
    record TryAgain(String reason, Duration pause) implements Outcome {

        TryAgain(String reason) {
            this(reason, Duration.ZERO);
        }
    }

    /** @param bounced whether the address is what does not work */
    record Rejected(String reason, boolean bounced) implements Outcome {}

    /**
     * A message that was taken.
     *
     * @param reference what the provider calls it
     */
    record Trace(UUID id, String address, String reference, Instant sentAt) {

        /** Without the address, because records end up in logs. */
        @Override
        public String toString() {
            return "Trace[" + id + "]";
        }
    }

    sealed interface Fate {}

    record Arrived() implements Fate {}

    /** @param bounced whether the address is what does not work */
    record Lost(String reason, boolean bounced) implements Fate {}

    record Pending() implements Fate {}
}
