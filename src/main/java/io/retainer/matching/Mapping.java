package io.retainer.matching;

import io.retainer.kernel.Refused;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * The mapping file of {@code evaluate identity}: lines of {@code key = value}, described in docs/evaluate.md. All of it may be
 * missing; what it does not say is guessed from the content.
 */
record Mapping(Map<String, String> entries) {

    private static final Set<String> KEYS = Set.of(
            "id",
            "links",
            "region",
            "truth.id",
            "truth.cluster",
            "truth.pattern",
            "truth.left",
            "truth.right",
            "truth.label",
            "truth.same");
    private static final String COLUMN = "column.";
    private static final String RENAME = "rename.";

    static Mapping none() {
        return new Mapping(Map.of());
    }

    static Mapping parse(List<String> lines) {
        var entries = new HashMap<String, String>();
        for (var line : lines) {
            var text = line.strip();
            if (text.isEmpty() || text.startsWith("#")) {
                continue;
            }
            int equals = text.indexOf('=');
            var key = equals < 0 ? text : text.substring(0, equals).strip();
            if (equals < 0 || !(KEYS.contains(key) || key.startsWith(COLUMN) || key.startsWith(RENAME))) {
                throw Refused.because("matching.mapping.unknown", text);
            }
            entries.put(key, text.substring(equals + 1).strip());
        }
        return new Mapping(Map.copyOf(entries));
    }

    @Nullable
    String get(String key) {
        return entries.get(key);
    }

    /** The kinds of columns it tells. */
    Map<String, ColumnKind> kinds() {
        var kinds = new HashMap<String, ColumnKind>();
        entries.forEach((key, value) -> {
            if (key.startsWith(COLUMN)) {
                kinds.put(key.substring(COLUMN.length()), kind(key, value));
            }
        });
        return kinds;
    }

    private static ColumnKind kind(String key, String value) {
        try {
            return ColumnKind.valueOf(value.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException _) {
            throw Refused.because("matching.mapping.kind", key, value);
        }
    }

    /** What a column of the second file is called in the first. */
    String renamed(String column) {
        return entries.getOrDefault(RENAME + column, column);
    }

    /** The pattern whose first group names the person in an identifier. */
    @Nullable
    Pattern pattern() {
        var text = get("truth.pattern");
        try {
            var pattern = text == null ? null : Pattern.compile(text);
            if (pattern != null && pattern.matcher("").groupCount() < 1) {
                throw Refused.because("matching.mapping.pattern", text);
            }
            return pattern;
        } catch (PatternSyntaxException _) {
            throw Refused.because("matching.mapping.pattern", text);
        }
    }

    /** Columns that name records or persons and must not be compared. */
    Set<String> labels() {
        var labels = new HashSet<String>();
        for (var key : List.of("id", "truth.cluster")) {
            var column = get(key);
            if (column != null) {
                labels.add(column);
            }
        }
        return labels;
    }

    Links links() {
        var told = get("links");
        return switch (told == null ? "" : told) {
            case "" -> Links.AS_FOUND;
            case "one" -> Links.ONE;
            case "many" -> Links.MANY;
            default -> throw Refused.because("matching.mapping.links", told);
        };
    }

    PhoneNumbers phones() {
        var region = get("region");
        return region == null ? PhoneNumbers.mainland() : PhoneNumbers.in(region);
    }
}
