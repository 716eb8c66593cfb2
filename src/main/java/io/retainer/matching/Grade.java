package io.retainer.matching;

import java.util.List;

/**
 * How far two values of a field agree. What lies between {@link #DIFFERENT} and {@link #SAME} is each kind's own matter; the
 * weights learn what a grade is worth in the data at hand.
 */
public enum Grade {
    DIFFERENT(0),
    SIMILAR(1),
    CLOSE(2),
    /** One slip of the pen away, or sounding the same. */
    NEARLY(3),
    SAME(4),
    /** Agrees with the neighbouring field of the other record: first name and surname in each other's place. */
    SWAPPED(5),
    /** At least one record says nothing, which is evidence of nothing. */
    MISSING(6);

    static final List<Grade> ALL = List.of(values());

    /** The grades that stand in an order of growing agreement. */
    static final int ORDERED = 5;

    private final int number;

    Grade(int number) {
        this.number = number;
    }

    /** Its place in tables and packed patterns. */
    int number() {
        return number;
    }

    boolean agrees() {
        return compareTo(CLOSE) >= 0 && this != MISSING;
    }
}
