package io.retainer.statistics.evaluate;

import io.retainer.kernel.Refused;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which column of a file means what, as {@code key = column} lines: a column by its name in the header, or by its place
 * as {@code #2}. Also how the file is written: {@code delimiter}, {@code header}, {@code date.format}.
 */
final class Mapping {

    static final String DELIMITER = "delimiter";
    static final String HEADER = "header";
    static final String DATE_FORMAT = "date.format";
    static final String QUOTES = "quotes";
    private static final Set<String> FORM = Set.of(DELIMITER, HEADER, DATE_FORMAT, QUOTES);

    private static final Set<String> NO = Set.of("none", "no", "false");

    private final Properties entries;

    private Mapping(Properties entries) {
        this.entries = entries;
    }

    /** @param columns what may be mapped */
    static Mapping read(@Nullable Path file, Set<String> columns) throws IOException {
        var entries = new Properties();
        if (file != null) {
            try (var text = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
                entries.load(text);
            } catch (IllegalArgumentException malformed) {
                throw Refused.because("statistics.evaluate.malformed", file.toString(), malformed.getMessage());
            }
        }
        var known = new TreeSet<>(columns);
        known.addAll(FORM);
        for (var key : entries.stringPropertyNames()) {
            if (!known.contains(key)) {
                throw Refused.because(
                        "statistics.evaluate.badKey", String.valueOf(file), key, String.join(", ", known));
            }
        }
        return new Mapping(entries);
    }

    @Nullable
    String get(String key) {
        var value = entries.getProperty(key);
        return value == null || value.isBlank() ? null : value.strip();
    }

    /** Whether a cell may stand in quotes; where it may not, a quote is a letter like others. */
    boolean hasQuotes() {
        return !NO.contains(entries.getProperty(QUOTES, "yes").strip());
    }

    boolean hasHeader() {
        return !NO.contains(entries.getProperty(HEADER, "yes").strip());
    }
}
