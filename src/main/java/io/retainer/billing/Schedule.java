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
import java.util.Set;
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
     * @param wanted what nobody agreed to is left out, see {@link ContractTerms#binding}
     * @param effective when the contract took effect, or null before it was signed: then G-12d does not apply
     * @throws Refused when the terms do not yield a schedule, naming the amounts or numbers that disagree
     */
    public static Schedule of(ContractTerms wanted, @Nullable Instant effective, WorkCalendar calendar) {
        var terms = wanted.binding();
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

    /**
     * The lines after an amendment: what is frozen, then the rest of the new total over the rest of the new term.
     *
     * @param frozen the first lines, which stay
     * @throws Refused when the new terms do not fit what is frozen
     */
    static List<Instalment> amended(List<Instalment> frozen, ContractTerms terms, WorkCalendar calendar) {
        int count = terms.fee().instalments();
        int kept = frozen.size();
        var held = Money.sum(frozen.stream().map(Instalment::amount).toList());
        var rest = terms.fee().total().minus(held);
        var lines = terms.fee().schedule();
        if (count < kept || (count == kept && !rest.isZero()) || (count > kept && !rest.isPositive())) {
            throw Refused.field(
                    "fee.total",
                    "billing.schedule.frozen",
                    kept,
                    held,
                    count,
                    terms.fee().total());
        }
        if (!lines.isEmpty()) {
            if (lines.size() != count) {
                throw Refused.field("fee.schedule", "billing.schedule.lines", lines.size(), count);
            }
            for (int i = 0; i < kept; i++) {
                if (!lines.get(i).amount().equals(frozen.get(i).amount())) {
                    throw Refused.field(
                            "fee.schedule",
                            "billing.schedule.frozenLine",
                            i + 1,
                            frozen.get(i).amount(),
                            lines.get(i).amount());
                }
            }
        }
        var all = new ArrayList<>(frozen);
        if (count == kept) {
            return all;
        }
        var start = kept == 0 ? terms.term().start() : frozen.getLast().end().plusDays(1);
        var end = terms.term().end();
        int parts = count - kept;
        int months = months(start, end);
        if (start.isAfter(end) || (lines.isEmpty() && parts > months)) {
            throw Refused.field("fee.instalments", "billing.schedule.morePeriodsThanMonths", parts, months);
        }
        var amounts = switch (terms.fee().split()) {
            case RESIDUE_TO_LAST_LINES -> rest.splitResidueToLastLines(parts);
            case RESIDUE_TO_LAST_LINE -> rest.splitResidueToLastLine(parts);
        };
        for (int i = 0; i < parts; i++) {
            var from = start.plusMonths((long) i * months / parts);
            var to = i == parts - 1
                    ? end
                    : start.plusMonths((long) (i + 1) * months / parts).minusDays(1);
            var line = lines.isEmpty() ? null : lines.get(kept + i);
            all.add(instalment(
                    kept + i + 1,
                    from,
                    to,
                    line == null ? amounts.get(i) : line.amount(),
                    line == null ? from : line.payBefore(),
                    terms,
                    null,
                    calendar));
        }
        return all;
    }

    /**
     * The lines that an amendment from that day on leaves alone: all up to the last that has begun or was touched.
     *
     * @param touched numbers of instalments that something other than a payment happened to
     */
    static List<Instalment> frozen(Verdict verdict, Set<Integer> touched, LocalDate from) {
        int last = 0;
        for (var one : verdict.instalments()) {
            boolean stays = one.paid().isPositive()
                    || one.overpaid().isPositive()
                    || !one.disputed().isZero()
                    || one.state().isOverdue()
                    || one.state() == InstalmentState.WAIVED
                    || touched.contains(one.number());
            if (stays || one.instalment().start().isBefore(from)) {
                last = one.number();
            }
        }
        return verdict.instalments().subList(0, last).stream()
                .map(Verdict.InstalmentVerdict::instalment)
                .toList();
    }

    /** Whether two lines ask for the same money for the same days by the same moment. */
    static boolean same(Instalment one, Instalment other) {
        return one.amount().equals(other.amount())
                && one.start().equals(other.start())
                && one.end().equals(other.end())
                && one.due().equals(other.due());
    }

    private static int months(LocalDate start, LocalDate end) {
        int months = 0;
        while (!start.plusMonths(months).isAfter(end)) {
            months++;
        }
        return months;
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
        // The first instalment never falls due sooner after the signing; of the others only those that were due by
        // then.
        if (effective != null
                && (number == 1
                        || !effective.isBefore(
                                payBefore.atStartOfDay(terms.zone()).toInstant()))) {
            var signed = effective.atZone(terms.zone()).toLocalDate();
            var floor = calendar.plusWorkdays(signed, terms.due().firstFloorWorkdays());
            if (floor.date().isAfter(payBefore)) {
                floored = floor.date();
                notes.add(Sentence.of(
                        signed.isBefore(payBefore) ? "billing.schedule.flooredEarly" : "billing.schedule.floored",
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
