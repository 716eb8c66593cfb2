package io.retainer.complaint;

import io.retainer.complaint.QueueRows.Counts;
import io.retainer.contract.ClauseState;
import io.retainer.contract.ClauseState.State;
import io.retainer.contract.ClauseStates;
import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Sentence;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** Says how the clause about complaints stands: how many are open, and how many of them late. */
@Component
class ComplaintClauses implements ClauseStates {

    private static final UUID NOBODY = new UUID(0, 0);

    private final QueueRows rows;

    ComplaintClauses(QueueRows rows) {
        this.rows = rows;
    }

    @Override
    public List<ClauseState> of(Access access, Instant asOf) {
        Counts counts = rows.counts(List.of(access.tenant()), List.of(access.contract()), NOBODY, asOf);
        if (counts.open() == 0) {
            return List.of();
        }
        return List.of(new ClauseState(
                Clause.I_1_1_2,
                counts.late() > 0 ? State.BREACHED : State.DUE,
                Sentence.of("complaint.clause", counts.open(), counts.late()),
                null,
                List.of(),
                access.may(Capability.READ_COMPLAINTS) ? "/contracts/" + access.contract() + "/complaints" : null));
    }
}
