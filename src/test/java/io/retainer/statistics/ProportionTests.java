package io.retainer.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProportionTests {

    /** The examples of Newcombe 1998. */
    @ParameterizedTest
    @CsvSource({
        "81, 263, 0.255289, 0.366210, 0.253509, 0.368176, 0.252737, 0.367622",
        "15, 148, 0.062386, 0.160487, 0.059778, 0.164450, 0.057844, 0.161650",
        "0, 20, 0, 0.161125, 0, 0.200453, 0, 0.168433",
        "1, 29, 0.006113, 0.171755, 0.001803, 0.196281, 0.000873, 0.177644",
    })
    void intervalsAreThoseOfTheLiterature(
            int x, int n, double wLow, double wHigh, double ccLow, double ccHigh, double cpLow, double cpHigh) {
        var proportion = new Proportion(x, n);
        is(proportion.wilson(.95), wLow, wHigh);
        is(proportion.wilsonWithContinuity(.95), ccLow, ccHigh);
        is(proportion.clopperPearson(.95), cpLow, cpHigh);
    }

    @Test
    void theEndsStayInsideAndMirrorEachOther() {
        for (int n = 1; n <= 30; n++) {
            for (int x = 0; x <= n; x++) {
                var here = new Proportion(x, n);
                var there = new Proportion(n - x, n);
                for (double level : new double[] {.5, .9, .99}) {
                    mirrored(here.wilson(level), there.wilson(level), here.value());
                    mirrored(here.wilsonWithContinuity(level), there.wilsonWithContinuity(level), here.value());
                    mirrored(here.clopperPearson(level), there.clopperPearson(level), here.value());
                }
            }
        }
    }

    @Test
    void impossibleCountsAreRefused() {
        assertThatThrownBy(() -> new Proportion(3, 2)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Proportion(0, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    /** 100 answers, 50 promoters and 20 detractors: variance .61, standard error .0781025. */
    @Test
    void theNetPromoterScoreHasTheVarianceOfItsAnswers() {
        var score = new NetPromoterScore(50, 30, 20);
        assertThat(score.value()).isEqualTo(.3, within(1e-12));
        assertThat(score.variance()).isEqualTo(.61, within(1e-12));
        assertThat(score.standardError()).isEqualTo(.0781025, within(1e-7));
        is(score.wald(.95), .146922, .453078);
        assertThat(score.adjustedWald(.95).width()).isLessThan(score.wald(.95).width() * 1.02);
    }

    /** The adjusted interval holds the truth about as often as it says, from 30 answers on. */
    @Test
    void theAdjustedIntervalOfTheScoreCoversAsItSays() {
        var random = new Random(5);
        for (int n : new int[] {30, 60, 150}) {
            for (double[] mix : new double[][] {{.5, .2}, {.4, .3}, {.6, .1}}) {
                int covered = 0;
                int tries = 20_000;
                for (int i = 0; i < tries; i++) {
                    int up = 0;
                    int down = 0;
                    for (int j = 0; j < n; j++) {
                        double u = random.nextDouble();
                        up += u < mix[0] ? 1 : 0;
                        down += u >= mix[0] && u < mix[0] + mix[1] ? 1 : 0;
                    }
                    var interval = new NetPromoterScore(up, n - up - down, down).adjustedWald(.95);
                    covered += interval.contains(mix[0] - mix[1]) ? 1 : 0;
                }
                assertThat((double) covered / tries)
                        .as("%d answers, %s of promoters", n, mix[0])
                        .isBetween(.94, .96);
            }
        }
    }

    private static void mirrored(Interval here, Interval there, double value) {
        assertThat(here.low()).isBetween(0.0, 1.0).isLessThanOrEqualTo(value + 1e-12);
        assertThat(here.high()).isBetween(0.0, 1.0).isGreaterThanOrEqualTo(value - 1e-12);
        assertThat(there.low()).isEqualTo(1 - here.high(), within(1e-8));
    }

    private static void is(Interval interval, double low, double high) {
        assertThat(interval.low()).isEqualTo(low, within(1e-6));
        assertThat(interval.high()).isEqualTo(high, within(1e-6));
    }
}
