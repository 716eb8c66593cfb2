package io.retainer.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.retainer.statistics.Measurement.Measured;
import io.retainer.statistics.Measurement.NotMeasurable;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DriversTests {

    private static final Basis BASIS = new Basis("made up", null, 0, Method.SHAPLEY_LMG);

    /** Of two drivers the share is the mean of what it adds first and what it adds last. */
    @Test
    void theSharesOfTwoCorrelatedDriversAreTheMeanOfBothOrders() {
        var random = new Random(1);
        var rows = new ArrayList<double[]>();
        var outcome = new ArrayList<Double>();
        for (int i = 0; i < 400; i++) {
            double a = random.nextGaussian();
            double b = .6 * a + random.nextGaussian();
            rows.add(new double[] {a, b});
            outcome.add(a + .5 * b + 2 * random.nextGaussian());
        }
        double ra = r(rows, outcome, 0);
        double rb = r(rows, outcome, 1);
        double rab = r(rows, rows.stream().map(row -> row[1]).toList(), 0);
        double both = (ra * ra + rb * rb - 2 * ra * rb * rab) / (1 - rab * rab);
        var drivers = measured(Drivers.of(List.of("a", "b"), rows, outcome, BASIS));
        assertThat(drivers.explained()).isEqualTo(both, within(1e-12));
        assertThat(drivers.share("a").value()).isEqualTo((ra * ra + both - rb * rb) / 2, within(1e-12));
        assertThat(drivers.share("a").interval().contains(drivers.share("a").value()))
                .isTrue();
    }

    @Test
    void aCopyOfADriverHalvesItsShareAndAddsNothing() {
        var random = new Random(2);
        var rows = new ArrayList<double[]>();
        var outcome = new ArrayList<Double>();
        for (int i = 0; i < 100; i++) {
            double a = random.nextGaussian();
            rows.add(new double[] {a, a});
            outcome.add(a + random.nextGaussian());
        }
        var drivers = measured(Drivers.of(List.of("a", "copy"), rows, outcome, BASIS));
        assertThat(drivers.share("a").value()).isEqualTo(drivers.share("copy").value(), within(1e-9));
        assertThat(drivers.explained()).isEqualTo(Math.pow(r(rows, outcome, 0), 2), within(1e-9));
    }

    @Test
    void tooFewAnswersOrNoVariationIsNoNumber() {
        assertThat(Drivers.of(List.of("a"), List.of(new double[] {1}), List.of(1.0), BASIS))
                .isInstanceOf(NotMeasurable.class);
        var rows = new ArrayList<double[]>();
        var outcome = new ArrayList<Double>();
        for (int i = 0; i < 50; i++) {
            rows.add(new double[] {3});
            outcome.add((double) i);
        }
        assertThat(Drivers.of(List.of("a"), rows, outcome, BASIS))
                .isInstanceOfSatisfying(
                        NotMeasurable.class, no -> assertThat(no.why().key()).isEqualTo("statistics.drivers.constant"));
    }

    private static double r(List<double[]> rows, List<Double> outcome, int driver) {
        double n = rows.size();
        double x = 0;
        double y = 0;
        double xx = 0;
        double yy = 0;
        double xy = 0;
        for (int i = 0; i < rows.size(); i++) {
            double a = rows.get(i)[driver];
            double b = outcome.get(i);
            x += a;
            y += b;
            xx += a * a;
            yy += b * b;
            xy += a * b;
        }
        return (xy - x * y / n) / Math.sqrt((xx - x * x / n) * (yy - y * y / n));
    }

    private static Drivers measured(Measurement<Drivers> found) {
        assertThat(found).isInstanceOf(Measured.class);
        return ((Measured<Drivers>) found).value();
    }
}
