package io.retainer.workorder;

import static io.retainer.workorder.WorkOrderAct.*;

import io.retainer.contract.ContractedService;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.WorkCalendar;
import io.retainer.workorder.WorkOrderEvent.Accepted;
import io.retainer.workorder.WorkOrderEvent.CancelAsked;
import io.retainer.workorder.WorkOrderEvent.Cancelled;
import io.retainer.workorder.WorkOrderEvent.Charged;
import io.retainer.workorder.WorkOrderEvent.Closed;
import io.retainer.workorder.WorkOrderEvent.Commented;
import io.retainer.workorder.WorkOrderEvent.Confirmed;
import io.retainer.workorder.WorkOrderEvent.Declined;
import io.retainer.workorder.WorkOrderEvent.DeemedAccepted;
import io.retainer.workorder.WorkOrderEvent.Delivered;
import io.retainer.workorder.WorkOrderEvent.Disowned;
import io.retainer.workorder.WorkOrderEvent.Escalated;
import io.retainer.workorder.WorkOrderEvent.QuoteAccepted;
import io.retainer.workorder.WorkOrderEvent.QuoteRejected;
import io.retainer.workorder.WorkOrderEvent.Quoted;
import io.retainer.workorder.WorkOrderEvent.Rejected;
import io.retainer.workorder.WorkOrderEvent.Reminded;
import io.retainer.workorder.WorkOrderEvent.Requested;
import io.retainer.workorder.WorkOrderEvent.Started;
import io.retainer.workorder.WorkOrderEvent.TakenAsChange;
import io.retainer.workorder.WorkOrderEvent.TakenInScope;
import io.retainer.workorder.WorkOrderEvent.WorkDisputed;
import io.retainer.workorder.WorkOrderEvent.WorkStated;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jmolecules.ddd.annotation.AggregateRoot;
import org.jmolecules.ddd.annotation.Identity;
import org.jspecify.annotations.Nullable;

/**
 * Other work that the client asks for (I-1.1*(7); state-machines.md §3.9). Decides and becomes; asks no clock and no
 * database.
 *
 * @param number 1, 2, … within the contract
 * @param contractVersion in force when it was asked for; the order is judged by it
 * @param clause the service it belongs to
 * @param minutes of work, as triaged or quoted
 * @param readyOn the last day on which a delivery is in time
 * @param quotes so many were made
 * @param price of the quote that stands, or of nothing
 * @param quoteUntil the last day on which the quote can be accepted, or null
 * @param remindAt when silence about a delivery brings a reminder; null while nothing was delivered
 * @param silentAt when silence after the reminder decides
 * @param owed what is to be charged, once it is certain
 * @param charge by which billing knows it, once it was charged
 * @param version for optimistic locking
 */
