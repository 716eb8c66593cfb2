package io.retainer.complaint;

import io.retainer.complaint.ComplaintEvent.ClockPaused;
import io.retainer.complaint.ComplaintEvent.ClockResumed;
import io.retainer.complaint.ComplaintEvent.ComplaintAcknowledged;
import io.retainer.complaint.ComplaintEvent.ComplaintAssessed;
import io.retainer.complaint.ComplaintEvent.ComplaintAssigned;
import io.retainer.complaint.ComplaintEvent.ComplaintClosed;
import io.retainer.complaint.ComplaintEvent.ComplaintMerged;
import io.retainer.complaint.ComplaintEvent.ComplaintReceived;
import io.retainer.complaint.ComplaintEvent.ComplaintRedirected;
import io.retainer.complaint.ComplaintEvent.ComplaintRegistered;
import io.retainer.complaint.ComplaintEvent.ComplaintReopened;
import io.retainer.complaint.ComplaintEvent.ComplaintSplit;
import io.retainer.complaint.ComplaintEvent.DecisionAccepted;
import io.retainer.complaint.ComplaintEvent.DecisionCommunicated;
import io.retainer.complaint.ComplaintEvent.DecisionRejected;
import io.retainer.complaint.ComplaintEvent.InvestigationStarted;
import io.retainer.complaint.ComplaintEvent.ResponseApproved;
import io.retainer.complaint.ComplaintEvent.ResponseApprovedByClient;
import io.retainer.complaint.ComplaintEvent.ResponseProposed;
import io.retainer.complaint.ComplaintEvent.ResponseSentBack;
import io.retainer.complaint.ComplaintEvent.VisitMade;
import io.retainer.complaint.ComplaintEvent.VisitMissed;
import io.retainer.complaint.ComplaintEvent.WentExternal;

/** What the time line says of an event. */
final class Said {

    private Said() {}

    static String of(ComplaintEvent event) {
        return switch (event) {
            case ComplaintReceived e -> Entry.coded("complaint.said.Received", e.intake());
            case ComplaintRegistered e -> Entry.coded("complaint.said.Registered", e.sought());
            case ComplaintAcknowledged _ -> "complaint.said.Acknowledged";
            case ComplaintAssessed e -> Entry.coded("complaint.said.Assessed", e.priority(), e.category());
            case ComplaintAssigned e -> Entry.coded("complaint.said.Assigned", e.owner());
            case ComplaintRedirected e -> Entry.coded("complaint.said.Redirected", e.why());
            case ComplaintMerged _ -> "complaint.said.Merged";
            case ComplaintSplit _ -> "complaint.said.Split";
            case InvestigationStarted e -> Entry.coded("complaint.said.Investigated", e.level());
            case ResponseProposed e ->
                Entry.coded(
                        "complaint.said.Proposed",
                        e.remedy(),
                        e.cause(),
                        e.compensation().formatted());
            case ResponseApproved _ -> "complaint.said.Approved";
            case ResponseApprovedByClient _ -> "complaint.said.ApprovedByClient";
            case ResponseSentBack _ -> "complaint.said.SentBack";
            case DecisionCommunicated _ -> "complaint.said.Communicated";
            case DecisionAccepted _ -> "complaint.said.Accepted";
            case DecisionRejected e -> Entry.coded("complaint.said.Rejected", e.level());
            case VisitMissed e -> Entry.coded("complaint.said.VisitMissed", e.attempt());
            case VisitMade e -> e.satisfied() ? "complaint.said.VisitSatisfied" : "complaint.said.VisitUnsatisfied";
            case ComplaintClosed e -> Entry.coded("complaint.said.Closed", e.cause());
            case ComplaintReopened e -> Entry.coded("complaint.said.Reopened", e.times());
            case WentExternal e -> Entry.coded("complaint.said.External", e.body());
            case ClockPaused e ->
                e.until() == null
                        ? Entry.coded("complaint.said.Paused", e.owner())
                        : Entry.coded("complaint.said.PausedUntil", e.owner(), e.until());
            case ClockResumed e -> Entry.coded("complaint.said.Resumed", e.owner());
        };
    }
}
