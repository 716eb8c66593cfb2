package io.retainer.matching;

import com.ibm.icu.text.Transliterator;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Chinese characters one by one: traditional to simplified, and how they sound. ICU is asked once per character, the first
 * time it is met; two threads that meet it together find the same.
 */
final class HanScript {

    private static final int FIRST = 0x3400;
    private static final int LAST = 0x9FFF;
    private static final char[] SIMPLIFIED = new char[LAST - FIRST + 1];
    private static final AtomicReferenceArray<String> SOUNDS = new AtomicReferenceArray<>(LAST - FIRST + 1);
    private static final Transliterator SIMPLIFY = Transliterator.getInstance("Traditional-Simplified");
    private static final Transliterator SOUND = Transliterator.getInstance("Han-Latin; NFD; [:Mn:] Remove; NFC");

    private HanScript() {}

    static boolean isHan(char c) {
        return c >= FIRST && c <= LAST;
    }

    static boolean isHan(String text) {
        // Rare characters of names lie beyond the plane that a char can hold.
        return !text.isEmpty()
                && text.codePoints()
                        .allMatch(c -> c < Character.MIN_SUPPLEMENTARY_CODE_POINT
                                ? isHan((char) c)
                                : Character.isIdeographic(c));
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
        if (!isHan(c)) {
            return c;
        }
        char known = SIMPLIFIED[c - FIRST];
        if (known == 0) {
            // A few mappings go round in a circle (乾→干); twice keeps the result stable.
            var twice = SIMPLIFY.transliterate(SIMPLIFY.transliterate(String.valueOf(c)));
            known = twice.length() == 1 ? twice.charAt(0) : c;
            SIMPLIFIED[c - FIRST] = known;
        }
        return known;
    }

    /** Pinyin without tones in lower case; the character itself when its sound is not known. */
    static String sound(char c) {
        if (!isHan(c)) {
            return String.valueOf(c);
        }
        var known = SOUNDS.get(c - FIRST);
        if (known == null) {
            known = SOUND.transliterate(String.valueOf(c)).strip().toLowerCase(Locale.ROOT);
            SOUNDS.set(c - FIRST, known);
        }
        return known;
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
