package io.retainer.customer;

import com.ibm.icu.text.Transliterator;
import io.retainer.matching.Simplified;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a name under which it is found: pairs of characters, the surname, whole pinyin and initials for Chinese;
 * words and their beginnings for Western names. Traditional characters count as the simplified ones. A search asks for names that have all parts of what was typed.
 */
final class NameParts {

    private static final int MOST = 32;
    private static final int SHORTEST_BEGINNING = 2;
    private static final int LONGEST_BEGINNING = 8;
    private static final int FIRST_HAN = 0x3400;
    private static final int LAST_HAN = 0x9FFF;
    /** Surnames that are read otherwise than the same character elsewhere. */
    private static final Map<Integer, String> SURNAMES = Map.ofEntries(
            Map.entry((int) '单', "shan"),
            Map.entry((int) '曾', "zeng"),
            Map.entry((int) '仇', "qiu"),
            Map.entry((int) '解', "xie"),
            Map.entry((int) '区', "ou"),
            Map.entry((int) '查', "zha"),
            Map.entry((int) '盖', "ge"),
            Map.entry((int) '朴', "piao"),
            Map.entry((int) '任', "ren"),
            Map.entry((int) '乐', "yue"),
            Map.entry((int) '尉', "wei"),
            Map.entry((int) '洗', "xian"),
            Map.entry((int) '冼', "xian"),
            Map.entry((int) '华', "hua"),
            Map.entry((int) '宁', "ning"),
            Map.entry((int) '缪', "miao"),
            Map.entry((int) '翟', "zhai"),
            Map.entry((int) '覃', "qin"),
            Map.entry((int) '召', "shao"));

    /** Surnames of two characters, which are typed alone as others are. */
    private static final Map<String, String> DOUBLE = Map.ofEntries(
            Map.entry("欧阳", "ouyang"),
            Map.entry("司马", "sima"),
            Map.entry("上官", "shangguan"),
            Map.entry("诸葛", "zhuge"),
            Map.entry("司徒", "situ"),
            Map.entry("东方", "dongfang"),
            Map.entry("独孤", "dugu"),
            Map.entry("南宫", "nangong"),
            Map.entry("夏侯", "xiahou"),
            Map.entry("尉迟", "yuchi"),
            Map.entry("皇甫", "huangfu"),
            Map.entry("公孙", "gongsun"),
            Map.entry("慕容", "murong"),
            Map.entry("令狐", "linghu"),
            Map.entry("长孙", "zhangsun"),
            Map.entry("宇文", "yuwen"),
            Map.entry("轩辕", "xuanyuan"),
            Map.entry("端木", "duanmu"),
            Map.entry("呼延", "huyan"));

    private static final Pattern MARKS = Pattern.compile("\\p{M}");
    private static final Pattern APOSTROPHES = Pattern.compile("(?<=\\p{L})['’ʼ`´](?=\\p{L})");
    /** 吕 and 女 are typed with a v for want of an ü. */
    private static final Pattern V_FOR_U = Pattern.compile("(?<=[ln])v");

    private static final Transliterator LATIN = Transliterator.getInstance("Han-Latin; Latin-ASCII; Lower");
    private static final AtomicReferenceArray<String> KNOWN = new AtomicReferenceArray<>(LAST_HAN - FIRST_HAN + 1);

    private NameParts() {}

    /** Under what a stored name is found. */
    static Set<String> of(String name) {
        var parts = new LinkedHashSet<String>();
        for (var word : words(name, true)) {
            if (han(word.codePointAt(0))) {
                chinese(word, parts);
            } else {
                western(word, parts);
                var bare = bare(word);
                if (!bare.equals(word)) {
                    western(bare, parts);
                }
            }
            if (parts.size() > MOST) {
                break;
            }
        }
        if (APOSTROPHES.matcher(name).find()) {
            words(APOSTROPHES.matcher(name).replaceAll(""), true).forEach(word -> parts.add(bare(word)));
        }
        return parts.size() <= MOST
                ? parts
                : new LinkedHashSet<>(List.copyOf(parts).subList(0, MOST));
    }

    private static void western(String word, Set<String> parts) {
        parts.add(word);
        for (int end = SHORTEST_BEGINNING; end < Math.min(word.length(), LONGEST_BEGINNING); end++) {
            parts.add(word.substring(0, end));
        }
    }

