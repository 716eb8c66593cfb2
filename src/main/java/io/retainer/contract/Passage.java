package io.retainer.contract;

/**
 * Words of the text, as found and as cleaned.
 *
 * @param original untouched, with whatever the file had between the words
 * @param text simplified, pinyin and page furniture removed, digits and punctuation in one width
 * @param start where it begins in the cleaned text
 * @param reconstructed whether a damaged spot inside was put right from the register (clauses.md §0 S2)
 */
public record Passage(String original, String text, int start, boolean reconstructed) {

    public int end() {
        return start + text.length();
    }
}
