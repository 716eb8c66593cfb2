package io.retainer.workorder;

import io.retainer.billing.Billing;
import io.retainer.billing.Charges;
import io.retainer.contract.AnnexesInForce;
import io.retainer.contract.ContractDates;
import io.retainer.contract.ContractLife;
import io.retainer.contract.ServicePlan;
import io.retainer.contract.TermKey;
import io.retainer.contract.TermValue;
import io.retainer.contract.TermsInForce;
import io.retainer.duty.AssessedDuty;
import io.retainer.duty.Deadline;
import io.retainer.duty.Duties;
import io.retainer.duty.NewDuty;
import io.retainer.duty.Release;
import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.identity.Engagement;
import io.retainer.identity.People;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Ids;
import io.retainer.kernel.Money;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Unknown;
import io.retainer.kernel.WorkCalendar;
import io.retainer.messaging.Channel;
import io.retainer.messaging.MessageKind;
import io.retainer.messaging.MessageKind.Variable;
import io.retainer.messaging.MessageKind.VariableType;
import io.retainer.messaging.Messages;
import io.retainer.messaging.NewMessage;
import io.retainer.messaging.Purpose;
import io.retainer.messaging.Recipient;
import io.retainer.workorder.Attachments.Checked;
import io.retainer.workorder.WorkOrder.By;
import io.retainer.workorder.WorkOrderEvent.Accepted;
import io.retainer.workorder.WorkOrderEvent.CancelAsked;
import io.retainer.workorder.WorkOrderEvent.Cancelled;
import io.retainer.workorder.WorkOrderEvent.Charged;
import io.retainer.workorder.WorkOrderEvent.Closed;
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
import io.retainer.workorder.WorkOrderRows.Entry;
import io.retainer.workorder.WorkOrderRows.Filter;
import io.retainer.workorder.WorkOrderRows.Row;
import io.retainer.workorder.WorkOrderRows.Words;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.stereotype.Service;

/**
 * What people and the clock do with work orders. Each call is one transaction for the client: it locks the order, lets time
 * speak first, decides, saves, publishes, and brings duties and news in line.
 */
@Service
public class WorkOrders {

    private static final int LONGEST_TITLE = 200;
    private static final int LONGEST_WORDS = 10_000;
    private static final int LONGEST_LINE = 300;
    private static final int MOST_LINES = 30;
    private static final int LONGEST_SEARCH = 100;
    private static final BigDecimal MOST_QUANTITY = BigDecimal.valueOf(1_000_000);
    private static final Money HIGHEST_UNIT = Money.of("100000000.00");

    private final WorkOrderRows rows;
    private final Attachments attachments;
    private final Duties duties;
    private final ContractLife contracts;
    private final ContractDates parties;
    private final TermsInForce terms;
    private final AnnexesInForce annexes;
    private final Billing billing;
    private final Messages messages;
    private final People people;
    private final Tenancy tenancy;
    private final ApplicationEventPublisher events;
    private final Clock clock;
    private final WorkCalendar calendar;

    WorkOrders(
            WorkOrderRows rows,
            Attachments attachments,
            Duties duties,
            ContractLife contracts,
            ContractDates parties,
            TermsInForce terms,
            AnnexesInForce annexes,
            Billing billing,
            Messages messages,
            People people,
            Tenancy tenancy,
            ApplicationEventPublisher events,
            Clock clock,
            ObjectProvider<WorkCalendar> calendar) {
        this.rows = rows;
        this.attachments = attachments;
        this.duties = duties;
        this.contracts = contracts;
        this.parties = parties;
        this.terms = terms;
        this.annexes = annexes;
        this.billing = billing;
        this.messages = messages;
        this.people = people;
        this.tenancy = tenancy;
        this.events = events;
        this.clock = clock;
        this.calendar = calendar.getIfAvailable(WorkCalendar::chinese);
    }

    /**
     * What is asked for.
     *
     * @param clause the service it belongs to
     * @param urgent whether it cannot wait for its turn
     */
    public record NewOrder(Clause clause, String title, String details, boolean urgent, List<NewFile> files) {

        public NewOrder {
            files = List.copyOf(files);
        }
    }

