package io.retainer.workorder;

import static io.retainer.workorder.WorkOrderAct.*;
import static io.retainer.workorder.WorkOrderState.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.retainer.contract.ContractedService;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Money;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.WorkCalendar;
import io.retainer.workorder.WorkOrder.By;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules of §3.9, without a database. */
class WorkOrderTests {

    private static final UUID TENANT = UUID.randomUUID();
    private static final UUID CONTRACT = UUID.randomUUID();
    private static final UUID PERSON = UUID.randomUUID();
    private static final WorkCalendar CALENDAR = WorkCalendar.chinese();

    /** A Monday. */
    private static final Instant NOW = at("2025-03-03T10:00:00");

    private static final LocalDate READY = LocalDate.of(2025, 3, 20);
    private static final Price PRICE = Price.including(Money.of("1060.00"), BigDecimal.valueOf(6));
    private static final WorkTerms TERMS =
            new WorkTerms(true, EnumSet.allOf(ContractedService.class), Set.of(), 600, true, false);
    private static final By CLIENT = new By(Party.CLIENT, PERSON, NOW);
    private static final By PROVIDER = new By(Party.PROVIDER, PERSON, NOW);

    private static Instant at(String beijing) {
        return Instant.parse(beijing + "+08:00");
    }

    // Every state with every act

    /** From each state, what may be done and where it leads; everything else is refused. */
    private static final List<Arguments> TABLE = List.of(
            Arguments.of(RECORDED, CONFIRM, REQUESTED),
            Arguments.of(RECORDED, DISOWN, CANCELLED),
            Arguments.of(REQUESTED, TAKE_IN_SCOPE, APPROVED),
            Arguments.of(REQUESTED, TAKE_AS_CHANGE, CHANGE),
            Arguments.of(REQUESTED, DECLINE, REFUSED),
            Arguments.of(REQUESTED, CANCEL, CANCELLED),
            Arguments.of(CHANGE, DECLINE, REFUSED),
            Arguments.of(CHANGE, QUOTE, QUOTED),
            Arguments.of(CHANGE, CANCEL, CANCELLED),
            Arguments.of(QUOTED, QUOTE, QUOTED),
            Arguments.of(QUOTED, ACCEPT_QUOTE, APPROVED),
            Arguments.of(QUOTED, REJECT_QUOTE, CHANGE),
            Arguments.of(QUOTED, CANCEL, CANCELLED),
            Arguments.of(APPROVED, START, IN_PROGRESS),
            Arguments.of(APPROVED, CANCEL, CANCELLED),
            Arguments.of(IN_PROGRESS, DELIVER, DELIVERED),
            Arguments.of(IN_PROGRESS, CANCEL, CANCELLING),
            Arguments.of(DELIVERED, ACCEPT, ACCEPTED),
            Arguments.of(DELIVERED, REJECT, REWORK),
            Arguments.of(DELIVERED, CANCEL, CANCELLING),
            Arguments.of(REWORK, DELIVER, DELIVERED),
            Arguments.of(REWORK, CANCEL, CANCELLING),
            Arguments.of(ESCALATED, ACCEPT, ACCEPTED),
            Arguments.of(ESCALATED, REJECT, REWORK),
            Arguments.of(ESCALATED, CANCEL, CANCELLING),
            Arguments.of(CANCELLING, STATE_WORK, WORK_STATED),
            Arguments.of(WORK_STATED, AGREE_STATED, CANCELLED),
            Arguments.of(WORK_STATED, DISPUTE_STATED, CANCELLING));

    static Stream<Arguments> everyStateWithEveryAct() {
        return Stream.of(WorkOrderState.values())
                .flatMap(state -> Stream.of(WorkOrderAct.values())
                        .map(act -> Arguments.of(
                                state,
                                act,
                                TABLE.stream()
                                        .filter(row -> row.get()[0] == state && row.get()[1] == act)
                                        .map(row -> row.get()[2])
                                        .findFirst()
                                        .orElse(null))));
    }

