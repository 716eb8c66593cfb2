package io.retainer.complaint;

import java.text.Normalizer;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

/**
 * The parts of a text under which it is found: pairs of neighbouring characters for Chinese, words for the rest. A search
 * asks for texts that have all parts of what was typed.
 */
final class TextParts {

    private static final int MOST = 1500;
    private static final int SHORTEST_WORD = 2;
    private static final int LONGEST_WORD = 32;

    private TextParts() {}

    static Set<String> of(String text) {
        var parts = new LinkedHashSet<String>();
        var word = new StringBuilder();
        int before = 0;
        var plain = Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
        for (int at = 0; at < plain.length() && parts.size() < MOST; ) {
            int character = plain.codePointAt(at);
            at += Character.charCount(character);
            if (Character.isIdeographic(character)) {
                end(word, parts);
                if (before != 0) {
                    parts.add(Character.toString(before) + Character.toString(character));
                }
                before = character;
            } else {
                before = 0;
                if (Character.isLetterOrDigit(character)) {
                    word.appendCodePoint(character);
                } else {
                    end(word, parts);
                }
            }
        }
        end(word, parts);
        return parts;
    }

    private static void end(StringBuilder word, Set<String> parts) {
        if (word.length() >= SHORTEST_WORD) {
            parts.add(word.substring(0, Math.min(word.length(), LONGEST_WORD)));
        }
        word.setLength(0);
    }
}
