package io.retainer.complaint;

import static io.retainer.identity.Capability.APPROVE_REMEDY;
import static io.retainer.identity.Capability.WORK_COMPLAINTS;

import io.retainer.identity.Access;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** What a person may do with a complaint now, so that the page offers nothing that would be refused. */
final class OfferedActs {

    private OfferedActs() {}

    static Set<String> of(Access access, Complaint c) {
        var acts = new HashSet<String>();
        if (access.may(APPROVE_REMEDY)) {
            acts.addAll(ofClient(c));
        }
        if (access.may(WORK_COMPLAINTS)) {
            acts.addAll(ofDesk(access.person(), c));
        }
        return acts;
    }

    private static List<String> ofClient(Complaint c) {
        if (!(c.stage() instanceof Stage.Drafted(var proposal))) {
            return List.of();
        }
        return needsClient(c, proposal) ? List.of("sendBack", "approveByClient") : List.of("sendBack");
    }

    private static boolean needsClient(Complaint c, Proposal proposal) {
        return c.needsClient(proposal) && proposal.clientApprovedBy() == null;
    }

    private static Set<String> ofDesk(UUID person, Complaint c) {
        var acts = new HashSet<>(inStage(person, c));
        acts.add("note");
        if (!c.stage().name().over()) {
            acts.addAll(List.of("reply", "assign", "split", "ask"));
        }
        if (!(c.stage() instanceof Stage.Redirected
                || c.stage() instanceof Stage.Merged
                || c.stage() instanceof Stage.External)) {
            acts.add("external");
        }
        if (c.pause() != null) {
            acts.remove("pause");
            acts.add("resume");
        }
        return acts;
    }

    private static List<String> inStage(UUID person, Complaint c) {
        return switch (c.stage()) {
            case Stage.Received _ -> List.of("register", "merge", "notAComplaint");
            case Stage.Registered _ -> List.of("acknowledge", "merge", "pause");
            case Stage.Acknowledged _ -> List.of("assess", "merge", "pause");
            case Stage.Judged _ -> List.of("investigate", "assess", "redirect", "merge", "pause");
            case Stage.Investigating _ -> List.of("propose", "assess", "pause");
            case Stage.Drafted(var proposal) -> withDraft(person, c, proposal);
            case Stage.Communicated _ -> List.of("accept", "reject");
            case Stage.Escalated _ -> List.of("investigate", "pause");
            case Stage.VisitDue(var _, var missed) ->
                List.of("visit", missed.size() == Complaint.MOST_VISITS ? "close" : "miss");
            case Stage.Visited _ -> List.of("close");
            case Stage.Closed _, Stage.External _ -> List.of("reopen");
            case Stage.Redirected _, Stage.Merged _ -> List.of();
        };
    }

    private static List<String> withDraft(UUID person, Complaint c, Proposal proposal) {
        var acts = new ArrayList<>(List.of("sendBack", "pause"));
        if (proposal.approvedBy() == null && !proposal.draftedBy().equals(person)) {
            acts.add("approve");
        }
        boolean eyes = proposal.needsSecondEyes(c.priority()) && proposal.approvedBy() == null;
        if (!eyes && !needsClient(c, proposal)) {
            acts.add("communicate");
        }
        return acts;
    }
}
