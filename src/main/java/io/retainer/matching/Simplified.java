package io.retainer.matching;

/** Traditional characters as the simplified ones they are written as on the mainland, one by one. */
public final class Simplified {

    private Simplified() {}

    /** The simplified form; the character itself when it has none. */
    public static int of(int character) {
        return Character.isBmpCodePoint(character) ? HanScript.simplified((char) character) : character;
    }

    /** The text with every character simplified. */
    public static String of(String text) {
        return text.codePoints()
                .map(Simplified::of)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
