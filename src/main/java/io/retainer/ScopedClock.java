package io.retainer;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * The time everywhere: the system's, unless the work at hand was started {@link #at} another time. The demo lives through
 * its history that way, and only on its own thread.
 */
final class ScopedClock extends Clock {

    private static final ScopedValue<Instant> NOW = ScopedValue.newInstance();

    private final Clock outside;

    ScopedClock(Clock outside) {
        this.outside = outside;
    }

    static void at(Instant instant, Runnable work) {
        ScopedValue.where(NOW, instant).run(work);
    }

    @Override
    public Instant instant() {
        return NOW.isBound() ? NOW.get() : outside.instant();
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