    @ParameterizedTest(name = "{0} {1} -> {2}")
    @MethodSource("everyStateWithEveryAct")
    void leadsWhereTheTableSays(WorkOrderState from, WorkOrderAct act, WorkOrderState to) {
        var order = in(from);
        if (to == null) {
            assertThatThrownBy(() -> perform(order, act, act.party()))
                    .isInstanceOfSatisfying(
                            Refused.class,
                            refusal -> assertThat(refusal.sentence().key()).isEqualTo("workorder.refused.state"));
        } else {
            assertThat(perform(order, act, act.party()).state()).isEqualTo(to);
        }
    }

    @ParameterizedTest(name = "{1} is not for the other side")
    @MethodSource("everyStateWithEveryAct")
    void isRefusedToTheOtherSide(WorkOrderState from, WorkOrderAct act, WorkOrderState to) {
        var other = act.party() == Party.CLIENT ? Party.PROVIDER : Party.CLIENT;
        for (var party : List.of(other, Party.THIRD_PARTY)) {
            assertThatThrownBy(() -> perform(in(from), act, party))
                    .isInstanceOfSatisfying(
                            Refused.class,
                            refusal -> assertThat(refusal.sentence().key()).isEqualTo("workorder.refused.party"));
        }
        assertThat(to == null || act.from(from)).isTrue();
    }

    private static WorkOrder perform(WorkOrder order, WorkOrderAct act, Party party) {
        var by = new By(party, PERSON, NOW);
        List<? extends WorkOrderEvent> events = switch (act) {
            case CONFIRM -> List.of(order.confirm(by));
            case DISOWN -> List.of(order.disown(by));
            case TAKE_IN_SCOPE -> List.of(order.takeInScope(true, 120, READY, TERMS, by));
            case TAKE_AS_CHANGE -> List.of(order.takeAsChange(true, by));
            case DECLINE -> List.of(order.decline(DeclineReason.UNLAWFUL, by));
            case QUOTE -> List.of(order.quote(120, PRICE, Placement.NEXT_INSTALMENT, null, READY, null, by));
            case ACCEPT_QUOTE -> List.of(order.acceptQuote(order.quotes(), by));
            case REJECT_QUOTE -> List.of(order.rejectQuote(by));
            case START -> List.of(order.start(TERMS, by));
            case DELIVER -> List.of(order.deliver(List.of(), CALENDAR, by));
            case ACCEPT -> List.of(order.accept(by));
            case REJECT -> order.reject(CALENDAR, by);
            case CANCEL -> List.of(order.cancel(by));
            case STATE_WORK -> List.of(order.stateWork(PRICE, by));
            case AGREE_STATED -> List.of(order.agreeStated(by));
            case DISPUTE_STATED -> List.of(order.disputeStated(by));
        };
        return after(order, events);
    }

    private static WorkOrder after(WorkOrder order, List<? extends WorkOrderEvent> events) {
        var next = order;
        for (var event : events) {
            next = next.after(event);
        }
        return next;
    }

    /** A quoted order led to a state by the acts themselves. */
    private static WorkOrder in(WorkOrderState state) {
        return switch (state) {
            case RECORDED -> WorkOrder.first(asked(Party.PROVIDER));
            case REQUESTED -> WorkOrder.first(asked(Party.CLIENT));
            case CHANGE -> after(in(REQUESTED), List.of(in(REQUESTED).takeAsChange(true, PROVIDER)));
            case QUOTED ->
                after(in(CHANGE), List.of(in(CHANGE).quote(120, PRICE, Placement.OWN, 10, READY, null, PROVIDER)));
            case APPROVED -> after(in(QUOTED), List.of(in(QUOTED).acceptQuote(1, CLIENT)));
            case IN_PROGRESS -> after(in(APPROVED), List.of(in(APPROVED).start(TERMS, PROVIDER)));
            case DELIVERED -> after(in(IN_PROGRESS), List.of(in(IN_PROGRESS).deliver(List.of(), CALENDAR, PROVIDER)));
            case REWORK -> after(in(DELIVERED), in(DELIVERED).reject(CALENDAR, CLIENT));
            case ESCALATED -> after(in(DELIVERED), in(DELIVERED).letTimeSpeak(false, at("2025-04-01T00:00:00")));
            case ACCEPTED -> after(in(DELIVERED), List.of(in(DELIVERED).accept(CLIENT)));
            case DEEMED_ACCEPTED -> after(in(DELIVERED), in(DELIVERED).letTimeSpeak(true, at("2025-04-01T00:00:00")));
            case CLOSED -> {
                var charged =
                        after(in(ACCEPTED), List.of(in(ACCEPTED).charged(UUID.randomUUID(), Placement.OWN, NOW, null)));
                yield charged.after(charged.close(NOW, null));
            }
            case REFUSED -> after(in(REQUESTED), List.of(in(REQUESTED).decline(DeclineReason.UNCLEAR, PROVIDER)));
            case CANCELLING -> after(in(IN_PROGRESS), List.of(in(IN_PROGRESS).cancel(CLIENT)));
            case WORK_STATED -> after(in(CANCELLING), List.of(in(CANCELLING).stateWork(PRICE, PROVIDER)));
            case CANCELLED -> after(in(REQUESTED), List.of(in(REQUESTED).cancel(CLIENT)));
        };
    }

