package io.retainer.customer;

import io.retainer.kernel.Refused;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How the beginning of a file is looked at: what stands in its headings and below them.
 *
 * @param headingRow the row the headings stand in, counted from 1, 0 for none, or null to find out
 */
record FileLook(
        ImportFormat format,
        Encoding.Found encoding,
        char delimiter,
        @Nullable Integer headingRow) {

    /** Rows that are looked at to guess what a column is. */
    private static final int GUESSED_FROM = 100;

    /** Lines above the headings that say what the list is, when it was made, by whom. */
    private static final int TITLES = 8;

    record Seen(List<String> header, int headingRow, List<List<String>> rows) {}

    private record Line(int number, List<String> cells) {
        long filled() {
            return cells.stream().filter(cell -> !cell.isBlank()).count();
        }
    }

    FileLook in(Encoding.Found found) {
        return new FileLook(format, found, delimiter, headingRow);
    }

    Reader reader(byte[] start) {
        int mark = Encoding.mark(start);
        return Encoding.reader(
                new ByteArrayInputStream(start, mark, start.length - mark), encoding.main(), encoding.other());
    }

    Seen at(byte[] start, boolean whole) throws IOException {
        if (format == ImportFormat.JSONL) {
            var header = JsonRows.header(reader(start));
            if (header.isEmpty()) {
                throw Refused.field("file", "customer.import.json");
            }
            return new Seen(header, 0, json(header, start, whole));
        }
        var lines = new ArrayList<Line>();
        boolean more = false;
        try (var csv = new CsvRows(reader(start), delimiter)) {
            for (var row = csv.next(); row != null; row = csv.next()) {
                if (row.blank()) {
                    continue;
                }
                var trouble = row.trouble();
                if (trouble != null && lines.isEmpty()) {
                    throw new Refused("file", trouble);
                }
                if (lines.size() == GUESSED_FROM) {
                    more = true;
                    break;
                }
                lines.add(new Line((int) csv.number(), trouble == null ? row.cells() : List.of()));
            }
        }
        if (lines.isEmpty()) {
            throw Refused.field("file", "customer.import.empty");
        }
        if (!whole && !more && lines.size() > 2) {
            lines.removeLast(); // cut off by the end of the sample
        }
        return seen(lines, whole);
    }

    private Seen seen(List<Line> lines, boolean whole) {
        int at = headings(lines);
        if (at == lines.size() - 1 && whole) {
            throw Refused.field(
                    "file",
                    "customer.import.headingsOnly",
                    lines.get(at).cells().size());
        }
        var rows = lines.subList(at + 1, lines.size()).stream()
                .map(Line::cells)
                .filter(cells -> !cells.isEmpty())
                .toList();
        var headings = at < 0 ? lines.getFirst().cells() : lines.get(at).cells();
        var header = new ArrayList<String>();
        for (int i = 0; i < headings.size(); i++) {
            var heading = at < 0 ? "" : headings.get(i).strip();
            header.add(heading.isEmpty() ? "#" + (i + 1) : heading.substring(0, Math.min(heading.length(), 100)));
        }
        // A spreadsheet writes separators behind the last column as well.
        while (header.size() > 1
                && header.getLast().equals("#" + header.size())
                && rows.stream()
                        .allMatch(row -> row.size() < header.size()
                                || row.get(header.size() - 1).isBlank())) {
            header.removeLast();
        }
        if (Set.copyOf(header).size() < header.size()) {
            throw Refused.field("file", "customer.import.headings", twice(header));
        }
        return new Seen(List.copyOf(header), at < 0 ? 0 : lines.get(at).number(), rows);
    }

    /** The index of the line with the headings; below a title, which fills no more than half as many cells; -1 for none. */
    private int headings(List<Line> lines) {
        if (headingRow != null) {
            if (headingRow == 0) {
                return -1;
            }
            for (int i = 0; i < lines.size(); i++) {
                if (lines.get(i).number() >= headingRow) {
                    if (lines.get(i).number() > headingRow
                            || lines.get(i).cells().isEmpty()) {
                        break;
                    }
                    return i;
                }
            }
            throw Refused.field("headingRow", "customer.import.noHeading", headingRow);
        }
        int at = 0;
        while (at < TITLES && at + 1 < lines.size()) {
            long below = lines.subList(at + 1, Math.min(at + 6, lines.size())).stream()
                    .mapToLong(Line::filled)
                    .max()
                    .orElse(0);
            if (lines.get(at).filled() * 2 > below) {
                break;
            }
            at++;
        }
        at = at == TITLES ? 0 : at;
        // Or what stands there says that it is the headings.
        for (int i = at + 1; i < Math.min(TITLES, lines.size()); i++) {
            if (Target.known(lines.get(at).cells()) < 2
                    && Target.known(lines.get(i).cells()) > 1) {
                at = i;
            }
        }
        return Target.isData(lines.get(at).cells()) ? -1 : at;
    }

    List<List<String>> json(List<String> header, byte[] start, boolean whole) throws IOException {
        var found = new ArrayList<List<String>>();
        try (var rows = new JsonRows(reader(start), header)) {
            for (var row = rows.next(); row != null && found.size() < GUESSED_FROM; row = rows.next()) {
                if (row.trouble() == null && !row.blank()) {
                    found.add(row.cells());
                }
            }
        }
        if (!whole && found.size() < GUESSED_FROM && found.size() > 1) {
            found.removeLast();
        }
        return found;
    }

    private static String twice(List<String> header) {
        return header.stream()
                .filter(heading -> header.indexOf(heading) != header.lastIndexOf(heading))
                .findFirst()
                .orElse("");
    }

    /** The bytes a text never holds, unless it is a wide one. */
    static void requireText(byte[] start, @Nullable Charset chosen) {
        boolean wide =
                chosen == null ? Encoding.wide(start) != null : chosen.name().startsWith("UTF-16");
        for (int i = 0; i < Math.min(start.length, 4096) && !wide; i++) {
            if (start[i] == 0) {
                throw Refused.field("file", "customer.import.binary");
            }
        }
    }

    static Charset charset(String name) {
        return switch (name.toUpperCase(Locale.ROOT)) {
            case "UTF-8" -> StandardCharsets.UTF_8;
            case "UTF-16LE", "UTF-16" -> StandardCharsets.UTF_16LE;
            case "UTF-16BE" -> StandardCharsets.UTF_16BE;
            case "GB18030", "GBK", "GB2312" -> Encoding.GB18030;
            case "BIG5" -> Encoding.BIG5;
            case "WINDOWS-1252", "ISO-8859-1" -> Encoding.WESTERN;
            default -> throw Refused.field("charset", "customer.import.charset", name);
        };
    }

    static String text(byte[] bytes, Charset encoding) {
        return new String(bytes, encoding);
    }
}
