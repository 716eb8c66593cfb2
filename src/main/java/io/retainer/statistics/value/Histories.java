package io.retainer.statistics.value;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;

/** Histories with equal x, t.x and T taken together, and the counts of equal x; scaled so that the longest T is 1. */
final class Histories {

    private record Key(int repeats, double lastRepeat, double observed) {}

    private static final class Count {
        private int count;
    }

    final int size;
    /** Weeks in one unit of the times below. */
    final double unit;

    final int[] repeats;
    final double[] lastRepeat;
    final double[] observed;
    final int[] count;

    /** The distinct numbers of repeats, how many customers have each, and which of them each group has. */
    final int[] distinct;

    final int[] distinctCount;
    final int[] distinctOf;
    final long customers;
    /** Σ x ln(unit): what the change of unit adds to the log-likelihood. */
    final double logJacobian;

    Histories(List<CustomerHistory> histories) {
        double longest = 0;
        for (var history : histories) {
            longest = Math.max(longest, history.observed());
        }
        unit = longest > 0 ? longest : 1;
        var groups = new HashMap<Key, Count>(histories.size());
        long repeated = 0;
        for (var h : histories) {
            groups.computeIfAbsent(
                            new Key(h.repeats(), h.repeats() == 0 ? 0 : h.lastRepeat(), h.observed()), _ -> new Count())
                    .count++;
            repeated += h.repeats();
        }
        logJacobian = -repeated * Math.log(unit);
        customers = histories.size();
        size = groups.size();
        repeats = new int[size];
        lastRepeat = new double[size];
        observed = new double[size];
        count = new int[size];
        int i = 0;
        for (var entry : groups.entrySet()) {
            repeats[i] = entry.getKey().repeats();
            lastRepeat[i] = entry.getKey().lastRepeat() / unit;
            observed[i] = entry.getKey().observed() / unit;
            count[i++] = entry.getValue().count;
        }
        distinct = Arrays.stream(repeats).distinct().sorted().toArray();
        distinctCount = new int[distinct.length];
        distinctOf = new int[size];
        for (int g = 0; g < size; g++) {
            distinctOf[g] = Arrays.binarySearch(distinct, repeats[g]);
            distinctCount[distinctOf[g]] += count[g];
        }
    }

    double meanRepeats() {
        double sum = 0;
        for (int g = 0; g < size; g++) {
            sum += (double) repeats[g] * count[g];
        }
        return sum / customers;
    }
}
