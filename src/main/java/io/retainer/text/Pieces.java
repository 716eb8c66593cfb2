package io.retainer.text;

import java.text.Normalizer;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What a text is made of, and how often: of a text with Chinese in it all runs of one to four characters, of any other its
 * words, pairs of neighbouring words, and runs of three to five characters within a word. No segmenter is needed: for
 * telling texts apart it adds nothing measurable.
 */
final class Pieces {

    private static final int LONGEST_TEXT = 20_000;
    private static final int LONGEST_RUN = 4;
    private static final Pattern SPACE = Pattern.compile("\\s+");
    private static final Pattern NO_WORD = Pattern.compile("[^\\p{L}\\p{N}']+");

    private Pieces() {}

    static Map<String, Integer> of(String text) {
        var cut = text.length() > LONGEST_TEXT ? text.substring(0, LONGEST_TEXT) : text;
        var plain = SPACE.matcher(
                        Normalizer.normalize(cut, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT))
                .replaceAll(" ")
                .strip();
        var pieces = new HashMap<String, Integer>();
        if (plain.codePoints().anyMatch(Character::isIdeographic)) {
            runs(plain, 1, LONGEST_RUN, pieces);
        } else {
            var words = NO_WORD.split(plain);
            for (int i = 0; i < words.length; i++) {
                if (!words[i].isEmpty()) {
                    pieces.merge(words[i], 1, Integer::sum);
                    if (i > 0 && !words[i - 1].isEmpty()) {
                        pieces.merge(words[i - 1] + " " + words[i], 1, Integer::sum);
                    }
                    runs("_" + words[i] + "_", 3, LONGEST_RUN + 1, pieces);
                }
            }
        }
        return pieces;
    }

    private static void runs(String text, int shortest, int longest, Map<String, Integer> pieces) {
        for (int length = shortest; length <= longest; length++) {
            for (int at = 0; at + length <= text.length(); at++) {
                pieces.merge(text.substring(at, at + length), 1, Integer::sum);
            }
        }
    }
}
