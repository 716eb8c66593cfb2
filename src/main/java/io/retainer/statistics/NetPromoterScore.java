package io.retainer.statistics;

/** Promoters (9 to 10), passives (7 to 8) and detractors (0 to 6) of the question "would you recommend us". */
public record NetPromoterScore(long promoters, long passives, long detractors) {

    public NetPromoterScore {
        if (promoters < 0 || passives < 0 || detractors < 0 || promoters + passives + detractors == 0) {
            throw new IllegalArgumentException(promoters + ", " + passives + ", " + detractors);
        }
    }

    public long answers() {
        return promoters + passives + detractors;
    }

    /** From -1 to 1. */
    public double value() {
        return (double) (promoters - detractors) / answers();
    }

    /** Of one answer scored 1, 0 or -1. */
    public double variance() {
        return variance((double) promoters, (double) detractors, (double) answers());
    }

    public double standardError() {
        return Math.sqrt(variance() / answers());
    }

    /** The plain normal interval; too narrow below a few hundred answers. */
    public Interval wald(double level) {
        return inside(Interval.around(value(), standardError(), level));
    }

    /** Three answers are added, three quarters to either end of the scale (Rocks 2016, adjusted Wald). */
    public Interval adjustedWald(double level) {
        double n = answers() + 3.0;
        double up = promoters + 0.75;
        double down = detractors + 0.75;
        return inside(Interval.around((up - down) / n, Math.sqrt(variance(up, down, n) / n), level));
    }

    private static double variance(double up, double down, double n) {
        double mean = (up - down) / n;
        return (up + down) / n - mean * mean;
    }

    private static Interval inside(Interval interval) {
        return new Interval(Math.max(-1, interval.low()), Math.min(1, interval.high()), interval.level());
    }
}
