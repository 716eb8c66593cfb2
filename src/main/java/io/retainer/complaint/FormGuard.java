package io.retainer.complaint;

import io.github.bucket4j.Bucket;
import io.retainer.kernel.Refused;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Keeps machines from filling in the public form, without a riddle for people: a field nobody sees, a time nobody types so
 * fast, and so many complaints from one address. Kept in memory: a restart forgives.
 */
@Component
class FormGuard {

    private static final Duration FASTEST = Duration.ofSeconds(3);
    private static final int MOST_PER_ADDRESS = 6;
    private static final Duration WINDOW = Duration.ofMinutes(10);
    private static final int MOST_KEPT = 20_000;

    private final Map<String, Bucket> buckets = new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
            return size() > MOST_KEPT;
        }
    };

    /** Whether it is a machine for sure: it is told nothing, and nothing is kept. */
    static boolean trapped(@Nullable String trap) {
        return trap != null && !trap.isBlank();
    }

    /**
     * @param opened when the form was opened, or null when it never was
     * @throws Refused when a person should try again in a moment
     */
    void check(String address, @Nullable Instant opened, Instant now) {
        if (opened == null || opened.plus(FASTEST).isAfter(now)) {
            throw Refused.because("complaint.public.tooFast");
        }
        Bucket bucket;
        synchronized (buckets) {
            bucket = buckets.computeIfAbsent(
                    address,
                    _ -> Bucket.builder()
                            .addLimit(limit -> limit.capacity(MOST_PER_ADDRESS).refillGreedy(MOST_PER_ADDRESS, WINDOW))
                            .build());
        }
        if (!bucket.tryConsume(1)) {
            throw Refused.because("complaint.public.tooMany", WINDOW.toMinutes());
        }
    }
}