    /**
     * A quote.
     *
     * @param payWorkdays for an order paid by itself; otherwise null
     * @param validUntil the last day on which it can be accepted; null until it is answered
     */
    public record NewQuote(
            BigDecimal hours,
            List<QuoteLine> lines,
            Placement placement,
            @Nullable Integer payWorkdays,
            LocalDate readyOn,
            @Nullable LocalDate validUntil,
            @Nullable String words) {

        public NewQuote {
            lines = List.copyOf(lines);
        }
    }

    // Looking

    /** Orders, the latest first, and how many there are in each state. */
    record Page(List<Row> orders, @Nullable Integer next, Map<WorkOrderState, Long> counts) {}

    Page page(Access access, Filter filter, @Nullable Integer before, int most) {
        access.require(Capability.READ_CONTRACT);
        if (filter.q().length() > LONGEST_SEARCH) {
            throw Refused.field("q", "workorder.refused.search", LONGEST_SEARCH);
        }
        var tenant = access.tenant();
        return tenancy.read(tenant, () -> {
            var found = rows.page(tenant, access.contract(), filter, before, most + 1);
            boolean more = found.size() > most;
            var page = more ? found.subList(0, most) : found;
            return new Page(
                    List.copyOf(page),
                    more ? page.getLast().order().number() : null,
                    rows.counts(tenant, access.contract()).stream()
                            .collect(Collectors.toMap(WorkOrderRows.Count::state, WorkOrderRows.Count::orders)));
        });
    }

    /**
     * Everything about one order.
     *
     * @param duties that stand open, the most urgent first
     * @param freeMinutes that the fee still covers in this service period
     * @param rules of time and silence, as they hold for this order
     * @param names of whoever acted
     */
    record Whole(
            Row row,
            List<Entry> entries,
            List<WorkOrderRows.Line> lines,
            List<Attachments.Attachment> files,
            List<AssessedDuty> duties,
            int freeMinutes,
            List<WorkOrder.Rule> rules,
            Map<UUID, String> names) {}

    /** @throws Unknown when the contract has no such order */
    Whole whole(Access access, UUID id) {
        access.require(Capability.READ_CONTRACT);
        var tenant = access.tenant();
        var now = now();
        var whole = tenancy.read(tenant, () -> {
            var row = rows.get(tenant, access.contract(), id);
            var entries = rows.entries(tenant, id);
            var work = workTerms(tenant, access.contract(), now);
            return new Whole(
                    row,
                    entries,
                    rows.lines(tenant, id),
                    attachments.of(tenant, id),
                    subjects(row.order(), entries).stream()
                            .flatMap(subject ->
                                    duties
                                            .on(
                                                    tenant,
                                                    access.contract(),
                                                    row.order().clause(),
                                                    subject,
                                                    now)
                                            .stream())
                            .filter(duty -> duty.assessment().state().owed())
                            .toList(),
                    work.freeMinutesLeft(),
                    row.order().rules(work.silenceAccepts()),
                    Map.of());
        });
        var actors = whole.entries().stream()
                .map(Entry::actor)
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
        return new Whole(
                whole.row(),
                whole.entries(),
                whole.lines(),
                whole.files(),
                whole.duties(),
                whole.freeMinutes(),
                whole.rules(),
                people.names(actors));
    }

    /** A deliverable may hold customers' data, so it is handed to those who may see some. */
    Attachments.Download download(Access access, UUID order, UUID file) {
        access.require(Capability.READ_CUSTOMERS);
        return tenancy.read(access.tenant(), () -> {
            rows.get(access.tenant(), access.contract(), order);
            return attachments.open(access.tenant(), order, file);
        });
    }

    /** What the contract says on a day; safe to ask when it is not in force. */
    WorkTerms workTerms(UUID tenant, UUID contract, Instant now) {
        return tenancy.read(tenant, () -> {
            if (!contracts.state(tenant, contract).isInForce()) {
                return new WorkTerms(false, Set.of(), Set.of(), 0, true, false);
            }
            var draft = contracts.terms(tenant, contract);
            var free = draft.get(TermKey.WORK_ORDER_FREE_HOURS);
            int freeMinutes = free.binds() && free.value() instanceof TermValue.Whole(var hours) ? hours * 60 : 0;
            var quote = draft.get(TermKey.WORK_ORDER_QUOTE);
            var silence = draft.get(TermKey.WORK_ORDER_SILENCE);
            return new WorkTerms(
                    true,
                    annexes.annexes(tenant, contract, now)
                            .servicePlan()
                            .map(ServicePlan::inScope)
                            .orElse(Set.of()),
                    contracts.frozen(tenant, contract),
                    Math.max(0, freeMinutes - used(tenant, contract, now)),
                    !(quote.binds() && quote.value() instanceof TermValue.YesNo(var yes) && !yes),
                    silence.binds() && silence.value() instanceof TermValue.YesNo(var yes) && yes);
        });
    }

