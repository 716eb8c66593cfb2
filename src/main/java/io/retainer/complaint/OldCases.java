package io.retainer.complaint;

import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import java.io.IOException;
import java.io.PushbackReader;
import java.io.Reader;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/**
 * Takes over the cases of another system from a file: {@code received,name,phone,email,subject,text,sought,product,region},
 * headings in any order. Each row stands for itself; the clocks count from the take-over.
 */
@Service
class OldCases {

    private static final int MOST = 5000;
    private static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");

    private final Complaints complaints;

    OldCases(Complaints complaints) {
        this.complaints = complaints;
    }

    /** @param line in the file */
    record Bad(long line, Sentence why) {}

    record TakenOver(int taken, List<Bad> bad) {}

    TakenOver take(Access access, Reader file) {
        access.require(Capability.LEAD_COMPLAINTS);
        var bad = new ArrayList<Bad>();
        int taken = 0;
        for (var row : read(file)) {
            try {
                complaints.take(access, complaint(row.cells()), List.of());
                taken++;
            } catch (Refused refusal) {
                bad.add(new Bad(row.line(), refusal.sentence()));
            }
        }
        return new TakenOver(taken, bad);
    }

    private record Row(long line, CSVRecord cells) {}

    /** The whole file, before anything of it is taken: one that cannot be read to its end leaves nothing behind. */
    private static List<Row> read(Reader file) {
        var all = new ArrayList<Row>();
        try (var rows = CSVFormat.RFC4180
                .builder()
                .setHeader()
                .setSkipHeaderRecord(true)
                .setIgnoreHeaderCase(true)
                .setIgnoreEmptyLines(true)
                .setTrim(true)
                .get()
                .parse(withoutMark(file))) {
            if (!rows.getHeaderMap().containsKey("text")) {
                throw Refused.field("file", "complaint.old.heading");
            }
            for (var row : rows) {
                if (all.size() >= MOST) {
                    throw Refused.field("file", "complaint.old.most", MOST);
                }
                all.add(new Row(rows.getCurrentLineNumber(), row));
            }
        } catch (IOException | IllegalArgumentException | java.io.UncheckedIOException e) {
            throw Refused.field("file", "complaint.old.unreadable");
        }
        return all;
    }

    /** Spreadsheets put a byte order mark before the first heading. */
    private static Reader withoutMark(Reader file) throws IOException {
        var pushback = new PushbackReader(file);
        int first = pushback.read();
        if (first >= 0 && first != '\uFEFF') {
            pushback.unread(first);
        }
        return pushback;
    }

    private static NewComplaint complaint(CSVRecord row) {
        var sought = cell(row, "sought");
        var received = cell(row, "received");
        try {
            return new NewComplaint(
                    Intake.FILE,
                    "en".equals(cell(row, "language")) ? "en" : "zh",
                    cell(row, "name"),
                    cell(row, "phone"),
                    cell(row, "email"),
                    cell(row, "subject"),
                    String.valueOf(row.get("text")),
                    sought == null ? Remedy.OTHER : Remedy.valueOf(sought.toUpperCase(Locale.ROOT)),
                    cell(row, "product"),
                    cell(row, "region"),
                    received == null
                            ? null
                            : received.length() == 10
                                    ? LocalDate.parse(received)
                                            .atStartOfDay(ZONE)
                                            .toInstant()
                                    : LocalDateTime.parse(received.replace(' ', 'T'))
                                            .atZone(ZONE)
                                            .toInstant());
        } catch (DateTimeParseException e) {
            throw Refused.field("received", "complaint.old.date");
        } catch (IllegalArgumentException e) {
            throw Refused.field("sought", "complaint.old.sought");
        }
    }

    private static @Nullable String cell(CSVRecord row, String name) {
        var value = row.isMapped(name) && row.isSet(name) ? row.get(name) : null;
        return value == null || value.isBlank() ? null : value;
    }
}
