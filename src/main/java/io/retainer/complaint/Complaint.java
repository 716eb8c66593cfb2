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
import io.retainer.complaint.Stage.Acknowledged;
import io.retainer.complaint.Stage.Closed;
import io.retainer.complaint.Stage.Communicated;
import io.retainer.complaint.Stage.Drafted;
import io.retainer.complaint.Stage.Escalated;
import io.retainer.complaint.Stage.External;
import io.retainer.complaint.Stage.Investigating;
import io.retainer.complaint.Stage.Judged;
import io.retainer.complaint.Stage.Merged;
import io.retainer.complaint.Stage.Received;
import io.retainer.complaint.Stage.Redirected;
import io.retainer.complaint.Stage.Registered;
import io.retainer.complaint.Stage.VisitDue;
import io.retainer.complaint.Stage.Visited;
import io.retainer.duty.Cause;
import io.retainer.kernel.Money;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jmolecules.ddd.annotation.AggregateRoot;
import org.jmolecules.ddd.annotation.Identity;
import org.jspecify.annotations.Nullable;

/**
 * One complaint through the stages of ISO 10002 (state-machines.md §3.6). A decision checks the rules and returns an event;
 * {@link #after} makes the next state of it. What the complainant wrote and who they are is not in here.
 *
 * @param contractVersion in force when it came in
 * @param number by which people call it
 * @param level 1 where it came in, 2 above it, 3 the client
 * @param reopened how many times
 */
