package io.retainer.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import io.retainer.kernel.Clause;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Texts;
import io.retainer.kernel.WorkCalendar;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import net.fortuna.ical4j.data.CalendarBuilder;
import net.fortuna.ical4j.model.component.VEvent;
import org.junit.jupiter.api.Test;

class CalendarFileTests {

    private static final UUID CONTRACT = UUID.fromString("01970000-0000-7000-8000-000000000001");

    /** Read back by another program (RFC 5545). */
    @Test
    void anotherProgramReadsIt() throws Exception {
        var title = "客户关系外包服务;合同, 2025 \\ 第一份 " + "很长的标题".repeat(12);
        var text = CalendarFile.of(
                List.of(entry("2025-01-05T16:00:00Z", title), entry("2025-01-07T07:30:00Z", "二")),
                "https://retainer.example",
                Texts.in(Texts.CHINESE));
        var calendar = new CalendarBuilder().build(new StringReader(text));
        calendar.validate();
        List<VEvent> events = calendar.getComponents("VEVENT");
        assertThat(events).hasSize(2);
        assertThat(events.getFirst().getProperty("SUMMARY").orElseThrow().getValue())
                .endsWith(title);
        // due at midnight in Beijing: the day before is the last day
        assertThat(events.getFirst().getProperty("DTSTART").orElseThrow().getValue())
                .isEqualTo("20250105");
        assertThat(events.getLast().getProperty("DTSTART").orElseThrow().getValue())
                .isEqualTo("20250107T073000Z");
        assertThat(text.lines().mapToInt(line -> line.getBytes(StandardCharsets.UTF_8).length))
                .allMatch(octets -> octets <= 75);
        assertThat(text).endsWith("END:VCALENDAR\r\n").doesNotContain("\n\n");
        assertThat(text.replace("\r\n", "")).doesNotContain("\n");
    }

    /** I-3.2a: fifteen, seven, three and one working day before, and over a holiday. */
    @Test
    void aReminderComesOnceForEachMark() {
        var calendar = WorkCalendar.chinese();
        var last = LocalDate.of(2025, 2, 7); // the Friday after the Spring Festival of 2025, 28 Jan to 4 Feb
        var given = new java.util.HashSet<Integer>();
        var sent = new java.util.TreeMap<LocalDate, Integer>();
        for (var day = LocalDate.of(2025, 1, 1); !day.isAfter(last.plusDays(3)); day = day.plusDays(1)) {
            for (var mark : ReminderRule.due(day, last, ReminderRule.DAYS, given, calendar)) {
                sent.put(day, mark.days());
                given.add(mark.days());
            }
        }
        assertThat(sent.values()).containsExactly(15, 7, 3, 1);
        sent.forEach(
                (day, mark) -> assertThat(calendar.workdaysBetween(day, last)).isEqualTo(mark));
    }

    @Test
    void aServerThatSleptSaysItOnceForTheNearestMark() {
        var calendar = WorkCalendar.chinese();
        var last = LocalDate.of(2025, 3, 14);
        assertThat(ReminderRule.due(LocalDate.of(2025, 3, 12), last, ReminderRule.DAYS, Set.of(), calendar))
                .containsExactly(new ReminderRule.Mark(3, 2));
        assertThat(ReminderRule.due(LocalDate.of(2025, 3, 12), last, ReminderRule.DAYS, Set.of(3), calendar))
                .isEmpty();
        assertThat(ReminderRule.due(LocalDate.of(2025, 3, 15), last, ReminderRule.DAYS, Set.of(), calendar))
                .isEmpty();
    }

    private static CalendarEntry entry(String due, String title) {
        return new CalendarEntry(
                UUID.nameUUIDFromBytes(due.getBytes(StandardCharsets.UTF_8)) + "@retainer",
                CONTRACT,
                title,
                Clause.I_3_2A,
                Sentence.of("workbench.reminder.termEnd", LocalDate.of(2025, 1, 5)),
                Instant.parse(due),
                true,
                false,
                false,
                3,
                Instant.parse("2024-12-01T00:00:00Z"),
                "/contracts/" + CONTRACT);
    }
}
