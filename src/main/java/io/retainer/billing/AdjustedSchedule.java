package io.retainer.billing;

import io.retainer.billing.BillingFact.ForceMajeure;
import io.retainer.billing.BillingFact.ForceMajeureOver;
import io.retainer.billing.BillingFact.InstalmentRaised;
import io.retainer.kernel.Money;
import io.retainer.kernel.Sentence;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Stream;

/** What happened since to the lines that were agreed: other work raised an amount, or force majeure put a day off. */
final class AdjustedSchedule {

    private AdjustedSchedule() {}

    /**
     * @param facts in the order in which they happened
     * @param asOf until when a hindrance that is not over has lasted
     */
    static Schedule of(Schedule agreed, List<BillingFact> facts, Instant asOf, ZoneId zone) {
        boolean raised = facts.stream().anyMatch(InstalmentRaised.class::isInstance);
        boolean hindered = facts.stream().anyMatch(ForceMajeure.class::isInstance);
        if (!raised && !hindered) {
            return agreed;
        }
        return new Schedule(
                agreed.instalments().stream()
                        .map(one -> raised ? raised(one, facts) : one)
                        .map(one -> hindered ? relieved(one, facts, asOf, zone) : one)
                        .toList(),
                agreed.concluded(),
                agreed.notes());
    }

    /** What other work adds to an instalment is owed with it, by the same day. */
    private static Instalment raised(Instalment one, List<BillingFact> facts) {
        var more = Money.sum(facts.stream()
                .<Money>mapMulti((fact, next) -> {
                    if (fact instanceof InstalmentRaised raised && raised.instalment() == one.number()) {
                        next.accept(raised.amount());
                    }
                })
                .toList());
        return more.isZero()
                ? one
                : new Instalment(
                        one.number(),
                        one.start(),
                        one.end(),
                        one.amount().plus(more),
                        one.lastDay(),
                        one.due(),
                        noted(one, Sentence.of("billing.schedule.raised", one.amount(), more)));
    }

    /**
     * Where force majeure was accepted for a payment and began before it was due, the payment is due once the hindrance
     * is over; what began after the delay relieves of nothing (Civil Code 590 ¶2).
     */
    private static Instalment relieved(Instalment one, List<BillingFact> facts, Instant asOf, ZoneId zone) {
        var lastDay = one.lastDay();
        Sentence note = null;
        for (var fact : facts) {
            if (fact instanceof ForceMajeure hindrance
                    && hindrance.instalment() == one.number()
                    && hindrance.at().isBefore(firstLateInstant(lastDay, zone))) {
                var over = facts.stream()
                        .filter(other -> other instanceof ForceMajeureOver end
                                && end.instalment() == one.number()
                                && end.at().isAfter(hindrance.at()))
                        .map(BillingFact::at)
                        .findFirst();
                var until = over.orElse(asOf).atZone(zone).toLocalDate();
                long days = shareOf(ChronoUnit.DAYS.between(lastDay, until), hindrance.relief());
                if (days > 0) {
                    lastDay = lastDay.plusDays(days);
                    if (hindrance.relief() < 100) {
                        note = Sentence.of(
                                "billing.schedule.relievedPartly", hindrance.at(), hindrance.relief(), lastDay);
                    } else {
                        note = over.isPresent()
                                ? Sentence.of("billing.schedule.relievedUntil", hindrance.at(), until)
                                : Sentence.of("billing.schedule.relieved", hindrance.at());
                    }
                }
            }
        }
        return note == null
                ? one
                : new Instalment(
                        one.number(),
                        one.start(),
                        one.end(),
                        one.amount(),
                        lastDay,
                        firstLateInstant(lastDay, zone),
                        noted(one, note));
    }

    /** Of the hindered days, those that do not count; half a day and more is a day. */
    private static long shareOf(long days, int relief) {
        return Math.floorDiv(days * relief + 50, 100);
    }

    private static Instant firstLateInstant(LocalDate lastDay, ZoneId zone) {
        return lastDay.plusDays(1).atStartOfDay(zone).toInstant();
    }

    private static List<Sentence> noted(Instalment one, Sentence note) {
        return Stream.concat(one.notes().stream(), Stream.of(note)).toList();
    }
}
