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
    /** What a spreadsheet begins to calculate at. */
    private static final String CALCULATED = "=+-@\t\r\0＝＋－＠";

    private static final String DIVIDES = "\n\r\t;,|";
    /** Going back costs up to a row each time; a file with so many open quotes is no such text. */
    private static final int MOST_RETURNS = 1000;

    private final Reader reader;
    private final char delimiter;
    private char[] buffer = new char[1 << 14];
    private int position;
    private int limit;
    private long number;
    private int returns;
    private int expected;
    private boolean ragged;

    CsvRows(Reader reader, char delimiter) {
        this.reader = reader;
        this.delimiter = delimiter;
    }

    /** From here on a row has so many cells; when only the very last has fewer, and no line end, the file breaks off in it. */
    CsvRows expecting(int cells) {
        expected = cells;
        return this;
    }

    @Override
    public long number() {
        return number;
    }

    @Override
    public @Nullable Raw next() throws IOException {
        int c = read();
        if (c == END) {
            return null;
        }
        number++;
        var cells = new ArrayList<String>();
        var cell = new StringBuilder();
        // What was read after the first line end inside quotes, in case they never close.
        StringBuilder beyond = null;
        int firstLine = 0;
        int length = 0;
        boolean quoted = false;
        boolean start = true;
        while (true) {
            if (quoted) {
                if (c == END) {
                    return unclosed(cells, cell, beyond, firstLine);
                }
                if (c == '"') {
                    int following = read();
                    if (following == '"') {
                        cell.append('"');
                        if (beyond != null) {
                            beyond.append("\"\"");
                        }
                    } else if (beyond != null && !ends(following)) {
                        // The quote belongs to another row: what stands between are rows as well.
                        beyond.append('"');
                        if (following != END) {
                            beyond.append((char) following);
                        }
                        return unclosed(cells, cell, beyond, firstLine);
                    } else {
                        quoted = false;
                        beyond = null;
                        c = following;
                        continue;
                    }
                } else {
                    if (beyond != null) {
                        beyond.append((char) c);
                    } else if (c == '\n') {
                        beyond = new StringBuilder();
                        firstLine = cell.length();
                    }
                    cell.append((char) c);
                }
            } else if (c == END || c == '\n' || c == '\r') {
                cells.add(cell.toString());
                if (c == '\r') {
                    skipLineFeed();
                }
                return whole(cells, c != END);
            } else if (c == delimiter) {
                cells.add(cell.toString());
                cell.setLength(0);
                start = true;
                if (cells.size() >= MOST_COLUMNS) {
                    skipLine();
                    return Raw.bad("customer.row.columns", MOST_COLUMNS).holding(cells);
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
                if (beyond != null) {
                    return unclosed(cells, cell, beyond, firstLine);
                }
                skipLine();
                cells.add(cell.toString());
                return Raw.bad("customer.row.long", LONGEST_ROW).holding(cells);
            }
            c = read();
        }
    }

    private boolean ends(int c) {
        return c == delimiter || c == '\n' || c == '\r' || c == END;
    }

    private Raw whole(List<String> cells, boolean ended) {
        boolean fewer = cells.size() < expected
                && !(cells.size() == 1 && cells.getFirst().isBlank());
        if (fewer && !ended && !ragged) {
            return Raw.bad("customer.row.cut", cells.size(), expected).holding(cells);
        }
        ragged |= fewer;
        return Raw.of(cells);
    }

    /** Ends the row where its first line ends, and reads what follows again. */
    private Raw unclosed(List<String> cells, StringBuilder cell, @Nullable StringBuilder beyond, int firstLine) {
        if (beyond != null && ++returns <= MOST_RETURNS) {
            var again = new char[beyond.length() + limit - position];
            beyond.getChars(0, beyond.length(), again, 0);
            System.arraycopy(buffer, position, again, beyond.length(), limit - position);
            buffer = again.length == 0 ? new char[1 << 14] : again;
            position = 0;
            limit = again.length;
        }
        cells.add((beyond == null ? cell : cell.substring(0, firstLine))
                .toString()
                .stripTrailing());
        return Raw.bad("customer.row.quote").holding(cells);
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
            if (buffer.length < 1 << 14) {
                buffer = new char[1 << 14];
            }
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

    /**
     * With an apostrophe in front where a spreadsheet would calculate, also behind a line break inside the cell, and behind
     * what may divide cells where the reader lives: there a file with commas is cut at semicolons.
     */
    static String harmless(String cell) {
        if (cell.isEmpty()) {
            return cell;
        }
        var safe = new StringBuilder(cell.length() + 2);
        boolean start = true;
        for (int i = 0; i < cell.length(); i++) {
            char c = cell.charAt(i);
            if (start && CALCULATED.indexOf(c) >= 0) {
                safe.append('\'');
            }
            safe.append(c);
            start = DIVIDES.indexOf(c) >= 0;
        }
        return safe.toString();
    }

    /** Takes back what {@link #harmless} put in front, so that a corrected result file can be sent again. */
    static String plain(String cell) {
        if (cell.indexOf('\'') < 0) {
            return cell;
        }
        var given = new StringBuilder(cell.length());
        boolean start = true;
        for (int i = 0; i < cell.length(); i++) {
            char c = cell.charAt(i);
            if (start && c == '\'' && i + 1 < cell.length() && CALCULATED.indexOf(cell.charAt(i + 1)) >= 0) {
                start = false;
            } else {
                given.append(c);
                start = DIVIDES.indexOf(c) >= 0;
            }
        }
        return given.toString();
    }
}
