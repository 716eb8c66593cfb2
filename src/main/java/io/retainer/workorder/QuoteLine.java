package io.retainer.workorder;

import io.retainer.kernel.Money;
import java.math.BigDecimal;

/**
 * A line of a quote.
 *
 * @param quantity such as hours; at most three decimals
 * @param unit price of one, tax included
 * @param ratePercent of the tax in it
 */
public record QuoteLine(String text, BigDecimal quantity, Money unit, BigDecimal ratePercent) {

    /** The amount of the line is rounded once, half up. */
    Price price() {
        return Price.including(Money.rounded(unit.yuan().multiply(quantity)), ratePercent);
    }
}