    /** Free minutes taken in the service period of today. */
    private int used(UUID tenant, UUID contract, Instant now) {
        var today = LocalDate.ofInstant(now, WorkOrder.ZONE);
        return billing.verdict(tenant, contract, now).stream()
                .flatMap(verdict -> verdict.instalments().stream())
                .map(io.retainer.billing.Verdict.InstalmentVerdict::instalment)
                .filter(one -> !today.isBefore(one.start()) && !today.isAfter(one.end()))
                .findFirst()
                .map(one -> rows.freeMinutesUsed(
                        tenant,
                        contract,
                        one.start().atStartOfDay(WorkOrder.ZONE).toInstant(),
                        WorkOrder.after(one.end())))
                .orElse(0);
    }

    // Asking

    /** Asks for work, or writes down for the client what it asked for by word of mouth. */
    public UUID request(Access access, NewOrder wanted) {
        access.require(access.party() == Party.CLIENT ? Capability.REQUEST_WORK : Capability.DO_WORK);
        var title = text("title", wanted.title(), LONGEST_TITLE);
        var details = text("details", wanted.details(), LONGEST_WORDS);
        var files = Attachments.checked(wanted.files());
        var tenant = access.tenant();
        return tenancy.write(tenant, () -> {
            var now = now();
            var work = workTerms(tenant, access.contract(), now);
            int version =
                    work.inForce() ? terms.at(tenant, access.contract(), now).number() : 1;
            var requested = WorkOrder.request(
                    Ids.at(now.toEpochMilli()),
                    tenant,
                    access.contract(),
                    work.inForce() ? rows.nextNumber(tenant, access.contract()) : 1,
                    version,
                    wanted.clause(),
                    wanted.urgent(),
                    work,
                    by(access, now));
            var order = WorkOrder.first(requested);
            var words = new Words(title, details);
            rows.add(order, words);
            int position = rows.add(requested, access.party(), null, now);
            attachments.add(tenant, order.id(), position, files, now);
            events.publishEvent(requested);
            follow(order, requested, now);
            tell(order, words, requested, position);
            return order.id();
        });
    }

    public void confirm(Access access, UUID order) {
        change(access, WorkOrderAct.CONFIRM, order, null, (it, by, _) -> List.of(it.confirm(by)));
    }

    public void disown(Access access, UUID order, @Nullable String words) {
        change(access, WorkOrderAct.DISOWN, order, words, (it, by, _) -> List.of(it.disown(by)));
    }

    // Triage

    /** @param looked the provider says that it is lawful work on customer relations */
    public void takeInScope(
            Access access, UUID order, boolean looked, BigDecimal hours, LocalDate readyOn, @Nullable String words) {
        change(
                access,
                WorkOrderAct.TAKE_IN_SCOPE,
                order,
                words,
                (it, by, work) -> List.of(it.takeInScope(looked, minutes(hours), readyOn, work, by)));
    }

    public void takeAsChange(Access access, UUID order, boolean looked, @Nullable String words) {
        change(access, WorkOrderAct.TAKE_AS_CHANGE, order, words, (it, by, _) -> List.of(it.takeAsChange(looked, by)));
    }

    /** @param words why, for the client to read */
    public void decline(Access access, UUID order, DeclineReason reason, String words) {
        text("words", words, LONGEST_WORDS);
        change(access, WorkOrderAct.DECLINE, order, words, (it, by, _) -> List.of(it.decline(reason, by)));
    }

    // Price

    /** @throws Refused naming the line and what is wrong with it */
    public void quote(Access access, UUID order, NewQuote quote) {
        var lines = quote.lines();
        if (lines.isEmpty() || lines.size() > MOST_LINES) {
            throw Refused.field("lines", "workorder.refused.lines", MOST_LINES);
        }
        for (int i = 0; i < lines.size(); i++) {
            check(i + 1, lines.get(i));
        }
        var price = Price.sum(lines.stream().map(QuoteLine::price).toList());
        change(access, WorkOrderAct.QUOTE, order, quote.words(), (it, by, _) -> {
            var quoted = it.quote(
                    minutes(quote.hours()),
                    price,
                    quote.placement(),
                    quote.payWorkdays(),
                    quote.readyOn(),
                    quote.validUntil(),
                    by);
            rows.add(it.tenant(), it.id(), quoted.round(), lines);
            return List.of(quoted);
        });
    }