@AggregateRoot
record Complaint(
        @Identity UUID id,
        UUID tenant,
        UUID contract,
        int contractVersion,
        long number,
        Intake intake,
        Instant receivedAt,
        Stage stage,
        @Nullable Remedy sought,
        @Nullable Assessed assessed,
        @Nullable UUID owner,
        int level,
        int reopened,
        @Nullable Pause pause,
        int version) {

    static final int MOST_VISITS = 3;
    private static final int HIGHEST_LEVEL = 3;

    /**
     * A stopped clock, and whose it is.
     *
     * @param until when it runs again by itself, or null
     */
    record Pause(Cause owner, Instant since, @Nullable Instant until) {}

    static Complaint first(ComplaintReceived e) {
        return new Complaint(
                e.complaint(),
                e.tenant(),
                e.contract(),
                e.contractVersion(),
                e.number(),
                e.intake(),
                e.happenedAt(),
                new Received(),
                null,
                null,
                null,
                1,
                0,
                null,
                0);
    }

    /** @throws IllegalStateException before the assessment */
    public Priority priority() {
        if (assessed == null) {
            throw new IllegalStateException("Complaint " + id + " has not been assessed");
        }
        return assessed.priority();
    }

    // What may happen

    ComplaintRegistered register(Remedy wanted, Instant at, @Nullable UUID actor) {
        require(stage instanceof Received);
        return new ComplaintRegistered(tenant, contract, id, wanted, at, actor);
    }

    ComplaintAcknowledged acknowledge(Instant at, UUID actor) {
        require(stage instanceof Registered);
        return new ComplaintAcknowledged(tenant, contract, id, at, actor);
    }

    ComplaintAssessed assess(Assessed wanted, Instant at, UUID actor) {
        require(
                switch (stage) {
                    case Acknowledged _, Judged _, Investigating _ -> true;
                    case Received _,
                            Registered _,
                            Redirected _,
                            Merged _,
                            Drafted _,
                            Communicated _,
                            Escalated _,
                            VisitDue _,
                            Visited _,
                            Closed _,
                            External _ -> false;
                });
        return new ComplaintAssessed(
                tenant,
                contract,
                id,
                wanted.category(),
                wanted.severity(),
                wanted.impact(),
                wanted.urgency(),
                wanted.hazard(),
                wanted.priority(),
                at,
                actor);
    }

    ComplaintAssigned assign(UUID person, Instant at, UUID actor) {
        require(!stage.name().over());
        return new ComplaintAssigned(tenant, contract, id, person, at, actor);
    }

    /** What is no complaint at all may go as soon as it came in; anything else is assessed first. */
    ComplaintRedirected redirect(Redirection why, Instant at, UUID actor) {
        require(stage instanceof Judged || (stage instanceof Received && why == Redirection.NOT_A_COMPLAINT));
        return new ComplaintRedirected(tenant, contract, id, why, at, actor);
    }

    /** A duplicate may be seen as such at any time before it is investigated. */
    ComplaintMerged merge(Complaint into, Instant at, UUID actor) {
        require(
                switch (stage) {
                    case Received _, Registered _, Acknowledged _, Judged _ -> true;
                    case Redirected _,
                            Merged _,
                            Investigating _,
                            Drafted _,
                            Communicated _,
                            Escalated _,
                            VisitDue _,
                            Visited _,
                            Closed _,
                            External _ -> false;
                });
        if (into.id.equals(id) || !into.contract.equals(contract)) {
            throw Refused.field("into", "complaint.refused.mergeOther");
        }
        if (into.stage.name().over()) {
            throw Refused.field("into", "complaint.refused.mergeOver", into.number, into.stage.name());
        }
        return new ComplaintMerged(tenant, contract, id, into.id, at, actor);
    }

    /** Two matters in one complaint: the second goes its own way. */
    ComplaintSplit split(UUID part, Instant at, UUID actor) {
        require(!stage.name().over());
        return new ComplaintSplit(tenant, contract, id, part, at, actor);
    }

    InvestigationStarted investigate(Instant at, UUID actor) {
        require(stage instanceof Judged || stage instanceof Escalated);
        return new InvestigationStarted(tenant, contract, id, level, at, actor);
    }

    /** @param limit up to which the provider may promise on its own */
    ResponseProposed propose(RootCause cause, Remedy remedy, Money compensation, Money limit, Instant at, UUID actor) {
        require(stage instanceof Investigating);
        if (compensation.fen() < 0) {
            throw Refused.field("compensation", "complaint.refused.compensation");
        }
        return new ResponseProposed(tenant, contract, id, cause, remedy, compensation, limit, at, actor);
    }

    ResponseApproved approve(Instant at, UUID actor) {
        var proposal = drafted();
        if (proposal.draftedBy().equals(actor)) {
            throw Refused.because("complaint.refused.fourEyes");
        }
        if (proposal.approvedBy() != null) {
            throw Refused.because("complaint.refused.approvedAlready");
        }
        return new ResponseApproved(tenant, contract, id, at, actor);
    }

    ResponseApprovedByClient approveByClient(Instant at, UUID actor) {
        var proposal = drafted();
        if (!needsClient(proposal)) {
            throw Refused.because("complaint.refused.clientNotAsked", proposal.limit());
        }
        if (proposal.clientApprovedBy() != null) {
            throw Refused.because("complaint.refused.approvedAlready");
        }
        return new ResponseApprovedByClient(tenant, contract, id, proposal.compensation(), at, actor);
    }

    ResponseSentBack sendBack(Instant at, UUID actor) {
        drafted();
        return new ResponseSentBack(tenant, contract, id, at, actor);
    }

    DecisionCommunicated communicate(Instant at, UUID actor) {
        var proposal = drafted();
        if (proposal.needsSecondEyes(priority()) && proposal.approvedBy() == null) {
            throw Refused.because("complaint.refused.secondEyesMissing");
        }
        if (needsClient(proposal) && proposal.clientApprovedBy() == null) {
            throw Refused.because("complaint.refused.clientMissing", proposal.compensation(), proposal.limit());
        }
        return new DecisionCommunicated(tenant, contract, id, at, actor);
    }

    DecisionAccepted accept(Instant at, @Nullable UUID actor) {
        require(stage instanceof Communicated);
        return new DecisionAccepted(tenant, contract, id, at, actor);
    }

    DecisionRejected reject(Instant at, @Nullable UUID actor) {
        require(stage instanceof Communicated);
        if (level == HIGHEST_LEVEL) {
            throw Refused.because("complaint.refused.highestLevel");
        }
        return new DecisionRejected(tenant, contract, id, level + 1, at, actor);
    }

    VisitMissed miss(LocalDate day, Instant at, UUID actor) {
        if (!(stage instanceof VisitDue(var _, var missed))) {
            throw refused();
        }
        if (missed.contains(day)) {
            throw Refused.because("complaint.refused.visitSameDay");
        }
        if (missed.size() == MOST_VISITS) {
            throw Refused.because("complaint.refused.visitsOver", MOST_VISITS);
        }
        return new VisitMissed(tenant, contract, id, day, missed.size() + 1, at, actor);
    }

    VisitMade visit(boolean satisfied, Instant at, UUID actor) {
        require(stage instanceof VisitDue);
        return new VisitMade(tenant, contract, id, satisfied, at, actor);
    }

    /** @param cause as it is seen at the end; it may differ from the one proposed */
    ComplaintClosed close(RootCause cause, Instant at, UUID actor) {
        boolean unreachable = stage instanceof VisitDue(var _, var missed) && missed.size() == MOST_VISITS;
        require(stage instanceof Visited || unreachable);
        return new ComplaintClosed(tenant, contract, id, cause, !unreachable, at, actor);
    }

    /** Whether something beyond words was promised, of which it must be said how it was carried out before the close. */
    public boolean owesRemedy() {
        var promised = proposed();
        return promised != null
                && (promised.compensation().isPositive()
                        || switch (promised.remedy()) {
                            case REPAIR, REPLACEMENT, REFUND, COMPENSATION -> true;
                            case EXPLANATION, APOLOGY, IMPROVEMENT, OTHER -> false;
                        });
    }

    /** Until when it may be taken up again, or null when it is not closed. */
    @Nullable
    Instant reopenableUntil() {
        return stage instanceof Closed(var _, var closedAt, var _)
                ? closedAt.plus(Duration.ofDays(Targets.REOPEN_DAYS))
                : null;
    }

    /** Within 30 days of the close; or when the body outside has decided and there is something left to do. */
    ComplaintReopened reopen(Instant at, @Nullable UUID actor) {
        if (stage instanceof Closed(var _, var closedAt, var _)) {
            if (at.isAfter(closedAt.plus(Duration.ofDays(Targets.REOPEN_DAYS)))) {
                throw Refused.because("complaint.refused.reopenLate", Targets.REOPEN_DAYS);
            }
        } else {
            require(stage instanceof External);
        }
        return new ComplaintReopened(tenant, contract, id, reopened + 1, at, actor);
    }

    WentExternal external(ExternalBody body, Instant at, UUID actor) {
        require(!(stage instanceof Redirected || stage instanceof Merged || stage instanceof External));
        return new WentExternal(tenant, contract, id, body, at, actor);
    }

    ClockPaused pause(Cause why, @Nullable Instant until, Instant at, UUID actor) {
        require(
                switch (stage) {
                    case Registered _, Acknowledged _, Judged _, Investigating _, Drafted _, Escalated _ -> true;
                    case Received _,
                            Redirected _,
                            Merged _,
                            Communicated _,
                            VisitDue _,
                            Visited _,
                            Closed _,
                            External _ -> false;
                });
        if (why == Cause.PROVIDER) {
            throw Refused.field("owner", "complaint.refused.ownPause");
        }
        if (pause != null) {
            throw Refused.because("complaint.refused.paused", pause.owner());
        }
        return new ClockPaused(tenant, contract, id, why, until, at, actor);
    }

    ClockResumed resume(Instant at, @Nullable UUID actor) {
        if (pause == null) {
            throw Refused.because("complaint.refused.notPaused");
        }
        return new ClockResumed(tenant, contract, id, pause.owner(), at, actor);
    }

    /** Above its authority limit the provider asks the client; on the third level the client decides anyway. */
    boolean needsClient(Proposal proposal) {
        return proposal.aboveLimit() || level == HIGHEST_LEVEL;
    }

    private Proposal drafted() {
        if (stage instanceof Drafted(var proposal)) {
            return proposal;
        }
        throw refused();
    }

    private void require(boolean allowed) {
        if (!allowed) {
            throw refused();
        }
    }

    private Refused refused() {
        return Refused.because("complaint.refused.stage", number, stage.name(), next());
    }

    /** What comes next, in words. */
    public Sentence next() {
        return Sentence.of("complaint.next." + stage.name());
    }

    // What it makes of the complaint

    Complaint after(ComplaintEvent event) {
        return switch (event) {
            case ComplaintReceived received -> first(received);
            case ComplaintRegistered e ->
                new Complaint(
                        id,
                        tenant,
                        contract,
                        contractVersion,
                        number,
                        intake,
                        receivedAt,
                        new Registered(),
                        e.sought(),
                        assessed,
                        owner,
                        level,
                        reopened,
                        pause,
                        version);
            case ComplaintAcknowledged _ -> at(new Acknowledged());
            case ComplaintAssessed e -> {
                var judged = new Assessed(e.category(), e.severity(), e.impact(), e.urgency(), e.hazard());
                var next = stage instanceof Investigating ? stage : new Judged();
                yield new Complaint(
                        id,
                        tenant,
                        contract,
                        contractVersion,
                        number,
                        intake,
                        receivedAt,
                        next,
                        sought,
                        judged,
                        owner,
                        level,
                        reopened,
                        pause,
                        version);
            }
            case ComplaintAssigned e ->
                new Complaint(
                        id,
                        tenant,
                        contract,
                        contractVersion,
                        number,
                        intake,
                        receivedAt,
                        stage,
                        sought,
                        assessed,
                        e.owner(),
                        level,
                        reopened,
                        pause,
                        version);
            case ComplaintRedirected e -> at(new Redirected(e.why(), e.happenedAt()));
            case ComplaintMerged e -> at(new Merged(e.into(), e.happenedAt()));
            case ComplaintSplit _ -> this;
            case InvestigationStarted _, ResponseSentBack _ -> at(new Investigating());
            case ResponseProposed e ->
                at(new Drafted(
                        new Proposal(e.cause(), e.remedy(), e.compensation(), e.limit(), e.actor(), null, null)));
            case ResponseApproved e -> at(new Drafted(drafted().approvedBy(e.actor())));
            case ResponseApprovedByClient e -> at(new Drafted(drafted().approvedByClient(e.actor())));
            case DecisionCommunicated _ -> at(new Communicated(drafted()));
            case DecisionAccepted _ -> at(new VisitDue(proposal(), List.of()));
            case DecisionRejected e ->
                new Complaint(
                        id,
                        tenant,
                        contract,
                        contractVersion,
                        number,
                        intake,
                        receivedAt,
                        new Escalated(proposal()),
                        sought,
                        assessed,
                        owner,
                        e.level(),
                        reopened,
                        pause,
                        version);
            case VisitMissed e -> {
                var missed = new ArrayList<>(stage instanceof VisitDue(var _, var days) ? days : List.<LocalDate>of());
                missed.add(e.day());
                yield at(new VisitDue(proposal(), missed));
            }
            case VisitMade e -> e.satisfied() ? at(new Visited(proposal())) : again();
            case ComplaintClosed e -> {
                var proposed = proposal();
                var coded = new Proposal(
                        e.cause(),
                        proposed.remedy(),
                        proposed.compensation(),
                        proposed.limit(),
                        proposed.draftedBy(),
                        proposed.approvedBy(),
                        proposed.clientApprovedBy());
                yield at(new Closed(coded, e.happenedAt(), e.visited()));
            }
            case ComplaintReopened _ -> again();
            case WentExternal e -> at(new External(e.body(), e.happenedAt()));
            case ClockPaused e -> with(new Pause(e.owner(), e.happenedAt(), e.until()));
            case ClockResumed _ -> with(null);
        };
    }

    /** What was proposed and is not out of the world yet. */
    public @Nullable Proposal proposed() {
        return switch (stage) {
            case Drafted(var proposal) -> proposal;
            case Communicated(var proposal) -> proposal;
            case Escalated(var refused) -> refused;
            case VisitDue(var proposal, var _) -> proposal;
            case Visited(var proposal) -> proposal;
            case Closed(var proposal, var _, var _) -> proposal;
            case Received _,
                    Registered _,
                    Acknowledged _,
                    Judged _,
                    Redirected _,
                    Merged _,
                    Investigating _,
                    External _ -> null;
        };
    }

    private Proposal proposal() {
        var proposal = proposed();
        if (proposal == null) {
            throw new IllegalStateException("Complaint " + id + " has no proposal in " + stage.name());
        }
        return proposal;
    }

    private Complaint again() {
        // What was external and was never assessed starts where assessing is next.
        var next = assessed == null ? new Acknowledged() : new Judged();
        return new Complaint(
                id,
                tenant,
                contract,
                contractVersion,
                number,
                intake,
                receivedAt,
                next,
                sought,
                assessed,
                owner,
                level,
                reopened + 1,
                null,
                version);
    }

    private Complaint at(Stage next) {
        return new Complaint(
                id,
                tenant,
                contract,
                contractVersion,
                number,
                intake,
                receivedAt,
                next,
                sought,
                assessed,
                owner,
                level,
                reopened,
                pause,
                version);
    }

    private Complaint with(@Nullable Pause next) {
        return new Complaint(
                id,
                tenant,
                contract,
                contractVersion,
                number,
                intake,
                receivedAt,
                stage,
                sought,
                assessed,
                owner,
                level,
                reopened,
                next,
                version);
    }
}
