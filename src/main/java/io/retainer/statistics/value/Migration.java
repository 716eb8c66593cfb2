package io.retainer.statistics.value;

import io.retainer.statistics.Basis;
import io.retainer.statistics.Measurement;
import io.retainer.statistics.Measurement.Measured;
import io.retainer.statistics.Measurement.NotMeasurable;
import io.retainer.statistics.Method;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

/**
 * Where customers went between two dates: from which level of {@link Rfm} to which. The level is the mean of the three
 * scores, rounded half up; both dates are scored among the customers there were then.
 *
 * @param counts by the level at the earlier date, 0 for those who had not bought yet, and by that at the later, from 1
 */
public record Migration(LocalDate earlier, LocalDate later, List<List<Integer>> counts) {

    public Migration {
        counts = counts.stream().map(List::copyOf).toList();
    }

    /** Not measurable when either date is not. */
    public static Measurement<Migration> between(Purchases purchases, LocalDate earlier, LocalDate later, String data) {
        if (!later.isAfter(earlier)) {
            throw new IllegalArgumentException(earlier + " and " + later);
        }
        if (!purchases.isEmpty() && later.isAfter(purchases.to())) {
            return Measurement.notMeasurable(
                    new Basis(data, purchases.to(), purchases.customers(), Method.RFM),
                    "statistics.change.tooLate",
                    purchases.to(),
                    later);
        }
        var then = Rfm.of(purchases, earlier, data);
        var now = Rfm.of(purchases, later, data);
        if (then instanceof NotMeasurable<Rfm>(var why, var basis)) {
            return new NotMeasurable<>(why, basis);
        }
        if (now instanceof NotMeasurable<Rfm>(var why, var basis)) {
            return new NotMeasurable<>(why, basis);
        }
        var before = new HashMap<String, Integer>();
        ((Measured<Rfm>) then).value().customers().forEach(each -> before.put(each.customer(), level(each)));
        var counts = new int[Rfm.SCORES + 1][Rfm.SCORES];
        var later5 = (Measured<Rfm>) now;
        for (var each : later5.value().customers()) {
            counts[before.getOrDefault(each.customer(), 0)][level(each) - 1]++;
        }
        var rows = new ArrayList<List<Integer>>();
        for (var row : counts) {
            rows.add(java.util.Arrays.stream(row).boxed().toList());
        }
        var cautions = new ArrayList<>(((Measured<Rfm>) then).cautions());
        later5.cautions().stream().filter(each -> !cautions.contains(each)).forEach(cautions::add);
        return new Measured<>(
                new Migration(earlier, later, rows),
                new Basis(data, later, later5.value().customers().size(), Method.RFM),
                cautions);
    }

    static int level(Rfm.Customer customer) {
        return (int) Math.floor((customer.recency() + customer.frequency() + customer.monetary()) / 3.0 + 0.5);
    }

    /** Customers whose level rose. */
    public int risen() {
        return sum(1, 1);
    }

    public int fallen() {
        return sum(1, -1);
    }

    /** Customers who bought for the first time between the dates. */
    public int arrived() {
        return counts.getFirst().stream().mapToInt(Integer::intValue).sum();
    }

    private int sum(int from, int sign) {
        int sum = 0;
        for (int then = from; then < counts.size(); then++) {
            for (int now = 1; now <= counts.get(then).size(); now++) {
                if (Integer.signum(now - then) == sign) {
                    sum += counts.get(then).get(now - 1);
                }
            }
        }
        return sum;
    }
}
