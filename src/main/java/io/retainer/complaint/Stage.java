package io.retainer.complaint;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;

/** Where a complaint stands (state-machines.md §3.6), with the data that only this stage has. */
sealed interface Stage {

    /** It has come in, and what remedy is sought has not been asked yet. */
    record Received() implements Stage {}

    record Registered() implements Stage {}

    record Acknowledged() implements Stage {}

    record Judged() implements Stage {}

    record Redirected(Redirection why, Instant at) implements Stage {}

    record Merged(UUID into, Instant at) implements Stage {}

    record Investigating() implements Stage {}

    record Drafted(Proposal proposal) implements Stage {}

    record Communicated(Proposal proposal) implements Stage {}

    /** The answer was refused; the next level looks at it. */
    record Escalated(Proposal refused) implements Stage {}

    /** @param missed the days on which the complainant was not reached */
    record VisitDue(Proposal proposal, List<LocalDate> missed) implements Stage {

        public VisitDue {
            missed = List.copyOf(missed);
        }
    }

    /** Asked, and satisfied with how it was handled. */
    record Visited(Proposal proposal) implements Stage {}

    /** @param visited false when three attempts on different days did not reach the complainant */
    record Closed(Proposal proposal, Instant at, boolean visited) implements Stage {}

    /** Somebody outside decides; no internal close any more. */
    record External(ExternalBody body, Instant at) implements Stage {}

    default StageName name() {
        return switch (this) {
            case Received _ -> StageName.RECEIVED;
            case Registered _ -> StageName.REGISTERED;
            case Acknowledged _ -> StageName.ACKNOWLEDGED;
            case Judged _ -> StageName.ASSESSED;
            case Redirected _ -> StageName.REDIRECTED;
            case Merged _ -> StageName.MERGED;
            case Investigating _ -> StageName.INVESTIGATING;
            case Drafted _ -> StageName.RESPONSE_DRAFT;
            case Communicated _ -> StageName.COMMUNICATED;
            case Escalated _ -> StageName.ESCALATED;
            case VisitDue _ -> StageName.RETURN_VISIT_DUE;
            case Visited _ -> StageName.VISITED;
            case Closed closed -> closed.visited() ? StageName.CLOSED : StageName.CLOSED_UNVISITED;
            case External _ -> StageName.EXTERNAL;
        };
    }
}
