package io.retainer.matching;

import io.retainer.matching.Records.Column;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/** Addresses: the region must not contradict, house numbers count, the rest by shared runs of letters. */
final class AddressField extends Field {

    private static final int RARE = 3;

    private final PostalAddress[] parsed;
    private final String[] numbers;
    private final Words grams;
    private final Words words;

    AddressField(Column column) {
        super(column, raw -> PostalAddress.parse(raw).toString());
        int size = terms().size();
        this.parsed = new PostalAddress[size];
        this.numbers = new String[size];
        var details = new String[size];
        for (int t = 0; t < size; t++) {
            parsed[t] = PostalAddress.parse(text(t));
            details[t] = parsed[t].detail();
            numbers[t] = numbers(details[t]);
        }
        this.grams = Words.of(details, detail -> Words.grams(detail, HanScript.hasHan(detail) ? 2 : 3));
        this.words = Words.of(details, Words::split);
    }

    @Override
    Grade compare(int a, int b) {
        if (!parsed[a].compatible(parsed[b])) {
            return Grade.DIFFERENT;
        }
        var one = parsed[a].detail();
        var other = parsed[b].detail();
        boolean sameNumbers = numbers[a].equals(numbers[b]);
        if ((!one.isEmpty() && one.equals(other))
                || (sameNumbers && Similarity.within(2, NormalText.tight(one), NormalText.tight(other)))) {
            return Grade.NEARLY;
        }
        double likeness = grams.cosine(a, b);
        if (likeness >= (sameNumbers ? 0.5 : 0.75)) {
            return Grade.CLOSE;
        }
        return likeness >= (sameNumbers && !numbers[a].isEmpty() ? 0.2 : 0.4) ? Grade.SIMILAR : Grade.DIFFERENT;
    }

    @Override
    boolean swapsWith(Field other) {
        return other instanceof AddressField;
    }

    @Override
    int[] rareParts(int term) {
        return words.rarest(term, RARE);
    }

    private static String numbers(String text) {
        var out = new StringBuilder();
        boolean gap = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isDigit(c)) {
                if (gap && !out.isEmpty()) {
                    out.append(' ');
                }
                out.append(c);
                gap = false;
            } else {
                gap = true;
            }
        }
        return out.toString();
    }

    @Override
    List<UnaryOperator<String>> blurs() {
        return List.of(
                UnaryOperator.identity(),
                AddressField::numberAndStreet,
                text -> PostalAddress.parse(text).region());
    }

    private static String numberAndStreet(String text) {
        var detail = PostalAddress.parse(text).detail();
        var longest = Arrays.stream(HanScript.hasHan(detail) ? new String[] {head(detail, 3)} : detail.split(" "))
                .filter(word -> !Character.isDigit(word.isEmpty() ? '0' : word.charAt(0)))
                .max((a, b) -> Integer.compare(a.length(), b.length()))
                .orElse("");
        var number = numbers(detail);
        return number.isEmpty() ? "" : head(longest, 4) + number;
    }
}
