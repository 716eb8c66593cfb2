package io.retainer.matching;

import io.retainer.matching.Records.Column;
import java.util.List;
import java.util.function.UnaryOperator;

/** One column made comparable: its terms, how near two of them are, and coarse keys under which near ones come together. */
abstract class Field {

    /** No key: the value says too little to block on. */
    static final int NO_KEY = 0;

    private final Terms terms;

    Field(Column column, UnaryOperator<String> normal) {
        this.terms = Terms.of(column, normal);
    }

    static Field of(Column column, ColumnKind kind, PhoneNumbers phones) {
        return switch (kind) {
            case NAME -> new NameField(column);
            case TEXT -> new TextField(column);
            case ADDRESS -> new AddressField(column);
            case DATE -> new DateField(column);
            case PHONE -> CodeField.ofPhones(column, phones);
            case EMAIL -> new EmailField(column);
            case CODE -> CodeField.of(column);
            case QUANTITY -> new QuantityField(column);
            case IGNORED -> throw new IllegalArgumentException("An ignored column is no field: " + column.name());
        };
    }

    final String name() {
        return terms.column();
    }

    final Terms terms() {
        return terms;
    }

    final String text(int term) {
        return terms.text(term);
    }

    /** The grade of two rows. */
    final Grade between(int rowA, int rowB) {
        int a = terms.ofRow()[rowA];
        int b = terms.ofRow()[rowB];
        if (a < 0 || b < 0) {
            return Grade.MISSING;
        }
        return a == b ? Grade.SAME : compare(a, b);
    }

    /** The grade of two terms that are not the same. */
    abstract Grade compare(int a, int b);

    /** The ways in which a term can be blurred, finest first; each gives a term one text, or none by an empty one. */
    abstract List<UnaryOperator<String>> blurs();

    /** Several keys at once, each rare enough to be worth a block of its own; most kinds have none. */
    int[] rareParts(int term) {
        return new int[0];
    }

    /** How alike two terms are within their grade, in 0..1, where a kind can tell more finely; else 0. */
    double likeness(int a, int b) {
        return 0;
    }

    /** Whether another field's value could land in this one by mistake. */
    boolean swapsWith(Field other) {
        return false;
    }

    /** Compares a term of this field with one of a field it swaps with. */
    Grade compareAcross(int own, Field other, int others) {
        return text(own).equals(other.text(others)) ? Grade.SAME : Grade.DIFFERENT;
    }

    static String head(String text, int length) {
        return text.length() <= length ? text : text.substring(0, length);
    }

    static String tail(String text, int length) {
        return text.length() <= length ? text : text.substring(text.length() - length);
    }
}
