package io.retainer.identity;

import io.github.bucket4j.Bucket;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.stereotype.Component;

/**
 * Slows guessing down per address, and per login from one address, so that an attacker elsewhere cannot lock the victim
 * out. Kept in memory: a restart forgives, which is cheaper than a lock-out nobody can lift.
 */
@Component
class SignInLimits {

    private static final int MOST_KEPT = 20_000;

    private final Map<String, Bucket> buckets = new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
            return size() > MOST_KEPT;
        }
    };

    /** Seconds to wait; zero when this attempt may go ahead. */
    long secondsToWait(String address, String login) {
        var byAddress = bucket(address, 60, Duration.ofMinutes(1)).tryConsumeAndReturnRemaining(1);
        var byLogin = bucket(address + "\n" + login, 10, Duration.ofMinutes(5)).tryConsumeAndReturnRemaining(1);
        if (byAddress.isConsumed() && byLogin.isConsumed()) {
            return 0;
        }
        return 1
                + Duration.ofNanos(Math.max(byAddress.getNanosToWaitForRefill(), byLogin.getNanosToWaitForRefill()))
                        .toSeconds();
    }

    /** Seconds to wait after a forged link; it has its own measure, so that a guess keeps nobody beside it from signing in. */
    long secondsToWaitAfterForgery(String address) {
        var byAddress = bucket("link\n" + address, 60, Duration.ofMinutes(1)).tryConsumeAndReturnRemaining(1);
        return byAddress.isConsumed()
                ? 0
                : 1 + Duration.ofNanos(byAddress.getNanosToWaitForRefill()).toSeconds();
    }

    void forget(String address, String login) {
        synchronized (buckets) {
            buckets.remove(address + "\n" + login);
        }
    }

    private Bucket bucket(String key, int tokens, Duration window) {
        synchronized (buckets) {
            return buckets.computeIfAbsent(
                    key,
                    _ -> Bucket.builder()
                            .addLimit(limit -> limit.capacity(tokens).refillGreedy(tokens, window))
                            .build());
        }
    }
}
