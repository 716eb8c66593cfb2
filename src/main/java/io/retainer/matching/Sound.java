package io.retainer.matching;

/**
 * A key under which words that sound alike come together: pinyin for Chinese, the first letter and the skeleton of consonant
 * classes for Latin letters.
 */
final class Sound {

    private static final String CONSONANTS = "0123012002245501262301w202";

    private static final int LONGEST = 6;

    private Sound() {}

    static String of(String tight) {
        return HanScript.hasHan(tight) ? HanScript.sound(tight) : skeleton(tight);
    }

    private static String skeleton(String word) {
        var out = new StringBuilder(LONGEST);
        char before = 0;
        for (int i = 0; i < word.length() && out.length() < LONGEST; i++) {
            char c = word.charAt(i);
            char kind = c >= 'a' && c <= 'z' ? CONSONANTS.charAt(c - 'a') : c;
            if (out.isEmpty()) {
                out.append(c);
            } else if (kind != '0' && kind != 'w' && kind != before) {
                out.append(kind);
            }
            if (kind != 'w') {
                before = kind;
            }
        }
        return out.toString();
    }
}
