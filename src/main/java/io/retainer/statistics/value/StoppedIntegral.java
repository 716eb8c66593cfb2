package io.retainer.statistics.value;

/**
 * ∫ (α + t)^−n (β + t)^−(s+1) dt from t.x to T: the likelihood of having stopped somewhere between the last purchase and
 * the end. The literature writes it as a difference of two hypergeometric functions (Fader & Hardie 2005, eqs. 15 and
 * 17), which cancel when t.x is near T and overflow when x is large. Taken as the integral it is, of a smooth function of
 * ln(min(α, β) + t), all terms are positive, and the derivatives come from the same nodes.
 */
final class StoppedIntegral {

    private static final Quadrature PANEL = new Quadrature(20);
    /** How many e-folds of the integrand one panel resolves to the last digits. */
    private static final double FOLDS = 16;

    private static final int MOST_PANELS = 64;
    /** After so many e-folds nothing is left that a double could hold. */
    private static final double NOTHING = 45;

    /** −∞ when the customer bought on the last day. */
    double logValue;
    /** Derivatives of the logarithm. */
    double byN;

    double byAlpha;
    double byS;
    double byBeta;

    void compute(double n, double alpha, double s, double beta, double from, double to) {
        byN = 0;
        byAlpha = 0;
        byS = 0;
        byBeta = 0;
        if (!(from < to)) {
            logValue = Double.NEGATIVE_INFINITY;
            return;
        }
        boolean alphaSmaller = alpha <= beta;
        double least = Math.min(alpha, beta);
        double rest = Math.max(alpha, beta) - least;
        double start = Math.log(least + from);
        double width = Math.log((least + to) / (least + from));
        double reference = start - n * Math.log(alpha + from) - (s + 1) * Math.log(beta + from);
        // The integrand falls ever faster, so where it must have vanished follows from how fast it falls at first.
        double fall = fall(n, alpha, s, beta, least, from);
        if (fall * width > NOTHING) {
            width = NOTHING / fall;
        }
        double fastest = fall(n, alpha, s, beta, least, Math.exp(start + width) - least);
        int panels = (int) Math.clamp(Math.ceil(width * (fastest + 2) / FOLDS), 1, MOST_PANELS);
        double half = width / panels / 2;
        double sum = 0;
        double sumN = 0;
        double sumAlpha = 0;
        double sumS = 0;
        double sumBeta = 0;
        for (int panel = 0; panel < panels; panel++) {
            double before = sum;
            for (int i = 0; i < PANEL.size(); i++) {
                double v = start + half * (2 * panel + 1 + PANEL.node(i));
                double smaller = Math.exp(v);
                double larger = smaller + rest;
                double logLarger = Math.log(larger);
                double logAlpha = alphaSmaller ? v : logLarger;
                double logBeta = alphaSmaller ? logLarger : v;
                double weight = PANEL.weight(i) * Math.exp(v - n * logAlpha - (s + 1) * logBeta - reference);
                sum += weight;
                sumN += weight * logAlpha;
                sumS += weight * logBeta;
                sumAlpha += weight / (alphaSmaller ? smaller : larger);
                sumBeta += weight / (alphaSmaller ? larger : smaller);
            }
            if (panel > 0 && sum - before < 1e-18 * sum) {
                break;
            }
        }
        logValue = reference + Math.log(sum * half);
        byN = -sumN / sum;
        byS = -sumS / sum;
        byAlpha = -n * sumAlpha / sum;
        byBeta = -(s + 1) * sumBeta / sum;
    }

    /** Minus the derivative of the logarithm of the integrand by ln(least + t). */
    private static double fall(double n, double alpha, double s, double beta, double least, double t) {
        return (least + t) * (n / (alpha + t) + (s + 1) / (beta + t)) - 1;
    }
}
