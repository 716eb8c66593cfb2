package io.retainer.messaging;

import java.time.Duration;
import java.util.UUID;

/** When to try again: 30 s, 1 min, 2 min, … up to six hours, each by up to a fifth more or less. Pure. */
final class Retry {

    static final int MOST_ATTEMPTS = 10;
    private static final Duration FIRST = Duration.ofSeconds(30);
    private static final Duration LONGEST = Duration.ofHours(6);

    private Retry() {}

    /**
     * @param attempts made so far, at least 1
     * @param asked what the provider asks for, never undercut
     */
    static Duration after(UUID message, int attempts, Duration asked) {
        long base = Math.min(LONGEST.toMillis(), FIRST.toMillis() << Math.min(attempts - 1, 20));
        // Spread by the message itself, so that what failed together does not come back together.
        long spread =
                Math.floorMod(message.getLeastSignificantBits() * 31 + attempts * 0x9E3779B97F4A7C15L, 401) - 200L;
        var wait = Duration.ofMillis(base + base * spread / 1000);
        return wait.compareTo(asked) < 0 ? asked : wait;
    }
}
