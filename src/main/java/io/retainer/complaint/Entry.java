package io.retainer.complaint;

import io.retainer.duty.Cause;
import io.retainer.kernel.Sentence;
import io.retainer.vault.Sealed;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One line of a complaint's time line.
 *
 * @param said what happened, as kept: a message key and arguments after bars
 * @param text what somebody wrote
 * @param internal not for the complainant
 * @param question the question an answer belongs to
 */
record Entry(
        UUID id,
        UUID complaint,
        Kind kind,
        @Nullable String said,
        @Nullable Sealed text,
        boolean internal,
        @Nullable UUID actor,
        List<UUID> mentions,
        @Nullable UUID message,
        @Nullable UUID question,
        Instant happenedAt) {

    /** What a line is. */
    enum Kind {
        /** Something was decided or happened. */
        EVENT,
        /** The complainant wrote. */
        STATEMENT,
        /** The complainant was written to. */
        REPLY,
        /** For those who work on it. */
        NOTE,
        QUESTION,
        ANSWER
    }

    /** @param arguments message keys of this module's enums go by their key, so that they are said in each language */
    static String coded(String key, Object... arguments) {
        var coded = new StringBuilder(key);
        for (var argument : arguments) {
            coded.append('|');
            switch (argument) {
                case Enum<?> constant -> coded.append('@').append(io.retainer.kernel.Texts.key(constant));
                case Instant instant -> coded.append('#').append(instant);
                case UUID person -> coded.append('~').append(person);
                default -> coded.append(argument.toString().replace('|', '/'));
            }
        }
        return coded.toString();
    }

    /** Whose cause stopped the clocks with this line, or null. */
    @Nullable
    Cause pausedFor() {
        if (said == null
                || !(said.startsWith("complaint.said.Paused|") || said.startsWith("complaint.said.PausedUntil|"))) {
            return null;
        }
        var owner = said.split("\\|")[1];
        return Cause.valueOf(owner.substring(owner.lastIndexOf('.') + 1));
    }

    /** Whether the clocks ran again with it. */
    boolean resumes() {
        return said != null && said.startsWith("complaint.said.Resumed|");
    }

    /** In words, or null when nothing is said; people stand in it by their ids. */
    @Nullable
    Sentence words() {
        if (said == null) {
            return null;
        }
        var parts = List.of(said.split("\\|"));
        var arguments = new ArrayList<Object>();
        for (var part : parts.subList(1, parts.size())) {
            arguments.add(
                    switch (part.isEmpty() ? ' ' : part.charAt(0)) {
                        case '@' -> Sentence.of(part.substring(1));
                        case '#' -> Instant.parse(part.substring(1));
                        case '~' -> UUID.fromString(part.substring(1));
                        default -> part;
                    });
        }
        return Sentence.of(parts.getFirst(), arguments.toArray());
    }
}