    private static WorkOrderEvent.Requested asked(Party party) {
        return asked(party, Clause.I_1_1_7, TERMS);
    }

    private static WorkOrderEvent.Requested asked(Party party, Clause clause, WorkTerms terms) {
        return WorkOrder.request(
                UUID.randomUUID(), TENANT, CONTRACT, 1, 1, clause, false, terms, new By(party, PERSON, NOW));
    }

    // Guards

    @Test
    void asksOnlyUnderAServiceClauseOfAContractInForce() {
        refused("workorder.refused.clause", () -> asked(Party.CLIENT, Clause.I_3_2A, TERMS));
        var over = new WorkTerms(false, Set.of(), Set.of(), 0, true, false);
        refused("workorder.refused.notInForce", () -> asked(Party.CLIENT, Clause.I_1_1_7, over));
        refused("workorder.refused.notInForce", () -> in(APPROVED).start(over, PROVIDER));
    }

    /** G-06: other work takes free hours; a service of annex 1 does not; what annex 1 leaves out is a change. */
    @Test
    void takesWithinTheFeeOnlyWhatTheFeeCovers() {
        var none = new WorkTerms(true, Set.of(ContractedService.OTHER_WORK), Set.of(), 0, true, false);
        refused("workorder.refused.freeHours", () -> in(REQUESTED).takeInScope(true, 1, READY, none, PROVIDER));
        var two = new WorkTerms(true, none.covered(), Set.of(), 120, true, false);
        assertThat(in(REQUESTED).takeInScope(true, 120, READY, two, PROVIDER).minutes())
                .isEqualTo(120);
        refused("workorder.refused.freeHours", () -> in(REQUESTED).takeInScope(true, 121, READY, two, PROVIDER));
        var survey = WorkOrder.first(asked(Party.CLIENT, Clause.I_1_1_4, TERMS));
        refused("workorder.refused.notCovered", () -> survey.takeInScope(true, 1, READY, two, PROVIDER));
        assertThat(survey.takeInScope(
                                true,
                                6000,
                                READY,
                                new WorkTerms(true, Set.of(ContractedService.SURVEYS), Set.of(), 0, true, false),
                                PROVIDER)
                        .minutes())
                .isEqualTo(6000);
        refused("workorder.refused.looked", () -> in(REQUESTED).takeInScope(false, 1, READY, TERMS, PROVIDER));
        refused(
                "workorder.refused.past",
                () -> in(REQUESTED).takeInScope(true, 1, LocalDate.of(2025, 3, 2), TERMS, PROVIDER));
    }

    @Test
    void startsNothingThatASuspensionHasFrozen() {
        var frozen = new WorkTerms(true, TERMS.covered(), Set.of(7), 0, true, false);
        refused("workorder.refused.frozen", () -> in(APPROVED).start(frozen, PROVIDER));
    }

    @Test
    void acceptsTheQuoteThatWasReadAndNoOther() {
        var twice = after(
                in(QUOTED),
                List.of(in(QUOTED).quote(60, PRICE, Placement.NEXT_INSTALMENT, null, READY, null, PROVIDER)));
        refused("workorder.refused.newerQuote", () -> twice.acceptQuote(1, CLIENT));
        assertThat(twice.acceptQuote(2, CLIENT).price()).isEqualTo(PRICE);
    }

