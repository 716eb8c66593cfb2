package io.retainer.billing;

import io.retainer.kernel.Money;
import io.retainer.kernel.Sentence;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;

/**
 * One line of the payment schedule: the fee of one service period (I-3.2a).
 *
 * @param number 1, 2, … in the order of the periods
 * @param start first day of the service period
 * @param end its last day, inclusive
 * @param lastDay the last day on which a payment is still in time
 * @param due the first instant that is late: the day after {@code lastDay} begins, in the contract's zone
 * @param notes why the due instant is what it is, and warnings
 */
public record Instalment(
        int number,
        LocalDate start,
        LocalDate end,
        Money amount,
        LocalDate lastDay,
        Instant due,
        List<Sentence> notes) {

    public Instalment {
        notes = List.copyOf(notes);
    }

    /** The first day of delay if nothing is paid. */
    public LocalDate firstLateDay() {
        return lastDay.plusDays(1);
    }
}
