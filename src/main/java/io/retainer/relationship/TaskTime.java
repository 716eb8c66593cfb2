package io.retainer.relationship;

import java.time.Instant;

/** When open tasks fall due, seen from now. */
enum TaskTime {
    ALL,
    LATE,
    TODAY,
    LATER;

    /** After this they are due; due at a moment is late at that moment. */
    Instant after(Instant now, Instant tomorrow) {
        return switch (this) {
            case ALL, LATE -> Instant.EPOCH;
            case TODAY -> now;
            case LATER -> tomorrow;
        };
    }

    /** Not later than this they are due. */
    Instant until(Instant now, Instant tomorrow) {
        return switch (this) {
            case LATE -> now;
            case TODAY -> tomorrow;
            case ALL, LATER -> FOREVER;
        };
    }

    private static final Instant FOREVER = Instant.parse("9999-12-31T00:00:00Z");
}
