package io.retainer.statistics.value;

/**
 * What the buying models need to know of a customer, counted in whole buying days and in weeks.
 *
 * @param customer an id that says nothing about the person
 * @param repeats x, days with a purchase after the first
 * @param lastRepeat t.x, weeks from the first to the last purchase; 0 without repeats
 * @param observed T, weeks from the first purchase to the end of observation
 * @param averageSpend mean of a repeat purchase, in the currency of the data; 0 without repeats or without amounts
 */
public record CustomerHistory(String customer, int repeats, double lastRepeat, double observed, double averageSpend) {

    public CustomerHistory {
        if (repeats < 0 || !(lastRepeat >= 0) || !(observed >= lastRepeat) || !(averageSpend >= 0)) {
            throw new IllegalArgumentException(
                    "x %d, t.x %s, T %s, spend %s".formatted(repeats, lastRepeat, observed, averageSpend));
        }
    }

    /** Somebody who has just bought for the first time. */
    public static CustomerHistory newcomer() {
        return new CustomerHistory("", 0, 0, 0, 0);
    }
}
