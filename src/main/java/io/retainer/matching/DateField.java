package io.retainer.matching;

import io.retainer.matching.Records.Column;
import java.util.List;
import java.util.function.UnaryOperator;

/** Dates, above all of birth: slips of a digit, day and month exchanged, one part wrong. */
final class DateField extends Field {

    private static final int DIGITS = 8;

    DateField(Column column) {
        super(
                column,
                raw -> DateText.parts(raw)
                        .map(DateText.Parts::digits)
                        .orElseGet(() -> NormalText.tight(NormalText.of(raw))));
    }

    @Override
    Grade compare(int a, int b) {
        var one = text(a);
        var other = text(b);
        if (one.length() != DIGITS || other.length() != DIGITS) {
            return Similarity.within(1, one, other) ? Grade.NEARLY : Grade.DIFFERENT;
        }
        boolean year = one.regionMatches(0, other, 0, 4);
        boolean month = one.regionMatches(4, other, 4, 2);
        boolean day = one.regionMatches(6, other, 6, 2);
        boolean exchanged = year && one.regionMatches(4, other, 6, 2) && one.regionMatches(6, other, 4, 2);
        if (exchanged || Similarity.within(1, one, other)) {
            return Grade.NEARLY;
        }
        if ((year && (month || day)) || (month && day)) {
            return Grade.CLOSE;
        }
        return year || Similarity.within(2, one, other) ? Grade.SIMILAR : Grade.DIFFERENT;
    }

    @Override
    List<UnaryOperator<String>> blurs() {
        return List.of(
                UnaryOperator.identity(),
                date -> date.length() == DIGITS ? head(date, 6) : "",
                date -> date.length() == DIGITS ? tail(date, 4) : "",
                date -> date.length() == DIGITS ? head(date, 4) : "");
    }
}
