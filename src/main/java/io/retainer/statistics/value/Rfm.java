package io.retainer.statistics.value;

import io.retainer.kernel.Sentence;
import io.retainer.statistics.Basis;
import io.retainer.statistics.Measurement;
import io.retainer.statistics.Measurement.Measured;
import io.retainer.statistics.Method;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Recency, frequency and monetary scores, 1 to {@link #SCORES}, 5 being best (after Hughes 1994). Customers with equal
 * values always get equal scores: a tie goes where its middle falls, so with many equal values some scores stay empty
 * rather than part customers who do not differ.
 *
 * @param recency by days since the last purchase
 * @param frequency by days with a purchase
 * @param monetary by all that was spent
 */
public record Rfm(List<Customer> customers, Scale recency, Scale frequency, Scale monetary) {

    /** How many scores there are. */
    public static final int SCORES = 5;

    private static final int FEWEST_PER_SCORE = 10;
    /** A score that holds twice its part says little. */
    private static final double CROWDED = 2.0 / SCORES;

    /** One customer; {@code days} since the last purchase, {@code purchases} in days, {@code spent} in all. */
    public record Customer(
            String customer, long days, int purchases, double spent, int recency, int frequency, int monetary) {

        /** Such as 543. */
        public String code() {
            return "%d%d%d".formatted(recency, frequency, monetary);
        }
    }

    /** The scores of one of the three measures. */
    public record Scale(List<Band> bands) {

        public Scale {
            bands = List.copyOf(bands);
        }
    }

    /** The values that have one score, from the lowest to the highest met, and how many customers have them. */
    public record Band(int score, double low, double high, int customers) {}

    /** As things stood at the end of a day. */
    public static Measurement<Rfm> of(Purchases purchases, LocalDate asOf, String data) {
        var names = new ArrayList<String>();
        var seen = new ArrayList<double[]>();
        purchases.forEach(asOf, (customer, days) -> {
            int bought = days.count(Integer.MIN_VALUE / 2, asOf.toEpochDay());
            if (bought > 0) {
                names.add(customer);
                seen.add(new double[] {
                    asOf.toEpochDay() - days.day(bought - 1),
                    bought,
                    days.spent(Integer.MIN_VALUE / 2, asOf.toEpochDay())
                });
            }
        });
        var basis = new Basis(data, asOf, names.size(), Method.RFM);
        if (names.size() < SCORES * FEWEST_PER_SCORE) {
            return Measurement.notMeasurable(basis, "statistics.tooFew", names.size(), SCORES * FEWEST_PER_SCORE);
        }
        var cautions = new ArrayList<Sentence>();
        var scores = new int[3][];
        var scales = new ArrayList<Scale>();
        for (int measure = 0; measure < 3; measure++) {
            int index = measure;
            var values = seen.stream().mapToDouble(row -> row[index]).toArray();
            // A short time since the last purchase is good.
            scores[measure] = scores(values, measure == 0);
            var scale = scale(values, scores[measure]);
            scales.add(scale);
            for (var band : scale.bands()) {
                if (band.customers() > CROWDED * names.size()) {
                    cautions.add(Sentence.of(
                            "statistics.rfm.crowded."
                                    + List.of("recency", "frequency", "monetary")
                                            .get(measure),
                            band.score(),
                            "%.0f%%".formatted(100.0 * band.customers() / names.size())));
                }
            }
        }
        var customers = new ArrayList<Customer>();
        for (int i = 0; i < names.size(); i++) {
            var row = seen.get(i);
            customers.add(new Customer(
                    names.get(i), (long) row[0], (int) row[1], row[2], scores[0][i], scores[1][i], scores[2][i]));
        }
        return new Measured<>(
                new Rfm(List.copyOf(customers), scales.get(0), scales.get(1), scales.get(2)), basis, cautions);
    }

    static int[] scores(double[] values, boolean lowIsGood) {
        int n = values.length;
        var sorted = values.clone();
        Arrays.sort(sorted);
        var scores = new int[n];
        for (int i = 0; i < n; i++) {
            int below = lower(sorted, values[i]);
            int upTo = lower(sorted, Math.nextUp(values[i]));
            double middle = (below + upTo) / 2.0 / n;
            int score = Math.min(SCORES, 1 + (int) (middle * SCORES));
            scores[i] = lowIsGood ? SCORES + 1 - score : score;
        }
        return scores;
    }

    /** How many are below a value. */
    private static int lower(double[] sorted, double value) {
        int low = 0;
        int high = sorted.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sorted[middle] < value) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static Scale scale(double[] values, int[] scores) {
        var bands = new ArrayList<Band>();
        for (int score = 1; score <= SCORES; score++) {
            double low = Double.POSITIVE_INFINITY;
            double high = Double.NEGATIVE_INFINITY;
            int count = 0;
            for (int i = 0; i < values.length; i++) {
                if (scores[i] == score) {
                    low = Math.min(low, values[i]);
                    high = Math.max(high, values[i]);
                    count++;
                }
            }
            if (count > 0) {
                bands.add(new Band(score, low, high, count));
            }
        }
        return new Scale(bands);
    }
}
