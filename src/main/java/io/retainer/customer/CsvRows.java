package io.retainer.customer;

import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows of delimited text as RFC 4180 has it, forgiving what spreadsheets do (bare quotes inside a cell, any line ending).
 * A row past the limits, or one whose quotes never close, is reported and skipped to the end of its line; the next one is
 * read again. That recovery, and holding no more than one row, is why this is not a library.
 */
final class CsvRows implements ImportRows {

    private static final int END = -1;

    private final Reader reader;
    private final char delimiter;
    private final char[] buffer = new char[1 << 14];
    private int position;
    private int limit;

    CsvRows(Reader reader, char delimiter) {
        this.reader = reader;
        this.delimiter = delimiter;
    }

    @Override
    public @Nullable Raw next() throws IOException {
        int c = read();
        if (c == END) {
            return null;
        }
        var cells = new ArrayList<String>();
        var cell = new StringBuilder();
        int length = 0;
        boolean quoted = false;
        boolean start = true;
        while (true) {
            if (quoted) {
                if (c == END) {
                    return Raw.bad("customer.row.quote");
                }
                if (c == '"') {
                    int following = read();
                    if (following == '"') {
                        cell.append('"');
                    } else {
                        quoted = false;
                        c = following;
                        continue;
                    }
                } else {
                    cell.append((char) c);
                }
            } else if (c == END || c == '\n' || c == '\r') {
                cells.add(cell.toString());
                if (c == '\r') {
                    skipLineFeed();
                }
                return Raw.of(cells);
            } else if (c == delimiter) {
                cells.add(cell.toString());
                cell.setLength(0);
                start = true;
                if (cells.size() >= MOST_COLUMNS) {
                    skipLine();
                    return Raw.bad("customer.row.columns", MOST_COLUMNS);
                }
                c = read();
                continue;
            } else if (c == '"' && start) {
                quoted = true;
            } else {
                cell.append((char) c);
            }
            start = false;
            if (++length > LONGEST_ROW) {
                skipLine();
                return Raw.bad("customer.row.long", LONGEST_ROW);
            }
            c = read();
        }
    }

    private void skipLine() throws IOException {
        int c;
        do {
            c = read();
        } while (c != END && c != '\n');
    }

    private void skipLineFeed() throws IOException {
        int c = read();
        if (c != '\n' && c != END) {
            position--;
        }
    }

    private int read() throws IOException {
        if (position == limit) {
            limit = reader.read(buffer);
            position = 0;
            if (limit <= 0) {
                limit = 0;
                return END;
            }
        }
        return buffer[position++];
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }

    /** As one line of a file, safe to open in a spreadsheet: nothing in it is taken for a formula. */
    static void write(StringBuilder line, List<String> cells) {
        writePlain(line, cells.stream().map(CsvRows::harmless).toList());
    }

    /** As one line of a file that only we read. */
    static void writePlain(StringBuilder line, List<String> cells) {
        for (int i = 0; i < cells.size(); i++) {
            if (i > 0) {
                line.append(',');
            }
            var cell = cells.get(i);
            if (cell.indexOf(',') >= 0
                    || cell.indexOf('"') >= 0
                    || cell.indexOf('\n') >= 0
                    || cell.indexOf('\r') >= 0) {
                line.append('"').append(cell.replace("\"", "\"\"")).append('"');
            } else {
                line.append(cell);
            }
        }
        line.append("\r\n");
    }

    /** With an apostrophe in front where a spreadsheet would calculate, also behind a line break inside the cell. */
    static String harmless(String cell) {
        if (cell.isEmpty()) {
            return cell;
        }
        var safe = new StringBuilder(cell.length() + 2);
        boolean start = true;
        for (int i = 0; i < cell.length(); i++) {
            char c = cell.charAt(i);
            if (start && "=+-@\t\r\0＝＋－＠".indexOf(c) >= 0) {
                safe.append('\'');
            }
            safe.append(c);
            start = c == '\n' || c == '\r';
        }
        return safe.toString();
    }

    /** Takes back what {@link #harmless} put in front of a number, so that a corrected result file can be sent again. */
    static String plain(String cell) {
        return cell.length() > 1 && cell.charAt(0) == '\'' && (cell.charAt(1) == '+' || cell.charAt(1) == '-')
                ? cell.substring(1)
                : cell;
    }
}
