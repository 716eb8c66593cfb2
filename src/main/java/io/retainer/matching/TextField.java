package io.retainer.matching;

import io.retainer.matching.Records.Column;
import java.util.List;
import java.util.function.UnaryOperator;

/** Long text, compared by the rarity of the words it shares and, against slips, by runs of three letters; one may stand in the other. */
final class TextField extends Field {

    private static final int RARE = 5;

    private final Words words;
    private final Words grams;

    TextField(Column column) {
        super(column, NormalText::of);
        this.words = Words.of(terms().texts(), Words::splitWithCodes);
        this.grams = Words.of(terms().texts(), text -> Words.grams(text, 3));
    }

    @Override
    Grade compare(int a, int b) {
        double likeness = likeness(a, b);
        if (likeness >= 0.8) {
            return Grade.NEARLY;
        }
        if (likeness >= 0.55 || words.contained(a, b) >= 0.9) {
            return Grade.CLOSE;
        }
        return likeness >= 0.3 ? Grade.SIMILAR : Grade.DIFFERENT;
    }

    @Override
    double likeness(int a, int b) {
        return Math.max(words.cosine(a, b), grams.cosine(a, b));
    }

    @Override
    int[] rareParts(int term) {
        return words.rarest(term, RARE);
    }

    @Override
    List<UnaryOperator<String>> blurs() {
        return List.of(UnaryOperator.identity(), text -> head(NormalText.tight(text), 6));
    }
}
