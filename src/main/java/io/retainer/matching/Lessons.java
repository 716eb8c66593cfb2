package io.retainer.matching;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What people's answers teach about pairs of which only the grades are known, not the values: the same steps as in a
 * {@link Resolution}, so that an answer counts at once and a new run over everything comes to the same.
 */
public final class Lessons {

    private final Map<String, Integer> places;
    private final Teaching teaching;

    private Lessons(Map<String, Integer> places, Teaching teaching) {
        this.places = places;
        this.teaching = teaching;
    }

    /**
     * An answered pair.
     *
     * @param grades by column; a column that is not there is missing
     * @param bits the score before anybody answered
     */
    public record Lesson(Map<String, Grade> grades, double bits, Answer answer) {

        public Lesson {
            grades = Map.copyOf(grades);
        }
    }

    /** @param columns the columns compared, at most 16; others in the lessons are not looked at */
    public static Lessons of(List<String> columns, List<Lesson> lessons) {
        var places = new HashMap<String, Integer>();
        columns.forEach(column -> places.put(column, places.size()));
        var learned = new Lessons(places, Teaching.none(columns.size()));
        for (var lesson : lessons) {
            learned = learned.after(lesson);
        }
        return learned;
    }

    private Lessons after(Lesson lesson) {
        if (lesson.answer() == Answer.CANNOT_SAY) {
            return this;
        }
        long pattern = pattern(lesson.grades());
        double bits = lesson.bits() + teaching.bits(pattern);
        return new Lessons(places, teaching.after(pattern, bits, lesson.answer() == Answer.SAME));
    }

    /** Bits to add to the score of a pair with these grades. */
    public double bits(Map<String, Grade> grades) {
        return teaching.bits(pattern(grades));
    }

    /** Bits to add to what one column says. */
    public double bits(String column, Grade grade) {
        var place = places.get(column);
        return place == null ? 0 : teaching.bits(place, grade);
    }

    /**
     * How much an answer about such a pair would teach.
     *
     * @param bits the score as it stands now
     */
    public double information(Map<String, Grade> grades, double bits) {
        double p = Weights.probability(bits);
        return p * (1 - p) * teaching.variance(pattern(grades));
    }

    private long pattern(Map<String, Grade> grades) {
        long pattern = 0;
        for (var place : places.entrySet()) {
            var grade = grades.getOrDefault(place.getKey(), Grade.MISSING);
            pattern |= Comparison.packed(place.getValue(), grade);
        }
        return pattern;
    }
}
