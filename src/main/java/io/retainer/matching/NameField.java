package io.retainer.matching;

import io.retainer.matching.Records.Column;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/** Names of people, companies and places: spelling, sound, nicknames, initials, order of words. */
final class NameField extends Field {

    private static final double CLOSE = 0.92;
    private static final double SIMILAR = 0.82;

    private final String[] tight;
    private final String[] sounds;

    NameField(Column column) {
        super(column, raw -> PersonName.withoutTitles(NormalText.of(raw)));
        int size = terms().size();
        this.tight = new String[size];
        this.sounds = new String[size];
        for (int t = 0; t < size; t++) {
            tight[t] = NormalText.tight(text(t));
            sounds[t] = Sound.of(tight[t]);
        }
    }

    @Override
    Grade compare(int a, int b) {
        return compare(text(a), tight[a], sounds[a], text(b), tight[b], sounds[b]);
    }

    @Override
    boolean swapsWith(Field other) {
        return other instanceof NameField;
    }

    @Override
    Grade compareAcross(int own, Field other, int others) {
        if (!(other instanceof NameField names)) {
            return Grade.DIFFERENT;
        }
        if (tight[own].equals(names.tight[others])) {
            return Grade.SAME;
        }
        return compare(
                text(own), tight[own], sounds[own], names.text(others), names.tight[others], names.sounds[others]);
    }

    private static Grade compare(String a, String tightA, String soundA, String b, String tightB, String soundB) {
        if (tightA.equals(tightB)) {
            return Grade.NEARLY;
        }
        boolean hanA = HanScript.hasHan(tightA);
        boolean hanB = HanScript.hasHan(tightB);
        if (hanA && hanB) {
            return han(tightA, soundA, tightB, soundB);
        }
        if (hanA || hanB) {
            return acrossScripts(soundA, a, soundB, b);
        }
        return latin(a, tightA, soundA, b, tightB, soundB);
    }

    private static Grade han(String a, String soundA, String b, String soundB) {
        int shorter = Math.min(a.length(), b.length());
        if (soundA.equals(soundB)) {
            return Grade.NEARLY;
        }
        if (shorter >= 3 && Similarity.within(1, a, b)) {
            return shorter >= 5 ? Grade.NEARLY : Grade.CLOSE;
        }
        if (shorter >= 5 && (a.contains(b) || b.contains(a) || Similarity.within(2, a, b))) {
            return Grade.CLOSE;
        }
        if (shorter >= 2 && (a.contains(b) || b.contains(a) || Similarity.within(1, soundA, soundB))) {
            return Grade.CLOSE;
        }
        return a.charAt(0) == b.charAt(0) || Similarity.within(1, a, b) ? Grade.SIMILAR : Grade.DIFFERENT;
    }

    /** 张伟 against Zhang Wei or Wei Zhang. */
    private static Grade acrossScripts(String soundA, String a, String soundB, String b) {
        var one = HanScript.hasHan(a) ? soundA : NormalText.tight(a);
        var other = HanScript.hasHan(b) ? soundB : NormalText.tight(b);
        if (one.equals(other)) {
            return Grade.NEARLY;
        }
        var latin = HanScript.hasHan(a) ? b : a;
        var turned = NormalText.tight(turned(latin));
        return turned.equals(HanScript.hasHan(a) ? one : other) ? Grade.NEARLY : Grade.DIFFERENT;
    }

    private static String turned(String words) {
        int last = words.lastIndexOf(' ');
        return last < 0 ? words : words.substring(last + 1) + " " + words.substring(0, last);
    }

    private static Grade latin(String a, String tightA, String soundA, String b, String tightB, String soundB) {
        int shorter = Math.min(tightA.length(), tightB.length());
        if ((shorter >= 3 && Similarity.within(1, tightA, tightB)) || sameWords(a, b)) {
            return Grade.NEARLY;
        }
        double likeness = Similarity.jaroWinkler(tightA, tightB);
        if (likeness >= CLOSE
                || (shorter >= 7 && Similarity.within(2, tightA, tightB))
                || Nicknames.related(tightA, tightB)
                || wordsWithin(a, b)) {
            return Grade.CLOSE;
        }
        boolean initial = shorter == 1 && tightA.charAt(0) == tightB.charAt(0);
        return likeness >= SIMILAR || initial || soundA.equals(soundB) ? Grade.SIMILAR : Grade.DIFFERENT;
    }

    private static boolean sameWords(String a, String b) {
        if (a.length() != b.length() || a.indexOf(' ') < 0) {
            return false;
        }
        var one = a.split(" ");
        var other = b.split(" ");
        Arrays.sort(one);
        Arrays.sort(other);
        return Arrays.equals(one, other);
    }

    /** Every word of the shorter stands in the longer, as itself, or as its initial. */
    private static boolean wordsWithin(String a, String b) {
        if (a.indexOf(' ') < 0 && b.indexOf(' ') < 0) {
            return false;
        }
        var few = a.length() < b.length() ? a.split(" ") : b.split(" ");
        var many = a.length() < b.length() ? b.split(" ") : a.split(" ");
        boolean whole = false;
        for (var word : few) {
            boolean found = false;
            for (var other : many) {
                if (other.equals(word) || (word.length() == 1 && other.charAt(0) == word.charAt(0))) {
                    found = true;
                    whole |= word.length() > 2;
                }
            }
            if (!found) {
                return false;
            }
        }
        return whole;
    }

    @Override
    List<UnaryOperator<String>> blurs() {
        return List.of(
                UnaryOperator.identity(),
                text -> Sound.of(NormalText.tight(text)),
                text -> head(HanScript.sound(NormalText.tight(text)), 3));
    }
}
