package io.retainer.statistics.value;

/**
 * How the search for the maximum ended.
 *
 * @param starts from how many places the search began
 * @param agreeing how many of them came to the same maximum
 * @param evaluations of the likelihood, all in all
 * @param left the log-likelihood that, by the local curvature, one more step could still gain
 * @param largestError the largest standard error of the logarithm of a parameter; infinite on a ridge
 */
public record Convergence(int starts, int agreeing, int evaluations, double left, double largestError) {

    /** Above this the parameters are not told apart by the data, though their predictions may still be good. */
    static final double RIDGE = 2;

    /** A thousandth of a log-likelihood is far below what any comparison of models could tell. */
    private static final double ENOUGH = 1e-3;

    /** A maximum, and curved downwards on all sides. */
    public boolean converged() {
        return left >= 0 && left < ENOUGH;
    }

    /** The single parameters have a meaning. */
    public boolean identified() {
        return largestError < RIDGE;
    }
}