    private static void check(int number, QuoteLine line) {
        if (line.text().isBlank() || line.text().length() > LONGEST_LINE) {
            throw Refused.field("lines", "workorder.refused.lineText", number, LONGEST_LINE);
        }
        if (line.quantity().signum() <= 0
                || line.quantity().stripTrailingZeros().scale() > 3
                || line.quantity().compareTo(MOST_QUANTITY) > 0) {
            throw Refused.field("lines", "workorder.refused.lineQuantity", number);
        }
        if (line.unit().isNegative() || line.unit().compareTo(HIGHEST_UNIT) > 0) {
            throw Refused.field("lines", "workorder.refused.lineUnit", number);
        }
        if (line.ratePercent().signum() < 0
                || line.ratePercent().compareTo(BigDecimal.valueOf(25)) > 0
                || line.ratePercent().stripTrailingZeros().scale() > 2) {
            throw Refused.field("lines", "workorder.refused.lineRate", number);
        }
    }

    /** @param round of the quote that was read */
    public void acceptQuote(Access access, UUID order, int round) {
        change(access, WorkOrderAct.ACCEPT_QUOTE, order, null, (it, by, _) -> List.of(it.acceptQuote(round, by)));
    }

    public void rejectQuote(Access access, UUID order, String words) {
        text("words", words, LONGEST_WORDS);
        change(access, WorkOrderAct.REJECT_QUOTE, order, words, (it, by, _) -> List.of(it.rejectQuote(by)));
    }

    // Work

    public void start(Access access, UUID order) {
        change(access, WorkOrderAct.START, order, null, (it, by, work) -> List.of(it.start(work, by)));
    }

    /** @param words what is handed over */
    public void deliver(Access access, UUID order, String words, List<NewFile> files) {
        text("words", words, LONGEST_WORDS);
        var checked = Attachments.checked(files);
        change(
                access,
                WorkOrderAct.DELIVER,
                order,
                words,
                checked,
                (it, by, _) ->
                        List.of(it.deliver(checked.stream().map(Checked::sha256).toList(), calendar, by)));
    }

    public void accept(Access access, UUID order, @Nullable String words) {
        change(access, WorkOrderAct.ACCEPT, order, words, (it, by, _) -> List.of(it.accept(by)));
    }

    /** @param words the defects */
    public void reject(Access access, UUID order, String words, List<NewFile> files) {
        text("words", words, LONGEST_WORDS);
        change(
                access,
                WorkOrderAct.REJECT,
                order,
                words,
                Attachments.checked(files),
                (it, by, _) -> it.reject(calendar, by));
    }

    // Calling off

    public void cancel(Access access, UUID order, String words) {
        text("words", words, LONGEST_WORDS);
        change(access, WorkOrderAct.CANCEL, order, words, (it, by, _) -> List.of(it.cancel(by)));
    }

    /**
     * The provider states what was done before the cancellation.
     *
     * @param gross tax included; zero for nothing
     */
    public void stateWork(Access access, UUID order, Money gross, BigDecimal ratePercent, String words) {
        text("words", words, LONGEST_WORDS);
        if (gross.isNegative()) {
            throw Refused.field("amount", "workorder.refused.amount");
        }
        check(1, new QuoteLine("x", BigDecimal.ONE, Money.min(gross, HIGHEST_UNIT), ratePercent));
        change(
                access,
                WorkOrderAct.STATE_WORK,
                order,
                words,
                (it, by, _) -> List.of(it.stateWork(Price.including(gross, ratePercent), by)));
    }

    public void agreeStated(Access access, UUID order) {
        change(access, WorkOrderAct.AGREE_STATED, order, null, (it, by, _) -> List.of(it.agreeStated(by)));
    }

    public void disputeStated(Access access, UUID order, String words) {
        text("words", words, LONGEST_WORDS);
        change(access, WorkOrderAct.DISPUTE_STATED, order, words, (it, by, _) -> List.of(it.disputeStated(by)));
    }

    // Deciding

    private interface Decision {
        List<? extends WorkOrderEvent> on(WorkOrder order, By by, WorkTerms work);
    }

