package io.retainer.statistics.value;

import static io.retainer.statistics.value.BuyingModelTests.measured;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.retainer.statistics.Basis;
import io.retainer.statistics.Measurement;
import io.retainer.statistics.Measurement.Measured;
import io.retainer.statistics.Measurement.NotMeasurable;
import io.retainer.statistics.Method;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PurchasesTests {

    private static final LocalDate START = LocalDate.of(2025, 1, 1);

    @Test
    void oneDayIsOnePurchaseAndWhatComesBackIsTakenFromIt() {
        var purchases = new Purchases();
        purchases.add("a", START.plusDays(14), 30);
        purchases.add("a", START, 10);
        purchases.add("a", START.plusDays(14), 20);
        purchases.add("a", START.plusDays(20), -5);
        purchases.add("a", START.plusDays(28), 70);
        purchases.add("b", START.plusDays(40), 1);
        var histories = purchases.histories(START.plusDays(35));
        assertThat(histories).containsExactly(new CustomerHistory("a", 2, 4, 5, 57.5));
        assertThat(purchases.countsAfter(START.plusDays(20), START.plusDays(60)))
                .containsExactly(1);
    }

    @Test
    void whatCameBackWholeWasNoPurchaseOnceItIsBack() {
        var purchases = new Purchases();
        purchases.add("a", START, 10);
        purchases.add("a", START.plusDays(7), 40.1);
        purchases.add("a", START.plusDays(14), 0);
        purchases.add("a", START.plusDays(21), -40.1);
        purchases.add("only", START, -9);
        purchases.add("same day", START, 0.3);
        purchases.add("same day", START, -0.1);
        purchases.add("same day", START, -0.2);
        purchases.add("all", START, 25);
        purchases.add("all", START.plusDays(30), -100);
        assertThat(purchases.histories(START.plusDays(14)))
                .as("before it is back")
                .containsExactly(new CustomerHistory("a", 2, 2, 2, 20.05), new CustomerHistory("all", 0, 0, 2, 0));
        assertThat(purchases.histories(START.plusDays(35)))
                .as("a gift of no price is not taken back for money")
                .containsExactly(new CustomerHistory("a", 1, 2, 5, 0));
        assertThat(purchases.countsAfter(START.plusDays(14), START.plusDays(35)))
                .as("one count for each history of that day")
                .containsExactly(0, 0);
    }

    @Test
    void oneGiantSaysNothingAboutTheOthers() {
        var purchases = new Purchases();
        var random = new Random(5);
        for (int i = 0; i < 300; i++) {
            for (int n = 0; n < 1 + i % 4; n++) {
                purchases.add(
                        "c" + i, START.plusDays(random.nextInt(300)), i == 7 && n == 0 ? 0 : 10 + random.nextInt(90));
            }
        }
        purchases.add("c7", START.plusDays(301), 1e9);
        var end = START.plusDays(301);
        var basis = new Basis("orders", end, 0, Method.BG_NBD);
        no(GammaGamma.fit(purchases.histories(end), basis), "statistics.value.oneDecides");
    }

    @Test
    void equalAmountsCorrelateWithNothing() {
        assertThat(Correlation.of(new double[] {1, 2, 3}, new double[] {0.1 + 0.2, 0.3, 0.3}))
                .isNaN();
        assertThat(Correlation.of(new double[] {1, 2, 3}, new double[] {2, 4, 6}))
                .isCloseTo(1, within(1e-12));
        var alike = new double[60];
        java.util.Arrays.fill(alike, 0.7);
        no(
                HoldOut.compare(alike, new int[] {1}, 4, new Basis("orders", START, 60, Method.BG_NBD)),
                "statistics.tooFew");
        var bought = new int[60];
        bought[3] = 2;
        no(
                HoldOut.compare(alike, bought, 4, new Basis("orders", START, 60, Method.BG_NBD)),
                "statistics.value.allAlike");
    }

    /** Equal values never get two scores, whatever the data. */
    @Test
    void tiesAreNeverSplit() {
        var random = new Random(1);
        for (int round = 0; round < 50; round++) {
            var values = new double[200];
            int kinds = 1 + random.nextInt(12);
            for (int i = 0; i < values.length; i++) {
                values[i] = random.nextInt(kinds) * (random.nextInt(4) == 0 ? 1 : 0);
            }
            var scores = Rfm.scores(values, round % 2 == 0);
            var scoreOf = new HashMap<Double, Integer>();
            for (int i = 0; i < values.length; i++) {
                assertThat(scoreOf.merge(values[i], scores[i], (old, now) -> old.equals(now) ? old : -1))
                        .isBetween(1, 5);
            }
        }
        var distinct = new double[100];
        for (int i = 0; i < 100; i++) {
            distinct[i] = i;
        }
        assertThat(Rfm.scores(distinct, false)).startsWith(1, 1).endsWith(5, 5);
        assertThat(Rfm.scores(distinct, true)).startsWith(5, 5).endsWith(1, 1);
    }

    @Test
    void rfmSaysItsBoundariesAndWhenAScoreIsCrowded() {
        var purchases = new Purchases();
        for (int i = 0; i < 100; i++) {
            purchases.add("c" + i, START.plusDays(i), 10 + i);
            if (i >= 70) {
                purchases.add("c" + i, START.plusDays(i + 5), 10);
            }
        }
        var found = Rfm.of(purchases, START.plusDays(120), "made up");
        var rfm = measured(found);
        assertThat(rfm.frequency().bands()).hasSize(2);
        assertThat(((Measured<Rfm>) found).cautions())
                .anyMatch(caution -> caution.key().equals("statistics.rfm.crowded.frequency"));
        int counted =
                rfm.recency().bands().stream().mapToInt(Rfm.Band::customers).sum();
        assertThat(counted).isEqualTo(100);
        var codes = new HashSet<String>();
        rfm.customers().forEach(customer -> codes.add(customer.code()));
        assertThat(codes).allMatch(code -> code.matches("[1-5]{3}"));
        assertThat(Rfm.of(purchases, START.plusDays(10), "made up")).isInstanceOf(NotMeasurable.class);
    }

    @Test
    void cohortsLeaveOutWhatHasNotHappenedYet() {
        var purchases = new Purchases();
        for (int i = 0; i < 60; i++) {
            purchases.add("jan" + i, START, 1);
            if (i < 30) {
                purchases.add("jan" + i, START.plusMonths(1), 1);
            }
            if (i < 15) {
                purchases.add("jan" + i, START.plusMonths(2), 1);
            }
            if (i < 25) {
                purchases.add("feb" + i, START.plusMonths(1), 1);
            }
            if (i < 5) {
                purchases.add("feb" + i, START.plusMonths(2), 1);
                purchases.add("mar" + i, START.plusMonths(2), 1);
            }
        }
        var cohorts = measured(Cohorts.of(purchases, START, LocalDate.of(2025, 4, 10), "made up"));
        assertThat(cohorts.cohorts()).hasSize(3);
        var january = cohorts.cohorts().getFirst();
        assertThat(january.retention()).hasSize(2);
        assertThat(january.retention().getFirst().share()).isEqualTo(.5);
        // February was observed for one month more, March for none, and the month of April has not ended.
        assertThat(cohorts.cohorts().get(1).retention()).hasSize(1);
        assertThat(cohorts.cohorts().get(2).retention()).isEmpty();
        assertThat(cohorts.curve().getFirst().active()).isEqualTo(35);
        assertThat(cohorts.curve().getFirst().size()).isEqualTo(85);
        assertThat(Cohorts.of(purchases, START, LocalDate.of(2025, 1, 31), "made up"))
                .isInstanceOf(NotMeasurable.class);
    }

    @Test
    void theChangeOfSpendingIsTheSumOfItsParts() {
        var random = new Random(2);
        var purchases = new Purchases();
        purchases.add("first", START, 1);
        for (int i = 0; i < 500; i++) {
            int bought = 1 + random.nextInt(4);
            for (int j = 0; j < bought; j++) {
                purchases.add("c" + i, START.plusDays(random.nextInt(365)), random.nextInt(100));
            }
        }
        var change = measured(Change.between(purchases, START.plusDays(180), START.plusDays(360), 90, "made up"));
        double parts = change.stayed().change()
                + change.lapsed().change()
                + change.arrived().change()
                + change.returned().change();
        assertThat(change.spentLater() - change.spentEarlier()).isEqualTo(parts, within(1e-9));
        assertThat(change.keptInterval().contains(change.kept())).isTrue();
        assertThat(change.stayed().customers() + change.lapsed().customers()).isPositive();
        no(Change.between(purchases, START.plusDays(180), START.plusDays(200), 90, "x"), "statistics.change.overlap");
        no(Change.between(purchases, START.plusDays(50), START.plusDays(360), 90, "x"), "statistics.change.tooEarly");
    }

    /** A day that has not been observed is no day on which everybody stayed away. */
    @Test
    void whatLiesBehindTheDataIsNoChange() {
        var purchases = new Purchases();
        for (int i = 0; i < 60; i++) {
            purchases.add("c" + i, START.plusDays(i % 30), 10);
            purchases.add("c" + i, START.plusDays(60 + i % 30), 10);
        }
        var end = purchases.to();
        measured(Change.between(purchases, START.plusDays(29), end, 30, "orders"));
        no(Change.between(purchases, START.plusDays(29), end.plusDays(1), 30, "orders"), "statistics.change.tooLate");
        no(Migration.between(purchases, START.plusDays(29), end.plusYears(5), "orders"), "statistics.change.tooLate");
    }

    private static void no(Measurement<?> found, String key) {
        assertThat(found)
                .isInstanceOfSatisfying(
                        NotMeasurable.class, not -> assertThat(not.why().key()).isEqualTo(key));
    }
}
