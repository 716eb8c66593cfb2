package io.retainer.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.retainer.messaging.ContactBudget.Contact;
import io.retainer.messaging.ContactBudget.Go;
import io.retainer.messaging.ContactBudget.Never;
import io.retainer.messaging.ContactBudget.Suppression;
import io.retainer.messaging.ContactBudget.Wait;
import io.retainer.messaging.ContactBudget.Wish;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ContactBudgetTests {

    private static final ContactBudget BUDGET = ContactBudget.PLATFORM;
    private static final Instant NOON = beijing("2025-03-05T12:00");

    @Test
    void whatRestsOnConsentStaysWithinTheBudgetOfAllServices() {
        var complaint = new Contact(Purpose.COMPLAINT, Channel.PHONE, NOON.minus(Duration.ofDays(3)));
        var survey = new Contact(Purpose.SURVEY, Channel.EMAIL, NOON.minus(Duration.ofDays(2)));
        assertThat(BUDGET.decide(wish(Purpose.CAMPAIGN, Channel.EMAIL), List.of(complaint), NOON))
                .isEqualTo(new Go());
        assertThat(BUDGET.decide(wish(Purpose.CAMPAIGN, Channel.EMAIL), List.of(complaint, survey), NOON))
                .isEqualTo(new Wait(NOON.plus(Duration.ofDays(4)), "perWeek"));
        var yesterday = new Contact(Purpose.COMPLAINT, Channel.EMAIL, NOON.minus(Duration.ofHours(5)));
        assertThat(BUDGET.decide(wish(Purpose.SURVEY, Channel.EMAIL), List.of(yesterday), NOON))
                .isEqualTo(new Wait(NOON.plus(Duration.ofHours(19)), "gap"));
    }

    @ParameterizedTest
    @EnumSource(
            value = Purpose.class,
            names = {"CONTRACT_NOTICE", "STATUTORY_NOTICE"})
    void aNoticeThatHasToArriveIsNeverHeldBack(Purpose notice) {
        var many = new ArrayList<Contact>();
        for (int i = 0; i < 50; i++) {
            many.add(new Contact(Purpose.CAMPAIGN, Channel.SMS, NOON.minusSeconds(i)));
        }
        assertThat(BUDGET.decide(
                        new Wish(notice, Channel.SMS, Suppression.OPTED_OUT, false), many, beijing("2025-03-05T02:00")))
                .isEqualTo(new Go());
        assertThat(BUDGET.decide(new Wish(notice, Channel.SMS, Suppression.BOUNCED, true), List.of(), NOON))
                .isEqualTo(new Never("suppressed.BOUNCED"));
    }

    @Test
    void noConsentNoContactAndAnOptOutCountsMore() {
        assertThat(BUDGET.decide(new Wish(Purpose.SURVEY, Channel.EMAIL, null, false), List.of(), NOON))
                .isEqualTo(new Never("noConsent"));
        assertThat(BUDGET.decide(new Wish(Purpose.SURVEY, Channel.EMAIL, Suppression.OPTED_OUT, true), List.of(), NOON))
                .isEqualTo(new Never("suppressed.OPTED_OUT"));
        assertThat(BUDGET.decide(new Wish(Purpose.COMPLAINT, Channel.EMAIL, null, false), List.of(), NOON))
                .isEqualTo(new Go());
    }

    @Test
    void loudChannelsAreSilentAtNightInTheRecipientsZone() {
        var morning = beijing("2025-03-06T08:00");
        for (var night : List.of("2025-03-05T21:00", "2025-03-05T23:59", "2025-03-06T00:00", "2025-03-06T07:59")) {
            assertThat(BUDGET.decide(wish(Purpose.COMPLAINT, Channel.SMS), List.of(), beijing(night)))
                    .as(night)
                    .isEqualTo(new Wait(morning, "quiet"));
        }
        assertThat(BUDGET.decide(wish(Purpose.COMPLAINT, Channel.SMS), List.of(), morning))
                .isEqualTo(new Go());
        assertThat(BUDGET.decide(wish(Purpose.COMPLAINT, Channel.EMAIL), List.of(), beijing("2025-03-05T23:00")))
                .isEqualTo(new Go());
    }

    /** Whoever waits as told is let through then, or is told a later time; the limits hold in every window. */
    @Test
    void theLimitsHoldInEveryWindowHoweverContactsAreAskedFor() {
        for (long seed = 1; seed <= 200; seed++) {
            var random = new Random(seed);
            var made = new ArrayList<Contact>();
            var now = NOON;
            for (int i = 0; i < 60; i++) {
                var channel = random.nextBoolean() ? Channel.EMAIL : Channel.SMS;
                switch (BUDGET.decide(wish(Purpose.CAMPAIGN, channel), made, now)) {
                    case Go() -> made.add(new Contact(Purpose.CAMPAIGN, channel, now));
                    case Wait(var until, var _) -> {
                        assertThat(until).as("seed " + seed).isAfter(now);
                        now = until;
                    }
                    case Never(var reason) -> throw new AssertionError(reason);
                }
                now = now.plus(Duration.ofMinutes(random.nextInt(600)));
            }
            for (var contact : made) {
                assertThat(within(made, contact.at(), 7)).as("seed " + seed).isLessThanOrEqualTo(2);
                assertThat(within(made, contact.at(), 30)).as("seed " + seed).isLessThanOrEqualTo(4);
            }
        }
    }

    @Test
    void triesComeEverLaterAndApart() {
        var id = UUID.fromString("01970000-0000-7000-8000-000000000001");
        var last = Duration.ZERO;
        for (int attempt = 1; attempt < Retry.MOST_ATTEMPTS; attempt++) {
            var wait = Retry.after(id, attempt, Duration.ZERO);
            assertThat(wait).isGreaterThan(last).isLessThan(Duration.ofHours(8));
            last = wait;
        }
        assertThat(Retry.after(id, 1, Duration.ofHours(1))).isEqualTo(Duration.ofHours(1));
        assertThat(Retry.after(UUID.randomUUID(), 3, Duration.ZERO))
                .isNotEqualTo(Retry.after(UUID.randomUUID(), 3, Duration.ZERO));
    }

    private static long within(List<Contact> made, Instant from, int days) {
        return made.stream()
                .filter(c -> !c.at().isBefore(from) && c.at().isBefore(from.plus(Duration.ofDays(days))))
                .count();
    }

    private static Wish wish(Purpose purpose, Channel channel) {
        return new Wish(purpose, channel, null, true);
    }

    private static Instant beijing(String local) {
        return LocalDateTime.parse(local).atZone(ZoneId.of("Asia/Shanghai")).toInstant();
    }
}
