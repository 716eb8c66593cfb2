package io.retainer.matching;

import io.retainer.kernel.Refused;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.function.Consumer;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * A CSV file with a header: UTF-8, GB18030 or Windows-1252, with or without BOM, parted by comma, tab, semicolon or bar; read as
 * a stream.
 */
record Sheet(Path file, Charset charset, char delimiter, List<String> header) {

    private static final int HEAD = 1 << 16;
    private static final String DELIMITERS = ",\t;|";

    static Sheet open(Path file) {
        if (!Files.isRegularFile(file)) {
            throw Refused.because("matching.file.missing", file.toString());
        }
        try (var in = Files.newInputStream(file)) {
            var head = in.readNBytes(HEAD);
            var charset = charset(file);
            var text = new String(head, charset);
            int end = text.indexOf('\n');
            var first = clean(end < 0 ? text : text.substring(0, end));
            char delimiter = delimiter(first);
            var sheet = new Sheet(file, charset, delimiter, List.of());
            var names = new ArrayList<String>();
            try (var parser = sheet.parser()) {
                var rows = parser.iterator();
                if (rows.hasNext()) {
                    rows.next().forEach(name -> names.add(clean(name).strip()));
                }
            }
            if (names.isEmpty() || new HashSet<>(names).size() < names.size()) {
                throw Refused.because("matching.file.header", file.toString());
            }
            return new Sheet(file, charset, delimiter, List.copyOf(names));
        } catch (IOException | UncheckedIOException unreadable) {
            throw Refused.because("matching.file.unreadable", file.toString(), unreadable.getMessage());
        }
    }

    private static String clean(String text) {
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    private static char delimiter(String header) {
        char best = ',';
        long most = 0;
        for (int i = 0; i < DELIMITERS.length(); i++) {
            char c = DELIMITERS.charAt(i);
            long found = header.chars().filter(other -> other == c).count();
            if (found > most) {
                most = found;
                best = c;
            }
        }
        return best;
    }

    /** All of the file is looked at: the first letter beyond ASCII may stand on its last line. */
    private static Charset charset(Path file) throws IOException {
        var strict = StandardCharsets.UTF_8.newDecoder();
        try (var reader = new InputStreamReader(Files.newInputStream(file), strict)) {
            reader.transferTo(Writer.nullWriter());
            return StandardCharsets.UTF_8;
        } catch (CharacterCodingException _) {
            return inPairs(file) ? Charset.forName("GB18030") : Charset.forName("windows-1252");
        }
    }

    /** Chinese text has its bytes beyond ASCII side by side, Western text one here and one there. */
    private static boolean inPairs(Path file) throws IOException {
        long high = 0;
        long runs = 0;
        try (var in = new BufferedInputStream(Files.newInputStream(file), HEAD)) {
            boolean before = false;
            for (int b = in.read(); b >= 0; b = in.read()) {
                boolean now = b > 127;
                high += now ? 1 : 0;
                runs += now && !before ? 1 : 0;
                before = now;
            }
        }
        return high >= 1.8 * runs;
    }

    private CSVParser parser() throws IOException {
        var format = CSVFormat.RFC4180
                .builder()
                .setDelimiter(delimiter)
                .setIgnoreSurroundingSpaces(true)
                .setIgnoreEmptyLines(true)
                .setTrailingData(true)
                .setLenientEof(true)
                .get();
        return CSVParser.parse(Files.newBufferedReader(file, charset), format);
    }

    /** Hands over every row below the header. */
    void forEach(Consumer<CSVRecord> row) {
        try (var parser = parser()) {
            boolean header = true;
            for (var next : parser) {
                if (!header) {
                    row.accept(next);
                }
                header = false;
            }
        } catch (IOException | UncheckedIOException unreadable) {
            throw Refused.because("matching.file.unreadable", file.toString(), unreadable.getMessage());
        }
    }

    /** The place of a column that must be there. */
    int column(String name) {
        int at = header.indexOf(name);
        if (at < 0) {
            throw Refused.because("matching.file.noColumn", file.toString(), name, String.join(", ", header));
        }
        return at;
    }

    static String cell(CSVRecord row, int column) {
        return column < row.size() ? row.get(column).strip() : "";
    }
}
