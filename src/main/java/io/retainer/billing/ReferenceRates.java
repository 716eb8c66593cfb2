package io.retainer.billing;

import io.retainer.kernel.Refused;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The one-year loan prime rate (LPR-1Y) as dated input with its source. The product ships no values: whoever wants a
 * reading that rests on the LPR says which values and where they were published.
 *
 * @param rates in the order of their dates, no date twice
 */
public record ReferenceRates(List<Rate> rates) {

    public static final ReferenceRates NONE = new ReferenceRates(List.of());

    /**
     * @param from the first day on which it holds; it holds until the next one
     * @param percent per year: 3.1 means 3.1 %
     * @param source where it was published
     */
    public record Rate(LocalDate from, BigDecimal percent, String source) {}

    /** @throws Refused when a date stands twice */
    public ReferenceRates {
        rates = rates.stream().sorted(Comparator.comparing(Rate::from)).toList();
        for (int i = 1; i < rates.size(); i++) {
            if (rates.get(i - 1).from().equals(rates.get(i).from())) {
                throw Refused.field("lpr", "billing.lpr.twice", rates.get(i).from());
            }
        }
    }

    /** The rate in force on a day. */
    public Optional<Rate> on(LocalDate date) {
        return rates.stream().filter(rate -> !rate.from().isAfter(date)).reduce((_, later) -> later);
    }

    /** The days after {@code from} and before {@code to} on which the rate changes. */
    List<LocalDate> changesBetween(LocalDate from, LocalDate to) {
        return rates.stream()
                .map(Rate::from)
                .filter(date -> date.isAfter(from) && date.isBefore(to))
                .toList();
    }
}
