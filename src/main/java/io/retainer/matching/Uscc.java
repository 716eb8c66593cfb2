package io.retainer.matching;

import java.util.Locale;

/** The unified social credit code (统一社会信用代码) of GB 32100: 18 characters, the last of which checks the others. */
public final class Uscc {

    private static final String ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    private static final int LENGTH = 18;

    private Uscc() {}

    /** Capital letters, half width, without spaces. */
    public static String normalise(String raw) {
        return NormalText.tight(NormalText.of(raw)).toUpperCase(Locale.ROOT);
    }

    /** Whether the check character fits; the code must be normalised. */
    public static boolean valid(String code) {
        if (code.length() != LENGTH) {
            return false;
        }
        int sum = 0;
        int weight = 1;
        for (int i = 0; i < LENGTH - 1; i++) {
            int value = ALPHABET.indexOf(code.charAt(i));
            if (value < 0) {
                return false;
            }
            sum += value * weight;
            weight = weight * 3 % 31;
        }
        return code.charAt(LENGTH - 1) == ALPHABET.charAt((31 - sum % 31) % 31);
    }
}
