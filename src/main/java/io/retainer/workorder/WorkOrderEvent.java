package io.retainer.workorder;

import io.retainer.kernel.Clause;
import io.retainer.kernel.Fact;
import io.retainer.kernel.Party;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What happens to a work order. What people wrote about it stays in its rows. */
public sealed interface WorkOrderEvent extends Fact {

    UUID order();

    @Override
    default String subject() {
        return "work-order/" + order();
    }

    /** The names stand in the ledger for ever, whatever becomes of the types. */
    @Override
    default String kind() {
        return switch (this) {
            case Requested _ -> "workorder.Requested";
            case Confirmed _ -> "workorder.Confirmed";
            case Disowned _ -> "workorder.Disowned";
            case TakenInScope _ -> "workorder.TakenInScope";
            case TakenAsChange _ -> "workorder.TakenAsChange";
            case Declined _ -> "workorder.Declined";
            case Quoted _ -> "workorder.Quoted";
            case QuoteAccepted _ -> "workorder.QuoteAccepted";
            case QuoteRejected _ -> "workorder.QuoteRejected";
            case Started _ -> "workorder.Started";
            case Delivered _ -> "workorder.Delivered";
            case Reminded _ -> "workorder.Reminded";
            case Accepted _ -> "workorder.Accepted";
            case DeemedAccepted _ -> "workorder.DeemedAccepted";
            case Rejected _ -> "workorder.Rejected";
            case Escalated _ -> "workorder.Escalated";
            case CancelAsked _ -> "workorder.CancelAsked";
            case WorkStated _ -> "workorder.WorkStated";
            case WorkDisputed _ -> "workorder.WorkDisputed";
            case Cancelled _ -> "workorder.Cancelled";
            case Charged _ -> "workorder.Charged";
            case Closed _ -> "workorder.Closed";
            case Commented _ -> "workorder.Commented";
        };
    }

    /** @param party who wrote it down: the provider did for the client when it was asked by word of mouth */
    record Requested(
            UUID tenant,
            UUID contract,
            UUID order,
            int number,
            int contractVersion,
            Clause clause,
            Party party,
            boolean urgent,
            Instant happenedAt,
            @Nullable UUID actor)
            implements WorkOrderEvent {}

    record Confirmed(
            UUID tenant,
            UUID contract,
            UUID order,
            Clause clause,
            Instant happenedAt,
            @Nullable UUID actor) implements WorkOrderEvent {}

    record Disowned(
            UUID tenant,
            UUID contract,
            UUID order,
            Clause clause,
            Instant happenedAt,
            @Nullable UUID actor) implements WorkOrderEvent {}

    /** The fee covers it. */
    record TakenInScope(
            UUID tenant,
            UUID contract,
            UUID order,
            Clause clause,
            int minutes,
            LocalDate readyOn,
            Instant happenedAt,
            @Nullable UUID actor)
            implements WorkOrderEvent {}

    record TakenAsChange(
            UUID tenant,
            UUID contract,
            UUID order,
            Clause clause,
            Instant happenedAt,
            @Nullable UUID actor) implements WorkOrderEvent {}

    record Declined(
            UUID tenant,
            UUID contract,
            UUID order,
            Clause clause,
            DeclineReason reason,
            Instant happenedAt,
            @Nullable UUID actor)
            implements WorkOrderEvent {}

    /**
     * @param round 1 for the first quote of the order
     * @param payWorkdays for an order paid by itself: working days after the charge; otherwise null
     * @param validUntil the last day on which it can be accepted; null until it is answered
     */
    record Quoted(
            UUID tenant,
            UUID contract,
            UUID order,
            Clause clause,
            int round,
            int minutes,
            Price price,
            Placement placement,
            @Nullable Integer payWorkdays,
            LocalDate readyOn,
            @Nullable LocalDate validUntil,
            Instant happenedAt,
            @Nullable UUID actor)
            implements WorkOrderEvent {}

    record QuoteAccepted(
            UUID tenant,
            UUID contract,
            UUID order,
            Clause clause,
            int round,
            Price price,
            Instant happenedAt,
            @Nullable UUID actor)
            implements WorkOrderEvent {}