    /** Civil Code 481: to the end of the named day, and no instant longer; a new quote takes its place. */
    @Test
    void aQuoteIsAcceptedUntilItsLastDay() {
        var until = LocalDate.of(2025, 3, 5);
        var order = after(
                in(CHANGE),
                List.of(in(CHANGE).quote(60, PRICE, Placement.NEXT_INSTALMENT, null, READY, until, PROVIDER)));
        var inTime = new By(Party.CLIENT, PERSON, at("2025-03-05T23:59:59"));
        var late = new By(Party.CLIENT, PERSON, at("2025-03-06T00:00:00"));
        assertThat(order.acceptQuote(1, inTime)).isNotNull();
        refused("workorder.refused.quoteOver", () -> order.acceptQuote(1, late));
        assertThat(order.rejectQuote(late)).isNotNull();
        var again = after(
                order,
                List.of(order.quote(
                        60,
                        PRICE,
                        Placement.NEXT_INSTALMENT,
                        null,
                        READY,
                        null,
                        new By(Party.PROVIDER, PERSON, late.now()))));
        assertThat(again.acceptQuote(2, late)).isNotNull();
        refused(
                "workorder.refused.validUntil",
                () -> in(CHANGE)
                        .quote(60, PRICE, Placement.NEXT_INSTALMENT, null, READY, LocalDate.of(2025, 3, 2), PROVIDER));
    }

    @Test
    void sendsBackTwiceThenEscalates() {
        var order = in(DELIVERED);
        for (int round = 1; round <= 2; round++) {
            order = after(order, order.reject(CALENDAR, CLIENT));
            assertThat(order.state()).isEqualTo(REWORK);
            // 3 March and five working days.
            assertThat(order.readyOn()).isEqualTo(LocalDate.of(2025, 3, 10));
            order = after(order, List.of(order.deliver(List.of(), CALENDAR, PROVIDER)));
        }
        var third = after(order, order.reject(CALENDAR, CLIENT));
        assertThat(third.state()).isEqualTo(ESCALATED);
        refused("workorder.refused.rework", () -> third.reject(CALENDAR, CLIENT));
        assertThat(third.accept(CLIENT)).isNotNull();
    }

    @Test
    void workDoneNeverExceedsTheQuote() {
        refused(
                "workorder.refused.moreThanQuoted",
                () -> in(CANCELLING).stateWork(Price.including(Money.of("1060.01"), BigDecimal.valueOf(6)), PROVIDER));
        var half = Price.including(Money.of("530.00"), BigDecimal.valueOf(6));
        var stated = after(in(CANCELLING), List.of(in(CANCELLING).stateWork(half, PROVIDER)));
        var cancelled = stated.after(stated.agreeStated(CLIENT));
        assertThat(cancelled.owed()).isEqualTo(half);
        assertThat(cancelled.toCharge()).isTrue();
    }

    @Test
    void freeWorkIsCancelledForNothing() {
        var free = after(in(REQUESTED), List.of(in(REQUESTED).takeInScope(true, 60, READY, TERMS, PROVIDER)));
        free = after(free, List.of(free.start(TERMS, PROVIDER)));
        var cancelled = free.after(free.cancel(CLIENT));
        assertThat(cancelled.state()).isEqualTo(CANCELLED);
        assertThat(cancelled.toCharge()).isFalse();
    }

    // Silence

    /**
     * Delivered on Sunday 27 April 2025, a made-up working day; 1 to 5 May is a holiday. The fifth working day is
     * 7 May, two more end on 9 May.
     */
    @ParameterizedTest
    @CsvSource({
        "2025-05-07T23:59:59, DELIVERED, false",
        "2025-05-08T00:00:00, DELIVERED, true",
        "2025-05-09T23:59:59, DELIVERED, true",
        "2025-05-10T00:00:00, ESCALATED, true"
    })
    void silenceCountsWorkingDaysAcrossTheHoliday(String moment, WorkOrderState state, boolean reminded) {
        var order = in(IN_PROGRESS);
        order = order.after(
                order.deliver(List.of(), CALENDAR, new By(Party.PROVIDER, PERSON, at("2025-04-27T15:00:00"))));
        var seen = after(order, order.letTimeSpeak(false, at(moment)));
        assertThat(seen.state()).isEqualTo(state);
        assertThat(seen.reminded()).isEqualTo(reminded);
        assertThat(after(seen, seen.letTimeSpeak(false, at(moment)))).isEqualTo(seen);
    }

