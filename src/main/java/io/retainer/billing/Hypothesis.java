package io.retainer.billing;

import io.retainer.contract.TermKey;
import io.retainer.kernel.Money;
import io.retainer.kernel.Refused;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One thing a person supposes about a contract. It has a short form, {@code paid~3~2025-05-20~100000.00}, in which it
 * stands in an address or a row; dates are days in the contract's zone.
 */
sealed interface Hypothesis {

    LocalDate FIRST_DAY = LocalDate.of(1990, 1, 1);
    LocalDate LAST_DAY = LocalDate.of(2199, 12, 31);
    int LONGEST_VALUE = 200;

    /** The short form; {@link #parse} gives it back. */
    String coded();

    /**
     * The instalment is paid on that day instead of when it really was or was not.
     *
     * @param amount null for all of it
     */
    record Paid(int instalment, LocalDate on, @Nullable Money amount) implements Hypothesis {

        @Override
        public String coded() {
            return code(
                    "paid", instalment, on, amount == null ? "" : amount.yuan().toPlainString());
        }
    }

    /** Nothing is ever paid towards the instalment. */
    record NotPaid(int instalment) implements Hypothesis {

        @Override
        public String coded() {
            return code("unpaid", instalment);
        }
    }

    /** A demand for the instalment arrives on that day (I-3.3a). */
    record Demanded(int instalment, LocalDate on) implements Hypothesis {

        @Override
        public String coded() {
            return code("demanded", instalment, on);
        }
    }

    /**
     * The provider suspends the service (I-3.3a).
     *
     * @param until the day of its resumption, or null while it lasts
     */
    record Stopped(LocalDate on, @Nullable LocalDate until) implements Hypothesis {

        @Override
        public String coded() {
            return code("suspended", on, until == null ? "" : until);
        }
    }

    /**
     * Force majeure hinders the payment of the instalment and is accepted for it (I-5.3).
     *
     * @param until the day it is over, or null while it lasts
     */
    record Hindered(int instalment, LocalDate on, @Nullable LocalDate until) implements Hypothesis {

        @Override
        public String coded() {
            return code("hindered", instalment, on, until == null ? "" : until);
        }
    }

    /** A supplementary agreement changes one term from that day on (I-7.2); those of one day are one agreement. */
    record Changed(LocalDate from, TermKey term, String value) implements Hypothesis {

        @Override
        public String coded() {
            return code("amended", from, term.id(), value);
        }
    }

    private static String code(Object... parts) {
        return String.join("~", Arrays.stream(parts).map(String::valueOf).toList());
    }

    /** @throws Refused when it is no hypothesis */
    static Hypothesis parse(String coded) {
        var parts = new ArrayList<>(List.of(coded.split("~", 4)));
        while (parts.size() < 4) {
            parts.add("");
        }
        return switch (parts.getFirst()) {
            case "paid" -> new Paid(number(parts.get(1)), day(parts.get(2), "on"), amount(parts.get(3)));
            case "unpaid" -> new NotPaid(number(parts.get(1)));
            case "demanded" -> new Demanded(number(parts.get(1)), day(parts.get(2), "on"));
            case "suspended" -> {
                var on = day(parts.get(1), "on");
                yield new Stopped(on, until(parts.get(2), on));
            }
            case "hindered" -> {
                var on = day(parts.get(2), "on");
                yield new Hindered(number(parts.get(1)), on, until(parts.get(3), on));
            }
            case "amended" -> new Changed(day(parts.get(1), "on"), term(parts.get(2)), value(parts.get(3)));
            default -> throw Refused.field("kind", "billing.whatIf.noKind");
        };
    }

    private static int number(String typed) {
        try {
            return Integer.parseInt(typed.strip());
        } catch (NumberFormatException _) {
            throw Refused.field("instalment", "billing.whatIf.noInstalment");
        }
    }

    private static LocalDate day(String typed, String field) {
        try {
            var day = LocalDate.parse(typed.strip());
            if (!day.isBefore(FIRST_DAY) && !day.isAfter(LAST_DAY)) {
                return day;
            }
        } catch (DateTimeException _) {
            // said below
        }
        throw Refused.field(field, "billing.whatIf.noDay", FIRST_DAY, LAST_DAY);
    }

    private static @Nullable LocalDate until(String typed, LocalDate on) {
        if (typed.isBlank()) {
            return null;
        }
        var until = day(typed, "until");
        if (!until.isAfter(on)) {
            throw Refused.field("until", "billing.whatIf.untilBefore", on, until);
        }
        return until;
    }

    private static @Nullable Money amount(String typed) {
        if (typed.isBlank()) {
            return null;
        }
        var amount = BillingController.money("amount", typed.strip());
        if (!amount.isPositive()) {
            throw Refused.field("amount", "billing.payment.notPositive", amount);
        }
        return amount;
    }

    private static TermKey term(String id) {
        try {
            return TermKey.of(id);
        } catch (IllegalArgumentException _) {
            throw Refused.field("term", "billing.whatIf.noTerm");
        }
    }

    private static String value(String typed) {
        if (typed.isBlank() || typed.length() > LONGEST_VALUE) {
            throw Refused.field("value", "billing.whatIf.noValue", LONGEST_VALUE);
        }
        return typed.strip();
    }
}
