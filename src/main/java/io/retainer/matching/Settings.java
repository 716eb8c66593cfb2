package io.retainer.matching;

import java.util.Map;

/**
 * What a caller knows beforehand.
 *
 * @param kinds kinds of columns by name; the others are guessed from their content
 * @param phones how telephone numbers are read
 * @param oneToOne with two sources: a record has at most one counterpart
 */
public record Settings(Map<String, ColumnKind> kinds, PhoneNumbers phones, boolean oneToOne) {

    public Settings {
        kinds = Map.copyOf(kinds);
    }

    /** Nothing known, numbers of mainland China, links one to one. */
    public static Settings usual() {
        return new Settings(Map.of(), PhoneNumbers.mainland(), true);
    }
}
