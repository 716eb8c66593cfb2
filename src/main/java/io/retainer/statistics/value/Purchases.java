package io.retainer.statistics.value;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ObjDoubleConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Purchases by customer and day. What one customer buys on one day is one purchase. What comes back is taken from the
 * customer's latest purchases before it: one that came back whole was none, and what no purchase is known for counts
 * nothing. Seen from an earlier day, what came back after that day had not come back yet. Kept as days and amounts in
 * arrays, so that millions fit in memory.
 */
public final class Purchases {

    private static final double DAYS_A_WEEK = 7;
    /** What sums of amounts in binary are off by. */
    private static final double DUST = 1e-9;

    private final Map<String, Days> byCustomer = new LinkedHashMap<>();
    private long firstDay = Long.MAX_VALUE;
    private long lastDay = Long.MIN_VALUE;
    private long rows;

    /** One row of a file or one order. */
    public void add(String customer, LocalDate day, double amount) {
        if (Double.isNaN(amount) || Double.isInfinite(amount)) {
            throw new IllegalArgumentException("Not an amount: " + amount);
        }
        byCustomer.computeIfAbsent(customer, _ -> new Days()).add((int) day.toEpochDay(), amount);
        firstDay = Math.min(firstDay, day.toEpochDay());
        lastDay = Math.max(lastDay, day.toEpochDay());
        rows++;
    }

    public long rows() {
        return rows;
    }

    public int customers() {
        return byCustomer.size();
    }

    public boolean isEmpty() {
        return rows == 0;
    }

    /** The day of the first row of all. */
    public LocalDate from() {
        return LocalDate.ofEpochDay(firstDay);
    }

    /** The day of the last row of all. */
    public LocalDate to() {
        return LocalDate.ofEpochDay(lastDay);
    }

    /** The histories of those who had bought by a day, as they stood at its end. */
    public List<CustomerHistory> histories(LocalDate end) {
        var histories = new ArrayList<CustomerHistory>();
        long until = end.toEpochDay();
        byCustomer.forEach((customer, days) -> {
            var history = days.history(customer, until);
            if (history != null) {
                histories.add(history);
            }
        });
        return histories;
    }

    /** Purchases after one day until the end of another, of those and in the order of {@link #histories}. */
    public int[] countsAfter(LocalDate end, LocalDate until) {
        var counts = new ArrayList<Integer>();
        for (var days : byCustomer.values()) {
            if (days.asOf(end.toEpochDay()).count(Integer.MIN_VALUE / 2, end.toEpochDay()) > 0) {
                counts.add(days.asOf(until.toEpochDay()).count(end.toEpochDay() + 1, until.toEpochDay()));
            }
        }
        return counts.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Every customer with the days of purchase, ascending, as they stood at the end of a day. */
    void forEach(LocalDate end, Visitor visitor) {
        byCustomer.forEach((customer, days) -> {
            var seen = days.asOf(end.toEpochDay());
            if (seen.size > 0) {
                visitor.visit(customer, seen);
            }
        });
    }

    /** Sees one customer after another. */
    interface Visitor {
        void visit(String customer, Days days);
    }

    /** The buying days of one customer. */
    static final class Days {

        private int[] day = new int[2];
        private double[] amount = new double[2];
        private int size;
        private boolean settled;
        private boolean returned;

        private void add(int when, double paid) {
            if (settled) {
                throw new IllegalStateException("Purchases are added before they are read");
            }
            if (size == day.length) {
                day = Arrays.copyOf(day, size * 2);
                amount = Arrays.copyOf(amount, size * 2);
            }
            day[size] = when;
            amount[size++] = paid;
        }

        /** Sorts and adds up each day; a day on which all came back is none. */
        private void settle() {
            if (settled) {
                return;
            }
            settled = true;
            var order = new long[size];
            for (int i = 0; i < size; i++) {
                order[i] = ((long) day[i] << 32) | i;
            }
            Arrays.sort(order);
            var days = new int[size];
            var amounts = new double[size];
            int merged = 0;
            for (int i = 0; i < size; ) {
                int today = (int) (order[i] >> 32);
                double total = 0;
                double bought = 0;
                while (i < size && (int) (order[i] >> 32) == today) {
                    double paid = amount[(int) order[i++]];
                    total += paid;
                    bought += Math.max(0, paid);
                }
                boolean back = total < bought;
                if (back && Math.abs(total) <= DUST * bought) {
                    continue;
                }
                returned |= total < 0;
                days[merged] = today;
                amounts[merged++] = total;
            }
            day = Arrays.copyOf(days, merged);
            amount = Arrays.copyOf(amounts, merged);
            size = merged;
        }

        /** With what had come back by then taken from what was bought before. */
        private Days asOf(long until) {
            settle();
            if (!returned) {
                return this;
            }
            var seen = new Days();
            seen.settled = true;
            seen.day = new int[size];
            seen.amount = new double[size];
            for (int i = 0; i < size && day[i] <= until; i++) {
                if (amount[i] >= 0) {
                    seen.day[seen.size] = day[i];
                    seen.amount[seen.size++] = amount[i];
                } else {
                    seen.takeBack(-amount[i]);
                }
            }
            seen.day = Arrays.copyOf(seen.day, seen.size);
            seen.amount = Arrays.copyOf(seen.amount, seen.size);
            return seen;
        }

        /** From the latest on; what cost nothing does not come back for money. */
        private void takeBack(double money) {
            double rest = money;
            int at = size - 1;
            while (at >= 0 && rest > DUST * money) {
                if (amount[at] > rest * (1 + DUST)) {
                    amount[at] -= rest;
                    return;
                }
                if (amount[at] > 0) {
                    rest -= amount[at];
                    System.arraycopy(day, at + 1, day, at, size - at - 1);
                    System.arraycopy(amount, at + 1, amount, at, size - at - 1);
                    size--;
                }
                at--;
            }
        }

        int size() {
            return size;
        }

        int day(int index) {
            return day[index];
        }

        int count(long from, long to) {
            return position(to + 1) - position(from);
        }

        double spent(long from, long to) {
            double sum = 0;
            for (int i = position(from); i < position(to + 1); i++) {
                sum += amount[i];
            }
            return sum;
        }

        void each(ObjDoubleConsumer<LocalDate> visitor) {
            for (int i = 0; i < size; i++) {
                visitor.accept(LocalDate.ofEpochDay(day[i]), amount[i]);
            }
        }

        /** Of the first purchase on that day or later. */
        private int position(long when) {
            int found = Arrays.binarySearch(day, Math.clamp(when, Integer.MIN_VALUE, Integer.MAX_VALUE));
            return found < 0 ? -found - 1 : found;
        }

        private @Nullable CustomerHistory history(String customer, long until) {
            return asOf(until).settledHistory(customer, until);
        }

        private @Nullable CustomerHistory settledHistory(String customer, long until) {
            int bought = position(until + 1);
            if (bought == 0) {
                return null;
            }
            double spent = 0;
            for (int i = 1; i < bought; i++) {
                spent += amount[i];
            }
            return new CustomerHistory(
                    customer,
                    bought - 1,
                    (day[bought - 1] - day[0]) / DAYS_A_WEEK,
                    (until - day[0]) / DAYS_A_WEEK,
                    bought == 1 ? 0 : spent / (bought - 1));
        }
    }
}
