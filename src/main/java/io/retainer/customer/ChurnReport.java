package io.retainer.customer;

import io.retainer.statistics.churn.Assessment;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who is likely to leave.
 *
 * @param horizon within how many days; 0 when what was learned is only what the labels say, whenever it happened
 * @param from behaviour until this day was looked at, and who left after it until {@code until}; null with no horizon
 * @param learned customers that were learned from
 * @param left how many of them left
 * @param scored customers that were given a risk
 * @param check of risks given to customers the model had not seen; without it there are no risks
 * @param drivers the fields that move risks most, first
 */
public record ChurnReport(
        int horizon,
        @Nullable LocalDate from,
        @Nullable LocalDate until,
        int learned,
        int left,
        long scored,
        Found<Assessment> check,
        List<Driver> drivers) {

    public ChurnReport {
        drivers = List.copyOf(drivers);
    }

    /** @param weight the mean, over customers, of how far the field moves the logarithm of the odds either way */
    public record Driver(String field, double weight) {}

    /** What one field adds to the logarithm of the odds of one customer, against the average customer. */
    public record Reason(String field, String value, double logOdds) {}
}
