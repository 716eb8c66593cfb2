package io.retainer.complaint;

import io.retainer.duty.Cause;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Fact;
import io.retainer.kernel.Money;
import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What happens to a complaint. Nothing here is personal: the words stand in the time line, sealed. */
sealed interface ComplaintEvent extends Fact {

    UUID complaint();

    @Override
    default Clause clause() {
        return Clause.I_1_1_2;
    }

    @Override
    default String kind() {
        return switch (this) {
            case ComplaintReceived _ -> "complaint.ComplaintReceived";
            case ComplaintRegistered _ -> "complaint.ComplaintRegistered";
            case ComplaintAcknowledged _ -> "complaint.ComplaintAcknowledged";
            case ComplaintAssessed _ -> "complaint.ComplaintAssessed";
            case ComplaintAssigned _ -> "complaint.ComplaintAssigned";
            case ComplaintRedirected _ -> "complaint.ComplaintRedirected";
            case ComplaintMerged _ -> "complaint.ComplaintMerged";
            case ComplaintSplit _ -> "complaint.ComplaintSplit";
            case InvestigationStarted _ -> "complaint.InvestigationStarted";
            case ResponseProposed _ -> "complaint.ResponseProposed";
            case ResponseApproved _ -> "complaint.ResponseApproved";
            case ResponseApprovedByClient _ -> "complaint.ResponseApprovedByClient";
            case ResponseSentBack _ -> "complaint.ResponseSentBack";
            case DecisionCommunicated _ -> "complaint.DecisionCommunicated";
            case DecisionAccepted _ -> "complaint.DecisionAccepted";
            case DecisionRejected _ -> "complaint.DecisionRejected";
            case VisitMissed _ -> "complaint.VisitMissed";
            case VisitMade _ -> "complaint.VisitMade";
            case ComplaintClosed _ -> "complaint.ComplaintClosed";
            case ComplaintReopened _ -> "complaint.ComplaintReopened";
            case WentExternal _ -> "complaint.WentExternal";
            case ClockPaused _ -> "complaint.ClockPaused";
            case ClockResumed _ -> "complaint.ClockResumed";
        };
    }

    @Override
    default String subject() {
        return "complaint/" + complaint();
    }

    /** @param contractVersion by which it is judged for ever */
    record ComplaintReceived(
            UUID tenant,
            UUID contract,
            UUID complaint,
            long number,
            Intake intake,
            int contractVersion,
            Instant happenedAt,
            @Nullable UUID actor)
            implements ComplaintEvent {}

    record ComplaintRegistered(
            UUID tenant,
            UUID contract,
            UUID complaint,
            Remedy sought,
            Instant happenedAt,
            @Nullable UUID actor) implements ComplaintEvent {}

    record ComplaintAcknowledged(UUID tenant, UUID contract, UUID complaint, Instant happenedAt, UUID actor)
            implements ComplaintEvent {}

    record ComplaintAssessed(
            UUID tenant,
            UUID contract,
            UUID complaint,
            Category category,
            Grade severity,
            Grade impact,
            Grade urgency,
            Hazard hazard,
            Priority priority,
            Instant happenedAt,
            UUID actor)
            implements ComplaintEvent {}

    record ComplaintAssigned(UUID tenant, UUID contract, UUID complaint, UUID owner, Instant happenedAt, UUID actor)
            implements ComplaintEvent {}

    record ComplaintRedirected(
            UUID tenant, UUID contract, UUID complaint, Redirection why, Instant happenedAt, UUID actor)
            implements ComplaintEvent {}

    record ComplaintMerged(UUID tenant, UUID contract, UUID complaint, UUID into, Instant happenedAt, UUID actor)
            implements ComplaintEvent {}

    record ComplaintSplit(UUID tenant, UUID contract, UUID complaint, UUID part, Instant happenedAt, UUID actor)
            implements ComplaintEvent {}

    record InvestigationStarted(UUID tenant, UUID contract, UUID complaint, int level, Instant happenedAt, UUID actor)
            implements ComplaintEvent {}

    /** @param limit above which the client must approve */
    record ResponseProposed(
            UUID tenant,
            UUID contract,
            UUID complaint,
            RootCause cause,
            Remedy remedy,
            Money compensation,
            Money limit,
            Instant happenedAt,
            UUID actor)
            implements ComplaintEvent {}

    record ResponseApproved(UUID tenant, UUID contract, UUID complaint, Instant happenedAt, UUID actor)
            implements ComplaintEvent {}

    record ResponseApprovedByClient(
            UUID tenant, UUID contract, UUID complaint, Money compensation, Instant happenedAt, UUID actor)
            implements ComplaintEvent {}

    record ResponseSentBack(UUID tenant, UUID contract, UUID complaint, Instant happenedAt, UUID actor)
            implements ComplaintEvent {}

    record DecisionCommunicated(UUID tenant, UUID contract, UUID complaint, Instant happenedAt, UUID actor)
            implements ComplaintEvent {}

    /** @param actor null when the complainant said so on the status page */
    record DecisionAccepted(
            UUID tenant,
            UUID contract,
            UUID complaint,
            Instant happenedAt,
            @Nullable UUID actor) implements ComplaintEvent {}

    /** @param level that looks at it next: 2 within the provider, 3 is the client */
    record DecisionRejected(
            UUID tenant,
            UUID contract,
            UUID complaint,
            int level,
            Instant happenedAt,
            @Nullable UUID actor) implements ComplaintEvent {}

    record VisitMissed(
            UUID tenant, UUID contract, UUID complaint, LocalDate day, int attempt, Instant happenedAt, UUID actor)
            implements ComplaintEvent {}

    record VisitMade(UUID tenant, UUID contract, UUID complaint, boolean satisfied, Instant happenedAt, UUID actor)
            implements ComplaintEvent {}

    record ComplaintClosed(
            UUID tenant,
            UUID contract,
            UUID complaint,
            RootCause cause,
            boolean visited,
            Instant happenedAt,
            UUID actor)
            implements ComplaintEvent {}

    /** @param actor null when the complainant asked for it on the status page */
    record ComplaintReopened(
            UUID tenant,
            UUID contract,
            UUID complaint,
            int times,
            Instant happenedAt,
            @Nullable UUID actor) implements ComplaintEvent {}

    record WentExternal(UUID tenant, UUID contract, UUID complaint, ExternalBody body, Instant happenedAt, UUID actor)
            implements ComplaintEvent {}

    /** @param until when it ends by itself */
    record ClockPaused(
            UUID tenant,
            UUID contract,
            UUID complaint,
            Cause owner,
            @Nullable Instant until,
            Instant happenedAt,
            UUID actor)
            implements ComplaintEvent {}

    /** @param actor null when its time was over */
    record ClockResumed(
            UUID tenant,
            UUID contract,
            UUID complaint,
            Cause owner,
            Instant happenedAt,
            @Nullable UUID actor) implements ComplaintEvent {}
}