    /** Without accents. */
    private static String bare(String word) {
        return isAscii(word)
                ? word
                : MARKS.matcher(Normalizer.normalize(word, Normalizer.Form.NFD)).replaceAll("");
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0x7F) {
                return false;
            }
        }
        return true;
    }

    /** What a name must have all of to be meant by this search; empty when nothing can be searched for. */
    static Set<String> wanted(String typed) {
        return wanted(words(typed, true));
    }

    /** As {@link #wanted}, in the characters that were typed, as names were stored once. */
    private static Set<String> wantedAsTyped(String typed) {
        return wanted(words(typed, false));
    }

    /**
     * What else may have been meant, to be asked for when {@link #wanted} finds nothing: in the characters that were typed,
     * as names were stored once; pinyin in several words, or the given name first; without accents and apostrophes.
     */
    static List<Set<String>> otherwise(String typed) {
        var others = new LinkedHashSet<Set<String>>();
        others.add(wantedAsTyped(typed));
        var words = words(APOSTROPHES.matcher(typed).replaceAll(""), true).stream()
                .map(word -> V_FOR_U.matcher(bare(word)).replaceAll("u"))
                .toList();
        others.add(wanted(words));
        if (!words.isEmpty() && words.stream().allMatch(NameParts::isAscii)) {
            others.add(Set.of(String.join("", words)));
            others.add(Set.of(words.getLast() + String.join("", words.subList(0, words.size() - 1))));
        }
        others.remove(wanted(typed));
        others.remove(Set.of());
        return List.copyOf(others);
    }

    private static Set<String> wanted(List<String> words) {
        var parts = new LinkedHashSet<String>();
        for (var word : words) {
            if (han(word.codePointAt(0))) {
                var characters = characters(word);
                if (characters.length == 1) {
                    parts.add(word);
                }
                for (int i = 0; i + 1 < characters.length; i++) {
                    parts.add(new String(characters, i, 2));
                }
            } else {
                parts.add(word);
            }
        }
        return parts;
    }

    private static void chinese(String word, Set<String> parts) {
        var characters = characters(word);
        parts.add(new String(characters, 0, 1));
        for (int i = 0; i + 1 < characters.length; i++) {
            parts.add(new String(characters, i, 2));
        }
        var surname = characters.length < 3 ? null : DOUBLE.get(new String(characters, 0, 2));
        if (surname != null) {
            parts.add(surname);
        }
        var whole = new StringBuilder();
        var initials = new StringBuilder();
        for (int i = 0; i < Math.min(characters.length, LONGEST_BEGINNING); i++) {
            var sound = i == 0 ? SURNAMES.getOrDefault(characters[i], sound(characters[i])) : sound(characters[i]);
            if (sound == null || sound.isEmpty()) {
                return;
            }
            whole.append(sound);
            initials.append(sound.charAt(0));
            if (i > 0) {
                parts.add(initials.toString());
            }
            if (i == 0 || i == characters.length - 1) {
                parts.add(whole.toString());
            }
        }
    }

    private static int[] characters(String word) {
        int length = word.length();
        var characters = new int[length];
        for (int i = 0; i < length; i++) {
            characters[i] = word.charAt(i);
            if (Character.isSurrogate(word.charAt(i))) {
                return word.codePoints().toArray();
            }
        }
        return characters;
    }

    private static @Nullable String sound(int character) {
        if (character < FIRST_HAN || character > LAST_HAN) {
            return null;
        }
        var known = KNOWN.get(character - FIRST_HAN);
        if (known == null) {
            known = LATIN.transliterate(Character.toString(character)).strip();
            known = known.chars().allMatch(c -> c >= 'a' && c <= 'z') ? known : "";
            KNOWN.set(character - FIRST_HAN, known);
        }
        return known;
    }

    /** Runs of Chinese characters, and runs of other letters and digits, in lower case and half width. */
    private static List<String> words(String text, boolean simplify) {
        var plain = Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
        var words = new ArrayList<String>();
        var word = new StringBuilder();
        boolean inHan = false;
        for (int i = 0; i < plain.length(); ) {
            int c = plain.codePointAt(i);
            i += Character.charCount(c);
            boolean letter = Character.isLetterOrDigit(c);
            boolean isHan = letter && han(c);
            if (!letter || isHan != inHan) {
                if (!word.isEmpty()) {
                    words.add(word.toString());
                    word.setLength(0);
                }
                inHan = isHan;
            }
            if (letter) {
                word.appendCodePoint(isHan && simplify ? Simplified.of(c) : c);
            }
        }
        if (!word.isEmpty()) {
            words.add(word.toString());
        }
        return words;
    }

    private static boolean han(int c) {
        return Character.UnicodeScript.of(c) == Character.UnicodeScript.HAN;
    }
}
