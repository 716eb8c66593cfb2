package io.retainer.duty;

import static io.retainer.duty.DutyTests.CALENDAR;
import static io.retainer.duty.DutyTests.beijing;
import static io.retainer.duty.DutyTests.duty;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.retainer.duty.Deadline.At;
import io.retainer.duty.Deadline.CalendarDays;
import io.retainer.duty.Deadline.WorkingDays;
import io.retainer.duty.Deadline.WorkingTime;
import io.retainer.kernel.Texts;
import io.retainer.kernel.WorkingHours;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When each rule is due while nothing stops its clock. */
class DeadlineTests {

    @ParameterizedTest(name = "{0} working days after {1} are over at {2}: {3}")
    @CsvSource(delimiter = '|', textBlock = """
            5  | 2024-12-31 | 2025-01-09T00:00 | E4: New Year and a weekend between
            1  | 2026-01-02 | 2026-01-05T00:00 | Sunday 4 January is made up for
            3  | 2026-02-13 | 2026-02-26T00:00 | Saturday 14 is worked, then the whole Spring Festival
            15 | 2026-09-24 | 2026-10-23T00:00 | trap 18: across Golden Week, the last day is 22 October
            1  | 2025-09-27 | 2025-09-29T00:00 | Sunday 28 September is worked
            """)
    void workingDays(int days, LocalDate from, String due, String why) {
        assertThat(due(new WorkingDays(days, from))).as(why).isEqualTo(beijing(due));
    }

    @ParameterizedTest(name = "{0} days after {1} are over at {2}: {3}")
    @CsvSource(delimiter = '|', textBlock = """
            10 | 2026-03-02 | 2026-03-13T00:00 | plain
            10 | 2026-04-24 | 2026-05-07T00:00 | the last day is 4 May, a day of rest, so it becomes 6 May
            5  | 2026-02-09 | 2026-02-15T00:00 | Saturday 14 February is worked, so it stays
            30 | 2026-01-30 | 2026-03-03T00:00 | 1 March is a Sunday
            """)
    void calendarDays(int days, LocalDate from, String due, String why) {
        assertThat(due(new CalendarDays(days, from))).as(why).isEqualTo(beijing(due));
    }

    @Test
    void calendarDaysMayStayOnADayOfRest() {
        assertThat(due(new CalendarDays(10, LocalDate.parse("2026-04-24"), false)))
                .isEqualTo(beijing("2026-05-05T00:00"));
    }

    @ParameterizedTest(name = "{0} of working time from {1} is over at {2}")
    @CsvSource({
        "PT4H,  2026-03-02T09:00, 2026-03-02T14:00",
        "PT4H,  2026-03-02T17:00, 2026-03-03T12:00",
        "PT1H,  2026-03-06T18:00, 2026-03-09T10:00",
        "PT2H,  2026-09-30T17:00, 2026-10-08T10:00",
        "PT30M, 2026-03-02T03:00, 2026-03-02T09:30",
    })
    void workingTime(Duration time, String from, String due) {
        assertThat(due(new WorkingTime(time, beijing(from), WorkingHours.STANDARD)))
                .isEqualTo(beijing(due));
    }

    static Stream<Deadline> everyRule() {
        return Stream.of(
                new At(beijing("2025-01-01T00:00")),
                new At(beijing("2025-01-01T00:00"), true),
                new WorkingDays(3, LocalDate.parse("2026-01-05")),
                new CalendarDays(30, LocalDate.parse("2026-01-05")),
                new CalendarDays(30, LocalDate.parse("2026-01-05"), false),
                new WorkingTime(Duration.ofMinutes(90), beijing("2026-01-05T10:00"), WorkingHours.STANDARD));
    }

    @ParameterizedTest
    @MethodSource("everyRule")
    void survivesBeingWritten(Deadline deadline) {
        assertThat(Deadline.of(deadline.code())).isEqualTo(deadline);
        for (var locale : new java.util.Locale[] {Texts.CHINESE, Texts.ENGLISH}) {
            assertThat(Texts.in(locale).say(deadline.inWords())).isNotBlank().doesNotContain("{");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "at",
                "at noon",
                "at 2025-01-01T00:00:00Z by-pauses",
                "working-days 3",
                "working-days three after 2026-01-05",
                "working-days 0 after 2026-01-05",
                "calendar-days 3 since 2026-01-05",
                "working-time PT1H from 2026-01-05T00:00:00Z within 09:00 in Asia/Shanghai",
                "next week"
            })
    void nothingElseIsADeadline(String code) {
        assertThatIllegalArgumentException().isThrownBy(() -> Deadline.of(code));
    }

    private static @Nullable Instant due(Deadline deadline) {
        var opened = beijing("2024-12-01T00:00");
        return duty(deadline, opened).assess(opened, CALENDAR).due();
    }
}
