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
import io.retainer.duty.AssessedDuty;
import io.retainer.duty.Cause;
import io.retainer.duty.Deadline;
import io.retainer.duty.Duties;
import io.retainer.duty.NewDuty;
import io.retainer.duty.Release;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Party;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The clocks of a complaint, which are duties: to acknowledge, to respond for the first time, to resolve, to visit again.
 * Whatever happens to the complaint opens, stops, performs or ends them, in the same transaction.
 */
@Component
class ComplaintClock {

    /** What a duty of a complaint is for; the second part of its subject. */
    enum Due {
        ACKNOWLEDGE("acknowledge"),
        RESPOND("respond"),
        RESOLVE("resolve"),
        VISIT("visit"),
        ANSWER("answer");

        private final String word;

        Due(String word) {
            this.word = word;
        }

        String action() {
            return "complaint.duty." + word;
        }

        boolean is(AssessedDuty duty) {
            return duty.duty().action().startsWith(action());
        }
    }

    private final Duties duties;

    ComplaintClock(Duties duties) {
        this.duties = duties;
    }

    /** The duties as they are after the event, and what is due first. */
    record Running(List<UUID> duties, Instant dueAt) {}

    /** Opens the first clocks; they count from the receipt, or for an old case from the day it was handed over. */
    Running start(Complaint c, Targets targets, Instant now) {
        var since = c.intake() == Intake.FILE ? now : c.receivedAt();
        var opened = duties.open(
                c.tenant(),
                List.of(
                        wanted(c, targets, 1, Due.ACKNOWLEDGE, targets.acknowledge(since), since, null),
                        wanted(c, targets, 2, Due.RESPOND, targets.respond(c.intake(), since), since, null)));
        return running(opened.stream().map(duty -> duty.duty().id()).toList(), opened);
    }

    /**
     * A time for which the complaint waited for somebody.
     *
     * @param to null while it still does
     */
    record Stop(Cause owner, Instant from, @Nullable Instant to) {}

    /**
     * @param before as the complaint was
     * @param stops in order, as its history has them; what a new assessment opens stands still for them too
     */
    Running after(
            ComplaintEvent event,
            Complaint before,
            Complaint now,
            List<UUID> known,
            Targets targets,
            List<Stop> stops) {
        var ids = new ArrayList<>(known);
        var at = event.happenedAt();
        var who = event.actor();
        switch (event) {
            case ComplaintAcknowledged _ -> {
                discharge(before, ids, Due.ACKNOWLEDGE, at, who);
                discharge(before, ids, Due.RESPOND, at, who);
            }
            case ComplaintAssessed e -> {
                var old = owed(before, ids, Due.RESOLVE, at);
                boolean changed = before.assessed() == null || before.priority() != e.priority();
                if (old.isEmpty() || changed) {
                    var since = old.isEmpty()
                            ? (before.intake() == Intake.FILE ? opened(before, ids, at) : before.receivedAt())
                            : old.getFirst().duty().openedAt();
                    end(before, old, Release.REPLACED, at, who);
                    var opened = open(now, targets, ids, Due.RESOLVE, targets.resolve(e.priority(), since), since, who);
                    ids.add(opened);
                    stop(before.tenant(), opened, since, stops, who);
                }
            }
            case DecisionCommunicated _ -> discharge(before, ids, Due.RESOLVE, at, who);
            case DecisionRejected _, ComplaintReopened _ -> resolveAgain(now, targets, ids, at, who);
            case DecisionAccepted _ -> ids.add(open(now, targets, ids, Due.VISIT, targets.visit(at), at, who));
            case VisitMade e -> {
                discharge(before, ids, Due.VISIT, at, who);
                if (!e.satisfied()) {
                    resolveAgain(now, targets, ids, at, who);
                }
            }
            case VisitMissed e -> {
                if (e.attempt() == Complaint.MOST_VISITS) {
                    // Three attempts on different days are what is owed.
                    discharge(before, ids, Due.VISIT, at, who);
                }
            }
            case ComplaintRedirected _, ComplaintMerged _, ComplaintClosed _, WentExternal _ ->
                end(before, owed(before, ids, null, at), Release.PURPOSE_GONE, at, who);
            case ClockPaused e ->
                owed(before, ids, null, at)
                        .forEach(duty ->
                                duties.pause(before.tenant(), duty.duty().id(), e.owner(), null, at, who));
            case ClockResumed e ->
                owed(before, ids, null, at).stream()
                        .filter(duty -> duty.assessment().state() == io.retainer.duty.DutyState.PAUSED)
                        .forEach(duty ->
                                duties.resume(before.tenant(), duty.duty().id(), e.owner(), at, who));
            case ComplaintReceived _,
                    ComplaintRegistered _,
                    ComplaintAssigned _,
                    ComplaintSplit _,
                    InvestigationStarted _,
                    ResponseProposed _,
                    ResponseApproved _,
                    ResponseApprovedByClient _,
                    ResponseSentBack _ -> {
                // no clock changes
            }
        }
        return running(now, ids, at);
    }