    @Test
    void silenceAcceptsOnlyWhenTheContractSaysSo() {
        var late = at("2025-04-01T00:00:00");
        assertThat(after(in(DELIVERED), in(DELIVERED).letTimeSpeak(false, late)).state())
                .isEqualTo(ESCALATED);
        var deemed = after(in(DELIVERED), in(DELIVERED).letTimeSpeak(true, late));
        assertThat(deemed.state()).isEqualTo(DEEMED_ACCEPTED);
        assertThat(deemed.owed()).isEqualTo(PRICE);
        assertThat(in(DELIVERED).letTimeSpeak(true, late)).allMatch(event -> event.actor() == null);
    }

    /** Whoever looks at an order reads what its silence will mean, and by which day. */
    @Test
    void saysItsRulesOfTimeAndWhichHoldsNow() {
        for (var state : List.of(RECORDED, REQUESTED, CHANGE, QUOTED, DELIVERED, REWORK, CANCELLING)) {
            assertThat(in(state).rules(false).stream().filter(WorkOrder.Rule::now))
                    .as(state.name())
                    .isNotEmpty();
        }
        assertThat(in(CLOSED).rules(true)).noneMatch(WorkOrder.Rule::now);
        var order = in(IN_PROGRESS);
        order = order.after(
                order.deliver(List.of(), CALENDAR, new By(Party.PROVIDER, PERSON, at("2025-04-27T15:00:00"))));
        assertThat(says(order, true))
                .contains("workorder.rule.silence.running [2025-05-07, 2025-05-09]", "workorder.rule.silenceAccepts []");
        var reminded = after(order, order.letTimeSpeak(false, at("2025-05-08T00:00:00")));
        assertThat(says(reminded, false))
                .contains(
                        "workorder.rule.silence.reminded [2025-05-07, 2025-05-09]",
                        "workorder.rule.silenceEscalates []");
    }

    private static List<String> says(WorkOrder order, boolean silenceAccepts) {
        return order.rules(silenceAccepts).stream()
                .map(rule -> rule.says().key() + " " + rule.says().arguments())
                .toList();
    }

    // Money

    /** facts.md §2.6: an inclusive amount is split once, half up; the tax is the rest. */
    @ParameterizedTest
    @CsvSource({
        "100000.00, 6, 94339.62, 5660.38",
        "0.01, 6, 0.01, 0.00",
        "0.09, 6, 0.08, 0.01",
        "1.00, 0, 1.00, 0.00",
        "1130.00, 13, 1000.00, 130.00",
        "333.33, 3, 323.62, 9.71"
    })
    void splitsTheTaxOutOfAPrice(String gross, BigDecimal rate, String net, String tax) {
        assertThat(Price.including(Money.of(gross), rate))
                .isEqualTo(new Price(Money.of(net), Money.of(tax), Money.of(gross)));
    }

    @Test
    void roundsALineOnceAndAddsLinesExactly() {
        var third = new QuoteLine("a", new BigDecimal("0.333"), Money.of("100.05"), BigDecimal.valueOf(6));
        // 33.31665 is rounded once.
        assertThat(third.price().gross()).isEqualTo(Money.of("33.32"));
        var sum = Price.sum(List.of(third.price(), third.price(), third.price()));
        assertThat(sum.gross()).isEqualTo(Money.of("99.96"));
        assertThat(sum.net().plus(sum.tax())).isEqualTo(sum.gross());
    }

    private static void refused(String key, org.assertj.core.api.ThrowableAssert.ThrowingCallable act) {
        assertThatThrownBy(act)
                .isInstanceOfSatisfying(
                        Refused.class,
                        refusal -> assertThat(refusal.sentence().key()).isEqualTo(key));
    }
}
