package io.retainer.workorder;

import io.retainer.kernel.Money;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Collection;

/** A price and the tax in it; the two parts always add up to the whole. */
public record Price(Money net, Money tax, Money gross) {

    static final Price NOTHING = new Price(Money.ZERO, Money.ZERO, Money.ZERO);

    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

    public Price {
        if (!net.plus(tax).equals(gross) || net.isNegative() || tax.isNegative()) {
            throw new IllegalArgumentException("Net " + net + " and tax " + tax + " are not " + gross);
        }
    }

    /**
     * A gross amount split by the rate of the tax it includes: net = gross ÷ (1 + rate), rounded half up once; the tax is
     * the rest (facts.md §2.6).
     */
    static Price including(Money gross, BigDecimal ratePercent) {
        var divisor = BigDecimal.ONE.add(ratePercent.divide(HUNDRED));
        var net = Money.rounded(gross.yuan().divide(divisor, 12, RoundingMode.HALF_UP));
        return new Price(net, gross.minus(net), gross);
    }

    static Price sum(Collection<Price> prices) {
        return prices.stream()
                .reduce(
                        NOTHING,
                        (a, b) -> new Price(
                                a.net().plus(b.net()),
                                a.tax().plus(b.tax()),
                                a.gross().plus(b.gross())));
    }
}
