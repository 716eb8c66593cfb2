package io.retainer.contract;

import io.retainer.kernel.Party;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A term of one contract: its value, where that came from, and who confirmed it.
 *
 * @param value null while blank or unread
 * @param passage the words of the text it was read from, or null when it was not
 */
public record TermEntry(
        TermKey key,
        Reading reading,
        @Nullable TermValue value,
        TermSource source,
        @Nullable Passage passage,
        Set<Party> confirmedBy) {

    /** How far the value is known. */
    public enum Reading {
        KNOWN,
        /** The place is there and empty, or the text has no such place. */
        BLANK,
        /** Something stands there that was not understood; never guessed. */
        UNREAD
    }

    public TermEntry {
        confirmedBy = Set.copyOf(confirmedBy);
        if ((reading == Reading.KNOWN) != (value != null)) {
            throw new IllegalArgumentException("A value is there just when it is known: " + key);
        }
    }

    static TermEntry known(TermKey key, TermValue value, TermSource source, @Nullable Passage passage) {
        return new TermEntry(key, Reading.KNOWN, value, source, passage, Set.of());
    }

    static TermEntry blank(TermKey key, @Nullable Passage passage) {
        return new TermEntry(key, Reading.BLANK, null, TermSource.MAIN_TEXT, passage, Set.of());
    }

    static TermEntry unread(TermKey key, Passage passage) {
        return new TermEntry(key, Reading.UNREAD, null, TermSource.MAIN_TEXT, passage, Set.of());
    }

    /** What the platform offers where the text is silent. */
    static TermEntry offered(TermKey key, String proposal) {
        return known(key, TermValue.parse(key, proposal), TermSource.PLATFORM_DEFAULT, null);
    }

    TermEntry confirmed(Party party) {
        var parties = EnumSet.of(party);
        parties.addAll(confirmedBy);
        return new TermEntry(key, reading, value, source, passage, parties);
    }

    /**
     * Whether the value binds once both have signed: it stands in the text they sign, or both confirmed it. A value
     * for a gap of the text, default or not, needs both confirmations.
     */
    public boolean binds() {
        return value != null
                && switch (source) {
                    case MAIN_TEXT, ANNEX, AMENDMENT -> true;
                    case ENTERED -> key.isBlankOfText() || key == TermKey.SIGN_PLACE || confirmedByBoth();
                    case PLATFORM_DEFAULT -> confirmedByBoth();
                };
    }

    public boolean confirmedByBoth() {
        return confirmedBy.contains(Party.CLIENT) && confirmedBy.contains(Party.PROVIDER);
    }
}