@AggregateRoot
record WorkOrder(
        @Identity UUID id,
        UUID tenant,
        UUID contract,
        int contractVersion,
        int number,
        Clause clause,
        boolean urgent,
        WorkOrderState state,
        @Nullable UUID requestedBy,
        Instant requestedAt,
        @Nullable Integer minutes,
        @Nullable LocalDate readyOn,
        int quotes,
        @Nullable Price price,
        @Nullable Placement placement,
        @Nullable Integer payWorkdays,
        @Nullable LocalDate quoteUntil,
        int deliveries,
        int rejections,
        @Nullable Instant remindAt,
        @Nullable Instant silentAt,
        boolean reminded,
        @Nullable Price owed,
        @Nullable UUID charge,
        Instant changedAt,
        int version) {

    /** Working days within which a request made by word of mouth is to be confirmed. */
    static final int CONFIRM_WORKDAYS = 1;

    /** Within which the provider takes or declines a request. */
    static final int TRIAGE_WORKDAYS = 3;

    /** Within which a quote is made, or made anew after it was declined. */
    static final int QUOTE_WORKDAYS = 5;

    /** Within which the client accepts a delivery or names its defects, and what a reminder adds. */
    static final int ACCEPT_WORKDAYS = 5;

    static final int REMINDER_WORKDAYS = 2;

    /** Within which what was sent back is delivered again, and within which work done is stated after a cancellation. */
    static final int REWORK_WORKDAYS = 5;

    static final int STATE_WORKDAYS = 3;

    /** So often a delivery is sent back; after that the leads of both sides settle it. */
    static final int MOST_REWORK = 2;

    static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");

    /** Who acts, and when. */
    record By(Party party, UUID person, Instant now) {}

    static WorkOrder first(Requested e) {
        return new WorkOrder(
                e.order(),
                e.tenant(),
                e.contract(),
                e.contractVersion(),
                e.number(),
                e.clause(),
                e.urgent(),
                e.party() == Party.CLIENT ? WorkOrderState.REQUESTED : WorkOrderState.RECORDED,
                e.actor(),
                e.happenedAt(),
                null,
                null,
                0,
                null,
                null,
                null,
                null,
                0,
                0,
                null,
                null,
                false,
                null,
                null,
                e.happenedAt(),
                0);
    }

    // Deciding

    /** @throws Refused when the contract is not in force, or the clause names no service */
    static Requested request(
            UUID id,
            UUID tenant,
            UUID contract,
            int number,
            int contractVersion,
            Clause clause,
            boolean urgent,
            WorkTerms terms,
            By by) {
        if (!terms.inForce()) {
            throw Refused.because("workorder.refused.notInForce");
        }
        if (Stream.of(ContractedService.values()).noneMatch(service -> service.clause() == clause)) {
            throw Refused.field("clause", "workorder.refused.clause", clause);
        }
        return new Requested(
                tenant, contract, id, number, contractVersion, clause, by.party(), urgent, by.now(), by.person());
    }

    ContractedService service() {
        return Stream.of(ContractedService.values())
                .filter(service -> service.clause() == clause)
                .findFirst()
                .orElse(ContractedService.OTHER_WORK);
    }

    Confirmed confirm(By by) {
        require(CONFIRM, by);
        return new Confirmed(tenant, contract, id, clause, by.now(), by.person());
    }

    Disowned disown(By by) {
        require(DISOWN, by);
        return new Disowned(tenant, contract, id, clause, by.now(), by.person());
    }

    /**
     * The fee covers it: a service of annex 1, or hours of I-1.1*(7) that are still free in this period (G-06).
     *
     * @param crmAndLawful the provider has looked: it is work on customer relations, and lawful
     */
    TakenInScope takeInScope(boolean crmAndLawful, int estimate, LocalDate ready, WorkTerms terms, By by) {
        require(TAKE_IN_SCOPE, by);
        looked(crmAndLawful);
        if (!terms.covered().isEmpty() && !terms.covered().contains(service())) {
            throw Refused.because("workorder.refused.notCovered", clause);
        }
        if (service() == ContractedService.OTHER_WORK
                && terms.quoteRequired()
                && positive("hours", estimate) > terms.freeMinutesLeft()) {
            throw Refused.field(
                    "hours",
                    "workorder.refused.freeHours",
                    WorkOrderRows.hours(estimate),
                    WorkOrderRows.hours(terms.freeMinutesLeft()));
        }
        return new TakenInScope(
                tenant, contract, id, clause, positive("hours", estimate), ahead(ready, by), by.now(), by.person());
    }

    TakenAsChange takeAsChange(boolean crmAndLawful, By by) {
        require(TAKE_AS_CHANGE, by);
        looked(crmAndLawful);
        return new TakenAsChange(tenant, contract, id, clause, by.now(), by.person());
    }

    private static void looked(boolean crmAndLawful) {
        if (!crmAndLawful) {
            throw Refused.field("looked", "workorder.refused.looked");
        }
    }

    Declined decline(DeclineReason reason, By by) {
        require(DECLINE, by);
        return new Declined(tenant, contract, id, clause, reason, by.now(), by.person());
    }

    /** @param validUntil the last day on which it can be accepted (Civil Code 481); null until it is answered */
    Quoted quote(
            int estimate,
            Price wanted,
            Placement placed,
            @Nullable Integer payWorkdays,
            LocalDate ready,
            @Nullable LocalDate validUntil,
            By by) {
        require(QUOTE, by);
        if (!wanted.gross().isPositive()) {
            throw Refused.field("lines", "workorder.refused.noPrice");
        }
        if (placed == Placement.OWN && (payWorkdays == null || payWorkdays < 1 || payWorkdays > 60)) {
            throw Refused.field("payWorkdays", "workorder.refused.payWorkdays");
        }
        var today = LocalDate.ofInstant(by.now(), ZONE);
        if (validUntil != null && (validUntil.isBefore(today) || validUntil.isAfter(today.plusYears(1)))) {
            throw Refused.field("validUntil", "workorder.refused.validUntil", validUntil);
        }
        return new Quoted(
                tenant,
                contract,
                id,
                clause,
                quotes + 1,
                positive("hours", estimate),
                wanted,
                placed,
                placed == Placement.OWN ? payWorkdays : null,
                ahead(ready, by),
                validUntil,
                by.now(),
                by.person());
    }

    /** @param round the quote that was read: another one that came meanwhile is not accepted unread */
    QuoteAccepted acceptQuote(int round, By by) {
        require(ACCEPT_QUOTE, by);
        if (round != quotes || price == null) {
            throw Refused.because("workorder.refused.newerQuote", quotes);
        }
        if (quoteOver(by.now())) {
            throw Refused.because("workorder.refused.quoteOver", quotes, quoteUntil);
        }
        return new QuoteAccepted(tenant, contract, id, clause, round, price, by.now(), by.person());
    }

    QuoteRejected rejectQuote(By by) {
        require(REJECT_QUOTE, by);
        return new QuoteRejected(tenant, contract, id, clause, quotes, by.now(), by.person());
    }

    Started start(WorkTerms terms, By by) {
        require(START, by);
        if (!terms.inForce()) {
            throw Refused.because("workorder.refused.notInForce");
        }
        if (terms.frozen().contains(service().number())) {
            throw Refused.because("workorder.refused.frozen", clause);
        }
        return new Started(tenant, contract, id, clause, by.now(), by.person());
    }

    Delivered deliver(List<String> files, WorkCalendar calendar, By by) {
        require(DELIVER, by);
        var today = LocalDate.ofInstant(by.now(), ZONE);
        var last = calendar.plusWorkdays(today, ACCEPT_WORKDAYS).date();
        return new Delivered(
                tenant,
                contract,
                id,
                clause,
                deliveries + 1,
                files,
                after(last),
                after(calendar.plusWorkdays(last, REMINDER_WORKDAYS).date()),
                by.now(),
                by.person());
    }

    Accepted accept(By by) {
        require(ACCEPT, by);
        return new Accepted(tenant, contract, id, clause, deliveries, by.now(), by.person());
    }

    /** Names the defects; the third time the leads of both sides settle it. */
    List<WorkOrderEvent> reject(WorkCalendar calendar, By by) {
        require(REJECT, by);
        if (rejections > MOST_REWORK || (state == WorkOrderState.ESCALATED && rejections == MOST_REWORK)) {
            throw Refused.because("workorder.refused.rework", MOST_REWORK);
        }
        boolean again = rejections < MOST_REWORK;
        var rejected = new Rejected(
                tenant,
                contract,
                id,
                clause,
                deliveries,
                again
                        ? calendar.plusWorkdays(LocalDate.ofInstant(by.now(), ZONE), REWORK_WORKDAYS)
                                .date()
                        : null,
                by.now(),
                by.person());
        return again
                ? List.of(rejected)
                : List.of(rejected, new Escalated(tenant, contract, id, clause, false, by.now(), by.person()));
    }

    /** Before work began nothing is owed; afterwards the provider is to state what was done, unless the fee covers it. */
    WorkOrderEvent cancel(By by) {
        require(CANCEL, by);
        boolean begun = switch (state) {
            case IN_PROGRESS, REWORK, DELIVERED, ESCALATED -> true;
            case RECORDED,
                    REQUESTED,
                    CHANGE,
                    QUOTED,
                    APPROVED,
                    ACCEPTED,
                    DEEMED_ACCEPTED,
                    CLOSED,
                    REFUSED,
                    CANCELLING,
                    WORK_STATED,
                    CANCELLED -> false;
        };
        return begun && price != null
                ? new CancelAsked(tenant, contract, id, clause, by.now(), by.person())
                : new Cancelled(tenant, contract, id, clause, Price.NOTHING, by.now(), by.person());
    }

    /** @throws Refused when more is stated than was quoted */
    WorkStated stateWork(Price done, By by) {
        require(STATE_WORK, by);
        if (price == null || done.gross().compareTo(price.gross()) > 0) {
            throw Refused.field(
                    "amount", "workorder.refused.moreThanQuoted", price == null ? 0 : price.gross(), done.gross());
        }
        return new WorkStated(tenant, contract, id, clause, done, by.now(), by.person());
    }

    Cancelled agreeStated(By by) {
        require(AGREE_STATED, by);
        return new Cancelled(tenant, contract, id, clause, owed == null ? Price.NOTHING : owed, by.now(), by.person());
    }

    WorkDisputed disputeStated(By by) {
        require(DISPUTE_STATED, by);
        return new WorkDisputed(tenant, contract, id, clause, by.now(), by.person());
    }

    /**
     * Either side asks, answers or adds something, as long as the order is open.
     *
     * @param files hashes of what was added
     */
    Commented comment(List<String> files, By by) {
        if (!state.isOpen()) {
            throw Refused.because("workorder.refused.over", state);
        }
        return new Commented(tenant, contract, id, clause, by.party(), files, by.now(), by.person());
    }

    /** The last day of the step that the order waits for; null when no time runs. */
    @Nullable
    LocalDate stepDue(WorkCalendar calendar) {
        var day = LocalDate.ofInstant(changedAt, ZONE);
        return switch (state) {
            case RECORDED -> calendar.plusWorkdays(day, CONFIRM_WORKDAYS).date();
            case REQUESTED -> calendar.plusWorkdays(day, TRIAGE_WORKDAYS).date();
            case CHANGE -> calendar.plusWorkdays(day, QUOTE_WORKDAYS).date();
            case QUOTED -> quoteUntil;
            case APPROVED, IN_PROGRESS, REWORK -> readyOn;
            case DELIVERED -> {
                var until = reminded ? silentAt : remindAt;
                yield until == null ? null : LocalDate.ofInstant(until.minusNanos(1), ZONE);
            }
            case CANCELLING -> calendar.plusWorkdays(day, STATE_WORKDAYS).date();
            case WORK_STATED -> calendar.plusWorkdays(day, ACCEPT_WORKDAYS).date();
            case ESCALATED, ACCEPTED, DEEMED_ACCEPTED, CLOSED, REFUSED, CANCELLED -> null;
        };
    }

    /** Whether the quote can no longer be accepted, because its last day is over. */
    boolean quoteOver(Instant now) {
        return state == WorkOrderState.QUOTED && quoteUntil != null && !now.isBefore(after(quoteUntil));
    }

    /** Whether an amount is certain and not yet charged. */
    boolean toCharge() {
        return charge == null
                && owed != null
                && owed.gross().isPositive()
                && (state == WorkOrderState.ACCEPTED
                        || state == WorkOrderState.DEEMED_ACCEPTED
                        || state == WorkOrderState.CANCELLED);
    }

    /** Accepted, and nothing of it is left to be charged. */
    boolean toClose() {
        return (state == WorkOrderState.ACCEPTED || state == WorkOrderState.DEEMED_ACCEPTED) && !toCharge();
    }

    /** @param placed as billing did: by itself when no instalment is left */
    Charged charged(UUID charged, Placement placed, Instant now, @Nullable UUID actor) {
        if (!toCharge() || owed == null) {
            throw new IllegalStateException("Nothing of work order " + id + " is to be charged");
        }
        return new Charged(tenant, contract, id, clause, charged, owed, placed, now, actor);
    }

    Closed close(Instant now, @Nullable UUID actor) {
        if (!toClose()) {
            throw new IllegalStateException("Work order " + id + " is not done");
        }
        return new Closed(tenant, contract, id, clause, now, actor);
    }

    /** What the passing of time has made true by {@code now}: first the reminder, then what silence means. */
    List<WorkOrderEvent> letTimeSpeak(boolean silenceAccepts, Instant now) {
        if (state != WorkOrderState.DELIVERED || remindAt == null || silentAt == null) {
            return List.of();
        }
        var said = new ArrayList<WorkOrderEvent>();
        if (!reminded && !now.isBefore(remindAt)) {
            said.add(new Reminded(tenant, contract, id, clause, deliveries, remindAt, null));
        }
        if (!now.isBefore(silentAt)) {
            said.add(
                    silenceAccepts
                            ? new DeemedAccepted(tenant, contract, id, clause, deliveries, silentAt, null)
                            : new Escalated(tenant, contract, id, clause, true, silentAt, null));
        }
        return said;
    }

    /**
     * What is to be done within which time and what follows when it is not, as the contract and §3.9 have it.
     *
     * @param now whether it holds for the order as it stands
     */
    record Rule(Sentence says, boolean now) {}

    /** Every rule of time and silence, in the order in which an order meets them. */
    List<Rule> rules(boolean silenceAccepts) {
        boolean delivered = state == WorkOrderState.DELIVERED;
        var silence = remindAt == null || silentAt == null || !delivered
                ? Sentence.of("workorder.rule.silence", ACCEPT_WORKDAYS, REMINDER_WORKDAYS)
                : Sentence.of(
                        reminded ? "workorder.rule.silence.reminded" : "workorder.rule.silence.running",
                        LocalDate.ofInstant(remindAt.minusNanos(1), ZONE),
                        LocalDate.ofInstant(silentAt.minusNanos(1), ZONE));
        var quoteLasts = quoteUntil == null || state != WorkOrderState.QUOTED
                ? Sentence.of("workorder.rule.quoted")
                : Sentence.of("workorder.rule.quotedUntil", quoteUntil);
        return List.of(
                new Rule(
                        Sentence.of("workorder.rule.confirmation", CONFIRM_WORKDAYS), state == WorkOrderState.RECORDED),
                new Rule(Sentence.of("workorder.rule.triage", TRIAGE_WORKDAYS), state == WorkOrderState.REQUESTED),
                new Rule(Sentence.of("workorder.rule.quote", QUOTE_WORKDAYS), state == WorkOrderState.CHANGE),
                new Rule(quoteLasts, state == WorkOrderState.QUOTED),
                new Rule(silence, delivered),
                new Rule(
                        Sentence.of(
                                silenceAccepts ? "workorder.rule.silenceAccepts" : "workorder.rule.silenceEscalates"),
                        delivered),
                new Rule(
                        Sentence.of("workorder.rule.rework", REWORK_WORKDAYS, MOST_REWORK, rejections),
                        state == WorkOrderState.REWORK),
                new Rule(
                        Sentence.of("workorder.rule.statement", STATE_WORKDAYS, ACCEPT_WORKDAYS),
                        state == WorkOrderState.CANCELLING || state == WorkOrderState.WORK_STATED));
    }

    /** When time next has something to say, or null. */
    @Nullable
    Instant lookAt() {
        return state == WorkOrderState.DELIVERED ? (reminded ? silentAt : remindAt) : null;
    }

    private void require(WorkOrderAct act, By by) {
        if (by.party() != act.party()) {
            throw Refused.because("workorder.refused.party", act, act.party());
        }
        if (!act.from(state)) {
            throw Refused.because("workorder.refused.state", act, state);
        }
    }

    private static int positive(String field, int minutes) {
        if (minutes < 1 || minutes > 60 * 10_000) {
            throw Refused.field(field, "workorder.refused.hours");
        }
        return minutes;
    }

    private static LocalDate ahead(LocalDate ready, By by) {
        if (ready.isBefore(LocalDate.ofInstant(by.now(), ZONE))) {
            throw Refused.field("readyOn", "workorder.refused.past", ready);
        }
        return ready;
    }

    /** The midnight that ends a day: from then on it is late. */
    static Instant after(LocalDate day) {
        return day.plusDays(1).atStartOfDay(ZONE).toInstant();
    }

    // Becoming

    WorkOrder after(WorkOrderEvent event) {
        if (event instanceof Commented) {
            return this;
        }
        var next = new Next(this, event.happenedAt());
        switch (event) {
            case Requested _ -> throw new IllegalStateException("Asked for twice: " + id);
            case Confirmed _ -> next.state = WorkOrderState.REQUESTED;
            case Disowned _ -> next.state = WorkOrderState.CANCELLED;
            case TakenInScope e -> {
                next.state = WorkOrderState.APPROVED;
                next.minutes = e.minutes();
                next.readyOn = e.readyOn();
            }
            case TakenAsChange _ -> next.state = WorkOrderState.CHANGE;
            case Declined _ -> next.state = WorkOrderState.REFUSED;
            case Quoted e -> {
                next.state = WorkOrderState.QUOTED;
                next.quotes = e.round();
                next.minutes = e.minutes();
                next.price = e.price();
                next.placement = e.placement();
                next.payWorkdays = e.payWorkdays();
                next.quoteUntil = e.validUntil();
                next.readyOn = e.readyOn();
            }
            case QuoteAccepted _ -> next.state = WorkOrderState.APPROVED;
            case QuoteRejected _ -> next.state = WorkOrderState.CHANGE;
            case Started _ -> next.state = WorkOrderState.IN_PROGRESS;
            case Delivered e -> {
                next.state = WorkOrderState.DELIVERED;
                next.deliveries = e.round();
                next.remindAt = e.remindAt();
                next.silentAt = e.silentAt();
                next.reminded = false;
            }
            case Reminded _ -> next.reminded = true;
            case Accepted _ -> {
                next.state = WorkOrderState.ACCEPTED;
                next.owed = price;
            }
            case DeemedAccepted _ -> {
                next.state = WorkOrderState.DEEMED_ACCEPTED;
                next.owed = price;
            }
            case Rejected e -> {
                next.state = WorkOrderState.REWORK;
                next.rejections = rejections + 1;
                next.readyOn = e.reworkBy() == null ? readyOn : e.reworkBy();
            }
            case Escalated _ -> next.state = WorkOrderState.ESCALATED;
            case CancelAsked _ -> next.state = WorkOrderState.CANCELLING;
            case WorkStated e -> {
                next.state = WorkOrderState.WORK_STATED;
                next.owed = e.price();
            }
            case WorkDisputed _ -> {
                next.state = WorkOrderState.CANCELLING;
                next.owed = null;
            }
            case Cancelled e -> {
                next.state = WorkOrderState.CANCELLED;
                next.owed = e.owed();
            }
            case Charged e -> next.charge = e.charge();
            case Closed _ -> next.state = WorkOrderState.CLOSED;
            case Commented _ -> throw new IllegalStateException("Changes nothing");
        }
        return next.made();
    }

    /** The order in the making. */
    private static final class Next {

        private final WorkOrder last;
        private final Instant changedAt;
        private WorkOrderState state;
        private @Nullable Integer minutes;
        private @Nullable LocalDate readyOn;
        private int quotes;
        private @Nullable Price price;
        private @Nullable Placement placement;
        private @Nullable Integer payWorkdays;
        private @Nullable LocalDate quoteUntil;
        private int deliveries;
        private int rejections;
        private @Nullable Instant remindAt;
        private @Nullable Instant silentAt;
        private boolean reminded;
        private @Nullable Price owed;
        private @Nullable UUID charge;

        Next(WorkOrder last, Instant at) {
            this.last = last;
            this.changedAt = at;
            this.state = last.state;
            this.minutes = last.minutes;
            this.readyOn = last.readyOn;
            this.quotes = last.quotes;
            this.price = last.price;
            this.placement = last.placement;
            this.payWorkdays = last.payWorkdays;
            this.quoteUntil = last.quoteUntil;
            this.deliveries = last.deliveries;
            this.rejections = last.rejections;
            this.remindAt = last.remindAt;
            this.silentAt = last.silentAt;
            this.reminded = last.reminded;
            this.owed = last.owed;
            this.charge = last.charge;
        }

        WorkOrder made() {
            return new WorkOrder(
                    last.id,
                    last.tenant,
                    last.contract,
                    last.contractVersion,
                    last.number,
                    last.clause,
                    last.urgent,
                    state,
                    last.requestedBy,
                    last.requestedAt,
                    minutes,
                    readyOn,
                    quotes,
                    price,
                    placement,
                    payWorkdays,
                    quoteUntil,
                    deliveries,
                    rejections,
                    remindAt,
                    silentAt,
                    reminded,
                    owed,
                    charge,
                    changedAt,
                    last.version);
        }
    }
}
