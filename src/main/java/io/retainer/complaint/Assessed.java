package io.retainer.complaint;

/**
 * The initial assessment (ISO 10002, 7.5): severity × impact × urgency, and whether safety or the law is touched.
 *
 * @param severity for the one who complains
 * @param impact how many it may concern
 */
record Assessed(Category category, Grade severity, Grade impact, Grade urgency, Hazard hazard) {

    private static final int FIRST = 12;
    private static final int SECOND = 4;

    /** A hazard is always P1; otherwise the product of the three grades, 1 to 27, decides. */
    public Priority priority() {
        if (hazard != Hazard.NONE) {
            return Priority.P1;
        }
        int weight = weight(severity) * weight(impact) * weight(urgency);
        return weight >= FIRST ? Priority.P1 : weight >= SECOND ? Priority.P2 : Priority.P3;
    }

    private static int weight(Grade grade) {
        return switch (grade) {
            case LOW -> 1;
            case MIDDLE -> 2;
            case HIGH -> 3;
        };
    }
}
