package io.retainer.workbench;

import io.retainer.kernel.Texts;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;

/** Writes entries as iCalendar (RFC 5545). Times are in UTC, so no time zone has to be described. */
final class CalendarFile {

    private static final DateTimeFormatter DATE = DateTimeFormatter.BASIC_ISO_DATE;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final int MOST_OCTETS = 75;

    private final StringBuilder out = new StringBuilder();

    private CalendarFile() {}

    static String of(List<CalendarEntry> entries, String site, Texts texts) {
        var file = new CalendarFile();
        file.line("BEGIN:VCALENDAR");
        file.line("VERSION:2.0");
        file.line("PRODID:-//Retainer//Calendar//" + (texts.locale().equals(Texts.ENGLISH) ? "EN" : "ZH"));
        file.line("CALSCALE:GREGORIAN");
        file.line("METHOD:PUBLISH");
        file.line("X-WR-CALNAME:" + escape(texts.say("workbench.calendar.name")));
        file.line("REFRESH-INTERVAL;VALUE=DURATION:PT6H");
        for (var entry : entries) {
            file.event(entry, site, texts);
        }
        file.line("END:VCALENDAR");
        return file.out.toString();
    }

    private void event(CalendarEntry entry, String site, Texts texts) {
        line("BEGIN:VEVENT");
        line("UID:" + entry.uid());
        // Of the entry, not of the writing: an unchanged calendar is the same octets, and its ETag holds.
        line("DTSTAMP:" + time(entry.changedAt()));
        line("LAST-MODIFIED:" + time(entry.changedAt()));
        line("SEQUENCE:" + entry.sequence());
        if (entry.allDay()) {
            line("DTSTART;VALUE=DATE:" + DATE.format(entry.day()));
            line("DTEND;VALUE=DATE:" + DATE.format(entry.day().plusDays(1)));
        } else {
            line("DTSTART:" + time(entry.due()));
        }
        var about = entry.personal()
                ? texts.say(entry.says())
                : entry.clause().id() + " " + texts.say(entry.clause().title());
        line("SUMMARY:" + escape(about + " · " + entry.title()));
        line("DESCRIPTION:" + escape(texts.say(entry.says())));
        line("URL:" + site + entry.path());
        line("CATEGORIES:" + escape(texts.say(entry.ours() ? "workbench.calendar.ours" : "workbench.calendar.theirs")));
        line("TRANSP:TRANSPARENT");
        line("END:VEVENT");
    }

    private static String time(Instant instant) {
        return TIME.format(instant);
    }

    private static String escape(String text) {
        return text.replace("\\", "\\\\")
                .replace(";", "\\;")
                .replace(",", "\\,")
                .replaceAll("\\r\\n|[\\r\\n]", "\\\\n")
                .replaceAll("\\p{Cntrl}", " ");
    }

    /** Folds after 75 octets (§3.1), never inside a character. */
    private void line(String content) {
        int octets = 0;
        for (int i = 0; i < content.length(); ) {
            int point = content.codePointAt(i);
            var character = Character.toString(point);
            int size = character.getBytes(StandardCharsets.UTF_8).length;
            if (octets + size > MOST_OCTETS) {
                out.append("\r\n ");
                octets = 1;
            }
            out.append(character);
            octets += size;
            i += character.length();
        }
        out.append("\r\n");
    }
}
