package io.retainer.matching;

import java.util.Map;

/**
 * What a caller knows beforehand.
 *
 * @param kinds kinds of columns by name; the others are guessed from their content
 * @param phones how telephone numbers are read
 * @param links with two sources: how many counterparts a record may have
 */
public record Settings(Map<String, ColumnKind> kinds, PhoneNumbers phones, Links links) {

    public Settings {
        kinds = Map.copyOf(kinds);
    }

    /** Nothing known, numbers of mainland China. */
    public static Settings usual() {
        return new Settings(Map.of(), PhoneNumbers.mainland(), Links.AS_FOUND);
    }
}
