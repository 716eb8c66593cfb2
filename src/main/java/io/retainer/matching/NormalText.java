package io.retainer.matching;

import com.ibm.icu.text.Normalizer2;

/**
 * Text as it is compared: compatibility forms and full width folded, lower case, simplified characters, accents and
 * punctuation gone, words parted by one space. Doing it twice changes nothing.
 */
public final class NormalText {

    private static final Normalizer2 FOLD = Normalizer2.getNFKCCasefoldInstance();
    private static final Normalizer2 DECOMPOSE = Normalizer2.getNFDInstance();
    private static final Normalizer2 COMPOSE = Normalizer2.getNFCInstance();

    /** Ideographs no form of Unicode replaces. */
    private static final char FIRST_PLAIN = '\u4E00';

    private static final char LAST_PLAIN = '\u9FA5';

    private NormalText() {}

    public static String of(String raw) {
        return words(isFolded(raw) ? raw : folded(raw));
    }

    /** Without spaces. */
    static String tight(String normal) {
        return normal.indexOf(' ') < 0 ? normal : normal.replace(" ", "");
    }

    /** ASCII and simplified characters of everyday: but for upper case, folding would change nothing. */
    private static boolean isFolded(String text) {
        boolean ascii = true;
        boolean control = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c > 127) {
                ascii = false;
                if (c < FIRST_PLAIN || c > LAST_PLAIN || HanScript.simplified(c) != c) {
                    return false;
                }
            } else {
                control |= c < ' ' || c == 127;
            }
        }
        return ascii || !control;
    }

    /** Keeps punctuation, folds everything else: for e-mails, dates and numbers. */
    static String folded(String raw) {
        var parts = DECOMPOSE.normalize(FOLD.normalize(raw));
        var out = new StringBuilder(parts.length());
        for (int i = 0; i < parts.length(); i++) {
            char c = parts.charAt(i);
            int type = Character.getType(c);
            if (type != Character.NON_SPACING_MARK && type != Character.FORMAT && type != Character.CONTROL) {
                out.append(HanScript.simplified(c));
            } else if (type == Character.CONTROL) {
                out.append(' ');
            }
        }
        // Folding what is left again makes the whole idempotent.
        return COMPOSE.normalize(FOLD.normalize(out));
    }

    private static String words(String folded) {
        var out = new StringBuilder(folded.length());
        boolean gap = false;
        for (int i = 0; i < folded.length(); i++) {
            char c = folded.charAt(i);
            if (c == '\'' || c == '’') {
                continue; // o'brien, kersey'
            }
            if (Character.isLetterOrDigit(c) || Character.isSurrogate(c)) {
                if (gap && !out.isEmpty()) {
                    out.append(' ');
                }
                out.append(Character.toLowerCase(c));
                gap = false;
            } else {
                gap = true;
            }
        }
        return out.toString();
    }
}