    private void change(Access access, WorkOrderAct act, UUID id, @Nullable String words, Decision decision) {
        change(access, act, id, words, List.of(), decision);
    }

    private void change(
            Access access, WorkOrderAct act, UUID id, @Nullable String words, List<Checked> files, Decision decision) {
        access.require(act.capability());
        var said = words == null || words.isBlank() ? null : text("words", words, LONGEST_WORDS);
        var tenant = access.tenant();
        tenancy.write(tenant, () -> {
            var now = now();
            var locked = rows.locked(tenant, id);
            if (!locked.contract().equals(access.contract())) {
                throw new Unknown("work order " + id);
            }
            var work = workTerms(tenant, access.contract(), now);
            var order = letTimeSpeak(locked, work, now);
            boolean first = true;
            for (var event : decision.on(order, by(access, now), work)) {
                order = happen(order, event, access.party(), first ? said : null, first ? files : List.of(), now);
                first = false;
            }
            rows.save(finish(order, access.person(), now));
        });
    }

    /** Says what the passing of time has made true, if anything. */
    void lookAtTheClock(UUID tenant, UUID id) {
        tenancy.write(tenant, () -> {
            var now = now();
            var order = rows.locked(tenant, id);
            rows.save(finish(letTimeSpeak(order, workTerms(tenant, order.contract(), now), now), null, now));
        });
    }

    private WorkOrder letTimeSpeak(WorkOrder order, WorkTerms work, Instant now) {
        var next = order;
        for (var event : order.letTimeSpeak(work.silenceAccepts(), now)) {
            next = happen(next, event, null, null, List.of(), now);
        }
        return next;
    }

    private WorkOrder happen(
            WorkOrder order,
            WorkOrderEvent event,
            @Nullable Party party,
            @Nullable String words,
            List<Checked> files,
            Instant now) {
        var next = order.after(event);
        int position = rows.add(event, party, words, now);
        attachments.add(order.tenant(), order.id(), position, files, now);
        events.publishEvent(event);
        follow(next, event, now);
        tell(next, rows.get(order.tenant(), order.contract(), order.id()).words(), event, position);
        return next;
    }

    /** What was accepted or agreed is charged, and what is charged is closed. */
    private WorkOrder finish(WorkOrder order, @Nullable UUID person, Instant now) {
        var next = order;
        var owed = order.owed();
        if (order.toCharge() && owed != null) {
            var words = rows.get(order.tenant(), order.contract(), order.id()).words();
            var placed = billing.charge(
                    order.tenant(),
                    order.contract(),
                    new Charges.NewCharge(
                            "work-order/" + order.id(),
                            "#" + order.number() + " " + words.title(),
                            "/contracts/" + order.contract() + "/work-orders/" + order.id(),
                            order.clause(),
                            owed.net(),
                            owed.tax(),
                            owed.gross(),
                            order.payWorkdays()),
                    person);
            next = happen(
                    next,
                    next.charged(
                            placed.charge(),
                            placed.instalment() == null ? Placement.OWN : Placement.NEXT_INSTALMENT,
                            now,
                            person),
                    null,
                    null,
                    List.of(),
                    now);
        }
        return next.toClose() ? happen(next, next.close(now, person), null, null, List.of(), now) : next;
    }

    // Following

