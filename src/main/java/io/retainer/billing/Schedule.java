package io.retainer.billing;

import io.retainer.contract.ContractTerms;
import io.retainer.contract.ContractTerms.Boundary;
import io.retainer.contract.ContractTerms.HolidayRoll;
import io.retainer.kernel.Money;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.WorkCalendar;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The instalments that follow from the terms (I-3.1c, I-3.2a, III-A3.2).
 *
 * @param concluded the day the contract was concluded; before that is known, the first day of the term
 * @param notes what a reader must know about the schedule as a whole
 */
public record Schedule(List<Instalment> instalments, LocalDate concluded, List<Sentence> notes) {

    public Schedule {
        instalments = List.copyOf(instalments);
        notes = List.copyOf(notes);
    }

    /** @throws Refused when there is no such instalment */
    public Instalment instalment(int number) {
        if (number < 1 || number > instalments.size()) {
            throw Refused.field("instalment", "billing.schedule.noSuchInstalment", number, instalments.size());
        }
        return instalments.get(number - 1);
    }

    /**
     * @param effective when the contract took effect, or null before it was signed: then G-12d does not apply
     * @throws Refused when the terms do not yield a schedule, naming the amounts or numbers that disagree
     */
    public static Schedule of(ContractTerms terms, @Nullable Instant effective, WorkCalendar calendar) {
        var fee = terms.fee();
        int count = fee.instalments();
        int months = terms.term().months();
        if (!fee.total().isPositive()) {
            throw Refused.field("terms.fee.total", "billing.schedule.noFee", fee.total());
        }
        if (count < 1) {
            throw Refused.field("terms.fee.instalments", "billing.schedule.noInstalments", count);
        }
        var notes = new ArrayList<Sentence>();
        var lines = fee.schedule();
        if (!lines.isEmpty()) {
            if (lines.size() != count) {
                throw Refused.field("terms.fee.schedule", "billing.schedule.lines", lines.size(), count);
            }
            var sum = Money.sum(
                    lines.stream().map(ContractTerms.ScheduledLine::amount).toList());
            if (!sum.equals(fee.total())) {
                throw Refused.field(
                        "terms.fee.schedule",
                        "billing.schedule.sum",
                        sum,
                        fee.total(),
                        fee.total().minus(sum));
            }
        } else if (count > months) {
            throw Refused.field("terms.fee.instalments", "billing.schedule.morePeriodsThanMonths", count, months);
        } else if (months % count != 0) {
            notes.add(Sentence.of("billing.schedule.uneven", months, count));
        }
        var amounts = switch (fee.split()) {
            case RESIDUE_TO_LAST_LINES -> fee.total().splitResidueToLastLines(count);
            case RESIDUE_TO_LAST_LINE -> fee.total().splitResidueToLastLine(count);
        };
        var instalments = new ArrayList<Instalment>();
        for (int i = 0; i < count; i++) {
            var start = periodStart(terms, i);
            var end = i == count - 1
                    ? terms.term().end()
                    : periodStart(terms, i + 1).minusDays(1);
            var line = lines.isEmpty() ? null : lines.get(i);
            instalments.add(instalment(
                    i + 1,
                    start,
                    end,
                    line == null ? amounts.get(i) : line.amount(),
                    line == null ? start : line.payBefore(),
                    terms,
                    effective,
                    calendar));
        }
        var concluded = effective == null
                ? terms.term().start()
                : effective.atZone(terms.zone()).toLocalDate();
        return new Schedule(instalments, concluded, notes);
    }

    /** Counted from the first day each time, so that a term that starts on the 31st does not drift. */
    private static LocalDate periodStart(ContractTerms terms, int index) {
        long months = (long) index * terms.term().months() / terms.fee().instalments();
        return terms.term().start().plusMonths(months);
    }

    private static Instalment instalment(
            int number,
            LocalDate start,
            LocalDate end,
            Money amount,
            LocalDate payBefore,
            ContractTerms terms,
            @Nullable Instant effective,
            WorkCalendar calendar) {
        var notes = new ArrayList<Sentence>();
        var floored = payBefore;
        if (effective != null
                && !effective.isBefore(payBefore.atStartOfDay(terms.zone()).toInstant())) {
            var signed = effective.atZone(terms.zone()).toLocalDate();
            var floor = calendar.plusWorkdays(signed, terms.due().firstFloorWorkdays());
            if (floor.date().isAfter(payBefore)) {
                floored = floor.date();
                notes.add(Sentence.of(
                        "billing.schedule.floored",
                        number,
                        signed,
                        payBefore,
                        terms.due().firstFloorWorkdays(),
                        floored));
                addIfAny(notes, floor.warning());
            }
        }
        var lastDay = terms.due().boundary() == Boundary.EXCLUSIVE ? floored.minusDays(1) : floored;
        if (terms.due().holidayRoll() == HolidayRoll.NEXT_WORKDAY) {
            var rolled = calendar.nextWorkday(lastDay);
            if (!rolled.date().equals(lastDay)) {
                notes.add(Sentence.of("billing.schedule.rolled", lastDay, rolled.date()));
                lastDay = rolled.date();
            }
            addIfAny(notes, rolled.warning());
        }
        var due = lastDay.plusDays(1).atStartOfDay(terms.zone()).toInstant();
        return new Instalment(number, start, end, amount, lastDay, due, notes);
    }

    private static void addIfAny(List<Sentence> notes, @Nullable Sentence note) {
        if (note != null) {
            notes.add(note);
        }
    }
}
