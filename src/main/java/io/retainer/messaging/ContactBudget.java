package io.retainer.messaging;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How often one customer may be addressed, over all services and channels together. Pure: the same answer for the same
 * history, for ever.
 *
 * @param perWeek most contacts in any 7 days
 * @param perMonth most contacts in any 30 days
 * @param gap least time between two contacts that need consent
 * @param quietFrom when loud channels fall silent, in the recipient's zone
 * @param quietTo when they may sound again; equal to {@code quietFrom} for never silent
 */
record ContactBudget(int perWeek, int perMonth, Duration gap, LocalTime quietFrom, LocalTime quietTo, ZoneId zone) {

    static final ContactBudget PLATFORM = new ContactBudget(
            2, 4, Duration.ofHours(24), LocalTime.of(21, 0), LocalTime.of(8, 0), ZoneId.of("Asia/Shanghai"));

    private static final Duration WEEK = Duration.ofDays(7);
    private static final Duration MONTH = Duration.ofDays(30);

    /** A contact that was made. */
    record Contact(Purpose purpose, Channel channel, Instant at) {}

    /**
     * What is asked.
     *
     * @param suppressed why the recipient is on the suppression list of the channel, or null
     * @param consent whether consent is given now
     */
    record Wish(Purpose purpose, Channel channel, @Nullable Suppression suppressed, boolean consent) {}

    /** Why a recipient must not be addressed on a channel. */
    enum Suppression {
        OPTED_OUT,
        BOUNCED,
        REPORTED
    }

    sealed interface Verdict {}

    record Go() implements Verdict {}

    /** @param reason code of what holds it back */
    record Wait(Instant until, String reason) implements Verdict {}

    record Never(String reason) implements Verdict {}

    Verdict decide(Wish wish, List<Contact> history, Instant now) {
        var ground = wish.purpose().ground();
        if (wish.suppressed() == Suppression.BOUNCED) {
            return new Never("suppressed.BOUNCED"); // no law makes a dead address live
        }
        return switch (ground) {
            case STAFF, STATUTORY_NOTICE, CONTRACT_NOTICE -> new Go();
            case PERFORMANCE ->
                wish.suppressed() == Suppression.REPORTED ? new Never("suppressed.REPORTED") : quiet(wish, now);
            case CONSENT -> {
                if (wish.suppressed() != null) {
                    yield new Never("suppressed." + wish.suppressed().name());
                }
                if (!wish.consent()) {
                    yield new Never("noConsent");
                }
                yield Stream.of(
                                capped(history, perWeek, WEEK, "perWeek", now),
                                capped(history, perMonth, MONTH, "perMonth", now),
                                gap(history, now),
                                quiet(wish, now))
                        .filter(verdict -> !(verdict instanceof Go))
                        .max(Comparator.comparing(ContactBudget::end))
                        .orElse(new Go());
            }
        };
    }

    private static Instant end(Verdict verdict) {
        return switch (verdict) {
            case Go() -> Instant.MIN;
            case Wait(var until, var _) -> until;
            case Never(var _) -> Instant.MAX;
        };
    }

    /** The instant at which so many contacts have left the window that there is room for one more. */
    private static Verdict capped(List<Contact> history, int most, Duration window, String reason, Instant now) {
        if (most == 0) {
            return new Never(reason);
        }
        var within = history.stream()
                .map(Contact::at)
                .filter(at -> at.isAfter(now.minus(window)))
                .sorted()
                .toList();
        return within.size() < most
                ? new Go()
                : new Wait(within.get(within.size() - most).plus(window), reason);
    }

    private Verdict gap(List<Contact> history, Instant now) {
        return history.stream()
                .map(Contact::at)
                .max(Comparator.naturalOrder())
                .map(last -> last.plus(gap))
                .filter(free -> free.isAfter(now))
                .<Verdict>map(free -> new Wait(free, "gap"))
                .orElse(new Go());
    }

    private Verdict quiet(Wish wish, Instant now) {
        if (!wish.channel().loud() || quietFrom.equals(quietTo)) {
            return new Go();
        }
        var local = now.atZone(zone);
        var time = local.toLocalTime();
        boolean overnight = quietFrom.isAfter(quietTo);
        boolean silent = overnight
                ? !time.isBefore(quietFrom) || time.isBefore(quietTo)
                : !time.isBefore(quietFrom) && time.isBefore(quietTo);
        if (!silent) {
            return new Go();
        }
        var day = overnight && !time.isBefore(quietFrom) ? local.toLocalDate().plusDays(1) : local.toLocalDate();
        return new Wait(day.atTime(quietTo).atZone(zone).toInstant(), "quiet");
    }
}
