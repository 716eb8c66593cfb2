package io.retainer.workorder;

import io.retainer.duty.AssessedDuty;
import io.retainer.duty.Deadline;
import io.retainer.duty.Duties;
import io.retainer.duty.NewDuty;
import io.retainer.duty.Release;
import io.retainer.kernel.Party;
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
import io.retainer.workorder.WorkOrderRows.Entry;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/** The clocks of an order are duties: brings them in line with what happened. */
@Component
class WorkOrderDuties {

    private final WorkOrderRows rows;
    private final Duties duties;

    WorkOrderDuties(WorkOrderRows rows, Duties duties) {
        this.rows = rows;
        this.duties = duties;
    }

    /** Brings duties in line with what happened. */
    void follow(WorkOrder order, WorkOrderEvent event, Instant now) {
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
                owes(order, event, Party.PROVIDER, "quote/" + (e.round() + 1), days(WorkOrder.QUOTE_WORKDAYS, day));
            case Started _, Escalated _, Charged _, Closed _, Commented _ -> {
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

    /** Those that stand open, the most urgent first. */
    List<AssessedDuty> open(WorkOrder order, List<Entry> entries, Instant now) {
        return subjects(order, entries).stream()
                .flatMap(subject -> duties.on(order.tenant(), order.contract(), order.clause(), subject, now).stream())
                .filter(duty -> duty.assessment().state().owed())
                .toList();
    }
}