    record QuoteRejected(
            UUID tenant,
            UUID contract,
            UUID order,
            Clause clause,
            int round,
            Instant happenedAt,
            @Nullable UUID actor) implements WorkOrderEvent {}

    record Started(
            UUID tenant,
            UUID contract,
            UUID order,
            Clause clause,
            Instant happenedAt,
            @Nullable UUID actor) implements WorkOrderEvent {}

    /**
     * @param round 1 for the first delivery
     * @param files SHA-256 of what was handed over
     * @param remindAt when silence brings a reminder
     * @param silentAt when silence after it decides
     */
    record Delivered(
            UUID tenant,
            UUID contract,
            UUID order,
            Clause clause,
            int round,
            List<String> files,
            Instant remindAt,
            Instant silentAt,
            Instant happenedAt,
            @Nullable UUID actor)
            implements WorkOrderEvent {

        public Delivered {
            files = List.copyOf(files);
        }
    }

    record Reminded(
            UUID tenant,
            UUID contract,
            UUID order,
            Clause clause,
            int round,
            Instant happenedAt,
            @Nullable UUID actor) implements WorkOrderEvent {}

    record Accepted(
            UUID tenant,
            UUID contract,
            UUID order,
            Clause clause,
            int round,
            Instant happenedAt,
            @Nullable UUID actor) implements WorkOrderEvent {}

    /** Time alone made it so, under a term both parties confirmed. */
    record DeemedAccepted(
            UUID tenant,
            UUID contract,
            UUID order,
            Clause clause,
            int round,
            Instant happenedAt,
            @Nullable UUID actor) implements WorkOrderEvent {}

    /** @param reworkBy the last day for the next delivery; null when there is to be none */
    record Rejected(
            UUID tenant,
            UUID contract,
            UUID order,
            Clause clause,
            int round,
            @Nullable LocalDate reworkBy,
            Instant happenedAt,
            @Nullable UUID actor)
            implements WorkOrderEvent {}

    /** @param silence whether the client said nothing, or was not satisfied too often */
    record Escalated(
            UUID tenant,
            UUID contract,
            UUID order,
            Clause clause,
            boolean silence,
            Instant happenedAt,
            @Nullable UUID actor)
            implements WorkOrderEvent {}

    record CancelAsked(
            UUID tenant,
            UUID contract,
            UUID order,
            Clause clause,
            Instant happenedAt,
            @Nullable UUID actor) implements WorkOrderEvent {}

    record WorkStated(
            UUID tenant,
            UUID contract,
            UUID order,
            Clause clause,
            Price price,
            Instant happenedAt,
            @Nullable UUID actor)
            implements WorkOrderEvent {}

    record WorkDisputed(
            UUID tenant,
            UUID contract,
            UUID order,
            Clause clause,
            Instant happenedAt,
            @Nullable UUID actor) implements WorkOrderEvent {}

    /** @param owed for the work done until then */
    record Cancelled(
            UUID tenant,
            UUID contract,
            UUID order,
            Clause clause,
            Price owed,
            Instant happenedAt,
            @Nullable UUID actor) implements WorkOrderEvent {}

    /** @param charge by which billing knows the line */
    record Charged(
            UUID tenant,
            UUID contract,
            UUID order,
            Clause clause,
            UUID charge,
            Price price,
            Placement placement,
            Instant happenedAt,
            @Nullable UUID actor)
            implements WorkOrderEvent {}

    record Closed(
            UUID tenant,
            UUID contract,
            UUID order,
            Clause clause,
            Instant happenedAt,
            @Nullable UUID actor) implements WorkOrderEvent {}

    /** Somebody of either side wrote something about it; nothing of the order changes. */
    record Commented(
            UUID tenant,
            UUID contract,
            UUID order,
            Clause clause,
            Party party,
            List<String> files,
            Instant happenedAt,
            @Nullable UUID actor)
            implements WorkOrderEvent {

        public Commented {
            files = List.copyOf(files);
        }
    }
}
