package io.retainer.workbench;

import io.retainer.kernel.WorkCalendar;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * When to remind of a date (I-3.2a: 15, 7, 3 and 1 working days before it). Pure. A server that slept through several
 * marks reminds once, for the nearest.
 */
final class ReminderRule {

    static final List<Integer> DAYS = List.of(15, 7, 3, 1);

    private ReminderRule() {}

    /**
     * @param days the mark that makes a reminder due
     * @param left working days from today to the last day, that day included
     */
    record Mark(int days, int left) {}

    /**
     * @param last the last day in time
     * @param days the marks the person wants
     * @param given the marks reminded of already
     * @return the reminder that is due today, as a list of none or one
     */
    static List<Mark> due(
            LocalDate today, LocalDate last, Collection<Integer> days, Set<Integer> given, WorkCalendar calendar) {
        if (last.isBefore(today)) {
            return List.of();
        }
        int left = calendar.workdaysBetween(today, last);
        return days.stream()
                .filter(mark -> left <= mark)
                .min(Integer::compare)
                .filter(nearest -> given.stream().noneMatch(mark -> mark <= nearest))
                .map(nearest -> new Mark(nearest, left))
                .stream()
                .toList();
    }
}
