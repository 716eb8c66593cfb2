package io.retainer.kernel;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.retainer.kernel.WorkingHours.Shift;
import io.retainer.kernel.WorkingHours.Stretch;
import java.io.StringReader;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkCalendarTests {

    static final WorkCalendar CALENDAR = WorkCalendar.chinese();
    static final WorkingHours HOURS = WorkingHours.STANDARD;

    @ParameterizedTest(name = "{0}: worked {1}, statutory holiday {2}")
    @CsvSource({
        "2024-12-31, true, false",
        "2025-01-01, false, true",
        "2025-01-26, true, false",
        "2025-02-01, false, false",
        "2025-02-08, true, false",
        "2025-09-28, true, false",
        "2025-10-08, false, false",
        "2026-01-04, true, false",
        "2026-02-16, false, true",
        "2026-02-23, false, false",
        "2026-02-24, true, false",
        "2026-10-07, false, false",
        "2026-10-10, true, false",
        "2026-10-11, false, false"
    })
    void knowsHolidaysAndMakeUpDays(LocalDate date, boolean worked, boolean statutory) {
        assertThat(CALENDAR.isWorkday(date)).isEqualTo(worked);
        assertThat(CALENDAR.isStatutoryHoliday(date)).isEqualTo(statutory);
    }

    @Test
    void eachYearHasThirteenStatutoryHolidaysAndItsMakeUpDays() {
        assertThat(CALENDAR.years()).containsExactly(2025, 2026);
        for (int year : CALENDAR.years()) {
            var days = LocalDate.of(year, 1, 1)
                    .datesUntil(LocalDate.of(year + 1, 1, 1))
                    .toList();
            assertThat(days.stream().filter(CALENDAR::isStatutoryHoliday)).hasSize(13);
            assertThat(days.stream()
                            .filter(day -> day.getDayOfWeek().getValue() > 5)
                            .filter(CALENDAR::isWorkday))
                    .hasSize(year == 2025 ? 5 : 6);
        }
    }

    @Test
    void trap18TheAnswerToARequestIsDueAfterTheGoldenWeek() {
        var due = CALENDAR.plusWorkdays(LocalDate.of(2026, 9, 24), 15);
        assertThat(due.date()).isEqualTo("2026-10-22");
        assertThat(due.warning()).isNull();
    }

    @Test
    void trap19BeyondTheLastLoadedYearThereIsAWarning() {
        var due = CALENDAR.plusWorkdays(LocalDate.of(2026, 12, 28), 10);
        assertThat(due.date()).isEqualTo("2027-01-11");
        var warning = requireNonNull(due.warning());
        assertThat(Texts.in(Texts.CHINESE).say(warning)).contains("2027年").contains("尚未导入");
        assertThat(Texts.in(Texts.ENGLISH).say(warning)).contains("2027 are not loaded");
        assertThat(CALENDAR.plusWorkdays(LocalDate.of(2026, 12, 20), 5).warning())
                .isNull();
        assertThat(CALENDAR.plusWorkingTime(Instant.parse("2026-12-31T09:30:00Z"), Duration.ofHours(1), HOURS)
                        .warning())
                .isNotNull();
        assertThat(CALENDAR.nextWorkday(LocalDate.of(2027, 1, 4)).warning()).isNotNull();
    }

    @Test
    void e4FiveWorkingDaysFromNewYearsEve() {
        var day = LocalDate.of(2024, 12, 31);
        assertThat(List.of(1, 2, 3, 4, 5))
                .extracting(n -> CALENDAR.plusWorkdays(day, n).date())
                .containsExactly(
                        LocalDate.of(2025, 1, 2),
                        LocalDate.of(2025, 1, 3),
                        LocalDate.of(2025, 1, 6),
                        LocalDate.of(2025, 1, 7),
                        LocalDate.of(2025, 1, 8));
        assertThat(CALENDAR.plusWorkdays(day, 5).warning()).isNull();
    }

    @Test
    void countsBackwardsForReminders() {
        assertThat(CALENDAR.plusWorkdays(LocalDate.of(2025, 2, 5), -1).date()).isEqualTo("2025-01-27");
        assertThat(CALENDAR.plusWorkdays(LocalDate.of(2025, 2, 5), -3).date()).isEqualTo("2025-01-24");
        assertThat(CALENDAR.nextWorkday(LocalDate.of(2025, 2, 1)).date()).isEqualTo("2025-02-05");
        assertThat(CALENDAR.workdaysBetween(LocalDate.of(2025, 1, 27), LocalDate.of(2025, 2, 8)))
                .isEqualTo(4);
    }

    @Test
    void workingTimeRunsInShiftsAndLeavesATimeline() {
        // Monday 27 January 2025, 17:00: one hour, then Spring Festival until 4 February.
        var elapsed = CALENDAR.plusWorkingTime(shanghai("2025-01-27T17:00"), Duration.ofHours(5), HOURS);
        assertThat(elapsed.end()).isEqualTo(shanghai("2025-02-05T14:00"));
        assertThat(elapsed.timeline())
                .containsExactly(
                        new Stretch(shanghai("2025-01-27T17:00"), shanghai("2025-01-27T18:00")),
                        new Stretch(shanghai("2025-02-05T09:00"), shanghai("2025-02-05T12:00")),
                        new Stretch(shanghai("2025-02-05T13:00"), shanghai("2025-02-05T14:00")));
        assertThat(elapsed.consumed()).isEqualTo(Duration.ofHours(5));
    }

    @Test
    void workingTimeEndsWithTheShiftThatUsesItUp() {
        var from = shanghai("2025-03-03T09:00");
        assertThat(CALENDAR.plusWorkingTime(from, Duration.ofHours(3), HOURS).end())
                .isEqualTo(shanghai("2025-03-03T12:00"));
        assertThat(CALENDAR.plusWorkingTime(from, Duration.ZERO, HOURS).end()).isEqualTo(from);
        assertThatThrownBy(() -> CALENDAR.plusWorkingTime(from, Duration.ofHours(-1), HOURS))
                .hasMessageContaining("Cannot count");
    }

    @Test
    void whatWasConsumedEndsWhereItWasCounted() {
        long seed = System.nanoTime();
        System.out.println("WorkCalendarTests seed " + seed);
        var random = new SplittableRandom(seed);
        var start = shanghai("2025-01-01T00:00").getEpochSecond();
        for (int i = 0; i < 2_000; i++) {
            var from = Instant.ofEpochSecond(
                    start + random.nextLong(Duration.ofDays(600).toSeconds()));
            var amount =
                    Duration.ofSeconds(random.nextLong(1, Duration.ofHours(200).toSeconds()));
            var elapsed = CALENDAR.plusWorkingTime(from, amount, HOURS);
            var between = CALENDAR.workingTimeBetween(from, elapsed.end(), HOURS);
            assertThat(between.consumed()).isEqualTo(amount);
            assertThat(between.timeline()).isEqualTo(elapsed.timeline());
        }
    }

    @Test
    void aNightShiftMayEndAtMidnight() {
        var evening = new WorkingHours(
                List.of(
                        new Shift(LocalTime.of(8, 0), LocalTime.of(12, 0)),
                        new Shift(LocalTime.of(20, 0), LocalTime.MIN)),
                ZoneId.of("Asia/Shanghai"));
        assertThat(evening.perDay()).isEqualTo(Duration.ofHours(8));
        assertThat(CALENDAR.plusWorkingTime(shanghai("2025-03-03T23:00"), Duration.ofHours(2), evening)
                        .end())
                .isEqualTo(shanghai("2025-03-04T09:00"));
        assertThatThrownBy(() -> new Shift(LocalTime.NOON, LocalTime.of(9, 0))).hasMessageContaining("end after");
        assertThatThrownBy(() -> new WorkingHours(
                        List.of(
                                new Shift(LocalTime.of(9, 0), LocalTime.of(12, 0)),
                                new Shift(LocalTime.of(11, 0), LocalTime.of(15, 0))),
                        ZoneId.of("Asia/Shanghai")))
                .hasMessageContaining("not overlap");
    }

    @Test
    void aYearMayBeImportedAndReplacesTheOldOne() {
        var more = WorkCalendar.read(new StringReader("""
                # an example
                year,2027
                2027-01-01/2027-01-03,OFF,statutory,元旦
                2027-01-09,WORK,,元旦调休上班
                """));
        var both = CALENDAR.with(more);
        assertThat(both.years()).containsExactly(2025, 2026, 2027);
        assertThat(both.isWorkday(LocalDate.of(2027, 1, 9))).isTrue();
        assertThat(both.isWorkday(LocalDate.of(2026, 10, 10))).isTrue();
        assertThat(both.plusWorkdays(LocalDate.of(2026, 12, 28), 10).warning()).isNull();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
            2027-01-01,OFF,statutory,元旦                         | kernel.calendar.yearNotDeclared
            year,MMXXVII                                          | kernel.calendar.unreadable
            year,2027;2027-01-01,HOLIDAY,,元旦                    | kernel.calendar.unreadable
            year,2027;2027-13-01,OFF,statutory,元旦               | kernel.calendar.unreadable
            year,2027;2027-01-02/2027-01-01,OFF,statutory,元旦    | kernel.calendar.unreadable
            year,2027;2027-01-01,OFF,moved,a;2027-01-01,WORK,,b   | kernel.calendar.twice
            """)
    void aBadCalendarIsRefusedWithItsLine(String lines, String code) {
        assertThatThrownBy(() -> WorkCalendar.read(new StringReader(lines.replace(';', '\n'))))
                .isInstanceOfSatisfying(Refused.class, refused -> {
                    assertThat(refused.sentence().key()).isEqualTo(code);
                    assertThat(Texts.in(Texts.CHINESE).say(refused.sentence())).contains("第 ");
                });
    }

    private static Instant shanghai(String local) {
        return LocalDateTime.parse(local).atZone(ZoneId.of("Asia/Shanghai")).toInstant();
    }
}
