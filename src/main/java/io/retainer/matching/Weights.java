package io.retainer.matching;

/**
 * The weights of Fellegi and Sunter: for each field and grade how much likelier it is between records of one person than
 * between strangers, in bits, and the odds before anything is compared. The same is kept for related people, who share an
 * address or a telephone without being one.
 */
final class Weights {

    private static final double LOG2 = Math.log(2);
    private static final double LEAST_COMPARED = 0.02;

    private final double share;
    private final double prior;
    private final double relatedPrior;
    private final double[][] bits;
    private final double[][] relatedBits;
    private final double[][] strangers;
    private final boolean[] personal;

    /**
     * @param matches share of all pairs that are one person
     * @param related share of all pairs that are related
     * @param personal fields on which related people agree no more than strangers
     */
    Weights(
            double matches,
            double related,
            double[][] same,
            double[][] relatives,
            double[][] different,
            boolean[] personal) {
        this.share = 1 - matches - related;
        this.strangers = different;
        this.prior = log2(matches / share);
        this.relatedPrior = related <= 0 ? Double.NEGATIVE_INFINITY : log2(related / share);
        this.bits = ratios(same, different);
        this.relatedBits = ratios(relatives, different);
        this.personal = personal;
    }

    private static double[][] ratios(double[][] over, double[][] under) {
        var ratios = new double[over.length][Grade.ALL.size()];
        for (int f = 0; f < over.length; f++) {
            for (int g = 0; g < Grade.MISSING.number(); g++) {
                ratios[f][g] = log2(over[f][g] / under[f][g]);
            }
        }
        return ratios;
    }

    private static double log2(double x) {
        return Math.log(x) / LOG2;
    }

    /** The share of strangers among all pairs. */
    double share() {
        return share;
    }

    /** Log2 of the odds of one person against strangers for two random records. */
    double prior() {
        return prior;
    }

    double bits(int field, Grade grade) {
        return bits[field][grade.number()];
    }

    /** How often strangers agree so. */
    double strangers(int field, Grade grade) {
        return strangers[field][grade.number()];
    }

    /** Whether related people are told apart by this field. */
    boolean personal(int field) {
        return personal[field];
    }

    /** How much of all that could tell people apart was there to be compared; above 0, at most 1. */
    double compared(long pattern) {
        double seen = 0;
        double all = 0;
        for (int f = 0; f < bits.length; f++) {
            double telling = bits[f][Grade.SAME.number()] - bits[f][Grade.DIFFERENT.number()];
            all += telling;
            seen += Comparison.grade(pattern, f) == Grade.MISSING ? 0 : telling;
        }
        return all <= 0 ? 1 : Math.max(LEAST_COMPARED, seen / all);
    }

    /** Log2 of the odds of one person against strangers. */
    double againstStrangers(long pattern) {
        return sum(prior, bits, pattern);
    }

    /** Log2 of the odds of related people against strangers. */
    double ofRelated(long pattern) {
        return sum(relatedPrior, relatedBits, pattern);
    }

    private static double sum(double start, double[][] weights, long pattern) {
        double sum = start;
        for (int f = 0; f < weights.length; f++) {
            sum += weights[f][Comparison.grade(pattern, f).number()];
        }
        return sum;
    }

    /** What the possibility of being related takes from the evidence against strangers; zero or less. */
    static double discount(double related) {
        if (related < -40) {
            return 0;
        }
        return related > 40 ? -related : -log2(1 + Math.exp(related * LOG2));
    }

    /** The probability of a match from the log2 of its odds. */
    static double probability(double bits) {
        return 1 / (1 + Math.exp(-bits * LOG2));
    }
}
