package io.retainer.evidence;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * RFC 8785 for what a ledger entry may hold: objects, lists, strings, booleans, null and whole numbers that a double
 * holds exactly. One value has one text, so its hash can be recomputed by anybody.
 */
final class CanonicalJson {

    /** 2^53 − 1. RFC 8785 numbers are doubles; past this, two different amounts would look the same. */
    static final long LARGEST = (1L << 53) - 1;

    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private CanonicalJson() {}

    /** @throws IllegalArgumentException for anything that has no exact form, such as a fraction */
    static String text(Map<String, ?> object) {
        var text = new StringBuilder(400);
        write(object, text);
        return text.toString();
    }

    private static void write(@Nullable Object value, StringBuilder out) {
        switch (value) {
            case null -> out.append("null");
            case Map<?, ?> object -> writeObject(object, out);
            case List<?> list -> writeList(list, out);
            case String text -> writeString(text, out);
            case Boolean bool -> out.append(bool);
            case Integer number -> out.append(number);
            case Long number -> out.append(exact(number));
            case Object other ->
                throw new IllegalArgumentException("A ledger entry cannot hold " + other.getClass() + " " + other);
        }
    }

    private static long exact(long number) {
        if (number > LARGEST || number < -LARGEST) {
            throw new IllegalArgumentException("A number beyond ±(2^53 − 1) has no exact form: " + number);
        }
        return number;
    }

    private static void writeObject(Map<?, ?> object, StringBuilder out) {
        out.append('{');
        var separator = "";
        // Strings compare by UTF-16 code units, which is the order RFC 8785 asks for.
        for (var member : new TreeMap<>(object).entrySet()) {
            out.append(separator);
            writeString((String) member.getKey(), out);
            out.append(':');
            write(member.getValue(), out);
            separator = ",";
        }
        out.append('}');
    }

    private static void writeList(List<?> list, StringBuilder out) {
        out.append('[');
        var separator = "";
        for (var item : list) {
            out.append(separator);
            write(item, out);
            separator = ",";
        }
        out.append(']');
    }

    private static void writeString(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\b' -> out.append("\\b");
                case '\t' -> out.append("\\t");
                case '\n' -> out.append("\\n");
                case '\f' -> out.append("\\f");
                case '\r' -> out.append("\\r");
                default -> {
                    if (c < ' ') {
                        out.append("\\u00").append(HEX[c >> 4]).append(HEX[c & 15]);
                    } else if (Character.isSurrogate(c) && !isPaired(text, i)) {
                        throw new IllegalArgumentException("Half a surrogate pair has no UTF-8 form");
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    private static boolean isPaired(String text, int i) {
        return Character.isHighSurrogate(text.charAt(i))
                ? i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))
                : i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
    }
}
