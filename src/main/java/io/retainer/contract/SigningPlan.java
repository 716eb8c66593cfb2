package io.retainer.contract;

import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.WorkCalendar;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import org.jspecify.annotations.Nullable;

/**
 * How signatures are asked for.
 *
 * @param lastDay on which they may still be given; null for thirty days from now
 * @param remindDays how many working days before it who has not signed is reminded; 0 for never
 */
public record SigningPlan(Sequence sequence, @Nullable LocalDate lastDay, int remindDays) {

    /** Who signs first. */
    public enum Sequence {
        PARALLEL,
        CLIENT_FIRST,
        PROVIDER_FIRST;

        /** The party that has to sign before the other may, or null. */
        @Nullable
        Party first() {
            return switch (this) {
                case PARALLEL -> null;
                case CLIENT_FIRST -> Party.CLIENT;
                case PROVIDER_FIRST -> Party.PROVIDER;
            };
        }
    }

    static final int MOST_DAYS = 180;
    static final int MOST_REMIND_DAYS = 30;
    private static final LocalTime MORNING = LocalTime.of(9, 0);

    /** In any order, within thirty days, with a reminder three working days before. */
    public static final SigningPlan PLATFORM = new SigningPlan(Sequence.PARALLEL, null, 3);

    /** With its last day, checked. */
    SigningPlan checked(Instant now) {
        var today = LocalDate.ofInstant(now, DraftTerms.ZONE);
        if (remindDays < 0 || remindDays > MOST_REMIND_DAYS) {
            throw Refused.field("remindDays", "contract.signing.refused.remindDays", MOST_REMIND_DAYS);
        }
        var last = lastDay;
        if (last == null) {
            return new SigningPlan(sequence, today.plusDays(Contract.SIGNING_TIME.toDays()), remindDays);
        }
        if (last.isBefore(today) || last.isAfter(today.plusDays(MOST_DAYS))) {
            throw Refused.field("lastDay", "contract.signing.refused.lastDay", today, today.plusDays(MOST_DAYS));
        }
        return this;
    }

    /** When signatures are no longer waited for: as the last day ends. */
    static Instant end(LocalDate lastDay) {
        return lastDay.plusDays(1).atStartOfDay(DraftTerms.ZONE).toInstant();
    }

    /** In the morning, so many working days before the last day; null when that is over or not wanted. */
    static @Nullable Instant reminder(LocalDate lastDay, int remindDays, Instant now, WorkCalendar calendar) {
        if (remindDays == 0) {
            return null;
        }
        var day = lastDay;
        int left = remindDays;
        while (left > 0) {
            day = day.minusDays(1);
            if (calendar.isWorkday(day)) {
                left--;
            }
        }
        var at = day.atTime(MORNING).atZone(DraftTerms.ZONE).toInstant();
        return at.isAfter(now) ? at : null;
    }
}