    /** Brings duties in line with what happened. */
    private void follow(WorkOrder order, WorkOrderEvent event, Instant now) {
        var day = LocalDate.ofInstant(event.happenedAt(), WorkOrder.ZONE);
        switch (event) {
            case Requested e -> {
                if (e.party() == Party.CLIENT) {
                    owes(order, event, Party.PROVIDER, "triage", days(WorkOrder.TRIAGE_WORKDAYS, day));
                } else {
                    owes(order, event, Party.CLIENT, "confirmation", days(WorkOrder.CONFIRM_WORKDAYS, day));
                }
            }
            case Confirmed _ -> {
                did(order, event, now, "confirmation");
                owes(order, event, Party.PROVIDER, "triage", days(WorkOrder.TRIAGE_WORKDAYS, day));
            }
            case Disowned _ -> did(order, event, now, "confirmation");
            case TakenInScope e -> {
                did(order, event, now, "triage");
                owes(order, event, Party.PROVIDER, "delivery/1", new Deadline.At(WorkOrder.after(e.readyOn())));
            }
            case TakenAsChange _ -> {
                did(order, event, now, "triage");
                owes(order, event, Party.PROVIDER, "quote/1", days(WorkOrder.QUOTE_WORKDAYS, day));
            }
            case Declined _ -> {
                did(order, event, now, "triage");
                gone(order, event, now);
            }
            case Quoted e -> did(order, event, now, "quote/" + e.round());
            case QuoteRejected e ->
                owes(
                        order,
                        event,
                        Party.PROVIDER,
                        "quote/" + (e.round() + 1),
                        days(WorkOrder.QUOTE_WORKDAYS, day));
            case Started _, Escalated _, Charged _, Closed _ -> {
                // Nothing is owed for these that is not owed already.
            }
            case QuoteAccepted _ -> {
                var ready = Objects.requireNonNull(order.readyOn());
                owes(order, event, Party.PROVIDER, "delivery/1", new Deadline.At(WorkOrder.after(ready)));
            }
            case Delivered e -> {
                did(order, event, now, "delivery/" + e.round());
                owes(order, event, Party.CLIENT, "acceptance/" + e.round(), days(WorkOrder.ACCEPT_WORKDAYS, day));
            }
            case Reminded e -> {
                var last = LocalDate.ofInstant(event.happenedAt().minusNanos(1), WorkOrder.ZONE);
                owes(
                        order,
                        event,
                        Party.CLIENT,
                        "acceptance/" + e.round() + "/reminder",
                        days(WorkOrder.REMINDER_WORKDAYS, last));
            }
            case Accepted e -> answered(order, event, now, e.round());
            case Rejected e -> {
                answered(order, event, now, e.round());
                if (e.reworkBy() != null) {
                    owes(
                            order,
                            event,
                            Party.PROVIDER,
                            "delivery/" + (e.round() + 1),
                            days(WorkOrder.REWORK_WORKDAYS, day));
                }
            }
            case DeemedAccepted _ -> gone(order, event, now);
            case CancelAsked _ -> {
                gone(order, event, now);
                owes(order, event, Party.PROVIDER, statement(order, 1), days(WorkOrder.STATE_WORKDAYS, day));
            }
            case WorkStated _ -> {
                did(order, event, now, statement(order, 0));
                owes(
                        order,
                        event,
                        Party.CLIENT,
                        statement(order, 0).replace("statement", "agreement"),
                        days(WorkOrder.ACCEPT_WORKDAYS, day));
            }
            case WorkDisputed _ -> {
                did(order, event, now, statement(order, 0).replace("statement", "agreement"));
                owes(order, event, Party.PROVIDER, statement(order, 1), days(WorkOrder.STATE_WORKDAYS, day));
            }
            case Cancelled _ -> {
                did(order, event, now, statement(order, 0).replace("statement", "agreement"));
                gone(order, event, now);
            }
        }
    }

    private static Deadline days(int workdays, LocalDate from) {
        return new Deadline.WorkingDays(workdays, from);
    }

    /** The statement that was given last, or the one after it. */
    private String statement(WorkOrder order, int after) {
        long stated = rows.entries(order.tenant(), order.id()).stream()
                .filter(entry -> entry.kind().equals("WorkStated"))
                .count();
        return "statement/" + (stated + after);
    }

    private void owes(WorkOrder order, WorkOrderEvent event, Party debtor, String what, Deadline deadline) {
        var action = what.replaceAll("/.*", "");
        duties.open(new NewDuty(
                order.tenant(),
                order.contract(),
                order.contractVersion(),
                order.clause(),
                debtor,
                debtor == Party.CLIENT ? Party.PROVIDER : Party.CLIENT,
                "workorder.duty." + action + "|" + order.number(),
                event.subject() + "/" + what,
                deadline,
                event.happenedAt(),
                event.actor()));
    }

    private void did(WorkOrder order, WorkOrderEvent event, Instant now, String what) {
        duties.on(order.tenant(), order.contract(), order.clause(), event.subject() + "/" + what, now)
                .filter(duty -> duty.assessment().state().owed())
                .ifPresent(
                        duty -> duties.discharge(order.tenant(), duty.duty().id(), event.happenedAt(), event.actor()));
    }

    private void answered(WorkOrder order, WorkOrderEvent event, Instant now, int round) {
        did(order, event, now, "acceptance/" + round);
        did(order, event, now, "acceptance/" + round + "/reminder");
    }

