package io.retainer.billing;

import io.retainer.billing.BillingFact.DefaultConfirmed;
import io.retainer.billing.BillingFact.InstalmentReduced;
import io.retainer.billing.BillingFact.InstalmentWaived;
import io.retainer.billing.BillingFact.PenaltyClaimed;
import io.retainer.contract.ContractTerms;
import io.retainer.contract.TermKey;
import io.retainer.kernel.Money;
import io.retainer.kernel.WorkCalendar;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a verdict rests on, and the questions that every part of it asks: which terms hold, and what is known. */
final class Basis {

    private final TermsByDate versions;
    private final ContractTerms terms;
    private final Schedule schedule;
    private final List<BillingFact> facts;
    private final Instant asOf;
    private final ReferenceRates rates;
    private final WorkCalendar calendar;
    private final Map<TermKey, Instant> agreed = new EnumMap<>(TermKey.class);
    /** The facts by the instalment they are about: with thousands of them, nobody reads them all for each instalment. */
    private final Map<Integer, List<BillingFact>> about = new HashMap<>();

    /**
     * @param schedule with what happened to it, see {@link AdjustedSchedule}
     * @param facts none later than {@code asOf}, in the order in which they happened
     */
    Basis(
            TermsByDate versions,
            Schedule schedule,
            List<BillingFact> facts,
            Instant asOf,
            ReferenceRates rates,
            WorkCalendar calendar) {
        this.versions = versions;
        this.terms = versions.at(asOf).binding();
        this.schedule = schedule;
        this.facts = facts;
        this.asOf = asOf;
        this.rates = rates;
        this.calendar = calendar;
        for (var fact : facts) {
            if (fact instanceof DefaultConfirmed confirmed) {
                agreed.putIfAbsent(confirmed.term(), confirmed.at());
            }
            var number = fact.concerns();
            if (number != null) {
                about.computeIfAbsent(number, _ -> new ArrayList<>()).add(fact);
            }
        }
    }

    /** The same just before one of the facts. */
    Basis before(int index) {
        return new Basis(
                versions, schedule, facts.subList(0, index), facts.get(index).at(), rates, calendar);
    }

    Schedule schedule() {
        return schedule;
    }

    Instant asOf() {
        return asOf;
    }

    LocalDate today() {
        return day(asOf);
    }

    ReferenceRates rates() {
        return rates;
    }

    WorkCalendar calendar() {
        return calendar;
    }

    /** The day of a moment in the contract's zone. */
    LocalDate day(Instant moment) {
        return moment.atZone(terms.zone()).toLocalDate();
    }

    Instant startOf(LocalDate day) {
        return day.atStartOfDay(terms.zone()).toInstant();
    }

    // Terms

    /** Those in force at the moment of the assessment. */
    ContractTerms terms() {
        return terms;
    }

    /** Those in force at that moment. */
    ContractTerms terms(Instant moment) {
        return versions.at(moment).binding();
    }

    /** The terms an instalment is judged by: those of the version in force when it fell due. */
    ContractTerms terms(Instalment instalment) {
        return terms(instalment.due());
    }

    /** Whether both parties had agreed to the value by then: when they signed, or in a supplement since. */
    boolean binds(TermKey key, Instant moment) {
        var since = agreed.get(key);
        return versions.at(moment).binds(key) || (since != null && !since.isAfter(moment));
    }

    /** Since when a supplement binds to a value that the signed version does not, or null. */
    @Nullable
    Instant agreedSince(TermKey key) {
        return !terms.binds(key) && binds(key, asOf) ? agreed.get(key) : null;
    }

    /** The reading by which a penalty for the instalment can be claimed, if one was agreed. */
    Optional<PenaltyReading> reading(Instalment instalment) {
        return PenaltyReading.agreed(terms(instalment));
    }

    // Facts

    List<BillingFact> facts() {
        return facts;
    }

    <F extends BillingFact> Stream<F> facts(Class<F> type) {
        return facts.stream().filter(type::isInstance).map(type::cast);
    }

    <F extends BillingFact> Stream<F> about(Instalment instalment, Class<F> type) {
        return about.getOrDefault(instalment.number(), List.of()).stream()
                .filter(type::isInstance)
                .map(type::cast);
    }

    <F extends BillingFact> Optional<F> latest(Class<F> type, Instalment instalment) {
        return about(instalment, type).reduce((_, last) -> last);
    }

    @Nullable
    Instant waivedAt(Instalment instalment) {
        return latest(InstalmentWaived.class, instalment).map(BillingFact::at).orElse(null);
    }

    /** Whether the instalment had been given up by then: nothing was owed on it any more. */
    boolean waivedBy(Instalment instalment, Instant moment) {
        var waived = waivedAt(instalment);
        return waived != null && !moment.isBefore(waived);
    }

    @Nullable
    Instant claimedAt(Instalment instalment) {
        return about(instalment, PenaltyClaimed.class)
                .map(BillingFact::at)
                .findFirst()
                .orElse(null);
    }

    /** What the end of the contract took off the fee. */
    Money reduced(Instalment instalment) {
        return Money.sum(about(instalment, InstalmentReduced.class)
                .map(InstalmentReduced::amount)
                .toList());
    }
}
