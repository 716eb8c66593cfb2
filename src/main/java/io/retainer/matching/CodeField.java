package io.retainer.matching;

import io.retainer.matching.Records.Column;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/** Numbers and codes that have no meaning by their parts: identity numbers, postcodes, telephone and house numbers. */
final class CodeField extends Field {

    private static final int LONG = 6;
    private static final int SUBSCRIBER = 7;

    private final boolean phones;

    private CodeField(Column column, UnaryOperator<String> normal, boolean phones) {
        super(column, normal);
        this.phones = phones;
    }

    boolean ofPhones() {
        return phones;
    }

    double meanLength() {
        return Arrays.stream(terms().texts()).mapToInt(String::length).average().orElse(0);
    }

    static CodeField of(Column column) {
        return new CodeField(column, raw -> NormalText.tight(NormalText.of(raw)), false);
    }

    /** Numbers that are valid become E.164; of others the digits are kept, for a slip does not make another person. */
    static CodeField ofPhones(Column column, PhoneNumbers phones) {
        return new CodeField(
                column,
                raw -> phones.e164(raw).orElseGet(() -> NormalText.folded(raw).replaceAll("\\D", "")),
                true);
    }

    @Override
    Grade compare(int a, int b) {
        var one = text(a);
        var other = text(b);
        int shorter = Math.min(one.length(), other.length());
        if ((shorter >= 2 && Similarity.within(1, one, other))
                || (shorter > SUBSCRIBER && tail(one, SUBSCRIBER + 1).equals(tail(other, SUBSCRIBER + 1)))) {
            return Grade.NEARLY;
        }
        if (shorter >= LONG && Similarity.within(2, one, other)) {
            return Grade.CLOSE;
        }
        int half = Math.max(3, shorter / 2);
        boolean alike = shorter >= LONG
                && (head(one, half).equals(head(other, half)) || tail(one, half).equals(tail(other, half)));
        return alike ? Grade.SIMILAR : Grade.DIFFERENT;
    }

    @Override
    List<UnaryOperator<String>> blurs() {
        return List.of(
                UnaryOperator.identity(),
                code -> code.length() < LONG ? "" : tail(code, code.length() / 2),
                code -> code.length() < LONG ? "" : head(code, (code.length() + 1) / 2));
    }
}
