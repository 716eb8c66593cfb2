package io.retainer.vault;

import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;

/** What a piece of personal data is: decides how it is masked, and what counts as the same value. */
public enum PersonalKind {
    NAME,
    PHONE,
    EMAIL,
    ID_NUMBER,
    ADDRESS,
    WECHAT,
    /** Anything else people wrote: a remark, a reason. Masked completely. */
    TEXT;

    private static final String STARS = "****";
    private static final int AREA_WITHIN = 16;
    private static final Pattern BLANKS = Pattern.compile("\\s+");
    private static final Pattern WORD_REST = Pattern.compile("(?<=\\p{L})[\\p{L}\\p{M}'’.-]+");

    /** Enough to recognise what one knows already, too little to learn what one does not. */
    public String mask(String plain) {
        var text = plain.strip();
        if (text.isEmpty()) {
            return "";
        }
        return switch (this) {
            case NAME -> maskedName(text);
            case PHONE -> maskedPhone(text);
            case EMAIL -> maskedEmail(text);
            case ID_NUMBER -> length(text) >= 15 ? ends(text, 3, 4) : ends(text, 0, 2);
            case ADDRESS -> maskedAddress(text);
            case WECHAT -> length(text) >= 6 ? ends(text, 2, 1) : ends(text, 1, 0);
            case TEXT -> STARS;
        };
    }

    /**
     * The form in which two values are compared by a blind index. Doing it again changes nothing. A number of mainland
     * China is the same with and without its country code.
     */
    String comparable(String plain) {
        // Without blanks and as it is already: most numbers and addresses are.
        boolean ascii = isPrintable(plain);
        var text = ascii || isIdeographs(plain)
                ? plain
                : Normalizer.normalize(plain, Normalizer.Form.NFKC).strip();
        return switch (this) {
            case PHONE -> {
                var digits = digits(text);
                while (digits.startsWith("00")) {
                    digits = digits.substring(2);
                }
                yield digits.length() == 13 && digits.startsWith("861") ? digits.substring(2) : digits;
            }
            case ID_NUMBER -> (ascii ? text : BLANKS.matcher(text).replaceAll("")).toUpperCase(Locale.ROOT);
            case EMAIL, WECHAT -> (ascii ? text : BLANKS.matcher(text).replaceAll("")).toLowerCase(Locale.ROOT);
            case NAME, ADDRESS, TEXT ->
                (hasBlank(text) ? BLANKS.matcher(text).replaceAll(" ") : text).toLowerCase(Locale.ROOT);
        };
    }

    private static boolean isPrintable(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c >= 0x7F) {
                return false;
            }
        }
        return true;
    }

    /** Of everyday, of which none has another form. */
    private static boolean isIdeographs(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x4E00 || c > 0x9FA5) {
                return false;
            }
        }
        return true;
    }

    private static boolean hasBlank(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == ' ' || (c >= '\t' && c <= '\r')) {
                return true;
            }
        }
        return false;
    }

    private static String digits(String text) {
        StringBuilder digits = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean digit = c >= '0' && c <= '9';
            if (!digit && digits == null) {
                digits = new StringBuilder(text.length()).append(text, 0, i);
            } else if (digit && digits != null) {
                digits.append(c);
            }
        }
        return digits == null ? text : digits.toString();
    }

    private static String maskedName(String name) {
        if (Character.UnicodeScript.of(name.codePointAt(0)) == Character.UnicodeScript.HAN) {
            int length = length(name);
            return length == 1 ? "*" : ends(name, 1, length >= 3 ? 1 : 0);
        }
        return WORD_REST.matcher(name).replaceAll("***");
    }

    /** A mainland mobile without its country code, as people here know it. */
    private static String maskedPhone(String given) {
        var phone = given.length() == 14 && given.startsWith("+861") ? given.substring(3) : given;
        return ends(phone, length(phone) >= 11 ? 3 : 0, length(phone) >= 9 ? 4 : 2);
    }

    private static String maskedEmail(String email) {
        int at = email.lastIndexOf('@');
        return at < 1 ? STARS : email.substring(0, email.offsetByCodePoints(0, 1)) + "***" + email.substring(at);
    }

    /** Down to the district; the street and whatever follows stay hidden. */
    private static String maskedAddress(String address) {
        int keep = 0;
        for (int i = 0; i < Math.min(address.length(), AREA_WITHIN); i++) {
            if ("省市区县旗州盟".indexOf(address.charAt(i)) >= 0) {
                keep = i + 1;
            }
        }
        if (keep > 0) {
            return address.substring(0, keep) + STARS;
        }
        int comma = address.lastIndexOf(',');
        return comma > 0 ? STARS + address.substring(comma) : STARS;
    }

    private static String ends(String text, int first, int last) {
        int length = length(text);
        if (length <= first + last) {
            return "*".repeat(length);
        }
        return text.substring(0, text.offsetByCodePoints(0, first))
                + "*".repeat(Math.min(length - first - last, 8))
                + text.substring(text.offsetByCodePoints(text.length(), -last));
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }
}
