package io.retainer.complaint;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How old an open complaint is. */
enum Age {
    DAY,
    THREE_DAYS,
    WEEK,
    MONTH,
    OLDER;

    static Age of(Duration age) {
        long days = age.toDays();
        return days < 1 ? DAY : days < 3 ? THREE_DAYS : days < 7 ? WEEK : days < 30 ? MONTH : OLDER;
    }

    /** From how many days on. */
    int from() {
        return switch (this) {
            case DAY -> 0;
            case THREE_DAYS -> 1;
            case WEEK -> 3;
            case MONTH -> 7;
            case OLDER -> 30;
        };
    }

    /** Below how many days, or null for ever. */
    @Nullable
    Integer below() {
        return switch (this) {
            case DAY -> THREE_DAYS.from();
            case THREE_DAYS -> WEEK.from();
            case WEEK -> MONTH.from();
            case MONTH -> OLDER.from();
            case OLDER -> null;
        };
    }
}