    private void stop(UUID tenant, UUID duty, Instant since, List<Stop> stops, @Nullable UUID who) {
        for (var stop : stops) {
            var from = stop.from().isBefore(since) ? since : stop.from();
            var to = stop.to();
            if (to == null || to.isAfter(from)) {
                duties.pause(tenant, duty, stop.owner(), null, from, who);
                if (to != null) {
                    duties.resume(tenant, duty, stop.owner(), to, who);
                }
            }
        }
    }

    /** The complainant was written to for the first time. */
    Running responded(Complaint c, List<UUID> known, Instant at, @Nullable UUID who) {
        discharge(c, known, Due.RESPOND, at, who);
        return running(c, known, at);
    }

    /** In the order they were opened. */
    List<AssessedDuty> of(Complaint c, List<UUID> known, Instant asOf) {
        return duties.all(c.tenant(), known, asOf).stream()
                .sorted(Comparator.comparingInt(
                        duty -> known.indexOf(duty.duty().id())))
                .toList();
    }

    /**
     * A party of the contract is asked something and owes the answer (I-1.1*(2)).
     *
     * @return the duty
     */
    UUID ask(Complaint c, Party party, String question, Deadline deadline, Instant at, UUID who) {
        return duties.open(new NewDuty(
                c.tenant(),
                c.contract(),
                c.contractVersion(),
                Clause.I_1_1_2,
                party,
                Party.PROVIDER,
                Due.ANSWER.action() + "|" + c.number(),
                "complaint/" + c.id() + "/question/" + question,
                deadline,
                at,
                who));
    }

    void answered(Complaint c, UUID duty, Instant at, @Nullable UUID who) {
        duties.discharge(c.tenant(), duty, at, who);
    }

    private void resolveAgain(Complaint c, Targets targets, List<UUID> ids, Instant at, @Nullable UUID who) {
        if (c.assessed() != null) {
            ids.add(open(c, targets, ids, Due.RESOLVE, targets.resolve(c.priority(), at), at, who));
        }
    }

    private UUID open(
            Complaint c,
            Targets targets,
            List<UUID> known,
            Due due,
            Deadline deadline,
            Instant since,
            @Nullable UUID who) {
        return duties.open(wanted(c, targets, known.size() + 1, due, deadline, since, who));
    }

    /** @param place among the duties of the complaint, from 1 */
    private static NewDuty wanted(
            Complaint c, Targets targets, int place, Due due, Deadline deadline, Instant since, @Nullable UUID who) {
        return new NewDuty(
                c.tenant(),
                c.contract(),
                targets.version(),
                Clause.I_1_1_2,
                Party.PROVIDER,
                Party.CLIENT,
                due.action() + "|" + c.number(),
                "complaint/" + c.id() + "/" + due.word + "/" + place,
                deadline,
                since,
                who);
    }

    private void discharge(Complaint c, List<UUID> ids, Due due, Instant at, @Nullable UUID who) {
        owed(c, ids, due, at)
                .forEach(duty -> duties.discharge(c.tenant(), duty.duty().id(), at, who));
    }

    private void end(Complaint c, List<AssessedDuty> owed, Release why, Instant at, @Nullable UUID who) {
        owed.forEach(duty -> duties.release(c.tenant(), duty.duty().id(), why, null, at, who));
    }

    private List<AssessedDuty> owed(Complaint c, List<UUID> ids, @Nullable Due due, Instant at) {
        return duties.all(c.tenant(), ids, at).stream()
                .filter(duty -> duty.assessment().state().owed())
                .filter(duty -> duty.duty().debtor() == Party.PROVIDER)
                .filter(duty -> due == null || due.is(duty))
                .toList();
    }

    private Instant opened(Complaint c, List<UUID> ids, Instant at) {
        return duties.all(c.tenant(), ids, at).stream()
                .map(duty -> duty.duty().openedAt())
                .min(Instant::compareTo)
                .orElse(at);
    }

    private Running running(Complaint c, List<UUID> ids, Instant at) {
        return running(ids, duties.all(c.tenant(), ids, at));
    }

    private static Running running(List<UUID> ids, List<AssessedDuty> owed) {
        var due = owed.stream()
                .filter(duty -> duty.assessment().state().owed() && duty.duty().debtor() == Party.PROVIDER)
                .map(duty -> duty.assessment().due())
                .flatMap(java.util.stream.Stream::ofNullable)
                .min(Instant::compareTo)
                .orElse(ComplaintRows.NEVER);
        return new Running(List.copyOf(ids), due);
    }
}
