package io.retainer.workorder;

import io.retainer.billing.Charges;
import io.retainer.billing.OtherWork;
import io.retainer.contract.TermsInForce;
import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Ids;
import io.retainer.kernel.Money;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Unknown;
import io.retainer.kernel.WorkCalendar;
import io.retainer.workorder.Attachments.Checked;
import io.retainer.workorder.WorkOrder.By;
import io.retainer.workorder.WorkOrderRows.Words;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationEventPublisher;
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
    private static final BigDecimal MOST_QUANTITY = BigDecimal.valueOf(1_000_000);
    private static final Money HIGHEST_UNIT = Money.of("100000000.00");

    private final WorkOrderRows rows;
    private final Attachments attachments;
    private final WorkOrderDuties clocks;
    private final WorkOrderNews news;
    private final ContractWork work;
    private final TermsInForce terms;
    private final OtherWork otherWork;
    private final Tenancy tenancy;
    private final ApplicationEventPublisher events;
    private final Clock clock;
    private final WorkCalendar calendar;

    WorkOrders(
            WorkOrderRows rows,
            Attachments attachments,
            WorkOrderDuties clocks,
            WorkOrderNews news,
            ContractWork work,
            TermsInForce terms,
            OtherWork otherWork,
            Tenancy tenancy,
            ApplicationEventPublisher events,
            Clock clock,
            ObjectProvider<WorkCalendar> calendar) {
        this.rows = rows;
        this.attachments = attachments;
        this.clocks = clocks;
        this.news = news;
        this.work = work;
        this.terms = terms;
        this.otherWork = otherWork;
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
            var says = work.terms(tenant, access.contract(), now);
            int version =
                    says.inForce() ? terms.at(tenant, access.contract(), now).number() : 1;
            var requested = WorkOrder.request(
                    Ids.at(now.toEpochMilli()),
                    tenant,
                    access.contract(),
                    says.inForce() ? rows.nextNumber(tenant, access.contract()) : 1,
                    version,
                    wanted.clause(),
                    wanted.urgent(),
                    says,
                    by(access, now));
            var order = WorkOrder.first(requested);
            var words = new Words(title, details);
            rows.add(order, words);
            int position = rows.add(requested, access.party(), null, now);
            attachments.add(tenant, order.id(), position, files, now);
            events.publishEvent(requested);
            clocks.follow(order, requested, now);
            news.tell(order, words, requested, position, List.of());
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

    // Talking

    /** A question, an answer or anything else about an open order; nothing of it changes. */
    public void comment(Access access, UUID order, String words, List<NewFile> files) {
        access.require(access.party() == Party.CLIENT ? Capability.REQUEST_WORK : Capability.DO_WORK);
        var said = text("words", words, LONGEST_WORDS);
        var checked = Attachments.checked(files);
        change(
                access,
                order,
                said,
                checked,
                (it, by, _) ->
                        List.of(it.comment(checked.stream().map(Checked::sha256).toList(), by)));
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
        change(access, id, said, files, decision);
    }

    private void change(Access access, UUID id, @Nullable String said, List<Checked> files, Decision decision) {
        var tenant = access.tenant();
        tenancy.write(tenant, () -> {
            var now = now();
            var locked = rows.locked(tenant, id);
            if (!locked.contract().equals(access.contract())) {
                throw new Unknown("work order " + id);
            }
            var says = work.terms(tenant, access.contract(), now);
            var order = letTimeSpeak(locked, says, now);
            boolean first = true;
            for (var event : decision.on(order, by(access, now), says)) {
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
            rows.save(finish(letTimeSpeak(order, work.terms(tenant, order.contract(), now), now), null, now));
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
        clocks.follow(next, event, now);
        news.tell(
                next,
                rows.get(order.tenant(), order.contract(), order.id()).words(),
                event,
                position,
                rows.entries(order.tenant(), order.id()));
        return next;
    }

    /** What was accepted or agreed is charged, and what is charged is closed. */
    private WorkOrder finish(WorkOrder order, @Nullable UUID person, Instant now) {
        var next = order;
        var owed = order.owed();
        if (order.toCharge() && owed != null) {
            var words = rows.get(order.tenant(), order.contract(), order.id()).words();
            var placed = otherWork.charge(
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
