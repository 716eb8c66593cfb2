package io.retainer.matching;

/** Two rows in a {@code long}, the lower first. */
final class Pairs {

    private Pairs() {}

    static long of(int a, int b) {
        return ((long) Math.min(a, b) << Integer.SIZE) | Math.max(a, b);
    }

    static int low(long pair) {
        return (int) (pair >>> Integer.SIZE);
    }

    static int high(long pair) {
        return (int) pair;
    }
}
