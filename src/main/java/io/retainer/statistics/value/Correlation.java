package io.retainer.statistics.value;

/** Pearson's correlation. */
final class Correlation {

    private Correlation() {}

    /** Not a number when either side is constant, but for the last digits. */
    static double of(double[] xs, double[] ys) {
        double meanX = 0;
        double meanY = 0;
        for (int i = 0; i < xs.length; i++) {
            meanX += xs[i] / xs.length;
            meanY += ys[i] / xs.length;
        }
        double xx = 0;
        double yy = 0;
        double xy = 0;
        for (int i = 0; i < xs.length; i++) {
            double dx = xs[i] - meanX;
            double dy = ys[i] - meanY;
            xx += dx * dx;
            yy += dy * dy;
            xy += dx * dy;
        }
        return varies(xx, meanX, xs.length) && varies(yy, meanY, ys.length) ? xy / Math.sqrt(xx * yy) : Double.NaN;
    }

    private static boolean varies(double squares, double mean, int n) {
        return squares > n * 1e-20 * mean * mean;
    }
}
