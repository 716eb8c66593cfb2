package io.retainer.matching;

import com.ibm.icu.text.Transliterator;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Chinese characters one by one: traditional to simplified, and how they sound. ICU is asked once per character. */
final class HanScript {

    private static final int FIRST = 0x3400;
    private static final int LAST = 0x9FFF;
    private static final char[] SIMPLIFIED = new char[LAST - FIRST + 1];
    private static final @Nullable String[] SOUNDS = new @Nullable String[LAST - FIRST + 1];

    static {
        var simplify = Transliterator.getInstance("Traditional-Simplified");
        var sound = Transliterator.getInstance("Han-Latin; NFD; [:Mn:] Remove; NFC");
        for (int i = 0; i < SIMPLIFIED.length; i++) {
            var own = String.valueOf((char) (FIRST + i));
            var simple = simplify.transliterate(own);
            // A few mappings go round in a circle (乾→干); twice keeps the result stable.
            var twice = simplify.transliterate(simple);
            SIMPLIFIED[i] = twice.length() == 1 ? twice.charAt(0) : own.charAt(0);
            var latin = sound.transliterate(own).strip().toLowerCase(Locale.ROOT);
            SOUNDS[i] = latin.equals(own) ? null : latin;
        }
    }

    private HanScript() {}

    static boolean isHan(char c) {
        return c >= FIRST && c <= LAST;
    }

    static boolean isHan(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isHan(text.charAt(i))) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    static boolean hasHan(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (isHan(text.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    static char simplified(char c) {
        return isHan(c) ? SIMPLIFIED[c - FIRST] : c;
    }

    /** Pinyin without tones in lower case; the character itself when its sound is not known. */
    static String sound(char c) {
        var sound = isHan(c) ? SOUNDS[c - FIRST] : null;
        return sound == null ? String.valueOf(c) : sound;
    }

    /** The pinyin of every character run together; characters of other scripts stay. */
    static String sound(String text) {
        var out = new StringBuilder(text.length() * 4);
        for (int i = 0; i < text.length(); i++) {
            out.append(sound(text.charAt(i)));
        }
        return out.toString();
    }
}
