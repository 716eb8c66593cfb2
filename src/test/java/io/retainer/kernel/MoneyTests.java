package io.retainer.kernel;

import static java.util.Collections.nCopies;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MoneyTests {

    @ParameterizedTest(name = "{0} / {1} = {2} × {3} + {4} × {5}")
    @CsvSource(delimiter = '|', textBlock = """
            1,000,000.00 | 12 | 83,333.33  | 8  | 83,333.34  | 4
            100,000.00   | 3  | 33,333.33  | 2  | 33,333.34  | 1
            360,000.00   | 7  | 51,428.57  | 6  | 51,428.58  | 1
            1,200,000.00 | 12 | 100,000.00 | 12 | 0          | 0
            """)
    void instalmentSplitsPutTheResidueOnTheLastLines(
            String total, int parts, String first, int firstCount, String last, int lastCount) {
        var lines = Money.of(total).splitResidueToLastLines(parts);
        assertThat(lines).isEqualTo(lines(first, firstCount, last, lastCount));
        assertThat(Money.sum(lines)).isEqualTo(Money.of(total));
    }

    @Test
    void allOfTheResidueMayGoToTheLastLine() {
        assertThat(Money.of("1,000,000.00").splitResidueToLastLine(12))
                .isEqualTo(lines("83,333.33", 11, "83,333.37", 1));
    }

    @Test
    void e12ThreeLiablePartiesByLargestRemainder() {
        assertThat(Money.of("100,000.01").allocate(1, 1, 1))
                .containsExactly(Money.of("33,333.34"), Money.of("33,333.34"), Money.of("33,333.33"));
    }

    @Test
    void e10SeventyToThirty() {
        assertThat(Money.of("45,000.00").allocate(70, 30))
                .containsExactly(Money.of("31,500.00"), Money.of("13,500.00"));
    }

    @Test
    void partsAlwaysAddUp() {
        long seed = System.nanoTime();
        System.out.println("MoneyTests seed " + seed);
        var random = new SplittableRandom(seed);
        for (int i = 0; i < 20_000; i++) {
            var amount = Money.ofFen(random.nextLong(-1_000_000_000_000L, 1_000_000_000_000L));
            int parts = random.nextInt(1, 40);
            assertThat(Money.sum(amount.splitResidueToLastLines(parts))).isEqualTo(amount);
            assertThat(Money.sum(amount.splitResidueToLastLine(parts))).isEqualTo(amount);
            var weights = random.longs(parts, 0, 1000).toArray();
            weights[0]++;
            assertThat(Money.sum(amount.allocate(weights))).isEqualTo(amount);
        }
    }

    @Test
    void e10ToE12SharesAlwaysAddUp() {
        assertThat(Money.of("45000").allocate(70, 30)).containsExactly(Money.of("31500"), Money.of("13500"));
        assertThat(Money.of("86733.33").allocate(70, 30)).containsExactly(Money.of("60713.33"), Money.of("26020"));
        assertThat(Money.of("100000.01").allocate(1, 1, 1))
                .containsExactly(Money.of("33333.34"), Money.of("33333.34"), Money.of("33333.33"));
    }

    @Test
    void e9RoundsOnceAndHalfUp() {
        assertThat(Money.rounded(new BigDecimal("1344.366615"))).isEqualTo(Money.of("1,344.37"));
        assertThat(Money.rounded(new BigDecimal("5.005"))).isEqualTo(Money.of("5.01"));
    }

    @Test
    void refusesAFractionOfAFenAndOverflowsLoudly() {
        assertThatThrownBy(() -> Money.of("1.005")).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> Money.ofFen(Long.MAX_VALUE).plus(Money.ofFen(1)))
                .isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> Money.ZERO.allocate(0, 0)).hasMessageContaining("above zero");
        assertThatThrownBy(() -> Money.ZERO.splitResidueToLastLines(0)).hasMessageContaining("at least one");
    }

    @Test
    void isPrintedWithSeparators() {
        assertThat(Money.of("1200000")).hasToString("¥1,200,000.00");
        assertThat(Money.of("-0.05").formatted()).isEqualTo("-0.05");
    }

    private static List<Money> lines(String first, int firstCount, String last, int lastCount) {
        var lines = new ArrayList<>(nCopies(firstCount, Money.of(first)));
        lines.addAll(nCopies(lastCount, Money.of(last)));
        return lines;
    }
}
