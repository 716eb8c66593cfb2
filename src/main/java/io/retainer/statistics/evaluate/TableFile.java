package io.retainer.statistics.evaluate;

import io.retainer.kernel.Refused;
import java.io.BufferedReader;
import java.io.FilterReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.commons.csv.CSVFormat;
import org.jspecify.annotations.Nullable;

/**
 * A table in a text file, read row by row: UTF-8 or GB18030, with or without a byte order mark and a header, parted by a
 * character that is guessed from the first line, or by white space. A file that is no table is refused before it fills
 * the memory.
 */
final class TableFile {

    private static final int LONGEST_LINE = 1_000_000;
    private static final int MOST_COLUMNS = 2_000;
    private static final String WHITE_SPACE = "space";

    private final Path file;
    private final Mapping mapping;
    private final Charset charset;
    private final String delimiter;
    private final List<String> columns;

    /** Sees a row; {@code line} counts from 1. */
    interface Rows {
        void row(long line, String[] cells);
    }

    TableFile(Path file, Mapping mapping) throws IOException {
        this.file = file;
        this.mapping = mapping;
        charset = charset();
        var first = firstLine();
        var named = mapping.get(Mapping.DELIMITER);
        delimiter = named == null ? guess(first) : named.equals("tab") ? "\t" : named;
        var cells = new ArrayList<String>();
        read(
                false,
                (line, row) -> {
                    if (cells.isEmpty()) {
                        cells.addAll(Arrays.asList(row));
                    }
                },
                1);
        if (cells.size() > MOST_COLUMNS) {
            throw Refused.because("statistics.evaluate.manyColumns", file.toString(), cells.size(), MOST_COLUMNS);
        }
        columns = mapping.hasHeader()
                ? cells.stream().map(String::strip).toList()
                : IntStream.rangeClosed(1, cells.size()).mapToObj(i -> "#" + i).toList();
        var seen = new HashSet<String>();
        for (var column : columns) {
            if (!seen.add(column)) {
                throw Refused.because("statistics.evaluate.twice", file.toString(), column);
            }
        }
    }

    List<String> columns() {
        return columns;
    }

    /** Hands over every row after the header, cut or filled to the columns. */
    void forEach(Rows rows) throws IOException {
        var count = new long[1];
        read(
                mapping.hasHeader(),
                (line, cells) -> {
                    count[0]++;
                    if (cells.length == columns.size()) {
                        rows.row(line, cells);
                    } else {
                        var filled = Arrays.copyOf(cells, columns.size());
                        for (int i = cells.length; i < filled.length; i++) {
                            filled[i] = "";
                        }
                        rows.row(line, filled);
                    }
                },
                Long.MAX_VALUE);
        if (count[0] == 0) {
            throw Refused.because("statistics.evaluate.empty", file.toString());
        }
    }

    /** The place of the column mapped to a key; −1 when the mapping says nothing. */
    int mapped(String key) {
        var name = mapping.get(key);
        return name == null ? -1 : column(name);
    }

    /** The place of a column by name or {@code #n}. */
    int column(String name) {
        int found = columns.indexOf(name);
        if (found < 0 && name.matches("#\\d{1,4}")) {
            found = Integer.parseInt(name.substring(1)) - 1;
        }
        if (found < 0 || found >= columns.size()) {
            throw Refused.because("statistics.evaluate.noColumn", file.toString(), name, String.join(", ", columns));
        }
        return found;
    }

    /** The column mapped to a key, else the first called by one of these names; −1 when there is none. */
    int find(String key, List<String> names) {
        int mapped = mapped(key);
        if (mapped >= 0 || !mapping.hasHeader()) {
            return mapped;
        }
        var plain = columns.stream()
                .map(name -> name.toLowerCase(Locale.ROOT)
                        .replaceAll("[（(\\[].*", "")
                        .replaceAll("[\\s_.\\-]", ""))
                .toList();
        return names.stream()
                .mapToInt(plain::indexOf)
                .filter(i -> i >= 0)
                .findFirst()
                .orElse(-1);
    }