    /** What was still owed for the order serves nothing any more. */
    private void gone(WorkOrder order, WorkOrderEvent event, Instant now) {
        subjects(order, rows.entries(order.tenant(), order.id())).stream()
                .flatMap(subject -> duties.on(order.tenant(), order.contract(), order.clause(), subject, now).stream())
                .filter(duty -> duty.assessment().state().owed())
                .forEach(duty -> duties.release(
                        order.tenant(), duty.duty().id(), Release.PURPOSE_GONE, null, now, event.actor()));
    }

    /** Everything that may be owed for an order, as it stands. */
    private static List<String> subjects(WorkOrder order, List<Entry> entries) {
        var front = "work-order/" + order.id() + "/";
        long stated = entries.stream()
                .filter(entry -> entry.kind().equals("WorkStated"))
                .count();
        return Stream.of(
                        Stream.of("triage", "confirmation"),
                        IntStream.rangeClosed(1, order.quotes() + 1).mapToObj(round -> "quote/" + round),
                        IntStream.rangeClosed(1, order.deliveries() + 1)
                                .boxed()
                                .flatMap(round -> Stream.of(
                                        "delivery/" + round,
                                        "acceptance/" + round,
                                        "acceptance/" + round + "/reminder")),
                        IntStream.rangeClosed(1, (int) stated + 1)
                                .boxed()
                                .flatMap(round -> Stream.of("statement/" + round, "agreement/" + round)))
                .flatMap(many -> many)
                .map(what -> front + what)
                .toList();
    }

    // Telling

    /** Rings the bell of whoever can act next; at the end, of whoever asked. */
    private void tell(WorkOrder order, Words words, WorkOrderEvent event, int position) {
        var next = new HashSet<UUID>();
        if (!order.state().isOpen()) {
            Stream.ofNullable(order.requestedBy()).forEach(next::add);
        }
        var engagements = parties.parties(List.of(order.contract())).stream()
                .collect(Collectors.toMap(Engagement::organisation, Engagement::party, (one, _) -> one));
        people.staff(engagements.keySet()).forEach(member -> {
            var party = engagements.get(member.organisation());
            if (party != null
                    && Stream.of(WorkOrderAct.values())
                            .anyMatch(act -> act.party() == party
                                    && act.isNext(order.state())
                                    && member.role().capabilitiesAs(party).contains(act.capability()))) {
                next.add(member.person());
            }
        });
        for (var person : next) {
            if (!person.equals(event.actor())) {
                people.reach(person)
                        .ifPresent(reach -> messages.queue(new NewMessage(
                                order.tenant(),
                                "workorder.news",
                                Channel.IN_APP,
                                Recipient.person(person),
                                order.contract(),
                                "work-order/" + order.id() + "/" + position + "/" + person,
                                reach.language(),
                                Map.of(
                                        "number",
                                        order.number(),
                                        "title",
                                        words.title(),
                                        "state",
                                        Sentence.of("workorder.news.state", order.state()),
                                        "link",
                                        "/contracts/" + order.contract() + "/work-orders/" + order.id()),
                                null)));
            }
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class News {

        @Bean
        MessageKind workOrderNews() {
            return new MessageKind(
                    "workorder.news",
                    Purpose.STAFF,
                    List.of(
                            new Variable("number", VariableType.NUMBER, "12"),
                            new Variable("title", VariableType.TEXT, "CSV"),
                            new Variable("state", VariableType.TEXT, "…"),
                            new Variable("link", VariableType.PATH, "/contracts")));
        }
    }

    // Small things

    private static By by(Access access, Instant now) {
        return new By(access.party(), access.person(), now);
    }

    private static int minutes(BigDecimal hours) {
        if (hours.signum() <= 0
                || hours.stripTrailingZeros().scale() > 2
                || hours.compareTo(BigDecimal.valueOf(10_000)) > 0) {
            throw Refused.field("hours", "workorder.refused.hours");
        }
        return hours.multiply(BigDecimal.valueOf(60))
                .setScale(0, java.math.RoundingMode.CEILING)
                .intValueExact();
    }

    private static String text(String field, String text, int longest) {
        var stripped = text.strip();
        if (stripped.isEmpty() || stripped.length() > longest) {
            throw Refused.field(field, "workorder.refused.text", Sentence.of("workorder.field." + field), longest);
        }
        return stripped;
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
