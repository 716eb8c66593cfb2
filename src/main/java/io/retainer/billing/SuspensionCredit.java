package io.retainer.billing;

import io.retainer.billing.BillingFact.Resumed;
import io.retainer.billing.BillingFact.Suspended;
import io.retainer.contract.ContractTerms;
import io.retainer.contract.ContractTerms.SuspensionFee;
import io.retainer.contract.TermKey;
import io.retainer.kernel.Money;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * What is given back for the days on which services stood still (G-14): the fee of the period by its days. The contract
 * prices no service on its own, so each service that can be frozen counts the same; with all of them frozen the whole
 * fee of the day is credited.
 *
 * @param instalment whose period it is
 * @param days frozen
 * @param of days of the period
 * @param services numbers of the frozen services
 * @param among how many could have been frozen
 * @param amount tax included
 * @param net without the value-added tax in it
 * @param vat the tax in it, for the red-letter invoice
 * @param agreed whether both confirmed the rule; else it is a preview
 */
public record SuspensionCredit(
        int instalment,
        int days,
        int of,
        Set<Integer> services,
        int among,
        Money amount,
        Money net,
        Money vat,
        boolean agreed) {

    public SuspensionCredit {
        services = Set.copyOf(services);
    }

    /**
     * @param until the end of the service, or now: a suspension that still runs is counted up to then
     */
    static List<SuspensionCredit> of(
            ContractTerms terms, Schedule schedule, List<? extends BillingFact> facts, Instant until) {
        if (terms.suspension().fee() != SuspensionFee.PRORATA_CREDIT) {
            return List.of();
        }
        // Days that are served after the term are not credited; those of a suspension that outlasts it are.
        boolean servedLater = terms.suspensionExtendsTerm();
        var credits = new ArrayList<SuspensionCredit>();
        Suspended running = null;
        for (var fact : ordered(facts, until)) {
            if (fact instanceof Suspended suspended) {
                running = suspended;
            } else if (running != null) {
                if (!servedLater) {
                    add(credits, terms, schedule, running, fact.at());
                }
                running = null;
            }
        }
        if (running != null) {
            add(credits, terms, schedule, running, until);
        }
        return credits;
    }

    private static List<? extends BillingFact> ordered(List<? extends BillingFact> facts, Instant until) {
        return facts.stream()
                .filter(fact -> fact instanceof Suspended || fact instanceof Resumed)
                .filter(fact -> !fact.at().isAfter(until))
                .sorted(Comparator.comparing(BillingFact::at))
                .toList();
    }

    private static void add(
            List<SuspensionCredit> credits, ContractTerms terms, Schedule schedule, Suspended suspended, Instant to) {
        var first = suspended.at().atZone(terms.zone()).toLocalDate();
        // The day of the resumption is served again.
        var end = to.atZone(terms.zone()).toLocalDate();
        var freezable = terms.suspension().services();
        var frozen = suspended.services().isEmpty() ? freezable : suspended.services();
        for (var instalment : schedule.instalments()) {
            int days = overlap(instalment, first, end);
            int of = days(instalment);
            if (days > 0 && !freezable.isEmpty()) {
                var amount = Money.rounded(instalment
                        .amount()
                        .yuan()
                        .multiply(BigDecimal.valueOf((long) days * frozen.size()))
                        .divide(BigDecimal.valueOf((long) of * freezable.size()), 10, RoundingMode.HALF_UP));
                var net = net(terms, amount);
                credits.add(new SuspensionCredit(
                        instalment.number(),
                        days,
                        of,
                        frozen,
                        freezable.size(),
                        amount,
                        net,
                        amount.minus(net),
                        terms.binds(TermKey.SUSPENSION_FEE)));
            }
        }
    }

    /** Days that suspensions have added to the term, where both agreed to it (G-14b). */
    static int extension(ContractTerms terms, List<? extends BillingFact> facts) {
        if (!terms.suspensionExtendsTerm()) {
            return 0;
        }
        int days = 0;
        Suspended running = null;
        for (var fact : ordered(facts, Instant.MAX)) {
            if (fact instanceof Suspended suspended) {
                running = suspended;
            } else if (running != null) {
                days += Math.toIntExact(ChronoUnit.DAYS.between(
                        running.at().atZone(terms.zone()).toLocalDate(),
                        fact.at().atZone(terms.zone()).toLocalDate()));
                running = null;
            }
        }
        return days;
    }

    /** The amount without the tax in it; one rounding, the tax is the rest. */
    static Money net(ContractTerms terms, Money gross) {
        return terms.fee().vatInclusive()
                ? Money.rounded(gross.yuan()
                        .multiply(BigDecimal.valueOf(100))
                        .divide(BigDecimal.valueOf(100).add(terms.fee().vatRatePercent()), 10, RoundingMode.HALF_UP))
                : gross;
    }

    static int days(Instalment instalment) {
        return Math.toIntExact(ChronoUnit.DAYS.between(instalment.start(), instalment.end()) + 1);
    }

    private static int overlap(Instalment instalment, LocalDate first, LocalDate end) {
        var from = first.isBefore(instalment.start()) ? instalment.start() : first;
        var last = instalment.end().plusDays(1);
        var to = end.isAfter(last) ? last : end;
        return Math.toIntExact(Math.max(0, ChronoUnit.DAYS.between(from, to)));
    }
}