    int need(String key, List<String> names) {
        int found = find(key, names);
        if (found < 0) {
            throw Refused.because("statistics.evaluate.notGuessed", file.toString(), key, String.join(", ", columns));
        }
        return found;
    }

    private void read(boolean skipHeader, Rows rows, long atMost) throws IOException {
        boolean skip = skipHeader;
        long left = atMost;
        try (var reader = reader()) {
            if (delimiter.equals(WHITE_SPACE)) {
                long number = 0;
                for (var line = reader.readLine(); line != null && left > 0; line = reader.readLine()) {
                    number++;
                    if (!line.isBlank() && !skip) {
                        rows.row(number, line.strip().split("\\s+"));
                        left--;
                    }
                    skip &= line.isBlank();
                }
                return;
            }
            var format = CSVFormat.DEFAULT
                    .builder()
                    .setDelimiter(delimiter)
                    .setQuote(mapping.hasQuotes() ? '"' : null)
                    .get();
            try (var parser = format.parse(reader)) {
                for (var csv : parser) {
                    if (left-- <= 0) {
                        break;
                    }
                    if (!skip) {
                        rows.row(parser.getCurrentLineNumber(), csv.values());
                    }
                    skip = false;
                }
            } catch (UncheckedIOException malformed) {
                throw Refused.because(
                        "statistics.evaluate.malformed",
                        file.toString(),
                        String.valueOf(
                                malformed.getCause() == null
                                        ? malformed
                                        : malformed.getCause().getMessage()));
            }
        }
    }

    private String firstLine() throws IOException {
        try (var reader = reader()) {
            var line = reader.readLine();
            if (line == null) {
                throw Refused.because("statistics.evaluate.empty", file.toString());
            }
            return line;
        }
    }

    private static String guess(String line) {
        var best = WHITE_SPACE;
        long most = 0;
        for (var candidate : List.of(",", "\t", ";", "|")) {
            long count = line.chars().filter(c -> c == candidate.charAt(0)).count();
            if (count > most) {
                most = count;
                best = candidate;
            }
        }
        return best.equals(WHITE_SPACE) && !line.strip().contains(" ") ? "," : best;
    }

    private BufferedReader reader() throws IOException {
        var reader = new BufferedReader(new BoundedLines(new InputStreamReader(open(), charset), file));
        reader.mark(1);
        if (reader.read() != '\uFEFF') {
            reader.reset();
        }
        return reader;
    }

    private InputStream open() throws IOException {
        return Files.newInputStream(file);
    }

    private Charset charset() throws IOException {
        for (var candidate : List.of(StandardCharsets.UTF_8, Charset.forName("GB18030"))) {
            var strict = candidate
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT);
            try (var reader = new InputStreamReader(open(), strict)) {
                var buffer = new char[64 * 1024];
                while (reader.read(buffer) >= 0) {
                    // Only whether it can be read.
                }
                return candidate;
            } catch (CharacterCodingException _) {
                // The next may fit.
            }
        }
        throw Refused.because("statistics.evaluate.notUtf8", file.toString());
    }

    /** Refuses a line that is longer than any row of a table. */
    private static final class BoundedLines extends FilterReader {

        private final Path file;
        private long line = 1;
        private int length;

        BoundedLines(Reader reader, Path file) {
            super(reader);
            this.file = file;
        }

        @Override
        public int read() throws IOException {
            int read = super.read();
            if (read >= 0) {
                count((char) read);
            }
            return read;
        }

        @Override
        public int read(char[] buffer, int from, int size) throws IOException {
            int read = super.read(buffer, from, size);
            for (int i = from; i < from + read; i++) {
                count(buffer[i]);
            }
            return read;
        }

        private void count(char c) {
            if (c == '\n' || c == '\r') {
                line += c == '\n' ? 1 : 0;
                length = 0;
            } else if (++length > LONGEST_LINE) {
                throw Refused.because("statistics.evaluate.longLine", file.toString(), line, LONGEST_LINE);
            }
        }
    }

    /** The name of the file, without the folder it is in. */
    String name() {
        @Nullable Path last = file.getFileName();
        return last == null ? file.toString() : last.toString();
    }

    Path file() {
        return file;
    }
}
