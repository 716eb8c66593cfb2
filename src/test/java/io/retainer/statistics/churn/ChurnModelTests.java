package io.retainer.statistics.churn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.retainer.statistics.Basis;
import io.retainer.statistics.Measurement;
import io.retainer.statistics.Measurement.Measured;
import io.retainer.statistics.Measurement.NotMeasurable;
import io.retainer.statistics.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChurnModelTests {

    private static final Basis BASIS = new Basis("made up", null, 0, Method.CHURN);
    private static final List<String> FIELDS = List.of("编号", "月数", "套餐", "噪音", "来源", "空");

    @SuppressWarnings("ArrayRecordComponent")
    private record Sample(Records records, boolean[] left, double[] truth) {}

    /** Risk falls with months in no straight line, and depends on the plan; blanks mean something too. */
    private static Sample sample(int size, long seed) {
        var random = new Random(seed);
        var rows = new ArrayList<String[]>();
        var left = new boolean[size];
        var truth = new double[size];
        for (int i = 0; i < size; i++) {
            int months = random.nextInt(60);
            var plan = List.of("基础", "标准", "高级").get(random.nextInt(3));
            boolean blank = random.nextInt(10) == 0;
            double logit = (months < 6 ? 1.2 : months < 30 ? -.5 : -2) + (plan.equals("基础") ? .9 : 0) + (blank ? 1 : 0);
            truth[i] = Logit.probability(logit);
            left[i] = random.nextDouble() < truth[i];
            rows.add(new String[] {
                "K-" + random.nextInt(1_000_000_000),
                Integer.toString(months),
                plan,
                "%.3f".formatted(random.nextGaussian()),
                blank ? "" : "门店",
                ""
            });
        }
        return new Sample(new Records(FIELDS, rows), left, truth);
    }

    @Test
    void risksOfUnseenCustomersRankAndMeanWhatTheySay() {
        var model = measured(
                ChurnModel.train(sample(4_000, 1).records(), sample(4_000, 1).left(), BASIS));
        var unseen = sample(6_000, 2);
        var assessment = measured(Assessment.of(model.risks(unseen.records()), unseen.left(), BASIS));
        var best = measured(Assessment.of(unseen.truth(), unseen.left(), BASIS));
        assertThat(assessment.auroc().value()).isGreaterThan(best.auroc().value() - .01);
        assertThat(assessment.slope()).isBetween(.88, 1.15);
        assertThat(Math.abs(assessment.inTheLarge())).isLessThan(.15);
        assertThat(assessment.brier()).isLessThan(assessment.baseBrier()).isBetween(0.0, best.brier() + .004);
        assertThat(assessment.reliability())
                .filteredOn(tenth -> tenth.interval().contains(tenth.foreseen()))
                .hasSizeGreaterThanOrEqualTo(7);
    }

    @Test
    void reasonsAddUpAndNameWhatMatters() {
        var sample = sample(3_000, 3);
        var model = measured(ChurnModel.train(sample.records(), sample.left(), BASIS));
        var risks = model.risks(sample.records());
        for (int i = 0; i < 50; i++) {
            var risk = model.risk(sample.records().rows().get(i));
            assertThat(risk.probability()).isEqualTo(risks[i], within(1e-9));
            double logit = Logit.of(risk.usual())
                    + risk.reasons().stream()
                            .mapToDouble(ChurnRisk.Reason::logOdds)
                            .sum();
            assertThat(Logit.probability(logit)).isEqualTo(risk.probability(), within(1e-9));
        }
        var fresh = model.risk(new String[] {"K-1", "2", "基础", "0.000", "门店", ""});
        assertThat(fresh.reasons().getFirst().field()).isEqualTo("月数");
        assertThat(fresh.reasons().getFirst().logOdds()).isPositive();
        assertThat(fresh.reasons()).noneMatch(reason -> reason.field().equals("编号"));
    }

    @Test
    void whatCannotHelpIsDroppedAndSaid() {
        var random = new Random(4);
        var rows = new ArrayList<String[]>();
        var left = new boolean[600];
        for (int i = 0; i < left.length; i++) {
            left[i] = random.nextInt(3) == 0;
            rows.add(new String[] {
                Integer.toString(1000 + i),
                "1380013" + (1000 + random.nextInt(9000)) + "",
                "same",
                "2025-0%d-1%d".formatted(1 + random.nextInt(9), random.nextInt(10)),
                "¥1,%03d.50".formatted(random.nextInt(1000)),
                left[i] ? "closed" : "open",
                random.nextInt(2) == 0 ? "n/a" : "12%"
            });
        }
        var fields = List.of("no", "phone", "constant", "day", "money", "status", "half");
        var found = ChurnModel.train(new Records(fields, rows), left, BASIS);
        assertThat(found).isInstanceOf(Measured.class);
        var said = ((Measured<ChurnModel>) found)
                .cautions().stream()
                        .map(caution -> caution.key().replace("statistics.churn.", "") + " "
                                + caution.arguments().getFirst())
                        .toList();
        assertThat(said)
                .contains("dropped.IDENTIFIER no", "dropped.CONSTANT constant", "leak status", "blanks half")
                .doesNotContain("dropped.IDENTIFIER day", "dropped.IDENTIFIER money");
    }

    @Test
    void valuesNeverSeenAreNoError() {
        var sample = sample(1_000, 5);
        var model = measured(ChurnModel.train(sample.records(), sample.left(), BASIS));
        for (var cells : List.of(
                new String[] {"", "", "", "", "", ""},
                new String[] {"x", "1e300", "未见", "-1e300", "未见", "未见"},
                new String[] {"x", "不是数", "基础", "?", "门店", "0"})) {
            assertThat(model.risk(cells).probability()).isStrictlyBetween(0.0, 1.0);
        }
    }

    @Test
    void tooFewWhoLeftIsNoModel() {
        var sample = sample(1_000, 6);
        assertThat(ChurnModel.train(sample.records(), new boolean[1_000], BASIS))
                .isInstanceOf(NotMeasurable.class);
        assertThat(Assessment.of(new double[100], new boolean[100], BASIS)).isInstanceOf(NotMeasurable.class);
        var useless = new ArrayList<String[]>();
        for (int i = 0; i < 1_000; i++) {
            useless.add(new String[] {"same"});
        }
        assertThat(ChurnModel.train(new Records(List.of("x"), useless), sample.left(), BASIS))
                .isInstanceOfSatisfying(
                        NotMeasurable.class, no -> assertThat(no.why().key()).isEqualTo("statistics.churn.noFields"));
    }

    /** The area by counting pairs, ties half; the error by DeLong's own double sum. */
    @Test
    void theAreaAndItsErrorAreThoseOfTheDefinition() {
        var random = new Random(7);
        var risk = new double[120];
        var left = new boolean[120];
        for (int i = 0; i < risk.length; i++) {
            left[i] = i % 3 == 0;
            risk[i] = random.nextInt(20) + (left[i] ? 4 : 0);
        }
        double pairs = 0;
        double won = 0;
        var byGone = new double[120];
        var byStayed = new double[120];
        for (int i = 0; i < risk.length; i++) {
            for (int j = 0; j < risk.length; j++) {
                if (left[i] && !left[j]) {
                    double half = risk[i] > risk[j] ? 1 : risk[i] == risk[j] ? .5 : 0;
                    pairs++;
                    won += half;
                    byGone[i] += half / 80;
                    byStayed[j] += half / 40;
                }
            }
        }
        double area = won / pairs;
        double variance = 0;
        for (int i = 0; i < risk.length; i++) {
            variance += left[i] ? Math.pow(byGone[i] - area, 2) / 39 / 40 : Math.pow(byStayed[i] - area, 2) / 79 / 80;
        }
        var auroc = Auroc.of(risk, left);
        assertThat(auroc.value()).isEqualTo(area, within(1e-12));
        assertThat(auroc.standardError()).isEqualTo(Math.sqrt(variance), within(1e-12));
    }

    static <T> T measured(Measurement<T> found) {
        assertThat(found).isInstanceOf(Measured.class);
        return ((Measured<T>) found).value();
    }

    /** Risks two and a half times as extreme as what happened are told from good ones, and drawn in to what happened. */
    @Test
    void risksThatAreTooExtremeAreDrawnIn() {
        var random = new Random(33);
        int n = 1_000;
        var fair = new double[n];
        var extreme = new double[n];
        var noise = new double[n];
        var left = new boolean[n];
        for (int i = 0; i < n; i++) {
            double logit = random.nextGaussian() - .5;
            fair[i] = Logit.probability(logit);
            extreme[i] = Logit.probability(2.5 * logit + .3);
            noise[i] = Logit.probability(3 * random.nextGaussian());
            left[i] = random.nextDouble() < fair[i];
        }
        assertThat(Recalibration.of(fair, left)).isEqualTo(Recalibration.NONE);
        var drawn = Recalibration.of(extreme, left);
        assertThat(drawn.slope()).isBetween(.25, .6);
        var foldOf = ChurnModel.folds(left, 5, 1);
        var before = measured(Assessment.of(extreme, left, BASIS));
        assertThat(Objects.requireNonNull(before.slopeInterval()).high()).isLessThan(1);
        var after = measured(Assessment.of(Recalibration.crossed(extreme, left, foldOf), left, BASIS));
        assertThat(Objects.requireNonNull(after.slopeInterval()).contains(1)).isTrue();
        assertThat(after.brier()).isLessThan(before.brier());
        assertThat(Recalibration.of(noise, left).slope())
                .as("of noise next to nothing is left")
                .isBetween(0.0, .15);
    }

    @Test
    void aModelThatIsDrawnInStillAddsUp() {
        var data = sample(1_500, 8);
        var model = measured(ChurnModel.train(data.records(), data.left(), BASIS));
        var drawn = new Recalibration(-.2, .4);
        var cells = data.records().rows().get(3);
        var before = model.risk(cells);
        var after = model.drawnIn(drawn).risk(cells);
        assertThat(after.probability()).isEqualTo(drawn.of(before.probability()), within(1e-9));
        assertThat(Logit.of(after.probability()) - Logit.of(after.usual()))
                .isEqualTo(
                        after.reasons().stream()
                                .mapToDouble(ChurnRisk.Reason::logOdds)
                                .sum(),
                        within(1e-9));
        assertThat(model.drawnIn(Recalibration.NONE).risk(cells)).isEqualTo(before);
    }
}
