package io.retainer.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.apache.commons.math3.distribution.TDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SampleSizeTests {

    /** As R's power.prop.test says. */
    @ParameterizedTest
    @CsvSource({
        "0.5, 0.75, 0.9, 76.7069301",
        "0.02, 0.025, 0.8, 13808.9249180",
        "0.1, 0.12, 0.8, 3840.8474824",
        "0.2, 0.25, 0.8, 1093.7390458"
    })
    void ofProportions(double p1, double p2, double power, double n) {
        assertThat(SampleSize.ofProportions(p1, p2, power, .05)).isEqualTo(n, within(1e-4));
        assertThat(SampleSize.powerOfProportions(p1, p2, n, .05)).isEqualTo(power, within(1e-8));
    }

    /** As R's power.t.test says. */
    @ParameterizedTest
    @CsvSource({"1, 0.9, 22.0210977", "0.5, 0.8, 63.7657637", "0.2, 0.8, 393.4066562"})
    void ofMeans(double difference, double power, double n) {
        assertThat(SampleSize.ofMeans(difference, 1, power, .05)).isEqualTo(n, within(1e-5));
    }

    @Test
    void theNoncentralDistributionWithoutShiftIsStudents() {
        for (double freedom : new double[] {1, 3.5, 40, 1e5}) {
            for (double t : new double[] {0, .3, 1, 4}) {
                assertThat(NoncentralT.cumulativeProbability(t, freedom, 0))
                        .isEqualTo(new TDistribution(freedom).cumulativeProbability(t), within(1e-10));
            }
        }
        // A large shift must not underflow: half of the mass is near the shift itself.
        assertThat(NoncentralT.cumulativeProbability(60, 1e4, 60)).isBetween(.45, .55);
    }

    @Test
    void noDifferenceNeedsNoAnswer() {
        assertThatThrownBy(() -> SampleSize.ofProportions(.1, .1, .8, .05))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
