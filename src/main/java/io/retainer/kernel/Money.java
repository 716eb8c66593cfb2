package io.retainer.kernel;

import java.io.Serializable;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * An amount of renminbi in whole fen (分). Arithmetic is exact and overflows loudly; the only rounding is
 * {@link #rounded}, done once per claim line (worked-examples.md, rounding rule).
 *
 * @param fen hundredths of a yuan; negative on refunds and credit postings
 */
public record Money(long fen) implements Comparable<Money>, Serializable {

    public static final Money ZERO = new Money(0);

    public static Money ofFen(long fen) {
        return new Money(fen);
    }

    /**
     * @param yuan such as {@code "1,200,000.00"} or {@code "86733.33"}: at most two decimals, commas allowed
     * @throws IllegalArgumentException when it is no number or has more than two decimals
     */
    public static Money of(String yuan) {
        return of(new BigDecimal(yuan.replace(",", "").strip()));
    }

    /** @throws ArithmeticException when the amount has a fraction of a fen */
    public static Money of(BigDecimal yuan) {
        return new Money(yuan.movePointRight(2).longValueExact());
    }

    /** The one rounding of a claim line: to the fen, half up. */
    public static Money rounded(BigDecimal yuan) {
        return new Money(
                yuan.setScale(2, RoundingMode.HALF_UP).movePointRight(2).longValueExact());
    }

    public BigDecimal yuan() {
        return BigDecimal.valueOf(fen, 2);
    }

    public Money plus(Money other) {
        return new Money(Math.addExact(fen, other.fen));
    }

    public Money minus(Money other) {
        return new Money(Math.subtractExact(fen, other.fen));
    }

    public Money negated() {
        return new Money(Math.negateExact(fen));
    }

    public boolean isZero() {
        return fen == 0;
    }

    public boolean isPositive() {
        return fen > 0;
    }

    public boolean isNegative() {
        return fen < 0;
    }

    public static Money min(Money a, Money b) {
        return a.fen <= b.fen ? a : b;
    }

    public static Money max(Money a, Money b) {
        return a.fen >= b.fen ? a : b;
    }

    public static Money sum(Iterable<Money> amounts) {
        var total = ZERO;
        for (var amount : amounts) {
            total = total.plus(amount);
        }
        return total;
    }

    /**
     * Equal parts that add up exactly; the fen that do not divide go one each to the last parts:
     * 1,000,000.00 / 12 = 83,333.33 × 8 + 83,333.34 × 4.
     */
    public List<Money> splitResidueToLastLines(int parts) {
        requireParts(parts);
        long share = Math.floorDiv(fen, (long) parts);
        int residue = Math.toIntExact(Math.floorMod(fen, (long) parts));
        return IntStream.range(0, parts)
                .mapToObj(i -> new Money(i >= parts - residue ? share + 1 : share))
                .toList();
    }

    /** Equal parts, all of the residue on the last: 1,000,000.00 / 12 = 83,333.33 × 11 + 83,333.37. */
    public List<Money> splitResidueToLastLine(int parts) {
        requireParts(parts);
        long share = Math.floorDiv(fen, (long) parts);
        return IntStream.range(0, parts)
                .mapToObj(i -> new Money(i == parts - 1 ? fen - share * (parts - 1L) : share))
                .toList();
    }

    /**
     * Parts in proportion to the weights that add up exactly, by largest remainder; ties go to the earlier part
     * (fixed party order A, B, T).
     *
     * @param weights not negative, not all zero
     */
    public List<Money> allocate(long... weights) {
        if (weights.length == 0 || LongStream.of(weights).anyMatch(w -> w < 0)) {
            throw new IllegalArgumentException(
                    "Weights must be given and not be negative: " + Arrays.toString(weights));
        }
        var total = BigDecimal.valueOf(LongStream.of(weights).sum());
        if (total.signum() == 0) {
            throw new IllegalArgumentException("At least one weight must be above zero");
        }
        var shares = new long[weights.length];
        var remainders = new BigDecimal[weights.length];
        long given = 0;
        for (int i = 0; i < weights.length; i++) {
            var exact = BigDecimal.valueOf(fen).multiply(BigDecimal.valueOf(weights[i]));
            var parts = exact.divideAndRemainder(total);
            var floor = parts[1].signum() < 0 ? parts[0].subtract(BigDecimal.ONE) : parts[0];
            shares[i] = floor.longValueExact();
            remainders[i] = exact.subtract(floor.multiply(total));
            given += shares[i];
        }
        var byRemainder = IntStream.range(0, weights.length)
                .boxed()
                .sorted((a, b) -> remainders[b].compareTo(remainders[a]))
                .limit(fen - given)
                .toList();
        byRemainder.forEach(i -> shares[i]++);
        return LongStream.of(shares).mapToObj(Money::new).toList();
    }

    private static void requireParts(int parts) {
        if (parts < 1) {
            throw new IllegalArgumentException("There must be at least one part, not " + parts);
        }
    }

    @Override
    public int compareTo(Money other) {
        return Long.compare(fen, other.fen);
    }

    /** With thousands separators and two decimals, without a currency sign: {@code 1,200,000.00}. */
    public String formatted() {
        return new DecimalFormat("#,##0.00", DecimalFormatSymbols.getInstance(Locale.ROOT)).format(yuan());
    }

    @Override
    public String toString() {
        return "¥" + formatted();
    }
}
